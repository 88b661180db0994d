//! How far a walker may jump without touching anything: one byte near the surface, one per cell farther off.
//!
//! There are three layers with a byte per item that counts *nearness*, so that untouched memory (zero) means
//! "far". Sites hold the Chebyshev distance to the next solid, up to 3. Cells of 4³ sites and large cells of
//! 8³ sites hold the distance in cells to the next one with a solid. A cell is read first, a site only in or
//! beside an occupied cell, so a jump costs one or two dependent reads. The 64 sites of a cell share one
//! cache line. From a site at distance d a walk may leave the cube of radius d in one jump. All its inner
//! sites are free. On the surface it meets a free site or the solid itself.
//!
//! Cells are stored by blocks of 4³, so that the sites of a block are one page of memory and its cells one
//! cache line. Walkers stay in a neighbourhood. Their speed depends on its number of pages and lines. Who
//! stays near the surface may walk on such a page itself ([`Clearance::page`]).
//!
//! The distances of a new solid spread over 8 to 27 cells, those of a newly occupied cell over as many
//! blocks. In each of the three directions its nearness is one of a dozen fixed patterns of 64 bytes, and the
//! nearness in space is the least of the three. These are byte minima and maxima on whole cache lines, which
//! compilers turn into vector instructions.
//!
//! Does not: shrink. Where a solid was taken away distances stay too small, which costs steps and is as
//! exact; [`Clearance::stale`] says when a fresh one would pay.

use super::Position;
use super::lines::Lines;

/// Sites along the edge of a cell, a large cell and a block, as shifts.
const CELL: usize = 2;
const LARGE: usize = 3;
pub(super) const BLOCK: usize = 4;
/// Sites of a block.
pub(super) const BLOCK_SITES: usize = 1 << (3 * BLOCK);
/// Distances that are told apart: 0…REACH − 1 items; from REACH on an item is far.
const REACH: i32 = 4;
const LARGE_REACH: i32 = 7;
/// Nearness of a solid, and of what is one item away from it.
pub(super) const SOLID: u8 = REACH as u8;
const BESIDE: u8 = SOLID - 1;
/// Largest radius of a cube that is told to be free.
pub const LARGEST_RADIUS: i32 = radius_of_cells(LARGE_REACH, LARGE);

/// Nearness of what is in one line: the sites of a cell, or the cells of a block.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line([u8; 64]);

/// Distances to the next solid, for walkers.
pub struct Clearance {
    /// Cells along x, y, z.
    cells: [usize; 3],
    /// Blocks along x, y, z, the last ones perhaps half empty.
    blocks: [usize; 3],
    near_sites: Lines,
    near_cells: Lines,
    /// Large cells along x, y, z, and their nearness.
    large: [usize; 3],
    near_large: Vec<u8>,
    /// Solids put in and taken out since it was made.
    added: u64,
    removed: u64,
}

/// Free radius around every site of a cell that is `distance` cells away from the next occupied one.
const fn radius_of_cells(distance: i32, shift: usize) -> i32 {
    ((distance - 1) << shift) + 1
}

/// Nearness of an item that is `distance` items away.
const fn nearness(distance: i32) -> u8 {
    if distance < REACH { (REACH - distance) as u8 } else { 0 }
}

/// Distance of a site of this nearness to the next solid, or one that is not larger.
pub(super) const fn distance_of(near: u8) -> i32 {
    REACH - near as i32
}

impl Clearance {
    /// Clearance in an empty box. Memory is only touched where solids come near.
    pub(crate) fn new(sites: [usize; 3]) -> Self {
        let blocks = sites.map(|n| n.div_ceil(1 << BLOCK));
        let large = sites.map(|n| n >> LARGE);
        let total = blocks[0] * blocks[1] * blocks[2];
        Self {
            cells: sites.map(|n| n >> CELL),
            blocks,
            near_sites: Lines::zeros(total << 12),
            near_cells: Lines::zeros(total << 6),
            large,
            near_large: vec![0; large[0] * large[1] * large[2]],
            added: 0,
            removed: 0,
        }
    }

    /// Index of the block that holds a cell, and place of the cell in it.
    #[inline]
    fn place(&self, [x, y, z]: [usize; 3]) -> (usize, usize) {
        let block = ((z >> 2) * self.blocks[1] + (y >> 2)) * self.blocks[0] + (x >> 2);
        (block, within([x, y, z]))
    }

    /// Radius of a cube around `position` (wrapped, inside the box) without a solid nearer than its surface;
    /// 0 on a solid.
    ///
    /// All three layers are read, even where one does not matter; a fixed site stands in where sites do not
    /// matter. A processor cannot predict which layer decides, and a wrong guess costs more.
    #[inline]
    pub(super) fn radius(&self, position: Position) -> i32 {
        let site = position.map(|c| c as usize);
        let (block, place) = self.place(site.map(|c| c >> CELL));
        let cell = self.near_cells[block << 6 | place];
        let by_site = cell >= BESIDE;
        let line = ((block << 6) | place) & 0usize.wrapping_sub(usize::from(by_site));
        let close = distance_of(self.near_sites[line << 6 | within(site)]);
        let [x, y, z] = site.map(|c| c >> LARGE);
        let large = self.near_large[(z * self.large[1] + y) * self.large[0] + x];
        let large = radius_of_cells(LARGE_REACH - i32::from(large), LARGE);
        let far = radius_of_cells(distance_of(cell), CELL).max(large);
        if by_site { close } else { far }
    }

    /// Nearness of the sites of a block, at its place among the blocks; `None` outside the box. What of a
    /// block sticks out of the box counts as far.
    #[inline]
    pub(super) fn page(&self, [x, y, z]: Position) -> Option<&[u8; BLOCK_SITES]> {
        let [nx, ny, nz] = self.blocks;
        let (x, y, z) = (x as usize, y as usize, z as usize);
        if x >= nx || y >= ny || z >= nz {
            return None;
        }
        let block = (z * ny + y) * nx + x;
        self.near_sites.all().get(block << (3 * BLOCK)..)?.first_chunk()
    }

    /// True when so much was taken away that distances are mostly too small.
    pub(super) fn stale(&self) -> bool {
        self.removed > 1024 + self.added / 8
    }

    /// Tells of a solid at `position` (wrapped, inside the box).
    pub(crate) fn add(&mut self, position: Position) {
        self.added += 1;
        let site = position.map(|c| c as usize);
        let cell = site.map(|c| c >> CELL);
        let (block, place) = self.place(cell);
        let blocks = self.blocks;
        approach(self.near_sites.lines_mut(), self.cells, within(site), cell, |cell| {
            let block = ((cell[2] >> 2) * blocks[1] + (cell[1] >> 2)) * blocks[0] + (cell[0] >> 2);
            (block << 6) | within(cell)
        });
        if self.near_cells[block << 6 | place] == SOLID {
            return;
        }
        spread(&mut self.near_large, self.large, site.map(|c| c >> LARGE), LARGE_REACH);
        if self.cells[..2].iter().any(|n| n % 4 > 0) {
            // Blocks do not tile the periodic sides.
            return self.approach_cells_one_by_one(cell);
        }
        approach(self.near_cells.lines_mut(), blocks, place, cell.map(|c| c >> 2), |block| {
            (block[2] * blocks[1] + block[1]) * blocks[0] + block[0]
        });
    }

    /// Tells that there is no solid at `position` any more.
    pub(super) fn subtract(&mut self, position: Position) {
        self.removed += 1;
        let site = position.map(|c| c as usize);
        let (block, place) = self.place(site.map(|c| c >> CELL));
        self.near_sites[(block << 6 | place) << 6 | within(site)] = BESIDE;
    }

    /// Brings the cells around an occupied one nearer, in a box that blocks do not tile.
    fn approach_cells_one_by_one(&mut self, cell: [usize; 3]) {
        let [nx, ny, nz] = self.cells.map(|n| n as i32);
        for [dx, dy, dz] in super::Lattice::cube(REACH - 1) {
            let [x, y, z] = [cell[0] as i32 + dx, cell[1] as i32 + dy, cell[2] as i32 + dz];
            if (0..nz).contains(&z) {
                let (block, place) = self.place([x.rem_euclid(nx), y.rem_euclid(ny), z].map(|c| c as usize));
                let near = &mut self.near_cells[block << 6 | place];
                *near = (*near).max(nearness(dx.abs().max(dy.abs()).max(dz.abs())));
            }
        }
    }
}

/// Place of an item in its line of 4³.
#[inline]
fn within([x, y, z]: [usize; 3]) -> usize {
    ((z & 3) << 4) | ((y & 3) << 2) | (x & 3)
}

/// Brings nearer what is in the lines around that of an item: `place` is its place in its line, `at` the
/// line.
fn approach(
    lines: &mut [[u8; 64]],
    [nx, ny, nz]: [usize; 3],
    place: usize,
    at: [usize; 3],
    index: impl Fn([usize; 3]) -> usize,
) {
    let places = [place & 3, (place >> 2) & 3, place >> 4];
    let [sides_x, sides_y, sides_z] = places.map(reached);
    for side_z in sides_z {
        let Some(z) = (at[2] + side_z).checked_sub(1).filter(|z| *z < nz) else { continue };
        for side_y in sides_y.clone() {
            let y = around(at[1], side_y, ny);
            let pattern = least(&PATTERNS[1][places[1]][side_y], &PATTERNS[2][places[2]][side_z]);
            for side_x in sides_x.clone() {
                let pattern = least(&pattern, &PATTERNS[0][places[0]][side_x]);
                let line = &mut lines[index([around(at[0], side_x, nx), y, z])];
                let nearer = |gain: u8, (near, new): (&u8, &u8)| gain | new.saturating_sub(*near);
                // Many come no nearer. A line that is not written stays in the caches of all walking threads.
                if line.iter().zip(&pattern.0).fold(0, nearer) > 0 {
                    line.iter_mut().zip(&pattern.0).for_each(|(near, new)| *near = (*near).max(*new));
                }
            }
        }
    }
}

/// Which of the lines before, of and after an item along one axis hold any that it is near to.
#[inline]
fn reached(place: usize) -> std::ops::Range<usize> {
    let reach = REACH as usize;
    usize::from(place + 1 >= reach)..if 4 - place < reach { 3 } else { 2 }
}

/// The coordinate `side` − 1 cells on, around the periodic side.
#[inline]
fn around(at: usize, side: usize, cells: usize) -> usize {
    let next = at + side;
    if next == 0 {
        cells - 1
    } else if next > cells {
        0
    } else {
        next - 1
    }
}

#[inline]
fn least(a: &Line, b: &Line) -> Line {
    Line(std::array::from_fn(|k| a.0[k].min(b.0[k])))
}

/// Nearness along one axis of the sites of the cell before, of, and after a solid: by axis, place of the
/// solid in its cell, cell.
static PATTERNS: [[[Line; 3]; 4]; 3] = {
    let mut patterns = [[[Line([0; 64]); 3]; 4]; 3];
    let (mut axis, mut place, mut side, mut local) = (0, 0, 0, 0);
    while axis < 3 {
        let at = (local >> (2 * axis)) & 3;
        let distance = (4 * side as i32 - 4 + at as i32 - place as i32).abs();
        patterns[axis][place][side].0[local] = nearness(distance);
        local += 1;
        if local == 64 {
            (local, side) = (0, side + 1);
        }
        if side == 3 {
            (side, place) = (0, place + 1);
        }
        if place == 4 {
            (place, axis) = (0, axis + 1);
        }
    }
    patterns
};

/// Spreads the nearness of an occupied cell over the cells around it.
fn spread(near: &mut [u8], [nx, ny, nz]: [usize; 3], [cx, cy, cz]: [usize; 3], reach: i32) {
    let index = (cz * ny + cy) * nx + cx;
    if near[index] == reach as u8 {
        return;
    }
    let wrap = |c: usize, step: i32, n: usize| (c as i32 + step).rem_euclid(n as i32) as usize;
    for step_z in 1 - reach..reach {
        let kz = cz as i32 + step_z;
        if kz < 0 || kz as usize >= nz {
            continue;
        }
        for step_y in 1 - reach..reach {
            let row = (kz as usize * ny + wrap(cy, step_y, ny)) * nx;
            let most = reach - step_y.abs().max(step_z.abs());
            let row = &mut near[row..row + nx];
            let first = cx as i32 - reach + 1;
            let nearness = |step_x: i32| most.min(reach - step_x.abs()) as u8;
            if first >= 0 && cx + reach as usize <= nx {
                let cells = &mut row[first as usize..cx + reach as usize];
                // Here too most rows come no nearer, and every walker far off reads them.
                if cells.iter().zip(1 - reach..).any(|(near, step_x)| *near < nearness(step_x)) {
                    cells
                        .iter_mut()
                        .zip(1 - reach..)
                        .for_each(|(near, step_x)| *near = (*near).max(nearness(step_x)));
                }
            } else {
                for step_x in 1 - reach..reach {
                    let near = &mut row[wrap(cx, step_x, nx)];
                    if *near < nearness(step_x) {
                        *near = nearness(step_x);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chebyshev distance to the next of `solids` across the periodic sides.
    fn distance(sites: [i32; 3], at: Position, solids: &[Position]) -> i32 {
        let apart = |k: usize, solid: &Position| {
            let d = (at[k] - solid[k]).abs();
            if k < 2 { d.min(sites[k] - d) } else { d }
        };
        solids
            .iter()
            .map(|solid| (0..3).map(|k| apart(k, solid)).max().unwrap_or(0))
            .min()
            .unwrap_or(i32::MAX)
    }

    #[test]
    fn radii_are_free_and_exact_beside_solids() {
        for sites in [[48, 32, 64], [96, 80, 48], [24, 40, 8], [8, 8, 16]] {
            let mut clearance = Clearance::new(sites.map(|n| n as usize));
            let solids = [[1, 2, 0], [sites[0] - 1, 5, 7], [3, 3, 3], [7, 0, sites[2] - 1]];
            solids.iter().for_each(|solid| clearance.add(*solid));
            let mut largest = 0;
            for z in 0..sites[2] {
                for y in 0..sites[1] {
                    for x in 0..sites[0] {
                        let (radius, distance) =
                            (clearance.radius([x, y, z]), distance(sites, [x, y, z], &solids));
                        assert!(radius <= distance, "{x} {y} {z}: {radius}, {distance} to the next solid");
                        assert!(
                            distance > REACH || radius == distance,
                            "{x} {y} {z}: {radius} of {distance}"
                        );
                        largest = largest.max(radius);
                    }
                }
            }
            assert!(largest >= 4);
        }
    }

    #[test]
    fn what_was_taken_away_is_free_to_walk_on() {
        let mut clearance = Clearance::new([16, 16, 16]);
        clearance.add([3, 4, 5]);
        clearance.subtract([3, 4, 5]);
        assert_eq!(clearance.radius([3, 4, 5]), 1);
    }
}
