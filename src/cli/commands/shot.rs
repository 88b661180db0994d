//! `natrarium shot`: one still of a run's end.

use crate::cli::CliError;
#[cfg(feature = "gui")]
use crate::cli::interrupt::Interrupt;
use crate::cli::pictures::PictureArguments;
#[cfg(feature = "gui")]
use crate::cli::rows::FEWEST_ROWS;
use crate::cli::selection::Changes;
use crate::cli::values::parse_file;
use clap::Args;
use std::path::PathBuf;

/// Run a scene and draw its end in 3D, as a PNG; needs a graphics adapter, no display
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  natrarium shot carbonate_moss --until 0.5mAh/cm2 --out moss.png
  natrarium shot nanowires --size 1920x1080 --angle 45,15 --colour-by age --out wires.png")]
pub struct ShotArguments {
    /// Name of a scene of the library, or a scene file
    pub scene: String,
    #[command(flatten)]
    pub changes: Changes,
    /// Name of the picture
    #[arg(long, value_name = "FILE.png", value_parser = parse_file("png"), default_value = "still.png")]
    pub out: PathBuf,
    #[command(flatten)]
    pub picture: PictureArguments,
}

/// Runs the subcommand.
#[cfg(feature = "gui")]
pub fn run(arguments: &ShotArguments) -> Result<(), CliError> {
    use crate::capture;
    use crate::cli::pictures::check_output;
    use crate::observables::take_snapshot;
    use crate::simulation::Simulation;
    use std::io::Write;

    let selection = arguments.changes.apply_to(&arguments.scene)?;
    let options = arguments.picture.options(&selection.scene, 0.0)?;
    options.check()?;
    capture::check_adapter().map_err(capture::CaptureError::from)?;
    let mut simulation = Simulation::new(&selection.scene, selection.seed)?;
    check_output("--out", &arguments.out)?;
    let interrupt = Interrupt::listen();
    crate::cli::course::run_to_end(
        &mut simulation,
        &selection.scene,
        FEWEST_ROWS,
        &interrupt,
        0,
        |_| Ok(()),
    )?;
    interrupt.let_files_be_written();
    let snapshot = take_snapshot(&mut simulation, 0, true);
    let charge = snapshot.metrics.areal_capacity_mah_cm2;
    capture::shot(&arguments.out, &options, snapshot)?;
    let (place, title) = (arguments.out.display(), &selection.scene.spec.title);
    Ok(writeln!(std::io::stdout().lock(), "{place}: {title} after {charge:.3} mAh/cm².")?)
}

/// Runs the subcommand.
#[cfg(not(feature = "gui"))]
pub fn run(_: &ShotArguments) -> Result<(), CliError> {
    Err(CliError::NoGraphics)
}
