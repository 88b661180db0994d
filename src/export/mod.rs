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
mod packed;
mod series;
pub mod state;
pub mod summary;
mod volume;

use folder::FileToWrite;
pub use folder::{ExportError, OutputFolder};
pub use series::Series;
pub use state::StateFormat;
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
    /// The format of the state in which a run leaves it; `None` for any.
    format: Option<StateFormat>,
    write: fn(&RunRecord, &Volume, Forms, &mut dyn Write) -> Result<(), ExportError>,
}

/// The forms of files between which a user chooses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Forms {
    /// Tables begin with the names of their columns, without a head of `#` lines.
    pub plain_tables: bool,
    /// Format of states.
    pub state: StateFormat,
}

/// All files of a run.
pub const EXPORTS: [Export; 8] = [
    Export {
        name: "metrics.csv",
        help: "The course of the run: begin and end of every step, more where things change.",
        format: None,
        write: |record, _, forms, sink| csv::write(record, record.rows.iter().cloned(), forms, sink),
    },
    Export {
        name: "cycles.csv",
        help: "The complete cycles, one row each.",
        format: None,
        write: |record, _, forms, sink| {
            csv::write(record, record.snapshot.cycles.iter().copied(), forms, sink)
        },
    },
    Export {
        name: "profile.csv",
        help: "What each layer of sites above the collector consists of.",
        format: None,
        write: |record, _, forms, sink| {
            csv::write(record, record.morphology.profile.iter().copied(), forms, sink)
        },
    },
    Export {
        name: "summary.json",
        help: "The figures of the end, the shape of the deposit, the events, the scene as it ran.",
        format: None,
        write: |record, _, _, sink| summary::write(record, sink),
    },
    Export {
        name: "cross_section.png",
        help: "A vertical cut through the deposit.",
        format: None,
        write: |record, volume, _, sink| figures::write_cross_section(record, volume, sink),
    },
    Export {
        name: "height_map.png",
        help: "The height of the deposit seen from above.",
        format: None,
        write: |record, volume, _, sink| figures::write_height_map(record, volume, sink),
    },
    Export {
        name: "state.vti",
        help: "The final state site by site, for ParaView and VTK.",
        format: Some(StateFormat::Vti),
        write: |record, volume, forms, sink| forms.state.write(record.seed, volume, sink),
    },
    Export {
        name: "state.vtu",
        help: "The same by hexahedra, for meshio; instead of state.vti with --state-format vtu.",
        format: Some(StateFormat::Vtu),
        write: |record, volume, forms, sink| forms.state.write(record.seed, volume, sink),
    },
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

/// The exports in these forms.
fn wanted(forms: Forms) -> impl Iterator<Item = &'static Export> {
    EXPORTS.iter().filter(move |export| export.format.is_none_or(|format| format == forms.state))
}

/// Names of all files of a run with a series of so many states.
pub fn names(forms: Forms, states: u32) -> Vec<String> {
    let mut names: Vec<String> = wanted(forms).map(|export| export.name.into()).collect();
    if states > 0 {
        names.extend((1..=states as usize).map(|number| series::name(number, forms.state)));
        names.push(series::LIST.into());
    }
    names
}

/// Puts all files of `record` into `folder`, with the states of a series if there is one. Returns their
/// names. When one file cannot be made, none appears.
pub fn write_all(
    record: &RunRecord,
    forms: Forms,
    series: Option<&Series>,
    folder: &OutputFolder,
) -> Result<Vec<String>, ExportError> {
    type Writer<'a> = Box<dyn Fn(&mut dyn Write) -> Result<(), ExportError> + 'a>;
    let volume = &Volume::new(record.snapshot);
    let mut writers: Vec<(String, Writer)> = wanted(forms)
        .map(|export| {
            let write: Writer = Box::new(move |sink| (export.write)(record, volume, forms, sink));
            (export.name.into(), write)
        })
        .collect();
    if let Some(series) = series {
        for (index, name) in series.names().into_iter().enumerate() {
            writers.push((name, Box::new(move |sink| series.copy(index, sink))));
        }
        writers.push((series::LIST.into(), Box::new(|sink| series.write_list(sink))));
    }
    let files: Vec<FileToWrite> = writers.iter().map(|(name, write)| (name.as_str(), &**write)).collect();
    folder.write(&files)?;
    Ok(writers.into_iter().map(|(name, _)| name).collect())
}
