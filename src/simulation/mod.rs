//! The simulation: one ECS world, one schedule, `advance`.
//!
//! Does: run the steps of one scene from one seed. The world holds the lattice (a resource), Na⁺ ions, SEI patches and
//! filaments (entities), the salt profile, the clock, the journal. One step passes 1/64 of a monolayer of charge:
//!
//! 1. `clock` – how long the step lasts and how many sites it plates
//! 2. `salt` – salt profile, Robin length, regime
//! 3. `fracture::grow_films` – films thicken, roots heal, weights follow
//! 4. `reduction` and `emergence` – where each ion is reduced and where its metal comes out
//! 5. `fracture` – unequal lifting strains the film, patches crack, filaments open
//! 6. `surface_diffusion` at rest, `ions` to look at, `clock` closes the step
//!
//! Does not: know windows, frames or wall time. State after N steps depends on scene, seed, control log and N only.

mod build;
mod clock;
mod emergence;
mod filament;
mod fracture;
mod hash;
mod interphase;
mod ions;
mod journal;
mod patch;
mod reduction;
mod rules;
mod salt;
mod sum_tree;
mod surface;
mod surface_diffusion;
mod view;

pub use build::BuildError;
pub use journal::{Control, Event, EventKind};
pub use salt::Regime;
pub use view::{FilmSums, PatchCondition};

use crate::scene::Scene;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::SingleThreadedExecutor;
use clock::Clock;
use journal::Journal;
use rules::Rules;

/// One run.
pub struct Simulation {
    world: World,
    schedule: Schedule,
    scene: Scene,
}

impl Simulation {
    /// Builds the world of `scene` with all random numbers derived from `seed`.
    ///
    /// # Errors
    /// When the lattice would not fit into memory.
    pub fn new(scene: &Scene, seed: u64) -> Result<Self, BuildError> {
        let world = build::world(scene, seed)?;
        let mut schedule = Schedule::default();
        // The order is the model: one system after the other, whatever the machine.
        schedule.set_executor(SingleThreadedExecutor::new());
        schedule.add_systems(
            (
                clock::open_step,
                salt::advance_salt,
                fracture::grow_films,
                reduction::plate,
                fracture::strain_films,
                fracture::open_filaments,
                surface_diffusion::round_off,
                ions::move_ions,
                clock::close_step,
            )
                .chain(),
        );
        Ok(Self { world, schedule, scene: scene.clone() })
    }

    /// Runs up to `steps` steps; stops early when the run is [finished](Self::finished).
    ///
    /// One step is a fixed small charge (1/64 of a monolayer) at the present current, or a fixed time at rest.
    pub fn advance(&mut self, steps: u64) {
        for _ in 0..steps {
            if self.finished() {
                break;
            }
            self.schedule.run(&mut self.world);
            debug_assert_eq!(self.imbalance(), None);
        }
    }

    /// Applies a control change before the next step and logs it. Values that are not finite and ≥ 0 are ignored.
    pub fn control(&mut self, control: Control) {
        let Control::CurrentDensity { a_per_m2 } = control;
        if !(a_per_m2.is_finite() && a_per_m2 >= 0.0) {
            return;
        }
        let mut clock = self.world.resource_mut::<Clock>();
        clock.current_density_a_m2 = a_per_m2;
        let (step, time_s, charge) = (clock.step, clock.time_s, clock.charge_sites());
        let areal_capacity_mah_cm2 = self.world.resource::<Rules>().capacity_mah_cm2(charge);
        let kind = EventKind::CurrentChanged;
        let mut journal = self.world.resource_mut::<Journal>();
        journal.controls.push((step, control));
        journal.note(Event { kind, time_s, areal_capacity_mah_cm2, position: None });
    }

    /// True when one of the scene's limits, or the edge of the box, is reached.
    pub fn finished(&self) -> bool {
        self.world.resource::<Clock>().finished
    }

    /// The scene it was built from.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }
}
