//! `natrarium record`: a run as a film.

use crate::cli::CliError;
use crate::cli::pictures::PictureArguments;
use crate::cli::selection::Changes;
use crate::cli::values::parse_file;
use crate::style::FrameRate;
use clap::Args;
use std::path::PathBuf;

/// Run a scene and film it in 3D, as MP4 (H.264); needs a graphics adapter, no display
///
/// Frames are drawn one by one at equal distances of simulated time, however long each takes. A film is as
/// smooth on a slow machine as on a fast one. Unless told otherwise the film ends when the run does.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  natrarium record carbonate_moss --out moss.mp4
  natrarium record sand_time --out trees.mp4 --seconds 20 --fps 25 --size 1920x1080 --turntable 9
  natrarium record diglyme_film --simulated-seconds-per-frame 2 --colour-by growth-mode --out film.mp4")]
pub struct RecordArguments {
    /// Name of a scene of the library, or a scene file
    pub scene: String,
    #[command(flatten)]
    pub changes: Changes,
    /// Name of the film
    #[arg(long, value_name = "FILE.mp4", value_parser = parse_file("mp4"), default_value = "film.mp4")]
    pub out: PathBuf,
    /// Length of the film in seconds
    #[arg(long, default_value_t = 10.0)]
    pub seconds: f64,
    /// Frames per second: 30, 12.5, 29.97 or 30000/1001
    #[arg(long, value_name = "NUMBER", default_value = "30")]
    pub fps: FrameRate,
    /// Simulated time between two frames [default: the whole run, spread over the film]
    #[arg(long, value_name = "SECONDS")]
    pub simulated_seconds_per_frame: Option<f64>,
    /// Turn the camera about the deposit, degrees per second of film
    #[arg(long, value_name = "DEGREES", default_value_t = 0.0, allow_hyphen_values = true)]
    pub turntable: f32,
    #[command(flatten)]
    pub picture: PictureArguments,
}

#[cfg(feature = "gui")]
mod filming {
    use super::{CliError, RecordArguments};
    use crate::capture::{self, CaptureError, FilmOptions};
    use crate::cli::course::{Log, progress_bar};
    use crate::cli::interrupt::Interrupt;
    use crate::cli::pictures::check_output;
    use crate::observables::take_snapshot;
    use crate::scene::Scene;
    use crate::simulation::Simulation;
    use crate::style::Background;
    use std::io::Write;

    /// When the scene will end if its deposit does not reach the top of the box before, s.
    fn expected_end_s(scene: &Scene) -> Result<f64, CliError> {
        scene.nominal_duration_s().ok_or_else(|| {
            let message = "the scene has no end to spread the film over; give one with --until 600s";
            CliError::Input(message.into())
        })
    }

    /// Runs the subcommand.
    pub fn run(arguments: &RecordArguments) -> Result<(), CliError> {
        let selection = arguments.changes.apply_to(&arguments.scene)?;
        let film = FilmOptions {
            picture: arguments.picture.options(&selection.scene, arguments.turntable)?,
            seconds: arguments.seconds,
            rate: arguments.fps,
            megabits_per_s: None,
        };
        film.check()?;
        if film.picture.settings.background == Background::Transparent {
            let message = "H.264 has no transparent pixels; choose another --background for a film";
            return Err(CliError::Input(message.into()));
        }
        let step_s = match arguments.simulated_seconds_per_frame {
            Some(seconds) if seconds.is_finite() && seconds > 0.0 => seconds,
            Some(seconds) => {
                let message = format!("--simulated-seconds-per-frame {seconds} must be above zero");
                return Err(CliError::Input(message));
            }
            // A single frame shows the end.
            None if film.frames() == 1 => f64::INFINITY,
            None => expected_end_s(&selection.scene)? / f64::from(film.frames() - 1),
        };
        capture::check_adapter().map_err(CaptureError::from)?;
        let mut simulation = Simulation::new(&selection.scene, selection.seed)?;
        check_output("--out", &arguments.out)?;
        let interrupt = Interrupt::listen();
        let bar = progress_bar(u64::from(film.frames()));
        let mut log = Log::new(bar.is_hidden());
        let snapshot = |frame: u32| {
            let time_s = if step_s.is_infinite() { step_s } else { f64::from(frame) * step_s };
            while simulation.time_s() < time_s && !simulation.finished() && !interrupt.came() {
                simulation.advance(1);
            }
            // What is filmed by now is a film; before the first frame there is none.
            if frame > 0 && interrupt.came() {
                interrupt.let_files_be_written();
                return None;
            }
            Some(take_snapshot(&mut simulation, 0, frame == 0))
        };
        let frames = capture::record(&arguments.out, &film, snapshot, |done, all| {
            bar.set_position(u64::from(done));
            log.tell(f64::from(done) / f64::from(all), || format!("{done} of {all} frames"));
        })?;
        bar.finish_and_clear();
        if interrupt.came() {
            return Err(CliError::Interrupted {
                done: format!("{frames} of {} frames", film.frames()),
                left: format!("the film so far is {}", arguments.out.display()),
            });
        }
        Ok(writeln!(
            std::io::stdout().lock(),
            "{}: {}, {} frames, {:.3} mAh/cm² in {:.1} s of film.",
            arguments.out.display(),
            selection.scene.spec.title,
            frames,
            simulation.capacity_mah_cm2(simulation.charge_sites()),
            film.seconds
        )?)
    }
}
#[cfg(feature = "gui")]
pub use filming::run;

/// Runs the subcommand.
#[cfg(not(feature = "gui"))]
pub fn run(_: &RecordArguments) -> Result<(), CliError> {
    Err(CliError::NoGraphics)
}
