//! Values of options that need more than a number: limits, picture sizes, angles, names of files.
//!
//! Does: parse them, with messages that say what is allowed.
//! Accuracy: limits are converted once, to the unit of the scene file.

use crate::scene::{CellSpec, UntilSpec};
use crate::units::{celsius_from_kelvin, ma_cm2_from_a_m2};
use std::path::PathBuf;

/// A unit of `--until`, and the limit a value in it makes.
type LimitUnit = (&'static str, fn(f64) -> UntilSpec);

const LIMITS: [LimitUnit; 7] = [
    ("mAh/cm2", |value| capacity(value)),
    ("uAh/cm2", |value| capacity(value / 1e3)),
    ("C/cm2", |value| capacity(value / 3.6)),
    ("sites", |value| UntilSpec { sites: Some(value.round() as u64), ..NO_LIMIT }),
    ("min", |value| time(value * 60.0)),
    ("h", |value| time(value * 3600.0)),
    ("s", time),
];

const NO_LIMIT: UntilSpec = UntilSpec { areal_capacity_mah_cm2: None, time_s: None, sites: None };

/// Largest number that is taken for a limit, in any unit: beyond it a slip of the keys is likelier than a
/// wish.
const LARGEST: f64 = 1e12;

const LIMIT_HELP: &str = "give a number above zero with a unit: mAh/cm2, uAh/cm2 or C/cm2 (charge), s, min or h (time), sites (plated sites); for example 0.5mAh/cm2, 600s, 1e6sites";

fn capacity(value: f64) -> UntilSpec {
    UntilSpec { areal_capacity_mah_cm2: Some(value), ..NO_LIMIT }
}

fn time(value: f64) -> UntilSpec {
    UntilSpec { time_s: Some(value), ..NO_LIMIT }
}

/// Reads the limit of a run, such as `1mAh/cm2`, `600s` or `1e6sites`.
///
/// ```
/// # use natrarium::cli::values::parse_until;
/// assert_eq!(parse_until("0.5 mAh/cm2").unwrap().areal_capacity_mah_cm2, Some(0.5));
/// assert_eq!(parse_until("10min").unwrap().time_s, Some(600.0));
/// assert!(parse_until("5 parsecs").is_err());
/// ```
pub fn parse_until(words: &str) -> Result<UntilSpec, String> {
    let words = plain(words);
    let number_and_unit = LIMITS.iter().find_map(|(unit, limit)| {
        let split = words.len().checked_sub(unit.len())?;
        let (number, found) = words.split_at_checked(split)?;
        // A unit of charge keeps the case of its first letter, in which a milli is not a mega.
        let prefix = !unit.ends_with('2') || found.chars().next() == unit.chars().next();
        (prefix && found.eq_ignore_ascii_case(unit)).then_some((number.trim_end(), limit))
    });
    let Some((number, limit)) = number_and_unit else {
        return Err(format!("there is no unit that is known; {LIMIT_HELP}"));
    };
    let Ok(value) = number.parse::<f64>() else {
        return Err(format!("“{number}” is not a number; {LIMIT_HELP}"));
    };
    // Not `value <= 0.0`, which is false for NaN.
    if !(value > 0.0 && value <= LARGEST) {
        return Err(format!(
            "the number is {value}, it must be above 0 and at most {LARGEST:e}; {LIMIT_HELP}"
        ));
    }
    let limit = limit(value);
    if limit.sites == Some(0) {
        return Err(format!("less than one site; {LIMIT_HELP}"));
    }
    Ok(limit)
}

/// Units of a quantity, plain (`cm2`, `u`), with the factor or rule to the unit of the scene file. A unit
/// stands before any that ends like it.
type Units = [(&'static str, fn(f64) -> f64)];

/// The words with units as the tables spell them.
fn plain(words: &str) -> String {
    words.trim().replace('²', "2").replace(['µ', 'μ'], "u")
}

/// A number and a unit. Case is forgiven but for a unit's first letter, in which a milli is not a mega.
fn quantity(words: &str, units: &Units, help: &str) -> Result<f64, String> {
    let plain = plain(words);
    let number_and_unit = units.iter().find_map(|(unit, convert)| {
        let (number, found) = plain.split_at_checked(plain.len().checked_sub(unit.len())?)?;
        let same = found.get(..1) == unit.get(..1) && found.eq_ignore_ascii_case(unit);
        same.then_some((number.trim_end(), convert))
    });
    let Some((number, convert)) = number_and_unit else {
        return Err(format!("there is no unit that is known; {help}"));
    };
    match number.parse::<f64>() {
        Ok(value) if value.abs() <= LARGEST => Ok(convert(value)),
        _ => Err(format!("“{number}” is not a finite number; {help}")),
    }
}

/// Reads a current density, such as `0.5mA/cm2`; in mA cm⁻². What makes sense is for the scene to say, also
/// below.
///
/// ```
/// # use natrarium::cli::values::parse_current;
/// assert_eq!(parse_current("5 A/m²"), Ok(0.5));
/// assert!(parse_current("5").is_err());
/// ```
pub fn parse_current(words: &str) -> Result<f64, String> {
    quantity(
        words,
        &[("mA/cm2", |value| value), ("uA/cm2", |value| value / 1e3), ("A/m2", ma_cm2_from_a_m2)],
        "give a number with a unit, mA/cm2, uA/cm2 or A/m2; for example 0.5mA/cm2",
    )
}

/// Reads a capacity, such as `1mAh/cm2`; in mAh cm⁻².
pub fn parse_capacity(words: &str) -> Result<f64, String> {
    quantity(
        words,
        &[("mAh/cm2", |value| value), ("uAh/cm2", |value| value / 1e3), ("C/cm2", |value| value / 3.6)],
        "give a number with a unit, mAh/cm2, uAh/cm2 or C/cm2; for example 1mAh/cm2",
    )
}

/// Reads a temperature, such as `25C`; in °C.
pub fn parse_temperature(words: &str) -> Result<f64, String> {
    quantity(
        words,
        &[("°C", |value| value), ("C", |value| value), ("K", celsius)],
        "give a number with a unit, C or K; for example 25C or 298.15K",
    )
}

/// K → °C, without the last digits of the subtraction, which a person would not write.
fn celsius(temperature_k: f64) -> f64 {
    (celsius_from_kelvin(temperature_k) * 1e9).round() / 1e9
}

/// Reads a pressure, such as `0.5MPa`; in MPa.
pub fn parse_pressure(words: &str) -> Result<f64, String> {
    quantity(
        words,
        &[("MPa", |value| value), ("kPa", |value| value / 1e3), ("bar", |value| value / 10.0)],
        "give a number with a unit, MPa, kPa or bar; for example 0.5MPa",
    )
}

/// Reads a cell and, after a colon, its metal, such as `half-cell` or `anode-free:3mAh/cm2`.
///
/// ```
/// # use natrarium::{cli::values::parse_cell, scene::CellSpec};
/// assert_eq!(parse_cell("anode-free:2mAh/cm2"), Ok(CellSpec::AnodeFree { inventory_mah_cm2: 2.0 }));
/// assert!(parse_cell("coin").is_err());
/// ```
pub fn parse_cell(words: &str) -> Result<CellSpec, String> {
    let (kind, amount) = match words.split_once(':') {
        Some((kind, amount)) => (kind, Some(parse_capacity(amount)?)),
        None => (words, None),
    };
    // `anode-free`, `AnodeFree` and `Anode-Free` are the same.
    let plain = |name: &str| name.trim().replace('-', "").to_ascii_lowercase();
    match CellSpec::KINDS.iter().find(|known| plain(known.name) == plain(kind)) {
        Some(known) => Ok(known.with_metal(amount.unwrap_or(known.metal.usual))),
        None => Err(
            "give symmetric, half-cell or anode-free, and after a colon the metal of a foil, of the counter \
                  electrode or in the cathode if you like; for example anode-free:3mAh/cm2"
                .into(),
        ),
    }
}

/// Reads the size of a picture, such as `1280x720`. What can be drawn or encoded is for the capture to say.
///
/// ```
/// # use natrarium::cli::values::parse_size;
/// assert_eq!(parse_size("1280x720").unwrap(), (1280, 720));
/// assert!(parse_size("1280").is_err());
/// ```
pub fn parse_size(words: &str) -> Result<(u32, u32), String> {
    pair(words, &['x', 'X', '×'])
        .ok_or_else(|| "give width and height in pixels with an x between them, for example 1280x720".into())
}

/// Reads where a camera stands: degrees about the vertical and above the horizon, such as `30,24`.
///
/// ```
/// # use natrarium::cli::values::parse_angle;
/// assert_eq!(parse_angle("-30,24").unwrap(), (-30.0, 24.0));
/// assert!(parse_angle("30,95").is_err());
/// ```
pub fn parse_angle(words: &str) -> Result<(f32, f32), String> {
    pair(words, &[','])
        .filter(|(around, above): &(f32, f32)| around.abs() <= 360.0 && above.abs() <= 90.0)
        .ok_or_else(|| {
            "give degrees about the vertical (-360 to 360) and above the horizon (-90 to 90), for example 30,24".into()
        })
}

fn pair<T: std::str::FromStr>(words: &str, separators: &[char]) -> Option<(T, T)> {
    let (first, second) = words.split_once(separators)?;
    Some((first.trim().parse().ok()?, second.trim().parse().ok()?))
}

/// A parser of file names that must end in `ending`, so that no file says it is what it is not.
pub fn parse_file(ending: &'static str) -> impl Fn(&str) -> Result<PathBuf, String> + Clone {
    move |words| {
        let path = PathBuf::from(words);
        match path.extension() {
            Some(found) if found.eq_ignore_ascii_case(ending) => Ok(path),
            _ => Err(format!(
                "only .{ending} can be written; name it {}",
                path.with_extension(ending).display()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_unit_means_what_it_says() {
        for (words, expected) in [
            ("1mAh/cm2", capacity(1.0)),
            ("1 mah/cm²", capacity(1.0)),
            ("200uAh/cm2", capacity(0.2)),
            ("200 µAh/cm2", capacity(0.2)),
            ("3.6C/cm2", capacity(1.0)),
            ("600s", time(600.0)),
            ("1e2 min", time(6000.0)),
            (".5h", time(1800.0)),
            ("1e6sites", UntilSpec { sites: Some(1_000_000), ..NO_LIMIT }),
        ] {
            assert_eq!(parse_until(words).as_ref(), Ok(&expected), "{words}");
        }
    }

    #[test]
    fn files_are_called_what_they_are() {
        assert_eq!(parse_file("png")("a/b.PNG"), Ok(PathBuf::from("a/b.PNG")));
        let refused = parse_file("mp4")("film.avi").unwrap_err();
        assert!(refused.contains("film.mp4"), "{refused}");
        assert!(parse_file("mp4")("film").is_err());
    }

    #[test]
    fn what_is_no_limit_is_refused_with_the_units_allowed() {
        for words in [
            "",
            "1",
            "mAh/cm2",
            "-1s",
            "0s",
            "NaN s",
            "inf h",
            "1e400s",
            "1e13sites",
            "0.2sites",
            "5 parsecs",
            "²",
        ] {
            let message = parse_until(words).unwrap_err();
            assert!(message.contains("mAh/cm2") && message.contains("sites"), "{words}: {message}");
        }
    }

    #[test]
    fn quantities_are_converted_to_the_units_of_a_scene() {
        let close = |parsed: Result<f64, String>, expected: f64| {
            let value = parsed.unwrap();
            assert!((value - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{value} is not {expected}");
        };
        for words in ["0.5mA/cm2", "0.5 mA/cm²", "5A/m2", "5 A/m²", "500uA/cm2", "500 µA/cm²"] {
            close(parse_current(words), 0.5);
        }
        for words in ["1mAh/cm2", "1 mah/cm²", "1000 μAh/cm2", "3.6C/cm2"] {
            close(parse_capacity(words), 1.0);
        }
        for words in ["25C", "25 °C", "298.15K"] {
            close(parse_temperature(words), 25.0);
        }
        close(parse_temperature("-20C"), -20.0);
        for words in ["0.5MPa", "500kPa", "5 bar"] {
            close(parse_pressure(words), 0.5);
        }
        assert_eq!(parse_cell("Symmetric"), Ok(CellSpec::Symmetric { foil_mah_cm2: 100.0 }));
        assert_eq!(parse_cell("half-cell : 5 mAh/cm2"), Ok(CellSpec::HalfCell { counter_mah_cm2: 5.0 }));
        assert_eq!(parse_cell("anode-free"), Ok(CellSpec::AnodeFree { inventory_mah_cm2: 3.0 }));
    }

    #[test]
    fn converted_values_are_the_ones_that_a_person_would_write() {
        assert_eq!(parse_current("700 uA/cm2"), Ok(0.7));
        assert_eq!(parse_capacity("700 µAh/cm2"), Ok(0.7));
        assert_eq!(parse_temperature("303 K"), Ok(29.85));
        assert_eq!(parse_pressure("700 kPa"), Ok(0.7));
        assert_eq!(parse_pressure("7 bar"), Ok(0.7));
        assert_eq!(parse_until("700uAh/cm2").map(|limit| limit.areal_capacity_mah_cm2), Ok(Some(0.7)));
        for words in ["10 μAh/cm2", "10 µAh/cm²", "10uAh/cm²"] {
            assert_eq!(parse_until(words).map(|limit| limit.areal_capacity_mah_cm2), Ok(Some(0.01)));
        }
        for words in ["0.01MAh/cm2", "0.01 MAH/cm²", "10UAh/cm2"] {
            assert!(parse_until(words).unwrap_err().contains("no unit that is known"), "{words}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused_with_an_example() {
        for words in
            ["", "1", "mA/cm2", "NaNmA/cm2", "inf mA/cm2", "1e99mA/cm2", "1MA/cm2", "1 mAh/cm2", "²", "ä"]
        {
            assert!(parse_current(words).unwrap_err().contains("0.5mA/cm2"), "{words}");
        }
        for words in ["", "1mA/cm2", "one mAh/cm2", "1 MAh/cm2"] {
            assert!(parse_capacity(words).unwrap_err().contains("1mAh/cm2"), "{words}");
        }
        for words in ["", "25", "25F", "warm"] {
            assert!(parse_temperature(words).unwrap_err().contains("25C"), "{words}");
        }
        for words in ["", "1mPa", "1Pa", "1 psi"] {
            assert!(parse_pressure(words).unwrap_err().contains("0.5MPa"), "{words}");
        }
        for words in ["", ":", "coin", "anode-free:", "anode-free:3", "half-cell:lots"] {
            assert!(parse_cell(words).unwrap_err().contains("mAh/cm2"), "{words}");
        }
    }

    #[test]
    fn sizes_and_angles_are_pairs() {
        assert_eq!(parse_size("640 × 360"), Ok((640, 360)));
        for words in ["", "x", "640", "640x", "-4x5", "640x360x2", "1.5x2"] {
            assert!(parse_size(words).unwrap_err().contains("1280x720"), "{words}");
        }
        for words in ["", "30", "NaN,3", "inf,3", "30,91", "1,2,3"] {
            assert!(parse_angle(words).unwrap_err().contains("30,24"), "{words}");
        }
    }

    proptest! {
        #[test]
        fn no_words_make_a_parser_panic(words in ".{0,24}") {
            let _ = (parse_until(&words), parse_size(&words), parse_angle(&words), parse_cell(&words));
            let _ = (parse_current(&words), parse_capacity(&words));
            let _ = (parse_temperature(&words), parse_pressure(&words));
        }
    }
}
