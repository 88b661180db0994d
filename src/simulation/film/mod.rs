//! The SEI: its patches, their strain and cracks, and the filaments that grow from them.
//!
//! Does: let films thicken, strain and crack them, open and retire filaments.
//! Does not: place metal (`metal`), or know what films cost (`metal::film_costs`).

pub mod age;
mod coating;
pub mod creep;
pub mod filament;
pub mod fracture;
mod gap;
pub mod patch;
pub mod roster;
pub mod worm;

use super::Phase;
use bevy_ecs::prelude::*;

/// Adds the systems and the empty lists of this room.
pub fn register(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<fracture::FlankCracks>();
    world.init_resource::<fracture::Cracks>();
    schedule.add_systems((
        fracture::retire_filaments.in_set(Phase::Retire),
        fracture::grow_films.in_set(Phase::Growth),
        (fracture::strain_films, fracture::open_filaments).chain().in_set(Phase::Fracture),
    ));
}
