//! `summary.json`: the end of a run in one object.
//!
//! Does: the final figures and the shape of the deposit with their units in the keys, the fingerprint of the
//! state, the cycles, the events, the scene as it ran, seed and log of changes.
//! Does not: hold the course (see [`super::csv`]).
//! Accuracy: full precision; a value that is not finite is `null` (JSON has no infinity), as Sand's time is
//! below the limiting current.

use super::{ExportError, RunRecord};
use crate::observables::{Cycle, Ending, Event, Failure, Metrics, Morphology};
use crate::scene::SceneSpec;
use crate::simulation::Control;
use serde::Serialize;
use std::io::Write;

#[derive(Serialize)]
struct Summary<'a> {
    natrarium: &'static str,
    scene_name: &'a str,
    seed: u64,
    #[serde(flatten)]
    metrics: Metrics,
    /// The shape of the deposit.
    morphology: &'a Morphology,
    state_hash: String,
    /// Why the run has ended; `null` where it was interrupted.
    ending: Option<Ending>,
    /// True where the run did not come to its end.
    interrupted: bool,
    /// Why the cell has failed; `null` where it has not.
    failure: Option<Failure>,
    cycles: &'a [Cycle],
    events: &'a [Event],
    control_log: Vec<LoggedControl>,
    scene: &'a SceneSpec,
}

#[derive(Serialize)]
struct LoggedControl {
    step: u64,
    control: Control,
}

/// Writes the summary.
pub fn write(record: &RunRecord, sink: &mut dyn Write) -> Result<(), ExportError> {
    let summary = Summary {
        natrarium: env!("CARGO_PKG_VERSION"),
        scene_name: record.scene_name,
        seed: record.seed,
        metrics: record.snapshot.metrics.clone(),
        morphology: record.morphology,
        state_hash: format!("{:016x}", record.state_hash),
        ending: record.snapshot.ending,
        interrupted: record.snapshot.ending.is_none(),
        failure: record.snapshot.failure,
        cycles: &record.snapshot.cycles,
        events: record.events,
        control_log: record
            .control_log
            .iter()
            .map(|&(step, control)| LoggedControl { step, control })
            .collect(),
        scene: &record.scene.spec,
    };
    serde_json::to_writer_pretty(&mut *sink, &summary).map_err(std::io::Error::from)?;
    Ok(writeln!(sink)?)
}
