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

use super::salt::Salt;
use crate::electrochemistry::kinetics::{
    TRANSFER_COEFFICIENT, butler_volmer_overpotential, concentration_overpotential, conductance_through_film,
    current_through_film, thermal_voltage,
};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::failure::Verdict;
use crate::simulation::course::film_book::FilmBook;
use crate::simulation::course::inventory::Inventory;
use crate::simulation::course::protocol::Protocol;
use crate::simulation::course::readings::{Readings, VoltageStack};
use crate::simulation::films::{FilmId, Films};
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::{Alike, Matter};
use crate::simulation::surface::currents::Currents;
use bevy_ecs::prelude::*;

/// For what the currents of the faces were solved last; `None` at rest.
#[derive(Resource, Default)]
pub(crate) struct LastSolution(Option<Solved>);

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

/// What drives the faces of one matter.
struct Drive {
    matter: Matter,
    /// Overpotential below which nothing happens, V.
    offset_v: f64,
}

/// Brings the voltage up to date, and what the faces carry of the current.
pub(crate) fn polarise(
    mut readings: ResMut<Readings>,
    mut solution: ResMut<LastSolution>,
    mut surface: ResMut<Surface>,
    mut clock: ResMut<Clock>,
    salt: Res<Salt>,
    book: Res<FilmBook>,
    (inventory, verdict, protocol): (Res<Inventory>, Res<Verdict>, Res<Protocol>),
    films: Res<Films>,
    constants: Res<Constants>,
) {
    clock.note_direction();
    let direction = clock.direction();
    let (at_deposit, at_counter) =
        (salt.profile.surface_concentration(), salt.profile.counter_concentration());
    let (gains, loses) = if direction < 0.0 { (at_counter, at_deposit) } else { (at_deposit, at_counter) };
    let mut stack =
        VoltageStack { concentration_v: salt_v(&salt, loses, gains, &constants), ..VoltageStack::default() };
    if direction == 0.0 {
        (readings.stack, solution.0) = (stack, None);
        return;
    }
    let wetted = book.wetted();
    // Current density where the electrolyte still is, without what bridges take.
    let local = clock.current_density_a_m2.abs() * (1.0 - clock.leak_share) / wetted;
    let exchange = |mol_m3: f64| exchange_a_m2(&films, &salt, mol_m3);
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
            let law = Law { i0: exchange(at_deposit), temperature_k: constants.temperature_k };
            solution.0 = Some(now);
            solve(&mut surface, &now, &law, before.electrode_v(), (&films, &constants), clock.time_s)
        };
    let beyond = Beyond::new(&clock, wetted, exchange(at_counter), &salt, (&films, &constants));
    (stack.ohmic_v, stack.counter_v) = (beyond.ohmic_v(local), beyond.counter_v(local));
    // Where the salt carries less than is applied, the source stands at its limit: the salt takes the rest.
    if clock.limited() {
        let limit_v = protocol.hold().map_or(verdict.cutoff_v, |held| held.0.abs());
        stack.concentration_v += (limit_v - stack.total_v()).max(0.0);
    }
    readings.stack = stack;
}

/// What lies beyond the electrode of the box: electrolyte and counter electrode.
struct Beyond {
    ohmic_ohm_m2: f64,
    counter_ohm_m2: f64,
    counter_a_m2: f64,
    temperature_k: f64,
}

impl Beyond {
    fn new(
        clock: &Clock,
        wetted: f64,
        counter_a_m2: f64,
        salt: &Salt,
        (films, constants): (&Films, &Constants),
    ) -> Self {
        let film_m = films.thickness_m(FilmId::ELECTROLYTE, clock.half_cycle_since_s, clock.time_s);
        Self {
            ohmic_ohm_m2: constants.ohmic_ohm_m2 * salt.profile.resistance_ratio() / wetted.sqrt(),
            counter_ohm_m2: film_m / films.of_electrolyte().conductivity_s_m,
            counter_a_m2,
            temperature_k: constants.temperature_k,
        }
    }

    fn ohmic_v(&self, local_a_m2: f64) -> f64 {
        local_a_m2 * self.ohmic_ohm_m2
    }

    fn counter_v(&self, local_a_m2: f64) -> f64 {
        local_a_m2 * self.counter_ohm_m2
            + butler_volmer_overpotential(self.counter_a_m2, local_a_m2, self.temperature_k)
    }
}

/// Finds the current that a held voltage drives through the cell as it is now.
///
/// The voltage grows with the overpotential of the electrode, which alone says what flows: bisection, to
/// 10⁻⁹ of the voltage. Salt that moves in the step shifts the voltage by what the salt shifts in one step.
pub(crate) fn hold(
    mut protocol: ResMut<Protocol>,
    surface: Res<Surface>,
    clock: Res<Clock>,
    salt: Res<Salt>,
    (book, inventory): (Res<FilmBook>, Res<Inventory>),
    films: Res<Films>,
    constants: Res<Constants>,
) {
    let Some((voltage_v, most)) = protocol.hold() else { return };
    let plating = voltage_v < 0.0;
    let concentrations = (salt.profile.surface_concentration(), salt.profile.counter_concentration());
    let (at_deposit, at_counter) = concentrations;
    let (gains, loses) = if plating { (at_deposit, at_counter) } else { (at_counter, at_deposit) };
    let salt_v = salt_v(&salt, loses, gains, &constants);
    let foil = inventory.foil_sites() > 0;
    let faces = faces(&spectra(&surface, plating, foil, (&films, &constants), clock.time_s));
    let law = Law { i0: exchange_a_m2(&films, &salt, at_deposit), temperature_k: constants.temperature_k };
    let wetted = book.wetted();
    let at_counter = exchange_a_m2(&films, &salt, at_counter);
    let beyond = Beyond::new(&clock, wetted, at_counter, &salt, (&films, &constants));
    let local = |eta: f64| {
        faces.iter().map(|class| class.faces * law.current(class, eta)).sum::<f64>()
            / constants.columns as f64
    };
    let (mut low, mut high) = (0.0, (voltage_v.abs() - salt_v).max(0.0));
    while high - low > 1e-9 * voltage_v.abs() {
        let eta = 0.5 * (low + high);
        let local = local(eta);
        if eta + salt_v + beyond.ohmic_v(local) + beyond.counter_v(local) < voltage_v.abs() {
            low = eta;
        } else {
            high = eta;
        }
    }
    // Without the share of bridges the instrument gives more.
    let current = (local(low) * wetted / (1.0 - clock.leak_share)).min(most);
    protocol.set_held(if plating { current } else { -current });
}

/// Overpotential of the salt between the electrode that it leaves and the one that it reaches, V.
fn salt_v(salt: &Salt, leaving_mol_m3: f64, reached_mol_m3: f64, constants: &Constants) -> f64 {
    concentration_overpotential(
        leaving_mol_m3.max(1e-6 * salt.initial_mol_m3),
        reached_mol_m3,
        salt.profile.transference_number(),
        constants.temperature_k,
    )
}

/// Exchange current density at a salt concentration, A m⁻².
fn exchange_a_m2(films: &Films, salt: &Salt, mol_m3: f64) -> f64 {
    films.of_electrolyte().exchange_a_m2 * (mol_m3 / salt.initial_mol_m3).clamp(1e-4, 4.0).sqrt()
}

/// Solves for the overpotential and sets what the faces carry. Returns its parts across films, charge
/// transfer, nucleation, V.
fn solve(
    surface: &mut Surface,
    now: &Solved,
    law: &Law,
    start_v: f64,
    (films, constants): (&Films, &Constants),
    time_s: f64,
) -> (f64, f64, f64) {
    let spectra = spectra(surface, now.local_a_m2 > 0.0, now.foil, (films, constants), time_s);
    let faces = faces(&spectra);
    let wanted = now.local_a_m2.abs() * constants.columns as f64;
    let Some((eta, carried)) = law.overpotential(&faces, wanted, start_v) else {
        // Without faces that could carry it there is no current anywhere.
        surface.set_currents(Default::default(), 0.0);
        return (0.0, 0.0, 0.0);
    };
    let (mut total, mut film, mut nucleation) = (0.0, 0.0, 0.0);
    for (class, current) in faces.iter().zip(carried) {
        total += class.faces * current;
        film += class.faces * current * current * class.ohm_m2;
        nucleation += class.faces * current * class.offset_v;
    }
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
    (sei_v, eta - sei_v - nucleation_v, nucleation_v)
}

/// Faces that can carry current in a direction, by matter and resistance.
fn spectra(
    surface: &Surface,
    plating: bool,
    foil: bool,
    (films, constants): (&Films, &Constants),
    time_s: f64,
) -> Vec<(Drive, Vec<Alike>)> {
    let drives: Vec<Drive> = if plating {
        vec![
            Drive { matter: Matter::Metal, offset_v: 0.0 },
            Drive { matter: Matter::Host, offset_v: constants.nucleation_host_v },
            Drive { matter: Matter::Seed, offset_v: constants.nucleation_seed_v },
        ]
    } else {
        let mut drives = vec![Drive { matter: Matter::Metal, offset_v: 0.0 }];
        if foil {
            drives.push(Drive { matter: Matter::Host, offset_v: 0.0 });
        }
        drives
    };
    (drives.into_iter())
        .map(|drive| {
            let spectrum = surface.spectrum(drive.matter, films, time_s);
            (drive, spectrum)
        })
        .collect()
}

fn faces(spectra: &[(Drive, Vec<Alike>)]) -> Vec<Faces> {
    (spectra.iter())
        .flat_map(|(drive, spectrum)| {
            let offset_v = drive.offset_v;
            spectrum.iter().map(move |alike| Faces { faces: alike.faces, ohm_m2: alike.ohm_m2, offset_v })
        })
        .collect()
}

/// Faces that carry equal currents.
struct Faces {
    faces: f64,
    ohm_m2: f64,
    offset_v: f64,
}

/// Butler–Volmer behind a film.
struct Law {
    i0: f64,
    temperature_k: f64,
}

impl Law {
    /// Current density of a face at an overpotential, A m⁻².
    fn current(&self, class: &Faces, eta: f64) -> f64 {
        current_through_film(self.i0, class.ohm_m2, (eta - class.offset_v).max(0.0), self.temperature_k)
    }

    /// Its change with the overpotential, S m⁻².
    fn conductance(&self, class: &Faces, current: f64) -> f64 {
        if current > 0.0 {
            conductance_through_film(self.i0, class.ohm_m2, current, self.temperature_k)
        } else {
            0.0
        }
    }

    /// Overpotential, V, at which the faces together carry `wanted` (A m⁻² × faces), and what each carries;
    /// `None` without faces.
    ///
    /// Newton's method from `start`, kept within a bracket that shrinks: the total grows with the
    /// overpotential. From one step of the run to the next it changes little. Once a turn moves it by less
    /// than 3×10⁻⁵ of the Tafel slope the currents follow their tangents, to 10⁻⁹ of themselves. One or two
    /// turns are enough.
    fn overpotential(&self, faces: &[Faces], wanted: f64, start: f64) -> Option<(f64, Vec<f64>)> {
        if faces.is_empty() {
            return None;
        }
        let (mut low, mut high) = (0.0, f64::INFINITY);
        let mut eta = start.max(1e-3);
        let mut carried = vec![0.0; faces.len()];
        let near_v = 3e-5 * thermal_voltage(self.temperature_k) / TRANSFER_COEFFICIENT;
        for _ in 0..200 {
            let (mut total, mut slope) = (0.0, 0.0);
            for (class, carried) in faces.iter().zip(&mut carried) {
                *carried = self.current(class, eta);
                total += class.faces * *carried;
                slope += class.faces * self.conductance(class, *carried);
            }
            let change = (wanted - total) / slope;
            if change.abs() < near_v {
                for (class, carried) in faces.iter().zip(&mut carried) {
                    *carried += change * self.conductance(class, *carried);
                }
                eta += change;
                break;
            }
            if total < wanted {
                low = eta
            } else {
                high = eta
            }
            let next = eta + change;
            eta = if next > low && next < high {
                next
            } else if high.is_finite() {
                0.5 * (low + high)
            } else {
                2.0 * eta
            };
        }
        Some((eta, carried))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overpotential_drives_the_current_through_any_mix_of_faces() {
        let law = Law { i0: 3.0, temperature_k: 298.15 };
        let mix = |metal: f64| {
            vec![
                Faces { faces: metal, ohm_m2: 25e-4, offset_v: 0.0 },
                Faces { faces: 50.0, ohm_m2: 300e-4, offset_v: 0.0 },
                Faces { faces: 4000.0, ohm_m2: 25e-4, offset_v: 0.03 },
            ]
        };
        let mut last = f64::INFINITY;
        for metal in [1.0, 100.0, 1000.0, 1e5] {
            for wanted in [1.0, 1e4, 1e7] {
                let faces = mix(metal);
                let (eta, _) = law.overpotential(&faces, wanted, 0.0).expect("there are faces");
                let total: f64 = faces.iter().map(|class| class.faces * law.current(class, eta)).sum();
                assert!((total / wanted - 1.0).abs() < 1e-9, "{metal} {wanted}");
            }
            // The more metal, the lower the overpotential: the dip of nucleation and the plateau behind it.
            let (eta, _) = law.overpotential(&mix(metal), 1e4, 0.0).expect("there are faces");
            assert!(eta < last);
            last = eta;
        }
        assert_eq!(law.overpotential(&[], 1.0, 0.0), None);
    }
}
