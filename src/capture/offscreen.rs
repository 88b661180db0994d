//! The stage: the picture of [`crate::render`] on an image instead of a window.
//!
//! Does: draw one frame for one snapshot, in lock-step, and read it back.
//! Does not: skip, repeat or guess frames, or follow the clock on the wall.

use super::CaptureError;
use crate::observables::Snapshot;
use crate::render::{
    CaptureTarget, IncomingSnapshots, Meshing, RenderPlugin, RenderSettings, SceneCaption, StartView,
};
use crate::style::Background;
use bevy::app::{PluginsState, TerminalCtrlCHandlerPlugin};
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::render::render_asset::RenderAssets;
use bevy::render::render_resource::{
    BufferDescriptor, BufferUsages, CommandEncoderDescriptor, Extent3d, MapMode, PipelineCache, PollType,
    TexelCopyBufferInfo, TexelCopyBufferLayout, TextureFormat, TextureUsages,
};
use bevy::render::renderer::{RenderDevice, RenderQueue};
use bevy::render::texture::GpuImage;
use bevy::render::{RenderApp, RenderPlugin as BevyRenderPlugin};
use bevy::time::TimeUpdateStrategy;
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;
use std::time::Duration;

/// Smallest and largest side of a picture, pixels.
const SIDES: std::ops::RangeInclusive<u32> = 16..=8192;
/// Frames without waiting pipelines that count as ready: materials arrive one frame after their meshes.
const QUIET_FRAMES: u32 = 3;
/// Frames after which drawing goes on, even if something is still missing.
const LONGEST_WARM_UP: u32 = 200;

/// What a picture shows.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureOptions {
    /// Width and height, pixels.
    pub size: (u32, u32),
    /// What is drawn and how, turntable included.
    pub settings: RenderSettings,
    /// Title and what the view cannot read off a snapshot.
    pub caption: SceneCaption,
    /// Where the camera stands at first.
    pub view: StartView,
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self {
            size: (1280, 720),
            settings: RenderSettings { quality: crate::style::Quality::High, ..RenderSettings::default() },
            caption: SceneCaption::default(),
            view: StartView::default(),
        }
    }
}

impl PictureOptions {
    /// Says what could not be drawn, before anything is.
    pub fn check(&self) -> Result<(), CaptureError> {
        let (width, height) = self.size;
        if SIDES.contains(&width) && SIDES.contains(&height) {
            Ok(())
        } else {
            Err(CaptureError::Size { width, height })
        }
    }
}

/// One picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Width and height, pixels.
    pub size: (u32, u32),
    /// Red, green, blue, alpha (sRGB), rows from the top, four bytes per pixel.
    pub rgba: Vec<u8>,
}

/// A renderer without a window.
pub struct Offscreen {
    app: App,
    target: Handle<Image>,
    size: (u32, u32),
    transparent: bool,
    frame_time: Duration,
    warm: bool,
}

impl Offscreen {
    /// Starts a renderer whose clock moves on by `seconds_per_frame` with every frame. Call
    /// [`super::check_adapter`] first: without an adapter this panics inside Bevy.
    pub fn new(options: &PictureOptions, seconds_per_frame: f64) -> Result<Self, CaptureError> {
        options.check()?;
        let (width, height) = options.size;
        let mut app = App::new();
        app.add_plugins(
            DefaultPlugins
                .build()
                .disable::<WinitPlugin>()
                // The caller decides on logging and on what Ctrl-C means.
                .disable::<LogPlugin>()
                .disable::<TerminalCtrlCHandlerPlugin>()
                // One call of `update` must draw the frame it prepared.
                .disable::<PipelinedRenderingPlugin>()
                .set(WindowPlugin {
                    primary_window: None,
                    exit_condition: ExitCondition::DontExit,
                    ..default()
                })
                .set(BevyRenderPlugin { synchronous_pipeline_compilation: true, ..default() }),
        );
        app.insert_resource(TimeUpdateStrategy::ManualDuration(Duration::ZERO))
            .insert_resource(options.settings.clone())
            .insert_resource(options.caption.clone())
            .insert_resource(options.view)
            .add_plugins(RenderPlugin { meshing: Meshing::WithinTheFrame });
        let mut image = Image::new_target_texture(width, height, TextureFormat::Rgba8UnormSrgb, None);
        image.texture_descriptor.usage |= TextureUsages::COPY_SRC;
        let target = app.world_mut().resource_mut::<Assets<Image>>().add(image);
        app.insert_resource(CaptureTarget(target.clone()));
        while app.plugins_state() == PluginsState::Adding {
            bevy::tasks::tick_global_task_pools_on_main_thread();
        }
        app.finish();
        app.cleanup();
        let frame_time = Duration::from_secs_f64(seconds_per_frame.max(0.0));
        let transparent = options.settings.background == Background::Transparent;
        Ok(Self { app, target, size: options.size, transparent, frame_time, warm: false })
    }

    /// Draws the state after `snapshot`. The first frame is drawn when all is loaded, at time zero.
    pub fn draw(&mut self, snapshot: Snapshot) -> Result<Frame, CaptureError> {
        self.app.world_mut().resource_mut::<IncomingSnapshots>().0.push(snapshot);
        if self.warm {
            self.app.insert_resource(TimeUpdateStrategy::ManualDuration(self.frame_time));
            self.app.update();
        } else {
            self.warm_up();
            self.warm = true;
        }
        self.read_back()
    }

    /// Changes the settings of the following frames.
    pub fn settings_mut(&mut self) -> Mut<'_, RenderSettings> {
        self.app.world_mut().resource_mut::<RenderSettings>()
    }

    fn warm_up(&mut self) {
        let mut quiet = 0;
        for _ in 0..LONGEST_WARM_UP {
            self.app.update();
            let waiting = self
                .app
                .sub_app(RenderApp)
                .world()
                .resource::<PipelineCache>()
                .waiting_pipelines()
                .next()
                .is_some();
            quiet = if waiting { 0 } else { quiet + 1 };
            if quiet > QUIET_FRAMES {
                break;
            }
        }
    }

    /// Copies the image out of the adapter. Everything of this frame has been submitted by now.
    fn read_back(&self) -> Result<Frame, CaptureError> {
        let world = self.app.sub_app(RenderApp).world();
        let device = world.resource::<RenderDevice>();
        let queue = world.resource::<RenderQueue>();
        let image = world
            .resource::<RenderAssets<GpuImage>>()
            .get(&self.target)
            .ok_or_else(|| CaptureError::Readback("the image was never made".into()))?;
        let (width, height) = self.size;
        let row = width as usize * 4;
        let padded = RenderDevice::align_copy_bytes_per_row(row);
        let buffer = device.create_buffer(&BufferDescriptor {
            label: Some("frame"),
            size: (padded * height as usize) as u64,
            usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor::default());
        encoder.copy_texture_to_buffer(
            image.texture.as_image_copy(),
            TexelCopyBufferInfo {
                buffer: &buffer,
                layout: TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(padded as u32),
                    rows_per_image: None,
                },
            },
            Extent3d { width, height, depth_or_array_layers: 1 },
        );
        queue.submit([encoder.finish()]);
        let (sender, mapped) = std::sync::mpsc::channel();
        let slice = buffer.slice(..);
        slice.map_async(MapMode::Read, move |result| {
            // The receiver lives until the answer has come, a few lines below.
            sender.send(result).ok();
        });
        device
            .poll(PollType::wait_indefinitely())
            .map_err(|error| CaptureError::Readback(error.to_string()))?;
        match mapped.recv() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(CaptureError::Readback(error.to_string())),
            Err(error) => return Err(CaptureError::Readback(error.to_string())),
        }
        let mut rgba = Vec::with_capacity(row * height as usize);
        for line in slice.get_mapped_range().chunks_exact(padded) {
            rgba.extend_from_slice(&line[..row]);
        }
        if self.transparent {
            rgba.as_chunks_mut().0.iter_mut().for_each(divide_by_alpha);
        } else {
            // What lies behind the picture is of no interest to a file.
            rgba.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
        }
        Ok(Frame { size: self.size, rgba })
    }
}

/// Colours come multiplied by how opaque they are, and files hold them as they are.
fn divide_by_alpha(pixel: &mut [u8; 4]) {
    let [red, green, blue, alpha] = *pixel;
    if alpha == 0 {
        *pixel = [0; 4];
    } else if alpha < 255 {
        let straight = |channel: u8| {
            let linear = Color::srgb_u8(channel, 0, 0).to_linear().red * 255.0 / f32::from(alpha);
            (Color::linear_rgb(linear.min(1.0), 0.0, 0.0).to_srgba().red * 255.0).round() as u8
        };
        *pixel = [straight(red), straight(green), straight(blue), alpha];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_covered_pixels_keep_their_colour() {
        // White at half opacity is stored as half its light.
        let half = (Color::linear_rgb(128.0 / 255.0, 0.0, 0.0).to_srgba().red * 255.0).round() as u8;
        for (stored, straight) in [
            ([half, half, 0, 128], [255, 255, 0, 128]),
            ([7, 7, 7, 0], [0; 4]),
            ([9, 8, 7, 255], [9, 8, 7, 255]),
        ] {
            let mut pixel = stored;
            divide_by_alpha(&mut pixel);
            let near = pixel.iter().zip(straight).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(near, "{stored:?} became {pixel:?}");
        }
    }
}
