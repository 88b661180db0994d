//! What lies far from the deposit, and how walkers come back from there.

use crate::lattice::Position;
use rand::{Rng, RngExt};

/// What lies far from the deposit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Far {
    /// Electrolyte without end above the top of the deposit.
    Above,
    /// Electrolyte without end around a cluster within `radius` sites of `centre`.
    Around {
        /// Centre of the cluster.
        centre: Position,
        /// Largest distance of a cluster site from it.
        radius: f64,
    },
    /// An absorbing plane at this height: walks that reach it end without landing.
    Sink {
        /// Height of the plane, above the deposit.
        height: i32,
    },
}

/// Distance kept between a cluster and the sphere that walkers return to, sites.
pub(super) const SPHERE_MARGIN: f64 = 2.0;
/// Distance beyond that sphere from which they return, sites.
pub(super) const RETURN_MARGIN: f64 = 6.0;

/// Where a walk `from` outside a sphere of `radius` around the origin meets it, uniform if it never does. A
/// walker that never returns is replaced by a fresh one from infinity.
pub(super) fn return_to_sphere(from: [f64; 3], radius: f64, random: &mut impl Rng) -> Position {
    let distance = from.iter().map(|d| d * d).sum::<f64>().sqrt();
    if random.random::<f64>() * distance >= radius {
        return uniform_on_sphere(radius, random);
    }
    // Poisson kernel of the exterior of a sphere, integrated over the polar angle and inverted.
    let u: f64 = random.random();
    let (r, d) = (radius, distance);
    let root = (d * d - r * r) / (d - r + 2.0 * r * u);
    let cosine = ((r * r + d * d - root * root) / (2.0 * r * d)).clamp(-1.0, 1.0);
    on_sphere(r, from.map(|c| c / distance), cosine, random)
}

/// A lattice point on the sphere, anywhere.
pub(super) fn uniform_on_sphere(radius: f64, random: &mut impl Rng) -> Position {
    let cosine = random.random_range(-1.0..1.0);
    on_sphere(radius, [0.0, 0.0, 1.0], cosine, random)
}

/// A lattice point on the sphere at the polar `cosine` from `axis`, azimuth at random.
fn on_sphere(radius: f64, axis: [f64; 3], cosine: f64, random: &mut impl Rng) -> Position {
    // Two orthogonal unit vectors across the axis (Duff et al., J. Comput. Graph. Tech. 6(1), 1 (2017)).
    let [x, y, z] = axis;
    let sign = 1f64.copysign(z);
    let a = -1.0 / (sign + z);
    let b = x * y * a;
    let (across, third) = ([1.0 + sign * x * x * a, sign * b, -sign * x], [b, sign + y * y * a, -y]);
    let (cosine_azimuth, sine_azimuth) = on_circle(random);
    let sine = (1.0 - cosine * cosine).sqrt();
    std::array::from_fn(|k| {
        let unit = cosine * axis[k] + sine * (cosine_azimuth * across[k] + sine_azimuth * third[k]);
        round(radius * unit)
    })
}

/// A point on the unit circle without trigonometry: any point of the disc, doubled in angle (von Neumann
/// 1951).
fn on_circle(random: &mut impl Rng) -> (f64, f64) {
    loop {
        let (u, v) = (random.random_range(-1.0..1.0), random.random_range(-1.0..1.0));
        let (u2, v2): (f64, f64) = (u * u, v * v);
        let square = u2 + v2;
        if square <= 1.0 && square > 1e-9 {
            return ((u2 - v2) / square, 2.0 * u * v / square);
        }
    }
}

/// To the nearest integer, for numbers of lattice size: a shift that makes them positive, and a cut.
fn round(value: f64) -> i32 {
    const SHIFT: i32 = 1 << 20;
    (value + f64::from(SHIFT) + 0.5) as i32 - SHIFT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Purpose, stream};

    #[test]
    fn returns_follow_the_poisson_kernel() {
        // Mean of the cosine between start and return of walks that do return. The harmonic function z
        // outside the sphere is r³z/d³, so ⟨cos⟩ = (r/d)² with all walks, the uniform ones adding none.
        let (radius, distance, trials) = (400.0, 560.0, 200_000);
        let mut random = stream(1, Purpose::Walk, 0, 0);
        let from = [0.48 * distance, -0.6 * distance, 0.64 * distance];
        let (mut mean, mut squares) = (0.0, [0.0; 3]);
        for _ in 0..trials {
            let back = return_to_sphere(from, radius, &mut random).map(|c| f64::from(c) / radius);
            assert!((back.iter().map(|c| c * c).sum::<f64>() - 1.0).abs() < 0.01);
            mean += (0..3).map(|k| back[k] * from[k] / distance).sum::<f64>() / f64::from(trials);
            let uniform = uniform_on_sphere(radius, &mut random).map(|c| f64::from(c) / radius);
            (0..3).for_each(|k| squares[k] += uniform[k] * uniform[k] / f64::from(trials));
        }
        let law = (radius / distance).powi(2);
        // Five standard deviations, below 1/√n; rounding to sites adds less.
        assert!((mean - law).abs() < 5.0 / f64::from(trials).sqrt(), "{mean}, law {law}");
        assert!(squares.iter().all(|square| (square - 1.0 / 3.0).abs() < 0.004), "{squares:?}");
    }
}
