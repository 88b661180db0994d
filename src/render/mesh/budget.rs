//! How much of its time a frame gives to the making of the surface.
//!
//! Does: limit what is taken over and handed to the adapter per frame, so that the thread that draws is never
//! held up. Say how long a thread beside a software adapter rests. Keep count of what it spent.
//! Does not: make anything.
//! Accuracy: limits of a frame are numbers of bricks and meshes, not milliseconds, so the same snapshots give
//! the same work. Sizes are such that each stays below about a millisecond on one slow core.

use bevy::prelude::Resource;
use std::time::{Duration, Instant};

/// Bricks that the mirror takes over in one frame: about 0.5 µs each.
pub const BRICKS_PER_FRAME: usize = 1024;
/// Bricks of a snapshot that are read on the spot, about 1 µs each. To hand them to another thread takes
/// longer than that, if the scheduler puts it in the place of the one that asks.
pub const BRICKS_READ_AT_ONCE: usize = 512;
/// Meshes that are handed to the adapter in one frame: about 0.3 ms each on the thread that feeds it.
pub const MESHES_PER_FRAME: usize = 16;
/// Share of all cores that the surface may take where the adapter draws on the same cores. What it takes is
/// missing there, so this is by how much frames become longer while a deposit grows.
const CONSIDERATE_SHARE: f64 = 0.08;

/// Where and how fast the surface is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Resource)]
pub enum Meshing {
    /// Within the frame that needs it: for recording.
    WithinTheFrame,
    /// On other threads, as fast as these go.
    #[default]
    Background,
    /// On a thread that rests in between: for adapters in software, which need the cores to draw. What a user
    /// waits for, a new scene or other colours, is made as fast as it goes here too.
    Considerate,
}

/// How long a thread beside an adapter in software rests after it has worked for so long.
pub(in crate::render) fn rest(worked: Duration, cores: usize) -> Duration {
    let share_of_one = (CONSIDERATE_SHARE * cores as f64).min(1.0);
    worked.mul_f64(1.0 / share_of_one - 1.0)
}

/// What making the surface took, for measurements.
#[derive(Clone, Copy, Debug, Default, Resource)]
pub struct SurfaceWork {
    /// Time of the thread that draws in the present frame.
    pub main_thread: Duration,
    /// Time that one chunk of the surface takes on another thread, a mean over the last few.
    pub chunk: Duration,
    /// Triangles on screen.
    pub triangles: usize,
    /// True while a newer surface is in the making.
    pub renewing: bool,
    /// Times that the surface on screen was replaced by a newer one.
    pub renewals: u64,
}

impl SurfaceWork {
    /// Counts until it is dropped.
    pub(in crate::render) fn clock(&mut self) -> Clock<'_> {
        Clock { work: self, started: Instant::now() }
    }
}

/// Counts the time until it is dropped.
pub(in crate::render) struct Clock<'a> {
    pub work: &'a mut SurfaceWork,
    started: Instant,
}

impl Drop for Clock<'_> {
    fn drop(&mut self) {
        self.work.main_thread += self.started.elapsed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_considerate_thread_takes_no_more_than_its_share() {
        let worked = Duration::from_millis(16);
        // 8 % of two cores are 16 ms of 100.
        assert!((rest(worked, 2).as_secs_f64() - 0.084).abs() < 1e-6);
        assert!((rest(worked, 1).as_secs_f64() - 0.184).abs() < 1e-6);
        assert_eq!(rest(worked, 16), Duration::ZERO, "one thread is less than an eighth of these");
    }
}
