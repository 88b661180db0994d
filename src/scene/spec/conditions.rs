//! Descriptions of the numbers of a scene that are not parts of a host: conditions, cell, protocol, limits.

use super::{CellSpec, LatticeSpec, SceneSpec};
use crate::quantity::{Frame, Quantity, quantities};

/// Current density of a run or of a step of its protocol.
const CURRENT_DENSITY: Quantity = Quantity::new("Applied", "mA/cm²", 1.0).between(0.0, 1000.0);

quantities! {
    impl SceneSpec as usual {
        /// Current density per projected area. Positive plates, also in a scene without a protocol.
        current_density_ma_cm2: CURRENT_DENSITY.slider(0.01, 100.0).logarithmic(),
        /// Distance between the electrodes. The salt diffuses through all of it.
        electrode_gap_um: Quantity::new("Electrode gap", "µm", 200.0).between(1.0, 100_000.0)
            .slider(10.0, 2000.0).logarithmic(),
        /// Temperature of the cell. It acts on diffusion, reactions, the film and creep. It must lie below
        /// the melting point of the metal.
        temperature_c: Quantity::new("Temperature", "°C", 25.0).between(-20.0, 120.0),
        /// Stack pressure on the deposit and its film.
        pressure_mpa: Quantity::new("Stack pressure", "MPa", 0.0).between(0.0, 10.0),
        /// Electrolyte per projected area. Films use it up. When less is left than the gap needs, the cell
        /// runs dry.
        electrolyte_ul_cm2: Quantity::new("Electrolyte", "µL/cm²", 40.0).between(0.1, 100_000.0)
            .slider(1.0, 1000.0).logarithmic(),
        /// Thickness of the separator in front of the counter electrode. The box ends at it when box and
        /// separator fill the gap.
        separator_um: Quantity::new("Separator", "µm", 25.0).between(0.0, 100_000.0).slider(0.0, 200.0),
        /// Largest polarisation of the cell. Stripping ends there. A cell with a protocol that reaches it
        /// while plating has failed; without a protocol plating goes on.
        cutoff_v: Quantity::new("Cutoff voltage", "V", 1.0).between(0.01, 10.0).slider(0.05, 5.0).logarithmic(),
    }
}

quantities! {
    impl LatticeSpec as usual_lattice {
        /// Edge of one site.
        edge_um: Quantity::new("Site edge", "µm", 0.5).between(0.01, 100.0).slider(0.05, 5.0).logarithmic(),
    }
}

impl Default for LatticeSpec {
    fn default() -> Self {
        Self { sites: (128, 128, 192), edge_um: usual_lattice::edge_um() }
    }
}

impl LatticeSpec {
    /// The box that lengths of the scene are compared with.
    pub fn frame(&self) -> Frame {
        let (x, y, z) = self.sites;
        Frame {
            edge_um: self.edge_um,
            width_um: x.min(y) as f64 * self.edge_um,
            height_um: z as f64 * self.edge_um,
        }
    }
}

/// Metal of a part of the cell.
const METAL: Quantity =
    Quantity::new("", "mAh/cm²", 100.0).between(1e-3, 10_000.0).slider(0.1, 1000.0).logarithmic();

/// A kind of cell: its name in a scene, in lists, what it is, and its metal.
pub struct CellKind {
    /// Name as a scene file gives it.
    pub name: &'static str,
    /// Name in lists.
    pub label: &'static str,
    /// What stands on either side.
    pub help: &'static str,
    /// Its metal.
    pub metal: Quantity,
    make: fn(f64) -> CellSpec,
}

impl CellKind {
    /// The cell of this kind with the usual amount of metal.
    pub fn usual(&self) -> CellSpec {
        self.with_metal(self.metal.usual)
    }

    /// The cell of this kind with a given amount of metal, mAh cm⁻².
    pub fn with_metal(&self, metal_mah_cm2: f64) -> CellSpec {
        (self.make)(metal_mah_cm2)
    }
}

impl CellSpec {
    /// All kinds of cell, the most usual first.
    pub const KINDS: [CellKind; 3] = [
        CellKind {
            name: "HalfCell",
            label: "Half cell",
            help: "A bare collector against metal.",
            metal: Quantity { label: "Metal opposite", ..METAL }
                .named("counter_mah_cm2", "Metal of the counter electrode."),
            make: |counter_mah_cm2| Self::HalfCell { counter_mah_cm2 },
        },
        CellKind {
            name: "Symmetric",
            label: "Symmetric",
            help: "The same metal on both sides.",
            metal: Quantity { label: "Metal in each foil", ..METAL }
                .named("foil_mah_cm2", "Metal of each foil."),
            make: |foil_mah_cm2| Self::Symmetric { foil_mah_cm2 },
        },
        CellKind {
            name: "AnodeFree",
            label: "Anode-free",
            help: "A bare collector against a cathode that holds all the metal.",
            metal: Quantity { label: "Metal in cathode", usual: 3.0, ..METAL }
                .named("inventory_mah_cm2", "Metal in the cathode, which is all the metal of the cell."),
            make: |inventory_mah_cm2| Self::AnodeFree { inventory_mah_cm2 },
        },
    ];

    /// Which of [`Self::KINDS`] it is.
    pub fn kind(self) -> &'static CellKind {
        const KINDS: &[CellKind] = &CellSpec::KINDS;
        &KINDS[match self {
            Self::HalfCell { .. } => 0,
            Self::Symmetric { .. } => 1,
            Self::AnodeFree { .. } => 2,
        }]
    }

    /// Metal that the cell can put on the electrode of the box, mAh cm⁻².
    pub fn metal_mah_cm2(self) -> f64 {
        match self {
            Self::Symmetric { foil_mah_cm2: metal }
            | Self::HalfCell { counter_mah_cm2: metal }
            | Self::AnodeFree { inventory_mah_cm2: metal } => metal,
        }
    }
}

impl Default for CellSpec {
    fn default() -> Self {
        Self::KINDS[0].usual()
    }
}

pub(super) fn usual_foil() -> f64 {
    METAL.usual
}

/// Numbers of protocol steps and limits.
pub mod limits {
    use super::{CURRENT_DENSITY, Quantity};

    /// Thickness of a foil that stands in the box.
    pub const FOIL: Quantity = Quantity::new("Foil", "µm", 20.0)
        .between(0.01, 100_000.0)
        .slider(1.0, 60.0)
        .named("thickness_um", "Thickness of the metal on the collector. It must leave room in the box.");
    /// Level of metal in a host.
    pub const LEVEL: Quantity = Quantity::new("Filled to", "", 1.0)
        .between(0.01, 1.0)
        .slider(0.01, 1.0)
        .named("level", "Height of the metal over that of the host.");
    /// Every number that a step of a protocol can have.
    pub const STEPS: [Quantity; 12] = [
        STEP_CURRENT_DENSITY,
        STEP_CAPACITY,
        STEP_TIME,
        STEP_VOLTAGE,
        PULSE,
        PAUSE,
        REVERSAL,
        RAMP_FROM,
        RAMP_TO,
        HOLD_VOLTAGE,
        HOLD_CURRENT,
        END_CURRENT,
    ];
    /// Current density of a step. The scene refuses 0, which is a rest.
    pub const STEP_CURRENT_DENSITY: Quantity = CURRENT_DENSITY
        .slider(0.001, 1000.0)
        .named("current_density_ma_cm2", "Current density of the step, above 0.");
    /// Charge of a step.
    pub const STEP_CAPACITY: Quantity = Quantity::new("Capacity", "mAh/cm²", 1.0)
        .between(1e-6, 1000.0)
        .named("capacity_mah_cm2", "Charge of the step per projected area.");
    /// Duration of a step.
    pub const STEP_TIME: Quantity =
        Quantity::new("Time", "s", 60.0).between(1e-3, 1e9).named("time_s", "Duration of the step.");
    /// Duration of a pulse.
    pub const PULSE: Quantity =
        Quantity::new("On", "s", 1.0).between(1e-3, 1e6).named("on_s", "Duration of each pulse.");
    /// Duration of the stripping after a pulse.
    pub const REVERSAL: Quantity =
        Quantity::new("Reversal", "s", 0.1).between(1e-3, 1e6).named("time_s", "Duration of each reversal.");
    /// Current density at the beginning of a ramp.
    pub const RAMP_FROM: Quantity =
        CURRENT_DENSITY.named("from_ma_cm2", "Current density at the beginning of a ramp.");
    /// Current density at the end of a ramp.
    pub const RAMP_TO: Quantity = CURRENT_DENSITY.named("to_ma_cm2", "Current density at the end of a ramp.");
    /// Voltage of a hold.
    pub const HOLD_VOLTAGE: Quantity = Quantity::new("Voltage", "V", -0.05).between(-10.0, 10.0).named(
        "voltage_v",
        "Voltage of a hold, of the electrode in the box against the counter electrode: below 0 plates, above 0 strips.",
    );
    /// Largest current density of a hold.
    pub const HOLD_CURRENT: Quantity = Quantity::new("At most", "mA/cm²", 10.0)
        .between(1e-6, 1000.0)
        .named("largest_ma_cm2", "Largest current density that the instrument gives in a hold.");
    /// Current density at which a hold ends.
    pub const END_CURRENT: Quantity = Quantity::new("Current", "mA/cm²", 0.01)
        .between(1e-9, 1000.0)
        .named("current_density_ma_cm2", "Current density to which that of a hold falls.");
    /// Duration of the pause after a pulse.
    pub const PAUSE: Quantity =
        Quantity::new("Off", "s", 1.0).between(1e-3, 1e6).named("off_s", "Duration of each pause.");
    /// Polarisation at which a step ends.
    pub const STEP_VOLTAGE: Quantity = Quantity::new("Voltage", "V", 1.0)
        .between(1e-3, 10.0)
        .named("voltage_v", "Polarisation of the cell at which the step ends.");
    /// Charge of a run.
    pub const RUN_CAPACITY: Quantity = Quantity::new("Capacity", "mAh/cm²", 1.0)
        .between(1e-6, 1000.0)
        .named("areal_capacity_mah_cm2", "Charge plated per projected area.");
    /// Duration of a run.
    pub const RUN_TIME: Quantity =
        Quantity::new("Time", "s", 3600.0).between(1e-6, 1e9).named("time_s", "Physical time.");
}
