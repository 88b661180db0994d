//! What comes after the solvents of a recipe: additives, and further salts.
//!
//! Does: read an amount before or behind a name. Refuse what is given twice.
//! Does not: read salts before the solvents, or solvents (`parse`).

use super::cursor::{Cursor, Unit};
use super::parse::{Fault, given_twice, in_range, names_of};
use super::table::{Salt, rules};
use super::{Additive, Amount, Basis, Recipe};
use crate::scene::error::choose_from;

/// Largest share of an additive, per cent; more than that is a solvent.
const MOST_PERCENT: f64 = 30.0;
/// Largest concentration of an additive, mol L⁻¹.
const MOST_ADDED_MOL_L: f64 = 4.0;

/// What comes after the solvents.
pub(super) enum Added {
    Salt(&'static Salt, f64),
    Additive(Additive),
}

pub(super) fn added(cursor: &mut Cursor, so_far: &Recipe) -> Result<Added, Fault> {
    let table = rules();
    cursor.spaces();
    let at = cursor.at;
    let before = amount(cursor)?;
    cursor.spaces();
    for word in ["of", "a", "an"] {
        cursor.word(word);
        cursor.spaces();
    }
    let name_at = cursor.at;
    if let Some(what) = cursor.name(&table.salts) {
        let mol_l = in_molar(amount_or_after(cursor, before)?, at, &what.name, "0.1 M")?;
        let twice = so_far.salts.iter().any(|(other, _)| other.name == what.name);
        return if twice { Err(given_twice(name_at, &what.name)) } else { Ok(Added::Salt(what, mol_l)) };
    }
    if let Some(what) = cursor.name(&table.added_salts) {
        let mol_l = in_molar(amount_or_after(cursor, before)?, at, &what.name, what.usual_amount())?;
        let twice = so_far
            .additives
            .iter()
            .any(|other| matches!(other, Additive::Salt { what: o, .. } if o == &what));
        return if twice {
            Err(given_twice(name_at, &what.name))
        } else {
            Ok(Added::Additive(Additive::Salt { what, mol_l }))
        };
    }
    let Some(what) = cursor.name(&table.solvents) else {
        let mut names: Vec<&str> = table.film_formers().map(|former| former.name.as_str()).collect();
        names.extend(names_of(&table.added_salts));
        let (what, cure) = match cursor.name_like() {
            word if word.is_empty() => ("an additive is missing".to_string(), choose_from("", &names)),
            word => (format!("unknown additive `{word}`"), choose_from(&word, &names)),
        };
        return Err(Fault::new(name_at, what, cure));
    };
    if what.reduced_first_electrons.is_none() {
        return Err(Fault::new(
            name_at,
            format!("{} is a solvent and no additive", what.name),
            "write it among the solvents, with a ratio such as `(9:1 v)`",
        ));
    }
    let Some(amount) = amount_or_after(cursor, before)? else {
        return Err(Fault::new(at, format!("how much {} is not said", what.name), example(&what.name, "5%")));
    };
    let same = |other: &Additive| matches!(other, Additive::FilmFormer { what: o, .. } if o == &what);
    if so_far.additives.iter().any(same) || so_far.solvents.iter().any(|(solvent, _)| *solvent == what) {
        return Err(given_twice(name_at, &what.name));
    }
    Ok(Added::Additive(Additive::FilmFormer { what, amount }))
}

/// The amount of a salt, which is given in M.
fn in_molar(amount: Option<Amount>, at: usize, name: &str, usual: &str) -> Result<f64, Fault> {
    match amount {
        Some(Amount::Molar(mol_l)) => Ok(mol_l),
        _ => Err(Fault::new(at, format!("how much {name} is not said in M"), example(name, usual))),
    }
}

/// The amount before a name, or that behind it, `FEC (4 wt%)`, with the word `additive` if it is there.
fn amount_or_after(cursor: &mut Cursor, before: Option<Amount>) -> Result<Option<Amount>, Fault> {
    let as_additive = |cursor: &mut Cursor| {
        for word in ["as", "an", "a", "additive", "additives"] {
            let start = cursor.at;
            cursor.spaces();
            if !cursor.word(word) {
                cursor.at = start;
            }
        }
    };
    as_additive(cursor);
    if before.is_some() {
        return Ok(before);
    }
    let start = cursor.at;
    cursor.spaces();
    let opened = cursor.sign(&['(', '[']).is_some();
    cursor.spaces();
    let after = amount(cursor)?;
    cursor.spaces();
    if after.is_none() || opened && cursor.sign(&[')', ']']).is_none() {
        cursor.at = start;
        return Ok(None);
    }
    as_additive(cursor);
    Ok(after)
}

/// `5 %`, `2 wt%`, `5 % by volume`, `0.1 M`; `None` if there is no number.
fn amount(cursor: &mut Cursor) -> Result<Option<Amount>, Fault> {
    let at = cursor.at;
    let Some(number) = cursor.number()? else { return Ok(None) };
    if let Some(unit) = cursor.concentration()? {
        let Unit::Molar(in_a_molar) = unit else {
            return Err(Fault::new(
                at,
                "an additive in mol/kg is not understood",
                "give it in M or per cent",
            ));
        };
        let value = number / in_a_molar;
        in_range(at, "the amount", value, 0.001, MOST_ADDED_MOL_L, "M")?;
        return Ok(Some(Amount::Molar(value)));
    }
    cursor.spaces();
    let before = cursor.basis();
    cursor.spaces();
    let percent = cursor.sign(&['%']).is_some() || cursor.word("percent") || cursor.word("per cent");
    if !percent || before == Some(Basis::Mole) {
        return Err(Fault::new(
            cursor.at,
            "the unit of the additive is missing",
            "give per cent by volume (`5% FEC`), by mass (`5 wt% FEC`), or M",
        ));
    }
    cursor.spaces();
    let basis = before.or_else(|| cursor.basis()).unwrap_or(Basis::Volume);
    in_range(at, "the amount", number, 0.001, MOST_PERCENT, "%")?;
    Ok(Some(if basis == Basis::Mass { Amount::Mass(number) } else { Amount::Volume(number) }))
}

fn example(name: &str, amount: &str) -> String {
    format!("write an amount before it, as in `+ {amount} {name}`")
}
