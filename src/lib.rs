//! Natrarium.
pub mod cli;
pub mod electrochemistry;
pub mod export;
pub mod lattice;
pub mod observables;
pub mod scene;
pub mod simulation;
pub mod units;
