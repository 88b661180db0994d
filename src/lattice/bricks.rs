//! Storage: site kinds in bricks, details of solid sites only where there are any.
//!
//! Does: hold the kind and the number of solid neighbours of each site, a byte each, in bricks of 8³ (neighbours mostly share a cache line), a detail
//! record per solid site in bricks that hold a solid, which bricks changed, and, while walkers need it, the
//! [`Clearance`] that they jump by. Does not: decide what may be placed where.
//!
//! x and y are periodic. Layer z = 0 is the collector in scenes that have one, so heights are
//! counted from its upper face. Above the top layer there is electrolyte without end; below the
//! bottom layer nothing is ever solid, and walkers are kept from going there by the collector.

use super::{Clearance, GrowthMode, SiteKind};

/// Sites along one edge of a brick.
pub const BRICK_EDGE: usize = 8;
const BRICK_SITES: usize = BRICK_EDGE * BRICK_EDGE * BRICK_EDGE;

/// "No patch", "no filament", "no slot".
pub const NONE_U16: u16 = u16::MAX;
/// "No filament", "no slot".
pub const NONE_U32: u32 = u32::MAX;

/// Position of a site: x, y periodic, z upwards.
pub type Position = [i32; 3];

/// The six face neighbours; a direction and its opposite differ in the last bit.
pub const FACES: [Position; 6] = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]];

/// What is known of one solid site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solid {
    /// Ordinal of the plated site (0 is the first one); for a filament the slice counted from its root.
    pub birth: u32,
    /// Time at which its film began to form, s; not used for filament sites.
    pub film_time_s: f32,
    /// Number of the filament it belongs to, or [`NONE_U32`].
    pub filament: u32,
    /// Place in the list of exposed sites, or [`NONE_U32`].
    pub slot: u32,
    /// Number of its SEI patch, or [`NONE_U16`].
    pub patch: u16,
    /// How it grew.
    pub mode: GrowthMode,
}

impl Solid {
    /// A site that is part of no filament and on no list.
    pub fn new(birth: u32, film_time_s: f32, patch: u16, mode: GrowthMode) -> Self {
        Self { birth, film_time_s, filament: NONE_U32, slot: NONE_U32, patch, mode }
    }
}

/// The lattice.
pub struct Lattice {
    sites: [usize; 3],
    bricks: [usize; 3],
    kinds: Vec<SiteKind>,
    /// Solids among the 26 neighbours of each site, in the order of `kinds`: asked for far more often than changed.
    neighbours: Vec<u8>,
    solids: Vec<Option<Box<[Solid; BRICK_SITES]>>>,
    counts: [u64; SiteKind::ALL.len()],
    changed: Vec<bool>,
    top: i32,
    /// None while nobody walks.
    clearance: Option<Clearance>,
}

impl Lattice {
    /// Bytes per site of an empty lattice (kinds, neighbours, distances).
    pub const BYTES_PER_SITE_EMPTY: f64 = 3.1;
    /// Bytes per site of a lattice full of metal.
    pub const BYTES_PER_SITE_FULL: f64 = 3.1 + size_of::<Solid>() as f64;

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
            kinds: vec![SiteKind::Electrolyte; total],
            neighbours: vec![0; total],
            solids: vec![None; brick_count],
            counts,
            changed: vec![false; brick_count],
            top: -1,
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

    /// Distances to the next solid, for walkers; `None` while nobody walks.
    #[inline]
    pub fn clearance(&self) -> Option<&Clearance> {
        self.clearance.as_ref()
    }

    /// Makes distances for walkers, or fresh ones where much was taken away.
    pub fn keep_clearance(&mut self) {
        if self.clearance.as_ref().is_some_and(|clearance| !clearance.stale()) {
            return;
        }
        let mut clearance = Clearance::new(self.sites);
        self.iter_solids().for_each(|(position, ..)| clearance.add(position));
        self.clearance = Some(clearance);
    }

    /// Forgets the distances for walkers: while nobody walks, placing is cheaper without.
    pub fn drop_clearance(&mut self) {
        self.clearance = None;
    }

    /// `position` with x and y brought back into the box.
    #[inline]
    pub fn wrap(&self, position: Position) -> Position {
        let [x, y, z] = position;
        // Nearly all are inside; a division costs more than all else that is done with a position.
        let around = |c: i32, n: usize| if (c as u32) < n as u32 { c } else { c.rem_euclid(n as i32) };
        [around(x, self.sites[0]), around(y, self.sites[1]), z]
    }

    /// True for heights inside the box.
    #[inline]
    pub fn contains_height(&self, z: i32) -> bool {
        z >= 0 && (z as usize) < self.sites[2]
    }

    /// Index of a wrapped position inside the box.
    #[inline]
    fn index(&self, [x, y, z]: Position) -> usize {
        let (x, y, z) = (x as usize, y as usize, z as usize);
        let brick = ((z >> 3) * self.bricks[1] + (y >> 3)) * self.bricks[0] + (x >> 3);
        (brick << 9) | ((z & 7) << 6) | ((y & 7) << 3) | (x & 7)
    }

    /// Kind at a position (x, y may lie outside the box: they wrap). Above and below the box: electrolyte.
    #[inline]
    pub fn kind(&self, position: Position) -> SiteKind {
        if !self.contains_height(position[2]) {
            return SiteKind::Electrolyte;
        }
        self.kinds[self.index(self.wrap(position))]
    }

    /// True when the site at `position` is solid.
    #[inline]
    pub fn is_solid(&self, position: Position) -> bool {
        self.kind(position).is_solid()
    }

    /// Details of the solid site at `position`; `None` for electrolyte.
    pub fn solid(&self, position: Position) -> Option<&Solid> {
        if !self.is_solid(position) {
            return None;
        }
        let index = self.index(self.wrap(position));
        self.solids[index >> 9].as_deref().map(|brick| &brick[index & 511])
    }

    /// Details of the solid site at `position`, to change; marks nothing as changed.
    pub fn solid_mut(&mut self, position: Position) -> Option<&mut Solid> {
        if !self.is_solid(position) {
            return None;
        }
        let index = self.index(self.wrap(position));
        self.solids[index >> 9].as_deref_mut().map(|brick| &mut brick[index & 511])
    }

    /// Puts a solid onto an electrolyte site inside the box.
    pub fn place(&mut self, position: Position, kind: SiteKind, solid: Solid) {
        let position = self.wrap(position);
        debug_assert!(kind.is_solid() && !self.is_solid(position) && self.contains_height(position[2]));
        let index = self.index(position);
        self.kinds[index] = kind;
        self.counts[SiteKind::Electrolyte as usize] -= 1;
        self.counts[kind as usize] += 1;
        self.solids[index >> 9]
            .get_or_insert_with(|| Box::new([Solid::new(0, 0.0, NONE_U16, GrowthMode::None); BRICK_SITES]))
            [index & 511] = solid;
        self.changed[index >> 9] = true;
        self.top = self.top.max(position[2]);
        if let Some(clearance) = &mut self.clearance {
            clearance.add(position);
        }
        self.tell_neighbours(position, 1);
    }

    /// Takes a solid away and returns what it was; `None` if the site was electrolyte.
    pub fn remove(&mut self, position: Position) -> Option<(SiteKind, Solid)> {
        let position = self.wrap(position);
        let solid = *self.solid(position)?;
        let index = self.index(position);
        let kind = self.kinds[index];
        self.kinds[index] = SiteKind::Electrolyte;
        self.counts[kind as usize] -= 1;
        self.counts[SiteKind::Electrolyte as usize] += 1;
        self.changed[index >> 9] = true;
        if let Some(clearance) = &mut self.clearance {
            clearance.subtract(position);
        }
        self.tell_neighbours(position, -1);
        Some((kind, solid))
    }

    /// Changes what a solid is made of; its details stay.
    pub fn set_kind(&mut self, position: Position, kind: SiteKind) {
        let index = self.index(self.wrap(position));
        debug_assert!(kind.is_solid() && self.kinds[index].is_solid());
        self.counts[self.kinds[index] as usize] -= 1;
        self.counts[kind as usize] += 1;
        self.kinds[index] = kind;
        self.changed[index >> 9] = true;
    }

    /// Marks the brick of `position` as changed, for what changes without a site being placed.
    pub fn mark_changed(&mut self, position: Position) {
        if self.contains_height(position[2]) {
            let index = self.index(self.wrap(position));
            self.changed[index >> 9] = true;
        }
    }

    /// Bricks changed since the last call, in order; with `everything`, all that hold a solid as well.
    pub fn take_changed(&mut self, everything: bool) -> Vec<[usize; 3]> {
        let [bx, by, _] = self.bricks;
        let mut list = Vec::new();
        for (brick, changed) in self.changed.iter_mut().enumerate() {
            if std::mem::take(changed) || (everything && self.solids[brick].is_some()) {
                list.push([brick % bx, brick / bx % by, brick / (bx * by)]);
            }
        }
        list
    }

    /// All solid sites with kind and details, in order of storage.
    pub fn iter_solids(&self) -> impl Iterator<Item = (Position, SiteKind, &Solid)> + '_ {
        let [bx, by, _] = self.bricks;
        self.solids
            .iter()
            .enumerate()
            .filter_map(|(b, brick)| brick.as_deref().map(|brick| (b, brick)))
            .flat_map(move |(b, brick)| {
                let origin = [b % bx, b / bx % by, b / (bx * by)].map(|c| c * BRICK_EDGE);
                (0..BRICK_SITES).filter_map(move |local| {
                    let kind = self.kinds[(b << 9) | local];
                    kind.is_solid().then(|| {
                        let position = [
                            (origin[0] + (local & 7)) as i32,
                            (origin[1] + ((local >> 3) & 7)) as i32,
                            (origin[2] + (local >> 6)) as i32,
                        ];
                        (position, kind, &brick[local])
                    })
                })
            })
    }

    /// Number of electrolyte faces of the site at `position`. A face above the box counts, one below does not.
    pub fn exposed_faces(&self, position: Position) -> u32 {
        FACES.iter().filter(|face| self.is_open(offset(position, **face))).count() as u32
    }

    /// True for electrolyte that ions can reach: not below the collector.
    #[inline]
    pub fn is_open(&self, position: Position) -> bool {
        position[2] >= 0 && !self.is_solid(position)
    }

    /// Steps to all sites of a cube of `reach` sites around a centre, the centre among them.
    pub fn cube(reach: i32) -> impl Iterator<Item = Position> {
        let side = move || -reach..=reach;
        side().flat_map(move |z| side().flat_map(move |y| side().map(move |x| [x, y, z])))
    }

    /// Number of solid sites among the 26 neighbours of a site; 0 outside the box.
    #[inline]
    pub fn solid_neighbours(&self, position: Position) -> u32 {
        if !self.contains_height(position[2]) {
            return 0;
        }
        u32::from(self.neighbours[self.index(self.wrap(position))])
    }

    /// Tells the 26 neighbours of a site that there is one solid more or less.
    fn tell_neighbours(&mut self, position: Position, difference: i8) {
        let [x, y, z] = position;
        for z in (z - 1).max(0)..=(z + 1).min(self.sites[2] as i32 - 1) {
            for y in y - 1..=y + 1 {
                for x in x - 1..=x + 1 {
                    let index = self.index(self.wrap([x, y, z]));
                    self.neighbours[index] = self.neighbours[index].wrapping_add_signed(difference);
                }
            }
        }
        // A site is no neighbour of its own.
        let index = self.index(position);
        self.neighbours[index] = self.neighbours[index].wrapping_add_signed(-difference);
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

/// The sum of two positions.
#[inline]
pub fn offset(a: Position, b: Position) -> Position {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placing_and_removing_balances_the_counts() {
        let mut lattice = Lattice::new([16, 8, 24]);
        let total = 16 * 8 * 24;
        let solid = Solid::new(7, 1.5, 3, GrowthMode::Tip);
        lattice.place([17, -1, 9], SiteKind::Metal, solid);
        assert_eq!(lattice.solid([1, 7, 9]), Some(&solid));
        assert_eq!(lattice.count(SiteKind::Electrolyte), total - 1);
        assert_eq!(
            lattice.iter_solids().map(|(p, k, _)| (p, k)).collect::<Vec<_>>(),
            [([1, 7, 9], SiteKind::Metal)]
        );
        assert_eq!(lattice.take_changed(false), [[0, 0, 1]]);
        assert!(lattice.take_changed(false).is_empty());
        assert_eq!(lattice.remove([1, 7, 9]), Some((SiteKind::Metal, solid)));
        assert_eq!(lattice.remove([1, 7, 9]), None);
        assert_eq!(lattice.count(SiteKind::Electrolyte), total);
    }

    #[test]
    fn faces_wrap_sideways_and_stay_closed_below() {
        let mut lattice = Lattice::new([8, 8, 8]);
        let solid = Solid::new(0, 0.0, NONE_U16, GrowthMode::None);
        lattice.place([0, 0, 0], SiteKind::Host, solid);
        assert_eq!(lattice.exposed_faces([0, 0, 0]), 5);
        lattice.place([7, 0, 0], SiteKind::Host, solid);
        assert_eq!(lattice.exposed_faces([0, 0, 0]), 4);
        assert_eq!(lattice.solid_neighbours([8, 1, 1]), 2);
    }
}
