//! Surface diffusion: metal finds better bound places nearby.
//!
//! A hop goes to the electrolyte site beside (face or edge neighbour) with the most solid among its 26
//! neighbours, if that is more than here. Filament insertion does not hop: that metal is under film.
//! Accuracy: hops are downhill only, so small hollows fill and thermal roughening is not modelled.

use crate::lattice::{Around, BESIDE, Lattice, Position, SiteKind, offset, set_bit};
use rand::{Rng, RngExt};

/// Where metal that came out at the open `site` ends up after at most `hops`, and the sites around.
pub(crate) fn settle(
    lattice: &Lattice,
    site: Position,
    hops: u32,
    random: &mut impl Rng,
) -> (Position, Around) {
    // The more solids around, the better.
    let rank = |bonds: u8, kind: u8| if kind == SiteKind::Electrolyte as u8 { 1 + bonds } else { 0 };
    let held = |_, around: &Around| lattice.touching(around).conducts != 0;
    drift(lattice, site, hops, rank, held, random)
}

/// The metal that is taken instead of that at `position`: as a hole fills up from beside, the loosest within
/// `hops`.
pub(crate) fn loosest(lattice: &Lattice, position: Position, hops: u32, random: &mut impl Rng) -> Position {
    let same = lattice.kind(position) as u8;
    let rank = |bonds: u8, kind: u8| if kind == same { 32 - bonds } else { 0 };
    let exposed = |place: Position, around: &Around| lattice.open_faces_amid(around, place[2]) > 0;
    drift(lattice, position, hops, rank, exposed, random).0
}

/// Goes from neighbour to neighbour that `may` be entered, always to one of the highest `rank` (by solid
/// neighbours and code of the kind) as long as that is higher than here. What lies outside the box has no
/// rank above that of electrolyte without neighbours.
#[inline(always)]
fn drift(
    lattice: &Lattice,
    from: Position,
    hops: u32,
    rank: impl Fn(u8, u8) -> u8,
    may: impl Fn(Position, &Around) -> bool,
    random: &mut impl Rng,
) -> (Position, Around) {
    let mut here = lattice.wrap(from);
    let mut around = lattice.around(here);
    for _ in 0..hops {
        let (own, beside) = lattice.bonds_beside(&around);
        let least = rank(own.0, own.1);
        let mut ranks = beside.map(|(bonds, kind)| rank(bonds, kind));
        // Nearly always the first of the best may be entered.
        loop {
            let best = ranks.iter().fold(0, |best, rank| best.max(*rank));
            if best <= least {
                return (here, around);
            }
            let equal = (ranks.iter().enumerate()).fold(0u32, |set, (k, r)| set | u32::from(*r == best) << k);
            let chosen = one_of(equal, random);
            let next = lattice.wrap(offset(here, BESIDE[chosen]));
            let around_next = lattice.around(next);
            if may(next, &around_next) {
                (here, around) = (next, around_next);
                break;
            }
            ranks[chosen] = 0;
        }
    }
    (here, around)
}

/// One of the bits that are set, at random.
fn one_of(bits: u32, random: &mut impl Rng) -> usize {
    let count = bits.count_ones();
    set_bit(bits, if count > 1 { random.random_range(0..count) } else { 0 })
}
