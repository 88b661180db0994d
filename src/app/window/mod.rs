//! The window: the picture, the panels over it, and the session behind them.
//!
//! Does: build the app, carry snapshots from the session to the picture and requests from the panels to the
//! session. Redraw only when there is something new.
//! Does not: simulate, mesh, or lay out panels.

mod keys;
mod redraw;

use super::desk::Desk;
use super::session::Session;
use super::share::Share;
use crate::capture::{AdapterError, DisplayError, check_adapter, check_display};
use crate::render::{
    CameraCommand, IncomingSnapshots, Meshing, RenderPlugin, RenderSettings, SceneCaption, SurfaceWork,
    ViewArea,
};
use crate::scene::Scene;
use crate::style::Quality;
use crate::ui;
use bevy::app::PluginGroupBuilder;
use bevy::ecs::system::SystemParam;
use bevy::log::{Level, LogPlugin};
use bevy::prelude::*;
use bevy::window::{PresentMode, WindowResolution};
use bevy::winit::{EventLoopProxyWrapper, WinitUserEvent};
use bevy_egui::{EguiContexts, EguiPrimaryContextPass, egui};
use redraw::Frames;

/// Degrees per second of the turntable: half a minute for a turn.
const TURNTABLE_DEG_PER_S: f32 = 12.0;
/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Nowhere to show it.
    #[error(transparent)]
    Display(#[from] DisplayError),
    /// Nothing to draw with.
    #[error(transparent)]
    Adapter(#[from] AdapterError),
    /// The app ended by itself.
    #[error("the window closed with error code {0}; run again with RUST_LOG=info to see why")]
    Ended(u8),
}

/// Shows `scene` in a window until that is closed.
pub fn run_window(scene: Scene, seed: u64) -> Result<(), AppError> {
    check_display()?;
    let adapter = check_adapter()?;
    let mut app = App::new();
    app.add_plugins(in_window((1280, 720)));
    let session = Session::start(share(&adapter), waker(&app));
    furnish(&mut app, Desk::new(session, scene, seed), &adapter);
    ended(app.run())
}

/// How an app ended.
pub(super) fn ended(exit: AppExit) -> Result<(), AppError> {
    match exit {
        AppExit::Success => Ok(()),
        AppExit::Error(code) => Err(AppError::Ended(code.get())),
    }
}

/// The engine with a window of this size.
pub(super) fn in_window((width, height): (u32, u32)) -> PluginGroupBuilder {
    let window = Window {
        title: "Natrarium".into(),
        name: Some("natrarium".into()),
        resolution: WindowResolution::new(width, height),
        present_mode: PresentMode::AutoVsync,
        ..default()
    };
    let log = LogPlugin {
        level: Level::WARN,
        // Software adapters and bare X servers make these warn of what they lack; the user cannot help it.
        filter: "wgpu=error,naga=warn,winit=error,bevy_render::renderer=error,bevy_egui::render=error".into(),
        ..default()
    };
    DefaultPlugins.set(WindowPlugin { primary_window: Some(window), ..default() }).set(log)
}

/// The picture, the panels over it and the session behind them, in an app that has its engine.
pub(super) fn furnish(app: &mut App, mut desk: Desk, adapter: &str) {
    let meshing = if is_software(adapter) {
        let settings = ui::ViewSettings { quality: Quality::Draft, ..desk.interface.view_settings() };
        desk.interface.set_view_settings(settings);
        Meshing::Considerate
    } else {
        Meshing::Background
    };
    app.add_plugins(RenderPlugin { meshing })
        .insert_resource(ClearColor(Color::srgb_u8(0x0b, 0x0d, 0x11)))
        .insert_non_send(desk)
        .add_plugins((redraw::plugin, keys::plugin))
        .add_systems(First, collect)
        .add_systems(EguiPrimaryContextPass, show_panels);
}

/// How much of the machine the simulation may take beside this adapter.
pub(super) fn share(adapter: &str) -> Share {
    if is_software(adapter) {
        Share::beside_software(bevy::tasks::available_parallelism())
    } else {
        Share::All
    }
}

fn is_software(adapter: &str) -> bool {
    ["llvmpipe", "swiftshader", "software"].iter().any(|name| adapter.to_lowercase().contains(name))
}

/// Wakes the event loop from the session's thread.
pub(super) fn waker(app: &App) -> impl Fn() + Send + 'static {
    let proxy = app.world().get_resource::<EventLoopProxyWrapper>().map(|proxy| (**proxy).clone());
    move || {
        if let Some(proxy) = &proxy {
            // Fails only once the event loop is gone. Then there is nothing to wake.
            let _ = proxy.send_event(WinitUserEvent::WakeUp);
        }
    }
}

/// What the picture is told.
#[derive(SystemParam)]
struct Picture<'w> {
    incoming: ResMut<'w, IncomingSnapshots>,
    caption: ResMut<'w, SceneCaption>,
    settings: ResMut<'w, RenderSettings>,
    area: ResMut<'w, ViewArea>,
    camera: MessageWriter<'w, CameraCommand>,
    surface: Res<'w, SurfaceWork>,
}

/// Session → picture. A scene file dropped on the window is opened.
fn collect(
    mut desk: NonSendMut<Desk>,
    mut picture: Picture,
    mut frames: Frames,
    mut dropped: MessageReader<FileDragAndDrop>,
) {
    for message in dropped.read() {
        if let FileDragAndDrop::DroppedFile { path_buf, .. } = message {
            desk.act(&ui::Request::Open(path_buf.to_string_lossy().into_owned()));
            frames.news();
        }
    }
    if let Some(snapshot) = desk.collect() {
        picture.incoming.0.push(snapshot);
        frames.news();
    }
    let (title, collector, seeds) = desk.caption();
    if picture.caption.set_if_neq(SceneCaption { title: title.to_owned(), collector, seeds }) {
        // Another scene: what the camera was looking at is gone.
        picture.camera.write(CameraCommand::Frame);
    }
}

/// Panels → session and picture.
fn show_panels(
    mut contexts: EguiContexts,
    mut desk: NonSendMut<Desk>,
    mut picture: Picture,
    mut frames: Frames,
    mut themed: Local<bool>,
) -> Result {
    let context = contexts.ctx_mut()?.clone();
    if !*themed {
        ui::apply_theme(&context);
        *themed = true;
        frames.again();
        // Fonts take effect with the next pass.
        return Ok(());
    }
    let whole = context.viewport_rect();
    let builder = egui::UiBuilder::new().layer_id(egui::LayerId::background()).max_rect(whole);
    let mut root = egui::Ui::new(context.clone(), "panels".into(), builder);
    let (shown, place) = desk.show(&mut root);
    if let Some(place) = place {
        picture.camera.write(CameraCommand::LookAt(place.into()));
    }
    let zoom = context.zoom_factor();
    let corner = |at: egui::Pos2| Vec2::new(at.x, at.y) * zoom;
    picture.area.set_if_neq(ViewArea {
        rectangle: Some(Rect { min: corner(shown.view.min), max: corner(shown.view.max) }),
        pointer_taken: shown.pointer_taken,
        keyboard_taken: shown.keyboard_taken,
    });
    let wanted = render_settings(desk.interface.view_settings(), &picture.settings);
    picture.settings.set_if_neq(wanted);
    // What a click or a key changed in this frame is drawn in the next ones.
    let (pressed, moved) = context.input(|input| {
        use egui::Event::{Key, MouseWheel, PointerButton, Text};
        let press = |event: &egui::Event| {
            matches!(event, Key { .. } | MouseWheel { .. } | PointerButton { .. } | Text(_))
        };
        (input.raw.events.iter().any(press), input.pointer.time_since_last_movement() < 1.0)
    });
    if pressed {
        frames.news();
    }
    // A surface in the making is shown as soon as it is there, also when the run has been paused meanwhile.
    if picture.settings.turntable_deg_per_s != 0.0 || picture.surface.renewing {
        frames.again();
    }
    frames.pace(moved);
    Ok(())
}

/// The viewer's choices in the words of the picture.
fn render_settings(view: ui::ViewSettings, now: &RenderSettings) -> RenderSettings {
    let ui::ViewSettings { colour_by, ions, mosaic, cracks, captions, turntable, quality } = view;
    RenderSettings {
        colour_by,
        show_ions: ions,
        show_film_mosaic: mosaic,
        show_cracks: cracks,
        show_caption: captions,
        show_legend: captions,
        quality,
        turntable_deg_per_s: if turntable { TURNTABLE_DEG_PER_S } else { 0.0 },
        ..now.clone()
    }
}
