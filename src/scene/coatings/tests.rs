//! Tests of coatings as data: names, stacks, folders of the user, errors.

use super::*;
use crate::scene::{Scene, load};

fn with(coating: &str) -> Result<Scene, SceneError> {
    load("half_cell")?.with_settings(&[format!("coating={coating}")])
}

#[test]
fn layers_are_read_as_people_write_them() {
    for (words, expected) in [
        ("NaBr", vec![("NaBr", None)]),
        ("NaBr 1 µm", vec![("NaBr", Some(1000.0))]),
        ("NaBr 1um", vec![("NaBr", Some(1000.0))]),
        ("sodium bromide 250 nm", vec![("sodium bromide", Some(250.0))]),
        ("Na₃PS₄ 0,5 µm", vec![("Na₃PS₄", Some(500.0))]),
        ("Sn 100nm + PVDF 2e-6 m", vec![("Sn", Some(100.0)), ("PVDF", Some(2000.0))]),
        ("none", vec![]),
    ] {
        let layers = stack(words).expect(words);
        let found: Vec<(&str, Option<f64>)> =
            layers.iter().map(|layer| (layer.material.as_str(), layer.thickness_nm)).collect();
        assert_eq!(found, expected, "{words}");
    }
    for bad in ["", " + NaBr", "10 nm", "NaBr + "] {
        assert!(stack(bad).expect_err(bad).contains("no material"), "{bad}");
    }
}

#[test]
fn all_coatings_of_the_program_are_sound_and_have_names_of_their_own() {
    let mut entries = coatings();
    // Another test adds a folder.
    entries.retain(|entry| entry.built_in);
    assert!(entries.len() >= 40, "{}", entries.len());
    let mut names = std::collections::BTreeMap::new();
    for entry in &entries {
        let coating = entry.coating.as_ref().expect("sound");
        assert!(
            entry.built_in && !coating.family.is_empty() && coating.note.ends_with('.'),
            "{}",
            entry.name
        );
        let own: std::collections::BTreeSet<String> =
            coating.aliases.iter().chain([&coating.title, &entry.name]).map(|name| simple(name)).collect();
        for name in own {
            assert!(stack(&name).is_ok_and(|layers| layers.len() == 1), "{name} reads as one layer");
            let other = names.insert(name.clone(), entry.name.clone());
            assert!(other.is_none(), "{name} is {} and {other:?}", entry.name);
        }
        for (field, parameter) in coating.parameters() {
            let ending = match parameter.unit.as_str() {
                "1" => "",
                "S/cm" => "_s_cm",
                unit => &format!("_{}", unit.to_lowercase()),
            };
            assert!(field.ends_with(ending), "{}: {field} in {}", entry.name, parameter.unit);
            assert!(!parameter.source.is_empty(), "{}: {field}", entry.name);
        }
    }
}

#[test]
fn faults_of_a_coating_are_one_sentence_with_a_cure() {
    for (coating, fragments) in [
        (
            "NaBrr",
            &["--set coating=NaBrr", "unknown coating `NaBrr`", "did you mean `nabr`", "natrarium materials"]
                [..],
        ),
        ("unobtainium", &["unknown coating", "natrarium materials"]),
        ("NaBr 0 nm", &["coating[0].thickness_nm", "less than the smallest", "nm"]),
        ("NaBr -5 nm", &["less than the smallest"]),
        ("NaBr 1 m", &["more than the largest"]),
        ("nabr + nabr + nabr + nabr", &["4 layers", "3 at most"]),
        ("nowhere.ron", &["`nowhere.ron` cannot be read"]),
        ("[(material: \"nabr\", thickness: 5)]", &["thickness"]),
    ] {
        let text = with(coating).expect_err(coating).to_string();
        for fragment in fragments {
            assert!(text.contains(fragment), "{coating}: `{fragment}` is not in: {text}");
        }
        assert!(!text.contains('\n'), "{text}");
    }
    let thick = load("half_cell").and_then(|scene| {
        scene.with_settings(&[
            "coating=pvdf 90um".into(),
            "lattice.sites=[16,16,16]".into(),
            "electrode_gap_um=50".into(),
        ])
    });
    let text = thick.expect_err("thicker than the gap").to_string();
    assert!(text.contains("90000 nm thick") && text.contains("50 µm apart"), "{text}");
}

#[test]
fn numbers_of_a_layer_can_be_replaced() {
    let scene = load("half_cell").and_then(|scene| {
        scene.with_settings(&["coating=nabr 300 nm".into(), "coating.nabr.barrier=0.5".into()])
    });
    let scene = scene.expect("sound");
    assert_eq!((scene.coating[0].thickness_nm.value, scene.coating[0].barrier.value), (300.0, 0.5));
    let reread = crate::scene::parse(&scene.to_ron(), "again").expect("what is written can be read");
    assert_eq!(reread, scene);
    for (setting, fragment) in [
        ("coating.naf.barrier=0.5", "belongs to no layer"),
        ("coating.nabr.bar=0.5", "no parameter `bar`"),
        ("coating.nabr.barrier=2", "from 0 to 1"),
    ] {
        let error = scene.with_settings(&[setting.into()]).expect_err(setting).to_string();
        assert!(error.contains(fragment), "{error}");
    }
}

/// A copy of a coating under another name, in a folder of the user, is the same coating; a broken file beside
/// it stops nothing and says what is wrong with it.
#[test]
fn folders_of_the_user_hold_coatings_too() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("coatings");
    std::fs::create_dir(&folder).expect("a folder");
    let (_, text) = embedded::COATINGS.iter().find(|(path, _)| path.ends_with("/nabr.ron")).expect("there");
    let aliases = text.find("aliases:").expect("has some");
    let end = aliases + text[aliases..].find(']').expect("a list");
    let renamed =
        format!("{}aliases: [{}", &text[..aliases], &text[end..]).replacen("\"NaBr\"", "\"My salt\"", 1);
    std::fs::write(folder.join("my_salt.ron"), renamed).expect("written");
    std::fs::write(folder.join("broken.ron"), "(title: 5)").expect("written");
    add_library(place.path());
    let mine = with("My salt 500 nm").expect("found by its title").coating.remove(0);
    let own = with("nabr 500 nm").expect("found").coating.remove(0);
    assert_eq!(mine.parameters(), own.parameters());
    let broken = coatings().into_iter().find(|entry| entry.name == "broken").expect("listed");
    let fault = broken.coating.expect_err("it is broken").to_string();
    assert!(fault.contains("broken.ron:1:"), "{fault}");
    assert!(with("broken").expect_err("it is broken").to_string().contains("broken.ron:1:"));
}
