//! The 3D picture.
//!
//! Does: show what snapshots hold. The metal is a smooth surface under the mosaic of its SEI. Host and
//! collector, Na⁺ ions, scale bar and legend complete it, with an orbit camera.
//! Does not: know the simulation, or write to it; the only way in is [`IncomingSnapshots`]. The same plugin
//! serves the window and the recorder.
//! Accuracy: the surface is that of a blurred occupancy, good to about half a site; it is for looking,
//! figures come from [`crate::observables`].
//!
//! World units are µm, z points up, z = 0 is the collector.

mod camera;
mod captions;
mod colour;
mod electrode;
mod ions;
mod light;
mod material;
mod mesh;
mod settings;
mod sheet;
mod studio;

pub use camera::{CameraCommand, StartView, ViewCamera};
pub use captions::{OverlayInfo, overlay};
pub use colour::{Legend, Palette, legend};
pub use mesh::budget::{Meshing, SurfaceWork};
pub use mesh::mirror::Mirror;
pub use settings::{IncomingSnapshots, RenderSettings, SceneCaption, ViewArea};
pub use sheet::CaptureTarget;

use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on};
use bevy_egui::render::EGUI_SHADER_HANDLE;
use bevy_egui::{EguiGlobalSettings, EguiPlugin};
use mesh::budget::{BRICKS_PER_FRAME, BRICKS_READ_AT_ONCE};
use mesh::chunks;
use mesh::news::News;
use std::collections::VecDeque;
use std::time::Duration;

/// Everything that draws.
///
/// Adds [`EguiPlugin`] where it is missing, and a camera that carries the primary egui context: panels drawn
/// in [`bevy_egui::EguiPrimaryContextPass`] lie over the picture.
#[derive(Clone, Copy, Debug, Default)]
pub struct RenderPlugin {
    /// Where and how fast the surface is made.
    pub meshing: Meshing,
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
            .init_resource::<SurfaceWork>()
            .init_resource::<Reading>()
            .insert_resource(self.meshing)
            .add_plugins((
                sheet::plugin,
                camera::plugin,
                light::plugin,
                material::plugin,
                chunks::plugin,
                electrode::plugin,
                ions::plugin,
                captions::plugin,
            ))
            .add_systems(PreUpdate, receive);
        if self.meshing == Meshing::Considerate {
            app.add_systems(PreStartup, lighten_panels);
        }
    }
}

/// Where the adapter draws on the processor, egui's share of a frame matters: see `panels.wgsl`.
fn lighten_panels(mut shaders: ResMut<Assets<Shader>>) {
    let shader = Shader::from_wgsl(include_str!("panels.wgsl"), "panels.wgsl");
    // Fails only for handles that have been dropped; this one is a constant.
    let _ = shaders.insert(EGUI_SHADER_HANDLE.id(), shader);
}

/// Snapshots on their way from the session to the mirror, oldest first.
#[derive(Default, Resource)]
struct Reading {
    under_way: VecDeque<Task<News>>,
    /// Read, and not yet all taken over.
    read: Option<News>,
}

/// Reads waiting snapshots, large ones on another thread, and takes over what is read, as much as this frame
/// can bear.
fn receive(
    meshing: Res<Meshing>,
    mut incoming: ResMut<IncomingSnapshots>,
    mut reading: ResMut<Reading>,
    mut mirror: ResMut<Mirror>,
    mut work: ResMut<SurfaceWork>,
) {
    work.main_thread = Duration::ZERO;
    let _clock = work.clock();
    if *meshing == Meshing::WithinTheFrame {
        for snapshot in incoming.0.drain(..) {
            mirror.take_over(&mut News::read(snapshot), usize::MAX);
        }
        return;
    }
    for snapshot in incoming.0.drain(..) {
        let idle = reading.under_way.is_empty() && reading.read.is_none();
        if idle && snapshot.bricks.len() <= BRICKS_READ_AT_ONCE {
            reading.read = Some(News::read(snapshot));
        } else {
            let task = AsyncComputeTaskPool::get().spawn(async move { News::read(snapshot) });
            reading.under_way.push_back(task);
        }
    }
    if reading.read.is_none() && reading.under_way.front_mut().is_some_and(|task| task.is_finished()) {
        reading.read = reading.under_way.pop_front().map(block_on);
    }
    if let Some(mut news) = reading.read.take()
        && !mirror.take_over(&mut news, BRICKS_PER_FRAME)
    {
        reading.read = Some(news);
    }
}
