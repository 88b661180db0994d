//! Scenes and parameter sets: what a run is, written down.
//!
//! Does: read scenes (RON) from files or from the library inside the program, and check them. Look up their
//! parameter sets or derive them from a recipe, replace single fields from the command line.
//! Does not: build anything; a [`Scene`] is data.
//! Accuracy: a scene either loads whole or gives one message with place, fault and cure.

mod adjust;
mod check;
mod coatings;
mod embedded;
mod error;
mod library;
mod load;
mod nominal;
mod parameters;
mod recipe;
mod resolve;
mod sentences;
mod set;
mod sets;
mod spec;
mod text;
mod written;

use crate::host::HostData;
pub use crate::host::HostSpec;
pub use coatings::{CoatingEntry, MOST_LAYERS, add_library, coatings, stack};
pub use error::SceneError;
pub use library::{
    DEFAULT_SCENE, LibraryEntry, ParameterSetEntry, electrolytes, embedded_files, library, metals,
};
pub(crate) use load::read_ron;
pub use load::{load, parse};
pub use nominal::{NominalRun, STEPS_PER_LAYER, STEPS_PER_RAMP};
pub use parameters::{Coating, Electrolyte, Metal, Model, Parameter};
pub use recipe::Recipe;
use resolve::resolve;
pub use spec::*;
pub use written::WrittenProtocol;

/// A scene with its names resolved and every number checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// As written.
    pub spec: SceneSpec,
    /// The electrolyte, overrides applied.
    pub electrolyte: Electrolyte,
    /// The electrolyte while its additive goes, in equal steps of the share of the film that the additive
    /// makes, the last one without it. Empty if it has none, and for a parameter file, which does not say.
    /// Numbers that the additive does not change are overridden as in [`Self::electrolyte`]; those that it
    /// does change go from there to what follows from the recipe.
    pub as_additive_goes: Vec<Electrolyte>,
    /// Layers on the electrode, from the metal outwards, overrides applied.
    pub coating: Vec<Coating>,
    /// The metal, overrides applied.
    pub metal: Metal,
    /// Assumptions that belong to no material.
    pub model: Model,
    /// What the file of the host holds. The scene as written names the file only.
    pub host_data: HostData,
}

impl Scene {
    /// The scene as RON, complete with defaults; reading it again gives the same scene.
    pub fn to_ron(&self) -> String {
        text::notation()
            .to_string_pretty(&self.spec, ron::ser::PrettyConfig::new().struct_names(false))
            .expect("a scene holds texts, numbers and choices only, all of which RON can write")
    }
}
