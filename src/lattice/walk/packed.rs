//! Positions in one word, so that a jump in any direction is one multiplication and addition per coordinate
//! *of the jump*.
//!
//! x, y and z are fields of one integer, p = x + 2²¹ y + 2⁴² z. That is linear: the sum of two words is the
//! word of the sum, negative coordinates included. r·e₁ + u·e₂ + v·e₃ with packed unit vectors turns a jump
//! by any symmetry of the cube without moving coordinates about. A bias keeps fields apart when they are
//! taken out again.

use crate::lattice::Position;

/// Bits of a field: coordinates of less than 2²⁰ either side of 0.
const BITS: u32 = 21;
const BIAS: i64 = 1 << (BITS - 1);
const FIELD: i64 = (1 << BITS) - 1;
const BIASES: i64 = BIAS + (BIAS << BITS) + (BIAS << (2 * BITS));

/// A position, or a step, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed(i64);

impl Packed {
    pub const fn new([x, y, z]: Position) -> Self {
        Self(x as i64 + ((y as i64) << BITS) + ((z as i64) << (2 * BITS)))
    }

    #[inline]
    pub fn position(self) -> Position {
        let fields = self.0 + BIASES;
        let x = (fields & FIELD) - BIAS;
        let y = ((fields >> BITS) & FIELD) - BIAS;
        let z = (fields >> (2 * BITS)) - BIAS;
        [x as i32, y as i32, z as i32]
    }
}

impl std::ops::Add for Packed {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Packed {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::ops::Mul<i64> for Packed {
    type Output = Self;
    #[inline]
    fn mul(self, factor: i64) -> Self {
        Self(self.0 * factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_words_are_words_of_sums() {
        let values = [-5000, -97, -1, 0, 1, 3, 97, 4095];
        for (k, x) in values.into_iter().enumerate() {
            for y in values {
                for z in values {
                    let (a, b) = ([x, y, z], [y, z, values[7 - k]]);
                    let sum = (Packed::new(a) + Packed::new(b)).position();
                    assert_eq!(sum, [x + y, y + z, z + values[7 - k]]);
                    assert_eq!(
                        (Packed::new(a) - Packed::new(b) * 2).position(),
                        [x - 2 * y, y - 2 * z, z - 2 * values[7 - k]]
                    );
                }
            }
        }
    }
}
