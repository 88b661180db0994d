//! How a cell dies: diverging voltage, a short through the separator, no metal left.
//!
//! Does: judge at the end of every step of a protocol, and say why, when and after how much charge. Bridges
//! through the separator leak: each takes V/R_b off the current (a soft short), until together they take
//! more than a share of it (a hard one). The leak is judged by area, so it does not depend on the box.
//! Does not: end scenes without a protocol; those show what happens beyond the point where a cell would be
//! taken off.

use super::clock::Clock;
use super::cycles::Cycles;
use super::film_book::FilmBook;
use super::journal::{EventKind, Journal, event};
use super::ledger::Ledger;
use super::protocol::Protocol;
use super::readings::Readings;
use crate::simulation::constants::Constants;
use bevy_ecs::prelude::*;
use serde::Serialize;

/// Why a cell has died.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The films have grown so resistive that the voltage left its window.
    SeiResistance,
    /// The current is more than the electrolyte's conductivity allows, and the voltage left its window.
    OhmicDrop,
    /// The electrolyte no longer wets the cell, and the voltage left its window.
    DryOut,
    /// The salt cannot carry the current, and the voltage left its window.
    SaltDepletion,
    /// Metal bridges the separator.
    HardShort,
    /// The metal that can be cycled is used up.
    SodiumExhausted,
}

impl FailureKind {
    /// A short sentence for logs and plots.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::SeiResistance => "the voltage diverged: the SEI has become too resistive",
            Self::OhmicDrop => "the voltage diverged: the electrolyte conducts too little for this current",
            Self::DryOut => "the voltage diverged: the electrolyte is used up",
            Self::SaltDepletion => "the voltage diverged: the salt cannot carry the current",
            Self::HardShort => "hard short: metal bridges the separator",
            Self::SodiumExhausted => "the metal that can be cycled is used up",
        }
    }
}

/// The death of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// Why.
    pub kind: FailureKind,
    /// When, s.
    pub time_s: f64,
    /// After how much charge, both directions together, mAh cm⁻².
    pub throughput_mah_cm2: f64,
    /// After how many whole cycles.
    pub cycles: u32,
}

/// Whether the cell has failed, and the voltage at which it does.
#[derive(Resource)]
pub(crate) struct Verdict {
    /// Polarisation at which a plating cell fails, V.
    pub cutoff_v: f64,
    /// Why the cell has failed, if it has.
    pub failure: Option<Failure>,
}

impl Verdict {
    pub fn new(cutoff_v: f64) -> Self {
        Self { cutoff_v, failure: None }
    }

    pub fn failed(&self) -> bool {
        self.failure.is_some()
    }
}

/// Share of the first cycle's charge below which a later cycle counts as the end of life.
const END_OF_LIFE: f64 = 0.8;
/// Largest share of the current that soft bridges may take.
const LARGEST_LEAK: f64 = 0.95;

/// Looks whether the cell has died in this step.
pub(crate) fn judge(
    mut verdict: ResMut<Verdict>,
    mut clock: ResMut<Clock>,
    mut journal: ResMut<Journal>,
    ledger: Res<Ledger>,
    book: Res<FilmBook>,
    readings: Res<Readings>,
    protocol: Res<Protocol>,
    cycles: Res<Cycles>,
    constants: Res<Constants>,
) {
    let bridges = ledger.bridges.len() as f64;
    let volts = readings.stack.total_v();
    let current = clock.current_density_a_m2.abs();
    if bridges > 0.0 && current > 0.0 {
        // Half-way towards V/R_b at each step: the voltage itself falls as the leak grows.
        let leak_a_m2 = volts * bridges / constants.bridge_ohm / constants.projected_area_m2;
        let wanted = (leak_a_m2 / current).min(LARGEST_LEAK);
        clock.leak_share = 0.5 * (clock.leak_share + wanted);
    }
    if !protocol.written && clock.plating() && clock.limited() && !readings.depleted {
        journal.note(event(EventKind::Cutoff, &clock, &constants, None));
    }
    if !protocol.written || verdict.failed() {
        return;
    }
    let held = protocol.hold().is_some();
    let at_cutoff = clock.limited() || volts >= verdict.cutoff_v * (1.0 - 1e-9);
    let diverged = !held && clock.plating() && at_cutoff && !protocol.ends_at_voltage();
    let kind = if clock.leak_share >= constants.hard_short_share {
        Some(FailureKind::HardShort)
    } else if diverged {
        let stack = readings.stack;
        let surfaces_v = stack.electrode_v() + stack.counter_v;
        Some(if book.wetted() < 0.5 {
            FailureKind::DryOut
        } else if readings.depleted {
            FailureKind::SaltDepletion
        } else if stack.ohmic_v > surfaces_v {
            FailureKind::OhmicDrop
        } else {
            FailureKind::SeiResistance
        })
    } else if protocol.spent && clock.plating() && cycles.present_share_of_first() < END_OF_LIFE {
        Some(FailureKind::SodiumExhausted)
    } else {
        None
    };
    if let Some(kind) = kind {
        verdict.failure = Some(Failure {
            kind,
            time_s: clock.time_s + clock.dt_s,
            throughput_mah_cm2: constants.capacity_mah_cm2(clock.throughput_sites()),
            cycles: cycles.done.len() as u32,
        });
        let place = ledger.bridges.first().copied().filter(|_| kind == FailureKind::HardShort);
        journal.note(event(EventKind::Failure(kind), &clock, &constants, place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::course::readings::VoltageStack;
    use crate::simulation::films::Films;
    use crate::simulation::{Simulation, small_run};
    use bevy_ecs::system::RunSystemOnce;

    #[test]
    fn a_wire_has_the_resistance_of_its_section_and_length() {
        // The example of the handbook value: 1 µm² × 10 µm of sodium.
        let diameter_um = 2.0 / std::f64::consts::PI.sqrt();
        let settings = [
            SMALL[0].to_string(),
            "electrode_gap_um=26".into(),
            "separator_um=10".into(),
            format!("metal.filament_diameter_um={diameter_um}"),
            "model.bridge_contact_ohm_cm2=0".into(),
        ];
        let run = small_run("carbonate_moss", &settings.each_ref().map(String::as_str));
        let constants = run.world.resource::<Constants>();
        let spread_ohm = 4.8e-8 / (diameter_um * 1e-6);
        assert!((constants.bridge_ohm - spread_ohm - 0.48).abs() < 1e-3, "{}", constants.bridge_ohm);
    }

    const SMALL: [&str; 1] = ["lattice.sites=[32,32,32]"];

    fn judged(run: &mut Simulation) -> Option<FailureKind> {
        run.world.run_system_once(judge).expect("all resources are there");
        run.failure().map(|failure| failure.kind)
    }

    /// A cell that plates, with these parts of the voltage, V.
    fn cell(scene: &str, sei_v: f64, ohmic_v: f64) -> Simulation {
        let mut run = small_run(scene, &SMALL);
        run.advance(1);
        let stack = VoltageStack { sei_v, ohmic_v, ..VoltageStack::default() };
        run.world.resource_mut::<Readings>().stack = stack;
        run
    }

    #[test]
    fn a_voltage_beyond_the_cutoff_is_blamed_on_its_cause() {
        assert_eq!(judged(&mut cell("half_cell", 0.4, 0.4)), None);
        assert_eq!(judged(&mut cell("half_cell", 0.9, 0.4)), Some(FailureKind::SeiResistance));
        assert_eq!(judged(&mut cell("half_cell", 0.4, 0.9)), Some(FailureKind::OhmicDrop));
        let mut depleted = cell("half_cell", 0.4, 0.9);
        depleted.world.resource_mut::<Readings>().depleted = true;
        assert_eq!(judged(&mut depleted), Some(FailureKind::SaltDepletion));
        let mut dry = cell("half_cell", 0.4, 0.9);
        dry.world.resource_scope(|world, mut book: Mut<FilmBook>| {
            book.consume(1e12, world.resource::<Films>().of_electrolyte());
        });
        assert_eq!(judged(&mut dry), Some(FailureKind::DryOut));
    }

    #[test]
    fn a_scene_without_a_protocol_goes_on() {
        assert_eq!(judged(&mut cell("carbonate_moss", 40.0, 40.0)), None);
    }

    #[test]
    fn bridges_leak_half_way_to_ohms_law_until_they_short_the_cell() {
        let mut run = cell("half_cell", 0.01, 0.0);
        run.world.resource_mut::<Ledger>().bridges.push([1, 2, 3]);
        assert_eq!(judged(&mut run), None);
        let (clock, constants) = (run.world.resource::<Clock>(), run.world.resource::<Constants>());
        let leak_a_m2 = 0.01 / constants.bridge_ohm / constants.projected_area_m2;
        let wanted = leak_a_m2 / clock.current_density_a_m2;
        assert!(wanted < constants.hard_short_share, "one bridge is a soft short: {wanted}");
        assert!((clock.leak_share / (0.5 * wanted) - 1.0).abs() < 1e-12);
        let enough = (1.01 * constants.hard_short_share / wanted).ceil() as usize;
        for (bridges, short) in [(enough / 2, None), (enough, Some(FailureKind::HardShort))] {
            run.world.resource_mut::<Ledger>().bridges.resize(bridges, [1, 2, 3]);
            (0..100).for_each(|_| {
                judged(&mut run);
            });
            assert_eq!(judged(&mut run), short, "{bridges} bridges");
        }
        assert!(run.world.resource::<Clock>().leak_share <= LARGEST_LEAK);
        let short =
            run.events().iter().find(|event| event.kind == EventKind::Failure(FailureKind::HardShort));
        assert!(short.is_some_and(|event| event.position == Some([1.5, 2.5, 3.5])));
    }
}
