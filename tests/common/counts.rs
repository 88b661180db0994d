//! Counts that `.ci/run` adds up and prints at its end: inputs tried, faults injected, runs interrupted,
//! files lost.

use std::io::Write;

/// Adds `many` to a count. Without the variable `NATRARIUM_COUNTS`, which names a file, nothing is written.
pub fn count(what: &str, many: usize) {
    let Some(path) = std::env::var_os("NATRARIUM_COUNTS") else { return };
    let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
    // One write for the whole line: tests run at the same time.
    file.and_then(|mut file| file.write_all(format!("{what}\t{many}\n").as_bytes()))
        .expect("the file of counts can be written");
}
