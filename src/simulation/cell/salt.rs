//! Salt between the electrodes and the picture of transport that follows from it.

use crate::electrochemistry::SaltProfile;
use crate::electrochemistry::salt_transport::robin_length;
use crate::lattice::{FACES, Lattice, each_face, offset};
use crate::scene::{STEPS_PER_LAYER, StartSpec, TransportSpec};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::journal::{EventKind, Journal, event};
use crate::simulation::course::ledger::Ledger;
use crate::simulation::course::readings::{Readings, Response};
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
    /// Charges that crossed the surface lately, by layer of the electrolyte before it.
    landing: Vec<f64>,
    /// Open share of each layer of the lattice, and faces of its solids per column.
    layers: Vec<Layer>,
    /// Salt before the solids of a layer over that at the top of the deposit.
    depth: Vec<f64>,
}

/// A layer of the lattice.
#[derive(Clone, Copy, Default)]
struct Layer {
    open: f64,
    faces: f64,
}

/// The salt is told of the deposit after so many steps: trees grow by many layers while a monolayer of charge
/// passes.
const STEPS_PER_LOOK: u64 = STEPS_PER_LAYER / 4;
/// Open share below which a layer counts as this open.
const CLOSED: f64 = 0.01;
/// Share of the charges before a look that counts on at the next.
const FORGETTING: f64 = 0.5;

impl Salt {
    /// Salt at a concentration, mol m⁻³, before any current.
    pub fn new(profile: SaltProfile, initial_mol_m3: f64) -> Self {
        let (robin_length_m, regime) = (f64::INFINITY, Regime::Rest);
        let (landing, layers, depth) = (Vec::new(), Vec::new(), Vec::new());
        Self { profile, initial_mol_m3, robin_length_m, regime, landing, layers, depth }
    }

    /// Regime of the salt as it is, above a deposit whose highest site is in layer `top`.
    fn regime_of(&self, current_density_a_m2: f64, top: i32, constants: &Constants) -> Regime {
        match constants.transport {
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
        }
    }

    /// Share of the faces in a layer that carry what they would with the salt of the top: 1 at the top.
    #[inline]
    pub fn at_depth(&self, layer: i32) -> f64 {
        self.depth.get(layer.max(0) as usize).copied().unwrap_or(1.0)
    }

    /// Finds how the salt falls into the deposit, layer by layer from the floor, through which nothing flows.
    /// D ε^1.5 c″ is what the faces carry, c/(ℓ·f) each, with f faces per column. Uniform across a layer: the
    /// Robin length is above the height of the deposit, and gaps between the metal are narrower.
    fn fall_into_the_deposit(&mut self, edge_m: f64) {
        let faces: f64 = self.layers.iter().map(|layer| layer.faces).sum();
        let per_face = edge_m / (self.robin_length_m * faces);
        self.depth.clear();
        if self.robin_length_m == 0.0 {
            return;
        }
        let (mut salt, mut flow) = (1.0, 0.0);
        for layer in &self.layers {
            self.depth.push(salt);
            flow += layer.faces * per_face * salt;
            salt += flow / libm::pow(layer.open.max(CLOSED), 1.5);
        }
        let top = self.depth.last().copied().unwrap_or(1.0);
        self.depth.iter_mut().for_each(|salt| *salt /= top);
    }

    /// Tells the salt what the deposit leaves open and where charges cross its surface.
    pub fn see(&mut self, lattice: &Lattice, ledger: &mut Ledger, constants: &Constants) {
        let layers = lattice.top().max(0) as usize + 2;
        let mut solids = vec![0u32; layers];
        lattice.for_each_solid(|position, _| solids[position[2].max(0) as usize] += 1);
        let columns = constants.columns as f64;
        let open = |solids: u32| Layer { open: 1.0 - f64::from(solids) / columns, faces: 0.0 };
        self.layers = solids.iter().copied().map(open).collect();
        // Ions come to the faces of the collector through the layer above it.
        self.layers[0].open = self.layers[1].open;
        for slot in 0..lattice.exposed().slots() {
            let entry = &lattice.exposed()[slot];
            self.layers[entry.position()[2].max(0) as usize].faces += f64::from(entry.faces()) / columns;
        }
        if self.landing.is_empty() {
            // Before any current: as the faces lie.
            for slot in 0..lattice.exposed().slots() {
                let entry = &lattice.exposed()[slot];
                for face in each_face(entry.open) {
                    ledger.cross(offset(entry.position(), FACES[face])[2]);
                }
            }
        }
        if !ledger.crossed.is_empty() {
            self.landing.iter_mut().for_each(|landed| *landed *= FORGETTING);
            self.landing.resize(self.landing.len().max(ledger.crossed.len()), 0.0);
            for (landed, crossed) in self.landing.iter_mut().zip(ledger.crossed.drain(..)) {
                *landed += f64::from(crossed);
            }
        }
        // Heights are counted from the upper face of layer 0.
        let open: Vec<f64> = self.layers[1..].iter().map(|layer| layer.open).collect();
        self.landing.resize(layers.max(self.landing.len()), 0.0);
        self.profile.set_deposit(constants.edge_m, &open, &self.landing[1..layers]);
    }
}

/// Tells the salt of the deposit, four times for every monolayer of charge.
pub(crate) fn see_deposit(
    mut salt: ResMut<Salt>,
    mut ledger: ResMut<Ledger>,
    clock: Res<Clock>,
    sites: Res<Sites>,
    constants: Res<Constants>,
) {
    if clock.step > 0 && clock.step.is_multiple_of(STEPS_PER_LOOK) && constants.start.is_electrode() {
        salt.see(&sites.0, &mut ledger, &constants);
    }
}

/// Passes the charge of the step through the salt, as far as it carries it, and notes when it has run out.
pub(crate) fn carry(
    mut salt: ResMut<Salt>,
    mut clock: ResMut<Clock>,
    constants: Res<Constants>,
    mut journal: ResMut<Journal>,
    mut readings: ResMut<Readings>,
) {
    // Ions that stick at first contact need no salt. What bridges take is no ion's.
    let ionic = clock.current_density_a_m2 * (1.0 - clock.leak_share);
    let (mut share, mut duration_s) = (1.0, clock.dt_s);
    if constants.transport != TransportSpec::PerfectSticking {
        let passed = salt.profile.pass(ionic, clock.dt_s, clock.longest_s);
        if ionic != 0.0 {
            share = passed.charge_c_m2 / (ionic.abs() * clock.dt_s);
            duration_s = passed.duration_s;
        }
    }
    clock.pass(share, duration_s);
    readings.depleted = salt.profile.depleted();
    if readings.depleted && clock.plating() {
        journal.note(event(EventKind::SandTime, &clock, &constants, None));
    }
}

/// Chooses Robin length and regime for the step.
pub(crate) fn choose_transport(
    mut salt: ResMut<Salt>,
    clock: Res<Clock>,
    readings: Res<Readings>,
    sites: Res<Sites>,
    constants: Res<Constants>,
) {
    let current = clock.current_density_a_m2;
    salt.robin_length_m = match constants.transport {
        TransportSpec::PerfectSticking => 0.0,
        _ if current <= 0.0 => f64::INFINITY,
        // Past Sand's time ions stick where they first arrive†.
        _ if salt.profile.depleted() => 0.0,
        _ => {
            let Response { ohm_m2, kinetic_order } = readings.response;
            let (conductivity, kelvin) = (constants.conductivity_s_m, constants.temperature_k);
            robin_length(ohm_m2, salt.profile.uneven_resistivity(conductivity, kinetic_order, kelvin))
        }
    };
    salt.regime = salt.regime_of(current, sites.0.top(), &constants);
    if salt.regime == Regime::Reaction {
        salt.fall_into_the_deposit(constants.edge_m);
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
            // The current is to flow whatever it costs.
            "cutoff_v=10".into(),
            format!("current_density_ma_cm2={current_ma_cm2}"),
        ];
        all.extend_from_slice(settings);
        let scene = scene::load("carbonate_moss").and_then(|scene| scene.with_settings(&all));
        let mut simulation = Simulation::new(&scene.expect("a good scene"), 1).expect("it fits");
        simulation.advance(20);
        (simulation.regime(), 1e6 * simulation.robin_length_m())
    }

    /// In a layer of height h with faces and gaps alike throughout, D ε^1.5 c″ = D c/(ℓ h) from c′ = 0 at the
    /// floor: c falls to 1/cosh(h/λ) of that at the top, λ² = ε^1.5 ℓ h, at every lattice edge and height.
    #[test]
    fn salt_falls_into_a_uniform_deposit_as_a_hyperbolic_cosine() {
        for (height_m, robin_m, open) in [(20e-6, 60e-6, 0.5f64), (40e-6, 60e-6, 0.5), (40e-6, 40e-6, 0.3)] {
            let law = 1.0 / (height_m / (open.powf(1.5) * robin_m * height_m).sqrt()).cosh();
            for edge_m in [0.05e-6, 0.1e-6] {
                let mut salt = Salt::new(SaltProfile::new(1000.0, 1e-10, 0.4, 100e-6), 1000.0);
                salt.robin_length_m = robin_m;
                // Two faces for every site of depth: only their sum and how they lie matter.
                salt.layers = vec![Layer { open, faces: 2.0 }; (height_m / edge_m).round() as usize];
                salt.fall_into_the_deposit(edge_m);
                // Of the first order in the edge, here 1/200 of the height at most.
                assert!((salt.at_depth(0) / law - 1.0).abs() < 0.01, "{} {law}", salt.at_depth(0));
                assert!(salt.depth.is_sorted() && salt.at_depth(1_000_000) == 1.0);
            }
        }
    }

    #[test]
    fn walkers_are_chosen_by_the_deposit_where_the_box_is_far_higher() {
        let (regime, reach_um) = start(4096, 1.2, &[]);
        assert!((600.0..6144.0).contains(&reach_um), "{reach_um}");
        assert_eq!(regime, Regime::Reaction, "the deposit is a few µm high, the box 2048 µm");
        assert_eq!(start(4096, 20.0, &[]).0, Regime::Transport, "the salt differs along 200 µm");
        assert_eq!(start(400, 1.2, &[]).0, Regime::Reaction);
        // A host as high as the box is part of what ions have to come down through.
        let host = ["host=Nanowires(spacing_um: 4, diameter_um: 1, height_um: 1000)".into()];
        assert_eq!(start(4096, 1.2, &host).0, Regime::Transport);
    }
}
