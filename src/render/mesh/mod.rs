//! The surface: from the sites of a snapshot to triangles on screen, made on other threads.
//!
//! Does: keep the viewer's copy of the lattice, mesh what changed, colour the vertices, spread the work over
//! frames.
//! Does not: light the surface or move the camera.

pub mod budget;
pub mod chunks;
pub mod coarse;
pub mod field;
pub mod mirror;
pub mod news;
pub mod shading;
pub mod side;
pub mod surface;
pub mod table;
