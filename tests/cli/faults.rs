//! What goes wrong around a run: signals, full disks, limits, things in the way. Nothing of an earlier run is
//! lost, and files of two runs never stand side by side.
#![cfg(target_os = "linux")]

use super::{RUN_FILES, names_in, natrarium, success, words};
use crate::counts::count;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Much too long for a test, and in an electrolyte in which the cell does not die before.
const LONG: [&str; 8] = [
    "run",
    "half_cell",
    "--electrolyte",
    "diglyme",
    "--set",
    "lattice.sites=(48,48,64)",
    "--cycles",
    "10000",
];

/// Bytes of all files in a folder.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |name: String| {
        let bytes = std::fs::read(folder.join(&name)).unwrap_or_default();
        (name, bytes)
    };
    names_in(folder).into_iter().map(read).collect()
}

fn summary(folder: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join("summary.json")).unwrap()).unwrap()
}

fn end(mut child: std::process::Child, within: Duration) -> ExitStatus {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(began.elapsed() < within, "it does not end");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Interrupted at any moment, a run leaves all its files so far, marked, or those of the run before.
#[test]
fn an_interrupted_run_leaves_what_it_has() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    success(place.path(), &["run", "diglyme_film", "--set", "lattice.sites=(16,16,32)", "--until", "9sites"]);
    let mut earlier = contents(&out);
    let mut written = 0;
    let delays_ms = [0, 5, 20, 60, 150, 400, 800, 1500];
    for (number, delay_ms) in delays_ms.into_iter().enumerate() {
        let mut command = natrarium(place.path(), &LONG);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay_ms));
        // A program that is started in the background may ignore Ctrl-C until it listens by itself.
        let signal = if number % 2 == 0 || delay_ms < 300 { "-TERM" } else { "-INT" };
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let status = end(child, Duration::from_secs(60));
        assert_eq!(names_in(&out), RUN_FILES, "after {delay_ms} ms");
        if status.code() == Some(130) {
            let summary = summary(&out);
            assert_eq!((&summary["interrupted"], &summary["ending"]), (&Value::Bool(true), &Value::Null));
            let table = std::fs::read_to_string(out.join("metrics.csv")).unwrap();
            assert!(table.contains("# interrupted before its end\n"));
            let last = table.lines().last().unwrap();
            assert!(
                last.starts_with(&format!("{},", summary["step"])),
                "tables and summary tell of one moment"
            );
            written += 1;
            earlier = contents(&out);
        } else {
            // Too early for the program to listen.
            assert_eq!(contents(&out), earlier, "{status:?}");
        }
    }
    assert!(written >= 4, "most of them were at work: {written}");
    count("runs interrupted", delays_ms.len());
    count("files lost", RUN_FILES.iter().filter(|name| !out.join(name).is_file()).count());
}

/// A second signal while the files are written: they are written, and nothing else is left behind.
#[test]
fn an_impatient_second_signal_leaves_no_temporary_files() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    for delay_ms in [0, 3, 10, 30, 60, 100, 150, 250] {
        let mut command = natrarium(place.path(), &LONG);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(1000));
        let id = child.id().to_string();
        let ask = || Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(ask().success());
        // Wait for the first temporary file, or for the end.
        let began = Instant::now();
        while !names_in(&out).iter().any(|name| name.starts_with(".natrarium-"))
            && began.elapsed() < Duration::from_secs(20)
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(delay_ms));
        ask();
        assert_eq!(end(child, Duration::from_secs(60)).code(), Some(130), "after {delay_ms} ms");
        assert_eq!(names_in(&out), RUN_FILES, "after {delay_ms} ms");
        std::fs::remove_dir_all(&out).unwrap();
    }
}

/// A shell that runs the program under a limit, in a folder that holds the files of an earlier run.
fn under(limit: &str, arguments: &str, place: &Path) -> std::process::Output {
    let program = env!("CARGO_BIN_EXE_natrarium");
    let script = format!("{limit}; exec {program} run diglyme_film {arguments}");
    Command::new("bash").args(["-c", &script]).current_dir(place).output().unwrap()
}

#[test]
fn faults_of_the_system_end_with_a_sentence_and_keep_the_files() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let small = "--set lattice.sites='(32,32,32)' --until 2000sites";
    success(place.path(), &["run", "diglyme_film", "--set", "lattice.sites=(16,16,32)", "--until", "9sites"]);
    let earlier = contents(&out);
    std::os::unix::fs::symlink("nowhere", place.path().join("dangling")).unwrap();
    std::fs::create_dir_all(place.path().join("taken/state.vti")).unwrap();
    std::fs::write(place.path().join("file"), "").unwrap();
    let faults: [(&str, String, i32, &str); 7] = [
        ("ulimit -f 8", small.into(), 1, "File too large"),
        ("ulimit -v 400000", "--set lattice.sites='(2048,2048,256)'".into(), 2, "MiB can be had"),
        ("true", format!("{small} --out dangling"), 2, "a link to what is not there"),
        ("true", format!("{small} --out taken"), 2, "state.vti is in the way"),
        ("true", format!("{small} --out file"), 2, "cannot write into file"),
        ("true", format!("{small} --out file/below"), 2, "cannot write into file/below"),
        ("true", format!("{small} --out /proc/natrarium"), 2, "cannot write into /proc/natrarium"),
    ];
    count("faults injected", faults.len());
    for (limit, arguments, code, sentence) in &faults {
        let output = under(limit, arguments, place.path());
        let message = words(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{limit}; {arguments}: {message}");
        assert!(message.contains(sentence), "{limit}; {arguments}: {message}");
        assert_eq!(message.trim_end().lines().count(), 1, "{message}");
        assert_eq!(contents(&out), earlier, "{limit}; {arguments}");
    }
    assert_eq!(names_in(&place.path().join("taken")), ["state.vti"]);
    count("files lost", earlier.iter().filter(|(name, _)| !out.join(name).is_file()).count());
}

/// A disk of 400 KiB of its own, which needs a system that lets users make one: Linux with user namespaces.
#[test]
fn a_full_disk_and_a_folder_that_may_not_be_written_keep_the_files() {
    let place = tempfile::tempdir().unwrap();
    let script = format!(
        "set -e; cd {place}; mkdir disk; mount -t tmpfs -o size=400k none disk; cd disk
        run() {{ {program} run diglyme_film --set 'lattice.sites=(32,32,32)' --until \"$@\"; }}
        run 9sites > ../said; ls -A out > ../names; md5sum out/* > ../sums
        head -c 1m /dev/zero > filler || true; truncate -s -20480 filler
        code=0; run 2000sites > ../said 2> ../full || code=$?; echo $code > ../code
        rm filler; mount -o remount,ro none ../disk
        code=0; run 3000sites > ../said 2> ../readonly || code=$?; echo $code >> ../code
        md5sum --quiet -c ../sums; ls -A out | cmp - ../names; echo whole > ../end",
        place = place.path().display(),
        program = env!("CARGO_BIN_EXE_natrarium"),
    );
    let shell = ["--mount", "--map-root-user", "sh", "-c"];
    let Ok(output) = Command::new("unshare").args(shell).arg(&script).output() else { return };
    let said = |name: &str| std::fs::read_to_string(place.path().join(name)).unwrap_or_default();
    if said("names").is_empty() {
        println!("no disk of its own on this system: {}", words(&output.stderr));
        return;
    }
    count("faults injected", 2);
    let shown = format!("{} {} {}", words(&output.stderr), said("full"), said("readonly"));
    assert!(said("full").contains("No space left"), "{shown}");
    assert!(said("readonly").contains("Read-only file system"), "{shown}");
    assert_eq!(said("code").split_whitespace().collect::<Vec<_>>(), ["1", "2"], "{shown}");
    assert_eq!(said("end").trim(), "whole", "{shown}");
}

#[test]
fn full_outputs_change_no_exit_code_and_links_are_followed() {
    let place = tempfile::tempdir().unwrap();
    let small = "--set lattice.sites='(16,16,32)' --until 9sites";
    let outputs = [
        ("true", format!("{small} 2> /dev/full"), 0),
        ("true", format!("{small} > /dev/full"), 1),
        ("true", "--until never 2> /dev/full".to_string(), 2),
        ("true", format!("{small} --set seed=x 2> /dev/full"), 2),
        ("true", format!("{small} 2>&- >&-"), 0),
    ];
    count("faults injected", outputs.len());
    for (limit, arguments, code) in &outputs {
        let output = under(limit, arguments, place.path());
        let found = output.status.code();
        assert_eq!(found, Some(*code), "{arguments}: {}", words(&output.stderr));
    }
    // A link to a folder is that folder; permissions are those that the user asks for.
    std::fs::create_dir(place.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", place.path().join("link")).unwrap();
    let output = under("umask 027", &format!("{small} --out link"), place.path());
    assert!(output.status.success());
    assert_eq!(names_in(&place.path().join("real")), RUN_FILES);
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(place.path().join("real/metrics.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}
