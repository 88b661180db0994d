//! One ion on its way, a jump at a time.
//!
//! Near the surface a walk that is mostly refused goes on by [`steps`], everywhere else by jumps. All that a
//! jump needs is gathered here once per batch. A jump is a chain of draw, addition and reads in which hardly
//! any branch depends on what was drawn. A processor can then work on the next jump of other ions while this
//! one waits for its reads.

use super::far::{RETURN_MARGIN, SPHERE_MARGIN, return_to_sphere};
use super::packed::Packed;
use super::refusals::Refusals;
use super::steps::{self, End, Pages, Place};
use super::{Far, Ground, JumpTables, Landing, Walks};
use crate::lattice::Position;
use rand::Rng;

/// What does not change while ions walk.
pub(super) struct Course<'a> {
    ground: Ground<'a>,
    tables: &'a JumpTables,
    far: Far,
    sites: [i32; 3],
    /// Square of the distance from which walkers return to the sphere.
    return_square: i32,
    /// Run-ins that are refused outright.
    refusals: Refusals,
    /// Where to step instead of jump.
    pages: Pages<'a>,
}

/// An ion on its way. A jump has two halves, [`Course::depart`] and [`Course::look`].
pub(super) struct Walker {
    at: Packed,
    /// The step that took it there.
    last: Packed,
    /// Radius of the free cube that it found there.
    room: i32,
    /// Run-ins from here to the next that counts, at least 1.
    run_ins: u64,
}

impl<'a> Course<'a> {
    pub fn new(walks: &Walks<'a>, most: f64) -> Self {
        let return_square = match walks.far {
            Far::Around { radius, .. } => (radius + SPHERE_MARGIN + RETURN_MARGIN).powi(2) as i32,
            _ => i32::MAX,
        };
        let refusals = Refusals::new(most);
        let stepping = match walks.far {
            // The last jump off the surface must not pass through.
            Far::Sink { height } => height - steps::REACH,
            _ => i32::MAX,
        };
        Self {
            ground: walks.ground,
            tables: walks.tables,
            far: walks.far,
            sites: walks.ground.sites.map(|n| n as i32),
            return_square,
            refusals,
            pages: Pages::new(walks.ground.clearance, stepping),
        }
    }

    /// An ion that sets out from a free site; `None` when a sink takes it.
    pub fn start(&self, start: Position, random: &mut impl Rng) -> Option<Walker> {
        let at = self.arrive(Packed::new(start), random)?;
        Some(Walker {
            at,
            last: Packed::new([0; 3]),
            room: self.room(at),
            run_ins: self.refusals.next(random),
        })
    }

    /// First half of a jump: where it goes. `Some` when the walk is over: with its landing, or without when a
    /// sink took it.
    #[inline(always)]
    pub fn depart<R: Rng>(
        &self,
        ion: &mut Walker,
        random: &mut R,
        sticks: &mut impl FnMut(Position, &mut R) -> bool,
    ) -> Option<Option<Landing>> {
        if ion.room == 0 {
            // It ran into a solid, from the site before.
            ion.run_ins -= 1;
            return self.run_in(ion, self.fold(ion.at - ion.last), ion.at, random, sticks);
        }
        if ion.room <= steps::REACH
            && self.refusals.any()
            && let Some(place) = self.pages.place(ion.at.position())
        {
            return self.step(ion, place, random, sticks);
        }
        self.jump(ion, ion.room, random)
    }

    /// By steps near the surface, and the jump that takes it off.
    #[inline(always)]
    fn step<R: Rng>(
        &self,
        ion: &mut Walker,
        start: Place,
        random: &mut R,
        sticks: &mut impl FnMut(Position, &mut R) -> bool,
    ) -> Option<Option<Landing>> {
        match self.pages.walk(start, &mut ion.run_ins, random) {
            End::RunIn(at, step) => {
                let at = Packed::new(at);
                self.run_in(ion, at, at + step, random, sticks)
            }
            End::Off(at) => {
                ion.at = Packed::new(at);
                self.jump(ion, steps::REACH + 1, random)
            }
            End::Beyond(at, step) => self.go_to(ion, Packed::new(at), step, random),
        }
    }

    /// Out of a free cube.
    #[inline(always)]
    fn jump(&self, ion: &mut Walker, radius: i32, random: &mut impl Rng) -> Option<Option<Landing>> {
        let (jump, last) = self.tables.leave_packed(radius, random);
        self.go_to(ion, ion.at + jump, last, random)
    }

    /// To where it came by a last step.
    #[inline(always)]
    fn go_to(
        &self,
        ion: &mut Walker,
        at: Packed,
        last: Packed,
        random: &mut impl Rng,
    ) -> Option<Option<Landing>> {
        let Some(at) = self.arrive(at, random) else { return Some(None) };
        (ion.at, ion.last) = (at, last);
        None
    }

    /// A run-in from a site: the end of the walk if it counts and sticks.
    #[inline(always)]
    fn run_in<R: Rng>(
        &self,
        ion: &mut Walker,
        from: Packed,
        onto: Packed,
        random: &mut R,
        sticks: &mut impl FnMut(Position, &mut R) -> bool,
    ) -> Option<Option<Landing>> {
        ion.at = from;
        if ion.run_ins == 0 {
            let onto = self.ground.wrap(onto.position());
            if sticks(onto, random) {
                return Some(Some(Landing { site: self.ground.wrap(from.position()), onto }));
            }
            ion.run_ins = self.refusals.next(random);
        }
        None
    }

    /// Second half: what is there.
    #[inline(always)]
    pub fn look(&self, ion: &mut Walker) {
        ion.room = self.room(ion.at);
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

    /// Brings a position sideways into the box. Around a cluster positions stay as they are. The distance
    /// from its centre must be the true one, and the cluster ends before the box does.
    #[inline]
    fn fold(&self, at: Packed) -> Packed {
        let [x, y, z] = at.position();
        let inside = (x as u32) < self.sites[0] as u32 && (y as u32) < self.sites[1] as u32;
        if inside || matches!(self.far, Far::Around { .. }) {
            return at;
        }
        Packed::new(self.ground.wrap([x, y, z]))
    }

    /// Radius of the free cube around a folded position.
    #[inline(always)]
    fn room(&self, at: Packed) -> i32 {
        let position = at.position();
        let inside = (0..3).all(|k| (position[k] as u32) < self.sites[k] as u32);
        let radius = if inside { self.ground.clearance.radius(position) } else { 1 };
        match self.far {
            // One more jump may end at the sink, but none may pass through.
            Far::Sink { height } => radius.min(height - position[2]),
            _ => radius,
        }
    }
}
