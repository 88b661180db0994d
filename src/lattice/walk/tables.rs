//! Exact laws of long jumps of the simple random walk on the cubic lattice.
//!
//! Two closed forms, both discrete, so that a jump is distributed exactly as the single steps that it stands
//! for:
//!
//! - *Cube*: where a walk that starts in the centre of a cube of radius r first meets its surface. Separation
//!   of variables gives for a point (x, y) of one face, with L = 2r and α = πm/L, β = πn/L, P = Σ (2/L)²
//!   sin(αr) sin(αx) sin(βr) sin(βy) / (2 cosh λr), cosh λ = 3 − cos α − cos β. Even m or n drop out.
//! - *Plane*: where a walk that starts H above a plane first meets it, on a plane periodic with
//!   n_x × n_y sites: P = (n_x n_y)⁻¹ Σ cos(k_x x) cos(k_y y) e^{−λH}, the same λ with k in place of α, β.
//!   For H ≫ 1 it is the half-space law h/[2π(r² + h²)^{3/2}], wrapped.
//!
//! See e.g. Lawler & Limic, *Random Walk: A Modern Introduction*, ch. 8 (DOI 10.1017/CBO9780511750854).

use super::alias::Alias;
use super::cubes::Cubes;
use super::packed::Packed;
use rand::Rng;
use std::f64::consts::PI;

/// Heights for which plane tables are kept, ascending.
const DROPS: [i32; 5] = [4, 8, 16, 32, 64];

/// Jump tables for one box.
pub struct JumpTables {
    cubes: Cubes,
    planes: Vec<Alias>,
    columns: [i32; 2],
}

impl JumpTables {
    /// Tables for a box with `columns` sites along x and y. Takes O(n³) time and 40 bytes per column.
    pub fn new(columns: [usize; 2]) -> Self {
        let planes = DROPS.iter().map(|height| Alias::new(&plane(columns, f64::from(*height)))).collect();
        Self { cubes: Cubes::new(), planes, columns: columns.map(|n| n as i32) }
    }

    /// Tables without planes, for a cluster that is surrounded by electrolyte.
    pub fn for_cluster() -> Self {
        Self { cubes: Cubes::new(), planes: Vec::new(), columns: [1, 1] }
    }

    /// Displacement of a walk from the centre of a cube to where it first meets the surface, and the unit
    /// step that took it there. The radius (≥ 1) of the cube is the largest of which there is a table, at
    /// most `radius`.
    #[inline]
    pub fn leave_cube(&self, radius: i32, random: &mut impl Rng) -> ([i32; 3], [i32; 3]) {
        let (jump, last) = self.cubes.leave(radius, random);
        (jump.position(), last.position())
    }

    /// The same in one word each.
    #[inline]
    pub(super) fn leave_packed(&self, radius: i32, random: &mut impl Rng) -> (Packed, Packed) {
        self.cubes.leave(radius, random)
    }

    /// Displacement of a walk to where it first meets a plane at most `clearance` below it, the farthest
    /// for which there is a table. `None` when there is none.
    #[inline]
    pub fn fall(&self, clearance: i32, random: &mut impl Rng) -> Option<[i32; 3]> {
        if clearance < DROPS[0] {
            return None;
        }
        let table = DROPS[..self.planes.len()].iter().rposition(|height| *height <= clearance)?;
        let index = self.planes[table].draw(random) as i32;
        Some([index % self.columns[0], index / self.columns[0], -DROPS[table]])
    }
}

/// Weights of the points of one face, (2r − 1)², row by row.
pub(super) fn cube_face(radius: usize) -> Vec<f64> {
    let edge = 2 * radius;
    let inner = edge - 1;
    let odd: Vec<usize> = (1..edge).step_by(2).collect();
    let sine = |m: usize, x: usize| libm::sin(PI * m as f64 * x as f64 / edge as f64);
    let sines: Vec<Vec<f64>> = odd.iter().map(|m| (1..edge).map(|x| sine(*m, x)).collect()).collect();
    // First sum over n for every (m, y), then over m.
    let rows: Vec<Vec<f64>> = odd
        .iter()
        .map(|m| {
            let mut row = vec![0.0; inner];
            for (n, sines_n) in odd.iter().zip(&sines) {
                let rate = decay(PI * *m as f64 / edge as f64, PI * *n as f64 / edge as f64);
                let norm = (2.0 / edge as f64).powi(2) / (2.0 * libm::cosh(rate * radius as f64));
                let factor = norm * sine(*m, radius) * sine(*n, radius);
                row.iter_mut().zip(sines_n).for_each(|(sum, s)| *sum += factor * s);
            }
            row
        })
        .collect();
    let mut weights = Vec::with_capacity(inner * inner);
    for y in 0..inner {
        for x in 0..inner {
            let sum: f64 = sines.iter().zip(&rows).map(|(s, row)| s[x] * row[y]).sum();
            // Corners are so unlikely that rounding can leave a sum a hair below zero.
            weights.push(sum.max(0.0));
        }
    }
    weights
}

/// Weights of the points of a periodic plane `height` below the start, row by row.
fn plane([nx, ny]: [usize; 2], height: f64) -> Vec<f64> {
    let cosines =
        |n: usize| -> Vec<f64> { (0..n).map(|k| libm::cos(2.0 * PI * k as f64 / n as f64)).collect() };
    let (cos_x, cos_y) = (cosines(nx), cosines(ny));
    // Even in both coordinates: sum over half the modes and half the points.
    let weight = |k: usize, n: usize| if k == 0 || 2 * k == n { 1.0 } else { 2.0 };
    let rows: Vec<Vec<f64>> = (0..=nx / 2)
        .map(|kx| {
            let modes: Vec<f64> = (0..=ny / 2)
                .map(|ky| {
                    let rate = decay(2.0 * PI * kx as f64 / nx as f64, 2.0 * PI * ky as f64 / ny as f64);
                    weight(kx, nx) * weight(ky, ny) * libm::exp(-rate * height)
                })
                .collect();
            (0..=ny / 2)
                .map(|y| modes.iter().enumerate().map(|(ky, mode)| mode * cos_y[ky * y % ny]).sum())
                .collect()
        })
        .collect();
    let quarter: Vec<Vec<f64>> = (0..=ny / 2)
        .map(|y| {
            (0..=nx / 2)
                .map(|x| {
                    rows.iter().enumerate().map(|(kx, row)| row[y] * cos_x[kx * x % nx]).sum::<f64>().max(0.0)
                })
                .collect()
        })
        .collect();
    let mut weights = Vec::with_capacity(nx * ny);
    for y in 0..ny {
        for x in 0..nx {
            weights.push(quarter[y.min(ny - y)][x.min(nx - x)]);
        }
    }
    weights
}

/// λ with cosh λ = 3 − cos α − cos β: the decay per layer of a mode of the discrete Laplace equation.
fn decay(alpha: f64, beta: f64) -> f64 {
    libm::acosh(3.0 - libm::cos(alpha) - libm::cos(beta))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Solves the discrete Laplace equation in a small cube by relaxation and compares.
    #[test]
    fn cube_law_solves_the_discrete_laplace_equation() {
        let (radius, edge) = (2, 4);
        let weights = cube_face(radius);
        assert!((weights.iter().sum::<f64>() - 1.0 / 6.0).abs() < 1e-12, "six equal faces");
        for target in [(2, 2), (1, 2), (1, 1)] {
            let at = |x: usize, y: usize, z: usize| (z * (edge + 1) + y) * (edge + 1) + x;
            let mut u = vec![0.0; (edge + 1).pow(3)];
            u[at(target.0, target.1, edge)] = 1.0;
            for _ in 0..200 {
                for z in 1..edge {
                    for y in 1..edge {
                        for x in 1..edge {
                            u[at(x, y, z)] = (u[at(x - 1, y, z)]
                                + u[at(x + 1, y, z)]
                                + u[at(x, y - 1, z)]
                                + u[at(x, y + 1, z)]
                                + u[at(x, y, z - 1)]
                                + u[at(x, y, z + 1)])
                                / 6.0;
                        }
                    }
                }
            }
            let law = weights[(target.1 - 1) * (edge - 1) + target.0 - 1];
            assert!((law - u[at(radius, radius, radius)]).abs() < 1e-12, "{target:?}: {law}");
        }
    }

    #[test]
    fn plane_law_is_a_distribution_and_composes() {
        // Falling by 4 twice is falling by 8: the semigroup property, exact for the discrete law.
        let (nx, ny) = (24, 16);
        let (four, eight) = (plane([nx, ny], 4.0), plane([nx, ny], 8.0));
        let norm = (nx * ny) as f64;
        assert!((four.iter().sum::<f64>() / norm - 1.0).abs() < 1e-10);
        for (x, y) in [(0, 0), (3, 1), (12, 8)] {
            let mut twice = 0.0;
            for v in 0..ny {
                for u in 0..nx {
                    twice += four[v * nx + u] * four[(y + ny - v) % ny * nx + (x + nx - u) % nx];
                }
            }
            assert!((twice / norm - eight[y * nx + x]).abs() < 1e-9);
        }
    }
}
