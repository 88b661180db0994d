//! What the window works on: the session, the panels, and the story of the run so far.
//!
//! Does: act on what the panels ask for, take over what the session sends.
//! Does not: draw, or open a window.

use super::command::Command;
use super::session::Session;
use crate::observables::{Cycle, Event, EventKind, Failure, Metrics, PresentStep, Snapshot};
use crate::scene::{self, Scene, SceneSpec, UntilSpec};
use crate::simulation::Control;
use crate::ui::{self, Facts, History, Interface, Library, Request, RunStatus};
use crate::units;
use std::time::{Duration, Instant};

/// Everything behind the panels.
pub(super) struct Desk {
    session: Session,
    /// The panels.
    pub interface: Interface,
    library: Library,
    opened: SceneSpec,
    running: Scene,
    status: RunStatus,
    generation: u64,
    metrics: Metrics,
    history: History,
    events: Vec<Event>,
    cycles: Vec<Cycle>,
    present_step: Option<PresentStep>,
    death: Option<Failure>,
    /// What the panels showed of the run that the last restart or opening replaced.
    aside: Option<Aside>,
    /// The curves of a run that is about to come back.
    history_back: Option<History>,
    /// When the present run was opened.
    opened_at: Instant,
}

/// A run that is younger does not take the place of the one that is aside: two slips in a row lose nothing.
const WORTH_KEEPING: Duration = Duration::from_secs(3);

/// A run that is kept, as the panels know it.
struct Aside {
    opened: SceneSpec,
    running: Scene,
    seed: u64,
    history: History,
    interface: Interface,
}

impl Desk {
    /// Opens `scene` in `session` and plays it.
    pub fn new(session: Session, scene: Scene, seed: u64) -> Self {
        let mut interface = Interface::default();
        let speed = interface.forget_edits(&scene.spec);
        let mut desk = Self {
            session,
            interface,
            library: Library::embedded(),
            opened: scene.spec.clone(),
            running: scene,
            status: RunStatus { seed, speed: Some(speed), ..RunStatus::default() },
            generation: 0,
            metrics: Metrics::default(),
            history: History::default(),
            events: Vec::new(),
            cycles: Vec::new(),
            present_step: None,
            death: None,
            aside: None,
            history_back: None,
            opened_at: Instant::now(),
        };
        desk.session.send(Command::Speed(desk.status.speed));
        desk.open_running(false);
        desk.session.send(Command::Play);
        desk
    }

    /// Title of the run, and whether it grows from a collector and between seeds. A scene that was changed no
    /// longer shows what its title says, so the electrolyte stands in for it.
    pub fn caption(&self) -> (&str, bool, bool) {
        let (spec, opened) = (&self.running.spec, &self.opened);
        let changed = spec.electrolyte != opened.electrolyte
            || spec.host != opened.host
            || spec.cell != opened.cell
            || spec.protocol != opened.protocol;
        let title = if changed { &self.running.electrolyte.title } else { &spec.title };
        (title, spec.start.is_electrode(), spec.host.has_seeds())
    }

    /// Steps of the present run, as last heard.
    pub fn steps(&self) -> u64 {
        self.metrics.step
    }

    /// Takes over what the session has to tell, and returns what changed for the picture.
    pub fn collect(&mut self) -> Option<Snapshot> {
        let (snapshot, status) = self.session.collect();
        if status.failure.is_some() && (self.status.playing || self.generation != status.generation) {
            self.status.message = status.failure.clone();
        }
        if self.generation != status.generation {
            self.generation = status.generation;
            self.forget_run();
        }
        self.status.playing = status.playing;
        self.status.finished = status.finished;
        self.status.can_undo = status.can_undo && self.aside.is_some();
        self.status.pace = status.pace;
        if let Some(snapshot) = &snapshot {
            self.metrics = snapshot.metrics.clone();
            self.history.push(&snapshot.metrics);
            snapshot.course.iter().for_each(|moment| self.history.push_course(moment));
            self.events = told(&snapshot.events);
            self.cycles.clone_from(&snapshot.cycles);
            self.present_step = snapshot.present_step;
            self.status.ending = snapshot.ending;
            // A death is told once; the panels go on showing it.
            if let Some(death) = snapshot.failure.filter(|_| self.death.is_none()) {
                self.status.message = Some(ui::death(&death));
            }
            self.death = snapshot.failure;
        }
        snapshot
    }

    /// Shows the panels, acts on what they ask for, and says where the camera should fly, µm.
    pub fn show(&mut self, ui: &mut bevy_egui::egui::Ui) -> (crate::ui::Shown, Option<[f32; 3]>) {
        let facts = Facts {
            library: &self.library,
            opened: &self.opened,
            running: &self.running,
            status: &self.status,
            metrics: &self.metrics,
            history: &self.history,
            events: &self.events,
            cycles: &self.cycles,
            present_step: self.present_step,
            failure: self.death,
        };
        let shown = self.interface.show(ui, &facts);
        let place = shown.requests.iter().filter_map(|request| self.act(request)).last();
        (shown, place)
    }

    /// Does what a panel asked for; a place to look at is returned, µm.
    pub fn act(&mut self, request: &Request) -> Option<[f32; 3]> {
        match request {
            Request::Play => self.session.send(Command::Play),
            Request::Continue => self.go_on(),
            Request::Undo => self.undo(),
            Request::Pause => self.session.send(Command::Pause),
            Request::Step => self.session.send(Command::Step(1)),
            Request::Speed(speed) => {
                self.status.speed = *speed;
                self.session.send(Command::Speed(*speed));
            }
            Request::CurrentDensity { ma_cm2 } => {
                let a_per_m2 = units::a_m2_from_ma_cm2(*ma_cm2);
                self.session.send(Command::Control(Control::CurrentDensity { a_per_m2 }));
            }
            Request::Restart { new_seed } => self.restart(*new_seed),
            Request::Open(name) => self.open(name),
            Request::LookAt(place) => {
                let edge_um = self.running.spec.lattice.edge_um as f32;
                return Some(place.map(|sites| sites * edge_um));
            }
            Request::DismissMessage => self.status.message = None,
        }
        None
    }

    /// The present scene from the beginning, with what the panels show.
    fn restart(&mut self, new_seed: bool) {
        match ui::resolve(self.interface.edit(&self.opened)) {
            Ok(scene) => {
                let keep = self.put_aside();
                self.running = scene;
                if new_seed {
                    // The next number: a run that pleased is found again by counting back.
                    self.status.seed = self.status.seed.wrapping_add(1);
                }
                self.status.message = None;
                self.open_running(keep);
                if self.status.finished {
                    self.session.send(Command::Play);
                }
            }
            Err(problem) => self.status.message = Some(problem),
        }
    }

    fn open(&mut self, name: &str) {
        match scene::load(name) {
            Ok(scene) => {
                let keep = self.put_aside();
                self.opened = scene.spec.clone();
                self.status.seed = scene.spec.seed;
                self.running = scene;
                let speed = self.interface.forget_edits(&self.opened);
                if self.status.speed.is_some() {
                    self.status.speed = Some(speed);
                    self.session.send(Command::Speed(Some(speed)));
                }
                self.status.message = None;
                self.open_running(keep);
                self.session.send(Command::Play);
            }
            Err(error) => self.status.message = Some(error.to_string()),
        }
    }

    /// Goes on beyond the limits of the run, as far again as the scene's.
    fn go_on(&mut self) {
        let (own, now) = (self.opened.limits(), self.running.spec.limits());
        let further = |now: Option<f64>, own: Option<f64>| Some(now? + own.unwrap_or(now?));
        let until = UntilSpec {
            areal_capacity_mah_cm2: further(now.areal_capacity_mah_cm2, own.areal_capacity_mah_cm2),
            time_s: further(now.time_s, own.time_s),
            sites: now.sites.map(|sites| sites + own.sites.unwrap_or(sites)),
        };
        self.running.spec.until = Some(until);
        self.session.send(Command::Control(Control::Until(until)));
        self.session.send(Command::Play);
    }

    /// Keeps what the panels show of the run that is about to be replaced; true where the run is worth it.
    fn put_aside(&mut self) -> bool {
        let old = self.opened_at.elapsed() >= WORTH_KEEPING;
        let keep = self.metrics.time_s > 0.0 && (old || self.aside.is_none());
        if keep {
            self.aside = Some(Aside {
                opened: self.opened.clone(),
                running: self.running.clone(),
                seed: self.status.seed,
                history: self.history.clone(),
                interface: self.interface.clone(),
            });
        }
        keep
    }

    /// The run that was put aside and the present one change places.
    fn undo(&mut self) {
        let Some(before) = self.aside.take() else { return };
        let now = Aside {
            opened: std::mem::replace(&mut self.opened, before.opened),
            running: std::mem::replace(&mut self.running, before.running),
            seed: std::mem::replace(&mut self.status.seed, before.seed),
            history: std::mem::take(&mut self.history),
            interface: self.interface.clone(),
        };
        self.interface.bring_back(before.interface);
        self.opened_at = Instant::now();
        self.aside = Some(now);
        self.status.message = None;
        self.session.send(Command::Undo);
        self.history_back = Some(before.history);
    }

    fn open_running(&mut self, keep: bool) {
        self.opened_at = Instant::now();
        let scene = Box::new(self.running.clone());
        self.session.send(Command::Open { scene, seed: self.status.seed, keep });
    }

    fn forget_run(&mut self) {
        self.interface.forget_run();
        self.metrics = Metrics::default();
        self.history = self.history_back.take().unwrap_or_default();
        self.events.clear();
        self.cycles.clear();
        (self.present_step, self.death, self.status.ending) = (None, None, None);
    }
}

/// The events worth telling: of the many changes of a dragged slider only the last.
fn told(events: &[Event]) -> Vec<Event> {
    let changed = |event: &Event| event.kind == EventKind::CurrentChanged;
    let mut told: Vec<Event> = Vec::new();
    for event in events {
        if changed(event) && told.last().is_some_and(changed) {
            told.pop();
        }
        told.push(*event);
    }
    told
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
