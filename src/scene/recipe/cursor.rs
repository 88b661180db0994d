//! Reads words, numbers, names and units from a text, from left to right.
//!
//! Does: accept raised and lowered digits, all dashes, full-width signs, any case of names.
//! Does not: know what may come where; that is `parse`.

use super::Basis;
use super::parse::Fault;
use super::table::{Named, Solvent};
use crate::notation::{comma_is_decimal, plain};

/// Units of concentration by their value. Capitals matter; `·` stands for any sign of multiplication.
const CONCENTRATIONS: [(&[&str], Unit); 3] = [
    (
        &[
            "mol/dm^3",
            "mol/dm3",
            "mol dm-3",
            "mol dm^-3",
            "mol·dm-3",
            "mol/L",
            "mol/l",
            "mol L-1",
            "mol l-1",
            "mol L^-1",
            "mol·L-1",
            "mol·l-1",
            "mol*L-1",
            "mol per litre",
            "mol per liter",
            "mol per L",
            "molar",
            "Molar",
            "M",
        ],
        Unit::Molar(1.0),
    ),
    (&["mmol/L", "mmol/l", "mmol L-1", "mmol·L-1", "mmol/dm3", "mmol dm-3", "mM"], Unit::Molar(1e3)),
    (&["mol/kg", "mol kg-1", "mol kg^-1", "mol·kg-1", "molal"], Unit::Molal),
];
/// Words of a ratio or a per cent sign. Longer ones before those they begin with.
const BASES: [(&str, Basis); 19] = [
    ("volume", Basis::Volume),
    ("vol/vol", Basis::Volume),
    ("vol:vol", Basis::Volume),
    ("v/v/v", Basis::Volume),
    ("v/v", Basis::Volume),
    ("v:v", Basis::Volume),
    ("vol", Basis::Volume),
    ("v", Basis::Volume),
    ("weight", Basis::Mass),
    ("mass", Basis::Mass),
    ("w/w", Basis::Mass),
    ("w:w", Basis::Mass),
    ("wt", Basis::Mass),
    ("w", Basis::Mass),
    ("mol/mol", Basis::Mole),
    ("molar", Basis::Mole),
    ("moles", Basis::Mole),
    ("mole", Basis::Mole),
    ("mol", Basis::Mole),
];

/// A unit of concentration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    /// So many are 1 mol L⁻¹.
    Molar(f64),
    /// mol per kilogram of solvent.
    Molal,
}

/// A place in the text.
pub(super) struct Cursor {
    /// The text with digits and dashes in their plain form, sign for sign.
    plain: Vec<char>,
    shown: Vec<char>,
    /// Where each of them stands in the text; signs without width are left out.
    places: Vec<usize>,
    /// Sign that comes next, from 0.
    pub at: usize,
}

impl Cursor {
    pub fn new(text: &str) -> Self {
        let mut cursor = Self { plain: Vec::new(), shown: Vec::new(), places: Vec::new(), at: 0 };
        for (place, sign) in text.chars().enumerate() {
            if let Some(plain) = plain(sign) {
                cursor.plain.push(plain);
                cursor.shown.push(sign);
                cursor.places.push(place);
            }
        }
        cursor
    }

    /// The place in the text of a sign.
    pub fn place(&self, at: usize) -> usize {
        self.places.get(at).copied().unwrap_or_else(|| self.places.last().map_or(0, |last| last + 1))
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.plain.get(self.at + ahead).copied()
    }

    pub fn ended(&self) -> bool {
        self.at >= self.plain.len()
    }

    pub fn letter_next(&self) -> bool {
        self.peek(0).is_some_and(char::is_alphabetic)
    }

    pub fn digit_next(&self) -> bool {
        self.peek(0).is_some_and(|sign| sign.is_ascii_digit())
    }

    pub fn spaces(&mut self) {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Takes one of these signs.
    pub fn sign(&mut self, any_of: &[char]) -> Option<char> {
        let sign = self.peek(0).filter(|sign| any_of.contains(sign))?;
        self.at += 1;
        Some(sign)
    }

    /// Takes what joins two solvents: `/`, `-`, `:`, and, where another solvent follows, `,`, `+` or `and`.
    /// What makes its film before the others is rather an additive.
    pub fn joint(&mut self, known: &'static [Solvent]) -> bool {
        if self.sign(&['/', '-', ':']).is_some() {
            return true;
        }
        let start = self.at;
        if self.sign(&[',', '+', '&']).is_some() || self.word("and") {
            self.spaces();
            let solvent_at = self.at;
            if self.name(known).is_some_and(|solvent| solvent.reduced_first_electrons.is_none()) {
                self.at = solvent_at;
                return true;
            }
        }
        self.at = start;
        false
    }

    /// Takes digits with a decimal point or comma. A comma that may mean a thousand is a fault.
    pub fn number(&mut self) -> Result<Option<f64>, Fault> {
        let digit = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit());
        let mut text = String::new();
        let mut ahead = 0;
        let mut comma = None;
        while let Some(sign) = self.peek(ahead) {
            match sign {
                '0'..='9' => text.push(sign),
                '.' | ',' if !text.contains('.') && digit(self.peek(ahead + 1)) => {
                    comma = (sign == ',').then(|| (self.at + ahead, text.clone()));
                    text.push('.');
                }
                _ => break,
            }
            ahead += 1;
        }
        let Ok(value) = text.parse() else { return Ok(None) };
        if let Some((at, whole)) = comma {
            comma_is_decimal(&whole, text.len() - whole.len() - 1)
                .map_err(|what| Fault::new(at, what, "write 1000 or 1.0"))?;
        }
        self.at += ahead;
        Ok(Some(value))
    }

    /// How many signs from here on spell `word`. Its spaces and dashes may be others, or none.
    fn spelled(&self, word: &str, same: impl Fn(char, char) -> bool) -> Option<usize> {
        let gap = |sign: char| sign == ' ' || sign == '-';
        let mut length = 0;
        for sign in word.chars() {
            if gap(sign) {
                while self.peek(length).is_some_and(gap) {
                    length += 1;
                }
            } else if self.peek(length).is_some_and(|here| same(here, sign)) {
                length += 1;
            } else {
                return None;
            }
        }
        Some(length)
    }

    /// Takes a unit, in which dashes and capitals matter, but spaces may be more than one.
    fn unit(&mut self, unit: &str) -> bool {
        let mut length = 0;
        for sign in unit.chars() {
            if self.peek(length) != Some(sign) {
                return false;
            }
            length += 1;
            while sign == ' ' && self.peek(length) == Some(' ') {
                length += 1;
            }
        }
        let ends = !self.peek(length).is_some_and(char::is_alphanumeric);
        self.at += if ends { length } else { 0 };
        ends
    }

    /// Takes a word in any case that ends here.
    pub fn word(&mut self, word: &str) -> bool {
        match self.spelled(word, same_letter) {
            Some(length) if !self.peek(length).is_some_and(char::is_alphanumeric) => {
                self.at += length;
                true
            }
            _ => false,
        }
    }

    /// Takes words such as `v/v`, `by vol.`, `wt.%` or `in volume ratio`.
    pub fn basis(&mut self) -> Option<Basis> {
        let start = self.at;
        let _ = self.word("by") || self.word("in");
        self.spaces();
        let Some((_, basis)) = BASES.iter().find(|(word, _)| self.word(word)) else {
            self.at = start;
            return None;
        };
        self.sign(&['.', '-']);
        self.spaces();
        self.word("ratio");
        Some(*basis)
    }

    /// Takes a unit of concentration.
    pub fn concentration(&mut self) -> Result<Option<Unit>, Fault> {
        self.spaces();
        let found = CONCENTRATIONS.iter().find(|(units, _)| units.iter().any(|unit| self.unit(unit)));
        if let Some((_, unit)) = found {
            return Ok(Some(*unit));
        }
        if self.unit("m") {
            return Err(Fault::new(
                self.at - 1,
                "the amount is given as m, mol per kilogram of solvent",
                "give it as M, mol per litre of electrolyte, or write mol/kg if you mean that",
            ));
        }
        Ok(None)
    }

    /// Takes the longest name of the table that ends here.
    pub fn name<T: Named>(&mut self, known: &'static [T]) -> Option<&'static T> {
        let ends = |length: usize| {
            let last_is_digit = self.peek(length.wrapping_sub(1)).is_some_and(|sign| sign.is_ascii_digit());
            // A part may follow a name that ends in a letter: `EC0.5`.
            !self
                .peek(length)
                .is_some_and(|next| next.is_alphabetic() || last_is_digit && next.is_ascii_digit())
        };
        let (length, found) = known
            .iter()
            .flat_map(|entry| entry.spellings().map(move |name| (name, entry)))
            .filter_map(|(name, entry)| Some((self.spelled(name, same_letter)?, entry)))
            .filter(|(length, _)| ends(*length))
            .max_by_key(|(length, _)| *length)?;
        self.at += length;
        self.same_in_brackets(found);
        Some(found)
    }

    /// Takes another name of the same in brackets, as in `ethylene carbonate (EC)`.
    fn same_in_brackets(&mut self, found: &impl Named) {
        let start = self.at;
        self.spaces();
        if self.sign(&['(', '[']).is_some() {
            let length = found.spellings().filter_map(|name| self.spelled(name, same_letter)).max();
            self.at += length.unwrap_or(0);
            if length.is_some() && self.sign(&[')', ']']).is_some() {
                return;
            }
        }
        self.at = start;
    }

    /// The text up to the next space, for messages.
    pub fn next_word(&self) -> String {
        self.shown_while(|sign| !sign.is_whitespace())
    }

    /// What might be meant as the name of a solvent or additive.
    pub fn name_like(&self) -> String {
        self.shown_while(|sign| !sign.is_whitespace() && !"/-:+,()[]".contains(sign))
    }

    fn shown_while(&self, belongs: impl Fn(char) -> bool) -> String {
        let rest = self.plain.iter().zip(&self.shown).skip(self.at);
        rest.take_while(|(plain, _)| belongs(**plain)).map(|(_, shown)| *shown).take(30).collect()
    }
}

fn same_letter(a: char, b: char) -> bool {
    a.to_lowercase().eq(b.to_lowercase())
}
