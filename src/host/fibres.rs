//! Cloth, felt and paper of round fibres.
//!
//! Accuracy: fibres are straight and may overlap, so that surface per volume is −(4/d) ε ln ε (Boolean model
//! of cylinders), ε the porosity. Stitches and the last fibre, which may end anywhere, depart from it. Where
//! fibres cross, corners narrower than a site are filled: 3 % of the surface is missing at d = 8 sites.

use super::{Collector, Host, Nucleation, USUAL_NUCLEATION_MV, nucleation_overpotential};
use crate::lattice::{FACES, Position, Purpose, SiteKind, stream};
use crate::quantity::{Limit, Quantity, quantities};
use rand::{Rng, RngExt};
use std::f64::consts::TAU;

/// Least cosine of a fibre with the vertical. One that is nearly level would go around the box without end.
const LEAST_RISE: f64 = 0.01;

quantities! {
    /// Cloth, felt or paper: straight round fibres that overlap.
    pub struct Fibres {
        /// Diameter of a fibre. Fibres of 1 µm stand for bundles of finer ones†.
        diameter_um: Quantity::new("Diameter", "µm", 7.0)
            .within(Limit::Edges(1.0), Limit::Width).slider(1.0, 20.0),
        /// Void fraction.
        porosity: Quantity::new("Void fraction", "", 0.8).between(0.5, 0.97),
        /// Height of the mat above the collector.
        height_um: Quantity::new("Height", "µm", 35.0)
            .within(Limit::Edges(1.0), Limit::Height(0.9)).slider(5.0, 80.0),
        /// Share of the fibres that lie level, half of them along x and half along y as in a weave†. The
        /// others have random directions and rise through the whole mat.
        layering: Quantity::new("Layering", "", 1.0).between(0.0, 1.0),
        /// Overpotential at which metal nucleates on the fibres.
        nucleation_overpotential_mv: nucleation_overpotential("Nucleation", USUAL_NUCLEATION_MV),
    }
}

impl Host for Fibres {
    fn presets() -> Vec<(&'static str, Self)> {
        let cloth = Self::default();
        vec![
            ("Carbon cloth", cloth),
            ("Carbon felt", Self { diameter_um: 9.0, porosity: 0.92, layering: 0.0, ..cloth }),
            ("Carbon paper", Self { porosity: 0.75, layering: 0.7, ..cloth }),
            ("Carbon nanofibre mat", Self { diameter_um: 1.0, porosity: 0.88, layering: 0.5, ..cloth }),
        ]
    }

    fn label(&self) -> &'static str {
        Self::presets().into_iter().find(|(_, preset)| preset == self).map_or("Fibres", |(name, _)| name)
    }

    fn nucleation(&self) -> Nucleation {
        Nucleation { host_mv: self.nucleation_overpotential_mv, seed_mv: 0.0 }
    }

    /// Fibres are placed one after the other until the porosity is reached, the last one in part. Each begins
    /// at the collector or at what stands already, so that all of them carry current.
    fn build(&self, collector: &mut Collector) {
        let [nx, ny] = collector.extent();
        let layers = collector.layers(self.height_um);
        let solid = (1.0 - self.porosity) * (nx * ny * layers) as f64;
        let mut mat = Mat {
            radius: 0.5 * collector.sites(self.diameter_um),
            layers: layers as i32,
            full: collector.lattice.count(SiteKind::Host) + solid.round() as u64,
            collector,
        };
        let mut random = stream(mat.collector.seed, Purpose::Host, 2, 0);
        while !mat.is_full() {
            if random.random::<f64>() < self.layering {
                mat.lay(&mut random);
            } else {
                mat.pierce(&mut random);
            }
        }
        // Where the last fibre ends, its rim may hang over.
        mat.collector.drop_loose();
    }
}

/// A mat that is being made. Lengths in sites.
struct Mat<'a, 'b> {
    collector: &'a mut Collector<'b>,
    radius: f64,
    /// Height of the mat.
    layers: i32,
    /// Host sites, with the collector, at which the porosity is reached.
    full: u64,
}

impl Mat<'_, '_> {
    fn is_full(&self) -> bool {
        self.collector.lattice.count(SiteKind::Host) >= self.full
    }

    fn random_foot(&self, random: &mut impl Rng) -> [f64; 3] {
        let [nx, ny] = self.collector.extent().map(|n| n as f64);
        [random.random::<f64>() * nx, random.random::<f64>() * ny, 1.0]
    }

    /// A fibre of random direction through the whole mat. A plane is crossed by fibres in proportion to the
    /// cosine of their angle, so that fibres drawn by their foot on the collector need this weight.
    fn pierce(&mut self, random: &mut impl Rng) {
        let foot = self.random_foot(random);
        let rise = (1.0 - random.random::<f64>()).sqrt().max(LEAST_RISE);
        let (azimuth, level) = (random.random_range(0.0..TAU), (1.0 - rise * rise).sqrt());
        let along = [level * libm::cos(azimuth), level * libm::sin(azimuth), rise];
        let fibre = Fibre::new(foot, along);
        // Where the skin of the fibre enters and leaves the mat, along its axis.
        let skin = self.radius * level / rise + self.radius;
        let ends = [-skin, f64::from(self.layers) / rise + skin]
            .map(|way| (foot[fibre.axis] + way * along[fibre.axis]).floor() as i32);
        let (step, count) = ((ends[1] - ends[0]).signum(), (ends[1] - ends[0]).abs());
        for number in 0..=count {
            if self.is_full() {
                return;
            }
            self.put(fibre.slice(ends[0] + step * number, self.radius));
        }
    }

    /// A level fibre around the whole box, along x or y. One that touches nothing gets a stitch: an upright
    /// fibre from the collector.
    fn lay(&mut self, random: &mut impl Rng) {
        let mut foot = self.random_foot(random);
        let room = (f64::from(self.layers) - 2.0 * self.radius).max(0.0);
        foot[2] += 0.5 * (f64::from(self.layers) - room) + room * random.random::<f64>();
        let axis = usize::from(random.random::<bool>());
        let mut along = [0.0; 3];
        along[axis] = 1.0;
        let fibre = Fibre::new(foot, along);
        let around = self.collector.extent()[axis] as i32;
        let start = (0..around).find(|slice| self.touches(&fibre.slice(*slice, self.radius)));
        if start.is_none() {
            foot[axis] = 0.5;
            let stitch = Fibre::new(foot, [0.0, 0.0, 1.0]);
            for z in 1..=(foot[2] as i32).min(self.layers) {
                self.put(stitch.slice(z, self.radius));
            }
        }
        let start = start.unwrap_or(0);
        for slice in start..start + around {
            if self.is_full() {
                return;
            }
            self.put(fibre.slice(slice, self.radius));
        }
    }

    /// Sites of the mat: not below the collector and not above the height.
    fn inside(&self, position: &Position) -> bool {
        (1..=self.layers).contains(&position[2])
    }

    fn put(&mut self, slice: Vec<Position>) {
        for position in slice {
            if self.inside(&position) {
                self.collector.put(position, SiteKind::Host);
            }
        }
    }

    fn touches(&self, slice: &[Position]) -> bool {
        let beside = |position: &Position, step: &Position| std::array::from_fn(|k| position[k] + step[k]);
        let solid = |position: &Position| {
            FACES.iter().any(|step| self.collector.lattice.is_solid(beside(position, step)))
        };
        slice.iter().filter(|position| self.inside(position)).any(solid)
    }
}

/// The axis of a fibre, an endless line. Lengths in sites.
struct Fibre {
    foot: [f64; 3],
    /// Unit vector.
    along: [f64; 3],
    /// The axis of the lattice that it is nearest to.
    axis: usize,
}

impl Fibre {
    fn new(foot: [f64; 3], along: [f64; 3]) -> Self {
        let axis = (0..3).max_by(|a, b| along[*a].abs().total_cmp(&along[*b].abs())).unwrap_or(2);
        Self { foot, along, axis }
    }

    /// The place of the line where its coordinate along the axis is this.
    fn at(&self, coordinate: f64) -> [f64; 3] {
        let way = (coordinate - self.foot[self.axis]) / self.along[self.axis];
        std::array::from_fn(|k| self.foot[k] + way * self.along[k])
    }

    /// Sites of one layer across the axis: those with their middle inside the radius, and those that the line
    /// itself goes through. The latter hold the thinnest fibre together over faces.
    fn slice(&self, layer: i32, radius: f64) -> Vec<Position> {
        let Self { along, axis, .. } = *self;
        let [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
        let site = |u: i32, v: i32| {
            let mut position = [layer; 3];
            (position[a], position[b]) = (u, v);
            position
        };
        let [enter, exit] = [layer, layer + 1].map(|face| self.at(f64::from(face)).map(|c| c.floor() as i32));
        let mut sites = vec![site(enter[a], enter[b]), site(exit[a], enter[b]), site(exit[a], exit[b])];
        let middle = self.at(f64::from(layer) + 0.5);
        // The line is at most 55° off the axis, which stretches its section.
        let reach = radius / along[axis].abs();
        let range = |k: usize| (middle[k] - reach).floor() as i32..=(middle[k] + reach).floor() as i32;
        for v in range(b) {
            for u in range(a) {
                let away = [f64::from(u) + 0.5 - middle[a], f64::from(v) + 0.5 - middle[b]];
                let beside = away[0] * along[a] + away[1] * along[b];
                if away[0] * away[0] + away[1] * away[1] - beside * beside <= radius * radius {
                    sites.push(site(u, v));
                }
            }
        }
        sites
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{HostData, HostSpec};
    use crate::lattice::Lattice;

    fn built(host: Fibres, sites: [usize; 3], edge_um: f64, seed: u64) -> Lattice {
        let mut lattice = Lattice::new(sites);
        HostSpec::Fibres(host).build(&HostData::None, &mut lattice, edge_um, seed);
        lattice
    }

    /// Open sides of the mat without those on its flat top, and its volume, both in sites.
    fn faces_and_solids(lattice: &Lattice, layers: i32) -> (f64, f64) {
        let (mut faces, mut solids) = (0, 0);
        for (position, ..) in lattice.iter_solids().filter(|(position, ..)| position[2] > 0) {
            solids += 1;
            for step in FACES {
                let beside: Position = std::array::from_fn(|k| position[k] + step[k]);
                faces += usize::from(beside[2] <= layers && !lattice.is_solid(beside));
            }
        }
        (faces as f64, f64::from(solids))
    }

    /// A surface with unit normal n shows Σ|n_i| faces of sites per area. The mean of |n_i| over all
    /// directions is 1/2, so isotropic fibres show 3/2 of their area; level fibres have normals in the plane
    /// across, where the mean of |cos| + |sin| is 4/π.
    #[test]
    fn surface_and_porosity_follow_the_law_of_overlapping_fibres() {
        for (layering, stairs) in [(0.0, 1.5), (1.0, 4.0 / std::f64::consts::PI)] {
            for (diameter_um, porosity, edge_um) in [(4.0, 0.8, 0.5), (4.0, 0.65, 0.5), (4.0, 0.8, 0.25)] {
                let height_um = 44.0;
                let host = Fibres { diameter_um, porosity, height_um, layering, ..Fibres::default() };
                let [n, layers] = [48.0, height_um].map(|um| (um / edge_um) as usize);
                let (mut area, mut void) = (0.0, 0.0);
                let seeds = 1..=8;
                for seed in seeds.clone() {
                    let lattice = built(host, [n, n, (layers + 8).next_multiple_of(8)], edge_um, seed);
                    let (faces, solids) = faces_and_solids(&lattice, layers as i32);
                    let volume = (n * n * layers) as f64;
                    assert!((1.0 - solids / volume - porosity).abs() < 0.01, "{}", 1.0 - solids / volume);
                    area += faces / stairs / volume / edge_um / 8.0;
                    void += (1.0 - solids / volume) / 8.0;
                }
                let law = -4.0 / diameter_um * void * void.ln();
                let label = format!("layering {layering}, porosity {porosity}, edge {edge_um} µm");
                println!("{label}: {area} per µm, law {law}, void {void}");
                assert!((area / law - 1.0).abs() < 0.05, "{label}: {area} per µm, not {law}");
            }
        }
    }

    /// Directions of isotropic fibres: as many faces along x as along y and z.
    #[test]
    fn fibres_without_layers_have_no_direction() {
        let host = Fibres { diameter_um: 4.0, layering: 0.0, height_um: 50.0, ..Fibres::default() };
        let mut faces = [0.0; 3];
        for seed in 1..=8 {
            let lattice = built(host, [128, 128, 128], 0.5, seed);
            for (position, ..) in lattice.iter_solids().filter(|(position, ..)| (1..100).contains(&position[2])) {
                for (number, step) in FACES.iter().enumerate() {
                    let beside: Position = std::array::from_fn(|k| position[k] + step[k]);
                    faces[number / 2] += f64::from(u8::from(!lattice.is_solid(beside)));
                }
            }
        }
        let mean = faces.iter().sum::<f64>() / 3.0;
        assert!(faces.iter().all(|axis| (axis / mean - 1.0).abs() < 0.05), "{faces:?}");
    }
}
