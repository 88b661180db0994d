//! Natrarium: sodium metal growing on an electrode, in 3D.
//!
//! This page is the architecture of the project: what flows where, what each module is for, and what is not
//! modelled. How to use the program is in the README.
//!
//! # Data flows one way
//!
//! ```text
//!  scene file ──► scene ──► simulation ──► observables ──► render   (the 3D picture)
//!   (RON)       checked,    one ECS        figures and     ui       (panels)
//!               resolved    world, one     snapshots       export   (tables, figures, states)
//!                           schedule                       capture  (stills, films)
//! ```
//!
//! - A [`simulation::Simulation`] is one ECS world and one schedule. It knows nothing of windows, frames or
//!   wall time. The window, the recorder, the command line and the tests all drive the same object by
//!   [`advance`](simulation::Simulation::advance) and [`control`](simulation::Simulation::control).
//! - Ions, SEI patches and filaments are entities. The lattice, the salt, the clock and the list of exposed
//!   sites are resources, because they are read by index in the hot loops.
//! - The window (`app`) is a second world. It owns a session, which owns the simulation on a thread of its
//!   own. Commands go in and [`observables::Snapshot`]s, copies of what changed, come out. The picture never
//!   waits for the simulation, nor the simulation for the picture; only while recording do they go in
//!   lock-step.
//! - Views read. Nothing to the right writes to its left.
//!
//! # Modules, in the order in which they may import
//!
//! | module | holds | may use of Bevy |
//! |---|---|---|
//! | [`units`], [`quantity`], [`table`] | constants and conversions; descriptions of numbers that a user sets and of columns | |
//! | [`electrochemistry`] | laws as pure functions: salt transport, film growth, kinetics | |
//! | [`lattice`] | sites in bricks, contact, clearance, random walks, patch mosaic | |
//! | [`host`] | what stands on the collector, one file for each kind | |
//! | [`scene`] | scene files, parameter sets, electrolytes from recipes: read, check, resolve, the embedded library | |
//! | [`simulation`] | the processes, one file each, in five rooms, and their order | `bevy_ecs` |
//! | [`observables`] | figures with formula and unit, snapshots | |
//! | [`style`] | names and colours that all views share | |
//! | `render`, `ui`, `capture`, [`export`] | pictures, panels, films, files; of these only `capture` draws on `render` | all, not `export` |
//! | [`cli`], [`app`] | subcommands; the window and its simulation thread | all |
//!
//! `render`, `ui`, `capture` and the window are behind the default feature `gui`; `--no-default-features`
//! builds the rest. The test `import_rule` enforces the order, also of the rooms inside `lattice`, `scene`
//! and
//! `simulation`.
//!
//! # One step
//!
//! A step passes 1/64 of a monolayer of charge; time follows from the current. [`simulation`] lists its
//! systems. The heart is in three files of `simulation`: `cell/voltage.rs` finds the overpotential and the
//! current of every face. `metal/reduction.rs` decides where an ion is *reduced*, by walkers or kinetic Monte
//! Carlo. `metal/emergence.rs` decides where the metal *comes out*: where the ion arrived, under the film, or
//! at the root of a filament. Growth at the tip and from the base are the two ends of one continuous
//! parameter, the speed of the face over that at which film forms. Metal that outgrows its film stays where
//! its ion arrived. Otherwise it is under a film and creeps.
//!
//! # Where this differs from the first design
//!
//! - Walkers are exact on the lattice. Jumps use the discrete laws of cubes and planes in closed form
//!   ([`lattice::walk`]), not spheres of the continuum rounded to sites.
//! - Metal stays in the root of a filament until the filament's *width* has been pushed out. A fed root then
//!   keeps its film thin, an unfed one heals, and a few roots win.
//! - Batches of walkers have at most one walker for a thousand exposed sites. Larger batches made clusters
//!   measurably too compact.
//! - A draw of kinetic Monte Carlo computes the current of the drawn site and rejects what its class allows
//!   too much. Films that age therefore need no update. A census by age and conductivity gives the voltage
//!   what it needs to know of all faces.
//! - Strain and whole film of patches are updated every sixteenth of a monolayer, roots every second step.
//!   The strain of a Maxwell film does not depend on the length of the step.
//! - Nucleation is an offset in the overpotential of the whole electrode. A bare face carries what the
//!   overpotential above η_n drives, and nothing below it.
//! - Contact is a path over metal and host across faces without film. Two filmed pieces that come to touch
//!   have none.
//! - Films cost by area that is new from one step to the next and by growth. The film of area that shrinks
//!   away is lost. Otherwise every step of the lattice would pay for a new film.
//! - Layer 0 of the lattice is the collector, so that its patches and its ions need no special case. Heights
//!   count from its upper face.
//!
//! # Random numbers
//!
//! Every stream is made from (seed, purpose, step, index) by [`lattice::stream`]. Results do not depend on
//! the number of threads or on a viewer. [`simulation::Simulation::state_hash`] is the fingerprint that tests
//! compare.
//!
//! # What is not modelled
//!
//! Solid electrolytes. Molten and liquid-alloy anodes; convection. The electric field beyond the salt balance
//! and the ohmic drop of a homogeneous electrolyte. Deposits that shorten the diffusion path. Bubbles that
//! shield the surface. The counter electrode is flat and never changes its shape, a cathode's own potential
//! is left out. Salt does not leave with the electrolyte that films consume. Pits in the foil of a symmetric
//! cell are not resolved: it is a store. Filaments do not bend, and those of a half-cycle are frozen when
//! stripping begins. The simple cubic lattice is anisotropic. Shapes below a few sites are its own: trees
//! grown far beyond the limiting current have branches one site thick, which stripping cuts anywhere.

pub mod app;
#[cfg(feature = "gui")]
pub mod capture;
pub mod cli;
pub mod electrochemistry;
pub mod export;
pub mod host;
pub mod lattice;
pub mod notation;
pub mod observables;
pub mod quantity;
#[cfg(feature = "gui")]
pub mod render;
pub mod scene;
pub mod simulation;
pub mod style;
pub mod table;
#[cfg(feature = "gui")]
pub mod ui;
pub mod units;
pub mod validation;
