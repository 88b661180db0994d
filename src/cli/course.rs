//! A run from its start to its end.
//!
//! Does: advance a simulation until it is finished, take its figures at equal distances of charge, show a progress
//! bar on a terminal. Does not: write files. Accuracy: rows lie a whole number of steps apart, so their places do
//! not depend on the speed of the machine.

use crate::observables::Metrics;
use crate::scene::UntilSpec;
use crate::simulation::Simulation;
use indicatif::{ProgressBar, ProgressStyle};

/// Rows that a table has, about.
const ROWS: f64 = 200.0;
/// Resolution of the progress bar.
const TICKS: f64 = 1000.0;

/// Runs to the end; returns the figures of the start, of equal shares of the run, and of the end.
pub fn run_to_end(simulation: &mut Simulation, until: &UntilSpec) -> Vec<Metrics> {
    let bar = progress_bar(TICKS as u64);
    let mut rows = vec![Metrics::measure(simulation)];
    if !simulation.finished() {
        simulation.advance(1);
    }
    // Every step carries the same charge: the first one tells how many there will be.
    let first_share = share_done(simulation, until);
    let stride = if first_share > 0.0 { (1.0 / (first_share * ROWS)).round().max(1.0) as u64 } else { 1 };
    let mut steps = 1;
    while !simulation.finished() {
        if steps % stride == 0 {
            let row = Metrics::measure(simulation);
            bar.set_position((share_done(simulation, until) * TICKS) as u64);
            bar.set_message(format!(
                "{:.3} mAh/cm², highest metal {:.1} µm",
                row.areal_capacity_mah_cm2, row.h_max_um
            ));
            rows.push(row);
        }
        simulation.advance(1);
        steps += 1;
    }
    rows.push(Metrics::measure(simulation));
    bar.finish_and_clear();
    rows
}

/// How much of the run is done, 0 to 1: the limit that is nearest counts.
fn share_done(simulation: &Simulation, until: &UntilSpec) -> f64 {
    let UntilSpec { areal_capacity_mah_cm2, time_s, sites } = until;
    let share = |limit: Option<f64>, now: f64| limit.map_or(0.0, |limit| now / limit);
    share(*areal_capacity_mah_cm2, simulation.capacity_mah_cm2(simulation.charge_sites()))
        .max(share(*time_s, simulation.time_s()))
        .max(share(sites.map(|sites| sites as f64), simulation.sites_plated() as f64))
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
