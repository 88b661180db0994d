//! Geodesic tortuosity: how much longer the ways through the electrolyte are than straight ones.
//!
//! Does: find the length L of the shortest way from every electrolyte site of the deposit up to a plane at
//! depth d above it, and give Σ L/Σ d. Ways lead through faces between electrolyte sites.
//! Does not: count pores that are closed off, or say how diffusion is slowed, which depends on widths as
//! well.
//! Accuracy: lengths by fast marching, |∇L| = 1 (Sethian, PNAS 1996, 93, 1591, 10.1073/pnas.93.4.1591), exact
//! straight down, first order elsewhere. Errors: within 3 % in leaning channels five sites wide and more, up
//! to 9 % too long in those of three.

use super::grid::{Cells, is_metal};
use crate::lattice::{FACES, SiteKind};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Share of the metal below the plane: a few needles far above the rest are no pore space.
const SHARE_BELOW: f64 = 0.95;

/// Layer at whose upper face [`SHARE_BELOW`] of the metal lie below; none without metal or without a
/// collector that a depth could be counted from.
pub(super) fn top_of_deposit(grid: &Cells) -> Option<usize> {
    let columns = grid.sites[0] * grid.sites[1];
    let counts: Vec<usize> = grid
        .kinds
        .chunks(columns)
        .map(|layer| layer.iter().filter(|kind| is_metal(**kind)).count())
        .collect();
    let all: usize = counts.iter().sum();
    if all == 0 || !grid.kinds[..columns].contains(&SiteKind::Host) {
        return None;
    }
    let mut below = 0;
    counts.iter().position(|count| {
        below += count;
        below as f64 >= SHARE_BELOW * all as f64
    })
}

/// Σ L/Σ d over the electrolyte of layers up to `top`, d counted from the upper face of that layer; none
/// without any.
pub(super) fn tortuosity(grid: &Cells, top: usize) -> Option<f64> {
    let columns = grid.sites[0] * grid.sites[1];
    let lengths = lengths(grid, top);
    let (mut length, mut depth) = (0.0, 0.0);
    for (layer, lengths) in lengths.chunks(columns).enumerate() {
        for value in lengths.iter().filter(|value| value.is_finite()) {
            length += f64::from(*value);
            depth += (top - layer) as f64 + 0.5;
        }
    }
    (depth > 0.0).then(|| length / depth)
}

/// Length of the way from the middle of each site up to the upper face of layer `top`, sites; infinite where
/// there is none.
fn lengths(grid: &Cells, top: usize) -> Vec<f32> {
    let columns = grid.sites[0] * grid.sites[1];
    let mut lengths = vec![f32::INFINITY; columns * (top + 1)];
    // Positive floats sort as their bits do; the index settles ties the same way each time.
    let mut front = BinaryHeap::new();
    for (index, length) in lengths.iter_mut().enumerate().skip(columns * top) {
        if !grid.kinds[index].is_solid() {
            *length = 0.5;
            front.push(Reverse((length.to_bits(), index as u32)));
        }
    }
    while let Some(Reverse((bits, index))) = front.pop() {
        let index = index as usize;
        // An older, longer entry of a site that has been reached since.
        if f32::from_bits(bits) > lengths[index] {
            continue;
        }
        let place = grid.place(index);
        for face in FACES {
            let Some(beside) = grid.beside(place, face) else { continue };
            if beside >= lengths.len() || grid.kinds[beside].is_solid() || lengths[beside] <= lengths[index] {
                continue;
            }
            let length = arrival(grid, &lengths, beside);
            if length < lengths[beside] {
                lengths[beside] = length;
                front.push(Reverse((length.to_bits(), beside as u32)));
            }
        }
    }
    lengths
}

/// Solves |∇L| = 1 at a site from its nearer neighbour along each axis: Σ (L − L_i)² = 1 over those with L_i
/// < L.
fn arrival(grid: &Cells, lengths: &[f32], index: usize) -> f32 {
    let place = grid.place(index);
    let at = |face| grid.beside(place, face).and_then(|index| lengths.get(index)).copied();
    let mut nearest = [0, 1, 2].map(|axis| {
        let [up, down] = [FACES[2 * axis], FACES[2 * axis + 1]].map(|face| at(face).unwrap_or(f32::INFINITY));
        up.min(down)
    });
    nearest.sort_by(f32::total_cmp);
    let mut length = nearest[0] + 1.0;
    for used in 2..=3 {
        if nearest[used - 1] >= length {
            break;
        }
        let n = used as f32;
        let sum: f32 = nearest[..used].iter().sum();
        let squares: f32 = nearest[..used].iter().map(|value| value * value).sum();
        // The larger root; it is real because the largest neighbour is less than one step behind.
        length = (sum + (sum * sum - n * (squares - 1.0)).max(0.0).sqrt()) / n;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::super::grid::drawn;
    use super::*;

    #[test]
    fn an_empty_layer_has_one() {
        let lattice = drawn::metal([16, 16, 64], |[x, _, z]| x == 0 && z == 50);
        assert_eq!(top_of_deposit(&Cells::of(&lattice)), Some(50));
        let plain = drawn::metal([16, 16, 64], |[x, _, z]| x == 0 && z <= 50);
        let value = tortuosity(&Cells::of(&plain), 48).unwrap();
        assert!((value - 1.0).abs() < 1e-4, "a straight wall is in nobody's way: {value}");
        let film = drawn::metal([16, 16, 64], |[_, _, z]| z <= 20);
        assert_eq!(tortuosity(&Cells::of(&film), top_of_deposit(&Cells::of(&film)).unwrap()), None);
    }

    /// Walls leaning with a slope of m sites sideways per site of height: the way is √(1 + m²) times as long,
    /// less what the width saves.
    #[test]
    fn leaning_channels_have_the_secant_of_their_angle() {
        for slope in [0.5, 1.0, 2.0] {
            let lattice = drawn::metal([120, 8, 248], |[x, _, z]| {
                (x as f64 - slope * z as f64).rem_euclid(24.0) >= 12.0 && z < 241
            });
            let value = tortuosity(&Cells::of(&lattice), 240).unwrap();
            let expected = (1.0f64 + slope * slope).sqrt();
            assert!((value / expected - 1.0).abs() < 0.03, "slope {slope}: {value}, not {expected}");
        }
    }

    /// Shelves from wall to wall with a gap at alternating ends: from shelf to shelf the way crosses the
    /// whole width.
    #[test]
    fn a_comb_makes_the_way_as_long_as_its_shelves() {
        let (width, pitch, gap) = (56, 8, 4);
        let lattice = drawn::metal([64, 8, 168], |[x, _, z]| {
            let shelf = z % pitch == 0 && if (z / pitch) % 2 == 0 { x < 60 } else { x >= 12 };
            z <= 160 && (x < 8 || shelf)
        });
        let value = tortuosity(&Cells::of(&lattice), 160).unwrap();
        // Between gaps: width less a gap sideways, one pitch down, at best in a straight line.
        let expected = f64::hypot((width - 2 * gap) as f64, pitch as f64) / pitch as f64;
        assert!((value / expected - 1.0).abs() < 0.1, "{value}, not about {expected}");
    }

    #[test]
    fn closed_pores_are_left_out() {
        let lattice = drawn::metal([16, 16, 64], |[x, y, z]| {
            z <= 50 && !(x < 4 && y < 4) && !((8..12).contains(&x) && (8..12).contains(&y) && z < 40)
        });
        let value = tortuosity(&Cells::of(&lattice), 50).unwrap();
        assert!((value - 1.0).abs() < 1e-4, "{value}");
    }
}
