//! The program with a window: a simulation on a thread of its own, and the app that shows it.

#[cfg(feature = "gui")]
mod desk;
mod engine;
#[cfg(feature = "gui")]
mod frames;
#[cfg(feature = "gui")]
mod measure;
mod pacer;
mod session;
#[cfg(feature = "gui")]
mod window;

#[cfg(feature = "gui")]
pub use measure::{FrameReport, Lengths, MeasureOptions, measure_frames};
pub use session::{Command, Session, Share, Status};
#[cfg(feature = "gui")]
pub use window::{AppError, run_window};
