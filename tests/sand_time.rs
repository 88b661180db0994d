//! Sand's law: the salt at the electrode runs out after τ_S = π D (F c₀/(2 i (1−t₊)))².

use natrarium::electrochemistry::SaltProfile;
use natrarium::electrochemistry::salt_transport::sand_time;

/// Time at which the profile first reports depletion.
fn time_to_depletion(mut salt: SaltProfile, current_density: f64, expected_s: f64) -> f64 {
    // Calls of a two-hundredth of τ: reading the clock at their ends adds at most 0.5 %.
    let call_s = expected_s / 200.0;
    let mut time_s = 0.0;
    while !salt.depleted() {
        salt.advance(call_s, current_density);
        time_s += call_s;
        assert!(time_s < 2.0 * expected_s, "no depletion after twice Sand's time");
    }
    time_s
}

#[test]
fn depletion_comes_at_sand_time_over_a_decade_of_current() {
    // The law is that of a half-space. In a gap L the depletion zone reaches √(Dτ) = (√π/4)(i_lim/i) L: at 4
    // i_lim a ninth of the gap, and the counter electrode's enrichment, e^(−L²/4Dτ) of it, is below 10⁻⁸. So
    // start there.
    let (concentration, diffusivity, transference, gap) = (100.0, 1e-10, 0.4, 500e-6);
    let limit = SaltProfile::new(concentration, diffusivity, transference, gap).limiting_current_density();
    for factor in [4.0, 6.3, 10.0, 15.8, 25.0, 40.0] {
        let current = factor * limit;
        let expected = sand_time(concentration, diffusivity, transference, current);
        let salt = SaltProfile::new(concentration, diffusivity, transference, gap);
        let time = time_to_depletion(salt, current, expected);
        assert!((time / expected - 1.0).abs() < 0.02, "{factor} i_lim: {time} s, Sand's time {expected} s");
    }
}

#[test]
fn one_long_call_runs_out_at_the_same_moment_as_many_short_ones() {
    let new = || SaltProfile::new(1000.0, 3e-10, 0.3, 300e-6);
    let current = 8.0 * new().limiting_current_density();
    let expected = sand_time(1000.0, 3e-10, 0.3, current);
    for (part, depleted) in [(0.985, false), (1.015, true)] {
        let mut salt = new();
        salt.advance(part * expected, current);
        assert_eq!(salt.depleted(), depleted, "at {part} of Sand's time");
    }
}

#[test]
fn below_the_limiting_current_salt_never_runs_out() {
    let mut salt = SaltProfile::new(100.0, 1e-10, 0.4, 200e-6);
    let current = 0.99 * salt.limiting_current_density();
    salt.advance(1e7, current);
    assert!(!salt.depleted());
}
