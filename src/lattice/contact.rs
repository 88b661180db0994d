//! Contact with the collector, kept up to date metal by metal.
//!
//! Does: say which pieces of metal lose contact when one site goes, and which dead metal one new site brings
//! back. A site has contact when a path over faces of metal and host that are no seams leads to a host. Most
//! removals are
//! settled by the sites around, first the 26 next ones, then 124: neighbours that hold together there have
//! not lost each other. A cube of sites is one number with a bit each, and a flood fill in it a few shifts.
//! Otherwise each group looks for the host, lowest sites first; one that finds none has been walked to its
//! end and is the piece.
//! Does not: change the lattice.
//! Accuracy: exact; the cost of a piece that stays is a walk to the collector, of one that is cut off its
//! size.

use super::{FACES, Lattice, Position, SiteKind, each_face, offset};
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
        let (mut pieces, mut walked) = (Vec::new(), Vec::new());
        // One group hangs together without the removed site, and some of it leads to the collector.
        if hold_together(lattice, removed) {
            return pieces;
        }
        let cube = Cube::around(lattice, removed);
        if cube.groups() < 2 {
            return pieces;
        }
        let groups = cube.starts(lattice, removed);
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

    /// True when what touches `position` hangs together without it, within two sites of it.
    pub fn is_needless(lattice: &Lattice, position: Position) -> bool {
        hold_together(lattice, position) || Cube::around(lattice, position).groups() < 2
    }

    /// Sites met on the way from `start` to a host or to a site that has found one, and whether the walk came
    /// there.
    fn walk_to_host(&mut self, lattice: &Lattice, start: Position) -> (Vec<Position>, bool) {
        let mut met = vec![start];
        let bit = self.bit(start);
        self.seen[bit.0] |= bit.1;
        // Lowest first: that is where the collector is.
        let mut open = BinaryHeap::from([(-start[2], start)]);
        while let Some((_, position)) = open.pop() {
            for neighbour in lattice.led_to(position) {
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
            for neighbour in lattice.led_to(position) {
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

/// True when the conductors with contact to `centre` hang together within the 26 sites around it.
fn hold_together(lattice: &Lattice, centre: Position) -> bool {
    // A bit for each site of 3³, x the fastest; those on the near side along x and y.
    const X0: u32 = 0b001_001_001_001_001_001_001_001_001;
    const Y0: u32 = 0b000_000_111_000_000_111_000_000_111;
    const TOUCHING: [u32; 6] = [1 << 14, 1 << 12, 1 << 16, 1 << 10, 1 << 22, 1 << 4];
    let around = lattice.around(centre);
    // What is loose, and goes first, touches one or two.
    let touching = lattice.touching(&around).conducts & !lattice.closed_faces(&around);
    if touching.count_ones() < 2 {
        return true;
    }
    let (mut conductors, mut seams) = (0u32, [0u32; 3]);
    for z in (0..3).rev() {
        for y in (0..3).rev() {
            let row = around.y[y] + around.z[z];
            for x in (0..3).rev() {
                let index = row + around.x[x];
                conductors = conductors << 1 | u32::from(lattice.kind_at(index).conducts());
                if !lattice.seamless() {
                    let closed = lattice.seams_at(index);
                    (0..3).for_each(|axis| seams[axis] = seams[axis] << 1 | u32::from(closed >> axis & 1));
                }
            }
        }
    }
    conductors &= !(1 << 13);
    let open = seams.map(|seams| !seams);
    let touching = each_face(touching).fold(0, |all, face| all | TOUCHING[face]);
    let mut group = touching & touching.wrapping_neg();
    loop {
        let x = (group & open[0]) << 1 & !X0 | (group & !X0) >> 1 & open[0];
        let y = (group & open[1]) << 3 & !Y0 | (group & !Y0) >> 3 & open[1];
        let z = (group & open[2]) << 9 | group >> 9 & open[2];
        let next = (group | x | y | z) & conductors;
        if next == group {
            return touching & !group == 0;
        }
        group = next;
    }
}

/// Conductors in a cube of 5³ sites, a bit each, the centre left out.
struct Cube {
    conductors: u128,
    /// Those that are no metal.
    hosts: u128,
    /// For each axis, those without a seam on their far side.
    open: [u128; 3],
    /// Faces of the centre without a seam.
    leads: u8,
}

/// Side of the cube.
const SIDE: usize = 5;
const CENTRE: usize = SIDE * SIDE * SIDE / 2;
/// Bits of the six neighbours of the centre, in the order of [`FACES`].
const TOUCHING: [usize; 6] = [CENTRE + 1, CENTRE - 1, CENTRE + 5, CENTRE - 5, CENTRE + 25, CENTRE - 25];
/// Bits that a shift by one along x, and by five along y, may reach: those not on the near side.
const WITHOUT_X0: u128 = without(1);
const WITHOUT_Y0: u128 = without(SIDE);

/// All bits but those whose coordinate with this stride is 0.
const fn without(stride: usize) -> u128 {
    let (mut bits, mut bit) = (0, 0);
    while bit < SIDE * SIDE * SIDE {
        if !(bit / stride).is_multiple_of(SIDE) {
            bits |= 1 << bit;
        }
        bit += 1;
    }
    bits
}

impl Cube {
    /// The sites at most two away from `centre` along each axis.
    fn around(lattice: &Lattice, centre: Position) -> Self {
        let block = lattice.block(centre);
        let leads = !lattice.closed_faces(&lattice.around(centre));
        let mut cube = Self { conductors: 0, hosts: 0, open: [!0; 3], leads };
        for z in 0..SIDE {
            for y in 0..SIDE {
                for x in 0..SIDE {
                    let index = block[0][x] + block[1][y] + block[2][z];
                    let kind = lattice.kind_at(index);
                    let bit = (z * SIDE + y) * SIDE + x;
                    if !lattice.seamless() {
                        let closed = lattice.seams_at(index);
                        (0..3).for_each(|axis| cube.open[axis] &= !(u128::from(closed >> axis & 1) << bit));
                    }
                    cube.conductors |= u128::from(kind.conducts()) << bit;
                    cube.hosts |= u128::from(kind.conducts() && kind != SiteKind::Metal) << bit;
                }
            }
        }
        cube.conductors &= !(1 << CENTRE);
        cube
    }

    /// All that hangs together with a bit.
    fn group(&self, bit: usize) -> u128 {
        let mut group = 1u128 << bit;
        loop {
            // A bit on the far side that is shifted out of its row comes to the near side of the next one:
            // not without it.
            let open = self.open;
            let x = (group & open[0]) << 1 & WITHOUT_X0 | (group & WITHOUT_X0) >> 1 & open[0];
            let y = (group & open[1]) << SIDE & WITHOUT_Y0 | (group & WITHOUT_Y0) >> SIDE & open[1];
            let z = (group & open[2]) << (SIDE * SIDE) | group >> (SIDE * SIDE) & open[2];
            let next = (group | x | y | z) & self.conductors;
            if next == group {
                return group;
            }
            group = next;
        }
    }

    /// Groups that the conductors with contact to the centre fall into.
    fn each_group(&self, mut visit: impl FnMut(usize, u128)) {
        let mut met = 0;
        for (face, bit) in TOUCHING.into_iter().enumerate() {
            if self.leads >> face & 1 == 1 && self.conductors & !met & 1 << bit != 0 {
                let group = self.group(bit);
                met |= group;
                visit(face, group);
            }
        }
    }

    /// Number of these groups.
    fn groups(&self) -> usize {
        let mut groups = 0;
        self.each_group(|_, _| groups += 1);
        groups
    }

    /// One site of each group, and whether a host is among the group.
    fn starts(&self, lattice: &Lattice, centre: Position) -> Vec<(Position, bool)> {
        let mut starts = Vec::new();
        self.each_group(|face, group| {
            starts.push((lattice.wrap(offset(centre, FACES[face])), group & self.hosts != 0));
        });
        starts
    }
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
            for neighbour in lattice.led_to(position) {
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
        // Without seams, and with one at every fourth face.
        [0.0, 0.25].into_iter().for_each(contact_equals_a_flood_fill);
    }

    fn contact_equals_a_flood_fill(seams: f64) {
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
                    lattice.place(position, SiteKind::DeadMetal, solid);
                    let closed =
                        (0..6).fold(0, |all, face| all | u8::from(random.random::<f64>() < seams) << face);
                    lattice.set_seams(&lattice.around(position), closed);
                    let live = lattice.led_to(position).any(|beside| lattice.kind(beside).conducts());
                    if live {
                        lattice.set_kind(position, SiteKind::Metal);
                    }
                    for neighbour in lattice.led_to(position).collect::<Vec<_>>() {
                        if live && lattice.kind(neighbour) == SiteKind::DeadMetal {
                            for site in contact.dead_piece(&lattice, neighbour) {
                                lattice.set_kind(site, SiteKind::Metal);
                                found += 1;
                            }
                        }
                    }
                }
                kind => {
                    // Somewhat fewer removals than placements: about 40 % full, where pieces are large and
                    // tangled.
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
        assert!(lost > 1000 && found > 1000, "{lost} lost, {found} found again, {seams} seams");
    }
}
