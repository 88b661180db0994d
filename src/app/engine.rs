//! What a session needs of a simulation, so that its thread can be tested with one that fails on purpose.

use crate::observables::{Metrics, Snapshot, take_snapshot};
use crate::simulation::{Control, Simulation};

/// A run that a session can drive.
pub(super) trait Engine {
    /// Runs steps. Returns the moments among them at which a step of the protocol or a phase of a pulse ends:
    /// there the voltage peaks.
    fn advance(&mut self, steps: u64) -> Vec<Metrics>;
    /// Changes an operating condition before the next step.
    fn control(&mut self, control: Control);
    /// Physical time, s.
    fn time_s(&self) -> f64;
    /// True when the run has reached its end.
    fn finished(&self) -> bool;
    /// The figures that cost next to nothing.
    fn course(&self) -> Metrics;
    /// Copies what changed since the last call, or everything.
    fn snapshot(&mut self, generation: u64, everything: bool) -> Snapshot;
}

impl Engine for Simulation {
    fn advance(&mut self, steps: u64) -> Vec<Metrics> {
        let mut turns = Vec::new();
        for _ in 0..steps {
            if Simulation::finished(self) {
                break;
            }
            Simulation::advance(self, 1);
            if self.at_turn() {
                turns.push(Metrics::course(self));
            }
        }
        turns
    }

    fn control(&mut self, control: Control) {
        Simulation::control(self, control);
    }

    fn time_s(&self) -> f64 {
        Simulation::time_s(self)
    }

    fn finished(&self) -> bool {
        Simulation::finished(self)
    }

    fn course(&self) -> Metrics {
        Metrics::course(self)
    }

    fn snapshot(&mut self, generation: u64, everything: bool) -> Snapshot {
        take_snapshot(self, generation, everything)
    }
}

pub(super) fn panic_sentence(doing: &str, panic: &(dyn std::any::Any + Send)) -> String {
    let reason = (panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no reason given".into());
    format!(
        "{doing} failed inside the program ({reason}); open the scene again or choose another one, and please report this"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::load;

    #[test]
    fn the_peak_at_the_end_of_a_strip_is_among_the_moments_however_many_steps_run_at_once() {
        let settings = [
            "lattice.sites=[16,16,32]".to_owned(),
            r#"protocol=[{"Plate":{"current_density_ma_cm2":1.0,"until":{"capacity_mah_cm2":0.05}}},{"Strip":{"current_density_ma_cm2":1.0,"until":{"voltage_v":1.0}}}]"#.to_owned(),
        ];
        let scene = load("half_cell").and_then(|scene| scene.with_settings(&settings)).expect("a good scene");
        let highest = |moments: &[Metrics]| {
            moments.iter().map(|moment| moment.cell_voltage_mv).fold(f64::MIN, f64::max)
        };
        let mut slow = Simulation::new(&scene, 1).expect("it fits");
        let mut every_step = Vec::new();
        while !Simulation::finished(&slow) {
            Simulation::advance(&mut slow, 1);
            every_step.push(Metrics::course(&slow));
        }
        let mut simulation = Simulation::new(&scene, 1).expect("it fits");
        let turns = Engine::advance(&mut simulation, 1_000_000);
        assert_eq!((turns.len(), simulation.state_hash()), (2, slow.state_hash()));
        assert_eq!(highest(&turns), highest(&every_step));
    }
}
