//! `state.vti`: the final state for ParaView and VTK.
//!
//! Does: one VTK ImageData file with a value per site for kind of matter, way of growth, SEI patch, charge at
//! birth and film thickness, lengths in µm.
//! Does not: hold the electrolyte above the highest matter. The box is cut there (its full size stands in the
//! field `box_sites`). z = 0 is the upper face of the collector, which is layer 0.
//! Accuracy: exact copies of the state. Format: XML with raw appended data, little endian, 64-bit sizes, in
//! zlib blocks of a layer each (VTK file formats, Kitware). Most of a box is electrolyte: packed, moss takes
//! a tenth of the room and a cluster in a large box a hundredth. All of it is held in memory before it is
//! written, because the head tells where each array begins.

use super::{ExportError, RunRecord, Volume};
use crate::observables::{BRICK_EDGE, SiteView};
use rayon::prelude::*;
use std::io::Write;

/// How hard blocks are packed, 0 to 10: the least, as electrolyte packs well anyhow.
const PACKING: u8 = 1;

/// One array of the file: name, VTK type, bytes per value, and how a site becomes bytes.
struct Array {
    name: &'static str,
    kind: &'static str,
    width: usize,
    put: fn(&SiteView, &mut Vec<u8>),
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

/// Writes the state.
pub fn write(record: &RunRecord, volume: &Volume, sink: &mut dyn Write) -> Result<(), ExportError> {
    let [nx, ny, full] = volume.sites;
    let nz = volume.filled_layers().max(1);
    let edge = volume.edge_um;
    let packed: Vec<Packed> = ARRAYS.iter().map(|array| pack(array, volume, nz)).collect();
    writeln!(sink, "<?xml version=\"1.0\"?>")?;
    writeln!(sink, "<!-- natrarium {}, seed {} -->", env!("CARGO_PKG_VERSION"), record.seed)?;
    writeln!(sink, "<!-- lengths in um; kind: 0 electrolyte, 1 metal, 2 dead metal, 3 host, 4 seed -->")?;
    writeln!(sink, "<!-- growth_mode: 0 none, 1 tip, 2 film, 3 base; patch 65535: none -->")?;
    writeln!(
        sink,
        "<VTKFile type=\"ImageData\" version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\" compressor=\"vtkZLibDataCompressor\">"
    )?;
    writeln!(
        sink,
        "  <ImageData WholeExtent=\"0 {nx} 0 {ny} 0 {nz}\" Origin=\"0 0 -{edge}\" Spacing=\"{edge} {edge} {edge}\">"
    )?;
    writeln!(sink, "    <FieldData>")?;
    writeln!(
        sink,
        "      <DataArray type=\"UInt64\" Name=\"box_sites\" NumberOfTuples=\"3\" format=\"ascii\">{nx} {ny} {full}</DataArray>"
    )?;
    writeln!(sink, "    </FieldData>")?;
    writeln!(sink, "    <Piece Extent=\"0 {nx} 0 {ny} 0 {nz}\">")?;
    writeln!(sink, "      <CellData Scalars=\"kind\">")?;
    let mut offset = 0;
    for (Array { name, kind, .. }, packed) in ARRAYS.iter().zip(&packed) {
        writeln!(
            sink,
            "        <DataArray type=\"{kind}\" Name=\"{name}\" format=\"appended\" offset=\"{offset}\"/>"
        )?;
        offset += packed.bytes();
    }
    writeln!(sink, "      </CellData>")?;
    writeln!(sink, "    </Piece>")?;
    writeln!(sink, "  </ImageData>")?;
    write!(sink, "  <AppendedData encoding=\"raw\">\n_")?;
    for array in packed {
        array.head.iter().try_for_each(|number| sink.write_all(&number.to_le_bytes()))?;
        array.blocks.iter().try_for_each(|block| sink.write_all(block))?;
    }
    writeln!(sink, "\n  </AppendedData>")?;
    Ok(writeln!(sink, "</VTKFile>")?)
}

/// An array as it stands in the file.
struct Packed {
    /// Number of blocks, bytes of each before packing, bytes of a shorter last one (there is none), bytes of
    /// each after packing.
    head: Vec<u64>,
    blocks: Vec<Vec<u8>>,
}

impl Packed {
    fn bytes(&self) -> u64 {
        let blocks: u64 = self.blocks.iter().map(|block| block.len() as u64).sum();
        8 * self.head.len() as u64 + blocks
    }
}

/// Packs one array of the lowest `nz` layers, a block for each.
fn pack(array: &Array, volume: &Volume, nz: usize) -> Packed {
    let [nx, ny, _] = volume.sites;
    let mut electrolyte = Vec::new();
    (0..BRICK_EDGE).for_each(|_| (array.put)(&SiteView::default(), &mut electrolyte));
    let pack_layer = |z: usize| {
        let mut layer = Vec::with_capacity(nx * ny * array.width);
        for (number, sites) in (0..ny).flat_map(|y| volume.row(y, z)) {
            match sites {
                Some(sites) => sites.iter().for_each(|site| (array.put)(site, &mut layer)),
                None => layer.extend_from_slice(&electrolyte[..number * array.width]),
            }
        }
        miniz_oxide::deflate::compress_to_vec_zlib(&layer, PACKING)
    };
    let blocks: Vec<Vec<u8>> = (0..nz).into_par_iter().map(pack_layer).collect();
    let mut head = vec![nz as u64, (nx * ny * array.width) as u64, 0];
    head.extend(blocks.iter().map(|block| block.len() as u64));
    Packed { head, blocks }
}
