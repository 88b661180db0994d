//! `natrarium [SCENE]`: the window, or, where there can be none, the same scene as a run.

use super::run::run_into;
use crate::cli::CliError;
use crate::cli::error::say;
use crate::cli::rows::MOST_ROWS;
use crate::cli::selection::{Changes, Selection};
use crate::export::Forms;
use crate::scene::DEFAULT_SCENE;
use clap::Args;
use std::path::Path;

/// Where the files go when there can be no window.
const FALLBACK_FOLDER: &str = "out";

/// Arguments without a subcommand.
#[derive(Args, Debug)]
pub struct WindowArguments {
    /// Scene to open: a name of the library, or a scene file [default: carbonate_moss]
    scene: Option<String>,
    #[command(flatten)]
    changes: Changes,
}

/// Opens the window; where that is impossible, says why and runs the scene into files.
pub fn run(arguments: &WindowArguments) -> Result<(), CliError> {
    let selection = arguments.changes.apply_to(arguments.scene.as_deref().unwrap_or(DEFAULT_SCENE))?;
    match obstacle() {
        None => open(selection),
        Some(obstacle) => {
            say(&format!("{obstacle}."));
            say(&format!(
                "Running “{}” without a window instead; its figures and table go to {FALLBACK_FOLDER}/.",
                selection.scene.spec.title
            ));
            run_into(&selection, MOST_ROWS, None, Forms::default(), Path::new(FALLBACK_FOLDER))
        }
    }
}

/// Why there can be no window, and the cure.
#[cfg(feature = "gui")]
fn obstacle() -> Option<String> {
    use crate::capture::{check_adapter, check_display};
    let display = check_display().err().map(|error| error.to_string());
    display.or_else(|| check_adapter().err().map(|error| error.to_string()))
}

/// Why there can be no window, and the cure.
#[cfg(not(feature = "gui"))]
fn obstacle() -> Option<String> {
    Some(CliError::NoGraphics.to_string())
}

#[cfg(feature = "gui")]
fn open(selection: Selection) -> Result<(), CliError> {
    Ok(crate::app::run_window(selection.scene, selection.seed)?)
}

#[cfg(not(feature = "gui"))]
fn open(_: Selection) -> Result<(), CliError> {
    Err(CliError::NoGraphics)
}
