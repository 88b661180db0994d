//! Figures read off a simulation.
//!
//! Does: measure, and copy out what views need.
//! Does not: change a simulation's state (taking a snapshot only clears the marks of what changed).

mod metrics;
mod morphology;
mod snapshot;
mod take;

pub use crate::simulation::{
    Cycle, Ending, Event, EventKind, Failure, FailureKind, PresentStep, Regime, VoltageStack,
};
pub use metrics::{Metrics, Shape, thin_course};
pub use morphology::{Dimension, HostSurvey, Morphology, ProfileLayer, SizeClass, least_squares_slope};
pub use snapshot::*;
pub use take::take_snapshot;
