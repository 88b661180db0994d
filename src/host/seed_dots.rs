//! Sodiophilic dots on a flat foil.

use super::grid::JitteredGrid;
use super::{Collector, Host, Nucleation, USUAL_NUCLEATION_MV, nucleation_overpotential};
use crate::lattice::SiteKind;
use crate::quantity::{Limit, Quantity, quantities};

quantities! {
    /// Sodiophilic seed dots (gold, tin) on a flat foil.
    pub struct SeedDots {
        /// Mean distance between dots.
        spacing_um: Quantity::new("Spacing", "µm", 12.0)
            .within(Limit::Edges(2.0), Limit::Width).slider(4.0, 40.0),
        /// Diameter of a dot.
        diameter_um: Quantity::new("Diameter", "µm", 3.0)
            .within(Limit::Edges(1.0), Limit::Field("spacing_um")).slider(0.5, 15.0),
        /// Overpotential at which metal nucleates on the dots.
        nucleation_overpotential_mv: nucleation_overpotential("Nucleation on dots", 0.0),
        /// Overpotential at which metal nucleates on the foil between them.
        foil_nucleation_overpotential_mv: nucleation_overpotential("Nucleation on foil", USUAL_NUCLEATION_MV),
    }
}

impl Host for SeedDots {
    fn presets() -> Vec<(&'static str, Self)> {
        vec![("Gold seeds", Self { foil_nucleation_overpotential_mv: 60.0, ..Self::default() })]
    }

    fn label(&self) -> &'static str {
        "Gold seeds"
    }

    fn nucleation(&self) -> Nucleation {
        Nucleation {
            host_mv: self.foil_nucleation_overpotential_mv,
            seed_mv: self.nucleation_overpotential_mv,
        }
    }

    fn build(&self, collector: &mut Collector) {
        let spacing = collector.sites(self.spacing_um);
        let radius = 0.5 * self.diameter_um / collector.edge_um;
        let [nx, ny] = collector.extent();
        let grid = JitteredGrid::new([nx as f64, ny as f64, spacing], spacing, collector.seed);
        for point in &grid.points {
            collector.disc([point[0], point[1]], radius, 1, SiteKind::Seed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{HostData, HostSpec};
    use crate::lattice::Lattice;

    #[test]
    fn seeds_cover_their_share_of_the_foil() {
        let dots = SeedDots { spacing_um: 6.0, diameter_um: 3.0, ..SeedDots::default() };
        let mut lattice = Lattice::new([48, 48, 48]);
        HostSpec::SeedDots(dots).build(&HostData::None, &mut lattice, 0.5, 11);
        let covered = lattice.count(SiteKind::Seed) as f64 / (48.0 * 48.0);
        let expected = std::f64::consts::PI / 4.0 * 0.25;
        assert!((covered / expected - 1.0).abs() < 0.1, "{covered} {expected}");
    }
}
