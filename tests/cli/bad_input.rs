//! Whatever is wrong: one message that says what and how to mend it, exit code 2, nothing left behind.

use super::{names_in, outcome, words};

/// Runs with a scene file of this content and checks everything but the words; returns the message.
#[track_caller]
fn refused(scene: Option<&str>, arguments: &[&str]) -> String {
    let place = tempfile::tempdir().unwrap();
    if let Some(text) = scene {
        std::fs::write(place.path().join("scene.ron"), text).unwrap();
    }
    let before = names_in(place.path());
    let output = outcome(place.path(), arguments);
    let message = words(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert_eq!(message.matches("error:").count(), 1, "{message}");
    assert!(!message.contains("panicked"), "{message}");
    assert!(output.stdout.is_empty(), "{}", words(&output.stdout));
    assert_eq!(names_in(place.path()), before, "something was left behind");
    message
}

#[track_caller]
fn message_has(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in: {message}");
    }
}

/// A scene with one line of one's own, which is line 5.
fn scene_with(line: &str) -> String {
    format!("(\n    version: 1,\n    title: \"Test\",\n    electrolyte: \"diglyme\",\n    {line}\n)\n")
}

#[test]
fn a_scene_that_is_not_there() {
    message_has(&refused(None, &["run", "nowhere.ron"]), &["nowhere.ron", "natrarium scenes"]);
    message_has(&refused(None, &["run", "carbonate_mos"]), &["carbonate_moss"]);
    message_has(&refused(None, &["nowhere.ron"]), &["nowhere.ron"]);
    message_has(&refused(None, &["run", "."]), &["."]);
    message_has(&refused(Some(""), &["run", "scene.ron"]), &["scene.ron"]);
}

#[test]
fn a_scene_that_cannot_be_read() {
    let run = &["run", "scene.ron"];
    message_has(&refused(Some("(\n    version: 1,\n    title: \"x\n"), run), &["scene.ron:"]);
    message_has(&refused(Some(&scene_with("colour: 3,")), run), &["scene.ron:5", "colour"]);
    message_has(
        &refused(Some(&scene_with("").replace("diglyme", "diglime")), run),
        &["scene.ron:4", "diglime", "diglyme"],
    );
    message_has(
        &refused(Some(&scene_with("").replace("version: 1", "version: 9")), run),
        &["scene.ron:2", "9"],
    );
}

#[test]
fn values_that_make_no_sense() {
    for line in [
        "current_density_ma_cm2: -1.0,",
        "current_density_ma_cm2: NaN,",
        "current_density_ma_cm2: 1e12,",
        "temperature_c: inf,",
        "electrode_gap_um: 0,",
        "lattice: (sites: (0, 64, 64)),",
        "lattice: (sites: (60, 64, 64)),",
        "lattice: (edge_um: -0.5),",
        "until: (areal_capacity_mah_cm2: Some(-1.0)),",
        "overrides: {\"electrolyte.transference_number\": 7.0},",
        "overrides: {\"electrolyte.no_such_thing\": 7.0},",
        "metal: \"kryptonite\",",
    ] {
        let message = refused(Some(&scene_with(line)), &["run", "scene.ron"]);
        message_has(&message, &["scene.ron:5"]);
    }
}

#[test]
fn a_lattice_that_does_not_fit_is_refused_before_anything_is_made() {
    let line = "lattice: (sites: (8192, 8192, 8192)),";
    message_has(&refused(Some(&scene_with(line)), &["run", "scene.ron"]), &["scene.ron:5", "sites"]);
    for sites in ["(18446744073709551608,8,8)", "(12,8,8)", "(64,64)", "64", "(a,b,c)", "(-8,8,8)"] {
        let setting = format!("lattice.sites={sites}");
        message_has(&refused(None, &["run", "diglyme_film", "--set", &setting]), &["lattice.sites"]);
    }
}

#[test]
fn settings_that_fit_no_field() {
    for (setting, part) in [
        ("current_density_ma_cm2", "current_density_ma_cm2"),
        ("no_such_field=3", "no_such_field"),
        ("current_density_ma_cm2=much", "much"),
        ("current_density_ma_cm2=-3", "current_density_ma_cm2"),
        ("current_density_ma_cm2=NaN", "current_density_ma_cm2"),
        ("=", "="),
    ] {
        message_has(&refused(None, &["run", "diglyme_film", "--set", setting]), &[part]);
    }
}

#[test]
fn limits_and_seeds_that_are_none() {
    for limit in ["", "soon", "-1mAh/cm2", "NaNs", "1e99s", "3parsec", "1", "0sites"] {
        let message = refused(None, &["run", "diglyme_film", "--until", limit]);
        message_has(&message, &["--until", "mAh/cm2", "sites"]);
    }
    message_has(&refused(None, &["run", "diglyme_film", "--seed", "-1"]), &["-1"]);
    message_has(&refused(None, &["run"]), &["SCENE"]);
}

#[test]
fn short_forms_that_make_no_sense() {
    for (option, value, part) in [
        ("--current", "fast", "0.5mA/cm2"),
        ("--current", "5000mA/cm2", "--current: "),
        ("--capacity", "1mA/cm2", "1mAh/cm2"),
        ("--capacity", "-1mAh/cm2", "--capacity: "),
        ("--cycles", "-1", "--cycles"),
        ("--cycles", "0", "--cycles: "),
        ("--temperature", "25", "298.15K"),
        ("--temperature", "-30C", "--temperature: "),
        ("--pressure", "1mPa", "0.5MPa"),
        ("--cell", "coin", "half-cell"),
        ("--protocol", "[Rest(time_s: 5), Rest(time_s: 0)]", "--protocol:1:24: "),
        ("--protocol", "steps.ron", "steps.ron"),
    ] {
        message_has(&refused(None, &["run", "half_cell", option, value]), &[part]);
    }
    let message = refused(None, &["run", "half_cell", "--cycles", "3", "--protocol", "[Rest(time_s: 5)]"]);
    message_has(&message, &["--cycles", "--protocol", "cannot be used with"]);
    let message =
        refused(Some("[Rest(time_s: 5),\n Rest()]"), &["run", "half_cell", "--protocol", "scene.ron"]);
    message_has(&message, &["scene.ron:2:", "time_s"]);
}

#[test]
fn a_place_that_cannot_be_written() {
    let scene = scene_with("");
    let message = refused(Some(&scene), &["run", "scene.ron", "--out", "scene.ron"]);
    message_has(&message, &["scene.ron", "cannot write"]);
    let message = refused(Some(&scene), &["run", "scene.ron", "--out", "scene.ron/below"]);
    message_has(&message, &["scene.ron/below", "cannot write"]);
    #[cfg(target_os = "linux")]
    message_has(&refused(None, &["run", "diglyme_film", "--out", "/proc/natrarium"]), &["/proc/natrarium"]);
}

#[cfg(feature = "gui")]
#[test]
fn pictures_and_films_that_cannot_be() {
    for (arguments, part) in [
        (["record", "diglyme_film", "--size", "641x360"], "642x360"),
        (["record", "diglyme_film", "--size", "big"], "1280x720"),
        (["record", "diglyme_film", "--size", "0x0"], "0x0"),
        (["record", "diglyme_film", "--fps", "0"], "frames per second"),
        (["record", "diglyme_film", "--seconds", "NaN"], "NaN"),
        (["record", "diglyme_film", "--seconds", "0"], "frame"),
        (["record", "diglyme_film", "--simulated-seconds-per-frame", "0"], "above zero"),
        (["record", "diglyme_film", "--turntable", "inf"], "inf"),
        (["record", "diglyme_film", "--colour-by", "taste"], "growth-mode"),
        (["record", "no_such_scene", "--size", "640x360"], "no_such_scene"),
        (["shot", "diglyme_film", "--size", "99999x9"], "99999x9"),
        (["shot", "diglyme_film", "--angle", "up"], "30,24"),
        (["shot", "diglyme_film", "--distance", "0"], "--distance"),
    ] {
        message_has(&refused(None, &arguments), &[part]);
    }
}
