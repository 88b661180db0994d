//! What the source of the cell drives: the current that a held voltage asks for, and the most that flows
//! before a voltage limit is reached.
//!
//! Does: find the current at which the parts of the voltage add up to a limit, as the cell is now.
//! Does not: say which current is to flow (`course::protocol`) or what the salt carries of it (`salt`).
//! Accuracy: 10⁻⁹ of the voltage. Salt and films that move in a step shift the voltage by what they move in
//! one step.

use super::faces::{Law, faces, spectra};
use super::salt::Salt;
use super::voltage::LastSolution;
use crate::electrochemistry::kinetics::{Interface, concentration_overpotential};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::failure::Verdict;
use crate::simulation::course::film_book::FilmBook;
use crate::simulation::course::inventory::Inventory;
use crate::simulation::course::protocol::Protocol;
use crate::simulation::course::readings::Readings;
use crate::simulation::films::Films;
use crate::simulation::surface::Surface;
use bevy_ecs::prelude::*;

/// What lies beyond the electrode of the box: salt, electrolyte and counter electrode.
pub(super) struct Beyond {
    /// Overpotential of the salt, V.
    pub salt_v: f64,
    ohmic_ohm_m2: f64,
    counter_ohm_m2: f64,
    counter: Interface,
}

impl Beyond {
    /// For a current that plates (`direction` ≥ 0) or strips and reaches this share of the electrode.
    pub fn new(
        direction: f64,
        clock: &Clock,
        share: f64,
        salt: &Salt,
        (films, constants): (&Films, &Constants),
    ) -> Self {
        let (at_deposit, at_counter) =
            (salt.profile.surface_concentration(), salt.profile.counter_concentration());
        let (reached, left) =
            if direction < 0.0 { (at_counter, at_deposit) } else { (at_deposit, at_counter) };
        let salt_v = concentration_overpotential(
            left.max(1e-6 * salt.initial_mol_m3),
            reached,
            salt.profile.transference_number(),
            constants.temperature_k,
        );
        Self {
            salt_v,
            ohmic_ohm_m2: constants.ohmic_ohm_m2 * salt.profile.resistance_ratio() / share.sqrt(),
            counter_ohm_m2: films.ohm_m2(films.counter, clock.half_cycle_since_s, clock.time_s),
            counter: interface(films, salt, at_counter, constants),
        }
    }

    pub fn ohmic_v(&self, local_a_m2: f64) -> f64 {
        local_a_m2 * self.ohmic_ohm_m2
    }

    pub fn counter_v(&self, local_a_m2: f64) -> f64 {
        self.counter.overpotential(self.counter_ohm_m2, local_a_m2)
    }
}

/// Film and charge transfer at a salt concentration.
pub(super) fn interface(films: &Films, salt: &Salt, mol_m3: f64, constants: &Constants) -> Interface {
    let film = films.of_electrolyte();
    Interface {
        exchange_a_m2: film.exchange_a_m2 * (mol_m3 / salt.initial_mol_m3).clamp(1e-4, 4.0).sqrt(),
        high_field_a_m2: film.high_field_a_m2,
        temperature_k: constants.temperature_k,
    }
}

/// Below this share of its limit the voltage of the last step says that the source is free.
const FREE_BELOW: f64 = 0.5;
/// Growth of the current from step to step while the source stands at its limit: a current that took back at
/// once what the salt had just lost would alternate.
const LARGEST_GROWTH: f64 = 1.05;

/// Share of the current that always flows: a source whose limit is below any nucleation still counts time.
const LEAST: f64 = 1e-6;

/// Finds what a held voltage drives, or the most that flows before the voltage reaches its limit.
pub(crate) fn drive(
    mut protocol: ResMut<Protocol>,
    surface: Res<Surface>,
    (clock, readings, verdict): (Res<Clock>, Res<Readings>, Res<Verdict>),
    solution: Res<LastSolution>,
    salt: Res<Salt>,
    (book, inventory): (Res<FilmBook>, Res<Inventory>),
    films: Res<Films>,
    constants: Res<Constants>,
) {
    let held = protocol.hold();
    let wanted =
        held.map_or_else(|| protocol.wanted_a_m2(&constants), |(voltage_v, most)| -voltage_v.signum() * most);
    let limit_v =
        held.map_or_else(|| protocol.limit_v(wanted, verdict.cutoff_v), |(voltage_v, _)| voltage_v.abs());
    let was = clock.current_density_a_m2;
    let goes_on = solution.flows_a_m2() * wanted > 0.0
        && wanted.abs() <= solution.flows_a_m2().abs() * LARGEST_GROWTH
        && !clock.limited();
    let free = held.is_none() && goes_on && readings.stack.total_v() < FREE_BELOW * limit_v;
    if wanted == 0.0 || free {
        return protocol.set_most(f64::INFINITY);
    }
    let foil = inventory.foil_sites() > 0;
    let faces = faces(&spectra(&surface, wanted > 0.0, foil, (&films, &constants), clock.time_s));
    if faces.is_empty() {
        return protocol.set_most(f64::INFINITY);
    }
    let reached = book.reached();
    let beyond = Beyond::new(wanted, &clock, reached, &salt, (&films, &constants));
    let law = Law(interface(&films, &salt, salt.profile.surface_concentration(), &constants));
    let local = |eta: f64| law.total(&faces, eta) / constants.columns as f64;
    let volts = |eta: f64, local: f64| eta + beyond.salt_v + beyond.ohmic_v(local) + beyond.counter_v(local);
    // Without the share of bridges the source gives more.
    let share = reached / (1.0 - clock.leak_share);
    // The voltage grows with the overpotential of the electrode, which alone says what flows: bisection.
    let (mut low, mut high) = (0.0, (limit_v - beyond.salt_v).max(0.0));
    while high - low > 1e-9 * limit_v {
        let eta = 0.5 * (low + high);
        if volts(eta, local(eta)) < limit_v {
            low = eta;
        } else {
            high = eta;
        }
    }
    let most = local(low) * share;
    if held.is_some() {
        return protocol.set_held(most.min(wanted.abs()).copysign(wanted));
    }
    let most =
        if clock.limited() && wanted * was > 0.0 { most.min(LARGEST_GROWTH * was.abs()) } else { most };
    protocol.set_most(most.max(LEAST * wanted.abs()));
}

#[cfg(test)]
mod tests {
    use crate::scene;
    use crate::simulation::{Control, Simulation, small_run};

    const SMALL: &str = "lattice.sites=[32,32,48]";

    #[test]
    fn no_current_takes_the_cell_beyond_its_cutoff() {
        let cutoff_v = scene::load("carbonate_moss").expect("a scene").spec.cutoff_v;
        // High enough for all of the metal.
        let mut run = small_run("carbonate_moss", &["lattice.sites=[32,32,96]"]);
        run.advance(100);
        for ma_cm2 in [60.0, 3.0, 400.0, 9000.0, 20.0] {
            run.control(Control::CurrentDensity { a_per_m2: 10.0 * ma_cm2 });
            for _ in 0..60 {
                run.advance(1);
                assert_eq!(run.ending(), None, "{ma_cm2} mA/cm²");
                let (volts, flows) = (run.voltage().total_v(), run.carried_current_density_a_m2());
                // A solution holds for four steps, in which currents may change by 1 %.
                assert!(volts < 1.01 * cutoff_v, "{volts} V at {ma_cm2} mA/cm²");
                assert!(flows > 0.0 && flows <= 10.0 * ma_cm2);
            }
            let limited = run.carried_current_density_a_m2() < 9.999 * ma_cm2;
            assert_eq!(limited, ma_cm2 > 3.0, "{ma_cm2} mA/cm²");
            if limited {
                assert!((run.voltage().total_v() / cutoff_v - 1.0).abs() < 0.01);
            }
        }
        assert_eq!(run.imbalance(), None);
    }

    #[test]
    fn a_higher_cutoff_lets_more_current_through() {
        let flows = |cutoff_v: f64| {
            let cutoff = format!("cutoff_v={cutoff_v}");
            let mut run = small_run("carbonate_moss", &[SMALL, &cutoff, "current_density_ma_cm2=500"]);
            run.advance(100);
            run.carried_current_density_a_m2()
        };
        let flows = [0.5, 1.0, 2.0, 4.0].map(flows);
        assert!(flows.is_sorted_by(|a, b| 1.2 * a < *b), "{flows:?}");
    }

    #[test]
    fn a_source_below_any_nucleation_comes_to_an_end() {
        let mut run: Simulation =
            small_run("carbonate_moss", &[SMALL, "cutoff_v=0.01", "until={\"time_s\":1000.0}"]);
        run.advance(2000);
        assert!(run.finished() && run.charge_sites() < 1.0);
    }
}
