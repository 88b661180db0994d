//! `state.vti`: the final state for ParaView and VTK.
//!
//! Does: one VTK ImageData file with a value per site for kind of matter, way of growth, SEI patch, charge at
//! birth and film thickness, lengths in µm. Does not: hold the electrolyte above the highest matter; the box is cut
//! there (its full size stands in the field `box_sites`). z = 0 is the upper face of the collector, which is layer 0. Accuracy: exact copies of the state.
//! Format: XML with raw appended data, little endian, 64-bit sizes (VTK file formats, Kitware).

use super::{ExportError, RunRecord, Volume};
use crate::observables::SiteView;
use std::io::Write;

/// One array of the file: name, VTK type, bytes per value, and how a site becomes bytes.
struct Array {
    name: &'static str,
    kind: &'static str,
    width: u64,
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
    let sites = (nx * ny * nz) as u64;
    let edge = volume.edge_um;
    writeln!(sink, "<?xml version=\"1.0\"?>")?;
    writeln!(sink, "<!-- natrarium {}, seed {} -->", env!("CARGO_PKG_VERSION"), record.seed)?;
    writeln!(sink, "<!-- lengths in um; kind: 0 electrolyte, 1 metal, 2 dead metal, 3 host, 4 seed -->")?;
    writeln!(sink, "<!-- growth_mode: 0 none, 1 tip, 2 film, 3 base; patch 65535: none -->")?;
    writeln!(
        sink,
        "<VTKFile type=\"ImageData\" version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\">"
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
    for Array { name, kind, width, .. } in &ARRAYS {
        writeln!(
            sink,
            "        <DataArray type=\"{kind}\" Name=\"{name}\" format=\"appended\" offset=\"{offset}\"/>"
        )?;
        offset += 8 + sites * width;
    }
    writeln!(sink, "      </CellData>")?;
    writeln!(sink, "    </Piece>")?;
    writeln!(sink, "  </ImageData>")?;
    write!(sink, "  <AppendedData encoding=\"raw\">\n_")?;
    let mut row = Vec::with_capacity(nx * 4);
    for Array { width, put, .. } in &ARRAYS {
        sink.write_all(&(sites * width).to_le_bytes())?;
        for z in 0..nz {
            for y in 0..ny {
                row.clear();
                for x in 0..nx {
                    put(&volume.at(x, y, z), &mut row);
                }
                sink.write_all(&row)?;
            }
        }
    }
    writeln!(sink, "\n  </AppendedData>")?;
    Ok(writeln!(sink, "</VTKFile>")?)
}
