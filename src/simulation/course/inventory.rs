//! The metal of the two electrodes outside the box.
//!
//! Does: count the sites that the foil and the counter electrode hold.
//! Does not: resolve their shape.

use super::clock::Clock;
use crate::scene::{CellSpec, Scene};
use crate::simulation::constants::Constants;
use crate::units::c_m2_from_mah_cm2;
use bevy_ecs::prelude::*;

/// Metal of foil and counter electrode.
#[derive(Resource)]
pub(crate) struct Inventory {
    /// Sites of metal in the foil under the box; `None` for a bare collector.
    foil: Option<u64>,
    /// Sites of foil that have been stripped.
    pub foil_stripped: u64,
    /// Sites of metal in the counter electrode at the start.
    counter: u64,
}

impl Inventory {
    pub fn new(scene: &Scene, constants: &Constants) -> Self {
        let sites = |mah: f64| {
            (c_m2_from_mah_cm2(mah) * constants.projected_area_m2 / constants.site_charge_c) as u64
        };
        let (foil, counter) = match scene.spec.cell {
            // Metal that stands in the box is the foil.
            CellSpec::Symmetric { foil_mah_cm2 } if scene.spec.start.has_metal() => {
                (None, sites(foil_mah_cm2))
            }
            CellSpec::Symmetric { foil_mah_cm2 } => (Some(sites(foil_mah_cm2)), sites(foil_mah_cm2)),
            CellSpec::HalfCell { counter_mah_cm2 } => (None, sites(counter_mah_cm2)),
            CellSpec::AnodeFree { inventory_mah_cm2 } => (None, sites(inventory_mah_cm2)),
        };
        Self { foil, foil_stripped: 0, counter }
    }

    /// Sites of metal left in the counter electrode.
    pub fn counter_sites(&self, clock: &Clock) -> u64 {
        (self.counter + clock.stripped).saturating_sub(clock.plated)
    }

    /// Sites of metal left in the foil under the box.
    pub fn foil_sites(&self) -> u64 {
        self.foil.map_or(0, |foil| foil - self.foil_stripped)
    }
}
