//! A thread that makes the surface where the adapter draws on the same cores.
//!
//! Does: work off what it is given, and rest in between, so that it takes no more than its share of the machine. Does not: know
//! what it makes.
//! Accuracy: it looks for work by itself every [`LOOKS_EVERY`], so that is how late it may begin. Waking a thread can cost who
//! wakes it its own core for a slice of the scheduler's, some 4 ms: several times what the thread that draws may give.

use super::budget::rest;
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

fn work(desk: &Weak<Desk>, cores: usize) {
    let mut worked = Instant::now();
    let mut rests_until = worked;
    // Strong for one look only, so that the thread outlives its owner by one wait at most.
    while let Some(desk) = desk.upgrade() {
        let now = Instant::now();
        let may_work = now >= rests_until || desk.hurry.load(Ordering::Relaxed);
        let job = if may_work { desk.jobs().pop_front() } else { None };
        drop(desk);
        if let Some(job) = job {
            job();
            worked = Instant::now();
            rests_until = worked + rest(worked - now, cores);
        } else {
            std::thread::sleep(if now - worked < LATELY { LOOKS_EVERY } else { LOOKS_RARELY });
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
