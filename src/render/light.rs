//! Light, background and the cost of the picture.
//!
//! Does: a studio that turns with the camera, so that the deposit is well lit from every side. It has soft
//! boxes for reflections, one key light with a shadow, a dark backdrop.
//! Does not: pretend to be a microscope.

use super::camera::Orbit;
use super::mesh::mirror::Mirror;
use super::studio::{
    INTENSITY_CD_PER_M2, KEY_COLOUR, KEY_ILLUMINANCE_LUX, KEY_TOWARDS, Studio, UNIT_CD_PER_M2,
};
use super::{RenderSettings, ViewCamera};
use crate::style::{Background, Quality};
use bevy::anti_alias::smaa::{Smaa, SmaaPreset};
use bevy::asset::RenderAssetUsages;
use bevy::core_pipeline::prepass::DepthPrepass;
use bevy::core_pipeline::tonemapping::Tonemapping;
use bevy::image::{ImageSampler, ImageSamplerDescriptor};
use bevy::light::{CascadeShadowConfig, CascadeShadowConfigBuilder, DirectionalLightShadowMap, Skybox};
use bevy::post_process::bloom::Bloom;
use bevy::prelude::*;
use bevy::render::render_resource::{
    Extent3d, TextureDimension, TextureFormat, TextureViewDescriptor, TextureViewDimension,
};

/// Sides of the reflected studio and of the backdrop, pixels.
const STUDIO_SIDE: u32 = 32;
const BACKDROP_SIDE: u32 = 64;

#[derive(Component)]
struct KeyLight;

pub(super) fn plugin(app: &mut App) {
    app.insert_resource(DirectionalLightShadowMap { size: 2048 })
        .insert_resource(ClearColor(Color::BLACK))
        .insert_resource(GlobalAmbientLight::NONE)
        .add_systems(PostStartup, spawn)
        .add_systems(Update, (turn.after(super::camera::place), apply_quality));
}

fn spawn(
    mut commands: Commands,
    mut images: ResMut<Assets<Image>>,
    settings: Res<RenderSettings>,
    camera: Query<Entity, With<ViewCamera>>,
) {
    commands.spawn((
        KeyLight,
        DirectionalLight {
            illuminance: KEY_ILLUMINANCE_LUX,
            color: KEY_COLOUR,
            shadow_maps_enabled: false,
            ..default()
        },
        Transform::default(),
    ));
    let Ok(camera) = camera.single() else { return };
    let studio = Studio::default();
    commands.entity(camera).insert((
        EnvironmentMapLight {
            diffuse_map: images.add(cube_map(8, 1, |direction, _| studio.radiance(direction, 1.0))),
            specular_map: images.add(cube_map(STUDIO_SIDE, STUDIO_SIDE.ilog2() + 1, |direction, blur| {
                studio.radiance(direction, blur)
            })),
            intensity: INTENSITY_CD_PER_M2,
            ..default()
        },
        Tonemapping::AcesFitted,
    ));
    if settings.background == Background::Studio {
        commands.entity(camera).insert(Skybox {
            image: Some(images.add(cube_map(BACKDROP_SIDE, 1, |direction, _| backdrop(direction)))),
            brightness: UNIT_CD_PER_M2,
            rotation: Quat::IDENTITY,
        });
    }
}

/// The backdrop as the camera sees it: a soft pool of blue-grey light behind the deposit, darker to the
/// corners.
fn backdrop(direction: Vec3) -> Vec3 {
    let ahead = Vec3::new(0.0, -0.05, -1.0).normalize();
    let off = 1.0 - direction.dot(ahead).max(0.0);
    let pool = (-off * 16.0).exp();
    let edge = Vec3::new(0.004, 0.005, 0.009);
    let middle = Vec3::new(0.022, 0.032, 0.050);
    edge.lerp(middle, pool)
}

/// A cube map whose texels are `radiance(direction, blur)`, blur growing from 0 to 1 over the levels.
fn cube_map(side: u32, levels: u32, radiance: impl Fn(Vec3, f32) -> Vec3) -> Image {
    let mut data = Vec::new();
    for face in 0..6 {
        for level in 0..levels {
            let side = side >> level;
            let blur = if levels > 1 { level as f32 / (levels - 1) as f32 } else { 0.0 };
            for row in 0..side {
                for column in 0..side {
                    let at = |position: u32| (position as f32 + 0.5) / side as f32 * 2.0 - 1.0;
                    let direction = face_direction(face, at(column), at(row)).normalize();
                    data.extend(pack(radiance(direction, blur)).to_le_bytes());
                }
            }
        }
    }
    let mut image = Image::new_uninit(
        Extent3d { width: side, height: side, depth_or_array_layers: 6 },
        TextureDimension::D2,
        TextureFormat::Rgb9e5Ufloat,
        RenderAssetUsages::RENDER_WORLD,
    );
    image.texture_descriptor.mip_level_count = levels;
    image.texture_view_descriptor =
        Some(TextureViewDescriptor { dimension: Some(TextureViewDimension::Cube), ..default() });
    image.sampler = ImageSampler::Descriptor(ImageSamplerDescriptor::linear());
    image.data = Some(data);
    image
}

/// Direction of a point on a face of a cube map. Cube maps are left-handed, hence the turned z.
fn face_direction(face: u32, across: f32, down: f32) -> Vec3 {
    let left_handed = match face {
        0 => Vec3::new(1.0, -down, -across),
        1 => Vec3::new(-1.0, -down, across),
        2 => Vec3::new(across, 1.0, down),
        3 => Vec3::new(across, -1.0, -down),
        4 => Vec3::new(across, -down, 1.0),
        _ => Vec3::new(-across, -down, -1.0),
    };
    left_handed * Vec3::new(1.0, 1.0, -1.0)
}

/// Packs non-negative RGB with nine bits per channel and a shared exponent (Vulkan specification, "Shared
/// exponent to RGB").
fn pack(colour: Vec3) -> u32 {
    let largest_value = 65408.0;
    let colour = colour.clamp(Vec3::ZERO, Vec3::splat(largest_value));
    let largest = colour.max_element().max(1.0e-9);
    let mut exponent = (largest.log2().floor() as i32).max(-16) + 16;
    let scale = |exponent: i32| 2f32.powi(exponent - 24);
    if (largest / scale(exponent)).round() >= 512.0 {
        exponent += 1;
    }
    let [red, green, blue] = (colour / scale(exponent)).to_array().map(|value| value.round() as u32);
    red | green << 9 | blue << 18 | (exponent as u32) << 27
}

/// Turns the studio with the camera, and fits the shadow to the deposit.
fn turn(
    orbit: Res<Orbit>,
    mirror: Res<Mirror>,
    mut camera: Query<
        (&Transform, Option<&mut EnvironmentMapLight>, Option<&mut Skybox>),
        (With<ViewCamera>, Without<KeyLight>),
    >,
    mut key: Query<(&mut Transform, &mut CascadeShadowConfig), With<KeyLight>>,
) {
    let Ok((view, environment, sky)) = camera.single_mut() else { return };
    let right = view.rotation * Vec3::X;
    let upright = Quat::from_mat3(&Mat3::from_cols(right, Vec3::Z, right.cross(Vec3::Z)));
    if let Some(mut environment) = environment {
        environment.rotation = upright;
    }
    if let Some(mut sky) = sky {
        sky.rotation = view.rotation;
    }
    let Ok((mut transform, mut cascades)) = key.single_mut() else { return };
    let towards_light = upright * KEY_TOWARDS;
    *transform = Transform::default().looking_to(-towards_light, Vec3::Z);
    let radius = Vec3::from_array(mirror.box_um()).with_z(mirror.top_um()).length().max(1.0);
    *cascades = CascadeShadowConfigBuilder {
        num_cascades: 1,
        minimum_distance: (orbit.distance() - radius).max(1.0),
        maximum_distance: orbit.distance() + radius,
        ..default()
    }
    .build();
}

fn apply_quality(
    mut commands: Commands,
    settings: Res<RenderSettings>,
    camera: Query<Entity, With<ViewCamera>>,
    mut key: Query<&mut DirectionalLight, With<KeyLight>>,
    mut lines: ResMut<GizmoConfigStore>,
    mut applied: Local<Option<Quality>>,
) {
    let (Ok(camera), Ok(mut key)) = (camera.single(), key.single_mut()) else { return };
    if *applied == Some(settings.quality) {
        return;
    }
    *applied = Some(settings.quality);
    // Two pixels of the screen.
    lines.config_mut::<DefaultGizmoConfigGroup>().0.line.width = 2.0 * settings.quality.render_scale();
    key.shadow_maps_enabled = !matches!(settings.quality, Quality::Draft | Quality::Low);
    let mut camera = commands.entity(camera);
    match settings.quality {
        // A draft's shading is too cheap for a prepass to save any; elsewhere it saves that of hidden moss.
        Quality::Draft => camera.remove::<DepthPrepass>(),
        _ => camera.insert(DepthPrepass),
    };
    match settings.quality {
        Quality::Draft | Quality::Low => camera.remove::<(Smaa, Bloom)>(),
        Quality::Medium => camera.remove::<Bloom>().insert(Smaa { preset: SmaaPreset::Medium }),
        Quality::High => {
            camera.insert((Smaa { preset: SmaaPreset::High }, Bloom { intensity: 0.12, ..Bloom::NATURAL }))
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(packed: u32) -> Vec3 {
        let scale = 2f32.powi((packed >> 27) as i32 - 24);
        Vec3::new((packed & 511) as f32, (packed >> 9 & 511) as f32, (packed >> 18 & 511) as f32) * scale
    }

    #[test]
    fn packed_light_is_read_back() {
        for colour in
            [Vec3::new(0.5, 0.25, 3.0), Vec3::splat(0.999), Vec3::new(1.0e-4, 0.0, 2.0e-5), Vec3::ONE]
        {
            // Nine bits shared by the three channels: half a step of 1/256 of the brightest.
            let step = colour.max_element() / 256.0;
            assert!((unpack(pack(colour)) - colour).abs().max_element() <= 0.51 * step, "{colour}");
        }
    }

    #[test]
    fn a_cube_map_holds_all_its_levels() {
        let image = cube_map(8, 4, |_, _| Vec3::ONE);
        assert_eq!(image.data.unwrap().len(), 6 * 4 * (64 + 16 + 4 + 1));
        // The six faces look along the six axes, +x first; z is turned because cube maps are left-handed.
        assert_eq!(face_direction(2, 0.0, 0.0), Vec3::Y);
        assert_eq!(face_direction(4, 0.0, 0.0), Vec3::NEG_Z);
    }
}
