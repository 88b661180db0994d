//! Random walks of ions among the solids: where an ion first sticks.
//!
//! Does: the simple random walk on the lattice, exactly in distribution. Walkers jump out of the largest cube
//! around the walker that holds no solid inside ([`Clearance`], [`JumpTables`]). A jump may end on a solid,
//! and beside the surface it is a single step. Walks that are mostly refused go along the surface by steps
//! that cost far less. There is no kill radius. Above the deposit a walker falls back by the exact hitting
//! law of the plane, around a point cluster by that of the sphere.
//! Does not: place anything; hold state. Walks against one lattice may run in parallel.
//! Accuracy: exact for planar electrodes, rounding of probabilities to 2⁻³² apart. For a point cluster the
//! return from outside uses the continuum law of the sphere, whose relative error is of order (site / cluster
//! radius)².

mod alias;
mod course;
mod cubes;
mod far;
mod packed;
mod refusals;
mod steps;
mod tables;

pub use alias::Alias;
pub use far::Far;
pub use tables::JumpTables;

use super::position::wrapped;
use super::{Clearance, Lattice, Position};
use course::Course;
use far::{SPHERE_MARGIN, uniform_on_sphere};
use rand::{Rng, RngExt};

/// Where a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landing {
    /// Electrolyte site the ion was on, wrapped into the box sideways.
    pub site: Position,
    /// Solid site it stuck to, wrapped.
    pub onto: Position,
}

/// What ions see of a lattice: the box, and how far from the next solid they are.
///
/// Of what is placed after the clearance was told they know nothing: so some may walk while others are
/// placed.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    sites: [usize; 3],
    top: i32,
    clearance: &'a Clearance,
}

impl<'a> Ground<'a> {
    /// The box of a lattice as it is now, and a clearance that may know less of it.
    pub(crate) fn new(lattice: &Lattice, clearance: &'a Clearance) -> Self {
        Self::below(lattice.sites(), lattice.top(), clearance)
    }

    /// A box of which nothing stands out above `top`.
    pub(crate) fn below(sites: [usize; 3], top: i32, clearance: &'a Clearance) -> Self {
        Self { sites, top, clearance }
    }

    #[inline]
    fn wrap(&self, position: Position) -> Position {
        wrapped(position, self.sites)
    }
}

/// Walks among the solids of one lattice.
#[derive(Clone, Copy)]
pub struct Walks<'a> {
    /// The solids.
    pub ground: Ground<'a>,
    /// Jump laws for this box.
    pub tables: &'a JumpTables,
    /// What lies far from the deposit.
    pub far: Far,
}

/// Ions that walk by turns: while one waits for its reads the others go on.
const ABREAST: usize = 4;

impl Walks<'_> {
    /// A start from infinitely far away: uniform on the plane just above the deposit, or on the sphere around
    /// it.
    pub fn release(&self, random: &mut impl Rng) -> Position {
        let [nx, ny, _] = self.ground.sites;
        match self.far {
            Far::Around { centre, radius } => {
                super::offset(centre, uniform_on_sphere(radius + SPHERE_MARGIN, random))
            }
            _ => {
                let x = random.random_range(0..nx as i32);
                let y = random.random_range(0..ny as i32);
                [x, y, self.ground.top + 1]
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

    /// A [`walk`](Self::walk) whose run-ins are refused outright but for a share `most` (0 to 1); of these
    /// each asks `sticks`. Refusals leave the ion where it is; how many there are is drawn beforehand.
    pub fn walk_reluctantly<R: Rng>(
        &self,
        start: Position,
        random: &mut R,
        most: f64,
        mut sticks: impl FnMut(Position, &mut R) -> bool,
    ) -> Option<Landing> {
        let course = Course::new(self, most);
        let mut ion = course.start(start, random)?;
        loop {
            if let Some(end) = course.depart(&mut ion, random, &mut sticks) {
                return end;
            }
            course.look(&mut ion);
        }
    }

    /// As many walks from [`release`](Self::release) as there are `landings`, the k-th with the random
    /// numbers `stream(k)`. Each ends as if it were [`walked`](Self::walk_reluctantly) alone.
    pub fn walk_abreast<R: Rng>(
        &self,
        most: f64,
        stream: impl Fn(usize) -> R,
        sticks: impl FnMut(Position, &mut R) -> bool,
        landings: &mut [Option<Landing>],
    ) {
        let waiting = 0..landings.len();
        self.walk_all(most, waiting, stream, sticks, |index, end| landings[index] = end);
    }

    /// The same for ions with any numbers, which set out one by one as others come to an `end`. Threads that
    /// take them from a common store walk these ions only, and always as many at a time.
    pub fn walk_all<R: Rng>(
        &self,
        most: f64,
        waiting: impl Iterator<Item = usize>,
        stream: impl Fn(usize) -> R,
        mut sticks: impl FnMut(Position, &mut R) -> bool,
        mut end: impl FnMut(usize, Option<Landing>),
    ) {
        let course = Course::new(self, most);
        let mut waiting = waiting.fuse();
        let mut walking = Vec::with_capacity(ABREAST);
        loop {
            while walking.len() < ABREAST
                && let Some(index) = waiting.next()
            {
                let mut random = stream(index);
                let start = self.release(&mut random);
                match course.start(start, &mut random) {
                    Some(ion) => walking.push((index, ion, random)),
                    None => end(index, None),
                }
            }
            if walking.is_empty() {
                return;
            }
            walking.retain_mut(|(index, ion, random)| match course.depart(ion, random, &mut sticks) {
                Some(landing) => {
                    end(*index, landing);
                    false
                }
                None => {
                    course.look(ion);
                    true
                }
            });
        }
    }
}
