//! The lattice seen from afar: eight sites as one.
//!
//! Does: give a chunk of twice the length from sites of twice the length, to the code that makes and colours
//! the surface. For drafts of large boxes, where a site is about a pixel and triangles cost a software
//! adapter its time. There are a quarter as many.
//! Does not: touch figures, which come from the simulation.
//! Accuracy: two solid sites of eight make a solid one, so that filaments of single sites stay whole. They
//! and the deposit's surface are up to one site too thick, and pores of one site are closed.

use crate::observables::{BRICK_EDGE, PatchView, SiteView};
use crate::render::mesh::table::{CHUNK_EDGE, Region, Table};
use std::sync::Arc;

/// Solid sites of eight that make a solid one.
const ENOUGH: usize = 2;
/// Sites along the longer side of a box above which a draft draws eight sites as one.
const LARGE: usize = 160;

/// True where a draft is drawn this way: in large boxes that can be halved.
pub fn suits(sites: [usize; 3]) -> bool {
    sites[0].max(sites[1]) > LARGE && sites.iter().all(|sites| sites % (2 * BRICK_EDGE) == 0)
}

/// The coarse chunks that changes in these chunks reach, in index order.
pub fn chunks_of(dirty: &[[usize; 3]], sites: [usize; 3]) -> Vec<[usize; 3]> {
    let fine = sites.map(|sites| sites.div_ceil(CHUNK_EDGE));
    let mut found: Vec<[usize; 3]> = Vec::new();
    for chunk in dirty {
        for number in 0..27usize {
            let offset = [number % 3, number / 3 % 3, number / 9];
            // Periodic sideways; above and below the box there is nothing.
            let near: [usize; 3] = std::array::from_fn(|axis| match chunk[axis] + offset[axis] {
                moved if axis < 2 => (moved + fine[axis] - 1) % fine[axis] / 2,
                moved => moved.clamp(1, fine[axis]).saturating_sub(1) / 2,
            });
            found.push(near);
        }
    }
    found.sort_unstable_by_key(|chunk| [chunk[2], chunk[1], chunk[0]]);
    found.dedup();
    found
}

/// Sites, half as many along each axis.
pub fn halved(sites: [usize; 3]) -> [usize; 3] {
    sites.map(|sites| sites / 2)
}

/// The patches in coarse sites.
pub fn patches(patches: &[PatchView]) -> Vec<PatchView> {
    let half = |place: [f32; 3]| place.map(|position| position / 2.0);
    let coarse =
        |patch: &PatchView| PatchView { centre: half(patch.centre), crack: patch.crack.map(half), ..*patch };
    patches.iter().map(coarse).collect()
}

/// What a coarse chunk's surface depends on; `None` when there is nothing to see. `patches` are coarse ones.
pub fn region(
    table: &Table,
    chunk: [usize; 3],
    collector: bool,
    patches: &Arc<Vec<PatchView>>,
) -> Option<Region> {
    Region::cut(halved(table.sites()), chunk, collector, patches.clone(), |place| {
        // Two fine bricks along each axis make a coarse one.
        let fine: Vec<_> = (0..8isize)
            .map(|n| {
                table.brick_wrapped([
                    2 * place[0] + (n & 1),
                    2 * place[1] + (n >> 1 & 1),
                    2 * place[2] + (n >> 2),
                ])
            })
            .collect();
        if fine.iter().all(Option::is_none) {
            return None;
        }
        let half = BRICK_EDGE / 2;
        let sites: Vec<SiteView> = (0..BRICK_EDGE.pow(3))
            .map(|index| {
                let at =
                    [index % BRICK_EDGE, index / BRICK_EDGE % BRICK_EDGE, index / (BRICK_EDGE * BRICK_EDGE)];
                let brick = at[0] / half + 2 * (at[1] / half) + 4 * (at[2] / half);
                let first = at.map(|position| position % half * 2);
                fine[brick].map_or(SiteView { patch: u16::MAX, ..SiteView::default() }, |sites| {
                    eight_as_one(sites, first)
                })
            })
            .collect();
        Some(Arc::from(sites))
    })
}

/// The eight sites from `first` on as one: the highest solid one of them, where enough are solid.
fn eight_as_one(sites: &[SiteView], first: [usize; 3]) -> SiteView {
    let site = |n: usize| {
        let [x, y, z] = [first[0] + (n & 1), first[1] + (n >> 1 & 1), first[2] + (n >> 2)];
        sites[x + BRICK_EDGE * (y + BRICK_EDGE * z)]
    };
    let solids = (0..8).filter(|n| site(*n).kind.is_solid()).count();
    let wanted = solids >= ENOUGH;
    let found = (0..8).rev().map(site).find(|site| site.kind.is_solid() == wanted);
    found.unwrap_or(SiteView { patch: u16::MAX, ..SiteView::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::SiteKind;

    /// A table in which the sites that `solid` names are metal.
    fn table(sites: [usize; 3], solid: impl Fn([usize; 3]) -> bool) -> Table {
        let mut table = Table::new(sites);
        let count = sites.map(|sites| sites / BRICK_EDGE);
        for index in 0..count.iter().product::<usize>() {
            let brick = [index % count[0], index / count[0] % count[1], index / count[0] / count[1]];
            let views: Vec<SiteView> = (0..BRICK_EDGE.pow(3))
                .map(|site| {
                    let local = [site % BRICK_EDGE, site / BRICK_EDGE % BRICK_EDGE, site / BRICK_EDGE.pow(2)];
                    let metal = solid(std::array::from_fn(|axis| brick[axis] * BRICK_EDGE + local[axis]));
                    let kind = if metal { SiteKind::Metal } else { SiteKind::Electrolyte };
                    SiteView { kind, patch: u16::MAX, ..SiteView::default() }
                })
                .collect();
            table.put(brick, Some((Arc::from(views), 0)));
        }
        table
    }

    #[test]
    fn a_film_keeps_its_height_and_a_row_of_single_sites_stays_whole() {
        let table = table([64, 64, 64], |[x, y, z]| z < 10 || (x, y) == (21, 33) && z < 40);
        let region = region(&table, [0, 0, 0], true, &Arc::default()).unwrap();
        assert_eq!((region.size, region.box_sites), ([32; 3], [32; 3]));
        let solid = |place| region.site(place).kind.is_solid();
        for z in 0..32 {
            assert_eq!(solid([3, 3, z]), z < 5, "{z}");
            assert_eq!(solid([10, 16, z]), z < 20, "{z}");
        }
        assert!(solid([-1, 3, 4]), "periodic sideways");
    }

    #[test]
    fn a_change_reaches_the_coarse_chunks_around_it() {
        let sites = [256, 256, 256];
        assert_eq!(chunks_of(&[[2, 2, 2]], sites).len(), 8, "{:?}", chunks_of(&[[2, 2, 2]], sites));
        assert!(chunks_of(&[[0, 3, 0]], sites).contains(&[3, 1, 0]), "across the periodic side");
        assert!(chunks_of(&[[7, 7, 7]], sites).iter().all(|chunk| chunk.iter().all(|at| *at < 4)));
    }

    #[test]
    fn only_large_boxes_that_can_be_halved_are_drawn_coarsely() {
        assert!(suits([256, 256, 256]) && !suits([96, 96, 160]) && !suits([256, 248, 256]));
    }
}
