//! How much of its time a frame gives to the making of the surface.
//!
//! Does: limit what is taken over, begun and handed to the adapter per frame, so that the thread that draws is never held up;
//! keep count of what it spent. Does not: make anything.
//! Accuracy: limits are numbers of bricks, chunks and meshes, not milliseconds, so the same snapshots give the same work. Sizes
//! are such that each stays below about a millisecond on one slow core.

use bevy::prelude::Resource;
use std::time::{Duration, Instant};

/// Bricks that the mirror takes over in one frame: about 0.1 µs each.
pub const BRICKS_PER_FRAME: usize = 4096;
/// Meshes that are handed to the adapter in one frame: about 0.3 ms each on the thread that feeds it.
pub const MESHES_PER_FRAME: usize = 16;
/// Share of all cores that the surface may take where the adapter draws on the same cores. What it takes is missing there, so
/// this is by how much frames become longer while a deposit grows.
const CONSIDERATE_SHARE: f64 = 0.12;

/// Where and how fast the surface is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Resource)]
pub enum Meshing {
    /// Within the frame that needs it: for recording.
    WithinTheFrame,
    /// On other threads, as fast as these go.
    #[default]
    Background,
    /// On other threads, a few chunks per frame: for adapters in software, which need the cores to draw. What a user waits for, a new
    /// scene or other colours, is made as fast as it goes here too.
    Considerate,
}

impl Meshing {
    /// Chunks that one frame may begin while others are under way.
    pub(super) fn chunks_to_begin(self, pace: Pace, under_way: usize) -> usize {
        if self != Self::Considerate || pace.awaited {
            return usize::MAX;
        }
        let Pace { frame, chunk, cores, .. } = pace;
        let allowed = CONSIDERATE_SHARE * cores as f64 * frame.as_secs_f64();
        let chunks = allowed / chunk.as_secs_f64().max(1.0e-6);
        // One at least, or nothing would ever be done.
        (chunks as usize).max(1).saturating_sub(under_way)
    }
}

/// What the number of chunks depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// A user waits for it.
    pub awaited: bool,
    /// Length of the last frame.
    pub frame: Duration,
    /// Time that one chunk takes.
    pub chunk: Duration,
    /// Cores of the machine.
    pub cores: usize,
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
    pub(super) fn clock(&mut self) -> Clock<'_> {
        Clock { work: self, started: Instant::now() }
    }
}

/// Counts the time until it is dropped.
pub(super) struct Clock<'a> {
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

    const FRAME: Pace =
        Pace { awaited: false, frame: Duration::from_millis(100), chunk: Duration::from_millis(4), cores: 2 };

    #[test]
    fn a_considerate_frame_begins_no_more_than_its_share() {
        let begin = |pace, under_way| Meshing::Considerate.chunks_to_begin(pace, under_way);
        // 12 % of two cores for 100 ms are 24 ms.
        assert_eq!(begin(FRAME, 0), 6);
        assert_eq!(begin(FRAME, 2), 4);
        assert_eq!(begin(FRAME, 7), 0);
        assert_eq!(begin(Pace { cores: 16, ..FRAME }, 0), 48);
        assert_eq!(begin(Pace { chunk: Duration::from_secs(1), ..FRAME }, 0), 1, "something always goes on");
        assert_eq!(begin(Pace { chunk: Duration::ZERO, frame: Duration::ZERO, ..FRAME }, 0), 1);
    }

    #[test]
    fn what_a_user_waits_for_is_not_held_back() {
        assert_eq!(Meshing::Considerate.chunks_to_begin(Pace { awaited: true, ..FRAME }, 9), usize::MAX);
        assert_eq!(Meshing::Background.chunks_to_begin(FRAME, 9), usize::MAX);
    }
}
