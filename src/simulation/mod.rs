//! The simulation: one ECS world, one schedule, `advance`.
//!
//! Does: run the steps of one scene from one seed. The world holds the lattice (a resource), Na⁺ ions, SEI
//! patches and filaments (entities), the salt profile, the clock, the journal. One step passes 1/64 of a
//! monolayer of charge:
//!
//! 1. `Hold` – the salt is told of the deposit (`cell::salt`); the current that a held voltage drives,
//!    or the most that flows before the voltage limit (`cell::source`); `Open` – which current is to flow,
//!    and for how long (`course::protocol`)
//! 2. `Retire` – filaments are frozen where stripping begins (`film::fracture`)
//! 3. `Salt` – what the salt carries of the current, how long the step lasts and how many sites it moves
//!    (`cell::salt`)
//! 4. `Growth` – films thicken, roots heal (`film::fracture`)
//! 5. `Voltage` – the overpotential that drives the current, what each face carries of it (`cell::voltage`),
//!    Robin length and regime (`cell::salt`)
//! 6. `Metal` – where metal dissolves (`metal::stripping`); where each ion is reduced and where its metal
//!    comes out (`metal::reduction`, `metal::emergence`)
//! 7. `Fracture` – unequal lifting strains the film, patches crack, filaments open (`film::fracture`)
//! 8. `Costs` – what films and dissolution cost in metal, electrolyte and additive (`metal::film_costs`)
//! 9. `Rounding` – surface diffusion at rest (`metal::rounding`)
//! 10. `Ions` – the ions that a viewer sees (`ions`)
//! 11. `Judge` – whether the cell has failed (`course::failure`)
//! 12. `Close` – whether a cycle or a step of the protocol is over (`course::protocol`)
//!
//! The processes lie in five rooms: `course` (time, protocol, books), `cell` (salt, voltage), `surface`
//! (exposed sites), `film` (SEI) and `metal`. Each room registers its systems in these phases; a new process
//! touches its room only.
//!
//! Does not: know windows, frames or wall time. State after N steps depends on scene, seed, control log and N
//! only.

mod build;
mod cell;
mod constants;
mod course;
mod film;
mod films;
mod hash;
mod ions;
mod memory;
mod metal;
mod sites;
mod stores;
mod surface;
mod view;

pub use build::BuildError;
pub use cell::salt::Regime;
pub use course::clock::Ending;
pub use course::cycles::{Balance, Cycle};
pub use course::failure::{Failure, FailureKind};
pub use course::journal::{Control, Event, EventKind};
pub use course::protocol::{PresentStep, ProtocolPlace};
pub use course::readings::VoltageStack;
pub use stores::Stores;
pub use view::PatchCondition;

use crate::scene::{Scene, UntilSpec};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::SingleThreadedExecutor;
use constants::Constants;
use course::clock::Clock;
use course::journal::{self, Journal};
use course::protocol::Protocol;

/// Current densities beyond this are slips of the keys, A m⁻² (10⁴ mA cm⁻²).
const LARGEST_CURRENT_A_M2: f64 = 1e5;

/// The parts of a step, in their order. The rooms add their systems to them.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Phase {
    Hold,
    Open,
    Retire,
    Salt,
    Growth,
    Voltage,
    Metal,
    Fracture,
    Costs,
    Rounding,
    Ions,
    Judge,
    Close,
}

/// One run.
///
/// ```
/// use natrarium::{scene, simulation::Simulation};
/// let settings = ["lattice.sites=[32,32,32]".to_owned()];
/// let scene = scene::load("carbonate_moss")?.with_settings(&settings)?;
/// let mut simulation = Simulation::new(&scene, 7)?;
/// simulation.advance(64); // a monolayer
/// assert_eq!(simulation.sites_plated(), 32 * 32);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
        let mut world = build::world(scene, seed)?;
        let mut schedule = Schedule::default();
        // The order is the model: one system after the other, on every machine.
        schedule.set_executor(SingleThreadedExecutor::new());
        schedule.configure_sets(
            (
                Phase::Hold,
                Phase::Open,
                Phase::Retire,
                Phase::Salt,
                Phase::Growth,
                Phase::Voltage,
                Phase::Metal,
                Phase::Fracture,
                Phase::Costs,
                Phase::Rounding,
                Phase::Ions,
                Phase::Judge,
                Phase::Close,
            )
                .chain(),
        );
        course::register(&mut world, &mut schedule);
        cell::register(&mut world, &mut schedule);
        film::register(&mut world, &mut schedule);
        metal::register(&mut world, &mut schedule);
        schedule.add_systems(ions::move_ions.in_set(Phase::Ions));
        Ok(Self { world, schedule, scene: scene.clone() })
    }

    /// Runs up to `steps` steps; stops early when the run is [finished](Self::finished).
    ///
    /// One step is a fixed small charge (1/64 of a monolayer) at the present current, or a fixed time at
    /// rest.
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
        let a_per_m2 = match control {
            Control::CurrentDensity { a_per_m2 } => a_per_m2,
            Control::Until(until) => return self.limit(until),
        };
        if !a_per_m2.is_finite() || a_per_m2.abs() > LARGEST_CURRENT_A_M2 {
            return;
        }
        self.world.resource_mut::<Protocol>().set_current(a_per_m2);
        let mut clock = self.world.resource_mut::<Clock>();
        // What viewers read until the next step.
        (clock.applied_a_m2, clock.current_density_a_m2, clock.dt_s) = (a_per_m2, a_per_m2, 0.0);
        let (clock, constants) = (self.world.resource::<Clock>(), self.world.resource::<Constants>());
        let (step, event) = (clock.step, journal::event(EventKind::CurrentChanged, clock, constants, None));
        let mut journal = self.world.resource_mut::<Journal>();
        journal.controls.push((step, control));
        journal.note(event);
    }

    fn limit(&mut self, until: UntilSpec) {
        let numbers = [until.areal_capacity_mah_cm2, until.time_s];
        if numbers.into_iter().flatten().any(|number| !number.is_finite()) {
            return;
        }
        self.world.resource_scope(|world, mut clock: Mut<Clock>| {
            clock.limit(&until, world.resource::<Constants>());
        });
        let step = self.step();
        self.world.resource_mut::<Journal>().controls.push((step, Control::Until(until)));
    }

    /// True when one of the scene's limits, or the edge of the box, is reached.
    pub fn finished(&self) -> bool {
        self.world.resource::<Clock>().finished()
    }

    /// The scene it was built from.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }
}

/// A library scene with settings, ready for its first step.
#[cfg(test)]
fn small_run(scene: &str, settings: &[&str]) -> Simulation {
    let settings: Vec<String> = settings.iter().map(|setting| setting.to_string()).collect();
    let scene =
        crate::scene::load(scene).and_then(|scene| scene.with_settings(&settings)).expect("a sound scene");
    Simulation::new(&scene, 5).expect("a small box")
}
