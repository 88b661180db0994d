//! `natrarium materials`: what there is to choose from, and whether files of the user are sound.

use crate::cli::CliError;
use crate::host::HostSpec;
use crate::notation::printable;
use crate::quantity::Quantities;
use crate::scene::{Parameter, coatings, electrolytes, metals};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;

/// What a material is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Family {
    /// Layers on the electrode.
    Coatings,
    /// Recipes that have a name; any recipe is an electrolyte as well.
    Electrolytes,
    /// Geometries of the electrode.
    Hosts,
    /// Metals that are plated.
    Metals,
}

/// List the materials that a scene can name
///
/// Those in folders of your own come first: --library DIR, and natrarium in the data folder of your system
/// (on Linux ~/.local/share/natrarium). Coatings are parameter files in DIR/coatings, as in assets/coatings.
#[derive(Args, Debug)]
pub struct MaterialsArguments {
    /// Only these
    #[arg(long, value_name = "FAMILY")]
    family: Option<Family>,
    /// Also tell what each does, and its numbers with their sources; † marks an assumption
    #[arg(long, short)]
    verbose: bool,
    /// Read every file of your folders and say what is wrong with it; exit code 2 where something is
    #[arg(long)]
    check: bool,
    /// As JSON, with all numbers
    #[arg(long, conflicts_with = "verbose")]
    json: bool,
}

/// One material, ready to be told of.
struct Told {
    family: &'static str,
    name: String,
    title: String,
    kind: String,
    note: String,
    parameters: BTreeMap<String, Parameter>,
    place: String,
    fault: Option<String>,
}

impl Told {
    fn new(family: &'static str, name: &str, title: &str, note: &str) -> Self {
        let text = |words: &str| words.to_string();
        Self {
            family,
            name: text(name),
            title: text(title),
            kind: String::new(),
            note: text(note),
            parameters: BTreeMap::new(),
            place: String::new(),
            fault: None,
        }
    }

    fn json(&self) -> Value {
        json!({
            "family": self.family, "name": self.name, "title": self.title, "kind": self.kind, "note": self.note,
            "parameters": self.parameters, "place": self.place, "fault": self.fault,
        })
    }
}

/// Everything that a scene can name, of one family or of all.
fn all(wanted: Option<Family>) -> Vec<Told> {
    let of = |family: Family| wanted.is_none_or(|wanted| wanted == family);
    let mut told = Vec::new();
    if of(Family::Coatings) {
        told.extend(coatings().into_iter().map(|entry| {
            let common = Told { place: entry.place, ..Told::new("coatings", &entry.name, &entry.name, "") };
            match entry.coating {
                Err(fault) => Told { fault: Some(fault.to_string()), ..common },
                Ok(coating) => Told {
                    parameters: coating.parameters(),
                    title: coating.title,
                    kind: coating.family,
                    note: coating.note,
                    ..common
                },
            }
        }));
    }
    if of(Family::Electrolytes) {
        told.extend(
            electrolytes()
                .iter()
                .map(|entry| Told::new("electrolytes", entry.name, &entry.title, &entry.note)),
        );
    }
    if of(Family::Hosts) {
        told.extend(HostSpec::presets().into_iter().map(|(name, host)| {
            let fields: Vec<String> = host
                .quantities()
                .iter()
                .zip(host.values())
                .map(|(quantity, value)| format!("{} {value} {}", quantity.name, quantity.unit))
                .collect();
            let note = fields.join(", ");
            Told { kind: host.kind().into(), ..Told::new("hosts", host.kind(), name, &note) }
        }));
    }
    if of(Family::Metals) {
        told.extend(metals().iter().map(|entry| Told::new("metals", entry.name, &entry.title, &entry.note)));
    }
    told
}

/// Runs the subcommand.
pub fn run(arguments: &MaterialsArguments) -> Result<(), CliError> {
    let MaterialsArguments { family, verbose, check, json } = arguments;
    let told = all(*family);
    let mut output = std::io::stdout().lock();
    if *json {
        let list: Vec<Value> = told.iter().map(Told::json).collect();
        writeln!(output, "{}", serde_json::to_string_pretty(&list).unwrap_or_default())?;
    } else {
        table(&mut output, &told, *verbose)?;
    }
    let faults = told.iter().filter(|material| material.fault.is_some()).count();
    if *check && faults > 0 {
        let files = if faults == 1 { "file" } else { "files" };
        return Err(CliError::Input(format!("{faults} {files} cannot be used; the list says why")));
    }
    Ok(())
}

fn table(output: &mut impl Write, told: &[Told], verbose: bool) -> Result<(), CliError> {
    let width = told.iter().map(|material| material.name.chars().count()).max().unwrap_or(0);
    let mut family = "";
    for material in told {
        if material.family != family {
            family = material.family;
            writeln!(output, "{}{family}", if std::ptr::eq(material, &told[0]) { "" } else { "\n" })?;
        }
        let words = match &material.fault {
            Some(fault) => format!("cannot be used: {fault}"),
            None if material.kind.is_empty() => material.title.clone(),
            None => format!("{} ({})", material.title, material.kind),
        };
        writeln!(output, "  {:width$}  {}", material.name, printable(&words))?;
        if verbose {
            writeln!(output, "  {:width$}    {}", "", printable(&material.note))?;
            for (field, number) in &material.parameters {
                let mark = if number.assumption { " †" } else { "" };
                let words = format!("{field} {} {}{mark}: {}", number.value, number.unit, number.source);
                writeln!(output, "  {:width$}    {}", "", printable(&words))?;
            }
        }
    }
    Ok(())
}
