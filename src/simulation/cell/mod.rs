//! The cell as a whole: the salt between the electrodes and the voltage across them.
//!
//! Does: move the salt, choose the picture of transport, solve for the overpotential, say
//! what the source drives.
//! Does not: place metal.

mod coating;
mod faces;
pub mod salt;
mod source;
pub mod voltage;

use super::Phase;
use bevy_ecs::prelude::*;

/// Adds the systems of this room. The salt depends on the scene; `build` makes it.
pub fn register(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<voltage::LastSolution>();
    schedule.add_systems((
        (salt::see_deposit, source::drive).chain().in_set(Phase::Hold),
        salt::carry.in_set(Phase::Salt),
        (coating::fit_layers, voltage::polarise, salt::choose_transport).chain().in_set(Phase::Voltage),
    ));
}
