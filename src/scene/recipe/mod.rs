//! Electrolytes as chemists write them: `1 M NaPF6 in EC/DEC + 5% FEC`.
//!
//! Does: read such a text with an error that points into it (`parse`), write it in one canonical form. Derive
//! all numbers of an [`Electrolyte`] from it by stated rules (`rules`, with the numbers of
//! `assets/recipe_rules.ron`). Refuse what does not dissolve, where that is known (`solubility`).
//! Does not: know ingredients that are not in the table.
//! Accuracy: the rules are assumptions (†) that reproduce two calibrated electrolytes exactly and order the
//! others as the reviews do. They are no measurement of a mixture.

mod additives;
mod amounts;
mod cursor;
mod parse;
mod rules;
mod solubility;
mod solvates;
mod table;

use super::SceneError;
use super::error::Problem;
use super::parameters::Electrolyte;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use table::{AddedSalt, Effect, RecipeRules, Salt, Solvent};

pub(super) use parse::Fault;

/// What an electrolyte is mixed of. Made by parsing a text; all ingredients are in the table of the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Conducting salts with their concentrations, mol L⁻¹ of electrolyte, together 0.001 to 10.
    salts: Vec<(&'static Salt, f64)>,
    /// Solvents with their parts; all 1 where they are equal.
    solvents: Vec<(&'static Solvent, f64)>,
    /// What the parts are parts of.
    basis: Basis,
    /// For a salt and a solvent that are one liquid: moles of solvent per mole of salt.
    solvate: Option<f64>,
    additives: Vec<Additive>,
}

/// What a ratio or a percentage counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Basis {
    Volume,
    Mass,
    Mole,
}

/// Something that is there in a small amount.
#[derive(Clone, Debug, PartialEq)]
enum Additive {
    /// A liquid that makes its film before the solvents do, and is consumed by it.
    FilmFormer { what: &'static Solvent, amount: Amount },
    /// A salt that is added beside the conducting ones, mol L⁻¹.
    Salt { what: &'static AddedSalt, mol_l: f64 },
}

/// How much of a liquid.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Amount {
    /// Per cent of the volume.
    Volume(f64),
    /// Per cent of the mass.
    Mass(f64),
    /// mol L⁻¹.
    Molar(f64),
}

impl Amount {
    fn times(self, share: f64) -> Self {
        match self {
            Self::Volume(percent) => Self::Volume(percent * share),
            Self::Mass(percent) => Self::Mass(percent * share),
            Self::Molar(mol_l) => Self::Molar(mol_l * share),
        }
    }
}

impl Recipe {
    /// The parameter set that the rules give for this recipe.
    pub fn electrolyte(&self) -> Electrolyte {
        self.electrolyte_by(table::rules())
    }

    /// The same by other rules.
    pub(super) fn electrolyte_by(&self, table: &RecipeRules) -> Electrolyte {
        rules::electrolyte(self, table)
    }

    /// The rules with the numbers of a scene that begin with `recipe.`.
    pub(super) fn rules(overrides: &BTreeMap<String, f64>) -> Result<RecipeRules, Problem> {
        let mine =
            |(path, value): (&'_ String, &f64)| Some((path.strip_prefix("recipe.")?.to_owned(), *value));
        let mine: Vec<(String, f64)> = overrides.iter().filter_map(mine).collect();
        table::rules().with(mine.iter().map(|(path, value)| (path.as_str(), *value)))
    }

    /// The same recipe when this share is left of everything that is consumed.
    pub fn with_film_formers_left(&self, share: f64) -> Self {
        let left = |additive: &Additive| match additive.clone() {
            Additive::FilmFormer { .. } if share <= 0.0 => None,
            Additive::FilmFormer { what, amount } => {
                Some(Additive::FilmFormer { what, amount: amount.times(share) })
            }
            Additive::Salt { what, mol_l } => match what.effect {
                Effect::Shield { .. } => Some(Additive::Salt { what, mol_l }),
                Effect::Alloy { .. } if share <= 0.0 => None,
                Effect::Alloy { .. } => Some(Additive::Salt { what, mol_l: mol_l * share }),
            },
        };
        Self { additives: self.additives.iter().filter_map(left).collect(), ..self.clone() }
    }

    /// True for a text that begins with a salt and a solvent in one, such as `NaI·3.3NH3`.
    pub(super) fn begins_with_solvate(text: &str) -> bool {
        solvates::begins_with_solvate(text)
    }

    /// Parses `text`; the error knows its place in it.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        parse::recipe(text)
    }
}

impl FromStr for Recipe {
    type Err = SceneError;

    /// Reads a recipe such as `1 M NaPF6 in EC/DEC (1:1 v) + 5% FEC`.
    fn from_str(text: &str) -> Result<Self, SceneError> {
        parse::recipe(text).map_err(|fault| fault.into_problem("electrolyte", text).without_text())
    }
}

impl fmt::Display for Recipe {
    /// The canonical text, which reads back as the same recipe: "1 M NaPF₆ in EC/DEC + 5 % FEC".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { salts, solvents, basis, solvate: _, additives } = self;
        if let Some(solvate) = self.solvate_text() {
            write!(f, "{solvate}")?;
        } else {
            let salts: Vec<String> =
                salts.iter().map(|(salt, mol_l)| format!("{mol_l} M {}", subscripts(&salt.name))).collect();
            write!(f, "{} in ", salts.join(" + "))?;
            let names: Vec<&str> = solvents.iter().map(|(solvent, _)| solvent.name.as_str()).collect();
            write!(f, "{}", names.join("/"))?;
        }
        let equal = solvents.iter().all(|(_, part)| *part == 1.0);
        if solvents.len() > 1 && !(equal && *basis == Basis::Volume) {
            let parts: Vec<String> = solvents.iter().map(|(_, part)| part.to_string()).collect();
            let basis = match basis {
                Basis::Volume => "v",
                Basis::Mass => "w",
                Basis::Mole => "mol",
            };
            write!(f, " ({} {basis})", parts.join(":"))?;
        }
        for additive in additives {
            match additive {
                Additive::FilmFormer { what, amount: Amount::Volume(percent) } => {
                    write!(f, " + {percent} % {}", what.name)?;
                }
                Additive::FilmFormer { what, amount: Amount::Mass(percent) } => {
                    write!(f, " + {percent} wt% {}", what.name)?;
                }
                Additive::FilmFormer { what, amount: Amount::Molar(mol_l) } => {
                    write!(f, " + {mol_l} M {}", what.name)?;
                }
                Additive::Salt { what, mol_l } => write!(f, " + {mol_l} M {}", subscripts(&what.name))?,
            }
        }
        Ok(())
    }
}

/// A formula with its digits lowered.
fn subscripts(formula: &str) -> String {
    formula
        .chars()
        .map(|sign| sign.to_digit(10).and_then(|digit| char::from_u32('₀' as u32 + digit)).unwrap_or(sign))
        .collect()
}

#[cfg(test)]
mod liquids_tests;
#[cfg(test)]
mod spellings_tests;
#[cfg(test)]
mod tests;
