//! Storage: what stands on each site in a byte, details of solid sites in eight more, and of exposed ones in
//! a list.
//!
//! Does: hold the kind of each site and the number of solids around it in one byte, in bricks of 8³.
//! Neighbours mostly share a cache line. Hold a record per site in bricks with a solid, the [list of exposed
//! sites](exposed), and which bricks changed. While walkers need it, hold the [`Clearance`] that they jump
//! by.
//! Does not: decide what may be placed where, or which solids are on the list. What stands around a site is
//! asked for in [`neighbours`]. Memory: a byte a site (two while walkers walk) that the system
//! hands out when first touched. Eight bytes more in bricks with a solid, 32 more for an exposed site.
//!
//! x and y are periodic. Layer z = 0 is the collector in scenes that have one, so heights are counted from
//! its upper face. Above the top layer there is electrolyte without end. Below the bottom layer nothing is
//! ever solid, and walkers are kept from going there by the collector.

mod around;
mod exposed;
mod neighbours;
mod record;
mod seams;
mod visits;

pub(crate) use around::{Around, BESIDE};
pub(crate) use exposed::Exposed;
pub(crate) use neighbours::Gap;
pub use record::Solid;

use super::clearance::Clearance;
use super::lines::Lines;
use super::position::{BRICK_EDGE, BRICK_SITES, FACES, NONE_U16, NONE_U32, Position, offset, wrapped};
use super::site::{GrowthMode, SiteKind};
use super::walk::Ground;
use exposed::ExposedSites;
use record::{Record, Records};

/// A byte per site: the kind above, the number of solids among the 26 neighbours (asked for far more often
/// than changed) below.
const KIND_SHIFT: u32 = 5;
const COUNT: u8 = (1 << KIND_SHIFT) - 1;

/// The lattice.
pub struct Lattice {
    sites: [usize; 3],
    bricks: [usize; 3],
    /// Kind and neighbours of each site, and of a layer of bricks above the box that nothing ever stands in.
    bytes: Lines,
    records: Vec<Option<Box<Records>>>,
    exposed: ExposedSites,
    counts: [u64; SiteKind::ALL.len()],
    changed: Vec<bool>,
    top: i32,
    /// True once there is any seam.
    seamed: bool,
    /// None while there are no walkers.
    clearance: Option<Clearance>,
}

impl Lattice {
    /// Bytes per site of an empty lattice: kinds, distances for walkers, searches for contact.
    pub const BYTES_PER_SITE_EMPTY: f64 = 2.4;
    /// Bytes per site of a lattice full of metal.
    pub const BYTES_PER_SITE_FULL: f64 = Self::BYTES_PER_SITE_EMPTY + size_of::<Record>() as f64;

    /// An empty lattice of `sites` along x, y, z, each a positive multiple of [`BRICK_EDGE`].
    pub fn new(sites: [usize; 3]) -> Self {
        assert!(
            sites.iter().all(|n| *n > 0 && n % BRICK_EDGE == 0),
            "validated scenes have edges that are multiples of {BRICK_EDGE}"
        );
        let bricks = sites.map(|n| n / BRICK_EDGE);
        let total = sites[0] * sites[1] * sites[2];
        let brick_count = bricks[0] * bricks[1] * bricks[2];
        let mut counts = [0; SiteKind::ALL.len()];
        counts[SiteKind::Electrolyte as usize] = total as u64;
        Self {
            sites,
            bricks,
            bytes: Lines::zeros(total + bricks[0] * bricks[1] * BRICK_SITES),
            records: vec![None; brick_count],
            exposed: ExposedSites::default(),
            counts,
            changed: vec![false; brick_count],
            top: -1,
            seamed: false,
            clearance: Some(Clearance::new(sites)),
        }
    }

    /// Sites along x, y, z.
    pub fn sites(&self) -> [usize; 3] {
        self.sites
    }

    /// Bricks along x, y, z.
    pub fn bricks(&self) -> [usize; 3] {
        self.bricks
    }

    /// Columns of the lattice, the projected area in sites.
    pub fn columns(&self) -> usize {
        self.sites[0] * self.sites[1]
    }

    /// Number of sites of a kind.
    pub fn count(&self, kind: SiteKind) -> u64 {
        self.counts[kind as usize]
    }

    /// Height of the highest solid site; −1 for an empty lattice. Never falls below the true value.
    pub fn top(&self) -> i32 {
        self.top
    }

    /// What ions see of the solids; `None` while there are no walkers.
    pub fn ground(&self) -> Option<Ground<'_>> {
        self.clearance.as_ref().map(|clearance| Ground::new(self, clearance))
    }

    /// Hands the distances for walkers over. The caller must add to them what is placed.
    pub(crate) fn lend_clearance(&mut self) -> Option<Clearance> {
        self.clearance.take()
    }

    /// Takes them back.
    pub(crate) fn take_clearance_back(&mut self, clearance: Clearance) {
        self.clearance = Some(clearance);
    }

    /// Makes distances for walkers, or fresh ones where much was taken away.
    pub fn keep_clearance(&mut self) {
        if self.clearance.as_ref().is_some_and(|clearance| !clearance.stale()) {
            return;
        }
        let mut clearance = Clearance::new(self.sites);
        self.for_each_solid(|position, _| clearance.add(position));
        self.clearance = Some(clearance);
    }

    /// Forgets the distances for walkers. Placing is cheaper without them.
    pub fn drop_clearance(&mut self) {
        self.clearance = None;
    }

    /// `position` with x and y brought back into the box.
    #[inline]
    pub fn wrap(&self, position: Position) -> Position {
        wrapped(position, self.sites)
    }

    /// True for heights inside the box.
    #[inline]
    pub fn contains_height(&self, z: i32) -> bool {
        z >= 0 && (z as usize) < self.sites[2]
    }

    /// Index of a wrapped position inside the box.
    #[inline]
    pub(super) fn index(&self, position: Position) -> usize {
        let [x, y, z] = position;
        Around::x(x as usize) + Around::y(y as usize, self.bricks) + Around::z(z as usize, self.bricks)
    }

    /// Indices of the 27 sites around a position, to read what stands there one after the other.
    #[inline]
    pub(crate) fn around(&self, position: Position) -> Around {
        Around::new(self.wrap(position), self.sites, self.bricks)
    }

    /// Index parts of the 125 sites around a position.
    pub(crate) fn block(&self, position: Position) -> [[usize; 5]; 3] {
        Around::block(position, self.sites, self.bricks)
    }

    /// Kind of one of the sites [around](Self::around) a position.
    #[inline]
    pub(crate) fn kind_at(&self, index: usize) -> SiteKind {
        SiteKind::from_code(self.bytes[index] >> KIND_SHIFT)
    }

    #[inline]
    pub(super) fn is_solid_at(&self, index: usize) -> bool {
        self.bytes[index] > COUNT
    }

    /// Kind at a position (x, y may lie outside the box: they wrap). Above and below the box: electrolyte.
    #[inline]
    pub fn kind(&self, position: Position) -> SiteKind {
        if !self.contains_height(position[2]) {
            return SiteKind::Electrolyte;
        }
        self.kind_at(self.index(self.wrap(position)))
    }

    /// True when the site at `position` is solid.
    #[inline]
    pub fn is_solid(&self, position: Position) -> bool {
        self.contains_height(position[2]) && self.is_solid_at(self.index(self.wrap(position)))
    }

    /// Details of the solid site at `position`; `None` for electrolyte.
    pub fn solid(&self, position: Position) -> Option<Solid> {
        if !self.contains_height(position[2]) {
            return None;
        }
        self.solid_at(self.index(self.wrap(position)))
    }

    /// Details of the solid at one of the sites [around](Self::around) a position.
    pub(crate) fn solid_at(&self, index: usize) -> Option<Solid> {
        let record = self.record(index)?;
        Some(match record.slot() {
            Some(slot) => self.exposed[slot].solid(slot),
            None => record.buried(),
        })
    }

    #[inline]
    fn record(&self, index: usize) -> Option<Record> {
        if !self.is_solid_at(index) {
            return None;
        }
        self.records[index >> 9].as_deref().map(|brick| brick.0[index & 511])
    }

    fn record_mut(&mut self, index: usize) -> Option<&mut Record> {
        if !self.is_solid_at(index) {
            return None;
        }
        self.records[index >> 9].as_deref_mut().map(|brick| &mut brick.0[index & 511])
    }

    /// Place of one of the sites [around](Self::around) a position in the list of exposed sites.
    #[inline]
    pub(crate) fn slot_at(&self, index: usize) -> Option<u32> {
        self.record(index)?.slot()
    }

    /// Place of a site in the list of exposed sites; `None` for one that is not on it.
    #[inline]
    pub(crate) fn slot(&self, position: Position) -> Option<u32> {
        if !self.contains_height(position[2]) {
            return None;
        }
        self.slot_at(self.index(self.wrap(position)))
    }

    /// The list of exposed sites.
    #[inline]
    pub(crate) fn exposed(&self) -> &ExposedSites {
        &self.exposed
    }

    /// An entry of the list of exposed sites.
    #[inline]
    pub(crate) fn exposed_mut(&mut self, slot: u32) -> &mut Exposed {
        &mut self.exposed[slot]
    }

    /// Puts a solid at a wrapped position on the list of exposed sites, as one whose film begins to form at
    /// `film_time_s`. Returns its slot.
    pub(crate) fn expose(&mut self, position: Position, film_time_s: f32) -> Option<u32> {
        let index = self.index(position);
        let Self { records, exposed, bytes, .. } = self;
        let record = records[index >> 9].as_deref_mut().filter(|_| bytes[index] > COUNT)?;
        let record = &mut record.0[index & 511];
        if let Some(slot) = record.slot() {
            return Some(slot);
        }
        let slot = exposed.add(position, &Solid { film_time_s, ..record.buried() });
        record.expose(slot);
        Some(slot)
    }

    /// Takes a solid off the list of exposed sites.
    pub(crate) fn bury(&mut self, slot: u32) {
        let entry = self.exposed[slot];
        let solid = entry.solid(slot);
        let index = self.index(entry.position());
        if let Some(record) = self.record_mut(index) {
            record.renew(&solid);
        }
        self.exposed.remove(slot);
    }

    /// Changes the details of a solid site, its slot apart; marks nothing as changed.
    pub fn set_solid(&mut self, position: Position, solid: Solid) {
        let index = self.index(self.wrap(position));
        let Some(record) = self.record_mut(index) else { return };
        match record.slot() {
            None => record.renew(&solid),
            Some(slot) => {
                record.renew(&solid);
                record.expose(slot);
                self.exposed[slot].set(&solid);
            }
        }
    }

    /// Puts a solid onto an electrolyte site inside the box; it is not on the list of exposed sites yet.
    pub fn place(&mut self, position: Position, kind: SiteKind, solid: Solid) {
        let position = self.wrap(position);
        self.place_amid(&self.around(position), position, kind, solid);
    }

    /// The same with the indices [around](Self::around) a wrapped position at hand. It has contact with all
    /// that it touches.
    pub(crate) fn place_amid(&mut self, around: &Around, position: Position, kind: SiteKind, solid: Solid) {
        debug_assert!(kind.is_solid() && !self.is_solid(position) && self.contains_height(position[2]));
        let index = around.centre();
        self.bytes[index] |= (kind as u8) << KIND_SHIFT;
        self.counts[SiteKind::Electrolyte as usize] -= 1;
        self.counts[kind as usize] += 1;
        let records = self.records[index >> 9].get_or_insert_with(|| Box::new(Records::EMPTY));
        records.0[index & 511] = Record::new(&solid);
        self.changed[index >> 9] = true;
        self.top = self.top.max(position[2]);
        if let Some(clearance) = &mut self.clearance {
            clearance.add(position);
        }
        self.tell_neighbours(around, position, 1);
        self.set_seams(around, 0);
    }

    /// Takes a solid away and returns what it was; `None` if the site was electrolyte.
    pub fn remove(&mut self, position: Position) -> Option<(SiteKind, Solid)> {
        let position = self.wrap(position);
        if !self.contains_height(position[2]) {
            return None;
        }
        self.remove_amid(&self.around(position), position)
    }

    /// The same with the indices [around](Self::around) a wrapped position inside the box at hand.
    pub(crate) fn remove_amid(&mut self, around: &Around, position: Position) -> Option<(SiteKind, Solid)> {
        let index = around.centre();
        let solid = self.solid_at(index)?;
        if solid.slot != NONE_U32 {
            self.exposed.remove(solid.slot);
        }
        let kind = self.kind_at(index);
        self.bytes[index] &= COUNT;
        self.counts[kind as usize] -= 1;
        self.counts[SiteKind::Electrolyte as usize] += 1;
        self.changed[index >> 9] = true;
        if let Some(clearance) = &mut self.clearance {
            clearance.subtract(position);
        }
        self.tell_neighbours(around, position, -1);
        Some((kind, solid))
    }

    /// Changes what a solid is made of; its details stay.
    pub fn set_kind(&mut self, position: Position, kind: SiteKind) {
        let index = self.index(self.wrap(position));
        let was = self.kind_at(index);
        debug_assert!(kind.is_solid() && was.is_solid());
        self.counts[was as usize] -= 1;
        self.counts[kind as usize] += 1;
        self.bytes[index] = self.bytes[index] & COUNT | (kind as u8) << KIND_SHIFT;
        self.changed[index >> 9] = true;
    }

    /// Steps to all sites of a cube of `reach` sites around a centre, the centre among them.
    pub fn cube(reach: i32) -> impl Iterator<Item = Position> {
        let side = move || -reach..=reach;
        side().flat_map(move |z| side().flat_map(move |y| side().map(move |x| [x, y, z])))
    }

    /// Shortest vector from `from` to `to` across the periodic sides, in sites.
    pub fn shortest(&self, from: [f64; 3], to: [f64; 3]) -> [f64; 3] {
        let mut d = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        for (along, sites) in d.iter_mut().zip(self.sites).take(2) {
            let n = sites as f64;
            *along -= n * (*along / n).round();
        }
        d
    }
}

#[cfg(test)]
mod tests;
