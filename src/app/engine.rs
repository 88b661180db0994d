//! What a session needs of a simulation, so that its thread can be tested with one that fails on purpose.

use crate::observables::{Metrics, Snapshot, take_snapshot};
use crate::simulation::{Control, Simulation};

/// A run that a session can drive.
pub(super) trait Engine {
    /// Runs steps.
    fn advance(&mut self, steps: u64);
    /// Changes an operating condition before the next step.
    fn control(&mut self, control: Control);
    /// Physical time, s.
    fn time_s(&self) -> f64;
    /// True when the run has reached its end.
    fn finished(&self) -> bool;
    /// The figures that cost next to nothing.
    fn course(&self) -> Metrics;
    /// Copies what changed since the last call, or everything.
    fn snapshot(&mut self, generation: u64, everything: bool) -> Snapshot;
}

impl Engine for Simulation {
    fn advance(&mut self, steps: u64) {
        Simulation::advance(self, steps);
    }

    fn control(&mut self, control: Control) {
        Simulation::control(self, control);
    }

    fn time_s(&self) -> f64 {
        Simulation::time_s(self)
    }

    fn finished(&self) -> bool {
        Simulation::finished(self)
    }

    fn course(&self) -> Metrics {
        Metrics::course(self)
    }

    fn snapshot(&mut self, generation: u64, everything: bool) -> Snapshot {
        take_snapshot(self, generation, everything)
    }
}

pub(super) fn panic_sentence(doing: &str, panic: &(dyn std::any::Any + Send)) -> String {
    let reason = (panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no reason given".into());
    format!(
        "{doing} failed inside the program ({reason}); open the scene again or choose another one, and please report this"
    )
}
