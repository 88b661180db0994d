//! The program with a window: a simulation on a thread of its own, and the app that shows it.

#[cfg(feature = "gui")]
mod desk;
mod engine;
#[cfg(feature = "gui")]
mod frames;
mod pacer;
mod session;
#[cfg(feature = "gui")]
mod window;

pub use session::{Command, Session, Status};
#[cfg(feature = "gui")]
pub use window::{AppError, run_window};
