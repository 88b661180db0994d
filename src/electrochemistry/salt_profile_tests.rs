//! Tests of `salt_profile.rs`.

use super::*;
use crate::electrochemistry::salt_transport::sticking_probability;
use proptest::prelude::*;

/// 0.1 M, D = 10⁻¹⁰ m² s⁻¹, t₊ = 0.4, 200 µm: i_lim = 16.1 A m⁻².
fn dilute() -> SaltProfile {
    SaltProfile::new(100.0, 1e-10, 0.4, 200e-6)
}

#[test]
fn without_current_nothing_changes() {
    let mut salt = dilute();
    salt.advance(1e6, 0.0);
    assert!(salt.points().all(|(_, c)| (c - 100.0).abs() < 1e-9));
}

/// A shift of the current by δi moves the potential by δi/κ and the concentration by (1−t₊) δi/(F D) per
/// length. ρ is the voltage that both cost, by the overpotential of the salt.
#[test]
fn the_resistance_against_an_uneven_current_is_that_of_drop_and_concentration() {
    let mut salt = dilute();
    salt.advance(1e5, 0.4 * salt.limiting_current_density());
    let (conductivity, temperature_k) = (0.3, 298.15);
    let at = salt.surface_concentration();
    assert!((at / 60.0 - 1.0).abs() < 1e-6);
    // Over a nanometre, 1 A m⁻².
    let less = at - 1e-9 * 0.6 / (crate::units::FARADAY * 1e-10);
    let salt_v = super::super::kinetics::concentration_overpotential(at, less, 0.4, temperature_k);
    let drop_v = 1e-9 / (conductivity * at / 100.0);
    let found = salt.uneven_resistivity(conductivity, 0.0, temperature_k);
    assert!((found / ((salt_v + drop_v) / 1e-9) - 1.0).abs() < 1e-4, "{found}");
    // i₀ ∝ √c on the Tafel line, i = i₀ e^(Fη/2RT): a loss of c costs RT/F ln c more.
    let kinetic_v = -0.02569259 * (less / at).ln();
    let found = salt.uneven_resistivity(conductivity, 1.0, temperature_k);
    assert!((found / ((salt_v + drop_v + kinetic_v) / 1e-9) - 1.0).abs() < 1e-4, "{found}");
}

#[test]
fn depleted_salt_carries_the_limiting_current_and_recovers() {
    let mut salt = dilute();
    let limit = salt.limiting_current_density();
    salt.advance(1e4, 3.0 * limit);
    assert!(salt.depleted() && salt.surface_concentration() == 0.0);
    assert_eq!(salt.uneven_resistivity(0.5, 0.0, 298.15), f64::INFINITY);
    assert!((salt.carried_current_density() / limit - 1.0).abs() < 1e-6);
    salt.advance(1.0, 0.2 * limit);
    assert!(!salt.depleted() && salt.surface_concentration() > 0.0);
    assert_eq!(salt.carried_current_density(), 0.2 * limit);
}

#[test]
fn stripping_is_plating_seen_from_the_other_side() {
    let (mut plated, mut stripped) = (dilute(), dilute());
    for current in [5.0, 12.0, 40.0] {
        plated.advance(60.0, current);
        stripped.advance(60.0, -current);
        assert_eq!(plated.depleted(), stripped.depleted());
        let (here, there) = (plated.surface_concentration(), stripped.counter_concentration());
        assert!((here - there).abs() < 1e-9, "{here} and {there}");
        let ratio = plated.carried_current_density() / stripped.carried_current_density();
        assert!((ratio + 1.0).abs() < 1e-9);
    }
    assert!(stripped.surface_concentration() > 100.0);
}

#[test]
fn a_current_far_beyond_the_limit_is_survived() {
    let mut salt = dilute();
    salt.advance(1e-3, 1e6);
    assert!(salt.depleted() && salt.carried_current_density().is_finite());
    assert!(salt.points().all(|(_, c)| c.is_finite() && c >= 0.0));
}

#[test]
fn a_single_ion_conductor_has_no_gradient() {
    let mut salt = SaltProfile::new(1000.0, 1e-10, 1.0, 200e-6);
    salt.advance(1e4, 1e4);
    assert!(!salt.depleted() && (salt.surface_concentration() - 1000.0).abs() < 1e-6);
}

#[test]
fn walkers_stick_at_once_when_the_salt_is_gone() {
    assert_eq!(sticking_probability(0.5e-6, 0.0), 1.0);
    assert_eq!(sticking_probability(0.5e-6, f64::INFINITY), 0.0);
}

/// Share of the current that lands in a layer, over its thickness and for the rest of the gap open.
fn above(layers: usize, layer_m: f64, open: f64, landing: impl Fn(usize) -> f64) -> SaltProfile {
    let mut salt = dilute();
    let landing: Vec<f64> = (0..=layers).map(landing).collect();
    let mut opens = vec![open; layers];
    opens.push(1.0);
    salt.set_deposit(layer_m, &opens, &landing);
    salt.fill();
    salt
}

/// Anions are conserved: with no salt left behind the tips, i_lim = i_lim(0)/(1 − h/L)².
#[test]
fn tips_at_a_height_are_fed_by_all_the_salt() {
    let flat = dilute().limiting_current_density();
    for height_um in [20.0, 60.0, 120.0] {
        // The same at three thicknesses of a layer.
        for layers in [40, 160, 640] {
            let mut salt = above(layers, 1e-6 * height_um / layers as f64, 1.0, |n| f64::from(n == layers));
            let law = flat / (1.0 - height_um / 200.0_f64).powi(2);
            assert!((salt.limiting_current_density() / law - 1.0).abs() < 0.02, "{height_um} {layers}");
            salt.advance(1e4, 3.0 * law);
            assert!((salt.carried_current_density() / salt.limiting_current_density() - 1.0).abs() < 1e-6);
        }
    }
}

/// A dead layer of height h and porosity ε, the current at its foot:
/// i_lim = F D S/{(1−t₊)[(L−h)²/2 + θh(L−h) + εθh²/2]}, θ = ε^−1.5, S the salt per area.
#[test]
fn a_dead_layer_lengthens_the_path() {
    for (height_um, open) in [(20.0, 0.5), (60.0, 0.3), (100.0, 0.7)] {
        let mut salt = above(1000, 1e-9 * height_um, open, |n| f64::from(n == 0));
        let (h, above_m, theta): (f64, f64, f64) =
            (1e-6 * height_um, 1e-6 * (200.0 - height_um), f64::powf(open, -1.5));
        let length2 = 0.5 * above_m * above_m + theta * h * above_m + 0.5 * open * theta * h * h;
        let law = FARADAY * 1e-10 * salt.salt_mol_m2() / (0.6 * length2);
        assert!((salt.limiting_current_density() / law - 1.0).abs() < 0.01, "{height_um}");
        salt.advance(1e5, 5.0 * law);
        assert!((salt.carried_current_density() / law - 1.0).abs() < 0.01);
    }
}

#[test]
fn a_charge_that_the_salt_cannot_carry_in_time_takes_longer() {
    let mut salt = dilute();
    let limit = salt.limiting_current_density();
    salt.advance(1e4, 3.0 * limit);
    let passed = salt.pass(3.0 * limit, 10.0, 1e3);
    assert!((passed.charge_c_m2 / (30.0 * limit) - 1.0).abs() < 1e-9);
    assert!((passed.duration_s / 30.0 - 1.0).abs() < 1e-6, "{passed:?}");
    let cut = salt.pass(3.0 * limit, 10.0, 12.0);
    assert!((cut.duration_s - 12.0).abs() < 1e-9 && (cut.charge_c_m2 / (12.0 * limit) - 1.0).abs() < 1e-6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Whatever the history, salt is conserved and no concentration is negative.
    #[test]
    fn any_history_conserves_salt(history in prop::collection::vec((-4.0..5.0f64, 0.0..20.0f64), 1..8)) {
        let mut salt = dilute();
        for (log_duration, over_limit) in history {
            salt.advance(10f64.powf(log_duration), over_limit * salt.limiting_current_density());
            prop_assert!((salt.mean_concentration() / 100.0 - 1.0).abs() < 1e-12);
            for (_, c) in salt.points() {
                prop_assert!(c > -1e-3, "{c}");
            }
        }
    }
}
