//! At rest, deposits round off: loosely bound metal moves to better bound places beside.
//!
//! Does not: choose the places (`surface_diffusion`).

use super::electrode::Electrode;
use super::surface_diffusion::settle;
use crate::lattice::{NONE_U32, Position, Purpose, SiteKind, stream};
use crate::simulation::course::clock::Clock;
use crate::simulation::film::roster::Parts;
use crate::simulation::surface::Surface;
use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};

/// Solid neighbours (of 26) above which a site stays at rest: a site of a flat face has 17, of a straight
/// edge 11.
const BOUND: u32 = 11;

/// At rest, loosely bound surface sites move on: those with fewer neighbours than a straight edge.
pub(crate) fn round_off(mut electrode: Electrode, clock: Res<Clock>) {
    let Clock { step, dt_s, current_density_a_m2, .. } = *clock;
    // Mean number of hops in the step: below one it is the chance of a hop.
    let hops = electrode.constants.hops_in(dt_s);
    if current_density_a_m2 != 0.0 || hops == 0.0 {
        return;
    }
    let mut random = stream(electrode.constants.seed, Purpose::Rounding, step, 0);
    let exposed: Vec<Position> = Surface::exposed(&electrode.sites.0).collect();
    for position in exposed {
        let (kind, bonds) = electrode.sites.0.bound(position);
        if kind == SiteKind::Metal && bonds < BOUND && random.random::<f64>() < hops {
            electrode.relocate(position, hops.max(1.0) as u32, &clock, &mut random);
        }
    }
}

impl Electrode<'_, '_> {
    /// Takes the metal at `position` up and lets it settle beside.
    fn relocate(&mut self, position: Position, hops: u32, clock: &Clock, random: &mut impl Rng) {
        let entry = self.sites.0.solid(position).and_then(|solid| {
            self.interphase.filament(solid.filament).map(|filament| filament.slice(solid.birth))
        });
        let Some(mut solid) = self.take_away(position, clock, random) else { return };
        if let Some(entry) = entry {
            (solid.birth, solid.film_time_s, solid.filament) = (entry.ordinal, entry.time_s as f32, NONE_U32);
        }
        let (site, around) = settle(&self.sites.0, position, hops, random);
        let gap = self.sites.0.gap(around);
        let under = self.film_in(&gap);
        self.join((site, &gap), under, solid, clock, random);
    }
}
