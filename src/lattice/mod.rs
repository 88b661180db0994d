//! The simple cubic lattice: sites, where they are occupied, how ions walk among them, and what
//! electrodes look like on it.
//!
//! No ECS and no renderer here: plain data and pure functions that the simulation drives.

mod bricks;
mod clearance;
mod contact;
mod lines;
mod mosaic;
mod noise;
mod position;
mod random;
mod site;
pub mod walk;

pub(crate) use bricks::{Around, BESIDE, Exposed, Gap};
pub use bricks::{Lattice, Solid};
pub use clearance::{Clearance, LARGEST_RADIUS};
pub use contact::Contact;
pub use mosaic::{Mosaic, lay_mosaic, touching_patches};
pub use noise::PeriodicNoise;
pub use position::{BRICK_EDGE, FACES, NONE_U16, NONE_U32, Position, offset};
pub(crate) use position::{each_face, set_bit};
pub use random::{Purpose, standard_normal, stream};
pub use site::{GrowthMode, SiteKind};
