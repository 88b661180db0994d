//! States in the course of a run, and the forms of its files.

use super::{RUN_FILES, names_in, outcome, success, words};

const RUN: [&str; 6] =
    ["run", "carbonate_moss", "--set", "lattice.sites=(32,32,48)", "--until", "0.05mAh/cm2"];

#[test]
fn states_lie_at_equal_shares_of_the_run_and_change_nothing() {
    let place = tempfile::tempdir().unwrap();
    let run = |options: &[&str]| success(place.path(), &[&RUN[..], options].concat());
    run(&["--out", "without"]);
    let output = run(&["--states", "4", "--out", "with"]);
    assert!(words(&output.stdout).contains("state_0004.vti, states.pvd"), "{}", words(&output.stdout));
    let [with, without] = ["with", "without"].map(|folder| place.path().join(folder));
    for name in RUN_FILES {
        let read = |folder: &std::path::Path| std::fs::read(folder.join(name)).unwrap();
        assert!(read(&with) == read(&without), "{name} differs");
    }
    assert_eq!(names_in(&with).len(), RUN_FILES.len() + 5);
    let list = std::fs::read_to_string(with.join("states.pvd")).unwrap();
    let times: Vec<f64> = list
        .split("timestep=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    // 0.05 mAh cm⁻² at 1 mA cm⁻² take 180 s. A step of the simulation takes 3.2 s.
    assert_eq!(times.len(), 4);
    for (time, expected) in times.iter().zip([45.0, 90.0, 135.0, 180.0]) {
        assert!((-0.1..3.5).contains(&(time - expected)), "{times:?}");
    }
    let state = |name: &str| std::fs::read(with.join(name)).unwrap();
    assert!(state("state_0004.vti") == state("state.vti"));
    assert!(state("state_0003.vti") != state("state.vti"));
}

#[test]
fn a_user_chooses_hexahedra_and_plain_tables() {
    let place = tempfile::tempdir().unwrap();
    success(
        place.path(),
        &[&RUN[..], &["--state-format", "vtu", "--states", "1", "--plain-tables"]].concat(),
    );
    let names = names_in(&place.path().join("out"));
    assert!(names.contains(&"state.vtu".into()) && names.contains(&"state_0001.vtu".into()), "{names:?}");
    assert!(!names.contains(&"state.vti".into()), "{names:?}");
    let table = std::fs::read_to_string(place.path().join("out/metrics.csv")).unwrap();
    assert!(table.starts_with("step,time_s,"), "{table}");
}

#[test]
fn what_is_no_format_and_no_number_of_states_is_refused() {
    let place = tempfile::tempdir().unwrap();
    for (options, said) in [
        (["--state-format", "stl"], "the formats of states are vti and vtu"),
        (["--states", "0"], "1..=9999"),
        (["--states", "every"], "--states"),
    ] {
        let output = outcome(place.path(), &[&RUN[..], &options].concat());
        assert_eq!(output.status.code(), Some(2), "{options:?}");
        assert!(words(&output.stderr).contains(said), "{}", words(&output.stderr));
    }
    assert_eq!(names_in(place.path()), Vec::<String>::new());
}
