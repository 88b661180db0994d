//! Files that give a host its shape.
//!
//! Does: read a picture, a table of heights or a mesh whole, with one sentence for whatever is wrong with it.
//! Does not: read more of a file, or take more memory, than a stated limit; sizes are looked at first.

mod heights;
mod picture;
mod table;
mod triangles;

pub(super) use heights::Heights;
pub(super) use triangles::Triangles;

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// What the file of a host holds. It is shared by the copies of a scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum HostData {
    /// The host needs no file.
    #[default]
    None,
    /// Heights of a surface.
    Heights(Arc<Heights>),
    /// A closed surface of triangles.
    Triangles(Arc<Triangles>),
}

/// What is wrong with the file of a host.
#[derive(Clone, Debug, PartialEq)]
pub struct FileFault {
    /// The field of the host that is to blame.
    pub field: &'static str,
    /// The fault.
    pub what: String,
    /// What to do about it.
    pub cure: String,
}

/// A fault of the file at a path.
fn fault(path: &str, what: impl std::fmt::Display, cure: impl Into<String>) -> FileFault {
    FileFault { field: "file", what: format!("`{path}` {what}"), cure: cure.into() }
}

/// Opens a file, and tells its length in bytes.
fn open(path: &str) -> Result<(File, u64), FileFault> {
    let cure = "check the path: it starts from the folder of the scene file, or, where there is none, from \
                the working folder";
    let unreadable = |reason: std::io::Error| fault(path, format!("cannot be read ({reason})"), cure);
    // Before it is opened: a pipe would wait for its writer.
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        return Err(fault(path, "is not a file with content", "give a file, not a folder or a device"));
    }
    Ok((File::open(path).map_err(unreadable)?, about.len()))
}

/// Longest table or mesh that is read, bytes. A binary mesh of as many triangles as may be has 100 MB.
const LONGEST_FILE: u64 = 256 << 20;

/// All bytes of an open file. `smaller` says how it could be smaller.
fn bytes(path: &str, file: File, smaller: &str) -> Result<Vec<u8>, FileFault> {
    let mut bytes = Vec::new();
    let read = file.take(LONGEST_FILE + 1).read_to_end(&mut bytes);
    read.map_err(|reason| fault(path, format!("cannot be read to its end ({reason})"), "copy it anew"))?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(fault(path, format!("is longer than {} MiB", LONGEST_FILE >> 20), smaller));
    }
    Ok(bytes)
}
