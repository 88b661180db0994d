//! The simple cubic lattice.
mod site;
pub use site::{GrowthMode, SiteKind};
/// Sites along one edge of a brick.
pub const BRICK_EDGE: usize = 8;
