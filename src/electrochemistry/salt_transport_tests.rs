//! Tests of `salt_transport.rs`.

use super::*;
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
    assert_eq!(salt.robin_length(0.0), f64::INFINITY);
}

#[test]
fn steady_robin_length_follows_from_the_limiting_current() {
    let mut salt = dilute();
    let current = 0.4 * salt.limiting_current_density();
    salt.advance(1e5, current);
    // ℓ = (L/2)(i_lim/i − 1)
    assert!((salt.robin_length(current) / (100e-6 * 1.5) - 1.0).abs() < 1e-6);
}

#[test]
fn depleted_salt_carries_the_limiting_current_and_recovers() {
    let mut salt = dilute();
    let limit = salt.limiting_current_density();
    salt.advance(1e4, 3.0 * limit);
    assert!(salt.depleted() && salt.surface_concentration() == 0.0 && salt.robin_length(limit) == 0.0);
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
