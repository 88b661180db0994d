//! Beside the surface: two steps, and any number of refusals, in one draw.
//!
//! A *star* is a site and those of its six neighbours that are free. A walk in its centre either runs into one of the s solid
//! neighbours, or goes out to one of the 6 − s points; from there it comes back with chance 1/6, and then all begins anew, or tries
//! one of the five other directions, of which it need not be known yet whether they are free. Summed over all returns, and
//! over the run-ins that are refused outright (a share 1 − `most`), the next thing that matters is
//!
//! - a run-in that counts, with chance ∝ s·`most`, or
//! - a try to leave by any of the 5 (6 − s) ways, with chance ∝ (6 − s)·5/6,
//!
//! each way as likely as the others. The sum of a geometric series, exact.

use super::packed::Packed;
use crate::lattice::FACES;
use rand::{Rng, RngExt};

/// The six steps, packed.
const STEPS: [Packed; 6] = {
    let mut steps = [Packed::new([0; 3]); 6];
    let mut face = 0;
    while face < 6 {
        steps[face] = Packed::new(FACES[face]);
        face += 1;
    }
    steps
};

/// For every set of faces those in it, in order, and then those that are not.
static MEMBERS: [[u8; 6]; 64] = {
    let mut members = [[0; 6]; 64];
    let mut set = 0usize;
    while set < 64 {
        let (mut face, mut inside, mut outside) = (0, 0, set.count_ones() as usize);
        while face < 6 {
            if set >> face & 1 == 1 {
                members[set][inside] = face;
                inside += 1;
            } else {
                members[set][outside] = face;
                outside += 1;
            }
            face += 1;
        }
        set += 1;
    }
    members
};

/// What happens in a star.
pub(super) enum Outcome {
    /// A run-in from the centre, by this step.
    RunIn(Packed),
    /// A step out to a free point, and a try of a second one.
    Out(Packed, Packed),
}

/// Draws the next thing that matters to a walk in the centre of a star, `solid` being its solid faces.
#[inline]
pub(super) fn leave(solid: u8, most: f64, random: &mut impl Rng) -> Outcome {
    let members = &MEMBERS[usize::from(solid & 63)];
    let solids = (solid & 63).count_ones();
    let run_ins = f64::from(solids) * most;
    let rest = random.random::<f64>() * (run_ins + f64::from(6 - solids) * (5.0 / 6.0));
    if rest < run_ins {
        let chosen = ((rest / most) as usize).min(solids as usize - 1);
        return Outcome::RunIn(STEPS[usize::from(members[chosen])]);
    }
    let ways = 5 * (6 - solids as usize);
    // Closed in on all sides there is no way; the last run-in is then what rounding leaves.
    let Some(last) = ways.checked_sub(1) else { return Outcome::RunIn(STEPS[usize::from(members[5])]) };
    let way = (((rest - run_ins) * 6.0) as usize).min(last);
    let out = usize::from(members[solids as usize + way / 5]);
    let back = out ^ 1;
    let next = way % 5;
    let next = if next < back { next } else { next + 1 };
    Outcome::Out(STEPS[out], STEPS[next])
}
