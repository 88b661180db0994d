//! Stripping: metal dissolves where the current leaves it.
//!
//! A face gives metal in proportion to the current that the overpotential drives through its film, so metal
//! under thin young film goes first. On moss that is the root. The hole fills from beside by surface
//! diffusion, so the metal that goes is the loosest nearby. What loses contact is dead. Once nothing is left
//! that has contact, the foil under the box gives, if there is one.

use super::electrode::Electrode;
use crate::lattice::{Purpose, stream};
use crate::simulation::course::clock::Clock;
use crate::simulation::course::inventory::Inventory;
use crate::simulation::course::journal::{EventKind, event};
use crate::simulation::course::protocol::Protocol;
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::Matter;
use bevy_ecs::prelude::*;

/// Strips this step's sites, or takes them from the counter electrode while plating.
pub(crate) fn strip(
    mut electrode: Electrode,
    mut clock: ResMut<Clock>,
    mut inventory: ResMut<Inventory>,
    mut protocol: ResMut<Protocol>,
) {
    if clock.plating() && inventory.counter_sites(&clock) < clock.due {
        run_out(&mut electrode, &mut clock, &mut protocol);
    }
    if !clock.stripping() {
        return;
    }
    electrode.ledger.recent.clear();
    let mut random = stream(electrode.constants.seed, Purpose::Stripping, clock.step, 0);
    while clock.due > 0 {
        let Some(slot) = electrode.draw(clock.time_s, &mut random) else {
            run_out(&mut electrode, &mut clock, &mut protocol);
            return;
        };
        let entry = &electrode.sites.0.exposed()[slot];
        if Surface::matter(entry) == Matter::Metal {
            electrode.ledger.cross(entry.position()[2]);
            let position = electrode.loosest(entry.position(), &clock, &mut random);
            electrode.take_away(position, &clock, &mut random);
        } else if inventory.foil_sites() > 0 {
            inventory.foil_stripped += 1;
        } else {
            run_out(&mut electrode, &mut clock, &mut protocol);
            return;
        }
        clock.stripped += 1;
        clock.due -= 1;
    }
}

/// There is no metal where this step wants some: what is still due stays undone.
fn run_out(electrode: &mut Electrode, clock: &mut Clock, protocol: &mut Protocol) {
    clock.cut();
    protocol.spent = true;
    electrode.journal.note(event(EventKind::MetalExhausted, clock, &electrode.constants, None));
}
