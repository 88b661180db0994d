//! `metrics.csv`: the course of a run.
//!
//! Does: one row per equal share of charge, units in the column names, and a head of `#` lines with program
//! version, scene, seed and every parameter with its unit, range and source (†: an assumption of this model).
//! Does not: hold wall times or names of machines, so the same run gives the same bytes. Accuracy: seven
//! significant digits; `inf` is infinity, as most readers of tables understand.

use super::{ExportError, RunRecord};
use crate::observables::{Metrics, Regime};
use crate::scene::Parameter;
use std::io::Write;

/// Writes the table.
pub fn write(record: &RunRecord, sink: &mut dyn Write) -> Result<(), ExportError> {
    write_head(record, sink)?;
    writeln!(sink, "{}", COLUMNS.join(","))?;
    for row in record.rows {
        writeln!(sink, "{}", cells(row).join(","))?;
    }
    Ok(())
}

fn write_head(record: &RunRecord, sink: &mut dyn Write) -> Result<(), ExportError> {
    let scene = record.scene;
    let mut line = |text: &str| writeln!(sink, "# {}", text.replace(['\n', '\r'], " "));
    line(&format!("natrarium {}", env!("CARGO_PKG_VERSION")))?;
    line(&format!("scene: {} ({})", scene.spec.title, record.scene_name))?;
    line(&format!("reference: {}", scene.spec.reference))?;
    line(&format!("seed: {}", record.seed))?;
    line("parameters: name = value unit [range] source; † marks an assumption of this model")?;
    line(&format!("electrolyte: {}", scene.electrolyte.title))?;
    for (name, parameter) in scene.electrolyte.parameters() {
        line(&format!("electrolyte.{name} = {}", describe(&parameter)))?;
    }
    line(&format!("metal: {}", scene.metal.title))?;
    for (name, parameter) in scene.metal.parameters() {
        line(&format!("metal.{name} = {}", describe(&parameter)))?;
    }
    for (name, parameter) in scene.model.parameters() {
        line(&format!("model.{name} = {}", describe(&parameter)))?;
    }
    line("the scene as it ran:")?;
    for text in scene.to_ron().lines() {
        line(text)?;
    }
    Ok(())
}

fn describe(parameter: &Parameter) -> String {
    let Parameter { value, unit, range: (low, high), source, assumption } = parameter;
    let mark = if *assumption { " †" } else { "" };
    let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
    let (value, low, high) = (number(*value), number(*low), number(*high));
    format!("{value}{unit}{mark} [{low} to {high}] {source}")
}

/// Lists the fields of [`Metrics`] once; a new field that is not listed does not compile.
macro_rules! columns {
    ($($field:ident),* $(,)?) => {
        const COLUMNS: &[&str] = &[$(stringify!($field)),*];
        fn cells(row: &Metrics) -> Vec<String> {
            let Metrics { $($field),* } = row;
            vec![$($field.cell()),*]
        }
    };
}
columns!(
    step,
    time_s,
    current_density_ma_cm2,
    areal_capacity_mah_cm2,
    dense_thickness_um,
    h_max_um,
    mean_height_um,
    rq_um,
    ra_um,
    porosity,
    overpotential_mv,
    overpotential_sei_mv,
    overpotential_charge_transfer_mv,
    overpotential_concentration_mv,
    overpotential_nucleation_mv,
    surface_concentration_mol_l,
    robin_length_um,
    i_over_i_lim,
    sand_time_s,
    regime,
    sites_deposited,
    tip_grown_fraction,
    base_grown_fraction,
    filaments_growing,
    filaments_stopped,
    cracked_patches,
    mean_film_nm,
);

trait Cell {
    fn cell(&self) -> String;
}
impl Cell for f64 {
    fn cell(&self) -> String {
        number(*self)
    }
}
impl Cell for u64 {
    fn cell(&self) -> String {
        self.to_string()
    }
}
impl Cell for Regime {
    fn cell(&self) -> String {
        match self {
            Self::Rest => "rest",
            Self::Reaction => "reaction",
            Self::Transport => "transport",
            Self::Depleted => "depleted",
        }
        .into()
    }
}

/// Seven significant digits, with an exponent where plain digits would be long.
fn number(value: f64) -> String {
    let rounded = format!("{value:.6e}").parse().unwrap_or(value);
    let size = f64::abs(rounded);
    if size == 0.0 {
        "0".into()
    } else if (1e-4..1e9).contains(&size) || !size.is_finite() {
        format!("{rounded}")
    } else {
        format!("{rounded:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_read_back() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (5e-19, "5e-19"),
            (1234567.891, "1234568"),
            (6.02214076e23, "6.022141e23"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(number(value), text);
        }
        let kept: f64 = number(std::f64::consts::PI).parse().unwrap();
        assert!((kept - std::f64::consts::PI).abs() < 1e-6 * kept);
    }

    #[test]
    fn a_row_has_a_cell_for_every_key_of_the_metrics() {
        let row = Metrics { rq_um: 1.5, ..Metrics::default() };
        let keys = serde_json::to_value(&row).unwrap();
        assert_eq!(keys.as_object().unwrap().len(), COLUMNS.len());
        assert_eq!(cells(&row).len(), COLUMNS.len());
        let place = COLUMNS.iter().position(|name| *name == "rq_um").unwrap();
        assert_eq!(cells(&row)[place], "1.5");
    }
}
