//! Values of options that need more than a number: limits, picture sizes, angles, names of files.
//!
//! Does: parse them, with messages that say what is allowed.
//! Accuracy: limits are converted once, to the unit of the scene file.

use crate::notation::{Measure, measure};
use crate::scene::{self, CellSpec, LayerSpec, UntilSpec};
use std::path::PathBuf;

const LIMIT_HELP: &str = "give a number above zero with a unit: mAh/cm2, uAh/cm2 or C/cm2 (charge), s, min, h or days (time), sites (plated sites); for example 0.5mAh/cm2, 600s, 1e6sites";

/// Reads the limit of a run, such as `1mAh/cm2`, `600s` or `1e6sites`.
///
/// ```
/// # use natrarium::cli::values::parse_until;
/// assert_eq!(parse_until("0.5 mAh cm⁻²").unwrap().areal_capacity_mah_cm2, Some(0.5));
/// assert_eq!(parse_until("10min").unwrap().time_s, Some(600.0));
/// assert!(parse_until("5 parsecs").is_err());
/// ```
pub fn parse_until(words: &str) -> Result<UntilSpec, String> {
    let none = UntilSpec { areal_capacity_mah_cm2: None, time_s: None, sites: None };
    let (value, limit) = match measure(words).map_err(|what| format!("{what}; {LIMIT_HELP}"))? {
        Measure::ArealCapacity(value) => (value, UntilSpec { areal_capacity_mah_cm2: Some(value), ..none }),
        Measure::Time(value) => (value, UntilSpec { time_s: Some(value), ..none }),
        Measure::Sites(value) => (value, UntilSpec { sites: Some(value.round() as u64), ..none }),
        other => return Err(format!("a run does not end at {other}; {LIMIT_HELP}")),
    };
    if value <= 0.0 {
        return Err(format!("the number is {value}, it must be above 0; {LIMIT_HELP}"));
    }
    if limit.sites == Some(0) {
        return Err(format!("less than one site; {LIMIT_HELP}"));
    }
    Ok(limit)
}

/// Reads a number with a unit of one kind; anything else is refused with `help`.
fn quantity(words: &str, of: fn(Measure) -> Option<f64>, help: &str) -> Result<f64, String> {
    let found = measure(words).map_err(|what| format!("{what}; {help}"))?;
    of(found).ok_or_else(|| format!("{found} is something else; {help}"))
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
        |found| if let Measure::CurrentDensity(value) = found { Some(value) } else { None },
        "give a number with a unit, mA/cm2, uA/cm2 or A/m2; for example 0.5mA/cm2",
    )
}

/// Reads a capacity, such as `1mAh/cm2`; in mAh cm⁻².
pub fn parse_capacity(words: &str) -> Result<f64, String> {
    quantity(
        words,
        |found| if let Measure::ArealCapacity(value) = found { Some(value) } else { None },
        "give a number with a unit, mAh/cm2, uAh/cm2 or C/cm2; for example 1mAh/cm2",
    )
}

/// Reads a temperature, such as `25C`; in °C.
pub fn parse_temperature(words: &str) -> Result<f64, String> {
    quantity(
        words,
        |found| if let Measure::Temperature(value) = found { Some(value) } else { None },
        "give a number with a unit, C or K; for example 25C or 298.15K",
    )
}

/// Reads the thickness of a foil, such as `20um`; in µm.
pub fn parse_foil(words: &str) -> Result<f64, String> {
    quantity(
        words,
        |found| if let Measure::Length(nm) = found { Some(nm / 1e3) } else { None },
        "give a number with a unit, um or nm; for example 20um",
    )
}

/// Reads the layers of a coating, such as `Sn 100nm + PVDF 2um`.
pub fn parse_coating(words: &str) -> Result<Vec<LayerSpec>, String> {
    scene::stack(words)
}

/// Reads a pressure, such as `0.5MPa`; in MPa.
pub fn parse_pressure(words: &str) -> Result<f64, String> {
    quantity(
        words,
        |found| if let Measure::Pressure(value) = found { Some(value) } else { None },
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

/// Reads a place in the box, such as `24,24,8`; µm along x, y and above the collector.
///
/// ```
/// # use natrarium::cli::values::parse_place;
/// assert_eq!(parse_place("24, 24, 8.5").unwrap(), [24.0, 24.0, 8.5]);
/// assert!(parse_place("24,24").is_err());
/// ```
pub fn parse_place(words: &str) -> Result<[f32; 3], String> {
    let numbers: Vec<f32> = words.split(',').map_while(|word| word.trim().parse().ok()).collect();
    let complete = words.split(',').count() == 3 && numbers.iter().all(|number| number.abs() <= 1e5);
    numbers.try_into().ok().filter(|_| complete).ok_or_else(|| {
        "give three distances in µm, along x, along y and above the collector, for example 24,24,8".into()
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
    fn a_limit_is_a_charge_a_time_or_sites() {
        let none = UntilSpec::default();
        for (words, expected) in [
            ("1 mah/cm²", UntilSpec { areal_capacity_mah_cm2: Some(1.0), ..none }),
            ("10 μAh cm⁻²", UntilSpec { areal_capacity_mah_cm2: Some(0.01), ..none }),
            (".5h", UntilSpec { time_s: Some(1800.0), ..none }),
            ("2 days", UntilSpec { time_s: Some(172_800.0), ..none }),
            ("1e6sites", UntilSpec { sites: Some(1_000_000), ..none }),
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
            "1 V",
            "0.01MAh/cm2",
            "10UAh/cm2",
        ] {
            let message = parse_until(words).unwrap_err();
            assert!(message.contains("mAh/cm2") && message.contains("sites"), "{words}: {message}");
        }
    }

    #[test]
    fn cells_are_read_with_their_metal() {
        assert_eq!(parse_cell("Symmetric"), Ok(CellSpec::Symmetric { foil_mah_cm2: 100.0 }));
        assert_eq!(parse_cell("half-cell : 5 mAh/cm2"), Ok(CellSpec::HalfCell { counter_mah_cm2: 5.0 }));
        assert_eq!(parse_cell("anode-free"), Ok(CellSpec::AnodeFree { inventory_mah_cm2: 3.0 }));
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
        for words in ["", "1mPa", "1V", "1 psi"] {
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
        for words in ["", "1,2", "1,2,3,4", "1,,3", "NaN,1,2", "1,inf,2", "1,2,1e9", "a,b,c"] {
            assert!(parse_place(words).unwrap_err().contains("24,24,8"), "{words}");
        }
        for words in ["", "30", "NaN,3", "inf,3", "30,91", "1,2,3"] {
            assert!(parse_angle(words).unwrap_err().contains("30,24"), "{words}");
        }
    }

    proptest! {
        #[test]
        fn no_words_make_a_parser_panic(words in ".{0,24}") {
            let _ = parse_place(&words);
            let _ = (parse_until(&words), parse_size(&words), parse_angle(&words), parse_cell(&words));
            let _ = (parse_current(&words), parse_capacity(&words));
            let _ = (parse_temperature(&words), parse_pressure(&words));
        }
    }
}
