//! The overpotential of the plated electrode as a stack of its parts.
//!
//! Does: add SEI, charge transfer, concentration and nucleation. Does not: the counter electrode, the ohmic drop of the electrolyte.
//! Accuracy: every face carries current in proportion to its linear conductance g (the same rule that places
//! ions); the SEI part is the current-weighted mean drop across the film, charge transfer is Butler–Volmer (α = ½) at the
//! current density that the mean ion meets. Exact for a uniform surface.

use crate::electrochemistry::kinetics;
use crate::simulation::Simulation;

/// Parts of the overpotential, V, all ≥ 0 while plating.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VoltageStack {
    /// Across the film: ⟨i δ/κ⟩.
    pub sei_v: f64,
    /// Charge transfer: (2RT/F) asinh(i/2i₀).
    pub charge_transfer_v: f64,
    /// Concentration: (RT/F) ln(c₀/c_s); c_s/c₀ is not taken below 10⁻⁶.
    pub concentration_v: f64,
    /// Nucleation on bare host: η_n times the share of the current that still goes there.
    pub nucleation_v: f64,
}

impl VoltageStack {
    /// Reads the stack off a simulation; all 0 at rest but the concentration part.
    pub fn measure(simulation: &Simulation) -> Self {
        let temperature_k = simulation.temperature_k();
        let concentration_v = kinetics::concentration_overpotential(
            simulation.initial_concentration_mol_m3(),
            simulation.salt_profile().surface_concentration(),
            temperature_k,
        );
        let sums = simulation.film_sums();
        let current = simulation.current_density_a_m2();
        if current == 0.0 || sums.conductance <= 0.0 {
            return Self { concentration_v, ..Self::default() };
        }
        // Linear drop that drives the current: i·A = η a² Σ g.
        let face_m2 = simulation.edge_m() * simulation.edge_m();
        let linear_v = current * simulation.projected_area_m2() / (face_m2 * sums.conductance);
        let local = linear_v * sums.conductance_squared / sums.conductance;
        let i0 = kinetics::exchange_current_density(simulation.charge_transfer_ohm_m2(), temperature_k);
        Self {
            sei_v: linear_v * sums.film_share / sums.conductance,
            charge_transfer_v: kinetics::butler_volmer_overpotential(i0, local, temperature_k),
            concentration_v,
            nucleation_v: simulation.nucleation_overpotential_v() * sums.host_conductance / sums.conductance,
        }
    }

    /// Sum of the parts, V.
    pub fn total_v(&self) -> f64 {
        self.sei_v + self.charge_transfer_v + self.concentration_v + self.nucleation_v
    }
}
