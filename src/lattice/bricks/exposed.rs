//! The list of exposed solid sites: what only they have, half a cache line each.
//!
//! Does: hand out slots and take them back.
//! Does not: know which sites are exposed, or use the fields kept here for the lists of others.

use super::{FACES, GrowthMode, NONE_U16, NONE_U32, Position, Solid, offset};
use crate::lattice::position::set_bit;
use rand::{Rng, RngExt};
use std::ops::{Index, IndexMut};

/// A solid site that borders on electrolyte: never on two cache lines.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(crate) struct Exposed {
    position: [u16; 3],
    pub patch: u16,
    /// Time at which its film began to form, s.
    pub film_time_s: f32,
    pub filament: u32,
    /// Birth and mode.
    born: u32,
    /// For the lists of exposed sites: place in two of them, class, electrolyte faces, a flag.
    pub place: u32,
    pub member: u32,
    pub class: u16,
    /// A bit for each of the [`FACES`] with electrolyte before it; none marks a free slot, or one that is on
    /// no list yet.
    pub open: u8,
    pub steady: bool,
}

impl Exposed {
    #[inline]
    pub fn position(&self) -> Position {
        let [x, y, z] = self.position;
        [i32::from(x), i32::from(y), i32::from(z)]
    }

    /// Number of electrolyte faces.
    #[inline]
    pub fn faces(&self) -> u8 {
        self.open.count_ones() as u8
    }

    /// The electrolyte before one of its faces, at random; `None` without any. Not wrapped.
    #[inline]
    pub fn open_neighbour(&self, random: &mut impl Rng) -> Option<Position> {
        let faces = self.open.count_ones();
        if faces == 0 {
            return None;
        }
        let face = set_bit(self.open.into(), random.random_range(0..faces));
        Some(offset(self.position(), FACES[face]))
    }

    /// Its details.
    pub fn solid(&self, slot: u32) -> Solid {
        Solid {
            birth: self.birth(),
            film_time_s: self.film_time_s,
            filament: self.filament,
            slot,
            patch: self.patch,
            mode: GrowthMode::from_code((self.born >> 30) as u8),
        }
    }

    /// Ordinal of the plated site, or slice of its filament.
    #[inline]
    pub fn birth(&self) -> u32 {
        self.born & ((1 << 30) - 1)
    }

    pub(super) fn set(&mut self, solid: &Solid) {
        (self.film_time_s, self.filament, self.patch) = (solid.film_time_s, solid.filament, solid.patch);
        self.born = solid.born();
    }
}

/// All exposed sites by slot.
#[derive(Default)]
pub(crate) struct ExposedSites {
    entries: Vec<Exposed>,
    free: Vec<u32>,
}

impl ExposedSites {
    /// Number of exposed sites.
    pub fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    /// Slots in use and free: all are below this.
    pub fn slots(&self) -> u32 {
        self.entries.len() as u32
    }

    pub(super) fn add(&mut self, position: Position, solid: &Solid) -> u32 {
        let mut entry = Exposed {
            position: position.map(|c| c as u16),
            patch: NONE_U16,
            film_time_s: 0.0,
            filament: NONE_U32,
            born: 0,
            place: NONE_U32,
            member: NONE_U32,
            class: 0,
            open: 0,
            steady: false,
        };
        entry.set(solid);
        if let Some(slot) = self.free.pop() {
            self.entries[slot as usize] = entry;
            return slot;
        }
        self.entries.push(entry);
        self.entries.len() as u32 - 1
    }

    pub(super) fn remove(&mut self, slot: u32) {
        self.entries[slot as usize].open = 0;
        self.free.push(slot);
    }
}

impl Index<u32> for ExposedSites {
    type Output = Exposed;

    #[inline]
    fn index(&self, slot: u32) -> &Exposed {
        &self.entries[slot as usize]
    }
}

impl IndexMut<u32> for ExposedSites {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut Exposed {
        &mut self.entries[slot as usize]
    }
}
