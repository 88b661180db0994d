//! The scene: one file that says everything about one run.
//!
//! Version 1 of the schema. Every field but `version`, `title` and `electrolyte` has a default, every number with a unit
//! carries it in its name, unknown fields are errors. [`super::load`] reads, validates and resolves
//! the names of parameter sets; nothing else in the crate reads scene files.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// Name of an electrolyte in `assets/electrolytes`.
    pub electrolyte: String,
    /// Geometry of the electrode.
    #[serde(default)]
    pub host: HostSpec,
    /// Applied current density per projected area, mA cm⁻², 0 to 1000.
    #[serde(default = "one_f64")]
    pub current_density_ma_cm2: f64,
    /// Distance between the electrodes, µm.
    #[serde(default = "default_gap")]
    pub electrode_gap_um: f64,
    /// Temperature, °C, −20 to 97.
    #[serde(default = "default_temperature")]
    pub temperature_c: f64,
    /// How an ion finds its site.
    #[serde(default)]
    pub transport: TransportSpec,
    /// What the deposit grows from.
    #[serde(default)]
    pub start: StartSpec,
    /// When the run ends; the first limit reached counts.
    #[serde(default)]
    pub until: UntilSpec,
    /// Replaced parameters: `"electrolyte.<parameter>"`, `"metal.<parameter>"`, `"model.<parameter>"` → value in the unit of the parameter file.
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

impl Default for LatticeSpec {
    fn default() -> Self {
        Self { sites: (128, 128, 192), edge_um: 0.5 }
    }
}

/// Geometry of the electrode. All hosts stand on a flat collector at z = 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum HostSpec {
    /// Flat foil, optionally rough.
    Planar {
        /// Height of the roughness (peak to valley), µm; 0 is flat.
        #[serde(default)]
        roughness_um: f64,
        /// Lateral scale of the roughness, µm.
        #[serde(default = "default_roughness_scale")]
        scale_um: f64,
        /// Nucleation overpotential on the collector, mV.
        #[serde(default = "default_collector_nucleation")]
        nucleation_overpotential_mv: f64,
    },
    /// Open-cell metal foam.
    PorousFoam {
        /// Mean pore size, µm.
        pore_um: f64,
        /// Void fraction, 0.5 to 0.97.
        porosity: f64,
        /// Height of the foam above the collector, µm.
        height_um: f64,
        /// Nucleation overpotential on the struts, mV.
        #[serde(default = "default_collector_nucleation")]
        nucleation_overpotential_mv: f64,
    },
    /// Forest of upright wires.
    Nanowires {
        /// Mean distance between wires, µm.
        spacing_um: f64,
        /// Diameter of a wire, µm.
        diameter_um: f64,
        /// Height of the wires, µm.
        height_um: f64,
        /// Largest lean of a wire from the vertical, degrees.
        #[serde(default)]
        lean_deg: f64,
        /// Nucleation overpotential on the wires, mV.
        #[serde(default = "default_collector_nucleation")]
        nucleation_overpotential_mv: f64,
    },
    /// Sodiophilic seed dots (gold, tin) on a flat foil.
    SeedDots {
        /// Distance between dots, µm.
        spacing_um: f64,
        /// Diameter of a dot, µm.
        diameter_um: f64,
        /// Nucleation overpotential on the dots, mV.
        #[serde(default)]
        nucleation_overpotential_mv: f64,
        /// Nucleation overpotential on the foil between them, mV.
        #[serde(default = "default_collector_nucleation")]
        foil_nucleation_overpotential_mv: f64,
    },
}

impl Default for HostSpec {
    fn default() -> Self {
        Self::Planar {
            roughness_um: 0.0,
            scale_um: default_roughness_scale(),
            nucleation_overpotential_mv: default_collector_nucleation(),
        }
    }
}

impl HostSpec {
    /// Usual hosts with a name for lists. The first one of each kind holds the values that `--set host=<kind>` takes.
    pub fn presets() -> [(&'static str, HostSpec); 5] {
        let nucleation_overpotential_mv = default_collector_nucleation();
        [
            ("Flat foil", Self::default()),
            (
                "Rough foil",
                Self::Planar {
                    roughness_um: 4.0,
                    scale_um: default_roughness_scale(),
                    nucleation_overpotential_mv,
                },
            ),
            (
                "Metal foam",
                Self::PorousFoam {
                    pore_um: 16.0,
                    porosity: 0.85,
                    height_um: 35.0,
                    nucleation_overpotential_mv,
                },
            ),
            (
                "Nanowire forest",
                Self::Nanowires {
                    spacing_um: 8.0,
                    diameter_um: 1.5,
                    height_um: 24.0,
                    lean_deg: 8.0,
                    nucleation_overpotential_mv,
                },
            ),
            (
                "Gold seeds",
                Self::SeedDots {
                    spacing_um: 12.0,
                    diameter_um: 3.0,
                    nucleation_overpotential_mv: 0.0,
                    foil_nucleation_overpotential_mv: 60.0,
                },
            ),
        ]
    }
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StartSpec {
    /// The collector and its host.
    #[default]
    Electrode,
    /// One metal site in the middle of the box, ions coming from all sides; no collector. Always walkers.
    PointSeed,
}

/// Limits of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UntilSpec {
    /// Charge per projected area, mAh cm⁻².
    pub areal_capacity_mah_cm2: Option<f64>,
    /// Physical time, s.
    pub time_s: Option<f64>,
    /// Plated sites.
    pub sites: Option<u64>,
}

impl Default for UntilSpec {
    fn default() -> Self {
        Self { areal_capacity_mah_cm2: Some(1.0), time_s: None, sites: None }
    }
}

fn one() -> u64 {
    1
}
fn one_f64() -> f64 {
    1.0
}
fn sodium() -> String {
    "sodium".into()
}
fn default_gap() -> f64 {
    200.0
}
fn default_temperature() -> f64 {
    25.0
}
fn default_roughness_scale() -> f64 {
    5.0
}
fn default_collector_nucleation() -> f64 {
    30.0
}
