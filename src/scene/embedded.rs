//! Texts of the scenes and parameter sets inside the program.
//!
//! A new file in `assets/` is added here, but for coatings, which `build.rs` lists; the test `scene_errors`
//! fails until it is.

/// A path below the project's root and the file's text.
pub(super) type Embedded = (&'static str, &'static str);

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path)))),*]
    };
}

/// All scenes of `scenes/teaching`, by name. `build.rs` lists them.
pub(super) const SCENES: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/scenes.rs"));

/// All coatings, by name. `build.rs` lists them.
pub(super) const COATINGS: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/coatings.rs"));

/// All metals.
pub(super) const METALS: &[Embedded] = embedded!["assets/metals/sodium.ron", "assets/metals/lithium.ron"];

/// Assumptions of the model that belong to no material.
pub(super) const MODEL: Embedded =
    ("assets/model.ron", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/model.ron")));

/// What electrolytes make of their ingredients.
pub(super) const RECIPE_RULES: Embedded = (
    "assets/recipe_rules.ron",
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/recipe_rules.ron")),
);
