//! Threads that walk along. They share the walks of a step, a batch at a time, as they have time.
//!
//! Does: share out the ions of a batch among the thread that runs the simulation and a crew from the thread
//! pool it runs in. Who walks which ion does not matter to any: each has random numbers of its own, and lands
//! where it lands.
//! Does not: know what ions are for; order what they do: landings come back by the number of the ion.
//!
//! A batch takes 0.1 to 1 ms, waking a thread up to 0.05 ms. So the crew is called once a step and stays for
//! its batches. Between two batches its workers read the number of the batch until it changes, first without
//! a pause and then yielding the core. While they walk they hold the ground for reading; the thread that
//! changes it waits in the same way until they have come back.
//!
//! Before a batch walks, one thread adds to the clearance what was placed lately. The thread that runs the
//! simulation is still placing the batch before, so a worker is mostly there first. No thread is idle
//! meanwhile. The core that walks most writes the bytes that walkers read, and need not fetch them from
//! another cache. Two cores were 1.47 times one before, and 1.64 times after.
//!
//! The calling thread does not wait for workers that have not come. Where all threads of the pool are busy it
//! walks alone. A worker that comes after the end leaves at once. At most as many are called as the pool has
//! other threads, so that none pile up. The thread that runs the simulation must not take work from the pool
//! during a step. It would otherwise become its own worker and never return.

use crate::lattice::walk::{Far, Ground, JumpTables, Landing, Walks};
use crate::lattice::{Clearance, Position, Purpose, stream};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};

/// Ions that are taken at a time, and how many are taken singly at the end of a batch, so that no thread is
/// waited for long.
const SHARE: usize = 4;
const LAST: usize = 32;
/// Looks without a pause before a thread gives way. They take 0.1 ms or somewhat more, longer than the ground
/// takes to change.
const LOOKS: u32 = 5000;
/// Number of the batch when there is none and the crew is to leave.
const NONE: u64 = 0;
const PANICKED: &str = "a thread that helps this one has panicked";

/// One batch of ions and all they know.
pub(crate) struct Batch {
    pub clearance: Clearance,
    /// Solids that the clearance does not know of yet. The first thread adds it, before any walk.
    pub fresh: Vec<Position>,
    pub tables: Arc<JumpTables>,
    pub sites: [usize; 3],
    pub top: i32,
    pub far: Far,
    /// Random numbers: of which run and step, and of which ions.
    pub seed: u64,
    pub step: u64,
    pub ions: Range<u64>,
}

/// On a cache line of its own, so that a write disturbs no readers of what lies beside.
#[derive(Default)]
#[repr(align(128))]
struct Apart<T>(T);

#[derive(Default)]
struct Shared {
    batch: RwLock<Option<Batch>>,
    /// Number of the batch under way.
    number: Apart<AtomicU64>,
    /// Ions of it that have set out.
    set_out: Apart<AtomicUsize>,
    /// Where the ions landed that the crew walked.
    landed: Mutex<Vec<(usize, Landing)>>,
    /// Workers that were called and have not left yet.
    called: AtomicUsize,
}

/// The workers of one simulation.
#[derive(Default)]
pub(crate) struct Crew(Arc<Shared>);

/// Batches of one step. The crew leaves when it is dropped, also by a panic.
pub(crate) struct Outing<'a> {
    shared: &'a Arc<Shared>,
    number: u64,
    /// Reused from batch to batch.
    landed: Vec<(usize, Landing)>,
}

impl Batch {
    fn bring_up_to_date(&mut self) {
        self.fresh.drain(..).for_each(|site| self.clearance.add(site));
    }
}

impl Crew {
    /// Begins a step on this ground. No batch is under way yet.
    pub fn set_out(&self, batch: Batch) -> Outing<'_> {
        let outing = Outing { shared: &self.0, number: NONE, landed: Vec::new() };
        *outing.ground() = Some(batch);
        outing
    }
}

impl Outing<'_> {
    /// Calls for as many workers, including those that have been called already.
    pub fn call(&self, crew: usize) {
        let others = rayon::current_num_threads() - 1;
        while self.shared.called.load(Ordering::Relaxed) < crew.min(others) {
            self.shared.called.fetch_add(1, Ordering::Relaxed);
            let shared = self.shared.clone();
            rayon::spawn(move || {
                // Who misses the landings of a helper panics in turn, where it can be caught.
                let _ = catch_unwind(AssertUnwindSafe(|| shared.help()));
                shared.called.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }

    /// Begins the next batch.
    pub fn begin(&mut self, change: impl FnOnce(&mut Batch)) {
        let mut ground = self.ground();
        if let Some(batch) = &mut *ground {
            change(batch);
        }
        self.shared.set_out.0.store(0, Ordering::Relaxed);
        drop(ground);
        self.number += 1;
        self.shared.number.0.store(self.number, Ordering::Release);
    }

    /// Walks with the crew until all ions of the batch have landed, and tells where.
    pub fn finish(&mut self, landings: &mut Vec<Option<Landing>>) {
        self.landed.clear();
        let ions = {
            let mut patience = Patience::default();
            let batch = loop {
                assert!(!self.shared.batch.is_poisoned(), "{PANICKED}");
                match self.shared.on_ground() {
                    Some(batch) => break batch,
                    None => patience.wait(),
                }
            };
            let Some(batch) = &*batch else { return };
            self.shared.walk(batch, &mut self.landed);
            (batch.ions.end - batch.ions.start) as usize
        };
        // Now all workers have come back.
        drop(self.ground());
        let mut landed = self.shared.landed.lock().unwrap_or_else(PoisonError::into_inner);
        self.landed.append(&mut landed);
        assert!(self.landed.len() == ions, "{PANICKED}");
        landings.clear();
        landings.resize(ions, None);
        self.landed.iter().for_each(|(ion, landing)| landings[*ion] = Some(*landing));
    }

    /// Ends the step and hands the ground back.
    pub fn end(self) -> Option<Batch> {
        let mut batch = self.ground().take();
        batch.iter_mut().for_each(Batch::bring_up_to_date);
        batch
    }

    /// The ground, to be changed: waits for workers that walk on it.
    fn ground(&self) -> RwLockWriteGuard<'_, Option<Batch>> {
        let mut patience = Patience::default();
        loop {
            match self.shared.batch.try_write() {
                Ok(ground) => return ground,
                Err(TryLockError::Poisoned(ground)) => return ground.into_inner(),
                Err(TryLockError::WouldBlock) => patience.wait(),
            }
        }
    }
}

impl Drop for Outing<'_> {
    fn drop(&mut self) {
        self.shared.number.0.store(NONE, Ordering::Release);
    }
}

impl Shared {
    /// Walks in one batch after the other until there are no more.
    fn help(&self) {
        let (mut known, mut patience) = (NONE, Patience::default());
        let mut landed = Vec::new();
        loop {
            let number = self.number.0.load(Ordering::Acquire);
            if number == NONE {
                return;
            }
            match self.batch_after(known, number) {
                Some(batch) => {
                    known = number;
                    patience = Patience::default();
                    let Some(batch) = &*batch else { continue };
                    self.walk(batch, &mut landed);
                    self.landed.lock().unwrap_or_else(PoisonError::into_inner).append(&mut landed);
                }
                None => patience.wait(),
            }
        }
    }

    /// The batch, if it is not the known one and is not being changed.
    fn batch_after(&self, known: u64, number: u64) -> Option<RwLockReadGuard<'_, Option<Batch>>> {
        if number == known { None } else { self.on_ground() }
    }

    /// The batch, once the clearance is up to date; `None` while others see to that.
    fn on_ground(&self) -> Option<RwLockReadGuard<'_, Option<Batch>>> {
        let up_to_date = || {
            let batch = self.batch.try_read().ok()?;
            batch.as_ref().is_none_or(|batch| batch.fresh.is_empty()).then_some(batch)
        };
        up_to_date().or_else(|| {
            self.batch.try_write().ok()?.iter_mut().for_each(Batch::bring_up_to_date);
            up_to_date()
        })
    }

    /// Walks until all ions have set out and those from here have landed.
    fn walk(&self, batch: &Batch, landed: &mut Vec<(usize, Landing)>) {
        let Batch { ref clearance, ref tables, sites, top, far, seed, step, ref ions, .. } = *batch;
        let walks = Walks { ground: Ground::below(sites, top, clearance), tables, far };
        let size = (ions.end - ions.start) as usize;
        let mut mine = 0..0;
        let waiting = std::iter::from_fn(|| {
            mine.next().or_else(|| {
                let share = if mine.end + LAST < size { SHARE } else { 1 };
                let first = self.set_out.0.fetch_add(share, Ordering::Relaxed).min(size);
                mine = first..(first + share).min(size);
                mine.next()
            })
        });
        let stream = |ion| stream(seed, Purpose::Walk, step, ions.start + ion as u64);
        let end = |ion, landing: Option<Landing>| landed.extend(landing.map(|landing| (ion, landing)));
        walks.walk_all(1.0, waiting, stream, |_, _| true, end);
    }
}

/// How long one has looked for something in vain.
#[derive(Default)]
struct Patience(u32);

impl Patience {
    fn wait(&mut self) {
        if self.0 < LOOKS {
            self.0 += 1;
            std::hint::spin_loop();
        } else {
            std::thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    const SITES: [usize; 3] = [32, 32, 64];
    const IONS: u64 = 200;

    /// A floor, and ions that come down to it.
    fn batch() -> Batch {
        let mut clearance = Clearance::new(SITES);
        (0..32 * 32).for_each(|column| clearance.add([column % 32, column / 32, 0]));
        Batch {
            clearance,
            fresh: Vec::new(),
            tables: Arc::new(JumpTables::new([32, 32])),
            sites: SITES,
            top: 0,
            far: Far::Above,
            seed: 1,
            step: 2,
            ions: 0..0,
        }
    }

    /// Walks a few batches, each on ground that knows where the one before landed.
    fn step(crew: &Crew, called: usize) -> Vec<Option<Landing>> {
        let mut outing = crew.set_out(batch());
        let (mut landings, mut all): (Vec<Option<Landing>>, _) = (Vec::new(), Vec::new());
        for _ in 0..4 {
            outing.call(called);
            outing.begin(|batch| {
                batch.fresh.extend(landings.iter().filter_map(|landing| Some((*landing)?.site)));
                batch.top = batch.fresh.iter().map(|site| site[2]).fold(batch.top, i32::max);
                batch.ions = batch.ions.end..batch.ions.end + IONS;
            });
            outing.finish(&mut landings);
            all.extend_from_slice(&landings);
        }
        assert!(outing.end().is_some_and(|batch| batch.fresh.is_empty()));
        all
    }

    fn pool(threads: usize) -> rayon::ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
    }

    /// Waits for something that another thread is to do; the time only bounds how long a failure takes.
    fn comes(what: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        while !what() {
            if start.elapsed() > Duration::from_secs(60) {
                return false;
            }
            std::thread::yield_now();
        }
        true
    }

    #[test]
    fn ions_land_alike_whoever_walks_them() {
        let alone = step(&Crew::default(), 0);
        assert!(alone.len() == 4 * IONS as usize && alone.iter().all(Option::is_some));
        for threads in [1, 2, 3, 8] {
            let crew = Crew::default();
            pool(threads)
                .install(|| (0..20).for_each(|_| assert!(step(&crew, 7) == alone, "{threads} threads")));
        }
    }

    #[test]
    fn helpers_walk_and_leave_at_the_end_also_by_a_panic() {
        for panics in [false, true] {
            let crew = Crew::default();
            let of = &crew.0;
            let end = pool(2).install(|| {
                catch_unwind(AssertUnwindSafe(|| {
                    let mut outing = crew.set_out(batch());
                    outing.call(1);
                    outing.begin(|batch| batch.ions = 0..IONS);
                    let landed = || of.landed.lock().unwrap_or_else(PoisonError::into_inner).len();
                    assert!(
                        comes(|| landed() == IONS as usize),
                        "the helper walks all ions while nobody else does"
                    );
                    assert!(!panics, "as asked for");
                }))
            });
            assert_eq!(end.is_err(), panics);
            assert!(comes(|| of.called.load(Ordering::Relaxed) == 0), "the helper leaves");
        }
    }

    #[test]
    fn nobody_waits_for_who_cannot_come() {
        let crew = Crew::default();
        let alone = step(&Crew::default(), 0);
        pool(2).scope(|scope| {
            let ((busy, is_busy), (done, is_done)) = (mpsc::channel(), mpsc::channel());
            // The other thread has work that ends only after all steps.
            scope.spawn(move |_| {
                busy.send(()).expect("somebody listens");
                is_done.recv_timeout(Duration::from_secs(60)).expect("steps end although the pool is busy");
            });
            is_busy.recv().expect("the other thread begins");
            (0..3).for_each(|_| assert!(step(&crew, 7) == alone));
            assert_eq!(crew.0.called.load(Ordering::Relaxed), 1, "they do not pile up");
            done.send(()).expect("the other thread listens");
        });
        assert!(comes(|| crew.0.called.load(Ordering::Relaxed) == 0));
    }
}
