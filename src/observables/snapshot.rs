//! What a viewer is told: a copy of everything that changed since it last asked.
//!
//! Does: carry plain data from the simulation's thread to a picture.
//! Does not: refer back to the simulation, so a view can never write into it.

use super::{Cycle, Ending, Event, Failure, Metrics, PresentStep};
use crate::lattice::{GrowthMode, SiteKind};

/// Sites along one edge of a brick.
pub use crate::lattice::BRICK_EDGE;

/// Everything that changed since the last snapshot of the same run.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Grows by one whenever a run is (re)started: a viewer then forgets all it had.
    pub generation: u64,
    /// Sites along x, y, z (each a multiple of [`BRICK_EDGE`]); x and y are periodic, z = 0 lies on the
    /// collector.
    pub sites: [usize; 3],
    /// Lattice edge, m.
    pub edge_m: f64,
    /// Bricks whose sites changed, sorted by index.
    pub bricks: Vec<BrickView>,
    /// All SEI patches, in order of their number; empty when none changed.
    pub patches: Vec<PatchView>,
    /// Na⁺ ions to draw, in lattice units (site centres lie at half-integers).
    pub ions: Vec<[f32; 3]>,
    /// Salt profile: (distance from the electrode in µm, concentration in mol/L), electrode first.
    pub salt_profile: Vec<[f32; 2]>,
    /// Figures of this moment.
    pub metrics: Metrics,
    /// Moments since the last snapshot, as [`Metrics::course`] tells them; filled by the thread that runs the
    /// simulation.
    pub course: Vec<Metrics>,
    /// All events of the run so far.
    pub events: Vec<Event>,
    /// All complete cycles.
    pub cycles: Vec<Cycle>,
    /// The step of the protocol that is on; `None` without a protocol and after its end.
    pub present_step: Option<PresentStep>,
    /// Why the cell has failed, if it has.
    pub failure: Option<Failure>,
    /// Why the run has ended; `None` while it goes on.
    pub ending: Option<Ending>,
}

/// Copy of one brick of [`BRICK_EDGE`]³ sites.
#[derive(Clone, Debug)]
pub struct BrickView {
    /// Brick coordinates; the brick's first site is at these times [`BRICK_EDGE`].
    pub brick: [usize; 3],
    /// Sites with x fastest: index = x + [`BRICK_EDGE`]·(y + [`BRICK_EDGE`]·z).
    pub sites: Box<[SiteView]>,
}

/// One site as a viewer sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SiteView {
    /// Kind of matter.
    pub kind: SiteKind,
    /// How the metal came here.
    pub mode: GrowthMode,
    /// Number of the SEI patch that covers it ([`u16::MAX`]: none).
    pub patch: u16,
    /// Areal capacity that had been plated when this metal was reduced, mAh cm⁻².
    pub birth_mah_cm2: f32,
    /// Thickness of its film, nm.
    pub film_nm: f32,
    /// True where a layer of a coating is whole over it.
    pub coated: bool,
}

/// Condition of an SEI patch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PatchState {
    /// Unbroken film.
    #[default]
    Whole,
    /// Broken, not yet extruding.
    Cracked,
    /// Root of a growing filament.
    Root,
}

/// One SEI patch as a viewer sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PatchView {
    /// Centre in lattice units.
    pub centre: [f32; 3],
    /// Condition.
    pub state: PatchState,
    /// Elastic strain over fracture strain, 0…1 and above.
    pub strain_ratio: f32,
    /// Conductivity of the film relative to the mean of all patches.
    pub conductivity_ratio: f32,
    /// Crack or root position in lattice units, where there is one.
    pub crack: Option<[f32; 3]>,
    /// True where a layer of a coating is whole.
    pub coated: bool,
    /// True where a layer of a coating is broken.
    pub breached: bool,
}
