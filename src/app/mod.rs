//! The program with a window: a simulation on a thread of its own, and the app that shows it.

mod command;
#[cfg(feature = "gui")]
mod desk;
mod engine;
#[cfg(feature = "gui")]
mod measure;
mod pacer;
mod session;
mod share;
#[cfg(feature = "gui")]
mod window;

pub use command::{Command, Status};
#[cfg(feature = "gui")]
pub use measure::{FrameReport, Lengths, MeasureOptions, measure_frames};
pub use session::Session;
pub use share::Share;
#[cfg(feature = "gui")]
pub use window::{AppError, run_window};
