//! Stripping: metal dissolves where the current leaves it.
//!
//! A face gives metal in proportion to the current that the overpotential drives through its film, so thin
//! young film goes first: on moss that is the root. The hole fills from beside by surface diffusion, so the
//! metal that goes is the loosest nearby. What loses contact is dead. Once nothing is left that has contact,
//! the foil under the box gives, if there is one.

use super::deposit::Deposit;
use crate::lattice::{Purpose, stream};
use crate::simulation::course::inventory::Inventory;
use crate::simulation::course::journal::{EventKind, event};
use crate::simulation::course::protocol::Protocol;
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::Matter;
use bevy_ecs::prelude::*;

/// Strips this step's sites, or takes them from the counter electrode while plating.
pub(crate) fn strip(mut deposit: Deposit, mut inventory: ResMut<Inventory>, mut protocol: ResMut<Protocol>) {
    if deposit.clock.plating() && inventory.counter_sites(&deposit.clock) < deposit.clock.due {
        run_out(&mut deposit, &mut protocol);
    }
    if !deposit.clock.stripping() {
        return;
    }
    deposit.ledger.recent.clear();
    let mut random = stream(deposit.rules.seed, Purpose::Stripping, deposit.clock.step, 0);
    while deposit.clock.due > 0 {
        let Some(slot) = deposit.draw(&mut random) else {
            run_out(&mut deposit, &mut protocol);
            return;
        };
        let entry = &deposit.sites.0.exposed()[slot];
        if Surface::matter(entry) == Matter::Metal {
            let position = deposit.loosest(entry.position(), &mut random);
            deposit.take_away(position, &mut random);
        } else if inventory.foil_sites() > 0 {
            inventory.foil_stripped += 1;
        } else {
            run_out(&mut deposit, &mut protocol);
            return;
        }
        deposit.clock.stripped += 1;
        deposit.clock.due -= 1;
    }
}

/// There is no metal where this step wants some: what is still due stays undone.
fn run_out(deposit: &mut Deposit, protocol: &mut Protocol) {
    deposit.clock.cut(&deposit.rules);
    protocol.spent = true;
    deposit.journal.note(event(EventKind::MetalExhausted, &deposit.clock, &deposit.rules, None));
}
