//! What panels are told and what they ask for.

use super::History;
use crate::observables::{Cycle, Ending, Event, Failure, Metrics, PresentStep};
use crate::scene::{self, Coating, DEFAULT_SCENE, Electrolyte, LibraryEntry, Scene, SceneSpec};

/// Something a user asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Run.
    Play,
    /// Go on beyond the limit that the run has reached, as far again.
    Continue,
    /// Bring back the run that the last restart or opening discarded.
    Undo,
    /// Stop running.
    Pause,
    /// Pause and run one step.
    Step,
    /// Simulated seconds per real second; `None` is as fast as possible.
    Speed(Option<f64>),
    /// Start the present scene again, with what the panels show now.
    Restart {
        /// Draw another seed instead of keeping the present one.
        new_seed: bool,
    },
    /// Open another scene: a name in the library or the path of a file.
    Open(String),
    /// Change the applied current density at once; in a protocol until its present step ends.
    CurrentDensity {
        /// New value, mA cm⁻², finite: above 0 plates, below 0 strips, 0 rests.
        ma_cm2: f64,
    },
    /// Fly the camera to a place, in lattice units.
    LookAt([f32; 3]),
    /// The message has been read.
    DismissMessage,
}

/// What one can choose from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// Scenes.
    pub scenes: Vec<LibraryEntry>,
    /// Electrolytes by the name that scenes use.
    pub electrolytes: Vec<(String, Electrolyte)>,
    /// Coatings by the name that scenes use, those of the user first.
    pub coatings: Vec<(String, Coating)>,
}

impl Library {
    /// What comes with the program.
    pub fn embedded() -> Self {
        // The sets and scenes inside the program are checked by its tests, so nothing is left out here.
        let plain = scene::load(DEFAULT_SCENE).map(|scene| scene.spec).ok();
        let electrolyte = |name: &'static str| {
            let spec =
                SceneSpec { electrolyte: name.into(), overrides: Default::default(), ..plain.clone()? };
            Some((name.to_owned(), Scene::resolve(spec).ok()?.electrolyte))
        };
        Self {
            scenes: scene::library().to_vec(),
            coatings: scene::coatings()
                .into_iter()
                .filter_map(|entry| Some((entry.name, entry.coating.ok()?)))
                .collect(),
            electrolytes: scene::electrolytes().iter().filter_map(|entry| electrolyte(entry.name)).collect(),
        }
    }
}

/// Where the run stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunStatus {
    /// Seed of the run.
    pub seed: u64,
    /// True while steps are run.
    pub playing: bool,
    /// True when the scene's limit is reached.
    pub finished: bool,
    /// Why the run has ended; `None` while it goes on.
    pub ending: Option<Ending>,
    /// True while a discarded run can be brought back.
    pub can_undo: bool,
    /// Simulated seconds per real second, measured.
    pub pace: f64,
    /// Simulated seconds per real second, asked for; `None` is as fast as possible.
    pub speed: Option<f64>,
    /// Something the user must read.
    pub message: Option<String>,
}

/// Everything the panels show.
pub struct Facts<'a> {
    /// What one can choose from.
    pub library: &'a Library,
    /// The scene as it was opened, before any panel changed it.
    pub opened: &'a SceneSpec,
    /// The scene as it runs.
    pub running: &'a Scene,
    /// Where the run stands.
    pub status: &'a RunStatus,
    /// The latest figures.
    pub metrics: &'a Metrics,
    /// The figures so far.
    pub history: &'a History,
    /// Events so far, oldest first.
    pub events: &'a [Event],
    /// Complete cycles, oldest first.
    pub cycles: &'a [Cycle],
    /// The step of the protocol that is on.
    pub present_step: Option<PresentStep>,
    /// Why the cell has died, if it has.
    pub failure: Option<Failure>,
}
