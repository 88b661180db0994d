//! `metrics.csv`: the course of a run; `cycles.csv`: its cycles; `profile.csv`: the layers of its deposit.
//!
//! Does: one row per equal share of charge, per cycle, or per layer of sites, units in the column names, and
//! a head of `#` lines with program version, scene, seed and every parameter with its unit, range and source
//! (†: an assumption of this model).
//! Does not: hold wall times or names of machines, so the same run gives the same bytes.
//! Accuracy: seven significant digits; `inf` is infinity, as most readers of tables understand.

use super::{ExportError, RunRecord};
use crate::observables::{Cycle, Metrics, ProfileLayer, Regime};
use crate::scene::Parameter;
use std::io::Write;

/// Writes the table of cycles: one row for each complete one.
pub fn write_cycles(record: &RunRecord, sink: &mut dyn Write) -> Result<(), ExportError> {
    write_head(record, sink)?;
    writeln!(sink, "{}", Cycle::COLUMNS.join(","))?;
    for cycle in &record.snapshot.cycles {
        writeln!(sink, "{}", cycle.cells().join(","))?;
    }
    Ok(())
}

/// Writes the density profile: one row for each layer of sites above the collector.
pub fn write_profile(record: &RunRecord, sink: &mut dyn Write) -> Result<(), ExportError> {
    write_head(record, sink)?;
    writeln!(sink, "{}", ProfileLayer::COLUMNS.join(","))?;
    for layer in &record.morphology.profile {
        writeln!(sink, "{}", layer.cells().join(","))?;
    }
    Ok(())
}

/// Writes the table of metrics.
pub fn write(record: &RunRecord, sink: &mut dyn Write) -> Result<(), ExportError> {
    write_head(record, sink)?;
    writeln!(sink, "{}", Metrics::COLUMNS.join(","))?;
    for row in record.rows {
        writeln!(sink, "{}", row.cells().join(","))?;
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

/// A row of a table.
trait Row {
    const COLUMNS: &[&str];
    fn cells(&self) -> Vec<String>;
}

/// Lists the fields of a type once; a new field that is not listed does not compile.
macro_rules! columns {
    ($row:ident: $($field:ident),* $(,)?) => {
        impl Row for $row {
            const COLUMNS: &[&str] = &[$(stringify!($field)),*];
            fn cells(&self) -> Vec<String> {
                let $row { $($field),* } = self;
                vec![$($field.cell()),*]
            }
        }
    };
}
columns!(Cycle:
    number,
    plated_mah_cm2,
    stripped_mah_cm2,
    ce_percent,
    dead_percent,
    sei_percent,
    corrosion_percent,
    left_percent,
    plating_mv,
    stripping_mv,
    end_s,
);
columns!(ProfileLayer: z_um, metal_fraction, dead_fraction, host_fraction, electrolyte_fraction);
columns!(Metrics:
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
    cell_voltage_mv,
    overpotential_mv,
    overpotential_sei_mv,
    overpotential_charge_transfer_mv,
    overpotential_concentration_mv,
    overpotential_nucleation_mv,
    overpotential_ohmic_mv,
    overpotential_counter_mv,
    overpotential_plating_mv,
    overpotential_stripping_mv,
    surface_concentration_mol_l,
    robin_length_um,
    i_over_i_lim,
    sand_time_s,
    regime,
    i_over_i0,
    sites_deposited,
    sites_stripped,
    stripped_mah_cm2,
    cycles_completed,
    ce_last_percent,
    ce_mean_percent,
    dead_fraction,
    dead_mah_cm2,
    sei_charge_mah_cm2,
    corrosion_mah_cm2,
    electrolyte_ul_cm2,
    additive_left,
    gas_umol_cm2,
    counter_mah_cm2,
    pieces_cut_off,
    bridges,
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
impl Cell for Option<f64> {
    fn cell(&self) -> String {
        self.map_or(String::new(), number)
    }
}
impl Cell for u32 {
    fn cell(&self) -> String {
        self.to_string()
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
            Self::Stripping => "stripping",
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
        assert_eq!(keys.as_object().unwrap().len(), Metrics::COLUMNS.len());
        assert_eq!(row.cells().len(), Metrics::COLUMNS.len());
        let place = Metrics::COLUMNS.iter().position(|name| *name == "rq_um").unwrap();
        assert_eq!(row.cells()[place], "1.5");
    }
}
