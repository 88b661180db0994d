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

/// A mark on an axis whose marks are `step` apart: with the digits that tell it from its neighbours.
pub fn tick_of(value: f64, step: f64) -> String {
    let step = step.abs();
    if !(value.is_finite() && step > 0.0 && step.is_finite()) {
        return tick(value);
    }
    // A hair beside zero is zero.
    if value.abs() < 1e-6 * step {
        return "0".into();
    }
    let power = |number: f64| (number.log10() + 1e-9).floor() as i32;
    let (size, last_digit) = (power(value.abs()), power(step));
    let text = if (-3..5).contains(&size) {
        let decimals = (-last_digit).clamp(0, 12) as usize;
        format!("{value:.decimals$}")
    } else {
        let decimals = (size - last_digit).clamp(0, 12) as usize;
        format!("{:.decimals$}×10{}", value / 10f64.powi(size), superscript(size))
    };
    text.replace('-', "−")
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

/// Shares of one as percentages with this many decimals. They add up as the shares do: what rounding leaves
/// goes to the largest remainders.
pub fn percentages<const N: usize>(shares: [f64; N], decimals: usize) -> [String; N] {
    let scale = 100.0 * 10f64.powi(decimals as i32);
    if !shares.iter().all(|share| share.is_finite()) {
        return shares.map(percent);
    }
    let mut units = shares.map(|share| (share * scale).floor());
    let left = (shares.iter().sum::<f64>() * scale).round() - units.iter().sum::<f64>();
    let mut order: Vec<usize> = (0..N).collect();
    let remainder = |index: usize| shares[index] * scale - (shares[index] * scale).floor();
    order.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)));
    order.into_iter().take(left.max(0.0) as usize).for_each(|index| units[index] += 1.0);
    units.map(|unit| format!("{:.decimals$} %", unit * 100.0 / scale).replace('-', "−"))
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
    fn marks_differ_from_their_neighbours_at_every_zoom() {
        for (value, step, text) in [
            (0.0, 0.5, "0"),
            (1e-17, 0.1, "0"),
            (-0.5, 0.5, "−0.5"),
            (0.1 + 0.2, 0.1, "0.3"),
            (40.0, 20.0, "40"),
            (40.02, 0.02, "40.02"),
            (1001.5, 0.5, "1001.5"),
            (1.5e6, 5e5, "1.5×10⁶"),
            (2e-5, 1e-5, "2×10⁻⁵"),
            (f64::NAN, 1.0, "–"),
        ] {
            assert_eq!(tick_of(value, step), text);
        }
        for (start, step) in [(0.0, 0.2), (39.9, 0.05), (1e5, 1.0), (1e-6, 5e-9), (-3e-4, 1e-4)] {
            let marks: Vec<String> = (0..6).map(|i| tick_of(start + f64::from(i) * step, step)).collect();
            assert!(marks.windows(2).all(|pair| pair[0] != pair[1]), "{marks:?}");
        }
    }

    #[test]
    fn percentages_add_up() {
        assert_eq!(percentages([1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0], 0), ["34 %", "33 %", "33 %"]);
        assert_eq!(percentages([0.005, 0.3249, 0.6701], 0), ["1 %", "32 %", "67 %"]);
        assert_eq!(percentages([0.8499, 0.1501], 1), ["85.0 %", "15.0 %"]);
        assert_eq!(percentages([f64::NAN, 1.0], 0), ["–", "100 %"]);
        for seed in 1..200u32 {
            let parts: [f64; 4] = std::array::from_fn(|i| f64::from(seed.pow(i as u32 + 1) % 97 + 1));
            let sum: f64 = parts.iter().sum();
            let texts = percentages(parts.map(|part| part / sum), 0);
            let total: i32 =
                texts.iter().map(|text| text.trim_end_matches(" %").parse::<i32>().unwrap()).sum();
            assert_eq!(total, 100, "{texts:?}");
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
