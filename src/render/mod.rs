//! The 3D picture.
//!
//! Does: show what snapshots tell: the metal as a smooth surface under the mosaic of its SEI, host and collector,
//! Na⁺ ions, scale bar and legend, with an orbit camera. Does not: know the simulation, or write to it; the only
//! way in is [`IncomingSnapshots`]. The same plugin serves the window and the recorder.
//! Accuracy: the surface is that of a blurred occupancy, good to about half a site; it is for looking, figures come
//! from [`crate::observables`].
//!
//! World units are µm, z points up, z = 0 is the collector.

mod camera;
mod chunks;
mod colour;
mod electrode;
mod instruments;
mod ions;
mod light;
mod material;
mod mirror;
mod settings;
mod shading;
mod surface;

pub use camera::{CameraCommand, CaptureTarget, StartView, ViewCamera};
pub use colour::{ColourBy, Legend, Palette, legend};
pub use instruments::{OverlayInfo, overlay};
pub use mirror::Mirror;
pub use settings::{IncomingSnapshots, Quality, RenderSettings, SceneCaption, ViewArea};

use bevy::prelude::*;
use bevy_egui::{EguiGlobalSettings, EguiPlugin};

/// Everything that draws.
///
/// Adds [`EguiPlugin`] where it is missing, and a camera that carries the primary egui context: panels drawn in
/// [`bevy_egui::EguiPrimaryContextPass`] lie over the picture.
#[derive(Clone, Copy, Debug, Default)]
pub struct RenderPlugin {
    /// Make the surface within the frame that needs it. For recording; a window had rather stay responsive.
    pub synchronous: bool,
}

impl Plugin for RenderPlugin {
    fn build(&self, app: &mut App) {
        if !app.is_plugin_added::<EguiPlugin>() {
            app.add_plugins(EguiPlugin::default());
        }
        app.world_mut().resource_mut::<EguiGlobalSettings>().auto_create_primary_context = false;
        app.init_resource::<RenderSettings>()
            .init_resource::<SceneCaption>()
            .init_resource::<IncomingSnapshots>()
            .init_resource::<ViewArea>()
            .init_resource::<Mirror>()
            .insert_resource(chunks::Synchronous(self.synchronous))
            .add_plugins((
                camera::plugin,
                light::plugin,
                material::plugin,
                chunks::plugin,
                electrode::plugin,
                ions::plugin,
                instruments::plugin,
            ))
            .add_systems(PreUpdate, receive);
    }
}

/// Takes over waiting snapshots.
fn receive(mut incoming: ResMut<IncomingSnapshots>, mut mirror: ResMut<Mirror>) {
    if incoming.0.is_empty() {
        return;
    }
    for snapshot in incoming.0.drain(..) {
        mirror.apply(&snapshot);
    }
}
