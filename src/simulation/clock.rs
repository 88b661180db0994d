//! Galvanostatic clock: a step is a fixed charge, time follows from the current.
//!
//! Charge is counted in whole 2⁻³² of a site, so that charge passed = sites plated + remainder holds
//! exactly. One step passes 1/64 of a monolayer of charge; at rest it lasts a fixed time instead.

use super::rules::Rules;
use bevy_ecs::prelude::*;

/// One site of charge in the units of the clock.
const SITE: u64 = 1 << 32;
/// Steps per monolayer of charge.
const STEPS_PER_LAYER: u64 = 64;

/// Time and charge.
#[derive(Resource)]
pub(super) struct Clock {
    /// Steps done.
    pub step: u64,
    /// Physical time, s.
    pub time_s: f64,
    /// Duration of the present step, s.
    pub dt_s: f64,
    /// Sites to plate in the present step.
    pub due: u64,
    /// Sites plated so far.
    pub plated: u64,
    /// Charge passed, in 2⁻³² of a site.
    charge: u64,
    /// Applied current density, A m⁻².
    pub current_density_a_m2: f64,
    /// Charge after which the run ends, in 2⁻³² of a site.
    charge_limit: u64,
    /// Time at which the run ends, s.
    time_limit_s: f64,
    /// True when a limit or the edge of the box is reached.
    pub finished: bool,
}

impl Clock {
    pub fn new(current_density_a_m2: f64, charge_limit_sites: f64, time_limit_s: f64) -> Self {
        Self {
            step: 0,
            time_s: 0.0,
            dt_s: 0.0,
            due: 0,
            plated: 0,
            charge: 0,
            current_density_a_m2,
            // Saturates for runs without a limit.
            charge_limit: (charge_limit_sites * SITE as f64).round() as u64,
            time_limit_s,
            finished: false,
        }
    }

    /// Charge passed, in sites.
    pub fn charge_sites(&self) -> f64 {
        self.charge as f64 / SITE as f64
    }

    /// Ends the run within the present step: what is still due is not plated, and its charge and time are given back.
    pub fn cut(&mut self, rules: &Rules) {
        self.charge -= self.due * SITE;
        let per_second = self.current_density_a_m2 * rules.projected_area_m2 / rules.site_charge_c;
        self.dt_s -= self.due as f64 / per_second;
        self.due = 0;
        self.finished = true;
    }

    /// True when plated sites and the remainder make up the charge exactly.
    pub fn balances(&self) -> bool {
        self.charge / SITE == self.plated && self.due == 0
    }
}

/// Opens a step: how long it lasts and how many sites it plates.
pub(super) fn open_step(mut clock: ResMut<Clock>, rules: Res<Rules>) {
    let current = clock.current_density_a_m2;
    let left_s = clock.time_limit_s - clock.time_s;
    if current > 0.0 {
        let full = rules.columns as u64 * SITE / STEPS_PER_LAYER;
        let mut charge = full.min(clock.charge_limit - clock.charge);
        let per_second = current * rules.projected_area_m2 / rules.site_charge_c * SITE as f64;
        clock.dt_s = charge as f64 / per_second;
        if clock.dt_s > left_s {
            clock.dt_s = left_s;
            charge = charge.min((left_s * per_second).round() as u64);
        }
        clock.charge += charge;
        clock.due = clock.charge / SITE - clock.plated;
    } else {
        clock.dt_s = rules.rest_step_s.min(left_s);
        clock.due = 0;
    }
}

/// Closes a step: counts it and looks whether the run is over.
pub(super) fn close_step(mut clock: ResMut<Clock>) {
    debug_assert_eq!(clock.due, 0, "every due site was plated");
    clock.step += 1;
    clock.time_s += clock.dt_s;
    // Rounding may leave the last step a hair short of the limit in time.
    let over = clock.time_s >= clock.time_limit_s * (1.0 - 1e-12);
    if clock.charge >= clock.charge_limit || over {
        clock.finished = true;
    }
}
