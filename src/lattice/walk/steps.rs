//! Near the surface: single steps on one page of memory, the cheapest way for walks that are mostly refused.
//!
//! Within two sites of the surface a jump takes a walker no farther than some five steps do, at ten times the
//! cost. A jump takes a position apart, reads three layers of distances, and branches on what it found. Here
//! it stays on a block of 16³ sites, whose nearness is one page, and a step is an addition and one read. So
//! it goes on, from block to block, until a run-in counts or the surface is three sites away.
//!
//! - In the order of a page the bits of a coordinate lie apart. An addition fills the gaps with ones, for
//!   carries to run through (Schrack, CVGIP: Image Understanding 55, 221 (1992)). One more bit a coordinate,
//!   above all others, is set by a step that leaves the block: the check of the array's bounds finds it.
//! - What a step meets decides between two sites and nothing else, so it need not be guessed: the processor
//!   picks one of two numbers. Both possible next steps are added up while the read is under way.
//! - Refused run-ins are counted down ([`Refusals`](super::refusals::Refusals)) and draw nothing.
//!
//! Exact up to the 2⁻³² to which the last step of a random word is drawn.

use super::packed::Packed;
use crate::lattice::clearance::{BLOCK, BLOCK_SITES, SOLID, distance_of};
use crate::lattice::{Clearance, FACES, Position, offset};
use rand::{Rng, RngExt};
use std::hint::select_unpredictable;

/// Walkers are taken over up to this distance from the next solid.
pub(super) const REACH: i32 = 2;
/// Steps drawn from one random word: 6¹² ≈ 2³¹ leaves 33 bits to the last.
const STEPS_A_WORD: usize = 12;

/// Bits of x, y and z in the order of a page, and one more each.
const FIELDS: [u32; 3] = [0b001_0000_1100_0011, 0b010_0011_0000_1100, 0b100_1100_0011_0000];

/// For every face the field that changes and what is added to it: its lowest bit, or all of them for a step
/// back.
static STEPS: [(u32, u32); FACES.len()] = {
    let mut steps = [(0, 0); FACES.len()];
    let mut face = 0;
    while face < FACES.len() {
        let field = FIELDS[face / 2];
        let lowest = field & field.wrapping_neg();
        steps[face] = (field, if face % 2 == 0 { lowest } else { field });
        face += 1;
    }
    steps
};

/// Blocks that walkers may step about in: those of the box that lie below some height.
#[derive(Clone, Copy)]
pub(super) struct Pages<'a> {
    clearance: &'a Clearance,
    /// Layers of blocks.
    layers: i32,
}

/// A site by its block and its index there.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    block: Position,
    page: &'a [u8; BLOCK_SITES],
    index: u32,
}

/// How steps ended: where, and what the last one was.
pub(super) enum End {
    /// At a run-in that counts, by a step from the site.
    RunIn(Position, Packed),
    /// At a site that is [`REACH`] + 1 away from the next solid.
    Off(Position),
    /// At a site of which nothing is known yet, a solid perhaps, by this step.
    Beyond(Position, Packed),
}

impl<'a> Pages<'a> {
    /// Blocks of which every site lies below `height`.
    pub fn new(clearance: &'a Clearance, height: i32) -> Self {
        Self { clearance, layers: height >> BLOCK }
    }

    #[inline]
    fn page(&self, block: Position) -> Option<&'a [u8; BLOCK_SITES]> {
        self.clearance.page(block).filter(|_| block[2] < self.layers)
    }

    /// Where a position is; `None` when it is in no block.
    #[inline]
    pub fn place(&self, position: Position) -> Option<Place<'a>> {
        let block = position.map(|c| c >> BLOCK);
        let bits = |axis: usize| {
            let c = position[axis] as u32;
            ((c >> 2 & 3) << 6 | c & 3) << (2 * axis)
        };
        Some(Place { block, page: self.page(block)?, index: bits(0) | bits(1) | bits(2) })
    }

    /// Steps from a free site until the walk comes off the surface or `run_ins`, counted down, is 0.
    // A function of its own: only so the loop has all registers to itself.
    #[inline(never)]
    pub fn walk(&self, start: Place<'a>, run_ins: &mut u64, random: &mut impl Rng) -> End {
        let Place { mut block, mut page, index: mut at } = start;
        let mut left = *run_ins;
        let mut word: u64 = random.random();
        let mut face = sixth(&mut word);
        let mut next = stepped(at, face);
        // The first digit of the first word is drawn above, so that every word gives as many.
        let mut digits = STEPS_A_WORD - 1;
        let end = 'walk: loop {
            for _ in 0..digits {
                let near = if let Some(near) = page.get(next as usize) {
                    *near
                } else {
                    let beyond = offset(block, FACES[face]);
                    let Some(other) = self.page(beyond) else {
                        let step = FACES[face];
                        break 'walk End::Beyond(offset(position(block, at), step), Packed::new(step));
                    };
                    next &= BLOCK_SITES as u32 - 1;
                    let near = other[next as usize];
                    if near < SOLID {
                        (block, page) = (beyond, other);
                    }
                    near
                };
                let coming = sixth(&mut word);
                let (on, again) = (stepped(next, coming), stepped(at, coming));
                let solid = near >= SOLID;
                at = select_unpredictable(solid, at, next);
                next = select_unpredictable(solid, again, on);
                left = left.wrapping_sub(u64::from(solid));
                if left == 0 {
                    break 'walk End::RunIn(position(block, at), Packed::new(FACES[face]));
                }
                if distance_of(near) > REACH {
                    let here = position(block, at);
                    // Farther than a step takes from REACH: what sticks out of the box.
                    let outside = distance_of(near) > REACH + 1;
                    break 'walk if outside {
                        End::Beyond(here, Packed::new(FACES[face]))
                    } else {
                        End::Off(here)
                    };
                }
                face = coming;
            }
            word = random.random();
            digits = STEPS_A_WORD;
        };
        *run_ins = left;
        end
    }
}

/// Takes a number below 6 off a uniform word.
#[inline(always)]
fn sixth(word: &mut u64) -> usize {
    let product = u128::from(*word) * FACES.len() as u128;
    *word = product as u64;
    (product >> 64) as usize
}

/// Index after a step. One that leaves the block has a bit from [`BLOCK_SITES`] on; those below are the index
/// in the next block.
#[inline(always)]
fn stepped(index: u32, face: usize) -> u32 {
    let (field, addend) = STEPS[face];
    (((index | !field).wrapping_add(addend)) & field) | (index & !field)
}

/// Position of a site of a block.
#[inline]
fn position(block: Position, index: u32) -> Position {
    let pair = |shift: usize| (index >> shift & 3) as i32;
    std::array::from_fn(|axis| block[axis] << BLOCK | pair(6 + 2 * axis) << 2 | pair(2 * axis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_where_positions_do() {
        let clearance = Clearance::new([48, 48, 48]);
        let pages = Pages::new(&clearance, i32::MAX);
        for local in 0..BLOCK_SITES as i32 {
            let start = [16 + (local & 15), 16 + (local >> 4 & 15), 16 + (local >> 8)];
            let place = pages.place(start).expect("the site is inside the box");
            assert_eq!(position(place.block, place.index), start);
            for (face, step) in FACES.into_iter().enumerate() {
                let (next, end) = (stepped(place.index, face), offset(start, step));
                let leaves = end.map(|c| c >> BLOCK) != place.block;
                assert_eq!(next as usize >= BLOCK_SITES, leaves, "{start:?} by {step:?}");
                let block = if leaves { offset(place.block, step) } else { place.block };
                assert_eq!(position(block, next & (BLOCK_SITES as u32 - 1)), end);
            }
        }
        assert!(pages.place([-1, 0, 0]).is_none() && pages.place([0, 0, 48]).is_none());
        assert!(Pages::new(&clearance, 47).place([0, 0, 32]).is_none(), "this block reaches higher");
    }
}
