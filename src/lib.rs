//! Natrarium.
pub mod app;
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
#[cfg(feature = "gui")]
pub mod ui;
pub mod units;
