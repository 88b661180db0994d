//! Details of one solid site, and how they are kept in eight bytes.
//!
//! A site that is buried needs no film, one that is exposed has an entry in the [list](super::exposed) that
//! holds all else. A filament knows its patch. So two words are enough: birth and mode or the slot, and the
//! filament or the patch, with three [seams](super::seams).

use super::{BRICK_SITES, GrowthMode, NONE_U16, NONE_U32};

/// What is known of one solid site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solid {
    /// Ordinal of the plated site (0 is the first one), less than 2³⁰; for a filament the slice counted from
    /// its root.
    pub birth: u32,
    /// Time at which its film began to form, s; 0 for a site that is not exposed, not used for filament
    /// sites.
    pub film_time_s: f32,
    /// Number of the filament it belongs to, or [`NONE_U32`].
    pub filament: u32,
    /// Place in the list of exposed sites, or [`NONE_U32`].
    pub slot: u32,
    /// Number of its SEI patch, or [`NONE_U16`]; for a filament site that is not exposed [`NONE_U16`] too:
    /// the filament knows.
    pub patch: u16,
    /// How it grew.
    pub mode: GrowthMode,
}

impl Solid {
    /// A site that is part of no filament and on no list.
    pub fn new(birth: u32, film_time_s: f32, patch: u16, mode: GrowthMode) -> Self {
        Self { birth, film_time_s, filament: NONE_U32, slot: NONE_U32, patch, mode }
    }

    /// Birth and mode in one word.
    pub(super) fn born(&self) -> u32 {
        self.birth.min(MOST) | ((self.mode as u32) << 30)
    }
}

/// Largest number that fits beside two bits.
const MOST: u32 = (1 << 30) - 1;

/// What the lattice keeps of a solid site: its birth and mode, or, while it is exposed, its slot; and whose
/// it is.
#[derive(Clone, Copy)]
pub(super) struct Record {
    word: u32,
    /// Number of the filament or of the patch, [`NOBODY`] for none, with [`EXPOSED`], [`OF_FILAMENT`] and
    /// [`SEAMS`].
    owner: u32,
}

/// Records of the sites of a brick; eight in a row are a cache line.
#[derive(Clone)]
#[repr(align(64))]
pub(super) struct Records(pub [Record; BRICK_SITES]);

impl Records {
    pub const EMPTY: Self = Self([Record::EMPTY; BRICK_SITES]);
}

const EXPOSED: u32 = 1 << 31;
const OF_FILAMENT: u32 = 1 << 30;
/// A bit for each axis: whether film parts the site from the next one along it.
const SEAMS: u32 = 0b111 << SEAMS_SHIFT;
const SEAMS_SHIFT: u32 = 27;
const NOBODY: u32 = (1 << SEAMS_SHIFT) - 1;

impl Record {
    pub const EMPTY: Self = Self { word: 0, owner: NOBODY };

    pub fn new(solid: &Solid) -> Self {
        let owner = match (solid.filament, solid.patch) {
            (NONE_U32, NONE_U16) => NOBODY,
            (NONE_U32, patch) => u32::from(patch),
            (filament, _) => filament.min(NOBODY) | OF_FILAMENT,
        };
        Self { word: solid.born(), owner }
    }

    /// The same site with other details, on no list.
    pub fn renew(&mut self, solid: &Solid) {
        let Self { word, owner } = Self::new(solid);
        (self.word, self.owner) = (word, owner | self.owner & SEAMS);
    }

    /// The seams, a bit for each axis.
    #[inline]
    pub fn seams(self) -> u8 {
        ((self.owner & SEAMS) >> SEAMS_SHIFT) as u8
    }

    /// Closes or opens the seam along an axis.
    pub fn set_seam(&mut self, axis: usize, closed: bool) {
        let bit = 1 << (SEAMS_SHIFT + axis as u32);
        self.owner = if closed { self.owner | bit } else { self.owner & !bit };
    }

    /// Its place in the list of exposed sites, if it is on it.
    #[inline]
    pub fn slot(self) -> Option<u32> {
        (self.owner & EXPOSED != 0).then_some(self.word)
    }

    /// Notes the place in the list of exposed sites: from now on birth and mode are there.
    pub fn expose(&mut self, slot: u32) {
        (self.word, self.owner) = (slot, self.owner | EXPOSED);
    }

    /// The details of a site that is not exposed.
    pub fn buried(self) -> Solid {
        let (number, of_filament) = (self.owner & NOBODY, self.owner & OF_FILAMENT != 0);
        let mode = GrowthMode::from_code((self.word >> 30) as u8);
        let patch = if of_filament || number == NOBODY { NONE_U16 } else { number as u16 };
        let filament = if of_filament { number } else { NONE_U32 };
        Solid { filament, ..Solid::new(self.word & MOST, 0.0, patch, mode) }
    }
}
