//! How long frames take: the real app, driven by a script.
//!
//! Does: show a scene with panels, picture and session as the window does, in a window or on an image. Pause
//! and play at full speed by turns. Note the length of every frame.
//! Does not: leave out or smooth anything, but the two frames after every turn, which still belong to the
//! last.
//! Accuracy: turns alternate, so that a machine that gets busier, or a deposit that grows, weighs on both
//! alike. Without a window a frame ends when the adapter has drawn it, as if the screen were always ready.

use super::desk::Desk;
use super::session::Session;
use super::window::{AppError, ended, furnish, in_window, share, waker};
use crate::capture::{check_adapter, check_display};
use crate::render::{CaptureTarget, Meshing, SurfaceWork};
use crate::scene::Scene;
use crate::ui::{self, Request};
use bevy::app::ScheduleRunnerPlugin;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::render_resource::{PipelineCache, PollType, TextureFormat};
use bevy::render::renderer::RenderDevice;
use bevy::render::{Render, RenderApp, RenderSystems};
use bevy::window::{ExitCondition, RequestRedraw};
use bevy::winit::{WinitPlugin, WinitSettings};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Turns of pause and of full speed, each.
const TURNS: usize = 4;
/// Frames after a turn that belong to the one before it: one is being drawn while the next is prepared.
const BETWEEN: usize = 2;
/// Longest wait for the surface to settle at the beginning of a pause, frames.
const LONGEST_SETTLING: usize = 100;

/// What is measured.
#[derive(Clone, Debug)]
pub struct MeasureOptions {
    /// Cost of the picture; `None` is what the adapter suggests.
    pub quality: Option<crate::style::Quality>,
    /// Size of the window or image, pixels.
    pub size: (u32, u32),
    /// Frames while paused, and as many at full speed.
    pub frames: usize,
    /// Sites to plate before anything is shown.
    pub sites: u64,
    /// In a window, not on an image.
    pub window: bool,
    /// When the program was started.
    pub started: Instant,
}

/// Lengths of frames in one state, ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Lengths {
    /// Mean.
    pub mean_ms: f64,
    /// Half of the frames are shorter.
    pub p50_ms: f64,
    /// All but one in a hundred are shorter.
    pub p99_ms: f64,
}

impl Lengths {
    fn of(frames: &[Duration]) -> Self {
        let mut sorted: Vec<f64> = frames.iter().map(|frame| frame.as_secs_f64() * 1.0e3).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let rank = (share * sorted.len() as f64).ceil() as usize;
            sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
        };
        let mean_ms = sorted.iter().sum::<f64>() / sorted.len().max(1) as f64;
        Self { mean_ms, p50_ms: at(0.5), p99_ms: at(0.99) }
    }
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct FrameReport {
    /// Name of the graphics adapter.
    pub adapter: String,
    /// Width and height, pixels.
    pub size: (u32, u32),
    /// Cost of the picture.
    pub quality: String,
    /// From the start of the program to the first frame with the deposit on it, s; growing the deposit
    /// included.
    pub first_picture_s: f64,
    /// Frames of each of the two states.
    pub frames: usize,
    /// While paused.
    pub paused: Lengths,
    /// At full simulation speed.
    pub running: Lengths,
    /// 99th percentile at full speed over that while paused.
    pub p99_ratio: f64,
    /// What the thread that draws spent on mirroring and meshing per frame at full speed.
    pub surface_on_main_thread: Lengths,
    /// Times that the surface was replaced by a newer one while measured.
    pub renewals: u64,
    /// Time that one chunk of the surface takes on another thread, ms.
    pub chunk_ms: f64,
    /// Triangles of the surface at the end.
    pub triangles: usize,
    /// Steps of the simulation while it was measured.
    pub steps: u64,
    /// Time at full speed, s.
    pub running_s: f64,
    /// Every frame while paused, in order, ms.
    pub paused_ms: Vec<f64>,
    /// Every frame at full speed, in order, ms.
    pub running_ms: Vec<f64>,
}

/// Runs the script and returns what came out.
pub fn measure_frames(scene: Scene, seed: u64, options: MeasureOptions) -> Result<FrameReport, AppError> {
    if options.window {
        check_display()?;
    }
    let adapter = check_adapter()?;
    let mut app = App::new();
    if options.window {
        app.add_plugins(in_window(options.size));
    } else {
        on_image(&mut app, options.size);
    }
    let session = Session::start_grown(options.sites, share(&adapter), waker(&app));
    furnish(&mut app, Desk::new(session, scene, seed), &adapter);
    let drawn = Arc::new(AtomicBool::new(false));
    note_drawn(&mut app, drawn.clone(), !options.window);
    let report = Arc::new(Mutex::new(FrameReport { adapter, size: options.size, ..FrameReport::default() }));
    app.insert_resource(Script::new(options, drawn, report.clone())).add_systems(Last, follow_script);
    ended(app.run())?;
    let report = report.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(report.clone())
}

/// The engine without a window.
fn on_image(app: &mut App, (width, height): (u32, u32)) {
    app.add_plugins((
        DefaultPlugins.build().disable::<WinitPlugin>().disable::<LogPlugin>().set(WindowPlugin {
            primary_window: None,
            exit_condition: ExitCondition::DontExit,
            ..default()
        }),
        ScheduleRunnerPlugin::run_loop(Duration::ZERO),
    ));
    app.init_resource::<WinitSettings>();
    let image = Image::new_target_texture(width, height, TextureFormat::Rgba8UnormSrgb, None);
    let target = app.world_mut().resource_mut::<Assets<Image>>().add(image);
    app.insert_resource(CaptureTarget(target));
}

/// Notes when a frame has been drawn with all its pipelines; without a window also waits for it.
fn note_drawn(app: &mut App, drawn: Arc<AtomicBool>, wait: bool) {
    let Some(render_app) = app.get_sub_app_mut(RenderApp) else { return };
    let note = move |device: Res<RenderDevice>, pipelines: Res<PipelineCache>| {
        if wait {
            // A lost device shows in the frames to come.
            let _ = device.poll(PollType::wait_indefinitely());
        }
        drawn.store(pipelines.waiting_pipelines().next().is_none(), Ordering::Release);
    };
    render_app.add_systems(Render, note.in_set(RenderSystems::Cleanup));
}

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    /// Until the deposit is on the screen.
    Opening,
    /// Paused, until the surface is that of the last step.
    Settling,
    /// Paused.
    Paused,
    /// At full speed.
    Running,
}

#[derive(Resource)]
struct Script {
    options: MeasureOptions,
    drawn: Arc<AtomicBool>,
    report: Arc<Mutex<FrameReport>>,
    state: Act,
    /// Frames in this state so far.
    frame: usize,
    turn: usize,
    last: Instant,
    paused: Vec<Duration>,
    running: Vec<Duration>,
    surface: Vec<Duration>,
    /// How the surface is made while it is measured.
    usual: Option<Meshing>,
    /// Renewals and steps at the beginning of the turn at full speed.
    before: (u64, u64),
}

impl Script {
    fn new(options: MeasureOptions, drawn: Arc<AtomicBool>, report: Arc<Mutex<FrameReport>>) -> Self {
        Self {
            options,
            drawn,
            report,
            state: Act::Opening,
            frame: 0,
            turn: 0,
            last: Instant::now(),
            paused: Vec::new(),
            running: Vec::new(),
            surface: Vec::new(),
            usual: None,
            before: (0, 0),
        }
    }

    fn enter(&mut self, state: Act) {
        (self.state, self.frame) = (state, 0);
    }
}

/// Plays the script, a frame at a time.
fn follow_script(
    mut script: ResMut<Script>,
    mut desk: NonSendMut<Desk>,
    work: Res<SurfaceWork>,
    mut meshing: ResMut<Meshing>,
    mut redraw: MessageWriter<RequestRedraw>,
    mut exit: MessageWriter<AppExit>,
) {
    redraw.write(RequestRedraw);
    let script = &mut *script;
    let shared = script.report.clone();
    let length = std::mem::replace(&mut script.last, Instant::now()).elapsed();
    script.frame += 1;
    let frames_per_turn = script.options.frames.div_ceil(TURNS);
    let measured = script.frame > BETWEEN;
    match script.state {
        Act::Opening => {
            if let Some(quality) = script.options.quality {
                let settings = ui::ViewSettings { quality, ..desk.interface.view_settings() };
                desk.interface.set_view_settings(settings);
            }
            if work.renewals == 0 {
                script.frame = 0;
            } else if measured && script.drawn.load(Ordering::Acquire) {
                let report = &mut *shared.lock().unwrap_or_else(PoisonError::into_inner);
                report.first_picture_s = script.options.started.elapsed().as_secs_f64();
                report.quality = desk.interface.view_settings().quality.key().into();
                desk.act(&Request::Speed(None));
                desk.act(&Request::Pause);
                script.enter(Act::Settling);
            }
        }
        Act::Settling => {
            // What is left over from the last turn belongs to neither: as fast as it goes.
            let usual = *script.usual.get_or_insert(*meshing);
            *meshing = Meshing::Background;
            let settled = script.frame > 4 * BETWEEN && !work.renewing;
            if settled || script.frame > LONGEST_SETTLING {
                *meshing = usual;
                script.enter(Act::Paused);
            }
        }
        Act::Paused => {
            if measured {
                script.paused.push(length);
            }
            if script.frame == frames_per_turn + BETWEEN {
                desk.act(&Request::Play);
                script.before = (work.renewals, desk.steps());
                script.enter(Act::Running);
            }
        }
        Act::Running => {
            if measured {
                script.running.push(length);
                script.surface.push(work.main_thread);
            }
            if script.frame == frames_per_turn + BETWEEN {
                desk.act(&Request::Pause);
                let report = &mut *shared.lock().unwrap_or_else(PoisonError::into_inner);
                report.renewals += work.renewals - script.before.0;
                report.steps += desk.steps() - script.before.1;
                script.turn += 1;
                if script.turn < TURNS {
                    script.enter(Act::Settling);
                    return;
                }
                report.frames = script.running.len();
                report.paused = Lengths::of(&script.paused);
                report.running = Lengths::of(&script.running);
                report.p99_ratio = report.running.p99_ms / report.paused.p99_ms;
                report.surface_on_main_thread = Lengths::of(&script.surface);
                let in_order =
                    |frames: &[Duration]| frames.iter().map(|frame| frame.as_secs_f64() * 1.0e3).collect();
                report.paused_ms = in_order(&script.paused);
                report.running_ms = in_order(&script.running);
                report.triangles = work.triangles;
                report.chunk_ms = work.chunk.as_secs_f64() * 1.0e3;
                report.running_s = script.running.iter().sum::<Duration>().as_secs_f64();
                exit.write(AppExit::Success);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_frames() {
        let frames: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        let Lengths { mean_ms, p50_ms, p99_ms } = Lengths::of(&frames);
        assert!(
            (mean_ms - 50.5).abs() < 1e-9 && (p50_ms - 50.0).abs() < 1e-9 && (p99_ms - 99.0).abs() < 1e-9
        );
        assert_eq!(Lengths::of(&[]), Lengths::default());
    }
}
