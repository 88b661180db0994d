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

/// The scene as it ran, out of the head of a table.
fn scene_in(table: &str) -> String {
    let head = table.lines().map_while(|line| line.strip_prefix("# "));
    head.skip_while(|line| *line != "the scene as it ran:")
        .skip(1)
        .fold(String::new(), |text, line| text + line + "\n")
}

/// Everything that the command line changed stands in the scene that the tables print: it runs to the same
/// state, and to the same rows.
#[test]
fn the_scene_as_it_ran_reproduces_the_run() {
    let small = "lattice.sites=(32,32,48)";
    for (scene, options) in [
        ("carbonate_moss", &["--seed", "11", "--until", "0.03mAh/cm2"][..]),
        ("diglyme_film", &["--seed", "18446744073709551615", "--temperature", "40C", "--until", "120s"]),
        (
            "half_cell",
            &["--cycles", "1", "--capacity", "0.02mAh/cm2", "--cell", "symmetric", "--pressure", "1bar"],
        ),
        (
            "carbonate_moss",
            &[
                "--electrolyte",
                "0.7 M NaPF6 in EC/DEC (3:7) + 2% FEC",
                "--set",
                "electrolyte.film_spread=0.3",
                "--set",
                "host.Planar.roughness_um=0.5",
                "--set",
                "title=a \"quoted\" title",
                "--until",
                "2000sites",
            ],
        ),
        (
            "half_cell",
            &["--protocol", "[Plate(current_density_ma_cm2: 0.1, until: (time_s: 333.3)), Rest(time_s: 60)]"],
        ),
    ] {
        let place = tempfile::tempdir().unwrap();
        let mut arguments = vec!["run", scene, "--set", small, "--out", "first"];
        arguments.extend(options);
        super::success(place.path(), &arguments);
        let read = |path: &str| std::fs::read_to_string(place.path().join(path)).unwrap();
        let table = read("first/metrics.csv");
        std::fs::write(place.path().join("printed.ron"), scene_in(&table)).unwrap();
        super::success(place.path(), &["run", "printed.ron", "--out", "second"]);
        let summary = |path: &str| serde_json::from_str::<serde_json::Value>(&read(path)).unwrap();
        let (first, second) = (summary("first/summary.json"), summary("second/summary.json"));
        for key in ["state_hash", "seed", "scene", "cycles", "events"] {
            assert_eq!(first[key], second[key], "{scene} {options:?}: {key}");
        }
        assert_eq!(first["seed"], first["scene"]["seed"]);
        let rows =
            |table: &str| table.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        assert_eq!(rows(&table), rows(&read("second/metrics.csv")), "{scene} {options:?}");
    }
}
