//! Connected pieces: nuclei on the collector, dead metal.
//!
//! Accuracy: exact. A nucleus is told from its foot only, so two that have grown together further up still
//! count as two.

use super::grid::Cells;
use crate::lattice::{FACES, Lattice, Position, SiteKind};
use serde::Serialize;

/// How many pieces are of a size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct SizeClass {
    /// Smallest size that counts here, µm².
    pub from_um2: f64,
    /// Smallest size that no longer does, µm².
    pub below_um2: f64,
    /// Pieces.
    pub number: u64,
}

/// Sites of each nucleus that stand on collector, host or seed. Such metal has a face on one of them and is
/// connected over faces, edges or corners (on a round host the sites of one foot touch at edges only).
pub(super) fn footprints(grid: &Cells) -> Vec<usize> {
    let on_host = |index: &usize| {
        let place = grid.place(*index);
        grid.kinds[*index] == SiteKind::Metal
            && FACES
                .iter()
                .filter_map(|face| grid.beside(place, *face))
                .any(|beside| is_host(grid.kinds[beside]))
    };
    let around: Vec<Position> = Lattice::cube(1).filter(|step| *step != [0; 3]).collect();
    pieces(grid, (0..grid.kinds.len()).filter(on_host), &around)
}

/// Sites of each piece of dead metal, connected over faces.
pub(super) fn dead(grid: &Cells) -> Vec<usize> {
    let dead = (0..grid.kinds.len()).filter(|index| grid.kinds[*index] == SiteKind::DeadMetal);
    pieces(grid, dead, &FACES)
}

/// Classes of 1, 2 to 3, 4 to 7… sites; empty ones are left out.
pub(super) fn histogram(pieces: &[usize], site_um2: f64) -> Vec<SizeClass> {
    let class = |sites: usize| sites.ilog2() as usize;
    let classes = pieces.iter().copied().max().map_or(0, |largest| class(largest) + 1);
    (0..classes)
        .map(|number| SizeClass {
            from_um2: (1u64 << number) as f64 * site_um2,
            below_um2: (2u64 << number) as f64 * site_um2,
            number: pieces.iter().filter(|sites| class(**sites) == number).count() as u64,
        })
        .filter(|class| class.number > 0)
        .collect()
}

fn is_host(kind: SiteKind) -> bool {
    matches!(kind, SiteKind::Host | SiteKind::Seed)
}

/// Sizes of the connected pieces of some sites, in the order of their lowest ones.
fn pieces(grid: &Cells, members: impl Iterator<Item = usize>, steps: &[Position]) -> Vec<usize> {
    let mut waiting = vec![false; grid.kinds.len()];
    let members: Vec<usize> = members.inspect(|index| waiting[*index] = true).collect();
    let mut sizes = Vec::new();
    for start in members {
        if !std::mem::take(&mut waiting[start]) {
            continue;
        }
        let (mut stack, mut size) = (vec![start], 0);
        while let Some(index) = stack.pop() {
            size += 1;
            let place = grid.place(index);
            for beside in steps.iter().filter_map(|step| grid.beside(place, *step)) {
                if std::mem::take(&mut waiting[beside]) {
                    stack.push(beside);
                }
            }
        }
        sizes.push(size);
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::super::grid::drawn;
    use super::*;

    #[test]
    fn nuclei_are_told_apart_by_their_feet() {
        // Two feet below one bridge, one across the periodic side, one that touches over a corner.
        let lattice = drawn::metal([32, 32, 16], |[x, y, z]| {
            let bridge = z == 5 && (4..=20).contains(&x) && y == 4;
            let legs = z <= 5 && (x == 4 || x == 20) && y == 4;
            let across = z == 1 && !(2..30).contains(&x) && y == 16;
            let corner = z == 1 && ([x, y] == [10, 24] || [x, y] == [11, 25]);
            bridge || legs || across || corner
        });
        let mut sizes = footprints(&Cells::of(&lattice));
        sizes.sort_unstable();
        assert_eq!(sizes, [1, 1, 2, 4]);
        let classes = histogram(&[&sizes[..], &[20]].concat(), 0.25);
        let plain: Vec<_> =
            classes.iter().map(|class| (class.from_um2, class.below_um2, class.number)).collect();
        assert_eq!(plain, [(0.25, 0.5, 2), (0.5, 1.0, 1), (1.0, 2.0, 1), (4.0, 8.0, 1)]);
        assert_eq!(footprints(&Cells::of(&drawn::metal([16, 16, 8], |[_, _, z]| z <= 3))), [256]);
        assert!(histogram(&[], 0.25).is_empty());
    }

    #[test]
    fn dead_pieces_hang_together_over_faces_and_round_the_side() {
        let lattice = drawn::lattice([16, 16, 16], |[x, y, z]| {
            let around = z == 9 && y == 3 && !(3..13).contains(&x);
            let corners = [[6, 6, 5], [7, 7, 5]].contains(&[x, y, z]);
            if around || corners { SiteKind::DeadMetal } else { SiteKind::Electrolyte }
        });
        let mut sizes = dead(&Cells::of(&lattice));
        sizes.sort_unstable();
        assert_eq!(sizes, [1, 1, 6]);
    }
}
