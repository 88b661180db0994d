//! Data flow one way: a module imports only what stands to its left in units ← electrochemistry ← lattice ←
//! host ← scene ← simulation ← observables ← {render, ui, export, capture} ← {cli, app} ← main, and only what
//! draws knows the drawing library. What computes a state takes its elementary functions from `libm`.

use std::path::{Path, PathBuf};

/// Modules with their rank; imports go to a lower rank or stay in the module.
const RANKS: [(&str, u32); 19] = [
    ("units", 0),
    ("notation", 0),
    ("quantity", 0),
    ("table", 0),
    ("electrochemistry", 1),
    ("lattice", 2),
    ("host", 3),
    ("scene", 4),
    ("simulation", 5),
    ("observables", 6),
    ("style", 7),
    ("render", 8),
    ("ui", 8),
    ("export", 8),
    ("validation", 8),
    ("capture", 8),
    ("cli", 9),
    ("app", 9),
    ("main", 10),
];

/// Rooms inside a module, in the order in which they may import, and what stands above all of them.
struct Rooms {
    module: &'static str,
    order: &'static [&'static str],
    above: &'static [&'static str],
}

const ROOMS: [Rooms; 3] = [
    Rooms {
        module: "lattice",
        order: &[
            "position",
            "site",
            "random",
            "lines",
            "clearance",
            "walk",
            "bricks",
            "contact",
            "noise",
            "mosaic",
        ],
        above: &[],
    },
    Rooms {
        module: "scene",
        order: &[
            "error",
            "parameters",
            "spec",
            "check",
            "text",
            "sets",
            "embedded",
            "coatings",
            "recipe",
            "library",
            "resolve",
            "sentences",
            "load",
            "written",
            "set",
            "adjust",
            "nominal",
        ],
        above: &[],
    },
    Rooms {
        module: "simulation",
        order: &["sites", "films", "constants", "course", "surface", "film", "cell", "metal"],
        above: &["memory", "build", "hash", "ions", "stores", "view"],
    },
];

/// Imports between modules of one rank that are wanted: films are made of rendered pictures, and
/// the command line opens the window.
const ALLOWED_BESIDE: [(&str, &str); 3] = [("capture", "render"), ("cli", "app"), ("app", "cli")];

/// Modules that may name the engine beyond `bevy_ecs` and `bevy_math`, or egui.
const DRAWING: [&str; 6] = ["render", "ui", "capture", "app", "cli", "main"];

/// Modules that are pure functions and dense arrays: no ECS either.
const WITHOUT_ECS: [&str; 8] =
    ["units", "notation", "quantity", "table", "electrochemistry", "lattice", "host", "scene"];

/// Modules whose numbers must be equal on every system.
const SAME_EVERYWHERE: [&str; 7] =
    ["units", "electrochemistry", "lattice", "host", "scene", "simulation", "observables"];

/// Methods of `f64` that call the C library of the system; its last bits differ between systems.
const OF_THE_SYSTEM: [&str; 25] = [
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "sin", "cos", "sin_cos", "tan",
    "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "hypot", "cbrt", "asinh", "acosh", "atanh",
];

fn rank(module: &str) -> Option<u32> {
    RANKS.iter().find(|(name, _)| *name == module).map(|(_, rank)| *rank)
}

/// `source` without comments, so that links in documentation do not count as imports.
fn code_of(source: &str) -> String {
    source.lines().map(|line| line.find("//").map_or(line, |at| &line[..at])).collect::<Vec<_>>().join("\n")
}

/// The name of the identifier a text begins with.
fn first_identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// First names of the paths after `prefix::`, also those of a group `prefix::{a::b, c}`.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
            continue;
        }
        let rest = code[at + prefix.len()..].trim_start();
        let Some(group) = rest.strip_prefix('{') else {
            names.push(first_identifier(rest).to_string());
            continue;
        };
        let mut depth = 1;
        let mut expects_name = true;
        for (offset, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => expects_name = true,
                c if expects_name && (c.is_alphabetic() || c == '_') => {
                    names.push(first_identifier(&group[offset..]).to_string());
                    expects_name = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

/// What breaks the rule in one file of `module`, whose path below `src` has `depth` parts.
fn faults(module: &str, depth: usize, source: &str) -> Vec<String> {
    let code = code_of(source);
    let mut imported = named_after(&code, "crate::");
    imported.extend(named_after(&code, "natrarium::"));
    // Enough `super`s reach the crate's root as well.
    imported.extend(named_after(&code, &"super::".repeat(depth)));
    let mut found = Vec::new();
    for name in imported {
        let (Some(own), Some(other)) = (rank(module), rank(&name)) else { continue };
        let beside = ALLOWED_BESIDE.contains(&(module, name.as_str()));
        if name != module && other >= own && !beside {
            found.push(format!("`{module}` imports `{name}`"));
        }
    }
    let mut forbid = |words: &[&str], allowed: bool| {
        for word in words {
            let used = code.match_indices(word).any(|(at, _)| {
                !code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
            });
            if used && !allowed {
                found.push(format!("`{module}` uses `{word}`"));
            }
        }
    };
    forbid(&["bevy::", "bevy_egui::", "egui::", "wgpu::", "winit::"], DRAWING.contains(&module));
    forbid(&["bevy_ecs::"], !WITHOUT_ECS.contains(&module));
    if SAME_EVERYWHERE.contains(&module) {
        let outside_tests = code.split("#[cfg(test)]").next().unwrap_or_default();
        for name in OF_THE_SYSTEM {
            if outside_tests.contains(&format!(".{name}(")) || outside_tests.contains(&format!("f64::{name}"))
            {
                found.push(format!("`{module}` calls `{name}` of the system instead of that of `libm`"));
            }
        }
    }
    found
}

/// What breaks the order of the rooms of a module in one file of the room with this name. `depth` is how many
/// `super`s lead from the file to the module.
fn room_faults(rooms: &Rooms, room: &str, depth: usize, source: &str) -> Vec<String> {
    let Some(own) = rooms.order.iter().position(|name| *name == room) else {
        let known = rooms.above.contains(&room);
        return if known { Vec::new() } else { vec![format!("`{room}` has no place among the rooms")] };
    };
    let code = code_of(source);
    let outside_tests = code.split("#[cfg(test)]").next().unwrap_or_default();
    let mut imported = named_after(outside_tests, &format!("crate::{}::", rooms.module));
    imported.extend(named_after(outside_tests, &"super::".repeat(depth)));
    let wrong = |name: &String| match rooms.order.iter().position(|other| other == name) {
        Some(other) => other > own,
        None => rooms.above.contains(&name.as_str()),
    };
    imported.retain(wrong);
    imported.iter().map(|name| format!("room `{room}` imports `{name}`, which stands above it")).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the sources are part of the project") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn imports_go_to_the_left() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in rust_files(&src) {
        let below = path.strip_prefix(&src).expect("found there");
        let parts: Vec<String> =
            below.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let module = parts[0].as_str();
        if module == "lib" {
            continue;
        }
        assert!(
            rank(module).is_some(),
            "src/{module} has no place in the order of modules: add it to the test"
        );
        let depth = parts.iter().filter(|part| *part != "mod").count();
        let mut source = std::fs::read_to_string(&path).expect("readable");
        if parts.last().is_some_and(|file| file.ends_with("tests")) {
            source.insert_str(0, "#[cfg(test)]\n");
        }
        let mut wrong = faults(module, depth, &source);
        if let Some(rooms) = ROOMS.iter().find(|rooms| rooms.module == module)
            && parts.len() > 1
            && parts[1] != "mod"
        {
            wrong.extend(room_faults(rooms, &parts[1], depth - 1, &source));
        }
        found.extend(wrong.into_iter().map(|fault| format!("src/{}: {fault}", below.display())));
    }
    assert!(found.is_empty(), "the data flow one way (src/lib.rs):\n{}", found.join("\n"));
}

/// The check itself can fail, and does not where it should not.
#[test]
fn the_check_sees_what_it_should() {
    for (module, depth, source) in [
        ("lattice", 2, "use crate::simulation::Simulation;"),
        ("ui", 2, "use crate::render::Camera;"),
        ("export", 2, "fn f() { crate::ui::g() }"),
        ("scene", 2, "use crate::{units, observables::Metrics};"),
        ("scene", 2, "use crate::{\n    units::{FARADAY, R},\n    simulation,\n};"),
        ("render", 2, "use super::super::app::App;"),
        ("simulation", 2, "use bevy::prelude::*;"),
        ("observables", 2, "use bevy_egui::egui;"),
        ("lattice", 2, "use bevy_ecs::prelude::*;"),
        ("observables", 2, "use natrarium::cli::run;"),
        ("simulation", 2, "fn f(x: f64) -> f64 { (-x).exp() }"),
        ("lattice", 2, "fn f(x: f64) -> f64 { [x].map(f64::sin)[0] }"),
    ] {
        assert!(!faults(module, depth, source).is_empty(), "missed in {module}: {source}");
    }
    for (module, depth, source) in [
        ("simulation", 2, "use crate::lattice::SiteKind;\nuse bevy_ecs::prelude::*;"),
        ("lattice", 2, "//! See [`crate::simulation`].\nuse crate::units; // not crate::ui"),
        ("capture", 2, "use crate::render::stage;"),
        ("ui", 2, "use bevy_egui::egui;\nuse crate::observables::{Metrics, simulation_time};"),
        ("scene", 2, "use super::simulation_limits; use other_crate::simulation;"),
        ("main", 1, "use natrarium::{app, cli};"),
        (
            "simulation",
            2,
            "fn f(x: f64) -> f64 { libm::exp(x).sqrt() }\n#[cfg(test)]\nfn g() { 1f64.exp(); }",
        ),
        ("ui", 2, "fn f(x: f64) -> f64 { x.exp() }"),
    ] {
        assert_eq!(
            faults(module, depth, source),
            Vec::<String>::new(),
            "wrongly found in {module}: {source}"
        );
    }
}

/// The same for the rooms of a module.
#[test]
fn the_check_of_rooms_sees_what_it_should() {
    let faults = |module: &str, room: &str, depth, source: &str| {
        let rooms = ROOMS.iter().find(|rooms| rooms.module == module).expect("it has rooms");
        room_faults(rooms, room, depth, source)
    };
    for (module, room, depth, source) in [
        ("simulation", "course", 2, "use crate::simulation::metal::electrode::Electrode;"),
        ("simulation", "surface", 2, "use crate::simulation::film::age::FilmAges;"),
        ("simulation", "film", 2, "fn f() { super::super::cell::voltage::polarise() }"),
        ("simulation", "cell", 2, "use crate::simulation::{course::clock::Clock, metal};"),
        ("simulation", "constants", 1, "use crate::simulation::view::Stores;"),
        ("simulation", "kitchen", 1, ""),
        ("lattice", "clearance", 1, "use super::bricks::Lattice;"),
        ("scene", "text", 1, "use super::{Scene, library};"),
        ("scene", "recipe", 2, "use crate::scene::load;"),
    ] {
        assert!(!faults(module, room, depth, source).is_empty(), "missed in {module}::{room}: {source}");
    }
    for (module, room, depth, source) in [
        ("simulation", "metal", 2, "use crate::simulation::{course::clock::Clock, film::age::film_ages};"),
        (
            "simulation",
            "course",
            2,
            "use crate::simulation::constants::Constants;\n#[cfg(test)]\nuse crate::simulation::metal;",
        ),
        ("simulation", "view", 1, "use crate::simulation::metal::electrode::Electrode;"),
        ("lattice", "bricks", 2, "use super::super::walk::Ground;\nuse super::record::Record;"),
        ("scene", "load", 1, "use super::text::parse_ron;"),
    ] {
        assert_eq!(
            faults(module, room, depth, source),
            Vec::<String>::new(),
            "wrongly found in {module}::{room}: {source}"
        );
    }
}

/// A file has one idea, and a folder can be looked over. Panels and subcommands are items of a list.
#[test]
fn files_and_folders_stay_small() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut large = Vec::new();
    let mut in_folder = std::collections::BTreeMap::<PathBuf, usize>::new();
    for path in rust_files(&src) {
        let lines = std::fs::read_to_string(&path).expect("readable").lines().count();
        if lines > 400 {
            large.push(format!("{} has {lines} lines", path.display()));
        }
        if path.file_stem().is_some_and(|stem| stem != "mod") {
            *in_folder.entry(path.parent().expect("below src").to_owned()).or_default() += 1;
        }
    }
    let lists = ["ui/panels", "cli/commands"].map(|list| src.join(list));
    let full = in_folder.into_iter().filter(|(folder, files)| *files > 12 && !lists.contains(folder));
    large.extend(full.map(|(folder, files)| format!("{} has {files} files", folder.display())));
    assert!(large.is_empty(), "split these:\n{}", large.join("\n"));
}

/// Comments stay readable beside another window. Rows of tables are as wide as they must be.
#[test]
fn comments_are_at_most_110_columns_wide() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wide = Vec::new();
    for path in
        ["src", "tests", "benches", "examples"].iter().flat_map(|folder| rust_files(&root.join(folder)))
    {
        let source = std::fs::read_to_string(&path).expect("readable");
        for (number, line) in source.lines().enumerate() {
            let comment = line.trim_start();
            let table = comment.trim_start_matches(['/', '!', ' ']).starts_with('|');
            if comment.starts_with("//") && !table && line.chars().count() > 110 {
                wide.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(wide.is_empty(), "comments wider than 110 columns:\n{}", wide.join("\n"));
}
