//! The program with a window: a simulation on a thread of its own, and the app that shows it.

mod engine;
mod pacer;
mod session;
pub use session::{Command, Session, Status};
