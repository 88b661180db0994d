//! Parameter sets as values: read, checked, listed, and with single numbers replaced.
//!
//! Does not: know which set a scene names (`resolve`).

use super::SceneError;
use super::check::range::within;
use super::error::{Problem, choose_from};
use super::parameters::{Coating, Electrolyte, Metal, Model, Parameter};
use super::text::{at_line, parse_ron};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Beginnings of the paths of numbers that a scene can replace: of the electrolyte as it is, of a coating, of
/// the metal, of the model, and of the rules by which recipes become electrolytes.
pub(super) const PARAMETER_SETS: [&str; 5] = ["electrolyte.", "coating.", "metal.", "model.", "recipe."];

/// A parameter set from its text, every number checked.
pub(super) fn read_set<T: Serialize + DeserializeOwned>(text: &str, file: &str) -> Result<T, SceneError> {
    let set: T = parse_ron(text, file)?;
    let in_file = |problem| at_line(problem, text, file);
    // JSON has no NaN and no infinity: they show as null.
    if let Some(field) = not_finite(&to_json(&set)) {
        let what = format!("`{field}` is not a finite number");
        return Err(in_file(Problem::new(field, what, "give finite numbers")));
    }
    for (field, parameter) in &parameters_of(&set) {
        check_parameter(field, parameter).map_err(in_file)?;
    }
    Ok(set)
}

/// The set with the overrides that begin with `kind`.
pub(super) fn with_overrides<T: Serialize + DeserializeOwned>(
    kind: &str,
    set: &T,
    overrides: &BTreeMap<String, f64>,
    place: &impl Fn(Problem) -> SceneError,
) -> Result<T, SceneError> {
    let mut parameters = parameters_of(set);
    let mine = overrides.iter().filter_map(|(key, value)| {
        key.strip_prefix(kind).and_then(|rest| rest.strip_prefix('.')).map(|field| (key, field, *value))
    });
    for (key, field, value) in mine {
        let path = format!("overrides.{key}");
        let Some(parameter) = parameters.get_mut(field) else {
            let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
            return Err(place(Problem::new(
                path,
                format!("the {kind} has no parameter `{field}`"),
                choose_from(field, &names),
            )));
        };
        let (low, high) = parameter.range;
        within(key, value, low, high, &parameter.unit)
            .map_err(|problem| place(Problem { field: path, ..problem }))?;
        parameter.value = value;
    }
    Ok(with_parameters(set, parameters))
}

/// Dotted path of the first number in a set that is NaN or infinite.
fn not_finite(set: &serde_json::Value) -> Option<String> {
    set.as_object()?.iter().find_map(|(name, parameter)| {
        let bad = |key: &str| match parameter.get(key)? {
            serde_json::Value::Null => Some(format!("{name}.{key}")),
            serde_json::Value::Array(ends) => {
                ends.iter().any(|end| end.is_null()).then(|| format!("{name}.{key}"))
            }
            _ => None,
        };
        bad("value").or_else(|| bad("range"))
    })
}

/// A parameter's own numbers are sensible.
fn check_parameter(field: &str, parameter: &Parameter) -> Result<(), Problem> {
    let (low, high) = parameter.range;
    if !(low.is_finite() && high.is_finite() && low <= high) {
        return Err(Problem::new(
            format!("{field}.range"),
            format!("the range of `{field}` is {low} to {high}"),
            "give two finite numbers, the smaller one first",
        ));
    }
    within(field, parameter.value, low, high, &parameter.unit)
        .map_err(|problem| Problem { field: format!("{field}.value"), ..problem })
}

impl Electrolyte {
    /// All numbers by the name of their field, for lists and for the heads of tables.
    pub fn parameters(&self) -> BTreeMap<String, Parameter> {
        parameters_of(self)
    }
}

impl Coating {
    /// All numbers by the name of their field, for lists and for the heads of tables.
    pub fn parameters(&self) -> BTreeMap<String, Parameter> {
        parameters_of(self)
    }
}

impl Metal {
    /// All numbers by the name of their field, for lists and for the heads of tables.
    pub fn parameters(&self) -> BTreeMap<String, Parameter> {
        parameters_of(self)
    }
}

impl Model {
    /// All numbers by the name of their field, for lists and for the heads of tables.
    pub fn parameters(&self) -> BTreeMap<String, Parameter> {
        parameters_of(self)
    }
}

/// All numbers of a parameter set by the name of their field.
fn parameters_of<T: Serialize>(set: &T) -> BTreeMap<String, Parameter> {
    let serde_json::Value::Object(fields) = to_json(set) else {
        return BTreeMap::new();
    };
    fields
        .into_iter()
        .filter_map(|(name, value)| serde_json::from_value(value).ok().map(|parameter| (name, parameter)))
        .collect()
}

/// The same set with these numbers in place of its own.
fn with_parameters<T: Serialize + DeserializeOwned>(set: &T, parameters: BTreeMap<String, Parameter>) -> T {
    let mut json = to_json(set);
    for (name, parameter) in parameters {
        json[name] = to_json(&parameter);
    }
    serde_json::from_value(json).expect("the value was made from the same type and holds finite numbers only")
}

fn to_json<T: Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).expect("parameter sets are structs of texts and numbers, which JSON can hold")
}
