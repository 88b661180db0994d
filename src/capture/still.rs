//! Stills: one PNG.
//!
//! Does: draw one snapshot and write it whole or not at all.
//! Does not: scale or crop.

use super::offscreen::{Frame, Offscreen, PictureOptions};
use super::{CaptureError, check_adapter};
use crate::observables::Snapshot;
use std::io::{BufWriter, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Draws `snapshot`, which must hold everything, as a PNG.
pub fn shot(path: &Path, options: &PictureOptions, snapshot: Snapshot) -> Result<(), CaptureError> {
    check_adapter()?;
    let frame = Offscreen::new(options, 0.0)?.draw(snapshot)?;
    write_png(path, &frame)
}

/// Writes a frame as a PNG that appears whole or not at all.
pub fn write_png(path: &Path, frame: &Frame) -> Result<(), CaptureError> {
    let write_error = |source| CaptureError::Write { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().suffix(".part").tempfile_in(folder).map_err(write_error)?;
    let mut encoder = png::Encoder::new(BufWriter::new(&mut file), frame.size.0, frame.size.1);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(&frame.rgba)?;
            writer.finish()
        })
        .map_err(|error| write_error(std::io::Error::other(error)))?;
    file.flush().map_err(write_error)?;
    persist(file, path)
}

/// Gives a finished temporary file its name, with the rights any new file has (temporary ones are private).
pub(super) fn persist(file: NamedTempFile, path: &Path) -> Result<(), CaptureError> {
    let write_error = |source| CaptureError::Write { path: path.to_owned(), source };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o644)).map_err(write_error)?;
    }
    file.persist(path).map_err(|error| write_error(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("still.png");
        let frame = Frame { size: (4, 2), rgba: (0..32).collect() };
        write_png(&path, &frame).unwrap();
        let decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(&path).unwrap()));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels, frame.rgba);

        let broken = Frame { size: (4, 2), rgba: vec![0; 3] };
        let missing = folder.path().join("broken.png");
        assert!(write_png(&missing, &broken).is_err());
        assert!(!missing.exists());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written is left");
        let nowhere = folder.path().join("no such folder/still.png");
        assert!(write_png(&nowhere, &frame).unwrap_err().to_string().contains("no such folder"));
    }
}
