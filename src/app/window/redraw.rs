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

/// Display servers tell that a window is covered; that it is minimised must be asked.
fn look_whether_hidden(
    mut covered: MessageReader<WindowOccluded>,
    windows: Query<Entity, With<PrimaryWindow>>,
    mut hidden: ResMut<Hidden>,
    _windows_belong_to_this_thread: NonSendMarker,
) {
    if let Some(message) = covered.read().last() {
        hidden.covered = message.occluded;
    }
    let minimised = windows.single().is_ok_and(|window| {
        WINIT_WINDOWS.with_borrow(|windows| windows.get_window(window)?.is_minimized()).unwrap_or(false)
    });
    hidden.all = hidden.covered || minimised;
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
