//! Charge transfer and concentration at one surface.
//!
//! Does: Butler–Volmer with transfer coefficient ½ forwards and backwards, alone and behind a film that
//! conducts by hops, and the concentration part of the overpotential.
//! Does not: distribute a current over sites; that is the simulation's task.
//! Accuracy: closed forms, exact to rounding; the current behind a film to 10⁻¹⁰.

use crate::units::{FARADAY, GAS_CONSTANT};

/// Transfer coefficient α of the Butler–Volmer law in this model (†: symmetric barrier).
pub const TRANSFER_COEFFICIENT: f64 = 0.5;

/// Smallest ratio c_s/c₀ that [`concentration_overpotential`] looks at.
///
/// The dilute Nernst term diverges when the salt runs out. A cell would meet its cutoff voltage long before.
/// 10⁻⁶ caps the term at 355 mV (25 °C), the size of the jumps seen at Sand's time.
pub const SMALLEST_CONCENTRATION_RATIO: f64 = 1e-6;

/// Thermal voltage RT/F, V (25.7 mV at 25 °C).
pub fn thermal_voltage(temperature_k: f64) -> f64 {
    GAS_CONSTANT * temperature_k / FARADAY
}

/// Exchange current density i₀ = RT/(F R_ct), A m⁻², from the charge-transfer resistance, Ω m².
pub fn exchange_current_density(charge_transfer_resistance_ohm_m2: f64, temperature_k: f64) -> f64 {
    thermal_voltage(temperature_k) / charge_transfer_resistance_ohm_m2
}

/// Charge-transfer resistance R_ct = RT/(F i₀), Ω m², from the exchange current density, A m⁻².
pub fn charge_transfer_resistance(exchange_current_density_a_m2: f64, temperature_k: f64) -> f64 {
    thermal_voltage(temperature_k) / exchange_current_density_a_m2
}

/// Butler–Volmer current density, A m⁻²: i = 2 i₀ sinh(Fη/2RT). Positive η plates.
pub fn butler_volmer(exchange_current_density_a_m2: f64, overpotential_v: f64, temperature_k: f64) -> f64 {
    2.0 * exchange_current_density_a_m2
        * libm::sinh(TRANSFER_COEFFICIENT * overpotential_v / thermal_voltage(temperature_k))
}

/// Overpotential, V, that drives `current_density_a_m2`: η = (2RT/F) asinh(i/2i₀).
pub fn butler_volmer_overpotential(
    exchange_current_density_a_m2: f64,
    current_density_a_m2: f64,
    temperature_k: f64,
) -> f64 {
    thermal_voltage(temperature_k) / TRANSFER_COEFFICIENT
        * libm::asinh(current_density_a_m2 / (2.0 * exchange_current_density_a_m2))
}

/// Current density, A m⁻², at which the conduction of a film turns from linear to exponential in the field:
/// i_h = κ·2RT/(F a_h), from its conductivity at low fields κ, S/m, and the full jump a_h of an ion, m.
pub fn high_field_current_density(conductivity_s_m: f64, jump_m: f64, temperature_k: f64) -> f64 {
    conductivity_s_m * 2.0 * thermal_voltage(temperature_k) / jump_m
}

/// The surface of an electrode: charge transfer behind a film through which ions hop.
///
/// The film carries i = i_h sinh(F a_h E/2RT) (Cabrera and Mott, 10.1088/0034-4885/12/1/308): at low fields
/// it is a resistance, at high ones its voltage grows with the logarithm of the current.
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    /// Exchange current density of the charge transfer, A m⁻².
    pub exchange_a_m2: f64,
    /// Where the film turns from linear to exponential, A m⁻² ([`high_field_current_density`]).
    pub high_field_a_m2: f64,
    /// Temperature, K.
    pub temperature_k: f64,
}

impl Interface {
    /// Voltage over the film, V, of a resistance at low fields, Ω m², at a current density, A m⁻².
    pub fn film_v(&self, film_ohm_m2: f64, current_density_a_m2: f64) -> f64 {
        let turn = self.high_field_a_m2;
        film_ohm_m2 * turn * libm::asinh(current_density_a_m2 / turn)
    }

    /// Overpotential of film and charge transfer together, V, at a current density, A m⁻².
    pub fn overpotential(&self, film_ohm_m2: f64, current_density_a_m2: f64) -> f64 {
        self.film_v(film_ohm_m2, current_density_a_m2)
            + butler_volmer_overpotential(self.exchange_a_m2, current_density_a_m2, self.temperature_k)
    }

    /// Current density, A m⁻², that an overpotential, V, drives.
    ///
    /// Solves η = (2RT/F) v + R i_h asinh(2i₀ sinh v / i_h) for v by Newton's method, from the side from
    /// which it never overshoots: the right-hand side bends upwards where 2i₀ < i_h, else downwards.
    /// Relative accuracy 10⁻¹⁰.
    pub fn current(&self, film_ohm_m2: f64, overpotential_v: f64) -> f64 {
        let size = overpotential_v.abs();
        if size == 0.0 {
            return 0.0;
        }
        let tafel = thermal_voltage(self.temperature_k) / TRANSFER_COEFFICIENT;
        let ratio = 2.0 * self.exchange_a_m2 / self.high_field_a_m2;
        let film = film_ohm_m2 * self.high_field_a_m2;
        // The slope at v = 0 is the smallest of all where it bends upwards, else the largest.
        let mut v = (size / (tafel + film * ratio)).min(300.0);
        let mut sinh = 0.0;
        for _ in 0..60 {
            // Through expm1, so that nothing is lost for small v.
            let growth = libm::expm1(v);
            sinh = 0.5 * (growth + growth / (1.0 + growth));
            let cosh = (1.0 + sinh * sinh).sqrt();
            let through = ratio * sinh;
            let slope = tafel + film * ratio * cosh / (1.0 + through * through).sqrt();
            let step = (tafel * v + film * libm::asinh(through) - size) / slope;
            v -= step;
            if step.abs() <= 1e-5 * v.min(1.0) {
                // The rest of the way by the series of sinh.
                sinh += step * (step * (0.5 * sinh - step * cosh / 6.0) - cosh);
                break;
            }
        }
        (2.0 * self.exchange_a_m2 * sinh).copysign(overpotential_v)
    }

    /// Differential conductance di/dη, S m⁻², of the same path at a current density, A m⁻².
    pub fn conductance(&self, film_ohm_m2: f64, current_density_a_m2: f64) -> f64 {
        let flattened = |turn: f64| (1.0 + (current_density_a_m2 / turn).powi(2)).sqrt();
        let transfer =
            thermal_voltage(self.temperature_k) / (self.exchange_a_m2 * flattened(2.0 * self.exchange_a_m2));
        1.0 / (film_ohm_m2 / flattened(self.high_field_a_m2) + transfer)
    }
}

/// Concentration overpotential 2(1−t₊)(RT/F) ln(c₁/c₂), V, between two electrodes of the metal that the salt
/// of a binary 1:1 electrolyte leaves and reaches at c₁ and c₂: a concentration cell with transference. The
/// salt counts as ideal†: its factor 1 + d ln f/d ln c is left out.
///
/// c₂/c₁ is not taken below [`SMALLEST_CONCENTRATION_RATIO`], so the value stays finite when the salt has run
/// out. Newman and Balsara, Electrochemical Systems, 4th ed., chapter 12.
pub fn concentration_overpotential(
    leaving_mol_m3: f64,
    reached_mol_m3: f64,
    transference_number: f64,
    temperature_k: f64,
) -> f64 {
    let ratio = (reached_mol_m3 / leaving_mol_m3).max(SMALLEST_CONCENTRATION_RATIO);
    // Rounding of the profile is no overpotential.
    if (ratio - 1.0).abs() < 1e-9 {
        return 0.0;
    }
    -2.0 * (1.0 - transference_number) * thermal_voltage(temperature_k) * libm::log(ratio)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOM_K: f64 = 298.15;

    #[test]
    fn small_overpotentials_are_ohmic() {
        let resistance = 40e-4;
        let i0 = exchange_current_density(resistance, ROOM_K);
        // sinh(x) = x + x³/6: at 1 mV the cubic term is 6×10⁻⁵ of the linear one.
        let i = butler_volmer(i0, 1e-3, ROOM_K);
        assert!((i * resistance / 1e-3 - 1.0).abs() < 1e-4);
        assert!((charge_transfer_resistance(i0, ROOM_K) / resistance - 1.0).abs() < 1e-14);
    }

    #[test]
    fn large_overpotentials_are_tafel() {
        // One decade of current costs ln(10)·2RT/F = 118.3 mV at 25 °C and α = ½.
        let step =
            butler_volmer_overpotential(1.0, 1e5, ROOM_K) - butler_volmer_overpotential(1.0, 1e4, ROOM_K);
        assert!((step - 0.1183).abs() < 1e-4);
    }

    #[test]
    fn films_conduct_linearly_at_low_fields_and_by_the_logarithm_at_high_ones() {
        // 16 nm of a film of 10⁻⁶ S/m with jumps of 0.5 nm.
        let (conductivity, thickness) = (1e-6, 16e-9);
        let turn = high_field_current_density(conductivity, 0.5e-9, ROOM_K);
        let face = Interface { exchange_a_m2: 1.0, high_field_a_m2: turn, temperature_k: ROOM_K };
        let linear_v = |i: f64| i * thickness / conductivity;
        assert!((face.film_v(thickness / conductivity, 1.0) / linear_v(1.0) - 1.0).abs() < 1e-4);
        // 3×10⁸ V/m in the linear law: 4.8 V, of which a film that hops needs 3 V.
        assert!((face.film_v(thickness / conductivity, 300.0) / linear_v(300.0) - 0.61).abs() < 0.01);
        let decade = face.film_v(1.0, 1e4 * turn) - face.film_v(1.0, 1e3 * turn);
        assert!((decade / (turn * 10f64.ln()) - 1.0).abs() < 1e-5);
    }

    #[test]
    fn concentration_part_is_zero_at_rest_and_finite_when_depleted() {
        assert_eq!(concentration_overpotential(1000.0, 1000.0, 0.4, ROOM_K), 0.0);
        // 1.2 (RT/F) ln 10⁶.
        let depleted = concentration_overpotential(1000.0, 0.0, 0.4, ROOM_K);
        assert!((depleted - 0.426).abs() < 1e-3, "{depleted}");
    }

    proptest! {
        #[test]
        fn current_through_a_film_inverts_the_sum_of_the_drops(
            i0 in 1e-3..1e3f64, log_r in -8.0..2.0f64, log_turn in -2.0..5.0f64, i in -1e4..1e4f64, t in 253.0..370.0f64
        ) {
            let (film, turn) = (10f64.powf(log_r), 10f64.powf(log_turn));
            let face = Interface { exchange_a_m2: i0, high_field_a_m2: turn, temperature_k: t };
            let eta = face.overpotential(film, i);
            let back = face.current(film, eta);
            prop_assert!((back - i).abs() <= 1e-9 * i.abs().max(1e-6), "{back} for {i}");
            let (more, less) = (eta + 1e-6 * eta.abs().max(1e-3), eta - 1e-6 * eta.abs().max(1e-3));
            let slope = (face.current(film, more) - face.current(film, less)) / (more - less);
            prop_assert!((slope / face.conductance(film, i) - 1.0).abs() < 1e-3);
        }

        #[test]
        fn overpotential_inverts_current(i0 in 1e-3..1e3f64, i in -1e4..1e4f64, t in 253.0..370.0f64) {
            let back = butler_volmer(i0, butler_volmer_overpotential(i0, i, t), t);
            prop_assert!((back - i).abs() <= 1e-9 * i.abs().max(i0));
        }
    }
}
