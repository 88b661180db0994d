//! `natrarium run`: a scene without a picture, into a table and figures.

use crate::cli::CliError;
use crate::cli::course::run_to_end;
use crate::cli::interrupt::Interrupt;
use crate::cli::rows::{FEWEST_ROWS, MOST_ROWS};
use crate::cli::selection::{Changes, Selection};
use crate::export::{self, Forms, OutputFolder, RunRecord, Series, StateFormat};
use crate::notation::printable;
use crate::observables::{Metrics, Morphology, Shape, take_snapshot};
use crate::simulation::Simulation;
use crate::style;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Run a scene and write table, figures and final state; needs no graphics
///
/// Writes metrics.csv (the course of the run, parameters and their sources in its head),
/// cycles.csv, profile.csv (layers of the deposit), summary.json (figures of the end, shape of the deposit),
/// cross_section.png, height_map.png and state.vti (for ParaView and VTK). Files of an earlier run in the
/// same folder are replaced. The same scene, changes and seed give the same table, byte for byte.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  natrarium run carbonate_moss --until 0.2mAh/cm2 --seed 7 --out moss
  natrarium run scenes/teaching/diglyme_film.ron --set temperature_c=40 --out warm
  natrarium run half_cell --cycles 10 --cell anode-free:3mAh/cm2 --pressure 0.5MPa --temperature 40C
  natrarium run half_cell --protocol '[Plate(current_density_ma_cm2: 1, until: (capacity_mah_cm2: 0.5)), Rest(time_s: 600)]'
  natrarium run carbonate_moss --states 20 --out series
  for i in 1 2 5; do natrarium run carbonate_moss --current ${i}mA/cm2 --out sweep/$i; done")]
pub struct RunArguments {
    /// Name of a scene of the library, or a scene file
    scene: String,
    #[command(flatten)]
    changes: Changes,
    /// Most rows of metrics.csv
    ///
    /// There is one at every begin and end of a step of the protocol, more where things change, few at rest.
    #[arg(long, value_name = "NUMBER", default_value_t = MOST_ROWS as u64,
        value_parser = clap::value_parser!(u64).range(FEWEST_ROWS as u64..=10_000_000))]
    rows: u64,
    /// Also write so many states at equal shares of the run, and states.pvd, their list for ParaView
    ///
    /// They are state_0001, state_0002 and so on; the last one is that of the end.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=9999))]
    states: Option<u32>,
    /// Format of states: vti, an image of the whole box, or vtu, hexahedra of what is solid
    ///
    /// ParaView and VTK read both, meshio reads vtu.
    #[arg(long, value_name = "FORMAT", default_value = "vti")]
    state_format: StateFormat,
    /// Write tables without their head of # lines, for Excel and other simple readers
    ///
    /// What stands in the head is in summary.json as well, but for the sources of parameters.
    #[arg(long)]
    plain_tables: bool,
    /// Folder for the files; made when it is missing
    #[arg(long, value_name = "FOLDER", default_value = "out")]
    out: PathBuf,
    /// Only check the arguments and the scene, and print the scene as it would run
    #[arg(long)]
    dry_run: bool,
}

/// Runs the subcommand.
pub fn run(arguments: &RunArguments) -> Result<(), CliError> {
    let RunArguments { rows, states, state_format, plain_tables, out, dry_run, .. } = arguments;
    let forms = Forms { plain_tables: *plain_tables, state: *state_format };
    let selection = arguments.changes.apply_to(&arguments.scene)?;
    if *dry_run {
        return Ok(writeln!(std::io::stdout().lock(), "{}", selection.scene.to_ron())?);
    }
    run_into(&selection, *rows as usize, *states, forms, out)
}

/// Runs a scene to its end and writes all files into `out`, with so many states of its course.
pub fn run_into(
    selection: &Selection,
    most_rows: usize,
    states: Option<u32>,
    forms: Forms,
    out: &Path,
) -> Result<(), CliError> {
    let Selection { scene, name, seed } = selection;
    let interrupt = Interrupt::listen();
    let mut simulation = Simulation::new(scene, *seed)?;
    let states = states.unwrap_or(0);
    let names = export::names(forms, states);
    let folder = OutputFolder::prepare(out, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let mut series = (states > 0).then(|| Series::new(out.to_owned(), forms.state, *seed));
    let rows = run_to_end(&mut simulation, scene, most_rows, &interrupt, states, |simulation| {
        let snapshot = take_snapshot(simulation, 0, true);
        series.as_mut().map_or(Ok(()), |series| Ok(series.push(&snapshot)?))
    })?;
    interrupt.let_files_be_written();
    let snapshot = take_snapshot(&mut simulation, 0, true);
    series.as_mut().map_or(Ok(()), |series| series.push(&snapshot))?;
    let record = RunRecord {
        scene,
        scene_name: name,
        seed: *seed,
        rows: &rows,
        morphology: &Morphology::measure(&simulation),
        events: simulation.events(),
        control_log: simulation.control_log(),
        state_hash: simulation.state_hash(),
        snapshot: &snapshot,
    };
    let files = export::write_all(&record, forms, series.as_ref(), &folder)?;
    if !simulation.finished() {
        return Err(CliError::Interrupted {
            done: format!(
                "{:.3} mAh/cm² plated in {}",
                record.snapshot.metrics.areal_capacity_mah_cm2,
                style::time(record.snapshot.metrics.time_s)
            ),
            left: format!("the files so far are in {}, marked as interrupted", folder.path().display()),
        });
    }
    let mut output = std::io::stdout().lock();
    Ok(writeln!(output, "{}", printable(&closing_words(&record, &simulation, &folder, &files)))?)
}

/// What came out and where it lies, in a paragraph.
fn closing_words(
    record: &RunRecord,
    simulation: &Simulation,
    folder: &OutputFolder,
    files: &[String],
) -> String {
    let Metrics {
        areal_capacity_mah_cm2,
        dense_thickness_um,
        tip_grown_fraction,
        base_grown_fraction,
        overpotential_mv,
        ..
    } = &record.snapshot.metrics;
    let Shape { h_max_um, rq_um, porosity, .. } = record.snapshot.metrics.shape.clone().unwrap_or_default();
    let events: Vec<String> = record
        .events
        .iter()
        .map(|event| format!("{} at {:.3} mAh/cm²", event.kind.sentence(), event.areal_capacity_mah_cm2))
        .collect();
    let events = if events.is_empty() { "none".into() } else { events.join(", ") };
    format!(
        "{title} (seed {seed}): {areal_capacity_mah_cm2:.3} mAh/cm² plated in {time}. The metal left would be {dense_thickness_um:.2} µm \
         thick if dense.{cycles} Highest metal {h_max_um:.1} µm, roughness Rq {rq_um:.2} µm, porosity {porosity:.2}. {tip:.0} % grew \
         at the tip, {base:.0} % from the base. Overpotential {overpotential_mv:.0} mV.{narrow} Events: {events}. Files in {place}: {files}.",
        title = record.scene.spec.title,
        seed = record.seed,
        time = style::time(record.snapshot.metrics.time_s),
        cycles = cycling(record),
        narrow = narrow(simulation, h_max_um),
        tip = 100.0 * tip_grown_fraction,
        base = 100.0 * base_grown_fraction,
        place = folder.path().display(),
        files = files.join(", "),
    )
}

/// A warning where the box is so narrow that its sides matter: strands grow into their own images.
fn narrow(simulation: &Simulation, h_max_um: f64) -> String {
    let (width_um, needed_um) = (simulation.width_um(), simulation.least_width_um(h_max_um));
    if width_um < needed_um {
        format!(
            " The box of {width_um:.0} µm is narrow for figures: {needed_um:.0} µm are eight creep lengths or twice the highest metal."
        )
    } else {
        String::new()
    }
}

/// What the cycles gave back, where the rest went, and of what the cell died; nothing for a run without
/// cycles.
fn cycling(record: &RunRecord) -> String {
    let metrics = &record.snapshot.metrics;
    let mut words = String::new();
    if metrics.cycles_completed > 0 {
        let share = |mah_cm2: f64| 100.0 * mah_cm2 / metrics.areal_capacity_mah_cm2;
        let efficiency = match metrics.ce_mean_percent {
            Some(percent) => {
                format!("Coulombic efficiency {percent:.2} % (charge stripped over charge plated)")
            }
            None => "no Coulombic efficiency, as metal was left by plan".into(),
        };
        words = format!(
            " {} cycle{}, {efficiency}; of what was plated {:.2} % became dead metal, {:.2} % SEI, {:.2} % dissolved.",
            metrics.cycles_completed,
            if metrics.cycles_completed == 1 { "" } else { "s" },
            share(metrics.dead_mah_cm2),
            share(metrics.sei_charge_mah_cm2),
            share(metrics.corrosion_mah_cm2),
        );
    }
    if let Some(failure) = record.snapshot.failure {
        words += &format!(
            " The cell died after {} and {:.2} mAh/cm² in both directions: {}.",
            style::time(failure.time_s),
            failure.throughput_mah_cm2,
            failure.kind.sentence()
        );
    }
    words
}
