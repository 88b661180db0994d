//! Contact with the collector, kept up to date metal by metal.
//!
//! Does: say which pieces of metal lose contact when one site goes, and which dead metal one new site brings back. A site has contact when a path
//! over faces of metal and host leads to a host. Most removals are settled by the 26 sites around: neighbours that
//! hold together there have not lost each other. Otherwise each group looks for the host, lowest sites first; one that finds none has been
//! walked to its end and is the piece. Does not: change the lattice.
//! Accuracy: exact; the cost of a piece that stays is a walk to the collector, of one that is cut off its size.

use super::{FACES, Lattice, Position, SiteKind, offset};
use std::collections::BinaryHeap;

/// Room for searches: two bits per site.
pub struct Contact {
    sites: [usize; 3],
    /// Met by the present walk, or by one that found no host.
    seen: Vec<u64>,
    /// Met by a walk that found the host.
    safe: Vec<u64>,
}

impl Contact {
    /// For lattices of this many sites.
    pub fn new(sites: [usize; 3]) -> Self {
        let words = (sites[0] * sites[1] * sites[2]).div_ceil(64);
        Self { sites, seen: vec![0; words], safe: vec![0; words] }
    }

    /// The pieces of metal that have lost contact since the conductor at `removed`, which had it, is gone.
    pub fn cut_off(&mut self, lattice: &Lattice, removed: Position) -> Vec<Vec<Position>> {
        let groups = groups_around(lattice, removed);
        let (mut pieces, mut walked) = (Vec::new(), Vec::new());
        // One group hangs together without the removed site, and some of it leads to the collector.
        if groups.len() < 2 {
            return pieces;
        }
        for (index, (start, on_host)) in groups.iter().enumerate() {
            // If all others are cut off, the last one is not: the removed site had contact.
            let last_hope = index + 1 == groups.len() && pieces.len() == index;
            if *on_host || last_hope || has(&self.seen, self.bit(*start)) || has(&self.safe, self.bit(*start))
            {
                continue;
            }
            let (met, found) = self.walk_to_host(lattice, *start);
            if found {
                for position in &met {
                    let bit = self.bit(*position);
                    self.seen[bit.0] &= !bit.1;
                    self.safe[bit.0] |= bit.1;
                }
                walked.extend(met);
            } else {
                pieces.push(met);
            }
        }
        for position in pieces.iter().flatten().chain(&walked) {
            let bit = self.bit(*position);
            self.seen[bit.0] &= !bit.1;
            self.safe[bit.0] &= !bit.1;
        }
        pieces
    }

    /// True when what touches `position` hangs together without it, within the 26 sites around.
    pub fn is_needless(lattice: &Lattice, position: Position) -> bool {
        groups_around(lattice, position).len() < 2
    }

    /// Sites met on the way from `start` to a host or to a site that has found one, and whether the walk came there.
    fn walk_to_host(&mut self, lattice: &Lattice, start: Position) -> (Vec<Position>, bool) {
        let mut met = vec![start];
        let bit = self.bit(start);
        self.seen[bit.0] |= bit.1;
        // Lowest first: that is where the collector is.
        let mut open = BinaryHeap::from([(-start[2], start)]);
        while let Some((_, position)) = open.pop() {
            for face in FACES {
                let neighbour = lattice.wrap(offset(position, face));
                let kind = lattice.kind(neighbour);
                if !kind.conducts() {
                    continue;
                }
                let bit = self.bit(neighbour);
                if kind != SiteKind::Metal || has(&self.safe, bit) {
                    return (met, true);
                }
                if !has(&self.seen, bit) {
                    self.seen[bit.0] |= bit.1;
                    met.push(neighbour);
                    open.push((-neighbour[2], neighbour));
                }
            }
        }
        (met, false)
    }

    /// All dead metal that hangs together with `start`, which is dead itself.
    pub fn dead_piece(&mut self, lattice: &Lattice, start: Position) -> Vec<Position> {
        let mut piece = vec![lattice.wrap(start)];
        let bit = self.bit(piece[0]);
        self.seen[bit.0] |= bit.1;
        let mut next = 0;
        while let Some(position) = piece.get(next).copied() {
            next += 1;
            for face in FACES {
                let neighbour = lattice.wrap(offset(position, face));
                if lattice.kind(neighbour) == SiteKind::DeadMetal {
                    let bit = self.bit(neighbour);
                    if !has(&self.seen, bit) {
                        self.seen[bit.0] |= bit.1;
                        piece.push(neighbour);
                    }
                }
            }
        }
        for position in &piece {
            let bit = self.bit(*position);
            self.seen[bit.0] &= !bit.1;
        }
        piece
    }

    /// Word and bit of a wrapped position inside the box.
    fn bit(&self, [x, y, z]: Position) -> (usize, u64) {
        let index = (z as usize * self.sites[1] + y as usize) * self.sites[0] + x as usize;
        (index / 64, 1 << (index % 64))
    }
}

fn has(words: &[u64], (word, bit): (usize, u64)) -> bool {
    words[word] & bit != 0
}

/// Conductors that touch `centre`, one of each group that hangs together within the 26 sites around it, and
/// whether a host is among the group.
fn groups_around(lattice: &Lattice, centre: Position) -> Vec<(Position, bool)> {
    let at = |cell: usize| {
        let step = [cell % 3, cell / 3 % 3, cell / 9].map(|c| c as i32 - 1);
        lattice.wrap(offset(centre, step))
    };
    let mut kinds = [SiteKind::Electrolyte; 27];
    for (cell, kind) in kinds.iter_mut().enumerate() {
        *kind = lattice.kind(at(cell));
    }
    kinds[13] = SiteKind::Electrolyte;
    let mut groups = Vec::new();
    let mut grouped = [false; 27];
    for face in [4, 10, 12, 14, 16, 22] {
        if grouped[face] || !kinds[face].conducts() {
            continue;
        }
        let (mut stack, mut on_host) = (vec![face], false);
        grouped[face] = true;
        while let Some(cell) = stack.pop() {
            on_host |= kinds[cell] != SiteKind::Metal;
            let place = [cell % 3, cell / 3 % 3, cell / 9];
            for (axis, stride) in [1, 3, 9].into_iter().enumerate() {
                let below = (place[axis] > 0).then(|| cell - stride);
                let above = (place[axis] < 2).then(|| cell + stride);
                for next in below.into_iter().chain(above) {
                    if !grouped[next] && kinds[next].conducts() {
                        grouped[next] = true;
                        stack.push(next);
                    }
                }
            }
        }
        groups.push((at(face), on_host));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{GrowthMode, NONE_U16, Purpose, Solid, stream};
    use rand::RngExt;
    use std::collections::HashSet;

    /// All metal that a path over conductors leads to a host from, found from scratch.
    fn flood(lattice: &Lattice) -> HashSet<Position> {
        let mut stack: Vec<Position> =
            lattice.iter_solids().filter(|(_, kind, _)| *kind == SiteKind::Host).map(|(p, ..)| p).collect();
        let mut met = HashSet::new();
        while let Some(position) = stack.pop() {
            for face in FACES {
                let neighbour = lattice.wrap(offset(position, face));
                let metal = matches!(lattice.kind(neighbour), SiteKind::Metal | SiteKind::DeadMetal);
                if metal && met.insert(neighbour) {
                    stack.push(neighbour);
                }
            }
        }
        met
    }

    fn live(lattice: &Lattice) -> HashSet<Position> {
        lattice.iter_solids().filter(|(_, kind, _)| *kind == SiteKind::Metal).map(|(p, ..)| p).collect()
    }

    /// 10⁵ placements and removals anywhere: the sites in contact are those that a flood fill reaches.
    #[test]
    fn contact_equals_a_flood_fill_after_a_hundred_thousand_random_events() {
        let sites = [16, 16, 24];
        let mut lattice = Lattice::new(sites);
        let solid = Solid::new(0, 0.0, NONE_U16, GrowthMode::None);
        for x in 0..16 {
            for y in 0..16 {
                lattice.place([x, y, 0], SiteKind::Host, solid);
            }
        }
        let mut contact = Contact::new(sites);
        let mut random = stream(4, Purpose::Stripping, 0, 0);
        let (mut lost, mut found) = (0, 0);
        for event in 0..100_000 {
            let position =
                [random.random_range(0..16), random.random_range(0..16), random.random_range(1..24)];
            match lattice.kind(position) {
                SiteKind::Electrolyte => {
                    let touches =
                        |kind| FACES.iter().any(|face| lattice.kind(offset(position, *face)) == kind);
                    let live = touches(SiteKind::Metal) || touches(SiteKind::Host);
                    lattice.place(position, if live { SiteKind::Metal } else { SiteKind::DeadMetal }, solid);
                    for face in FACES {
                        let neighbour = lattice.wrap(offset(position, face));
                        if live && lattice.kind(neighbour) == SiteKind::DeadMetal {
                            for site in contact.dead_piece(&lattice, neighbour) {
                                lattice.set_kind(site, SiteKind::Metal);
                                found += 1;
                            }
                        }
                    }
                }
                kind => {
                    // Somewhat fewer removals than placements: about 40 % full, where pieces are large and tangled.
                    if random.random::<f64>() < 0.3 {
                        continue;
                    }
                    lattice.remove(position);
                    if kind == SiteKind::Metal {
                        for site in contact.cut_off(&lattice, position).into_iter().flatten() {
                            lattice.set_kind(site, SiteKind::DeadMetal);
                            lost += 1;
                        }
                    }
                }
            }
            if event % 500 == 499 {
                assert_eq!(live(&lattice), flood(&lattice), "after {event} events");
            }
        }
        assert_eq!(live(&lattice), flood(&lattice));
        assert!(lost > 1000 && found > 1000, "{lost} lost, {found} found again");
    }
}
