//! The simple cubic lattice: sites, where they are occupied, how ions walk among them, and what
//! electrodes look like on it.
//!
//! No ECS and no renderer here: plain data and pure functions that the simulation drives.

mod around;
mod bricks;
mod clearance;
mod contact;
mod exposed;
mod lines;
mod mosaic;
mod neighbours;
mod noise;
mod random;
mod record;
mod site;
mod visits;
pub mod walk;

pub(crate) use around::{Around, BESIDE};
pub use bricks::{BRICK_EDGE, FACES, Lattice, NONE_U16, NONE_U32, Position, offset};
pub use clearance::{Clearance, LARGEST_RADIUS};
pub use contact::Contact;
pub(crate) use exposed::Exposed;
pub use mosaic::{Mosaic, lay_mosaic};
pub(crate) use neighbours::{Gap, each_face, set_bit};
pub use noise::PeriodicNoise;
pub use random::{Purpose, standard_normal, stream};
pub use record::Solid;
pub use site::{GrowthMode, SiteKind};
