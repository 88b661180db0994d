//! What the run has to tell: events with time, charge and place, and the log of control changes.

use super::clock::Clock;
use super::failure::FailureKind;
use crate::lattice::Position;
use crate::scene::UntilSpec;
use crate::simulation::constants::Constants;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// A change of the operating conditions while a run goes on. Logged with the step at which it acts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Control {
    /// Applied current density, A m⁻² (10 A m⁻² = 1 mA cm⁻²), in place of that of the present step of the
    /// protocol.
    CurrentDensity {
        /// New value, finite: positive plates, negative strips, 0 rests.
        a_per_m2: f64,
    },
    /// Limits of the run in place of those of the scene. A run that has reached its charge or its time goes
    /// on where these lie beyond.
    Until(UntilSpec),
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The first patch of the SEI cracked.
    FirstCrack,
    /// The first filament began to grow out of a crack.
    FirstFilament,
    /// A layer of the coating broke for the first time.
    CoatingBreached,
    /// The salt at the electrode ran out.
    SandTime,
    /// Metal reached the top of the simulated box.
    TopReached,
    /// A user changed the current density.
    CurrentChanged,
    /// Metal has lost contact with the collector.
    DeadMetal,
    /// The last of the additive went into the film.
    AdditiveExhausted,
    /// The overpotential has come to where the ions of the electrostatic shield are plated themselves.
    ShieldVoid,
    /// Electrolyte no longer fills the cell.
    Dry,
    /// Metal has come to the separator.
    SeparatorTouched,
    /// A first strand of metal reaches through the separator.
    SoftShort,
    /// A limit in voltage was reached.
    Cutoff,
    /// There is no metal left where the current should come from.
    MetalExhausted,
    /// The cell has failed.
    Failure(FailureKind),
}

impl EventKind {
    /// True for events of which only the first of a run is noted.
    fn once(self) -> bool {
        !matches!(self, Self::CurrentChanged | Self::Failure(_))
    }

    /// A short sentence for logs and plots.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::FirstCrack => "first crack in the SEI",
            Self::FirstFilament => "first filament grows from a crack",
            Self::CoatingBreached => "the coating breaks at a first patch",
            Self::SandTime => "Sand's time: the salt cannot carry the current",
            Self::TopReached => "the deposit reached the edge of the box",
            Self::CurrentChanged => "current density changed",
            Self::DeadMetal => "metal lost contact: dead sodium",
            Self::AdditiveExhausted => "the additive is used up",
            Self::ShieldVoid => "K⁺ is plated itself: its shield is void",
            Self::Dry => "the electrolyte no longer fills the cell",
            Self::SeparatorTouched => "metal touches the separator",
            Self::SoftShort => "soft short: a strand of metal reaches through the separator",
            Self::Cutoff => "voltage limit reached",
            Self::MetalExhausted => "no metal left to strip or to plate from",
            Self::Failure(kind) => kind.sentence(),
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
    /// After how much charge plated, mAh cm⁻².
    pub areal_capacity_mah_cm2: f64,
    /// Where, in lattice units; `None` when it has no place.
    pub position: Option<[f32; 3]>,
}

/// An event at the end of the present step.
pub(crate) fn event(kind: EventKind, clock: &Clock, constants: &Constants, place: Option<Position>) -> Event {
    Event {
        kind,
        time_s: clock.time_s + clock.dt_s,
        areal_capacity_mah_cm2: constants.capacity_mah_cm2(clock.charge_sites()),
        position: place.map(|site| site.map(|c| c as f32 + 0.5)),
    }
}

/// Events and control changes so far, in order.
#[derive(Resource, Default)]
pub(crate) struct Journal {
    pub events: Vec<Event>,
    pub controls: Vec<(u64, Control)>,
}

impl Journal {
    /// Notes an event, unless one of its kind that happens once has been noted already.
    pub fn note(&mut self, event: Event) {
        if !(event.kind.once() && self.events.iter().any(|e| e.kind == event.kind)) {
            self.events.push(event);
        }
    }
}
