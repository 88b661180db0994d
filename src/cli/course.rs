//! A run from its start to its end.
//!
//! Does: advance a simulation until it is finished or interrupted. Show a progress bar on a terminal, and now
//! and then a line in a log.
//! Does not: write files, or choose when figures are taken ([`super::rows`]).

use super::CliError;
use super::error::say;
use super::interrupt::Interrupt;
use super::rows::Rows;
use crate::observables::Metrics;
use crate::scene::{NominalRun, Scene, UntilSpec};
use crate::simulation::Simulation;
use crate::style;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Instant;

/// Resolution of the progress bar.
const TICKS: f64 = 1000.0;

/// Runs to the end, or until somebody interrupts it; returns the figures of its course, at most so many. On
/// the way `at_share` is called when each of `shares` equal shares of the run is done, but for the last.
pub fn run_to_end(
    simulation: &mut Simulation,
    scene: &Scene,
    most_rows: usize,
    interrupt: &Interrupt,
    shares: u32,
    mut at_share: impl FnMut(&mut Simulation) -> Result<(), CliError>,
) -> Result<Vec<Metrics>, CliError> {
    let bar = progress_bar(TICKS as u64);
    let mut log = Log::new(bar.is_hidden());
    let nominal = scene.nominal_run();
    let mut rows = Rows::new(simulation, most_rows);
    let mut last_share = 0;
    while !simulation.finished() && !interrupt.came() {
        simulation.advance(1);
        let row = rows.look(simulation);
        if row.is_some() || log.is_due() {
            let share = share_done(simulation, scene, nominal);
            bar.set_position((share * TICKS) as u64);
            if let Some(row) = row {
                bar.set_message(format!(
                    "{:.3} mAh/cm², highest metal {:.1} µm",
                    row.areal_capacity_mah_cm2,
                    row.shape.as_ref().map_or(0.0, |shape| shape.h_max_um)
                ));
            }
            let plated = simulation.capacity_mah_cm2(simulation.charge_sites());
            log.tell(share, || format!("{plated:.3} mAh/cm² plated in {}", style::time(simulation.time_s())));
        }
        if last_share + 1 < shares {
            let share = (share_done(simulation, scene, nominal) * f64::from(shares)) as u32;
            if share.min(shares - 1) > last_share {
                last_share = share;
                at_share(simulation)?;
            }
        }
    }
    bar.finish_and_clear();
    Ok(rows.end(simulation))
}

/// Lines of progress where there is no terminal: after ten seconds, then at twice the time, at most a minute
/// apart.
pub struct Log {
    began: Instant,
    due_s: f64,
    silent: bool,
}

impl Log {
    /// Tells only where no bar is `shown`.
    pub fn new(no_bar: bool) -> Self {
        Self { began: Instant::now(), due_s: 10.0, silent: !no_bar }
    }

    fn is_due(&self) -> bool {
        !self.silent && self.began.elapsed().as_secs_f64() >= self.due_s
    }

    /// Says how much is done, if a line is due.
    pub fn tell(&mut self, share: f64, what: impl Fn() -> String) {
        if !self.is_due() {
            return;
        }
        let passed_s = self.began.elapsed().as_secs_f64();
        self.due_s = (2.0 * self.due_s).min(self.due_s + 60.0);
        let left = match share {
            share if share > 0.0 => format!("about {} left", style::time(passed_s * (1.0 - share) / share)),
            _ => "the end cannot be foreseen".into(),
        };
        say(&format!("{:.0} % after {}, {}; {left}", 100.0 * share, style::time(passed_s), what()));
    }
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
