//! Where ions are reduced: walkers while the Robin length is comparable with the deposit, rejection-free
//! kinetic Monte Carlo while it is far longer.
//!
//! Both give every contact between electrolyte and solid the chance that the Robin condition asks for. A
//! walker sticks with p = a/(a + ℓ·f·ḡ/g), with f faces per column, since ℓ is per projected area. For ℓ → ∞
//! all contacts are met equally often, which is the propensity n_faces·g of kinetic Monte Carlo. It is
//! weighed by the salt at the depth of the face, from a balance in one dimension. Walkers of
//! one batch run in parallel against the lattice of the batch's start and are committed in order. Where the
//! place of a walker was taken meanwhile, another walker sets out instead. The batch grows with the surface
//! and not with the machine, so results do not depend on the number of threads.

use super::crew::{Batch, Crew};
use super::electrode::{Electrode, Plating};
use crate::electrochemistry::salt_transport::sticking_probability;
use crate::lattice::walk::{Far, JumpTables, Landing, Walks};
use crate::lattice::{Lattice, Position, Purpose, SiteKind, stream};
use crate::scene::StartSpec;
use crate::simulation::cell::salt::{Regime, Salt};
use crate::simulation::constants::Constants;
use crate::simulation::films::Films;
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::Matter;
use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};
use rayon::prelude::*;
use std::sync::Arc;

/// Jump laws, made when the first walker starts.
#[derive(Resource, Default)]
pub(crate) struct Jumps {
    tables: Option<Arc<JumpTables>>,
    crew: Crew,
}

/// Largest batch of walkers.
const LARGEST_BATCH: u64 = 1024;
/// Fewest walkers that are worth a task or a helper of their own: some 20 µs.
const LEAST_SHARE: usize = 8;
/// Fewest ions of a step for which a crew is called: 1 ms of work. The crew comes after 0.05 ms.
const WORTH_A_CALL: u64 = 256;
/// Placing takes a third of the time that walking does: with more helpers walks would be over long before.
const MOST_HELPERS: usize = 4;
/// Exposed sites per walker of a batch. The few active tips do not screen each other within a batch: with 16
/// the mass dimension of DLA clusters rose by 0.2, with 64 by 0.06. With 1024 it is that of walkers one by
/// one.
const SITES_PER_WALKER: u64 = 1024;

/// Reduces this step's ions and brings out their metal.
pub(crate) fn plate(mut plating: Plating, salt: Res<Salt>, mut jumps: ResMut<Jumps>) {
    plating.electrode.ledger.recent.clear();
    match salt.regime {
        Regime::Rest | Regime::Stripping => {}
        Regime::Reaction => {
            plating.electrode.sites.0.drop_clearance();
            plate_by_propensity(&mut plating, &salt);
        }
        Regime::Transport | Regime::Depleted => {
            let [nx, ny, _] = plating.electrode.sites.0.sites();
            let make = || match plating.electrode.constants.start {
                StartSpec::PointSeed => JumpTables::for_cluster(),
                _ => JumpTables::new([nx, ny]),
            };
            let tables = jumps.tables.get_or_insert_with(|| Arc::new(make())).clone();
            plating.electrode.sites.0.keep_clearance();
            // Where every ion stays at its first contact, no walk reads the solids while others place them.
            let all_conduct = plating.electrode.sites.0.count(SiteKind::DeadMetal) == 0;
            if salt.robin_length_m == 0.0 && all_conduct {
                plate_at_first_contact(&mut plating, &jumps, &tables);
            } else {
                plate_by_walkers(&mut plating, &tables, salt.robin_length_m);
            }
        }
    }
}

fn plate_by_propensity(plating: &mut Plating, salt: &Salt) {
    let (seed, step) = (plating.electrode.constants.seed, plating.clock.step);
    let mut random = stream(seed, Purpose::Reduction, step, 0);
    while plating.clock.due > 0 {
        let Some(slot) = plating.draw(&mut random) else { break };
        let height = plating.electrode.sites.0.exposed()[slot].position()[2];
        if random.random::<f64>() > salt.at_depth(height) {
            continue;
        }
        let stays = if salt.robin_length_m == 0.0 {
            1.0
        } else {
            plating.electrode.bare_share(slot, plating.clock.time_s)
        };
        plating.emerge_at(slot, stays, &mut random);
    }
}

fn plate_by_walkers(plating: &mut Plating, tables: &JumpTables, robin_length_m: f64) {
    let (seed, step) = (plating.electrode.constants.seed, plating.clock.step);
    let mut random = stream(seed, Purpose::Emergence, step, 0);
    let mut walker = 0;
    let mut landings = Vec::new();
    while plating.clock.due > 0 {
        let batch = (plating.electrode.sites.0.exposed().len() as u64 / SITES_PER_WALKER)
            .clamp(1, LARGEST_BATCH)
            .min(plating.clock.due);
        let reduction = Reduction::new(plating, robin_length_m);
        // No site sticks more often: run-ins beyond this share are refused without asking which site it is.
        let most = reduction.largest_chance();
        let lattice = &plating.electrode.sites.0;
        let Some(ground) = lattice.ground() else { return };
        let walks = Walks { ground, tables, far: far(plating) };
        landings.clear();
        landings.resize(batch as usize, None);
        let share = landings.len().div_ceil(4 * rayon::current_num_threads()).max(LEAST_SHARE);
        landings.par_chunks_mut(share).enumerate().for_each(|(part, landings)| {
            let first = walker + (part * share) as u64;
            let stream = |index| stream(seed, Purpose::Walk, step, first + index as u64);
            let sticks = |onto, random: &mut _| reduction.sticks(lattice, onto, most, random);
            walks.walk_abreast(most, stream, sticks, landings);
        });
        for landing in landings.iter().copied().flatten() {
            if plating.clock.due == 0 {
                return;
            }
            let lattice = &plating.electrode.sites.0;
            if lattice.is_solid(landing.site) {
                // Its place was taken: another one sets out instead.
                continue;
            }
            let stays = match lattice.slot(landing.onto) {
                Some(slot) if robin_length_m > 0.0 => {
                    plating.electrode.bare_share(slot, plating.clock.time_s)
                }
                _ => 1.0,
            };
            plating.emerge(landing, stays, &mut random);
        }
        walker += batch;
    }
}

/// The same where every ion stays on what it comes to first. Batches overlap: while one is placed the next
/// one walks, on ground that knows nothing of it yet, by [`crew`](super::crew). So that ions know as little
/// of each other as otherwise, batches are half as large.
fn plate_at_first_contact(plating: &mut Plating, jumps: &Jumps, tables: &Arc<JumpTables>) {
    let (seed, step) = (plating.electrode.constants.seed, plating.clock.step);
    let mut random = stream(seed, Purpose::Emergence, step, 0);
    let Some(clearance) = plating.electrode.sites.0.lend_clearance() else { return };
    let mut outing = jumps.crew.set_out(Batch {
        clearance,
        fresh: Vec::new(),
        tables: tables.clone(),
        sites: plating.electrode.sites.0.sites(),
        top: plating.electrode.sites.0.top(),
        far: far(plating),
        seed,
        step,
        ions: 0..0,
    });
    let mut walked: Vec<Option<Landing>> = Vec::new();
    let mut known = plating.electrode.ledger.recent.len();
    while plating.clock.due > 0 {
        let left = plating.clock.due.saturating_sub(walked.len() as u64);
        let size = plating.electrode.sites.0.exposed().len() as u64 / (2 * SITES_PER_WALKER);
        let size = size.clamp(1, LARGEST_BATCH).min(left);
        if plating.clock.due >= WORTH_A_CALL {
            outing.call((size as usize / LEAST_SHARE).min(MOST_HELPERS));
        }
        outing.begin(|batch| {
            batch.fresh.extend_from_slice(&plating.electrode.ledger.recent[known..]);
            batch.top = plating.electrode.sites.0.top();
            batch.far = far(plating);
            batch.ions = batch.ions.end..batch.ions.end + size;
        });
        known = plating.electrode.ledger.recent.len();
        for landing in walked.drain(..).flatten() {
            // Where its place was taken another one sets out instead.
            if plating.clock.due > 0 && !plating.electrode.sites.0.is_solid(landing.site) {
                plating.emerge(landing, 1.0, &mut random);
            }
        }
        outing.finish(&mut walked);
    }
    if let Some(Batch { mut clearance, .. }) = outing.end() {
        // What was placed last.
        plating.electrode.ledger.recent[known..].iter().for_each(|site| clearance.add(*site));
        plating.electrode.sites.0.take_clearance_back(clearance);
    }
}

/// How readily ions are reduced where they run into a solid.
struct Reduction<'a> {
    surface: &'a Surface,
    films: &'a Films,
    constants: &'a Constants,
    now_s: f64,
    /// Of a face: faces together let as much through as the projected area does.
    robin_length_m: f64,
}

impl<'a> Reduction<'a> {
    fn new(plating: &'a Plating, robin_length_m: f64) -> Self {
        let Electrode { surface, films, constants, .. } = &plating.electrode;
        let faces: u64 = Matter::CONNECTED.into_iter().map(|matter| surface.faces(matter)).sum();
        let per_column = match constants.start {
            StartSpec::PointSeed => 1.0,
            _ => faces as f64 / constants.columns as f64,
        };
        let (now_s, robin_length_m) = (plating.clock.time_s, robin_length_m * per_column);
        Self { surface, films, constants, now_s, robin_length_m }
    }

    /// Chance of an ion to stay on a solid.
    fn chance(&self, lattice: &Lattice, onto: Position) -> f64 {
        if !lattice.kind(onto).conducts() {
            return 0.0;
        }
        if self.robin_length_m == 0.0 {
            return 1.0;
        }
        let relative = lattice.slot(onto).map_or(1.0, |slot| {
            self.surface.relative_current(lattice, &lattice.exposed()[slot], self.films, self.now_s)
        });
        sticking_probability(self.constants.edge_m, self.robin_length_m / relative)
    }

    /// No solid has a larger [`chance`](Self::chance).
    fn largest_chance(&self) -> f64 {
        sticking_probability(
            self.constants.edge_m,
            self.robin_length_m / self.surface.largest_relative_current(),
        )
    }

    /// Whether an ion stays, all but a share `most` of the run-ins having been refused already.
    fn sticks(&self, lattice: &Lattice, onto: Position, most: f64, random: &mut impl Rng) -> bool {
        random.random::<f64>() * most < self.chance(lattice, onto)
    }
}

fn far(plating: &Plating) -> Far {
    match plating.electrode.constants.start {
        StartSpec::PointSeed => Far::Around {
            centre: plating.electrode.sites.0.sites().map(|n| n as i32 / 2),
            radius: plating.electrode.ledger.radius,
        },
        _ => Far::Above,
    }
}
