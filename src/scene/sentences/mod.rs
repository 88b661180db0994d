//! Protocols as sentences, in the manner of PyBaMM's experiments: `Plate at 0.5 mA/cm2 for 2 hours or until
//! -0.2 V`, `Rest for 20 minutes`, `(…) * 10`.
//!
//! Does: turn a text of sentences, one to a line or in a list, into the list of steps that a scene file
//! holds. Steps as in a scene file may stand between them.
//! Does not: check what comes out, or guess: a C-rate, which needs a capacity, is refused.
//! Accuracy: lines keep their numbers.

mod grammar;

use super::SceneError;
use super::spec::StepSpec;
use super::text::{notation, parse_ron};
use crate::notation::printable;
use grammar::{EXAMPLE, sentence};

/// Brackets inside one another at most.
const DEEPEST: usize = 16;

/// Reads a list of steps in sentences or as in a scene file.
pub(super) fn steps(text: &str, label: &str) -> Result<Vec<StepSpec>, SceneError> {
    let as_in_a_scene = parse_ron(text, label);
    if as_in_a_scene.is_ok() || text.trim().is_empty() || !has_sentences(text) {
        return as_in_a_scene;
    }
    let mut reader = Reader::new(text, label, 0);
    let list = reader.items(None, 0)?;
    parse_ron(&format!("[{list}]"), label)
}

/// The text of a scene with the sentences of its protocol as steps; `None` where it has none.
pub(super) fn in_scene(text: &str, label: &str) -> Option<Result<String, SceneError>> {
    let field = text.find("protocol")?;
    let list = field + text[field..].find('[')?;
    let between = &text[field + "protocol".len()..list];
    if !between.trim().trim_end_matches("Some(").trim().eq(":") || !has_sentences(&text[list..]) {
        return None;
    }
    let mut reader = Reader::new(text, label, text[..list].chars().count() + 1);
    Some(reader.items(Some(']'), 0).map(|steps| {
        let rest: String = reader.signs[reader.at..].iter().collect();
        format!("{}[{steps}]{rest}", &text[..list])
    }))
}

/// True where something is not as in a scene file: quotes, or words with spaces between them.
fn has_sentences(text: &str) -> bool {
    let first = text.trim_start().trim_start_matches('[').trim_start();
    let word = first.find(|sign: char| !sign.is_alphanumeric()).unwrap_or(first.len());
    text.contains(['"', '“', '\'']) || !first[word..].trim_start().starts_with('(') || word == 0
}

struct Reader<'a> {
    signs: Vec<char>,
    at: usize,
    label: &'a str,
}

impl<'a> Reader<'a> {
    fn new(text: &str, label: &'a str, at: usize) -> Self {
        Self { signs: text.chars().collect(), at, label }
    }

    fn peek(&self) -> Option<char> {
        self.signs.get(self.at).copied()
    }

    fn fault(&self, at: usize, what: impl Into<String>, cure: impl Into<String>) -> SceneError {
        let before = &self.signs[..at.min(self.signs.len())];
        let line = before.iter().filter(|sign| **sign == '\n').count() + 1;
        let column = before.iter().rev().take_while(|sign| **sign != '\n').count() + 1;
        SceneError::Content {
            place: format!("{}:{line}:{column}", self.label),
            what: printable(&what.into()),
            cure: cure.into(),
        }
    }

    /// Takes spaces, comments and separators; gives the line ends among them.
    fn gap(&mut self) -> String {
        let mut lines = String::new();
        while let Some(sign) = self.peek() {
            let comment = sign == '#' || self.signs[self.at..].starts_with(&['/', '/']);
            match sign {
                '\n' => lines.push('\n'),
                _ if comment => {
                    while self.peek().is_some_and(|sign| sign != '\n') {
                        self.at += 1;
                    }
                    continue;
                }
                ',' | ';' | '\u{FEFF}' => {}
                sign if sign.is_whitespace() => {}
                _ => break,
            }
            self.at += 1;
        }
        lines
    }

    /// Takes steps up to a bracket, or to the end, and gives them as in a scene file.
    fn items(&mut self, close: Option<char>, depth: usize) -> Result<String, SceneError> {
        let mut list = String::new();
        let start = self.at.saturating_sub(1);
        if depth > DEEPEST {
            return Err(self.fault(
                start,
                "too many brackets lie inside one another",
                "write the inner ones out",
            ));
        }
        loop {
            list += &self.gap();
            let at = self.at;
            let Some(sign) = self.peek() else {
                return match close {
                    None => Ok(list),
                    Some(_) => Err(self.fault(start, "the bracket is not closed", "close every `(` and `[`")),
                };
            };
            match sign {
                _ if Some(sign) == close => {
                    self.at += 1;
                    return Ok(list);
                }
                '(' | '[' => {
                    self.at += 1;
                    let inner = self.items(Some(if sign == '(' { ')' } else { ']' }), depth + 1)?;
                    list += &match self.times()? {
                        Some(times) => format!("Repeat(times:{times},steps:[{inner}])"),
                        None => inner,
                    };
                }
                '"' | '\'' | '“' | '„' | '”' => {
                    self.at += 1;
                    let text = self.up_to(|sign| "\"'“”\n".contains(sign));
                    self.at += usize::from(self.peek().is_some_and(|sign| sign != '\n'));
                    list += &self.step(at, &text)?;
                }
                _ if self.begins_a_step_of_a_scene() => list += &self.copied(depth)?,
                ')' | ']' => return Err(self.fault(at, format!("`{sign}` closes nothing"), "remove it")),
                _ => {
                    let text = self.up_to(|sign| "\n;)]\"".contains(sign));
                    list += &self.step(at, &text)?;
                }
            }
            if !list.trim_end().ends_with([',', '[']) && !list.trim().is_empty() {
                list.push(',');
            }
        }
    }

    /// Takes signs up to one that ends a sentence, or a comma that is not inside a number.
    fn up_to(&mut self, ends: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while let Some(sign) = self.peek() {
            let digit = |at: Option<&char>| at.is_some_and(char::is_ascii_digit);
            let in_number =
                self.at > 0 && digit(self.signs.get(self.at - 1)) && digit(self.signs.get(self.at + 1));
            if ends(sign) || sign == ',' && !in_number && !self.goes_on_as_a_pulse() {
                break;
            }
            self.at += 1;
        }
        self.signs[start..self.at].iter().collect()
    }

    /// True before `, 50 ms off`: the parts of a pulse may have commas between them.
    fn goes_on_as_a_pulse(&self) -> bool {
        let rest = self.signs[self.at + 1..].iter().take(40).collect::<String>().to_lowercase();
        let words: Vec<&str> = rest.split_whitespace().take(4).map(|word| word.trim_matches(',')).collect();
        words.first().is_some_and(|word| ["for", "until", "reverse"].contains(word))
            || words.iter().any(|word| ["on", "off"].contains(word))
    }

    /// `* 10` behind a bracket.
    fn times(&mut self) -> Result<Option<u32>, SceneError> {
        let before = self.at;
        while self.peek().is_some_and(|sign| sign == ' ' || sign == '\t') {
            self.at += 1;
        }
        if !self.peek().is_some_and(|sign| "*×".contains(sign)) {
            self.at = before;
            return Ok(None);
        }
        self.at += 1;
        let at = self.at;
        let text = self.up_to(|sign| !sign.is_ascii_digit() && sign != ' ' && sign != '_');
        match text.replace([' ', '_'], "").parse() {
            Ok(times) => Ok(Some(times)),
            Err(_) => {
                Err(self.fault(at, "a number of repeats is missing after `*`", "write it as `(…) * 10`"))
            }
        }
    }

    /// True before `Plate(` and the like.
    fn begins_a_step_of_a_scene(&self) -> bool {
        let mut rest = self.signs[self.at..].iter().skip_while(|sign| sign.is_alphanumeric());
        self.peek().is_some_and(char::is_alphabetic) && rest.next() == Some(&'(')
    }

    /// Takes a step as in a scene file, with sentences in its lists.
    fn copied(&mut self, depth: usize) -> Result<String, SceneError> {
        let (mut text, mut open, start) = (String::new(), 0, self.at);
        while let Some(sign) = self.peek() {
            self.at += 1;
            match sign {
                '[' => text += &format!("[{}]", self.items(Some(']'), depth + 1)?),
                _ => text.push(sign),
            }
            open += i32::from(sign == '(') - i32::from(sign == ')');
            if open == 0 && sign == ')' {
                return Ok(text);
            }
        }
        Err(self.fault(start, "the bracket is not closed", "close every `(` and `[`"))
    }

    /// One sentence as a step of a scene file.
    fn step(&self, at: usize, text: &str) -> Result<String, SceneError> {
        let step = sentence(text).map_err(|(what, cure)| self.fault(at, what, cure))?;
        notation().to_string(&step).map_err(|error| self.fault(at, error.to_string(), EXAMPLE))
    }
}

#[cfg(test)]
mod tests;
