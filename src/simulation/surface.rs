//! The exposed solid sites and how likely an ion is reduced on each.
//!
//! Propensity of a site = electrolyte faces × conductance of its film (relative to fresh film of mean conductivity)
//! × nucleation factor of a bare host. Kept in a [`SumTree`] for kinetic Monte Carlo; walkers read
//! the conductance from it for their sticking probability.
//! Accuracy: a new site is right at once; films thicken between refreshes, and a sixteenth of all sites is
//! refreshed each step, so a weight is at most a quarter of a monolayer of charge old.

use super::interphase::Parts;
use super::rules::Rules;
use super::sum_tree::SumTree;
use crate::lattice::{FACES, Lattice, NONE_U16, NONE_U32, Position, SiteKind, Solid, offset};
use bevy_ecs::prelude::*;

/// The lattice, as a resource of the world.
#[derive(Resource)]
pub(super) struct Sites(pub Lattice);

/// Weight of one face with fresh film of mean conductivity.
const UNIT_WEIGHT: f64 = (1u64 << 32) as f64;

/// Share of the slots that one step refreshes.
const REFRESH_SHARE: usize = 16;

struct Slot {
    position: Position,
    patch: u16,
    /// Place in the list of its patch; [`NONE_U32`] for filament sites and sites of no patch.
    member: u32,
    /// Electrolyte faces; 0 marks a free slot.
    faces: u32,
}

/// All exposed solid sites.
#[derive(Resource)]
pub(super) struct Surface {
    slots: Vec<Slot>,
    free: Vec<u32>,
    tree: SumTree,
    /// Electrolyte faces of all exposed sites.
    faces: u64,
    /// Slots of each patch that belong to no filament.
    members: Vec<Vec<u32>>,
}

/// Film and conductance of the sites, read from patches and filaments.
pub(super) struct Films<'a, P> {
    pub rules: &'a Rules,
    pub parts: &'a P,
    pub now_s: f64,
}

impl<P: Parts> Films<'_, P> {
    /// Time at which the film of a site began to form, s.
    pub fn formed_s(&self, solid: &Solid) -> f64 {
        self.parts
            .filament(solid.filament)
            .map_or(f64::from(solid.film_time_s), |filament| filament.slice(solid.birth).time_s)
    }

    /// Film thickness of a site, m.
    pub fn thickness_m(&self, solid: &Solid) -> f64 {
        self.rules.film.thickness_m((self.now_s - self.formed_s(solid)).max(0.0))
    }

    /// Propensity per face, in [`UNIT_WEIGHT`]s.
    fn propensity(&self, kind: SiteKind, solid: &Solid) -> f64 {
        let rules = self.rules;
        let conductivity =
            self.parts.patch(solid.patch).map_or(rules.conductivity_s_m, |patch| patch.conductivity_s_m);
        let fresh = rules.conductance(rules.film.thickness_m(0.0), rules.conductivity_s_m);
        let nucleation = match kind {
            SiteKind::Host => rules.nucleation_host,
            SiteKind::Seed => rules.nucleation_seed,
            _ => 1.0,
        };
        nucleation * rules.conductance(self.thickness_m(solid), conductivity) / fresh
    }
}

impl Surface {
    pub fn new(patches: usize) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            tree: SumTree::new(),
            faces: 0,
            members: vec![Vec::new(); patches],
        }
    }

    /// Number of exposed sites.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// An exposed site drawn in proportion to its propensity.
    pub fn draw(&self, random: &mut impl rand::Rng) -> Option<Position> {
        self.tree.draw(random).map(|slot| self.slots[slot].position)
    }

    /// Conductance of an exposed site over the mean of the surface (both per face).
    pub fn relative_conductance(&self, lattice: &Lattice, position: Position) -> f64 {
        let Some(solid) = lattice.solid(position) else { return 1.0 };
        let faces = lattice.exposed_faces(position).max(1);
        let own = self.tree.get(solid.slot as usize) as f64 / f64::from(faces);
        let mean = self.tree.total() as f64 / self.faces.max(1) as f64;
        if own > 0.0 && mean > 0.0 { own / mean } else { 1.0 }
    }

    /// Exposed sites of a patch that belong to no filament.
    pub fn members(&self, patch: u16) -> impl ExactSizeIterator<Item = Position> + '_ {
        let list: &[u32] = self.members.get(patch as usize).map_or(&[], Vec::as_slice);
        list.iter().map(|slot| self.slots[*slot as usize].position)
    }

    /// One of the [`members`](Self::members) of a patch.
    pub fn member(&self, patch: u16, index: usize) -> Position {
        self.slots[self.members[patch as usize][index] as usize].position
    }

    /// Brings the lists up to date after the solid at `position` was placed.
    pub fn placed(&mut self, lattice: &mut Lattice, position: Position, films: &Films<impl Parts>) {
        // The new solid covered one face of each solid neighbour.
        self.update(lattice, position, films);
        for face in FACES {
            let neighbour = lattice.wrap(offset(position, face));
            if lattice.is_solid(neighbour) {
                self.update(lattice, neighbour, films);
            }
        }
    }

    /// Brings the lists up to date after the solid `was` at `position` was removed.
    pub fn removed(
        &mut self,
        lattice: &mut Lattice,
        position: Position,
        was: &Solid,
        films: &Films<impl Parts>,
    ) {
        self.hide(was.slot);
        for face in FACES {
            let neighbour = lattice.wrap(offset(position, face));
            if lattice.is_solid(neighbour) {
                self.update(lattice, neighbour, films);
            }
        }
    }

    /// Recomputes the weight of a solid site, putting it on the list or taking it off as needed.
    pub fn update(&mut self, lattice: &mut Lattice, position: Position, films: &Films<impl Parts>) {
        let faces = lattice.exposed_faces(position);
        let Some(solid) = lattice.solid(position).copied() else { return };
        if faces == 0 {
            self.hide(solid.slot);
            if let Some(solid) = lattice.solid_mut(position) {
                solid.slot = NONE_U32;
            }
            return;
        }
        let slot = if solid.slot == NONE_U32 { self.show(lattice, position, &solid) } else { solid.slot };
        let weight = f64::from(faces) * films.propensity(lattice.kind(position), &solid) * UNIT_WEIGHT;
        // At least 1, so that no exposed site is out of reach for good.
        self.set(slot, faces, (weight as u64).max(1));
    }

    fn show(&mut self, lattice: &mut Lattice, position: Position, solid: &Solid) -> u32 {
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        let mut member = NONE_U32;
        if solid.patch != NONE_U16 && solid.filament == NONE_U32 {
            let list = &mut self.members[solid.patch as usize];
            member = list.len() as u32;
            list.push(slot);
        }
        let entry = Slot { position, patch: solid.patch, member, faces: 0 };
        if slot as usize == self.slots.len() {
            self.slots.push(entry)
        } else {
            self.slots[slot as usize] = entry
        }
        if let Some(solid) = lattice.solid_mut(position) {
            solid.slot = slot;
        }
        slot
    }

    fn hide(&mut self, slot: u32) {
        if slot == NONE_U32 {
            return;
        }
        self.set(slot, 0, 0);
        let Slot { patch, member, .. } = self.slots[slot as usize];
        if member != NONE_U32 {
            let list = &mut self.members[patch as usize];
            list.swap_remove(member as usize);
            if let Some(moved) = list.get(member as usize) {
                self.slots[*moved as usize].member = member;
            }
        }
        self.free.push(slot);
    }

    fn set(&mut self, slot: u32, faces: u32, weight: u64) {
        let entry = &mut self.slots[slot as usize];
        self.faces = self.faces - u64::from(entry.faces) + u64::from(faces);
        entry.faces = faces;
        self.tree.set(slot as usize, weight);
    }

    /// Recomputes the weights of this step's share of the sites.
    pub fn refresh(&mut self, lattice: &mut Lattice, films: &Films<impl Parts>, step: u64) {
        for slot in ((step % REFRESH_SHARE as u64) as usize..self.slots.len()).step_by(REFRESH_SHARE) {
            if self.slots[slot].faces > 0 {
                self.update(lattice, self.slots[slot].position, films);
            }
        }
    }

    /// Positions of all exposed sites, in order of their slots.
    pub fn exposed(&self) -> impl Iterator<Item = Position> + '_ {
        self.slots.iter().filter(|slot| slot.faces > 0).map(|slot| slot.position)
    }
}
