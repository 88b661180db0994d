//! The protocol at work: which step of charge, discharge or rest is on, and when it ends.
//!
//! Does: run a [program](super::program) with nested repeats, say how far the clock may go, end a step at the
//! first of its limits.
//! Does not: judge a protocol (that is done when the scene is read) or compute a voltage or the current that
//! a held voltage drives (`cell::source`).

use super::clock::{Clock, Ending, sites_from_charge};
use super::cycles::{Balance, Cycles};
use super::failure::Verdict;
use super::film_book::FilmBook;
use super::journal::{EventKind, Journal};
use super::ledger::Ledger;
use super::program::{Flow, Instruction, Task, program};
use super::readings::Readings;
use crate::lattice::{Lattice, SiteKind};
use crate::scene::SceneSpec;
use crate::simulation::constants::Constants;
use crate::simulation::sites::Sites;
use bevy_ecs::prelude::*;

/// The step of a protocol that is on, for viewers. Limits that it does not have are infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PresentStep {
    /// Counts the steps that have begun, repeats written out, from 1.
    pub number: u64,
    /// Signed current density that flows outside the pauses of pulses, A m⁻².
    pub current_density_a_m2: f64,
    /// True where a user has set the current in place of the step's.
    pub by_hand: bool,
    /// True for a pulse.
    pub pulsed: bool,
    /// Voltage that is held, V: below 0 plates, above 0 strips.
    pub held_v: Option<f64>,
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

/// Where in its protocol a run was in its last step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProtocolPlace {
    /// Step as written, from 1, repeats counted once.
    pub step: u64,
    /// Steps that have begun, repeats written out.
    pub pass: u64,
    /// Phase of a pulse, from 0.
    pub phase: usize,
}

/// The program and where it is.
#[derive(Resource)]
pub(crate) struct Protocol {
    program: Vec<Instruction>,
    /// Passes made of each `Again`.
    passes: Vec<u32>,
    at: usize,
    /// Current density that a user has set in place of the present task's, A m⁻².
    by_hand: Option<f64>,
    /// Current density that the held voltage of the present task drives, A m⁻².
    held: f64,
    /// Most that the source drives before the voltage reaches its limit, A m⁻².
    most: f64,
    /// Charge and time since the present task began.
    charge: u64,
    time_s: f64,
    /// Time of the present task until which nothing flows: a reversal that found no metal.
    idle_until_s: f64,
    /// Tasks begun.
    begun: u64,
    /// Where the last step of the simulation was.
    place: ProtocolPlace,
    /// False for a scene without a protocol.
    pub written: bool,
    /// Set when the present task cannot go on: no metal left, or none to be had.
    pub spent: bool,
}

impl Protocol {
    pub fn new(spec: &SceneSpec, constants: &Constants) -> Self {
        let program = program(spec, constants);
        let mut protocol = Self {
            passes: vec![0; program.len()],
            program,
            at: 0,
            by_hand: None,
            held: 0.0,
            most: f64::INFINITY,
            charge: 0,
            time_s: 0.0,
            idle_until_s: 0.0,
            begun: 0,
            place: ProtocolPlace::default(),
            written: spec.protocol.is_some(),
            spent: false,
        };
        protocol.begin();
        protocol.place = protocol.next_place();
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
        if self.task().is_some() {
            (self.by_hand, self.held, self.idle_until_s) = (None, 0.0, 0.0);
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
        self.by_hand = Some(current_a_m2);
    }

    /// Voltage that is to be held, V, and the most that may flow for it, A m⁻².
    pub fn hold(&self) -> Option<(f64, f64)> {
        match self.task()?.flow {
            Flow::Hold { voltage_v, most } if self.by_hand.is_none() => Some((voltage_v, most)),
            _ => None,
        }
    }

    /// Sets the current that the held voltage drives, A m⁻².
    pub fn set_held(&mut self, current_a_m2: f64) {
        self.held = current_a_m2;
    }

    /// Sets the most that the source drives in either direction, A m⁻².
    pub fn set_most(&mut self, current_a_m2: f64) {
        self.most = current_a_m2;
    }

    /// Current density that the present task asks for now, A m⁻².
    pub fn wanted_a_m2(&self, constants: &Constants) -> f64 {
        self.outlook(constants).0
    }

    /// Voltage, V, at which the source gives way: that of a held voltage, the limit of the task, or the
    /// cutoff.
    pub fn limit_v(&self, direction: f64, cutoff_v: f64) -> f64 {
        match (self.hold(), self.task()) {
            (Some((voltage_v, _)), _) => voltage_v.abs(),
            (None, Some(task)) if direction != 0.0 => task.voltage_v.min(cutoff_v),
            _ => cutoff_v,
        }
    }

    /// Current density now, A m⁻², and the charge and time for which it may flow.
    fn outlook(&self, constants: &Constants) -> (f64, u64, f64) {
        let Some(task) = self.task() else { return (0.0, 0, 0.0) };
        let (current, phase_s) = task.current(self.time_s, self.held, constants);
        // What a user sets flows in the pulses, not in their pauses.
        let current = match self.by_hand {
            Some(by_hand) if task.phase(self.time_s).0 == 0 => by_hand,
            _ if self.time_s < self.idle_until_s * (1.0 - 1e-12) => 0.0,
            _ => current,
        };
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
        let current = match task.flow {
            Flow::Steady(current) | Flow::Pulse([(current, _), ..]) => current,
            Flow::Ramp { .. } | Flow::Hold { .. } => task.current(self.time_s, self.held, constants).0,
        };
        Some(PresentStep {
            number: self.begun,
            current_density_a_m2: self.by_hand.unwrap_or(current),
            by_hand: self.by_hand.is_some(),
            pulsed: matches!(task.flow, Flow::Pulse(_)),
            held_v: self.hold().map(|(voltage_v, _)| voltage_v),
            // What is beyond the counter is no limit.
            capacity_mah_cm2: if task.charge == u64::MAX { f64::INFINITY } else { capacity(task.charge) },
            passed_mah_cm2: capacity(self.charge),
            time_s: task.time_s,
            passed_s: self.time_s,
            voltage_v: task.voltage_v,
        })
    }

    /// Where the next step of the simulation will be; at the end of the program where the last one was.
    fn next_place(&self) -> ProtocolPlace {
        let Some(task) = self.task() else { return self.place };
        ProtocolPlace { step: task.number, pass: self.begun, phase: task.phase(self.time_s).0 }
    }

    /// Where the last step of the simulation was, and whether the next one is elsewhere.
    pub fn place(&self) -> (ProtocolPlace, bool) {
        (self.place, self.next_place() != self.place)
    }

    /// Number of the present instruction, for the fingerprint of a state.
    pub fn instruction(&self) -> u64 {
        self.at as u64
    }
}

/// Opens a step: which current flows, how long it lasts and how many sites it moves.
pub(crate) fn open_step(
    mut clock: ResMut<Clock>,
    mut cycles: ResMut<Cycles>,
    mut protocol: ResMut<Protocol>,
    (book, ledger, sites): (Res<FilmBook>, Res<Ledger>, Res<Sites>),
    constants: Res<Constants>,
) {
    let (current, charge, time_s) = protocol.outlook(&constants);
    (clock.applied_a_m2, clock.current_density_a_m2) =
        (current, current.clamp(-protocol.most, protocol.most));
    protocol.place = protocol.next_place();
    cycles.resume();
    if clock.plating() && cycles.ready() {
        let balance = balance(&sites.0, &ledger, &book);
        cycles.complete(balance, clock.time_s, |sites| constants.capacity_mah_cm2(sites));
    }
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
    let reversal = protocol.task().is_some_and(|task| task.reversal(protocol.time_s));
    protocol.charge += clock.step_charge;
    protocol.time_s += clock.dt_s;
    let stripping = clock.stripping();
    cycles.count(&clock, readings.stack.total_v(), reversal);
    if verdict.failed() {
        clock.end(Ending::Failure);
    }
    let Some(task) = protocol.task() else { return };
    let held = protocol.hold().is_some();
    let limit_v = match (held, stripping) {
        (true, _) => f64::INFINITY,
        (false, true) => task.voltage_v.min(verdict.cutoff_v),
        (false, false) => task.voltage_v,
    };
    let at_limit = limit_v.is_finite() && clock.limited();
    let at_voltage =
        clock.current_density_a_m2 != 0.0 && (at_limit || readings.stack.total_v() >= limit_v * (1.0 - 1e-9));
    if at_voltage && !protocol.spent && !reversal {
        journal.note(super::journal::event(EventKind::Cutoff, &clock, &constants, None));
    }
    // A held voltage takes all that it can: little more comes out once its current has fallen.
    let faded = held && task.least_a_m2 > 0.0 && clock.current_density_a_m2.abs() <= task.least_a_m2;
    if stripping && (at_voltage || protocol.spent || faded) {
        if reversal {
            // The pulses go on without the rest of this reversal.
            protocol.idle_until_s = protocol.time_s + task.phase(protocol.time_s).1;
            protocol.spent = false;
        } else {
            cycles.stripped_to_the_end();
        }
    }
    let over = protocol.charge >= task.charge
        || protocol.time_s >= task.time_s * (1.0 - 1e-12)
        || (at_voltage && !reversal)
        || faded
        || protocol.spent;
    if over && !clock.finished() {
        // What a scene without a protocol has run out of, a user may bring back by another current.
        if !protocol.written && task.time_s.is_infinite() {
            protocol.spent = false;
            protocol.set_current(0.0);
        } else if !protocol.next() {
            clock.end(Ending::Protocol);
        }
    }
    // A strip that the end of the run cuts short is not yet a cycle.
    if clock.finished() && cycles.ready() && (over || !stripping) {
        let balance = balance(&sites.0, &ledger, &book);
        cycles.end(balance, clock.time_s, |sites| constants.capacity_mah_cm2(sites));
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
    use crate::scene::{ReversePulse, StepLimits, StepSpec};

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
    fn a_pulse_reverses_pauses_and_comes_back() {
        let scene = crate::scene::load(crate::scene::DEFAULT_SCENE).expect("the default scene");
        let constants = Constants::new(&scene, 1);
        let until = StepLimits { time_s: Some(100.0), ..StepLimits::default() };
        for (reverse, expected) in [
            (
                None,
                [(0.0, 20.0, 3.0), (2.0, 20.0, 1.0), (3.0, 0.0, 7.0), (10.0, 20.0, 3.0), (98.0, 0.0, 2.0)],
            ),
            (
                Some(ReversePulse { current_density_ma_cm2: 0.5, time_s: 1.0 }),
                [(0.0, 20.0, 3.0), (3.0, -5.0, 1.0), (4.0, 0.0, 7.0), (11.0, 20.0, 3.0), (99.0, 20.0, 1.0)],
            ),
        ] {
            let mut protocol = protocol(vec![StepSpec::Pulse {
                current_density_ma_cm2: 2.0,
                on_s: 3.0,
                off_s: 7.0,
                reverse,
                until: until.clone(),
            }]);
            for (time_s, current, left_s) in expected {
                protocol.time_s = time_s;
                let (now, _, left) = protocol.outlook(&constants);
                assert!((now, left) == (current, left_s), "{time_s}: {now} {left}");
            }
        }
    }
}
