//! The index of a film in front of its frames, so that it plays before it is loaded whole.
//!
//! Does: move the index (`moov`) of a written MP4 from the end of the file to before the frames (`mdat`), in
//! place.
//! Does not: need room for a second film on the disk.
//! Accuracy: the frames are copied as they are; their places in the index move by its size.

use mp4::{MoovBox, Mp4Box, Mp4Reader, WriteBox};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};

/// Bytes that are moved at a time.
const PIECE: u64 = 1 << 20;

/// Moves the index of a film to its front.
pub fn put_index_first(mut file: &File) -> mp4::Result<()> {
    let length = file.metadata()?.len();
    file.rewind()?;
    let film = Mp4Reader::read_header(BufReader::new(file), length)?;
    let (head, index) = (film.ftyp.box_size(), film.moov.box_size());
    let moved = shifted(film.moov)?;
    move_up(file, head, length - index, moved.len() as u64)?;
    file.seek(SeekFrom::Start(head))?;
    file.write_all(&moved)?;
    Ok(file.flush()?)
}

/// The bytes of an index whose frames lie behind it.
fn shifted(mut index: MoovBox) -> mp4::Result<Vec<u8>> {
    let mut by = index.box_size();
    let too_far = |place: &u32| u64::from(*place) + by > u64::from(u32::MAX);
    let short = index.traks.iter().filter_map(|track| track.mdia.minf.stbl.stco.as_ref());
    if short.flat_map(|stco| &stco.entries).any(too_far) {
        // Places beyond 4 GB take more room.
        for table in index.traks.iter_mut().map(|track| &mut track.mdia.minf.stbl) {
            if let Some(stco) = table.stco.take() {
                let places = stco.entries.into_iter().map(u64::from).collect();
                table.co64.get_or_insert_default().entries = places;
            }
        }
        by = index.box_size();
    }
    for table in index.traks.iter_mut().map(|track| &mut track.mdia.minf.stbl) {
        let short = table.stco.iter_mut().flat_map(|stco| &mut stco.entries);
        short.for_each(|place| *place += by as u32);
        table.co64.iter_mut().flat_map(|co64| &mut co64.entries).for_each(|place| *place += by);
    }
    let mut bytes = Vec::new();
    index.write_box(&mut bytes)?;
    Ok(bytes)
}

/// Moves the bytes from `start` to `end` up by a distance, the last ones first.
fn move_up(mut file: &File, start: u64, end: u64, by: u64) -> std::io::Result<()> {
    let mut piece = Vec::new();
    let mut left = end;
    while left > start {
        let first = left.saturating_sub(PIECE).max(start);
        piece.resize((left - first) as usize, 0);
        file.seek(SeekFrom::Start(first))?;
        file.read_exact(&mut piece)?;
        file.seek(SeekFrom::Start(first + by))?;
        file.write_all(&piece)?;
        left = first;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index with a frame at each of these places, short where they are.
    fn index(places: &[u64]) -> MoovBox {
        let mut index = MoovBox { traks: vec![Default::default()], ..MoovBox::default() };
        let table = &mut index.traks[0].mdia.minf.stbl;
        match places.iter().map(|place| u32::try_from(*place)).collect() {
            Ok(entries) => table.stco.get_or_insert_default().entries = entries,
            Err(_) => table.co64.get_or_insert_default().entries = places.to_vec(),
        }
        index
    }

    fn places(bytes: &[u8]) -> Vec<u64> {
        let at = |name: &[u8]| bytes.windows(4).position(|window| window == name);
        let number = |from: usize, width: usize| {
            bytes[from..from + width].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let (table, width) = match at(b"stco") {
            Some(table) => (table, 4),
            None => (at(b"co64").unwrap(), 8),
        };
        (0..number(table + 8, 4) as usize).map(|k| number(table + 12 + width * k, width)).collect()
    }

    #[test]
    fn places_move_by_the_size_of_the_index_beyond_four_gigabytes_too() {
        for start in [48, 5_000_000_000, u64::from(u32::MAX) - 100] {
            let frames: Vec<u64> = (0..20).map(|frame| start + 7 * frame).collect();
            let bytes = shifted(index(&frames)).unwrap();
            let expected: Vec<u64> = frames.iter().map(|place| place + bytes.len() as u64).collect();
            assert_eq!(places(&bytes), expected, "from {start}");
        }
    }

    #[test]
    fn bytes_move_up_whole_whatever_the_distance() {
        for (length, by) in [(10, 3), (PIECE + 5, 1), (3 * PIECE, 2 * PIECE + 1)] {
            let mut file = tempfile::tempfile().unwrap();
            let bytes: Vec<u8> = (0..length).map(|k| (k * 7 + k / 251) as u8).collect();
            file.write_all(&bytes).unwrap();
            move_up(&file, 4, length, by).unwrap();
            let mut after = Vec::new();
            file.rewind().unwrap();
            file.read_to_end(&mut after).unwrap();
            assert!(after[..4] == bytes[..4] && after[4 + by as usize..] == bytes[4..], "{length} by {by}");
        }
    }
}
