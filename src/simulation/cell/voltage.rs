//! The voltage of the cell, and which face carries how much of the current.
//!
//! Does: solve Butler–Volmer behind the film of every class of faces for the one overpotential that drives
//! the applied current. Set the weights of kinetic Monte Carlo from it. Add ohmic drop, salt concentration
//! and counter electrode. Nucleation is an offset: a bare face carries what the overpotential above η_n
//! drives, and nothing below it. The voltage therefore dips until the first nuclei take over. Exchange
//! current densities go with √(c_s/c₀).
//! Does not: decide where metal comes out, or judge the cell
//! ([`failure`](crate::simulation::course::failure)). Currents are solved anew when current, salt or faces
//! have changed by 1 %, and every sixteenth of a monolayer.
//! Accuracy: that of the [`census`](crate::simulation::surface::census). Counter electrode flat, its film as
//! old as the half-cycle. A cathode counts as such an electrode, its own potential is left out.

use super::faces::{Faces, Law, faces, spectra};
use super::salt::Salt;
use super::source::{Beyond, interface};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::failure::Verdict;
use crate::simulation::course::film_book::FilmBook;
use crate::simulation::course::inventory::Inventory;
use crate::simulation::course::journal::{EventKind, Journal, event};
use crate::simulation::course::protocol::Protocol;
use crate::simulation::course::readings::{Readings, Response, VoltageStack};
use crate::simulation::films::Films;
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::Matter;
use crate::simulation::surface::currents::Currents;
use bevy_ecs::prelude::*;

/// For what the currents of the faces were solved last; `None` at rest.
#[derive(Resource, Default)]
pub(crate) struct LastSolution(Option<Solved>);

impl LastSolution {
    /// Current density of the last solution where the electrolyte is, A m⁻²; 0 at rest.
    pub fn flows_a_m2(&self) -> f64 {
        self.0.map_or(0.0, |solved| solved.local_a_m2)
    }
}

/// What the currents of the faces depend on, at a step.
#[derive(Clone, Copy)]
struct Solved {
    step: u64,
    /// Current density where the electrolyte is, A m⁻², < 0 while stripping.
    local_a_m2: f64,
    /// Salt at the deposit, mol m⁻³.
    salt_mol_m3: f64,
    faces: [u64; 3],
    /// Whether the foil under the box has metal to give.
    foil: bool,
}

/// A solution holds for so many steps, a sixteenth of a monolayer, in which films hardly grow,
const STEPS_PER_SOLUTION: u64 = 4;
/// and as long as current, salt and faces have changed by no more than this.
const LARGEST_CHANGE: f64 = 0.01;

impl Solved {
    /// True while the currents that were solved for this hold for `now`.
    fn holds_for(&self, now: &Self) -> bool {
        let alike = |a: f64, b: f64| (a - b).abs() <= LARGEST_CHANGE * a.abs();
        now.step < self.step + STEPS_PER_SOLUTION
            && now.foil == self.foil
            && alike(self.local_a_m2, now.local_a_m2)
            && alike(self.salt_mol_m3, now.salt_mol_m3)
            && self.faces.iter().zip(now.faces).all(|(a, b)| alike(*a as f64, b as f64))
    }
}

/// Brings the voltage up to date, and what the faces carry of the current.
pub(crate) fn polarise(
    mut readings: ResMut<Readings>,
    mut solution: ResMut<LastSolution>,
    mut surface: ResMut<Surface>,
    mut clock: ResMut<Clock>,
    salt: Res<Salt>,
    book: Res<FilmBook>,
    mut journal: ResMut<Journal>,
    (inventory, verdict, protocol): (Res<Inventory>, Res<Verdict>, Res<Protocol>),
    films: Res<Films>,
    constants: Res<Constants>,
) {
    clock.note_direction();
    let direction = clock.direction();
    let reached = book.reached();
    let beyond = Beyond::new(direction, &clock, reached, &salt, (&films, &constants));
    let mut stack = VoltageStack { concentration_v: beyond.salt_v, ..VoltageStack::default() };
    if direction == 0.0 {
        (readings.stack, solution.0) = (stack, None);
        return;
    }
    // Current density where the electrolyte still is and no bubble sits, without what bridges take.
    let local = clock.current_density_a_m2.abs() * (1.0 - clock.leak_share) / reached;
    let at_deposit = salt.profile.surface_concentration();
    let now = Solved {
        step: clock.step,
        local_a_m2: direction * local,
        salt_mol_m3: at_deposit,
        faces: Matter::CONNECTED.map(|matter| surface.faces(matter)),
        foil: inventory.foil_sites() > 0,
    };
    let before = readings.stack;
    (stack.sei_v, stack.charge_transfer_v, stack.nucleation_v) =
        if solution.0.is_some_and(|solved| solved.holds_for(&now)) {
            (before.sei_v, before.charge_transfer_v, before.nucleation_v)
        } else {
            let law = Law(interface(&films, &salt, at_deposit, &constants));
            solution.0 = Some(now);
            let start_v = before.electrode_v();
            let (parts, response) =
                solve(&mut surface, &now, &law, start_v, (&films, &constants), clock.time_s);
            readings.response = response;
            parts
        };
    (stack.ohmic_v, stack.counter_v) = (beyond.ohmic_v(local), beyond.counter_v(local));
    // Where less flows than is applied, the source stands at its limit: the salt takes what is left of it.
    if clock.limited() {
        let limit_v = protocol.limit_v(direction, verdict.cutoff_v);
        stack.concentration_v += (limit_v - stack.total_v()).max(0.0);
    }
    // Ions of a shield that are plated themselves shield nothing.
    let shields = direction > 0.0 && stack.electrode_v() < constants.shield_limit_v;
    surface.set_shield(if shields { constants.shield_exponent } else { 0.0 });
    if direction > 0.0 && constants.shield_exponent > 0.0 && !shields {
        journal.note(event(EventKind::ShieldVoid, &clock, &constants, None));
    }
    readings.stack = stack;
}

/// Solves for the overpotential and sets what the faces carry. Returns its parts across films, charge
/// transfer, nucleation, V, and how the electrode answers a change.
fn solve(
    surface: &mut Surface,
    now: &Solved,
    law: &Law,
    start_v: f64,
    (films, constants): (&Films, &Constants),
    time_s: f64,
) -> ((f64, f64, f64), Response) {
    let spectra = spectra(surface, now.local_a_m2 > 0.0, now.foil, (films, constants), time_s);
    let faces = faces(&spectra);
    let wanted = now.local_a_m2.abs() * constants.columns as f64;
    let Some((eta, carried)) = law.overpotential(&faces, wanted, start_v) else {
        // Without faces that could carry it there is no current anywhere.
        surface.set_currents(Default::default(), 0.0);
        return ((0.0, 0.0, 0.0), Response { ohm_m2: f64::INFINITY, kinetic_order: 0.0 });
    };
    let (mut total, mut film, mut nucleation) = (0.0, 0.0, 0.0);
    let (mut slope, mut order) = (0.0, 0.0);
    for (class, current) in faces.iter().zip(carried) {
        total += class.faces * current;
        film += class.faces * current * law.0.film_v(class.ohm_m2, current);
        nucleation += class.faces * current * class.offset_v;
        let conductance = class.faces * law.conductance(class, current);
        slope += conductance;
        order += conductance * current / libm::hypot(current, 2.0 * law.0.exchange_a_m2);
    }
    let response = Response { ohm_m2: constants.columns as f64 / slope, kinetic_order: order / slope };
    let least = surface.least_ohm_m2(films);
    let mut currents: [Currents; 3] = Default::default();
    for (drive, spectrum) in &spectra {
        // The first nuclei of the step find their current ready.
        let most = spectrum.last().map_or(least, |alike| alike.ohm_m2);
        let current = |ohm_m2| law.current(&Faces { faces: 0.0, ohm_m2, offset_v: drive.offset_v }, eta);
        currents[drive.matter as usize] = Currents::new(least, most, current);
    }
    surface.set_currents(currents, total / now.faces.iter().sum::<u64>() as f64);
    let (sei_v, nucleation_v) = (film / total, nucleation / total);
    ((sei_v, eta - sei_v - nucleation_v, nucleation_v), response)
}
