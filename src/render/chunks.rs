//! Chunks of the surface on screen.
//!
//! Does: make the meshes of changed chunks anew, on other threads, and put them in the scene. Does not: decide what
//! the surface is ([`super::surface`]) or looks like ([`super::shading`]).

use super::colour::{ColourBy, Palette};
use super::material::SurfaceMaterial;
use super::mirror::{Mirror, Region};
use super::shading::{VertexLook, looks};
use super::surface::{Field, Surface, extract};
use super::{RenderSettings, SceneCaption};
use bevy::asset::RenderAssetUsages;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::platform::collections::HashMap;
use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on};
use rayon::prelude::*;

/// Vertices lie on multiples of this share of a site, so that those on a seam are equal to the last bit on both sides: a hair's
/// difference would let the background through.
const VERTEX_GRID: f32 = 1.0 / 512.0;

/// Make the surface within the frame that needs it.
#[derive(Clone, Copy, Debug, Resource)]
pub(super) struct Synchronous(pub bool);

/// The chunks of the scene and the work under way.
#[derive(Default, Resource)]
pub(super) struct Chunks {
    generation: Option<u64>,
    shown: HashMap<[usize; 3], Entity>,
    under_way: Vec<([usize; 3], Task<Option<Mesh>>)>,
    material: Handle<SurfaceMaterial>,
    palette: Option<(Palette, bool)>,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Chunks>().add_systems(Startup, prepare).add_systems(Update, (begin, finish).chain());
}

fn prepare(mut chunks: ResMut<Chunks>, mut materials: ResMut<Assets<SurfaceMaterial>>) {
    chunks.material = materials.add(SurfaceMaterial::default());
}

/// The palette that settings and data ask for.
pub(super) fn palette(settings: &RenderSettings, mirror: &Mirror) -> Palette {
    Palette {
        colour_by: settings.colour_by,
        mosaic: settings.show_film_mosaic,
        // Other colours carry a meaning of their own, which a glow would falsify.
        cracks: settings.show_cracks && settings.colour_by == ColourBy::Metal,
        age_end_mah_cm2: mirror.age_end_mah_cm2(),
        film_end_nm: mirror.film_end_nm(),
    }
}

/// Starts the work that the last changes ask for.
fn begin(
    mut commands: Commands,
    settings: Res<RenderSettings>,
    caption: Res<SceneCaption>,
    synchronous: Res<Synchronous>,
    mut mirror: ResMut<Mirror>,
    mut chunks: ResMut<Chunks>,
    mut meshes: ResMut<Assets<Mesh>>,
) {
    let mirror = mirror.bypass_change_detection();
    if mirror.generation().is_none() {
        return;
    }
    if chunks.generation != mirror.generation() {
        chunks.generation = mirror.generation();
        // Dropping a task ends it.
        chunks.under_way.clear();
        for (_, entity) in chunks.shown.drain() {
            commands.entity(entity).despawn();
        }
    }
    let palette = palette(&settings, mirror);
    if chunks.palette != Some((palette, caption.collector)) {
        chunks.palette = Some((palette, caption.collector));
        mirror.mark_all();
    }
    // Chunks appear together, so that neighbours always show the same moment: the next ones begin when all are done.
    if !chunks.under_way.is_empty() {
        return;
    }
    let edge_um = mirror.edge_um();
    let dirty = mirror.take_dirty();
    if synchronous.0 {
        let regions: Vec<_> =
            dirty.iter().map(|&chunk| (chunk, mirror.region(chunk, caption.collector))).collect();
        let made: Vec<_> = regions
            .into_par_iter()
            .map(|(chunk, region)| (chunk, region.and_then(|region| mesh(&region, &palette, edge_um))))
            .collect();
        for (chunk, mesh) in made {
            chunks.show(&mut commands, &mut meshes, chunk, mesh);
        }
        return;
    }
    let pool = AsyncComputeTaskPool::get();
    for chunk in dirty {
        let region = mirror.region(chunk, caption.collector);
        let task = pool.spawn(async move { region.and_then(|region| mesh(&region, &palette, edge_um)) });
        chunks.under_way.push((chunk, task));
    }
}

/// Shows the work when all of it is done.
fn finish(mut commands: Commands, mut chunks: ResMut<Chunks>, mut meshes: ResMut<Assets<Mesh>>) {
    if !chunks.under_way.iter().all(|(_, task)| task.is_finished()) {
        return;
    }
    for (chunk, task) in std::mem::take(&mut chunks.under_way) {
        chunks.show(&mut commands, &mut meshes, chunk, block_on(task));
    }
}

impl Chunks {
    /// Replaces what is shown of a chunk.
    fn show(
        &mut self,
        commands: &mut Commands,
        meshes: &mut Assets<Mesh>,
        chunk: [usize; 3],
        mesh: Option<Mesh>,
    ) {
        let Some(mesh) = mesh else {
            if let Some(entity) = self.shown.remove(&chunk) {
                commands.entity(entity).despawn();
            }
            return;
        };
        let mesh = Mesh3d(meshes.add(mesh));
        if let Some(&entity) = self.shown.get(&chunk) {
            commands.entity(entity).insert(mesh);
            return;
        }
        let entity = commands
            .spawn((
                mesh,
                MeshMaterial3d(self.material.clone()),
                // Bounding boxes of replaced meshes lag a frame behind; there are few chunks, so none is culled.
                NoFrustumCulling,
            ))
            .id();
        self.shown.insert(chunk, entity);
    }
}

/// The mesh of one chunk in world coordinates; `None` when it has no surface.
fn mesh(region: &Region, palette: &Palette, edge_um: f32) -> Option<Mesh> {
    let field = Field::new(region);
    if field.is_uniform() {
        return None;
    }
    let mut surface = extract(region, &field);
    if surface.indices.is_empty() {
        return None;
    }
    let looks = looks(region, &field, &surface, palette);
    let first = Vec3::from_array(region.first.map(|first| first as f32));
    for position in &mut surface.positions {
        *position = ((*position + first) / VERTEX_GRID).round() * VERTEX_GRID * edge_um;
    }
    Some(to_mesh(surface, &looks))
}

/// Vertex attributes as [`SurfaceMaterial`] reads them.
fn to_mesh(surface: Surface, looks: &[VertexLook]) -> Mesh {
    let arrays = |vectors: Vec<Vec3>| -> Vec<[f32; 3]> { vectors.iter().map(Vec3::to_array).collect() };
    let colours: Vec<[f32; 4]> =
        looks.iter().map(|look| [look.colour[0], look.colour[1], look.colour[2], 1.0]).collect();
    let gloss: Vec<[f32; 2]> = looks.iter().map(|look| [look.metallic, look.roughness]).collect();
    let light: Vec<[f32; 2]> = looks.iter().map(|look| [look.openness, look.glow]).collect();
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, arrays(surface.positions))
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, arrays(surface.normals))
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, colours)
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, gloss)
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_1, light)
        .with_inserted_indices(Indices::U32(surface.indices))
}
