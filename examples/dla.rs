//! One cluster of diffusion-limited aggregation from a point seed, alone in one process: `dla [SITES] [THREADS]`.
//!
//! `cargo run --release --no-default-features --example dla -- 1000000` grows 10⁶ sites that stick at first contact, on one
//! core unless told otherwise, with the whole engine around (clock, lists of exposed sites, journal), and prints sites per
//! second, CPU seconds and memory, so that it can be timed beside another program. A lattice is an easier problem than
//! spheres without one: say so where the two are compared.

use natrarium::scene;
use natrarium::simulation::Simulation;
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let sites: u64 = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let threads: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let scene = scene::load("pure_dla")?.with_settings(&[
        format!("lattice.sites=[{0},{0},{0}]", edge_for(sites)),
        format!("until.sites={sites}"),
    ])?;
    let start = Instant::now();
    let mut simulation = Simulation::new(&scene, 1)?;
    let built_s = start.elapsed().as_secs_f64();
    while !simulation.finished() {
        simulation.advance(1);
    }
    let (plated, wall_s) = (simulation.sites_plated(), start.elapsed().as_secs_f64());
    println!(
        "{plated} sites in {wall_s:.2} s with {threads} thread(s): {:.0} sites/s",
        plated as f64 / wall_s
    );
    println!("of these {built_s:.2} s to open the box of {0}³ sites", edge_for(sites));
    if let Some((cpu_s, peak_mib)) = spent() {
        println!("{cpu_s:.2} CPU seconds: {:.0} sites per CPU second", plated as f64 / cpu_s);
        println!("{peak_mib:.0} MiB at most");
    }
    println!("reach {:.0} sites", reach(&simulation));
    println!("state {:016x}", simulation.state_hash());
    Ok(())
}

/// Edge of a box that holds a cluster: it reaches about N^(1/2.5) sites from its seed.
fn edge_for(sites: u64) -> usize {
    let reach = 1.15 * (sites as f64).powf(0.4) + 16.0;
    ((2.0 * reach / 64.0).ceil() * 64.0) as usize
}

/// CPU seconds and peak memory in MiB, as Linux tells them; nothing on other systems.
fn spent() -> Option<(f64, f64)> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // User and system time are the 14th and 15th field, in hundredths of a second; the second field may hold spaces.
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
