//! When the next frame is due.
//!
//! Does: draw on input, on news and while something settles, so that a paused program on a software adapter
//! costs next to nothing.
//! Does not: draw.

use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use bevy::window::RequestRedraw;
use bevy::winit::{UpdateMode, WinitSettings};
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

/// Access to the pace of frames.
#[derive(SystemParam)]
pub(super) struct Frames<'w> {
    time: Res<'w, Time<Real>>,
    last_news: ResMut<'w, LastNews>,
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
        self.redraw.write(RequestRedraw);
    }

    /// Draws on while the last news settles; sooner or later after it, as the pointer moves or not.
    pub fn pace(&mut self, pointer_moved: bool) {
        if self.time.elapsed_secs() - self.last_news.0 < SETTLING_S {
            self.again();
        }
        *self.winit = redraw_within(if pointer_moved { POINTER_RESTS } else { IDLE });
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<LastNews>().insert_resource(redraw_within(IDLE)).add_systems(
        PreUpdate,
        only_changed_modifiers.after(EguiPreUpdateSet::ProcessInput).before(EguiPreUpdateSet::BeginPass),
    );
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
