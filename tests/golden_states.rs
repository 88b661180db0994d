//! Stored fingerprints of six small runs.
//!
//! A change that is meant to alter no result must leave them as they are, on every processor and system.
//! After a change to the model, store the new ones: `NATRARIUM_RENEW=1 cargo test --test golden_states`, and
//! say why in the changelog.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use common::scene;
use natrarium::lattice::SiteKind;
use natrarium::simulation::{Regime, Simulation};
use std::path::Path;

/// One run: its name in the file, its scene with settings, its length, and what it must have come through.
struct Golden {
    name: &'static str,
    scene: &'static str,
    settings: &'static [&'static str],
    steps: u64,
    shows: fn(&Simulation) -> bool,
}

const SEED: u64 = 11;

const RUNS: [Golden; 6] = [
    Golden {
        name: "moss",
        scene: "carbonate_moss",
        settings: &["lattice.sites=[48,48,80]"],
        steps: 600,
        shows: |run| run.filament_counts().0 > 0,
    },
    Golden {
        name: "film",
        scene: "diglyme_film",
        settings: &["lattice.sites=[48,48,64]"],
        // Later one film in ten cracks once.
        steps: 400,
        shows: |run| run.filament_counts() == (0, 0) && run.sites_plated() > 10_000,
    },
    Golden {
        name: "walkers past Sand's time",
        scene: "sand_time",
        settings: &["lattice.sites=[48,48,64]"],
        steps: 300,
        shows: |run| run.regime() == Regime::Depleted,
    },
    Golden {
        name: "stripping with dead metal",
        scene: "dead_sodium",
        settings: &["lattice.sites=[48,48,64]"],
        steps: 1080,
        shows: |run| run.sites_stripped() > 10_000 && run.lattice().count(SiteKind::DeadMetal) > 0,
    },
    Golden {
        name: "foam",
        scene: "porous_foam",
        settings: &["lattice.sites=[48,48,80]"],
        steps: 300,
        shows: |run| run.lattice().count(SiteKind::Host) > 2 * 48 * 48,
    },
    Golden {
        name: "coated foil",
        scene: "brittle_coating",
        settings: &["lattice.sites=[48,48,64]"],
        steps: 250,
        shows: |run| run.patches().iter().any(|patch| patch.breached) && run.filament_counts().0 > 0,
    },
];

fn fingerprint(golden: &Golden) -> String {
    let mut run = Simulation::new(&scene(golden.scene, golden.settings), SEED).unwrap();
    run.advance(golden.steps);
    assert!((golden.shows)(&run), "{}: the run does not show what it is there for", golden.name);
    assert_eq!(run.step(), golden.steps, "{}: the run ended early", golden.name);
    format!("{:016x}", run.state_hash())
}

#[test]
fn states_are_as_stored() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden_states.tsv");
    let now: String =
        RUNS.iter().map(|golden| format!("{}\t{}\n", golden.name, fingerprint(golden))).collect();
    if std::env::var_os("NATRARIUM_RENEW").is_some() {
        std::fs::write(&file, &now).unwrap();
        return;
    }
    // A checkout on Windows may have changed the line ends.
    let stored = std::fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    assert!(
        stored == now,
        "the states of these runs have changed.\nstored:\n{stored}now:\n{now}\
         If no result was meant to change, the last change has a fault. If the model was meant to change, run\n    \
         NATRARIUM_RENEW=1 cargo test --test golden_states\nand write in the changelog why the states are new."
    );
}
