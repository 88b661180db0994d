//! What a host program may set, and how it feeds the picture.
//!
//! Does: hold the few resources through which the window and the recorder steer the view.
//! Does not: draw anything.

use crate::observables::Snapshot;
use crate::style::{Background, ColourBy, Quality};
use bevy::prelude::*;

/// What is drawn and how. Change it at any time; the picture follows.
#[derive(Clone, Debug, PartialEq, Resource)]
pub struct RenderSettings {
    /// What the colour of the metal means.
    pub colour_by: ColourBy,
    /// Draw the Na⁺ ions.
    pub show_ions: bool,
    /// Tint the SEI patches and darken the seams between them.
    pub show_film_mosaic: bool,
    /// Mark cracks and the roots of filaments with a glow, where the colour is that of metal and SEI.
    pub show_cracks: bool,
    /// Draw the edges of the periodic box.
    pub show_box: bool,
    /// Draw the scale bar.
    pub show_scale_bar: bool,
    /// Draw title, time and capacity.
    pub show_caption: bool,
    /// Draw the legend of the active colours.
    pub show_legend: bool,
    /// What lies behind the deposit; chosen before the app starts.
    pub background: Background,
    /// Cost of the picture.
    pub quality: Quality,
    /// Turntable speed, degrees per second about the vertical; 0 stands still.
    pub turntable_deg_per_s: f32,
}

impl Default for RenderSettings {
    fn default() -> Self {
        Self {
            colour_by: ColourBy::default(),
            show_ions: true,
            show_film_mosaic: true,
            show_cracks: true,
            show_box: true,
            show_scale_bar: true,
            show_caption: true,
            show_legend: true,
            background: Background::default(),
            quality: Quality::default(),
            turntable_deg_per_s: 0.0,
        }
    }
}

/// What the view cannot read off a snapshot.
#[derive(Clone, Debug, PartialEq, Resource)]
pub struct SceneCaption {
    /// Title of the scene, written over the picture.
    pub title: String,
    /// True when a collector lies at z = 0; false for a deposit that grows from a point in free electrolyte.
    pub collector: bool,
    /// True where the host bears gold seeds.
    pub seeds: bool,
}

impl Default for SceneCaption {
    fn default() -> Self {
        Self { title: String::new(), collector: true, seeds: false }
    }
}

/// Snapshots that wait to be shown, oldest first. Push here; the render plugin drains it every frame.
#[derive(Debug, Default, Resource)]
pub struct IncomingSnapshots(pub Vec<Snapshot>);

/// Where on the screen the 3D view is, and whether the mouse and keyboard belong to it.
///
/// The user interface writes it every frame; without a user interface the default (whole target, input
/// free) is right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Resource)]
pub struct ViewArea {
    /// Visible part of the screen in logical pixels, origin at the top left; `None` is all of it.
    /// Only this part is drawn in 3D, and overlays keep inside it.
    pub rectangle: Option<Rect>,
    /// True while a widget uses the pointer: dragging and scrolling then do not move the camera.
    pub pointer_taken: bool,
    /// True while a text field has the keyboard: keys then do not move the camera.
    pub keyboard_taken: bool,
}

impl ViewArea {
    /// The visible part of a screen of this size, logical pixels; all of it where panels leave nothing.
    pub(super) fn seen(&self, screen: Vec2) -> Rect {
        let whole = Rect::from_corners(Vec2::ZERO, screen);
        let seen = self.rectangle.unwrap_or(whole).intersect(whole);
        if seen.is_empty() { whole } else { seen }
    }
}
