//! The scene: one file that says everything about one run.
//!
//! Version 1 of the schema. Every field but `version`, `title` and `electrolyte` has a default, every number
//! with a unit carries it in its name, unknown fields are errors. Ranges and usual values are in
//! `conditions.rs` and in [`crate::host`]. [`super::load()`] reads, validates and resolves the names of
//! parameter sets; nothing else in the crate reads scene files.

mod conditions;
mod steps;

use crate::host::HostSpec;
pub use conditions::{CellKind, limits};
use conditions::{usual, usual_foil};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
pub use steps::{ReversePulse, StepLimits, StepSpec};

/// The schema version this program reads.
pub const SCENE_VERSION: u32 = 1;

/// One run, as written by a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SceneSpec {
    /// Schema version: [`SCENE_VERSION`].
    pub version: u32,
    /// Shown in lists, in the window and on pictures.
    pub title: String,
    /// What a student should look at.
    #[serde(default)]
    pub notice: String,
    /// Where the phenomenon is described, with a DOI where there is one.
    #[serde(default)]
    pub reference: String,
    /// Box and resolution.
    #[serde(default)]
    pub lattice: LatticeSpec,
    /// Seed of all random numbers, unless given on the command line.
    #[serde(default = "one")]
    pub seed: u64,
    /// Name of a metal in `assets/metals`.
    #[serde(default = "sodium")]
    pub metal: String,
    /// A recipe such as `1 M NaPF6 in EC/DEC + 5% FEC`, the name of one ([`super::electrolytes`]), or a
    /// complete parameter file ending in `.ron`.
    pub electrolyte: String,
    /// Geometry of the electrode.
    #[serde(default)]
    pub host: HostSpec,
    /// Layers put on the electrode before the cell was built, from the metal outwards; three at most.
    #[serde(default)]
    pub coating: Vec<LayerSpec>,
    /// Applied current density per projected area, mA cm⁻².
    #[serde(default = "usual::current_density_ma_cm2")]
    pub current_density_ma_cm2: f64,
    /// Distance between the electrodes, µm.
    #[serde(default = "usual::electrode_gap_um")]
    pub electrode_gap_um: f64,
    /// Temperature, °C, below the melting point of the metal.
    #[serde(default = "usual::temperature_c")]
    pub temperature_c: f64,
    /// Stack pressure on the deposit and its film, MPa.
    #[serde(default = "usual::pressure_mpa")]
    pub pressure_mpa: f64,
    /// What stands across the gap, and how much metal there is.
    #[serde(default)]
    pub cell: CellSpec,
    /// Electrolyte per projected area, µL cm⁻²; when less is left than the gap needs, the cell runs dry.
    #[serde(default = "usual::electrolyte_ul_cm2")]
    pub electrolyte_ul_cm2: f64,
    /// Thickness of the separator in front of the counter electrode, µm. The box ends at it when box and
    /// separator fill the gap.
    #[serde(default = "usual::separator_um")]
    pub separator_um: f64,
    /// Largest polarisation of the cell, V: plating beyond it, the cell has failed; stripping ends there.
    #[serde(default = "usual::cutoff_v")]
    pub cutoff_v: f64,
    /// How an ion finds its site.
    #[serde(default)]
    pub transport: TransportSpec,
    /// What the deposit grows from.
    #[serde(default)]
    pub start: StartSpec,
    /// Steps of charge, discharge and rest. Without one the scene plates at `current_density_ma_cm2`.
    #[serde(default)]
    pub protocol: Option<Vec<StepSpec>>,
    /// When the run ends; the first limit reached counts. Default: the end of the protocol, or 1 mAh cm⁻².
    #[serde(default)]
    pub until: Option<UntilSpec>,
    /// Replaced parameters: `"electrolyte.<parameter>"`, `"metal.<parameter>"`, `"model.<parameter>"` → value
    /// in the unit of the parameter file.
    #[serde(default)]
    pub overrides: BTreeMap<String, f64>,
}

/// Box and resolution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LatticeSpec {
    /// Sites along x, y (periodic) and z; each a multiple of 8.
    pub sites: (usize, usize, usize),
    /// Edge of one site, µm.
    pub edge_um: f64,
}

/// One layer of a coating.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerSpec {
    /// A coating of the library by its name, formula or another usual name ([`super::coatings()`]), or a
    /// parameter file ending in `.ron`.
    pub material: String,
    /// Thickness, nm; usual for the material where it is left out.
    #[serde(default)]
    pub thickness_nm: Option<f64>,
}

/// How an ion finds its site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TransportSpec {
    /// The Robin length decides, at every step anew.
    #[default]
    Automatic,
    /// Always walkers, with the sticking probability of the Robin length.
    Walkers,
    /// Always kinetic Monte Carlo: every surface site sees the same concentration.
    KineticMonteCarlo,
    /// Walkers that stick at first contact: classical diffusion-limited aggregation, whatever the salt.
    PerfectSticking,
}

/// What the deposit grows from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum StartSpec {
    /// The collector and its host, bare; in a symmetric cell the foil counts as one below the box.
    #[default]
    Electrode,
    /// Metal on the collector that is stripped and pitted like all other: a foil, or what a host has been
    /// filled with up to this height.
    Foil {
        /// Thickness, µm.
        thickness_um: f64,
    },
    /// A host that was filled with metal.
    Infused {
        /// Height of the metal over that of the host.
        level: f64,
    },
    /// One metal site in the middle of the box, ions coming from all sides; no collector. Always walkers.
    PointSeed,
}

impl StartSpec {
    /// True where there is a collector.
    pub fn is_electrode(self) -> bool {
        self != Self::PointSeed
    }

    /// True where metal stands in the box from the start.
    pub fn has_metal(self) -> bool {
        matches!(self, Self::Foil { .. } | Self::Infused { .. })
    }
}

/// Limits of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UntilSpec {
    /// Charge plated per projected area, mAh cm⁻².
    pub areal_capacity_mah_cm2: Option<f64>,
    /// Physical time, s.
    pub time_s: Option<f64>,
    /// Plated sites.
    pub sites: Option<u64>,
}

impl SceneSpec {
    /// True where the first current may strip: on the foil of a symmetric cell, or on metal in the box.
    pub fn on_metal(&self) -> bool {
        self.start.has_metal() || matches!(self.cell, CellSpec::Symmetric { .. })
    }

    /// When the run ends: `until`, or what holds where it is left out.
    pub fn limits(&self) -> UntilSpec {
        self.until.unwrap_or_else(|| UntilSpec {
            areal_capacity_mah_cm2: self.protocol.is_none().then_some(1.0),
            ..UntilSpec::default()
        })
    }
}

/// What stands across the gap.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum CellSpec {
    /// The same metal on both sides; the foil under the box gives metal once the deposit is stripped.
    Symmetric {
        /// Metal of each foil, mAh cm⁻².
        #[serde(default = "usual_foil")]
        foil_mah_cm2: f64,
    },
    /// A bare collector against metal.
    HalfCell {
        /// Metal of the counter electrode, mAh cm⁻².
        #[serde(default = "usual_foil")]
        counter_mah_cm2: f64,
    },
    /// A bare collector against a cathode that holds all the metal there is.
    AnodeFree {
        /// Metal in the cathode, mAh cm⁻².
        inventory_mah_cm2: f64,
    },
}

fn one() -> u64 {
    1
}
fn sodium() -> String {
    "sodium".into()
}
