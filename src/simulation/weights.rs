//! Weighted choice among some thousand slots: integer sums over blocks.
//!
//! A change costs three additions, a draw a walk along the blocks and along one of them, some tens of nanoseconds: changes
//! are twenty times as many as draws here, so that a tree, which shares the work evenly, loses. Integers, so that the sums are exact
//! whatever the order of changes, and stay exact for any length of run.

use rand::{Rng, RngExt};

/// Slots in a block: about the square root of the number of slots.
const BLOCK: usize = 64;

/// Weights of the slots 0…n−1.
pub(super) struct Weights {
    slots: Vec<u64>,
    blocks: Vec<u64>,
    total: u64,
}

impl Weights {
    /// All 0.
    pub fn new(slots: usize) -> Self {
        Self { slots: vec![0; slots], blocks: vec![0; slots.div_ceil(BLOCK)], total: 0 }
    }

    /// Sets the weight of a slot.
    #[inline]
    pub fn set(&mut self, slot: usize, weight: u64) {
        let old = std::mem::replace(&mut self.slots[slot], weight);
        let block = &mut self.blocks[slot / BLOCK];
        *block = *block - old + weight;
        self.total = self.total - old + weight;
    }

    /// A slot drawn in proportion to the weights; `None` when all are 0.
    pub fn draw(&self, random: &mut impl Rng) -> Option<usize> {
        if self.total == 0 {
            return None;
        }
        let mut rest = random.random_range(0..self.total);
        let mut pass = |weights: &[u64]| {
            let place = weights.iter().position(|weight| {
                let here = rest < *weight;
                if !here {
                    rest -= weight;
                }
                here
            });
            place.unwrap_or(0)
        };
        let first = pass(&self.blocks) * BLOCK;
        let last = (first + BLOCK).min(self.slots.len());
        Some(first + pass(&self.slots[first..last]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Purpose, stream};

    #[test]
    fn draws_follow_the_weights_after_changes() {
        let mut tree = Weights::new(10);
        for (slot, weight) in [(0, 5), (9, 100), (3, 20), (9, 40), (0, 0)] {
            tree.set(slot, weight);
        }
        assert_eq!(tree.total, 60);
        let mut random = stream(1, Purpose::Reduction, 0, 0);
        let n = 60_000;
        let hits = (0..n).filter(|_| tree.draw(&mut random) == Some(3)).count();
        // A third, within five standard deviations √(n·2/9).
        assert!((hits as f64 - 20_000.0).abs() < 5.0 * (f64::from(n) * 2.0 / 9.0).sqrt(), "{hits}");
        tree.set(3, 0);
        tree.set(9, 0);
        assert_eq!(tree.draw(&mut random), None);
    }
}
