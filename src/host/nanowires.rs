//! Forest of upright wires.

use super::grid::JitteredGrid;
use super::{Collector, Host, Nucleation, USUAL_NUCLEATION_MV, nucleation_overpotential};
use crate::lattice::{Purpose, SiteKind, stream};
use crate::quantity::{Limit, Quantity, quantities};
use rand::RngExt;
use std::f64::consts::TAU;

quantities! {
    /// Forest of upright wires.
    pub struct Nanowires {
        /// Mean distance between wires.
        spacing_um: Quantity::new("Spacing", "µm", 8.0)
            .within(Limit::Edges(2.0), Limit::Width).slider(3.0, 30.0),
        /// Diameter of a wire.
        diameter_um: Quantity::new("Diameter", "µm", 1.5)
            .within(Limit::Edges(1.0), Limit::Field("spacing_um")).slider(0.5, 8.0),
        /// Height of the wires.
        height_um: Quantity::new("Height", "µm", 24.0)
            .within(Limit::Edges(1.0), Limit::Height(0.9)).slider(2.0, 80.0),
        /// Largest lean of a wire from the vertical.
        lean_deg: Quantity::new("Lean", "°", 0.0).between(0.0, 60.0).slider(0.0, 30.0),
        /// Overpotential at which metal nucleates on the wires.
        nucleation_overpotential_mv: nucleation_overpotential("Nucleation", USUAL_NUCLEATION_MV),
    }
}

impl Host for Nanowires {
    fn presets() -> Vec<(&'static str, Self)> {
        vec![("Nanowire forest", Self { lean_deg: 8.0, ..Self::default() })]
    }

    fn label(&self) -> &'static str {
        "Nanowire forest"
    }

    fn nucleation(&self) -> Nucleation {
        Nucleation { host_mv: self.nucleation_overpotential_mv, seed_mv: 0.0 }
    }

    fn build(&self, collector: &mut Collector) {
        let spacing = collector.sites(self.spacing_um);
        let radius = 0.5 * self.diameter_um / collector.edge_um;
        let height = collector.sites(self.height_um);
        let lean = self.lean_deg.to_radians();
        let [nx, ny, nz] = collector.lattice.sites();
        let grid = JitteredGrid::new([nx as f64, ny as f64, spacing], spacing, collector.seed);
        let mut random = stream(collector.seed, Purpose::Host, 1, 0);
        for foot in &grid.points {
            let azimuth = random.random_range(0.0..TAU);
            let slope = libm::tan(lean * random.random::<f64>());
            let layers = (height * random.random_range(0.85..=1.0)).round().min(nz as f64 - 2.0) as i32;
            for z in 1..=layers {
                let shift = slope * f64::from(z);
                let axis = [foot[0] + shift * libm::cos(azimuth), foot[1] + shift * libm::sin(azimuth)];
                collector.disc(axis, radius, z, SiteKind::Host);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{HostData, HostSpec};
    use crate::lattice::{Lattice, Position};

    #[test]
    fn wires_stand_at_the_asked_density() {
        let wires =
            Nanowires { spacing_um: 6.0, diameter_um: 1.0, height_um: 10.0, ..Nanowires::default() };
        let mut lattice = Lattice::new([48, 48, 48]);
        HostSpec::Nanowires(wires).build(&HostData::None, &mut lattice, 0.5, 11);
        // 24 µm over 6 µm: 4 × 4 wires. Count connected dots in a layer below the shortest wire.
        let layer: Vec<Position> = lattice.iter_solids().map(|(p, ..)| p).filter(|p| p[2] == 4).collect();
        let firsts = layer.iter().filter(|p| {
            !lattice.is_solid([p[0] - 1, p[1], p[2]]) && !lattice.is_solid([p[0], p[1] - 1, p[2]])
        });
        assert!((16..=32).contains(&firsts.count()));
        assert!((16 * 3..=16 * 5).contains(&layer.len()), "{} sites in 16 discs of 1 µm", layer.len());
    }
}
