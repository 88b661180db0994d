//! What can go wrong between the command line and the files, and with which exit code it ends.

use super::interrupt::INTERRUPTED;
use crate::export::ExportError;
use crate::notation::printable;
use crate::scene::SceneError;
use crate::simulation::BuildError;
use std::io::Write;
use std::process::ExitCode;

/// Anything that ends the program early; printed once, by [`CliError::report`].
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The scene cannot be used.
    #[error(transparent)]
    Scene(#[from] SceneError),
    /// The scene cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Files cannot be written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A picture or film cannot be made.
    #[cfg(feature = "gui")]
    #[error(transparent)]
    Capture(#[from] crate::capture::CaptureError),
    /// The window failed.
    #[cfg(feature = "gui")]
    #[error(transparent)]
    Window(#[from] crate::app::AppError),
    /// An argument that is wrong in itself.
    #[error("{0}")]
    Input(String),
    /// Pictures asked of a build that has none.
    #[error(
        "this build of natrarium has no graphics; build it with them: cargo build --release (without --no-default-features)"
    )]
    NoGraphics,
    /// Ctrl-C, or a request to end.
    #[error("interrupted after {done}; {left}")]
    Interrupted {
        /// How far the work had come.
        done: String,
        /// What is left of it, and where.
        left: String,
    },
    /// Laws that the program does not keep.
    #[error("{0} of the laws are missed; the table above lists them first")]
    LawsMissed(usize),
    /// Standard output failed.
    #[error("cannot write to standard output: {0}")]
    Output(#[from] std::io::Error),
}

/// A line on standard error. Where that is closed or full there is nobody to tell.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", printable(text));
}

impl CliError {
    /// Prints the message. A closed pipe (`natrarium scenes | head`) prints none.
    pub fn report(&self) {
        if !self.is_closed_pipe() {
            say(&format!("error: {self}"));
        }
    }

    /// 130 for an interruption, 2 for what the user can mend in the command, the scene or the place of the
    /// output, else 1.
    pub fn exit_code(&self) -> ExitCode {
        let code = match self {
            _ if self.is_closed_pipe() => 0,
            Self::Interrupted { .. } => INTERRUPTED,
            Self::Scene(_)
            | Self::Build(_)
            | Self::Input(_)
            | Self::Export(ExportError::Folder { .. } | ExportError::InTheWay { .. }) => 2,
            #[cfg(feature = "gui")]
            Self::Capture(error) if !matches!(error, crate::capture::CaptureError::Adapter(_)) => 2,
            _ => 1,
        };
        ExitCode::from(code)
    }

    fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}
