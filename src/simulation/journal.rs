//! What the run has to tell: events with time, charge and place, and the log of control changes.

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// A change of the operating conditions while a run goes on. Logged with the step at which it acts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Control {
    /// Applied current density, A m⁻² (10 A m⁻² = 1 mA cm⁻²).
    CurrentDensity {
        /// New value, finite and ≥ 0.
        a_per_m2: f64,
    },
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The first patch of the SEI cracked.
    FirstCrack,
    /// The first filament began to grow out of a crack.
    FirstFilament,
    /// The salt at the electrode ran out.
    SandTime,
    /// Metal reached the top of the simulated box.
    TopReached,
    /// A user changed the current density.
    CurrentChanged,
}

impl EventKind {
    /// A short sentence for logs and plots.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::FirstCrack => "first crack in the SEI",
            Self::FirstFilament => "first filament grows from a crack",
            Self::SandTime => "Sand's time: no salt left at the electrode",
            Self::TopReached => "the deposit reached the edge of the box",
            Self::CurrentChanged => "current density changed",
        }
    }
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When, s.
    pub time_s: f64,
    /// After how much charge, mAh cm⁻².
    pub areal_capacity_mah_cm2: f64,
    /// Where, in lattice units; `None` when it has no place.
    pub position: Option<[f32; 3]>,
}

/// Events and control changes so far, in order.
#[derive(Resource, Default)]
pub(super) struct Journal {
    pub events: Vec<Event>,
    pub controls: Vec<(u64, Control)>,
}

impl Journal {
    /// Notes an event, unless one of its kind that happens once has been noted already.
    pub fn note(&mut self, event: Event) {
        let once = event.kind != EventKind::CurrentChanged;
        if !(once && self.events.iter().any(|e| e.kind == event.kind)) {
            self.events.push(event);
        }
    }
}
