//! `natrarium reference`: every field of a scene and every column of a table.

use crate::cli::CliError;
use crate::export::EXPORTS;
use crate::host::HostSpec;
use crate::observables::{Cycle, Metrics, ProfileLayer};
use crate::quantity::{Limit, Quantities, Quantity};
use crate::scene::{CellSpec, DEFAULT_SCENE, Parameter, limits, load};
use crate::table::{Column, Row};
use clap::Args;
use std::fmt::Write as _;
use std::io::Write;

/// Describe every field of a scene, every parameter and every column of the tables, as Markdown
///
/// Name, unit, range, usual value and meaning, as the program itself checks and writes them.
#[derive(Args, Debug)]
pub struct ReferenceArguments {}

/// Runs the subcommand.
pub fn run(_: &ReferenceArguments) -> Result<(), CliError> {
    Ok(write!(std::io::stdout().lock(), "{}", text()?)?)
}

/// The whole page.
fn text() -> Result<String, CliError> {
    let mut page = String::from("# Reference\n\n");
    page +=
        "This page is what `natrarium reference` prints. The program checks scenes by the same ranges.\n\n";
    page += "## Fields of a scene\n\n";
    let scene = load(DEFAULT_SCENE)?;
    let spec = &scene.spec;
    page += &quantities(spec.quantities());
    page += "\n### `lattice`\n\n`sites`: sites along x, y and z, each a multiple of 8, `(128, 128, 192)` where left out.\n\n";
    page += &quantities(spec.lattice.quantities());
    page += "\n### `cell`\n\n";
    for kind in &CellSpec::KINDS {
        page += &format!("- `{}`: {}\n", kind.name, kind.help);
    }
    page.push('\n');
    page += &quantities(&CellSpec::KINDS.each_ref().map(|kind| kind.metal));
    let presets = HostSpec::presets();
    for kind in HostSpec::KINDS {
        let of_kind = || presets.iter().filter(|(_, host)| host.kind() == *kind);
        let names: Vec<&str> = of_kind().map(|(name, _)| *name).collect();
        page += &format!("\n### `host: {kind}`\n\nIn the list of the panel: {}.\n\n", names.join(", "));
        if let Some((_, host)) = of_kind().next() {
            if !host.file_help().is_empty() {
                page += &format!("`file`: {}\n\n", host.file_help());
            }
            page += &quantities(host.quantities());
        }
    }
    page += "\n### `protocol` and `until`\n\n";
    page += "Numbers of the steps of a protocol:\n\n";
    page += &quantities(&limits::STEPS);
    page += "\nLimits of a run:\n\n";
    page += &quantities(&[limits::RUN_CAPACITY, limits::RUN_TIME]);
    page += "\n## Parameters\n\n";
    let coating = scene.with_settings(&["coating=nabr".into()])?;
    page += "Values of the default scene, and of a coating as an example. † marks an assumption of this model. A scene replaces one under \
             `overrides`, the command line by `--set`.\n";
    for (set, parameters) in [
        ("electrolyte", scene.electrolyte.parameters()),
        ("coating.nabr", coating.coating[0].parameters()),
        ("metal", scene.metal.parameters()),
        ("model", scene.model.parameters()),
    ] {
        page += &format!(
            "\n### `{set}`\n\n| parameter | value | range | unit | source |\n|---|---|---|---|---|\n"
        );
        for (name, parameter) in parameters {
            let Parameter { value, unit, range: (low, high), source, assumption } = parameter;
            let mark = if assumption { "†" } else { "" };
            let source = source.replace('|', "\\|");
            writeln!(page, "| `{set}.{name}` | {value}{mark} | {low} to {high} | {unit} | {source} |")
                .expect("a text takes all that is written");
        }
    }
    page += "\n## Files of a run\n\n| file | what it holds |\n|---|---|\n";
    for export in &EXPORTS {
        page += &format!("| `{}` | {} |\n", export.name, export.help);
    }
    for (file, columns) in [
        ("metrics.csv", Metrics::columns()),
        ("cycles.csv", Cycle::columns()),
        ("profile.csv", ProfileLayer::columns()),
    ] {
        page += &format!("\n### Columns of `{file}`\n\n{}", table(&columns));
    }
    Ok(page)
}

fn quantities(quantities: &[Quantity]) -> String {
    let mut lines = String::from("| field | usual | range | unit | meaning |\n|---|---|---|---|---|\n");
    for quantity in quantities {
        let Quantity { name, usual, low, high, unit, help, .. } = quantity;
        lines += &format!("| `{name}` | {usual} | {} to {} | {unit} | {help} |\n", limit(*low), limit(*high));
    }
    lines
}

fn limit(limit: Limit) -> String {
    match limit {
        Limit::Number(number) => number.to_string(),
        Limit::Edges(1.0) => "`lattice.edge_um`".into(),
        Limit::Edges(edges) => format!("{edges} × `lattice.edge_um`"),
        Limit::Width => "width of the box".into(),
        Limit::Height(share) => format!("{share} × height of the box"),
        Limit::Field(name) => format!("`{name}`"),
    }
}

fn table(columns: &[Column]) -> String {
    let mut lines = String::from("| column | what it holds |\n|---|---|\n");
    for Column { name, help } in columns {
        lines += &format!("| `{name}` | {help} |\n");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_parameter_and_column_is_described() {
        let page = text().expect("the library loads");
        for (_, host) in HostSpec::presets() {
            assert!(
                host.quantities().iter().all(|quantity| page.contains(&format!("| `{}` |", quantity.name)))
            );
        }
        for name in ["electrolyte.film_spread", "metal.creep_length_um", "rq_um", "ce_percent", "z_um"] {
            assert!(page.contains(&format!("| `{name}` |")), "{name}");
        }
        let rows = page.lines().filter(|line| line.starts_with("| `"));
        assert!(rows.filter(|row| row.trim_end().ends_with("|  |")).count() == 0, "a row says nothing");
    }
}
