//! The subcommands, one file each.

pub mod calibrate;
pub mod cluster;
pub mod frames;
pub mod materials;
pub mod record;
pub mod reference;
pub mod run;
pub mod scenes;
pub mod shot;
pub mod validate;
pub mod window;
