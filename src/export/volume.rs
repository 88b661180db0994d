//! The final state as one box of sites.
//!
//! Does: look up sites, column heights and the filled part of the box in a complete [`Snapshot`].
//! Does not: copy the sites.
//! Accuracy: exact; a brick that the snapshot leaves out counts as electrolyte.

use crate::lattice::SiteKind;
use crate::observables::{BRICK_EDGE, BrickView, SiteView, Snapshot};

/// Sites of a snapshot by position.
pub struct Volume<'a> {
    bricks: Vec<Option<&'a BrickView>>,
    bricks_along: [usize; 3],
    /// Sites along x, y, z.
    pub sites: [usize; 3],
    /// Edge of a site, µm.
    pub edge_um: f64,
}

impl<'a> Volume<'a> {
    /// Orders the bricks of a complete snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let bricks_along = snapshot.sites.map(|n| n.div_ceil(BRICK_EDGE));
        let mut bricks = vec![None; bricks_along.iter().product()];
        for view in &snapshot.bricks {
            let [x, y, z] = view.brick;
            bricks[x + bricks_along[0] * (y + bricks_along[1] * z)] = Some(view);
        }
        Self { bricks, bricks_along, sites: snapshot.sites, edge_um: snapshot.edge_m * 1e6 }
    }

    /// The site at a position inside the box.
    pub fn at(&self, x: usize, y: usize, z: usize) -> SiteView {
        let brick = x / BRICK_EDGE
            + self.bricks_along[0] * (y / BRICK_EDGE + self.bricks_along[1] * (z / BRICK_EDGE));
        let inside = x % BRICK_EDGE + BRICK_EDGE * (y % BRICK_EDGE + BRICK_EDGE * (z % BRICK_EDGE));
        self.bricks[brick].map_or_else(SiteView::default, |view| view.sites[inside])
    }

    /// A row of sites along x, brick by brick: their number, and what they are where it is not all
    /// electrolyte.
    pub fn row(&self, y: usize, z: usize) -> impl Iterator<Item = (usize, Option<&'a [SiteView]>)> + '_ {
        let first = self.bricks_along[0] * (y / BRICK_EDGE + self.bricks_along[1] * (z / BRICK_EDGE));
        let inside = BRICK_EDGE * (y % BRICK_EDGE + BRICK_EDGE * (z % BRICK_EDGE));
        let bricks = self.bricks[first..][..self.bricks_along[0]].iter().enumerate();
        bricks.map(move |(x, brick)| {
            let number = BRICK_EDGE.min(self.sites[0] - x * BRICK_EDGE);
            (number, brick.map(|view| &view.sites[inside..][..number]))
        })
    }

    /// Height of the highest metal of a column above the upper face of the collector, in sites; 0 where there
    /// is no metal. Layer 0 is the collector itself, so metal in layer z reaches up to z.
    pub fn column_height(&self, x: usize, y: usize) -> usize {
        (0..self.sites[2]).rev().find(|&z| is_metal(self.at(x, y, z).kind)).unwrap_or(0)
    }

    /// Layers that hold anything but electrolyte, with the collector and all layers below the highest of
    /// them.
    pub fn filled_layers(&self) -> usize {
        let [nx, ny, nz] = self.sites;
        let filled = |z| (0..ny).any(|y| (0..nx).any(|x| self.at(x, y, z).kind.is_solid()));
        (0..nz).rev().find(|&z| filled(z)).map_or(0, |z| z + 1)
    }
}

/// True for metal, in contact or not.
pub fn is_metal(kind: SiteKind) -> bool {
    matches!(kind, SiteKind::Metal | SiteKind::DeadMetal)
}
