//! The Na⁺ ions that a viewer sees.
//!
//! Does: keep a fixed crowd of ions in Brownian motion through the electrolyte of the box. Of these, the
//! share c(z)/c₀ is shown, so that the density seen follows the salt profile. In every step another part of
//! the crowd moves. Plated sites take ions off the crowd, which come back anywhere in the electrolyte. Far
//! fewer ions are drawn than plated. Sent back to the top, they would all wait there.
//! Does not: decide where metal grows; the walks of `reduction` do that, far too many and too fast to be
//! drawn.

use super::cell::salt::Salt;
use super::constants::Constants;
use super::course::clock::Clock;
use super::course::ledger::Ledger;
use super::sites::Sites;
use crate::lattice::{Lattice, Purpose, stream};
use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};

/// Ions in the box when the salt is at its initial concentration.
const CROWD: usize = 6000;
/// Steps between two moves of an ion: a monolayer. So the crowd, which is only to be looked at, costs next to
/// nothing.
const STEPS_PER_MOVE: usize = 64;
/// Standard deviation of a move along each axis, sites.
const MOVE: f64 = 2.8;
/// Plated sites for each ion that is taken off the crowd.
const SITES_PER_ION: usize = 8;

/// A cation in the electrolyte.
#[derive(Component, Clone, Copy, Debug)]
pub(crate) struct Ion {
    /// Place in lattice units.
    pub place: [f64; 3],
    /// It is there when the local concentration is above this share of the initial one.
    pub share: f64,
}

/// Ions by number.
#[derive(Resource, Default)]
pub(crate) struct Crowd {
    ions: Vec<Entity>,
    next: usize,
}

/// Fills the electrolyte of the box with ions.
pub(crate) fn spawn_ions(world: &mut World) {
    let seed = world.resource::<Constants>().seed;
    let mut random = stream(seed, Purpose::Ions, 0, 0);
    let lattice = &world.resource::<Sites>().0;
    let sites = lattice.sites().map(|n| n as f64);
    let ions: Vec<Ion> = (0..CROWD)
        .map(|_| Ion { place: anywhere(lattice, sites, &mut random), share: random.random() })
        .collect();
    let ions = ions.into_iter().map(|ion| world.spawn(ion).id()).collect();
    world.insert_resource(Crowd { ions, next: 0 });
}

/// Moves the crowd on, and replaces the ions that were plated in this step.
pub(crate) fn move_ions(
    mut crowd: ResMut<Crowd>,
    mut ions: Query<&mut Ion>,
    sites: Res<Sites>,
    ledger: Res<Ledger>,
    clock: Res<Clock>,
    constants: Res<Constants>,
) {
    let lattice = &sites.0;
    let mut random = stream(constants.seed, Purpose::Ions, clock.step + 1, 0);
    let [nx, ny, nz] = lattice.sites().map(|n| n as f64);
    let plated = (ledger.recent.len() / SITES_PER_ION).min(CROWD);
    let moving = CROWD.div_ceil(STEPS_PER_MOVE);
    for turn in 0..plated + moving {
        crowd.next = (crowd.next + 1) % CROWD;
        let Some(Ok(mut ion)) = crowd.ions.get(crowd.next).map(|entity| ions.get_mut(*entity)) else {
            continue;
        };
        ion.place = if turn < plated {
            anywhere(lattice, [nx, ny, nz], &mut random)
        } else {
            moved(lattice, ion.place, [nx, ny, nz], &mut random)
        };
    }
}

/// A random place in the electrolyte; at the top when a nearly full box hides it.
fn anywhere(lattice: &Lattice, [nx, ny, nz]: [f64; 3], random: &mut impl Rng) -> [f64; 3] {
    for _ in 0..16 {
        let place =
            [random.random_range(0.0..nx), random.random_range(0.0..ny), random.random_range(0.0..nz)];
        if !is_solid(lattice, place) {
            return place;
        }
    }
    [random.random_range(0.0..nx), random.random_range(0.0..ny), nz - 0.5]
}

/// One Brownian move; blocked by solids, reflected at top and bottom. An ion that was built over is put back
/// anywhere.
fn moved(lattice: &Lattice, place: [f64; 3], [nx, ny, nz]: [f64; 3], random: &mut impl Rng) -> [f64; 3] {
    if is_solid(lattice, place) {
        return anywhere(lattice, [nx, ny, nz], random);
    }
    let mut next = place.map(|c| {
        // A uniform step: many of them are a Brownian path as well, and it needs no logarithm.
        c + MOVE * 12f64.sqrt() * random.random_range(-0.5..0.5)
    });
    next[0] = next[0].rem_euclid(nx);
    next[1] = next[1].rem_euclid(ny);
    next[2] = if next[2] >= nz { 2.0 * nz - next[2] - 1e-6 } else { next[2].abs() };
    if is_solid(lattice, next) { place } else { next }
}

/// True where a solid stands at a place in the box. Most ions are above the deposit, where nothing has to be
/// read.
fn is_solid(lattice: &Lattice, place: [f64; 3]) -> bool {
    let position = place.map(|c| c as i32);
    position[2] <= lattice.top() && lattice.is_solid(position)
}

/// Ions to show: those whose share the local concentration covers.
pub(crate) fn visible_ions(world: &World) -> Vec<[f32; 3]> {
    let (salt, constants) = (world.resource::<Salt>(), world.resource::<Constants>());
    let crowd = world.resource::<Crowd>();
    crowd
        .ions
        .iter()
        .filter_map(|entity| world.get::<Ion>(*entity))
        .filter(|ion| {
            ion.share * salt.initial_mol_m3
                < salt.profile.at((ion.place[2] - 1.0).max(0.0) * constants.edge_m)
        })
        .map(|ion| ion.place.map(|c| c as f32))
        .collect()
}
