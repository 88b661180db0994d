//! Laws of the salt between two electrodes: limiting current, Sand's time, Robin length.
//!
//! Does: the closed forms of a binary 1:1 electrolyte between flat electrodes.
//! Does not: solve for a profile ([`SaltProfile`](super::SaltProfile)).

use super::kinetics::thermal_voltage;
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

/// What a current has to overcome in the electrolyte on a longer way to the electrode, Ω m:
/// 1/κ + (1−t₊)(2(1−t₊) + s) RT/(F² D c). Infinite without salt.
///
/// A current that is uneven by δi over a wave number q changes the potential before the electrode by
/// δi/(κ q). It changes the concentration by (1−t₊) δi/(F D q), and with it the concentration overpotential
/// and the exchange current density, which goes with √c. `kinetic_order` s is the share of that: i/√(i² +
/// 4i₀²), 0 for slow currents, 1 on the Tafel line.
pub fn uneven_resistivity(
    concentration_mol_m3: f64,
    diffusivity_m2_s: f64,
    transference_number: f64,
    conductivity_s_m: f64,
    kinetic_order: f64,
    temperature_k: f64,
) -> f64 {
    let anions = 1.0 - transference_number;
    let salt = anions * (2.0 * anions + kinetic_order) * thermal_voltage(temperature_k)
        / (FARADAY * diffusivity_m2_s * concentration_mol_m3);
    1.0 / conductivity_s_m + salt
}

/// Robin length ℓ = (∂η/∂i)/ρ, m: the way through the electrolyte that costs a current as much as the film
/// and the charge transfer do.
///
/// `response_ohm_m2` is ∂η/∂i of the electrode per projected area, `uneven_ohm_m` is ρ
/// ([`uneven_resistivity`]). On an electrode with a ripple of height h and wave number q, qh ≪ 1, the current
/// is uneven by δi/i = qh/(1 + qℓ): primary, secondary and tertiary current distribution in one number.
pub fn robin_length(response_ohm_m2: f64, uneven_ohm_m: f64) -> f64 {
    response_ohm_m2 / uneven_ohm_m
}

/// Probability p = a/(a + ℓ) that a walker with unit steps of length a sticks at a contact. 1 is classical
/// diffusion-limited aggregation.
pub fn sticking_probability(edge_m: f64, robin_length_m: f64) -> f64 {
    edge_m / (edge_m + robin_length_m)
}
