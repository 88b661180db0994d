//! What a snapshot brings, read once on a thread that has the time.
//!
//! Does: look through the sites of every changed brick, so that the thread that draws only has to put the
//! brick in its place.
//! Does not: keep anything; that is the [`crate::render::Mirror`]'s.

use crate::lattice::SiteKind;
use crate::observables::{BRICK_EDGE, BrickView, Snapshot};
use crate::render::mesh::table::Brick;
use std::sync::Arc;

/// A changed brick and what is asked of it.
#[derive(Clone, Debug)]
pub struct BrickNews {
    /// Its coordinates.
    pub brick: [usize; 3],
    /// Its sites, and how many of them are solid; `None` where all is electrolyte.
    pub sites: Option<(Brick, u32)>,
    /// Highest solid site, counted from the brick's lowest, plus one; 0 without.
    pub top: usize,
    /// Thickest film, nm.
    pub thickest_nm: f32,
}

impl BrickNews {
    fn read(view: BrickView) -> Self {
        let BrickView { brick, sites } = view;
        let (mut solids, mut top, mut thickest_nm) = (0, 0, 0.0f32);
        let mut empty = true;
        for (number, site) in sites.iter().enumerate() {
            if site.kind.is_solid() {
                solids += 1;
                top = number / (BRICK_EDGE * BRICK_EDGE) + 1;
                thickest_nm = thickest_nm.max(site.film_nm);
            }
            empty &= site.kind == SiteKind::Electrolyte && site.patch == u16::MAX;
        }
        Self { brick, sites: (!empty).then(|| (Arc::from(sites), solids)), top, thickest_nm }
    }
}

/// A snapshot, read.
#[derive(Debug)]
pub struct News {
    /// Everything but the bricks.
    pub snapshot: Snapshot,
    bricks: std::vec::IntoIter<BrickNews>,
    /// Thickest film so far, nm.
    pub thickest_nm: f32,
}

impl News {
    /// Reads a snapshot.
    pub fn read(mut snapshot: Snapshot) -> Self {
        let bricks: Vec<_> = std::mem::take(&mut snapshot.bricks).into_iter().map(BrickNews::read).collect();
        Self { snapshot, bricks: bricks.into_iter(), thickest_nm: 0.0 }
    }

    /// The next brick.
    pub fn next_brick(&mut self) -> Option<BrickNews> {
        self.bricks.next()
    }

    /// Bricks that are still to be taken over.
    pub fn bricks_left(&self) -> usize {
        self.bricks.len()
    }
}
