//! Positions of sites, their faces, and masks of these.

/// Sites along one edge of a brick.
pub const BRICK_EDGE: usize = 8;
pub(in crate::lattice) const BRICK_SITES: usize = BRICK_EDGE * BRICK_EDGE * BRICK_EDGE;

/// "No patch", "no filament", "no slot".
pub const NONE_U16: u16 = u16::MAX;
/// "No filament", "no slot".
pub const NONE_U32: u32 = u32::MAX;

/// Position of a site: x, y periodic, z upwards.
pub type Position = [i32; 3];

/// The six face neighbours; a direction and its opposite differ in the last bit.
pub const FACES: [Position; 6] = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]];

/// The sum of two positions.
#[inline]
pub fn offset(a: Position, b: Position) -> Position {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// The faces whose bits are set, ascending.
#[inline]
pub(crate) fn each_face(mut faces: u8) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let face = faces.trailing_zeros() as usize;
        faces &= faces.checked_sub(1)?;
        Some(face)
    })
}

/// The number of the bit that `below` lower bits are set under; `bits` holds more than that.
#[inline]
pub(crate) fn set_bit(mut bits: u32, below: u32) -> usize {
    // Drops the lowest of them.
    (0..below).for_each(|_| bits &= bits - 1);
    bits.trailing_zeros() as usize
}

/// A position with x and y brought back into a box of these `sites`.
#[inline]
pub(in crate::lattice) fn wrapped([x, y, z]: Position, sites: [usize; 3]) -> Position {
    // Nearly all are inside; a division costs more than all else that is done with a position.
    let around = |c: i32, n: usize| if (c as u32) < n as u32 { c } else { c.rem_euclid(n as i32) };
    [around(x, sites[0]), around(y, sites[1]), z]
}
