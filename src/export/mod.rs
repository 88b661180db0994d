//! What a run leaves on disk: tables, a summary, two figures and the final state.
//!
//! Does: turn plain copies of a run ([`RunRecord`]) into the bytes of files, one format per module. Put them
//! into a folder all together or not at all ([`folder`]).
//! Does not: touch the simulation, know of windows, or draw in three dimensions.
//! Accuracy: numbers keep seven significant digits in the table, full precision in the summary. Nothing in
//! any file depends on wall time, host or thread count.

pub mod csv;
pub mod figures;
pub mod folder;
pub mod state;
pub mod summary;
mod volume;

use folder::FileToWrite;
pub use folder::{ExportError, OutputFolder};
use std::io::Write;
pub use volume::Volume;

use crate::observables::{Event, Metrics, Morphology, Snapshot};
use crate::scene::Scene;
use crate::simulation::Control;

/// A file that a run leaves: its name, what it holds, and what writes it.
pub struct Export {
    /// Name in the folder of the run.
    pub name: &'static str,
    /// What it holds.
    pub help: &'static str,
    write: fn(&RunRecord, &Volume, &mut dyn Write) -> Result<(), ExportError>,
}

/// All files of a run.
pub const EXPORTS: [Export; 7] = [
    Export {
        name: "metrics.csv",
        help: "The course of the run: begin and end of every step, more where things change.",
        write: |record, _, sink| csv::write(record, record.rows.iter().cloned(), sink),
    },
    Export {
        name: "cycles.csv",
        help: "The complete cycles, one row each.",
        write: |record, _, sink| csv::write(record, record.snapshot.cycles.iter().copied(), sink),
    },
    Export {
        name: "profile.csv",
        help: "What each layer of sites above the collector consists of.",
        write: |record, _, sink| csv::write(record, record.morphology.profile.iter().copied(), sink),
    },
    Export {
        name: "summary.json",
        help: "The figures of the end, the shape of the deposit, the events, the scene as it ran.",
        write: |record, _, sink| summary::write(record, sink),
    },
    Export {
        name: "cross_section.png",
        help: "A vertical cut through the deposit.",
        write: figures::write_cross_section,
    },
    Export {
        name: "height_map.png",
        help: "The height of the deposit seen from above.",
        write: figures::write_height_map,
    },
    Export { name: "state.vti", help: "The final state site by site, for ParaView.", write: state::write },
];

/// A finished run, as plain data.
#[derive(Clone, Debug)]
pub struct RunRecord<'a> {
    /// The scene as it ran, settings of the command line applied.
    pub scene: &'a Scene,
    /// Name of the scene in the library or of its file, without folders.
    pub scene_name: &'a str,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Figures of the course, the start first, the end last.
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
    let writers = EXPORTS.map(|export| {
        let volume = &volume;
        (export.name, move |sink: &mut dyn Write| (export.write)(record, volume, sink))
    });
    let files: Vec<FileToWrite> = writers.iter().map(|(name, write)| (*name, write as _)).collect();
    folder.write(&files)
}
