//! Index of dispersion: how unevenly the metal lies.

use super::grid::Cells;

/// Variance over mean of the thickness (metal sites per column) over the cells of about `cell` sites that
/// divide the box, and the edge of these cells, both in sites. The variance is that of a sample, n − 1. None
/// without metal or with a single cell.
///
/// Var/⟨h⟩ of a volume per area is a length. For a Poisson process of sites it is 1/columns of a cell, in
/// sites.
pub(super) fn dispersion(grid: &Cells, cell: f64) -> (Option<f64>, f64) {
    let [nx, ny, _] = grid.sites;
    let along = [nx, ny].map(|n| ((n as f64 / cell).round() as usize).clamp(1, n));
    let cell_of = |x: usize, y: usize| x * along[0] / nx + along[0] * (y * along[1] / ny);
    let cells = along[0] * along[1];
    let (mut columns, mut metal) = (vec![0u32; cells], vec![0u32; cells]);
    for (x, y) in (0..ny).flat_map(|y| (0..nx).map(move |x| (x, y))) {
        columns[cell_of(x, y)] += 1;
    }
    for index in grid.metal() {
        let [x, y, _] = grid.place(index);
        metal[cell_of(x, y)] += 1;
    }
    let edge = ((nx * ny) as f64 / cells as f64).sqrt();
    let thickness: Vec<f64> =
        metal.iter().zip(&columns).map(|(m, c)| f64::from(*m) / f64::from(*c)).collect();
    let mean = thickness.iter().sum::<f64>() / cells as f64;
    if mean == 0.0 || cells < 2 {
        return (None, edge);
    }
    let variance = thickness.iter().map(|h| (h - mean).powi(2)).sum::<f64>() / (cells - 1) as f64;
    (Some(variance / mean), edge)
}

#[cfg(test)]
mod tests {
    use super::super::grid::drawn;
    use super::*;
    use crate::lattice::{Purpose, stream};
    use rand::RngExt;

    #[test]
    fn a_flat_film_has_none_and_a_step_has_half_its_height() {
        let flat = drawn::metal([32, 32, 16], |[_, _, z]| z <= 6);
        assert_eq!(dispersion(&Cells::of(&flat), 4.0), (Some(0.0), 4.0));
        // Half at 8, half at 0: variance 16 (n − 1 adds 1/63), mean 4.
        let step = drawn::metal([32, 32, 16], |[x, _, z]| x < 16 && z <= 8);
        let (value, _) = dispersion(&Cells::of(&step), 4.0);
        assert!((value.unwrap() - 4.0 * 64.0 / 63.0).abs() < 1e-12);
        assert_eq!(dispersion(&Cells::of(&drawn::metal([32, 32, 16], |_| false)), 4.0).0, None);
    }

    #[test]
    fn metal_that_lands_anywhere_has_that_of_poisson() {
        // 256 cells of 64 columns, 16 sites per column on average: 1/64 with a standard error of √(2/255) = 9
        // %.
        let mut random = stream(3, Purpose::Reduction, 0, 0);
        let mut heights = vec![0; 128 * 128];
        for _ in 0..16 * heights.len() {
            let column = random.random_range(0..heights.len());
            heights[column] += 1;
        }
        let lattice = drawn::metal([128, 128, 64], |[x, y, z]| z <= heights[x + 128 * y]);
        let (value, edge) = dispersion(&Cells::of(&lattice), 8.0);
        assert_eq!(edge, 8.0);
        assert!((value.unwrap() * 64.0 - 1.0).abs() < 0.3, "{value:?}");
    }
}
