//! The lattice brick by brick: what changed, all solid sites, and how high metal stands in each column.
//!
//! Does: visit what is there in order of storage, for measures of the whole lattice.
//! Does not: change sites.
//! Accuracy: exact.

use super::{BRICK_EDGE, BRICK_SITES, COUNT, KIND_SHIFT, Lattice, Position, SiteKind, Solid};

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

    /// Visits all solid sites with their kind, in order of storage: the quick way where details do not
    /// matter.
    pub fn for_each_solid(&self, mut visit: impl FnMut(Position, SiteKind)) {
        for brick in (0..self.records.len()).filter(|brick| self.records[*brick].is_some()) {
            let first = self.place_of(brick).map(|c| c * BRICK_EDGE);
            let bytes = &self.bytes.all()[brick << 9..(brick + 1) << 9];
            for (local, byte) in bytes.iter().enumerate().filter(|(_, byte)| **byte > COUNT) {
                visit(within(first, local), SiteKind::from_code(byte >> KIND_SHIFT));
            }
        }
    }

    /// Height of the uppermost metal in each column, 0 where there is none (index x + n_x·y). Also the number
    /// of host sites below these, without layer 0. Looks from above, a row of eight sites at a time.
    pub fn column_tops(&self) -> (Vec<u32>, u64) {
        /// The lowest bit of each site of a row.
        const ONES: u64 = u64::from_ne_bytes([1; BRICK_EDGE]);
        let bit = |row: [u8; BRICK_EDGE], bit: u32| u64::from_le_bytes(row) >> (KIND_SHIFT + bit);
        // Metal, in contact or dead, has the codes 1 and 2; host and seed 3 and 4.
        let metal = |row| (bit(row, 0) ^ bit(row, 1)) & !bit(row, 2) & ONES;
        let host = |row| (bit(row, 0) & bit(row, 1) | bit(row, 2)) & ONES;
        let ([nx, ..], [bx, by, _]) = (self.sites(), self.bricks());
        let host_stands = self.count(SiteKind::Host) + self.count(SiteKind::Seed) > self.columns() as u64;
        let (mut heights, mut hosts) = (vec![0; self.columns()], 0);
        for column in 0..bx * by {
            let first = self.place_of(column).map(|c| c * BRICK_EDGE);
            // Columns whose top is known, by row.
            let mut topped = [0; BRICK_EDGE];
            for layer in (1..=self.top().max(0) as usize).rev() {
                let brick = column + bx * by * (layer / BRICK_EDGE);
                if self.records[brick].is_none() {
                    continue;
                }
                let at = (brick << 9) | (layer % BRICK_EDGE) << 6;
                let rows = self.bytes.all()[at..at + BRICK_EDGE * BRICK_EDGE].as_chunks::<BRICK_EDGE>().0;
                // Nearly all layers bring nothing new: that is found out without a branch on what stands
                // there.
                let news =
                    rows.iter().zip(&topped).fold(0, |news, (row, topped)| news | metal(*row) & !topped);
                if news == 0 && !host_stands {
                    continue;
                }
                for (y, row) in rows.iter().enumerate() {
                    hosts += u64::from((host(*row) & topped[y]).count_ones());
                    let mut new = metal(*row) & !topped[y];
                    topped[y] |= new;
                    while new != 0 {
                        let x = new.trailing_zeros() as usize / 8;
                        heights[first[0] + x + nx * (first[1] + y)] = layer as u32;
                        new &= new - 1;
                    }
                }
                if topped == [ONES; BRICK_EDGE] && !host_stands {
                    break;
                }
            }
        }
        (heights, if host_stands { hosts } else { 0 })
    }
}

/// Position of a site of a brick whose first site is `first`.
fn within(first: [usize; 3], local: usize) -> Position {
    [first[0] + (local & 7), first[1] + ((local >> 3) & 7), first[2] + (local >> 6)].map(|c| c as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{GrowthMode, NONE_U16, Purpose, stream};
    use rand::RngExt;

    /// Random solids of all kinds, on a collector and without one, few and many.
    #[test]
    fn column_tops_are_those_of_all_solids() {
        let mut random = stream(1, Purpose::Host, 0, 0);
        let (nx, ny, nz) = (24, 16, 40);
        for (collector, solids, kinds) in
            [(true, 30, 1..3), (true, 5000, 1..3), (true, 2000, 1..5), (false, 300, 1..3), (true, 0, 1..3)]
        {
            let mut lattice = Lattice::new([nx, ny, nz]);
            let solid = Solid::new(0, 0.0, NONE_U16, GrowthMode::None);
            for column in 0..if collector { (nx * ny) as i32 } else { 0 } {
                lattice.place([column % nx as i32, column / nx as i32, 0], SiteKind::Host, solid);
            }
            for _ in 0..solids {
                let place = [nx, ny, nz - 9].map(|n| random.random_range(0..n as i32));
                if !lattice.is_solid(place) {
                    lattice.place(place, SiteKind::ALL[random.random_range(kinds.clone())], solid);
                }
            }
            let mut heights = vec![0; nx * ny];
            let metal = |kind| matches!(kind, SiteKind::Metal | SiteKind::DeadMetal);
            let column = |place: Position| place[0] as usize + nx * place[1] as usize;
            for (place, ..) in lattice.iter_solids().filter(|(_, kind, _)| metal(*kind)) {
                heights[column(place)] = heights[column(place)].max(place[2] as u32);
            }
            let below = |place: &Position| place[2] > 0 && (place[2] as u32) < heights[column(*place)];
            let hosts =
                lattice.iter_solids().filter(|(place, kind, _)| !metal(*kind) && below(place)).count();
            assert_eq!(lattice.column_tops(), (heights, hosts as u64), "{collector} {solids}");
        }
    }
}
