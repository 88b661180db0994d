//! The same scene, settings and seed give the same bytes, whatever the number of threads; another seed does
//! not.

use super::natrarium;
use std::path::Path;

/// Bytes of a file of a run with so many threads.
fn files(scene: &str, seed: &str, threads: Option<&str>) -> [Vec<u8>; 4] {
    let place = tempfile::tempdir().unwrap();
    let mut command = natrarium(place.path(), &["run", scene, "--until", "0.02mAh/cm2", "--seed", seed]);
    match threads {
        Some(number) => command.env("RAYON_NUM_THREADS", number),
        None => command.env_remove("RAYON_NUM_THREADS"),
    };
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", super::words(&output.stderr));
    ["metrics.csv", "profile.csv", "summary.json", "state.vti"]
        .map(|name| std::fs::read(place.path().join(Path::new("out").join(name))).unwrap())
}

#[test]
fn threads_and_repetition_change_nothing() {
    // One scene for each way that ions find their place: film, moss, depletion, walkers from all sides.
    for scene in ["diglyme_film", "carbonate_moss", "sand_time", "pure_dla"] {
        let first = files(scene, "7", None);
        for threads in [None, Some("1"), Some("2")] {
            assert!(first == files(scene, "7", threads), "{scene} with threads {threads:?}");
        }
        assert!(first[3] != files(scene, "8", None)[3], "{scene}: another seed must give another deposit");
    }
}
