//! A salt and few molecules of a solvent that are one liquid: `NaI·3.3NH3`, `NaAlCl4·2SO2`.
//!
//! Does: read one, with its concentration from the volumes of its parts. Say at which temperatures it is
//! liquid, where that is known.
//! Does not: read solvates of ordinary solvents, such as those of concentrated glymes; these are given in M.

use super::amounts::salt_volume_l_mol;
use super::cursor::Cursor;
use super::parse::{Fault, in_range};
use super::table::{Salt, Solvate, Solvent, rules};
use super::{Basis, Recipe, subscripts};
use crate::scene::error::Problem;

/// Signs between salt and solvent, as they are typed.
const JOINTS: [char; 4] = ['·', '*', '.', '-'];

/// A solvate as written.
struct Written {
    salt: &'static Salt,
    solvent: &'static Solvent,
    /// Moles of solvent; none for `x`.
    moles: Option<f64>,
    /// Where the moles stand.
    at: usize,
}

/// Takes a solvate without asking whether there is such a liquid. Takes nothing where the text is none.
fn written(cursor: &mut Cursor) -> Result<Option<Written>, Fault> {
    let start = cursor.at;
    let found = parts(cursor)?;
    if found.is_none() {
        cursor.at = start;
    }
    Ok(found)
}

fn parts(cursor: &mut Cursor) -> Result<Option<Written>, Fault> {
    let table = rules();
    let Some(salt) = cursor.name(&table.salts) else { return Ok(None) };
    cursor.spaces();
    if cursor.sign(&JOINTS).is_none() {
        return Ok(None);
    }
    cursor.spaces();
    let at = cursor.at;
    let moles = cursor.number()?;
    cursor.spaces();
    let named = moles.is_some() || cursor.sign(&['x', 'X', 'n']).is_some();
    cursor.spaces();
    let Some(solvent) = cursor.name(&table.solvate_solvents) else { return Ok(None) };
    if !named {
        let name = &solvent.name;
        return Err(Fault::new(
            at,
            format!("how many {name} belong to one {} is not said", salt.name),
            examples(name),
        ));
    }
    Ok(Some(Written { salt, solvent, moles, at }))
}

/// True if a text begins as a solvate does.
pub(super) fn begins_with_solvate(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.spaces();
    !matches!(written(&mut cursor), Ok(None))
}

/// Reads a solvate; nothing if the text is none.
pub(super) fn solvate(cursor: &mut Cursor) -> Result<Option<Recipe>, Fault> {
    cursor.spaces();
    let start = cursor.at;
    let Some(Written { salt, solvent, moles, at }) = written(cursor)? else { return Ok(None) };
    let Some(known) = known(salt, solvent) else {
        return Err(Fault::new(
            start,
            format!("no liquid of {} and {} is known", salt.name, solvent.name),
            examples(&solvent.name),
        ));
    };
    let moles = moles.unwrap_or(known.moles.value);
    let (low, high) = known.moles.range;
    in_range(at, &format!("the moles of {} per mole of {}", solvent.name, salt.name), moles, low, high, "")?;
    let mol_l = 1.0 / (salt_volume_l_mol() + moles / solvent.mol_l());
    // The digits that a person would write.
    let mol_l = format!("{mol_l:.3e}").parse().unwrap_or(mol_l);
    Ok(Some(Recipe {
        salts: vec![(salt, mol_l)],
        solvents: vec![(solvent, 1.0)],
        basis: Basis::Volume,
        solvate: Some(moles),
        additives: Vec::new(),
    }))
}

/// The fault of a concentration before a solvate, which has its own.
pub(super) fn refuse_with_amount(cursor: &mut Cursor, amount_at: usize) -> Result<(), Fault> {
    let start = cursor.at;
    let found = written(cursor)?;
    cursor.at = start;
    match found {
        None => Ok(()),
        Some(Written { solvent, .. }) => Err(Fault::new(
            amount_at,
            "a solvate brings its own concentration",
            format!("leave out the amount; {}", examples(&solvent.name)),
        )),
    }
}

/// What is wrong with a solvent of solvates among ordinary ones, if there is one.
pub(super) fn refuse_as_solvent(cursor: &mut Cursor) -> Result<(), Fault> {
    let at = cursor.at;
    match cursor.name(&rules().solvate_solvents) {
        None => Ok(()),
        Some(Solvent { name, .. }) => Err(Fault::new(
            at,
            format!("{name} is liquid beside sodium only as a part of a solvate"),
            examples(name),
        )),
    }
}

fn known(salt: &Salt, solvent: &Solvent) -> Option<&'static Solvate> {
    rules().solvates.iter().find(|known| known.salt == salt.name && known.solvent == solvent.name)
}

/// "write it alone, for example `NaI·3.3NH3`, `NaBF4·2.5NH3`".
fn examples(solvent: &str) -> String {
    let of_it = rules().solvates.iter().filter(|known| known.solvent == solvent);
    let names: Vec<String> =
        of_it.map(|known| format!("`{}·{}{solvent}`", known.salt, known.moles.value)).collect();
    format!("write it alone, for example {}", names.join(", "))
}

impl Recipe {
    /// Whether it is liquid at this temperature, as far as that is known.
    pub(in crate::scene) fn check_temperature(&self, temperature_c: f64) -> Result<(), Problem> {
        let ([(salt, _)], [(solvent, _)], Some(_)) = (&self.salts[..], &self.solvents[..], self.solvate)
        else {
            return Ok(());
        };
        let Some(Solvate { liquid_from_c: Some(from), liquid_to_c: Some(to), .. }) = known(salt, solvent)
        else {
            return Ok(());
        };
        if (from.value..=to.value).contains(&temperature_c) {
            return Ok(());
        }
        Err(Problem::new(
            "temperature_c",
            format!(
                "{self} is liquid from {} to {} °C, and the scene has {temperature_c} °C",
                from.value, to.value
            ),
            "give a temperature between these, or another electrolyte",
        ))
    }

    /// Salt and solvent of a solvate as they are written together.
    pub(super) fn solvate_text(&self) -> Option<String> {
        let (salt, _) = self.salts.first()?;
        let (solvent, _) = self.solvents.first()?;
        Some(format!("{}·{}{}", subscripts(&salt.name), self.solvate?, subscripts(&solvent.name)))
    }
}
