//! Figures read off a simulation.
mod events;
mod metrics;
mod snapshot;
use crate::simulation::Simulation;
pub use events::{Event, EventKind};
pub use metrics::{Metrics, Regime};
pub use snapshot::*;

/// Copies what changed since the last call. With `everything`, copies all.
pub fn take_snapshot(_simulation: &mut Simulation, _generation: u64, _everything: bool) -> Snapshot {
    todo!()
}

impl Metrics {
    /// Measures all figures.
    pub fn measure(_simulation: &Simulation) -> Self {
        todo!()
    }
}
