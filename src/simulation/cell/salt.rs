//! Salt between the electrodes and the picture of transport that follows from it.

use crate::electrochemistry::SaltProfile;
use crate::lattice::Lattice;
use crate::scene::{StartSpec, TransportSpec};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::journal::{EventKind, Journal, event};
use crate::simulation::course::readings::Readings;
use crate::simulation::sites::Sites;
use crate::table::Cell;
use bevy_ecs::prelude::*;
use serde::Serialize;

/// Up to this height the box stands for the deposit that is to fill it. The usual boxes are lower. In a box
/// far higher than its deposit, walkers would be refused thousands of times along a surface on which the salt
/// is the same everywhere.
const HIGHEST_BOX_M: f64 = 200e-6;

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
    pub fn new(
        profile: SaltProfile,
        current_density_a_m2: f64,
        lattice: &Lattice,
        constants: &Constants,
    ) -> Self {
        let initial_mol_m3 = profile.mean_concentration();
        let mut salt = Self { profile, initial_mol_m3, robin_length_m: f64::INFINITY, regime: Regime::Rest };
        salt.choose_regime(current_density_a_m2, lattice.top(), constants);
        salt
    }

    /// Robin length and regime of the salt as it is, above a deposit whose highest site is in layer `top`.
    fn choose_regime(&mut self, current_density_a_m2: f64, top: i32, constants: &Constants) {
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
                let deposit_m = f64::from(top) * constants.edge_m;
                let height_m = (constants.height as f64 * constants.edge_m).min(deposit_m.max(HIGHEST_BOX_M));
                let near = self.robin_length_m < constants.walker_heights * height_m;
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
    sites: Res<Sites>,
    constants: Res<Constants>,
    mut journal: ResMut<Journal>,
    mut readings: ResMut<Readings>,
) {
    let current = clock.current_density_a_m2;
    salt.profile.advance(clock.dt_s, current);
    readings.depleted = salt.profile.depleted();
    salt.choose_regime(current, sites.0.top(), &constants);
    // Ions that stick at first contact need no salt profile: that scene has no Sand's time.
    if readings.depleted && current > 0.0 && constants.transport != TransportSpec::PerfectSticking {
        journal.note(event(EventKind::SandTime, &clock, &constants, None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene;
    use crate::simulation::Simulation;

    /// Regime and Robin length, µm, soon after the start in a narrow box so high, 1 mol/L over 2.1 mm.
    fn start(layers: u32, current_ma_cm2: f64, settings: &[String]) -> (Regime, f64) {
        let mut all = vec![
            format!("lattice.sites=[8,8,{layers}]"),
            "electrode_gap_um=2100".into(),
            format!("current_density_ma_cm2={current_ma_cm2}"),
        ];
        all.extend_from_slice(settings);
        let scene = scene::load("carbonate_moss").and_then(|scene| scene.with_settings(&all));
        let mut simulation = Simulation::new(&scene.expect("a good scene"), 1).expect("it fits");
        simulation.advance(20);
        (simulation.regime(), 1e6 * simulation.robin_length_m())
    }

    #[test]
    fn walkers_are_chosen_by_the_deposit_where_the_box_is_far_higher() {
        let (regime, reach_um) = start(4096, 5.0, &[]);
        assert!((600.0..6144.0).contains(&reach_um), "{reach_um}");
        assert_eq!(regime, Regime::Reaction, "the deposit is a few µm high, the box 2048 µm");
        assert_eq!(start(4096, 20.0, &[]).0, Regime::Transport, "the salt differs along 200 µm");
        assert_eq!(start(400, 5.0, &[]).0, Regime::Reaction);
        // A host as high as the box is part of what ions have to come down through.
        let host = ["host=Nanowires(spacing_um: 4, diameter_um: 1, height_um: 1000)".into()];
        assert_eq!(start(4096, 5.0, &host).0, Regime::Transport);
    }
}
