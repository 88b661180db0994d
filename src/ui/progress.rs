//! Where the protocol stands, in words.
//!
//! Does: say which cycle and which step is on and when it ends.
//! Does not: run the protocol.
//! Accuracy: cycles are counted by their strips, as the simulation counts them.

use super::facts::Facts;
use super::widgets::format::tick;
use crate::observables::{Failure, PresentStep};
use crate::scene::StepSpec;
use crate::style;
use crate::units::ma_cm2_from_a_m2;

/// The present cycle and how many there will be; `None` without cycles.
pub fn cycle(facts: &Facts) -> Option<(u64, u64)> {
    let all = strips(facts.running.spec.protocol.as_deref()?);
    let done = facts.cycles.len() as u64;
    let present = if facts.status.finished { done.max(1) } else { done + 1 };
    (all > 0).then(|| (present.min(all), all))
}

/// Strips in a protocol, repeats written out.
fn strips(steps: &[StepSpec]) -> u64 {
    steps.iter().fold(0, |sum, step| {
        sum.saturating_add(match step {
            StepSpec::Strip { .. } => 1,
            StepSpec::Repeat { times, steps } => strips(steps).saturating_mul(u64::from(*times)),
            StepSpec::Hold { voltage_v, .. } => u64::from(*voltage_v > 0.0),
            StepSpec::Plate { .. }
            | StepSpec::Rest { .. }
            | StepSpec::Pulse { .. }
            | StepSpec::Ramp { .. } => 0,
        })
    })
}

/// "cycle 3 of 10 · stripping 0.5 mA cm⁻² · until 1 V".
pub fn sentence(facts: &Facts, step: &PresentStep) -> String {
    let place = match cycle(facts) {
        Some((present, all)) => format!("cycle {present} of {all}"),
        None => format!("step {}", step.number),
    };
    let current = ma_cm2_from_a_m2(step.current_density_a_m2);
    let doing = match current {
        _ if let Some(volts) = step.held_v => format!("held at {} V", tick(volts)),
        i if i > 0.0 && step.pulsed => format!("pulses of {} mA cm⁻²", tick(i)),
        i if i > 0.0 => format!("plating {} mA cm⁻²", tick(i)),
        i if i < 0.0 => format!("stripping {} mA cm⁻²", tick(-i)),
        _ => "at rest".into(),
    };
    [place, doing, until(step)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn until(step: &PresentStep) -> String {
    let mut limits = Vec::new();
    if step.capacity_mah_cm2.is_finite() {
        limits.push(format!("until {} mAh cm⁻²", tick(step.capacity_mah_cm2)));
    }
    if step.voltage_v.is_finite() {
        limits.push(format!("until {} V", tick(step.voltage_v)));
    }
    if step.time_s.is_finite() {
        // A limit is a round number: no decimals that say nothing.
        limits.push(format!("for {}", style::time(step.time_s).replace(".0 ", " ")));
    }
    limits.join(" or ")
}

/// How much of the step is done, 0 to 1, by the limit that is nearest; 0 where only a voltage ends it.
pub fn share(step: &PresentStep) -> f64 {
    let of = |passed: f64, limit: f64| if limit > 0.0 { passed / limit } else { 0.0 };
    of(step.passed_mah_cm2, step.capacity_mah_cm2).max(of(step.passed_s, step.time_s)).clamp(0.0, 1.0)
}

/// "The cell died after 37 cycles: …".
pub fn death(failure: &Failure) -> String {
    let when = match failure.cycles {
        0 => "in its first cycle".into(),
        1 => "after 1 cycle".into(),
        cycles => format!("after {cycles} cycles"),
    };
    format!("The cell died {when}: {}.", failure.kind.sentence())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observables::FailureKind;
    use crate::scene::{CellSpec, StepLimits};

    fn step() -> PresentStep {
        PresentStep {
            number: 6,
            current_density_a_m2: -5.0,
            by_hand: false,
            pulsed: false,
            held_v: None,
            capacity_mah_cm2: f64::INFINITY,
            passed_mah_cm2: 0.25,
            time_s: f64::INFINITY,
            passed_s: 30.0,
            voltage_v: 1.0,
        }
    }

    #[test]
    fn limits_are_told_with_or() {
        assert_eq!(until(&step()), "until 1 V");
        assert_eq!(
            until(&PresentStep { capacity_mah_cm2: 0.5, ..step() }),
            "until 0.5 mAh cm⁻² or until 1 V"
        );
        assert_eq!(until(&PresentStep { voltage_v: f64::INFINITY, time_s: 120.0, ..step() }), "for 2 min");
    }

    #[test]
    fn the_nearest_limit_tells_how_far_a_step_is() {
        assert_eq!(share(&step()), 0.0);
        assert_eq!(share(&PresentStep { capacity_mah_cm2: 0.5, time_s: 120.0, ..step() }), 0.5);
        assert_eq!(share(&PresentStep { time_s: 0.0, ..step() }), 0.0);
    }

    #[test]
    fn cycles_are_counted_through_nested_repeats() {
        let cycling = StepSpec::cycling(1.0, 1.0, 10, CellSpec::default(), 1.0);
        assert_eq!(strips(&cycling), 10);
        let long = StepSpec::Repeat { times: u32::MAX, steps: cycling.clone() };
        let longer = StepSpec::Repeat { times: u32::MAX, steps: vec![long] };
        assert_eq!(strips(&[StepSpec::Repeat { times: u32::MAX, steps: vec![longer] }]), u64::MAX);
        let until = StepLimits::default();
        assert_eq!(strips(&[StepSpec::Plate { current_density_ma_cm2: 1.0, until }]), 0);
    }

    #[test]
    fn a_death_is_one_sentence() {
        let dead =
            |cycles| Failure { kind: FailureKind::HardShort, time_s: 1.0, throughput_mah_cm2: 1.0, cycles };
        assert_eq!(
            death(&dead(37)),
            "The cell died after 37 cycles: hard short: metal bridges the separator."
        );
        assert!(death(&dead(0)).contains("in its first cycle"));
    }
}
