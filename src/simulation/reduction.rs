//! Where ions are reduced: walkers while the Robin length is comparable with the deposit, rejection-free
//! kinetic Monte Carlo while it is far longer.
//!
//! Both give every contact between electrolyte and solid the chance that the Robin condition asks for:
//! a walker sticks with p = a/(a + ℓ·ḡ/g), and for ℓ → ∞ all contacts are met equally often, which is the propensity n_faces·g of kinetic Monte Carlo.
//! Walkers of one batch run in parallel against the lattice of the batch's start and are
//! committed in order; one whose place was taken meanwhile walks again. The batch grows with the surface
//! and not with the machine, so results do not depend on the number of threads.

use super::emergence::{Deposit, open_face};
use super::rules::Rules;
use super::salt::{Regime, Salt};
use super::surface::Surface;
use crate::electrochemistry::salt_transport::sticking_probability;
use crate::lattice::walk::{Far, JumpTables, Landing, Walks};
use crate::lattice::{Lattice, Position, Purpose, stream};
use crate::scene::StartSpec;
use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};
use rayon::prelude::*;

/// Jump laws, made when the first walker starts.
#[derive(Resource, Default)]
pub(super) struct Jumps(Option<JumpTables>);

/// Largest batch of walkers.
const LARGEST_BATCH: u64 = 1024;
/// Exposed sites per walker of a batch. The few active tips do not screen each other within a batch: with 16 the mass
/// dimension of DLA clusters rose by 0.2, with 64 by 0.06; with 1024 it is that of walkers one by one.
const SITES_PER_WALKER: u64 = 1024;

/// Reduces this step's ions and brings out their metal.
pub(super) fn plate(mut deposit: Deposit, salt: Res<Salt>, mut jumps: ResMut<Jumps>) {
    deposit.ledger.recent.clear();
    match salt.regime {
        Regime::Rest | Regime::Stripping => {}
        Regime::Reaction => {
            deposit.sites.0.drop_clearance();
            plate_by_propensity(&mut deposit, salt.robin_length_m);
        }
        Regime::Transport | Regime::Depleted => {
            let [nx, ny, _] = deposit.sites.0.sites();
            let tables = jumps.0.get_or_insert_with(|| match deposit.rules.start {
                StartSpec::Electrode => JumpTables::new([nx, ny]),
                StartSpec::PointSeed => JumpTables::for_cluster(),
            });
            deposit.sites.0.keep_clearance();
            plate_by_walkers(&mut deposit, tables, salt.robin_length_m);
        }
    }
}

fn plate_by_propensity(deposit: &mut Deposit, robin_length_m: f64) {
    let (seed, step) = (deposit.rules.seed, deposit.clock.step);
    let mut random = stream(seed, Purpose::Reduction, step, 0);
    let stays = sticking_probability(deposit.rules.edge_m, robin_length_m);
    while deposit.clock.due > 0 {
        let Some(onto) = deposit.draw(&mut random) else { break };
        let Some(site) = open_face(&deposit.sites.0, onto, &mut random) else { break };
        deposit.emerge(Landing { site, onto }, stays, &mut random);
    }
}

fn plate_by_walkers(deposit: &mut Deposit, tables: &JumpTables, robin_length_m: f64) {
    let (seed, step, edge_m) = (deposit.rules.seed, deposit.clock.step, deposit.rules.edge_m);
    let mut random = stream(seed, Purpose::Emergence, step, 0);
    let mut walker = 0;
    while deposit.clock.due > 0 {
        let batch = (deposit.sites.0.exposed().len() as u64 / SITES_PER_WALKER)
            .clamp(1, LARGEST_BATCH)
            .min(deposit.clock.due);
        let (surface, rules, now_s): (&Surface, &Rules, f64) =
            (&deposit.surface, &deposit.rules, deposit.clock.time_s);
        let chance = |lattice: &Lattice, onto: Position| {
            if !lattice.kind(onto).conducts() {
                return 0.0;
            }
            if robin_length_m == 0.0 {
                return 1.0;
            }
            sticking_probability(
                edge_m,
                robin_length_m / surface.relative_current(lattice, onto, rules, now_s),
            )
        };
        // No site sticks more often: run-ins beyond this share are refused without asking which site it is.
        let most = sticking_probability(edge_m, robin_length_m / surface.largest_relative_current());
        let walk = |walks: &Walks, index: u64| {
            let mut random = stream(seed, Purpose::Walk, step, index);
            let start = walks.release(&mut random);
            walks.walk_reluctantly(start, &mut random, most, |onto, random| {
                random.random::<f64>() * most < chance(walks.lattice, onto)
            })
        };
        let walks = Walks { lattice: &deposit.sites.0, tables, far: far(deposit) };
        let landings: Vec<Option<(Landing, f64)>> = (0..batch as usize)
            .into_par_iter()
            .with_min_len(16)
            .map(|index| {
                walk(&walks, walker + index as u64)
                    .map(|landing| (landing, chance(walks.lattice, landing.onto)))
            })
            .collect();
        walker += batch;
        for (index, landing) in landings.into_iter().enumerate() {
            let Some((mut landing, stays)) = landing else { continue };
            if deposit.clock.due == 0 {
                return;
            }
            if deposit.sites.0.is_solid(landing.site) {
                let again = stream(seed, Purpose::Walk, step, walker - batch + index as u64 + (1 << 63));
                let Some(other) = walk_again(deposit, tables, robin_length_m, again) else { continue };
                landing = other;
            }
            deposit.emerge(landing, stays, &mut random);
        }
    }
}

/// A walk against the lattice as it is now.
fn walk_again(
    deposit: &Deposit,
    tables: &JumpTables,
    robin_length_m: f64,
    mut random: impl Rng,
) -> Option<Landing> {
    let walks = Walks { lattice: &deposit.sites.0, tables, far: far(deposit) };
    let start = walks.release(&mut random);
    walks.walk(start, &mut random, |onto, random| {
        let now_s = deposit.clock.time_s;
        let relative = deposit.surface.relative_current(walks.lattice, onto, &deposit.rules, now_s);
        let chance = sticking_probability(deposit.rules.edge_m, robin_length_m / relative);
        walks.lattice.kind(onto).conducts() && random.random::<f64>() < chance
    })
}

fn far(deposit: &Deposit) -> Far {
    match deposit.rules.start {
        StartSpec::Electrode => Far::Above,
        StartSpec::PointSeed => Far::Around {
            centre: deposit.sites.0.sites().map(|n| n as i32 / 2),
            radius: deposit.ledger.radius,
        },
    }
}
