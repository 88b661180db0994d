//! From names to numbers: looks up electrolyte and metal or derives them, applies the overrides, checks the
//! sets.

use super::check;
use super::error::{Problem, choose_from};
use super::parameters::{Electrolyte, Metal, Model};
use super::sets::{PARAMETER_SETS, read_set, with_overrides};
use super::text::read_text;
use super::{Recipe, Scene, SceneError, SceneSpec, library};
use super::{coatings, embedded};
use crate::host::{FileFault, HostData};
use crate::notation::printable;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;

impl Scene {
    /// Checks `spec`, looks up its parameter sets and applies its overrides. Parameter files are relative to
    /// the working folder.
    ///
    /// # Errors
    /// The first thing that makes no sense, by the name of its field.
    pub fn resolve(spec: SceneSpec) -> Result<Self, SceneError> {
        check::check(&spec).map_err(Problem::without_text)?;
        resolve(spec, Problem::without_text)
    }
}

/// Resolves a checked `spec`; `place` turns a problem in the scene itself into an error.
pub(super) fn resolve(
    mut spec: SceneSpec,
    place: impl Fn(Problem) -> SceneError,
) -> Result<Scene, SceneError> {
    // Titles go to terminals, captions and lists.
    for text in [&mut spec.title, &mut spec.notice, &mut spec.reference] {
        *text = printable(text);
    }
    for key in spec.overrides.keys() {
        if !PARAMETER_SETS.iter().any(|set| key.starts_with(set)) {
            return Err(place(Problem::new(
                format!("overrides.{key}"),
                format!("the override `{key}` belongs to no parameter set"),
                "write it as \"electrolyte.<parameter>\", \"coating.<material>.<parameter>\", \"metal.<parameter>\", \"model.<parameter>\" or \"recipe.<part>.<parameter>\"",
            )));
        }
    }
    let (electrolyte, as_additive_goes) = electrolyte(&spec, &place)?;
    let coating = coatings::of_scene(&spec, &place)?;
    let metal: Metal = match library::metal_text(&spec.metal) {
        Some((file, text)) => read_set(text, file)?,
        None => {
            let known: Vec<&str> = library::metals().iter().map(|entry| entry.name).collect();
            from_file("metal", &spec.metal, &known, "", &place)?
        }
    };
    let metal = with_overrides("metal", &metal, &spec.overrides, &place)?;
    let (file, text) = embedded::MODEL;
    let model: Model = with_overrides("model", &read_set(text, file)?, &spec.overrides, &place)?;
    let melting_c = metal.melting_point_c.value;
    if spec.temperature_c >= melting_c {
        return Err(place(Problem::new(
            "temperature_c",
            format!("{} melts at {melting_c} °C; molten metal is not modelled", metal.title),
            format!("give a temperature below {melting_c} °C"),
        )));
    }
    let host_data = host_data(&spec).map_err(place)?;
    Ok(Scene { spec, electrolyte, as_additive_goes, coating, metal, model, host_data })
}

/// What the file of the host holds.
fn host_data(spec: &SceneSpec) -> Result<HostData, Problem> {
    if !spec.start.is_electrode() {
        return Ok(HostData::None);
    }
    let read = spec.host.read(&spec.lattice.frame());
    read.map_err(|FileFault { field, what, cure }| {
        Problem::new(format!("host.{}.{field}", spec.host.kind()), what, cure)
    })
}

/// Films that are told apart while an additive goes, after the first.
const ADDITIVE_LEVELS: u32 = 8;

/// The electrolyte that a name, a recipe or a parameter file stands for, and the same while its additive
/// goes.
fn electrolyte(
    spec: &SceneSpec,
    place: &impl Fn(Problem) -> SceneError,
) -> Result<(Electrolyte, Vec<Electrolyte>), SceneError> {
    let text = spec.electrolyte.trim();
    let named = library::named_recipe(text);
    // Names have no spaces and begin with a letter; so do salts with their solvent in one.
    let like_recipe = text.contains(char::is_whitespace)
        || text.starts_with(|sign: char| sign.is_ascii_digit())
        || Recipe::begins_with_solvate(text);
    if named.is_none() && (text.ends_with(".ron") || !like_recipe) {
        if let Some(key) = spec.overrides.keys().find(|key| key.starts_with("recipe.")) {
            return Err(place(Problem::new(
                format!("overrides.{key}"),
                format!("`{key}` is a number of the rules of recipes, and `{text}` is no recipe"),
                "replace a number of the electrolyte itself, \"electrolyte.<parameter>\", or write a recipe",
            )));
        }
        let known: Vec<&str> = library::electrolytes().iter().map(|entry| entry.name).collect();
        let set =
            from_file("electrolyte", text, &known, "a recipe such as `1 M NaPF6 in EC/DEC`, or ", place)?;
        return Ok((with_overrides("electrolyte", &set, &spec.overrides, place)?, Vec::new()));
    }
    let recipe = Recipe::parse(named.map_or(text, |(recipe, _)| recipe))
        .map_err(|fault| place(fault.into_problem("electrolyte", text)))?;
    recipe.check_temperature(spec.temperature_c).map_err(place)?;
    let rules = Recipe::rules(&spec.overrides).map_err(place)?;
    let mut fresh = recipe.electrolyte_by(&rules);
    if let Some((_, note)) = named {
        fresh.note = note.into();
    }
    let electrolyte = with_overrides("electrolyte", &fresh, &spec.overrides, place)?;
    let (of_rule, first) = (fresh.additive_share.value, electrolyte.additive_share.value);
    if electrolyte.additive_mol_l.value == 0.0 || of_rule == 0.0 || first == 0.0 {
        return Ok((electrolyte, Vec::new()));
    }
    let before = fresh.parameters();
    let level = |level: u32| {
        let left = 1.0 - f64::from(level) / f64::from(ADDITIVE_LEVELS);
        // The concentration over the first one at which the additive makes so much of the film: its share is
        // c/(c + c_½).
        let share = left * of_rule;
        let concentration = share / (1.0 - share) * (1.0 - of_rule) / of_rule;
        let set = recipe.with_film_formers_left(concentration).electrolyte_by(&rules);
        let now = set.parameters();
        let moved = |(key, value): (&String, &f64)| {
            let name = key.strip_prefix("electrolyte.")?;
            let (before, now) = (before.get(name)?, now.get(name)?);
            let moves = name != "additive_mol_l" && before.value != now.value;
            let value = if moves { between(*value, before.value, now.value, left) } else { *value };
            (name != "additive_mol_l").then(|| (key.clone(), value.clamp(now.range.0, now.range.1)))
        };
        let mut overrides: BTreeMap<String, f64> = spec.overrides.iter().filter_map(moved).collect();
        overrides.insert("electrolyte.additive_share".into(), left * first);
        with_overrides("electrolyte", &set, &overrides, place)
    };
    let levels: Result<Vec<Electrolyte>, SceneError> = (1..=ADDITIVE_LEVELS).map(level).collect();
    Ok((electrolyte, levels?))
}

/// What has been set to `value` instead of `before`, on its way to `now`; `left` of the way lies ahead. Along
/// the logarithm where there is one, as films mix.
fn between(value: f64, before: f64, now: f64, left: f64) -> f64 {
    if value > 0.0 && before > 0.0 && now > 0.0 {
        now * libm::pow(value / before, left)
    } else {
        now + (value - before) * left
    }
}

/// Reads the parameter file `name`; what does not end in .ron is none of the `known` names. `or` says what
/// else it could have been.
fn from_file<T: Serialize + DeserializeOwned>(
    kind: &str,
    name: &str,
    known: &[&str],
    or: &str,
    place: &impl Fn(Problem) -> SceneError,
) -> Result<T, SceneError> {
    if !name.ends_with(".ron") {
        let cure = format!("{}; or {or}a parameter file ending in .ron", choose_from(name, known));
        return Err(place(Problem::new(kind, format!("unknown {kind} `{name}`"), cure)));
    }
    match read_text(Path::new(name)) {
        Ok(text) => read_set(&text, name),
        Err(SceneError::Unreadable { path, reason, cure }) => {
            Err(place(Problem::new(kind, format!("the file `{path}` cannot be read ({reason})"), cure)))
        }
        Err(other) => Err(other),
    }
}
