//! How the simulation's thread shares the machine with the picture.

use std::time::Duration;

/// Shortest time between two snapshots of a run that goes on: copying is cheap, not free.
pub(super) const SNAPSHOT_INTERVAL: Duration = Duration::from_millis(30);
/// Longest rest after a batch and a snapshot.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// Longest wall time between two snapshots, however long each takes.
const LONGEST_SILENCE: Duration = Duration::from_secs(2);

/// How much of the machine the thread may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Share {
    /// All that the simulation can use.
    All,
    /// One core, for this share of the time (0 to 1): the picture is drawn by the others and in between.
    OfOneCore(f64),
}

impl Share {
    /// What is left for the simulation where `cores` draw the picture: about a twelfth of them.
    pub fn beside_software(cores: usize) -> Self {
        Self::OfOneCore((cores as f64 / 12.0).min(1.0))
    }

    /// How long after a snapshot the next one may come, by how long it took: no more than half of the work is
    /// snapshots.
    pub(super) fn silence(self, took: Duration) -> Duration {
        let share = match self {
            Self::All => 1.0,
            Self::OfOneCore(share) => share.clamp(0.01, 1.0),
        };
        took.mul_f64(2.0 / share).clamp(SNAPSHOT_INTERVAL, LONGEST_SILENCE)
    }

    /// How long to rest after work.
    pub(super) fn rest(self, worked: Duration) -> Duration {
        match self {
            Self::All => Duration::ZERO,
            // A snapshot of a large box may take long. The step after it should not wait as long.
            Self::OfOneCore(share) => worked.mul_f64(1.0 / share.clamp(0.01, 1.0) - 1.0).min(LONGEST_REST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_a_picture_drawn_in_software_the_thread_rests_longer_than_it_works() {
        let worked = Duration::from_millis(8);
        assert_eq!(Share::All.rest(worked), Duration::ZERO);
        assert_eq!(Share::beside_software(2), Share::OfOneCore(1.0 / 6.0));
        let rest = Share::beside_software(2).rest(worked).as_secs_f64();
        assert!((rest - 0.040).abs() < 1e-9, "{rest}");
        assert_eq!(Share::beside_software(16).rest(worked), Duration::ZERO, "cores enough for both");
        assert_eq!(Share::beside_software(1).rest(Duration::from_secs(9)), LONGEST_REST);
    }

    #[test]
    fn snapshots_that_take_long_come_seldom() {
        let took = Duration::from_millis(60);
        assert_eq!(Share::All.silence(Duration::from_millis(1)), SNAPSHOT_INTERVAL);
        assert_eq!(Share::All.silence(took), Duration::from_millis(120));
        assert_eq!(Share::OfOneCore(0.1).silence(took), Duration::from_millis(1200));
        assert_eq!(Share::OfOneCore(0.1).silence(10 * took), LONGEST_SILENCE);
    }
}
