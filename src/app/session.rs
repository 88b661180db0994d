//! One simulation on a thread of its own.
//!
//! Does: take commands in, run steps at the asked pace, hand snapshots out.
//! Does not: draw, read files, or know of a window. The viewer never waits for the simulation and the
//! simulation never waits for a frame. A snapshot is taken only after the viewer has collected the one
//! before. What changed in between is merged and nothing is lost. Where the picture is drawn in software it
//! is drawn by the same cores and goes first. The thread then runs on one core and rests after every batch.
//! Frames stay as even as while paused. On a graphics adapter it takes what it gets.
//! Accuracy: the pace is kept to one simulation step; when the machine cannot keep up, the backlog is dropped
//! instead of being caught up later. How many steps fall between two snapshots depends on the machine. The
//! state after N steps does not: control changes act between steps and the simulation logs them.

use super::command::{Command, Status};
use super::engine::{Engine, panic_sentence};
use super::pacer::Pacer;
use super::share::{SNAPSHOT_INTERVAL, Share};
use crate::observables::{Metrics, Snapshot, thin_course};
use crate::scene::Scene;
use crate::simulation::Simulation;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Moments kept between two snapshots: a voltage turns sharply, and a slow picture must not smooth it.
const MOST_MOMENTS: usize = 256;

/// Builds a run, or says in one sentence why it cannot be built.
type Build = dyn Fn(&Scene, u64) -> Result<Box<dyn Engine>, String> + Send;

/// What travels from the thread to the viewer.
#[derive(Default)]
struct Outbox {
    snapshot: Option<Snapshot>,
    status: Status,
}

enum Message {
    Command(Command),
    /// The viewer collected the last snapshot: room for another.
    Collected,
    Quit,
}

/// Handle of the thread; dropping it ends the thread.
pub struct Session {
    messages: Sender<Message>,
    outbox: Arc<Mutex<Outbox>>,
    thread: Option<JoinHandle<()>>,
}

impl Session {
    /// Starts the thread. `wake` is called from it whenever there is something new to collect.
    pub fn start(share: Share, wake: impl Fn() + Send + 'static) -> Self {
        Self::start_grown(0, share, wake)
    }

    /// The same, where every run begins with so many sites plated: to look at and to measure large deposits.
    pub fn start_grown(sites: u64, share: Share, wake: impl Fn() + Send + 'static) -> Self {
        let build = move |scene: &Scene, seed| -> Result<Box<dyn Engine>, String> {
            let mut simulation = Simulation::new(scene, seed).map_err(|error| error.to_string())?;
            while simulation.sites_plated() < sites && !simulation.finished() {
                simulation.advance(1);
            }
            Ok(Box::new(simulation))
        };
        Self::with_build(Box::new(build), share, wake)
    }

    fn with_build(build: Box<Build>, share: Share, wake: impl Fn() + Send + 'static) -> Self {
        let (messages, inbox) = channel();
        let outbox = Arc::new(Mutex::new(Outbox::default()));
        let shared = outbox.clone();
        let thread = std::thread::spawn(move || {
            // A pool of this thread alone. Where it cannot be had, the simulation works on all cores, which
            // is no error.
            let alone = || rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().ok();
            let _pool = (share != Share::All).then(alone);
            let worker = Worker {
                build,
                wake: Box::new(wake),
                inbox,
                outbox: shared,
                run: None,
                aside: None,
                status: Status::default(),
                reported: Status::default(),
                speed: None,
                pacer: Pacer::new(0.0),
                share,
                rests_until: Instant::now(),
            };
            worker.serve();
        });
        Self { messages, outbox, thread: Some(thread) }
    }

    /// Sends a command; it takes effect between two steps.
    pub fn send(&self, command: Command) {
        // The thread ends only when this handle is dropped, and a closed channel means just that.
        let _ = self.messages.send(Message::Command(command));
    }

    /// Collects what changed since the last call, and where the run stands. Never waits for a step.
    pub fn collect(&self) -> (Option<Snapshot>, Status) {
        let (snapshot, status) = {
            let mut outbox = lock(&self.outbox);
            (outbox.snapshot.take(), outbox.status.clone())
        };
        if snapshot.is_some() {
            let _ = self.messages.send(Message::Collected);
        }
        (snapshot, status)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.messages.send(Message::Quit);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported through the status already.
            let _ = thread.join();
        }
    }
}

/// A poisoned lock still holds a whole outbox: every write to it is one assignment.
fn lock(outbox: &Mutex<Outbox>) -> MutexGuard<'_, Outbox> {
    outbox.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

struct Run {
    engine: Box<dyn Engine>,
    /// True when something may have changed since the last snapshot.
    changed: bool,
    /// True until the first snapshot of the run is out.
    fresh: bool,
    published: Instant,
    /// How long the next snapshot is to come after that.
    silence: Duration,
    /// Moments since the last snapshot.
    course: Vec<Metrics>,
}

struct Worker {
    build: Box<Build>,
    wake: Box<dyn Fn() + Send>,
    inbox: Receiver<Message>,
    outbox: Arc<Mutex<Outbox>>,
    run: Option<Run>,
    /// The run that was put aside, and its seed.
    aside: Option<(Run, u64)>,
    status: Status,
    /// The status as last written to the outbox.
    reported: Status,
    speed: Option<f64>,
    pacer: Pacer,
    share: Share,
    /// No steps before this.
    rests_until: Instant,
}

impl Worker {
    fn serve(mut self) {
        loop {
            let message = match self.time_until_due() {
                None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => self.inbox.recv_timeout(wait),
            };
            // All that has come in since: a dragged slider must not queue up behind batches of steps.
            let mut next = match message {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            while let Some(message) = next {
                match message {
                    Message::Quit => return,
                    Message::Command(command) => self.obey(command),
                    Message::Collected => {}
                }
                next = self.inbox.try_recv().ok();
            }
            let started = Instant::now();
            if started >= self.rests_until {
                self.advance();
            }
            self.publish();
            let now = Instant::now();
            self.rests_until = self.rests_until.max(now) + self.share.rest(now - started);
        }
    }

    /// How long to wait for commands: for ever while paused, until the next step is due while playing.
    fn time_until_due(&self) -> Option<Duration> {
        let run = self.run.as_ref()?;
        if !self.status.playing {
            return None;
        }
        let due =
            self.speed.map_or(Duration::ZERO, |speed| self.pacer.time_until_due(run.engine.time_s(), speed));
        Some(due.max(self.rests_until.saturating_duration_since(Instant::now())))
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open { scene, seed, keep } => self.open(&scene, seed, keep),
            Command::Undo => self.undo(),
            Command::Play => {
                if let Some(run) = &self.run {
                    self.status.playing = !self.status.finished;
                    self.pacer = Pacer::new(run.engine.time_s());
                }
            }
            Command::Pause => self.pause(),
            Command::Step(steps) => {
                self.pause();
                if !self.status.finished {
                    self.run_steps(steps);
                }
            }
            Command::Speed(speed) => {
                if speed.is_some_and(|speed| !(speed.is_finite() && speed > 0.0)) {
                    return;
                }
                self.speed = speed;
                if let Some(run) = &self.run {
                    self.pacer = Pacer::new(run.engine.time_s());
                }
            }
            Command::Control(control) => {
                if let Some(run) = &mut self.run {
                    run.engine.control(control);
                    run.changed = true;
                    // A further limit lets a finished run go on.
                    self.status.finished = run.engine.finished();
                }
            }
        }
    }

    fn pause(&mut self) {
        self.status.playing = false;
        self.status.pace = 0.0;
    }

    fn open(&mut self, scene: &Scene, seed: u64, keep: bool) {
        let playing = self.status.playing;
        let replaced = self.run.take();
        if keep {
            self.aside = replaced.map(|run| (run, self.status.seed));
        }
        self.status = Status {
            generation: self.status.generation + 1,
            seed,
            can_undo: self.aside.is_some(),
            ..Status::default()
        };
        // A snapshot of the old run would be drawn into the new one.
        lock(&self.outbox).snapshot = None;
        let build = &self.build;
        match catch_unwind(AssertUnwindSafe(|| build(scene, seed))) {
            Ok(Ok(engine)) => {
                self.pacer = Pacer::new(engine.time_s());
                self.status.playing = playing;
                let published = Instant::now();
                let (silence, course) = (SNAPSHOT_INTERVAL, Vec::new());
                self.run = Some(Run { engine, changed: true, fresh: true, published, silence, course });
            }
            Ok(Err(message)) => self.status.failure = Some(message),
            Err(panic) => self.status.failure = Some(panic_sentence("building the scene", &*panic)),
        }
    }

    /// The run that was put aside and the present one change places.
    fn undo(&mut self) {
        let Some((mut run, seed)) = self.aside.take() else { return };
        self.aside = self.run.take().map(|run| (run, self.status.seed));
        // The viewer has forgotten it: everything is told anew.
        (run.changed, run.fresh) = (true, true);
        self.status = Status {
            generation: self.status.generation + 1,
            seed,
            finished: run.engine.finished(),
            can_undo: self.aside.is_some(),
            ..Status::default()
        };
        lock(&self.outbox).snapshot = None;
        self.pacer = Pacer::new(run.engine.time_s());
        self.run = Some(run);
    }

    /// Runs the steps that are due, at most one batch.
    fn advance(&mut self) {
        let Some(run) = self.run.as_ref().filter(|_| self.status.playing) else { return };
        let now = run.engine.time_s();
        let due = match self.speed {
            None => u64::MAX,
            Some(speed) => self.pacer.steps_due(now, speed),
        };
        let steps = due.min(self.pacer.steps_per_batch);
        if steps > 0 {
            let started = Instant::now();
            self.run_steps(steps);
            if let Some(run) = &self.run {
                let after = run.engine.time_s();
                self.pacer.learn(steps, started.elapsed(), after - now);
                if let Some(pace) = self.pacer.measured_pace(after) {
                    self.status.pace = pace;
                }
            }
        }
    }

    fn run_steps(&mut self, steps: u64) {
        let Some(run) = &mut self.run else { return };
        let engine = &mut run.engine;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let turns = engine.advance(steps);
            (engine.finished(), turns, engine.course())
        }));
        run.changed = true;
        match outcome {
            Ok((finished, turns, moment)) => {
                run.course.extend(turns);
                run.course.push(moment);
                if run.course.len() >= MOST_MOMENTS {
                    thin_course(&mut run.course);
                }
                self.status.finished = finished;
                if finished {
                    self.pause();
                }
            }
            Err(panic) => {
                // The world may be half-changed: never touch it again.
                self.run = None;
                self.pause();
                self.status.failure = Some(panic_sentence("a simulation step", &*panic));
            }
        }
    }

    /// Puts a snapshot out when there is room for one, and the status when it changed.
    fn publish(&mut self) {
        let mut news = false;
        if let Some(run) = &mut self.run {
            let soon = self.status.playing && !run.fresh && run.published.elapsed() < run.silence;
            if run.changed && !soon && lock(&self.outbox).snapshot.is_none() {
                let generation = self.status.generation;
                let (engine, fresh, started) = (&mut run.engine, run.fresh, Instant::now());
                match catch_unwind(AssertUnwindSafe(|| engine.snapshot(generation, fresh))) {
                    Ok(mut snapshot) => {
                        snapshot.course = std::mem::take(&mut run.course);
                        lock(&self.outbox).snapshot = Some(snapshot);
                        (run.changed, run.fresh, run.published) = (false, false, Instant::now());
                        // The first one holds everything and tells nothing of the others.
                        if !fresh {
                            run.silence = self.share.silence(run.published - started);
                        }
                    }
                    Err(panic) => {
                        self.run = None;
                        self.pause();
                        self.status.failure = Some(panic_sentence("measuring the state", &*panic));
                    }
                }
                news = true;
            }
        }
        if self.status != self.reported {
            lock(&self.outbox).status = self.status.clone();
            self.reported = self.status.clone();
            news = true;
        }
        if news {
            (self.wake)();
        }
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
