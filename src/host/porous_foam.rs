//! Open-cell metal foam.

use super::grid::{JitteredGrid, three_nearest};
use super::{Collector, Host, Nucleation, USUAL_NUCLEATION_MV, nucleation_overpotential};
use crate::quantity::{Limit, Quantity, quantities};
use rayon::prelude::*;

quantities! {
    /// Open-cell metal foam: struts along the edges of a Voronoi froth, where three pores are equally near.
    pub struct PorousFoam {
        /// Mean pore size.
        pore_um: Quantity::new("Pore size", "µm", 16.0)
            .within(Limit::Edges(4.0), Limit::Width).slider(5.0, 40.0),
        /// Void fraction.
        porosity: Quantity::new("Void fraction", "", 0.85).between(0.5, 0.97),
        /// Height of the foam above the collector.
        height_um: Quantity::new("Height", "µm", 35.0)
            .within(Limit::Edges(1.0), Limit::Height(0.9)).slider(5.0, 80.0),
        /// Overpotential at which metal nucleates on the struts.
        nucleation_overpotential_mv: nucleation_overpotential("Nucleation", USUAL_NUCLEATION_MV),
    }
}

impl Host for PorousFoam {
    fn presets() -> Vec<(&'static str, Self)> {
        vec![("Metal foam", Self::default())]
    }

    fn label(&self) -> &'static str {
        "Metal foam"
    }

    fn nucleation(&self) -> Nucleation {
        Nucleation { host_mv: self.nucleation_overpotential_mv, seed_mv: 0.0 }
    }

    /// The strut width is the one that gives the porosity exactly (to one site).
    fn build(&self, collector: &mut Collector) {
        let [nx, ny] = collector.extent();
        let layers = collector.layers(self.height_um);
        let extent = [nx as f64, ny as f64, layers as f64];
        let grid = JitteredGrid::new(extent, collector.sites(self.pore_um), collector.seed);
        // Difference of the distances to the third and the first pore, and the number of the site, x the
        // fastest.
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
        collector.put_lowest(rated, 1.0 - self.porosity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{HostData, HostSpec};
    use crate::lattice::{Lattice, SiteKind};

    #[test]
    fn foam_has_the_asked_porosity() {
        let foam = PorousFoam { pore_um: 8.0, porosity: 0.9, height_um: 16.0, ..PorousFoam::default() };
        let mut lattice = Lattice::new([48, 48, 48]);
        HostSpec::PorousFoam(foam).build(&HostData::None, &mut lattice, 0.5, 11);
        let struts = lattice.count(SiteKind::Host) as f64 - 48.0 * 48.0;
        let fraction = struts / (48.0 * 48.0 * 32.0);
        assert!((fraction - 0.1).abs() < 1e-4, "{fraction}");
    }
}
