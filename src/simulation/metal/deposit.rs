//! What all processes share that place or take metal.
//!
//! Does: give access to lattice, surface, films and books together.
//! Does not: choose a site (`emergence`, `separator`) or keep contact (`contact`).

use crate::lattice::Contact;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::journal::Journal;
use crate::simulation::course::ledger::Ledger;
use crate::simulation::film::age::{Films, films};
use crate::simulation::film::creep::CreepNetwork;
use crate::simulation::film::filament::Slice;
use crate::simulation::film::fracture::FlankCracks;
use crate::simulation::film::roster::Interphase;
use crate::simulation::rules::Rules;
use crate::simulation::sites::Sites;
use crate::simulation::surface::Surface;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use rand::Rng;

/// The lattice's search for contact, as a resource of the world.
#[derive(Resource)]
pub(crate) struct Contacts(pub Contact);

/// All that takes part in placing metal.
#[derive(SystemParam)]
pub(crate) struct Deposit<'w, 's> {
    pub sites: ResMut<'w, Sites>,
    pub surface: ResMut<'w, Surface>,
    pub interphase: Interphase<'w, 's>,
    pub rules: ResMut<'w, Rules>,
    pub clock: ResMut<'w, Clock>,
    pub ledger: ResMut<'w, Ledger>,
    pub journal: ResMut<'w, Journal>,
    pub contacts: ResMut<'w, Contacts>,
    pub network: ResMut<'w, CreepNetwork>,
    pub flank_cracks: ResMut<'w, FlankCracks>,
}

impl Deposit<'_, '_> {
    /// Slot of an exposed site drawn in proportion to the current of its faces.
    pub fn draw(&mut self, random: &mut impl Rng) -> Option<u32> {
        let Self { sites, surface, rules, clock, .. } = self;
        surface.draw(&mut sites.0, rules, clock.time_s, random)
    }

    /// Entry mark of metal that is reduced now.
    pub fn now(&self) -> Slice {
        Slice { ordinal: self.clock.plated as u32, time_s: self.clock.time_s }
    }

    pub fn films(&self) -> Films<'_, Interphase<'_, '_>> {
        films(&self.rules, &self.interphase, &self.clock)
    }
}
