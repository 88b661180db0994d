//! Which cells and protocols make sense.
//!
//! Does: check every number of a protocol against its range, that each step can begin and end, and that a
//! protocol can be written out.
//! Does not: say how a step ends; whether a voltage or the last metal comes first only the run can tell.
//! Accuracy: a protocol that passes holds at most [`MOST_STEPS`] steps, each with a limit.

use super::range::check_one;
use crate::scene::error::Problem;
use crate::scene::spec::limits::{
    END_CURRENT, HOLD_CURRENT, HOLD_VOLTAGE, PAUSE, PULSE, RAMP_FROM, RAMP_TO, REVERSAL, STEP_CAPACITY,
    STEP_CURRENT_DENSITY, STEP_TIME, STEP_VOLTAGE,
};
use crate::scene::spec::{SceneSpec, StepLimits, StepSpec};

/// Most steps a protocol may have, written out.
pub(super) const MOST_STEPS: u64 = 100_000_000;
/// Most repeats inside one another.
const DEEPEST: usize = 8;

// Samples of a scene file stand in parentheses: the window leaves them out.
const EXAMPLE: &str = "(for example `Plate(current_density_ma_cm2: 0.5, until: (capacity_mah_cm2: 1.0))`)";

/// First thing that is wrong with the cell or the protocol of `spec`, if any.
pub(super) fn check(spec: &SceneSpec) -> Result<(), Problem> {
    let kind = spec.cell.kind();
    check_one(&format!("cell.{}", kind.name), &kind.metal, spec.cell.metal_mah_cm2())?;
    let Some(steps) = &spec.protocol else { return Ok(()) };
    if steps.is_empty() {
        return Err(Problem::new(
            "protocol",
            "the protocol has no steps",
            format!("give at least one {EXAMPLE}, or leave `protocol` out"),
        ));
    }
    check_steps(spec, "protocol", steps, 0)?;
    check_first_current(spec, steps)
}

/// Checks a list of steps; returns how many they are, written out.
fn check_steps(spec: &SceneSpec, path: &str, steps: &[StepSpec], depth: usize) -> Result<u64, Problem> {
    let mut count = 0u64;
    for (number, step) in steps.iter().enumerate() {
        let path = format!("{path}[{number}].{}", step.name());
        count = count.saturating_add(check_step(spec, &path, step, depth)?);
        if count > MOST_STEPS {
            return Err(Problem::new(
                path,
                format!("the protocol is longer than {MOST_STEPS} steps when its repeats are written out"),
                "repeat less often",
            ));
        }
    }
    Ok(count)
}

/// Checks one step; returns how many it is, written out.
fn check_step(spec: &SceneSpec, path: &str, step: &StepSpec, depth: usize) -> Result<u64, Problem> {
    match step {
        StepSpec::Plate { current_density_ma_cm2, until } => {
            check_current(path, *current_density_ma_cm2)?;
            check_limits(spec, path, until)?;
            check_metal(spec, path, until)?;
        }
        StepSpec::Strip { current_density_ma_cm2, until } => {
            check_current(path, *current_density_ma_cm2)?;
            check_limits(spec, path, until)?;
        }
        StepSpec::Rest { time_s } => check_one(path, &STEP_TIME, *time_s)?,
        StepSpec::Pulse { current_density_ma_cm2, on_s, off_s, reverse, until } => {
            check_current(path, *current_density_ma_cm2)?;
            check_one(path, &PULSE, *on_s)?;
            check_one(path, &PAUSE, *off_s)?;
            if let Some(reverse) = reverse {
                let path = format!("{path}.reverse");
                check_current(&path, reverse.current_density_ma_cm2)?;
                check_one(&path, &REVERSAL, reverse.time_s)?;
            }
            check_limits(spec, path, until)?;
            check_metal(spec, path, until)?;
        }
        StepSpec::Ramp { from_ma_cm2, to_ma_cm2, time_s, until } => {
            check_one(path, &RAMP_FROM, *from_ma_cm2)?;
            check_one(path, &RAMP_TO, *to_ma_cm2)?;
            if *from_ma_cm2 == 0.0 && *to_ma_cm2 == 0.0 {
                return Err(Problem::new(
                    format!("{path}.to_ma_cm2"),
                    "the ramp goes from 0 to 0 mA/cm²",
                    "give a current density above 0, or use a rest (`Rest(time_s: 60)`)",
                ));
            }
            check_one(path, &STEP_TIME, *time_s)?;
            if *until != StepLimits::default() {
                check_limits(spec, path, until)?;
                check_metal(spec, path, until)?;
            }
        }
        StepSpec::Hold { voltage_v, largest_ma_cm2, until } => {
            check_hold(spec, path, *voltage_v, until)?;
            check_one(path, &HOLD_CURRENT, *largest_ma_cm2)?;
            if *voltage_v < 0.0 {
                check_metal(spec, path, until)?;
            }
        }
        StepSpec::Repeat { times, steps } => {
            if depth == DEEPEST {
                return Err(Problem::new(
                    path,
                    format!("more than {DEEPEST} repeats lie inside one another"),
                    "write the inner ones out, or multiply their `times`",
                ));
            }
            if *times == 0 {
                return Err(Problem::new(
                    format!("{path}.times"),
                    "the steps are repeated 0 times",
                    "give 1 or more, or leave the Repeat out",
                ));
            }
            if steps.is_empty() {
                return Err(Problem::new(
                    format!("{path}.steps"),
                    "there is nothing to repeat",
                    format!("give at least one step {EXAMPLE}"),
                ));
            }
            let once = check_steps(spec, &format!("{path}.steps"), steps, depth + 1)?;
            return Ok(once.saturating_mul(u64::from(*times)));
        }
    }
    Ok(1)
}

fn check_current(path: &str, value: f64) -> Result<(), Problem> {
    let field = format!("{path}.current_density_ma_cm2");
    if value == 0.0 {
        return Err(Problem::new(
            field,
            "no current flows in this step, 0 mA/cm²",
            "give a number above 0, or use a rest (`Rest(time_s: 60)`)",
        ));
    }
    if value < 0.0 {
        return Err(Problem::new(
            field,
            format!("the current density is negative, {value} mA/cm²"),
            "give a number above 0; Plate deposits metal, Strip dissolves it",
        ));
    }
    check_one(path, &STEP_CURRENT_DENSITY, value)
}

/// A constant voltage, and how its step ends.
fn check_hold(spec: &SceneSpec, path: &str, voltage_v: f64, until: &StepLimits) -> Result<(), Problem> {
    check_one(path, &HOLD_VOLTAGE, voltage_v)?;
    let (field, cutoff) = (format!("{path}.voltage_v"), spec.cutoff_v);
    if voltage_v == 0.0 {
        return Err(Problem::new(
            field,
            "at 0 V the step has no direction",
            "give a voltage below 0 to plate or above 0 to strip, or use a rest (`Rest(time_s: 60)`)",
        ));
    }
    if voltage_v.abs() > cutoff {
        return Err(Problem::new(
            field,
            format!("the cell is held at {voltage_v} V, but it is cut off at {cutoff} V (`cutoff_v`)"),
            format!("give a voltage from -{cutoff} to {cutoff} V, or raise `cutoff_v`"),
        ));
    }
    if until.voltage_v.is_some() {
        return Err(Problem::new(
            format!("{path}.until.voltage_v"),
            "a Hold has one voltage and cannot end at another",
            "let it end at a current (`until: (current_density_ma_cm2: 0.01)`), at a charge or at a time",
        ));
    }
    if let Some(current) = until.current_density_ma_cm2 {
        check_one(&format!("{path}.until"), &END_CURRENT, current)?;
        if until.capacity_mah_cm2.is_none() && until.time_s.is_none() && until.sites.is_none() {
            return Ok(());
        }
    }
    check_limits(spec, path, &StepLimits { current_density_ma_cm2: None, ..until.clone() })
}

fn check_limits(spec: &SceneSpec, path: &str, until: &StepLimits) -> Result<(), Problem> {
    let path = format!("{path}.until");
    let StepLimits { capacity_mah_cm2, time_s, voltage_v, sites, current_density_ma_cm2 } = until;
    if current_density_ma_cm2.is_some() {
        return Err(Problem::new(
            format!("{path}.current_density_ma_cm2"),
            "only a Hold ends at a current density",
            "let the step end at a charge, a time or a voltage",
        ));
    }
    if *until == StepLimits::default() {
        return Err(Problem::new(
            path,
            "the step would never end",
            "give at least one limit (for example `until: (capacity_mah_cm2: 1.0)`)",
        ));
    }
    if let Some(capacity) = *capacity_mah_cm2 {
        check_one(&path, &STEP_CAPACITY, capacity)?;
    }
    if let Some(time) = *time_s {
        check_one(&path, &STEP_TIME, time)?;
    }
    if *sites == Some(0) {
        return Err(Problem::new(
            format!("{path}.sites"),
            "the step would end before its first site",
            "ask for one site or more",
        ));
    }
    let Some(voltage) = *voltage_v else { return Ok(()) };
    check_one(&path, &STEP_VOLTAGE, voltage)?;
    let cutoff = spec.cutoff_v;
    if voltage > cutoff {
        return Err(Problem::new(
            format!("{path}.voltage_v"),
            format!("the step ends at {voltage} V, but the cell is cut off at {cutoff} V (`cutoff_v`)"),
            format!("give {cutoff} V or less, or raise `cutoff_v`"),
        ));
    }
    Ok(())
}

/// One step cannot plate more metal than the cell holds.
fn check_metal(spec: &SceneSpec, path: &str, until: &StepLimits) -> Result<(), Problem> {
    let metal = spec.cell.metal_mah_cm2();
    match until.capacity_mah_cm2 {
        Some(capacity) if capacity > metal => Err(Problem::new(
            format!("{path}.until.capacity_mah_cm2"),
            format!("the step plates {capacity} mAh/cm², but the cell holds only {metal} mAh/cm² of metal"),
            format!("give {metal} mAh/cm² or less, or more metal in `cell`"),
        )),
        _ => Ok(()),
    }
}

/// A bare collector has nothing to strip.
fn check_first_current(spec: &SceneSpec, steps: &[StepSpec]) -> Result<(), Problem> {
    if spec.on_metal() {
        return Ok(());
    }
    let cure = format!(
        "begin with a step that plates {EXAMPLE}, take a symmetric cell (`cell: Symmetric()`), or begin with metal \
         (`start: Foil(thickness_um: 20)`)"
    );
    match first_current("protocol", steps) {
        Some((path, step)) if strips(step) => {
            Err(Problem::new(path, "there is nothing to strip before anything is plated", cure))
        }
        None => Err(Problem::new("protocol", "nothing is ever plated, the protocol only rests", cure)),
        Some(_) => Ok(()),
    }
}

/// The first step that carries current.
fn first_current<'a>(path: &str, steps: &'a [StepSpec]) -> Option<(String, &'a StepSpec)> {
    steps.iter().enumerate().find_map(|(number, step)| {
        let path = format!("{path}[{number}].{}", step.name());
        match step {
            StepSpec::Rest { .. } => None,
            StepSpec::Repeat { steps, .. } => first_current(&format!("{path}.steps"), steps),
            _ => Some((path, step)),
        }
    })
}

fn strips(step: &StepSpec) -> bool {
    match step {
        StepSpec::Strip { .. } => true,
        StepSpec::Hold { voltage_v, .. } => *voltage_v > 0.0,
        _ => false,
    }
}
