//! Alias tables: one random word draws from any discrete distribution (Walker 1977, DOI
//! 10.1145/355744.355749).

use rand::{Rng, RngExt};

/// A discrete distribution over 0…n−1. Probabilities are kept to 2⁻³².
#[derive(Clone, Debug)]
pub struct Alias {
    /// Chance (in 2⁻³²) to stay in a column, and where to go otherwise.
    columns: Vec<(u32, u32)>,
}

impl Alias {
    /// Table of a distribution proportional to `weights` (finite, ≥ 0, not all 0).
    pub fn new(weights: &[f64]) -> Self {
        let n = weights.len();
        let scale = n as f64 / weights.iter().sum::<f64>();
        let mut share: Vec<f64> = weights.iter().map(|w| w * scale).collect();
        let mut columns: Vec<(u32, u32)> = (0..n).map(|k| (u32::MAX, k as u32)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|k| share[*k] < 1.0);
        while let (Some(poor), Some(rich)) = (small.pop(), large.pop()) {
            columns[poor] = ((share[poor] * f64::from(u32::MAX)) as u32, rich as u32);
            share[rich] -= 1.0 - share[poor];
            if share[rich] < 1.0 { small.push(rich) } else { large.push(rich) }
        }
        Self { columns }
    }

    /// Chance (in 2⁻³²) of each index to stay in its column, and the index that comes otherwise.
    pub(super) fn columns(&self) -> &[(u32, u32)] {
        &self.columns
    }

    /// Draws an index.
    #[inline]
    pub fn draw(&self, random: &mut impl Rng) -> usize {
        let word: u64 = random.random();
        let column = (((word >> 32) * self.columns.len() as u64) >> 32) as usize;
        let (stay, other) = self.columns[column];
        if word as u32 <= stay { column } else { other as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Purpose, stream};

    #[test]
    fn frequencies_follow_the_weights() {
        let weights = [0.0, 1.0, 2.0, 0.5, 6.5];
        let table = Alias::new(&weights);
        let mut random = stream(3, Purpose::Walk, 0, 0);
        let n = 200_000;
        let mut counts = [0u32; 5];
        for _ in 0..n {
            counts[table.draw(&mut random)] += 1;
        }
        for (weight, count) in weights.iter().zip(counts) {
            let expected = weight / 10.0 * f64::from(n);
            // Five standard deviations of a binomial count.
            assert!((f64::from(count) - expected).abs() <= 5.0 * expected.sqrt(), "{weight}: {count}");
        }
    }
}
