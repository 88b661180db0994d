//! Surface diffusion: metal finds better bound places nearby; at rest, deposits round off.
//!
//! A hop goes to the electrolyte site beside (face or edge neighbour) that has the most solid among its 26 neighbours,
//! if that is more than here. Filament insertion does not hop: that metal is under film. Accuracy: hops are downhill
//! only, so small hollows fill and thermal roughening is not modelled.

use super::clock::Clock;
use super::emergence::Deposit;
use super::interphase::Parts;
use super::surface::Surface;
use crate::lattice::{Lattice, NONE_U32, Position, Purpose, SiteKind, offset, stream};
use rand::{Rng, RngExt};

/// Where metal that came out at the open `site` ends up after at most `hops`.
pub(super) fn settle(lattice: &Lattice, site: Position, hops: u32, random: &mut impl Rng) -> Position {
    let held = |place| lattice.around(place).faces().iter().any(|index| lattice.kind_at(*index).conducts());
    let may = |place: Position| lattice.contains_height(place[2]) && held(place);
    drift(lattice, site, hops, SiteKind::Electrolyte, |bonds, here| bonds > here, may, random)
}

/// The metal that is taken instead of that at `position`: as a hole fills up from beside, the loosest within `hops`.
pub(super) fn loosest(lattice: &Lattice, position: Position, hops: u32, random: &mut impl Rng) -> Position {
    let kind = lattice.kind(position);
    let may = |place| lattice.slot(place).is_some();
    drift(lattice, position, hops, kind, |bonds, here| bonds < here, may, random)
}

/// Goes from neighbour to neighbour of this kind that `may` be entered, always to the one whose number of solid neighbours is the `better`.
fn drift(
    lattice: &Lattice,
    from: Position,
    hops: u32,
    kind: SiteKind,
    better: impl Fn(u32, u32) -> bool,
    may: impl Fn(Position) -> bool,
    random: &mut impl Rng,
) -> Position {
    let mut here = lattice.wrap(from);
    let mut bonds = if hops == 0 { 0 } else { lattice.solid_neighbours(here) };
    for _ in 0..hops {
        let around = lattice.around(here);
        let (mut best, mut equals) = (None, 0);
        for step in BESIDE {
            // One read settles it for most.
            let Some(count) = lattice.neighbours_of_kind(around.at(step), kind) else { continue };
            let equal = count == bonds && best.is_some();
            if !(equal || better(count, bonds)) || !may(beside_at(here, step)) {
                continue;
            }
            if !equal {
                (bonds, best, equals) = (count, Some(step), 1);
            } else {
                // Reservoir choice among equals.
                equals += 1;
                if random.random_range(0..equals) == 0 {
                    best = Some(step);
                }
            }
        }
        match best {
            Some(step) => here = lattice.wrap(beside_at(here, step)),
            None => break,
        }
    }
    here
}

/// Steps to the 18 face and edge neighbours, each coordinate one more than the step: a place in [`Around`](crate::lattice).
const BESIDE: [[usize; 3]; 18] = beside();

const fn beside() -> [[usize; 3]; 18] {
    let mut steps = [[0; 3]; 18];
    let (mut found, mut cell) = (0, 0);
    while cell < 27 {
        let place: [usize; 3] = [cell % 3, cell / 3 % 3, cell / 9];
        let length = place[0].abs_diff(1) + place[1].abs_diff(1) + place[2].abs_diff(1);
        if length == 1 || length == 2 {
            steps[found] = place;
            found += 1;
        }
        cell += 1;
    }
    steps
}

/// The site beside `here` at one of the places [`BESIDE`].
fn beside_at(here: Position, [x, y, z]: [usize; 3]) -> Position {
    offset(here, [x as i32 - 1, y as i32 - 1, z as i32 - 1])
}

/// Solid neighbours (of 26) above which a site stays at rest: a site of a flat face has 17, of a straight edge 11.
const BOUND: u32 = 11;

/// At rest, loosely bound surface sites move on: those with fewer neighbours than a straight edge.
pub(super) fn round_off(mut deposit: Deposit) {
    let Clock { step, dt_s, current_density_a_m2, .. } = *deposit.clock;
    // Mean number of hops in the step: below one it is the chance of a hop.
    let hops = deposit.rules.hops_in(dt_s);
    if current_density_a_m2 != 0.0 || hops == 0.0 {
        return;
    }
    let mut random = stream(deposit.rules.seed, Purpose::Rounding, step, 0);
    let exposed: Vec<Position> = Surface::exposed(&deposit.sites.0).collect();
    for position in exposed {
        let lattice = &deposit.sites.0;
        let loose = lattice.kind(position) == SiteKind::Metal && lattice.solid_neighbours(position) < BOUND;
        if loose && random.random::<f64>() < hops {
            deposit.relocate(position, hops.max(1.0) as u32, &mut random);
        }
    }
}

impl Deposit<'_, '_> {
    /// Takes the metal at `position` up and lets it settle beside.
    fn relocate(&mut self, position: Position, hops: u32, random: &mut impl Rng) {
        let entry = self.sites.0.solid(position).and_then(|solid| {
            self.interphase.filament(solid.filament).map(|filament| filament.slice(solid.birth))
        });
        let Some(mut solid) = self.take_away(position, random) else { return };
        if let Some(entry) = entry {
            (solid.birth, solid.film_time_s, solid.filament) = (entry.ordinal, entry.time_s as f32, NONE_U32);
        }
        let site = settle(&self.sites.0, position, hops, random);
        self.sites.0.place(site, SiteKind::Metal, solid);
        self.join(site, solid.film_time_s);
    }
}
