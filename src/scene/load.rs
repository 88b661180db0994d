//! From a path, a library name or a text to a scene.
//!
//! Does: find the file, have it read and checked. A bad file never half-loads.
//! Does not: parse (`text`), decide what makes sense (`check`) or look parameter sets up (`resolve`).

use super::error::{choose_from, nearest};
use super::sentences::in_scene;
use super::text::{at_line, parse_ron, read_text};
use super::{Scene, SceneError, SceneSpec, check, library};
use std::path::Path;

/// The scene in a file, or of that name in the library ([`super::library()`]). Files come first.
///
/// ```
/// let scene = natrarium::scene::load("carbonate_moss")?;
/// assert_eq!(scene.spec.current_density_ma_cm2, 1.0);
/// assert!(natrarium::scene::load("no_such_scene").is_err());
/// # Ok::<(), natrarium::scene::SceneError>(())
/// ```
///
/// # Errors
/// Everything that can be wrong with a scene, with place and cure.
pub fn load(path_or_name: &str) -> Result<Scene, SceneError> {
    let path = Path::new(path_or_name);
    let plain = path_or_name.strip_prefix("./").unwrap_or(path_or_name);
    // A folder does not hide a scene: `natrarium run nanowires --out nanowires` must also work the second
    // time.
    let from_library = library::scene_text(plain).filter(|_| !path.is_file());
    match from_library {
        Some((file, text)) => parse_in(text, file, None),
        None if path.exists() => parse_in(&read_text(path)?, path_or_name, path.parent()),
        None => {
            let names: Vec<&str> = library::scene_names().collect();
            let word = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or(path_or_name);
            let near = nearest(word, names.iter().copied());
            let cure = choose_from(word, if near.is_empty() { &names } else { &near });
            Err(SceneError::NotFound {
                name: path_or_name.into(),
                cure: format!("{cure}; `natrarium scenes` lists the library"),
            })
        }
    }
}

/// The scene written in `text`. `file_label` names the text in messages.
///
/// # Errors
/// Everything that can be wrong with a scene, with place and cure.
pub fn parse(text: &str, file_label: &str) -> Result<Scene, SceneError> {
    parse_in(text, file_label, None)
}

/// A value from a RON file, with errors that name file, line and cure.
///
/// # Errors
/// A file that cannot be read or does not fit the type.
pub(crate) fn read_ron<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, SceneError> {
    parse_ron(&read_text(path)?, &path.display().to_string())
}

/// [`parse`], with parameter files (`electrolyte: "mine.ron"`) and the file of the host looked for in
/// `folder`.
fn parse_in(text: &str, file: &str, folder: Option<&Path>) -> Result<Scene, SceneError> {
    let spec = match parse_ron(text, file) {
        // A protocol may be in sentences.
        Err(error) => match in_scene(text, file) {
            Some(rewritten) => parse_ron(&rewritten?, file),
            None => Err(error),
        },
        good => good,
    };
    let mut spec: SceneSpec = spec?;
    if let Some(folder) = folder {
        let layers = spec.coating.iter_mut().map(|layer| &mut layer.material);
        for name in [&mut spec.electrolyte, &mut spec.metal].into_iter().chain(layers) {
            // From here on the name means the same file wherever the scene goes.
            if name.ends_with(".ron") {
                *name = folder.join(&*name).to_string_lossy().into_owned();
            }
        }
        if let Some(file) = spec.host.file().filter(|file| !file.is_empty()) {
            *file = folder.join(&*file).to_string_lossy().into_owned();
        }
    }
    check::check(&spec)
        .map_err(|problem| at_line(problem, text, file))
        .and_then(|()| super::resolve(spec, |problem| at_line(problem, text, file)))
}
