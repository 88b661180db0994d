//! Random walks: the shapes of diffusion-limited aggregation.

use super::{Bound, Effort, Law, Measured, ValidationError, over_seeds, run, scene};
use crate::lattice::SiteKind;
use crate::observables::least_squares_slope;
use crate::simulation::{Ending, Simulation};

pub(super) const LAWS: [Law; 2] = [
    Law {
        name: "mass dimension of DLA",
        how: "ln N over ln R_g of clusters from a point seed, between 500 sites and all of them.",
        bound: Bound::Near(2.5, 0.05),
        because: "2.495 ± 0.005, Tolman and Meakin 1989, doi:10.1103/PhysRevA.40.428, for clusters of a million sites; these are far smaller.",
        measure: mass_dimension,
    },
    Law {
        name: "isotropy of DLA",
        how: "Σ(x⁴ + y⁴ + z⁴)/r⁴ over the outer half of the sites of a cluster, per site.",
        bound: Bound::Near(0.6, 0.02),
        because: "3/5 for directions without preference; the axes of the lattice would give 1.",
        measure: isotropy,
    },
];

/// Box and number of sites: the box is wide enough that no cluster comes near its sides.
fn size(effort: Effort) -> [&'static str; 2] {
    effort.choose(
        ["lattice.sites=[128,128,128]", "until.sites=10000"],
        ["lattice.sites=[256,256,256]", "until.sites=60000"],
    )
}

/// Places of the metal of a cluster in the order in which it grew; `None` where the box was too small for it.
fn cluster(seed: u64, size: [&str; 2]) -> Result<Option<Vec<[f64; 3]>>, ValidationError> {
    let simulation: Simulation = run(&scene("pure_dla", &size)?, seed)?;
    if simulation.ending() != Some(Ending::Capacity) {
        return Ok(None);
    }
    let metal = simulation.lattice().iter_solids().filter(|(_, kind, _)| *kind == SiteKind::Metal);
    let mut sites: Vec<_> = metal.map(|(place, _, solid)| (solid.birth, place.map(f64::from))).collect();
    sites.sort_by_key(|(birth, _)| *birth);
    Ok(Some(sites.into_iter().map(|(_, place)| place).collect()))
}

fn mass_dimension(effort: Effort) -> Result<Measured, ValidationError> {
    let values = over_seeds(effort.choose(32, 64), |seed| {
        let (mut sum, mut squares) = ([0.0; 3], 0.0);
        let mut points = Vec::new();
        // A cluster that met the side of its box is no cluster: no number, which no bound accepts.
        let Some(sites) = cluster(seed, size(effort))? else { return Ok(f64::NAN) };
        for (index, place) in sites.into_iter().enumerate() {
            (0..3).for_each(|k| sum[k] += place[k]);
            squares += place.iter().map(|c| c * c).sum::<f64>();
            let n = index as f64 + 1.0;
            if n >= 500.0 && (index + 1).is_multiple_of(250) {
                let gyration2 = squares / n - sum.iter().map(|s| (s / n).powi(2)).sum::<f64>();
                points.push((0.5 * gyration2.ln(), n.ln()));
            }
        }
        Ok(least_squares_slope(&points))
    })?;
    Ok(Measured::mean_of(&values))
}

fn isotropy(effort: Effort) -> Result<Measured, ValidationError> {
    let values = over_seeds(effort.choose(32, 64), |seed| {
        let Some(sites) = cluster(seed, size(effort))? else { return Ok(f64::NAN) };
        let seat = sites[0];
        // The outer half in order of growth: near the seed the lattice is coarse.
        let outer = &sites[sites.len() / 2..];
        let sum: f64 = outer
            .iter()
            .map(|place| {
                let away: [f64; 3] = std::array::from_fn(|k| place[k] - seat[k]);
                let square: f64 = away.iter().map(|c| c * c).sum();
                away.iter().map(|c| c.powi(4)).sum::<f64>() / (square * square)
            })
            .sum();
        Ok(sum / outer.len() as f64)
    })?;
    Ok(Measured::mean_of(&values))
}
