//! Things a user must be told of, with time, charge and place.

use serde::Serialize;

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
            Self::TopReached => "the deposit reached the top of the box",
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
