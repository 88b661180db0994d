//! Natrarium.
#[cfg(feature = "gui")]
pub mod capture;
pub mod lattice;
pub mod observables;
#[cfg(feature = "gui")]
pub mod render;
pub mod scene;
pub mod simulation;
