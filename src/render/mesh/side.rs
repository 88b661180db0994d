//! A thread that makes the surface where the adapter draws on the same cores.
//!
//! Does: work off what it is given, and rest in between, so that it takes no more than its share of the
//! machine. A piece of surface takes as long as half a frame. Its maker [rests](breathe) now and then, so
//! that no frame bears all of it.
//! Does not: know what it makes.
//! Accuracy: it looks for work by itself every [`LOOKS_EVERY`], so that is how late it may begin. Waking a
//! thread can cost the waking thread its core for a slice of the scheduler, some 4 ms. The drawing thread may
//! give a fraction of that.

use crate::render::mesh::budget::rest;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Wait between two looks while there was work lately.
const LOOKS_EVERY: Duration = Duration::from_millis(10);
/// Wait between two looks after a second without any.
const LOOKS_RARELY: Duration = Duration::from_millis(100);
const LATELY: Duration = Duration::from_secs(1);
/// Work between two rests, at least.
const BREATH: Duration = Duration::from_millis(3);

type Job = Box<dyn FnOnce() + Send>;

/// What there is to do, and how.
#[derive(Default)]
struct Desk {
    jobs: Mutex<VecDeque<Job>>,
    hurry: AtomicBool,
}

impl Desk {
    /// A poisoned lock still holds whole jobs: none is run while it is held.
    fn jobs(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread to give work to; it ends when this is dropped.
pub struct SideThread {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

impl SideThread {
    /// Starts the thread.
    pub fn start(cores: usize) -> Self {
        let desk = Arc::new(Desk::default());
        let seen_from_there = Arc::downgrade(&desk);
        let thread = std::thread::Builder::new().name("surface".into());
        let thread = thread.spawn(move || work(&seen_from_there, cores));
        // Without a thread the surface stays as it is.
        let thread = thread.inspect_err(|error| bevy::log::error!("no thread for the surface: {error}")).ok();
        Self { desk, thread }
    }

    /// Gives it something to do, without waking it.
    pub fn give(&self, job: impl FnOnce() + Send + 'static) {
        self.desk.jobs().push_back(Box::new(job));
    }

    /// Whether it works without rest. To be said now and then: if its work has panicked, so does this.
    pub fn hurry(&mut self, hurry: bool) {
        self.desk.hurry.store(hurry, Ordering::Relaxed);
        if let Some(thread) = self.thread.take_if(|thread| thread.is_finished())
            && let Err(panic) = thread.join()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

/// What the side thread knows of its own work.
struct Breath {
    desk: Weak<Desk>,
    cores: usize,
    /// When it began to work after the last rest.
    since: Instant,
    /// All rests so far.
    rested: Duration,
}

thread_local! {
    /// None on all other threads.
    static BREATH_OF_THIS: RefCell<Option<Breath>> = const { RefCell::new(None) };
}

impl Breath {
    /// Rests if it has worked for long enough and no frame waits for it.
    fn take(&mut self) {
        let worked = self.since.elapsed();
        if worked < BREATH {
            return;
        }
        let began = Instant::now();
        let until = began + rest(worked, self.cores);
        let patient = || self.desk.upgrade().is_some_and(|desk| !desk.hurry.load(Ordering::Relaxed));
        while Instant::now() < until && patient() {
            std::thread::sleep(LOOKS_EVERY.min(until - began));
        }
        self.since = Instant::now();
        self.rested += self.since - began;
    }
}

/// To be called about every millisecond while something is made. Rests on the side thread, does nothing
/// elsewhere.
pub fn breathe() {
    BREATH_OF_THIS.with_borrow_mut(|breath| breath.iter_mut().for_each(Breath::take));
}

/// How long this thread has rested so far: its time since then is no work.
pub fn rested() -> Duration {
    BREATH_OF_THIS.with_borrow(|breath| breath.as_ref().map_or(Duration::ZERO, |breath| breath.rested))
}

fn work(desk: &Weak<Desk>, cores: usize) {
    let mut worked = Instant::now();
    let breath = Breath { desk: desk.clone(), cores, since: worked, rested: Duration::ZERO };
    BREATH_OF_THIS.set(Some(breath));
    // Strong for one look only, so that the thread outlives its owner by one wait at most.
    while let Some(desk) = desk.upgrade() {
        let job = desk.jobs().pop_front();
        drop(desk);
        if let Some(job) = job {
            job();
            breathe();
            worked = Instant::now();
        } else {
            std::thread::sleep(if worked.elapsed() < LATELY { LOOKS_EVERY } else { LOOKS_RARELY });
            // Waiting is rest enough.
            BREATH_OF_THIS
                .with_borrow_mut(|breath| breath.iter_mut().for_each(|breath| breath.since = Instant::now()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn what_it_is_given_is_done_in_order_and_what_is_left_goes_with_its_owner() {
        let mut side = SideThread::start(1);
        side.hurry(true);
        let (done, log) = channel();
        for number in 0..3 {
            let done = done.clone();
            side.give(move || done.send(number).unwrap());
        }
        drop(done);
        assert_eq!(log.iter().collect::<Vec<_>>(), [0, 1, 2]);
        side.hurry(false);
        let (kept, log) = channel::<()>();
        side.give(move || std::thread::sleep(Duration::from_millis(100)));
        // One core: it rests for more than a second after that, and this one never comes.
        side.give(move || kept.send(()).unwrap());
        std::thread::sleep(Duration::from_millis(300));
        drop(side);
        assert!(log.recv().is_err(), "dropped undone");
    }

    #[test]
    fn it_rests_within_its_work_unless_it_is_in_a_hurry() {
        let rests = |hurry| {
            let mut side = SideThread::start(2);
            side.hurry(hurry);
            let (told, log) = channel();
            side.give(move || {
                let began = Instant::now();
                while began.elapsed() < 2 * BREATH {
                    std::hint::spin_loop();
                }
                breathe();
                told.send(rested()).unwrap();
            });
            log.recv().unwrap()
        };
        assert!(rests(false) >= rest(2 * BREATH, 2));
        assert!(rests(true) < rest(2 * BREATH, 2) / 2);
        std::thread::sleep(2 * BREATH);
        breathe();
        assert_eq!(rested(), Duration::ZERO, "other threads do not rest");
    }

    #[test]
    #[should_panic(expected = "no way to make this")]
    fn its_panic_is_not_lost() {
        let mut side = SideThread::start(1);
        side.give(|| panic!("no way to make this"));
        for _ in 0..600 {
            side.hurry(true);
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
