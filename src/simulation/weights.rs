//! Weighted choice among some thousand slots: integer sums over blocks and over blocks of blocks.
//!
//! A change costs four additions, a draw three short walks, some tens of nanoseconds: changes are many times as many as draws here, so that
//! a tree, which shares the work evenly, loses. Integers, so that the sums are exact whatever the order of changes, and stay exact
//! for any length of run.

/// Slots in a block, and blocks in a block of them.
const BLOCK: usize = 10;

/// Weights of the slots 0…n−1.
pub(super) struct Weights {
    /// Slots, blocks of them, and blocks of blocks.
    levels: [Vec<u64>; 3],
    total: u64,
}

impl Weights {
    /// All 0.
    pub fn new(slots: usize) -> Self {
        let all = BLOCK.pow(3);
        assert!(slots <= all, "there are no more than {all} slots");
        Self { levels: [vec![0; all], vec![0; all / BLOCK], vec![0; BLOCK]], total: 0 }
    }

    /// Sets the weight of a slot.
    #[inline]
    pub fn set(&mut self, slot: usize, weight: u64) {
        // Sums wrap on the way when the weight falls, and come out right.
        self.add(slot, weight.wrapping_sub(self.levels[0][slot]));
    }

    /// Adds to the weight of a slot.
    #[inline]
    pub fn add(&mut self, slot: usize, more: u64) {
        let mut place = slot;
        for level in &mut self.levels {
            level[place] = level[place].wrapping_add(more);
            place /= BLOCK;
        }
        self.total = self.total.wrapping_add(more);
    }

    /// Takes from the weight of a slot.
    #[inline]
    pub fn subtract(&mut self, slot: usize, less: u64) {
        self.add(slot, less.wrapping_neg());
    }

    /// The slot that a random number (all 64 bits alike) draws in proportion to the weights; `None` when all are 0.
    #[inline]
    pub fn draw(&self, random: u64) -> Option<usize> {
        if self.total == 0 {
            return None;
        }
        // A part in 2⁶⁴ over the total is how far this is from even.
        let mut rest = ((u128::from(random) * u128::from(self.total)) >> 64) as u64;
        let mut block = 0;
        for level in self.levels.iter().rev() {
            // How many of the sums from the first are not above the rest: without a branch, as nobody could foresee it.
            let weights: &[u64; BLOCK] = level[block * BLOCK..].first_chunk()?;
            let (mut sum, mut passed, mut before) = (0, 0, 0);
            for weight in weights {
                sum += weight;
                let beyond = sum <= rest;
                passed += usize::from(beyond);
                before = if beyond { sum } else { before };
            }
            (rest, block) = (rest - before, block * BLOCK + passed);
        }
        Some(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Purpose, stream};
    use rand::RngExt;

    #[test]
    fn draws_follow_the_weights_after_changes() {
        let mut tree = Weights::new(10);
        for (slot, weight) in [(0, 5), (9, 100), (3, 20), (9, 40), (0, 0)] {
            tree.set(slot, weight);
        }
        assert_eq!(tree.total, 60);
        let mut random = stream(1, Purpose::Reduction, 0, 0);
        let n = 60_000;
        let hits = (0..n).filter(|_| tree.draw(random.random()) == Some(3)).count();
        // A third, within five standard deviations √(n·2/9).
        assert!((hits as f64 - 20_000.0).abs() < 5.0 * (f64::from(n) * 2.0 / 9.0).sqrt(), "{hits}");
        tree.set(3, 0);
        tree.set(9, 0);
        assert_eq!(tree.draw(random.random()), None);
    }
}
