//! Tables as CSV.
//!
//! Does: write rows with units in the column names, and a head of `#` lines with program version, scene, seed
//! and every parameter with its unit, range and source (†: an assumption of this model).
//! Does not: hold wall times or names of machines, so the same run gives the same bytes.
//! Accuracy: seven significant digits; `inf` is infinity, as most readers of tables understand.

use super::{ExportError, Forms, RunRecord};
use crate::scene::Parameter;
use crate::table::{Cell, Row};
use std::io::Write;

/// Writes rows, under a head that says where they come from unless tables are to be plain.
pub fn write<R: Row>(
    record: &RunRecord,
    rows: impl IntoIterator<Item = R>,
    forms: Forms,
    sink: &mut dyn Write,
) -> Result<(), ExportError> {
    if !forms.plain_tables {
        write_head(record, sink)?;
    }
    let names: Vec<&str> = R::columns().iter().map(|column| column.name).collect();
    writeln!(sink, "{}", names.join(","))?;
    for row in rows {
        let cells: Vec<String> = row.cells().into_iter().map(text).collect();
        writeln!(sink, "{}", cells.join(","))?;
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
    if record.snapshot.ending.is_none() {
        line("interrupted before its end")?;
    }
    line("parameters: name = value unit [range] source; † marks an assumption of this model")?;
    line(&format!("electrolyte: {}", scene.electrolyte.title))?;
    for (name, parameter) in scene.electrolyte.parameters() {
        line(&format!("electrolyte.{name} = {}", describe(&parameter)))?;
    }
    for (layer, coating) in scene.spec.coating.iter().zip(&scene.coating) {
        line(&format!("coating: {}", coating.title))?;
        for (name, parameter) in coating.parameters() {
            line(&format!("coating.{}.{name} = {}", layer.material, describe(&parameter)))?;
        }
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

/// A value as it stands in a table.
fn text(cell: Cell) -> String {
    match cell {
        Cell::Number(value) => number(value),
        Cell::Count(count) => count.to_string(),
        Cell::Word(word) => word.into(),
        Cell::Missing => String::new(),
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
    use crate::observables::{Metrics, Shape};

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

    /// A summary and a table tell the same of a moment.
    #[test]
    fn a_row_has_a_cell_for_every_key_of_the_metrics() {
        let row = Metrics { shape: Some(Shape { rq_um: 1.5, ..Shape::default() }), ..Metrics::default() };
        let keys = serde_json::to_value(&row).unwrap();
        let columns = Metrics::columns();
        assert_eq!(keys.as_object().unwrap().len(), columns.len());
        assert!(columns.iter().all(|column| keys.get(column.name).is_some()));
        let place = columns.iter().position(|column| column.name == "rq_um").unwrap();
        assert_eq!(text(row.cells()[place]), "1.5");
    }
}
