//! How the film on the metal grows, relaxes and lets metal creep.
//!
//! Does: thickness of a film of given age under parabolic growth with dissolution, exactly
//! ([`film_thickness`]) and from a table fast enough for every surface site at every step ([`FilmLaw`]);
//! Maxwell relaxation of its strain; the Arrhenius factor, the creep length and the hops of surface
//! diffusion.
//! Does not: know patches or sites.
//! Accuracy: the closed forms to rounding, the table to 0.5 %, for shrinking films to 1 % of the initial
//! thickness (tested; about 0.05 % in practice).

use crate::units::{FARADAY, GAS_CONSTANT, REFERENCE_TEMPERATURE_K};

/// Thickness, m, at age `age_s` of a film that starts at δ₀ and obeys dδ/dt = P/δ − r.
///
/// `initial_m` = δ₀ ≥ 0, `growth_m2_s` = P ≥ 0, `dissolution_m_s` = r ≥ 0. Exact: in units of the steady
/// thickness P/r and the time P/r², y(T) solves −ln|1−y| − y = const + T. Newton's method inverts it in the
/// logarithm of |1−y|, where the function is convex. Limits: r = 0 gives √(δ₀² + 2Pt); a film thinner than
/// P/r grows towards it, a thicker one shrinks towards it; P = 0 dissolves to nothing.
pub fn film_thickness(initial_m: f64, growth_m2_s: f64, dissolution_m_s: f64, age_s: f64) -> f64 {
    if growth_m2_s <= 0.0 {
        return (initial_m - dissolution_m_s * age_s).max(0.0);
    }
    if dissolution_m_s <= 0.0 {
        return (initial_m * initial_m + 2.0 * growth_m2_s * age_s).sqrt();
    }
    let steady_m = growth_m2_s / dissolution_m_s;
    let start = initial_m / steady_m;
    let time = age_s * dissolution_m_s / steady_m;
    if start == 1.0 {
        steady_m
    } else if start < 1.0 {
        steady_m * grown(start, time)
    } else {
        steady_m * shrunk(start, time)
    }
}

/// expm1(u) − u without cancellation near zero.
fn exponential_excess(u: f64) -> f64 {
    if u.abs() < 1e-2 {
        // Next term u⁶/720: below 10⁻¹¹ of the first.
        u * u * (0.5 + u * (1.0 / 6.0 + u * (1.0 / 24.0 + u / 120.0)))
    } else {
        libm::expm1(u) - u
    }
}

/// y(T) for dy/dT = 1/y − 1 from y₀ < 1. With u = ln(1−y): eᵘ − u − 1 = (its value at y₀) + T.
fn grown(start: f64, time: f64) -> f64 {
    let target = exponential_excess(libm::log1p(-start)) + time;
    if target == 0.0 {
        return start;
    }
    let mut u = if target < 1.0 { -(2.0 * target).sqrt() } else { -(1.0 + target) };
    for _ in 0..30 {
        let step = (exponential_excess(u) - target) / libm::expm1(u);
        u -= step;
        if step.abs() <= 1e-14 * u.abs() {
            break;
        }
    }
    -libm::expm1(u)
}

/// y(T) for dy/dT = 1/y − 1 from y₀ > 1. With u = ln(y−1): eᵘ + u = (its value at y₀) − T.
fn shrunk(start: f64, time: f64) -> f64 {
    let target = (start - 1.0) + libm::log(start - 1.0) - time;
    let mut u = if target > 1.0 { libm::log(target) } else { target };
    for _ in 0..50 {
        let power = libm::exp(u);
        let step = (power + u - target) / (power + 1.0);
        u -= step;
        if step.abs() <= 1e-14 * u.abs().max(1.0) {
            break;
        }
    }
    1.0 + libm::exp(u)
}

/// Binary logarithm of the number of nodes per octave of 1 + age/t₀ in a [`FilmLaw`].
const NODES_PER_OCTAVE_LOG2: u32 = 5;
/// Octaves in the table: ages up to 2⁴⁰ t₀.
const OCTAVES: usize = 40;
/// Thinnest starting film, m, for which the table resolves the first moments.
const THINNEST_START_M: f64 = 1e-10;

/// [`film_thickness`] for one parameter set, tabulated over age.
///
/// The nodes lie at 1 + age/t₀ = 2ⁿ(1 + k/32), with t₀ the time in which the film first changes by about its
/// own thickness. Node number and remainder are then bits of the floating-point number. A call costs one
/// division, one look-up and one multiplication. Between nodes the thickness is linear, hence monotone.
#[derive(Clone, Debug)]
pub struct FilmLaw {
    thickness_m: Box<[f64]>,
    initial_time_s: f64,
}

impl FilmLaw {
    /// Tabulates the law for δ₀ = `initial_m`, P = `growth_m2_s`, r = `dissolution_m_s`.
    pub fn new(initial_m: f64, growth_m2_s: f64, dissolution_m_s: f64) -> Self {
        let start_m = initial_m.max(THINNEST_START_M);
        let rate_per_s = 2.0 * growth_m2_s / (start_m * start_m) + dissolution_m_s / start_m;
        let initial_time_s = if rate_per_s > 0.0 { 1.0 / rate_per_s } else { 1.0 };
        let per_octave = 1usize << NODES_PER_OCTAVE_LOG2;
        let thickness_m = (0..=OCTAVES * per_octave)
            .map(|node| {
                let octave = 2f64.powi((node / per_octave) as i32);
                let argument = octave * (1.0 + (node % per_octave) as f64 / per_octave as f64);
                film_thickness(initial_m, growth_m2_s, dissolution_m_s, (argument - 1.0) * initial_time_s)
            })
            .collect();
        Self { thickness_m, initial_time_s }
    }

    /// Thickness, m, of a film of this age, s. Negative ages count as 0; past the end of the table
    /// (2⁴⁰ t₀) the last value stays.
    pub fn thickness_m(&self, age_s: f64) -> f64 {
        let bits = (1.0 + age_s.max(0.0) / self.initial_time_s).to_bits();
        // A positive float's bits, less those of 1.0, count the nodes; what is below
        // them is the place between two nodes.
        let fraction_bits = 52 - NODES_PER_OCTAVE_LOG2;
        let offset = bits - 1f64.to_bits();
        let node = (offset >> fraction_bits) as usize;
        let Some(pair) = self.thickness_m.get(node..node + 2) else {
            return self.thickness_m[self.thickness_m.len() - 1];
        };
        let fraction = (offset & ((1 << fraction_bits) - 1)) as f64 / (1u64 << fraction_bits) as f64;
        pair[0] + fraction * (pair[1] - pair[0])
    }
}

/// exp(−E_a/R · (1/T − 1/T_ref)) with T_ref = 25 °C: the factor by which a rate given at 25 °C changes.
pub fn arrhenius_factor(activation_j_mol: f64, temperature_k: f64) -> f64 {
    libm::exp(-activation_j_mol / GAS_CONSTANT * (1.0 / temperature_k - 1.0 / REFERENCE_TEMPERATURE_K))
}

/// Share of its strain that a Maxwell film (spring and dashpot in series) gives up in `duration_s`: 1 −
/// e^(−t/τ).
pub fn relaxed_share(duration_s: f64, relaxation_s: f64) -> f64 {
    -libm::expm1(-duration_s / relaxation_s)
}

/// Elastic strain of a Maxwell film stretched at a constant rate for a time in which it gives up the `share`
/// of its strain ([`relaxed_share`]).
///
/// Exact for a constant rate, whatever the step: ε_e(t) = ε_e(0) e^(−t/τ) + ε̇ τ (1 − e^(−t/τ)). Fast
/// stretching leaves it elastic (ε_e ≈ ε̇ t), slow stretching flows (ε_e → ε̇ τ): this is where a critical
/// current comes from.
pub fn relaxed_strain(elastic_strain: f64, strain_rate_per_s: f64, share: f64, relaxation_s: f64) -> f64 {
    elastic_strain * (1.0 - share) + strain_rate_per_s * relaxation_s * share
}

/// Current density, A m⁻², at which creep lengths are given (1 mA cm⁻²).
pub const CREEP_REFERENCE_CURRENT_A_M2: f64 = 10.0;

/// Creep length λ_c = λ_ref · (i/1 mA cm⁻²)^−m · Arrhenius, m†.
///
/// Metal that is extruded faster has less time to creep sideways. Currents below 1 % of the
/// reference count as 1 %: the power law has no meaning towards rest.
pub fn creep_length(
    reference_length_m: f64,
    current_exponent: f64,
    activation_j_mol: f64,
    current_density_a_m2: f64,
    temperature_k: f64,
) -> f64 {
    let current = (current_density_a_m2 / CREEP_REFERENCE_CURRENT_A_M2).max(0.01);
    reference_length_m
        * libm::pow(current, -current_exponent)
        * arrhenius_factor(activation_j_mol, temperature_k)
}

/// Stress at which the metal flows below a coating†, in the unit of the one at 1 mA cm⁻²: power-law creep, so
/// that it goes with the current to a small power.
pub fn flow_stress(at_reference: f64, current_exponent: f64, current_density_a_m2: f64) -> f64 {
    let current = current_density_a_m2.abs() / CREEP_REFERENCE_CURRENT_A_M2;
    at_reference * libm::pow(current, current_exponent)
}

/// Time, s, to plate one layer of thickness `edge_m`: F a/(V_m i); infinite without current.
pub fn layer_time(edge_m: f64, molar_volume_m3_mol: f64, current_density_a_m2: f64) -> f64 {
    if current_density_a_m2 > 0.0 {
        FARADAY * edge_m / (molar_volume_m3_mol * current_density_a_m2)
    } else {
        f64::INFINITY
    }
}

/// Hops m = D_s τ/a² an atom makes along the surface in the time τ (for plating, [`layer_time`]).
pub fn surface_hops(surface_diffusivity_m2_s: f64, time_s: f64, edge_m: f64) -> f64 {
    surface_diffusivity_m2_s * time_s / (edge_m * edge_m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CARBONATE: f64 = 5e-19;

    #[test]
    fn without_dissolution_growth_is_parabolic() {
        let year_s = 3.15e7;
        let expected = (25e-18 + 2.0 * CARBONATE * year_s).sqrt();
        assert!((film_thickness(5e-9, CARBONATE, 0.0, year_s) / expected - 1.0).abs() < 1e-14);
        // A vanishing dissolution joins on without a jump.
        assert!(
            (film_thickness(5e-9, CARBONATE, 1e-22, 3600.0) / film_thickness(5e-9, CARBONATE, 0.0, 3600.0)
                - 1.0)
                .abs()
                < 1e-6
        );
    }

    #[test]
    fn films_meet_at_the_steady_thickness() {
        let dissolution = 1e-11; // steady at 50 nm
        let thin = film_thickness(5e-9, CARBONATE, dissolution, 1e6);
        let thick = film_thickness(500e-9, CARBONATE, dissolution, 1e6);
        assert!((thin / 50e-9 - 1.0).abs() < 1e-6 && (thick / 50e-9 - 1.0).abs() < 1e-6);
        assert!((film_thickness(50e-9, 5e-19, 1e-11, 77.0) / 50e-9 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn without_growth_the_film_dissolves() {
        assert!((film_thickness(5e-9, 0.0, 1e-12, 1e3) - 4e-9).abs() < 1e-20);
        assert_eq!(film_thickness(5e-9, 0.0, 1e-12, 1e5), 0.0);
    }

    proptest! {
        #[test]
        fn thickness_obeys_its_rate_law(
            initial in -9.0..-7.0f64, growth in -22.0..-18.0f64, dissolution in -14.0..-10.0f64, age in 0.0..6.0f64
        ) {
            let [initial, growth, dissolution, age] = [initial, growth, dissolution, age].map(|e| 10f64.powf(e));
            let delta = film_thickness(initial, growth, dissolution, age);
            // Central difference: the error is (h/t)²-like, 10⁻⁶ here, against the larger term of the rate.
            let h = 1e-3 * age.min(delta * delta / growth).min(delta / dissolution);
            let rate = (film_thickness(initial, growth, dissolution, age + h)
                - film_thickness(initial, growth, dissolution, age - h)) / (2.0 * h);
            let (grow, dissolve) = (growth / delta, dissolution);
            prop_assert!((rate - (grow - dissolve)).abs() < 1e-4 * grow.max(dissolve), "{rate} {grow} {dissolve}");
        }

        #[test]
        fn table_is_within_half_a_percent_and_monotone(
            initial in -10.0..-7.0f64, growth in -23.0..-17.0f64, dissolution in -14.0..-10.0f64, age in -3.0..8.0f64
        ) {
            let [initial, growth, dissolution, age] = [initial, growth, dissolution, age].map(|e| 10f64.powf(e));
            let law = FilmLaw::new(initial, growth, dissolution);
            let exact = film_thickness(initial, growth, dissolution, age);
            let table = law.thickness_m(age);
            let grows = initial * dissolution < growth;
            // A film that dissolves to a trace of itself, with a kink where it ends, is held to 1 % of what
            // it was.
            let allowed = if grows { 5e-3 * exact } else { 1e-2 * initial };
            prop_assert!((table - exact).abs() < allowed, "{table} for {exact}");
            let later = law.thickness_m(age * 1.01);
            let monotone = if grows { later >= table } else { later <= table };
            prop_assert!(monotone, "{table} then {later}");
        }

        #[test]
        fn strain_step_does_not_depend_on_its_length(e in 0.0..0.1f64, rate in 0.0..1e-3f64, dt in 0.0..1e4f64, tau in 1.0..1e4f64) {
            let half = relaxed_share(dt / 2.0, tau);
            let once = relaxed_strain(e, rate, relaxed_share(dt, tau), tau);
            let twice = relaxed_strain(relaxed_strain(e, rate, half, tau), rate, half, tau);
            prop_assert!((once - twice).abs() < 1e-12 + 1e-12 * once);
        }
    }

    #[test]
    fn table_handles_its_ends() {
        let law = FilmLaw::new(5e-9, CARBONATE, 0.0);
        assert_eq!(law.thickness_m(-1.0), 5e-9);
        assert_eq!(law.thickness_m(0.0), 5e-9);
        assert!(law.thickness_m(f64::INFINITY).is_finite());
        assert_eq!(FilmLaw::new(5e-9, 0.0, 0.0).thickness_m(1e9), 5e-9);
    }

    #[test]
    fn fast_stretching_is_elastic_and_slow_stretching_flows() {
        assert!((relaxed_strain(0.0, 1.0, relaxed_share(1e-6, 1.0), 1.0) - 1e-6).abs() < 1e-11);
        assert!((relaxed_strain(0.0, 1e-5, relaxed_share(1e6, 600.0), 600.0) - 6e-3).abs() < 1e-15);
    }

    #[test]
    fn creep_is_shorter_in_the_cold_and_at_high_current() {
        let at = |i, t| creep_length(6e-6, 0.5, 10e3, i, t);
        assert!((at(10.0, REFERENCE_TEMPERATURE_K) - 6e-6).abs() < 1e-18);
        assert!((at(40.0, REFERENCE_TEMPERATURE_K) - 3e-6).abs() < 1e-12);
        assert!(at(10.0, 263.15) < at(10.0, 298.15));
        assert!(at(0.0, 298.15).is_finite());
    }

    #[test]
    fn a_layer_takes_its_charge() {
        // 0.5 µm of sodium at 1 mA cm⁻²: 0.5/8.86 mAh cm⁻², that is 203 s.
        assert!((layer_time(0.5e-6, 23.75e-6, 10.0) - 203.1).abs() < 0.1);
    }
}
