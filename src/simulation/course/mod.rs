//! The course of a run: time and charge, the steps of the protocol, and what is noted of them.
//!
//! Does: open and close every step, count cycles, judge whether the cell has failed, keep events and books.
//! Does not: know how metal moves.

pub mod clock;
pub mod cycles;
pub mod failure;
pub mod film_book;
pub mod inventory;
pub mod journal;
pub mod ledger;
pub mod program;
pub mod protocol;
pub mod readings;

use super::Phase;
use bevy_ecs::prelude::*;

/// Adds the systems and the empty books of this room.
pub fn register(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<journal::Journal>();
    world.init_resource::<ledger::Ledger>();
    world.init_resource::<readings::Readings>();
    schedule.add_systems((
        protocol::open_step.in_set(Phase::Open),
        failure::judge.in_set(Phase::Judge),
        protocol::close_step.in_set(Phase::Close),
    ));
}
