//! Arrays of a VTK XML file, packed.
//!
//! Does: pack arrays in zlib blocks, write their entries in the head and, behind it, their bytes.
//! Does not: know what the arrays hold.
//! Accuracy: exact. Format: raw appended data, little endian, 64-bit sizes (VTK file formats, Kitware). All
//! arrays are held in memory before they are written, because the head tells where each begins.

use super::ExportError;
use rayon::prelude::*;
use std::io::Write;

/// Attributes of a file with such arrays, behind its type.
pub const ATTRIBUTES: &str =
    "version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\" compressor=\"vtkZLibDataCompressor\"";
/// How hard blocks are packed, 0 to 10: the least, as electrolyte packs well anyhow.
const PACKING: u8 = 1;

/// An array as it stands in the file.
pub struct Packed {
    /// Attributes of its entry: type and name.
    entry: String,
    /// Number of blocks, bytes of each before packing, bytes of a shorter last one (0: there is none), bytes
    /// of each after packing.
    head: Vec<u64>,
    blocks: Vec<Vec<u8>>,
}

impl Packed {
    /// Packs an array of so many equal blocks, each made by its number.
    pub fn of_blocks(entry: String, number: usize, block: impl Fn(usize) -> Vec<u8> + Sync) -> Self {
        let packed = |index| {
            let bytes = block(index);
            (bytes.len() as u64, miniz_oxide::deflate::compress_to_vec_zlib(&bytes, PACKING))
        };
        let (lengths, blocks): (Vec<u64>, Vec<Vec<u8>>) = (0..number).into_par_iter().map(packed).unzip();
        let whole = lengths.first().copied().unwrap_or(0);
        let shorter = lengths.last().copied().filter(|last| *last != whole).unwrap_or(0);
        let mut head = vec![number as u64, whole, shorter];
        head.extend(blocks.iter().map(|block| block.len() as u64));
        Self { entry, head, blocks }
    }

    /// Packs bytes.
    pub fn of_bytes(entry: String, bytes: &[u8]) -> Self {
        let blocks: Vec<&[u8]> = bytes.chunks(1 << 20).collect();
        Self::of_blocks(entry, blocks.len(), |index| blocks[index].to_vec())
    }

    /// Writes its entry of the head and moves `offset` on to where the next array begins.
    pub fn write_entry(&self, offset: &mut u64, sink: &mut dyn Write) -> Result<(), ExportError> {
        writeln!(sink, "        <DataArray {} format=\"appended\" offset=\"{offset}\"/>", self.entry)?;
        let blocks: u64 = self.blocks.iter().map(|block| block.len() as u64).sum();
        *offset += 8 * self.head.len() as u64 + blocks;
        Ok(())
    }
}

/// Writes the arrays, in the order of their entries, and the end of the file.
pub fn write_end<'a>(
    arrays: impl IntoIterator<Item = &'a Packed>,
    sink: &mut dyn Write,
) -> Result<(), ExportError> {
    write!(sink, "  <AppendedData encoding=\"raw\">\n_")?;
    for array in arrays {
        array.head.iter().try_for_each(|number| sink.write_all(&number.to_le_bytes()))?;
        array.blocks.iter().try_for_each(|block| sink.write_all(block))?;
    }
    writeln!(sink, "\n  </AppendedData>")?;
    Ok(writeln!(sink, "</VTKFile>")?)
}
