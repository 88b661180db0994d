//! The program as a user runs it: arguments in, files, words and exit code out.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod bad_input;
mod faults;
mod laws;
mod library;
mod no_window;
mod notations;
mod reproducible;
mod series;

#[path = "../common/counts.rs"]
mod counts;

use std::path::Path;
use std::process::{Command, Output};

/// The program in a folder of its own, where nothing can open a window.
fn natrarium(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_natrarium"));
    command.current_dir(folder).args(arguments);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command
}

/// Runs to the end.
fn outcome(folder: &Path, arguments: &[&str]) -> Output {
    natrarium(folder, arguments).output().expect("the program starts")
}

/// Runs to the end, which must be a good one.
fn success(folder: &Path, arguments: &[&str]) -> Output {
    let output = outcome(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", words(&output.stderr));
    output
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program speaks UTF-8")
}

/// Names of everything in a folder, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

const RUN_FILES: [&str; 7] = [
    "cross_section.png",
    "cycles.csv",
    "height_map.png",
    "metrics.csv",
    "profile.csv",
    "state.vti",
    "summary.json",
];
