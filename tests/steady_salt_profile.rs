//! The steady profile is a straight line with slope (1−t₊) i/(F D) about the unchanged mean.

use natrarium::electrochemistry::SaltProfile;
use natrarium::units::FARADAY;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn steady_profile_is_the_straight_line(
        concentration in 10.0..5000.0f64, log_diffusivity in -11.0..-9.0f64, transference in 0.0..0.9f64,
        gap in 20e-6..1e-3f64, part in 0.05..0.98f64, calls in 1usize..40,
    ) {
        let diffusivity = 10f64.powf(log_diffusivity);
        let mut salt = SaltProfile::new(concentration, diffusivity, transference, gap);
        let current = part * salt.limiting_current_density();
        // Three diffusion times leave e^(−3π²) of the slowest even mode: 10⁻¹³.
        let duration = 3.0 * gap * gap / diffusivity;
        for _ in 0..calls {
            salt.advance(duration / calls as f64, current);
        }
        let slope = (1.0 - transference) * current / (FARADAY * diffusivity);
        for (distance, value) in salt.points() {
            let line = concentration + slope * (distance - 0.5 * gap);
            prop_assert!((value - line).abs() < 1e-3 * concentration, "{value} instead of {line}");
            prop_assert!((salt.at(distance) - value).abs() < 1e-9 * concentration);
        }
        // The charge balance of the salt: what one electrode takes the other gives.
        prop_assert!((salt.mean_concentration() / concentration - 1.0).abs() < 1e-12);
        // i_lim is where the line meets zero at the deposit.
        let surface = concentration * (1.0 - part);
        prop_assert!((salt.surface_concentration() / surface - 1.0).abs() < 1e-3);
    }
}
