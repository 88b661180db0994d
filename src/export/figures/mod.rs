//! Two figures of the final state, drawn on the CPU: a cross-section and a map of heights.
//!
//! Does: PNG with title, axes in µm, scale bar and legend or colour bar, legible from the back of a lecture
//! room, with a font that is part of the program.
//! Does not: need a graphics adapter, a display or fonts of the system.
//! Accuracy: every site of the lattice is a square of a whole number of pixels; nothing is smoothed.

mod canvas;
mod cross_section;
mod height_map;

pub use cross_section::write_cross_section;
pub use height_map::write_height_map;
