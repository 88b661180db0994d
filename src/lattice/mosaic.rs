//! The mosaic of SEI patches on an electrode (Peled's picture of the film): a noise-weighted Voronoi tessellation.
//!
//! Does: spread patch centres over every exposed solid surface and give each exposed site the number of its patch.
//! Does not: know what a patch is made of.

use super::host::PeriodicNoise;
use super::random::{Purpose, stream};
use super::{Lattice, NONE_U16, Position, Solid};
use rand::seq::SliceRandom;
use std::collections::HashMap;

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

    // Centres: a random sequence of surface sites, each kept if no other is closer than 0.8 of the patch size.
    // That saturates at close to one centre per size² of surface.
    let mut shuffled = surface.clone();
    shuffled.shuffle(&mut stream(seed, Purpose::Patches, 0, 0));
    let mut grid = Grid { cell: size, members: HashMap::new() };
    let mut centres: Vec<[f64; 3]> = Vec::new();
    for position in shuffled {
        let place = position.map(|c| f64::from(c) + 0.5);
        if centres.len() < usize::from(NONE_U16) - 1
            && grid.nearest(lattice, &centres, place).is_none_or(|(_, d)| d > 0.8 * size)
        {
            grid.insert(place, centres.len());
            centres.push(place);
        }
    }

    // Sites: nearest centre of a displaced place, so that borders wander.
    let noises: [PeriodicNoise; 3] =
        std::array::from_fn(|k| PeriodicNoise::new(lattice, 0.7 * size, seed.wrapping_add(0x5E1 + k as u64)));
    let mut areas = vec![0; centres.len()];
    surface.sort_unstable();
    for position in surface {
        let place =
            std::array::from_fn(|k| f64::from(position[k]) + 0.5 + 0.45 * size * noises[k].at(position));
        let Some((patch, _)) = grid.nearest(lattice, &centres, place) else { continue };
        if let Some(solid) = lattice.solid(position) {
            lattice.set_solid(position, Solid { patch: patch as u16, ..solid });
            areas[patch] += 1;
        }
    }
    areas.iter_mut().for_each(|area| *area = (*area).max(1));
    Mosaic { centres, areas }
}

/// Steps to the cells that are looked into along an axis, the nearest first.
const OUTWARDS: [i32; 5] = [0, -1, 1, -2, 2];

/// Centres sorted into cubes of the patch size.
struct Grid {
    cell: f64,
    members: HashMap<[i32; 3], Vec<usize>>,
}

impl Grid {
    fn cell_of(&self, place: [f64; 3]) -> [i32; 3] {
        place.map(|c| (c / self.cell).floor() as i32)
    }

    fn insert(&mut self, place: [f64; 3], index: usize) {
        self.members.entry(self.cell_of(place)).or_default().push(index);
    }

    /// Nearest centre and its distance; looks two cells far, which is enough once the surface is covered.
    fn nearest(&self, lattice: &Lattice, centres: &[[f64; 3]], place: [f64; 3]) -> Option<(usize, f64)> {
        let [nx, ny, _] = lattice.sites().map(|n| n as f64);
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
                            for index in self.members.get(&cell).into_iter().flatten() {
                                let c = centres[*index];
                                let d = (0..3).map(|k| (c[k] - image[k]).powi(2)).sum::<f64>().sqrt();
                                // Ties go to the lower number, whatever the order of looking.
                                if best.is_none_or(|(i, b)| d < b || (d == b && *index < i)) {
                                    best = Some((*index, d));
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
    use crate::lattice::build_host;
    use crate::scene::HostSpec;

    #[test]
    fn patches_cover_a_flat_foil_at_the_asked_size() {
        let mut lattice = Lattice::new([96, 96, 16]);
        build_host(&mut lattice, &HostSpec::default(), 0.5, 1);
        let mosaic = lay_mosaic(&mut lattice, 6.0, 1);
        assert!(lattice.iter_solids().all(|(_, _, solid)| (solid.patch as usize) < mosaic.centres.len()));
        assert_eq!(mosaic.areas.iter().sum::<u32>(), 96 * 96);
        let mean = (96.0 * 96.0 / mosaic.centres.len() as f64).sqrt();
        assert!((mean / 6.0 - 1.0).abs() < 0.2, "mean patch {mean} sites across");
    }
}
