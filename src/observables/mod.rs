//! Figures read off a simulation.
mod snapshot;
mod events;
mod metrics;
pub use events::{Event, EventKind};
pub use metrics::{Metrics, Regime};
pub use snapshot::*;
