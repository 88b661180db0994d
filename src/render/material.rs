//! The material of metal, host and seeds.
//!
//! Does: let every vertex bring its own gloss, shade and glow to Bevy's standard material. Does not: choose them
//! ([`super::shading`] does).

use bevy::asset::embedded_asset;
use bevy::pbr::{ExtendedMaterial, MaterialExtension};
use bevy::prelude::*;
use bevy::render::render_resource::AsBindGroup;
use bevy::shader::ShaderRef;

/// Bevy's standard material, with gloss and light from the vertices.
pub(super) type SurfaceMaterial = ExtendedMaterial<StandardMaterial, PerVertex>;

/// Reads metallic and roughness from the first texture coordinates, openness and glow from the second.
#[derive(Asset, AsBindGroup, Clone, Debug, Default, TypePath)]
pub(super) struct PerVertex {}

impl MaterialExtension for PerVertex {
    fn fragment_shader() -> ShaderRef {
        "embedded://natrarium/render/surface.wgsl".into()
    }
}

pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "surface.wgsl");
    app.add_plugins(MaterialPlugin::<SurfaceMaterial>::default());
}
