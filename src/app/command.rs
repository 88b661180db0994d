//! What a viewer can ask of the simulation's thread, and what that tells of itself.
//!
//! Does: name both.
//! Does not: run anything; that is [`Session`](super::Session).

use crate::scene::Scene;
use crate::simulation::Control;

/// What a viewer can ask of the thread.
#[derive(Clone, Debug)]
pub enum Command {
    /// Build this scene with this seed in place of the present run.
    Open {
        /// Resolved and validated scene.
        scene: Box<Scene>,
        /// Seed of all random numbers.
        seed: u64,
        /// Put the present run aside; the one that was aside before is forgotten.
        keep: bool,
    },
    /// The run that was put aside and the present one change places.
    Undo,
    /// Run until paused or finished.
    Play,
    /// Stop after the step that is being computed.
    Pause,
    /// Pause and run this many steps.
    Step(u64),
    /// Simulated seconds per real second, above zero; `None` is as fast as possible.
    Speed(Option<f64>),
    /// Change an operating condition before the next step.
    Control(Control),
}

/// Where the run stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// Grows by one with every [`Command::Open`] and [`Command::Undo`].
    pub generation: u64,
    /// Seed of the present run.
    pub seed: u64,
    /// True while steps are being run.
    pub playing: bool,
    /// True when the scene's limit, or the top of the box, is reached.
    pub finished: bool,
    /// True while a run that was replaced is kept.
    pub can_undo: bool,
    /// Simulated seconds per real second, measured; zero while paused.
    pub pace: f64,
    /// Why there is no run, or why it stopped.
    pub failure: Option<String>,
}
