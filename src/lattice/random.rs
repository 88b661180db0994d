//! Random streams that depend on their purpose and not on the order of drawing.
//!
//! Every stream is made from (seed, purpose, step, index), so walkers may run on any thread in any
//! order and give the same deposit.

use rand::{Rng, RngExt};
use rand_pcg::Pcg64Mcg;

/// What a stream of random numbers is for. The numbers are part of the results: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Geometry of the host.
    Host = 1,
    /// Layout and properties of the SEI patches.
    Patches = 2,
    /// Walk of an ion.
    Walk = 3,
    /// Choice of reduction site in kinetic Monte Carlo.
    Reduction = 4,
    /// Where metal emerges.
    Emergence = 5,
    /// Cracking.
    Fracture = 6,
    /// Rounding at rest.
    Rounding = 7,
    /// Ions that are drawn.
    Ions = 8,
    /// Stripping.
    Stripping = 9,
    /// Metal that film and dissolution take.
    Film = 10,
}

/// The stream of `(seed, purpose, step, index)`.
pub fn stream(seed: u64, purpose: Purpose, step: u64, index: u64) -> Pcg64Mcg {
    // SplitMix64 finaliser over the four words: every input bit reaches every bit of the state.
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut mix = |word: u64| {
        state = state.wrapping_add(word).wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        state = z ^ (z >> 31);
        state
    };
    mix(seed);
    mix(purpose as u64);
    mix(step);
    mix(index);
    // Both halves must depend on everything: with a common lower half the first numbers of a family of
    // streams are skewed.
    let (low, high) = (mix(0), mix(0));
    Pcg64Mcg::new((u128::from(high) << 64) | u128::from(low))
}

/// A normal deviate with mean 0 and standard deviation 1, by Marsaglia's polar method.
///
/// `rand_distr` takes the logarithm in the tails from the C library of the system. Deposits would then depend
/// on that library. Source: G. Marsaglia, T. A. Bray, SIAM Rev. 1964, 6, 260, 10.1137/1006063.
pub fn standard_normal(random: &mut impl Rng) -> f64 {
    loop {
        let [u, v] = [(); 2].map(|()| random.random_range(-1.0..1.0));
        let square: f64 = u * u + v * v;
        if square > 0.0 && square < 1.0 {
            return u * (-2.0 * libm::log(square) / square).sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    /// Kolmogorov–Smirnov test against the normal distribution.
    #[test]
    fn normal_deviates_follow_the_normal_distribution() {
        let mut random = stream(3, Purpose::Patches, 0, 0);
        let n = 100_000;
        let mut drawn: Vec<f64> = (0..n).map(|_| standard_normal(&mut random)).collect();
        drawn.sort_by(f64::total_cmp);
        let normal = Normal::standard();
        let distance = (drawn.iter().enumerate())
            .map(|(k, x)| (normal.cdf(*x) - (k as f64 + 0.5) / n as f64).abs())
            .fold(0.0, f64::max);
        // √n·D exceeds 2.2 once in 10⁴ times.
        assert!(distance * (n as f64).sqrt() < 2.2, "{distance}");
        // The tails, whose logarithm is the reason for this function: 27 of 10⁴ lie beyond three.
        let beyond = drawn.iter().filter(|x| x.abs() > 3.0).count() as f64;
        assert!((beyond - 270.0).abs() < 5.0 * 270f64.sqrt(), "{beyond}");
    }

    #[test]
    fn first_numbers_of_a_family_of_streams_are_uniform_in_pairs() {
        let n = 360_000;
        let mut counts = [0.0; 36];
        for k in 0..n {
            let mut random = stream(1, Purpose::Walk, 0, k);
            let pair = random.random_range(0..6) + 6 * random.random_range(0..6);
            counts[pair] += 1.0;
        }
        // χ² with 35 degrees of freedom exceeds 75 once in 10⁴ times.
        let expected = n as f64 / 36.0;
        let chi2: f64 = counts.iter().map(|c| (c - expected) * (c - expected) / expected).sum();
        assert!(chi2 < 75.0, "χ² = {chi2}: {counts:?}");
    }

    #[test]
    fn neighbouring_streams_are_uncorrelated() {
        // Mean product of centred uniforms: standard deviation 1/(12·√n) under independence.
        let n = 20_000;
        let mean = (0..n)
            .map(|k| {
                let a: f64 = stream(1, Purpose::Walk, 5, k).random();
                let b: f64 = stream(1, Purpose::Walk, 5, k + 1).random();
                (a - 0.5) * (b - 0.5)
            })
            .sum::<f64>()
            / n as f64;
        assert!(mean.abs() < 5.0 / (12.0 * (n as f64).sqrt()), "{mean}");
    }
}
