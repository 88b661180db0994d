//! How long a run will take if nothing unforeseen ends it: for progress bars, lengths of films and rows of
//! tables.
//!
//! Does: walk through the protocol with charge and current.
//! Does not: know voltages, dead metal or losses; all metal that was plated counts as there to be stripped.
//! Accuracy: exact for steps that end at a charge or a time.

use super::{CellSpec, Scene, StepLimits, StepSpec};
use crate::units::{FARADAY, m_from_um, m3_mol_from_cm3_mol, mah_cm2_from_c_m2};

/// Steps of the simulation per monolayer of charge.
pub const STEPS_PER_LAYER: u64 = 64;

/// A run as planned.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NominalRun {
    /// Duration, s.
    pub duration_s: f64,
    /// Steps of the simulation.
    pub steps: f64,
    /// Steps of the simulation in the shortest half cycle. Half cycles of less than a tenth of the longest,
    /// as in formation, do not count. `None` where nothing is stripped.
    pub half_cycle_steps: Option<f64>,
}

impl Scene {
    /// The run as planned, or `None` where its end cannot be foreseen, as of plating to a voltage.
    pub fn nominal_run(&self) -> Option<NominalRun> {
        let mut walk = Walk::new(self);
        match &self.spec.protocol {
            Some(steps) => walk.through(steps),
            // One step that the limits of the run end.
            None => walk.pass(self.spec.current_density_ma_cm2, None, &StepLimits::default()),
        };
        walk.run.half_cycle_steps = walk.shortest_half_cycle();
        walk.run.duration_s.is_finite().then_some(walk.run)
    }

    /// Duration of the run as planned, s, or `None` where its end cannot be foreseen. A strip that only a
    /// voltage ends takes as long as it takes to strip what was plated before it.
    pub fn nominal_duration_s(&self) -> Option<f64> {
        self.nominal_run().map(|run| run.duration_s)
    }
}

/// A walk through a protocol. Charges are in mAh cm⁻².
struct Walk {
    run: NominalRun,
    /// Steps of the simulation in each step that carried current.
    half_cycles: Vec<f64>,
    strips: bool,
    /// Charge that has plated, and metal on the electrode; the latter falls below 0 where a foil gives metal.
    plated: f64,
    on_electrode: f64,
    /// Limits of the run.
    end_s: f64,
    end_plated: f64,
    /// Charge of a site and of a step of the simulation; duration of a step at rest, s.
    site: f64,
    step: f64,
    rest_step_s: f64,
    symmetric: bool,
}

impl Walk {
    fn new(scene: &Scene) -> Self {
        let (across, along, _) = scene.spec.lattice.sites;
        let molar_volume = m3_mol_from_cm3_mol(scene.metal.molar_volume_cm3_mol.value);
        // F a³/V_m per site.
        let layer = mah_cm2_from_c_m2(FARADAY * m_from_um(scene.spec.lattice.edge_um) / molar_volume);
        let site = layer / (across * along) as f64;
        let until = scene.spec.limits();
        let capacity = until.areal_capacity_mah_cm2.unwrap_or(f64::INFINITY);
        Self {
            run: NominalRun::default(),
            half_cycles: Vec::new(),
            strips: false,
            plated: 0.0,
            on_electrode: 0.0,
            end_s: until.time_s.unwrap_or(f64::INFINITY),
            end_plated: until.sites.map_or(capacity, |sites| capacity.min(sites as f64 * site)),
            site,
            step: layer / STEPS_PER_LAYER as f64,
            rest_step_s: scene.model.rest_step_s.value,
            symmetric: matches!(scene.spec.cell, CellSpec::Symmetric { .. }),
        }
    }

    /// Walks through steps; false when the run is over.
    fn through(&mut self, steps: &[StepSpec]) -> bool {
        steps.iter().all(|step| match step {
            StepSpec::Plate { current_density_ma_cm2, until } => {
                self.pass(*current_density_ma_cm2, None, until)
            }
            StepSpec::Strip { current_density_ma_cm2, until } => {
                self.strips = true;
                self.pass(-current_density_ma_cm2, None, until)
            }
            StepSpec::Rest { time_s } => {
                self.pass(0.0, None, &StepLimits { time_s: Some(*time_s), ..StepLimits::default() })
            }
            StepSpec::Pulse { current_density_ma_cm2, on_s, off_s, until } => {
                self.pass(*current_density_ma_cm2, Some((*on_s, *off_s)), until)
            }
            StepSpec::Repeat { times, steps } => (0..*times).all(|_| self.through(steps)),
        })
    }

    /// Passes one step of `current` (mA cm⁻², negative strips), pulsed or not; false when the run is over.
    fn pass(&mut self, current: f64, pulse: Option<(f64, f64)>, until: &StepLimits) -> bool {
        let mut charge = until.capacity_mah_cm2.unwrap_or(f64::INFINITY);
        charge = charge.min(until.sites.map_or(f64::INFINITY, |sites| sites as f64 * self.site));
        if current < 0.0 {
            charge = charge.min(self.to_strip(until));
        } else {
            charge = charge.min(self.end_plated - self.plated);
        }
        let flow = Flow { current: current.abs(), pulse };
        let time_s = until.time_s.unwrap_or(f64::INFINITY);
        let duration_s = flow.time_for(charge).min(time_s).min(self.end_s - self.run.duration_s);
        self.run.duration_s += duration_s;
        if !self.run.duration_s.is_finite() {
            return false;
        }
        let charge = flow.charge_in(duration_s);
        let steps = flow.steps_in(duration_s, self.step, self.rest_step_s);
        self.run.steps += steps;
        if current != 0.0 {
            self.half_cycles.push(steps);
        }
        self.on_electrode += charge.copysign(current);
        if current > 0.0 {
            self.plated += charge;
        }
        // Rounding may leave a run a hair short of its end.
        let short = |now: f64, end: f64| now < end * (1.0 - 1e-12);
        short(self.run.duration_s, self.end_s) && short(self.plated, self.end_plated)
    }

    /// Metal that a strip finds, as far as it is known.
    fn to_strip(&self, until: &StepLimits) -> f64 {
        // The foil of a symmetric cell gives on; only a voltage tells when the deposit is gone.
        let foil_gives_on =
            until.capacity_mah_cm2.is_some() || until.voltage_v.is_none() || self.on_electrode <= 0.0;
        if self.symmetric && foil_gives_on { f64::INFINITY } else { self.on_electrode.max(0.0) }
    }

    fn shortest_half_cycle(&self) -> Option<f64> {
        let longest = self.half_cycles.iter().copied().fold(0.0, f64::max);
        let full = self.half_cycles.iter().copied().filter(|steps| *steps >= 0.1 * longest);
        full.reduce(f64::min).filter(|_| self.strips)
    }
}

/// A current, steady or pulsed, without its sign.
struct Flow {
    /// mA cm⁻² while it flows.
    current: f64,
    /// On and off, s.
    pulse: Option<(f64, f64)>,
}

impl Flow {
    /// Time to pass a charge (mAh cm⁻²), s.
    fn time_for(&self, charge: f64) -> f64 {
        if self.current == 0.0 || charge.is_infinite() {
            return f64::INFINITY;
        }
        let flowing_s = charge / self.current * 3600.0;
        match self.pulse {
            Some((on_s, off_s)) => flowing_s + off_s * ((flowing_s / on_s).ceil() - 1.0).max(0.0),
            None => flowing_s,
        }
    }

    /// Whole periods and what is left of a time, s.
    fn periods(&self, time_s: f64) -> (f64, f64) {
        let Some((on_s, off_s)) = self.pulse else { return (0.0, time_s) };
        let whole = (time_s / (on_s + off_s)).floor();
        (whole, time_s - whole * (on_s + off_s))
    }

    /// Charge that passes in a time, mAh cm⁻².
    fn charge_in(&self, time_s: f64) -> f64 {
        let (whole, rest_s) = self.periods(time_s);
        let flowing_s = self.pulse.map_or(rest_s, |(on_s, _)| whole * on_s + rest_s.min(on_s));
        self.current * flowing_s / 3600.0
    }

    /// Steps of the simulation in a time; each passes `step` mAh cm⁻² or rests `rest_step_s`, and none goes
    /// over the end of a pulse.
    fn steps_in(&self, time_s: f64, step: f64, rest_step_s: f64) -> f64 {
        // Rounding may make a whole number of steps a hair more.
        let whole_steps = |steps: f64| (steps * (1.0 - 1e-9)).ceil();
        let flowing = |time_s: f64| whole_steps(self.current * time_s / 3600.0 / step);
        let resting = |time_s: f64| whole_steps(time_s.max(0.0) / rest_step_s);
        let (periods, rest_s) = self.periods(time_s);
        match self.pulse {
            Some((on_s, off_s)) => {
                periods * (flowing(on_s) + resting(off_s))
                    + flowing(rest_s.min(on_s))
                    + resting(rest_s - on_s)
            }
            None if self.current == 0.0 => resting(time_s),
            None => flowing(time_s),
        }
    }
}
