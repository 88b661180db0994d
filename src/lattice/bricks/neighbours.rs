//! What stands around a site: which faces are open, what touches it, how well it is bound.
//!
//! Does: answer from the bytes of the lattice alone, and keep the number of solid neighbours in them.
//! Questions about one site share the indices [around](Around) it, and answers come as masks with a bit for
//! each face. A branch on what stands there cannot be predicted and would cost more than all six reads.
//! Does not: know films or lists.
//! Accuracy: exact.

#[cfg(doc)]
use super::BESIDE;
use super::{Around, COUNT, FACES, KIND_SHIFT, Lattice, Position, SiteKind};

/// What touches a site: a bit for each of the [`FACES`].
#[derive(Clone, Copy)]
pub(crate) struct Touching {
    pub solid: u8,
    pub conducts: u8,
    pub dead: u8,
}

/// An electrolyte site that is about to be filled: what is needed of its surroundings more than once.
pub(crate) struct Gap {
    pub around: Around,
    pub touching: Touching,
    /// Slots of the exposed solids before each of the [`FACES`].
    pub slots: [Option<u32>; FACES.len()],
}

impl Touching {
    /// A bit for each of the faces that ions can reach at this height: not from below the collector.
    #[inline]
    pub fn open(self, z: i32) -> u8 {
        const ALL: u8 = (1 << FACES.len()) - 1;
        const BELOW: u8 = 1 << 5;
        !self.solid & if z > 0 { ALL } else { ALL & !BELOW }
    }
}

/// The bits of [`Touching`], one byte after the other, for the first face, by code of what is there.
const TOUCHING: [u32; 8] = {
    let mut bits = [0; 8];
    let mut code = 0;
    while code < SiteKind::ALL.len() {
        let kind = SiteKind::ALL[code];
        bits[code] = kind.is_solid() as u32 | (kind.conducts() as u32) << 8;
        code += 1;
    }
    bits[SiteKind::DeadMetal as usize] |= 1 << 16;
    bits
};

impl Lattice {
    /// What touches the site in the middle of some.
    #[inline]
    pub(crate) fn touching(&self, around: &Around) -> Touching {
        let bytes = self.bytes.all();
        let faces = around.faces().into_iter().enumerate();
        let all = faces
            .fold(0, |all, (face, index)| all | TOUCHING[usize::from(bytes[index] >> KIND_SHIFT)] << face);
        Touching { solid: all as u8, conducts: (all >> 8) as u8, dead: (all >> 16) as u8 }
    }

    /// Slots of what touches the site in the middle of some, by face. All at once: these reads need not wait
    /// for each other.
    #[inline]
    pub(crate) fn slots(&self, around: &Around) -> [Option<u32>; FACES.len()] {
        around.faces().map(|index| self.slot_at(index))
    }

    /// The electrolyte site in the middle of some.
    #[inline]
    pub(crate) fn gap(&self, around: Around) -> Gap {
        Gap { touching: self.touching(&around), slots: self.slots(&around), around }
    }

    /// Solid neighbours and the code of the kind, of the site in the middle and of those [`BESIDE`] it.
    #[inline]
    pub(crate) fn bonds_beside(&self, around: &Around) -> ((u8, u8), [(u8, u8); 18]) {
        let bytes = self.bytes.all();
        let at = |index: usize| {
            let byte = bytes[index];
            (byte & COUNT, byte >> KIND_SHIFT)
        };
        (at(around.centre()), around.beside().map(at))
    }

    /// Number of electrolyte faces of the site at `position`. A face above the box counts, one below does
    /// not.
    pub fn exposed_faces(&self, position: Position) -> u32 {
        self.open_faces(position).count_ones()
    }

    /// A bit for each of the [`FACES`] of the site at `position` (inside the box) that has electrolyte which
    /// ions can reach before it.
    #[inline]
    pub(crate) fn open_faces(&self, position: Position) -> u8 {
        self.open_faces_amid(&self.around(position), position[2])
    }

    /// The same for the site in the middle of some, at this height.
    #[inline]
    pub(crate) fn open_faces_amid(&self, around: &Around, z: i32) -> u8 {
        self.touching(around).open(z)
    }

    /// True for electrolyte that ions can reach: not below the collector.
    #[inline]
    pub fn is_open(&self, position: Position) -> bool {
        position[2] >= 0 && !self.is_solid(position)
    }

    /// What stands on a wrapped site inside the box, and the number of solid sites among its 26 neighbours.
    #[inline]
    pub(crate) fn bound(&self, position: Position) -> (SiteKind, u32) {
        let byte = self.bytes[self.index(position)];
        (SiteKind::from_code(byte >> KIND_SHIFT), u32::from(byte & COUNT))
    }

    /// Tells the 26 neighbours of a site that there is one solid more or less.
    pub(super) fn tell_neighbours(&mut self, around: &Around, position: Position, difference: i8) {
        let [below, here, above] = around.z;
        let top = self.sites[2] - 1;
        // What lies outside the box has no neighbours. Nearly all have something below and above.
        match position[2] as usize {
            0 => self.tell(around, [here, above], difference),
            z if z == top => self.tell(around, [below, here], difference),
            _ => self.tell(around, [below, here, above], difference),
        }
        // A site is no neighbour of its own.
        let byte = &mut self.bytes[around.centre()];
        *byte = byte.wrapping_add_signed(-difference);
    }

    fn tell<const LAYERS: usize>(&mut self, around: &Around, layers: [usize; LAYERS], difference: i8) {
        let bytes = self.bytes.all_mut();
        for z in layers {
            for y in around.y {
                for x in around.x {
                    let byte = &mut bytes[x + y + z];
                    *byte = byte.wrapping_add_signed(difference);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{GrowthMode, NONE_U16, Solid};

    #[test]
    fn faces_wrap_sideways_and_stay_closed_below() {
        let mut lattice = Lattice::new([8, 8, 8]);
        let solid = Solid::new(0, 0.0, NONE_U16, GrowthMode::None);
        lattice.place([0, 0, 0], SiteKind::Host, solid);
        assert_eq!(lattice.exposed_faces([0, 0, 0]), 5);
        lattice.place([7, 0, 0], SiteKind::Host, solid);
        assert_eq!(lattice.exposed_faces([0, 0, 0]), 4);
        assert_eq!(lattice.bound(lattice.wrap([8, 1, 1])), (SiteKind::Electrolyte, 2));
    }
}
