//! Fractal dimensions of the metal, with the range they were fitted in.
//!
//! Does: count boxes, and metal in boxes around metal. Sizes begin at two or three sites; below, the lattice
//! shows. They end at the height of the metal or a quarter of the box. Larger boxes see a layer of any
//! material.
//! Does not: say that a deposit is a fractal; over the one decade that a box offers, a slope always exists.
//! Accuracy: 2 for planes, 3 for blocks and 1 for lines within 0.1. Clusters of diffusion-limited aggregation
//! of 10⁴ sites have a mass dimension of 2.43, not the 2.5 of large ones.

use super::grid::{Cells, is_metal};
use rayon::prelude::*;
use serde::Serialize;

/// A dimension and the range of its fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Dimension {
    /// The dimension.
    pub value: f64,
    /// Edge of the smallest box, µm.
    pub range_low_um: f64,
    /// Edge of the largest box, µm.
    pub range_high_um: f64,
}

/// Sizes that make a fit.
const FEWEST: usize = 3;
/// A layer that is thinner is still seen with boxes of up to so many sites.
const LEAST_HEIGHT: usize = 8;
/// Edge of the smallest boxes, sites.
const SMALLEST_BOX: usize = 2;
/// Radii of the cubes around metal, sites; their edge is 2 r + 1.
const RADII: [usize; 9] = [1, 2, 3, 4, 6, 8, 12, 16, 24];
/// Sites looked at for the mass dimension; sets how many centres there are.
const LOOKS: usize = 30_000_000;

/// Least-squares slope of y against x.
pub fn least_squares_slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    points.iter().map(|(u, v)| (u - x) * (v - y)).sum::<f64>()
        / points.iter().map(|(u, _)| (u - x).powi(2)).sum::<f64>()
}

/// Slope of ln y against ln x for (edge of a box in sites, count).
fn fit(points: &[(f64, f64)], sign: f64, edge_um: f64) -> Option<Dimension> {
    let logarithms: Vec<(f64, f64)> = points.iter().map(|(x, y)| (libm::log(*x), libm::log(*y))).collect();
    let (first, last) = (points.first()?, points.last()?);
    (points.len() >= FEWEST).then(|| Dimension {
        value: sign * least_squares_slope(&logarithms),
        range_low_um: first.0 * edge_um,
        range_high_um: last.0 * edge_um,
    })
}

/// Height of the metal, at least [`LEAST_HEIGHT`].
fn height(grid: &Cells) -> Option<usize> {
    let (lowest, highest) = grid.metal_layers()?;
    Some((highest + 1 - lowest).max(LEAST_HEIGHT))
}

/// Box-count dimension: boxes of 2, 4, 8… sites, standing on the lowest metal, that hold metal.
pub(super) fn box_count(grid: &Cells, edge_um: f64) -> Option<Dimension> {
    let [nx, ny, _] = grid.sites;
    let largest = height(grid)?.min(nx.min(ny) / 4);
    let (lowest, highest) = grid.metal_layers()?;
    let layers = nx * ny * lowest..nx * ny * (highest + 1);
    let mut sites = [nx, ny, highest + 1 - lowest];
    let mut boxes: Vec<bool> = grid.kinds[layers].iter().map(|kind| is_metal(*kind)).collect();
    let mut points = Vec::new();
    let mut edge = 1;
    loop {
        if edge >= SMALLEST_BOX {
            points.push((edge as f64, boxes.iter().filter(|full| **full).count() as f64));
        }
        // Boxes must tile the periodic sides.
        if 2 * edge > largest || !sites[0].is_multiple_of(2) || !sites[1].is_multiple_of(2) {
            break;
        }
        (sites, boxes) = halved(sites, &boxes);
        edge *= 2;
    }
    fit(&points, -1.0, edge_um)
}

/// Boxes of twice the edge: full where one of their eight is.
fn halved([nx, ny, nz]: [usize; 3], boxes: &[bool]) -> ([usize; 3], Vec<bool>) {
    let sites = [nx / 2, ny / 2, nz.div_ceil(2)];
    let mut larger = vec![false; sites.iter().product()];
    for (index, _) in boxes.iter().enumerate().filter(|(_, full)| **full) {
        let [x, y, z] = [index % nx, index / nx % ny, index / (nx * ny)].map(|c| c / 2);
        larger[x + sites[0] * (y + sites[1] * z)] = true;
    }
    (sites, larger)
}

/// Mass dimension: mean metal in cubes around metal sites, taken at equal distances in the list of all.
pub(super) fn mass(grid: &Cells, edge_um: f64) -> Option<Dimension> {
    let [nx, ny, _] = grid.sites;
    // Cubes that reach past the ends of the metal hold less: an edge of half the height keeps that small.
    let largest = (height(grid)? / 4).max(LEAST_HEIGHT / 2).min(nx.min(ny) / 8);
    let radii: Vec<usize> = RADII.into_iter().filter(|radius| *radius <= largest).collect();
    let reach = *radii.last()? as i32;
    let centres: Vec<usize> = grid.metal().collect();
    let stride = centres.len().div_ceil(LOOKS / (2 * reach as usize + 1).pow(3));
    let centres: Vec<usize> = centres.into_iter().step_by(stride).collect();
    let none = || vec![0u64; reach as usize + 1];
    // Metal at each distance, the larger of |x|, |y|, |z|.
    let count = |mut at: Vec<u64>, centre: &usize| {
        let place = grid.place(*centre);
        for (y, z) in (-reach..=reach).flat_map(|z| (-reach..=reach).map(move |y| (y, z))) {
            let Some(row) = grid.beside(place, [0, y, z]) else { continue };
            let row = &grid.kinds[row - place[0]..][..nx];
            for x in -reach..=reach {
                let along = (place[0] as i32 + x).rem_euclid(nx as i32) as usize;
                if is_metal(row[along]) {
                    at[x.abs().max(y.abs()).max(z.abs()) as usize] += 1;
                }
            }
        }
        at
    };
    let sum = |a: Vec<u64>, b: Vec<u64>| a.iter().zip(&b).map(|(a, b)| a + b).collect();
    let at: Vec<u64> = centres.par_iter().fold(none, count).reduce(none, sum);
    let within = |radius: usize| at[..=radius].iter().sum::<u64>() as f64 / centres.len() as f64;
    let points: Vec<(f64, f64)> =
        radii.iter().map(|radius| (2.0 * *radius as f64 + 1.0, within(*radius))).collect();
    fit(&points, 1.0, edge_um)
}

#[cfg(test)]
mod tests {
    use super::super::grid::drawn;
    use super::*;
    use crate::lattice::Lattice;

    #[track_caller]
    fn both_are(expected: f64, lattice: &Lattice) {
        let grid = Cells::of(lattice);
        for dimension in [box_count(&grid, 0.5), mass(&grid, 0.5)] {
            let value = dimension.unwrap().value;
            assert!((value - expected).abs() < 0.1, "{value}, not {expected}");
        }
    }

    #[test]
    fn lines_planes_and_blocks_have_the_dimensions_of_school() {
        let sites = [64, 64, 136];
        both_are(1.0, &drawn::metal(sites, |[x, y, _]| (x, y) == (5, 9)));
        both_are(1.0, &drawn::metal(sites, |[x, _, z]| (x, z) == (5, 1)));
        both_are(2.0, &drawn::metal(sites, |[_, _, z]| z == 1));
        both_are(2.0, &drawn::metal(sites, |[x, _, _]| x == 31));
        both_are(2.0, &drawn::metal(sites, |[x, _, z]| z % 64 == x));
        both_are(3.0, &drawn::metal(sites, |[_, _, z]| z <= 128));
    }

    /// Sierpiński's gasket as Pascal's triangle modulo 2, drawn out upwards: D = 1 + ln 3/ln 2 = 2.585.
    #[test]
    fn a_gasket_has_its_dimension() {
        let grid = Cells::of(&drawn::metal([128, 128, 136], |[x, y, z]| x & y == 0 && z <= 128));
        let (boxes, mass) = (box_count(&grid, 0.5).unwrap().value, mass(&grid, 0.5).unwrap().value);
        assert!((boxes - 2.585).abs() < 0.01, "{boxes}");
        assert!((mass - 2.585).abs() < 0.15, "{mass}");
    }

    #[test]
    fn the_range_of_the_fit_is_told() {
        let grid = Cells::of(&drawn::metal([128, 128, 64], |[_, _, z]| z <= 40));
        let Dimension { range_low_um, range_high_um, .. } = box_count(&grid, 0.5).unwrap();
        assert_eq!((range_low_um, range_high_um), (1.0, 16.0));
        let Dimension { range_low_um, range_high_um, .. } = mass(&grid, 0.5).unwrap();
        assert_eq!((range_low_um, range_high_um), (1.5, 8.5));
        assert_eq!(box_count(&Cells::of(&drawn::metal([16, 16, 16], |_| false)), 0.5), None);
    }
}
