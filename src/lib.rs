//! Natrarium.
#[cfg(feature = "gui")]
pub mod capture;
pub mod cli;
pub mod electrochemistry;
pub mod export;
pub mod lattice;
pub mod observables;
#[cfg(feature = "gui")]
pub mod render;
pub mod scene;
pub mod simulation;
pub mod units;
