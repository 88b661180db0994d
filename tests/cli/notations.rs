//! Recipes, units and files as people write them, through the program: `tests/cases`.

use super::{natrarium, outcome, words};
use crate::counts::count;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn cases(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

/// Rows of a table of cases, cut at tabs, without its head.
fn rows(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(cases(name)).unwrap();
    let rows = text.lines().skip(1).filter(|line| !line.is_empty());
    rows.map(|line| line.split('\t').map(str::to_string).collect()).collect()
}

/// The summary of a short run with options, or its exit code and what it said.
fn summary(options: &[&str]) -> Result<Value, (Option<i32>, String)> {
    let place = tempfile::tempdir().unwrap();
    let mut arguments = vec!["run", "diglyme_film", "--set", "lattice.sites=(16,16,32)"];
    arguments.extend(options);
    if !options.contains(&"--until") {
        arguments.extend(["--until", "2sites"]);
    }
    let output = outcome(place.path(), &arguments);
    if output.status.success() {
        let text = std::fs::read_to_string(place.path().join("out/summary.json")).unwrap();
        return Ok(serde_json::from_str(&text).unwrap());
    }
    assert!(!place.path().join("out/metrics.csv").exists(), "{options:?}");
    Err((output.status.code(), words(&output.stderr)))
}

/// The title of the electrolyte that a recipe makes, out of the head of a table.
fn title_of(recipe: &str) -> Result<String, (Option<i32>, String)> {
    let place = tempfile::tempdir().unwrap();
    let arguments = [
        "run",
        "diglyme_film",
        "--set",
        "lattice.sites=(16,16,32)",
        "--until",
        "2sites",
        "--electrolyte",
        recipe,
    ];
    let output = outcome(place.path(), &arguments);
    if !output.status.success() {
        return Err((output.status.code(), words(&output.stderr)));
    }
    let table = std::fs::read_to_string(place.path().join("out/metrics.csv")).unwrap();
    let line = table.lines().find_map(|line| line.strip_prefix("# electrolyte: "));
    Ok(line.expect("the head names the electrolyte").to_string())
}

#[test]
fn recipes_as_on_bottles() {
    let rows = rows("recipes.tsv");
    count("inputs tried", rows.len());
    for row in &rows {
        let (recipe, expected) = (&row[0], &row[1]);
        let found = title_of(recipe);
        match expected.strip_prefix(['-', '?']) {
            None => assert_eq!(found.as_deref(), Ok(expected.as_str()), "{recipe}"),
            Some(reason) => {
                let (code, message) = found.expect_err(recipe);
                let named = reason.split(" (").next().unwrap();
                assert!(code == Some(2) && message.contains(named), "{recipe}: {named} is not in {message}");
                assert_eq!(message.trim_end().lines().count(), 1, "{message}");
            }
        }
    }
}

#[test]
fn units_as_people_write_them() {
    let rows = rows("units.tsv");
    count("inputs tried", rows.len());
    for row in &rows {
        let (option, value, field, expected) = (&row[0], &row[1], &row[2], &row[3]);
        // A scene that takes all of them.
        let found = summary(&[option, value]);
        if expected == "refuse" {
            let (code, message) = found.expect_err(value);
            assert!(code == Some(2) && message.contains(option.as_str()), "{option} {value}: {message}");
            continue;
        }
        let summary = found.unwrap_or_else(|(_, message)| panic!("{option} {value}: {message}"));
        let pointer = field.replace('.', "/");
        let value_found = summary.pointer(&pointer).and_then(Value::as_f64);
        assert_eq!(value_found, expected.parse().ok(), "{option} {value}: {field}");
        // What people read has the digits that a person would write.
        let shown = value_found.unwrap().to_string();
        assert!(shown.len() <= expected.len().max(4), "{shown}");
    }
}

/// A file that can be read in another encoding, or with signs that cannot be seen, runs as the plain one
/// does. What would have to be guessed is refused with the sign, its place and a cure.
#[test]
fn scene_files_as_editors_leave_them() {
    let plain = "(\n    version: 1,\n    title: \"Probe\",\n    lattice: (sites: (16, 16, 32), edge_um: 0.5),\n    \
                 electrolyte: \"diglyme\",\n    current_density_ma_cm2: 0.5,\n    until: (sites: 50),\n)\n";
    let utf16 = |little: bool| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(plain.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    let replaced = |from: &str, to: &str| plain.replacen(from, to, 1).into_bytes();
    let runs: [(&str, Vec<u8>); 10] = [
        ("plain", plain.into()),
        ("byte order mark", replaced("(", "\u{feff}(")),
        ("UTF-16, little end first", utf16(true)),
        ("UTF-16, big end first", utf16(false)),
        ("line ends of Windows", plain.replace('\n', "\r\n").into_bytes()),
        ("line ends of old", plain.replace('\n', "\r").into_bytes()),
        ("zero-width space", replaced("electrolyte:", "\u{200b}electrolyte:")),
        ("no-break spaces", plain.replace("    ", "\u{a0}\u{202f} \u{3000}").into_bytes()),
        ("typographic quotes", replaced("\"diglyme\"", "\u{201c}diglyme\u{201d}")),
        ("German quotes", replaced("\"diglyme\"", "\u{201e}diglyme\u{201c}")),
    ];
    let refused: [(&str, Vec<u8>, &[&str]); 6] = [
        ("decimal comma", replaced("0.5,\n    until", "0,5,\n    until"), &["scene.ron:6:", "comma", "0.5"]),
        ("minus sign", replaced("cm2: 0.5", "cm2: \u{2212}0.5"), &["scene.ron:6:", "−", "U+2212", "`-`"]),
        ("full-width colon", replaced("title:", "title\u{ff1a}"), &["scene.ron:3:", "：", "U+FF1A", "`:`"]),
        (
            "Latin-1",
            b"(\n  version: 1,\n  title: \"M\xf6hre\",\n  electrolyte: \"diglyme\",\n)".to_vec(),
            &["line 3", "UTF-8"],
        ),
        ("Greek question mark", replaced("\"Probe\",", "\"Probe\"\u{37e}"), &["scene.ron:3:", "U+037E"]),
        ("an archive", vec![0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xfe], &["UTF-8"]),
    ];
    count("inputs tried", runs.len() + refused.len());
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("scene.ron");
    let mut hashes = Vec::new();
    for (what, bytes) in &runs {
        std::fs::write(&file, bytes).unwrap();
        super::success(place.path(), &["run", "scene.ron", "--out", what]);
        let text = std::fs::read_to_string(place.path().join(what).join("summary.json")).unwrap();
        hashes.push(serde_json::from_str::<Value>(&text).unwrap()["state_hash"].clone());
        assert_eq!(hashes.first(), hashes.last(), "{what}");
    }
    for (what, bytes, fragments) in &refused {
        std::fs::write(&file, bytes).unwrap();
        let output = natrarium(place.path(), &["run", "scene.ron", "--out", what]).output().unwrap();
        let message = words(&output.stderr);
        assert!(output.status.code() == Some(2) && !place.path().join(what).exists(), "{what}: {message}");
        for fragment in *fragments {
            assert!(message.contains(fragment), "{what}: `{fragment}` is not in {message}");
        }
    }
}

/// The cases that were handed in as files: each runs, or is refused with one line that names the place.
#[test]
fn scene_files_of_others() {
    let folder = cases("scenes");
    let names = super::names_in(&folder);
    count("inputs tried", names.len());
    let place = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.join(&name);
        let output = outcome(place.path(), &["run", &path.to_string_lossy(), "--out", &name]);
        let message = words(&output.stderr);
        if name == "decimal_comma.ron" {
            assert_eq!(output.status.code(), Some(2));
            assert!(message.contains("decimal_comma.ron:6:") && message.contains("0.5"), "{message}");
        } else {
            assert!(output.status.success(), "{name}: {message}");
        }
        // Nothing that moves a cursor or sets a title reaches the terminal.
        let said = message + &words(&output.stdout);
        assert!(said.chars().all(|sign| sign == '\n' || !sign.is_control()), "{name}: {said:?}");
        assert!(said.trim_end().lines().count() == 1, "{name}: {said}");
    }
}
