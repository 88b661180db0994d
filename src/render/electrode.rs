//! Collector, box and scale bar in space.
//!
//! Does: the body of the collector under the deposit, the edges of the periodic box, and a scale bar at the
//! side that faces the camera. The length of the bar is a round number of µm.
//! Does not: the collector's surface with its SEI (part of [`super::surface`]) nor the bar's label
//! ([`super::instruments`]).

use super::colour::{COPPER_SRGB, srgb};
use super::material::Dressed;
use super::{Mirror, RenderSettings, SceneCaption, ViewCamera};
use bevy::prelude::*;

/// Thickness of the drawn collector over the width of the box.
const COLLECTOR_SHARE: f32 = 0.035;

/// The scale bar, for the label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Resource)]
pub(super) struct ScaleBar {
    /// Length, µm; 0 while there is none.
    pub length_um: f32,
    /// Middle of the bar in the world.
    pub middle: Vec3,
    /// From its left to its right end as the camera sees it.
    pub along: Vec3,
}

#[derive(Component)]
struct CollectorBody;
#[derive(Component)]
struct Bar;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<ScaleBar>()
        .add_systems(Startup, spawn)
        .add_systems(Update, (fit_collector, place_bar.after(super::camera::place), draw_box));
}

fn spawn(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    settings: Res<RenderSettings>,
) {
    let [red, green, blue] = srgb(COPPER_SRGB);
    let body = Mesh::from(Cuboid::from_length(1.0));
    let corners = body.count_vertices();
    // Colour, gloss and openness as the surface has them.
    let body = body
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, vec![[red, green, blue, 1.0]; corners])
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, vec![[0.55, 0.5]; corners])
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_1, vec![[1.0, 0.0]; corners]);
    commands.spawn((
        CollectorBody,
        Dressed,
        Mesh3d(meshes.add(body)),
        Transform::default(),
        Visibility::Hidden,
    ));
    commands.spawn((
        Bar,
        Mesh3d(meshes.add(Cuboid::from_length(1.0))),
        MeshMaterial3d(materials.add(StandardMaterial {
            base_color: if settings.background.is_light() {
                Color::linear_rgb(0.01, 0.01, 0.01)
            } else {
                Color::linear_rgb(5.0, 5.0, 5.0)
            },
            unlit: true,
            ..default()
        })),
        Transform::default(),
        Visibility::Hidden,
    ));
}

fn fit_collector(
    mirror: Res<Mirror>,
    caption: Res<SceneCaption>,
    mut body: Query<(&mut Transform, &mut Visibility), With<CollectorBody>>,
) {
    let Ok((mut transform, mut visibility)) = body.single_mut() else { return };
    let shown = mirror.generation().is_some() && caption.collector;
    *visibility = if shown { Visibility::Inherited } else { Visibility::Hidden };
    let [width, depth, _] = mirror.box_um();
    let thickness = COLLECTOR_SHARE * width;
    *transform = Transform::from_xyz(width / 2.0, depth / 2.0, -thickness / 2.0)
        .with_scale(Vec3::new(width, depth, thickness));
}

/// The round length (1, 2 or 5 times a power of ten) nearest below a third of the box.
pub(super) fn bar_length_um(width_um: f32) -> f32 {
    let most = width_um / 3.0;
    if !most.is_finite() || most <= 0.0 {
        return 0.0;
    }
    let decade = 10f32.powf(most.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|step| step * decade).find(|length| *length <= most).unwrap_or(decade)
}

/// Lays the bar along the bottom edge that faces the camera most.
fn place_bar(
    mirror: Res<Mirror>,
    caption: Res<SceneCaption>,
    settings: Res<RenderSettings>,
    camera: Query<&Transform, (With<ViewCamera>, Without<Bar>)>,
    mut bar: Query<(&mut Transform, &mut Visibility), With<Bar>>,
    mut placed: ResMut<ScaleBar>,
) {
    let (Ok(view), Ok((mut transform, mut visibility))) = (camera.single(), bar.single_mut()) else { return };
    let shown = mirror.generation().is_some() && settings.show_scale_bar;
    *visibility = if shown { Visibility::Inherited } else { Visibility::Hidden };
    if !shown {
        *placed = ScaleBar::default();
        return;
    }
    // Below the collector, or below the deposit itself where it floats in a box that may reach out of the
    // picture.
    let whole = [Vec3::ZERO, Vec3::from_array(mirror.box_um()).with_z(0.0)];
    let [low, high] = if caption.collector { whole } else { mirror.occupied_um().unwrap_or(whole) };
    let (width, depth) = (high.x - low.x, high.y - low.y);
    let away = view.rotation * Vec3::Z;
    // The side whose outward normal points most towards the camera, and the direction along it to the right
    // on screen.
    let (normal, half, length_of_side) = if (away.x / depth).abs() > (away.y / width).abs() {
        (Vec3::X * away.x.signum(), width / 2.0, depth)
    } else {
        (Vec3::Y * away.y.signum(), depth / 2.0, width)
    };
    let right = Vec3::Z.cross(normal);
    let length = bar_length_um(length_of_side);
    let thick = 0.011 * width;
    let below = if caption.collector { COLLECTOR_SHARE * width } else { 0.0 } + 1.2 * thick;
    let centre = ((low + high) / 2.0).with_z(low.z - below);
    let middle = centre + normal * (half + 1.5 * thick) - right * (length_of_side - length) / 2.0;
    *transform = Transform::from_translation(middle)
        .with_scale((right.abs() * length) + (normal.abs() + Vec3::Z) * thick);
    *placed = ScaleBar { length_um: length, middle, along: right * length };
}

/// Edges of the box, fading upwards: the box is periodic sideways and goes on above.
fn draw_box(
    mirror: Res<Mirror>,
    settings: Res<RenderSettings>,
    caption: Res<SceneCaption>,
    mut gizmos: Gizmos,
) {
    if !settings.show_box || mirror.generation().is_none() {
        return;
    }
    let [width, depth, height] = mirror.box_um();
    let [red, green, blue] =
        if settings.background.is_light() { [0.05, 0.06, 0.08] } else { [0.55, 0.65, 0.8] };
    let [near, far] = [0.35, 0.0].map(|alpha| Color::linear_rgba(red, green, blue, alpha));
    let corners = [(0.0, 0.0), (width, 0.0), (width, depth), (0.0, depth)];
    for (number, (x, y)) in corners.into_iter().enumerate() {
        gizmos.line_gradient(Vec3::new(x, y, 0.0), Vec3::new(x, y, height), near, far);
        let (next_x, next_y) = corners[(number + 1) % 4];
        if !caption.collector {
            gizmos.line(Vec3::new(x, y, 0.0), Vec3::new(next_x, next_y, 0.0), near);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_round_and_fits() {
        for (width, length) in [(64.0, 20.0), (30.0, 10.0), (128.0, 20.0), (160.0, 50.0), (4.0, 1.0)] {
            assert_eq!(bar_length_um(width), length, "{width}");
        }
        assert_eq!(bar_length_um(0.0), 0.0);
        assert_eq!(bar_length_um(f32::NAN), 0.0);
    }
}
