//! Lists, help, and every scene of the library run for a little while.

use super::{RUN_FILES, names_in, natrarium, success, words};
use natrarium::scene::library;
use std::io::Read;
use std::process::Stdio;

#[test]
fn every_scene_runs_and_writes_all_its_files() {
    for entry in library() {
        let place = tempfile::tempdir().unwrap();
        let arguments = ["run", entry.name, "--until", "0.01mAh/cm2", "--seed", "7", "--out", "files"];
        let output = success(place.path(), &arguments);
        assert_eq!(words(&output.stderr), "", "quiet where there is no terminal");
        assert!(words(&output.stdout).contains(&entry.title), "{}", words(&output.stdout));
        assert_eq!(names_in(&place.path().join("files")), RUN_FILES, "{}", entry.name);
        let summary = std::fs::read_to_string(place.path().join("files/summary.json")).unwrap();
        let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
        assert!(summary["sites_deposited"].as_u64().unwrap() > 0, "{}", entry.name);
        assert_eq!(summary["seed"], 7);
    }
}

#[test]
fn scenes_lists_the_library() {
    let place = tempfile::tempdir().unwrap();
    let short = words(&success(place.path(), &["scenes"]).stdout);
    let long = words(&success(place.path(), &["scenes", "--verbose"]).stdout);
    assert_eq!(short.lines().count(), library().len());
    for entry in library() {
        assert!(short.lines().any(|line| line.starts_with(entry.name) && line.ends_with(&entry.title)));
        assert!(long.contains(&entry.reference), "{}", entry.name);
    }
}

#[test]
fn help_is_there_for_everything() {
    let place = tempfile::tempdir().unwrap();
    let help = words(&success(place.path(), &["--help"]).stdout);
    for command in ["run", "record", "shot", "scenes"] {
        assert!(help.contains(&format!("  {command} ")), "{command}");
        let more = words(&success(place.path(), &[command, "--help"]).stdout);
        assert!(more.len() > 200, "{more}");
    }
    assert!(words(&success(place.path(), &["--version"]).stdout).starts_with("natrarium "));
}

/// As in `natrarium scenes --verbose | head -0`.
#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let place = tempfile::tempdir().unwrap();
    let mut child = natrarium(place.path(), &["scenes", "--verbose"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(message, "");
}

/// Results are often put into a folder with the name of the scene.
#[test]
fn a_folder_with_the_name_of_a_scene_does_not_hide_it() {
    let place = tempfile::tempdir().unwrap();
    let arguments = ["run", "diglyme_film", "--until", "1000sites", "--out", "diglyme_film"];
    for _ in 0..2 {
        success(place.path(), &arguments);
    }
    assert_eq!(names_in(place.path()), ["diglyme_film"]);
    assert_eq!(names_in(&place.path().join("diglyme_film")), RUN_FILES);
}

/// As the help of `--set` promises.
#[test]
fn a_lattice_is_set_as_in_a_scene_file() {
    let place = tempfile::tempdir().unwrap();
    let run = ["run", "diglyme_film", "--until", "100sites", "--set"];
    for sites in ["lattice.sites=(32,24,64)", "lattice.sites=[32, 24, 64]", "lattice.sites=32,24,64"] {
        success(place.path(), &[&run[..], &[sites]].concat());
        let state = std::fs::read(place.path().join("out/state.vti")).unwrap();
        let head = String::from_utf8_lossy(&state[..1500]);
        assert!(head.contains("format=\"ascii\">32 24 64<"), "{head}");
    }
}

/// What plates only, and so needs no cycling.
#[test]
fn short_forms_change_the_run() {
    let place = tempfile::tempdir().unwrap();
    let options =
        ["--current", "2mA/cm2", "--capacity", "0.01mAh/cm2", "--temperature", "40C", "--pressure", "2bar"];
    success(place.path(), &[&["run", "diglyme_film"], &options[..]].concat());
    let summary = std::fs::read_to_string(place.path().join("out/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let scene = &summary["scene"];
    assert_eq!(scene["current_density_ma_cm2"], 2.0, "{summary}");
    assert_eq!(scene["until"]["areal_capacity_mah_cm2"], 0.01);
    assert_eq!((&scene["temperature_c"], &scene["pressure_mpa"]), (&40.0.into(), &0.2.into()));
}
