//! A PNG picture as heights: black is 0, white is 1.

use super::{FileFault, fault, open};
use png::{BitDepth, ColorType, Decoder, Transformations};
use std::io::BufReader;

/// Longest side of a picture, pixels.
const LONGEST_SIDE: u32 = 4096;

/// Width and brightness of the pixels, the upper row first.
pub(super) fn read(path: &str) -> Result<(usize, Vec<f32>), FileFault> {
    let (file, _) = open(path)?;
    let bad = |reason: png::DecodingError| {
        let what = format!("is no PNG picture, or a damaged one ({reason})");
        fault(path, what, "open it in a picture program and save it as PNG")
    };
    let mut decoder = Decoder::new(BufReader::new(file));
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    // Palettes and 1, 2 or 4 bits become 8.
    decoder.set_transformations(Transformations::EXPAND);
    // The size stands in the header: a huge picture is refused before memory is taken for it.
    let (width, height) = decoder.read_header_info().map_err(bad)?.size();
    if width.max(height) > LONGEST_SIDE {
        let what = format!("has {width} × {height} pixels, more than {LONGEST_SIDE} a side");
        return Err(fault(path, what, "make the picture smaller"));
    }
    let mut reader = decoder.read_info().map_err(bad)?;
    let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let frame = reader.next_frame(&mut pixels).map_err(bad)?;
    let bytes = if frame.bit_depth == BitDepth::Sixteen { 2 } else { 1 };
    let channel = |pixel: &[u8], number: usize| match pixel.get(number * bytes..(number + 1) * bytes) {
        Some([high, low]) => f32::from(u16::from_be_bytes([*high, *low])) / f32::from(u16::MAX),
        Some([value]) => f32::from(*value) / f32::from(u8::MAX),
        _ => 0.0,
    };
    let colour = matches!(frame.color_type, ColorType::Rgb | ColorType::Rgba);
    // Luminance of ITU-R BT.709.
    let brightness = |pixel: &[u8]| match colour {
        true => 0.2126 * channel(pixel, 0) + 0.7152 * channel(pixel, 1) + 0.0722 * channel(pixel, 2),
        false => channel(pixel, 0),
    };
    let length = bytes * frame.color_type.samples();
    let values = pixels[..frame.buffer_size()].chunks_exact(length).map(brightness).collect();
    Ok((width as usize, values))
}
