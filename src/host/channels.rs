//! Vertical pores, as in carbonised wood.

use super::{Collector, Host, Nucleation, USUAL_NUCLEATION_MV, nucleation_overpotential};
use crate::lattice::PeriodicNoise;
use crate::quantity::{Limit, Quantity, quantities};
use rayon::prelude::*;
use std::f64::consts::PI;

/// Distance of two rows of a honeycomb over the distance of two pores in a row: √3/2.
const ROW: f64 = 0.866_025_403_784_438_6;

quantities! {
    /// Honeycomb of round vertical pores, as in carbonised wood.
    pub struct Channels {
        /// Diameter of a pore.
        pore_um: Quantity::new("Pore", "µm", 10.0)
            .within(Limit::Edges(4.0), Limit::Width).slider(2.0, 40.0),
        /// Thickness of the wall where two pores are closest.
        wall_um: Quantity::new("Wall", "µm", 2.0)
            .within(Limit::Edges(1.0), Limit::Field("pore_um")).slider(0.5, 10.0),
        /// Height of the walls above the collector.
        height_um: Quantity::new("Height", "µm", 35.0)
            .within(Limit::Edges(1.0), Limit::Height(0.9)).slider(5.0, 80.0),
        /// Largest displacement of the walls by noise, over the distance between pores. 0 is a perfect
        /// honeycomb.
        disorder: Quantity::new("Disorder", "", 0.3).between(0.0, 0.5),
        /// Overpotential at which metal nucleates on the walls.
        nucleation_overpotential_mv: nucleation_overpotential("Nucleation", USUAL_NUCLEATION_MV),
    }
}

impl Channels {
    /// Void fraction of a perfect honeycomb: π/(2√3) (d/(d + w))².
    fn void_fraction(&self) -> f64 {
        let open = self.pore_um / (self.pore_um + self.wall_um);
        PI / (4.0 * ROW) * open * open
    }
}

impl Host for Channels {
    fn presets() -> Vec<(&'static str, Self)> {
        vec![("Wood channels", Self::default())]
    }

    fn label(&self) -> &'static str {
        "Wood channels"
    }

    fn nucleation(&self) -> Nucleation {
        Nucleation { host_mv: self.nucleation_overpotential_mv, seed_mv: 0.0 }
    }

    /// The honeycomb is stretched until a whole number of pores fits the periodic box. Pores are as wide as
    /// the void fraction asks for, to one site in the whole host.
    fn build(&self, collector: &mut Collector) {
        let [nx, ny] = collector.extent();
        let layers = collector.layers(self.height_um);
        let pitch = collector.sites(self.pore_um + self.wall_um);
        let honeycomb = Honeycomb::new([nx as f64, ny as f64], pitch);
        let noises: [PeriodicNoise; 2] = std::array::from_fn(|k| {
            PeriodicNoise::new(collector.lattice, 2.0 * pitch, collector.seed.wrapping_add(0xC4A + k as u64))
        });
        let amplitude = self.disorder * pitch;
        // The same at all heights: the pores are upright.
        let nearness = |column: usize| {
            let position = [(column % nx) as i32, (column / nx) as i32, 0];
            let place = std::array::from_fn(|k| {
                f64::from(position[k]) + 0.5 + amplitude * noises[k].at(position)
            });
            -honeycomb.distance(place)
        };
        let columns: Vec<f64> = (0..nx * ny).into_par_iter().map(nearness).collect();
        let rated = (0..nx * ny * layers).map(|site| (columns[site % (nx * ny)], site)).collect();
        collector.put_lowest(rated, 1.0 - self.void_fraction());
    }
}

/// Centres of pores that are periodic in a box: every second row is shifted by half a pore.
struct Honeycomb {
    /// Distance of pores in a row and of rows, sites.
    size: [f64; 2],
}

impl Honeycomb {
    /// About `pitch` sites between pores. Of the whole numbers of pores and rows, those that give the most
    /// similar number of pores per area.
    fn new(extent: [f64; 2], pitch: f64) -> Self {
        let around = |n: f64| [n.floor().max(1.0), n.ceil().max(1.0)];
        let mut best = (f64::INFINITY, [0.0; 2]);
        for columns in around(extent[0] / pitch) {
            for pairs in around(extent[1] / (2.0 * ROW * pitch)) {
                let size = [extent[0] / columns, extent[1] / (2.0 * pairs)];
                let off = libm::log(size[0] * size[1] / (ROW * pitch * pitch)).abs();
                if off < best.0 {
                    best = (off, size);
                }
            }
        }
        Self { size: best.1 }
    }

    /// Distance from a place to the nearest centre, sites.
    fn distance(&self, place: [f64; 2]) -> f64 {
        let row = (place[1] / self.size[1]).floor();
        let to_row = |row: f64| {
            let shift = 0.25 + 0.5 * row.rem_euclid(2.0);
            let x = place[0] / self.size[0] - shift;
            libm::hypot((x - x.round()) * self.size[0], place[1] - (row + 0.5) * self.size[1])
        };
        [row - 1.0, row, row + 1.0].into_iter().map(to_row).fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{HostData, HostSpec};
    use crate::lattice::{Lattice, SiteKind};

    /// Void fraction and area per volume follow the parameters at two edges, with and without disorder.
    /// A round wall of cubes has 4/π of the area of the smooth one.
    #[test]
    fn void_fraction_and_specific_area_follow_the_parameters() {
        for (pore_um, wall_um, disorder, edge_um) in
            [(8.0, 2.0, 0.0, 0.5), (8.0, 2.0, 0.3, 0.5), (8.0, 2.0, 0.3, 0.25), (12.0, 1.5, 0.3, 0.5)]
        {
            let height_um = 6.0;
            let host = Channels { pore_um, wall_um, height_um, disorder, ..Channels::default() };
            let [n, layers] = [64.0, height_um].map(|um| (um / edge_um) as usize);
            let mut lattice = Lattice::new([n, n, 32]);
            HostSpec::Channels(host).build(&HostData::None, &mut lattice, edge_um, 5);
            let volume = (n * n * layers) as f64;
            let walls = lattice.count(SiteKind::Host) as f64 - (n * n) as f64;
            let void = 1.0 - walls / volume;
            let mut faces = 0;
            for (position, ..) in lattice.iter_solids().filter(|(position, ..)| position[2] > 0) {
                for [dx, dy] in [[1, 0], [-1, 0], [0, 1], [0, -1]] {
                    let beside = [position[0] + dx, position[1] + dy, position[2]];
                    faces += usize::from(!lattice.is_solid(beside));
                }
            }
            let area_per_um = 0.25 * PI * faces as f64 / volume / edge_um;
            let open = pore_um / (pore_um + wall_um);
            let expected_void = PI / 12f64.sqrt() * open * open;
            let expected_area = 4.0 * expected_void / pore_um;
            let label = format!("{pore_um} µm, {wall_um} µm, disorder {disorder}, edge {edge_um} µm");
            assert!((void / expected_void - 1.0).abs() < 0.05, "{label}: void {void}, not {expected_void}");
            assert!(
                (area_per_um / expected_area - 1.0).abs() < 0.05,
                "{label}: area {area_per_um} per µm, not {expected_area}"
            );
        }
    }
}
