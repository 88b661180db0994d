//! `--set path=value`: one field of a scene replaced from the command line.
//!
//! Does: follow a dotted path through the scene as it would be written to JSON, with shortcuts for hosts
//! (`host=PorousFoam`, `host.PorousFoam.pore_um=20`), cells (`cell=Symmetric`) and parameters
//! (`electrolyte.film_spread=0.5`).
//! Does not: half-apply: either all settings hold and the scene is valid, or there is an error that names the
//! argument.

use super::error::{Problem, choose_from};
use super::sets::PARAMETER_SETS;
use super::{
    CellSpec, HostSpec, LayerSpec, Scene, SceneError, SceneSpec, StartSpec, check, coatings, resolve, text,
};
use crate::notation;
use serde_json::Value;

impl Scene {
    /// This scene with settings such as `current_density_ma_cm2=5` applied in order.
    ///
    /// # Errors
    /// Names the argument, what is wrong with it, and what exists at that path.
    pub fn with_settings(&self, settings: &[String]) -> Result<Self, SceneError> {
        let mut spec = self.spec.clone();
        for setting in settings {
            spec = apply(&spec, setting).map_err(|(what, cure)| SceneError::Setting {
                argument: setting.clone(),
                what,
                cure,
            })?;
        }
        let place = |problem: Problem| blame(problem, settings);
        check::check(&spec).map_err(place)?;
        resolve(spec, place)
    }
}

/// The setting that made the scene invalid, if one of them names the offending field.
fn blame(problem: Problem, settings: &[String]) -> SceneError {
    let field = problem.field.strip_prefix("overrides.").unwrap_or(&problem.field);
    let path_of = |setting: &'_ String| {
        let path = setting.split('=').next().unwrap_or_default().trim();
        path.strip_prefix("overrides.").unwrap_or(path).to_string()
    };
    let parent = |longer: &str, shorter: &str| {
        longer.strip_prefix(shorter).is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    // `electrolyte.film_spread` is not to blame for a wrong `electrolyte`.
    let last = |is: &dyn Fn(&str) -> bool| settings.iter().rev().find(|setting| is(&path_of(setting)));
    let guilty =
        last(&|path| path == field).or_else(|| last(&|path| parent(field, path) || parent(path, field)));
    // The scene was sound before: with one setting, it is that one.
    let sole = if let [sole] = settings { Some(sole) } else { None };
    match guilty.or(sole) {
        Some(argument) => {
            SceneError::Setting { argument: argument.clone(), what: problem.what, cure: problem.cure }
        }
        None => problem.without_text(),
    }
}

/// Applies one setting; an error is what is wrong and the cure.
fn apply(spec: &SceneSpec, setting: &str) -> Result<SceneSpec, (String, String)> {
    let Some((path, text)) = setting.split_once('=') else {
        return Err((
            "there is no `=`".into(),
            "write it as path=value, for example current_density_ma_cm2=5".into(),
        ));
    };
    let (path, text) = (path.trim(), text.trim());
    let mut json = serde_json::to_value(spec)
        .map_err(|error| (format!("the scene cannot be changed ({error})"), "check its numbers".into()))?;
    for kind in PARAMETER_SETS {
        if path.starts_with(kind) {
            json["overrides"][path] = number(text)?;
            return from_json(json);
        }
    }
    if let Some(key) = path.strip_prefix("overrides.") {
        json["overrides"][key] = number(text)?;
        return from_json(json);
    }
    if let Some((part, rest)) = path.split_once('.') {
        // Naming a field of another host or cell changes to that, with usual values for the rest.
        let kind = rest.split('.').next().unwrap_or_default();
        if let Some(usual) = usual_kind(part, kind)
            && json[part].get(kind).is_none()
        {
            json[part] = usual;
        }
    }
    if path.starts_with("until.") && json["until"].is_null() {
        json["until"] = serde_json::to_value(spec.limits()).unwrap_or_default();
    }
    if path == "coating" && !text.starts_with('[') {
        let wrong = |what| (what, "or give a list, [(material: \"nabr\", thickness_nm: 1000)]".to_string());
        let layers = coatings::stack(text).map_err(wrong)?;
        json[path] = serde_json::to_value(layers).unwrap_or_default();
        return from_json(json);
    }
    let target = descend(&mut json, path)?;
    *target = match in_ron(path, text) {
        Some(value) => value,
        None => value_like(target, text)?,
    };
    if let Some(kinds) = kinds(path)
        && let Value::String(kind) = &json[path]
    {
        json[path] = usual_kind(path, kind)
            .ok_or_else(|| (format!("unknown {path} `{kind}`"), choose_from(kind, &kinds)))?;
    }
    from_json(json)
}

/// A cell or host as a scene file gives it, `Symmetric()` or `Planar(roughness_um: 1)`.
fn in_ron(path: &str, text: &str) -> Option<Value> {
    if !text.ends_with([')', ']']) {
        return None;
    }
    match path {
        "start" => serde_json::to_value(text::parse_ron::<StartSpec>(text, path).ok()?).ok(),
        "coating" => serde_json::to_value(text::parse_ron::<Vec<LayerSpec>>(text, path).ok()?).ok(),
        "cell" => serde_json::to_value(text::parse_ron::<CellSpec>(text, path).ok()?).ok(),
        "host" => serde_json::to_value(text::parse_ron::<HostSpec>(text, path).ok()?).ok(),
        _ => None,
    }
}

/// The field at a dotted path.
fn descend<'a>(json: &'a mut Value, path: &str) -> Result<&'a mut Value, (String, String)> {
    let mut at = json;
    let mut walked = String::new();
    for segment in path.split('.') {
        let place = if walked.is_empty() { "the scene".to_string() } else { format!("`{walked}`") };
        let Value::Object(fields) = at else {
            return Err((format!("{place} has no fields"), format!("set {place} itself")));
        };
        if !fields.contains_key(segment) {
            let names: Vec<&str> = fields.keys().map(String::as_str).collect();
            return Err((format!("{place} has no field `{segment}`"), choose_from(segment, &names)));
        }
        at = &mut fields[segment];
        if !walked.is_empty() {
            walked.push('.');
        }
        walked.push_str(segment);
    }
    Ok(at)
}

/// Reads `text` as what stands there now: a number for a number, a list for a list, nothing for `null`, else
/// JSON, else the plain text.
fn value_like(present: &Value, text: &str) -> Result<Value, (String, String)> {
    match present {
        // Takes an optional value away; what must be there says so.
        Value::Number(_) | Value::Array(_) if text == "null" => Ok(Value::Null),
        Value::Number(_) => number(text).map(whole),
        Value::Null if let Ok(value) = number(text) => Ok(whole(value)),
        Value::Array(_) => {
            // As in a scene file, `(64, 64, 96)`, or in JSON, or without brackets.
            let inside = text.trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
            Ok(serde_json::from_str(&format!("[{inside}]")).unwrap_or_else(|_| Value::from(text)))
        }
        Value::String(_) => Ok(serde_json::from_str::<String>(text).map_or(Value::from(text), Value::from)),
        _ => Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))),
    }
}

fn number(text: &str) -> Result<Value, (String, String)> {
    // As JSON, whole numbers keep all their digits.
    if let Ok(Value::Number(number)) = serde_json::from_str(text) {
        return Ok(Value::Number(number));
    }
    let wrong = |what| (what, "write it as 5, 0.25 or 1e-3, without unit".to_string());
    let value = notation::number(text).map_err(wrong)?;
    let number = serde_json::Number::from_f64(value);
    number.map(Value::Number).ok_or_else(|| wrong(format!("`{text}` is not a finite number")))
}

/// A number as a whole one where it is: fields with fractions take that too.
fn whole(value: Value) -> Value {
    match value.as_f64() {
        // Beyond 2⁵³ a float no longer holds every whole number.
        Some(float) if value.is_f64() && float.fract() == 0.0 && (0.0..9e15).contains(&float) => {
            Value::from(float as u64)
        }
        _ => value,
    }
}

fn from_json(json: Value) -> Result<SceneSpec, (String, String)> {
    serde_json::from_value(json).map_err(|error| {
        (error.to_string(), "compare with a scene of the library (`natrarium scenes`)".into())
    })
}

/// Names of the kinds of a part of a scene that comes in kinds.
fn kinds(part: &str) -> Option<Vec<&'static str>> {
    match part {
        "host" => Some(HostSpec::KINDS.to_vec()),
        "cell" => Some(CellSpec::KINDS.iter().map(|kind| kind.name).collect()),
        _ => None,
    }
}

/// Usual values of a kind of host or cell.
fn usual_kind(part: &str, kind: &str) -> Option<Value> {
    match part {
        "host" => {
            let presets = HostSpec::presets();
            let (_, host) = presets.iter().find(|(_, host)| host.kind() == kind)?;
            serde_json::to_value(host).ok()
        }
        "cell" => {
            let cell = CellSpec::KINDS.iter().find(|known| known.name == kind)?;
            serde_json::to_value(cell.usual()).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::host::{HostSpec, PorousFoam};
    use crate::quantity::Quantities;
    use crate::scene::{CellSpec, SceneError, load};

    fn set(settings: &[&str]) -> Result<crate::scene::Scene, SceneError> {
        let settings: Vec<String> = settings.iter().map(|s| s.to_string()).collect();
        load("carbonate_moss").and_then(|scene| scene.with_settings(&settings))
    }

    fn message(setting: &str) -> String {
        set(&[setting]).expect_err(setting).to_string()
    }

    #[test]
    fn every_documented_form_works() {
        let scene = set(&[
            "current_density_ma_cm2=5",
            "lattice.edge_um=0.25",
            "lattice.sites=[96,96,128]",
            "electrolyte=diglyme",
            "host={\"Planar\":{}}",
            "electrolyte.film_spread=0.5",
            "metal.creep_length_um = 4",
            "model.healing_fraction=0.5",
            "until.time_s=600",
            "until.sites=1e3",
            "temperature_c=−10,5",
            "until.areal_capacity_mah_cm2=null",
            "transport=Walkers",
            "title=My own",
            "seed=18446744073709551615",
        ])
        .expect("all settings are valid");
        assert_eq!(scene.spec.current_density_ma_cm2, 5.0);
        assert_eq!(scene.spec.lattice.sites, (96, 96, 128));
        assert_eq!(scene.electrolyte.title, "1 M NaPF₆ in diglyme");
        assert_eq!(scene.electrolyte.film_spread.value, 0.5);
        assert_eq!(scene.metal.creep_length_um.value, 4.0);
        assert_eq!(scene.model.healing_fraction.value, 0.5);
        assert_eq!((scene.spec.limits().time_s, scene.spec.limits().sites), (Some(600.0), Some(1000)));
        assert_eq!(scene.spec.temperature_c, -10.5);
        assert_eq!(scene.spec.limits().areal_capacity_mah_cm2, None);
        assert_eq!((scene.spec.title.as_str(), scene.spec.seed), ("My own", u64::MAX));
    }

    #[test]
    fn hosts_and_cells_change_by_name_or_by_one_of_their_fields() {
        let foam = set(&["host.PorousFoam.pore_um=16"]).expect("valid");
        assert_eq!(foam.spec.host, HostSpec::PorousFoam(PorousFoam { pore_um: 16.0, ..Default::default() }));
        assert_eq!(set(&["host=Nanowires"]).expect("valid").spec.host.kind(), "Nanowires");
        let anode_free = CellSpec::AnodeFree { inventory_mah_cm2: 2.0 };
        assert_eq!(set(&["cell.AnodeFree.inventory_mah_cm2=2"]).expect("valid").spec.cell, anode_free);
        for symmetric in ["cell=Symmetric", "cell=Symmetric()", "cell=Symmetric(foil_mah_cm2: 100)"] {
            let cell = CellSpec::Symmetric { foil_mah_cm2: 100.0 };
            assert_eq!(set(&[symmetric]).expect("valid").spec.cell, cell);
        }
        let rough = HostSpec::Planar(crate::host::Planar { roughness_um: 1.0, ..Default::default() });
        assert_eq!(set(&["host=Planar(roughness_um: 1)"]).expect("valid").spec.host, rough);
    }

    /// Each field of each host can be set by its path, and a value outside its range is refused by its name.
    #[test]
    fn every_field_of_every_host_can_be_set() {
        for kind in HostSpec::KINDS {
            // A field changes to the first preset of its kind.
            let presets = HostSpec::presets();
            let (_, preset) = presets.iter().find(|(_, host)| host.kind() == *kind).expect("there");
            for (number, quantity) in preset.quantities().iter().enumerate() {
                let path = format!("host.{}.{}", preset.kind(), quantity.name);
                let scene = load("carbonate_moss").expect("loads");
                let range = quantity.range(&scene.spec.lattice.frame(), preset);
                let middle = 0.5 * (range.start() + range.end());
                let host = set(&[&format!("{path}={middle}")]).expect(&path).spec.host;
                assert_eq!(host.values()[number], middle, "{path}");
                let beyond = message(&format!("{path}={}", range.end() * 2.0));
                assert!(beyond.contains(&path) && beyond.contains("more than the largest"), "{beyond}");
            }
        }
    }

    #[test]
    fn errors_name_the_argument_and_what_exists() {
        for (setting, fragments) in [
            ("current=5", &["--set current=5", "no field `current`", "`current_density_ma_cm2`"][..]),
            ("lattice.edge=1", &["`lattice` has no field `edge`", "did you mean `edge_um`"]),
            ("title.x=1", &["`title` has no fields"]),
            ("seed", &["no `=`", "path=value"]),
            ("seed=-1", &["--set seed=-1"]),
            ("current_density_ma_cm2=fast", &["“fast” does not begin with a finite number"]),
            ("current_density_ma_cm2=NaN", &["finite number"]),
            ("current_density_ma_cm2=1e999", &["finite number"]),
            ("current_density_ma_cm2=1,000", &["comma before three digits"]),
            ("seed=1.5", &["--set seed=1.5"]),
            ("current_density_ma_cm2=-1", &["--set current_density_ma_cm2=-1", "from 0 to 1000 mA/cm²"]),
            ("lattice.sites=[10,8,8]", &["not a positive multiple of 8", "take 8 or 16"]),
            ("lattice.sites=8", &["--set lattice.sites=8"]),
            ("electrolyte=diglime", &["--set electrolyte=diglime", "did you mean `diglyme`"]),
            ("electrolyte=4 M NaFSI in DNE", &["unknown solvent `DNE`, at column 14", "did you mean `DME`"]),
            ("electrolyte.film_spred=1", &["no parameter `film_spred`", "did you mean `film_spread`"]),
            ("electrolyte.film_spread=99", &["--set electrolyte.film_spread=99", "from 0 to 3"]),
            ("overrides.film=1", &["belongs to no parameter set"]),
            (
                "recipe.films.organic.corosion_nm_s=1",
                &["no number `films.organic.corosion_nm_s`", "did you mean"],
            ),
            ("recipe.films=1", &["no number `films`", "There are"]),
            ("recipe.salts.0.spoils=1", &["no number `salts.0.spoils`"]),
            ("recipe.films.organic.corrosion_nm_s=99", &["from 0 to 10"]),
            ("host=Foam", &["unknown host `Foam`", "`PorousFoam`"]),
            ("cell=Coin", &["unknown cell `Coin`", "`HalfCell`"]),
            (
                "cell.Symmetric.foil_mah_cm2=0",
                &["cell.Symmetric.foil_mah_cm2", "from 0.001 to 10000 mAh/cm²"],
            ),
            ("host.Planar.rough=1", &["`host.Planar` has no field `rough`"]),
            ("transport=Teleport", &["--set transport=Teleport", "Walkers"]),
        ] {
            let text = message(setting);
            for fragment in fragments {
                assert!(text.contains(fragment), "{setting}: `{fragment}` is not in: {text}");
            }
        }
    }

    #[test]
    fn a_setting_is_blamed_only_for_its_own_field() {
        let error = set(&["seed=4", "until.sites=0"]).expect_err("nothing would be plated").to_string();
        assert!(error.starts_with("--set until.sites=0"), "{error}");
        let error =
            set(&["electrolyte=diglime", "electrolyte.film_spread=0.5"]).expect_err("unknown").to_string();
        assert!(error.starts_with("--set electrolyte=diglime: "), "{error}");
    }
}
