//! When the next frame is due.
//!
//! Does: draw on input, on news and while something settles, so that a paused program on a software adapter
//! costs next to nothing. A window that nobody sees is not drawn, also while a run goes on.
//! Does not: draw.

use bevy::ecs::system::{NonSendMarker, SystemParam};
use bevy::prelude::*;
use bevy::window::{PrimaryWindow, RequestRedraw, WindowOccluded};
use bevy::winit::{UpdateMode, WINIT_WINDOWS, WinitSettings};
use bevy_egui::egui::{Event, Modifiers};
use bevy_egui::{EguiInput, EguiPreUpdateSet};
use std::time::Duration;

/// Longest time between two frames when nothing happens.
const IDLE: Duration = Duration::from_secs(5);
/// The same shortly after the pointer moved, when a hint may want to appear.
const POINTER_RESTS: Duration = Duration::from_millis(300);
/// How long frames go on after news: the surface is made in the background, the camera eases.
const SETTLING_S: f32 = 1.5;

/// When the last news came, s since the start.
#[derive(Default, Resource)]
struct LastNews(f32);

/// Whether the window is covered by others, and whether it is covered or minimised.
#[derive(Default, Resource)]
struct Hidden {
    covered: bool,
    all: bool,
}

/// Access to the pace of frames.
#[derive(SystemParam)]
pub(super) struct Frames<'w> {
    time: Res<'w, Time<Real>>,
    last_news: ResMut<'w, LastNews>,
    hidden: Res<'w, Hidden>,
    winit: ResMut<'w, WinitSettings>,
    redraw: MessageWriter<'w, RequestRedraw>,
}

impl Frames<'_> {
    /// Something changed: draw until it has settled.
    pub fn news(&mut self) {
        self.last_news.0 = self.time.elapsed_secs();
    }

    /// Draw once more.
    pub fn again(&mut self) {
        if !self.hidden.all {
            self.redraw.write(RequestRedraw);
        }
    }

    /// Draws on while the last news settles; sooner or later after it, as the pointer moves or not.
    pub fn pace(&mut self, pointer_moved: bool) {
        if self.hidden.all {
            let unseen = UpdateMode::Reactive {
                wait: IDLE,
                react_to_device_events: false,
                react_to_user_events: false,
                react_to_window_events: true,
            };
            *self.winit = WinitSettings { focused_mode: unseen, unfocused_mode: unseen };
            return;
        }
        if self.time.elapsed_secs() - self.last_news.0 < SETTLING_S {
            self.again();
        }
        *self.winit = redraw_within(if pointer_moved { POINTER_RESTS } else { IDLE });
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<LastNews>().init_resource::<Hidden>().insert_resource(redraw_within(IDLE));
    app.add_systems(First, look_whether_hidden).add_systems(
        PreUpdate,
        only_changed_modifiers.after(EguiPreUpdateSet::ProcessInput).before(EguiPreUpdateSet::BeginPass),
    );
}

/// Display servers tell that a window is covered; that it is minimised or unmapped must be asked.
fn look_whether_hidden(
    mut covered: MessageReader<WindowOccluded>,
    windows: Query<Entity, With<PrimaryWindow>>,
    mut hidden: ResMut<Hidden>,
    mut server: Local<DisplayServer>,
    _windows_belong_to_this_thread: NonSendMarker,
) {
    if let Some(message) = covered.read().last() {
        hidden.covered = message.occluded;
    }
    let away = windows.single().is_ok_and(|window| {
        WINIT_WINDOWS.with_borrow(|windows| {
            let window = windows.get_window(window)?;
            Some(window.is_minimized().unwrap_or(false) || server.has_unmapped(window))
        }) == Some(true)
    });
    hidden.all = hidden.covered || away;
}

/// A connection of our own to an X server: without a window manager nobody else tells that a window was
/// unmapped.
#[cfg(all(unix, not(target_vendor = "apple")))]
#[derive(Default)]
struct DisplayServer(Option<Option<x11rb::rust_connection::RustConnection>>);

#[cfg(all(unix, not(target_vendor = "apple")))]
impl DisplayServer {
    /// False where the window is no X11 window, or the server does not answer.
    fn has_unmapped(&mut self, window: &winit::window::Window) -> bool {
        use winit::raw_window_handle::{HasWindowHandle, RawWindowHandle};
        use x11rb::protocol::xproto::{ConnectionExt, MapState};
        let id = match window.window_handle().map(|handle| handle.as_raw()) {
            Ok(RawWindowHandle::Xlib(handle)) => u32::try_from(handle.window).ok(),
            Ok(RawWindowHandle::Xcb(handle)) => Some(handle.window.get()),
            _ => None,
        };
        let Some(id) = id else { return false };
        let server = self.0.get_or_insert_with(|| Some(x11rb::connect(None).ok()?.0));
        let state = server.as_ref().and_then(|server| server.get_window_attributes(id).ok()?.reply().ok());
        state.is_some_and(|state| state.map_state == MapState::UNMAPPED)
    }
}

/// Other display servers tell by themselves.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
#[derive(Default)]
struct DisplayServer;

#[cfg(not(all(unix, not(target_vendor = "apple"))))]
impl DisplayServer {
    fn has_unmapped(&mut self, _: &winit::window::Window) -> bool {
        false
    }
}

/// bevy_egui reports the modifier keys in every frame, and egui wants another frame after every event:
/// together they would never rest. Only changes are news.
fn only_changed_modifiers(mut inputs: Query<&mut EguiInput>, mut last: Local<Option<Modifiers>>) {
    for mut input in &mut inputs {
        input.events.retain(|event| match event {
            Event::ModifiersChanged(now) => last.replace(*now) != Some(*now),
            _ => true,
        });
    }
}

/// Frames on input, on news from the session, on request, and at the latest after `wait`.
fn redraw_within(wait: Duration) -> WinitSettings {
    let mode = UpdateMode::reactive_low_power(wait);
    WinitSettings { focused_mode: mode, unfocused_mode: mode }
}
