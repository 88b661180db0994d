//! Weighted choice among some thousand slots: integer sums over blocks and over blocks of blocks.
//!
//! A change costs four additions, a draw three short walks, some tens of nanoseconds: changes are many times as many as draws here, so that
//! a tree, which shares the work evenly, loses. Integers, so that the sums are exact whatever the order of changes, and stay exact
//! for any length of run.

use rand::{Rng, RngExt};

/// Slots in a block, and blocks in a block of them.
const BLOCK: usize = 12;

/// Weights of the slots 0…n−1.
pub(super) struct Weights {
    /// Slots, blocks of them, and blocks of blocks.
    levels: [Vec<u64>; 3],
    total: u64,
}

impl Weights {
    /// All 0.
    pub fn new(slots: usize) -> Self {
        let level = |width: usize| vec![0; slots.div_ceil(width)];
        Self { levels: [level(1), level(BLOCK), level(BLOCK * BLOCK)], total: 0 }
    }

    /// Sets the weight of a slot.
    #[inline]
    pub fn set(&mut self, slot: usize, weight: u64) {
        // Sums wrap on the way when the weight falls, and come out right.
        let more = weight.wrapping_sub(self.levels[0][slot]);
        let mut place = slot;
        for level in &mut self.levels {
            level[place] = level[place].wrapping_add(more);
            place /= BLOCK;
        }
        self.total = self.total.wrapping_add(more);
    }

    /// A slot drawn in proportion to the weights; `None` when all are 0.
    #[inline]
    pub fn draw(&self, random: &mut impl Rng) -> Option<usize> {
        if self.total == 0 {
            return None;
        }
        let mut rest = random.random_range(0..self.total);
        let (mut first, mut last) = (0, self.levels[2].len());
        for (depth, level) in self.levels.iter().enumerate().rev() {
            let mut place = first;
            while place + 1 < last.min(level.len()) && rest >= level[place] {
                rest -= level[place];
                place += 1;
            }
            if depth == 0 {
                return Some(place);
            }
            (first, last) = (place * BLOCK, (place + 1) * BLOCK);
        }
        None
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
