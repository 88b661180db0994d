//! What the instruments of the cell read in the present step.
//!
//! Does: hold the voltage in its parts, and whether the salt has run out.
//! Does not: compute them (`cell`).

use bevy_ecs::prelude::*;
use serde::Serialize;

/// Parts of the polarisation of the cell, V, all ≥ 0 in the direction of the current but where salt relaxes
/// against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct VoltageStack {
    /// Across the films of the electrode in the box: ⟨i·iδ/κ⟩/⟨i⟩.
    pub sei_v: f64,
    /// Its charge transfer, the rest of its overpotential: (2RT/F) asinh(i/2i₀) on a uniform surface.
    pub charge_transfer_v: f64,
    /// Nucleation on bare host: η_n times the share of the current that goes there.
    pub nucleation_v: f64,
    /// Salt concentration: (RT/F) ln of the ratio between the electrodes, not taken beyond 10⁶.
    pub concentration_v: f64,
    /// Electrolyte: i L/κ.
    pub ohmic_v: f64,
    /// Film and charge transfer of the counter electrode.
    pub counter_v: f64,
}

impl VoltageStack {
    /// Sum of the parts: how far the cell voltage is from equilibrium, V.
    pub fn total_v(&self) -> f64 {
        self.electrode_v() + self.concentration_v + self.ohmic_v + self.counter_v
    }

    /// Overpotential of the electrode in the box alone, V.
    pub fn electrode_v(&self) -> f64 {
        self.sei_v + self.charge_transfer_v + self.nucleation_v
    }
}

/// How the electrode in the box answers a small change of its current.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Response {
    /// ∂η/∂i of film and charge transfer per projected area, Ω m².
    pub ohm_m2: f64,
    /// Order in √c of the charge transfer, 0 to 1
    /// ([`uneven_resistivity`](crate::electrochemistry::salt_transport::uneven_resistivity)).
    pub kinetic_order: f64,
}

/// What the instruments read.
#[derive(Resource, Default)]
pub(crate) struct Readings {
    pub stack: VoltageStack,
    pub response: Response,
    /// True when there is no salt left at the electrode of the box.
    pub depleted: bool,
}
