//! The lattice brick by brick: what changed, and all solid sites.
//!
//! Does: visit what is there in order of storage, for those who look at the whole. Does not: change sites. Accuracy: exact.

use super::bricks::{BRICK_SITES, COUNT, KIND_SHIFT};
use super::{BRICK_EDGE, Lattice, Position, SiteKind, Solid};

impl Lattice {
    /// Marks the brick of `position` as changed, for what changes without a site being placed.
    pub fn mark_changed(&mut self, position: Position) {
        if self.contains_height(position[2]) {
            let index = self.index(self.wrap(position));
            self.changed[index >> 9] = true;
        }
    }

    /// Bricks changed since the last call, in order; with `everything`, all that hold a solid as well.
    pub fn take_changed(&mut self, everything: bool) -> Vec<[usize; 3]> {
        let mut list = Vec::new();
        for brick in 0..self.changed.len() {
            if std::mem::take(&mut self.changed[brick]) || (everything && self.records[brick].is_some()) {
                list.push(self.place_of(brick));
            }
        }
        list
    }

    /// Place of a brick among the bricks.
    fn place_of(&self, brick: usize) -> [usize; 3] {
        let [bx, by, _] = self.bricks;
        [brick % bx, brick / bx % by, brick / (bx * by)]
    }

    /// All solid sites with kind and details, in order of storage.
    pub fn iter_solids(&self) -> impl Iterator<Item = (Position, SiteKind, Solid)> + '_ {
        let with_solids = (0..self.records.len()).filter(|brick| self.records[*brick].is_some());
        with_solids.flat_map(move |brick| {
            let first = self.place_of(brick).map(|c| c * BRICK_EDGE);
            (0..BRICK_SITES).filter_map(move |local| {
                let index = (brick << 9) | local;
                let solid = self.solid_at(index)?;
                Some((within(first, local), self.kind_at(index), solid))
            })
        })
    }

    /// Visits all solid sites with their kind, in order of storage: the quick way where details do not matter.
    pub fn for_each_solid(&self, mut visit: impl FnMut(Position, SiteKind)) {
        for brick in (0..self.records.len()).filter(|brick| self.records[*brick].is_some()) {
            let first = self.place_of(brick).map(|c| c * BRICK_EDGE);
            let bytes = &self.bytes.all()[brick << 9..(brick + 1) << 9];
            for (local, byte) in bytes.iter().enumerate().filter(|(_, byte)| **byte > COUNT) {
                visit(within(first, local), SiteKind::from_code(byte >> KIND_SHIFT));
            }
        }
    }
}

/// Position of a site of a brick whose first site is `first`.
fn within(first: [usize; 3], local: usize) -> Position {
    [first[0] + (local & 7), first[1] + ((local >> 3) & 7), first[2] + (local >> 6)].map(|c| c as i32)
}
