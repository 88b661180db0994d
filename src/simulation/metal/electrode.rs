//! What processes share that place or take metal.
//!
//! Does: give access to lattice, surface, films and books together, and draw a site by its current.
//! Does not: choose a site (`emergence`, `separator`) or keep contact (`contact`).

use crate::lattice::Contact;
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::film_book::FilmBook;
use crate::simulation::course::journal::Journal;
use crate::simulation::course::ledger::Ledger;
use crate::simulation::film::age::{FilmAges, film_ages};
use crate::simulation::film::creep::CreepNetwork;
use crate::simulation::film::filament::Slice;
use crate::simulation::film::fracture::FlankCracks;
use crate::simulation::film::roster::Interphase;
use crate::simulation::films::Films;
use crate::simulation::sites::Sites;
use crate::simulation::surface::Surface;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use rand::Rng;

/// The lattice's search for contact, as a resource of the world.
#[derive(Resource)]
pub(crate) struct Contacts(pub Contact);

/// The metal, what covers it, and the books of what comes and goes. Constants and films are only read.
#[derive(SystemParam)]
pub(crate) struct Electrode<'w, 's> {
    pub sites: ResMut<'w, Sites>,
    pub surface: ResMut<'w, Surface>,
    pub interphase: Interphase<'w, 's>,
    pub contacts: ResMut<'w, Contacts>,
    pub ledger: ResMut<'w, Ledger>,
    pub book: ResMut<'w, FilmBook>,
    pub journal: ResMut<'w, Journal>,
    pub films: Res<'w, Films>,
    pub constants: Res<'w, Constants>,
}

impl Electrode<'_, '_> {
    /// Slot of an exposed site drawn in proportion to the current of its faces.
    pub fn draw(&mut self, now_s: f64, random: &mut impl Rng) -> Option<u32> {
        self.surface.draw(&mut self.sites.0, &self.films, now_s, random)
    }

    /// Chance that metal reduced on an exposed site meets the electrolyte bare.
    pub fn bare_share(&self, slot: u32, now_s: f64) -> f64 {
        let lattice = &self.sites.0;
        let entry = &lattice.exposed()[slot];
        let relative = self.surface.relative_current(lattice, entry, &self.films, now_s);
        self.constants.bare_share(relative * self.surface.mean_current_a_m2())
    }
}

/// The electrode and what plating writes beyond it: the sites that are still due, where metal creeps to,
/// flanks that give way.
#[derive(SystemParam)]
pub(crate) struct Plating<'w, 's> {
    pub electrode: Electrode<'w, 's>,
    pub clock: ResMut<'w, Clock>,
    pub network: ResMut<'w, CreepNetwork>,
    pub flank_cracks: ResMut<'w, FlankCracks>,
}

impl Plating<'_, '_> {
    /// Slot of an exposed site drawn in proportion to the current of its faces.
    pub fn draw(&mut self, random: &mut impl Rng) -> Option<u32> {
        self.electrode.draw(self.clock.time_s, random)
    }

    /// Entry mark of metal that is reduced now.
    pub fn now(&self) -> Slice {
        Slice { ordinal: self.clock.plated as u32, time_s: self.clock.time_s }
    }

    pub fn film_ages(&self) -> FilmAges<'_, Interphase<'_, '_>> {
        film_ages(&self.electrode.films, &self.electrode.interphase, &self.clock)
    }
}
