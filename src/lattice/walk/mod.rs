//! Random walks of ions among the solids: where an ion first sticks.
//!
//! Does: the simple random walk on the lattice, exactly in distribution, by jumps out of the largest cube around the walker
//! that holds no solid inside ([`Clearance`], [`JumpTables`]); a jump may end on a solid, and beside the surface it is a single step. No kill radius: above the deposit a walker falls back by
//! the exact hitting law of the plane, around a point cluster by that of the sphere.
//! Does not: place anything; hold state. Walks against one lattice may run in parallel.
//! Accuracy: exact for planar electrodes, rounding of probabilities to 2⁻³² apart; for a point cluster the return from outside
//! uses the continuum law of the sphere, whose relative error is of order (site / cluster radius)².

mod alias;
mod cubes;
mod tables;

pub use alias::Alias;
pub use tables::JumpTables;

use super::{Clearance, FACES, Lattice, Position, offset};
use rand::{Rng, RngExt};
use std::f64::consts::TAU;

/// Where a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landing {
    /// Electrolyte site the ion was on, wrapped into the box sideways.
    pub site: Position,
    /// Solid site it stuck to, wrapped.
    pub onto: Position,
}

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

/// Walks among the solids of one lattice.
#[derive(Clone, Copy)]
pub struct Walks<'a> {
    /// The solids.
    pub lattice: &'a Lattice,
    /// Jump laws for this box.
    pub tables: &'a JumpTables,
    /// What lies far from the deposit.
    pub far: Far,
}

/// Distance kept between a cluster and the sphere that walkers return to, sites.
const SPHERE_MARGIN: f64 = 2.0;

impl Walks<'_> {
    /// A start from infinitely far away: uniform on the plane just above the deposit, or on the sphere around it.
    pub fn release(&self, random: &mut impl Rng) -> Position {
        let [nx, ny, _] = self.lattice.sites();
        match self.far {
            Far::Around { centre, radius } => {
                let cosine = random.random_range(-1.0..1.0);
                on_sphere(centre, radius + SPHERE_MARGIN, [0.0, 0.0, 1.0], cosine, random)
            }
            _ => {
                let x = random.random_range(0..nx as i32);
                let y = random.random_range(0..ny as i32);
                [x, y, self.lattice.top() + 1]
            }
        }
    }

    /// Walks from `start` until `sticks` says that the ion stays on the solid it ran into.
    /// Each run-in asks once; a refused ion stays where it was. `None` when a sink took it.
    pub fn walk<R: Rng>(
        &self,
        start: Position,
        random: &mut R,
        sticks: impl FnMut(Position, &mut R) -> bool,
    ) -> Option<Landing> {
        self.walk_reluctantly(start, random, 1.0, sticks)
    }

    /// A [`walk`](Self::walk) whose run-ins are refused outright but for a share `most` (0 to 1); of these each asks `sticks`.
    ///
    /// Refusals leave the ion where it is, so their number need not be played out: at a site with n solid faces the next
    /// thing that matters is a run-in that counts with chance n·`most`/(n·`most` + 6 − n), else a step to any of the free
    /// neighbours (the sum of a geometric series, exact).
    pub fn walk_reluctantly<R: Rng>(
        &self,
        start: Position,
        random: &mut R,
        most: f64,
        mut sticks: impl FnMut(Position, &mut R) -> bool,
    ) -> Option<Landing> {
        let lattice = self.lattice;
        let clearance = lattice.clearance();
        let top = lattice.top();
        let around = matches!(self.far, Far::Around { .. });
        // Around a cluster positions stay unwrapped: its distance from the centre must be the true one.
        let settle = |position| if around { position } else { lattice.wrap(position) };
        let mut position = settle(start);
        let mut radius = self.radius(clearance, position);
        loop {
            match self.far {
                Far::Above => {
                    if let Some(fall) = self.tables.fall(position[2] - top - 1, random) {
                        position = settle(offset(position, fall));
                        radius = self.radius(clearance, position);
                        continue;
                    }
                }
                Far::Around { centre, radius: reach } => {
                    if let Some(back) = self.return_to_sphere(position, centre, reach + SPHERE_MARGIN, random)
                    {
                        position = back;
                        radius = self.radius(clearance, position);
                        continue;
                    }
                }
                Far::Sink { height } => {
                    if position[2] >= height {
                        return None;
                    }
                    radius = radius.min(height - position[2]);
                }
            }
            if most < 1.0
                && radius == 1
                && let Some((next, solid)) = self.step_or_run_in(clearance, position, most, random)
            {
                if !solid {
                    (position, radius) = (next, self.radius(clearance, next));
                } else if sticks(next, random) {
                    return Some(Landing { site: lattice.wrap(position), onto: lattice.wrap(next) });
                }
                continue;
            }
            let (jump, last) = self.tables.leave_cube(radius, random);
            let next = settle(offset(position, jump));
            let free = self.radius(clearance, next);
            if free > 0 {
                (position, radius) = (next, free);
                continue;
            }
            // It ran into a solid from the site before.
            position = settle(std::array::from_fn(|k| next[k] - last[k]));
            if (most == 1.0 || random.random::<f64>() < most) && sticks(next, random) {
                return Some(Landing { site: lattice.wrap(position), onto: lattice.wrap(next) });
            }
            radius = 1;
        }
    }

    /// The next neighbour that an ion beside the surface steps to, or runs into and is not refused; `None` with no solid beside it.
    fn step_or_run_in(
        &self,
        clearance: Option<&Clearance>,
        position: Position,
        most: f64,
        random: &mut impl Rng,
    ) -> Option<(Position, bool)> {
        let neighbours = FACES.map(|face| {
            let next = offset(position, face);
            let next = if matches!(self.far, Far::Around { .. }) { next } else { self.lattice.wrap(next) };
            (next, self.radius(clearance, next) == 0)
        });
        let solids = neighbours.iter().filter(|(_, solid)| *solid).count();
        if solids == 0 {
            return None;
        }
        let weight = |solid: bool| if solid { most } else { 1.0 };
        let mut rest = random.random::<f64>() * (solids as f64 * most + (6 - solids) as f64);
        let found = neighbours.iter().find(|(_, solid)| {
            rest -= weight(*solid);
            rest < 0.0
        });
        // Rounding may leave a hair of the last one: ask again.
        found.copied().or(Some((position, false)))
    }

    /// Radius of a cube around `position` with no solid inside; 0 on a solid.
    #[inline]
    fn radius(&self, clearance: Option<&Clearance>, position: Position) -> i32 {
        let [nx, ny, nz] = self.lattice.sites().map(|n| n as i32);
        let inside = |c: i32, n: i32| (c as u32) < n as u32;
        if !inside(position[2], nz) || !inside(position[0], nx) || !inside(position[1], ny) {
            // Outside there is nothing: positions are unwrapped only around clusters, which end before the box does.
            return 1;
        }
        match clearance {
            Some(clearance) => clearance.radius(position),
            None => i32::from(!self.lattice.is_solid(position)),
        }
    }

    /// Where a walk that has left the sphere of `radius` by some sites meets it again, given that it does.
    /// A walk that never returns is replaced by a fresh one from infinity, that is, uniform on the sphere.
    fn return_to_sphere(
        &self,
        position: Position,
        centre: Position,
        radius: f64,
        random: &mut impl Rng,
    ) -> Option<Position> {
        let from = [0, 1, 2].map(|k| f64::from(position[k] - centre[k]));
        let square = from.iter().map(|d| d * d).sum::<f64>();
        if square < (radius + 6.0) * (radius + 6.0) {
            return None;
        }
        let distance = square.sqrt();
        if random.random::<f64>() >= radius / distance {
            return Some(self.release(random));
        }
        // Poisson kernel of the exterior of a sphere, integrated over the polar angle and inverted.
        let u: f64 = random.random();
        let (r, d) = (radius, distance);
        let root = (d * d - r * r) / (d - r + 2.0 * r * u);
        let cosine = ((r * r + d * d - root * root) / (2.0 * r * d)).clamp(-1.0, 1.0);
        let axis = from.map(|c| c / distance);
        Some(on_sphere(centre, radius, axis, cosine, random))
    }
}

/// A lattice point on the sphere at the polar `cosine` from `axis`, azimuth at random.
fn on_sphere(centre: Position, radius: f64, axis: [f64; 3], cosine: f64, random: &mut impl Rng) -> Position {
    let azimuth = random.random_range(0.0..TAU);
    // A unit vector across the axis, from the coordinate axis that is least along it.
    let helper = if axis[0].abs() < 0.6 { [1.0, 0.0, 0.0] } else { [0.0, 1.0, 0.0] };
    let cross = |a: [f64; 3], b: [f64; 3]| {
        [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    };
    let across = cross(axis, helper);
    let norm = across.iter().map(|c| c * c).sum::<f64>().sqrt();
    let across = across.map(|c| c / norm);
    let third = cross(axis, across);
    let sine = (1.0 - cosine * cosine).sqrt();
    std::array::from_fn(|k| {
        let unit = cosine * axis[k] + sine * (azimuth.cos() * across[k] + azimuth.sin() * third[k]);
        centre[k] + (radius * unit).round() as i32
    })
}
