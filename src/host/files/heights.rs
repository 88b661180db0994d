//! Heights of a surface on a grid.

use super::{FileFault, fault, picture, table};
use std::f64::consts::TAU;

/// Rows of heights, the far one first.
#[derive(Clone, Debug, PartialEq)]
pub struct Heights {
    columns: usize,
    /// From 0 upwards, in units of the file.
    values: Vec<f32>,
}

impl Heights {
    /// Reads a picture or a table, by the ending of its name. Without a name it is a sample of round bumps.
    pub(in crate::host) fn read(path: &str) -> Result<Self, FileFault> {
        if path.is_empty() {
            return Ok(Self::sample());
        }
        let lower = path.to_lowercase();
        let (columns, mut values) = if lower.ends_with(".png") {
            picture::read(path)?
        } else if [".csv", ".tsv", ".txt"].iter().any(|ending| lower.ends_with(ending)) {
            table::read(path)?
        } else {
            let cure = "give a picture ending in .png or a table ending in .csv";
            return Err(fault(path, "is neither a PNG picture nor a CSV table by its name", cure));
        };
        let rows = values.len() / columns.max(1);
        if columns < 2 || rows < 2 {
            let what = format!("has {columns} × {rows} heights, too few for a surface");
            return Err(fault(path, what, "give at least 2 × 2"));
        }
        if !lower.ends_with(".png") {
            // A microscope counts from anywhere; the lowest place is to lie on the collector.
            let lowest = values.iter().copied().fold(f32::INFINITY, f32::min);
            values.iter_mut().for_each(|value| *value -= lowest);
        }
        Ok(Self { columns, values })
    }

    /// Two bumps each way, as a picture of 32 × 32 would have them.
    fn sample() -> Self {
        let wave = |at: usize| 0.5 - 0.5 * libm::cos(TAU * (at as f64 + 0.5) / 16.0);
        let values = (0..32 * 32).map(|at| (wave(at % 32) * wave(at / 32)) as f32).collect();
        Self { columns: 32, values }
    }

    /// Rows over columns.
    pub(in crate::host) fn aspect(&self) -> f64 {
        self.rows() as f64 / self.columns as f64
    }

    /// The greatest height, in units of the file.
    pub(in crate::host) fn highest(&self) -> f64 {
        self.values.iter().copied().fold(0.0f32, f32::max).into()
    }

    /// The height at a place, between the middles of its four neighbours. The surface repeats: 0 and 1 are
    /// the same place, along x from left to right and along y from the near side to the far one.
    pub(in crate::host) fn at(&self, [x, y]: [f64; 2]) -> f64 {
        let (column, across) = between(x, self.columns);
        let (row, along) = between(1.0 - y, self.rows());
        let value = |column: usize, row: usize| f64::from(self.values[row * self.columns + column]);
        let mix = |row: usize| (1.0 - across) * value(column[0], row) + across * value(column[1], row);
        (1.0 - along) * mix(row[0]) + along * mix(row[1])
    }

    fn rows(&self) -> usize {
        self.values.len() / self.columns
    }
}

/// Numbers of the neighbours of a place on a ring of `n`, and how far it is from the first to the second.
fn between(place: f64, n: usize) -> ([usize; 2], f64) {
    let at = (place * n as f64 - 0.5).rem_euclid(n as f64);
    let first = (at as usize).min(n - 1);
    ([first, (first + 1) % n], at - first as f64)
}
