//! Leaving a cube in one jump: a draw from the exact exit law, one random word and two small reads.
//!
//! A cube has 48 symmetries, so only an eighth of one face is kept, 0 ≤ v ≤ u < r, with the weights of a
//! point's images added up. All radii up to 9 take 1.3 kB, which stay in the first cache. The word is used up
//! from its top: a factor 48 for the symmetry, then a factor for the column of the alias table. More than 40
//! bits are left to choose between the two points of that column.

use super::alias::Alias;
use super::packed::Packed;
use super::tables::cube_face;
use crate::lattice::LARGEST_RADIUS;
use rand::{Rng, RngExt};

/// Radii of the tables: those that cells and sites near the surface ask for, and some between.
const RADII: [i32; 12] = [1, 2, 3, 4, 5, 9, 13, 17, 25, 33, 41, LARGEST_RADIUS];

/// One column of an alias table: the chance (in 2⁻³²) of the first of its two points.
#[derive(Clone, Copy, Debug)]
struct Column {
    chance: u32,
    points: [[u8; 2]; 2],
}

/// Columns of one radius.
#[derive(Clone, Copy, Debug)]
struct Table {
    first: u32,
    columns: u32,
    radius: i32,
}

/// Exit laws of cubes.
#[derive(Clone, Debug)]
pub(super) struct Cubes {
    columns: Vec<Column>,
    /// For every radius asked for the largest table that fits.
    tables: Vec<Table>,
}

/// The 48 symmetries: the directions that the face, u and v of an exit go to.
static SYMMETRIES: [[Packed; 3]; 48] = {
    let orders: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]];
    let mut symmetries = [[Packed::new([0; 3]); 3]; 48];
    let mut k = 0;
    while k < 48 {
        let (order, signs) = (orders[k / 8], k % 8);
        let mut axis = 0;
        while axis < 3 {
            let mut direction = [0; 3];
            direction[order[axis]] = if signs >> axis & 1 == 0 { 1 } else { -1 };
            symmetries[k][axis] = Packed::new(direction);
            axis += 1;
        }
        k += 1;
    }
    symmetries
};

impl Cubes {
    pub fn new() -> Self {
        let (mut columns, mut tables) = (Vec::new(), Vec::new());
        for radius in RADII {
            let first = columns.len() as u32;
            columns.extend(table(radius));
            tables.push(Table { first, columns: columns.len() as u32 - first, radius });
        }
        let fitting = |radius: i32| tables.iter().rfind(|table| table.radius <= radius.max(1));
        let tables = (0..=LARGEST_RADIUS).filter_map(fitting).copied().collect();
        Self { columns, tables }
    }

    /// Displacement of a walk from the centre to the surface, and the step that took it there.
    #[inline]
    pub fn leave(&self, radius: i32, random: &mut impl Rng) -> (Packed, Packed) {
        let table = self.tables[(radius as usize).min(self.tables.len() - 1)];
        let word: u64 = random.random();
        let (symmetry, word) = split(word, 48);
        let (column, word) = split(word, u64::from(table.columns));
        let column = self.columns[table.first as usize + column];
        let [u, v] = column.points[usize::from((word >> 32) as u32 >= column.chance)];
        let [face, along, across] = SYMMETRIES[symmetry];
        (face * i64::from(table.radius) + along * i64::from(u) + across * i64::from(v), face)
    }
}

/// Splits a uniform word into a number below `n` and the word that is left.
#[inline]
fn split(word: u64, n: u64) -> (usize, u64) {
    let product = u128::from(word) * u128::from(n);
    ((product >> 64) as usize, product as u64)
}

/// Alias table of an eighth of a face.
fn table(radius: i32) -> Vec<Column> {
    let face = cube_face(radius as usize);
    let (inner, middle) = (2 * radius - 1, radius - 1);
    let mut points = Vec::new();
    let mut weights = Vec::new();
    for u in 0..radius {
        for v in 0..=u {
            // Images within the face under the eight symmetries of a square.
            let images = match (u, v) {
                (0, 0) => 1.0,
                (_, 0) => 4.0,
                _ if u == v => 4.0,
                _ => 8.0,
            };
            points.push([u as u8, v as u8]);
            weights.push(images * face[((middle + v) * inner + middle + u) as usize]);
        }
    }
    let column = |(own, (chance, other)): (usize, &(u32, u32))| Column {
        chance: *chance,
        points: [points[own], points[*other as usize]],
    };
    Alias::new(&weights).columns().iter().enumerate().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Purpose, stream};
    use std::collections::HashMap;

    #[test]
    fn exits_follow_the_law_of_the_cube() {
        let cubes = Cubes::new();
        for radius in [1, 2, 3, 5] {
            let weights = cube_face(radius as usize);
            let mut random = stream(1, Purpose::Walk, 0, radius as u64);
            let trials = 400_000;
            let mut counts: HashMap<[i32; 3], f64> = HashMap::new();
            for _ in 0..trials {
                let (exit, step) = cubes.leave(radius, &mut random);
                let (exit, step) = (exit.position(), step.position());
                let axis = (0..3).find(|k| step[*k] != 0).unwrap();
                assert_eq!(exit[axis], radius * step[axis]);
                *counts.entry(exit).or_default() += 1.0;
            }
            let inner = 2 * radius - 1;
            let mut chi2 = 0.0;
            for (index, weight) in weights.iter().enumerate() {
                let (u, v) = (index as i32 % inner - radius + 1, index as i32 / inner - radius + 1);
                for (face, exit) in
                    [[radius, u, v], [-radius, u, v], [u, radius, v], [u, v, -radius]].iter().enumerate()
                {
                    let expected = weight * f64::from(trials);
                    let count = counts.get(exit).copied().unwrap_or(0.0);
                    chi2 += (count - expected).powi(2) / expected;
                    assert!(face < 4 && expected > 5.0);
                }
            }
            // Four of the six faces: (2r − 1)²·4 counts, close to as many degrees of freedom.
            let freedom = f64::from(inner * inner * 4);
            assert!(chi2 < freedom + 4.5 * (2.0 * freedom).sqrt(), "r = {radius}: χ² = {chi2} of {freedom}");
        }
    }
}
