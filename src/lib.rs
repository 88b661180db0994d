//! Natrarium.
pub mod app;
pub mod electrochemistry;
pub mod export;
pub mod lattice;
pub mod observables;
pub mod scene;
pub mod simulation;
#[cfg(feature = "gui")]
pub mod ui;
pub mod units;
