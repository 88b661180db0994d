//! From a text to a recipe.
//!
//! Grammar, with spaces wherever one likes: `(solvate | amount salt {+ amount salt} [in] solvents [ratio]) {+
//! amount additive}`. An amount may also stand behind its name, in brackets. Names in any case, abbreviated
//! or in full, with digits raised, lowered or plain; solvents between `/`, `-`, `:`, `,`, `+`, `and`, or with
//! their parts (`EC0.5DMC0.5`). The text is read once from left to right; the first thing that cannot be
//! meant ends it with a [`Fault`].

use super::additives::{Added, added};
use super::cursor::{Cursor, Unit};
use super::solvates::{refuse_as_solvent, refuse_with_amount, solvate};
use super::table::{Named, Salt, Solvent, rules};
use super::{Basis, Recipe, solubility};
use crate::scene::check::range::within;
use crate::scene::error::{Problem, choose_from};

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::scene) struct Fault {
    /// Sign of the text at which it is, from 0.
    at: usize,
    what: String,
    cure: String,
}

impl Fault {
    pub(super) fn new(at: usize, what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { at, what: what.into(), cure: cure.into() }
    }

    /// The problem of the field that holds `text`.
    pub(in crate::scene) fn into_problem(self, field: &str, text: &str) -> Problem {
        let Self { at, what, cure } = self;
        let mut quoted: String = text.chars().take(QUOTED).collect();
        if text.chars().count() > QUOTED {
            quoted.push('…');
        }
        Problem::new(field, format!("{what}, at column {} of the recipe \"{quoted}\"", at + 1), cure)
    }
}

/// Signs of a recipe that a message repeats at most.
const QUOTED: usize = 100;
/// Smallest and largest part of a ratio.
const PARTS: (f64, f64) = (0.001, 1000.0);

/// Reads a whole text.
pub(super) fn recipe(text: &str) -> Result<Recipe, Fault> {
    let mut cursor = Cursor::new(text);
    read(&mut cursor).map_err(|fault| Fault { at: cursor.place(fault.at), ..fault })
}

fn read(cursor: &mut Cursor) -> Result<Recipe, Fault> {
    let (mut recipe, mut places) = salts_and_solvents(cursor)?;
    let at = places[0];
    loop {
        cursor.spaces();
        if cursor.ended() {
            break;
        }
        let joint = ["with", "and", "containing", "plus"];
        if cursor.sign(&['+', ',', '&', ';']).is_none() && !joint.iter().any(|word| cursor.word(word)) {
            let cure = match recipe.solvate {
                None => "a recipe ends after the solvents, or goes on with additives such as `+ 5% FEC`",
                Some(_) => {
                    "a solvate is salt and solvent in one; only additives such as `+ 5% FEC` may follow"
                }
            };
            return Err(Fault::new(cursor.at, format!("`{}` is not understood", cursor.next_word()), cure));
        }
        let added_at = cursor.at;
        match added(cursor, &recipe)? {
            Added::Salt(salt, _) if recipe.solvate.is_some() => {
                return Err(Fault::new(
                    added_at,
                    format!("{} beside a solvate is not understood", salt.name),
                    "a solvate is salt and solvent in one; leave out the other salt",
                ));
            }
            Added::Salt(salt, mol_l) => {
                recipe.salts.push((salt, mol_l));
                places.push(added_at);
            }
            Added::Additive(additive) => recipe.additives.push(additive),
        }
    }
    let (low, high) = rules().common.concentration_mol_l.range;
    let sum: f64 = recipe.salts.iter().map(|(_, mol_l)| mol_l).sum();
    in_range(at, "the concentration", sum, low, high, "M")?;
    solubility::check(&recipe, &places)?;
    Ok(recipe)
}

/// A recipe up to its additives, and where its salts stand.
fn salts_and_solvents(cursor: &mut Cursor) -> Result<(Recipe, Vec<usize>), Fault> {
    if let Some(recipe) = solvate(cursor)? {
        return Ok((recipe, vec![0]));
    }
    let amounts = salts(cursor)?;
    into(cursor);
    let (solvents, basis) = solvents(cursor)?;
    let mut recipe = Recipe { salts: Vec::new(), solvents, basis, solvate: None, additives: Vec::new() };
    for (salt, amount) in &amounts {
        let mol_l = recipe.mol_l(*amount);
        recipe.salts.push((*salt, mol_l));
    }
    Ok((recipe, amounts.iter().map(|(_, amount)| amount.at).collect()))
}

/// An amount of salt as written.
#[derive(Clone, Copy)]
struct Written {
    number: f64,
    unit: Unit,
    at: usize,
}

impl Recipe {
    /// mol L⁻¹, with the digits that a person would write.
    fn mol_l(&self, amount: Written) -> f64 {
        match amount.unit {
            Unit::Molar(in_a_molar) => amount.number / in_a_molar,
            Unit::Molal => {
                let mol_l = self.mol_l_of_molal(amount.number);
                format!("{mol_l:.3e}").parse().unwrap_or(mol_l)
            }
        }
    }
}

/// Salts with their amounts; at least one.
fn salts(cursor: &mut Cursor) -> Result<Vec<(&'static Salt, Written)>, Fault> {
    let mut found: Vec<(&'static Salt, Written)> = Vec::new();
    loop {
        cursor.spaces();
        let at = cursor.at;
        let (salt, amount) = match cursor.number()? {
            Some(number) => {
                let unit = unit(cursor)?;
                (salt(cursor, at)?, Written { number, unit, at })
            }
            None => salt_first(cursor)?,
        };
        if found.iter().any(|(other, _)| other.name == salt.name) {
            return Err(given_twice(at, &salt.name));
        }
        found.push((salt, amount));
        let end = cursor.at;
        cursor.spaces();
        let joined =
            cursor.sign(&['+', '&', ',', '/']).is_some() || cursor.word("and") || cursor.word("with");
        cursor.spaces();
        // Another salt begins with its amount.
        if !(joined && cursor.digit_next()) {
            cursor.at = end;
            return Ok(found);
        }
    }
}

fn unit(cursor: &mut Cursor) -> Result<Unit, Fault> {
    match cursor.concentration()? {
        Some(unit) => Ok(unit),
        None => {
            let what = match cursor.next_word() {
                word if word.is_empty() => "the unit of the concentration is missing".to_string(),
                word => format!("`{word}` is no unit of concentration"),
            };
            Err(Fault::new(cursor.at, what, "write M or mol/L, as in `1 M NaPF6 in EC/DEC`"))
        }
    }
}

/// `NaPF6 (1 M)`.
fn salt_first(cursor: &mut Cursor) -> Result<(&'static Salt, Written), Fault> {
    let at = cursor.at;
    let missing = Fault::new(
        at,
        "the concentration of the salt is missing",
        "begin with it, as in `1 M NaPF6 in EC/DEC`",
    );
    let Some(salt) = cursor.name(&rules().salts) else { return Err(missing) };
    cursor.spaces();
    if cursor.sign(&[':']).is_some() {
        return Err(Fault::new(
            at,
            "a ratio of moles of salt and solvents is not understood",
            "give the salt in M and the ratio of the solvents, as in `2.1 M NaFSI in DME/BTFE (1.5:2 mol)`",
        ));
    }
    let opened = cursor.sign(&['(', '[', ',']).is_some();
    cursor.spaces();
    let Some(number) = cursor.number()?.filter(|_| opened) else { return Err(missing) };
    let unit = unit(cursor)?;
    cursor.spaces();
    cursor.sign(&[')', ']', ',']);
    Ok((salt, Written { number, unit, at }))
}

/// Takes the words between salt and solvents: `in`, `dissolved in a mixture of`, a dash.
fn into(cursor: &mut Cursor) {
    for word in
        ["salt", "solution", "dissolved", "in", "a", "the", "solvent", "binary", "mixture", "mixed", "of"]
    {
        cursor.spaces();
        cursor.word(word);
    }
    cursor.sign(&['-', '/', ':', ',']);
}

/// The salt behind an amount.
fn salt(cursor: &mut Cursor, amount_at: usize) -> Result<&'static Salt, Fault> {
    cursor.spaces();
    let known = &rules().salts;
    cursor.word("of");
    cursor.spaces();
    refuse_with_amount(cursor, amount_at)?;
    if let Some(salt) = cursor.name(known) {
        return Ok(salt);
    }
    let names = names_of(known);
    let (what, cure) = match cursor.next_word() {
        word if word.is_empty() || word.eq_ignore_ascii_case("in") => {
            ("the salt is missing".to_string(), choose_from("", &names))
        }
        word => (format!("unknown salt `{word}`"), choose_from(&word, &names)),
    };
    Err(Fault::new(cursor.at, what, cure))
}

fn solvents(cursor: &mut Cursor) -> Result<(Vec<(&'static Solvent, f64)>, Basis), Fault> {
    let known = &rules().solvents;
    let mut found: Vec<(&'static Solvent, f64)> = Vec::new();
    let mut parts: Vec<f64> = Vec::new();
    cursor.spaces();
    let start = cursor.at;
    let parts_at = loop {
        cursor.spaces();
        let at = cursor.at;
        let Some(solvent) = cursor.name(known) else {
            refuse_as_solvent(cursor)?;
            let names = names_of(known);
            let (what, cure) = match cursor.name_like() {
                word if word.is_empty() => (
                    "a solvent is missing".to_string(),
                    "go on as in `in EC/DEC` or `in diglyme`".to_string(),
                ),
                word => (format!("unknown solvent `{word}`"), choose_from(&word, &names)),
            };
            return Err(Fault::new(at, what, cure));
        };
        if found.iter().any(|(other, _)| other.name == solvent.name) {
            return Err(Fault::new(
                at,
                format!("the solvent {} is given twice", solvent.name),
                "give each solvent once, and its share in a ratio such as `(4:1 v)`",
            ));
        }
        found.push((solvent, 1.0));
        // `EC0.5DMC0.5`: the part stands right behind the name.
        let part_at = cursor.at;
        if let Some(part) = cursor.number()? {
            in_range(part_at, "a part of the ratio", part, PARTS.0, PARTS.1, "")?;
            parts.push(part);
        }
        let after = cursor.at;
        cursor.spaces();
        let joined = cursor.joint(known);
        let behind_part = !parts.is_empty() && cursor.at == after && cursor.letter_next();
        if !joined && !behind_part {
            break part_at;
        }
    };
    let mut basis = Basis::Volume;
    let mut at = parts_at;
    if parts.is_empty() {
        at = cursor.at;
        (parts, basis) = ratio(cursor)?;
    }
    if !parts.is_empty() && parts.len() != found.len() {
        return Err(Fault::new(
            at,
            format!("{} for {}", counted(parts.len(), "part"), counted(found.len(), "solvent")),
            "give one part for each solvent, as in `EC/DEC/PC (4:4:2 v)`",
        ));
    }
    // Equal parts are written as none, so that one mixture has one text.
    if parts.windows(2).any(|pair| pair[0] != pair[1]) {
        found.iter_mut().zip(parts).for_each(|((_, share), part)| *share = part);
    }
    if found.len() == 1 {
        basis = Basis::Volume;
    }
    if found.iter().all(|(solvent, _)| solvent.is_diluent()) {
        return Err(Fault::new(
            start,
            "a diluent alone dissolves no salt",
            "add a solvent that does, as in `2.1 M NaFSI in DME/BTFE (1:2)`",
        ));
    }
    Ok((found, basis))
}

/// `(4:4:2 v)`, `v/v = 4:4:2`, `= 1:1 vol%`, with or without brackets; nothing if there is none.
fn ratio(cursor: &mut Cursor) -> Result<(Vec<f64>, Basis), Fault> {
    let start = cursor.at;
    cursor.word("in");
    cursor.spaces();
    cursor.sign(&['=']);
    cursor.spaces();
    let opened = cursor.sign(&['(', '[']).is_some();
    cursor.spaces();
    let _ = cursor.word("a") || cursor.word("in a");
    cursor.spaces();
    let before = cursor.basis();
    cursor.spaces();
    cursor.sign(&['=', ':', ',']);
    cursor.spaces();
    cursor.word("of");
    let mut parts = Vec::new();
    loop {
        cursor.spaces();
        let at = cursor.at;
        match cursor.number()? {
            Some(part) => {
                in_range(at, "a part of the ratio", part, PARTS.0, PARTS.1, "")?;
                parts.push(part);
            }
            None if parts.is_empty() && !opened => {
                cursor.at = start;
                return Ok((parts, Basis::Volume));
            }
            None => {
                return Err(Fault::new(at, "a number of the ratio is missing", "write it as `(1:1 v)`"));
            }
        }
        cursor.spaces();
        if cursor.sign(&[':', '/', '-']).is_none() {
            break;
        }
    }
    cursor.spaces();
    if opened {
        cursor.sign(&[',', ';']);
        cursor.spaces();
    }
    cursor.sign(&['%']);
    let basis = before.or_else(|| cursor.basis()).unwrap_or(Basis::Volume);
    cursor.spaces();
    cursor.sign(&['%']);
    cursor.spaces();
    if opened && cursor.sign(&[')', ']']).is_none() {
        let what = match cursor.next_word() {
            word if word.is_empty() => "the bracket of the ratio is not closed".to_string(),
            word => format!("`{word}` is not understood in a ratio"),
        };
        return Err(Fault::new(cursor.at, what, "write it as `(1:1 v)`, `(1:1 w)` or `(1:1 mol)`"));
    }
    // `(1:1) v/v`.
    cursor.spaces();
    if before.is_none()
        && opened
        && let Some(after) = cursor.basis()
    {
        return Ok((parts, after));
    }
    Ok((parts, basis))
}

pub(super) fn given_twice(at: usize, name: &str) -> Fault {
    Fault::new(at, format!("{name} is given twice"), "remove one")
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

pub(super) fn in_range(
    at: usize,
    what: &str,
    value: f64,
    low: f64,
    high: f64,
    unit: &str,
) -> Result<(), Fault> {
    within(what, value, low, high, unit)
        .map_err(|problem| Fault::new(at, problem.what.replace('`', ""), problem.cure))
}

pub(super) fn names_of<T: Named>(known: &'static [T]) -> Vec<&'static str> {
    known.iter().map(|entry| entry.name()).collect()
}
