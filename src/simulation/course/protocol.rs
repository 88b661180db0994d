//! The protocol at work: which step of charge, discharge or rest is on, and when it ends.
//!
//! Does: run a list of steps with nested repeats, say how far the clock may go, end a step at the first of
//! its limits.
//! Does not: judge a protocol (that is done when the scene is read) or compute a voltage. A scene without a
//! protocol is one step of plating that the limits of the run end.

use super::clock::{Clock, charge_from_sites, sites_from_charge};
use super::cycles::{Balance, Cycles};
use super::failure::Verdict;
use super::film_book::FilmBook;
use super::journal::{EventKind, Journal};
use super::ledger::Ledger;
use super::readings::Readings;
use crate::lattice::{Lattice, SiteKind};
use crate::scene::{SceneSpec, StepLimits, StepSpec};
use crate::simulation::constants::Constants;
use crate::simulation::sites::Sites;
use crate::units::{a_m2_from_ma_cm2, c_m2_from_mah_cm2};
use bevy_ecs::prelude::*;

/// The step of a protocol that is on, for viewers. Limits that it does not have are infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PresentStep {
    /// Counts the steps that have begun, repeats written out, from 1.
    pub number: u64,
    /// Signed current density that flows outside the pauses of pulses, A m⁻².
    pub current_density_a_m2: f64,
    /// True for a pulse.
    pub pulsed: bool,
    /// Charge after which it ends, mAh cm⁻².
    pub capacity_mah_cm2: f64,
    /// Charge that has passed in it, mAh cm⁻².
    pub passed_mah_cm2: f64,
    /// Time after which it ends, s.
    pub time_s: f64,
    /// Time that has passed in it, s.
    pub passed_s: f64,
    /// Polarisation at which it ends, V.
    pub voltage_v: f64,
}

/// One step, in the units of the simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Task {
    /// Signed current density, A m⁻².
    current_a_m2: f64,
    /// Pulse and pause, s.
    pulse_s: Option<(f64, f64)>,
    /// Limits: charge (2⁻³² sites), time (s), polarisation (V).
    charge: u64,
    time_s: f64,
    voltage_v: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Instruction {
    Do(Task),
    /// Back to `start` until this has been passed `times` times.
    Again {
        start: usize,
        times: u32,
    },
}

/// The program and where it is.
#[derive(Resource)]
pub(crate) struct Protocol {
    program: Vec<Instruction>,
    /// Passes made of each `Again`.
    passes: Vec<u32>,
    at: usize,
    /// Current density the present task asks for, unless a user changed it, A m⁻².
    current_a_m2: f64,
    /// Charge and time since the present task began.
    charge: u64,
    time_s: f64,
    /// Tasks begun.
    begun: u64,
    /// False for a scene without a protocol.
    pub written: bool,
    /// Set when the present task cannot go on: no metal left, or none to be had.
    pub spent: bool,
}

impl Protocol {
    pub fn new(spec: &SceneSpec, constants: &Constants) -> Self {
        let per_mah_cm2 = c_m2_from_mah_cm2(1.0) * constants.projected_area_m2 / constants.site_charge_c;
        let mut program = Vec::new();
        match &spec.protocol {
            Some(steps) => compile(steps, per_mah_cm2, &mut program),
            None => {
                program.push(task(spec.current_density_ma_cm2, None, &StepLimits::default(), per_mah_cm2))
            }
        }
        let mut protocol = Self {
            passes: vec![0; program.len()],
            program,
            at: 0,
            current_a_m2: 0.0,
            charge: 0,
            time_s: 0.0,
            begun: 0,
            written: spec.protocol.is_some(),
            spent: false,
        };
        protocol.begin();
        protocol
    }

    fn task(&self) -> Option<Task> {
        match self.program.get(self.at)? {
            Instruction::Do(task) => Some(*task),
            Instruction::Again { .. } => None,
        }
    }

    fn begin(&mut self) {
        (self.charge, self.time_s, self.spent) = (0, 0.0, false);
        if let Some(task) = self.task() {
            self.current_a_m2 = task.current_a_m2;
            self.begun += 1;
        }
    }

    /// Goes on to the next task; false at the end of the program.
    pub fn next(&mut self) -> bool {
        self.at += 1;
        while let Some(Instruction::Again { start, times }) = self.program.get(self.at).copied() {
            self.passes[self.at] += 1;
            if self.passes[self.at] < times {
                self.at = start;
            } else {
                self.passes[self.at] = 0;
                self.at += 1;
            }
        }
        self.begin();
        self.at < self.program.len()
    }

    /// A user takes the present task's current into his own hands, A m⁻².
    pub fn set_current(&mut self, current_a_m2: f64) {
        self.current_a_m2 = current_a_m2;
    }

    /// True when the present pulse is in its pause, and what is left of the phase, s.
    fn phase(&self, task: &Task) -> (bool, f64) {
        let Some((on_s, off_s)) = task.pulse_s else { return (false, f64::INFINITY) };
        let place = self.time_s % (on_s + off_s);
        // Rounding may leave a sliver of a phase.
        let sliver = 1e-9 * (on_s + off_s);
        if place < on_s - sliver {
            (false, on_s - place)
        } else if place < on_s + off_s - sliver {
            (true, on_s + off_s - place)
        } else {
            (false, on_s)
        }
    }

    /// Current density now, A m⁻², and the charge and time for which it may flow.
    fn outlook(&self) -> (f64, u64, f64) {
        let Some(task) = self.task() else { return (0.0, 0, 0.0) };
        let (pause, phase_s) = self.phase(&task);
        let current = if pause { 0.0 } else { self.current_a_m2 };
        (current, task.charge.saturating_sub(self.charge), (task.time_s - self.time_s).min(phase_s))
    }

    /// True when the present task has a limit in voltage of its own.
    pub fn ends_at_voltage(&self) -> bool {
        self.task().is_some_and(|task| task.voltage_v.is_finite())
    }

    /// What viewers are told; `None` without a protocol and after its end.
    pub fn present(&self, constants: &Constants) -> Option<PresentStep> {
        let task = self.task().filter(|_| self.written)?;
        let capacity = |charge| constants.capacity_mah_cm2(sites_from_charge(charge));
        Some(PresentStep {
            number: self.begun,
            current_density_a_m2: self.current_a_m2,
            pulsed: task.pulse_s.is_some(),
            // What is beyond the counter is no limit.
            capacity_mah_cm2: if task.charge == u64::MAX { f64::INFINITY } else { capacity(task.charge) },
            passed_mah_cm2: capacity(self.charge),
            time_s: task.time_s,
            passed_s: self.time_s,
            voltage_v: task.voltage_v,
        })
    }

    /// Number of the present instruction, for the fingerprint of a state.
    pub fn place(&self) -> u64 {
        self.at as u64
    }
}

fn compile(steps: &[StepSpec], per_mah_cm2: f64, program: &mut Vec<Instruction>) {
    for step in steps {
        match step {
            StepSpec::Plate { current_density_ma_cm2, until } => {
                program.push(task(*current_density_ma_cm2, None, until, per_mah_cm2));
            }
            StepSpec::Strip { current_density_ma_cm2, until } => {
                program.push(task(-current_density_ma_cm2, None, until, per_mah_cm2));
            }
            StepSpec::Rest { time_s } => {
                let until = StepLimits { time_s: Some(*time_s), ..StepLimits::default() };
                program.push(task(0.0, None, &until, per_mah_cm2));
            }
            StepSpec::Pulse { current_density_ma_cm2, on_s, off_s, until } => {
                program.push(task(*current_density_ma_cm2, Some((*on_s, *off_s)), until, per_mah_cm2));
            }
            StepSpec::Repeat { times, steps } => {
                let start = program.len();
                compile(steps, per_mah_cm2, program);
                program.push(Instruction::Again { start, times: *times });
            }
        }
    }
}

fn task(
    current_density_ma_cm2: f64,
    pulse_s: Option<(f64, f64)>,
    until: &StepLimits,
    per_mah_cm2: f64,
) -> Instruction {
    let capacity = until.capacity_mah_cm2.map_or(f64::INFINITY, |capacity| capacity * per_mah_cm2);
    let sites = until.sites.map_or(f64::INFINITY, |sites| sites as f64);
    Instruction::Do(Task {
        current_a_m2: a_m2_from_ma_cm2(current_density_ma_cm2),
        pulse_s,
        charge: charge_from_sites(capacity.min(sites)),
        time_s: until.time_s.unwrap_or(f64::INFINITY),
        voltage_v: until.voltage_v.unwrap_or(f64::INFINITY),
    })
}

/// Opens a step: which current flows, how long it lasts and how many sites it moves.
pub(crate) fn open_step(mut clock: ResMut<Clock>, protocol: Res<Protocol>, constants: Res<Constants>) {
    let (current, charge, time_s) = protocol.outlook();
    clock.current_density_a_m2 = current;
    clock.open(charge, time_s, &constants);
}

/// Closes a step: goes on to the next task where a limit is reached, and ends the run after the last one.
pub(crate) fn close_step(
    mut clock: ResMut<Clock>,
    mut protocol: ResMut<Protocol>,
    mut cycles: ResMut<Cycles>,
    mut journal: ResMut<Journal>,
    (readings, verdict): (Res<Readings>, Res<Verdict>),
    (book, ledger, sites): (Res<FilmBook>, Res<Ledger>, Res<Sites>),
    constants: Res<Constants>,
) {
    clock.close();
    protocol.charge += clock.step_charge;
    protocol.time_s += clock.dt_s;
    let stripping = clock.stripping();
    cycles.count(&clock, readings.stack.total_v());
    if verdict.failed() {
        clock.finished = true;
    }
    let Some(task) = protocol.task() else { return };
    let limit_v = if stripping { task.voltage_v.min(verdict.cutoff_v) } else { task.voltage_v };
    let at_voltage = clock.current_density_a_m2 != 0.0 && readings.stack.total_v() >= limit_v;
    if at_voltage && !protocol.spent {
        journal.note(super::journal::event(EventKind::Cutoff, &clock, &constants, None));
    }
    let over = protocol.charge >= task.charge
        || protocol.time_s >= task.time_s * (1.0 - 1e-12)
        || at_voltage
        || protocol.spent;
    if over && !clock.finished {
        if stripping {
            let balance = balance(&sites.0, &ledger, &book);
            cycles.complete(balance, clock.time_s, |sites| constants.capacity_mah_cm2(sites));
        }
        // What a scene without a protocol has run out of, a user may bring back by another current.
        if protocol.written || task.time_s.is_finite() {
            clock.finished = !protocol.next();
        } else {
            protocol.spent = false;
            protocol.set_current(0.0);
        }
    }
}

/// Where metal has gone so far.
pub(crate) fn balance(lattice: &Lattice, ledger: &Ledger, book: &FilmBook) -> Balance {
    Balance {
        live: lattice.count(SiteKind::Metal),
        dead: lattice.count(SiteKind::DeadMetal) + ledger.carried_off,
        sei: book.converted,
        corroded: book.corroded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protocol(steps: Vec<StepSpec>) -> Protocol {
        let scene = crate::scene::load(crate::scene::DEFAULT_SCENE).expect("the default scene");
        let spec = SceneSpec { protocol: Some(steps), ..scene.spec.clone() };
        Protocol::new(&spec, &Constants::new(&scene, 1))
    }

    #[test]
    fn nested_repeats_run_as_written_out() {
        let rest = |time_s| StepSpec::Rest { time_s };
        let inner = StepSpec::Repeat { times: 2, steps: vec![rest(2.0), rest(3.0)] };
        let mut protocol = protocol(vec![
            rest(1.0),
            StepSpec::Repeat { times: 3, steps: vec![inner, rest(4.0)] },
            rest(5.0),
        ]);
        let mut seen = vec![];
        loop {
            seen.push(protocol.task().expect("a task").time_s);
            if !protocol.next() {
                break;
            }
        }
        let round = [2.0, 3.0, 2.0, 3.0, 4.0];
        let expected: Vec<f64> =
            [1.0].into_iter().chain(round).chain(round).chain(round).chain([5.0]).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_pulse_pauses_and_comes_back() {
        let until = StepLimits { time_s: Some(100.0), ..StepLimits::default() };
        let mut protocol =
            protocol(vec![StepSpec::Pulse { current_density_ma_cm2: 2.0, on_s: 3.0, off_s: 7.0, until }]);
        for (time_s, current, left_s) in
            [(0.0, 20.0, 3.0), (2.0, 20.0, 1.0), (3.0, 0.0, 7.0), (10.0, 20.0, 3.0), (98.0, 0.0, 2.0)]
        {
            protocol.time_s = time_s;
            let (now, _, left) = protocol.outlook();
            assert!((now, left) == (current, left_s), "{time_s}: {now} {left}");
        }
    }
}
