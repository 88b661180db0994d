//! The mosaic of SEI patches on an electrode (Peled's picture of the film): a noise-weighted Voronoi
//! tessellation.
//!
//! Does: spread patch centres over every exposed solid surface and give each exposed site the number of its
//! patch.
//! Does not: know what a patch is made of.
//! Accuracy: distances go straight through gaps; patches saturate the surface, so their mean size is the
//! asked one within a fifth (tested). The same on any number of threads.

use super::noise::PeriodicNoise;
use super::random::{Purpose, stream};
use super::{Lattice, NONE_U16, NONE_U32, Position, Solid, offset};
use rand::seq::SliceRandom;
use rayon::prelude::*;

/// Layout of the patches.
#[derive(Clone, Debug, Default)]
pub struct Mosaic {
    /// Centre of each patch, in lattice units.
    pub centres: Vec<[f64; 3]>,
    /// Exposed sites of each patch at the start, at least 1.
    pub areas: Vec<u32>,
}

/// Covers all exposed solid sites of `lattice` with patches of about `size` sites across.
/// With more surface than 65 000 patches can cover, patches are larger.
pub fn lay_mosaic(lattice: &mut Lattice, size: f64, seed: u64) -> Mosaic {
    let mut surface: Vec<Position> =
        lattice.iter_solids().map(|(p, ..)| p).filter(|p| lattice.exposed_faces(*p) > 0).collect();
    let fewest = (surface.len() as f64 / 60_000.0).sqrt();
    let size = size.max(1.0).max(fewest);

    // Centres: a random sequence of surface sites, each kept if no other is closer than 0.8 of the patch
    // size. That saturates at close to one centre per size² of surface.
    let mut shuffled = surface.clone();
    shuffled.shuffle(&mut stream(seed, Purpose::Patches, 0, 0));
    let mut grid = CentreGrid::new(lattice, size);
    let mut centres: Vec<[f64; 3]> = Vec::new();
    for position in shuffled {
        let place = position.map(|c| f64::from(c) + 0.5);
        if centres.len() < usize::from(NONE_U16) - 1
            && grid.nearest(&centres, place, 0.8 * size).is_none_or(|(_, d)| d > 0.8 * size)
        {
            grid.insert(place);
            centres.push(place);
        }
    }

    // Sites: nearest centre of a displaced place, so that borders wander.
    let noises: [PeriodicNoise; 3] =
        std::array::from_fn(|k| PeriodicNoise::new(lattice, 0.7 * size, seed.wrapping_add(0x5E1 + k as u64)));
    surface.sort_unstable();
    let patch_of = |position: &Position| {
        let displaced =
            std::array::from_fn(|k| f64::from(position[k]) + 0.5 + 0.45 * size * noises[k].at(*position));
        grid.nearest(&centres, displaced, 0.0).map(|(patch, _)| patch as u16)
    };
    let patches: Vec<Option<u16>> = surface.par_iter().map(patch_of).collect();
    let mut areas = vec![0; centres.len()];
    for (position, patch) in surface.into_iter().zip(patches) {
        if let (Some(patch), Some(solid)) = (patch, lattice.solid(position)) {
            lattice.set_solid(position, Solid { patch, ..solid });
            areas[usize::from(patch)] += 1;
        }
    }
    areas.iter_mut().for_each(|area| *area = (*area).max(1));
    Mosaic { centres, areas }
}

/// For each patch those that touch it: a site of one lies beside a site of the other, corners included.
pub fn touching_patches(lattice: &Lattice, patches: usize) -> Vec<Vec<u16>> {
    let mut touching: Vec<Vec<u16>> = vec![Vec::new(); patches];
    for (position, _, solid) in lattice.iter_solids() {
        let Some(mine) = touching.get_mut(usize::from(solid.patch)) else { continue };
        for step in Lattice::cube(1) {
            let other =
                lattice.solid(lattice.wrap(offset(position, step))).map_or(NONE_U16, |solid| solid.patch);
            if other != NONE_U16 && other != solid.patch && !mine.contains(&other) {
                mine.push(other);
            }
        }
    }
    touching.iter_mut().for_each(|list| list.sort_unstable());
    touching
}

/// Steps to the cells that are looked into along an axis, the nearest first.
const OUTWARDS: [i32; 5] = [0, -1, 1, -2, 2];

/// Centres sorted into cubes of the patch size, which fill the box up to the highest solid.
struct CentreGrid {
    cell: f64,
    /// Sites of the box along x and y.
    columns: [f64; 2],
    /// Cubes along x, y, z.
    cells: [i32; 3],
    /// The centre that came last into each cube, and the one that came before each centre, or [`NONE_U32`].
    last: Vec<u32>,
    before: Vec<u32>,
}

impl CentreGrid {
    fn new(lattice: &Lattice, cell: f64) -> Self {
        let [nx, ny, _] = lattice.sites().map(|n| n as f64);
        let cells = [nx, ny, f64::from(lattice.top() + 1)].map(|n| (n / cell) as i32 + 1);
        let last = vec![NONE_U32; cells.iter().map(|n| *n as usize).product()];
        Self { cell, columns: [nx, ny], cells, last, before: Vec::new() }
    }

    fn cell_of(&self, place: [f64; 3]) -> [i32; 3] {
        place.map(|c| (c / self.cell).floor() as i32)
    }

    /// Number of a cube; `None` where there is none.
    fn number(&self, [x, y, z]: [i32; 3]) -> Option<usize> {
        let [nx, ny, nz] = self.cells;
        let inside = (0..nx).contains(&x) && (0..ny).contains(&y) && (0..nz).contains(&z);
        inside.then(|| ((z as usize * ny as usize) + y as usize) * nx as usize + x as usize)
    }

    /// Takes in the next centre.
    fn insert(&mut self, place: [f64; 3]) {
        let index = self.before.len() as u32;
        let last = self.number(self.cell_of(place)).map(|number| &mut self.last[number]);
        self.before.push(last.map_or(NONE_U32, |last| std::mem::replace(last, index)));
    }

    /// Centres in a cube, the last one first.
    fn members(&self, cell: [i32; 3]) -> impl Iterator<Item = usize> + '_ {
        let known = |index: &u32| *index != NONE_U32;
        let last = self.number(cell).map(|number| self.last[number]).filter(known);
        std::iter::successors(last, move |index| Some(self.before[*index as usize]).filter(known))
            .map(|index| index as usize)
    }

    /// Nearest centre and its distance, or any that is not farther than `enough`; looks two cells far, which
    /// is enough once the surface is covered.
    fn nearest(&self, centres: &[[f64; 3]], place: [f64; 3], enough: f64) -> Option<(usize, f64)> {
        let [nx, ny] = self.columns;
        let mut best: Option<(usize, f64)> = None;
        // Periodic images of the place: cells do not tile the box, so images are looked up one by one.
        for image_y in [-ny, 0.0, ny] {
            for image_x in [-nx, 0.0, nx] {
                let image = [place[0] + image_x, place[1] + image_y, place[2]];
                let reach = 2.5 * self.cell;
                if image[0] < -reach || image[0] > nx + reach || image[1] < -reach || image[1] > ny + reach {
                    continue;
                }
                let home = self.cell_of(image);
                // The nearest cells first: most others are then too far off to be looked into.
                let apart = |k: usize, step: i32| {
                    let low = f64::from(home[k] + step) * self.cell - image[k];
                    low.max(-low - self.cell).max(0.0)
                };
                for dz in OUTWARDS {
                    for dy in OUTWARDS {
                        for dx in OUTWARDS {
                            let away = apart(0, dx).powi(2) + apart(1, dy).powi(2) + apart(2, dz).powi(2);
                            // A little more than the square root may round to.
                            if best.is_some_and(|(_, b)| away > 1.000_001 * b * b) {
                                continue;
                            }
                            let cell = [home[0] + dx, home[1] + dy, home[2] + dz];
                            for index in self.members(cell) {
                                let c = centres[index];
                                let d = (0..3).map(|k| (c[k] - image[k]).powi(2)).sum::<f64>().sqrt();
                                // Ties go to the lower number, so that the order of the search does not
                                // matter.
                                if best.is_none_or(|(i, b)| d < b || (d == b && index < i)) {
                                    best = Some((index, d));
                                }
                                if d <= enough {
                                    return best;
                                }
                            }
                        }
                    }
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{GrowthMode, SiteKind};

    #[test]
    fn patches_cover_a_flat_foil_at_the_asked_size() {
        let mut lattice = Lattice::new([96, 96, 16]);
        for (x, y) in (0..96).flat_map(|x| (0..96).map(move |y| (x, y))) {
            lattice.place([x, y, 0], SiteKind::Host, Solid::new(0, 0.0, NONE_U16, GrowthMode::None));
        }
        let mosaic = lay_mosaic(&mut lattice, 6.0, 1);
        assert!(lattice.iter_solids().all(|(_, _, solid)| (solid.patch as usize) < mosaic.centres.len()));
        assert_eq!(mosaic.areas.iter().sum::<u32>(), 96 * 96);
        let mean = (96.0 * 96.0 / mosaic.centres.len() as f64).sqrt();
        assert!((mean / 6.0 - 1.0).abs() < 0.2, "mean patch {mean} sites across");
    }
}
