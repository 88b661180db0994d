//! Natrarium.
pub mod lattice;
pub mod observables;
