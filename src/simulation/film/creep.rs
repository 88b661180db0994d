//! Which patches metal can creep to below the film, and how readily it comes out there.
//!
//! Does not: choose where metal comes out (`emergence`).
//! Accuracy: distances are those of the centres at the start: straight on a plane, else along the surface
//! from patch to patch, straight over two at a time, some per cent too long. Sums over the patches in reach
//! are kept to single precision.

use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Which patches metal can creep to from each patch, and how readily it comes out there.
#[derive(Resource)]
pub(crate) struct CreepNetwork {
    /// Patches in reach of each patch, nearest first (itself at distance 0).
    reaches: Vec<Reaches>,
    /// Chance that metal comes out at each patch, in spots. One for every number that there is, so that none
    /// has to be checked.
    openness: Box<[f32; 1 << 16]>,
    /// Thickness of the film for which the whole film was looked at last, m.
    pub film_m: f64,
    /// The parts of it: whole film, and the root.
    whole: Vec<f32>,
    roots: Vec<f32>,
    /// Chance that metal under a patch comes out in its reach, where it has been asked for in this step; else
    /// not a number.
    around: Vec<f32>,
    /// exp(−d/λ_c) by distance in sites.
    along: Vec<f64>,
    centres: Vec<[f64; 3]>,
    areas: Vec<f64>,
    /// Patches up to two away and their distance, sites; `None` on a plane.
    links: Option<Vec<Vec<(u16, f64)>>>,
    /// Weight of each patch, by which metal spreads evenly below a film that is alike everywhere.
    weights: Vec<f64>,
    sites: [usize; 3],
    creep_sites: f64,
    longest_sites: f64,
}

/// Patches in reach, one list for each thing that is known of them: they are summed over for every event.
#[derive(Default)]
struct Reaches {
    patches: Vec<u16>,
    /// Distance between the centres, sites.
    distances: Vec<f32>,
    /// exp(−distance/λ_c) at the present creep length, times the weight of the patch.
    eases: Vec<f32>,
}

/// Farther than this many creep lengths nothing creeps (e⁻⁴ of the nearby).
const REACH_IN_CREEP_LENGTHS: f64 = 4.0;
/// Along a filament metal creeps farther, until e⁻⁴⁰.
const REACH_ALONG: f64 = 40.0;

/// Weights are found to this share of themselves, in so many turns at most. From one creep length to the
/// next one or two are enough.
const EVEN: f64 = 1e-4;
const MOST_TURNS: usize = 50;

impl CreepNetwork {
    /// Finds, for every patch (centre, area, patches that touch it) in a box of `sites`, all others in reach
    /// of `creep_sites`.
    pub fn new(
        (centres, areas): (Vec<[f64; 3]>, Vec<f64>),
        touching: &[Vec<u16>],
        sites: [usize; 3],
        creep_sites: f64,
    ) -> Self {
        let plane = centres.iter().all(|centre| centre[2] == centres[0][2]);
        let links = (!plane).then(|| links(&centres, touching, sites));
        let mut network = Self {
            reaches: Vec::new(),
            openness: Box::new([0.0; 1 << 16]),
            film_m: 0.0,
            whole: vec![0.0; centres.len()],
            roots: vec![0.0; centres.len()],
            around: vec![f32::NAN; centres.len()],
            along: Vec::new(),
            weights: vec![1.0; centres.len()],
            centres,
            areas,
            links,
            sites,
            creep_sites: 0.0,
            longest_sites: 0.0,
        };
        network.rebuild(creep_sites);
        network.ease(creep_sites);
        network
    }

    /// Adapts to a new creep length.
    pub fn set_creep(&mut self, creep_sites: f64) {
        if creep_sites > self.longest_sites {
            self.rebuild(creep_sites);
        }
        if creep_sites != self.creep_sites {
            self.ease(creep_sites);
        }
    }

    fn ease(&mut self, creep_sites: f64) {
        self.creep_sites = creep_sites;
        for Reaches { distances, eases, .. } in &mut self.reaches {
            *eases = distances
                .iter()
                .map(|distance| libm::exp(-f64::from(*distance) / creep_sites) as f32)
                .collect();
        }
        self.balance();
        for Reaches { patches, eases, .. } in &mut self.reaches {
            for (patch, ease) in patches.iter().zip(eases) {
                *ease *= self.weights[usize::from(*patch)] as f32;
            }
        }
        let longest = (REACH_ALONG * creep_sites).ceil() as u32;
        self.along = (0..=longest).map(|d| libm::exp(-f64::from(d) / creep_sites)).collect();
        self.around.fill(f32::NAN);
    }

    /// Finds the weights w: w_i Σ_j e_ij A_j w_j equal for all patches. Metal that is reduced evenly, A_i
    /// each, then comes out evenly. Without them centres that lie close together would take more than their
    /// share.
    fn balance(&mut self) {
        for _ in 0..MOST_TURNS {
            let sums = self.reaches.iter().map(|Reaches { patches, eases, .. }| {
                let near = patches.iter().zip(eases).map(|(patch, ease)| {
                    let patch = usize::from(*patch);
                    f64::from(*ease) * self.areas[patch] * self.weights[patch]
                });
                near.sum::<f64>().max(f64::MIN_POSITIVE)
            });
            let next: Vec<f64> =
                self.weights.iter().zip(sums).map(|(weight, sum)| (weight / sum).sqrt()).collect();
            let mean = next.iter().sum::<f64>() / next.len() as f64;
            let mut farthest = 0.0f64;
            for (weight, next) in self.weights.iter_mut().zip(next) {
                farthest = farthest.max((next / mean / *weight - 1.0).abs());
                *weight = next / mean;
            }
            if farthest < EVEN {
                break;
            }
        }
    }

    /// The present creep length, sites.
    pub fn creep_sites(&self) -> f64 {
        self.creep_sites
    }

    /// exp(−d/λ_c) for a distance along a filament, sites.
    pub fn along(&self, distance: u32) -> f64 {
        self.along.get(distance as usize).copied().unwrap_or(0.0)
    }

    /// Chance that metal comes out at a patch, in spots.
    pub fn openness(&self, patch: u16) -> f64 {
        f64::from(self.openness[usize::from(patch)])
    }

    /// Chance that metal comes out at the root in a patch, in spots.
    pub fn root(&self, patch: u16) -> f64 {
        f64::from(self.roots[usize::from(patch)])
    }

    /// Takes on how readily metal comes out under the whole film of a patch.
    pub fn set_whole(&mut self, patch: u16, openness: f64) {
        self.whole[usize::from(patch)] = openness as f32;
        self.sum_up(patch);
    }

    /// Takes on how readily it comes out at the root in a patch; 0 where there is none.
    pub fn set_root(&mut self, patch: u16, openness: f64) {
        self.roots[usize::from(patch)] = openness as f32;
        self.sum_up(patch);
    }

    /// Closes all roots.
    pub fn forget_roots(&mut self) {
        self.roots.fill(0.0);
        self.openness[..self.whole.len()].copy_from_slice(&self.whole);
    }

    fn sum_up(&mut self, patch: u16) {
        let patch = usize::from(patch);
        self.openness[patch] = self.whole[patch] + self.roots[patch];
    }

    /// Forgets sums over what has changed since.
    pub fn forget_sums(&mut self) {
        self.around.fill(f32::NAN);
    }

    /// Chance that metal under a patch comes out in its reach, in spots.
    pub fn openness_around(&mut self, patch: u16) -> f64 {
        let around = &mut self.around[usize::from(patch)];
        if around.is_nan() {
            let Reaches { patches, eases, .. } = &self.reaches[usize::from(patch)];
            // Eight sums side by side: one alone would wait for itself.
            let mut sums = [0.0; 8];
            let ((patches, last_patches), (eases, last_eases)) =
                (patches.as_chunks::<8>(), eases.as_chunks::<8>());
            for (patches, eases) in patches.iter().zip(eases) {
                for k in 0..8 {
                    sums[k] += eases[k] * self.openness[usize::from(patches[k])];
                }
            }
            let last = last_patches.iter().zip(last_eases);
            *around = sums.iter().sum::<f32>()
                + last.map(|(patch, ease)| ease * self.openness[usize::from(*patch)]).sum::<f32>();
        }
        f64::from(*around)
    }

    /// The patch at which metal under `patch` comes out.
    pub fn draw(&mut self, patch: u16, random: &mut impl Rng) -> u16 {
        let mut rest = (random.random::<f64>() * self.openness_around(patch)) as f32;
        let Reaches { patches, eases, .. } = &self.reaches[usize::from(patch)];
        for (other, ease) in patches.iter().zip(eases) {
            rest -= ease * self.openness[usize::from(*other)];
            if rest < 0.0 {
                return *other;
            }
        }
        // Rounding.
        patch
    }

    /// Adds to `lifts` what is expected to come out under the whole film of each patch when `sites` of metal
    /// creep from under one.
    pub fn spread(&mut self, patch: u16, sites: f64, lifts: &mut [f64]) {
        let per_spot = sites / self.openness_around(patch).max(f64::MIN_POSITIVE);
        let Reaches { patches, eases, .. } = &self.reaches[usize::from(patch)];
        for (other, ease) in patches.iter().zip(eases) {
            lifts[usize::from(*other)] += per_spot * f64::from(ease * self.whole[usize::from(*other)]);
        }
    }

    /// Neighbours of a patch that touch it, more or less, with their distances: the eight nearest within two
    /// patch sizes.
    pub fn touching(&self, patch: u16, patch_sites: f64) -> impl Iterator<Item = (u16, f64)> {
        let Reaches { patches, distances, .. } = &self.reaches[usize::from(patch)];
        let near = patches.iter().zip(distances).skip(1).take(8).map(|(patch, d)| (*patch, f64::from(*d)));
        near.take_while(move |(_, distance)| *distance < 2.0 * patch_sites)
    }

    fn rebuild(&mut self, creep_sites: f64) {
        self.longest_sites = creep_sites;
        let radius = REACH_IN_CREEP_LENGTHS * creep_sites;
        let near = match &self.links {
            Some(links) => along_surface(links, radius),
            None => self.straight(radius),
        };
        let reaches = |mut list: Vec<(f64, u16)>| {
            list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            Reaches {
                patches: list.iter().map(|(_, patch)| *patch).collect(),
                distances: list.iter().map(|(distance, _)| *distance as f32).collect(),
                eases: Vec::new(),
            }
        };
        self.reaches = near.into_iter().map(reaches).collect();
    }

    /// For each patch all within a radius, straight.
    fn straight(&self, radius: f64) -> Vec<Vec<(f64, u16)>> {
        let [nx, ny, _] = self.sites.map(|n| n as f64);
        // Cells that tile the periodic sides.
        let count = [nx, ny].map(|n| (n / radius).floor().max(1.0));
        let cell_of = |c: [f64; 3]| {
            [(c[0] / nx * count[0]) as i64, (c[1] / ny * count[1]) as i64, (c[2] / radius).floor() as i64]
        };
        let mut cells: HashMap<[i64; 3], Vec<usize>> = HashMap::new();
        for (k, centre) in self.centres.iter().enumerate() {
            cells.entry(cell_of(*centre)).or_default().push(k);
        }
        // With fewer than three cells around, the same cell would be met twice.
        let steps = |n: f64| if n < 3.0 { 0..n as i64 } else { -1..2 };
        self.centres
            .par_iter()
            .map(|centre| {
                let home = cell_of(*centre);
                let mut list = Vec::new();
                for dz in -1..=1 {
                    for dy in steps(count[1]) {
                        for dx in steps(count[0]) {
                            let cell = [
                                (home[0] + dx).rem_euclid(count[0] as i64),
                                (home[1] + dy).rem_euclid(count[1] as i64),
                                home[2] + dz,
                            ];
                            for other in cells.get(&cell).into_iter().flatten() {
                                let distance = distance(*centre, self.centres[*other], [nx, ny]);
                                if distance <= radius {
                                    list.push((distance, *other as u16));
                                }
                            }
                        }
                    }
                }
                list
            })
            .collect()
    }
}

/// For each patch those that touch it and those that touch these, with their straight distances.
fn links(centres: &[[f64; 3]], touching: &[Vec<u16>], sites: [usize; 3]) -> Vec<Vec<(u16, f64)>> {
    let columns = [sites[0] as f64, sites[1] as f64];
    let beside = |patch: u16| touching.get(usize::from(patch)).into_iter().flatten().copied();
    (0..centres.len() as u16)
        .into_par_iter()
        .map(|patch| {
            let mut near: Vec<u16> = beside(patch).flat_map(|other| beside(other).chain([other])).collect();
            near.sort_unstable();
            near.dedup();
            let from = centres[usize::from(patch)];
            (near.into_iter().filter(|other| *other != patch))
                .map(|other| (other, distance(from, centres[usize::from(other)], columns)))
                .collect()
        })
        .collect()
}

/// For each patch all within a radius along the links (Dijkstra).
fn along_surface(links: &[Vec<(u16, f64)>], radius: f64) -> Vec<Vec<(f64, u16)>> {
    (0..links.len() as u16)
        .into_par_iter()
        .map(|start| {
            let mut found = HashMap::from([(start, 0.0)]);
            // Lengths are not negative: their bits are in the same order.
            let mut open = BinaryHeap::from([Reverse((0u64, start))]);
            while let Some(Reverse((bits, patch))) = open.pop() {
                let length = f64::from_bits(bits);
                if length > found[&patch] {
                    continue;
                }
                for (other, step) in &links[usize::from(patch)] {
                    let longer = length + step;
                    let known = found.get(other).copied().unwrap_or(f64::INFINITY);
                    if longer <= radius && longer < known {
                        found.insert(*other, longer);
                        open.push(Reverse((longer.to_bits(), *other)));
                    }
                }
            }
            found.into_iter().map(|(patch, length)| (length, patch)).collect()
        })
        .collect()
}

fn distance(a: [f64; 3], b: [f64; 3], columns: [f64; 2]) -> f64 {
    let mut d: [f64; 3] = std::array::from_fn(|k| b[k] - a[k]);
    for axis in 0..2 {
        d[axis] -= columns[axis] * (d[axis] / columns[axis]).round();
    }
    d.iter().map(|c| c * c).sum::<f64>().sqrt()
}

#[cfg(test)]
#[path = "creep_tests.rs"]
mod tests;
