//! The thread, driven with a run that counts and with one that fails on purpose.

use super::*;
use crate::observables::Metrics;
use crate::scene::load;
use crate::simulation::Control;

/// One step lasts one simulated second; every step marks one brick as changed.
struct Counter {
    steps: u64,
    current_density_a_per_m2: f64,
    reported: u64,
    last: u64,
    panic_at: u64,
}

impl Engine for Counter {
    fn advance(&mut self, steps: u64) -> Vec<Metrics> {
        for _ in 0..steps {
            if self.steps < self.last {
                self.steps += 1;
            }
            assert!(self.steps != self.panic_at, "step {} is cursed", self.steps);
        }
        // About what a real step costs.
        std::thread::sleep(Duration::from_micros(50) * steps.min(1000) as u32);
        Vec::new()
    }
    fn control(&mut self, control: Control) {
        let Control::CurrentDensity { a_per_m2 } = control else { return };
        self.current_density_a_per_m2 = a_per_m2;
    }
    fn time_s(&self) -> f64 {
        self.steps as f64
    }
    fn finished(&self) -> bool {
        self.steps >= self.last
    }
    fn course(&self) -> Metrics {
        Metrics { step: self.steps, ..Metrics::default() }
    }
    fn snapshot(&mut self, generation: u64, everything: bool) -> Snapshot {
        let from = if everything { 0 } else { self.reported };
        self.reported = self.steps;
        let brick =
            |step: u64| crate::observables::BrickView { brick: [step as usize, 0, 0], sites: Box::new([]) };
        Snapshot {
            generation,
            sites: [8, 8, 8],
            edge_m: 0.5e-6,
            bricks: (from..self.steps).map(brick).collect(),
            metrics: Metrics {
                step: self.steps,
                current_density_ma_cm2: self.current_density_a_per_m2 / 10.0,
                ..Metrics::default()
            },
            ..Snapshot::default()
        }
    }
}

fn scene(title: &str) -> Box<Scene> {
    let mut scene = load("carbonate_moss").unwrap();
    scene.spec.title = title.into();
    Box::new(scene)
}

/// Scene titles choose the behaviour: "broken" does not build, "cursed" panics at step 5, "short" ends at
/// step 7.
fn session() -> Session {
    Session::with_build(
        Box::new(|scene, _seed| {
            let title = scene.spec.title.as_str();
            match title {
                "broken" => return Err("the lattice would need more memory than there is".into()),
                "explodes" => panic!("no such lattice"),
                _ => {}
            }
            let last = if title == "short" { 7 } else { u64::MAX };
            let panic_at = if title == "cursed" { 5 } else { u64::MAX };
            Ok(Box::new(Counter { steps: 0, current_density_a_per_m2: 0.0, reported: 0, last, panic_at }))
        }),
        Share::All,
        || {},
    )
}

/// Collects until `enough` says so. The limit is far above what any step here needs; it only keeps a broken
/// thread from hanging the test run.
fn collect_until(session: &Session, mut enough: impl FnMut(&Option<Snapshot>, &Status) -> bool) {
    let started = Instant::now();
    loop {
        let (snapshot, status) = session.collect();
        if enough(&snapshot, &status) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "nothing came; status {status:?}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn opened(title: &str) -> Session {
    let session = session();
    session.send(Command::Open { scene: scene(title), seed: 3, keep: false });
    collect_until(&session, |snapshot, status| {
        snapshot.as_ref().is_some_and(|snapshot| snapshot.generation == 1) || status.failure.is_some()
    });
    session
}

/// Step number in the next snapshot.
fn next_step(session: &Session) -> u64 {
    let mut step = 0;
    collect_until(session, |snapshot, _| {
        snapshot.as_ref().is_some_and(|snapshot| {
            step = snapshot.metrics.step;
            true
        })
    });
    step
}

#[test]
fn a_new_run_is_paused_and_steps_one_by_one() {
    let session = opened("any");
    for expected in 1..=3 {
        session.send(Command::Step(1));
        assert_eq!(next_step(&session), expected);
    }
}

#[test]
fn nothing_is_lost_between_snapshots_however_slowly_they_are_collected() {
    let session = opened("any");
    session.send(Command::Play);
    let mut bricks = Vec::new();
    let mut collected = 0;
    collect_until(&session, |snapshot, _| {
        if let Some(snapshot) = snapshot {
            bricks.extend(snapshot.bricks.iter().map(|brick| brick.brick[0]));
            collected += 1;
            // A slow picture: many batches pass meanwhile.
            std::thread::sleep(Duration::from_millis(20));
        }
        collected >= 5
    });
    assert!(bricks.len() > 5, "the run went on meanwhile");
    assert!(bricks.iter().copied().eq(0..bricks.len()), "each brick once and in order: {bricks:?}");
}

#[test]
fn pausing_stops_the_steps() {
    let session = opened("any");
    session.send(Command::Play);
    assert!(next_step(&session) > 0);
    session.send(Command::Pause);
    // A changed current marks the snapshots that are taken after the pause.
    let step_at = |a_per_m2: f64| {
        session.send(Command::Control(Control::CurrentDensity { a_per_m2 }));
        let mut step = 0;
        collect_until(&session, |snapshot, status| {
            snapshot.as_ref().is_some_and(|snapshot| {
                step = snapshot.metrics.step;
                snapshot.metrics.current_density_ma_cm2 == a_per_m2 / 10.0 && !status.playing
            })
        });
        step
    };
    assert_eq!(step_at(20.0), step_at(30.0));
}

#[test]
fn opening_again_starts_over_with_a_new_generation() {
    let session = opened("any");
    session.send(Command::Step(40));
    assert_eq!(next_step(&session), 40);
    session.send(Command::Open { scene: scene("any"), seed: 4, keep: false });
    collect_until(&session, |snapshot, status| {
        snapshot.as_ref().is_some_and(|snapshot| {
            assert_eq!((snapshot.generation, snapshot.metrics.step), (2, 0), "no snapshot of the old run");
            assert_eq!((status.generation, status.seed), (2, 4));
            true
        })
    });
}

#[test]
fn a_scene_that_does_not_build_is_a_sentence_and_the_next_one_runs() {
    for title in ["broken", "explodes"] {
        let session = opened(title);
        let (_, status) = session.collect();
        let sentence = status.failure.unwrap();
        assert!(sentence.contains("memory") || sentence.contains("no such lattice"), "{sentence}");
        session.send(Command::Play);
        session.send(Command::Open { scene: scene("any"), seed: 1, keep: false });
        session.send(Command::Step(2));
        collect_until(&session, |snapshot, status| {
            status.failure.is_none() && snapshot.as_ref().is_some_and(|snapshot| snapshot.metrics.step == 2)
        });
    }
}

#[test]
fn a_panic_in_a_step_is_a_sentence() {
    let session = opened("cursed");
    session.send(Command::Play);
    collect_until(&session, |_, status| {
        status.failure.as_ref().is_some_and(|sentence| {
            assert!(sentence.contains("step 5 is cursed"), "{sentence}");
            assert!(!status.playing);
            true
        })
    });
}

#[test]
fn the_end_of_a_run_stops_it() {
    let session = opened("short");
    session.send(Command::Play);
    let mut last = 0;
    collect_until(&session, |snapshot, status| {
        last = snapshot.as_ref().map_or(last, |snapshot| snapshot.metrics.step);
        status.finished && !status.playing && last == 7
    });
}

#[test]
fn the_pace_is_kept_to_a_step() {
    // 200 steps per second: after the tenth snapshot no more steps than the wall clock allows for.
    let session = opened("any");
    session.send(Command::Speed(Some(200.0)));
    let started = Instant::now();
    session.send(Command::Play);
    let mut step = 0;
    let mut elapsed = 0.0;
    collect_until(&session, |snapshot, _| {
        if let Some(snapshot) = snapshot {
            step = snapshot.metrics.step;
            elapsed = started.elapsed().as_secs_f64();
        }
        step >= 20
    });
    assert!(step as f64 <= elapsed * 200.0 + 2.0, "{step} steps in {elapsed} s");
}

#[test]
fn a_speed_that_is_no_speed_changes_nothing() {
    for speed in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        let session = opened("any");
        session.send(Command::Speed(Some(speed)));
        session.send(Command::Play);
        assert!(next_step(&session) > 0);
    }
}

/// The real simulation: the same scene and seed give the same state, whatever the batches, and another seed
/// does not.
#[test]
fn opening_again_with_the_same_seed_gives_the_same_run() {
    let mut small = load("carbonate_moss").unwrap();
    small.spec.lattice.sites = (32, 32, 64);
    let session = Session::start(Share::All, || {});
    let mut figures = [7, 7, 8].map(|seed| {
        session.send(Command::Open { scene: Box::new(small.clone()), seed, keep: false });
        session.send(Command::Step(150));
        session.send(Command::Step(50));
        let mut figures = None;
        collect_until(&session, |snapshot, status| {
            let done = snapshot.as_ref().filter(|snapshot| snapshot.metrics.step == 200);
            figures = done.map(|snapshot| (status.seed, snapshot.metrics.clone()));
            figures.is_some()
        });
        figures.unwrap()
    });
    assert_eq!(figures[0], figures[1]);
    figures[0].0 = 8;
    assert_ne!(figures[0], figures[2]);
}

#[test]
fn a_thread_that_rests_still_obeys_at_once() {
    let session = Session::with_build(
        Box::new(|_, _| {
            let (last, panic_at) = (u64::MAX, u64::MAX);
            Ok(Box::new(Counter { steps: 0, current_density_a_per_m2: 0.0, reported: 0, last, panic_at }))
        }),
        Share::OfOneCore(0.01),
        || {},
    );
    session.send(Command::Open { scene: scene("any"), seed: 1, keep: false });
    session.send(Command::Play);
    assert!(next_step(&session) < u64::MAX);
    session.send(Command::Pause);
    collect_until(&session, |_, status| !status.playing);
    session.send(Command::Step(3));
    let mut step = 0;
    collect_until(&session, |snapshot, status| {
        step = snapshot.as_ref().map_or(step, |snapshot| snapshot.metrics.step);
        step >= 3 && !status.playing
    });
}
