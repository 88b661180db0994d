//! Na⁺ ions.
//!
//! Does: draw up to a hundred thousand ions as small glowing balls in one instanced draw.
//! Does not: move them; their density is that of the snapshot, hence of the salt profile.

use super::colour::{ION_SRGB, srgb};
use super::{Mirror, RenderSettings, SurfaceWork, ViewCamera};
use bevy::asset::{embedded_asset, load_embedded_asset};
use bevy::camera::visibility::NoFrustumCulling;
use bevy::core_pipeline::core_3d::{Transparent3d, TransparentSortingInfo3d};
use bevy::ecs::query::QueryItem;
use bevy::ecs::system::{SystemParamItem, lifetimeless::*};
use bevy::mesh::{Indices, MeshVertexBufferLayoutRef, PrimitiveTopology, VertexBufferLayout};
use bevy::pbr::{
    MeshPipeline, MeshPipelineKey, MeshPipelineSystems, RenderMeshInstances, SetMeshBindGroup,
    SetMeshViewBindGroup, SetMeshViewBindingArrayBindGroup, ViewKeyCache,
};
use bevy::prelude::*;
use bevy::render::extract_component::{ExtractComponent, ExtractComponentPlugin};
use bevy::render::mesh::{RenderMesh, RenderMeshBufferInfo, allocator::MeshAllocator};
use bevy::render::render_asset::RenderAssets;
use bevy::render::render_phase::{
    AddRenderCommand, DrawFunctions, PhaseItem, PhaseItemExtraIndex, RenderCommand, RenderCommandResult,
    SetItemPipeline, TrackedRenderPass, ViewSortedRenderPhases,
};
use bevy::render::render_resource::*;
use bevy::render::renderer::RenderDevice;
use bevy::render::sync_component::SyncComponent;
use bevy::render::sync_world::MainEntity;
use bevy::render::view::ExtractedView;
use bevy::render::{Render, RenderApp, RenderStartup, RenderSystems};
use bytemuck::{Pod, Zeroable};
use std::sync::Arc;

/// Radius of a ball over the width of the box.
const RADIUS_SHARE: f32 = 0.0031;
/// Smallest radius over the distance to the camera, so that ions stay visible from afar.
const LEAST_RADIUS_PER_DISTANCE: f32 = 0.0010;

/// Opacity of a ball: a crowd of them must not hide the deposit.
const OPACITY: f32 = 0.7;

/// One ion as the adapter sees it.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
struct Instance {
    /// Centre in the world, and radius, µm.
    centre_radius: [f32; 4],
    /// Linear colour; the last number fades far ions.
    colour: [f32; 4],
}

/// All ions. Shared, so that handing them to the renderer copies nothing.
#[derive(Clone, Component)]
struct Ions(Arc<Vec<Instance>>);

impl SyncComponent for Ions {
    type Target = Self;
}

impl ExtractComponent for Ions {
    type QueryData = &'static Ions;
    type QueryFilter = ();
    type Out = Self;

    fn extract_component(item: QueryItem<'_, '_, Self::QueryData>) -> Option<Self> {
        Some(item.clone())
    }
}

pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "ions.wgsl");
    app.add_plugins(ExtractComponentPlugin::<Ions>::default())
        .add_systems(Startup, spawn)
        .add_systems(Update, update);
    let Some(render_app) = app.get_sub_app_mut(RenderApp) else { return };
    render_app
        .add_render_command::<Transparent3d, DrawIons>()
        .init_resource::<SpecializedMeshPipelines<IonPipeline>>()
        .add_systems(RenderStartup, prepare_pipeline.after(MeshPipelineSystems))
        .add_systems(
            Render,
            (queue.in_set(RenderSystems::QueueMeshes), upload.in_set(RenderSystems::PrepareResources)),
        );
}

/// A square that the shader turns towards the camera.
fn spawn(mut commands: Commands, mut meshes: ResMut<Assets<Mesh>>) {
    let corners = vec![[-1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [-1.0, 1.0, 0.0]];
    let square = Mesh::new(PrimitiveTopology::TriangleList, default())
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, corners)
        .with_inserted_indices(Indices::U32(vec![0, 1, 2, 0, 2, 3]));
    commands.spawn((Mesh3d(meshes.add(square)), Ions(Arc::default()), NoFrustumCulling));
}

fn update(
    mirror: Res<Mirror>,
    settings: Res<RenderSettings>,
    camera: Query<&Transform, With<ViewCamera>>,
    mut ions: Query<&mut Ions>,
    mut shown: Local<Option<(u64, bool, Vec3)>>,
    mut work: ResMut<SurfaceWork>,
) {
    let _clock = work.clock();
    let (Ok(mut ions), Ok(camera)) = (ions.single_mut(), camera.single()) else { return };
    let wanted = (mirror.version(), settings.show_ions, camera.translation);
    if *shown == Some(wanted) {
        return;
    }
    *shown = Some(wanted);
    if !settings.show_ions {
        ions.0 = Arc::default();
        return;
    }
    let edge = mirror.edge_um();
    let radius = RADIUS_SHARE * mirror.box_um()[0];
    let [red, green, blue] = srgb(ION_SRGB);
    // Their soft rims are blended, so the far ones come first. Distances are positive, so their bits sort
    // like them.
    let mut order: Vec<u64> = Vec::with_capacity(mirror.ions().len());
    order.extend(mirror.ions().iter().zip(0u64..).map(|(ion, number)| {
        let distance = (Vec3::from_array(*ion) * edge).distance(camera.translation);
        u64::from(distance.to_bits()) << 32 | number
    }));
    order.sort_unstable_by_key(|key| std::cmp::Reverse(*key));
    let instance = |key: u64| {
        let centre = Vec3::from_array(mirror.ions()[key as u32 as usize]) * edge;
        let distance = f32::from_bits((key >> 32) as u32);
        let radius = radius.max(LEAST_RADIUS_PER_DISTANCE * distance);
        Instance { centre_radius: centre.extend(radius).to_array(), colour: [red, green, blue, OPACITY] }
    };
    ions.0 = Arc::new(order.into_iter().map(instance).collect());
}

#[derive(Resource)]
struct IonPipeline {
    shader: Handle<Shader>,
    mesh_pipeline: MeshPipeline,
}

fn prepare_pipeline(
    mut commands: Commands,
    asset_server: Res<AssetServer>,
    mesh_pipeline: Res<MeshPipeline>,
) {
    commands.insert_resource(IonPipeline {
        shader: load_embedded_asset!(asset_server.as_ref(), "ions.wgsl"),
        mesh_pipeline: mesh_pipeline.clone(),
    });
}

impl SpecializedMeshPipeline for IonPipeline {
    type Key = MeshPipelineKey;

    fn specialize(
        &self,
        key: Self::Key,
        layout: &MeshVertexBufferLayoutRef,
    ) -> Result<RenderPipelineDescriptor, SpecializedMeshPipelineError> {
        let mut descriptor = self.mesh_pipeline.specialize(key, layout)?;
        descriptor.label = Some("ions".into());
        descriptor.vertex.shader = self.shader.clone();
        descriptor.vertex.buffers.push(VertexBufferLayout {
            array_stride: size_of::<Instance>() as u64,
            step_mode: VertexStepMode::Instance,
            // Locations 0 to 2 belong to the mesh.
            attributes: vec![
                VertexAttribute { format: VertexFormat::Float32x4, offset: 0, shader_location: 3 },
                VertexAttribute { format: VertexFormat::Float32x4, offset: 16, shader_location: 4 },
            ],
        });
        if let Some(fragment) = descriptor.fragment.as_mut() {
            fragment.shader = self.shader.clone();
        }
        Ok(descriptor)
    }
}

fn queue(
    draw_functions: Res<DrawFunctions<Transparent3d>>,
    pipeline: Option<Res<IonPipeline>>,
    mut pipelines: ResMut<SpecializedMeshPipelines<IonPipeline>>,
    pipeline_cache: Res<PipelineCache>,
    meshes: Res<RenderAssets<RenderMesh>>,
    mesh_instances: Res<RenderMeshInstances>,
    ions: Query<(Entity, &MainEntity), With<Ions>>,
    mut phases: ResMut<ViewSortedRenderPhases<Transparent3d>>,
    views: Query<&ExtractedView>,
    view_keys: Res<ViewKeyCache>,
) {
    let Some(pipeline) = pipeline else { return };
    let draw_function = draw_functions.read().id::<DrawIons>();
    for view in &views {
        let Some(phase) = phases.get_mut(&view.retained_view_entity) else { continue };
        let Some(&view_key) = view_keys.get(&view.retained_view_entity) else { continue };
        for (entity, main_entity) in &ions {
            let Some(instance) = mesh_instances.render_mesh_queue_data(*main_entity) else { continue };
            let Some(mesh) = meshes.get(instance.mesh_asset_id()) else { continue };
            let key = view_key
                | MeshPipelineKey::BLEND_ALPHA
                | MeshPipelineKey::from_primitive_topology_and_strip_index(
                    mesh.primitive_topology(),
                    mesh.index_format(),
                );
            let Ok(pipeline) = pipelines.specialize(&pipeline_cache, &pipeline, key, &mesh.layout) else {
                continue;
            };
            phase.add_retained(Transparent3d {
                sorting_info: TransparentSortingInfo3d::Sorted { mesh_center: Vec3::ZERO, depth_bias: 0.0 },
                entity: (entity, *main_entity),
                pipeline,
                draw_function,
                distance: 0.0,
                batch_range: 0..1,
                extra_index: PhaseItemExtraIndex::None,
                indexed: true,
            });
        }
    }
}

/// The ions on the adapter.
#[derive(Component)]
struct IonBuffer {
    buffer: Buffer,
    count: u32,
    of: Arc<Vec<Instance>>,
}

fn upload(
    mut commands: Commands,
    ions: Query<(Entity, &Ions, Option<&IonBuffer>)>,
    device: Res<RenderDevice>,
) {
    for (entity, ions, uploaded) in &ions {
        if uploaded.is_some_and(|uploaded| Arc::ptr_eq(&uploaded.of, &ions.0)) {
            continue;
        }
        if ions.0.is_empty() {
            commands.entity(entity).remove::<IonBuffer>();
            continue;
        }
        let buffer = device.create_buffer_with_data(&BufferInitDescriptor {
            label: Some("ions"),
            contents: bytemuck::cast_slice(ions.0.as_slice()),
            usage: BufferUsages::VERTEX,
        });
        commands.entity(entity).insert(IonBuffer { buffer, count: ions.0.len() as u32, of: ions.0.clone() });
    }
}

type DrawIons = (
    SetItemPipeline,
    SetMeshViewBindGroup<0>,
    SetMeshViewBindingArrayBindGroup<1>,
    SetMeshBindGroup<2>,
    DrawInstances,
);

struct DrawInstances;

impl<P: PhaseItem> RenderCommand<P> for DrawInstances {
    type Param = (SRes<RenderAssets<RenderMesh>>, SRes<RenderMeshInstances>, SRes<MeshAllocator>);
    type ViewQuery = ();
    type ItemQuery = Read<IonBuffer>;

    fn render<'w>(
        item: &P,
        _view: (),
        ions: Option<&'w IonBuffer>,
        (meshes, instances, allocator): SystemParamItem<'w, '_, Self::Param>,
        pass: &mut TrackedRenderPass<'w>,
    ) -> RenderCommandResult {
        let (meshes, allocator) = (meshes.into_inner(), allocator.into_inner());
        let Some(instance) = instances.render_mesh_queue_data(item.main_entity()) else {
            return RenderCommandResult::Skip;
        };
        let id = instance.mesh_asset_id();
        let (Some(mesh), Some(ions), Some(vertices), Some(indices)) =
            (meshes.get(id), ions, allocator.mesh_vertex_slice(&id), allocator.mesh_index_slice(&id))
        else {
            return RenderCommandResult::Skip;
        };
        let RenderMeshBufferInfo::Indexed { index_format, count } = &mesh.buffer_info else {
            return RenderCommandResult::Skip;
        };
        pass.set_vertex_buffer(0, vertices.buffer.slice(..));
        pass.set_vertex_buffer(1, ions.buffer.slice(..));
        pass.set_index_buffer(indices.buffer.slice(..), *index_format);
        pass.draw_indexed(
            indices.range.start..indices.range.start + count,
            vertices.range.start as i32,
            0..ions.count,
        );
        RenderCommandResult::Success
    }
}
