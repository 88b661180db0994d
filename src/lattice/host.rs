//! Electrode geometries: a flat collector in layer 0 and what stands on it.
//!
//! Every host is made from a few parameters of the scene and one random stream, and is periodic sideways like
//! the box.
//! Not modelled: bending, swelling or dissolution of a host; it only carries electrons.

use super::random::{Purpose, stream};
use super::{GrowthMode, Lattice, NONE_U16, Position, SiteKind, Solid};
use crate::scene::HostSpec;
use noise::{NoiseFn, Perlin};
use rand::RngExt;
use rayon::prelude::*;
use std::f64::consts::TAU;
use std::ops::Range;

/// What the simulation must know of a host besides its sites.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostShape {
    /// Nucleation overpotential on the collector and host, V.
    pub nucleation_host_v: f64,
    /// Nucleation overpotential on seeds, V.
    pub nucleation_seed_v: f64,
}

/// Places collector and host into an empty lattice with sites of `edge_um`.
pub fn build_host(lattice: &mut Lattice, spec: &HostSpec, edge_um: f64, seed: u64) -> HostShape {
    let [nx, ny, _] = lattice.sites();
    for y in 0..ny as i32 {
        for x in 0..nx as i32 {
            put(lattice, [x, y, 0], SiteKind::Host);
        }
    }
    let milli = 1e-3;
    match *spec {
        HostSpec::Planar { roughness_um, scale_um, nucleation_overpotential_mv } => {
            roughen(lattice, roughness_um / edge_um, scale_um / edge_um, seed);
            HostShape { nucleation_host_v: nucleation_overpotential_mv * milli, nucleation_seed_v: 0.0 }
        }
        HostSpec::PorousFoam { pore_um, porosity, height_um, nucleation_overpotential_mv } => {
            foam(lattice, pore_um / edge_um, porosity, height_um / edge_um, seed);
            HostShape { nucleation_host_v: nucleation_overpotential_mv * milli, nucleation_seed_v: 0.0 }
        }
        HostSpec::Nanowires { spacing_um, diameter_um, height_um, lean_deg, nucleation_overpotential_mv } => {
            let wire = Wire {
                radius: 0.5 * diameter_um / edge_um,
                height: height_um / edge_um,
                lean: lean_deg.to_radians(),
            };
            wires(lattice, spacing_um / edge_um, wire, seed);
            HostShape { nucleation_host_v: nucleation_overpotential_mv * milli, nucleation_seed_v: 0.0 }
        }
        HostSpec::SeedDots {
            spacing_um,
            diameter_um,
            nucleation_overpotential_mv,
            foil_nucleation_overpotential_mv,
        } => {
            dots(lattice, spacing_um / edge_um, 0.5 * diameter_um / edge_um, seed);
            HostShape {
                nucleation_host_v: foil_nucleation_overpotential_mv * milli,
                nucleation_seed_v: nucleation_overpotential_mv * milli,
            }
        }
    }
}

/// Noise that is periodic sideways: the plane is rolled up into a torus in four dimensions.
pub(super) struct PeriodicNoise {
    noise: Perlin,
    columns: [f64; 2],
    scale: f64,
}

impl PeriodicNoise {
    /// Noise with features of `scale` sites on a lattice.
    pub(super) fn new(lattice: &Lattice, scale: f64, seed: u64) -> Self {
        let [nx, ny, _] = lattice.sites();
        // Perlin tables take 32 bits; folding keeps the influence of the upper half.
        Self { noise: Perlin::new((seed ^ (seed >> 32)) as u32), columns: [nx as f64, ny as f64], scale }
    }

    /// Value in about −1…1 at a position.
    pub(super) fn at(&self, [x, y, z]: Position) -> f64 {
        let angle = |c: i32, n: f64| TAU * f64::from(c) / n;
        let radius = self.columns.map(|n| n / (TAU * self.scale));
        let (u, v) = (angle(x, self.columns[0]), angle(y, self.columns[1]));
        let rise = f64::from(z) / self.scale;
        self.noise.get([
            radius[0] * libm::cos(u) + rise,
            radius[0] * libm::sin(u),
            radius[1] * libm::cos(v) - rise,
            radius[1] * libm::sin(v),
        ])
    }
}

fn put(lattice: &mut Lattice, position: Position, kind: SiteKind) {
    if lattice.contains_height(position[2]) && !lattice.is_solid(position) {
        lattice.place(position, kind, Solid::new(0, 0.0, NONE_U16, GrowthMode::None));
    }
}

fn roughen(lattice: &mut Lattice, height: f64, scale: f64, seed: u64) {
    if height <= 0.0 {
        return;
    }
    let noise = PeriodicNoise::new(lattice, scale, seed);
    let [nx, ny, _] = lattice.sites();
    for y in 0..ny as i32 {
        for x in 0..nx as i32 {
            let level = (0.5 * height * (1.0 + noise.at([x, y, 0]))).round() as i32;
            for z in 1..=level {
                put(lattice, [x, y, z], SiteKind::Host);
            }
        }
    }
}

/// Share of a cell at each side that its point keeps free, so that two are never on top of each other.
const MARGIN: f64 = 0.15;

/// One point per cell of a jittered periodic grid with about `spacing` between points.
struct JitteredGrid {
    cells: [usize; 3],
    size: [f64; 3],
    points: Vec<[f64; 3]>,
}

impl JitteredGrid {
    fn new(extent: [f64; 3], spacing: f64, seed: u64) -> Self {
        let cells = extent.map(|e| ((e / spacing).round() as usize).max(1));
        let size = std::array::from_fn(|k| extent[k] / cells[k] as f64);
        let mut random = stream(seed, Purpose::Host, 0, 0);
        let mut points = Vec::with_capacity(cells.iter().product());
        for c in 0..cells[2] {
            for b in 0..cells[1] {
                for a in 0..cells[0] {
                    let corner = [a as f64, b as f64, c as f64];
                    points.push(std::array::from_fn(|k| {
                        (corner[k] + random.random_range(MARGIN..1.0 - MARGIN)) * size[k]
                    }));
                }
            }
        }
        Self { cells, size, points }
    }

    /// Sites along an axis whose middles lie in a cell, of `n` sites.
    fn sites(&self, axis: usize, cell: usize, n: usize) -> Range<usize> {
        let first = |cell: usize| (cell as f64 * self.size[axis] - 0.5).ceil() as usize;
        first(cell).min(n)..first(cell + 1).min(n)
    }

    /// Images (periodic along x and y, and along z as well) of the points that may be among the three nearest
    /// to some place in a cell, with the square of the distance that they have at least, by which they are
    /// sorted.
    fn images(&self, home: [usize; 3]) -> Vec<([f64; 3], f64)> {
        let image = |step: Position| {
            let (mut index, mut shift) = (0, [0.0; 3]);
            for k in (0..3).rev() {
                let (cell, n) = (home[k] as i32 + step[k], self.cells[k] as i32);
                let wrapped = cell.rem_euclid(n);
                index = index * self.cells[k] + wrapped as usize;
                shift[k] = f64::from(cell - wrapped) * self.size[k];
            }
            let apart = |k: usize| (f64::from(step[k].abs()) - 1.0 + MARGIN).max(0.0) * self.size[k];
            let least = (0..3).map(|k| apart(k).powi(2)).sum::<f64>();
            (std::array::from_fn(|k| self.points[index][k] + shift[k]), least)
        };
        let mut images: Vec<_> = Lattice::cube(2).map(image).collect();
        images.sort_by(|a, b| a.1.total_cmp(&b.1));
        images
    }
}

/// Distances from a place to the three nearest of these [images](JitteredGrid::images).
fn three_nearest(at: [f64; 3], images: &[([f64; 3], f64)]) -> [f64; 3] {
    let mut best = [f64::INFINITY; 3];
    for (image, least) in images {
        if *least > best[2] {
            break;
        }
        let square: f64 = (0..3).map(|k| (image[k] - at[k]).powi(2)).sum();
        if square < best[2] {
            best[2] = square;
            best.sort_by(f64::total_cmp);
        }
    }
    best.map(f64::sqrt)
}

/// Open-cell foam: struts along the edges of a Voronoi froth, where three pores are equally near.
/// The strut width is the one that gives the asked porosity exactly (to one site).
fn foam(lattice: &mut Lattice, pore: f64, porosity: f64, height: f64, seed: u64) {
    let [nx, ny, nz] = lattice.sites();
    let layers = (height.round() as usize).clamp(1, nz - 2);
    let grid = JitteredGrid::new([nx as f64, ny as f64, layers.max(1) as f64], pore, seed);
    // Difference of the distances to the third and the first pore, and the number of the site, x the fastest.
    let mut rated = vec![(0.0, 0); nx * ny * layers];
    rated.par_chunks_mut(nx * ny).enumerate().for_each(|(z, layer)| {
        let height = z as f64 + 0.5;
        let home_z = ((height / grid.size[2]) as usize).min(grid.cells[2] - 1);
        for (home_y, home_x) in (0..grid.cells[1]).flat_map(|y| (0..grid.cells[0]).map(move |x| (y, x))) {
            let images = grid.images([home_x, home_y, home_z]);
            for y in grid.sites(1, home_y, ny) {
                for x in grid.sites(0, home_x, nx) {
                    let near = three_nearest([x as f64 + 0.5, y as f64 + 0.5, height], &images);
                    layer[y * nx + x] = (near[2] - near[0], (z * ny + y) * nx + x);
                }
            }
        }
    });
    let struts = ((1.0 - porosity) * rated.len() as f64).round() as usize;
    if struts < rated.len() {
        rated.select_nth_unstable_by(struts, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    }
    let mut chosen: Vec<usize> = rated[..struts].iter().map(|(_, index)| *index).collect();
    chosen.sort_unstable();
    for index in chosen {
        let position = [index % nx, index / nx % ny, index / (nx * ny) + 1].map(|c| c as i32);
        put(lattice, position, SiteKind::Host);
    }
}

struct Wire {
    radius: f64,
    height: f64,
    lean: f64,
}

fn wires(lattice: &mut Lattice, spacing: f64, wire: Wire, seed: u64) {
    let [nx, ny, nz] = lattice.sites();
    let grid = JitteredGrid::new([nx as f64, ny as f64, spacing], spacing, seed);
    let mut random = stream(seed, Purpose::Host, 1, 0);
    for foot in &grid.points {
        let azimuth = random.random_range(0.0..TAU);
        let slope = libm::tan(wire.lean * random.random::<f64>());
        let layers = (wire.height * random.random_range(0.85..=1.0)).round().min(nz as f64 - 2.0) as i32;
        for z in 1..=layers {
            let shift = slope * f64::from(z);
            let axis = [foot[0] + shift * libm::cos(azimuth), foot[1] + shift * libm::sin(azimuth)];
            disc(lattice, axis, wire.radius, z, SiteKind::Host);
        }
    }
}

fn dots(lattice: &mut Lattice, spacing: f64, radius: f64, seed: u64) {
    let [nx, ny, _] = lattice.sites();
    let grid = JitteredGrid::new([nx as f64, ny as f64, spacing], spacing, seed);
    for point in &grid.points {
        disc(lattice, [point[0], point[1]], radius, 1, SiteKind::Seed);
    }
}

/// A round slice, one layer high, of at least one site.
fn disc(lattice: &mut Lattice, centre: [f64; 2], radius: f64, z: i32, kind: SiteKind) {
    let reach = radius.ceil() as i32;
    let middle = centre.map(|c| c.floor() as i32);
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let position = [middle[0] + dx, middle[1] + dy, z];
            let away = [f64::from(position[0]) + 0.5 - centre[0], f64::from(position[1]) + 0.5 - centre[1]];
            if (dx, dy) == (0, 0) || libm::hypot(away[0], away[1]) <= radius {
                put(lattice, position, kind);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(spec: &HostSpec) -> Lattice {
        let mut lattice = Lattice::new([48, 48, 48]);
        build_host(&mut lattice, spec, 0.5, 11);
        lattice
    }

    #[test]
    fn foam_has_the_asked_porosity() {
        let spec = HostSpec::PorousFoam {
            pore_um: 8.0,
            porosity: 0.9,
            height_um: 16.0,
            nucleation_overpotential_mv: 30.0,
        };
        let struts = build(&spec).count(SiteKind::Host) as f64 - 48.0 * 48.0;
        let fraction = struts / (48.0 * 48.0 * 32.0);
        assert!((fraction - 0.1).abs() < 1e-4, "{fraction}");
    }

    #[test]
    fn wires_stand_at_the_asked_density() {
        let spec = HostSpec::Nanowires {
            spacing_um: 6.0,
            diameter_um: 1.0,
            height_um: 10.0,
            lean_deg: 0.0,
            nucleation_overpotential_mv: 30.0,
        };
        let lattice = build(&spec);
        // 24 µm over 6 µm: 4 × 4 wires. Count connected dots in a layer below the shortest wire.
        let layer: Vec<Position> = lattice.iter_solids().map(|(p, ..)| p).filter(|p| p[2] == 4).collect();
        let firsts = layer.iter().filter(|p| {
            !lattice.is_solid([p[0] - 1, p[1], p[2]]) && !lattice.is_solid([p[0], p[1] - 1, p[2]])
        });
        assert!((16..=32).contains(&firsts.count()));
        assert!((16 * 3..=16 * 5).contains(&layer.len()), "{} sites in 16 discs of 1 µm", layer.len());
    }

    #[test]
    fn seeds_cover_their_share_of_the_foil() {
        let spec = HostSpec::SeedDots {
            spacing_um: 6.0,
            diameter_um: 3.0,
            nucleation_overpotential_mv: 0.0,
            foil_nucleation_overpotential_mv: 40.0,
        };
        let covered = build(&spec).count(SiteKind::Seed) as f64 / (48.0 * 48.0);
        let expected = std::f64::consts::PI / 4.0 * 0.25;
        assert!((covered / expected - 1.0).abs() < 0.1, "{covered} {expected}");
    }
}
