//! State after N steps = f(scene, seed, control log, N), bit for bit.
//!
//! When a change to the model alters results on purpose nothing here fails: runs are compared with each
//! other, not with stored hashes.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use common::scene;
use natrarium::observables::take_snapshot;
use natrarium::simulation::{Control, Simulation};

const SCENES: [&str; 3] = ["carbonate_moss", "sand_time", "pure_dla"];

fn hash_after(name: &str, seed: u64, steps: u64) -> u64 {
    let mut simulation = Simulation::new(&scene(name, &[]), seed).unwrap();
    simulation.advance(steps);
    simulation.state_hash()
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for name in SCENES {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| hash_after(name, 7, 120))
        };
        assert_eq!(with(1), with(3), "{name}");
    }
}

#[test]
fn nor_does_it_where_threads_share_every_batch() {
    // Some 37 000 exposed sites and 576 ions a step: batches of 18, which two more threads are called for.
    let sites = ["lattice.sites=[192,192,96]", "transport=PerfectSticking"];
    let on_an_electrode = scene("carbonate_moss", &sites);
    // From 16 000 sites on.
    let around_a_seed = scene("pure_dla", &["lattice.sites=[192,192,192]", "until.sites=26000"]);
    for (scene, steps) in [(&on_an_electrode, 20), (&around_a_seed, u64::MAX)] {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut simulation = Simulation::new(scene, 7).unwrap();
                simulation.advance(steps);
                assert!(simulation.sites_plated() > 10_000);
                simulation.state_hash()
            })
        };
        let alone = with(1);
        for threads in [2, 3, 8] {
            assert_eq!(alone, with(threads), "{threads} threads");
        }
    }
}

#[test]
fn how_steps_are_grouped_and_who_looks_does_not_matter() {
    for name in SCENES {
        let mut simulation = Simulation::new(&scene(name, &[]), 7).unwrap();
        for steps in [1, 9, 40, 70] {
            simulation.advance(steps);
            take_snapshot(&mut simulation, 0, steps == 40);
        }
        assert_eq!(simulation.state_hash(), hash_after(name, 7, 120), "{name}");
    }
}

#[test]
fn another_seed_gives_another_deposit() {
    for name in SCENES {
        assert_ne!(hash_after(name, 7, 60), hash_after(name, 8, 60), "{name}");
    }
}

#[test]
fn a_control_log_replays() {
    let scene = scene("carbonate_moss", &[]);
    let mut live = Simulation::new(&scene, 1).unwrap();
    for current in [25.0, 0.0, 2.5, f64::NAN, -30.0, f64::INFINITY, 80.0] {
        live.control(Control::CurrentDensity { a_per_m2: current });
        live.advance(13);
    }
    assert_eq!(live.control_log().len(), 5, "values that are no current densities are not taken");
    let mut replay = Simulation::new(&scene, 1).unwrap();
    for (step, control) in live.control_log() {
        replay.advance(step - replay.step());
        replay.control(*control);
    }
    replay.advance(live.step() - replay.step());
    assert_eq!(replay.state_hash(), live.state_hash());
}
