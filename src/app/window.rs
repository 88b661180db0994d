//! The window: the picture, the panels over it, and the session behind them.
//!
//! Does: build the app, carry snapshots from the session to the picture and requests from the panels to the session,
//! redraw only when there is something new. Does not: simulate, mesh, or lay out panels.

use super::desk::Desk;
use super::session::Session;
use crate::capture::{AdapterError, DisplayError, check_adapter, check_display};
use crate::render::{
    self, CameraCommand, IncomingSnapshots, RenderPlugin, RenderSettings, SceneCaption, ViewArea,
};
use crate::scene::Scene;
use crate::ui;
use bevy::log::{Level, LogPlugin};
use bevy::prelude::*;
use bevy::window::{PresentMode, RequestRedraw, WindowResolution};
use bevy::winit::{EventLoopProxyWrapper, UpdateMode, WinitSettings, WinitUserEvent};
use bevy_egui::{EguiContexts, EguiPrimaryContextPass, egui};
use std::time::Duration;

/// Degrees per second of the turntable: half a minute for a turn.
const TURNTABLE_DEG_PER_S: f32 = 12.0;
/// Longest time between two frames when nothing happens.
const IDLE: Duration = Duration::from_secs(5);
/// The same shortly after the pointer moved, when a hint may want to appear.
const POINTER_RESTS: Duration = Duration::from_millis(300);
/// How long frames go on after news: the surface is made in the background, the camera eases.
const SETTLING_S: f32 = 1.5;

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
    let window = Window {
        title: "Natrarium".into(),
        name: Some("natrarium".into()),
        resolution: WindowResolution::new(1280, 720),
        present_mode: PresentMode::AutoVsync,
        ..default()
    };
    let log = LogPlugin {
        level: Level::WARN,
        // Software adapters and bare X servers make these warn of what they lack; the user cannot help it.
        filter: "wgpu=error,naga=warn,winit=error,bevy_render::renderer=error,bevy_egui::render=error".into(),
        ..default()
    };
    app.add_plugins(DefaultPlugins.set(WindowPlugin { primary_window: Some(window), ..default() }).set(log))
        .add_plugins(RenderPlugin { synchronous: false })
        .insert_resource(ClearColor(Color::srgb_u8(0x0b, 0x0d, 0x11)));
    let session = Session::start(waker(&app));
    let mut desk = Desk::new(session, scene, seed);
    if is_software(&adapter) {
        let settings = ui::ViewSettings { quality: ui::Quality::Low, ..desk.interface.view_settings() };
        desk.interface.set_view_settings(settings);
    }
    app.insert_non_send(desk)
        .init_resource::<LastNews>()
        .insert_resource(redraw_within(IDLE))
        .add_systems(First, collect)
        .add_systems(EguiPrimaryContextPass, show_panels);
    match app.run() {
        AppExit::Success => Ok(()),
        AppExit::Error(code) => Err(AppError::Ended(code.get())),
    }
}

fn is_software(adapter: &str) -> bool {
    ["llvmpipe", "swiftshader", "software"].iter().any(|name| adapter.to_lowercase().contains(name))
}

/// Wakes the event loop from the session's thread.
fn waker(app: &App) -> impl Fn() + Send + 'static {
    let proxy = app.world().get_resource::<EventLoopProxyWrapper>().map(|proxy| (**proxy).clone());
    move || {
        if let Some(proxy) = &proxy {
            // Fails only once the event loop is gone, and then nobody needs waking.
            let _ = proxy.send_event(WinitUserEvent::WakeUp);
        }
    }
}

/// Frames on input, on news from the session, on request, and at the latest after `wait`.
fn redraw_within(wait: Duration) -> WinitSettings {
    let mode = UpdateMode::reactive_low_power(wait);
    WinitSettings { focused_mode: mode, unfocused_mode: mode }
}

/// When the last news came, s since the start.
#[derive(Default, Resource)]
struct LastNews(f32);

/// Session → picture.
fn collect(
    mut desk: NonSendMut<Desk>,
    mut incoming: ResMut<IncomingSnapshots>,
    mut caption: ResMut<SceneCaption>,
    time: Res<Time<Real>>,
    mut last_news: ResMut<LastNews>,
    mut camera: MessageWriter<CameraCommand>,
    mut redraw: MessageWriter<RequestRedraw>,
) {
    let now = time.elapsed_secs();
    if let Some(snapshot) = desk.collect() {
        incoming.0.push(snapshot);
        last_news.0 = now;
    }
    let (title, collector) = desk.caption();
    if caption.set_if_neq(SceneCaption { title: title.to_owned(), collector }) {
        // Another scene: whatever the camera was looking at is gone.
        camera.write(CameraCommand::Frame);
    }
    if now - last_news.0 < SETTLING_S {
        redraw.write(RequestRedraw);
    }
}

/// Panels → session and picture.
fn show_panels(
    mut contexts: EguiContexts,
    mut desk: NonSendMut<Desk>,
    mut settings: ResMut<RenderSettings>,
    mut area: ResMut<ViewArea>,
    mut winit: ResMut<WinitSettings>,
    mut last_news: ResMut<LastNews>,
    time: Res<Time<Real>>,
    mut themed: Local<bool>,
    mut camera: MessageWriter<CameraCommand>,
    mut redraw: MessageWriter<RequestRedraw>,
) -> Result {
    let context = contexts.ctx_mut()?.clone();
    if !*themed {
        ui::apply_theme(&context);
        *themed = true;
        redraw.write(RequestRedraw);
        // Fonts take effect with the next pass.
        return Ok(());
    }
    let builder =
        egui::UiBuilder::new().layer_id(egui::LayerId::background()).max_rect(context.viewport_rect());
    let mut root = egui::Ui::new(context.clone(), "panels".into(), builder);
    let (shown, place) = desk.show(&mut root);
    if let Some(place) = place {
        camera.write(CameraCommand::LookAt(place.into()));
    }
    let zoom = context.zoom_factor();
    let rectangle = Rect::new(shown.view.min.x, shown.view.min.y, shown.view.max.x, shown.view.max.y);
    area.set_if_neq(ViewArea {
        rectangle: Some(Rect { min: rectangle.min * zoom, max: rectangle.max * zoom }),
        pointer_taken: shown.pointer_taken,
        keyboard_taken: shown.keyboard_taken,
    });
    let wanted = render_settings(desk.interface.view_settings(), &settings);
    settings.set_if_neq(wanted);
    // What a click or a key changed in this frame is drawn in the next ones.
    let pressed = context
        .input(|input| input.raw.events.iter().any(|event| !matches!(event, egui::Event::PointerMoved(_))));
    if pressed {
        last_news.0 = time.elapsed_secs();
    }
    if settings.turntable_deg_per_s != 0.0 {
        redraw.write(RequestRedraw);
    }
    let moved = context.input(|input| input.pointer.time_since_last_movement()) < 1.0;
    *winit = redraw_within(if moved { POINTER_RESTS } else { IDLE });
    Ok(())
}

/// The viewer's choices in the words of the picture.
fn render_settings(view: ui::ViewSettings, now: &RenderSettings) -> RenderSettings {
    let ui::ViewSettings { colour_by, ions, mosaic, cracks, captions, turntable, quality } = view;
    RenderSettings {
        colour_by: match colour_by {
            ui::ColourBy::Metal => render::ColourBy::Metal,
            ui::ColourBy::Age => render::ColourBy::Age,
            ui::ColourBy::GrowthMode => render::ColourBy::GrowthMode,
            ui::ColourBy::FilmThickness => render::ColourBy::FilmThickness,
        },
        show_ions: ions,
        show_film_mosaic: mosaic,
        show_cracks: cracks,
        show_caption: captions,
        show_legend: captions,
        quality: match quality {
            ui::Quality::Low => render::Quality::Low,
            ui::Quality::Medium => render::Quality::Medium,
            ui::Quality::High => render::Quality::High,
        },
        turntable_deg_per_s: if turntable { TURNTABLE_DEG_PER_S } else { 0.0 },
        ..now.clone()
    }
}
