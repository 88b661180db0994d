//! The scenes and parameter sets that come with the program, inside it: they work from any folder.
//!
//! A new file in `scenes/` or `assets/` is added to the table here; the test `scene_errors` fails until it is.

use super::parameters::{Electrolyte, Metal};
use super::{SceneSpec, load};
use std::sync::OnceLock;

/// The scene that is opened when none is named.
pub const DEFAULT_SCENE: &str = "carbonate_moss";

/// A path below the project's root and the file's text.
type Embedded = (&'static str, &'static str);

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path)))),*]
    };
}

const SCENES: &[Embedded] = embedded![
    "scenes/teaching/carbonate_moss.ron",
    "scenes/teaching/diglyme_film.ron",
    "scenes/teaching/sand_time.ron",
    "scenes/teaching/lithium_twin.ron",
    "scenes/teaching/gold_seeds.ron",
    "scenes/teaching/porous_foam.ron",
    "scenes/teaching/nanowires.ron",
    "scenes/teaching/half_cell.ron",
    "scenes/teaching/pure_dla.ron",
];

const ELECTROLYTES: &[Embedded] = embedded![
    "assets/electrolytes/carbonate_ec_dec.ron",
    "assets/electrolytes/carbonate_fec.ron",
    "assets/electrolytes/dilute_carbonate.ron",
    "assets/electrolytes/diglyme.ron",
    "assets/electrolytes/concentrated_nafsi_dme.ron",
];

const METALS: &[Embedded] = embedded!["assets/metals/sodium.ron", "assets/metals/lithium.ron"];

/// Assumptions of the model that belong to no material.
pub(super) const MODEL: Embedded =
    ("assets/model.ron", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/model.ron")));

/// One scene of the library, for lists.
#[derive(Clone, Debug, PartialEq)]
pub struct LibraryEntry {
    /// Name to load it by, for example `carbonate_moss`.
    pub name: &'static str,
    /// The scene's title.
    pub title: String,
    /// What a student should look at.
    pub notice: String,
    /// Where the phenomenon is described.
    pub reference: String,
}

/// One parameter set of the library, for lists.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSetEntry {
    /// Name to write into a scene, for example `diglyme`.
    pub name: &'static str,
    /// The set's title.
    pub title: String,
    /// One sentence on its behaviour; empty for metals.
    pub note: String,
}

/// All scenes, in the order in which they are best shown.
pub fn library() -> &'static [LibraryEntry] {
    static ENTRIES: OnceLock<Vec<LibraryEntry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        SCENES
            .iter()
            .map(|(path, text)| {
                let spec: SceneSpec = embedded_value(path, text);
                LibraryEntry {
                    name: stem(path),
                    title: spec.title,
                    notice: spec.notice,
                    reference: spec.reference,
                }
            })
            .collect()
    })
}

/// All electrolytes.
pub fn electrolytes() -> &'static [ParameterSetEntry] {
    static ENTRIES: OnceLock<Vec<ParameterSetEntry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        ELECTROLYTES
            .iter()
            .map(|(path, text)| {
                let set: Electrolyte = embedded_value(path, text);
                ParameterSetEntry { name: stem(path), title: set.title, note: set.note }
            })
            .collect()
    })
}

/// All metals.
pub fn metals() -> &'static [ParameterSetEntry] {
    static ENTRIES: OnceLock<Vec<ParameterSetEntry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        METALS
            .iter()
            .map(|(path, text)| {
                let set: Metal = embedded_value(path, text);
                ParameterSetEntry { name: stem(path), title: set.title, note: String::new() }
            })
            .collect()
    })
}

/// Paths of all embedded files, below the project's root.
pub fn embedded_files() -> impl Iterator<Item = &'static str> {
    SCENES.iter().chain(ELECTROLYTES).chain(METALS).chain([&MODEL]).map(|(path, _)| *path)
}

/// Path and text of a library scene, by name or by its path below the project's root.
pub(super) fn scene_text(name_or_path: &str) -> Option<Embedded> {
    find(SCENES, name_or_path)
}

pub(super) fn scene_names() -> impl Iterator<Item = &'static str> {
    SCENES.iter().map(|(path, _)| stem(path))
}

pub(super) fn electrolyte_text(name: &str) -> Option<Embedded> {
    find(ELECTROLYTES, name)
}

pub(super) fn metal_text(name: &str) -> Option<Embedded> {
    find(METALS, name)
}

fn find(table: &[Embedded], name_or_path: &str) -> Option<Embedded> {
    table.iter().copied().find(|(path, _)| stem(path) == name_or_path || *path == name_or_path)
}

/// File name without folder and `.ron`.
fn stem(path: &'static str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".ron").unwrap_or(name)
}

fn embedded_value<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> T {
    load::parse_ron(text, path)
        .expect("embedded files are fixed at compile time and the test `scene_errors` loads each")
}
