//! Numbers as a reader wants them: three digits, a unit, powers of ten as powers of ten.
//!
//! Does: turn values into text and typed text into values.
//! Does not: convert units; the callers hold numbers in the unit that they show.
//! Accuracy: text is rounded to three significant digits.

use crate::notation;
use std::ops::RangeInclusive;

/// Three significant digits; from 10⁵ on and below 10⁻³ as a power of ten; "–" for no number, "∞" for
/// infinity.
pub fn significant(value: f64) -> String {
    if value.is_nan() {
        return "–".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".into() } else { "−∞".into() };
    }
    if value == 0.0 {
        return "0".into();
    }
    // Rounded first, so that 999.9 becomes 1000 and not "1000." with a digit too many.
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    let exponent = rounded.abs().log10().floor() as i32;
    let text = if (-3..5).contains(&exponent) {
        let decimals = (2 - exponent).max(0) as usize;
        format!("{rounded:.decimals$}")
    } else {
        let mantissa = rounded / 10f64.powi(exponent);
        format!("{mantissa:.2}×10{}", superscript(exponent))
    };
    text.replace('-', "−")
}

/// A mark on an axis: [`significant`] without the zeros that say nothing.
pub fn tick(value: f64) -> String {
    let text = significant(value);
    if !text.contains('.') || text.contains('×') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// [`significant`] with its unit; no unit where there is no number.
pub fn with_unit(value: f64, unit: &str) -> String {
    if value.is_nan() || unit.is_empty() {
        significant(value)
    } else {
        format!("{} {unit}", significant(value))
    }
}

/// A share of one as a percentage.
pub fn percent(fraction: f64) -> String {
    if fraction.is_finite() { format!("{:.0} %", fraction * 100.0) } else { "–".into() }
}

/// A whole number as a superscript.
fn superscript(number: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    number
        .to_string()
        .chars()
        .map(|character| match character.to_digit(10) {
            Some(digit) => DIGITS[digit as usize],
            None => '⁻',
        })
        .collect()
}

/// Reads a number that was typed, as people write them.
///
/// # Errors
/// What is wrong with it, in a sentence for the field.
pub fn typed_number(text: &str, range: &RangeInclusive<f64>, unit: &str) -> Result<f64, String> {
    let value = notation::number(text)?;
    let (low, high) = (*range.start(), *range.end());
    if value < low {
        return Err(format!("at least {}", with_unit(low, unit)));
    }
    if value > high {
        return Err(format!("at most {}", with_unit(high, unit)));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_and_powers_of_ten_are_written_as_such() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1.00"),
            (-2.5, "−2.50"),
            (12.345, "12.3"),
            (999.9, "1000"),
            (4806.0, "4810"),
            (0.001234, "0.00123"),
            (5e-19, "5.00×10⁻¹⁹"),
            (9.999e-4, "0.00100"),
            (1.5e6, "1.50×10⁶"),
            (f64::INFINITY, "∞"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(significant(value), text);
        }
    }

    #[test]
    fn marks_on_axes_are_short() {
        for (value, text) in [(0.0, "0"), (0.1, "0.1"), (10.0, "10"), (100.0, "100"), (1e6, "1.00×10⁶")] {
            assert_eq!(tick(value), text);
        }
    }

    #[test]
    fn only_finite_numbers_are_read() {
        let read = |text: &str| typed_number(text, &(0.0..=120.0), "°C");
        assert_eq!((read(" 0,5 "), read("1e-1")), (Ok(0.5), Ok(0.1)));
        for (nonsense, reason) in [
            ("nan", "finite number"),
            ("1e400", "finite number"),
            ("−3", "at least 0 °C"),
            ("150", "at most 120 °C"),
            ("5 bar", "`bar`"),
            ("a5000", "finite number"),
            ("1,000", "comma"),
            ("", "no number"),
        ] {
            let message = read(nonsense).unwrap_err();
            assert!(message.contains(reason), "{nonsense}: {message}");
        }
    }
}
