//! The rows of `metrics.csv`: when the figures of a run are taken.
//!
//! Does: take a row at every begin and end of a step of the protocol and of a phase of a pulse, at equal
//! shares of the charge or the time of a step, where voltage or current change much, and ever more rarely at
//! rest. Thin the rows out once they become too many.
//! Does not: depend on the speed of the machine.
//! Accuracy: never more than the largest number of rows. What is thinned out is every second row inside the
//! steps, or, of very many steps, every second group of eight.

use crate::observables::Metrics;
use crate::scene::{STEPS_PER_LAYER, Scene};
use crate::simulation::Simulation;

/// Rows of a run without a protocol, about.
const OF_A_RUN: f64 = 200.0;
/// Rows of a step of a protocol: one that losses cut to the half still has forty.
const OF_A_STEP: f64 = 80.0;
/// At rest the next row comes when the time since the last turn has grown by this: ten rows per decade.
const GROWTH: f64 = 1.25;
/// A row is taken where voltage or current have changed by this share,
const CHANGE: f64 = 0.1;
/// but not for less than this, mV.
const LEAST_MV: f64 = 5.0;
/// Steps of the protocol that are kept or dropped together, so that what is kept shows whole periods.
const GROUP: u64 = 8;

/// Largest number of rows unless the user says otherwise.
pub const MOST_ROWS: usize = 3000;
/// Fewer rows than this could not hold two groups of steps.
pub const FEWEST_ROWS: usize = 50;

/// A row and what it is for.
struct Row {
    metrics: Metrics,
    place: Place,
}

#[derive(Clone, Copy)]
enum Place {
    /// Begin or end of a step or phase, by the number of these.
    Turn(u64),
    /// Inside a step, by the number of such places.
    Inside(u64),
}

/// Takes rows while a run goes on.
pub struct Rows {
    most: usize,
    rows: Vec<Row>,
    /// Turns and places inside so far, and which of them become rows.
    turns: u64,
    inside: u64,
    turn_stride: u64,
    inside_stride: u64,
    /// True when the last step of the simulation was the last before a turn.
    at_turn: bool,
    /// Steps and time at the last turn, and the time after it at which the next row at rest is due, s.
    steps: u64,
    since_s: f64,
    next_s: f64,
    /// Steps of the simulation from one row to the next in a run without a protocol.
    apart: u64,
    /// Shares of the present step of the protocol that are done, in [`OF_A_STEP`]ths.
    shares: u64,
    /// Charge that a step without a limit in charge or time will pass, as far as is known, mAh cm⁻².
    expected_mah_cm2: f64,
    /// Voltage, mV, and current, mA cm⁻², of the last row.
    last: (f64, f64),
}

impl Rows {
    /// Begins with the row of the start.
    pub fn new(simulation: &Simulation, most: usize) -> Self {
        let first = Row { metrics: Metrics::measure(simulation), place: Place::Turn(0) };
        Self {
            most: most.max(FEWEST_ROWS),
            rows: vec![first],
            turns: 0,
            inside: 0,
            turn_stride: 1,
            inside_stride: 1,
            at_turn: true,
            steps: 0,
            since_s: 0.0,
            next_s: 0.0,
            apart: steps_between_rows(simulation.scene()),
            shares: 0,
            expected_mah_cm2: 0.0,
            last: (0.0, 0.0),
        }
    }

    /// Looks at the run after each step of the simulation. Returns the row that was taken, if one was.
    pub fn look(&mut self, simulation: &Simulation) -> Option<&Metrics> {
        let begins = std::mem::replace(&mut self.at_turn, simulation.at_turn());
        if begins {
            self.turns += 1;
            (self.steps, self.since_s, self.next_s) = (0, simulation.time_s(), 0.0);
            (self.shares, self.expected_mah_cm2) = (0, expected_mah_cm2(simulation));
        }
        self.steps += 1;
        let now = (1e3 * simulation.voltage().total_v(), simulation.current_density_a_m2() / 10.0);
        let place = if begins || self.at_turn {
            Place::Turn(self.turns)
        } else if self.inner_row_is_due(simulation, now) {
            self.inside += 1;
            Place::Inside(self.inside)
        } else {
            return None;
        };
        if !self.kept(place) {
            return None;
        }
        self.last = now;
        self.push(simulation, place);
        self.rows.last().map(|row| &row.metrics)
    }

    fn inner_row_is_due(&mut self, simulation: &Simulation, (millivolts, current): (f64, f64)) -> bool {
        let (last_mv, last_current) = self.last;
        let jumped = (millivolts - last_mv).abs() > LEAST_MV.max(CHANGE * last_mv.abs())
            || (current - last_current).abs() > CHANGE * last_current.abs();
        if current != 0.0 {
            return self.at_a_share(simulation) || jumped;
        }
        let rested_s = simulation.time_s() - self.since_s;
        if jumped || rested_s >= self.next_s {
            self.next_s = GROWTH * rested_s;
            return true;
        }
        false
    }

    /// True where a row is due by the charge or the time of the step.
    fn at_a_share(&mut self, simulation: &Simulation) -> bool {
        let Some(step) = simulation.present_step() else { return self.steps.is_multiple_of(self.apart) };
        let mut done = step.passed_s / step.time_s;
        done = done.max(step.passed_mah_cm2 / step.capacity_mah_cm2.min(self.expected_mah_cm2));
        let shares = (done * OF_A_STEP) as u64;
        std::mem::replace(&mut self.shares, shares) != shares
    }

    fn kept(&self, place: Place) -> bool {
        match place {
            Place::Turn(number) => (number / GROUP).is_multiple_of(self.turn_stride),
            Place::Inside(number) => number.is_multiple_of(self.inside_stride),
        }
    }

    fn push(&mut self, simulation: &Simulation, place: Place) {
        self.rows.push(Row { metrics: Metrics::measure(simulation), place });
        // One row is for the end.
        while self.rows.len() >= self.most {
            let inside = self.rows.iter().filter(|row| matches!(row.place, Place::Inside(_))).count();
            let stride =
                if 2 * inside >= self.rows.len() { &mut self.inside_stride } else { &mut self.turn_stride };
            *stride *= 2;
            let rows = std::mem::take(&mut self.rows);
            self.rows = rows.into_iter().filter(|row| self.kept(row.place)).collect();
        }
    }

    /// The rows, with that of the end.
    pub fn end(self, simulation: &Simulation) -> Vec<Metrics> {
        let mut rows: Vec<Metrics> = self.rows.into_iter().map(|row| row.metrics).collect();
        if rows.last().is_none_or(|last| last.step != simulation.step()) {
            rows.push(Metrics::measure(simulation));
        }
        rows
    }
}

/// Steps of the simulation from one row to the next in a run without a protocol; where its end cannot be
/// foreseen, a monolayer of charge.
fn steps_between_rows(scene: &Scene) -> u64 {
    let steps = scene.nominal_run().map(|run| run.steps / OF_A_RUN);
    steps.map_or(STEPS_PER_LAYER, |steps| steps.round().max(1.0) as u64)
}

/// Charge that a step will pass that only a voltage or a current ends, mAh cm⁻²: what there is to strip, or
/// a row for each monolayer.
fn expected_mah_cm2(simulation: &Simulation) -> f64 {
    let Some(step) = simulation.present_step() else { return f64::INFINITY };
    if step.current_density_a_m2 < 0.0 {
        return simulation.capacity_mah_cm2(simulation.stores().balance.live as f64);
    }
    let [across, along, _] = simulation.lattice().sites();
    OF_A_STEP * simulation.capacity_mah_cm2((across * along) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene;

    /// The rows of a run, and the run at its end.
    fn rows(name: &str, settings: &[&str], protocol: Option<&str>, most: usize) -> Vec<Metrics> {
        let settings: Vec<String> = settings.iter().map(|setting| setting.to_string()).collect();
        let mut scene = scene::load(name).unwrap().with_settings(&settings).unwrap();
        if let Some(protocol) = protocol {
            let steps = scene::WrittenProtocol::read(protocol, "--protocol").unwrap().steps;
            scene = Scene::resolve(scene.spec.with_protocol(steps)).unwrap();
        }
        let mut simulation = Simulation::new(&scene, 1).unwrap();
        let mut rows = Rows::new(&simulation, most);
        while !simulation.finished() {
            simulation.advance(1);
            rows.look(&simulation);
        }
        rows.end(&simulation)
    }

    const SMALL: &str = "lattice.sites=[16,16,32]";

    #[test]
    fn a_run_without_a_protocol_has_two_hundred_rows_and_what_happens_fast() {
        let rows = rows("diglyme_film", &[SMALL], None, MOST_ROWS);
        assert!((190..260).contains(&rows.len()), "{}", rows.len());
        assert!(rows.is_sorted_by(|a, b| a.step < b.step));
    }

    #[test]
    fn every_step_has_a_row_at_its_begin_and_its_end() {
        let protocol = "[Repeat(times: 3, steps: [
            Plate(current_density_ma_cm2: 0.5, until: (capacity_mah_cm2: 0.05)), Rest(time_s: 1000),
            Strip(current_density_ma_cm2: 0.5, until: (voltage_v: 0.5)),
        ])]";
        let rows = rows("half_cell", &["electrolyte=diglyme", SMALL], Some(protocol), MOST_ROWS);
        for pass in 1..=9u64 {
            let of_step: Vec<&Metrics> = rows.iter().filter(|row| row.protocol_pass == Some(pass)).collect();
            assert!(of_step.len() >= 5, "step {pass} has {} rows", of_step.len());
            assert!(of_step.iter().all(|row| row.protocol_step == Some((pass - 1) % 3 + 1)));
            assert!(of_step.iter().all(|row| row.cycle == pass.div_ceil(3)));
            if pass % 3 == 1 {
                // A plating step ends with all its charge.
                let end = of_step.last().unwrap();
                assert!((end.cycle_plated_mah_cm2 - 0.05).abs() < 1e-9, "{end:?}");
                assert!(end.current_density_ma_cm2 > 0.0);
            }
        }
    }

    #[test]
    fn a_month_at_rest_takes_few_rows() {
        let protocol = "[Plate(current_density_ma_cm2: 0.5, until: (time_s: 60)), Rest(time_s: 2592000)]";
        let rows = rows("half_cell", &["electrolyte=diglyme", SMALL], Some(protocol), MOST_ROWS);
        let at_rest = rows.iter().filter(|row| row.protocol_step == Some(2)).count();
        assert!((20..200).contains(&at_rest), "{at_rest}");
        assert_eq!(rows.last().unwrap().time_s, 2_592_060.0);
    }

    #[test]
    fn very_many_pulses_are_bounded_and_shown_in_whole_periods() {
        let protocol = "[Repeat(times: 3000, steps: [
            Plate(current_density_ma_cm2: 0.5, until: (time_s: 0.01)), Rest(time_s: 0.05),
        ])]";
        for most in [FEWEST_ROWS, 300] {
            let rows = rows("half_cell", &["electrolyte=diglyme", SMALL], Some(protocol), most);
            assert!(rows.len() <= most && rows.len() >= most / 4, "{} of {most}", rows.len());
            assert_eq!(rows.last().unwrap().protocol_pass, Some(6000));
            let neighbours = rows.windows(2).filter(|pair| pair[0].protocol_step != pair[1].protocol_step);
            assert!(neighbours.count() > rows.len() / 2, "pulse follows pause");
        }
    }
}
