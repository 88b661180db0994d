//! The simulation: one ECS world, one schedule, `advance`.
//!
//! Does: run the steps of one scene from one seed. The world holds the lattice (a resource), Na⁺ ions, SEI patches and
//! filaments (entities), the salt profile, the clock, the journal. One step passes 1/64 of a monolayer of charge:
//!
//! 1. `protocol` and `clock` – which current flows, how long the step lasts and how many sites it moves
//! 2. `salt` – salt profile, Robin length, regime
//! 3. `fracture::grow_films` – films thicken, roots heal
//! 4. `polarisation` – the overpotential that drives the current, and what each face carries of it
//! 5. `stripping`, or `reduction` and `emergence` – where metal dissolves; where each ion is reduced and where its metal comes out
//! 6. `fracture` – unequal lifting strains the film, patches crack, filaments open
//! 7. `film_life` – what films and dissolution cost in metal, electrolyte and additive
//! 8. `surface_diffusion` at rest, `ions` to look at
//! 9. `failure`, `cycles`, `protocol` – is the cell dead, is a cycle or a step of the protocol over
//!
//! Does not: know windows, frames or wall time. State after N steps depends on scene, seed, control log and N only.

mod build;
mod census;
mod classes;
mod clock;
mod contact;
mod currents;
mod cycles;
mod edge;
mod emergence;
mod failure;
mod filament;
mod film_life;
mod films;
mod fracture;
mod hash;
mod helpers;
mod interphase;
mod ions;
mod journal;
mod patch;
mod polarisation;
mod protocol;
mod reduction;
mod rules;
mod salt;
mod stripping;
mod surface;
mod surface_diffusion;
mod view;

pub use build::BuildError;
pub use cycles::{Balance, Cycle};
pub use failure::{Failure, FailureKind};
pub use journal::{Control, Event, EventKind};
pub use polarisation::VoltageStack;
pub use protocol::PresentStep;
pub use salt::Regime;
pub use view::{PatchCondition, Stores};

use crate::scene::Scene;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::SingleThreadedExecutor;
use clock::Clock;
use journal::Journal;
use protocol::Protocol;
use rules::Rules;

/// Current densities beyond this are slips of the keys, A m⁻² (10⁴ mA cm⁻²).
const LARGEST_CURRENT_A_M2: f64 = 1e5;

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
                protocol::open_step,
                fracture::retire_filaments,
                salt::advance_salt,
                fracture::grow_films,
                polarisation::polarise,
                stripping::strip,
                reduction::plate,
                fracture::strain_films,
                fracture::open_filaments,
                film_life::pay_for_films,
                surface_diffusion::round_off,
                ions::move_ions,
                failure::judge,
                protocol::close_step,
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

    /// Applies a control change before the next step and logs it. Values that are not finite are ignored.
    pub fn control(&mut self, control: Control) {
        let Control::CurrentDensity { a_per_m2 } = control;
        if !a_per_m2.is_finite() || a_per_m2.abs() > LARGEST_CURRENT_A_M2 {
            return;
        }
        self.world.resource_mut::<Protocol>().set_current(a_per_m2);
        let mut clock = self.world.resource_mut::<Clock>();
        // What viewers read until the next step.
        (clock.current_density_a_m2, clock.dt_s) = (a_per_m2, 0.0);
        let (clock, rules) = (self.world.resource::<Clock>(), self.world.resource::<Rules>());
        let (step, event) = (clock.step, journal::event(EventKind::CurrentChanged, clock, rules, None));
        let mut journal = self.world.resource_mut::<Journal>();
        journal.controls.push((step, control));
        journal.note(event);
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
