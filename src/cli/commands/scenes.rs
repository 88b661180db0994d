//! `natrarium scenes`: what the library holds.

use crate::cli::CliError;
use crate::scene::library;
use clap::Args;
use std::io::Write;

/// List the scenes that come with the program
///
/// Each name can be given to the window, to run, record and shot.
#[derive(Args, Debug)]
pub struct ScenesArguments {
    /// Also tell what to look at, and where the phenomenon is described
    #[arg(long, short)]
    verbose: bool,
}

/// Runs the subcommand.
pub fn run(arguments: &ScenesArguments) -> Result<(), CliError> {
    let entries = library();
    let width = entries.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    let mut output = std::io::stdout().lock();
    for entry in entries {
        writeln!(output, "{:width$}  {}", entry.name, entry.title)?;
        if arguments.verbose {
            writeln!(output, "{:width$}    look at: {}", "", entry.notice)?;
            writeln!(output, "{:width$}    see: {}\n", "", entry.reference)?;
        }
    }
    Ok(())
}
