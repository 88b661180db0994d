//! The folder a run writes into.
//!
//! Does: find out before a run starts whether its files can be written, then let them appear all together.
//! Does not: append, lock, or keep older files of the same names.
//! Accuracy: every file is written whole next to its place and then renamed. A reader sees the old file or
//! the new one, never half of one.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Why files could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder cannot be made or written into.
    #[error("cannot write into {}: {source}; choose another folder or change its permissions", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// One file could not be written.
    #[error("cannot write {}: {source}; no file of this run was written", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A figure could not be drawn.
    #[error("cannot draw the figure: {0}")]
    Figure(String),
}

impl From<io::Error> for ExportError {
    /// For use inside a file's writer, where [`OutputFolder::write`] adds the path.
    fn from(source: io::Error) -> Self {
        Self::File { path: PathBuf::new(), source }
    }
}

/// A file to be: its name and what writes its bytes.
pub type FileToWrite<'a> = (&'a str, &'a dyn Fn(&mut dyn Write) -> Result<(), ExportError>);

/// A folder that has been found writable.
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Makes the folder when it is missing and tries whether a file can be made in it.
    pub fn prepare(path: &Path) -> Result<Self, ExportError> {
        let failed = |source| ExportError::Folder { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(failed)?;
        temporary_file(path).map_err(failed)?;
        Ok(Self { path: path.to_owned() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes all files, then lets them appear under their names; when one fails before, none appears.
    pub fn write(&self, files: &[FileToWrite]) -> Result<(), ExportError> {
        let mut written = Vec::with_capacity(files.len());
        for (name, write) in files {
            let path = self.path.join(name);
            let temporary = self.write_temporary(*write).map_err(|error| match error {
                ExportError::File { source, .. } => ExportError::File { path: path.clone(), source },
                other => other,
            })?;
            written.push((temporary, path));
        }
        for (temporary, path) in written {
            temporary.persist(&path).map_err(|error| ExportError::File { path, source: error.error })?;
        }
        Ok(())
    }

    fn write_temporary(
        &self,
        write: &dyn Fn(&mut dyn Write) -> Result<(), ExportError>,
    ) -> Result<NamedTempFile, ExportError> {
        let mut sink = BufWriter::with_capacity(1 << 20, temporary_file(&self.path)?);
        write(&mut sink)?;
        Ok(sink.into_inner().map_err(|error| error.into_error())?)
    }
}

/// A file without a name yet, removed when dropped. Permissions are those of any new file, not the private
/// ones that are usual for temporary files.
fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".natrarium-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_file_leaves_none_behind() {
        let place = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(&place.path().join("a/b")).unwrap();
        let good = |sink: &mut dyn Write| Ok(sink.write_all(b"good")?);
        let bad = |_: &mut dyn Write| Err(ExportError::Figure("no ink".into()));
        assert!(folder.write(&[("good", &good), ("bad", &bad)]).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        folder.write(&[("good", &good)]).unwrap();
        assert_eq!(std::fs::read(folder.path().join("good")).unwrap(), b"good");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_below_a_file_is_refused_with_its_path() {
        let place = tempfile::NamedTempFile::new().unwrap();
        let error = OutputFolder::prepare(&place.path().join("x")).unwrap_err().to_string();
        assert!(error.contains(&*place.path().to_string_lossy()) && error.contains("choose"), "{error}");
    }
}
