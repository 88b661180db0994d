//! Indices of the sites around one site.
//!
//! In the order of bricks the index of a site is the sum of one part for each coordinate. So the 27 indices
//! around a site are sums of nine numbers. Reading a neighbour then costs an addition instead of a
//! conversion.

use super::{BRICK_EDGE, Position};

/// Steps to the 18 face and edge neighbours, x the fastest.
pub(crate) const BESIDE: [Position; 18] = {
    let mut steps = [[0; 3]; 18];
    let (mut found, mut cell) = (0, 0);
    while cell < 27 {
        let step: Position = [cell % 3 - 1, cell / 3 % 3 - 1, cell / 9 - 1];
        let length = step[0].abs() + step[1].abs() + step[2].abs();
        if length == 1 || length == 2 {
            steps[found] = step;
            found += 1;
        }
        cell += 1;
    }
    steps
};

/// Index parts along each axis: one step back, here, one step on.
#[derive(Clone, Copy)]
pub(crate) struct Around {
    pub x: [usize; 3],
    pub y: [usize; 3],
    /// Below and above the box: the layer of bricks above it, where nothing ever stands.
    pub z: [usize; 3],
}

impl Around {
    #[inline]
    pub fn new(position: Position, sites: [usize; 3], bricks: [usize; 3]) -> Self {
        let (x, y, z) = (position[0] as usize, position[1] as usize, position[2] as usize);
        let back = |c: usize, n: usize| if c == 0 { n - 1 } else { c - 1 };
        let on = |c: usize, n: usize| if c + 1 == n { 0 } else { c + 1 };
        // One below the bottom is as empty as what is above the top.
        let below = if z == 0 { sites[2] } else { z - 1 };
        Self {
            x: [Self::x(back(x, sites[0])), Self::x(x), Self::x(on(x, sites[0]))],
            y: [Self::y(back(y, sites[1]), bricks), Self::y(y, bricks), Self::y(on(y, sites[1]), bricks)],
            z: [Self::z(below, bricks), Self::z(z, bricks), Self::z(z + 1, bricks)],
        }
    }

    /// Index parts of up to two steps back and on; beyond the box as in [`Around`].
    pub fn block(position: Position, sites: [usize; 3], bricks: [usize; 3]) -> [[usize; 5]; 3] {
        let steps = |c: i32| std::array::from_fn::<i32, 5, _>(|k| c + k as i32 - 2);
        let around = |c: i32, n: usize| c.rem_euclid(n as i32) as usize;
        let inside = |z: i32| if (0..sites[2] as i32).contains(&z) { z as usize } else { sites[2] };
        [
            steps(position[0]).map(|x| Self::x(around(x, sites[0]))),
            steps(position[1]).map(|y| Self::y(around(y, sites[1]), bricks)),
            steps(position[2]).map(|z| Self::z(inside(z), bricks)),
        ]
    }

    #[inline]
    pub fn x(x: usize) -> usize {
        ((x / BRICK_EDGE) << 9) | (x % BRICK_EDGE)
    }

    #[inline]
    pub fn y(y: usize, bricks: [usize; 3]) -> usize {
        ((y / BRICK_EDGE * bricks[0]) << 9) | ((y % BRICK_EDGE) << 3)
    }

    #[inline]
    pub fn z(z: usize, bricks: [usize; 3]) -> usize {
        ((z / BRICK_EDGE * bricks[0] * bricks[1]) << 9) | ((z % BRICK_EDGE) << 6)
    }

    /// Index of the site itself.
    #[inline]
    pub fn centre(&self) -> usize {
        self.x[1] + self.y[1] + self.z[1]
    }

    /// Indices of the sites [`BESIDE`].
    #[inline]
    pub fn beside(&self) -> [usize; 18] {
        let Self { x: [west, _, east], y: [south, _, north], z: [below, _, above] } = *self;
        let [x, y, z] = [self.x[1], self.y[1], self.z[1]];
        [
            x + south + below,
            west + y + below,
            x + y + below,
            east + y + below,
            x + north + below,
            west + south + z,
            x + south + z,
            east + south + z,
            west + y + z,
            east + y + z,
            west + north + z,
            x + north + z,
            east + north + z,
            x + south + above,
            west + y + above,
            x + y + above,
            east + y + above,
            x + north + above,
        ]
    }

    /// Indices of the face neighbours, in the order of [`FACES`](super::FACES).
    #[inline]
    pub fn faces(&self) -> [usize; 6] {
        let centre = self.centre();
        let away = |part: [usize; 3]| [centre - part[1] + part[2], centre - part[1] + part[0]];
        let (x, y, z) = (away(self.x), away(self.y), away(self.z));
        [x[0], x[1], y[0], y[1], z[0], z[1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::position::wrapped;

    #[test]
    fn the_sites_beside_are_where_their_steps_lead() {
        let (sites, bricks) = ([16, 24, 16], [2, 3, 2]);
        for position in [[0, 0, 8], [7, 8, 7], [15, 23, 14], [3, 11, 1]] {
            let index = |at: Position| Around::new(wrapped(at, sites), sites, bricks).centre();
            let expected = BESIDE.map(|step| index(super::super::offset(position, step)));
            assert_eq!(Around::new(position, sites, bricks).beside(), expected);
        }
    }
}
