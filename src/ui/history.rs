//! The figures of a run so far, thinned so that a long run stays cheap to plot.
//!
//! Does: keep at most [`History::MOST`] samples, evenly spread over the steps.
//! Does not: decide anything that the simulation depends on.
//! Accuracy: a sample is exact; how densely they lie depends on how often the viewer collected.

use crate::observables::{Metrics, thin_course};

/// Samples of one run, oldest first.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// All figures, whenever the viewer collected.
    full: Thinned,
    /// Those that cost next to nothing, at many more moments.
    course: Thinned,
}

impl History {
    /// Samples kept at most; a plot is not that many pixels wide.
    pub const MOST: usize = 2000;

    /// Forgets the run.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Adds all figures of a later moment; the same or an earlier one is ignored.
    pub fn push(&mut self, metrics: &Metrics) {
        self.full.push(metrics);
    }

    /// Adds the cheap figures of a later moment; the same or an earlier one is ignored.
    pub fn push_course(&mut self, metrics: &Metrics) {
        self.course.push(metrics);
    }

    /// The samples, oldest first.
    pub fn samples(&self) -> &[Metrics] {
        &self.full.samples
    }

    /// Samples of which the figures of shape are not numbers, oldest first: more than there are whole ones,
    /// where they are known.
    pub fn course(&self) -> &[Metrics] {
        if self.course.samples.is_empty() { self.samples() } else { &self.course.samples }
    }
}

/// At most [`History::MOST`] samples, evenly spread over the steps.
#[derive(Clone, Debug, Default)]
struct Thinned {
    samples: Vec<Metrics>,
    /// Steps that must lie between two samples.
    spacing: u64,
    /// The moment since the last sample whose voltage is farthest from that of the sample.
    turn: Option<Metrics>,
}

impl Thinned {
    fn push(&mut self, metrics: &Metrics) {
        let due = self
            .samples
            .last()
            .is_none_or(|last| metrics.step >= last.step.saturating_add(self.spacing.max(1)));
        if !due {
            // The sharpest turn of the voltage between two samples is kept with the next one.
            let off = |moment: &Metrics| {
                let last = self.samples.last().map_or(0.0, |last| last.cell_voltage_mv);
                (moment.cell_voltage_mv - last).abs()
            };
            let later = self.samples.last().is_some_and(|last| metrics.step > last.step);
            if later && off(metrics) > self.turn.as_ref().map_or(0.0, off) {
                self.turn = Some(metrics.clone());
            }
            return;
        }
        self.samples.extend(self.turn.take().filter(|turn| turn.step < metrics.step));
        self.samples.push(metrics.clone());
        if self.samples.len() >= History::MOST {
            thin_course(&mut self.samples);
            let steps = metrics.step - self.samples.first().map_or(0, |first| first.step);
            self.spacing = steps / (History::MOST / 2) as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_keeps_its_first_and_its_latest_sample_and_stays_small() {
        let mut history = History::default();
        for step in 0..100_000 {
            history.push(&Metrics { step, ..Metrics::default() });
            assert!(history.samples().len() <= History::MOST);
        }
        let steps: Vec<u64> = history.samples().iter().map(|sample| sample.step).collect();
        assert_eq!(steps[0], 0);
        // The spacing is never coarser than a fiftieth of the run.
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= 2000));
        assert!(100_000 - steps[steps.len() - 1] <= 2000);
        assert!(steps.len() >= 500, "{} samples", steps.len());
    }
}
