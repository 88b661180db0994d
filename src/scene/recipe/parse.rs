//! From a text to a recipe.
//!
//! Grammar, with spaces wherever one likes: `amount salt [in] solvents [ratio] {+ amount additive}`. Names in
//! any case and with digits raised, lowered or plain; solvents between `/`, `-`, `:`, `,` or with their parts
//! (`EC0.5DMC0.5`). The text is read once from left to right; the first thing that cannot be meant ends it
//! with a [`Fault`].

use super::cursor::Cursor;
use super::table::{Named, Salt, Solvent, rules};
use super::{Additive, Amount, Basis, Recipe};
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
/// Largest share of an additive, per cent; more than that is a solvent.
const MOST_PERCENT: f64 = 30.0;
/// Largest concentration of an additive, mol L⁻¹.
const MOST_ADDED_MOL_L: f64 = 4.0;

/// Reads a whole text.
pub(super) fn recipe(text: &str) -> Result<Recipe, Fault> {
    let mut cursor = Cursor::new(text);
    let concentration_mol_l = concentration(&mut cursor)?;
    let salt = salt(&mut cursor)?;
    cursor.spaces();
    if !cursor.word("in") {
        cursor.sign(&['-', '/', ':', ',']);
    }
    let (solvents, basis) = solvents(&mut cursor)?;
    let mut recipe = Recipe { concentration_mol_l, salt, solvents, basis, additives: Vec::new() };
    loop {
        cursor.spaces();
        if cursor.ended() {
            return Ok(recipe);
        }
        if cursor.sign(&['+', ',', '&', ';']).is_none() && !cursor.word("with") && !cursor.word("and") {
            return Err(Fault::new(
                cursor.at,
                format!("`{}` is not understood", cursor.next_word()),
                "a recipe ends after the solvents, or goes on with additives such as `+ 5% FEC`",
            ));
        }
        let next = additive(&mut cursor, &recipe)?;
        recipe.additives.push(next);
    }
}

fn concentration(cursor: &mut Cursor) -> Result<f64, Fault> {
    cursor.spaces();
    let at = cursor.at;
    let example = "begin with it, as in `1 M NaPF6 in EC/DEC`";
    let Some(number) = cursor.number() else {
        return Err(Fault::new(at, "the concentration of the salt is missing", example));
    };
    let value = match cursor.molar()? {
        Some(in_a_molar) => number / in_a_molar,
        None => {
            let what = match cursor.next_word() {
                word if word.is_empty() => "the unit of the concentration is missing".to_string(),
                word => format!("`{word}` is no unit of concentration"),
            };
            return Err(Fault::new(cursor.at, what, "write M or mol/L, as in `1 M NaPF6 in EC/DEC`"));
        }
    };
    let (low, high) = rules().common.concentration_mol_l.range;
    in_range(at, "the concentration", value, low, high, "M")?;
    Ok(value)
}

fn salt(cursor: &mut Cursor) -> Result<&'static Salt, Fault> {
    cursor.spaces();
    let known = &rules().salts;
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
        if let Some(part) = cursor.number() {
            in_range(part_at, "a part of the ratio", part, PARTS.0, PARTS.1, "")?;
            parts.push(part);
        }
        let after = cursor.at;
        cursor.spaces();
        let joined = cursor.sign(&['/', '-', ':']).is_some() || cursor.comma_before_solvent(known);
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

/// `(4:4:2 v)`, also without brackets; nothing if there is none.
fn ratio(cursor: &mut Cursor) -> Result<(Vec<f64>, Basis), Fault> {
    let opened = cursor.sign(&['(', '[']).is_some();
    let mut parts = Vec::new();
    loop {
        cursor.spaces();
        let at = cursor.at;
        match cursor.number() {
            Some(part) => {
                in_range(at, "a part of the ratio", part, PARTS.0, PARTS.1, "")?;
                parts.push(part);
            }
            None if parts.is_empty() && !opened => return Ok((parts, Basis::Volume)),
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
    let basis = cursor.basis().unwrap_or(Basis::Volume);
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
    Ok((parts, basis))
}

fn additive(cursor: &mut Cursor, so_far: &Recipe) -> Result<Additive, Fault> {
    let table = rules();
    cursor.spaces();
    let at = cursor.at;
    let amount = amount(cursor)?;
    cursor.spaces();
    if cursor.word("of") {
        cursor.spaces();
    }
    let name_at = cursor.at;
    if let Some(what) = cursor.name(&table.added_salts) {
        let Some(Amount::Molar(mol_l)) = amount else {
            return Err(Fault::new(
                at,
                format!("how much {} is not said in M", what.name),
                example(&what.name),
            ));
        };
        let twice = so_far
            .additives
            .iter()
            .any(|other| matches!(other, Additive::Salt { what: o, .. } if o == &what));
        return if twice {
            Err(given_twice(name_at, &what.name))
        } else {
            Ok(Additive::Salt { what, mol_l })
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
    let Some(amount) = amount else {
        return Err(Fault::new(at, format!("how much {} is not said", what.name), example(&what.name)));
    };
    let same = |other: &Additive| matches!(other, Additive::FilmFormer { what: o, .. } if o == &what);
    if so_far.additives.iter().any(same) || so_far.solvents.iter().any(|(solvent, _)| *solvent == what) {
        return Err(given_twice(name_at, &what.name));
    }
    Ok(Additive::FilmFormer { what, amount })
}

/// `5 %`, `2 wt%`, `5 % by volume`, `0.1 M`; `None` if there is no number.
fn amount(cursor: &mut Cursor) -> Result<Option<Amount>, Fault> {
    let at = cursor.at;
    let Some(number) = cursor.number() else { return Ok(None) };
    if let Some(in_a_molar) = cursor.molar()? {
        let value = number / in_a_molar;
        in_range(at, "the amount", value, 0.001, MOST_ADDED_MOL_L, "M")?;
        return Ok(Some(Amount::Molar(value)));
    }
    cursor.spaces();
    let before = cursor.basis();
    cursor.sign(&['.', '-']);
    cursor.spaces();
    if cursor.sign(&['%']).is_none() || before == Some(Basis::Mole) {
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

fn example(name: &str) -> String {
    let amount = if name.starts_with('K') { "0.1 M" } else { "5%" };
    format!("write an amount before it, as in `+ {amount} {name}`")
}

fn given_twice(at: usize, name: &str) -> Fault {
    Fault::new(at, format!("{name} is given twice"), "remove one")
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn in_range(at: usize, what: &str, value: f64, low: f64, high: f64, unit: &str) -> Result<(), Fault> {
    within(what, value, low, high, unit)
        .map_err(|problem| Fault::new(at, problem.what.replace('`', ""), problem.cure))
}

fn names_of<T: Named>(known: &'static [T]) -> Vec<&'static str> {
    known.iter().map(|entry| entry.name()).collect()
}
