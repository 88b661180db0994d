//! The command line: what the program is told, and what it answers.
//!
//! Does: parse arguments, load the scene, run what is asked, say where the result lies. One file per
//! subcommand.
//! Does not: compute or draw.
//! Accuracy: the same arguments give the same files, byte for byte.

mod commands;
mod course;
mod error;
mod interrupt;
mod pictures;
mod rows;
mod selection;
mod short_forms;
pub mod values;

use commands::{
    calibrate, cluster, frames, materials, record, reference, run, scenes, shot, validate, window,
};
pub use error::CliError;

use crate::scene;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

const ABOUT: &str = "Grows sodium on screen, in a film and in a table.

Natrarium simulates how sodium metal plates onto an electrode: moss and needles pushed up through cracks of the \
SEI, flat films, and trees that grow at the tip once the salt has run out. Without a subcommand it opens a window.";

const EXAMPLES: &str = "Examples:
  natrarium                                   open the window with the default scene
  natrarium diglyme_film                      open a scene of the library (see `natrarium scenes`)
  natrarium my_scene.ron                      open a scene of your own
  natrarium run carbonate_moss --until 0.2mAh/cm2 --seed 7 --out moss
  natrarium run sand_time --current 20mA/cm2 --until 600s
  natrarium run half_cell --current 0.5mA/cm2 --capacity 1mAh/cm2 --cycles 10
  natrarium record carbonate_moss --out moss.mp4 --seconds 10 --turntable 12
  natrarium shot nanowires --until 0.5mAh/cm2 --out wires.png

Exit code: 0 done, 2 something in the command or in the scene must be mended, 130 interrupted, 1 anything else.";

/// Arguments of the program.
#[derive(Debug, Parser)]
#[command(name = "natrarium", version, about = "Grows sodium on screen, in a film and in a table.")]
#[command(long_about = ABOUT, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    window: window::WindowArguments,
    /// A folder with materials of your own, beside that of your system; may be given several times
    #[arg(long, value_name = "DIR", global = true)]
    library: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::RunArguments),
    Record(record::RecordArguments),
    Shot(shot::ShotArguments),
    Scenes(scenes::ScenesArguments),
    Materials(materials::MaterialsArguments),
    Reference(reference::ReferenceArguments),
    Validate(validate::ValidateArguments),
    Calibrate(calibrate::CalibrateArguments),
    #[command(hide = true)]
    Cluster(cluster::ClusterArguments),
    #[command(hide = true)]
    Frames(frames::FramesArguments),
}

impl Cli {
    /// Does what was asked.
    pub fn run(self) -> Result<(), CliError> {
        open_libraries(&self.library)?;
        match self.command {
            None => window::run(&self.window),
            Some(Command::Run(arguments)) => run::run(&arguments),
            Some(Command::Record(arguments)) => record::run(&arguments),
            Some(Command::Shot(arguments)) => shot::run(&arguments),
            Some(Command::Scenes(arguments)) => scenes::run(&arguments),
            Some(Command::Materials(arguments)) => materials::run(&arguments),
            Some(Command::Reference(arguments)) => reference::run(&arguments),
            Some(Command::Validate(arguments)) => validate::run(&arguments),
            Some(Command::Calibrate(arguments)) => calibrate::run(&arguments),
            Some(Command::Cluster(arguments)) => cluster::run(&arguments),
            Some(Command::Frames(arguments)) => frames::run(&arguments),
        }
    }
}

/// Lets the folder of the system and those that were named be searched for materials.
fn open_libraries(named: &[PathBuf]) -> Result<(), CliError> {
    if let Some(data) = dirs::data_dir() {
        scene::add_library(&data.join("natrarium"));
    }
    for folder in named {
        std::fs::read_dir(folder).map_err(|error| {
            CliError::Input(format!(
                "--library {}: the folder cannot be read ({error}); name a folder that holds `coatings`",
                folder.display()
            ))
        })?;
        scene::add_library(folder);
    }
    Ok(())
}
