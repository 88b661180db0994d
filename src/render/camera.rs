//! The camera: orbit, pan, zoom, turntable.
//!
//! Does: keep a growing deposit in the picture until a user takes over; follow cursor positions, so that
//! tablets and remote desktops work too.
//! Does not: fly.
//!
//! Drag with the left button to orbit, with the right or middle button (or Shift) to pan, scroll to zoom.
//! Arrows orbit, `+` and `-` zoom, `R` frames the deposit again. Signs are those that the keys bear in the
//! keyboard's layout; where a layout has no Latin letters, those at the same place of a US keyboard.

use super::sheet::{self, Sheet};
use super::{Mirror, RenderSettings, SceneCaption, ViewArea};
use crate::style::Background;
use bevy::camera::{Hdr, RenderTarget};
use bevy::input::keyboard::{Key, KeyboardInput};
use bevy::input::mouse::{MouseScrollUnit, MouseWheel};
use bevy::prelude::*;
use bevy::render::view::{Msaa, NoIndirectDrawing};

/// Vertical field of view, radians: a portrait lens, so that verticals stay nearly upright.
const FIELD_OF_VIEW: f32 = 0.5;
/// Distance from which one patch of the film fills a good part of the picture, µm.
const CLOSE_UM: f32 = 70.0;
/// Angle above the horizon for a picture twice as high as wide, degrees.
const TALL_ELEVATION_DEG: f32 = 48.0;
/// How fast the camera eases towards where it should be, s⁻¹.
const EASE_PER_S: f32 = 3.0;

/// Marks the camera of the 3D view.
#[derive(Clone, Copy, Component, Debug)]
pub struct ViewCamera;

/// Where the camera stands at first.
#[derive(Clone, Copy, Debug, PartialEq, Resource)]
pub struct StartView {
    /// Angle about the vertical, degrees; 0 looks along +y.
    pub azimuth_deg: f32,
    /// Angle above the horizon, degrees.
    pub elevation_deg: f32,
    /// Distance relative to the one that just frames the deposit.
    pub distance_ratio: f32,
    /// Place that the camera looks at, µm; `None` is the middle of the deposit.
    pub target_um: Option<[f32; 3]>,
}

impl StartView {
    /// The usual place for a picture this wide and high. A tall one looks more from above: from the side, a
    /// deposit fills its width but only a third of its height.
    pub fn suited_to((width, height): (u32, u32)) -> Self {
        let usual = Self::default();
        // 1 for pictures twice as high as wide, 0 for those that are at least as wide as high.
        let tall = (2.0 * (1.0 - width as f32 / height.max(1) as f32)).clamp(0.0, 1.0);
        Self {
            elevation_deg: usual.elevation_deg + tall * (TALL_ELEVATION_DEG - usual.elevation_deg),
            ..usual
        }
    }
}

impl Default for StartView {
    fn default() -> Self {
        Self { azimuth_deg: 30.0, elevation_deg: 24.0, distance_ratio: 1.0, target_um: None }
    }
}

/// Asks something of the camera.
#[derive(Clone, Copy, Debug, Message, PartialEq)]
pub enum CameraCommand {
    /// Frame the deposit, and follow its growth again.
    Frame,
    /// Fly near to this place, µm, and stay there.
    LookAt(Vec3),
}

/// State of the orbit.
#[derive(Clone, Debug, PartialEq, Resource)]
pub(super) struct Orbit {
    focus: Vec3,
    azimuth: f32,
    elevation: f32,
    distance: f32,
    /// True until a user moves the camera.
    follows: bool,
    /// Focus and distance to fly to.
    flight: Option<(Vec3, f32)>,
    generation: Option<u64>,
    cursor: Option<Vec2>,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<StartView>()
        .add_message::<CameraCommand>()
        .add_systems(Startup, spawn)
        .add_systems(Update, (command, follow, steer, place).chain().after(sheet::fit));
}

fn spawn(mut commands: Commands, sheet: Res<Sheet>, start: Res<StartView>, settings: Res<RenderSettings>) {
    let clear_color = match settings.background {
        Background::Studio => ClearColorConfig::Default,
        // The screen's camera lays it behind the sheet, where no lens changes the colour.
        Background::Colour(_) | Background::Transparent => ClearColorConfig::Custom(Color::NONE),
    };
    commands.spawn((
        ViewCamera,
        Camera3d::default(),
        // Before the screen's camera, which shows the sheet.
        Camera { order: -1, clear_color, ..default() },
        RenderTarget::Image(sheet.image().clone().into()),
        Hdr,
        // Dear on software adapters.
        Msaa::Off,
        // The ions' instanced draw is a direct one.
        NoIndirectDrawing,
        Projection::from(PerspectiveProjection { fov: FIELD_OF_VIEW, near: 1.0, far: 4000.0, ..default() }),
    ));
    commands.insert_resource(Orbit {
        focus: Vec3::ZERO,
        azimuth: start.azimuth_deg.to_radians(),
        elevation: start.elevation_deg.to_radians(),
        distance: 200.0,
        follows: true,
        flight: None,
        generation: None,
        cursor: None,
    });
}

fn command(
    mut commands: MessageReader<CameraCommand>,
    keys: Option<MessageReader<KeyboardInput>>,
    area: Res<ViewArea>,
    mut orbit: ResMut<Orbit>,
) {
    // A key that is held down repeats.
    let pressed: Vec<char> = keys.map_or(Vec::new(), |mut keys| keys.read().filter_map(sign).collect());
    for sign in pressed.into_iter().filter(|_| !area.keyboard_taken) {
        match sign {
            'r' => (orbit.follows, orbit.flight) = (true, None),
            '+' | '=' | '-' => {
                orbit.stay();
                orbit.zoom(if sign == '-' { -1.0 } else { 1.0 });
            }
            _ => {}
        }
    }
    for command in commands.read() {
        orbit.follows = *command == CameraCommand::Frame;
        orbit.flight = match *command {
            CameraCommand::Frame => None,
            CameraCommand::LookAt(place) => Some((place, orbit.distance.min(CLOSE_UM))),
        };
    }
}

/// The small letter or sign of a key that is pressed.
fn sign(key: &KeyboardInput) -> Option<char> {
    if !key.state.is_pressed() {
        return None;
    }
    let Key::Character(text) = &key.logical_key else { return None };
    let sign = text.chars().next()?.to_ascii_lowercase();
    match key.key_code {
        _ if sign.is_ascii() => Some(sign),
        KeyCode::KeyR => Some('r'),
        KeyCode::Equal => Some('+'),
        KeyCode::Minus => Some('-'),
        _ => None,
    }
}

/// Share of the visible height and width that the deposit may fill; the rest is for title and legend.
const FILL: Vec2 = Vec2::new(0.94, 0.80);

/// Centre, radius and half height of the upright cylinder to be framed.
fn shape(mirror: &Mirror, collector: bool) -> (Vec3, f32, f32) {
    let [width, depth, height] = mirror.box_um().map(|side| side.max(1.0));
    if !collector && let Some([low, high]) = mirror.occupied_um() {
        // A deposit in free electrolyte is framed by itself, with room to grow.
        let half = (high - low) / 2.0 * 1.25;
        return ((low + high) / 2.0, half.xy().max_element(), half.z);
    }
    // A bare collector is framed with some electrolyte above it, a tall deposit with a little.
    let top = (mirror.framed_um() * 1.08 + 0.12 * width).min(height);
    let bottom = -0.06 * width;
    (
        Vec3::new(width / 2.0, depth / 2.0, 0.5 * (top + bottom)),
        0.5 * width.hypot(depth),
        0.5 * (top - bottom),
    )
}

/// Focus and distance that frame the deposit from every azimuth, so that a turntable keeps still.
fn framing(mirror: &Mirror, collector: bool, aspect: f32, elevation: f32) -> (Vec3, f32) {
    let (centre, radius, half_height) = shape(mirror, collector);
    let tangent = (FIELD_OF_VIEW / 2.0).tan() * Vec2::new(aspect, 1.0) * FILL;
    let up = Vec3::new(0.0, elevation.sin(), elevation.cos());
    let towards = Vec3::new(0.0, -elevation.cos(), elevation.sin());
    // A point `across`, `above` and `nearer` than the focus is seen from distances of at least
    // |across|/tangent + nearer and |above|/tangent + nearer. The deposit is taken as a cylinder.
    let (mut sideways, mut upper, mut lower) = (0.0f32, 0.0f32, 0.0f32);
    for number in 0..48 {
        let (sine, cosine) = (number as f32 / 48.0 * std::f32::consts::TAU).sin_cos();
        for z in [-half_height, half_height] {
            let from_centre = Vec3::new(radius * cosine, radius * sine, z);
            let (above, nearer) = (from_centre.dot(up), from_centre.dot(towards));
            sideways = sideways.max(from_centre.x.abs() / tangent.x + nearer);
            upper = upper.max(above / tangent.y + nearer);
            lower = lower.max(-above / tangent.y + nearer);
        }
    }
    // Moving the focus along the picture's vertical until top and bottom fit equally well.
    let lift = (upper - lower) / 2.0 * tangent.y;
    (centre + Vec3::Z * lift / elevation.cos().max(0.2), sideways.max((upper + lower) / 2.0))
}

/// Eases towards the framing, or to where it was sent, while no input steers it.
fn follow(
    mirror: Res<Mirror>,
    caption: Res<SceneCaption>,
    start: Res<StartView>,
    sheet: Res<Sheet>,
    time: Res<Time>,
    mut orbit: ResMut<Orbit>,
) {
    if mirror.generation().is_none() {
        return;
    }
    let (focus, distance) = match orbit.flight {
        Some(flight) => flight,
        None if orbit.follows => {
            let (focus, distance) = framing(&mirror, caption.collector, sheet.aspect(), orbit.elevation);
            (start.target_um.map_or(focus, Vec3::from_array), distance * start.distance_ratio)
        }
        None => return,
    };
    let first = orbit.generation.is_none();
    let share = if first { 1.0 } else { 1.0 - (-EASE_PER_S * time.delta_secs()).exp() };
    orbit.generation = mirror.generation();
    orbit.focus = orbit.focus.lerp(focus, share);
    orbit.distance += (distance - orbit.distance) * share;
}

/// Mouse, keys and turntable.
fn steer(
    settings: Res<RenderSettings>,
    area: Res<ViewArea>,
    time: Res<Time>,
    windows: Query<&Window>,
    buttons: Option<Res<ButtonInput<MouseButton>>>,
    keys: Option<Res<ButtonInput<KeyCode>>>,
    wheel: Option<MessageReader<MouseWheel>>,
    mut orbit: ResMut<Orbit>,
) {
    orbit.azimuth += settings.turntable_deg_per_s.to_radians() * time.delta_secs();
    let scrolled: f32 = wheel.map_or(0.0, |mut wheel| {
        wheel
            .read()
            .map(|event| match event.unit {
                MouseScrollUnit::Line => event.y,
                MouseScrollUnit::Pixel => event.y / 40.0,
            })
            .sum()
    });
    let (Some(buttons), Some(keys)) = (buttons, keys) else { return };
    let window = windows.iter().next();
    let cursor = window.and_then(Window::cursor_position);
    let inside = cursor.is_some_and(|at| area.rectangle.is_none_or(|seen| seen.contains(at)));
    let moved = match (orbit.cursor, cursor) {
        (Some(before), Some(now)) => now - before,
        _ => Vec2::ZERO,
    };
    // A drag that began over a panel stays the panel's; one that began here goes on outside.
    let any = [MouseButton::Left, MouseButton::Right, MouseButton::Middle];
    let dragging = orbit.cursor.is_some() && buttons.any_pressed(any);
    let may_begin = inside && !area.pointer_taken;
    orbit.cursor = if dragging || (may_begin && buttons.any_just_pressed(any)) { cursor } else { None };
    if dragging && moved != Vec2::ZERO {
        let shift = keys.any_pressed([KeyCode::ShiftLeft, KeyCode::ShiftRight]);
        orbit.stay();
        if buttons.pressed(MouseButton::Left) && !shift {
            orbit.turn(-moved.x * 0.008, moved.y * 0.008);
        } else {
            let height = window.map_or(720.0, |window| area.seen(window.size()).height());
            let um_per_pixel = 2.0 * orbit.distance * (FIELD_OF_VIEW / 2.0).tan() / height;
            let rotation = orbit.rotation();
            orbit.focus += (rotation * Vec3::X * -moved.x + rotation * Vec3::Y * moved.y) * um_per_pixel;
        }
    }
    if may_begin && scrolled != 0.0 {
        orbit.stay();
        orbit.zoom(scrolled);
    }
    if area.keyboard_taken {
        return;
    }
    let held = |plus: KeyCode, minus: KeyCode| {
        f32::from(u8::from(keys.pressed(plus))) - f32::from(u8::from(keys.pressed(minus)))
    };
    let pace = time.delta_secs();
    let turn = held(KeyCode::ArrowRight, KeyCode::ArrowLeft) * pace;
    let lift = held(KeyCode::ArrowUp, KeyCode::ArrowDown) * pace;
    if turn != 0.0 || lift != 0.0 {
        orbit.stay();
        orbit.turn(turn, lift * 0.7);
    }
}

impl Orbit {
    /// A user took over.
    fn stay(&mut self) {
        self.follows = false;
        self.flight = None;
    }

    fn turn(&mut self, azimuth: f32, elevation: f32) {
        self.azimuth += azimuth;
        self.elevation = (self.elevation + elevation).clamp(-0.2, 1.55);
    }

    fn zoom(&mut self, steps: f32) {
        self.distance = (self.distance * 0.9f32.powf(steps)).clamp(2.0, 2500.0);
    }

    /// Distance from the focus, µm.
    pub(super) fn distance(&self) -> f32 {
        self.distance
    }

    /// From camera axes (x right, y up, z backward) to the world.
    fn rotation(&self) -> Quat {
        let backward = Vec3::new(
            -self.azimuth.sin() * self.elevation.cos(),
            -self.azimuth.cos() * self.elevation.cos(),
            self.elevation.sin(),
        );
        Transform::default().looking_to(-backward, Vec3::Z).rotation
    }
}

/// Puts the camera where the orbit says.
pub(super) fn place(orbit: Res<Orbit>, mut camera: Query<&mut Transform, With<ViewCamera>>) {
    let Ok(mut transform) = camera.single_mut() else { return };
    let rotation = orbit.rotation();
    *transform = Transform {
        translation: orbit.focus + rotation * Vec3::Z * orbit.distance,
        rotation,
        scale: Vec3::ONE,
    };
}

#[cfg(test)]
#[path = "camera_tests.rs"]
mod tests;
