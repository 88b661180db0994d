//! Numbers and units as people write them.
//!
//! Does: read `0,5`, `−10`, `1e-3`, `2×10⁻³`, and units such as `mA cm⁻²`, `mA·cm^-2`, `µAh/cm2`, `h`,
//! `days`, `℃`. Write a value so that it reads back as the same.
//! Does not: guess. A comma before three digits may mean a thousand or a decimal, and is refused; so is a
//! prefix in the wrong case, in which a milli would be a mega.
//! Accuracy: converted values have 15 significant digits, as a person would write them: 700 µA is 0.7 mA.
//!
//! The crates for units (`uom`, `dimensioned`) read only their own spelling, so this is our own table.

mod units;

use std::fmt;
use units::unit_of;

/// A number with its unit, in the unit that scenes use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// mA cm⁻².
    CurrentDensity(f64),
    /// mAh cm⁻².
    ArealCapacity(f64),
    /// s.
    Time(f64),
    /// V.
    Voltage(f64),
    /// nm.
    Length(f64),
    /// MPa.
    Pressure(f64),
    /// °C.
    Temperature(f64),
    /// Sites of the lattice.
    Sites(f64),
}

impl fmt::Display for Measure {
    /// A text that reads back as the same: "0.5 mA/cm²".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, unit) = match *self {
            Self::CurrentDensity(value) => (value, "mA/cm²"),
            Self::ArealCapacity(value) => (value, "mAh/cm²"),
            Self::Time(value) => (value, "s"),
            Self::Voltage(value) => (value, "V"),
            Self::Length(value) => (value, "nm"),
            Self::Pressure(value) => (value, "MPa"),
            Self::Temperature(value) => (value, "°C"),
            Self::Sites(value) => (value, "sites"),
        };
        write!(f, "{value} {unit}")
    }
}

/// Largest number that is taken with a unit: beyond it a slip of the keys is likelier than a wish.
const LARGEST: f64 = 1e12;

/// The plain form of a sign: digits raised or lowered, dashes, spaces, multiplication signs and full-width
/// signs of all kinds. Signs without width and the byte order mark become nothing.
pub fn plain(sign: char) -> Option<char> {
    Some(match sign {
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' => return None,
        '₀'..='₉' => char::from_digit(sign as u32 - '₀' as u32, 10).unwrap_or(sign),
        '⁰' | '⁴'..='⁹' => char::from_digit(sign as u32 - '⁰' as u32, 10).unwrap_or(sign),
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁻' | '₋' | '−' | '–' | '—' | '‐' | '‑' | '‒' | '﹣' => '-',
        '⁺' => '+',
        '⋅' | '∙' | '•' | '・' | '∗' | '×' => '·',
        '∶' | '：' => ':',
        '⁄' | '∕' => '/',
        'μ' => 'µ',
        // Full-width signs stand in the order of ASCII.
        '！'..='～' => char::from_u32(sign as u32 - 0xFEE0).unwrap_or(sign),
        space if space.is_whitespace() => ' ',
        other => other,
    })
}

/// One line of signs that can be shown: line ends and tabs become spaces, and what moves a cursor, colours a
/// terminal or turns the direction of writing around is left out.
pub fn printable(text: &str) -> String {
    let shown = |sign: char| match sign {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
        sign if sign.is_control() => None,
        sign => Some(sign),
    };
    text.chars().filter_map(shown).collect()
}

/// The text in letters that a font `has`. Raised and lowered signs that it lacks become plain ones, other
/// scripts are written in Latin letters.
///
/// ```
/// # use natrarium::notation::in_letters;
/// assert_eq!(in_letters("Na⁺ 钠 плёнка µm", |sign| sign.is_ascii() || sign == 'µ'), "Na+ Na plionka µm");
/// ```
pub fn in_letters(text: &str, mut has: impl FnMut(char) -> bool) -> String {
    let mut written = String::new();
    // Whether the last sign was written as a word that brings its own space.
    let mut spaced = false;
    for sign in text.chars() {
        let plain =
            if has(sign) { Some(sign) } else { plain(sign).filter(|plain| *plain != sign && has(*plain)) };
        let Some(sign) = plain else {
            let letters = deunicode::deunicode_char(sign).unwrap_or("?");
            written.push_str(letters);
            spaced = letters.ends_with(' ');
            continue;
        };
        if !(spaced && sign == ' ') {
            written.push(sign);
        }
        spaced = false;
    }
    written
}

/// A text with all signs in their plain form.
fn plain_text(words: &str) -> String {
    words.chars().filter_map(plain).collect::<String>().trim().to_string()
}

/// Reads a plain number, such as `0.5`, `−3`, `0,25` or `1e-3`.
///
/// ```
/// # use natrarium::notation::number;
/// assert_eq!((number("0,5"), number("−1e-3")), (Ok(0.5), Ok(-0.001)));
/// assert!(number("1,000").unwrap_err().contains("comma"));
/// ```
///
/// # Errors
/// What is wrong with it, and what to write instead.
pub fn number(words: &str) -> Result<f64, String> {
    let text = plain_text(words);
    let (value, rest) = leading_number(&text)?;
    match rest.trim() {
        "" => Ok(value),
        rest => Err(format!("`{rest}` after the number is not understood; give a number without a unit")),
    }
}

/// Reads a number with a unit of any kind, such as `0.5 mA cm⁻²`, `2 h`, `−0.2 V` or `1e6 sites`.
///
/// ```
/// # use natrarium::notation::{Measure, measure};
/// assert_eq!(measure("700 µA·cm⁻²"), Ok(Measure::CurrentDensity(0.7)));
/// assert_eq!(measure("303 K"), Ok(Measure::Temperature(29.85)));
/// assert!(measure("0.01 MAh/cm2").unwrap_err().contains("MAh/cm2"));
/// ```
///
/// # Errors
/// What is wrong with it: no number, an unknown unit, or more than 10¹² of it.
pub fn measure(words: &str) -> Result<Measure, String> {
    let text = plain_text(words);
    let (value, unit) = leading_number(&text)?;
    let unit = unit.trim();
    if unit.is_empty() {
        return Err(format!("“{text}” has no unit"));
    }
    if value.abs() > LARGEST {
        return Err(format!("the number is {value:e}, it must be at most {LARGEST:e}"));
    }
    let made = match unit {
        "K" => Measure::Temperature(((value - 273.15) * 1e9).round() / 1e9),
        "°C" | "° C" | "℃" | "C" | "degC" | "deg C" => Measure::Temperature(value),
        _ if ["site", "sites"].iter().any(|word| unit.eq_ignore_ascii_case(word)) => Measure::Sites(value),
        _ => {
            let unknown = || format!("`{unit}` is not a unit that is known here");
            let (factor, powers) = unit_of(unit).ok_or_else(unknown)?;
            // From A, s, m, V and Pa to the units of scenes.
            match powers {
                [1, 0, -2, 0, 0] => Measure::CurrentDensity(tidy(value * factor / 10.0)),
                [1, 1, -2, 0, 0] => Measure::ArealCapacity(tidy(value * factor / 36_000.0)),
                [0, 1, 0, 0, 0] => Measure::Time(tidy(value * factor)),
                [0, 0, 0, 1, 0] => Measure::Voltage(tidy(value * factor)),
                [0, 0, 1, 0, 0] => Measure::Length(tidy(value * factor * 1e9)),
                [0, 0, 0, 0, 1] => Measure::Pressure(tidy(value * factor / 1e6)),
                _ => return Err(unknown()),
            }
        }
    };
    Ok(made)
}

/// 15 significant digits: without the last digits of a conversion, which a person would not write.
fn tidy(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

/// A number at the start of a plain text, and the rest.
fn leading_number(text: &str) -> Result<(f64, &str), String> {
    let signs: Vec<char> = text.chars().collect();
    let digit = |at: usize| signs.get(at).is_some_and(char::is_ascii_digit);
    let digits_from = |at: usize| (at..).take_while(|at| digit(*at)).count();
    let mut written = String::new();
    let mut at = 0;
    if let Some(sign @ ('-' | '+')) = signs.first() {
        written.push(*sign);
        at += 1;
        while signs.get(at) == Some(&' ') {
            at += 1;
        }
    }
    let whole = digits_from(at);
    written.extend(&signs[at..at + whole]);
    at += whole;
    if matches!(signs.get(at), Some('.' | ',')) && (digit(at + 1) || whole > 0 && signs[at] == '.') {
        let fraction = digits_from(at + 1);
        if signs[at] == ',' {
            comma_is_decimal(&written, fraction)?;
        }
        written.push('.');
        written.extend(&signs[at + 1..at + 1 + fraction]);
        at += 1 + fraction;
        if matches!(signs.get(at), Some('.' | ',')) && digit(at + 1) {
            return Err("the number has two points or commas; write it with one decimal point".into());
        }
    }
    let power_at = match signs.get(at) {
        Some('e' | 'E') => Some(at + 1),
        // `2·10-3`, after `2×10⁻³` has been made plain.
        Some('·' | '*' | 'x') if signs.get(at + 1..at + 3) == Some(&['1', '0']) => {
            Some(at + 3 + usize::from(signs.get(at + 3) == Some(&'^')))
        }
        _ => None,
    };
    if let Some(power_at) = power_at {
        let signed = usize::from(matches!(signs.get(power_at), Some('-' | '+')));
        let digits = digits_from(power_at + signed);
        if digits > 0 {
            written.push('e');
            written.extend(&signs[power_at..power_at + signed + digits]);
            at = power_at + signed + digits;
        }
    }
    let rest = text.char_indices().nth(at).map_or("", |(byte, _)| &text[byte..]);
    match written.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((value, rest)),
        _ if text.is_empty() => Err("there is no number".into()),
        _ => Err(format!("“{text}” does not begin with a finite number")),
    }
}

/// A comma before so many digits is a decimal comma, or what else it may be. `whole` is what stands before.
pub(crate) fn comma_is_decimal(whole: &str, fraction: usize) -> Result<(), String> {
    let digits = whole.trim_start_matches(['-', '+']);
    let may_be_thousand = fraction == 3 && (1..=3).contains(&digits.len()) && !digits.starts_with('0');
    if may_be_thousand {
        return Err(format!(
            "the comma before three digits may mean a thousand or a decimal; write {digits}000 with the \
             digits that you mean, or a decimal point"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
