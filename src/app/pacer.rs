//! Keeps simulated time in step with wall time.
//!
//! Does: say how many steps are due, how long to sleep, how fast the run really goes.
//! Does not: run anything.
//! Accuracy: one simulation step; a backlog of more than two batches is forgotten.

use std::time::{Duration, Instant};

/// Wall time that one batch of steps may take before the thread looks for commands again.
pub(super) const BATCH: Duration = Duration::from_millis(8);
/// Wall time over which the achieved pace is averaged.
const PACE_WINDOW: Duration = Duration::from_millis(700);

/// The clock of one stretch of playing at one speed.
pub(super) struct Pacer {
    /// Wall and simulated time at which the present pace began.
    anchor: (Instant, f64),
    /// Simulated seconds per step, as last seen.
    step_s: f64,
    /// Steps that fit into one batch, learned.
    pub(super) steps_per_batch: u64,
    window: (Instant, f64),
}

impl Pacer {
    pub(super) fn new(time_s: f64) -> Self {
        let now = Instant::now();
        Self { anchor: (now, time_s), step_s: 0.0, steps_per_batch: 1, window: (now, time_s) }
    }

    /// Simulated time by which the run lags behind; a lag of more than two batches is forgotten.
    fn lag_s(&mut self, time_s: f64, speed: f64) -> f64 {
        let lag = self.anchor.1 + self.anchor.0.elapsed().as_secs_f64() * speed - time_s;
        let most = 2.0 * BATCH.as_secs_f64() * speed + self.step_s;
        if lag > most {
            self.anchor.1 -= lag - most;
            return most;
        }
        lag
    }

    pub(super) fn steps_due(&mut self, time_s: f64, speed: f64) -> u64 {
        let lag = self.lag_s(time_s, speed);
        if lag <= 0.0 {
            0
        } else if self.step_s > 0.0 {
            (lag / self.step_s).ceil() as u64
        } else {
            1
        }
    }

    pub(super) fn time_until_due(&self, time_s: f64, speed: f64) -> Duration {
        let ahead = time_s - self.anchor.1 - self.anchor.0.elapsed().as_secs_f64() * speed;
        // One second at most, so that a pace that is all but zero cannot overflow the duration.
        Duration::from_secs_f64((ahead / speed).clamp(0.0, 1.0))
    }

    /// Learns from a batch how many steps fit into [`BATCH`] and how long a step is.
    pub(super) fn learn(&mut self, steps: u64, wall: Duration, simulated_s: f64) {
        self.step_s = simulated_s / steps as f64;
        let fitting = steps as f64 * BATCH.as_secs_f64() / wall.as_secs_f64().max(1e-6);
        // Growing at most by four at a time: one lucky batch must not make the next one long.
        self.steps_per_batch = (fitting as u64).clamp(1, self.steps_per_batch.saturating_mul(4));
    }

    /// Simulated seconds per wall second, once per [`PACE_WINDOW`].
    pub(super) fn measured_pace(&mut self, time_s: f64) -> Option<f64> {
        let elapsed = self.window.0.elapsed();
        (elapsed >= PACE_WINDOW).then(|| {
            let pace = (time_s - self.window.1) / elapsed.as_secs_f64();
            self.window = (Instant::now(), time_s);
            pace
        })
    }
}
