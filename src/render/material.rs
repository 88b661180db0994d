//! The materials of metal, host and seeds.
//!
//! Does: let every vertex bring its own gloss, shade and glow to Bevy's standard material. Show the same at a
//! fraction of the cost in drafts.
//! Does not: choose them ([`super::shading`] does), or place lamps ([`super::studio`] does).
//! Accuracy: a draft is lit at its vertices, so reflections are blunted on faces larger than a pixel of its
//! sheet. Nothing casts a shadow.

use super::RenderSettings;
use super::studio::Studio;
use crate::style::Quality;
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

/// Reads the same, and is lit at the vertices.
#[derive(Asset, AsBindGroup, Clone, Debug, Default, TypePath)]
pub(super) struct DraftMaterial {
    #[uniform(0)]
    studio: Studio,
}

impl Material for DraftMaterial {
    fn vertex_shader() -> ShaderRef {
        "embedded://natrarium/render/draft.wgsl".into()
    }

    fn fragment_shader() -> ShaderRef {
        "embedded://natrarium/render/draft.wgsl".into()
    }

    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }
}

/// Marks what wears the material that the quality asks for.
#[derive(Component)]
pub(super) struct Dressed;

/// The materials to choose from.
#[derive(Resource)]
pub(super) struct Wardrobe {
    usual: Handle<SurfaceMaterial>,
    draft: Handle<DraftMaterial>,
}

fn prepare(
    mut commands: Commands,
    mut usual: ResMut<Assets<SurfaceMaterial>>,
    mut draft: ResMut<Assets<DraftMaterial>>,
) {
    commands.insert_resource(Wardrobe {
        usual: usual.add(SurfaceMaterial::default()),
        draft: draft.add(DraftMaterial::default()),
    });
}

/// Gives newcomers their material, and all of them another one when the quality has changed.
pub(super) fn dress(
    mut commands: Commands,
    settings: Res<RenderSettings>,
    wardrobe: Res<Wardrobe>,
    all: Query<Entity, With<Dressed>>,
    newcomers: Query<Entity, Added<Dressed>>,
    mut worn: Local<bool>,
) {
    let draft = settings.quality == Quality::Draft;
    let change = std::mem::replace(&mut *worn, draft) != draft;
    let to_dress: Vec<Entity> = if change { all.iter().collect() } else { newcomers.iter().collect() };
    for entity in to_dress {
        let mut entity = commands.entity(entity);
        if draft {
            entity.remove::<MeshMaterial3d<SurfaceMaterial>>();
            entity.insert(MeshMaterial3d(wardrobe.draft.clone()));
        } else {
            entity.remove::<MeshMaterial3d<DraftMaterial>>();
            entity.insert(MeshMaterial3d(wardrobe.usual.clone()));
        }
    }
}

pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "surface.wgsl");
    embedded_asset!(app, "draft.wgsl");
    app.add_plugins((
        MaterialPlugin::<SurfaceMaterial>::default(),
        MaterialPlugin::<DraftMaterial>::default(),
    ))
    .add_systems(Startup, prepare)
    .add_systems(Update, dress);
}
