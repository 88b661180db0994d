//! `natrarium frames [SCENE]`, not in the help: how long frames take, paused and at full simulation speed.
//!
//! Does: run the app by a script, in a window or on an image, and print a table, or JSON for a program.
//! Does not: judge it.

use crate::cli::CliError;
use crate::cli::selection::Changes;
use crate::cli::values::parse_size;
use clap::Args;
use std::path::PathBuf;

/// Run the app by a script and say how long its frames take
#[derive(Args, Debug)]
pub struct FramesArguments {
    /// Name of a scene of the library, or a scene file
    #[arg(default_value = crate::scene::DEFAULT_SCENE)]
    pub scene: String,
    #[command(flatten)]
    pub changes: Changes,
    /// Frames while paused, and as many at full speed
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(4..=100_000))]
    pub frames: u32,
    /// Cost of the picture: draft, low, medium or high [default: what the adapter suggests]
    #[arg(long, value_name = "LEVEL")]
    pub quality: Option<String>,
    /// Width and height in pixels
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1280x720", value_parser = parse_size)]
    pub size: (u32, u32),
    /// Sites to plate before anything is shown
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub sites: u64,
    /// In a window, not on an image
    #[arg(long)]
    pub window: bool,
    /// Write the figures into this file as well
    #[arg(long, value_name = "FILE.json", value_parser = crate::cli::values::parse_file("json"))]
    pub json: Option<PathBuf>,
}

/// Runs the subcommand.
#[cfg(feature = "gui")]
pub fn run(arguments: &FramesArguments) -> Result<(), CliError> {
    use crate::app::{MeasureOptions, measure_frames};
    use std::io::Write;

    let started = std::time::Instant::now();
    let FramesArguments { scene, changes, frames, quality, size, sites, window, json } = arguments;
    let selection = changes.apply_to(scene)?;
    if let Some(path) = json {
        crate::cli::pictures::check_output("--json", path)?;
    }
    let quality = quality.as_deref().map(|name| name.parse().map_err(CliError::Input)).transpose()?;
    let frames = *frames as usize;
    let options = MeasureOptions { quality, size: *size, frames, sites: *sites, window: *window, started };
    let report = measure_frames(selection.scene, selection.seed, options)?;
    if let Some(path) = json {
        let text =
            serde_json::to_string_pretty(&report).map_err(|error| CliError::Input(error.to_string()))?;
        std::fs::write(path, text + "\n")
            .map_err(|source| crate::capture::CaptureError::Write { path: path.clone(), source })?;
    }
    Ok(write!(std::io::stdout().lock(), "{}", table(&report))?)
}

#[cfg(feature = "gui")]
fn table(report: &crate::app::FrameReport) -> String {
    let crate::app::FrameReport { adapter, size: (width, height), quality, triangles, .. } = report;
    let row = |name: &str, lengths: &crate::app::Lengths| {
        format!("{name:<34}{:>8.1}{:>8.1}{:>8.1}\n", lengths.mean_ms, lengths.p50_ms, lengths.p99_ms)
    };
    format!("{adapter}, {width}x{height}, {quality}, {triangles} triangles\n")
        + &format!("first picture after {:.2} s\n", report.first_picture_s)
        + &format!(
            "{:<34}{:>8}{:>8}{:>8}\n",
            format!("ms, {} frames each", report.frames),
            "mean",
            "p50",
            "p99"
        )
        + &row("frame, paused", &report.paused)
        + &row("frame, at full speed", &report.running)
        + &row("of it surface on the main thread", &report.surface_on_main_thread)
        + &format!(
            "p99 at full speed over paused {:.2}; {} steps and {} new surfaces in {:.1} s, {:.1} ms per chunk\n",
            report.p99_ratio, report.steps, report.renewals, report.running_s, report.chunk_ms
        )
}

/// Runs the subcommand.
#[cfg(not(feature = "gui"))]
pub fn run(_: &FramesArguments) -> Result<(), CliError> {
    Err(CliError::NoGraphics)
}
