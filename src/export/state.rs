//! The final state for ParaView, VTK and meshio.
//!
//! Does: write one value per site for kind of matter, way of growth, SEI patch, charge at birth and film
//! thickness, lengths in µm. Either the whole box as VTK ImageData (`.vti`), or each solid site as a
//! hexahedron of an UnstructuredGrid (`.vtu`), as meshio does not read images.
//! Does not: hold the electrolyte above the highest matter. The box is cut there (its full size stands in the
//! field `box_sites`). z = 0 is the upper face of the collector, which is layer 0.
//! Accuracy: exact copies of the state. Most of a box is electrolyte: packed, moss takes a tenth of the room
//! and a cluster in a large box a hundredth.

use super::packed::{self, Packed};
use super::{ExportError, Volume};
use crate::observables::{BRICK_EDGE, SiteView};
use std::io::Write;
use std::str::FromStr;

/// How a state is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StateFormat {
    /// The whole box as an image.
    #[default]
    Vti,
    /// What is solid as hexahedra.
    Vtu,
}

impl StateFormat {
    /// Ending of the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Vti => "vti",
            Self::Vtu => "vtu",
        }
    }

    /// Writes a state.
    pub fn write(self, seed: u64, volume: &Volume, sink: &mut dyn Write) -> Result<(), ExportError> {
        match self {
            Self::Vti => write_image(seed, volume, sink),
            Self::Vtu => write_hexahedra(seed, volume, sink),
        }
    }
}

impl FromStr for StateFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Vti, Self::Vtu]
            .into_iter()
            .find(|format| format.ending() == text.to_ascii_lowercase())
            .ok_or_else(|| "the formats of states are vti and vtu".into())
    }
}

/// One array of the file: name, VTK type, bytes per value, and how a site becomes bytes.
struct Array {
    name: &'static str,
    kind: &'static str,
    width: usize,
    put: fn(&SiteView, &mut Vec<u8>),
}

impl Array {
    fn entry(&self) -> String {
        format!("type=\"{}\" Name=\"{}\"", self.kind, self.name)
    }
}

const ARRAYS: [Array; 5] = [
    Array { name: "kind", kind: "UInt8", width: 1, put: |site, out| out.push(site.kind as u8) },
    Array { name: "growth_mode", kind: "UInt8", width: 1, put: |site, out| out.push(site.mode as u8) },
    Array { name: "patch", kind: "UInt16", width: 2, put: |site, out| out.extend(site.patch.to_le_bytes()) },
    Array {
        name: "birth_mah_cm2",
        kind: "Float32",
        width: 4,
        put: |site, out| out.extend(site.birth_mah_cm2.to_le_bytes()),
    },
    Array {
        name: "film_nm",
        kind: "Float32",
        width: 4,
        put: |site, out| out.extend(site.film_nm.to_le_bytes()),
    },
];

fn write_image(seed: u64, volume: &Volume, sink: &mut dyn Write) -> Result<(), ExportError> {
    let [nx, ny, _] = volume.sites;
    let nz = volume.filled_layers().max(1);
    let edge = volume.edge_um;
    let arrays: Vec<Packed> = ARRAYS
        .iter()
        .map(|array| Packed::of_blocks(array.entry(), nz, |z| layer(array, volume, z)))
        .collect();
    write_head("ImageData", seed, sink)?;
    writeln!(
        sink,
        "  <ImageData WholeExtent=\"0 {nx} 0 {ny} 0 {nz}\" Origin=\"0 0 -{edge}\" Spacing=\"{edge} {edge} {edge}\">"
    )?;
    write_box(volume, sink)?;
    writeln!(sink, "    <Piece Extent=\"0 {nx} 0 {ny} 0 {nz}\">")?;
    writeln!(sink, "      <CellData Scalars=\"kind\">")?;
    let mut offset = 0;
    arrays.iter().try_for_each(|array| array.write_entry(&mut offset, sink))?;
    writeln!(sink, "      </CellData>\n    </Piece>\n  </ImageData>")?;
    packed::write_end(&arrays, sink)
}

fn write_head(kind: &str, seed: u64, sink: &mut dyn Write) -> Result<(), ExportError> {
    writeln!(sink, "<?xml version=\"1.0\"?>")?;
    writeln!(sink, "<!-- natrarium {}, seed {seed} -->", env!("CARGO_PKG_VERSION"))?;
    writeln!(sink, "<!-- lengths in um; kind: 0 electrolyte, 1 metal, 2 dead metal, 3 host, 4 seed -->")?;
    writeln!(sink, "<!-- growth_mode: 0 none, 1 tip, 2 film, 3 base; patch 65535: none -->")?;
    Ok(writeln!(sink, "<VTKFile type=\"{kind}\" {}>", packed::ATTRIBUTES)?)
}

fn write_box(volume: &Volume, sink: &mut dyn Write) -> Result<(), ExportError> {
    let [nx, ny, nz] = volume.sites;
    writeln!(sink, "    <FieldData>")?;
    writeln!(
        sink,
        "      <DataArray type=\"UInt64\" Name=\"box_sites\" NumberOfTuples=\"3\" format=\"ascii\">{nx} {ny} {nz}</DataArray>"
    )?;
    Ok(writeln!(sink, "    </FieldData>")?)
}

/// The values of a layer of sites.
fn layer(array: &Array, volume: &Volume, z: usize) -> Vec<u8> {
    let [nx, ny, _] = volume.sites;
    let mut electrolyte = Vec::new();
    (0..BRICK_EDGE).for_each(|_| (array.put)(&SiteView::default(), &mut electrolyte));
    let mut layer = Vec::with_capacity(nx * ny * array.width);
    for (number, sites) in (0..ny).flat_map(|y| volume.row(y, z)) {
        match sites {
            Some(sites) => sites.iter().for_each(|site| (array.put)(site, &mut layer)),
            None => layer.extend_from_slice(&electrolyte[..number * array.width]),
        }
    }
    layer
}

/// VTK's number for hexahedra with edges along the axes' order of corners.
const HEXAHEDRON: u8 = 12;
/// Corners of a site in the order of VTK_HEXAHEDRON: around the lower face, then around the upper one.
const CORNERS: [[usize; 3]; 8] =
    [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]];

fn write_hexahedra(seed: u64, volume: &Volume, sink: &mut dyn Write) -> Result<(), ExportError> {
    let Hexahedra { points, corners, sites } = Hexahedra::new(volume);
    let bytes_of = |numbers: &[i64]| -> Vec<u8> { numbers.iter().flat_map(|n| n.to_le_bytes()).collect() };
    let ends: Vec<i64> = (1..=sites.len() as i64).map(|cell| 8 * cell).collect();
    let coordinates: Vec<u8> = points.iter().flatten().flat_map(|c| c.to_le_bytes()).collect();
    let points_entry = "type=\"Float32\" Name=\"Points\" NumberOfComponents=\"3\"";
    let cells = [
        Packed::of_bytes("type=\"Int64\" Name=\"connectivity\"".into(), &bytes_of(&corners)),
        Packed::of_bytes("type=\"Int64\" Name=\"offsets\"".into(), &bytes_of(&ends)),
        Packed::of_bytes("type=\"UInt8\" Name=\"types\"".into(), &vec![HEXAHEDRON; sites.len()]),
    ];
    let coordinates = Packed::of_bytes(points_entry.into(), &coordinates);
    let values = ARRAYS.each_ref().map(|array| {
        let mut bytes = Vec::with_capacity(sites.len() * array.width);
        sites.iter().for_each(|site| (array.put)(site, &mut bytes));
        Packed::of_bytes(array.entry(), &bytes)
    });
    write_head("UnstructuredGrid", seed, sink)?;
    writeln!(sink, "  <UnstructuredGrid>")?;
    write_box(volume, sink)?;
    writeln!(sink, "    <Piece NumberOfPoints=\"{}\" NumberOfCells=\"{}\">", points.len(), sites.len())?;
    let mut offset = 0;
    writeln!(sink, "      <Points>")?;
    coordinates.write_entry(&mut offset, sink)?;
    writeln!(sink, "      </Points>\n      <Cells>")?;
    cells.iter().try_for_each(|array| array.write_entry(&mut offset, sink))?;
    writeln!(sink, "      </Cells>\n      <CellData Scalars=\"kind\">")?;
    values.iter().try_for_each(|array| array.write_entry(&mut offset, sink))?;
    writeln!(sink, "      </CellData>\n    </Piece>\n  </UnstructuredGrid>")?;
    packed::write_end(std::iter::once(&coordinates).chain(&cells).chain(&values), sink)
}

/// What is solid: the corners of its sites, each once, and the sites by their corners.
#[derive(Default)]
struct Hexahedra {
    /// µm.
    points: Vec<[f32; 3]>,
    corners: Vec<i64>,
    sites: Vec<SiteView>,
}

impl Hexahedra {
    fn new(volume: &Volume) -> Self {
        let [nx, ny, _] = volume.sites;
        let mut grid = Self::default();
        // Numbers of the corners below and above a layer; −1: not used yet.
        let unused = vec![-1; (nx + 1) * (ny + 1)];
        let mut planes = [unused.clone(), unused.clone()];
        for z in 0..volume.filled_layers() {
            for (x, y) in (0..ny).flat_map(|y| (0..nx).map(move |x| (x, y))) {
                let site = volume.at(x, y, z);
                if !site.kind.is_solid() {
                    continue;
                }
                for [dx, dy, dz] in CORNERS {
                    let number = &mut planes[dz][(y + dy) * (nx + 1) + x + dx];
                    if *number < 0 {
                        *number = grid.points.len() as i64;
                        let at = [x + dx, y + dy, z + dz].map(|c| c as f64 * volume.edge_um);
                        grid.points.push([at[0], at[1], at[2] - volume.edge_um].map(|c| c as f32));
                    }
                    grid.corners.push(*number);
                }
                grid.sites.push(site);
            }
            planes.swap(0, 1);
            planes[1].copy_from_slice(&unused);
        }
        grid
    }
}
