//! What must not depend on the lattice or the box.

use super::{Bound, Effort, Law, Measured, ValidationError, over_seeds, run, scene};
use crate::observables::Metrics;
use crate::scene::{Scene, SceneError};
use crate::simulation::Simulation;

pub(super) const LAWS: [Law; 6] = [
    Law {
        name: "moss at three edges",
        how: "Largest R_q over the smallest of `carbonate_moss` at a = 0.25, 0.5 and 1 µm in a box of 32 µm, minus 1.",
        bound: Bound::AtMost(0.15),
        because: "The edge is a tool of the computation. The 15 % are chosen†; eight seeds leave a standard error of nearly as much.",
        measure: |effort| edges(effort, "carbonate_moss", 0.4),
    },
    Law {
        name: "trees at three edges",
        how: "The same for `sand_time`.",
        bound: Bound::AtMost(0.3),
        because: "The edge is a tool of the computation. The 30 % are chosen†.",
        measure: |effort| edges(effort, "sand_time", 0.2),
    },
    Law {
        name: "moss in a box twice as wide",
        how: "Difference of R_q between boxes of 32 and 64 µm, in standard errors of it.",
        bound: Bound::AtMost(2.0),
        because: "Two standard errors: one in twenty by chance.",
        measure: wider_box,
    },
    Law {
        name: "leak in a box twice as wide",
        how: "Difference of the charge that bridges take until the hard short, `short_circuit` plated on and on in boxes of 40 and 80 µm, in standard errors of it.",
        bound: Bound::AtMost(2.0),
        because: "Two standard errors: one in twenty by chance.",
        measure: |effort| {
            wider_short(effort, |run| run.stores().leaked_sites / run.lattice().columns() as f64)
        },
    },
    Law {
        name: "short in a box twice as wide",
        how: "Difference of the charge until the hard short, in the same boxes, in standard errors of it.",
        bound: Bound::AtMost(2.0),
        because: "Two standard errors: one in twenty by chance.",
        measure: |effort| {
            wider_short(effort, |run| run.failure().map_or(f64::NAN, |short| short.throughput_mah_cm2))
        },
    },
    Law {
        name: "voltage at three edges",
        how: "Largest overpotential over the smallest of a flat film in `diglyme_film` at three edges, minus 1.",
        bound: Bound::AtMost(0.15),
        because: "A flat film has the same area at every edge but for steps of one site. The 15 % are chosen†.",
        measure: voltage,
    },
];

/// A library scene in a box of this width and height, µm, at an edge, µm, up to a charge, mAh cm⁻².
fn in_box(
    name: &str,
    edge_um: f64,
    [width_um, height_um]: [f64; 2],
    charge: f64,
) -> Result<Scene, SceneError> {
    let [across, up] = [width_um, height_um].map(|side_um| ((side_um / edge_um) as u32).div_ceil(8) * 8);
    scene(
        name,
        &[
            &format!("lattice.sites=[{across},{across},{up}]"),
            &format!("lattice.edge_um={edge_um}"),
            &format!("until={{\"areal_capacity_mah_cm2\":{charge}}}"),
        ],
    )
}

/// R_q, µm, of each seed.
fn roughness(scene: &Scene, seeds: u64) -> Result<Vec<f64>, ValidationError> {
    over_seeds(seeds, |seed| {
        let metrics = Metrics::measure(&run(scene, seed)?);
        Ok(metrics.shape.map_or(f64::NAN, |shape| shape.rq_um))
    })
}

/// Mean over all seeds but one.
fn mean(values: &[f64], left_out: Option<usize>) -> f64 {
    let kept = || values.iter().enumerate().filter(|(seed, _)| Some(*seed) != left_out);
    kept().map(|(_, value)| value).sum::<f64>() / kept().count() as f64
}

/// The largest over the smallest, minus 1.
fn spread(values: impl Iterator<Item = f64>) -> f64 {
    let (low, high) =
        values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    high / low - 1.0
}

const EDGES_UM: [f64; 3] = [0.25, 0.5, 1.0];

fn edges(effort: Effort, name: &str, charge: f64) -> Result<Measured, ValidationError> {
    let seeds = effort.choose(8, 32);
    let mut found = Vec::new();
    for edge_um in EDGES_UM {
        found.push(roughness(&in_box(name, edge_um, [32.0, 64.0], charge)?, seeds)?);
    }
    let points = EDGES_UM.into_iter().zip(&found).map(|(edge_um, values)| [edge_um, mean(values, None)]);
    let lines = vec![("mean of the seeds".to_owned(), points.collect())];
    let measured = Measured::jackknife(seeds as usize, |left_out| {
        spread(found.iter().map(|values| mean(values, left_out)))
    });
    Ok(measured.with_figure(["lattice edge, µm", "R_q, µm"], lines))
}

fn wider_box(effort: Effort) -> Result<Measured, ValidationError> {
    let seeds = effort.choose(8, 32);
    let figure = |width_um: f64| -> Result<Measured, ValidationError> {
        let moss = in_box("carbonate_moss", 0.5, [width_um, 64.0], 0.2)?;
        Ok(Measured::mean_of(&roughness(&moss, seeds)?))
    };
    let (narrow, wide) = (figure(32.0)?, figure(64.0)?);
    Ok(Measured { seeds: seeds as usize, ..Measured::exact(in_standard_errors(&narrow, &wide)) })
}

/// Plates on through soft shorts; `figure` of each seed in a narrow and a wide box.
fn wider_short(effort: Effort, figure: fn(&Simulation) -> f64) -> Result<Measured, ValidationError> {
    let seeds = effort.choose(16, 64);
    let found = |across: u32| -> Result<Measured, ValidationError> {
        let plates =
            "protocol=[{\"Plate\":{\"current_density_ma_cm2\":2.0,\"until\":{\"capacity_mah_cm2\":2.0}}}]";
        let shorts = scene("short_circuit", &[&format!("lattice.sites=[{across},{across},24]"), plates])?;
        Ok(Measured::mean_of(&over_seeds(seeds, |seed| Ok(figure(&run(&shorts, seed)?)))?))
    };
    let (narrow, wide) = (found(80)?, found(160)?);
    Ok(Measured { seeds: seeds as usize, ..Measured::exact(in_standard_errors(&narrow, &wide)) })
}

/// How far two means are apart, in standard errors of the difference.
fn in_standard_errors(a: &Measured, b: &Measured) -> f64 {
    let error = |of: &Measured| of.standard_error.unwrap_or_default();
    (a.value - b.value).abs() / error(a).hypot(error(b))
}

fn voltage(_: Effort) -> Result<Measured, ValidationError> {
    let mut found = Vec::new();
    for edge_um in EDGES_UM {
        let simulation = run(&in_box("diglyme_film", edge_um, [16.0, 16.0], 0.2)?, 1)?;
        found.push([edge_um, Metrics::measure(&simulation).overpotential_mv]);
    }
    let value = spread(found.iter().map(|[_, mv]| *mv));
    let lines = vec![("found".to_owned(), found)];
    Ok(Measured::exact(value).with_figure(["lattice edge, µm", "overpotential, mV"], lines))
}
