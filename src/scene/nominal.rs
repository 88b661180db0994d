//! How long a run will take if nothing unforeseen ends it: for progress bars and lengths of films.
//!
//! Does: walk through the protocol with charge and current.
//! Does not: know voltages, dead metal or losses; all metal that was plated counts as there to be stripped.
//! Accuracy: exact for steps of constant current that end at a charge or a time. Of a hold only the time is
//! known.

use super::{ReversePulse, Scene, StepLimits, StepSpec};
use crate::units::{FARADAY, m_from_um, m3_mol_from_cm3_mol, mah_cm2_from_c_m2};

/// Steps of the simulation per monolayer of charge.
pub const STEPS_PER_LAYER: u64 = 64;
/// Steps of the simulation in a ramp, at least.
pub const STEPS_PER_RAMP: f64 = 1000.0;

/// A run as planned.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NominalRun {
    /// Duration, s.
    pub duration_s: f64,
    /// Steps of the simulation.
    pub steps: f64,
}

impl Scene {
    /// The run as planned, or `None` where its end cannot be foreseen, as of plating to a voltage.
    pub fn nominal_run(&self) -> Option<NominalRun> {
        let mut walk = Walk::new(self);
        match &self.spec.protocol {
            Some(steps) => walk.through(steps),
            // One step that the limits of the run end.
            None => walk.pass(&Flow::steady(self.spec.current_density_ma_cm2), &StepLimits::default()),
        };
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
            plated: 0.0,
            on_electrode: 0.0,
            end_s: until.time_s.unwrap_or(f64::INFINITY),
            end_plated: until.sites.map_or(capacity, |sites| capacity.min(sites as f64 * site)),
            site,
            step: layer / STEPS_PER_LAYER as f64,
            rest_step_s: scene.model.rest_step_s.value,
            symmetric: scene.spec.on_metal(),
        }
    }

    /// Walks through steps; false when the run is over.
    fn through(&mut self, steps: &[StepSpec]) -> bool {
        steps.iter().all(|step| match step {
            StepSpec::Plate { current_density_ma_cm2, until } => {
                self.pass(&Flow::steady(*current_density_ma_cm2), until)
            }
            StepSpec::Strip { current_density_ma_cm2, until } => {
                self.pass(&Flow::steady(-current_density_ma_cm2), until)
            }
            StepSpec::Rest { time_s } => self.pass(&Flow::steady(0.0), &for_time(*time_s)),
            StepSpec::Pulse { current_density_ma_cm2, on_s, off_s, reverse, until } => {
                let on = Phase { current: *current_density_ma_cm2, time_s: *on_s };
                let back = reverse.map(|ReversePulse { current_density_ma_cm2, time_s }| Phase {
                    current: -current_density_ma_cm2,
                    time_s,
                });
                let off = Phase { current: 0.0, time_s: *off_s };
                self.pass(
                    &Flow { phases: [Some(on), back, Some(off)].into_iter().flatten().collect() },
                    until,
                )
            }
            StepSpec::Ramp { from_ma_cm2, to_ma_cm2, time_s, until } => {
                // The mean current takes the same time for the same charge.
                let time_s = until.time_s.map_or(*time_s, |limit| limit.min(*time_s));
                let until = StepLimits { time_s: Some(time_s), ..until.clone() };
                self.run.steps += STEPS_PER_RAMP;
                self.pass(&Flow::steady(0.5 * (from_ma_cm2 + to_ma_cm2)), &until)
            }
            // The current is not known, and with it neither the charge.
            StepSpec::Hold { until, .. } => {
                self.pass(&Flow::steady(0.0), &for_time(until.time_s.unwrap_or(f64::INFINITY)))
            }
            StepSpec::Repeat { times, steps } => self.repeat(*times, steps),
        })
    }

    /// Walks through steps several times. Turns that are alike are multiplied.
    fn repeat(&mut self, times: u32, steps: &[StepSpec]) -> bool {
        let mut left = times;
        let mut last = [f64::NAN; 4];
        while left > 0 {
            let before = self.account();
            if !self.through(steps) {
                return false;
            }
            left -= 1;
            let turn = std::array::from_fn(|k| self.account()[k] - before[k]);
            let alike = turn.iter().zip(last).all(|(now, last)| (now - last).abs() <= 1e-9 * now.abs());
            last = turn;
            if alike {
                // Up to the turn in which a limit of the run may lie.
                let room = ((self.end_s - self.run.duration_s) / turn[0])
                    .min((self.end_plated - self.plated) / turn[2])
                    .floor()
                    - 1.0;
                let many = room.min(f64::from(left)).max(0.0);
                self.run.duration_s += many * turn[0];
                self.run.steps += many * turn[1];
                self.plated += many * turn[2];
                self.on_electrode += many * turn[3];
                left -= many as u32;
            }
        }
        true
    }

    fn account(&self) -> [f64; 4] {
        [self.run.duration_s, self.run.steps, self.plated, self.on_electrode]
    }

    /// Passes one step; false when the run is over.
    fn pass(&mut self, flow: &Flow, until: &StepLimits) -> bool {
        let plates = flow.phases[0].current > 0.0;
        let mut charge = until.capacity_mah_cm2.unwrap_or(f64::INFINITY);
        charge = charge.min(until.sites.map_or(f64::INFINITY, |sites| sites as f64 * self.site));
        if flow.phases[0].current < 0.0 {
            charge = charge.min(self.to_strip(until));
        } else {
            charge = charge.min((self.end_plated - self.plated) * flow.both_over_plated());
        }
        let time_s = until.time_s.unwrap_or(f64::INFINITY);
        let duration_s = flow.time_for(charge).min(time_s).min(self.end_s - self.run.duration_s);
        self.run.duration_s += duration_s;
        if !self.run.duration_s.is_finite() {
            return false;
        }
        let (forth, back) = flow.charges_in(duration_s);
        self.run.steps += flow.steps_in(duration_s, self.step, self.rest_step_s);
        if plates {
            self.plated += forth;
            self.on_electrode += forth - back;
        } else {
            self.on_electrode -= back;
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
}

fn for_time(time_s: f64) -> StepLimits {
    StepLimits { time_s: Some(time_s), ..StepLimits::default() }
}

/// A current for a time.
#[derive(Clone, Copy)]
struct Phase {
    /// mA cm⁻², negative strips.
    current: f64,
    time_s: f64,
}

impl Phase {
    /// Charge of a part of it in both directions together, mAh cm⁻².
    fn charge_in(&self, time_s: f64) -> f64 {
        self.current.abs() * time_s.clamp(0.0, self.time_s) / 3600.0
    }
}

/// Phases over and over; a steady current is one that lasts for ever.
struct Flow {
    phases: Vec<Phase>,
}

impl Flow {
    fn steady(current: f64) -> Self {
        Self { phases: vec![Phase { current, time_s: f64::INFINITY }] }
    }

    fn period_s(&self) -> f64 {
        self.phases.iter().map(|phase| phase.time_s).sum()
    }

    /// Charge of a period in both directions together, mAh cm⁻².
    fn period_charge(&self) -> f64 {
        self.phases.iter().map(|phase| phase.charge_in(phase.time_s)).sum()
    }

    /// Charge in both directions together over that which plates.
    fn both_over_plated(&self) -> f64 {
        if self.phases.len() == 1 {
            return 1.0;
        }
        self.period_charge() / self.phases[0].charge_in(self.phases[0].time_s)
    }

    /// Time to pass a charge (mAh cm⁻²) in both directions together, s.
    fn time_for(&self, charge: f64) -> f64 {
        let first = self.phases[0];
        if first.current == 0.0 || charge.is_infinite() {
            return f64::INFINITY;
        }
        if self.phases.len() == 1 {
            return charge / first.current.abs() * 3600.0;
        }
        // Rounding may make a whole number of periods a hair more.
        let whole = ((charge / self.period_charge() * (1.0 - 1e-12)).ceil() - 1.0).max(0.0);
        let mut left = charge - whole * self.period_charge();
        let mut time_s = whole * self.period_s();
        for phase in &self.phases {
            let passes = phase.charge_in(phase.time_s);
            if left <= passes * (1.0 + 1e-9) {
                return time_s + left / phase.current.abs() * 3600.0;
            }
            left -= passes;
            time_s += phase.time_s;
        }
        time_s
    }

    /// Whole periods, and how long each phase is on in what is left of a time, s.
    fn parts(&self, time_s: f64) -> (f64, impl Iterator<Item = (&Phase, f64)>) {
        let whole = if self.phases.len() == 1 { 0.0 } else { (time_s / self.period_s()).floor() };
        let mut left_s = if whole > 0.0 { time_s - whole * self.period_s() } else { time_s };
        let parts = self.phases.iter().map(move |phase| {
            let part_s = left_s.clamp(0.0, phase.time_s);
            left_s -= part_s;
            (phase, part_s)
        });
        (whole, parts)
    }

    /// Charge that plates and that strips in a time, mAh cm⁻².
    fn charges_in(&self, time_s: f64) -> (f64, f64) {
        let (whole, parts) = self.parts(time_s);
        parts.fold((0.0, 0.0), |(forth, back), (phase, part_s)| {
            let of_periods = if whole > 0.0 { whole * phase.charge_in(phase.time_s) } else { 0.0 };
            let charge = of_periods + phase.charge_in(part_s);
            if phase.current < 0.0 { (forth, back + charge) } else { (forth + charge, back) }
        })
    }

    /// Steps of the simulation in a time; each passes `step` mAh cm⁻² or rests `rest_step_s`, and none goes
    /// over the end of a phase.
    fn steps_in(&self, time_s: f64, step: f64, rest_step_s: f64) -> f64 {
        // Rounding may make a whole number of steps a hair more.
        let whole_steps = |steps: f64| (steps * (1.0 - 1e-9)).ceil();
        let steps = |phase: &Phase, time_s: f64| match phase.current {
            0.0 => whole_steps(time_s / rest_step_s),
            _ => whole_steps(phase.charge_in(time_s) / step),
        };
        let (whole, parts) = self.parts(time_s);
        let of_periods = |phase: &Phase| if whole > 0.0 { whole * steps(phase, phase.time_s) } else { 0.0 };
        parts.map(|(phase, part_s)| of_periods(phase) + steps(phase, part_s)).sum()
    }
}
