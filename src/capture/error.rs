//! Why no picture or film could be made.

use std::path::PathBuf;

/// Why no picture or film could be made; each message says what is missing and how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// No graphics adapter.
    #[error(transparent)]
    Adapter(#[from] super::AdapterError),
    /// H.264 stores colour for blocks of 2 × 2 pixels.
    #[error("a film needs an even width and height, not {width}x{height}; try {}x{}", width + width % 2, height + height % 2)]
    OddSize {
        /// Width asked for, pixels.
        width: u32,
        /// Height asked for, pixels.
        height: u32,
    },
    /// Size outside what the encoder takes.
    #[error(
        "a film of {width}x{height} pixels cannot be encoded; sides go from 16 to 3840x2160 (or 2160x3840)"
    )]
    FilmSize {
        /// Width asked for, pixels.
        width: u32,
        /// Height asked for, pixels.
        height: u32,
    },
    /// Size outside what can be drawn.
    #[error("a picture of {width}x{height} pixels cannot be drawn; each side must be between 16 and 8192")]
    Size {
        /// Width asked for, pixels.
        width: u32,
        /// Height asked for, pixels.
        height: u32,
    },
    /// A bit rate that is none.
    #[error(
        "a film of {megabits_per_s} Mbit/s cannot be encoded; the bit rate must be between 0.01 and 1000 Mbit/s"
    )]
    BitRate {
        /// Bit rate asked for, Mbit s⁻¹.
        megabits_per_s: f64,
    },
    /// No frame, or no sensible rate.
    #[error(
        "a film of {seconds} s at {fps} frames per second cannot be made: it needs 1 to 240 frames per second and at least one frame"
    )]
    Length {
        /// Seconds asked for.
        seconds: f64,
        /// Frames per second asked for.
        fps: f64,
    },
    /// The output could not be written.
    #[error("cannot write {path}: {source}; choose another place with --out")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The encoder gave up.
    #[error("the film could not be encoded: {0}")]
    Encode(String),
    /// The adapter stopped answering.
    #[error("the picture could not be read back from the graphics adapter: {0}")]
    Readback(String),
}
