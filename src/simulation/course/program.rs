//! A protocol as a list of tasks with jumps.
//!
//! Does: translate the steps of a scene into the units of the simulation. Say which current flows at a time
//! of a task.
//! Does not: keep the place ([`super::protocol`]).

use super::clock::charge_from_sites;
use crate::scene::{STEPS_PER_LAYER, STEPS_PER_RAMP, SceneSpec, StepLimits, StepSpec};
use crate::simulation::constants::Constants;
use crate::units::{a_m2_from_ma_cm2, c_m2_from_mah_cm2};

/// Which current flows in a task. Current densities are in A m⁻², signed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Flow {
    Steady(f64),
    /// Over and over: each current for its time, s.
    Pulse([(f64, f64); 3]),
    /// From one current to another over a time, s.
    Ramp {
        from: f64,
        to: f64,
        time_s: f64,
    },
    /// What a signed voltage drives, V, and at most so much.
    Hold {
        voltage_v: f64,
        most: f64,
    },
}

/// One step, in the units of the simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Task {
    /// Place among the steps as written, from 1.
    pub number: u64,
    pub flow: Flow,
    /// Limits: charge (2⁻³² sites), time (s), polarisation (V), current density (A m⁻²).
    pub charge: u64,
    pub time_s: f64,
    pub voltage_v: f64,
    pub least_a_m2: f64,
}

impl Task {
    /// Number of the phase of a pulse at a time of the task, and what is left of it, s.
    pub fn phase(&self, time_s: f64) -> (usize, f64) {
        let Flow::Pulse(phases) = self.flow else { return (0, f64::INFINITY) };
        let period_s: f64 = phases.iter().map(|(_, time_s)| time_s).sum();
        let place = time_s % period_s;
        // Rounding may leave a sliver of a phase.
        let sliver = 1e-9 * period_s;
        let mut end_s = 0.0;
        for (number, (_, phase_s)) in phases.into_iter().enumerate() {
            end_s += phase_s;
            if place < end_s - sliver {
                return (number, end_s - place);
            }
        }
        (0, phases[0].1)
    }

    /// True in the reversal of a pulse.
    pub fn reversal(&self, time_s: f64) -> bool {
        matches!(self.flow, Flow::Pulse(_)) && self.phase(time_s).0 == 1
    }

    /// Current density at a time of the task, A m⁻², and how long a step of the simulation may be, s. `held`
    /// is the current that a held voltage drives.
    pub fn current(&self, time_s: f64, held: f64, constants: &Constants) -> (f64, f64) {
        match self.flow {
            Flow::Steady(current) => (current, f64::INFINITY),
            Flow::Pulse(phases) => {
                let (number, left_s) = self.phase(time_s);
                (phases[number].0, left_s)
            }
            Flow::Ramp { from, to, time_s: whole_s } => {
                let most_s = whole_s / STEPS_PER_RAMP;
                let at = |time_s: f64| from + (to - from) * (time_s / whole_s).min(1.0);
                // The current of a step is that of its middle, as far as its length is known.
                let layer_c_m2 =
                    constants.columns as f64 * constants.site_charge_c / constants.projected_area_m2;
                let step_s = layer_c_m2 / STEPS_PER_LAYER as f64 / at(time_s);
                (at(time_s + 0.5 * most_s.min(step_s)), most_s)
            }
            Flow::Hold { .. } => (held, constants.rest_step_s),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Instruction {
    Do(Task),
    /// Back to `start` until this has been passed `times` times.
    Again {
        start: usize,
        times: u32,
    },
}

/// The program of a scene. Without a protocol it is one step of plating that the limits of the run end.
pub(crate) fn program(spec: &SceneSpec, constants: &Constants) -> Vec<Instruction> {
    let per_mah_cm2 = c_m2_from_mah_cm2(1.0) * constants.projected_area_m2 / constants.site_charge_c;
    let mut compiler = Compiler { per_mah_cm2, program: Vec::new(), tasks: 0 };
    match &spec.protocol {
        Some(steps) => compiler.steps(steps),
        None => compiler.steady(spec.current_density_ma_cm2, &StepLimits::default()),
    }
    compiler.program
}

struct Compiler {
    /// Sites per capacity.
    per_mah_cm2: f64,
    program: Vec<Instruction>,
    tasks: u64,
}

impl Compiler {
    fn steps(&mut self, steps: &[StepSpec]) {
        for step in steps {
            match step {
                StepSpec::Plate { current_density_ma_cm2, until } => {
                    self.steady(*current_density_ma_cm2, until)
                }
                StepSpec::Strip { current_density_ma_cm2, until } => {
                    self.steady(-current_density_ma_cm2, until)
                }
                StepSpec::Rest { time_s } => {
                    self.steady(0.0, &StepLimits { time_s: Some(*time_s), ..StepLimits::default() });
                }
                StepSpec::Pulse { current_density_ma_cm2, on_s, off_s, reverse, until } => {
                    let back = reverse.map_or((0.0, 0.0), |back| (-back.current_density_ma_cm2, back.time_s));
                    let phases = [(*current_density_ma_cm2, *on_s), back, (0.0, *off_s)];
                    self.add(
                        Flow::Pulse(phases.map(|(current, time_s)| (a_m2_from_ma_cm2(current), time_s))),
                        until,
                    );
                }
                StepSpec::Ramp { from_ma_cm2, to_ma_cm2, time_s, until } => {
                    let [from, to] = [*from_ma_cm2, *to_ma_cm2].map(a_m2_from_ma_cm2);
                    let ends_s = until.time_s.map_or(*time_s, |limit| limit.min(*time_s));
                    let until = StepLimits { time_s: Some(ends_s), ..until.clone() };
                    self.add(Flow::Ramp { from, to, time_s: *time_s }, &until);
                }
                StepSpec::Hold { voltage_v, largest_ma_cm2, until } => {
                    self.add(
                        Flow::Hold { voltage_v: *voltage_v, most: a_m2_from_ma_cm2(*largest_ma_cm2) },
                        until,
                    );
                }
                StepSpec::Repeat { times, steps } => {
                    let start = self.program.len();
                    self.steps(steps);
                    self.program.push(Instruction::Again { start, times: *times });
                }
            }
        }
    }

    fn steady(&mut self, ma_cm2: f64, until: &StepLimits) {
        self.add(Flow::Steady(a_m2_from_ma_cm2(ma_cm2)), until);
    }

    fn add(&mut self, flow: Flow, until: &StepLimits) {
        self.tasks += 1;
        let capacity = until.capacity_mah_cm2.map_or(f64::INFINITY, |capacity| capacity * self.per_mah_cm2);
        let sites = until.sites.map_or(f64::INFINITY, |sites| sites as f64);
        self.program.push(Instruction::Do(Task {
            number: self.tasks,
            flow,
            charge: charge_from_sites(capacity.min(sites)),
            time_s: until.time_s.unwrap_or(f64::INFINITY),
            voltage_v: until.voltage_v.unwrap_or(f64::INFINITY),
            least_a_m2: until.current_density_ma_cm2.map_or(0.0, a_m2_from_ma_cm2),
        }));
    }
}
