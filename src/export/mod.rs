//! What a run leaves on disk: tables, a summary, two figures and the final state.
//!
//! Does: turn plain copies of a run ([`RunRecord`]) into the bytes of files, one format per module, and put
//! them into a folder all together or not at all ([`folder`]).
//! Does not: touch the simulation, know of windows, or draw in three dimensions.
//! Accuracy: numbers keep seven significant digits in the table, full precision in the summary; nothing in
//! any file depends on wall time, host or thread count.

pub mod csv;
pub mod figures;
pub mod folder;
pub mod state;
pub mod summary;
mod volume;

pub use folder::{ExportError, OutputFolder};
pub use volume::Volume;

use crate::observables::{Event, Metrics, Morphology, Snapshot};
use crate::scene::Scene;
use crate::simulation::Control;

/// Name of the table of metrics.
pub const METRICS_FILE: &str = "metrics.csv";
/// Name of the table of cycles.
pub const CYCLES_FILE: &str = "cycles.csv";
/// Name of the density profile.
pub const PROFILE_FILE: &str = "profile.csv";
/// Name of the summary.
pub const SUMMARY_FILE: &str = "summary.json";
/// Name of the picture of the cross-section.
pub const CROSS_SECTION_FILE: &str = "cross_section.png";
/// Name of the picture of the height map.
pub const HEIGHT_MAP_FILE: &str = "height_map.png";
/// Name of the final state.
pub const STATE_FILE: &str = "state.vti";

/// Names of all files of a run.
pub const FILES: [&str; 7] =
    [METRICS_FILE, CYCLES_FILE, PROFILE_FILE, SUMMARY_FILE, CROSS_SECTION_FILE, HEIGHT_MAP_FILE, STATE_FILE];

/// A finished run, as plain data.
#[derive(Clone, Debug)]
pub struct RunRecord<'a> {
    /// The scene as it ran, settings of the command line applied.
    pub scene: &'a Scene,
    /// Name of the scene in the library or of its file, without folders.
    pub scene_name: &'a str,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Figures at equal distances of charge, the start first, the end last.
    pub rows: &'a [Metrics],
    /// The shape of the deposit at the end.
    pub morphology: &'a Morphology,
    /// Everything that happened.
    pub events: &'a [Event],
    /// Changes by a user: (step, change).
    pub control_log: &'a [(u64, Control)],
    /// Fingerprint of the final state.
    pub state_hash: u64,
    /// Copy of the whole final state.
    pub snapshot: &'a Snapshot,
}

/// Puts all files of `record` into `folder`; when one cannot be made, none appears.
pub fn write_all(record: &RunRecord, folder: &OutputFolder) -> Result<(), ExportError> {
    let volume = Volume::new(record.snapshot);
    folder.write(&[
        (METRICS_FILE, &|sink| csv::write(record, sink)),
        (CYCLES_FILE, &|sink| csv::write_cycles(record, sink)),
        (PROFILE_FILE, &|sink| csv::write_profile(record, sink)),
        (SUMMARY_FILE, &|sink| summary::write(record, sink)),
        (CROSS_SECTION_FILE, &|sink| figures::write_cross_section(record, &volume, sink)),
        (HEIGHT_MAP_FILE, &|sink| figures::write_height_map(record, &volume, sink)),
        (STATE_FILE, &|sink| state::write(record, &volume, sink)),
    ])
}
