//! One ion on its way, a jump at a time.
//!
//! All that a jump needs is gathered here once per batch. A jump is a chain of draw, addition and reads in which hardly any branch depends on
//! what was drawn, so that a processor works ahead: on the next jump of other ions while this one waits for its reads.

use super::far::{RETURN_MARGIN, SPHERE_MARGIN, return_to_sphere};
use super::packed::Packed;
use super::star::{self, Outcome};
use super::{Far, Ground, JumpTables, Landing, Walks};
use crate::lattice::Position;
use crate::lattice::clearance::Room;
use rand::{Rng, RngExt};

/// What does not change while ions walk.
pub(super) struct Course<'a> {
    ground: Ground<'a>,
    tables: &'a JumpTables,
    far: Far,
    sites: [i32; 3],
    /// Square of the distance from which walkers return to the sphere.
    return_square: i32,
    /// Share of the run-ins that is not refused outright.
    most: f64,
    reluctant: bool,
}

/// An ion on its way. A jump has two halves, [`Course::depart`] and [`Course::look`].
pub(super) struct Ion {
    at: Packed,
    /// The step that took it there.
    last: Packed,
    /// What it found there.
    room: Room,
}

impl<'a> Course<'a> {
    pub fn new(walks: &Walks<'a>, most: f64) -> Self {
        let return_square = match walks.far {
            Far::Around { radius, .. } => (radius + SPHERE_MARGIN + RETURN_MARGIN).powi(2) as i32,
            _ => i32::MAX,
        };
        Self {
            ground: walks.ground,
            tables: walks.tables,
            far: walks.far,
            sites: walks.ground.sites.map(|n| n as i32),
            return_square,
            most,
            reluctant: most < 1.0,
        }
    }

    /// An ion that sets out from a free site; `None` when a sink takes it.
    pub fn start(&self, start: Position, random: &mut impl Rng) -> Option<Ion> {
        let at = self.arrive(Packed::new(start), random)?;
        Some(Ion { at, last: Packed::new([0; 3]), room: self.room(at) })
    }

    /// First half of a jump: where it goes. `Some` when the walk is over: with its landing, or without when a sink took it.
    #[inline(always)]
    pub fn depart<R: Rng>(
        &self,
        ion: &mut Ion,
        random: &mut R,
        sticks: &mut impl FnMut(Position, &mut R) -> bool,
    ) -> Option<Option<Landing>> {
        if ion.room.radius == 0 {
            // It ran into a solid, from the site before.
            let before = self.fold(ion.at - ion.last);
            let onto = self.ground.wrap(ion.at.position());
            if (!self.reluctant || random.random::<f64>() < self.most) && sticks(onto, random) {
                return Some(Some(self.landing(before, onto)));
            }
            ion.at = before;
            return None;
        }
        let next = if self.reluctant && ion.room.radius == 1 && ion.room.faces < Room::UNKNOWN {
            match star::leave(ion.room.faces, self.most, random) {
                Outcome::RunIn(step) => {
                    let onto = self.ground.wrap((ion.at + step).position());
                    return sticks(onto, random).then(|| Some(self.landing(ion.at, onto)));
                }
                Outcome::Out(out, next) => {
                    ion.last = next;
                    ion.at + out + next
                }
            }
        } else {
            let (jump, last) = self.tables.leave_packed(ion.room.radius, random);
            ion.last = last;
            ion.at + jump
        };
        let Some(next) = self.arrive(next, random) else { return Some(None) };
        ion.at = next;
        None
    }

    /// Second half: what is there.
    #[inline(always)]
    pub fn look(&self, ion: &mut Ion) {
        ion.room = self.room(ion.at);
    }

    fn landing(&self, at: Packed, onto: Position) -> Landing {
        Landing { site: self.ground.wrap(at.position()), onto }
    }

    /// Takes an ion back from far away; `None` when a sink takes it.
    #[inline(always)]
    fn arrive(&self, at: Packed, random: &mut impl Rng) -> Option<Packed> {
        match self.far {
            Far::Around { centre, radius } => {
                let position = at.position();
                let from: Position = std::array::from_fn(|k| position[k] - centre[k]);
                if from.iter().map(|c| c * c).sum::<i32>() < self.return_square {
                    return Some(at);
                }
                let back = return_to_sphere(from.map(f64::from), radius + SPHERE_MARGIN, random);
                Some(Packed::new(centre) + Packed::new(back))
            }
            Far::Above => {
                let mut at = self.fold(at);
                while let Some(fall) = self.tables.fall(at.position()[2] - self.ground.top - 1, random) {
                    at = self.fold(at + Packed::new(fall));
                }
                Some(at)
            }
            Far::Sink { height } => Some(self.fold(at)).filter(|at| at.position()[2] < height),
        }
    }

    /// Brings a position sideways into the box. Around a cluster positions stay as they are: the distance from its centre must
    /// be the true one, and the cluster ends before the box does.
    #[inline]
    fn fold(&self, at: Packed) -> Packed {
        let [x, y, z] = at.position();
        let inside = (x as u32) < self.sites[0] as u32 && (y as u32) < self.sites[1] as u32;
        if inside || matches!(self.far, Far::Around { .. }) {
            return at;
        }
        Packed::new(self.ground.wrap([x, y, z]))
    }

    /// Room around a folded position.
    #[inline(always)]
    fn room(&self, at: Packed) -> Room {
        let position = at.position();
        let inside = (0..3).all(|k| (position[k] as u32) < self.sites[k] as u32);
        let mut room = if inside { self.ground.clearance.room(position) } else { Room::FREE };
        if let Far::Sink { height } = self.far
            && height - position[2] <= room.radius
        {
            // One more jump may end at the sink, but none may pass through.
            room = Room { radius: height - position[2], ..Room::FREE };
        }
        room
    }
}
