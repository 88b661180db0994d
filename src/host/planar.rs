//! Foil, flat or rough.

use super::{Collector, Host, Nucleation, USUAL_NUCLEATION_MV, nucleation_overpotential};
use crate::lattice::{PeriodicNoise, SiteKind};
use crate::quantity::{Limit, Quantity, quantities};

quantities! {
    /// Flat foil, optionally rough.
    pub struct Planar {
        /// Height of the roughness from peak to valley. 0 is flat.
        roughness_um: Quantity::new("Roughness", "µm", 0.0)
            .within(Limit::Number(0.0), Limit::Height(0.9)).slider(0.0, 10.0),
        /// Lateral scale of the roughness.
        scale_um: Quantity::new("Scale", "µm", 5.0)
            .within(Limit::Edges(1.0), Limit::Number(10_000.0)).slider(1.0, 30.0),
        /// Overpotential at which metal nucleates on the foil.
        nucleation_overpotential_mv: nucleation_overpotential("Nucleation", USUAL_NUCLEATION_MV),
    }
}

impl Host for Planar {
    fn presets() -> Vec<(&'static str, Self)> {
        vec![
            ("Flat foil", Self::default()),
            ("Rough foil", Self { roughness_um: 4.0, ..Self::default() }),
        ]
    }

    fn label(&self) -> &'static str {
        if self.roughness_um > 0.0 { "Rough foil" } else { "Flat foil" }
    }

    fn nucleation(&self) -> Nucleation {
        Nucleation { host_mv: self.nucleation_overpotential_mv, seed_mv: 0.0 }
    }

    fn build(&self, collector: &mut Collector) {
        let height = collector.sites(self.roughness_um);
        if height <= 0.0 {
            return;
        }
        let noise = PeriodicNoise::new(collector.lattice, collector.sites(self.scale_um), collector.seed);
        let [nx, ny] = collector.extent();
        for y in 0..ny as i32 {
            for x in 0..nx as i32 {
                let level = (0.5 * height * (1.0 + noise.at([x, y, 0]))).round() as i32;
                for z in 1..=level {
                    collector.put([x, y, z], SiteKind::Host);
                }
            }
        }
    }
}
