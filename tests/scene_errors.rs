//! Bad scenes are refused with one message that names place, fault and cure; good ones load and survive a
//! round trip.

use natrarium::scene::{self, HostSpec, Scene, SceneSpec};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// All `.ron` files below a folder.
fn ron_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is part of the project") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files.extend(ron_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "ron") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The first line of a bad scene is `// file:line:column | fault | cure`, fragments of the message it must
/// produce.
#[test]
fn each_bad_scene_gives_the_message_it_carries() {
    let files = ron_files(&Path::new(ROOT).join("tests/bad_scenes"));
    assert!(files.len() >= 20, "only {} bad scenes found", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("readable");
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let first = text.lines().next().expect("a first line");
        let fragments: Vec<&str> =
            first.strip_prefix("// ").expect("a comment").split(" | ").map(str::trim).collect();
        assert!(fragments.len() >= 3, "{name}: place, fault and cure are wanted");
        let message = scene::load(&path.to_string_lossy()).expect_err(&name).to_string();
        for fragment in fragments {
            if !message.contains(fragment) {
                wrong.push(format!("`{fragment}` is not in: {message}"));
            }
        }
        assert!(!message.contains('\n'), "{name}: more than one line: {message}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_scene_and_parameter_file_is_in_the_library() {
    let on_disk: BTreeSet<String> = ["scenes", "assets"]
        .iter()
        .flat_map(|folder| ron_files(&Path::new(ROOT).join(folder)))
        .map(|path| {
            let below = path.strip_prefix(ROOT).expect("found below the root");
            below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
        })
        .collect();
    let embedded: BTreeSet<String> = scene::embedded_files().map(String::from).collect();
    assert_eq!(on_disk, embedded, "add the file to the table in src/scene/library.rs");
}

#[test]
fn every_library_scene_loads_and_tells_what_to_look_at() {
    assert!(scene::library().len() >= 9);
    for entry in scene::library() {
        let scene = scene::load(entry.name).unwrap_or_else(|error| panic!("{error}"));
        assert!(scene.spec.notice.len() > 80 && scene.spec.reference.contains("doi:10."), "{}", entry.name);
        let (x, y, z) = scene.spec.lattice.sites;
        assert!(x <= 128 && y <= 128 && z <= 160, "{}: the box is too large to start at once", entry.name);
    }
    assert!(scene::library().iter().any(|entry| entry.name == scene::DEFAULT_SCENE));
}

#[test]
fn every_electrolyte_and_metal_of_the_library_resolves() {
    let moss = scene::load(scene::DEFAULT_SCENE).expect("the default scene");
    for set in scene::electrolytes() {
        let scene = moss.with_settings(&[format!("electrolyte={}", set.name)]).expect(set.name);
        assert_eq!(scene.electrolyte.title, set.title);
    }
    for set in scene::metals() {
        let scene = moss.with_settings(&[format!("metal={}", set.name)]).expect(set.name);
        assert_eq!(scene.metal.title, set.title);
    }
}

#[test]
fn an_electrolyte_may_be_a_recipe_with_overrides() {
    let moss = scene::load(scene::DEFAULT_SCENE).expect("the default scene");
    let set = |settings: &[&str]| {
        let settings: Vec<String> = settings.iter().map(|setting| setting.to_string()).collect();
        moss.with_settings(&settings).unwrap_or_else(|error| panic!("{error}"))
    };
    let plain = set(&["electrolyte=1 M NaPF6 in EC/DEC (1:1 v)"]);
    assert_eq!(plain.electrolyte.parameters(), moss.electrolyte.parameters());
    assert_eq!(plain.as_additive_goes, []);

    let fec = set(&[
        "electrolyte=1 M NaPF6 in EC/DEC + 5% FEC",
        "electrolyte.patch_um=4",
        "electrolyte.film_spread=0.1",
        "electrolyte.additive_mol_l=0.2",
    ]);
    assert_eq!((fec.electrolyte.film_spread.value, fec.electrolyte.patch_um.value), (0.1, 4.0));
    let used_up = fec.as_additive_goes.last().expect("FEC is consumed");
    assert_eq!(used_up.title, "1 M NaPF₆ in EC/DEC");
    // The size of a patch has nothing to do with FEC; the spread of 0.1 was said of the film with it.
    assert_eq!(
        (used_up.patch_um.value, used_up.film_spread.value),
        (4.0, moss.electrolyte.film_spread.value)
    );
    assert_eq!(used_up.additive_mol_l.value, 0.0);
    assert_eq!(scene::parse(&fec.to_ron(), "written").expect("reads back"), fec);

    let none_left = set(&["electrolyte=carbonate_fec", "electrolyte.additive_mol_l=0"]);
    assert_eq!(none_left.as_additive_goes, []);
}

/// The share of the film that the additive makes falls in equal steps, and every number of the film moves on
/// with each of them.
#[test]
fn the_film_changes_step_by_step_while_the_additive_goes() {
    let fec = scene::load("fec_runs_out").unwrap();
    let sets: Vec<&scene::Electrolyte> =
        [&fec.electrolyte].into_iter().chain(&fec.as_additive_goes).collect();
    assert_eq!(sets.len(), 9);
    let step = fec.electrolyte.additive_share.value / 8.0;
    for pair in sets.windows(2) {
        assert!((pair[0].additive_share.value - pair[1].additive_share.value - step).abs() < 1e-12);
        let ratio = |pick: fn(&scene::Electrolyte) -> f64| pick(pair[1]) / pick(pair[0]);
        // The film is a geometric mixture: each step is the same factor, an eighth of the way.
        let whole = |pick: fn(&scene::Electrolyte) -> f64| pick(sets[8]) / pick(sets[0]);
        for pick in [
            |set: &scene::Electrolyte| set.film_conductivity_s_cm.value,
            |set: &scene::Electrolyte| set.charge_transfer_resistance_ohm_cm2.value,
            |set: &scene::Electrolyte| set.film_growth_constant_m2_s.value,
        ] {
            assert!((ratio(pick) / whole(pick).powf(0.125) - 1.0).abs() < 2e-3);
        }
    }
    assert_eq!(sets[8].additive_share.value, 0.0);
}

/// In the order of the Coulombic efficiencies of Zhao2018, Table 1: the film grows the more slowly the better
/// the electrolyte.
#[test]
fn named_electrolytes_are_in_the_order_of_the_reviews() {
    let moss = scene::load(scene::DEFAULT_SCENE).expect("the default scene");
    let film = |name: &str| {
        let scene = moss.with_settings(&[format!("electrolyte={name}")]).expect(name);
        (scene.electrolyte.film_growth_constant_m2_s.value, scene.electrolyte.film_spread.value)
    };
    let groups = [
        &["carbonate_ec_dec", "ec_pc_naclo4", "nafsi_diglyme", "natfsi_diglyme"][..],
        &["carbonate_fec", "ec_dmc_fec", "bare_sodium_reference", "fec_dec", "naotf_diglyme"],
        &["diglyme", "monoglyme", "concentrated_nafsi_dme", "localized_hce"],
    ];
    for pair in groups.windows(2) {
        for (worse, better) in
            pair[0].iter().flat_map(|worse| pair[1].iter().map(move |better| (worse, better)))
        {
            assert!(film(better).0 < 0.2 * film(worse).0, "growth: {worse}, {better}");
            assert!(film(better).1 < 0.8 * film(worse).1, "spread: {worse}, {better}");
        }
    }
}

#[test]
fn every_parameter_has_the_unit_of_its_name_and_a_source() {
    let moss = scene::load(scene::DEFAULT_SCENE).expect("the default scene");
    let units = [
        ("_mol_l", "mol/L"),
        ("_cm3_mol", "cm³/mol"),
        ("_kj_mol", "kJ/mol"),
        ("_m2_s", "m²/s"),
        ("_nm_s", "nm/s"),
        ("_ms_cm", "mS/cm"),
        ("_c_cm3", "C/cm³"),
        ("_s_cm", "S/cm"),
        ("_ohm_cm2", "Ω cm²"),
        ("_ohm_cm", "Ω cm"),
        ("_mv", "mV"),
        ("_nm", "nm"),
        ("_um", "µm"),
        ("_c", "°C"),
        ("_s", "s"),
    ];
    let mut sets = Vec::new();
    for set in scene::electrolytes() {
        sets.push(
            moss.with_settings(&[format!("electrolyte={}", set.name)])
                .expect(set.name)
                .electrolyte
                .parameters(),
        );
    }
    for set in scene::metals() {
        sets.push(moss.with_settings(&[format!("metal={}", set.name)]).expect(set.name).metal.parameters());
    }
    for (name, parameter) in sets.into_iter().flatten() {
        let unit = units.iter().find(|(ending, _)| name.ends_with(ending)).map_or("1", |(_, unit)| unit);
        assert_eq!(parameter.unit, unit, "{name}");
        assert!(parameter.source.len() > 5, "{name} has no source");
    }
}

#[test]
fn a_twin_differs_in_the_metal_only() {
    let moss = scene::load("carbonate_moss").expect("loads").spec;
    let twin = scene::load("lithium_twin").expect("loads").spec;
    let same = SceneSpec {
        title: moss.title.clone(),
        notice: moss.notice.clone(),
        reference: moss.reference.clone(),
        metal: moss.metal.clone(),
        ..twin.clone()
    };
    assert_eq!(same, moss);
    // The seed is the same as well, so that both grow on the same mosaic of patches.
    assert_ne!(twin.metal, moss.metal);
}

#[test]
fn a_scene_written_out_reads_the_same() {
    for entry in scene::library() {
        let scene = scene::load(entry.name).expect("loads");
        let again = scene::parse(&scene.to_ron(), "written").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again, scene);
    }
    for (_, host) in HostSpec::presets() {
        let mut spec = scene::load(scene::DEFAULT_SCENE).expect("loads").spec;
        spec.host = host;
        let scene = Scene::resolve(spec).expect("presets are valid in the default scene");
        assert_eq!(scene::parse(&scene.to_ron(), "written").expect("reads back"), scene);
    }
}

#[test]
fn a_scene_may_bring_its_own_parameter_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // A complete set, as a file would give it.
    let diglyme = scene::load("diglyme_film").expect("loads").electrolyte;
    let layout = ron::ser::PrettyConfig::new().struct_names(false);
    let text = ron::ser::to_string_pretty(&diglyme, layout).expect("texts and numbers");
    std::fs::write(folder.path().join("mine.ron"), text.replace("diglyme\"", "my glyme\""))
        .expect("writable");
    let scene_file = folder.path().join("scene.ron");
    std::fs::write(&scene_file, "(version: 1, title: \"Mine\", electrolyte: \"mine.ron\")")
        .expect("writable");
    let scene = scene::load(&scene_file.to_string_lossy()).unwrap_or_else(|error| panic!("{error}"));
    assert!(scene.electrolyte.title.ends_with("my glyme"));
    assert_eq!(scene.electrolyte.parameters(), diglyme.parameters());
    // The name it keeps means the same file from any folder.
    assert_eq!(Scene::resolve(scene.spec.clone()).expect("resolves"), scene);

    for (wrong, fragment) in [("NaN", "not a finite number"), ("-3.0", "less than the smallest")] {
        std::fs::write(
            folder.path().join("mine.ron"),
            text.replacen("value: 1.0", &format!("value: {wrong}"), 1),
        )
        .expect("writable");
        let message = scene::load(&scene_file.to_string_lossy()).expect_err("a bad parameter").to_string();
        assert!(message.contains("mine.ron:5:9: ") && message.contains(fragment), "{message}");
    }
}

/// The file of a host starts from the folder of the scene, and its content is part of the scene.
#[test]
fn a_host_may_bring_its_own_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let table = folder.path().join("relief.csv");
    std::fs::write(&table, "0,1\n2,3\n").expect("writable");
    let scene_file = folder.path().join("scene.ron");
    let text = "(version: 1, title: \"Mine\", electrolyte: \"diglyme\",
        host: HeightMap(file: \"relief.csv\", height_um: 2.0))";
    std::fs::write(&scene_file, text).expect("writable");
    let scene = scene::load(&scene_file.to_string_lossy()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(Scene::resolve(scene.spec.clone()).expect("resolves"), scene);
    assert_eq!(scene::parse(&scene.to_ron(), "written").expect("reads back"), scene);
    let wider = scene.with_settings(&["host.HeightMap.width_um=16".into()]).expect("valid");
    assert_eq!(wider.host_data, scene.host_data);
    // A height in the scene may be too much for the numbers of its file.
    let tall =
        scene.with_settings(&["host.HeightMap.height_um=40".into()]).expect_err("too high").to_string();
    assert!(tall.starts_with("--set host.HeightMap.height_um=40: the surface of `"), "{tall}");
    let other = table.to_string_lossy().replace("relief", "missing");
    let message =
        scene.with_settings(&[format!("host.HeightMap.file={other}")]).expect_err("missing").to_string();
    assert!(message.contains("missing.csv` cannot be read"), "{message}");

    std::fs::write(&table, "0,1\n2,4\n").expect("writable");
    assert_ne!(scene::load(&scene_file.to_string_lossy()).expect("loads"), scene);
    std::fs::remove_file(&table).expect("there");
    let message = scene::load(&scene_file.to_string_lossy()).expect_err("missing").to_string();
    assert!(
        message.contains("scene.ron:2:25: `") && message.contains("relief.csv` cannot be read"),
        "{message}"
    );
}

#[test]
fn what_is_not_a_scene_is_refused_kindly() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let binary = folder.path().join("binary.ron");
    std::fs::write(&binary, [0xff, 0xfe, 0x00]).expect("writable");
    let long = folder.path().join("long.ron");
    std::fs::write(&long, vec![b' '; (1 << 20) + 1]).expect("writable");
    for (path, fragments) in [
        (folder.path().to_string_lossy().into_owned(), ["it is a folder", "name a file"]),
        (binary.to_string_lossy().into_owned(), ["not a UTF-8 text", "save it as UTF-8"]),
        (long.to_string_lossy().into_owned(), ["longer than 1 MiB", "few kilobytes"]),
        ("carbonate_mos".into(), ["no scene `carbonate_mos`", "did you mean `carbonate_moss`?"]),
        ("nowhere/sand_tim.ron".into(), ["no such file", "did you mean `sand_time`?"]),
        (String::new(), ["no scene ``", "choose one of"]),
    ] {
        let message = scene::load(&path).expect_err(&path).to_string();
        for fragment in fragments {
            assert!(message.contains(fragment), "`{fragment}` is not in: {message}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// Whatever happens to the text of a scene, it loads or gives one line that begins with its name.
    #[test]
    fn damaged_scenes_never_panic(
        scene in 0..scene::library().len(), at in 0.0..1.0f64, length in 0usize..12, put in "[-(){}\\[\\]\",:/*é0-9a-zN.\\\\ \n]{0,6}"
    ) {
        let name = scene::library()[scene].name;
        let path = Path::new(ROOT).join("scenes/teaching").join(name).with_extension("ron");
        let mut text: Vec<char> = std::fs::read_to_string(path).expect("readable").chars().collect();
        let start = (at * text.len() as f64) as usize;
        let end = (start + length).min(text.len());
        text.splice(start..end, put.chars());
        let text: String = text.into_iter().collect();
        if let Err(error) = scene::parse(&text, "damaged.ron") {
            let message = error.to_string();
            prop_assert!(message.starts_with("damaged.ron") && !message.contains('\n'), "{message}");
        }
    }
}
