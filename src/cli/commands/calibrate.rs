//! `natrarium calibrate`: parameters fitted on printed efficiencies.

use crate::cli::CliError;
use crate::cli::error::say;
use crate::export::OutputFolder;
use crate::validation::{ValidationError, calibrate, calibration};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Fit parameters on printed Coulombic efficiencies, and judge them on others
///
/// The plan says which parameters are fitted on which rows; `docs/calibration.ron` is ours. The result is
/// a table: all rows by the start values, by the fit, and by a fit without the paper of the row. No file of
/// parameters is changed. Our plan takes some three minutes on two cores.
#[derive(Args, Debug)]
pub struct CalibrateArguments {
    /// The plan, a .ron file
    plan: PathBuf,
    /// Also write calibration.csv into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const FILES: [&str; 1] = ["calibration.csv"];

/// Runs the subcommand.
pub fn run(arguments: &CalibrateArguments) -> Result<(), CliError> {
    let CalibrateArguments { plan, out } = arguments;
    let plan = calibration::Plan::read(plan)?;
    // Found out before minutes are spent.
    let folder = out.as_ref().map(|out| OutputFolder::prepare(out, &FILES)).transpose()?;
    let found = calibrate(&plan, |fit| say(&format!("fitting: {fit}"))).map_err(|error| match error {
        ValidationError::Scene(error) => CliError::Scene(error),
        ValidationError::Build(error) => CliError::Build(error),
    })?;
    write!(std::io::stdout().lock(), "{}", found.table())?;
    if let Some(folder) = folder {
        let csv = found.csv();
        folder.write(&[(FILES[0], &|sink| Ok(sink.write_all(csv.as_bytes())?))])?;
    }
    Ok(())
}
