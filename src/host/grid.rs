//! Points at irregular places with a given mean distance, for pores, wires and dots.

use crate::lattice::{Lattice, Position, Purpose, stream};
use rand::RngExt;
use std::ops::Range;

/// Share of a cell at each side that its point keeps free, so that two are never on top of each other.
const MARGIN: f64 = 0.15;

/// One point per cell of a jittered periodic grid with about `spacing` between points.
pub(super) struct JitteredGrid {
    pub(super) cells: [usize; 3],
    pub(super) size: [f64; 3],
    pub(super) points: Vec<[f64; 3]>,
}

impl JitteredGrid {
    pub(super) fn new(extent: [f64; 3], spacing: f64, seed: u64) -> Self {
        let cells = extent.map(|e| ((e / spacing).round() as usize).max(1));
        let size = std::array::from_fn(|k| extent[k] / cells[k] as f64);
        let mut random = stream(seed, Purpose::Host, 0, 0);
        let mut points = Vec::with_capacity(cells.iter().product());
        for c in 0..cells[2] {
            for b in 0..cells[1] {
                for a in 0..cells[0] {
                    let corner = [a as f64, b as f64, c as f64];
                    points.push(std::array::from_fn(|k| {
                        (corner[k] + random.random_range(MARGIN..1.0 - MARGIN)) * size[k]
                    }));
                }
            }
        }
        Self { cells, size, points }
    }

    /// Sites along an axis whose middles lie in a cell, of `n` sites.
    pub(super) fn sites(&self, axis: usize, cell: usize, n: usize) -> Range<usize> {
        let first = |cell: usize| (cell as f64 * self.size[axis] - 0.5).ceil() as usize;
        first(cell).min(n)..first(cell + 1).min(n)
    }

    /// Images of the points that may be among the three nearest to some place in a cell, periodic along x, y
    /// and z. They are sorted by the square of their least distance, which comes with them.
    pub(super) fn images(&self, home: [usize; 3]) -> Vec<([f64; 3], f64)> {
        let image = |step: Position| {
            let (mut index, mut shift) = (0, [0.0; 3]);
            for k in (0..3).rev() {
                let (cell, n) = (home[k] as i32 + step[k], self.cells[k] as i32);
                let wrapped = cell.rem_euclid(n);
                index = index * self.cells[k] + wrapped as usize;
                shift[k] = f64::from(cell - wrapped) * self.size[k];
            }
            let apart = |k: usize| (f64::from(step[k].abs()) - 1.0 + MARGIN).max(0.0) * self.size[k];
            let least = (0..3).map(|k| apart(k).powi(2)).sum::<f64>();
            (std::array::from_fn(|k| self.points[index][k] + shift[k]), least)
        };
        let mut images: Vec<_> = Lattice::cube(2).map(image).collect();
        images.sort_by(|a, b| a.1.total_cmp(&b.1));
        images
    }
}

/// Distances from a place to the three nearest of these [images](JitteredGrid::images).
pub(super) fn three_nearest(at: [f64; 3], images: &[([f64; 3], f64)]) -> [f64; 3] {
    let mut best = [f64::INFINITY; 3];
    for (image, least) in images {
        if *least > best[2] {
            break;
        }
        let square: f64 = (0..3).map(|k| (image[k] - at[k]).powi(2)).sum();
        if square < best[2] {
            best[2] = square;
            best.sort_by(f64::total_cmp);
        }
    }
    best.map(f64::sqrt)
}
