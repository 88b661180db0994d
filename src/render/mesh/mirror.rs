//! The viewer's copy of the lattice.
//!
//! Does: keep what snapshots told, and which chunks of the surface must be made anew. Take over as much at a
//! time as one frame can bear.
//! Does not: know the simulation, or look into bricks (the reader of the [`News`] has). Bricks are shared, so
//! a meshing task holds what it reads while newer bricks arrive.

use crate::observables::{BRICK_EDGE, PatchView, Snapshot};
use crate::render::colour::round_up;
use crate::render::mesh::news::{BrickNews, News};
use crate::render::mesh::table::{CHUNK_EDGE, REACH, Table};
use bevy::math::Vec3;
use bevy::prelude::Resource;

/// The viewer's copy of everything a snapshot tells.
#[derive(Debug, Default, Resource)]
pub struct Mirror {
    generation: Option<u64>,
    edge_um: f32,
    table: Table,
    /// True while the bricks of a snapshot are only partly taken over.
    between: bool,
    dirty: Vec<bool>,
    ions: Vec<[f32; 3]>,
    time_s: f64,
    areal_capacity_mah_cm2: f64,
    /// Cycle, step of the protocol as written, current density in mA cm⁻².
    course: Option<(u64, u64, f64)>,
    dead: bool,
    top_site: usize,
    /// First and last brick that ever held a solid, along each axis.
    occupied: Option<([usize; 3], [usize; 3])>,
    /// Solid sites in each layer of bricks.
    solid_per_layer: Vec<u64>,
    version: u64,
    age_end_mah_cm2: f32,
    film_end_nm: f32,
}

impl Mirror {
    /// Takes over what changed, all of it.
    #[cfg(test)]
    pub fn apply(&mut self, snapshot: &Snapshot) {
        assert!(self.take_over(&mut News::read(snapshot.clone()), usize::MAX));
    }

    /// Takes over at most so many bricks of what changed, and the rest of it after the last one; true when
    /// all is taken. A new generation forgets everything before.
    pub fn take_over(&mut self, news: &mut News, most_bricks: usize) -> bool {
        let snapshot = &news.snapshot;
        if self.generation != Some(snapshot.generation) || self.table.sites() != snapshot.sites {
            self.forget(snapshot);
        }
        for _ in 0..most_bricks {
            let Some(brick) = news.next_brick() else { break };
            news.thickest_nm = news.thickest_nm.max(brick.thickest_nm);
            self.put(brick);
        }
        self.between = news.bricks_left() > 0;
        if self.between {
            return false;
        }
        let snapshot = &mut news.snapshot;
        self.edge_um = (snapshot.edge_m * 1.0e6) as f32;
        self.time_s = snapshot.metrics.time_s;
        self.areal_capacity_mah_cm2 = snapshot.metrics.areal_capacity_mah_cm2;
        let metrics = &snapshot.metrics;
        self.course = metrics.protocol_step.map(|step| (metrics.cycle, step, metrics.current_density_ma_cm2));
        self.dead = snapshot.metrics.dead_mah_cm2 > 0.0;
        self.apply_patches(std::mem::take(&mut snapshot.patches));
        self.ions = std::mem::take(&mut snapshot.ions);
        self.version += 1;
        self.stretch_scales(news.thickest_nm);
        true
    }

    fn put(&mut self, news: BrickNews) {
        let BrickNews { brick, sites, top, thickest_nm: _ } = news;
        let solids = sites.as_ref().map_or(0, |(_, solids)| *solids);
        let Some(before) = self.table.put(brick, sites) else { return };
        let layer = &mut self.solid_per_layer[brick[2]];
        *layer = *layer + u64::from(solids) - u64::from(before);
        if solids > 0 {
            self.top_site = self.top_site.max(brick[2] * BRICK_EDGE + top);
            let (low, high) = self.occupied.unwrap_or((brick, brick));
            let pick = |choose: fn(usize, usize) -> usize, old: [usize; 3]| {
                std::array::from_fn(|axis| choose(old[axis], brick[axis]))
            };
            self.occupied = Some((pick(usize::min, low), pick(usize::max, high)));
        }
        self.mark_brick(brick);
    }

    fn forget(&mut self, snapshot: &Snapshot) {
        let chunks: usize = snapshot.sites.iter().map(|sites| sites.div_ceil(CHUNK_EDGE)).product();
        *self = Self {
            generation: Some(snapshot.generation),
            table: Table::new(snapshot.sites),
            solid_per_layer: vec![0; snapshot.sites[2] / BRICK_EDGE],
            dirty: vec![true; chunks],
            version: self.version,
            age_end_mah_cm2: 0.05,
            film_end_nm: 10.0,
            ..Self::default()
        };
    }

    /// Patches come all together, and a new condition changes how the surface around them looks.
    fn apply_patches(&mut self, patches: Vec<PatchView>) {
        if patches.is_empty() {
            return;
        }
        let old = self.table.set_patches(patches);
        let new = self.table.patches().clone();
        for (number, new) in new.iter().enumerate() {
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
        self.table.sites().map(|sites| sites.div_ceil(CHUNK_EDGE))
    }

    /// Marks every chunk whose surface or shading the brick reaches, across the periodic sides too.
    fn mark_brick(&mut self, brick: [usize; 3]) {
        let chunks = self.chunks();
        // The chunks of the first and last site within reach and of the brick itself; one that comes twice is
        // marked twice.
        let near: [[Option<usize>; 3]; 3] = std::array::from_fn(|axis| {
            let sites = self.table.sites()[axis] as isize;
            let first = (brick[axis] * BRICK_EDGE) as isize;
            [first - REACH as isize, first, first + (BRICK_EDGE + REACH - 1) as isize].map(|site| {
                let inside = axis < 2 || (0..sites).contains(&site);
                inside.then(|| site.rem_euclid(sites) as usize / CHUNK_EDGE)
            })
        });
        for z in near[2].into_iter().flatten() {
            for y in near[1].into_iter().flatten() {
                for x in near[0].into_iter().flatten() {
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
                (place[axis] as isize + offset).rem_euclid(self.table.sites()[axis] as isize) as usize
                    / CHUNK_EDGE
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

    /// The bricks as they are now.
    pub fn table(&self) -> &Table {
        &self.table
    }
    /// True while the bricks of a snapshot are only partly taken over, so that they show no one moment.
    pub fn between_moments(&self) -> bool {
        self.between
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
        self.table.sites().map(|sites| sites as f32 * self.edge_um)
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
        self.version
    }
    /// SEI patches.
    pub fn patches(&self) -> &[PatchView] {
        self.table.patches()
    }
    /// Time of the last snapshot, s.
    pub fn time_s(&self) -> f64 {
        self.time_s
    }
    /// Charge of the last snapshot, mAh cm⁻².
    pub fn areal_capacity_mah_cm2(&self) -> f64 {
        self.areal_capacity_mah_cm2
    }
    /// Cycle, step and current density, mA cm⁻², in a protocol.
    pub fn course(&self) -> Option<(u64, u64, f64)> {
        self.course
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::SiteKind;
    use crate::observables::{BrickView, PatchState, SiteView};

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
            ..Snapshot::default()
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
        assert!(mirror.table().region([1, 1, 1], true).is_none());
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
        let region = mirror.table().region([0, 0, 0], true).unwrap();
        assert_eq!(region.site([-1, 0, 0]).kind, SiteKind::Metal);
        assert_eq!(region.site([-9 + 8, 7, 7]).kind, SiteKind::Metal);
        assert_eq!(region.site([0, 0, 0]).kind, SiteKind::Electrolyte);
        assert_eq!(region.site([0, 0, -1]).kind, SiteKind::Host, "the collector");
    }

    #[test]
    fn a_large_snapshot_is_taken_over_in_parts_and_is_a_moment_only_when_whole() {
        let all: Vec<[usize; 3]> = (0..144).map(|number| [number % 12, number / 12, 0]).collect();
        let mut mirror = Mirror::default();
        let mut news = News::read(snapshot(1, &all));
        assert!(!mirror.take_over(&mut news, 100));
        assert!(mirror.between_moments());
        assert_eq!((news.bricks_left(), mirror.version()), (44, 0));
        assert!(mirror.take_over(&mut news, 100));
        assert!(!mirror.between_moments());
        assert_eq!((news.bricks_left(), mirror.version()), (0, 1));
        assert_eq!(mirror.top_um(), 4.0);
    }

    #[test]
    fn who_reads_the_bricks_of_a_moment_keeps_them() {
        let mut mirror = Mirror::default();
        mirror.apply(&snapshot(1, &[]));
        let then = mirror.table().clone();
        mirror.apply(&snapshot(1, &[[5, 5, 1]]));
        assert!(then.region([1, 1, 0], false).is_none());
        assert!(mirror.table().region([1, 1, 0], false).is_some());
    }
}
