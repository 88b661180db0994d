//! What others may read of a simulation.

use super::Simulation;
use super::cell::salt::{Regime, Salt};
use super::constants::Constants;
use super::course::clock::{Clock, Ending};
use super::course::cycles::{Balance, Cycle, Cycles};
use super::course::failure::Failure;
use super::course::failure::Verdict;
use super::course::inventory::Inventory;
use super::course::journal::{Control, Event, Journal};
use super::course::ledger::Ledger;
use super::course::protocol::{PresentStep, Protocol, ProtocolPlace};
use super::course::readings::{Readings, VoltageStack};
use super::film::age::film_ages;
use super::film::creep::CreepNetwork;
use super::film::filament::{Filament, mark_shifted};
use super::film::roster::{InterphaseView, Parts, Roster};
use super::films::Films;
use super::ions::visible_ions;
use super::sites::Sites;
use super::surface::Surface;
use super::surface::census::Matter;
use crate::electrochemistry::{SaltProfile, salt_transport};
use crate::lattice::{GrowthMode, Lattice, NONE_U32, Solid};
use crate::units::um_from_m;
use bevy_ecs::prelude::*;

/// Condition of one SEI patch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatchCondition {
    /// Centre at the start, lattice units.
    pub centre: [f64; 3],
    /// Elastic strain over the strain at which it cracks.
    pub strain_ratio: f64,
    /// Conductivity over the mean of the electrolyte's film.
    pub conductivity_ratio: f64,
    /// Site where its crack or root is.
    pub crack: Option<[i32; 3]>,
    /// True while the filament in its crack has material to show for it.
    pub extruding: bool,
    /// True where a layer of the coating is whole.
    pub coated: bool,
    /// True where a layer of the coating is broken.
    pub breached: bool,
}

/// Reading. Only [`take_changed_bricks`](Simulation::take_changed_bricks) changes anything: the marks of what
/// a viewer has not seen yet.
impl Simulation {
    fn clock(&self) -> &Clock {
        self.world.resource()
    }

    fn films(&self) -> &Films {
        self.world.resource::<Films>()
    }

    fn constants(&self) -> &Constants {
        self.world.resource()
    }

    fn salt(&self) -> &Salt {
        self.world.resource()
    }

    /// Seed of all random numbers.
    pub fn seed(&self) -> u64 {
        self.constants().seed
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.clock().step
    }

    /// Physical time, s.
    pub fn time_s(&self) -> f64 {
        self.clock().time_s
    }

    /// Applied current density, A m⁻².
    pub fn current_density_a_m2(&self) -> f64 {
        let Clock { applied_a_m2, .. } = *self.clock();
        applied_a_m2
    }

    /// Current density that flows, A m⁻²: the applied one, or what source and salt carry of it.
    pub fn carried_current_density_a_m2(&self) -> f64 {
        self.clock().current_density_a_m2
    }

    /// Charge passed, in sites: whole sites are plated, the fraction is carried over.
    pub fn charge_sites(&self) -> f64 {
        self.clock().charge_sites()
    }

    /// Charge of one site, C.
    pub fn site_charge_c(&self) -> f64 {
        self.constants().site_charge_c
    }

    /// Projected area, m².
    pub fn projected_area_m2(&self) -> f64 {
        self.constants().projected_area_m2
    }

    /// Lattice edge, m.
    pub fn edge_m(&self) -> f64 {
        self.constants().edge_m
    }

    /// Temperature, K.
    pub fn temperature_k(&self) -> f64 {
        self.constants().temperature_k
    }

    /// Molar volume of the metal, m³ mol⁻¹.
    pub fn molar_volume_m3_mol(&self) -> f64 {
        self.constants().molar_volume_m3_mol
    }

    /// Areal capacity of a number of sites, mAh cm⁻².
    pub fn capacity_mah_cm2(&self, sites: f64) -> f64 {
        self.constants().capacity_mah_cm2(sites)
    }

    /// Sites plated.
    pub fn sites_plated(&self) -> u64 {
        self.clock().plated
    }

    /// Sites plated in a growth mode.
    pub fn sites_by_mode(&self, mode: GrowthMode) -> u64 {
        self.world.resource::<Ledger>().by_mode[mode as usize]
    }

    /// The lattice.
    pub fn lattice(&self) -> &Lattice {
        &self.world.resource::<Sites>().0
    }

    /// Events so far, in order.
    pub fn events(&self) -> &[Event] {
        &self.world.resource::<Journal>().events
    }

    /// Control changes so far, each with the step before which it acted.
    pub fn control_log(&self) -> &[(u64, Control)] {
        &self.world.resource::<Journal>().controls
    }

    /// The salt between the electrodes.
    pub fn salt_profile(&self) -> &SaltProfile {
        &self.salt().profile
    }

    /// Salt concentration before any current, mol m⁻³.
    pub fn initial_concentration_mol_m3(&self) -> f64 {
        self.salt().initial_mol_m3
    }

    /// Robin length at the present current, m.
    pub fn robin_length_m(&self) -> f64 {
        self.salt().robin_length_m
    }

    /// Transport regime of the last step.
    pub fn regime(&self) -> Regime {
        self.salt().regime
    }

    /// Sand's time at the present current, s; infinite below the limiting current.
    pub fn sand_time_s(&self) -> f64 {
        let (current, profile) = (self.current_density_a_m2(), &self.salt().profile);
        if current <= profile.limiting_current_density() {
            return f64::INFINITY;
        }
        let film = &self.scene.electrolyte;
        let transference = film.transference_number.value;
        salt_transport::sand_time(
            self.salt().initial_mol_m3,
            super::build::salt_diffusivity_m2_s(&self.scene),
            transference,
            current,
        )
    }

    /// Na⁺ ions to show, lattice units.
    pub fn ions(&self) -> Vec<[f32; 3]> {
        visible_ions(&self.world)
    }

    /// Condition of all patches, by number.
    pub fn patches(&self) -> Vec<PatchCondition> {
        let view = InterphaseView::new(&self.world);
        view.patches
            .iter()
            .map(|patch| PatchCondition {
                centre: patch.centre,
                strain_ratio: patch.elastic_strain / patch.fracture_strain,
                conductivity_ratio: patch.conductivity_ratio,
                crack: patch.root.map(|(_, site)| site),
                coated: patch.film.is_coated(),
                breached: patch.film != self.films().unbroken,
                extruding: patch
                    .root
                    .and_then(|(number, _)| view.filament(number))
                    .is_some_and(|filament| filament.last_slice() > 0),
            })
            .collect()
    }

    /// Numbers of filaments that grow and that have stopped, over all cycles.
    pub fn filament_counts(&self) -> (u64, u64) {
        let view = InterphaseView::new(&self.world);
        let growing = view.filaments.iter().filter(|filament| filament.growing).count() as u64;
        let retired = self.world.resource::<Ledger>().filaments_retired;
        (growing, retired + view.filaments.len() as u64 - growing)
    }

    /// Entry ordinals of the metal along each filament, root first.
    pub fn filament_ages(&self) -> Vec<Vec<u32>> {
        let view = InterphaseView::new(&self.world);
        let ages =
            |filament: &&Filament| (0..=filament.last_slice()).map(|k| filament.slice(k).ordinal).collect();
        view.filaments.iter().map(ages).collect()
    }

    /// Points of the axes of all filaments, a lattice edge apart, root first, in lattice units.
    pub fn filament_axes(&self) -> Vec<Vec<[f32; 3]>> {
        let view = InterphaseView::new(&self.world);
        view.filaments.iter().map(|filament| filament.axis().to_vec()).collect()
    }

    /// A reader of when the metal of a site was reduced (its ordinal) and how thick its film is (m).
    pub fn site_reader(&self) -> impl Fn(&Solid) -> (u32, f64) + '_ {
        let view = InterphaseView::new(&self.world);
        move |solid| {
            let thickness = film_ages(self.films(), &view, self.clock()).thickness_m(solid);
            (view.filament(solid.filament).map_or(solid.birth, |f| f.slice(solid.birth).ordinal), thickness)
        }
    }

    /// Tells of a solid whether a layer of the coating is whole over it. What grew out of a crack has none.
    pub fn coating_reader(&self) -> impl Fn(&Solid) -> bool + '_ {
        let coated: Vec<bool> = self.patches().into_iter().map(|patch| patch.coated).collect();
        move |solid| {
            coated.get(usize::from(solid.patch)).is_some_and(|coated| *coated) && solid.filament == NONE_U32
        }
    }

    /// Mean thickness of the film on metal in contact, m, and electrolyte faces of such metal and of all
    /// solids.
    pub fn film_on_metal(&self) -> (f64, u64, u64) {
        let surface = self.world.resource::<Surface>();
        let (mut thickness_m, faces) = (0.0, surface.faces(Matter::Metal));
        for sums in surface.sums(Matter::Metal, self.films(), self.time_s()) {
            thickness_m += sums.thickness_m;
        }
        let all = Matter::ALL.iter().map(|matter| surface.faces(*matter)).sum();
        (thickness_m / faces.max(1) as f64, faces, all)
    }

    /// Polarisation of the cell in its parts, at the last step.
    pub fn voltage(&self) -> VoltageStack {
        self.world.resource::<Readings>().stack
    }

    /// Exchange current density of the metal at the temperature of the run, A m⁻².
    pub fn exchange_current_density_a_m2(&self) -> f64 {
        self.films().of_electrolyte().exchange_a_m2
    }

    /// Complete cycles.
    pub fn cycles(&self) -> &[Cycle] {
        &self.world.resource::<Cycles>().done
    }

    /// Width of the box along its shorter side, µm.
    pub fn width_um(&self) -> f64 {
        let [nx, ny, _] = self.lattice().sites();
        um_from_m(nx.min(ny) as f64 * self.constants().edge_m)
    }

    /// Width that a box needs so that its periodic sides do not matter, µm: eight creep lengths, or twice the
    /// highest metal. A cluster from a point and a host without patches need none.
    pub fn least_width_um(&self, h_max_um: f64) -> f64 {
        if self.world.resource::<Roster>().patches.is_empty() {
            return 0.0;
        }
        let network = self.world.resource::<CreepNetwork>();
        (8.0 * um_from_m(network.creep_sites() * self.constants().edge_m)).max(2.0 * h_max_um)
    }

    /// Charge stripped over charge plated over all cycles that have an efficiency, percent; `None` before.
    pub fn mean_efficiency_percent(&self) -> Option<f64> {
        self.world.resource::<Cycles>().mean_efficiency_percent()
    }

    /// Number of the present cycle, from 1; at the end of a run of the last.
    pub fn present_cycle(&self) -> u32 {
        self.world.resource::<Cycles>().present()
    }

    /// Charge plated and stripped in the cycle that is not complete, sites.
    pub fn present_cycle_sites(&self) -> (f64, f64) {
        self.world.resource::<Cycles>().present_sites()
    }

    /// Why the run has ended; `None` while it goes on.
    pub fn ending(&self) -> Option<Ending> {
        self.clock().ending
    }

    /// Mean polarisation while plating and while stripping in the present cycle, mV.
    pub fn cycle_polarisation_mv(&self) -> (f64, f64) {
        self.world.resource::<Cycles>().polarisation_mv()
    }

    /// The step of the protocol that is on; `None` without a protocol and after its end.
    pub fn present_step(&self) -> Option<PresentStep> {
        self.world.resource::<Protocol>().present(self.constants())
    }

    /// Where in its protocol the last step was; `None` without a protocol.
    pub fn protocol_place(&self) -> Option<ProtocolPlace> {
        let protocol = self.world.resource::<Protocol>();
        protocol.written.then(|| protocol.place().0)
    }

    /// True when the run has ended, or the next step is in another step of the protocol, or in another phase
    /// of a pulse.
    pub fn at_turn(&self) -> bool {
        self.finished() || self.world.resource::<Protocol>().place().1
    }

    /// Why the cell has failed, if it has.
    pub fn failure(&self) -> Option<Failure> {
        self.world.resource::<Verdict>().failure
    }

    /// Sites stripped.
    pub fn sites_stripped(&self) -> u64 {
        self.clock().stripped
    }

    /// Charge stripped, in sites.
    pub fn charge_stripped_sites(&self) -> f64 {
        self.clock().charge_stripped_sites()
    }

    /// Bricks that changed since the last call; with `everything`, all that hold a solid.
    pub fn take_changed_bricks(&mut self, everything: bool) -> Vec<[usize; 3]> {
        self.world.resource_scope(|world, mut sites: Mut<Sites>| {
            let mut filaments = world.query::<&mut Filament>();
            mark_shifted(&mut sites.0, filaments.iter_mut(world));
            sites.0.take_changed(everything)
        })
    }

    /// What does not balance, if anything: charge passed = sites moved + remainders; sites plated and those
    /// there from the start = metal in contact + dead + carried off + in the separator + turned into SEI +
    /// dissolved + stripped from the box; sites plated = sum over the growth modes.
    pub fn imbalance(&self) -> Option<String> {
        let (clock, ledger) = (self.clock(), self.world.resource::<Ledger>());
        if !clock.balances() {
            return Some(format!(
                "charge of {} and {} sites, but {} plated and {} stripped",
                clock.charge_sites(),
                clock.charge_stripped_sites(),
                clock.plated,
                clock.stripped
            ));
        }
        let Balance { live, dead, sei, corroded } = self.stores().balance;
        let from_box = clock.stripped - self.world.resource::<Inventory>().foil_stripped;
        let known = live + dead + sei + corroded + ledger.in_separator + from_box;
        let by_mode: u64 = ledger.by_mode.iter().sum();
        (known != clock.plated + ledger.at_start || by_mode != clock.plated).then(|| {
            format!(
                "{} at the start, {} plated, but {live} live, {dead} dead, {sei} in the SEI, {corroded} dissolved, {} in the separator, \
                 {from_box} stripped; {by_mode} by growth mode",
                ledger.at_start, clock.plated, ledger.in_separator
            )
        })
    }
}
