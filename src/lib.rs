//! Natrarium.
pub mod app;
pub mod lattice;
pub mod observables;
pub mod scene;
pub mod simulation;
