//! The steps of a protocol, as a scene file gives them.

use super::CellSpec;
use super::conditions::limits;
use serde::{Deserialize, Serialize};

/// One step of a protocol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum StepSpec {
    /// Metal is deposited on the electrode of the box.
    Plate {
        /// Current density, mA cm⁻², above 0.
        current_density_ma_cm2: f64,
        /// When the step ends; the first limit reached counts.
        until: StepLimits,
    },
    /// Metal is dissolved from it.
    Strip {
        /// Current density, mA cm⁻², above 0.
        current_density_ma_cm2: f64,
        /// When the step ends; the first limit reached counts. It also ends when no metal is left.
        until: StepLimits,
    },
    /// No current.
    Rest {
        /// Duration, s.
        time_s: f64,
    },
    /// Plating with pauses, and with a reversal before each pause if there is one.
    Pulse {
        /// Current density while it flows, mA cm⁻².
        current_density_ma_cm2: f64,
        /// Duration of each pulse, s.
        on_s: f64,
        /// Duration of each pause, s.
        off_s: f64,
        /// Stripping between pulse and pause.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reverse: Option<ReversePulse>,
        /// When the step ends; the first limit reached counts. A charge counts both directions.
        until: StepLimits,
    },
    /// Plating at a current density that changes evenly with time, as in tests of the critical current
    /// density.
    Ramp {
        /// Current density at the beginning, mA cm⁻².
        from_ma_cm2: f64,
        /// Current density at the end, mA cm⁻².
        to_ma_cm2: f64,
        /// Duration, s.
        time_s: f64,
        /// Further limits; the first limit reached counts.
        #[serde(default)]
        until: StepLimits,
    },
    /// A constant voltage of the electrode in the box against the counter electrode.
    Hold {
        /// Voltage, V: below 0 plates, above 0 strips.
        voltage_v: f64,
        /// Largest current density that the instrument gives, mA cm⁻².
        #[serde(default = "usual_hold_current")]
        largest_ma_cm2: f64,
        /// When the step ends; the first limit reached counts.
        until: StepLimits,
    },
    /// Steps several times over.
    Repeat {
        /// How many times.
        times: u32,
        /// What.
        steps: Vec<StepSpec>,
    },
}

fn usual_hold_current() -> f64 {
    limits::HOLD_CURRENT.usual
}

/// The stripping between a pulse and its pause.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReversePulse {
    /// Current density, mA cm⁻², above 0.
    pub current_density_ma_cm2: f64,
    /// Duration, s.
    pub time_s: f64,
}

/// When a step of a protocol ends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepLimits {
    /// Charge of the step per projected area, mAh cm⁻².
    pub capacity_mah_cm2: Option<f64>,
    /// Duration, s.
    pub time_s: Option<f64>,
    /// Polarisation of the cell, V.
    pub voltage_v: Option<f64>,
    /// Sites plated or stripped in the step.
    pub sites: Option<u64>,
    /// Current density, mA cm⁻², to which that of a Hold falls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_density_ma_cm2: Option<f64>,
}

impl StepSpec {
    /// As written in a scene.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Plate { .. } => "Plate",
            Self::Strip { .. } => "Strip",
            Self::Rest { .. } => "Rest",
            Self::Pulse { .. } => "Pulse",
            Self::Ramp { .. } => "Ramp",
            Self::Hold { .. } => "Hold",
            Self::Repeat { .. } => "Repeat",
        }
    }

    /// The usual test of Coulombic efficiency: plate a capacity and strip it, `cycles` times. A symmetric
    /// cell strips as much as was plated, the others until the polarisation reaches `cutoff_v`.
    pub fn cycling(
        current_density_ma_cm2: f64,
        capacity_mah_cm2: f64,
        cycles: u32,
        cell: CellSpec,
        cutoff_v: f64,
    ) -> Vec<Self> {
        let capacity = StepLimits { capacity_mah_cm2: Some(capacity_mah_cm2), ..StepLimits::default() };
        let strip = match cell {
            CellSpec::Symmetric { .. } => capacity.clone(),
            _ => StepLimits { voltage_v: Some(cutoff_v), ..StepLimits::default() },
        };
        let steps = vec![
            Self::Plate { current_density_ma_cm2, until: capacity },
            Self::Strip { current_density_ma_cm2, until: strip },
        ];
        vec![Self::Repeat { times: cycles, steps }]
    }
}
