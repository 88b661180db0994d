//! Metal: where ions are reduced, where their metal comes out, how it moves and how it goes.
//!
//! Does: plate, strip, round off, take what films cost, keep contact.
//! Does not: know why a current flows (`course`, `cell`) or crack films (`film`).

pub mod contact;
pub mod crew;
pub mod electrode;
pub mod emergence;
pub mod film_costs;
mod membrane;
pub mod reduction;
pub mod rounding;
pub mod separator;
pub mod stripping;
pub mod surface_diffusion;

use super::Phase;
use bevy_ecs::prelude::*;

/// Adds the systems of this room and its empty jump tables.
pub fn register(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<reduction::Jumps>();
    schedule.add_systems((
        (stripping::strip, reduction::plate).chain().in_set(Phase::Metal),
        (film_costs::charge_films, film_costs::lose_additive, film_costs::collect)
            .chain()
            .in_set(Phase::Costs),
        rounding::round_off.in_set(Phase::Rounding),
    ));
}
