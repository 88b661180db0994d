//! A run without a window: `cargo run --no-default-features --example headless_run`.

use natrarium::scene;
use natrarium::simulation::Simulation;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = ["lattice.sites=[48,48,64]", "until.areal_capacity_mah_cm2=0.2"].map(String::from);
    let scene = scene::load("carbonate_moss")?.with_settings(&settings)?;
    let mut simulation = Simulation::new(&scene, 7)?;
    while !simulation.finished() {
        simulation.advance(64);
    }
    println!("{}: {:.0} s, {} sites", scene.spec.title, simulation.time_s(), simulation.sites_plated());
    println!(
        "voltage {:.0} mV, state {:016x}",
        1e3 * simulation.voltage().total_v(),
        simulation.state_hash()
    );
    Ok(())
}
