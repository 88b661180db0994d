//! How fast the engine plates: `cargo bench --bench engine --no-default-features`.
//!
//! Walkers: perfect sticking onto a plane of 256 × 256 sites, to 10⁶ sites, everything included (release, walk, placing, lists).
//! Kinetic Monte Carlo: the carbonate scene on 128 × 128 with films, strain, filaments and surface diffusion.
//! Wall time of one run each, as a user would see it; the machine should be idle.

use natrarium::scene::{self, Scene};
use natrarium::simulation::Simulation;
use std::time::Instant;

fn scene(name: &str, settings: &[&str]) -> Scene {
    let settings: Vec<String> = settings.iter().map(|s| s.to_string()).collect();
    scene::load(name)
        .and_then(|scene| scene.with_settings(&settings))
        .expect("the library scene takes these settings")
}

/// Runs until the end; prints sites per second, in all and since the last mark.
fn measure(label: &str, scene: &Scene, marks: &[u64]) {
    let mut simulation = Simulation::new(scene, 1).expect("the bench fits into memory");
    let threads = rayon::current_num_threads();
    let start = Instant::now();
    let (mut last_sites, mut last_s) = (0, 0.0);
    for mark in marks {
        while simulation.sites_plated() < *mark && !simulation.finished() {
            simulation.advance(1);
        }
        let (sites, seconds) = (simulation.sites_plated(), start.elapsed().as_secs_f64());
        println!(
            "{label:<44} {threads} threads {sites:>9} sites {seconds:>8.2} s {:>9.0} /s in all {:>9.0} /s since the last line",
            sites as f64 / seconds,
            (sites - last_sites) as f64 / (seconds - last_s),
        );
        (last_sites, last_s) = (sites, seconds);
    }
}

fn main() {
    let walkers = scene(
        "carbonate_moss",
        &[
            "electrode_gap_um=1000",
            "lattice.sites=[256,256,512]",
            "transport=PerfectSticking",
            "until={\"areal_capacity_mah_cm2\":null,\"time_s\":null,\"sites\":1000000}",
        ],
    );
    measure("walkers, p = 1, plane 256²", &walkers, &[10_000, 100_000, 1_000_000]);
    let kinetic = scene(
        "carbonate_moss",
        &["lattice.sites=[128,128,256]", "transport=KineticMonteCarlo", "until.areal_capacity_mah_cm2=2"],
    );
    measure("kinetic Monte Carlo, carbonate, 128²", &kinetic, &[10_000, 100_000, 500_000]);
}
