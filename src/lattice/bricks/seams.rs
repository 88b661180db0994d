//! Seams: faces across which two solids touch and no electron passes, because both have a film there.
//!
//! Does: hold a bit for each face between two solids, with the solid on its near side.
//! Does not: say where films part metal.
//! Accuracy: a bit counts while both solids are there. Whatever is placed sets its six faces anew.

use super::{Around, FACES, Lattice, Position, offset};

impl Lattice {
    /// Sets the seams of the solid in the middle of some: closed at these faces, open at all others.
    pub(crate) fn set_seams(&mut self, around: &Around, closed: u8) {
        if closed == 0 && !self.seamed {
            return;
        }
        self.seamed = true;
        for (face, beside) in around.faces().into_iter().enumerate() {
            let near = if face & 1 == 0 { around.centre() } else { beside };
            if let Some(record) = self.record_mut(near) {
                record.set_seam(face / 2, closed >> face & 1 == 1);
            }
        }
    }

    /// True where there are no seams at all.
    #[inline]
    pub(crate) fn seamless(&self) -> bool {
        !self.seamed
    }

    /// A bit for each axis: whether there is a seam on the far side of a site.
    #[inline]
    pub(crate) fn seams_at(&self, index: usize) -> u8 {
        // Above the box there are no records.
        let brick = self.records.get(index >> 9).and_then(|brick| brick.as_deref());
        brick.map_or(0, |brick| brick.0[index & 511].seams())
    }

    /// A bit for each of the [`FACES`] of a site that is a seam; also right after the site was emptied.
    pub(crate) fn closed_faces(&self, around: &Around) -> u8 {
        if !self.seamed {
            return 0;
        }
        let closed = |(face, beside): (usize, usize)| {
            let near = if face & 1 == 0 { around.centre() } else { beside };
            (self.seams_at(near) >> (face / 2) & 1) << face
        };
        around.faces().into_iter().enumerate().map(closed).fold(0, |all, bit| all | bit)
    }

    /// What lies beyond those faces of a site that are no seams.
    pub(crate) fn led_to(&self, position: Position) -> impl Iterator<Item = Position> + '_ {
        let closed = if self.seamed { self.closed_faces(&self.around(position)) } else { 0 };
        let open = move |face: &usize| closed >> face & 1 == 0;
        (0..FACES.len()).filter(open).map(move |face| self.wrap(offset(position, FACES[face])))
    }
}
