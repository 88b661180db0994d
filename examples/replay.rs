//! A run that was changed by hand, done again from its log: `cargo run --no-default-features --example
//! replay`.
//!
//! The log of changes holds the step before which each change acted. Scene, seed, log and number of steps
//! give the same state, bit for bit.

use natrarium::scene;
use natrarium::simulation::{Control, Simulation};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scene = scene::load("carbonate_moss")?.with_settings(&["lattice.sites=[48,48,64]".to_owned()])?;
    let mut live = Simulation::new(&scene, 7)?;
    for a_per_m2 in [10.0, 50.0, 0.0, -10.0] {
        live.control(Control::CurrentDensity { a_per_m2 });
        live.advance(50);
    }
    let mut replay = Simulation::new(&scene, 7)?;
    for (step, control) in live.control_log() {
        replay.advance(step - replay.step());
        replay.control(*control);
    }
    replay.advance(live.step() - replay.step());
    assert_eq!(replay.state_hash(), live.state_hash());
    println!("{} steps, {} changes: state {:016x}", live.step(), live.control_log().len(), live.state_hash());
    Ok(())
}
