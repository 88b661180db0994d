//! The viewer's copy of the lattice.
//!
//! Does: keep what snapshots told, and which chunks of the surface must be made anew. Does not: know the simulation.
//! Bricks are shared, so a meshing task holds what it reads while newer bricks arrive.

use super::colour::round_up;
use crate::lattice::SiteKind;
use crate::observables::{BRICK_EDGE, PatchView, SiteView, Snapshot};
use bevy::math::Vec3;
use bevy::prelude::Resource;
use std::sync::Arc;

/// Sites along one edge of a chunk of the surface.
pub const CHUNK_EDGE: usize = 32;
/// How far, in sites, a chunk's surface and shading depend on what lies outside it: one brick.
pub const REACH: usize = BRICK_EDGE;

/// Shared sites of one brick, x fastest.
pub type Brick = Arc<[SiteView]>;

/// The viewer's copy of everything a snapshot tells.
#[derive(Debug, Default, Resource)]
pub struct Mirror {
    generation: Option<u64>,
    sites: [usize; 3],
    edge_um: f32,
    bricks: Vec<Option<Brick>>,
    patches: Arc<Vec<PatchView>>,
    dirty: Vec<bool>,
    ions: Vec<[f32; 3]>,
    time_s: f64,
    areal_capacity_mah_cm2: f64,
    dead: bool,
    top_site: usize,
    /// First and last brick that ever held a solid, along each axis.
    occupied: Option<([usize; 3], [usize; 3])>,
    /// Solid sites in each layer of bricks.
    solid_per_layer: Vec<u64>,
    ions_version: u64,
    age_end_mah_cm2: f32,
    film_end_nm: f32,
}

impl Mirror {
    /// Takes over what changed. A new generation forgets everything before.
    pub fn apply(&mut self, snapshot: &Snapshot) {
        if self.generation != Some(snapshot.generation) || self.sites != snapshot.sites {
            self.forget(snapshot);
        }
        self.edge_um = (snapshot.edge_m * 1.0e6) as f32;
        self.time_s = snapshot.metrics.time_s;
        self.areal_capacity_mah_cm2 = snapshot.metrics.areal_capacity_mah_cm2;
        self.dead = snapshot.metrics.dead_mah_cm2 > 0.0;
        let mut thickest = 0.0f32;
        for view in &snapshot.bricks {
            let Some(index) = self.brick_index(view.brick) else { continue };
            let empty =
                view.sites.iter().all(|site| site.kind == SiteKind::Electrolyte && site.patch == u16::MAX);
            let solid = |sites: &[SiteView]| sites.iter().filter(|site| site.kind.is_solid()).count() as u64;
            let before = self.bricks[index].as_ref().map_or(0, |brick| solid(brick));
            let layer = &mut self.solid_per_layer[view.brick[2]];
            *layer = *layer + solid(&view.sites) - before;
            for (number, site) in view.sites.iter().enumerate() {
                if site.kind.is_solid() {
                    let height = view.brick[2] * BRICK_EDGE + number / (BRICK_EDGE * BRICK_EDGE);
                    self.top_site = self.top_site.max(height + 1);
                    thickest = thickest.max(site.film_nm);
                }
            }
            if solid(&view.sites) > 0 {
                let (low, high) = self.occupied.unwrap_or((view.brick, view.brick));
                let pick = |choose: fn(usize, usize) -> usize, old: [usize; 3]| {
                    std::array::from_fn(|axis| choose(old[axis], view.brick[axis]))
                };
                self.occupied = Some((pick(usize::min, low), pick(usize::max, high)));
            }
            self.bricks[index] = (!empty).then(|| Arc::from(&view.sites[..]));
            self.mark_brick(view.brick);
        }
        self.apply_patches(snapshot);
        self.ions.clone_from(&snapshot.ions);
        self.ions_version += 1;
        self.stretch_scales(thickest);
    }

    fn forget(&mut self, snapshot: &Snapshot) {
        let bricks: usize = snapshot.sites.iter().map(|sites| sites / BRICK_EDGE).product();
        let chunks: usize = snapshot.sites.iter().map(|sites| sites.div_ceil(CHUNK_EDGE)).product();
        *self = Self {
            generation: Some(snapshot.generation),
            sites: snapshot.sites,
            bricks: vec![None; bricks],
            solid_per_layer: vec![0; snapshot.sites[2] / BRICK_EDGE],
            dirty: vec![true; chunks],
            ions_version: self.ions_version,
            age_end_mah_cm2: 0.05,
            film_end_nm: 10.0,
            ..Self::default()
        };
    }

    /// Patches come all together, and a new condition changes how the surface around them looks.
    fn apply_patches(&mut self, snapshot: &Snapshot) {
        if snapshot.patches.is_empty() {
            return;
        }
        let old = std::mem::replace(&mut self.patches, Arc::new(snapshot.patches.clone()));
        for (number, new) in snapshot.patches.iter().enumerate() {
            let same = old.get(number).is_some_and(|old| old.state == new.state && old.crack == new.crack);
            if !same {
                self.mark_column(new.crack.unwrap_or(new.centre));
            }
        }
    }

    /// Scales grow in round steps; each step colours everything anew.
    fn stretch_scales(&mut self, thickest_nm: f32) {
        let age_end = round_up((self.areal_capacity_mah_cm2 as f32).max(self.age_end_mah_cm2));
        let film_end = round_up(thickest_nm.max(self.film_end_nm));
        if age_end != self.age_end_mah_cm2 || film_end != self.film_end_nm {
            (self.age_end_mah_cm2, self.film_end_nm) = (age_end, film_end);
            self.mark_all();
        }
    }

    /// Chunks along x, y, z.
    pub fn chunks(&self) -> [usize; 3] {
        self.sites.map(|sites| sites.div_ceil(CHUNK_EDGE))
    }

    fn brick_index(&self, brick: [usize; 3]) -> Option<usize> {
        let count = self.sites.map(|sites| sites / BRICK_EDGE);
        let inside = brick.iter().zip(count).all(|(position, count)| *position < count);
        inside.then(|| brick[0] + count[0] * (brick[1] + count[1] * brick[2]))
    }

    /// Marks every chunk whose surface or shading the brick reaches, across the periodic sides too.
    fn mark_brick(&mut self, brick: [usize; 3]) {
        let chunks = self.chunks();
        let ranges: [Vec<usize>; 3] = std::array::from_fn(|axis| {
            let sites = self.sites[axis] as isize;
            let first = (brick[axis] * BRICK_EDGE) as isize - REACH as isize;
            let last = ((brick[axis] + 1) * BRICK_EDGE + REACH - 1) as isize;
            let mut found: Vec<usize> = [first, first + REACH as isize, last]
                .into_iter()
                .filter(|site| axis < 2 || (0..sites).contains(site))
                .map(|site| site.rem_euclid(sites) as usize / CHUNK_EDGE)
                .collect();
            found.dedup();
            found
        });
        for &z in &ranges[2] {
            for &y in &ranges[1] {
                for &x in &ranges[0] {
                    self.dirty[x + chunks[0] * (y + chunks[1] * z)] = true;
                }
            }
        }
    }

    /// Marks the chunks above and below a place, for patches whose metal may have moved up.
    fn mark_column(&mut self, place: [f32; 3]) {
        let half = (CHUNK_EDGE / 2) as isize;
        let chunks = self.chunks();
        let near = |axis: usize| {
            [-half, 0, half].map(|offset| {
                (place[axis] as isize + offset).rem_euclid(self.sites[axis] as isize) as usize / CHUNK_EDGE
            })
        };
        let (xs, ys) = (near(0), near(1));
        for z in 0..self.top_site.div_ceil(CHUNK_EDGE).clamp(1, chunks[2]) {
            for y in ys {
                for x in xs {
                    self.dirty[x + chunks[0] * (y + chunks[1] * z)] = true;
                }
            }
        }
    }

    /// Marks everything, for example when the colours change their meaning.
    pub fn mark_all(&mut self) {
        self.dirty.fill(true);
    }

    /// Takes the coordinates of the chunks to be made anew, in index order.
    pub fn take_dirty(&mut self) -> Vec<[usize; 3]> {
        let [nx, ny, _] = self.chunks();
        let dirty = self.dirty.iter_mut().enumerate();
        dirty
            .filter_map(|(index, dirty)| std::mem::take(dirty).then_some(index))
            .map(|index| [index % nx, index / nx % ny, index / nx / ny])
            .collect()
    }

    /// What a chunk's surface depends on; `None` when there is nothing to see.
    pub fn region(&self, chunk: [usize; 3], collector: bool) -> Option<Region> {
        let first = chunk.map(|position| position * CHUNK_EDGE);
        let size: [usize; 3] = std::array::from_fn(|axis| CHUNK_EDGE.min(self.sites[axis] - first[axis]));
        let count = size.map(|size| size / BRICK_EDGE + 2);
        let mut bricks = Vec::with_capacity(count.iter().product());
        for z in 0..count[2] {
            for y in 0..count[1] {
                for x in 0..count[0] {
                    let offset = [x, y, z];
                    let place: [isize; 3] =
                        std::array::from_fn(|axis| (first[axis] / BRICK_EDGE + offset[axis]) as isize - 1);
                    bricks.push(self.brick_wrapped(place).cloned());
                }
            }
        }
        let floor = collector && first[2] == 0;
        let something = floor || bricks.iter().any(Option::is_some);
        something.then(|| Region {
            first,
            size,
            box_sites: self.sites,
            collector,
            brick_count: count,
            bricks,
            patches: self.patches.clone(),
        })
    }

    /// The brick at a place, periodic in x and y; `None` outside and where all is electrolyte.
    fn brick_wrapped(&self, place: [isize; 3]) -> Option<&Brick> {
        let wrap = |axis: usize| place[axis].rem_euclid((self.sites[axis] / BRICK_EDGE) as isize) as usize;
        let z = usize::try_from(place[2]).ok()?;
        self.bricks[self.brick_index([wrap(0), wrap(1), z])?].as_ref()
    }

    /// Number of the run that is shown; `None` before the first snapshot.
    pub fn generation(&self) -> Option<u64> {
        self.generation
    }
    /// Edge of one site, µm.
    pub fn edge_um(&self) -> f32 {
        self.edge_um
    }
    /// Sides of the box, µm.
    pub fn box_um(&self) -> [f32; 3] {
        self.sites.map(|sites| sites as f32 * self.edge_um)
    }
    /// Highest solid site so far, µm above z = 0.
    pub fn top_um(&self) -> f32 {
        self.top_site as f32 * self.edge_um
    }
    /// Height to frame, µm: all of a compact deposit, but not all of a lone needle that stands out of it.
    pub fn framed_um(&self) -> f32 {
        let all: u64 = self.solid_per_layer.iter().sum();
        let mut below = 0;
        let bulk = self
            .solid_per_layer
            .iter()
            .position(|layer| {
                below += layer;
                below * 100 >= all * 97
            })
            .map_or(0.0, |layer| ((layer + 1) * BRICK_EDGE) as f32 * self.edge_um);
        let top = self.top_um();
        bulk.min(top) + 0.4 * (top - bulk).max(0.0)
    }
    /// Corners of the bricks that ever held a solid, µm; `None` while there is none.
    pub fn occupied_um(&self) -> Option<[Vec3; 2]> {
        let (low, high) = self.occupied?;
        let corner = |brick: [usize; 3], next: usize| {
            Vec3::from_array(brick.map(|position| ((position + next) * BRICK_EDGE) as f32 * self.edge_um))
        };
        Some([corner(low, 0), corner(high, 1)])
    }
    /// Na⁺ ions in lattice units.
    pub fn ions(&self) -> &[[f32; 3]] {
        &self.ions
    }
    /// Grows with every snapshot.
    pub fn version(&self) -> u64 {
        self.ions_version
    }
    /// SEI patches.
    pub fn patches(&self) -> &[PatchView] {
        &self.patches
    }
    /// Time of the last snapshot, s.
    pub fn time_s(&self) -> f64 {
        self.time_s
    }
    /// Charge of the last snapshot, mAh cm⁻².
    pub fn areal_capacity_mah_cm2(&self) -> f64 {
        self.areal_capacity_mah_cm2
    }
    /// True once metal has lost its contact.
    pub fn dead(&self) -> bool {
        self.dead
    }
    /// Upper end of the age scale, mAh cm⁻².
    pub fn age_end_mah_cm2(&self) -> f32 {
        self.age_end_mah_cm2
    }
    /// Upper end of the film scale, nm.
    pub fn film_end_nm(&self) -> f32 {
        self.film_end_nm
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
    /// True for places, relative to the chunk's first site, inside the box: beyond its sides the lattice goes on
    /// periodically, but nothing is drawn there.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observables::{BrickView, Metrics, PatchState};

    fn snapshot(generation: u64, bricks: &[[usize; 3]]) -> Snapshot {
        let metal = SiteView { kind: SiteKind::Metal, film_nm: 7.0, ..SiteView::default() };
        Snapshot {
            generation,
            sites: [96, 96, 64],
            edge_m: 0.5e-6,
            bricks: bricks
                .iter()
                .map(|&brick| BrickView { brick, sites: vec![metal; BRICK_EDGE.pow(3)].into() })
                .collect(),
            patches: Vec::new(),
            ions: Vec::new(),
            salt_profile: Vec::new(),
            metrics: Metrics::default(),
            events: Vec::new(),
            cycles: Vec::new(),
            course: Vec::new(),
            present_step: None,
            failure: None,
        }
    }

    fn dirty_after(bricks: &[[usize; 3]]) -> Vec<[usize; 3]> {
        let mut mirror = Mirror::default();
        mirror.apply(&snapshot(1, &[]));
        mirror.take_dirty();
        mirror.apply(&snapshot(1, bricks));
        mirror.take_dirty()
    }

    #[test]
    fn a_brick_in_the_middle_of_a_chunk_changes_that_chunk_only() {
        // Chunk 1 holds bricks 4 to 7; bricks 5 and 6 are farther than their reach from its sides.
        assert_eq!(dirty_after(&[[5, 6, 1]]), [[1, 1, 0]]);
    }

    #[test]
    fn a_brick_at_a_seam_changes_the_neighbour_too() {
        assert_eq!(dirty_after(&[[4, 5, 1]]), [[0, 1, 0], [1, 1, 0]]);
        assert_eq!(dirty_after(&[[5, 5, 3]]), [[1, 1, 0], [1, 1, 1]]);
        assert_eq!(dirty_after(&[[4, 7, 4]]).len(), 8);
    }

    #[test]
    fn the_sides_of_the_box_are_neighbours_of_each_other() {
        assert_eq!(dirty_after(&[[0, 5, 1]]), [[0, 1, 0], [2, 1, 0]]);
        assert_eq!(dirty_after(&[[5, 11, 1]]), [[1, 0, 0], [1, 2, 0]]);
    }

    #[test]
    fn a_new_generation_forgets_everything() {
        let mut mirror = Mirror::default();
        mirror.apply(&snapshot(1, &[[5, 5, 7]]));
        assert_eq!(mirror.top_um(), 32.0);
        mirror.take_dirty();
        mirror.apply(&snapshot(2, &[]));
        assert_eq!(mirror.take_dirty().len(), 3 * 3 * 2);
        assert_eq!(mirror.top_um(), 0.0);
        assert!(mirror.region([1, 1, 1], true).is_none());
    }

    #[test]
    fn a_patch_that_cracks_is_drawn_anew() {
        let mut mirror = Mirror::default();
        let mut first = snapshot(1, &[[5, 5, 0]]);
        first.patches = vec![PatchView { centre: [48.0, 48.0, 0.0], ..PatchView::default() }];
        mirror.apply(&first);
        mirror.take_dirty();
        let mut second = snapshot(1, &[]);
        second.patches = first.patches.clone();
        mirror.apply(&second);
        assert!(mirror.take_dirty().is_empty(), "nothing changed");
        second.patches[0].state = PatchState::Cracked;
        mirror.apply(&second);
        assert!(mirror.take_dirty().contains(&[1, 1, 0]));
    }

    #[test]
    fn a_region_reads_across_the_periodic_sides() {
        let mut mirror = Mirror::default();
        mirror.apply(&snapshot(1, &[[11, 0, 0]]));
        let region = mirror.region([0, 0, 0], true).unwrap();
        assert_eq!(region.site([-1, 0, 0]).kind, SiteKind::Metal);
        assert_eq!(region.site([-9 + 8, 7, 7]).kind, SiteKind::Metal);
        assert_eq!(region.site([0, 0, 0]).kind, SiteKind::Electrolyte);
        assert_eq!(region.site([0, 0, -1]).kind, SiteKind::Host, "the collector");
    }
}
