//! Chunks of the surface on screen.
//!
//! Does: make the meshes of changed chunks anew, on other threads and within the frame's
//! [`crate::render::budget`], and put them in the scene.
//! Does not: decide what the surface is ([`crate::render::surface`]) or looks like
//! ([`crate::render::shading`]).

use super::coarse;
use crate::observables::PatchView;
use crate::render::colour::Palette;
use crate::render::material::{Dressed, dress};
use crate::render::mesh::budget::{MESHES_PER_FRAME, Meshing, SurfaceWork};
use crate::render::mesh::field::Field;
use crate::render::mesh::mirror::Mirror;
use crate::render::mesh::shading::{VertexLook, looks};
use crate::render::mesh::side::{self, SideThread, breathe};
use crate::render::mesh::surface::{SurfaceMesh, extract};
use crate::render::mesh::table::{Region, Table};
use crate::render::{RenderSettings, SceneCaption};
use crate::style::{ColourBy, Quality};
use bevy::asset::RenderAssetUsages;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::platform::collections::HashMap;
use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, available_parallelism};
use rayon::prelude::*;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Vertices lie on multiples of this share of a site, so that those on a seam are equal to the last bit on
/// both sides. Any difference would let the background through.
const VERTEX_GRID: f32 = 1.0 / 512.0;

/// A chunk's mesh, or nothing where it has no surface, and what it took to make.
type Made = (Option<Mesh>, Duration);

/// Finished chunks. Who makes one holds it weakly, so that nothing more is made once the renewal is dropped.
type Basket = Mutex<Vec<([usize; 3], Made)>>;

/// The chunks of the scene and the work under way.
#[derive(Default, Resource)]
pub(in crate::render) struct Chunks {
    generation: Option<u64>,
    shown: HashMap<[usize; 3], (Entity, usize)>,
    /// What the last changes were marked for.
    look: Option<Look>,
    renewal: Renewal,
    /// Time that one chunk takes, learned.
    chunk: Duration,
    /// A user waits for the next renewal.
    awaited: bool,
    /// Makes what no frame waits for, where the adapter draws on the same cores.
    side: Option<SideThread>,
}

/// What the surface depends on besides the sites.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    palette: Palette,
    collector: bool,
    /// Eight sites are drawn as one.
    coarse: bool,
}

/// The surface of one moment in the making. Chunks appear together, so that neighbours always show the same
/// moment.
#[derive(Default)]
struct Renewal {
    awaited: bool,
    table: Table,
    look: Option<Look>,
    /// The patches in coarse sites, where the surface is coarse.
    patches: Arc<Vec<PatchView>>,
    waiting: VecDeque<[usize; 3]>,
    /// Chunks that another thread is to make, and where it lays them.
    under_way: usize,
    basket: Arc<Basket>,
    /// Meshes that the adapter has or gets in this frame, with their triangles.
    made: Vec<([usize; 3], Option<(Handle<Mesh>, usize)>)>,
}

impl Renewal {
    fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.under_way == 0
    }
}

pub(in crate::render) fn plugin(app: &mut App) {
    app.init_resource::<Chunks>().add_systems(Update, (begin, finish).chain().before(dress));
}

/// The palette that settings and data ask for.
pub(in crate::render) fn palette(settings: &RenderSettings, mirror: &Mirror) -> Palette {
    Palette {
        colour_by: settings.colour_by,
        mosaic: settings.show_film_mosaic,
        // Other colours carry a meaning of their own, which a glow would falsify.
        cracks: settings.show_cracks && settings.colour_by == ColourBy::Metal,
        age_end_mah_cm2: mirror.age_end_mah_cm2(),
        film_end_nm: mirror.film_end_nm(),
    }
}

/// Has the work done that the last changes ask for.
fn begin(
    mut commands: Commands,
    settings: Res<RenderSettings>,
    caption: Res<SceneCaption>,
    meshing: Res<Meshing>,
    mut mirror: ResMut<Mirror>,
    mut chunks: ResMut<Chunks>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut work: ResMut<SurfaceWork>,
) {
    let clock = work.clock();
    let mirror = mirror.bypass_change_detection();
    if mirror.generation().is_none() {
        return;
    }
    if chunks.generation != mirror.generation() {
        chunks.generation = mirror.generation();
        // What is in the making ends with its basket.
        chunks.renewal = Renewal::default();
        chunks.awaited = true;
        chunks.clear(&mut commands);
        clock.work.triangles = 0;
    }
    let palette = palette(&settings, mirror);
    let collector = caption.collector;
    let coarse = settings.quality == Quality::Draft && coarse::suits(mirror.table().sites());
    let look = Look { palette, collector, coarse };
    if chunks.look != Some(look) {
        let chosen = |look: Look| (look.palette.choices(), look.collector, look.coarse);
        if chunks.look.map(chosen) != Some(chosen(look)) {
            // Scales that stretch with the deposit can wait; this is a user's choice, and what was in the
            // making is not it.
            chunks.awaited = true;
            chunks.renewal = Renewal::default();
        }
        if chunks.look.is_some_and(|old| old.coarse != coarse) {
            // The chunks of the other kind lie elsewhere.
            chunks.clear(&mut commands);
        }
        chunks.look = Some(look);
        mirror.mark_all();
    }
    let edge_um = mirror.edge_um();
    if chunks.renewal.is_done() && !mirror.between_moments() {
        let mut waiting = mirror.take_dirty();
        if !waiting.is_empty() {
            let (awaited, table) = (std::mem::take(&mut chunks.awaited), mirror.table().clone());
            let mut patches = Arc::default();
            if coarse {
                waiting = coarse::chunks_of(&waiting, table.sites());
                patches = Arc::new(coarse::patches(table.patches()));
            }
            let look = Some(look);
            let waiting = waiting.into();
            chunks.renewal = Renewal { awaited, table, waiting, look, patches, ..Renewal::default() };
        }
    }
    let renewal = &mut chunks.renewal;
    let Some(look) = renewal.look else { return };
    if *meshing == Meshing::WithinTheFrame {
        let (table, patches) = (&renewal.table, &renewal.patches);
        let waiting: Vec<_> = renewal.waiting.drain(..).collect();
        let made = waiting.into_par_iter().map(|chunk| (chunk, make(table, patches, chunk, look, edge_um)));
        let made: Vec<_> = made.collect();
        renewal.made.extend(made.into_iter().map(|(chunk, mesh)| (chunk, hand_over(&mut meshes, mesh))));
        return;
    }
    let considerate = *meshing == Meshing::Considerate;
    if let Some(side) = &mut chunks.side {
        side.hurry(!considerate);
    }
    let Chunks { renewal, side, .. } = &mut *chunks;
    let pool = AsyncComputeTaskPool::get();
    while let Some(chunk) = renewal.waiting.pop_front() {
        let (table, patches) = (renewal.table.clone(), renewal.patches.clone());
        let basket = Arc::downgrade(&renewal.basket);
        let job = move || {
            if basket.strong_count() == 0 {
                return;
            }
            let (started, rested) = (Instant::now(), side::rested());
            let made = make(&table, &patches, chunk, look, edge_um);
            let took = started.elapsed().saturating_sub(side::rested() - rested);
            if let Some(basket) = basket.upgrade() {
                lock(&basket).push((chunk, (made, took)));
            }
        };
        renewal.under_way += 1;
        if considerate && !renewal.awaited {
            side.get_or_insert_with(|| SideThread::start(available_parallelism())).give(job);
        } else {
            pool.spawn(async move { job() }).detach();
        }
    }
}

/// A poisoned lock still holds whole chunks.
fn lock(basket: &Basket) -> MutexGuard<'_, Vec<([usize; 3], Made)>> {
    basket.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands finished meshes to the adapter, some per frame, and shows them when all are there.
fn finish(
    mut commands: Commands,
    mut chunks: ResMut<Chunks>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut work: ResMut<SurfaceWork>,
) {
    let clock = work.clock();
    clock.work.renewing = !chunks.renewal.is_done();
    clock.work.chunk = chunks.chunk;
    let Chunks { renewal, chunk: chunk_time, .. } = &mut *chunks;
    let finished: Vec<_> = {
        let mut basket = lock(&renewal.basket);
        let most = basket.len().min(MESHES_PER_FRAME);
        basket.drain(..most).collect()
    };
    for (chunk, (mesh, took)) in finished {
        renewal.under_way -= 1;
        if mesh.is_some() {
            // A mean over the last few.
            *chunk_time = if chunk_time.is_zero() { took } else { (*chunk_time * 7 + took) / 8 };
        }
        renewal.made.push((chunk, hand_over(&mut meshes, mesh)));
    }
    if !renewal.is_done() || renewal.made.is_empty() {
        return;
    }
    let mut old = std::mem::take(renewal);
    for (chunk, mesh) in std::mem::take(&mut old.made) {
        chunks.show(&mut commands, chunk, mesh);
    }
    // With it goes its hold on the bricks, and freeing thousands of them takes its time.
    if let Some(side) = &chunks.side {
        side.give(move || drop(old));
    }
    clock.work.triangles = chunks.shown.values().map(|(_, triangles)| triangles).sum();
    clock.work.renewals += 1;
}

/// Gives a mesh to the adapter; returns it with its number of triangles.
fn hand_over(meshes: &mut Assets<Mesh>, mesh: Option<Mesh>) -> Option<(Handle<Mesh>, usize)> {
    let mesh = mesh?;
    let triangles = mesh.indices().map_or(0, |indices| indices.len() / 3);
    Some((meshes.add(mesh), triangles))
}

/// Makes the mesh of a chunk.
fn make(
    table: &Table,
    patches: &Arc<Vec<PatchView>>,
    chunk: [usize; 3],
    look: Look,
    edge_um: f32,
) -> Option<Mesh> {
    let Look { palette, collector, coarse } = look;
    if coarse {
        let region = coarse::region(table, chunk, collector, patches)?;
        return mesh(&region, &palette, 2.0 * edge_um);
    }
    mesh(&table.region(chunk, collector)?, &palette, edge_um)
}

impl Chunks {
    /// Shows nothing.
    fn clear(&mut self, commands: &mut Commands) {
        for (_, (entity, _)) in self.shown.drain() {
            commands.entity(entity).despawn();
        }
    }

    /// Replaces what is shown of a chunk.
    fn show(&mut self, commands: &mut Commands, chunk: [usize; 3], mesh: Option<(Handle<Mesh>, usize)>) {
        let Some((mesh, triangles)) = mesh else {
            if let Some((entity, _)) = self.shown.remove(&chunk) {
                commands.entity(entity).despawn();
            }
            return;
        };
        if let Some((entity, shown)) = self.shown.get_mut(&chunk) {
            commands.entity(*entity).insert(Mesh3d(mesh));
            *shown = triangles;
            return;
        }
        // Bounding boxes of replaced meshes lag a frame behind; there are few chunks, so none is culled.
        let entity = commands.spawn((Mesh3d(mesh), Dressed, NoFrustumCulling)).id();
        self.shown.insert(chunk, (entity, triangles));
    }
}

/// The mesh of one chunk in world coordinates; `None` when it has no surface.
fn mesh(region: &Region, palette: &Palette, edge_um: f32) -> Option<Mesh> {
    let field = Field::new(region);
    breathe();
    // What is full has a surface where it is cut by the side of the box.
    if field.is_uniform() && !(region.touches_side() && field.is_occupied([0; 3])) {
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

/// Vertex attributes as [`crate::render::material`] reads them.
fn to_mesh(surface: SurfaceMesh, looks: &[VertexLook]) -> Mesh {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::SiteKind;
    use crate::observables::SiteView;
    use crate::render::mesh::table::CHUNK_EDGE;
    use crate::style::ColourBy;

    /// Thick metal is cut by the sides of the box: what is full there shows its face, what is inside nothing.
    #[test]
    fn a_full_chunk_is_closed_at_the_side_of_the_box_only() {
        let metal = SiteView { kind: SiteKind::Metal, patch: u16::MAX, ..SiteView::default() };
        let full: Arc<[SiteView]> = Arc::from(vec![metal; 512]);
        let palette = Palette {
            colour_by: ColourBy::Metal,
            mosaic: false,
            cracks: false,
            age_end_mah_cm2: 1.0,
            film_end_nm: 1.0,
        };
        let is_drawn = |chunk: [usize; 3]| {
            let region =
                Region::cut([3 * CHUNK_EDGE; 3], chunk, true, Arc::default(), |_| Some(full.clone()));
            mesh(&region.expect("there is metal"), &palette, 0.5).is_some()
        };
        assert!(is_drawn([0, 1, 1]) && is_drawn([1, 2, 1]) && !is_drawn([1, 1, 1]));
    }
}
