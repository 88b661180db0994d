//! Figures read off a simulation.
//!
//! Does: measure, and copy out what views need. Does not: change a simulation's state (taking a snapshot only
//! clears the marks of what changed).

mod metrics;
mod snapshot;
mod take;
mod voltage;

pub use crate::simulation::{Event, EventKind, Regime};
pub use metrics::Metrics;
pub use snapshot::*;
pub use take::take_snapshot;
pub use voltage::VoltageStack;
