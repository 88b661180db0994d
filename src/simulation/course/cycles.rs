//! What each cycle gave back, and where the rest went.
//!
//! Does: count charge by cycle and difference the balance of sites at its ends. A cycle is plating and all
//! stripping after it, in however many steps; it ends when plating begins again, or with the protocol.
//! Does not: count the charge of bridges through the separator, which moves no metal.
//! Accuracy: integers; the shares of the losses add up to what was not stripped, exactly.
//!
//! Coulombic efficiency is charge stripped over charge plated since the electrode was last stripped to its
//! end, that is to the voltage limit or to the last metal. Where each cycle ends so, that is the cycle. Where
//! cycles leave a reservoir of metal by plan and a last strip takes it, it is Σ stripped / Σ plated over all
//! of them: the reservoir method (n·Q_c + Q_s)/(n·Q_c + Q_r) of Aurbach, doi:10.1149/1.2096425, as in Adams,
//! doi:10.1002/aenm.201702097. A foil under the deposit has no such end: there each cycle has its own ratio.

use super::clock::{Charges, Clock, sites_from_charge};
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
        /// Coulombic efficiency: charge stripped over charge plated, percent, over the cycles of the next
        /// column. Empty where the cycle left metal by plan.
        pub ce_percent: Option<f64>,
        /// The same as a cycler measures it, with the charge that went through bridges in both directions;
        /// above 100 % where bridges shorten the plating more than the stripping.
        pub ce_measured_percent: Option<f64>,
        /// Cycles that the efficiency is taken over: 1, or all since the electrode was last stripped to its
        /// end (reservoir method); 0 where the cycle left metal by plan. The shares below are of the same
        /// cycles, or of this one.
        pub ce_over_cycles: u32,
        /// Share of the charge plated that was lost as dead metal, percent; negative where dead metal came
        /// back into contact.
        pub dead_percent: f64,
        /// Share that went into SEI, percent.
        pub sei_percent: f64,
        /// Share that dissolved chemically, percent.
        pub corrosion_percent: f64,
        /// Share that is still there in contact and was not stripped, percent. Negative when metal of earlier
        /// cycles, or of the foil, was stripped.
        pub left_percent: f64,
        /// Mean polarisation of the cell while plating (by charge), mV.
        pub plating_mv: f64,
        /// Mean polarisation of the cell while stripping (by charge), mV.
        pub stripping_mv: f64,
        /// Time at the end, s.
        pub end_s: f64,
    }
}

/// Mean voltage of the present cycle in one direction, by charge.
#[derive(Clone, Copy, Debug, Default)]
struct Half {
    sites: f64,
    volt_sites: f64,
}

impl Half {
    fn mean_mv(&self) -> f64 {
        if self.sites == 0.0 { 0.0 } else { 1e3 * self.volt_sites / self.sites }
    }
}

impl Charges {
    fn since(self, start: Self) -> Self {
        self.with(start, |now, then| now - then)
    }

    fn plus(self, other: Self) -> Self {
        self.with(other, |a, b| a + b)
    }

    fn with(self, other: Self, of: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            plated: of(self.plated, other.plated),
            stripped: of(self.stripped, other.stripped),
            leaked_plating: of(self.leaked_plating, other.leaked_plating),
            leaked_stripping: of(self.leaked_stripping, other.leaked_stripping),
        }
    }

    /// What went through the wires.
    fn measured(self) -> Self {
        let Self { plated, stripped, leaked_plating, leaked_stripping } = self;
        Self { plated: plated + leaked_plating, stripped: stripped + leaked_stripping, ..Self::default() }
    }

    fn ratio_percent(self) -> Option<f64> {
        (self.plated > 0).then(|| 100.0 * self.stripped as f64 / self.plated as f64)
    }
}

/// Charges and metal at one moment.
#[derive(Clone, Copy, Debug, Default)]
struct Moment {
    charges: Charges,
    balance: Balance,
}

/// How the stripping of a cycle has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Strip {
    /// Nothing was stripped.
    #[default]
    None,
    /// At a charge or a time, or not yet.
    ByPlan,
    /// At the voltage limit, with the last metal, or with the faded current of a held voltage.
    ToTheEnd,
}

/// All cycles.
#[derive(Resource, Default)]
pub(crate) struct Cycles {
    /// The complete ones.
    pub done: Vec<Cycle>,
    plating: Half,
    stripping: Half,
    strip: Strip,
    /// Charges now.
    now: Charges,
    /// When the present cycle began.
    start: Moment,
    /// When the electrode had last been stripped to its end, and the cycles since.
    bare: Moment,
    since_bare: u32,
    /// Charges of all cycles that have an efficiency.
    measured: Charges,
    /// Charge plated in the first cycle.
    first: u64,
    /// Foil under the deposit: it has no last metal.
    foil: bool,
    /// The state before the end of the run completed the last cycle.
    before_the_end: Option<Box<Cycles>>,
}

impl Cycles {
    pub fn new(foil: bool) -> Self {
        Self { foil, ..Self::default() }
    }

    /// Counts the present step. A reversal within a pulse is not the stripping of a cycle.
    pub fn count(&mut self, clock: &Clock, volts: f64, reversal: bool) {
        self.now = clock.charges();
        let half = if clock.stripping() { &mut self.stripping } else { &mut self.plating };
        let sites = sites_from_charge(clock.step_charge);
        half.sites += sites;
        half.volt_sites += volts * sites;
        if clock.stripping() && !reversal {
            self.strip = Strip::ByPlan;
        }
    }

    /// Notes that the stripping went to the voltage limit or took the last metal.
    pub fn stripped_to_the_end(&mut self) {
        self.strip = Strip::ToTheEnd;
    }

    /// True when the present cycle is over as soon as plating begins.
    pub fn ready(&self) -> bool {
        self.strip != Strip::None
    }

    fn present_charges(&self) -> Charges {
        self.now.since(self.start.charges)
    }

    /// Charge plated in the present cycle over that of the first one.
    pub fn present_share_of_first(&self) -> f64 {
        if self.first == 0 { 1.0 } else { self.present_charges().plated as f64 / self.first as f64 }
    }

    /// Number of the present cycle, from 1; at the end of a run of the last.
    pub fn present(&self) -> u32 {
        self.done.len() as u32 + u32::from(self.before_the_end.is_none())
    }

    /// Charge plated and stripped in the present cycle, sites.
    pub fn present_sites(&self) -> (f64, f64) {
        let Charges { plated, stripped, .. } = self.present_charges();
        (sites_from_charge(plated), sites_from_charge(stripped))
    }

    /// Charge stripped over charge plated over all cycles that have an efficiency, percent.
    pub fn mean_efficiency_percent(&self) -> Option<f64> {
        self.measured.ratio_percent()
    }

    /// Mean polarisation while plating and while stripping in the present cycle, mV; of the last one where
    /// nothing has flowed yet.
    pub fn polarisation_mv(&self) -> (f64, f64) {
        let last = self.done.last().copied().unwrap_or_default();
        let mean = |half: &Half, last: f64| if half.sites > 0.0 { half.mean_mv() } else { last };
        (mean(&self.plating, last.plating_mv), mean(&self.stripping, last.stripping_mv))
    }

    /// Completes the cycle at the end of a run. Should the run go on, [`resume`](Self::resume) takes it back.
    pub fn end(&mut self, balance: Balance, time_s: f64, capacity_mah_cm2: impl Fn(f64) -> f64) {
        let before = Self { done: Vec::new(), before_the_end: None, ..*self };
        self.complete(balance, time_s, capacity_mah_cm2);
        self.before_the_end = Some(Box::new(before));
    }

    /// Goes on after the end of a run.
    pub fn resume(&mut self) {
        if let Some(before) = self.before_the_end.take() {
            let mut done = std::mem::take(&mut self.done);
            done.pop();
            *self = Self { done, ..*before };
        }
    }

    /// Ends the cycle and strikes its balance.
    pub fn complete(&mut self, balance: Balance, time_s: f64, capacity_mah_cm2: impl Fn(f64) -> f64) {
        let now = Moment { charges: self.now, balance };
        let own = self.present_charges();
        self.since_bare += 1;
        let bare = self.strip == Strip::ToTheEnd && !self.foil;
        let (cycles, since) = if bare { (self.since_bare, self.bare) } else { (1, self.start) };
        let charges = now.charges.since(since.charges);
        let share = |of: fn(&Balance) -> u64| match charges.plated {
            // Foil that is stripped before anything was plated.
            0 => 0.0,
            plated => 100.0 * (of(&balance) as f64 - of(&since.balance) as f64) / sites_from_charge(plated),
        };
        let (dead, sei) = (share(|now| now.dead), share(|now| now.sei));
        let corrosion = share(|now| now.corroded);
        let given_back = charges.ratio_percent();
        let ce_percent = given_back.filter(|_| bare || self.foil);
        let ce_measured_percent = charges.measured().ratio_percent().filter(|_| ce_percent.is_some());
        let capacity = |charge| capacity_mah_cm2(sites_from_charge(charge));
        self.done.push(Cycle {
            number: self.done.len() as u32 + 1,
            plated_mah_cm2: capacity(own.plated),
            stripped_mah_cm2: capacity(own.stripped),
            ce_percent,
            ce_measured_percent,
            ce_over_cycles: ce_percent.map_or(0, |_| cycles),
            dead_percent: dead,
            sei_percent: sei,
            corrosion_percent: corrosion,
            left_percent: given_back.map_or(0.0, |ce| 100.0 - ce - dead - sei - corrosion),
            plating_mv: self.plating.mean_mv(),
            stripping_mv: self.stripping.mean_mv(),
            end_s: time_s,
        });
        if ce_percent.is_some() {
            self.measured = self.measured.plus(charges);
        }
        if bare {
            (self.bare, self.since_bare) = (now, 0);
        }
        if self.first == 0 {
            self.first = own.plated;
        }
        self.start = now;
        (self.plating, self.stripping, self.strip) = (Half::default(), Half::default(), Strip::None);
    }
}
