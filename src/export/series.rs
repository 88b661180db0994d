//! States in the course of a run, and `states.pvd`, the list by which ParaView plays them.
//!
//! Does: keep every state on disk in a file without a name until the run's files appear.
//! Does not: choose when a state is taken.
//! Accuracy: exact copies, as the final [`state`](super::state).

use super::{ExportError, StateFormat, Volume};
use crate::observables::Snapshot;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::PathBuf;

/// Name of the list.
pub const LIST: &str = "states.pvd";

/// Name of a state, counted from 1.
pub fn name(number: usize, format: StateFormat) -> String {
    format!("state_{number:04}.{}", format.ending())
}

/// States of one run, oldest first.
pub struct Series {
    folder: PathBuf,
    format: StateFormat,
    seed: u64,
    /// When, s, and the bytes of the file.
    states: Vec<(f64, File)>,
}

impl Series {
    /// None yet; they are kept in the folder that will hold them.
    pub fn new(folder: PathBuf, format: StateFormat, seed: u64) -> Self {
        Self { folder, format, seed, states: Vec::new() }
    }

    /// Keeps a complete snapshot.
    pub fn push(&mut self, snapshot: &Snapshot) -> Result<(), ExportError> {
        let in_folder = |error| match error {
            ExportError::File { source, .. } => ExportError::File { path: self.folder.clone(), source },
            other => other,
        };
        let file = self.write(&Volume::new(snapshot)).map_err(in_folder)?;
        self.states.push((snapshot.metrics.time_s, file));
        Ok(())
    }

    /// Into a file that the system removes when the program ends, however it ends.
    fn write(&self, volume: &Volume) -> Result<File, ExportError> {
        let mut sink = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(&self.folder)?);
        self.format.write(self.seed, volume, &mut sink)?;
        Ok(sink.into_inner().map_err(|error| error.into_error())?)
    }

    /// Names of the states, in their order.
    pub fn names(&self) -> Vec<String> {
        (1..=self.states.len()).map(|number| name(number, self.format)).collect()
    }

    /// Copies a state, counted from 0.
    pub fn copy(&self, index: usize, sink: &mut dyn Write) -> Result<(), ExportError> {
        if let Some((_, file)) = self.states.get(index) {
            let mut file: &File = file;
            file.rewind()?;
            std::io::copy(&mut file, sink)?;
        }
        Ok(())
    }

    /// Writes the list of the states with their times, s.
    pub fn write_list(&self, sink: &mut dyn Write) -> Result<(), ExportError> {
        writeln!(sink, "<?xml version=\"1.0\"?>")?;
        writeln!(sink, "<VTKFile type=\"Collection\" version=\"1.0\" byte_order=\"LittleEndian\">")?;
        writeln!(sink, "  <Collection>")?;
        for ((time_s, _), name) in self.states.iter().zip(self.names()) {
            writeln!(sink, "    <DataSet timestep=\"{time_s}\" part=\"0\" file=\"{name}\"/>")?;
        }
        Ok(writeln!(sink, "  </Collection>\n</VTKFile>")?)
    }
}
