//! The laws, as pure functions of numbers in SI units.
//!
//! Does: salt transport between two electrodes, growth and strain of the SEI, charge-transfer kinetics.
//! Does not: know the lattice, the ECS or a random number; nothing here keeps state but [`SaltProfile`].
//! Accuracy: stated with each law, and tested against the closed form where there is one.

pub mod kinetics;
mod salt_profile;
pub mod salt_transport;
pub mod sei_laws;

pub use salt_profile::{Passed, SaltProfile};
pub use sei_laws::FilmLaw;
