//! Salt between the electrodes and the picture of transport that follows from it.

use crate::electrochemistry::SaltProfile;
use crate::scene::{StartSpec, TransportSpec};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::journal::{EventKind, Journal, event};
use crate::simulation::course::readings::Readings;
use crate::table::Cell;
use bevy_ecs::prelude::*;
use serde::Serialize;

/// Which picture of transport carries the current.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// No current.
    #[default]
    Rest,
    /// Robin length far above the deposit: kinetic Monte Carlo.
    Reaction,
    /// Robin length comparable with the deposit: walkers.
    Transport,
    /// Past Sand's time: every ion sticks where it first arrives.
    Depleted,
    /// The current dissolves metal.
    Stripping,
}

impl From<Regime> for Cell {
    fn from(regime: Regime) -> Self {
        Self::Word(match regime {
            Regime::Rest => "rest",
            Regime::Reaction => "reaction",
            Regime::Transport => "transport",
            Regime::Depleted => "depleted",
            Regime::Stripping => "stripping",
        })
    }
}

/// The salt and what it implies for the ions.
#[derive(Resource)]
pub(crate) struct Salt {
    pub profile: SaltProfile,
    /// Concentration before any current, mol m⁻³.
    pub initial_mol_m3: f64,
    /// Robin length at the present current, m; infinite at rest, 0 for perfect sticking.
    pub robin_length_m: f64,
    pub regime: Regime,
}

impl Salt {
    /// Salt at its initial concentration, about to carry a current density, A m⁻².
    pub fn new(profile: SaltProfile, current_density_a_m2: f64, constants: &Constants) -> Self {
        let initial_mol_m3 = profile.mean_concentration();
        let mut salt = Self { profile, initial_mol_m3, robin_length_m: f64::INFINITY, regime: Regime::Rest };
        salt.choose_regime(current_density_a_m2, constants);
        salt
    }

    /// Robin length and regime of the salt as it is.
    fn choose_regime(&mut self, current_density_a_m2: f64, constants: &Constants) {
        self.robin_length_m = match constants.transport {
            TransportSpec::PerfectSticking => 0.0,
            _ if current_density_a_m2 <= 0.0 => f64::INFINITY,
            _ => self.profile.robin_length(current_density_a_m2),
        };
        self.regime = match constants.transport {
            _ if current_density_a_m2 == 0.0 => Regime::Rest,
            _ if current_density_a_m2 < 0.0 => Regime::Stripping,
            TransportSpec::KineticMonteCarlo => Regime::Reaction,
            TransportSpec::PerfectSticking => Regime::Transport,
            _ if self.profile.depleted() => Regime::Depleted,
            TransportSpec::Walkers => Regime::Transport,
            TransportSpec::Automatic => {
                let near = self.robin_length_m < constants.walker_reach_m;
                if near || constants.start == StartSpec::PointSeed {
                    Regime::Transport
                } else {
                    Regime::Reaction
                }
            }
        };
    }
}

/// Moves the salt through one step and chooses the regime for it.
pub(crate) fn advance_salt(
    mut salt: ResMut<Salt>,
    clock: Res<Clock>,
    constants: Res<Constants>,
    mut journal: ResMut<Journal>,
    mut readings: ResMut<Readings>,
) {
    let current = clock.current_density_a_m2;
    salt.profile.advance(clock.dt_s, current);
    readings.depleted = salt.profile.depleted();
    salt.choose_regime(current, &constants);
    // Ions that stick at first contact need no salt profile: that scene has no Sand's time.
    if readings.depleted && current > 0.0 && constants.transport != TransportSpec::PerfectSticking {
        journal.note(event(EventKind::SandTime, &clock, &constants, None));
    }
}
