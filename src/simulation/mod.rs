//! The simulation: one ECS world, one schedule.
use crate::scene::Scene;
use serde::{Deserialize, Serialize};

/// A change of the operating conditions while a run goes on. Logged with the step at which it acts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Control {
    /// Applied current density, A m⁻² (10 A m⁻² = 1 mA cm⁻²).
    CurrentDensity {
        /// New value, ≥ 0.
        a_per_m2: f64,
    },
}

/// Why a scene could not become a simulation.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The lattice would need more memory than there is.
    #[error(
        "the lattice of {sites} sites needs about {needed_mib} MiB, {available_mib} MiB are free; choose fewer sites in `lattice.sites`"
    )]
    Memory {
        /// Sites asked for.
        sites: u64,
        /// Memory needed, MiB.
        needed_mib: u64,
        /// Memory free, MiB.
        available_mib: u64,
    },
}

/// One run.
pub struct Simulation;

impl Simulation {
    /// Builds the world of `scene` with all random numbers derived from `seed`.
    pub fn new(_scene: &Scene, _seed: u64) -> Result<Self, BuildError> {
        todo!()
    }
    /// Runs `steps` steps. One step is a fixed small charge (1/64 of a monolayer) at the present current, or a fixed time at rest.
    pub fn advance(&mut self, _steps: u64) {
        todo!()
    }
    /// Applies a control change before the next step and logs it.
    pub fn control(&mut self, _control: Control) {
        todo!()
    }
    /// True when one of the scene's limits, or the top of the box, is reached.
    pub fn time_s(&self) -> f64 {
        todo!()
    }
    /// True when one of the scene limits, or the top of the box, is reached.
    pub fn finished(&self) -> bool {
        todo!()
    }
}
