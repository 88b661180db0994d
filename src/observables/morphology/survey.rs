//! What a host offers to metal: area, room, and ways to it.
//!
//! Does: measure the host of a lattice as if no metal stood on it, so that it may be asked for at any moment.
//! Does not: count what is finer than a site.
//! Accuracy: porosity and heights are exact; area and tortuosity are estimated as in
//! [`Morphology`](super::Morphology).

use super::grid::Cells;
use super::{surface::surface, tortuosity::tortuosity};
use crate::lattice::{Lattice, SiteKind};
use crate::simulation::Simulation;
use crate::units::{FARADAY, c_m2_from_mah_cm2, um_from_m};
use serde::Serialize;

/// Figures of an empty host; keys carry their units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostSurvey {
    /// Surface of collector, host and seeds over projected area: 1 for a flat foil.
    pub area_cm2_cm2: f64,
    /// Height of the host above the collector, µm; 0 for a flat foil.
    pub height_um: f64,
    /// Void fraction of the layers up to that height; 1 for a flat foil.
    pub porosity: f64,
    /// Σ length of the shortest way up / Σ depth over all places in the pores that can be reached. None
    /// without pores.
    pub tortuosity: Option<f64>,
    /// How high 1 mAh cm⁻² of dense metal stands when it fills the pores from below, µm.
    pub filled_by_1_mah_cm2_um: f64,
}

impl HostSurvey {
    /// The host of a simulation; none without a collector.
    pub fn measure(simulation: &Simulation) -> Option<Self> {
        let scene = simulation.scene();
        // cm³ to m³.
        let molar_volume_m3_mol = scene.metal.molar_volume_cm3_mol.value * 1e-6;
        let dense_um = um_from_m(c_m2_from_mah_cm2(1.0) * molar_volume_m3_mol / FARADAY);
        let electrode = scene.spec.start.is_electrode();
        electrode.then(|| Self::of(simulation.lattice(), um_from_m(simulation.edge_m()), dense_um))
    }

    /// The host of a lattice of sites with `edge_um`. 1 mAh cm⁻² of dense metal is `dense_um` high on a foil.
    pub fn of(lattice: &Lattice, edge_um: f64, dense_um: f64) -> Self {
        let mut grid = Cells::of(lattice);
        for kind in &mut grid.kinds {
            if !matches!(kind, SiteKind::Host | SiteKind::Seed) {
                *kind = SiteKind::Electrolyte;
            }
        }
        let columns = lattice.columns();
        let voids: Vec<usize> = grid
            .kinds
            .chunks(columns)
            .map(|layer| layer.iter().filter(|kind| !kind.is_solid()).count())
            .collect();
        let top = voids.iter().rposition(|void| *void < columns).unwrap_or(0);
        let pores: usize = voids[1..=top].iter().sum();
        Self {
            area_cm2_cm2: surface(&grid).iter().sum::<f64>() / columns as f64,
            height_um: top as f64 * edge_um,
            porosity: if top > 0 { pores as f64 / (columns * top) as f64 } else { 1.0 },
            tortuosity: if pores > 0 { tortuosity(&grid, top) } else { None },
            filled_by_1_mah_cm2_um: filled(&voids[1..=top], columns as f64, dense_um / edge_um) * edge_um,
        }
    }
}

/// Height to which metal of a thickness on a foil fills the layers, all in sites.
fn filled(voids: &[usize], columns: f64, mut thickness: f64) -> f64 {
    for (layer, void) in voids.iter().enumerate() {
        let room = *void as f64 / columns;
        if thickness <= room {
            return layer as f64 + if room > 0.0 { thickness / room } else { 0.0 };
        }
        thickness -= room;
    }
    voids.len() as f64 + thickness
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Channels, HostData, HostSpec, Planar, SeedDots};
    use crate::lattice::{GrowthMode, NONE_U16, Solid};
    use std::f64::consts::PI;

    /// 1 mAh/cm² of sodium.
    const DENSE_UM: f64 = 8.86;

    fn built(host: HostSpec) -> Lattice {
        let mut lattice = Lattice::new([128, 128, 96]);
        host.build(&HostData::None, &mut lattice, 0.5, 4);
        lattice
    }

    #[test]
    fn a_flat_foil_has_its_area_and_no_pores() {
        let lattice = built(HostSpec::Planar(Planar::default()));
        let survey = HostSurvey::of(&lattice, 0.5, DENSE_UM);
        assert!((survey.area_cm2_cm2 - 1.0).abs() < 1e-6, "{survey:?}");
        assert_eq!((survey.porosity, survey.height_um, survey.tortuosity), (1.0, 0.0, None));
        assert!((survey.filled_by_1_mah_cm2_um - DENSE_UM).abs() < 1e-9, "{survey:?}");
        // Dots lie on the foil, one site high.
        let dots = HostSurvey::of(&built(HostSpec::SeedDots(SeedDots::default())), 0.5, DENSE_UM);
        assert!(dots.area_cm2_cm2 > 1.0 && dots.height_um == 0.5, "{dots:?}");
    }

    /// Channels: floors and tops of walls make 1, the walls 4ε/d per volume. Metal that has grown meanwhile
    /// changes nothing.
    #[test]
    fn channels_have_their_area_and_porosity_with_and_without_metal() {
        // Seven pores and eight rows fit the box nearly without being stretched.
        let (pore_um, wall_um) = (64.0 / 7.0 - 1.5, 1.5);
        let channels = Channels { pore_um, wall_um, height_um: 40.0, disorder: 0.0, ..Default::default() };
        let mut lattice = built(HostSpec::Channels(channels));
        let survey = HostSurvey::of(&lattice, 0.5, DENSE_UM);
        let void = PI / 12f64.sqrt() * (pore_um / (pore_um + wall_um)).powi(2);
        assert_eq!(survey.height_um, 40.0);
        assert!((survey.porosity / void - 1.0).abs() < 0.001, "{survey:?}, not {void}");
        let area = 1.0 + 4.0 * void / pore_um * 40.0;
        println!("{survey:?}, area by law {area}");
        assert!((survey.area_cm2_cm2 / area - 1.0).abs() < 0.05, "{survey:?}, not {area}");
        assert!((survey.tortuosity.expect("pores") - 1.0).abs() < 0.01, "{survey:?}");
        assert!((survey.filled_by_1_mah_cm2_um * void / DENSE_UM - 1.0).abs() < 0.005, "{survey:?}");
        let solid = Solid::new(0, 0.0, NONE_U16, GrowthMode::None);
        for site in (0..128 * 128).filter(|site| site % 3 == 0) {
            let position = [site % 128, site / 128, 1];
            if !lattice.is_solid(position) {
                lattice.place(position, SiteKind::Metal, solid);
            }
        }
        assert_eq!(HostSurvey::of(&lattice, 0.5, DENSE_UM), survey);
    }

    /// 1 mAh/cm² above a low host: what its pores do not take stands above it.
    #[test]
    fn metal_overflows_low_hosts() {
        assert_eq!(filled(&[50, 50], 100.0, 0.75), 1.5);
        assert_eq!(filled(&[50, 50], 100.0, 3.0), 4.0);
        assert_eq!(filled(&[0, 50], 100.0, 0.25), 1.5);
    }
}
