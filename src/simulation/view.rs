//! What others may read of a simulation.

use super::Simulation;
use super::clock::Clock;
use super::emergence::{Ledger, films};
use super::filament::{Filament, mark_shifted};
use super::interphase::{InterphaseView, Parts};
use super::ions::visible_ions;
use super::journal::{Control, Event, Journal};
use super::rules::Rules;
use super::salt::{Regime, Salt};
use super::surface::{Sites, Surface};
use crate::electrochemistry::{SaltProfile, salt_transport};
use crate::lattice::{GrowthMode, Lattice, SiteKind, Solid};
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
}

/// Sums over all exposed faces, for the electrode's resistance. SI units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FilmSums {
    /// Electrolyte faces of metal and host.
    pub faces: f64,
    /// Σ g over faces, S m⁻².
    pub conductance: f64,
    /// Σ g² δ/κ over faces, S m⁻²: its ratio to Σ g is the share of the linear drop that lies across the film.
    pub film_share: f64,
    /// Σ g² over faces, S² m⁻⁴: for the current density that the mean ion meets.
    pub conductance_squared: f64,
    /// Σ g over the faces of bare host, S m⁻².
    pub host_conductance: f64,
    /// Σ δ over the faces of metal, m, and the number of these faces.
    pub metal_thickness_m: f64,
    /// Electrolyte faces of metal.
    pub metal_faces: f64,
}

/// Reading. Nothing here changes the state.
impl Simulation {
    fn clock(&self) -> &Clock {
        self.world.resource()
    }

    fn rules(&self) -> &Rules {
        self.world.resource()
    }

    fn salt(&self) -> &Salt {
        self.world.resource()
    }

    /// Seed of all random numbers.
    pub fn seed(&self) -> u64 {
        self.rules().seed
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
        self.clock().current_density_a_m2
    }

    /// Charge passed, in sites: whole sites are plated, the fraction is carried over.
    pub fn charge_sites(&self) -> f64 {
        self.clock().charge_sites()
    }

    /// Charge of one site, C.
    pub fn site_charge_c(&self) -> f64 {
        self.rules().site_charge_c
    }

    /// Projected area, m².
    pub fn projected_area_m2(&self) -> f64 {
        self.rules().projected_area_m2
    }

    /// Lattice edge, m.
    pub fn edge_m(&self) -> f64 {
        self.rules().edge_m
    }

    /// Temperature, K.
    pub fn temperature_k(&self) -> f64 {
        self.rules().temperature_k
    }

    /// Molar volume of the metal, m³ mol⁻¹.
    pub fn molar_volume_m3_mol(&self) -> f64 {
        self.rules().molar_volume_m3_mol
    }

    /// Charge-transfer resistance of bare metal, Ω m².
    pub fn charge_transfer_ohm_m2(&self) -> f64 {
        self.rules().charge_transfer_ohm_m2
    }

    /// Nucleation overpotential of the bare collector and host, V.
    pub fn nucleation_overpotential_v(&self) -> f64 {
        self.rules().nucleation_host_v
    }

    /// Areal capacity of a number of sites, mAh cm⁻².
    pub fn capacity_mah_cm2(&self, sites: f64) -> f64 {
        self.rules().capacity_mah_cm2(sites)
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
            film.diffusivity_m2_s.value,
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
        let (view, rules) = (InterphaseView::new(&self.world), self.rules());
        view.patches
            .iter()
            .map(|patch| PatchCondition {
                centre: patch.centre,
                strain_ratio: patch.elastic_strain / patch.fracture_strain,
                conductivity_ratio: patch.conductivity_s_m / rules.conductivity_s_m,
                crack: patch.root.map(|(_, site)| site),
                extruding: patch
                    .root
                    .and_then(|(number, _)| view.filament(number))
                    .is_some_and(|filament| filament.last_slice() > 0),
            })
            .collect()
    }

    /// Numbers of filaments that grow and that have stopped.
    pub fn filament_counts(&self) -> (u64, u64) {
        let view = InterphaseView::new(&self.world);
        let growing = view.filaments.iter().filter(|filament| filament.growing).count() as u64;
        (growing, view.filaments.len() as u64 - growing)
    }

    /// Entry ordinals of the metal along each filament, root first.
    pub fn filament_ages(&self) -> Vec<Vec<u32>> {
        let view = InterphaseView::new(&self.world);
        let ages =
            |filament: &&Filament| (0..=filament.last_slice()).map(|k| filament.slice(k).ordinal).collect();
        view.filaments.iter().map(ages).collect()
    }

    /// A reader of when the metal of a site was reduced (its ordinal) and how thick its film is (m).
    pub fn site_reader(&self) -> impl Fn(&Solid) -> (u32, f64) + '_ {
        let view = InterphaseView::new(&self.world);
        move |solid| {
            let thickness = films(self.rules(), &view, self.clock()).thickness_m(solid);
            (view.filament(solid.filament).map_or(solid.birth, |f| f.slice(solid.birth).ordinal), thickness)
        }
    }

    /// Sums over the exposed faces.
    pub fn film_sums(&self) -> FilmSums {
        let (view, rules, lattice) = (InterphaseView::new(&self.world), self.rules(), self.lattice());
        let films = films(rules, &view, self.clock());
        let mut sums = FilmSums::default();
        for position in self.world.resource::<Surface>().exposed() {
            let Some(solid) = lattice.solid(position) else { continue };
            let faces = f64::from(lattice.exposed_faces(position));
            let thickness = films.thickness_m(solid);
            let conductivity =
                view.patch(solid.patch).map_or(rules.conductivity_s_m, |patch| patch.conductivity_s_m);
            let kind = lattice.kind(position);
            let nucleation = match kind {
                SiteKind::Host => rules.nucleation_host,
                SiteKind::Seed => rules.nucleation_seed,
                _ => 1.0,
            };
            let conductance = nucleation * rules.conductance(thickness, conductivity);
            sums.faces += faces;
            sums.conductance += faces * conductance;
            sums.conductance_squared += faces * conductance * conductance;
            sums.film_share += faces * conductance * conductance * thickness / conductivity;
            if kind == SiteKind::Metal {
                sums.metal_faces += faces;
                sums.metal_thickness_m += faces * thickness;
            } else {
                sums.host_conductance += faces * conductance;
            }
        }
        sums
    }

    /// Bricks that changed since the last call; with `everything`, all that hold a solid.
    pub fn take_changed_bricks(&mut self, everything: bool) -> Vec<[usize; 3]> {
        self.world.resource_scope(|world, mut sites: Mut<Sites>| {
            let mut filaments = world.query::<&mut Filament>();
            mark_shifted(&mut sites.0, filaments.iter_mut(world));
            sites.0.take_changed(everything)
        })
    }

    /// What does not balance, if anything: charge passed = sites plated + remainder, and
    /// sites plated = metal on the lattice = sum over the growth modes.
    pub fn imbalance(&self) -> Option<String> {
        let (clock, ledger) = (self.clock(), self.world.resource::<Ledger>());
        let metal = self.lattice().count(SiteKind::Metal) + self.lattice().count(SiteKind::DeadMetal);
        let by_mode: u64 = ledger.by_mode.iter().sum();
        if !clock.balances() {
            return Some(format!("charge of {} sites, but {} plated", clock.charge_sites(), clock.plated));
        }
        (metal != clock.plated || by_mode != clock.plated)
            .then(|| format!("{} plated, {metal} on the lattice, {by_mode} by growth mode", clock.plated))
    }
}
