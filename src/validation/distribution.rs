//! How a current spreads over an uneven electrode.

use super::{Bound, Effort, Law, Measured, ValidationError, over_seeds};
use crate::electrochemistry::salt_transport::sticking_probability;
use crate::lattice::walk::{Far, JumpTables, Walks};
use crate::lattice::{GrowthMode, Lattice, NONE_U16, Purpose, SiteKind, Solid, stream};
use rand::RngExt;
use std::f64::consts::TAU;

pub(super) const LAWS: [Law; 1] = [Law {
    name: "current on a ripple",
    how: "Unevenness of the landings of walkers on a sinusoidal electrode over δi/i = qh/(1 + qℓ), mean of qℓ = 0, 0.5, 1 and 2.",
    bound: Bound::Near(1.0, 0.05),
    because: "Laplace's equation with a Robin condition, to first order in qh = 0.15; the rest is of the order (qh)² and of a site over the wave length.",
    measure: ripple,
}];

/// Wave length, height and depth of the box in the third direction, sites.
const WAVE: i32 = 128;
const HEIGHT: f64 = 3.0;
const ACROSS: i32 = 16;

/// Height of the highest solid of a column.
fn top(x: i32) -> i32 {
    (6.0 + HEIGHT * (TAU * (f64::from(x) + 0.5) / f64::from(WAVE)).cos()).round() as i32
}

/// Share of the first harmonic in weights by column: a for 1 + a cos(qx).
fn unevenness(weights: &[f64]) -> f64 {
    let wave = |x: usize| (TAU * (x as f64 + 0.5) / f64::from(WAVE)).cos();
    let first: f64 = weights.iter().enumerate().map(|(x, weight)| weight * wave(x)).sum();
    2.0 * first / weights.iter().sum::<f64>()
}

fn ripple(effort: Effort) -> Result<Measured, ValidationError> {
    let mut lattice = Lattice::new([WAVE as usize, ACROSS as usize, 64]);
    for x in 0..WAVE {
        for (y, z) in (0..ACROSS).flat_map(|y| (0..=top(x)).map(move |z| (y, z))) {
            lattice.place([x, y, z], SiteKind::Host, Solid::new(0, 0.0, NONE_U16, GrowthMode::None));
        }
    }
    lattice.keep_clearance();
    let Some(ground) = lattice.ground() else { return Ok(Measured::exact(f64::NAN)) };
    let tables = JumpTables::new([WAVE as usize, ACROSS as usize]);
    let walks = Walks { ground, tables: &tables, far: Far::Above };
    let columns: Vec<f64> = (0..WAVE).map(|x| f64::from(top(x))).collect();
    let mean = columns.iter().sum::<f64>() / columns.len() as f64;
    let height = unevenness(&columns) * mean;
    let sides: i32 = (0..WAVE).map(|x| (top(x) - top((x + 1) % WAVE)).abs()).sum();
    let faces_per_column = 1.0 + f64::from(sides) / f64::from(WAVE);
    let wave_number = TAU / f64::from(WAVE);
    let walkers = effort.choose(100_000, 400_000u64);
    let (mut law, mut found) = (Vec::new(), Vec::new());
    let seeds = effort.choose(8, 16u64);
    let mut ratios = vec![0.0; seeds as usize];
    let products = [0.0, 0.5, 1.0, 2.0];
    for product in products {
        let sticking = sticking_probability(1.0, product / wave_number * faces_per_column);
        let expected = wave_number * height / (1.0 + product);
        let uneven = over_seeds(seeds, |seed| {
            let mut landed = vec![0.0; WAVE as usize];
            for walker in 0..walkers {
                let mut random = stream(seed, Purpose::Walk, 0, walker);
                // Half of the refusals summed, half played out.
                let most = sticking.sqrt();
                let sticks = |_, random: &mut _| RngExt::random::<f64>(random) * most < sticking;
                let start = walks.release(&mut random);
                if let Some(landing) = walks.walk_reluctantly(start, &mut random, most, sticks) {
                    landed[landing.site[0].rem_euclid(WAVE) as usize] += 1.0;
                }
            }
            Ok(unevenness(&landed))
        })?;
        for (ratio, uneven) in ratios.iter_mut().zip(&uneven) {
            *ratio += uneven / expected / products.len() as f64;
        }
        law.push([product, expected]);
        found.push([product, uneven.iter().sum::<f64>() / uneven.len() as f64]);
    }
    let lines = vec![("law".to_owned(), law), ("found".to_owned(), found)];
    Ok(Measured::mean_of(&ratios).with_figure(["qℓ", "unevenness δi/i"], lines))
}
