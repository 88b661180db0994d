//! A run from its start to its end.
//!
//! Does: advance a simulation until it is finished, show a progress bar on a terminal.
//! Does not: write files, or choose when figures are taken ([`super::rows`]).

use super::rows::Rows;
use crate::observables::Metrics;
use crate::scene::{NominalRun, Scene, UntilSpec};
use crate::simulation::Simulation;
use indicatif::{ProgressBar, ProgressStyle};

/// Resolution of the progress bar.
const TICKS: f64 = 1000.0;

/// Runs to the end; returns the figures of its course, at most so many.
pub fn run_to_end(simulation: &mut Simulation, scene: &Scene, most_rows: usize) -> Vec<Metrics> {
    let bar = progress_bar(TICKS as u64);
    let nominal = scene.nominal_run();
    let mut rows = Rows::new(simulation, most_rows);
    while !simulation.finished() {
        simulation.advance(1);
        if let Some(row) = rows.look(simulation, scene) {
            bar.set_position((share_done(simulation, scene, nominal) * TICKS) as u64);
            bar.set_message(format!(
                "{:.3} mAh/cm², highest metal {:.1} µm",
                row.areal_capacity_mah_cm2,
                row.shape.as_ref().map_or(0.0, |shape| shape.h_max_um)
            ));
        }
    }
    bar.finish_and_clear();
    rows.end(simulation)
}

/// How much of the run is done, 0 to 1: by its plan, or by the limit that is nearest.
fn share_done(simulation: &Simulation, scene: &Scene, nominal: Option<NominalRun>) -> f64 {
    let UntilSpec { areal_capacity_mah_cm2, time_s, sites } = scene.spec.limits();
    let share = |limit: Option<f64>, now: f64| limit.map_or(0.0, |limit| now / limit);
    share(areal_capacity_mah_cm2, simulation.capacity_mah_cm2(simulation.charge_sites()))
        .max(share(time_s, simulation.time_s()))
        .max(share(sites.map(|sites| sites as f64), simulation.sites_plated() as f64))
        .max(share(nominal.map(|run| run.duration_s), simulation.time_s()))
        .clamp(0.0, 1.0)
}

/// A bar on standard error; silent where that is not a terminal.
pub fn progress_bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent} %  {msg}  {eta} left") {
        bar.set_style(style);
    }
    bar
}
