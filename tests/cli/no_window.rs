//! Without a display, or in a build without graphics, the program says so and does its work all the same.

use super::{RUN_FILES, names_in, success, words};

#[test]
fn without_a_display_the_scene_is_run_into_files() {
    let place = tempfile::tempdir().unwrap();
    let output = success(place.path(), &["diglyme_film", "--until", "0.01mAh/cm2"]);
    let said = words(&output.stderr);
    if cfg!(feature = "gui") {
        for system in ["Debian", "Fedora", "Arch"] {
            assert!(said.contains(system), "the cure on {system} is missing: {said}");
        }
    } else {
        assert!(said.contains("no graphics"), "{said}");
    }
    assert!(said.contains("out/"), "{said}");
    assert_eq!(names_in(&place.path().join("out")), RUN_FILES);
}

#[cfg(not(feature = "gui"))]
#[test]
fn pictures_asked_of_a_build_without_graphics_are_refused_in_one_sentence() {
    let place = tempfile::tempdir().unwrap();
    for command in ["record", "shot"] {
        let output = super::outcome(place.path(), &[command, "diglyme_film"]);
        assert_eq!(output.status.code(), Some(1));
        let said = words(&output.stderr);
        assert!(said.starts_with("error: this build of natrarium has no graphics"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert!(names_in(place.path()).is_empty());
}
