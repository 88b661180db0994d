//! Weighted choice with O(log n) change and draw: a complete binary tree of integer sums.
//!
//! Integers, so that the sums are exact whatever the order of changes, and stay exact for any length of run.

use rand::{Rng, RngExt};

/// Weights of the slots 0…n−1.
pub(super) struct SumTree {
    /// `nodes[1]` is the total; leaf k is `nodes[leaves + k]`.
    nodes: Vec<u64>,
    leaves: usize,
}

impl SumTree {
    pub fn new() -> Self {
        Self { nodes: vec![0; 2], leaves: 1 }
    }

    pub fn total(&self) -> u64 {
        self.nodes[1]
    }

    /// Sets the weight of a slot; the tree grows as needed.
    pub fn set(&mut self, slot: usize, weight: u64) {
        while slot >= self.leaves {
            self.double();
        }
        let mut node = self.leaves + slot;
        let old = self.nodes[node];
        if old == weight {
            return;
        }
        while node > 0 {
            self.nodes[node] = self.nodes[node] - old + weight;
            node /= 2;
        }
    }

    /// A slot drawn in proportion to the weights; `None` when all are 0.
    pub fn draw(&self, random: &mut impl Rng) -> Option<usize> {
        let total = self.total();
        if total == 0 {
            return None;
        }
        let mut rest = random.random_range(0..total);
        let mut node = 1;
        while node < self.leaves {
            node *= 2;
            if rest >= self.nodes[node] {
                rest -= self.nodes[node];
                node += 1;
            }
        }
        Some(node - self.leaves)
    }

    fn double(&mut self) {
        let mut nodes = vec![0; 4 * self.leaves];
        nodes[2 * self.leaves..3 * self.leaves].copy_from_slice(&self.nodes[self.leaves..]);
        self.leaves *= 2;
        for node in (1..self.leaves).rev() {
            nodes[node] = nodes[2 * node] + nodes[2 * node + 1];
        }
        self.nodes = nodes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Purpose, stream};

    #[test]
    fn draws_follow_the_weights_after_changes() {
        let mut tree = SumTree::new();
        for (slot, weight) in [(0, 5), (9, 100), (3, 20), (9, 40), (0, 0)] {
            tree.set(slot, weight);
        }
        assert_eq!(tree.total(), 60);
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
