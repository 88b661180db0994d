//! One sentence and the step it says.

use crate::notation::{Measure, measure, number};
use crate::scene::spec::{ReversePulse, StepLimits, StepSpec, limits};

pub(super) const EXAMPLE: &str = "write it as `Plate at 0.5 mA/cm2 for 2 hours or until -0.2 V`, `Rest for 20 minutes`, \
                       `Strip at 1 mA/cm2 until 1 V` or `Hold at -0.05 V until 10 uA/cm2`";

type Fault = (String, String);

fn fault<T>(what: impl Into<String>, cure: impl Into<String>) -> Result<T, Fault> {
    Err((what.into(), cure.into()))
}

/// Words that begin a part of a sentence.
const PREPOSITIONS: [&str; 14] = [
    "at", "for", "until", "or", "from", "to", "in", "over", "and", "with", "then", "reverse", "limit", "rest",
];

/// The parts of a sentence: what begins each, and its text.
fn parts(words: &[&str]) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for word in words {
        let lower = word.trim_matches(',').to_lowercase();
        match (lower.as_str(), parts.last_mut()) {
            // `10 ms on`, `50 ms off`: what a part is stands behind it.
            ("on" | "off", Some((_, text))) => {
                let starts = text.rmatch_indices(' ').map(|(at, _)| at + 1).chain([0]);
                let start =
                    starts.take(2).find(|start| matches!(measure(&text[*start..]), Ok(Measure::Time(_))));
                let time = text.split_off(start.unwrap_or(0));
                parts.push((lower, time));
            }
            (word, _) if PREPOSITIONS.contains(&word) => parts.push((lower, String::new())),
            (_, Some((_, text))) => {
                *text = format!("{text} {}", word.trim_end_matches(',')).trim().to_string()
            }
            _ => parts.push((String::new(), word.to_string())),
        }
        if word.ends_with(',') {
            parts.push((String::new(), String::new()));
        }
    }
    parts.retain(|(kind, text)| !text.is_empty() || kind == "reverse");
    parts
}

/// One sentence.
pub(super) fn sentence(text: &str) -> Result<StepSpec, Fault> {
    let text = text.trim().trim_end_matches('.');
    if text.contains('(') {
        return fault(
            format!("`{text}` has a bracket inside a sentence"),
            "leave it out; how many rows a table has is chosen with --rows",
        );
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((verb, words)) = words.split_first() else { return fault("the sentence is empty", EXAMPLE) };
    let parts = parts(words);
    match verb.to_lowercase().as_str() {
        "plate" | "deposit" => steady(&parts, true),
        "strip" | "dissolve" => steady(&parts, false),
        "rest" | "wait" | "pause" => {
            let [(_, text)] = &parts[..] else {
                return fault(format!("how long `{text}` lasts is not said"), EXAMPLE);
            };
            Ok(StepSpec::Rest { time_s: time(text)? })
        }
        "hold" => hold(&parts),
        "ramp" => ramp(&parts),
        "pulse" => pulse(&parts),
        "charge" | "discharge" => fault(
            format!("`{verb}` does not say what happens at the electrode"),
            "write `Plate` where sodium is deposited on it and `Strip` where it is dissolved",
        ),
        _ => fault(format!("`{verb}` begins no step"), EXAMPLE),
    }
}

fn value(text: &str) -> Result<Measure, Fault> {
    let rate = text.trim().to_uppercase();
    if rate.starts_with("C/") || rate.ends_with('C') && matches!(measure(text), Ok(Measure::Temperature(_))) {
        return fault(
            format!("`{text}` is a C-rate, and this cell has no capacity to take it of"),
            "give the current per area, for example 0.5 mA/cm2",
        );
    }
    measure(text).or_else(|what| fault(what, EXAMPLE))
}

fn current(text: &str) -> Result<f64, Fault> {
    match value(text)? {
        Measure::CurrentDensity(current) if current < 0.0 => fault(
            format!("the current {text} has a sign"),
            "leave it out: Plate deposits metal, Strip dissolves it",
        ),
        Measure::CurrentDensity(current) => Ok(current),
        Measure::Voltage(_) => fault(
            format!("{text} is a voltage"),
            "give a current per area, or write `Hold at …` for a constant voltage",
        ),
        _ => fault(format!("{text} is no current per area"), "give it as 0.5 mA/cm2"),
    }
}

/// A time, also in two units: `2 hours 30 minutes`.
fn time(text: &str) -> Result<f64, Fault> {
    if let Ok(Measure::Time(time_s)) = measure(text) {
        return Ok(time_s);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let sum = words.chunks(2).map(|pair| match measure(&pair.join(" ")) {
        Ok(Measure::Time(time_s)) => Some(time_s),
        _ => None,
    });
    match sum.sum::<Option<f64>>() {
        Some(time_s) if !words.is_empty() => Ok(time_s),
        _ => fault(format!("`{text}` is no time"), "give it as 20 minutes, 2 h or 600 s"),
    }
}

/// Takes a limit out of a part of a sentence.
fn limit(until: &mut StepLimits, text: &str) -> Result<(), Fault> {
    if let Ok(time_s) = time(text) {
        until.time_s = Some(time_s);
        return Ok(());
    }
    match value(text)? {
        Measure::Voltage(voltage_v) => until.voltage_v = Some(voltage_v),
        Measure::ArealCapacity(capacity) => until.capacity_mah_cm2 = Some(capacity),
        Measure::CurrentDensity(current) => until.current_density_ma_cm2 = Some(current),
        Measure::Sites(sites) => until.sites = Some(sites.max(0.0) as u64),
        other => return fault(format!("a step does not end at {other}"), EXAMPLE),
    }
    Ok(())
}

/// Limits in the parts of a sentence that are not of another kind.
fn ends<'a>(parts: impl Iterator<Item = &'a (String, String)>) -> Result<StepLimits, Fault> {
    let mut until = StepLimits::default();
    for (kind, text) in parts {
        match kind.as_str() {
            "for" | "until" | "or" => limit(&mut until, text)?,
            _ => return fault(format!("`{kind} {text}` is not understood").replace("` ", "`"), EXAMPLE),
        }
    }
    Ok(until)
}

fn steady(parts: &[(String, String)], plating: bool) -> Result<StepSpec, Fault> {
    let [(kind, text), rest @ ..] = parts else { return fault("the current is missing", EXAMPLE) };
    if kind != "at" {
        return fault(format!("`{kind} {text}` stands where the current should"), EXAMPLE);
    }
    let current_density_ma_cm2 = current(text)?;
    let mut until = ends(rest.iter())?;
    match &mut until.voltage_v {
        // The voltage of a plating electrode is below 0; the step ends at the polarisation.
        Some(voltage) if plating => *voltage = voltage.abs(),
        Some(voltage) if *voltage < 0.0 => {
            return fault(
                format!("while stripping the voltage is above 0, and {voltage} V is never reached"),
                "give it without the minus",
            );
        }
        _ => {}
    }
    if until == StepLimits::default() {
        return fault(
            "the step would never end",
            "go on with `for 2 hours`, `until 1 mAh/cm2` or `until 1 V`",
        );
    }
    Ok(match plating {
        true => StepSpec::Plate { current_density_ma_cm2, until },
        false => StepSpec::Strip { current_density_ma_cm2, until },
    })
}

fn hold(parts: &[(String, String)]) -> Result<StepSpec, Fault> {
    let [(kind, text), rest @ ..] = parts else { return fault("the voltage is missing", EXAMPLE) };
    let (true, Measure::Voltage(voltage_v)) = (kind == "at", value(text)?) else {
        return fault(format!("`{text}` stands where the voltage should"), EXAMPLE);
    };
    let most = |part: &&(String, String)| match (part.0.as_str(), part.1.strip_prefix("most ")) {
        ("at", Some(most)) => Some(most.to_string()),
        ("limit", _) => Some(part.1.clone()),
        _ => None,
    };
    let largest = rest.iter().find_map(|part| most(&part));
    let until = ends(rest.iter().filter(|part| most(part).is_none()))?;
    if until == StepLimits::default() {
        return fault("the step would never end", "go on with `for 2 hours` or `until 10 uA/cm2`");
    }
    let largest_ma_cm2 = largest.map_or(Ok(limits::HOLD_CURRENT.usual), |text| current(&text))?;
    Ok(StepSpec::Hold { voltage_v, largest_ma_cm2, until })
}

fn ramp(parts: &[(String, String)]) -> Result<StepSpec, Fault> {
    let of = |kinds: &[&str]| parts.iter().find(|(kind, _)| kinds.contains(&kind.as_str()));
    let (Some((_, from)), Some((_, to)), Some((within, duration))) =
        (of(&["from"]), of(&["to"]), of(&["in", "over", "for"]))
    else {
        return fault(
            "a ramp needs two currents and a time",
            "write it as `Ramp from 0.1 mA/cm2 to 5 mA/cm2 in 1 hour until -0.5 V`",
        );
    };
    // `from 0 to 5 mA/cm2` has one unit for both.
    let from = match number(from) {
        Ok(number) => {
            let unit = to.trim_start_matches(|sign: char| !sign.is_alphabetic());
            current(&format!("{number} {unit}"))?
        }
        Err(_) => current(from)?,
    };
    let known = |kind: &str| ["from", "to"].contains(&kind) || kind == within;
    let mut until = ends(parts.iter().filter(|(kind, _)| !known(kind)))?;
    until.voltage_v = until.voltage_v.map(f64::abs);
    Ok(StepSpec::Ramp { from_ma_cm2: from, to_ma_cm2: current(to)?, time_s: time(duration)?, until })
}

fn pulse(parts: &[(String, String)]) -> Result<StepSpec, Fault> {
    let cure = "write it as `Pulse at 2 mA/cm2, 10 ms on, 50 ms off, for 1 hour`, with `reverse at 1 mA/cm2 for 2 ms` if you like";
    let (mut on, mut off, mut forth, mut back, mut back_s) = (None, None, None, None, None);
    let mut rest = Vec::new();
    let mut reversing = false;
    for part in parts {
        let (kind, text) = part;
        match kind.as_str() {
            "reverse" => reversing = true,
            "at" if reversing => back = Some(current(text)?),
            "for" if reversing => {
                back_s = Some(time(text)?);
                reversing = false;
            }
            "at" => forth = Some(current(text)?),
            "on" => on = Some(time(text)?),
            "off" => off = Some(time(text)?),
            _ => rest.push(part),
        }
    }
    let (Some(current_density_ma_cm2), Some(on_s), Some(off_s)) = (forth, on, off) else {
        return fault("a pulse needs a current, a time on and a time off", cure);
    };
    let reverse = match (back, back_s) {
        (None, None) => None,
        (Some(current_density_ma_cm2), Some(time_s)) => Some(ReversePulse { current_density_ma_cm2, time_s }),
        _ => return fault("a reversal needs a current and a time", cure),
    };
    let mut until = ends(rest.into_iter())?;
    until.voltage_v = until.voltage_v.map(f64::abs);
    if until == StepLimits::default() {
        return fault("the pulses would never end", cure);
    }
    Ok(StepSpec::Pulse { current_density_ma_cm2, on_s, off_s, reverse, until })
}
