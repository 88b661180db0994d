//! Pictures without a window: stills and films.
//!
//! Does: draw what [`crate::render`] draws, frame by frame in lock-step with the supplier of the snapshots,
//! into a PNG or an MP4.
//! Does not: run a simulation (the caller's closure does), nor open a window.
//! Accuracy: a film has exactly `seconds × fps` frames, none skipped, none twice.

mod adapter;
mod error;
mod index;
mod offscreen;
mod still;
mod video;

pub use adapter::{AdapterError, DisplayError, check_adapter, check_display};
pub use error::CaptureError;
pub use offscreen::{Frame, Offscreen, PictureOptions};
pub use still::{shot, write_png};
pub use video::{FilmOptions, record};
