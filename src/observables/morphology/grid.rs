//! A dense copy of the layers that hold something.
//!
//! Does: hold kinds with x fastest, wrap sideways, know neighbours by index. The measures visit millions of
//! sites and would pay for the bricks at each.
//! Does not: hold the electrolyte above the highest solid but for one layer.

use crate::lattice::{Lattice, Position, SiteKind};

/// Kinds of the sites of the layers up to one above the highest solid.
pub(super) struct Cells {
    /// Sites along x, y, z.
    pub sites: [usize; 3],
    /// Index = x + n_x·(y + n_y·z).
    pub kinds: Vec<SiteKind>,
}

/// True for metal, in contact or dead.
pub(super) fn is_metal(kind: SiteKind) -> bool {
    matches!(kind, SiteKind::Metal | SiteKind::DeadMetal)
}

impl Cells {
    pub fn of(lattice: &Lattice) -> Self {
        let [nx, ny, nz] = lattice.sites();
        let layers = ((lattice.top() + 2) as usize).min(nz);
        let mut grid = Self { sites: [nx, ny, layers], kinds: vec![SiteKind::Electrolyte; nx * ny * layers] };
        lattice.for_each_solid(|position, kind| {
            let index = grid.index(position.map(|c| c as usize));
            grid.kinds[index] = kind;
        });
        grid
    }

    pub fn index(&self, [x, y, z]: [usize; 3]) -> usize {
        x + self.sites[0] * (y + self.sites[1] * z)
    }

    pub fn place(&self, index: usize) -> [usize; 3] {
        let [nx, ny, _] = self.sites;
        [index % nx, index / nx % ny, index / (nx * ny)]
    }

    /// Index of the site at `step` (−n…n each way) from a place; none below and above the layers.
    #[inline]
    pub fn beside(&self, place: [usize; 3], step: Position) -> Option<usize> {
        let mut to = [0; 3];
        for axis in 0..3 {
            let (n, at) = (self.sites[axis] as i32, place[axis] as i32 + step[axis]);
            // Once around is enough: no step is longer than the box.
            let wrapped = if at < 0 { at + n } else { at - if at >= n { n } else { 0 } };
            if axis == 2 && wrapped != at {
                return None;
            }
            to[axis] = wrapped as usize;
        }
        Some(self.index(to))
    }

    /// Indices of all metal sites, lowest first.
    pub fn metal(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.kinds.len()).filter(|index| is_metal(self.kinds[*index]))
    }

    /// Lowest and highest layer with metal.
    pub fn metal_layers(&self) -> Option<(usize, usize)> {
        let layer = self.sites[0] * self.sites[1];
        let lowest = self.kinds.iter().position(|kind| is_metal(*kind))?;
        let highest = self.kinds.iter().rposition(|kind| is_metal(*kind))?;
        Some((lowest / layer, highest / layer))
    }
}

/// Lattices for the tests of the measures.
#[cfg(test)]
pub(super) mod drawn {
    use crate::lattice::{GrowthMode, Lattice, NONE_U16, SiteKind, Solid};

    /// A collector in layer 0, and above it what `kind` says of each site.
    pub fn lattice(sites: [usize; 3], kind: impl Fn([usize; 3]) -> SiteKind) -> Lattice {
        let mut lattice = Lattice::new(sites);
        let solid = Solid::new(0, 0.0, NONE_U16, GrowthMode::None);
        for index in 0..sites.iter().product() {
            let place = [index % sites[0], index / sites[0] % sites[1], index / (sites[0] * sites[1])];
            let kind = if place[2] == 0 { SiteKind::Host } else { kind(place) };
            if kind.is_solid() {
                lattice.place(place.map(|c| c as i32), kind, solid);
            }
        }
        lattice
    }

    /// Metal where `inside` says so, and a collector below.
    pub fn metal(sites: [usize; 3], inside: impl Fn([usize; 3]) -> bool) -> Lattice {
        lattice(sites, |place| if inside(place) { SiteKind::Metal } else { SiteKind::Electrolyte })
    }
}
