//! Reads words, numbers, names and units from a text, from left to right.
//!
//! Does: accept raised and lowered digits, all dashes, full-width signs, any case of names.
//! Does not: know what may come where; that is `parse`.

use super::Basis;
use super::parse::Fault;
use super::table::{Named, Solvent};

/// Ways to write mol L⁻¹. Longer ones before those they begin with.
const MOLAR: [&str; 14] = [
    "mol/dm^3",
    "mol/dm3",
    "mol dm-3",
    "mol·dm-3",
    "mol/L",
    "mol/l",
    "mol L-1",
    "mol l-1",
    "mol·L-1",
    "mol·l-1",
    "mol*L-1",
    "molar",
    "Molar",
    "M",
];
/// Ways to write mmol L⁻¹.
const MILLIMOLAR: [&str; 4] = ["mmol/L", "mmol/l", "mmol L-1", "mM"];
/// Ways to write mol kg⁻¹, which is not understood but recognised.
const MOLAL: [&str; 5] = ["mol/kg", "mol kg-1", "mol·kg-1", "molal", "m"];
/// Words after a ratio or a per cent sign. Longer ones before those they begin with.
const BASES: [(&str, Basis); 18] = [
    ("by volume", Basis::Volume),
    ("volume", Basis::Volume),
    ("vol/vol", Basis::Volume),
    ("v/v", Basis::Volume),
    ("vol", Basis::Volume),
    ("v", Basis::Volume),
    ("by weight", Basis::Mass),
    ("by mass", Basis::Mass),
    ("weight", Basis::Mass),
    ("mass", Basis::Mass),
    ("w/w", Basis::Mass),
    ("wt", Basis::Mass),
    ("w", Basis::Mass),
    ("by mole", Basis::Mole),
    ("mol/mol", Basis::Mole),
    ("molar", Basis::Mole),
    ("mole", Basis::Mole),
    ("mol", Basis::Mole),
];

/// A place in the text.
pub(super) struct Cursor {
    /// The text with digits and dashes in their plain form, sign for sign.
    plain: Vec<char>,
    shown: Vec<char>,
    /// Sign that comes next, from 0.
    pub at: usize,
}

impl Cursor {
    pub fn new(text: &str) -> Self {
        let shown: Vec<char> = text.chars().collect();
        Self { plain: shown.iter().copied().map(plain).collect(), shown, at: 0 }
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

    /// Takes a comma if a solvent follows: `EC, DEC`.
    pub fn comma_before_solvent(&mut self, known: &'static [Solvent]) -> bool {
        let start = self.at;
        if self.sign(&[',']).is_some() {
            self.spaces();
            let solvent_at = self.at;
            if self.name(known).is_some() {
                self.at = solvent_at;
                return true;
            }
        }
        self.at = start;
        false
    }

    /// Takes digits with a decimal point or comma.
    pub fn number(&mut self) -> Option<f64> {
        let digit = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit());
        let mut text = String::new();
        let mut ahead = 0;
        let mut fraction = false;
        while let Some(sign) = self.peek(ahead) {
            match sign {
                '0'..='9' => text.push(sign),
                '.' | ',' if !fraction && digit(self.peek(ahead + 1)) => {
                    fraction = true;
                    text.push('.');
                }
                _ => break,
            }
            ahead += 1;
        }
        let value = text.parse().ok()?;
        self.at += ahead;
        Some(value)
    }

    /// How many signs from here on spell `word`.
    fn spelled(&self, word: &str, same: impl Fn(char, char) -> bool) -> Option<usize> {
        let length = word.chars().count();
        let matches =
            word.chars().enumerate().all(|(i, sign)| self.peek(i).is_some_and(|here| same(here, sign)));
        matches.then_some(length)
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

    pub fn basis(&mut self) -> Option<Basis> {
        BASES.iter().find(|(word, _)| self.word(word)).map(|(_, basis)| *basis)
    }

    /// Takes a unit of concentration and gives how many of it are 1 mol L⁻¹. Here capitals matter.
    pub fn molar(&mut self) -> Result<Option<f64>, Fault> {
        self.spaces();
        let start = self.at;
        let mut unit = |spellings: &[&str]| {
            let length = spellings.iter().find_map(|word| {
                let length = self.spelled(word, |here, there| here == there)?;
                (!self.peek(length).is_some_and(char::is_alphanumeric)).then_some(length)
            });
            self.at += length.unwrap_or(0);
            length.is_some()
        };
        if unit(&MILLIMOLAR) {
            return Ok(Some(1e3));
        }
        if unit(&MOLAL) {
            return Err(Fault::new(
                start,
                "the amount is given as m, mol per kilogram of solvent",
                "give it as M, mol per litre of electrolyte; in dilute solutions 1 m is about the solvent's density in kg/L times 1 M",
            ));
        }
        Ok(unit(&MOLAR).then_some(1.0))
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
        Some(found)
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

/// Raised and lowered digits, dashes and spaces of all kinds in their plain form.
fn plain(sign: char) -> char {
    match sign {
        '₀'..='₉' => char::from_digit(sign as u32 - '₀' as u32, 10).unwrap_or(sign),
        '⁰' | '⁴'..='⁹' => char::from_digit(sign as u32 - '⁰' as u32, 10).unwrap_or(sign),
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁻' | '−' | '–' | '—' | '‐' | '‑' => '-',
        '⋅' | '∙' | '•' => '·',
        '∶' => ':',
        '⁄' | '∕' => '/',
        '％' => '%',
        space if space.is_whitespace() => ' ',
        other => other,
    }
}
