//! Whether a number lies in its range.

use crate::quantity::{Frame, Quantities, Quantity};
use crate::scene::error::Problem;

/// Every number of a group lies in its range. `path` leads to the group and ends with a dot.
pub(in crate::scene) fn check_all(path: &str, group: &dyn Quantities, frame: &Frame) -> Result<(), Problem> {
    for (quantity, value) in group.quantities().iter().zip(group.values()) {
        let range = quantity.range(frame, group);
        within(&format!("{path}{}", quantity.name), value, *range.start(), *range.end(), quantity.unit)?;
    }
    Ok(())
}

/// `value` lies in the range of a quantity that depends on nothing else. `path` leads to it.
pub(in crate::scene) fn check_one(path: &str, quantity: &Quantity, value: f64) -> Result<(), Problem> {
    let range = quantity.fixed_range();
    within(&format!("{path}.{}", quantity.name), value, *range.start(), *range.end(), quantity.unit)
}

/// `value` is a finite number from `low` to `high`.
pub(in crate::scene) fn within(
    field: &str,
    value: f64,
    low: f64,
    high: f64,
    unit: &str,
) -> Result<(), Problem> {
    let unit = if unit.is_empty() || unit == "1" { String::new() } else { format!(" {unit}") };
    if !value.is_finite() {
        return Err(Problem::new(
            field,
            format!("`{field}` is {value}, not a finite number"),
            format!("give a number from {low} to {high}{unit}"),
        ));
    }
    if (low..=high).contains(&value) {
        return Ok(());
    }
    let side = if value < low { "less than the smallest" } else { "more than the largest" };
    let limit = if value < low { low } else { high };
    Err(Problem::new(
        field,
        format!("`{field}` is {value}{unit}, {side} sensible value {limit}{unit}"),
        format!("give a number from {low} to {high}{unit}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_belong_to_the_range() {
        assert!(within("x", 1.0, 1.0, 2.0, "").is_ok() && within("x", 2.0, 1.0, 2.0, "").is_ok());
        for bad in [0.999, 2.001, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(within("x", bad, 1.0, 2.0, "").is_err());
        }
    }
}
