//! The bricks of one moment, shared.
//!
//! Does: hand out what one chunk of the surface depends on, on any thread. Cloning copies one pointer per
//! layer of bricks, and a layer is copied only when it changes while a reader still holds it.
//! Does not: know what is shown.

use crate::lattice::SiteKind;
use crate::observables::{BRICK_EDGE, PatchView, SiteView};
use bevy::math::Vec3;
use std::sync::Arc;

/// Sites along one edge of a chunk of the surface.
pub const CHUNK_EDGE: usize = 32;
/// How far, in sites, a chunk's surface and shading depend on what lies outside it: one brick.
pub const REACH: usize = BRICK_EDGE;

/// Shared sites of one brick, x fastest.
pub type Brick = Arc<[SiteView]>;

/// A brick and how many of its sites are solid.
type Entry = Option<(Brick, u32)>;

/// All bricks of the box.
#[derive(Clone, Debug, Default)]
pub struct Table {
    sites: [usize; 3],
    layers: Vec<Arc<Vec<Entry>>>,
    patches: Arc<Vec<PatchView>>,
}

impl Table {
    /// A box of electrolyte.
    pub fn new(sites: [usize; 3]) -> Self {
        let [nx, ny, nz] = sites.map(|sites| sites / BRICK_EDGE);
        let layer = Arc::new(vec![None; nx * ny]);
        Self { sites, layers: vec![layer; nz], patches: Arc::default() }
    }

    /// Sites of the box.
    pub fn sites(&self) -> [usize; 3] {
        self.sites
    }

    /// SEI patches.
    pub fn patches(&self) -> &Arc<Vec<PatchView>> {
        &self.patches
    }

    /// Replaces the patches and returns the old ones.
    pub fn set_patches(&mut self, patches: Vec<PatchView>) -> Arc<Vec<PatchView>> {
        std::mem::replace(&mut self.patches, Arc::new(patches))
    }

    /// Puts a brick in its place; returns how many solid sites were there, or `None` when the place is
    /// outside the box.
    pub fn put(&mut self, brick: [usize; 3], entry: Entry) -> Option<u32> {
        let [nx, ny] = [self.sites[0] / BRICK_EDGE, self.sites[1] / BRICK_EDGE];
        let layer = self.layers.get_mut(brick[2]).filter(|_| brick[0] < nx && brick[1] < ny)?;
        let place = &mut Arc::make_mut(layer)[brick[0] + nx * brick[1]];
        let before = std::mem::replace(place, entry);
        Some(before.map_or(0, |(_, solids)| solids))
    }

    /// The brick at a place, periodic in x and y; `None` outside and where all is electrolyte.
    pub fn brick_wrapped(&self, place: [isize; 3]) -> Option<&Brick> {
        let wrap = |axis: usize| place[axis].rem_euclid((self.sites[axis] / BRICK_EDGE) as isize) as usize;
        let layer = self.layers.get(usize::try_from(place[2]).ok()?)?;
        layer[wrap(0) + self.sites[0] / BRICK_EDGE * wrap(1)].as_ref().map(|(brick, _)| brick)
    }

    /// What a chunk's surface depends on; `None` when there is nothing to see.
    pub fn region(&self, chunk: [usize; 3], collector: bool) -> Option<Region> {
        let brick = |place| self.brick_wrapped(place).cloned();
        Region::cut(self.sites, chunk, collector, self.patches.clone(), brick)
    }
}

/// The part of the lattice that one chunk of surface depends on.
#[derive(Clone, Debug)]
pub struct Region {
    /// First site of the chunk.
    pub first: [usize; 3],
    /// Sites of the chunk along each axis.
    pub size: [usize; 3],
    /// Sites of the whole box.
    pub box_sites: [usize; 3],
    /// True when everything below z = 0 is solid.
    pub collector: bool,
    brick_count: [usize; 3],
    bricks: Vec<Option<Brick>>,
    /// All SEI patches.
    pub patches: Arc<Vec<PatchView>>,
}

impl Region {
    /// Gathers the bricks of a chunk and around it; `None` when there is nothing to see.
    pub(in crate::render) fn cut(
        box_sites: [usize; 3],
        chunk: [usize; 3],
        collector: bool,
        patches: Arc<Vec<PatchView>>,
        brick: impl Fn([isize; 3]) -> Option<Brick>,
    ) -> Option<Self> {
        let first = chunk.map(|position| position * CHUNK_EDGE);
        let size: [usize; 3] = std::array::from_fn(|axis| CHUNK_EDGE.min(box_sites[axis] - first[axis]));
        let count = size.map(|size| size / BRICK_EDGE + 2);
        let mut bricks = Vec::with_capacity(count.iter().product());
        for z in 0..count[2] {
            for y in 0..count[1] {
                for x in 0..count[0] {
                    let offset = [x, y, z];
                    bricks.push(brick(std::array::from_fn(|axis| {
                        (first[axis] / BRICK_EDGE + offset[axis]) as isize - 1
                    })));
                }
            }
        }
        let floor = collector && first[2] == 0;
        let something = floor || bricks.iter().any(Option::is_some);
        something.then_some(Self { first, size, box_sites, collector, brick_count: count, bricks, patches })
    }

    /// True where the chunk lies at a side of the box.
    pub fn touches_side(&self) -> bool {
        (0..2).any(|axis| self.first[axis] == 0 || self.first[axis] + self.size[axis] == self.box_sites[axis])
    }

    /// True for places, relative to the chunk's first site, inside the box: beyond its sides the lattice goes
    /// on periodically, but nothing is drawn there.
    pub fn is_in_box(&self, place: [isize; 3]) -> bool {
        (0..3).all(|axis| {
            let position = self.first[axis] as isize + place[axis];
            position < self.box_sites[axis] as isize && (position >= 0 || axis == 2 && self.collector)
        })
    }

    /// True for points, relative to the chunk's first site, on one of the vertical sides of the box.
    pub fn is_on_side(&self, point: Vec3) -> bool {
        (0..2).any(|axis| {
            let position = point[axis] + self.first[axis] as f32;
            position < 1.0e-3 || position > self.box_sites[axis] as f32 - 1.0e-3
        })
    }

    /// The site at a place relative to the chunk's first, up to [`REACH`] outside the chunk.
    pub fn site(&self, place: [isize; 3]) -> SiteView {
        let z = self.first[2] as isize + place[2];
        if z < 0 && self.collector {
            return SiteView { kind: SiteKind::Host, patch: u16::MAX, ..SiteView::default() };
        }
        let shifted = place.map(|position| (position + REACH as isize) as usize);
        let brick = shifted.map(|position| position / BRICK_EDGE);
        let [x, y, z] = shifted.map(|position| position % BRICK_EDGE);
        let index = brick[0] + self.brick_count[0] * (brick[1] + self.brick_count[1] * brick[2]);
        match &self.bricks[index] {
            Some(sites) => sites[x + BRICK_EDGE * (y + BRICK_EDGE * z)],
            None => SiteView { patch: u16::MAX, ..SiteView::default() },
        }
    }
}
