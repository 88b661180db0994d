//! Occupancy pyramid: how far a walker may jump without touching anything.
//!
//! Level l has cells of 2^l sites. A cell is *near* when it or one of its 26 neighbours holds a
//! solid. In a cell that is not near, every site is more than 2^l sites (in the Chebyshev sense) away from the next
//! solid, so a walker may leave a cube of radius 2^l around itself in one jump. One read answers for one level.
//! Cost of a placed site: nothing on most levels, 27 increments on each where its cell was empty.

use super::Position;

/// Largest level: cells of 64 sites.
pub const MAX_LEVEL: usize = 6;

struct Level {
    /// Cells along x, y, z.
    cells: [usize; 3],
    /// Solids in each cell.
    solids: Vec<u32>,
    /// Occupied cells among each cell and its 26 neighbours.
    near: Vec<u8>,
}

/// The pyramid, levels 1 to [`MAX_LEVEL`] as far as they fit the box.
pub struct Pyramid {
    levels: Vec<Level>,
}

impl Pyramid {
    /// A pyramid over an empty box. Levels whose cells do not tile the periodic sides are left out.
    pub(super) fn new(sites: [usize; 3]) -> Self {
        let levels = (1..=MAX_LEVEL)
            .take_while(|level| sites[..2].iter().all(|n| n.is_multiple_of(1 << level)))
            .map(|level| {
                let cells = [sites[0] >> level, sites[1] >> level, sites[2].div_ceil(1 << level)];
                let total = cells[0] * cells[1] * cells[2];
                Level { cells, solids: vec![0; total], near: vec![0; total] }
            })
            .collect();
        Self { levels }
    }

    /// Number of levels.
    pub fn levels(&self) -> usize {
        self.levels.len()
    }

    /// True when a jump out of a cube of radius 2^`level` around `position` (wrapped, inside the box) meets no solid.
    /// `level` counts from 1.
    #[inline]
    pub fn is_clear(&self, level: usize, [x, y, z]: Position) -> bool {
        let grid = &self.levels[level - 1];
        let cell = ((z as usize >> level) * grid.cells[1] + (y as usize >> level)) * grid.cells[0]
            + (x as usize >> level);
        grid.near[cell] == 0
    }

    pub(super) fn add(&mut self, position: Position) {
        self.change(position, |solids| {
            *solids += 1;
            (*solids == 1).then_some(1)
        });
    }

    pub(super) fn subtract(&mut self, position: Position) {
        self.change(position, |solids| {
            *solids -= 1;
            (*solids == 0).then_some(-1)
        });
    }

    /// Applies `change` to the cell of every level; where it says that the occupancy changed, tells the neighbours.
    fn change(&mut self, [x, y, z]: Position, change: impl Fn(&mut u32) -> Option<i8>) {
        for (level, grid) in self.levels.iter_mut().enumerate().map(|(l, grid)| (l + 1, grid)) {
            let [nx, ny, nz] = grid.cells;
            let (cx, cy, cz) = (x as usize >> level, y as usize >> level, z as usize >> level);
            let Some(difference) = change(&mut grid.solids[(cz * ny + cy) * nx + cx]) else { continue };
            for kz in cz.saturating_sub(1)..=(cz + 1).min(nz - 1) {
                for ky in [cy + ny - 1, cy, cy + 1] {
                    for kx in [cx + nx - 1, cx, cx + 1] {
                        // With fewer than three cells around, a neighbour is met twice on adding and twice on
                        // subtracting: the count still returns to zero.
                        let near = &mut grid.near[(kz * ny + ky % ny) * nx + kx % nx];
                        *near = near.wrapping_add_signed(difference);
                    }
                }
            }
        }
    }
}
