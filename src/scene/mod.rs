//! Scenes and parameter sets.
mod parameters;
mod spec;
pub use parameters::{Electrolyte, Metal, Parameter};
pub use spec::*;

/// A scene with its names resolved and every number checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// As written.
    pub spec: SceneSpec,
    /// The electrolyte, overrides applied.
    pub electrolyte: Electrolyte,
    /// The metal, overrides applied.
    pub metal: Metal,
}
