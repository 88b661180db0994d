//! `natrarium cluster [SITES] [THREADS]`, not in the help. One cluster of diffusion-limited aggregation from
//! a point seed, alone in one process, so that it can be timed beside another program.
//!
//! Does: grow sites that stick at first contact, on one core unless told otherwise, with the whole engine
//! around (clock, lists of exposed sites, journal). Print sites per second, CPU seconds and memory. A lattice
//! is an easier problem than spheres without one: say so where the two are compared.

use crate::cli::CliError;
use crate::scene;
use crate::simulation::Simulation;
use clap::Args;
use std::io::Write;
use std::time::Instant;

/// Grow one cluster from a point seed and say how fast that went
#[derive(Args, Debug)]
pub struct ClusterArguments {
    /// Sites to grow
    #[arg(default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    sites: u64,
    /// Threads that walk
    #[arg(default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
}

/// Runs the subcommand.
pub fn run(arguments: &ClusterArguments) -> Result<(), CliError> {
    let ClusterArguments { sites, threads } = *arguments;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build();
    let pool =
        pool.map_err(|error| CliError::Input(format!("{threads} threads cannot be started: {error}")))?;
    let edge = edge_for(sites);
    let scene = scene::load("pure_dla")?
        .with_settings(&[format!("lattice.sites=[{edge},{edge},{edge}]"), format!("until.sites={sites}")])?;
    let start = Instant::now();
    let mut simulation = Simulation::new(&scene, 1)?;
    let built_s = start.elapsed().as_secs_f64();
    pool.install(|| {
        while !simulation.finished() {
            simulation.advance(1);
        }
    });
    let (plated, wall_s) = (simulation.sites_plated() as f64, start.elapsed().as_secs_f64());
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{plated} sites in {wall_s:.2} s with {threads} thread(s): {:.0} sites/s",
        plated / wall_s
    )?;
    writeln!(out, "of these {built_s:.2} s to open the box of {edge}³ sites")?;
    if let Some((cpu_s, peak_mib)) = spent() {
        writeln!(out, "{cpu_s:.2} CPU seconds: {:.0} sites per CPU second", plated / cpu_s)?;
        writeln!(out, "{peak_mib:.0} MiB at most")?;
    }
    writeln!(out, "reach {:.0} sites", reach(&simulation))?;
    Ok(writeln!(out, "state {:016x}", simulation.state_hash())?)
}

/// Edge of a box that holds a cluster: it reaches about 0.9 N^(1/2.5) sites from its seed, some a tenth more.
fn edge_for(sites: u64) -> usize {
    let reach = 1.05 * (sites as f64).powf(0.4) + 16.0;
    ((2.0 * reach / 64.0).ceil() * 64.0) as usize
}

/// CPU seconds and peak memory in MiB, as Linux tells them; nothing on other systems.
fn spent() -> Option<(f64, f64)> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // User and system time are the 14th and 15th field, in hundredths of a second; the second field may hold
    // spaces.
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?;
    Some((ticks / 100.0, peak.parse::<f64>().ok()? / 1024.0))
}

/// Distance of the farthest site from the seed.
fn reach(simulation: &Simulation) -> f64 {
    let centre = simulation.lattice().sites().map(|n| n as f64 / 2.0);
    let away = |site: [i32; 3]| (0..3).map(|k| (f64::from(site[k]) - centre[k]).powi(2)).sum::<f64>();
    simulation.lattice().iter_solids().map(|(site, ..)| away(site)).fold(0.0, f64::max).sqrt()
}
