//! What each cycle gave back, and where the rest went.
//!
//! Does: count charge by cycle and difference the balance of sites at its ends. A cycle is plating and the
//! stripping after it; it is complete when that ends.
//! Accuracy: integers; the shares of the losses add up to what was not stripped, exactly.

use super::clock::{Clock, sites_from_charge};
use crate::table::table;
use bevy_ecs::prelude::*;

/// Where metal has gone so far, in sites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Metal in contact on the lattice.
    pub live: u64,
    /// Metal without contact, on the lattice or carried off.
    pub dead: u64,
    /// Metal turned into SEI.
    pub sei: u64,
    /// Metal dissolved chemically.
    pub corroded: u64,
}

table! {
    /// One cycle.
    #[derive(Copy)]
    pub struct Cycle {
        /// Number, from 1.
        pub number: u32,
        /// Charge plated, mAh cm⁻².
        pub plated_mah_cm2: f64,
        /// Charge stripped, mAh cm⁻².
        pub stripped_mah_cm2: f64,
        /// Coulombic efficiency: charge stripped over charge plated, percent.
        pub ce_percent: f64,
        /// Share of the charge plated that was lost as dead metal, percent; negative where dead metal came
        /// back into contact.
        pub dead_percent: f64,
        /// Share that went into SEI, percent.
        pub sei_percent: f64,
        /// Share that dissolved chemically, percent.
        pub corrosion_percent: f64,
        /// Share that is still there in contact and was not stripped, percent. Negative when metal of earlier
        /// cycles, or of the foil, was stripped, or when bridges through the separator carried the current.
        pub left_percent: f64,
        /// Mean polarisation of the cell while plating (by charge), mV.
        pub plating_mv: f64,
        /// Mean polarisation of the cell while stripping (by charge), mV.
        pub stripping_mv: f64,
        /// Time at the end, s.
        pub end_s: f64,
    }
}

/// Charge and voltage of the present cycle in one direction.
#[derive(Clone, Copy, Debug, Default)]
struct Half {
    charge: u64,
    volt_charge: f64,
}

impl Half {
    fn mean_mv(&self) -> f64 {
        if self.charge == 0 { 0.0 } else { 1e3 * self.volt_charge / sites_from_charge(self.charge) }
    }
}

/// All cycles.
#[derive(Resource, Default)]
pub(crate) struct Cycles {
    pub done: Vec<Cycle>,
    plating: Half,
    stripping: Half,
    /// Charge plated in the first cycle.
    first: u64,
    start: Balance,
}

impl Cycles {
    /// Counts the present step.
    pub fn count(&mut self, clock: &Clock, volts: f64) {
        let half = if clock.stripping() { &mut self.stripping } else { &mut self.plating };
        half.charge += clock.step_charge;
        half.volt_charge += volts * sites_from_charge(clock.step_charge);
    }

    /// Charge plated in the present cycle over that of the first one.
    pub fn present_share_of_first(&self) -> f64 {
        if self.first == 0 { 1.0 } else { self.plating.charge as f64 / self.first as f64 }
    }

    /// Mean polarisation while plating and while stripping in the present cycle, mV; of the last one where
    /// nothing has flowed yet.
    pub fn polarisation_mv(&self) -> (f64, f64) {
        let last = self.done.last().copied().unwrap_or_default();
        let mean = |half: &Half, last: f64| if half.charge > 0 { half.mean_mv() } else { last };
        (mean(&self.plating, last.plating_mv), mean(&self.stripping, last.stripping_mv))
    }

    /// Ends the cycle and strikes its balance, if anything was plated in it.
    pub fn complete(&mut self, now: Balance, time_s: f64, capacity_mah_cm2: impl Fn(f64) -> f64) {
        if self.plating.charge == 0 {
            return;
        }
        let plated = sites_from_charge(self.plating.charge);
        let share = |after: u64, before: u64| 100.0 * (after as f64 - before as f64) / plated;
        let (plating_mv, stripping_mv) = (self.plating.mean_mv(), self.stripping.mean_mv());
        let ce_percent = 100.0 * self.stripping.charge as f64 / self.plating.charge as f64;
        let (dead, sei) = (share(now.dead, self.start.dead), share(now.sei, self.start.sei));
        let corrosion = share(now.corroded, self.start.corroded);
        self.done.push(Cycle {
            number: self.done.len() as u32 + 1,
            plated_mah_cm2: capacity_mah_cm2(plated),
            stripped_mah_cm2: capacity_mah_cm2(sites_from_charge(self.stripping.charge)),
            ce_percent,
            dead_percent: dead,
            sei_percent: sei,
            corrosion_percent: corrosion,
            left_percent: 100.0 - ce_percent - dead - sei - corrosion,
            plating_mv,
            stripping_mv,
            end_s: time_s,
        });
        if self.first == 0 {
            self.first = self.plating.charge;
        }
        (self.plating, self.stripping, self.start) = (Half::default(), Half::default(), now);
    }
}
