//! `natrarium validate laws`: the laws of the model, measured on this program.

use crate::cli::CliError;
use crate::cli::error::say;
use crate::export::OutputFolder;
use crate::validation::{self, Effort, ValidationError};
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;

/// Measure the laws of the model on this program
///
/// Every law is measured and judged against its bound. Misses come first. The exit code is 1 where a law is
/// missed.
#[derive(Args, Debug)]
pub struct ValidateArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Conservation, transport, films, random walks, and what must not depend on the lattice
    Laws {
        /// Fewer seeds and smaller clusters: less than a minute on two cores
        #[arg(long)]
        quick: bool,
        /// Also write laws.csv, and laws.html with figures, into this folder
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

const FILES: [&str; 2] = ["laws.csv", "laws.html"];

/// Runs the subcommand.
pub fn run(arguments: &ValidateArguments) -> Result<(), CliError> {
    let What::Laws { quick, out } = &arguments.what;
    // Found out before minutes are spent.
    let folder = out.as_ref().map(|out| OutputFolder::prepare(out, &FILES)).transpose()?;
    let effort = if *quick { Effort::Quick } else { Effort::Full };
    let findings =
        validation::measure_all(effort, |law| say(&format!("measuring: {}", law.name))).map_err(|error| {
            match error {
                ValidationError::Scene(error) => CliError::Scene(error),
                ValidationError::Build(error) => CliError::Build(error),
            }
        })?;
    write!(std::io::stdout().lock(), "{}", validation::table(&findings))?;
    if let Some(folder) = folder {
        let [csv, html] = [validation::csv(&findings), validation::html(&findings)];
        folder.write(&[
            (FILES[0], &|sink| Ok(sink.write_all(csv.as_bytes())?)),
            (FILES[1], &|sink| Ok(sink.write_all(html.as_bytes())?)),
        ])?;
    }
    let missed = findings.iter().filter(|finding| !finding.holds()).count();
    if missed > 0 { Err(CliError::LawsMissed(missed)) } else { Ok(()) }
}
