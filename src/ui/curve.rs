//! What can be plotted, and over what.
//!
//! Does: turn samples into numbers for an axis, and name the axis.
//! Does not: draw.
//! Accuracy: half-cycles begin at the last sample before the current turned; samples lie as densely as the
//! viewer collected.

use crate::observables::{Metrics, Shape};
use std::ops::Range;

/// What is plotted upwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Curve {
    #[default]
    Roughness,
    HighestPoint,
    CellVoltage,
    Overpotential,
    VoltageParts,
    Efficiency,
    DeadFraction,
    SeiCharge,
    ElectrolyteLeft,
    RobinLength,
    SurfaceConcentration,
}

impl Curve {
    pub const ALL: [Self; 11] = [
        Self::Roughness,
        Self::HighestPoint,
        Self::CellVoltage,
        Self::Overpotential,
        Self::VoltageParts,
        Self::Efficiency,
        Self::DeadFraction,
        Self::SeiCharge,
        Self::ElectrolyteLeft,
        Self::RobinLength,
        Self::SurfaceConcentration,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Roughness => "Roughness",
            Self::HighestPoint => "Highest point",
            Self::CellVoltage => "Cell voltage",
            Self::Overpotential => "Overpotential",
            Self::VoltageParts => "Parts of voltage",
            Self::Efficiency => "Efficiency",
            Self::DeadFraction => "Dead fraction",
            Self::SeiCharge => "Charge in SEI",
            Self::ElectrolyteLeft => "Electrolyte left",
            Self::RobinLength => "Robin length",
            Self::SurfaceConcentration => "Salt at electrode",
        }
    }

    pub fn of(self, metrics: &Metrics) -> f64 {
        let shape = |figure: fn(&Shape) -> f64| metrics.shape.as_ref().map_or(f64::NAN, figure);
        match self {
            Self::Roughness => shape(|shape| shape.rq_um),
            Self::HighestPoint => shape(|shape| shape.h_max_um),
            Self::CellVoltage => metrics.cell_voltage_mv,
            Self::Overpotential | Self::VoltageParts => metrics.overpotential_mv,
            // Of whole cycles, see `efficiency_plot`.
            Self::Efficiency => f64::NAN,
            Self::DeadFraction => 100.0 * metrics.dead_fraction,
            Self::SeiCharge => metrics.sei_charge_mah_cm2,
            Self::ElectrolyteLeft => metrics.electrolyte_ul_cm2,
            Self::RobinLength => metrics.robin_length_um,
            Self::SurfaceConcentration => metrics.surface_concentration_mol_l,
        }
    }

    /// Unit for values up to `largest`, and how many of what [`Self::of`] gives it is.
    pub fn unit(self, largest: f64) -> (&'static str, f64) {
        match self {
            Self::Roughness | Self::HighestPoint | Self::RobinLength => ("µm", 1.0),
            Self::CellVoltage | Self::Overpotential | Self::VoltageParts => {
                if largest >= 1000.0 {
                    ("V", 1000.0)
                } else {
                    ("mV", 1.0)
                }
            }
            Self::Efficiency | Self::DeadFraction => ("%", 1.0),
            Self::SeiCharge if largest > 0.0 && largest < 1e-2 => ("µAh cm⁻²", 1e-3),
            Self::SeiCharge => ("mAh cm⁻²", 1.0),
            Self::ElectrolyteLeft => ("µL cm⁻²", 1.0),
            Self::SurfaceConcentration => ("mol L⁻¹", 1.0),
        }
    }

    /// True for what a cutoff limits.
    pub fn is_voltage(self) -> bool {
        matches!(self, Self::CellVoltage | Self::Overpotential | Self::VoltageParts)
    }

    /// True for what takes a look at the whole deposit to measure.
    pub fn of_shape(self) -> bool {
        matches!(self, Self::Roughness | Self::HighestPoint)
    }

    /// The Robin length falls over decades on its way to Sand's time.
    pub fn logarithmic(self) -> bool {
        self == Self::RobinLength
    }
}

/// What is plotted to the right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Abscissa {
    #[default]
    Charge,
    Time,
    HalfCycle,
}

impl Abscissa {
    pub const ALL: [Self; 3] = [Self::Charge, Self::Time, Self::HalfCycle];

    pub fn label(self) -> &'static str {
        match self {
            Self::Charge => "over charge",
            Self::Time => "over time",
            Self::HalfCycle => "half-cycles",
        }
    }

    /// Name and unit of the axis for values up to `largest`, and how many of what [`Self::of`] gives the unit
    /// is.
    pub fn axis(self, largest: f64) -> (&'static str, f64) {
        match self {
            // Nothing yet: the unit that is to come.
            Self::Charge if largest > 0.0 && largest < 1e-2 => ("charge passed, µAh cm⁻²", 1e-3),
            Self::Charge => ("charge passed, mAh cm⁻²", 1.0),
            Self::HalfCycle if largest > 0.0 && largest < 1e-2 => {
                ("charge of each half-cycle, µAh cm⁻²", 1e-3)
            }
            Self::HalfCycle => ("charge of each half-cycle, mAh cm⁻²", 1.0),
            Self::Time => match largest {
                s if s >= 3.0 * 86_400.0 => ("time, d", 86_400.0),
                s if s >= 3.0 * 3600.0 => ("time, h", 3600.0),
                s if s >= 300.0 => ("time, min", 60.0),
                s if s > 0.0 && s < 0.3 => ("time, ms", 1e-3),
                _ => ("time, s", 1.0),
            },
        }
    }

    /// Where each sample lies on the axis. Charge counts in both directions, so that stripping goes on to the
    /// right.
    pub fn of(self, samples: &[Metrics]) -> Vec<f64> {
        match self {
            Self::Charge => samples.iter().map(passed).collect(),
            Self::Time => samples.iter().map(|sample| sample.time_s).collect(),
            Self::HalfCycle => {
                let mut across = vec![0.0; samples.len()];
                for half in half_cycles(samples) {
                    let start = passed(&samples[half.start.saturating_sub(1)]);
                    for index in half {
                        across[index] = passed(&samples[index]) - start;
                    }
                }
                across
            }
        }
    }
}

/// Charge plated and stripped, mAh cm⁻².
fn passed(metrics: &Metrics) -> f64 {
    metrics.areal_capacity_mah_cm2 + metrics.stripped_mah_cm2
}

/// Stretches of samples in which the current does not turn; rests belong to the one before them.
pub fn half_cycles(samples: &[Metrics]) -> Vec<Range<usize>> {
    let mut halves: Vec<Range<usize>> = Vec::new();
    let mut direction = 0.0;
    for (index, sample) in samples.iter().enumerate() {
        let current = sample.current_density_ma_cm2;
        if current != 0.0 && current.signum() != direction {
            direction = current.signum();
            halves.push(index..index);
        }
        if let Some(half) = halves.last_mut() {
            half.end = index + 1;
        }
    }
    halves
}

/// Where a time lies among values that belong to samples, linearly between them.
pub fn at_time(samples: &[Metrics], across: &[f64], time_s: f64) -> Option<f64> {
    let after = samples.partition_point(|sample| sample.time_s < time_s);
    let (Some(x1), Some(x0)) = (across.get(after), across.get(after.saturating_sub(1))) else {
        return across.last().copied();
    };
    let (t0, t1) = (samples[after.saturating_sub(1)].time_s, samples[after].time_s);
    let share = if t1 > t0 { ((time_s - t0) / (t1 - t0)).clamp(0.0, 1.0) } else { 1.0 };
    Some(x0 + share * (x1 - x0)).filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two cycles of 1 mAh cm⁻² with a rest after each plating; a sample per 0.5 mAh cm⁻².
    fn samples() -> Vec<Metrics> {
        let mut sample = Metrics::default();
        let mut samples = vec![sample.clone()];
        for current in [1.0, 1.0, 0.0, -1.0, -1.0, 1.0, 1.0, 0.0, -1.0] {
            sample.current_density_ma_cm2 = current;
            sample.time_s += 10.0;
            sample.areal_capacity_mah_cm2 += 0.5 * current.max(0.0);
            sample.stripped_mah_cm2 += 0.5 * (-current).max(0.0);
            samples.push(sample.clone());
        }
        samples
    }

    #[test]
    fn charge_goes_on_while_stripping() {
        let charge = Abscissa::Charge.of(&samples());
        assert_eq!(charge, [0.0, 0.5, 1.0, 1.0, 1.5, 2.0, 2.5, 3.0, 3.0, 3.5]);
        assert!(Abscissa::Charge.axis(1.0).0.contains("passed"), "the axis says which charge");
    }

    #[test]
    fn half_cycles_begin_anew_where_the_current_turns() {
        let samples = samples();
        assert_eq!(half_cycles(&samples), [1..4, 4..6, 6..9, 9..10]);
        let charge = Abscissa::HalfCycle.of(&samples);
        assert_eq!(charge, [0.0, 0.5, 1.0, 1.0, 0.5, 1.0, 0.5, 1.0, 1.0, 0.5]);
    }

    #[test]
    fn events_lie_between_the_samples_of_their_time() {
        let samples = samples();
        let charge = Abscissa::Charge.of(&samples);
        for (time_s, x) in [(-5.0, 0.0), (0.0, 0.0), (5.0, 0.25), (10.0, 0.5), (25.0, 1.0), (1e9, 3.5)] {
            assert_eq!(at_time(&samples, &charge, time_s), Some(x), "{time_s} s");
        }
        assert_eq!(at_time(&[], &[], 1.0), None);
        assert_eq!(at_time(&samples, &charge, f64::NAN), Some(0.0));
    }

    #[test]
    fn units_follow_the_size() {
        assert_eq!(Curve::CellVoltage.unit(300.0), ("mV", 1.0));
        assert_eq!(Curve::CellVoltage.unit(1200.0), ("V", 1000.0));
        assert_eq!(Abscissa::Time.axis(100.0), ("time, s", 1.0));
        assert_eq!(Abscissa::Time.axis(40_000.0), ("time, h", 3600.0));
        assert_eq!(Abscissa::Time.axis(0.0), ("time, s", 1.0));
        assert_eq!(Abscissa::Time.axis(0.02), ("time, ms", 1e-3));
        assert_eq!(Abscissa::Charge.axis(0.002).0, "charge passed, µAh cm⁻²");
    }
}
