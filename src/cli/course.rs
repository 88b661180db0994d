//! A run from its start to its end.
//!
//! Does: advance a simulation until it is finished, take its figures at equal distances, show a progress bar
//! on a terminal.
//! Does not: write files.
//! Accuracy: rows lie a whole number of steps apart, which the scene alone decides. Their places do not
//! depend on the speed of the machine.

use crate::observables::Metrics;
use crate::scene::{NominalRun, STEPS_PER_LAYER, Scene, UntilSpec};
use crate::simulation::Simulation;
use indicatif::{ProgressBar, ProgressStyle};

/// Rows that a table has, about.
const ROWS: f64 = 200.0;
/// Rows that each half cycle has as planned: one that losses cut to the half still has forty.
const ROWS_PER_HALF_CYCLE: f64 = 80.0;
/// Resolution of the progress bar.
const TICKS: f64 = 1000.0;

/// Runs to the end; returns the figures of the start, of equal shares of the run, and of the end.
pub fn run_to_end(simulation: &mut Simulation, scene: &Scene) -> Vec<Metrics> {
    let bar = progress_bar(TICKS as u64);
    let nominal = scene.nominal_run();
    let apart = steps_between_rows(nominal);
    let mut rows = vec![Metrics::measure(simulation)];
    let mut steps = 0;
    while !simulation.finished() {
        if steps > 0 && steps % apart == 0 {
            let row = Metrics::measure(simulation);
            bar.set_position((share_done(simulation, scene, nominal) * TICKS) as u64);
            bar.set_message(format!(
                "{:.3} mAh/cm², highest metal {:.1} µm",
                row.areal_capacity_mah_cm2,
                row.shape.as_ref().map_or(0.0, |shape| shape.h_max_um)
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

/// Steps of the simulation from one row to the next; where the end cannot be foreseen, a monolayer of charge.
fn steps_between_rows(nominal: Option<NominalRun>) -> u64 {
    let Some(NominalRun { steps, half_cycle_steps, .. }) = nominal else { return STEPS_PER_LAYER };
    let of_run = (steps / ROWS).round();
    let of_half_cycle = half_cycle_steps.map_or(f64::INFINITY, |steps| (steps / ROWS_PER_HALF_CYCLE).floor());
    of_run.min(of_half_cycle).max(1.0) as u64
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene;

    fn apart(name: &str, settings: &[&str]) -> u64 {
        let settings: Vec<String> = settings.iter().map(|setting| setting.to_string()).collect();
        let scene = scene::load(name).unwrap().with_settings(&settings).unwrap();
        steps_between_rows(scene.nominal_run())
    }

    #[test]
    fn a_run_has_two_hundred_rows_and_a_half_cycle_eighty() {
        // 1 mAh/cm² of sodium is 8.86 µm, at 0.5 µm per layer 1134 steps.
        assert_eq!(apart("carbonate_moss", &[]), 6);
        assert_eq!(apart("carbonate_moss", &["until.areal_capacity_mah_cm2=100"]), 567);
        assert_eq!(apart("half_cell", &[]), 14);
        assert_eq!(apart("half_cell", &["until.areal_capacity_mah_cm2=0.02"]), 1);
    }

    #[test]
    fn a_run_without_a_plan_has_a_row_per_monolayer() {
        let protocol =
            r#"protocol=[{"Plate": {"current_density_ma_cm2": 1.0, "until": {"voltage_v": 0.5}}}]"#;
        assert_eq!(apart("half_cell", &[protocol]), 64);
    }
}
