//! The folder a run writes into.
//!
//! Does: find out before a run starts whether its files can be written, then let them appear all together.
//! Does not: append, lock, or keep older files of the same names.
//! Accuracy: every file is written whole next to its place and then renamed. A reader sees the old file, the
//! new one, or for a moment none, never half of one. When one cannot take its place, all old ones come back.

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
    /// Something that is no file has the name of one that is to be written.
    #[error("{} is in the way: it is no file; move it away or choose another folder", .path.display())]
    InTheWay {
        /// Where.
        path: PathBuf,
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
    /// Makes the folder when it is missing and tries whether files of these names can be made in it.
    pub fn prepare(path: &Path, names: &[&str]) -> Result<Self, ExportError> {
        let failed = |source| ExportError::Folder { path: path.to_owned(), source };
        if path.is_symlink() && !path.exists() {
            return Err(failed(io::Error::new(io::ErrorKind::NotFound, "it is a link to what is not there")));
        }
        std::fs::create_dir_all(path).map_err(failed)?;
        temporary_file(path).map_err(failed)?;
        let taken = names.iter().map(|name| path.join(name)).find(|path| path.exists() && !path.is_file());
        match taken {
            Some(path) => Err(ExportError::InTheWay { path }),
            None => Ok(Self { path: path.to_owned() }),
        }
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
        self.exchange(written)
    }

    /// Lets the new files take the places of the old ones. When one cannot, the old ones come back.
    fn exchange(&self, files: Vec<(NamedTempFile, PathBuf)>) -> Result<(), ExportError> {
        let failed = |path: &Path, source| ExportError::File { path: path.to_owned(), source };
        // The old files wait under other names, which go with `aside`.
        let aside = tempfile::Builder::new().prefix(".natrarium-").tempdir_in(&self.path);
        let aside = aside.map_err(|source| failed(&self.path, source))?;
        let mut done: Vec<(PathBuf, Option<PathBuf>)> = Vec::with_capacity(files.len());
        let take_back = |done: &[(PathBuf, Option<PathBuf>)]| {
            for (path, old) in done.iter().rev() {
                let _ = match old {
                    Some(old) => std::fs::rename(old, path),
                    None => std::fs::remove_file(path),
                };
            }
        };
        for (temporary, path) in files {
            let old = path.is_file().then(|| aside.path().join(done.len().to_string()));
            let moved = old.as_ref().map_or(Ok(()), |old| std::fs::rename(&path, old));
            let placed = moved.and_then(|()| {
                done.push((path.clone(), old));
                temporary.persist(&path).map(drop).map_err(|error| error.error)
            });
            if let Err(source) = placed {
                take_back(&done);
                return Err(failed(&path, source));
            }
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
        let folder = OutputFolder::prepare(&place.path().join("a/b"), &["good"]).unwrap();
        let good = |sink: &mut dyn Write| Ok(sink.write_all(b"good")?);
        let bad = |_: &mut dyn Write| Err(ExportError::Figure("no ink".into()));
        assert!(folder.write(&[("good", &good), ("bad", &bad)]).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        folder.write(&[("good", &good)]).unwrap();
        assert_eq!(std::fs::read(folder.path().join("good")).unwrap(), b"good");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    /// A folder that appears in the way while a run goes on: the old files stay, whole and alone.
    #[test]
    fn when_one_file_cannot_take_its_place_the_old_ones_come_back() {
        let place = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(place.path(), &["a", "b", "c"]).unwrap();
        let old = |sink: &mut dyn Write| Ok(sink.write_all(b"old")?);
        let new = |sink: &mut dyn Write| Ok(sink.write_all(b"new")?);
        folder.write(&[("a", &old)]).unwrap();
        std::fs::create_dir(place.path().join("c")).unwrap();
        let error = folder.write(&[("a", &new), ("b", &new), ("c", &new)]).unwrap_err().to_string();
        assert!(error.contains("no file of this run was written"), "{error}");
        assert_eq!(std::fs::read(place.path().join("a")).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 2, "a and the folder c");
        let error = OutputFolder::prepare(place.path(), &["a", "c"]).unwrap_err().to_string();
        assert!(error.contains("in the way"), "{error}");
    }

    #[test]
    fn a_folder_below_a_file_is_refused_with_its_path() {
        let place = tempfile::NamedTempFile::new().unwrap();
        let error = OutputFolder::prepare(&place.path().join("x"), &[]).unwrap_err().to_string();
        assert!(error.contains(&*place.path().to_string_lossy()) && error.contains("choose"), "{error}");
    }
}
