//! What all processes share that place or take metal, and the one way in which a site of metal is placed.
//!
//! Does: give access to lattice, surface, films and books together; place metal and keep the books. Does not: choose the
//! site (`emergence`, `separator`) or keep contact (`contact`).

use super::contact::Contacts;
use crate::lattice::{Gap, Position, Solid};
use crate::scene::StartSpec;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::journal::Journal;
use crate::simulation::course::ledger::Ledger;
use crate::simulation::film::age::{Films, films};
use crate::simulation::film::creep::CreepNetwork;
use crate::simulation::film::filament::Slice;
use crate::simulation::film::fracture::FlankCracks;
use crate::simulation::film::roster::Interphase;
use crate::simulation::rules::Rules;
use crate::simulation::surface::{Sites, Surface};
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use rand::Rng;

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

    /// Places one site of metal, at the wrapped `site`, a gap, and keeps all accounts.
    pub fn place(&mut self, site: Position, gap: &Gap, solid: Solid) {
        self.join(site, gap, solid);
        self.clock.plated += 1;
        self.clock.due -= 1;
        self.ledger.by_mode[solid.mode as usize] += 1;
        self.ledger.recent.push(site);
        let (lattice, ledger) = (&self.sites.0, &mut self.ledger);
        let full = match self.rules.start {
            StartSpec::Electrode => site[2] + 2 >= self.rules.height as i32,
            StartSpec::PointSeed => {
                let half = lattice.sites().map(|n| n as f64 / 2.0);
                let away: [f64; 3] = std::array::from_fn(|k| f64::from(site[k]) + 0.5 - half[k]);
                ledger.radius = ledger.radius.max(away.iter().map(|d| d * d).sum::<f64>().sqrt());
                ledger.radius + 10.0 > half.into_iter().fold(f64::INFINITY, f64::min)
            }
        };
        if full {
            self.reach_edge(site);
        }
    }
}
