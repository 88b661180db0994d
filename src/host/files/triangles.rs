//! A closed surface of triangles, from an STL file.

use super::{FileFault, bytes, fault, open};
use std::collections::HashMap;
use std::io::{Cursor, Read, Seek, SeekFrom};

/// Most triangles of a mesh.
const MOST_TRIANGLES: u64 = 2_000_000;
/// How many triangles may lie over one another on the average. It bounds the time that a mesh takes to build.
const DEEPEST: f64 = 10_000.0;
/// Bytes of a binary STL file: its head, and each triangle.
const HEAD: u64 = 84;
const PER_TRIANGLE: u64 = 50;

/// Triangles of a closed surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Triangles {
    /// Corners, from 0 upwards along each axis, in units of the file.
    pub(in crate::host) corners: Vec<[[f64; 3]; 3]>,
    /// Extent along each axis.
    pub(in crate::host) extent: [f64; 3],
}

impl Triangles {
    /// Reads a binary or ASCII STL file. Without a name it is a sample, a pyramid of 20 × 20 × 16 units.
    pub(in crate::host) fn read(path: &str) -> Result<Self, FileFault> {
        if path.is_empty() {
            return Self::closed("the sample", &pyramid(20.0, 16.0));
        }
        let (mut file, length) = open(path)?;
        let mut head = Vec::new();
        let broken = |reason: std::io::Error| {
            // The reader may quote a whole line.
            let reason: String = reason.to_string().chars().take(120).collect();
            let what = format!("is no STL mesh, or a damaged one ({reason})");
            fault(path, what, "export the mesh anew as binary STL")
        };
        Read::by_ref(&mut file).take(HEAD).read_to_end(&mut head).map_err(broken)?;
        let promised = head.last_chunk().map_or(0, |count| u64::from(u32::from_le_bytes(*count)));
        // A binary file may begin with the word of text files as well; its length tells.
        let binary = head.len() as u64 == HEAD && length == HEAD + PER_TRIANGLE * promised;
        let text = !binary && head.starts_with(b"solid");
        if !binary && !text {
            let there = length.saturating_sub(HEAD) / PER_TRIANGLE;
            let what = format!(
                "is no STL mesh, or is cut short: {promised} triangles are promised, {there} are there"
            );
            return Err(fault(path, what, "export the mesh anew as binary STL"));
        }
        let too_many = || {
            let what = format!("has more than {MOST_TRIANGLES} triangles");
            fault(path, what, "reduce the mesh in a mesh program")
        };
        if binary && promised > MOST_TRIANGLES {
            return Err(too_many());
        }
        file.seek(SeekFrom::Start(0)).map_err(broken)?;
        let mut content = bytes(path, file, "save the mesh as binary STL, or reduce it")?;
        // The reader goes by the first word and the space behind it.
        if binary {
            content[..HEAD as usize - 4].fill(0);
        } else if content.get(5) != Some(&b' ') {
            content.insert(b"solid".len(), b' ');
        }
        let ends = |line: &&[u8]| line.trim_ascii_start().starts_with(b"endsolid");
        if text && content.split(|byte| *byte == b'\n').filter(ends).count() > 1 {
            return Err(fault(path, "holds more than one solid", "save them together as binary STL"));
        }
        let mut corners = Vec::new();
        let mut content = Cursor::new(content);
        for triangle in stl_io::create_stl_reader(&mut content).map_err(broken)? {
            if corners.len() as u64 == MOST_TRIANGLES {
                return Err(too_many());
            }
            corners.push(triangle.map_err(broken)?.vertices.map(|corner| corner.0));
        }
        Self::closed(path, &corners)
    }

    /// Checks that the triangles enclose a volume.
    fn closed(path: &str, corners: &[[[f32; 3]; 3]]) -> Result<Self, FileFault> {
        if corners.is_empty() {
            return Err(fault(path, "holds no triangles", "export the mesh anew"));
        }
        let all = || corners.iter().flatten();
        if all().flatten().any(|coordinate| !coordinate.is_finite()) {
            let what = "has a corner whose coordinates are no finite numbers";
            return Err(fault(path, what, "repair the mesh in a mesh program"));
        }
        let end = |pick: fn(f32, f32) -> f32| -> [f64; 3] {
            std::array::from_fn(|k| all().map(|corner| corner[k]).reduce(pick).unwrap_or_default().into())
        };
        let (low, high) = (end(f32::min), end(f32::max));
        let extent: [f64; 3] = std::array::from_fn(|k| high[k] - low[k]);
        if extent.contains(&0.0) {
            return Err(fault(path, "is flat, it encloses nothing", "give a closed surface"));
        }
        let open = open_edges(corners);
        if open > 0 {
            let what = format!("has holes: {open} edges belong to one triangle only (or to an odd number)");
            return Err(fault(
                path,
                what,
                "close them in a mesh program, and merge corners that should meet",
            ));
        }
        let moved = |corner: [f32; 3]| std::array::from_fn(|k| f64::from(corner[k]) - low[k]);
        let corners: Vec<[[f64; 3]; 3]> = corners.iter().map(|triangle| triangle.map(moved)).collect();
        let below = |triangle: &[[f64; 3]; 3]| -> f64 {
            let span = |k: usize| {
                let along = triangle.map(|corner| corner[k]);
                along.into_iter().fold(0.0, f64::max) - along.into_iter().fold(f64::INFINITY, f64::min)
            };
            span(0) / extent[0] * (span(1) / extent[1])
        };
        if corners.iter().map(below).sum::<f64>() > DEEPEST {
            let what = format!("has more than {DEEPEST} surfaces above one another");
            return Err(fault(path, what, "reduce the mesh in a mesh program"));
        }
        Ok(Self { corners, extent })
    }
}

/// Edges at which an odd number of triangles meet. A ray enters and leaves a mesh without any in turn.
fn open_edges(corners: &[[[f32; 3]; 3]]) -> usize {
    let mut known = HashMap::new();
    let mut edges: Vec<[u32; 2]> = Vec::with_capacity(3 * corners.len());
    for triangle in corners {
        let number = triangle.map(|corner| {
            // −0 and 0 are one place.
            let bits = corner.map(|coordinate| (coordinate + 0.0).to_bits());
            let next = known.len() as u32;
            *known.entry(bits).or_insert(next)
        });
        for (a, b) in [(0, 1), (1, 2), (2, 0)] {
            if number[a] != number[b] {
                edges.push([number[a].min(number[b]), number[a].max(number[b])]);
            }
        }
    }
    edges.sort_unstable();
    edges.chunk_by(|a, b| a == b).filter(|same| same.len() % 2 == 1).count()
}

/// A pyramid: its apex over the middle of a square.
fn pyramid(edge: f32, height: f32) -> Vec<[[f32; 3]; 3]> {
    let apex = [0.5 * edge, 0.5 * edge, height];
    let base = [[0.0, 0.0, 0.0], [edge, 0.0, 0.0], [edge, edge, 0.0], [0.0, edge, 0.0]];
    let side = |at: usize| [base[at], base[(at + 1) % 4], apex];
    (0..4).map(side).chain([[base[0], base[2], base[1]], [base[0], base[3], base[2]]]).collect()
}
