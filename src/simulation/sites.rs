//! The lattice, as a resource of the world.

use crate::lattice::Lattice;
use bevy_ecs::prelude::*;

/// The lattice, as a resource of the world.
#[derive(Resource)]
pub(crate) struct Sites(pub Lattice);
