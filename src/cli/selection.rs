//! Which scene, with which changes: the arguments that all runs share.

use super::CliError;
use super::short_forms::ShortForms;
use super::values::parse_until;
use crate::scene::{self, Scene, UntilSpec};
use clap::Args;

/// Changes to a scene.
#[derive(Args, Clone, Debug)]
pub struct Changes {
    /// When the run ends: charge, time or plated sites; replaces the limits of the scene
    ///
    /// Units: mAh/cm2, uAh/cm2, C/cm2, s, min, h, sites. A run also ends when metal reaches the top of the
    /// box.
    #[arg(long, value_name = "LIMIT", value_parser = parse_until, allow_hyphen_values = true)]
    pub until: Option<UntilSpec>,
    /// Another electrolyte: a name, or a recipe as chemists write it; short for --set electrolyte=TEXT
    ///
    /// For example diglyme, '4 M NaFSI in DME' or '1 M NaPF6 in EC/DEC/PC (4:4:2 v) + 5% FEC'.
    #[arg(long, value_name = "TEXT")]
    pub electrolyte: Option<String>,
    /// Replace a value of the scene; may be given several times
    ///
    /// Any field of a scene file by its path, for example --set current_density_ma_cm2=5, --set
    /// electrolyte=diglyme, --set lattice.sites=(64,64,96), or a parameter of the electrolyte or metal:
    /// --set electrolyte.film_initial_nm=10.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    #[command(flatten)]
    pub short_forms: ShortForms,
    /// Seed of all random numbers [default: the seed of the scene]
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
}

/// A scene ready to run.
pub struct Selection {
    /// The scene, changes applied and checked.
    pub scene: Scene,
    /// Its name, without folders and ending.
    pub name: String,
    /// Seed of all random numbers.
    pub seed: u64,
}

impl Changes {
    /// Loads a scene by name or path and applies the changes.
    pub fn apply_to(&self, name_or_path: &str) -> Result<Selection, CliError> {
        let electrolyte = self.electrolyte.iter().map(|text| format!("electrolyte={text}"));
        let settings: Vec<String> = electrolyte.chain(self.set.iter().cloned()).collect();
        let forms = self.short_forms.read()?;
        let mut spec = forms.apply_to(scene::load(name_or_path)?.with_settings(&settings)?.spec)?;
        if let Some(until) = &self.until {
            spec.until = Some(*until);
        }
        spec.seed = self.seed.unwrap_or(spec.seed);
        let place_of = |field: &str| match &self.until {
            Some(_) if field.starts_with("until") => Some("--until".into()),
            _ => forms.place_of(field),
        };
        let scene = Scene::resolve_naming(spec, place_of)?;
        let stem = std::path::Path::new(name_or_path).file_stem();
        let name = stem.map_or_else(|| name_or_path.into(), |stem| stem.to_string_lossy().into_owned());
        Ok(Selection { seed: scene.spec.seed, scene, name })
    }
}
