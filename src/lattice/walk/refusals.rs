//! Refusals by number: how many run-ins it takes until one counts.
//!
//! Of run-ins that count with chance q each, independently, the k-th is the first that does with chance q (1
//! − q)^{k−1}. So k is drawn once, by inversion, k = 1 + ⌊ln u / ln(1 − q)⌋, and walks only count down: a
//! refusal costs no random number. Exact up to the 2⁻⁵³ to which u is known.

use rand::{Rng, RngExt};

/// Run-ins that count with a given chance each.
#[derive(Clone, Copy)]
pub(super) struct Refusals {
    /// ln(1 − q); minus infinity where none is refused.
    rate: f64,
}

impl Refusals {
    /// Run-ins that count with chance `share` (0 to 1).
    pub fn new(share: f64) -> Self {
        Self { rate: libm::log1p(-share) }
    }

    /// True when some are refused.
    #[inline]
    pub fn any(self) -> bool {
        self.rate > f64::NEG_INFINITY
    }

    /// The number, from 1, of the next run-in that counts.
    #[inline]
    pub fn next(self, random: &mut impl Rng) -> u64 {
        if !self.any() {
            return 1;
        }
        // Where none ever counts the quotient is infinite and stays at the largest number.
        ((libm::log(random.random::<f64>()) / self.rate) as u64).saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Purpose, stream};

    #[test]
    fn numbers_follow_the_geometric_law() {
        let trials = 400_000;
        for (case, share) in [0.02, 0.3, 0.9].into_iter().enumerate() {
            let refusals = Refusals::new(share);
            let mut random = stream(1, Purpose::Walk, 0, case as u64);
            let mut counts = vec![0.0; 64];
            for _ in 0..trials {
                counts[(refusals.next(&mut random) as usize - 1).min(63)] += 1.0;
            }
            // χ² over numbers that come up ten times and more; the rest goes into one bin.
            let (mut chi2, mut freedom, mut rest) = (0.0, 0f64, [0.0, f64::from(trials)]);
            for (refused, count) in counts[..63].iter().enumerate() {
                let expected = f64::from(trials) * share * (1.0 - share).powi(refused as i32);
                if expected < 10.0 {
                    break;
                }
                chi2 += (count - expected) * (count - expected) / expected;
                freedom += 1.0;
                rest = [rest[0] + count, rest[1] - expected];
            }
            let (observed, expected) = (f64::from(trials) - rest[0], rest[1]);
            chi2 += (observed - expected) * (observed - expected) / expected;
            assert!(chi2 < freedom + 4.5 * (2.0 * freedom).sqrt(), "share {share}: χ² = {chi2} of {freedom}");
        }
    }

    #[test]
    fn at_the_ends_none_or_all_are_refused() {
        let mut random = stream(1, Purpose::Walk, 0, 9);
        assert_eq!(Refusals::new(1.0).next(&mut random), 1);
        assert_eq!(Refusals::new(0.0).next(&mut random), u64::MAX);
    }
}
