//! The table of ingredients and pure films, read from `assets/recipe_rules.ron`.

use crate::scene::check::range::within;
use crate::scene::error::{Problem, choose_from};
use crate::scene::parameters::Parameter;
use crate::scene::{embedded, text};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// The table of ingredients, `assets/recipe_rules.ron`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scene) struct RecipeRules {
    pub(super) common: Common,
    pub(super) films: RecipeFilms,
    pub(super) salts: Vec<Salt>,
    pub(super) solubilities: Vec<Solubility>,
    pub(super) solvates: Vec<Solvate>,
    /// Solvents that occur in solvates only.
    pub(super) solvate_solvents: Vec<Solvent>,
    pub(super) solvents: Vec<Solvent>,
    pub(super) added_salts: Vec<AddedSalt>,
}

/// What holds for every recipe; the names are those of [`crate::scene::Electrolyte`] where the number is one
/// of its.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Common {
    pub concentration_mol_l: Parameter,
    pub diffusivity_m2_s: Parameter,
    pub conductivity_ms_cm: Parameter,
    /// Viscosity of the solvent of the reference.
    pub viscosity_mpa_s: Parameter,
    /// Concentration c_v that makes the liquid e times more viscous.
    pub viscosity_concentration_mol_l: Parameter,
    pub anion_film_begins_mol_l: Parameter,
    pub anion_film_complete_mol_l: Parameter,
    /// Concentration c_½ of a film former that makes half of the film.
    pub film_former_half_mol_l: Parameter,
    /// Exponent of the shield of K⁺ at high concentration, the concentration that gives half of it, and how
    /// far K lies below Na at equal concentrations.
    pub shield_exponent: Parameter,
    pub shield_half_mol_l: Parameter,
    pub shield_limit_mv: Parameter,
    /// Volume that a mole of dissolved salt takes.
    pub salt_volume_cm3_mol: Parameter,
    pub transference_number: Parameter,
    /// The same where nearly every solvent molecule is bound.
    pub transference_concentrated: Parameter,
    pub film_initial_nm: Parameter,
    pub film_relaxation_s: Parameter,
    pub film_reference_nm: Parameter,
    pub yield_pressure_scale: Parameter,
    pub patch_um: Parameter,
    pub film_charge_c_cm3: Parameter,
    pub electrolyte_use_cm3_mol: Parameter,
    pub additive_mol_l: Parameter,
    pub additive_electrons: Parameter,
}

/// A film made by one kind of ingredient alone, in an electrolyte of 1 M.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecipeFilm {
    pub title: String,
    pub charge_transfer_resistance_ohm_cm2: Parameter,
    pub film_growth_constant_m2_s: Parameter,
    pub film_dissolution_nm_s: Parameter,
    pub film_conductivity_s_cm: Parameter,
    pub film_spread: Parameter,
    pub film_fracture_strain: Parameter,
    pub gas_yield: Parameter,
    pub corrosion_nm_s: Parameter,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecipeFilms {
    pub organic: RecipeFilm,
    pub glyme: RecipeFilm,
    pub cyclic_ether: RecipeFilm,
    pub anion: RecipeFilm,
    pub fec: RecipeFilm,
    pub vc: RecipeFilm,
    pub inorganic: RecipeFilm,
    pub alloy: RecipeFilm,
}

/// How many pure films there are.
pub(super) const FILMS: usize = 8;

/// Which pure film.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum FilmKind {
    Organic,
    Glyme,
    CyclicEther,
    Anion,
    Fec,
    Vc,
    Inorganic,
    Alloy,
}

impl RecipeFilms {
    /// In the order of [`FilmKind`].
    pub fn all(&self) -> [&RecipeFilm; FILMS] {
        let Self { organic, glyme, cyclic_ether, anion, fec, vc, inorganic, alloy } = self;
        [organic, glyme, cyclic_ether, anion, fec, vc, inorganic, alloy]
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Salt {
    pub name: String,
    also: Vec<String>,
    /// Share of an ether's film that this salt makes loose and organic at 1 M.
    pub spoils: Parameter,
    /// Share of the film that its anion can make once nearly all solvent is bound.
    pub anion_film: Parameter,
    /// Transference number of Na⁺ beside this anion, where it is not that of all.
    #[serde(default)]
    pub transference_number: Option<Parameter>,
}

/// What solubilities go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum SolventKind {
    Carbonate,
    Ether,
    Phosphate,
    Polar,
    IonicLiquid,
    Inorganic,
}

/// How much of these salts dissolves in solvents of these kinds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Solubility {
    pub salts: Vec<String>,
    pub kinds: Vec<SolventKind>,
    pub limit_mol_l: Parameter,
}

/// A salt and few molecules of a solvent that are one liquid.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Solvate {
    pub salt: String,
    pub solvent: String,
    /// Moles of solvent per mole of salt.
    pub moles: Parameter,
    /// Temperatures between which it is liquid, where they are known.
    #[serde(default)]
    pub liquid_from_c: Option<Parameter>,
    #[serde(default)]
    pub liquid_to_c: Option<Parameter>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Solvent {
    pub name: String,
    also: Vec<String>,
    pub kind: SolventKind,
    /// None for an inert diluent.
    #[serde(default)]
    pub film: Option<FilmKind>,
    /// Whether the anion makes the film of a concentrate, although the film is organic otherwise.
    #[serde(default)]
    pub yields_to_anion: bool,
    pub molar_mass_g_mol: Parameter,
    pub density_g_cm3: Parameter,
    pub viscosity_mpa_s: Parameter,
    /// Size of the solvated ion relative to that in carbonates.
    pub drag: Parameter,
    /// Share of free ions relative to EC/DEC.
    pub dissociation: Parameter,
    /// Electrons that reduce one molecule, for what makes its film before all others.
    #[serde(default)]
    pub reduced_first_electrons: Option<Parameter>,
    /// Numbers of the liquid where they are not those of all.
    #[serde(default)]
    pub transference_number: Option<Parameter>,
    #[serde(default)]
    pub viscosity_concentration_mol_l: Option<Parameter>,
}

/// A salt that is added in a small amount.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AddedSalt {
    pub name: String,
    also: Vec<String>,
    /// The ion that shields, or the metal that the salt becomes.
    pub forms: String,
    pub effect: Effect,
}

/// What an added salt does.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum Effect {
    /// Its ion shields protrusions and is not consumed.
    Shield {
        /// How far the metal lies below sodium at equal concentrations, where it is not as far as K.
        #[serde(default)]
        limit_mv: Option<Parameter>,
    },
    /// Its metal alloys with sodium at once; the salt is consumed by the film that it makes.
    Alloy { reduced_first_electrons: Parameter },
}

/// An ingredient with other spellings of its name.
pub(super) trait Named {
    fn name(&self) -> &str;
    fn also(&self) -> &[String];
    fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name()).chain(self.also().iter().map(String::as_str))
    }
}

macro_rules! named {
    ($($ingredient:ty),*) => {
        $(impl Named for $ingredient {
            fn name(&self) -> &str {
                &self.name
            }
            fn also(&self) -> &[String] {
                &self.also
            }
        })*
    };
}
named!(Salt, Solvent, AddedSalt);

impl Solvent {
    /// Whether the salt, by its kind and concentration, decides on the film that it makes.
    pub fn film_depends_on_salt(&self) -> bool {
        match self.film {
            Some(FilmKind::Glyme | FilmKind::CyclicEther) => true,
            Some(FilmKind::Organic) => self.yields_to_anion,
            _ => false,
        }
    }

    /// True for a liquid that dissolves no salt.
    pub fn is_diluent(&self) -> bool {
        self.film.is_none()
    }

    /// mol L⁻¹ of the liquid alone.
    pub fn mol_l(&self) -> f64 {
        1000.0 * self.density_g_cm3.value / self.molar_mass_g_mol.value
    }
}

impl AddedSalt {
    /// An amount of it that is usual, for messages.
    pub fn usual_amount(&self) -> &'static str {
        match self.effect {
            Effect::Shield { .. } => "0.1 M",
            Effect::Alloy { .. } => "50 mM",
        }
    }
}

impl RecipeRules {
    /// What may be added in per cent.
    pub(super) fn film_formers(&self) -> impl Iterator<Item = &Solvent> {
        self.solvents.iter().filter(|solvent| solvent.reduced_first_electrons.is_some())
    }
}

/// Parts of the rules of which a scene may replace numbers: those that name no ingredient.
const REPLACEABLE: [&str; 2] = ["common", "films"];

impl RecipeRules {
    /// The rules with numbers of their films or of what is common replaced, by paths such as
    /// `films.organic.corrosion_nm_s`.
    pub fn with<'a>(&self, replaced: impl Iterator<Item = (&'a str, f64)>) -> Result<Self, Problem> {
        let unchangeable =
            |error| Problem::new("overrides", format!("the rules: {error}"), "check the numbers");
        let mut json = serde_json::to_value(self).map_err(|error| unchangeable(error.to_string()))?;
        for (path, value) in replaced {
            let field = format!("overrides.recipe.{path}");
            let place = format!("/{}", path.replace('.', "/"));
            let may = REPLACEABLE.iter().any(|part| path.split('.').next() == Some(part));
            let number = json.pointer_mut(&place).filter(|_| may);
            let like = number.and_then(|number| Some((serde_json::from_value(number.clone()).ok()?, number)));
            let Some((Parameter { range: (low, high), unit, .. }, number)) = like else {
                let mut names = Vec::new();
                REPLACEABLE.iter().for_each(|part| numbers_in(part, &json[*part], &mut names));
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                return Err(Problem::new(
                    field,
                    format!("the rules of recipes have no number `{path}`"),
                    choose_from(path, &names),
                ));
            };
            within(path, value, low, high, &unit).map_err(|problem| Problem { field, ..problem })?;
            number["value"] = value.into();
        }
        serde_json::from_value(json).map_err(|error| unchangeable(error.to_string()))
    }
}

/// Paths of the numbers below a path.
fn numbers_in(path: &str, value: &serde_json::Value, found: &mut Vec<String>) {
    if value.get("range").is_some() {
        found.push(path.to_owned());
    } else if let Some(fields) = value.as_object() {
        fields.iter().for_each(|(name, inner)| numbers_in(&format!("{path}.{name}"), inner, found));
    }
}

/// The table inside the program.
pub(super) fn rules() -> &'static RecipeRules {
    static RULES: OnceLock<RecipeRules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (path, rules) = embedded::RECIPE_RULES;
        text::parse_ron(rules, path).expect("the file is fixed at compile time and the tests below read it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every number of the table, by name.
    fn numbers() -> Vec<(String, Parameter)> {
        fn collect(path: &str, value: &serde_json::Value, found: &mut Vec<(String, Parameter)>) {
            if let Ok(parameter) = serde_json::from_value(value.clone()) {
                found.push((path.to_string(), parameter));
            } else if let Some(fields) = value.as_object() {
                fields.iter().for_each(|(name, inner)| collect(&format!("{path}.{name}"), inner, found));
            } else if let Some(list) = value.as_array() {
                list.iter().enumerate().for_each(|(i, inner)| collect(&format!("{path}.{i}"), inner, found));
            }
        }
        let mut found = Vec::new();
        collect("", &serde_json::to_value(rules()).unwrap(), &mut found);
        found
    }

    #[test]
    fn every_number_of_the_table_is_in_its_range_and_has_a_source() {
        let numbers = numbers();
        assert!(numbers.len() > 120, "{}", numbers.len());
        for (path, Parameter { value, unit, range, source, .. }) in numbers {
            assert!(within(&path, value, range.0, range.1, &unit).is_ok(), "{path}");
            assert!(source.len() > 3, "{path} has no source");
        }
    }

    #[test]
    fn spellings_are_unambiguous() {
        let table = rules();
        let mut seen = std::collections::BTreeSet::new();
        let all = table.salts.iter().flat_map(Named::spellings);
        let all = all.chain(table.solvents.iter().flat_map(Named::spellings));
        let all = all.chain(table.solvate_solvents.iter().flat_map(Named::spellings));
        for name in all.chain(table.added_salts.iter().flat_map(Named::spellings)) {
            assert!(seen.insert(name.to_lowercase()), "{name}");
        }
    }

    #[test]
    fn tables_name_ingredients_that_there_are() {
        let table = rules();
        let salt = |name: &String| table.salts.iter().any(|salt| salt.name == *name);
        let mut limits = std::collections::BTreeSet::new();
        for Solubility { salts, kinds, .. } in &table.solubilities {
            for name in salts {
                assert!(salt(name), "{name}");
                for kind in kinds {
                    assert!(limits.insert(format!("{name} in {kind:?}")), "{name} in {kind:?} twice");
                }
            }
        }
        for Solvate { salt: name, solvent, .. } in &table.solvates {
            assert!(salt(name) && table.solvate_solvents.iter().any(|one| one.name == *solvent), "{name}");
        }
    }
}
