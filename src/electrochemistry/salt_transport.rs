//! Laws of the salt between two electrodes: limiting current, Sand's time, Robin length.
//!
//! Does: the closed forms of a binary 1:1 electrolyte between flat electrodes.
//! Does not: solve for a profile ([`SaltProfile`](super::SaltProfile)).

use crate::units::FARADAY;
use std::f64::consts::PI;

/// Steady limiting current density i_lim = 2 F D c₀/((1−t₊) L), A m⁻². Infinite for t₊ = 1.
pub fn limiting_current_density(
    concentration_mol_m3: f64,
    diffusivity_m2_s: f64,
    transference_number: f64,
    gap_m: f64,
) -> f64 {
    2.0 * FARADAY * diffusivity_m2_s * concentration_mol_m3 / ((1.0 - transference_number) * gap_m)
}

/// Sand's time τ_S = π D (F c₀/(2 i (1−t₊)))², s.
///
/// The law of a half-space: the depletion must not feel the other electrode, which holds for currents above a
/// few limiting currents. Below the limiting current the salt never runs out; that comparison is the
/// caller's.
pub fn sand_time(
    concentration_mol_m3: f64,
    diffusivity_m2_s: f64,
    transference_number: f64,
    current_density_a_m2: f64,
) -> f64 {
    let ratio = FARADAY * concentration_mol_m3 / (2.0 * current_density_a_m2 * (1.0 - transference_number));
    PI * diffusivity_m2_s * ratio * ratio
}

/// Robin length ℓ = F D c_s/((1−t₊) i), m: how far an ion diffuses, in the mean, for one chance to react.
/// Infinite without current.
pub fn robin_length(
    surface_concentration_mol_m3: f64,
    diffusivity_m2_s: f64,
    transference_number: f64,
    current_density_a_m2: f64,
) -> f64 {
    let consumed = (1.0 - transference_number) * current_density_a_m2;
    if consumed > 0.0 {
        FARADAY * diffusivity_m2_s * surface_concentration_mol_m3 / consumed
    } else {
        f64::INFINITY
    }
}

/// Probability p = a/(a + ℓ) that a walker with unit steps of length a sticks at a contact. 1 is classical
/// diffusion-limited aggregation.
pub fn sticking_probability(edge_m: f64, robin_length_m: f64) -> f64 {
    edge_m / (edge_m + robin_length_m)
}
