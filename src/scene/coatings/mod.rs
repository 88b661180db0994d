//! Coatings: layers that are on the electrode before the cell is built.
//!
//! Does: list those that come with the program and those in folders of the user, find one by any of its usual
//! names, read a stack such as `Sn 100 nm + PVDF 2 µm`, check a scene's layers.
//! Does not: know what a coating does (`simulation::films`).

use super::error::{Problem, nearest};
use super::parameters::{Coating, Model};
use super::sets::{read_set, with_overrides};
use super::text::read_text;
use super::{LayerSpec, SceneError, SceneSpec, check::range::within, embedded};
use crate::electrochemistry::sei_laws::flow_stress;
use crate::notation::{Measure, measure, plain};
use crate::units::a_m2_from_ma_cm2;
use std::path::{Path, PathBuf};
use std::sync::{OnceLock, RwLock};

/// Beginning of the paths of their numbers.
const SET: &str = "coating.";
/// Layers that a stack may have.
pub const MOST_LAYERS: usize = 3;

/// A coating of the library: where it stands, and what it says or why it cannot be used.
#[derive(Debug)]
pub struct CoatingEntry {
    /// File name without folder and ending; the name that scenes use.
    pub name: String,
    /// The file, or its path below the project's root where it is part of the program.
    pub place: String,
    /// True for those that come with the program.
    pub built_in: bool,
    /// The coating, or its fault.
    pub coating: Result<Coating, SceneError>,
}

impl CoatingEntry {
    fn is_called(&self, word: &str) -> bool {
        let own = self.coating.iter().flat_map(|coating| coating.aliases.iter().chain([&coating.title]));
        own.chain([&self.name]).any(|name| simple(name) == word)
    }
}

/// A name as it is compared: signs in their plain form, small letters, no spaces, dashes or underscores.
fn simple(name: &str) -> String {
    let kept = |sign: &char| !(sign.is_whitespace() || ['-', '_', '·'].contains(sign));
    name.chars().filter_map(plain).filter(kept).flat_map(char::to_lowercase).collect()
}

impl Coating {
    /// Resistance of the layer at 25 °C, Ω cm².
    pub fn ohm_cm2(&self) -> f64 {
        // 1 nm is 10⁻⁷ cm.
        1e-7 * self.thickness_nm.value / self.conductivity_s_cm.value
    }

    /// Load per width, N m⁻¹, at which the layer breaks where it is clamped all around: 4 E ε d.
    pub fn bears_n_m(&self) -> f64 {
        // GPa times nm is N/m.
        4.0 * self.modulus_gpa.value * self.fracture_strain.value * self.thickness_nm.value
    }
}

impl Model {
    /// Share of the patches of this size, µm, on which layers break at once at a current density, mA cm⁻²:
    /// the Weibull distribution of their strength at the flow stress of the metal.
    ///
    /// ```
    /// let scene = natrarium::scene::load("graphene_layers")?;
    /// let chance = |ma_cm2| scene.model.breach_chance(&scene.coating, 3.0, ma_cm2);
    /// assert!(chance(0.1) < chance(2.0) && chance(2.0) < chance(1e4) && chance(1e9) > 0.999);
    /// assert_eq!(scene.model.breach_chance(&[], 3.0, 1.0), 0.0);
    /// # Ok::<(), natrarium::scene::SceneError>(())
    /// ```
    pub fn breach_chance(&self, layers: &[Coating], patch_um: f64, current_density_ma_cm2: f64) -> f64 {
        let bears_mpa = layers.iter().map(Coating::bears_n_m).sum::<f64>() / patch_um;
        if bears_mpa == 0.0 {
            return 0.0;
        }
        let (reference, exponent) = (self.flow_stress_mpa.value, self.flow_stress_current_exponent.value);
        let stress_mpa = flow_stress(reference, exponent, a_m2_from_ma_cm2(current_density_ma_cm2));
        let load = stress_mpa / bears_mpa;
        -libm::expm1(-libm::pow(load, self.weibull_modulus.value))
    }
}

/// Folders with materials of the user.
static FOLDERS: RwLock<Vec<PathBuf>> = RwLock::new(Vec::new());

/// Adds a folder in which a subfolder `coatings` holds parameter files. The latest one is searched first, and
/// before what comes with the program. A folder that is not there holds nothing.
pub fn add_library(folder: &Path) {
    let mut folders = FOLDERS.write().unwrap_or_else(|poisoned| poisoned.into_inner());
    if !folders.iter().any(|known| known == folder) {
        folders.insert(0, folder.to_owned());
    }
}

/// All coatings: those of the user first, then those that come with the program, each by name.
///
/// Files of the user are read anew each time.
pub fn coatings() -> Vec<CoatingEntry> {
    let folders = FOLDERS.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
    let own = folders.iter().flat_map(|folder| files_in(&folder.join("coatings")));
    let own = own.map(|path| CoatingEntry {
        name: stem(&path.to_string_lossy()),
        place: path.display().to_string(),
        built_in: false,
        coating: read_text(&path).and_then(|text| read_set(&text, &path.display().to_string())),
    });
    own.chain(built_in().iter().map(|(place, coating)| CoatingEntry {
        name: stem(place),
        place: (*place).into(),
        built_in: true,
        coating: Ok(coating.clone()),
    }))
    .collect()
}

/// Those that come with the program, by name.
fn built_in() -> &'static [(&'static str, Coating)] {
    static READ: OnceLock<Vec<(&str, Coating)>> = OnceLock::new();
    READ.get_or_init(|| {
        let read = |(place, text): &(&'static str, &str)| {
            (*place, read_set(text, place).expect("the test `scene_errors` reads each"))
        };
        embedded::COATINGS.iter().map(read).collect()
    })
}

/// Parameter files in a folder, by name; none where it cannot be read.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "ron"));
    paths.sort();
    paths
}

fn stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".ron").unwrap_or(name).into()
}

/// Layers from the metal outwards, written as `NaBr 1 µm`, or `Sn 100 nm + PVDF 2 µm`; empty for `none`.
///
/// ```
/// let layers = natrarium::scene::stack("Sn 0.1 µm + PVDF").unwrap();
/// assert_eq!((layers[0].material.as_str(), layers[0].thickness_nm), ("Sn", Some(100.0)));
/// assert_eq!((layers[1].material.as_str(), layers[1].thickness_nm), ("PVDF", None));
/// ```
///
/// # Errors
/// What is missing.
pub fn stack(words: &str) -> Result<Vec<LayerSpec>, String> {
    if words.trim().eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    words.split(" + ").map(layer).collect()
}

fn layer(words: &str) -> Result<LayerSpec, String> {
    let words = words.trim();
    let starts = words.char_indices().skip(1).filter(|(_, sign)| sign.is_whitespace());
    let thickness = starts.filter_map(|(at, _)| match measure(&words[at..]) {
        Ok(Measure::Length(nm)) => Some((at, nm)),
        _ => None,
    });
    let found = thickness.last();
    let material = found.map_or(words, |(at, _)| words[..at].trim());
    if material.is_empty() || measure(material).is_ok() {
        return Err("a layer has no material; write a layer as `NaBr 100 nm`, several as `Sn + PVDF`".into());
    }
    Ok(LayerSpec { material: material.into(), thickness_nm: found.map(|(_, nm)| nm) })
}

/// The coating of a scene, its numbers checked.
pub(super) fn of_scene(
    spec: &SceneSpec,
    place: &impl Fn(Problem) -> SceneError,
) -> Result<Vec<Coating>, SceneError> {
    if spec.coating.len() > MOST_LAYERS {
        return Err(place(Problem::new(
            "coating",
            format!("the coating has {} layers", spec.coating.len()),
            format!("give {MOST_LAYERS} at most"),
        )));
    }
    for key in spec.overrides.keys().filter(|key| key.starts_with(SET)) {
        let of_layer = |layer: &LayerSpec| {
            let rest = key[SET.len()..].strip_prefix(&layer.material);
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        if !spec.coating.iter().any(of_layer) {
            return Err(place(Problem::new(
                format!("overrides.{key}"),
                format!("`{key}` belongs to no layer of the coating"),
                "write it as \"coating.<material>.<parameter>\", with the material as it stands in `coating`",
            )));
        }
    }
    let layers = spec.coating.iter().enumerate();
    layers.map(|(number, layer)| resolve(number, layer, spec, place)).collect()
}

fn resolve(
    number: usize,
    layer: &LayerSpec,
    spec: &SceneSpec,
    place: &impl Fn(Problem) -> SceneError,
) -> Result<Coating, SceneError> {
    let fresh = named(&layer.material, number, place)?;
    let kind = format!("{SET}{}", layer.material);
    let mut coating = with_overrides(&kind, &fresh, &spec.overrides, place)?;
    let (low, high) = coating.thickness_nm.range;
    if let Some(thickness_nm) = layer.thickness_nm {
        let field = format!("coating[{number}].thickness_nm");
        within(&field, thickness_nm, low, high, "nm").map_err(place)?;
        coating.thickness_nm.value = thickness_nm;
        coating.thickness_nm.source = "scene".into();
    }
    if coating.thickness_nm.value >= 1e3 * spec.electrode_gap_um {
        return Err(place(Problem::new(
            format!("coating[{number}].thickness_nm"),
            format!(
                "the layer of {} is {} nm thick, the electrodes are only {} µm apart",
                coating.title, coating.thickness_nm.value, spec.electrode_gap_um
            ),
            "take a thinner layer or a wider `electrode_gap_um`",
        )));
    }
    Ok(coating)
}

/// The coating of this name, or in this file.
fn named(name: &str, number: usize, place: &impl Fn(Problem) -> SceneError) -> Result<Coating, SceneError> {
    let problem =
        |what: String, cure: String| place(Problem::new(format!("coating[{number}].material"), what, cure));
    if name.ends_with(".ron") {
        return match read_text(Path::new(name)) {
            Ok(text) => read_set(&text, name),
            Err(SceneError::Unreadable { path, reason, cure }) => {
                Err(problem(format!("the file `{path}` cannot be read ({reason})"), cure))
            }
            Err(other) => Err(other),
        };
    }
    let word = simple(name);
    let entries = coatings();
    let names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    if let Some(entry) = entries.into_iter().find(|entry| entry.is_called(&word)) {
        return entry.coating;
    }
    let near = nearest(name, names.iter().map(String::as_str));
    let near = near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let meant = if near.is_empty() { String::new() } else { format!("did you mean {near}? ") };
    Err(problem(
        format!("unknown coating `{name}`"),
        format!("{meant}`natrarium materials` lists them; or name a parameter file ending in .ron"),
    ))
}

#[cfg(test)]
mod tests;
