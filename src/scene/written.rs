//! A protocol outside a scene: a list of steps on the command line, or in a file of its own.

use super::sentences;
use super::text::{place_in, read_stdin, read_text};
use super::{SceneError, StepSpec};
use std::path::Path;

/// A protocol with the text it was read from, so that a message can name the line.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenProtocol {
    /// As read; not yet checked, which needs the cell.
    pub steps: Vec<StepSpec>,
    text: String,
    label: String,
}

impl WrittenProtocol {
    /// Reads a list of steps, as it would stand in a scene or in sentences. Where `words` name a file (one
    /// that is there, or an ending of `.ron` or `.txt`), the file holds the list; `-` is standard input.
    /// `label` names a list in messages; a file has its own name.
    ///
    /// ```
    /// # use natrarium::scene::{StepSpec, WrittenProtocol};
    /// let written = WrittenProtocol::read("[Rest(time_s: 600)]", "--protocol").unwrap();
    /// assert_eq!(written.steps, [StepSpec::Rest { time_s: 600.0 }]);
    /// assert_eq!(WrittenProtocol::read("Rest for 10 min", "--protocol").unwrap().steps, written.steps);
    /// ```
    ///
    /// # Errors
    /// Names line and column in the text, the fault and a cure.
    pub fn read(words: &str, label: &str) -> Result<Self, SceneError> {
        let words = words.trim();
        let path = Path::new(words);
        let ending = path
            .extension()
            .is_some_and(|found| ["ron", "txt"].iter().any(|ending| found.eq_ignore_ascii_case(ending)));
        let (text, label) = match words {
            "-" => (read_stdin()?, "standard input"),
            _ if ending || path.is_file() => (read_text(path)?, words),
            _ => (words.to_string(), label),
        };
        let steps = sentences::steps(&text, label)?;
        Ok(Self { steps, label: label.into(), text })
    }

    /// `label:line:column` of a field such as `protocol[0].Plate.until`.
    pub fn place_of(&self, field: &str) -> String {
        place_in(&self.text, &self.label, field.strip_prefix("protocol").unwrap_or(field))
    }
}
