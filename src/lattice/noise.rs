//! Noise on a lattice that is periodic sideways.

use super::{Lattice, Position};
use noise::{NoiseFn, Perlin};
use std::f64::consts::TAU;

/// Noise that is periodic sideways: the plane is rolled up into a torus in four dimensions.
pub struct PeriodicNoise {
    noise: Perlin,
    columns: [f64; 2],
    scale: f64,
}

impl PeriodicNoise {
    /// Noise with features of `scale` sites on a lattice.
    pub fn new(lattice: &Lattice, scale: f64, seed: u64) -> Self {
        let [nx, ny, _] = lattice.sites();
        // Perlin tables take 32 bits; folding keeps the influence of the upper half.
        Self { noise: Perlin::new((seed ^ (seed >> 32)) as u32), columns: [nx as f64, ny as f64], scale }
    }

    /// Value in about −1…1 at a position.
    pub fn at(&self, [x, y, z]: Position) -> f64 {
        let angle = |c: i32, n: f64| TAU * f64::from(c) / n;
        let radius = self.columns.map(|n| n / (TAU * self.scale));
        let (u, v) = (angle(x, self.columns[0]), angle(y, self.columns[1]));
        let rise = f64::from(z) / self.scale;
        self.noise.get([
            radius[0] * libm::cos(u) + rise,
            radius[0] * libm::sin(u),
            radius[1] * libm::cos(v) - rise,
            radius[1] * libm::sin(v),
        ])
    }
}
