//! Galvanostatic clock: a step is a fixed charge, time follows from the current.
//!
//! Charge is counted in whole 2⁻³² of a site, so that charge passed = sites moved + remainder holds exactly,
//! for plating and for stripping. One step passes 1/64 of a monolayer of charge; at rest it lasts a fixed
//! time instead. How far a step may go is for the [`protocol`](super::protocol) to say.

use crate::scene::{STEPS_PER_LAYER, UntilSpec};
use crate::simulation::constants::Constants;
use crate::units::c_m2_from_mah_cm2;
use bevy_ecs::prelude::*;
use serde::Serialize;

/// One site of charge in the units of the clock.
pub(crate) const SITE: u64 = 1 << 32;

/// Why a run has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The charge or the sites that the run was to plate are plated.
    Capacity,
    /// The time of the run is over.
    Time,
    /// The last step of the protocol is done.
    Protocol,
    /// The cell has failed.
    Failure,
    /// Metal has filled the box.
    BoxFull,
}

impl Ending {
    /// A short sentence for the window and for logs.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Capacity => "the charge of the run is plated",
            Self::Time => "the time of the run is over",
            Self::Protocol => "the protocol is complete",
            Self::Failure => "the cell has failed",
            Self::BoxFull => "the deposit fills the box",
        }
    }

    /// True where the run can go on beyond it.
    pub fn can_go_on(self) -> bool {
        matches!(self, Self::Capacity | Self::Time)
    }
}

/// Charges that moved metal, and that went through bridges instead, in both directions, 2⁻³² of a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Charges {
    pub plated: u64,
    pub stripped: u64,
    pub leaked_plating: u64,
    pub leaked_stripping: u64,
}

/// Time and charge.
#[derive(Resource)]
pub(crate) struct Clock {
    /// Steps done.
    pub step: u64,
    /// Physical time, s.
    pub time_s: f64,
    /// Duration of the present step, s.
    pub dt_s: f64,
    /// Longest duration of the present step, s.
    pub longest_s: f64,
    /// Sites to plate, or to strip, in the present step.
    pub due: u64,
    /// Sites plated so far.
    pub plated: u64,
    /// Sites stripped so far.
    pub stripped: u64,
    /// Charge that plated and that stripped, in 2⁻³² of a site.
    charge_in: u64,
    charge_out: u64,
    /// Charge that went through bridges instead while plating and while stripping, in 2⁻³² of a site.
    leaked_in: u64,
    leaked_out: u64,
    /// Charge of the present step, in 2⁻³² of a site, leak included, and the leak.
    pub step_charge: u64,
    step_leak: u64,
    /// Current density that the source is to drive, A m⁻²: positive plates, negative strips.
    pub applied_a_m2: f64,
    /// Current density that flows in the present step, A m⁻²: the applied one, or what source and salt carry
    /// of it.
    pub current_density_a_m2: f64,
    /// Share of the current that goes through bridges.
    pub leak_share: f64,
    /// Charge plated after which the run ends, in 2⁻³² of a site.
    charge_limit: u64,
    /// Time at which the run ends, s.
    time_limit_s: f64,
    /// Why the run has ended; `None` while it goes on.
    pub ending: Option<Ending>,
    /// Sign of the last current that flowed, and when it began: the age of films that were renewed then.
    last_direction: f64,
    pub half_cycle_since_s: f64,
}

impl Clock {
    pub fn new(current_density_a_m2: f64, until: &UntilSpec, constants: &Constants) -> Self {
        let mut clock = Self {
            step: 0,
            time_s: 0.0,
            dt_s: 0.0,
            longest_s: 0.0,
            due: 0,
            plated: 0,
            stripped: 0,
            charge_in: 0,
            charge_out: 0,
            leaked_in: 0,
            leaked_out: 0,
            step_charge: 0,
            step_leak: 0,
            applied_a_m2: current_density_a_m2,
            current_density_a_m2,
            leak_share: 0.0,
            charge_limit: u64::MAX,
            time_limit_s: f64::INFINITY,
            ending: None,
            last_direction: 0.0,
            half_cycle_since_s: 0.0,
        };
        clock.limit(until, constants);
        clock
    }

    /// Sets the limits of the run. What had ended by others goes on if it can.
    pub fn limit(&mut self, until: &UntilSpec, constants: &Constants) {
        let UntilSpec { areal_capacity_mah_cm2, time_s, sites } = *until;
        let site_per_area = constants.site_charge_c / constants.projected_area_m2;
        let charge = areal_capacity_mah_cm2.map_or(f64::INFINITY, |q| c_m2_from_mah_cm2(q) / site_per_area);
        let sites = sites.map_or(f64::INFINITY, |n| n as f64);
        self.charge_limit = charge_from_sites(charge.min(sites)).max(self.charge_in);
        self.time_limit_s = time_s.unwrap_or(f64::INFINITY).max(self.time_s);
        if self.ending.is_some_and(Ending::can_go_on) {
            self.ending = None;
            self.judge_limits();
        }
    }

    fn judge_limits(&mut self) {
        if self.charge_in >= self.charge_limit {
            self.end(Ending::Capacity);
        }
        // Rounding may leave the last step a hair short of the limit in time.
        if self.time_s >= self.time_limit_s * (1.0 - 1e-12) {
            self.end(Ending::Time);
        }
    }

    /// True while the current dissolves metal.
    pub fn stripping(&self) -> bool {
        self.current_density_a_m2 < 0.0
    }

    /// True while the current deposits metal.
    pub fn plating(&self) -> bool {
        self.current_density_a_m2 > 0.0
    }

    /// True where less flows than is applied: the source is at its voltage limit.
    pub fn limited(&self) -> bool {
        self.current_density_a_m2.abs() < self.applied_a_m2.abs() * (1.0 - 1e-9)
    }

    /// Sign of the present current, 0 at rest.
    pub fn direction(&self) -> f64 {
        if self.current_density_a_m2 == 0.0 { 0.0 } else { self.current_density_a_m2.signum() }
    }

    /// Notes when a half-cycle begins.
    pub fn note_direction(&mut self) {
        let direction = self.direction();
        if direction != 0.0 && direction != self.last_direction {
            // Films that formed before the first current are as old as the cell.
            self.half_cycle_since_s = if self.last_direction == 0.0 { 0.0 } else { self.time_s };
            self.last_direction = direction;
        }
    }

    /// Charges so far.
    pub fn charges(&self) -> Charges {
        Charges {
            plated: self.charge_in,
            stripped: self.charge_out,
            leaked_plating: self.leaked_in,
            leaked_stripping: self.leaked_out,
        }
    }

    /// Charge plated, in sites.
    pub fn charge_sites(&self) -> f64 {
        sites_from_charge(self.charge_in)
    }

    /// Charge stripped, in sites.
    pub fn charge_stripped_sites(&self) -> f64 {
        sites_from_charge(self.charge_out)
    }

    /// Charge that went through bridges in both directions, in sites.
    pub fn leaked_sites(&self) -> f64 {
        sites_from_charge(self.leaked_in + self.leaked_out)
    }

    /// Charge passed in both directions, in sites.
    pub fn throughput_sites(&self) -> f64 {
        sites_from_charge(self.charge_in + self.charge_out) + self.leaked_sites()
    }

    /// Opens a step of at most `charge_left` (2⁻³² sites) and `left_s` at the present current. What flows is
    /// booked by [`Self::pass`].
    pub fn open(&mut self, charge_left: u64, left_s: f64, constants: &Constants) {
        let current = self.current_density_a_m2.abs();
        self.longest_s = left_s.min(self.time_limit_s - self.time_s);
        (self.due, self.step_charge, self.step_leak) = (0, 0, 0);
        if current == 0.0 {
            self.dt_s = constants.rest_step_s.min(self.longest_s);
            return;
        }
        let full = constants.columns as u64 * SITE / STEPS_PER_LAYER;
        let mut charge = full.min(charge_left);
        if self.plating() {
            charge = charge.min(self.charge_limit - self.charge_in);
        }
        let per_second = current * constants.projected_area_m2 / constants.site_charge_c * SITE as f64;
        self.dt_s = charge as f64 / per_second;
        if self.dt_s > self.longest_s {
            self.dt_s = self.longest_s;
            charge = charge.min((self.longest_s * per_second).round() as u64);
        }
        // A step that the salt slows down lasts no longer than one at rest.
        self.longest_s = self.longest_s.min(self.dt_s.max(constants.rest_step_s));
        self.step_charge = charge;
    }

    /// Passes the charge of the step, or the share of it that the cell carries, in the time that it takes, s.
    pub fn pass(&mut self, share: f64, duration_s: f64) {
        if share < 1.0 - 1e-9 || duration_s > self.dt_s * (1.0 + 1e-9) {
            self.current_density_a_m2 *= share * self.dt_s / duration_s;
            self.step_charge = self.step_charge.min((self.step_charge as f64 * share).round() as u64);
            self.dt_s = duration_s;
        }
        let charge = self.step_charge;
        let leak = (charge as f64 * self.leak_share) as u64;
        self.step_leak = leak;
        if self.plating() {
            self.leaked_in += leak;
            self.charge_in += charge - leak;
            self.due = self.charge_in / SITE - self.plated;
        } else if self.stripping() {
            self.leaked_out += leak;
            self.charge_out += charge - leak;
            self.due = self.charge_out / SITE - self.stripped;
        }
    }

    /// Ends the present step early: what is still due is not moved. Its charge, its time, and what bridges
    /// took in that time are given back.
    pub fn cut(&mut self) {
        let back = self.due * SITE;
        let moved = self.step_charge - self.step_leak;
        // The last site of a step may owe some of its charge to the steps before.
        let share = if back < moved { back as f64 / moved as f64 } else { 1.0 };
        let leak = (self.step_leak as f64 * share) as u64;
        let (charge, leaked) = if self.plating() {
            (&mut self.charge_in, &mut self.leaked_in)
        } else {
            (&mut self.charge_out, &mut self.leaked_out)
        };
        *charge -= back;
        *leaked -= leak;
        self.step_leak -= leak;
        self.step_charge = self.step_charge.saturating_sub(back + leak);
        self.dt_s *= 1.0 - share;
        self.due = 0;
    }

    /// Closes a step: counts it and looks whether a limit of the run is reached.
    pub fn close(&mut self) {
        debug_assert_eq!(self.due, 0, "every due site was moved");
        self.step += 1;
        self.time_s += self.dt_s;
        self.judge_limits();
    }

    /// Ends the run; the first reason stays.
    pub fn end(&mut self, ending: Ending) {
        self.ending.get_or_insert(ending);
    }

    /// True when the run has ended.
    pub fn finished(&self) -> bool {
        self.ending.is_some()
    }

    /// True when moved sites and the remainders make up the charge exactly.
    pub fn balances(&self) -> bool {
        self.charge_in / SITE == self.plated && self.charge_out / SITE == self.stripped && self.due == 0
    }
}

/// A charge in the units of the clock; saturates where there is no limit.
pub(crate) fn charge_from_sites(sites: f64) -> u64 {
    (sites * SITE as f64).round() as u64
}

/// A charge of the clock in sites.
pub(crate) fn sites_from_charge(charge: u64) -> f64 {
    charge as f64 / SITE as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::small_run;

    #[test]
    fn a_step_cut_short_gives_back_charge_time_and_leak_alike() {
        let run = small_run("carbonate_moss", &["lattice.sites=[32,32,32]"]);
        let constants = run.world.resource::<Constants>();
        let mut clock = Clock::new(10.0, &UntilSpec::default(), constants);
        clock.leak_share = 0.25;
        clock.open(u64::MAX, f64::INFINITY, constants);
        let (whole, dt_s) = (clock.step_charge, clock.dt_s);
        clock.pass(1.0, dt_s);
        assert_eq!(clock.due, whole * 3 / 4 / SITE);
        // Half of the metal is not moved.
        let moved = clock.due / 2;
        (clock.plated, clock.due) = (moved, clock.due - moved);
        clock.cut();
        assert!((clock.dt_s / dt_s - 0.5).abs() < 1e-9);
        let Charges { plated, leaked_plating, .. } = clock.charges();
        assert_eq!(plated, moved * SITE);
        assert!((leaked_plating as f64 / (whole as f64 / 8.0) - 1.0).abs() < 1e-9);
        assert!(clock.step_charge.abs_diff(plated + leaked_plating) <= 1 && clock.balances());
    }
}
