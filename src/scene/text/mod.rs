//! Text of scene and parameter files.
//!
//! Does: read a file, parse RON with errors that name file, line, column and cure.
//! Does not: know what the text means.

mod locate;
mod signs;

use super::error::{Problem, SceneError, choose_from};
use crate::notation::printable;
use locate::position_of;
use ron::error::SpannedError;
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;
use std::io::Read;
use std::path::Path;

/// Longest scene or parameter file that is read, bytes. The longest of the library has a few thousand.
const LONGEST_FILE: u64 = 1 << 20;

/// Names the line of the offending field.
pub(in crate::scene) fn at_line(problem: Problem, text: &str, file: &str) -> SceneError {
    let place = place_in(text, file, &problem.field);
    SceneError::Content { place, what: problem.what, cure: problem.cure }
}

/// `file:line:column` of a field; one left to its default has no line.
pub(in crate::scene) fn place_in(text: &str, file: &str, field: &str) -> String {
    match position_of(text, field) {
        Some((line, column)) => format!("{file}:{line}:{column}"),
        None if field.is_empty() => file.into(),
        None => format!("{file} (`{field}`, left to its default)"),
    }
}

/// Reads a file that should be a short text.
pub(in crate::scene) fn read_text(path: &Path) -> Result<String, SceneError> {
    let unreadable = |reason: String, cure: &str| SceneError::Unreadable {
        path: path.display().to_string(),
        reason,
        cure: cure.into(),
    };
    if path.is_dir() {
        return Err(unreadable("it is a folder".into(), "name a file in it, ending in .ron"));
    }
    let file = std::fs::File::open(path);
    let file = file.map_err(|error| unreadable(error.to_string(), "check the path and its permissions"))?;
    read_bytes(file, &path.display().to_string())
}

/// Reads standard input, which should be a short text.
pub(in crate::scene) fn read_stdin() -> Result<String, SceneError> {
    read_bytes(std::io::stdin().lock(), "standard input")
}

fn read_bytes(source: impl Read, name: &str) -> Result<String, SceneError> {
    let unreadable =
        |reason: String, cure: &str| SceneError::Unreadable { path: name.into(), reason, cure: cure.into() };
    let mut bytes = Vec::new();
    (source.take(LONGEST_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(error.to_string(), "check the path and its permissions"))?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(unreadable(
            "it is longer than 1 MiB".into(),
            "name a scene file; those have a few kilobytes",
        ));
    }
    signs::decode(&bytes).map_err(|(reason, cure)| unreadable(reason, &cure))
}

/// Parses RON; optional values may be written without `Some`.
pub(in crate::scene) fn parse_ron<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, SceneError> {
    let text = &signs::clean(text, file)?;
    notation().with_default_extension(Extensions::IMPLICIT_SOME).from_str(text).map_err(|error| {
        let at = error.span.start;
        let line = text.lines().nth(at.line.saturating_sub(1)).unwrap_or_default();
        if let Some((number, column)) = signs::decimal_comma(line) {
            return SceneError::Content {
                place: format!("{file}:{}:{column}", at.line),
                what: format!("`{number}` is a number with a decimal comma"),
                cure: format!("write {} with a decimal point", number.replace(',', ".")),
            };
        }
        let (what, cure) = explain(&error, rest_of(text, at.line, at.col));
        let what = printable(&what);
        SceneError::Content { place: format!("{file}:{}:{}", at.line, at.col), what, cure }
    })
}

/// How scenes write RON: the fields of a host stand in one pair of brackets, `Planar(scale_um: 5.0)`.
pub(in crate::scene) fn notation() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::UNWRAP_VARIANT_NEWTYPES)
}

/// The text from a line and column (from 1) on.
fn rest_of(text: &str, line: usize, column: usize) -> &str {
    let line_start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[line_start..];
    rest.char_indices().nth(column.saturating_sub(1)).map_or("", |(at, _)| &rest[at..])
}

/// What is wrong, and a cure, in words that do not ask for knowledge of RON's grammar. `rest` is the text
/// from the error on.
fn explain(error: &SpannedError, rest: &str) -> (String, String) {
    use ron::Error as E;
    let at_end = rest.trim().chars().count() <= 1;
    let within = |outer: &Option<String>| {
        outer.as_ref().map_or(String::new(), |name| format!(" in `{}`", plain(name)))
    };
    match &error.code {
        E::NoSuchStructField { expected, found, outer } => {
            (format!("unknown field `{found}`{}", within(outer)), choose_from(found, expected))
        }
        E::NoSuchEnumVariant { expected, found, outer } => {
            (format!("unknown choice `{found}`{}", within(outer)), choose_from(found, expected))
        }
        E::MissingStructField { field, outer } => {
            (format!("the field `{field}` is missing{}", within(outer)), format!("add `{field}: …`"))
        }
        E::DuplicateStructField { field, .. } => {
            (format!("the field `{field}` is given twice"), "remove one".into())
        }
        // What RON calls a missing comma is, at the very end, a missing bracket.
        E::ExpectedComma | E::ExpectedArrayEnd | E::ExpectedMapEnd | E::ExpectedStructLikeEnd | E::Eof
            if at_end || error.code == E::Eof =>
        {
            ("the text ends too early".into(), "close every `(`, `[`, `{` and `\"`".into())
        }
        E::ExpectedComma => ("a comma is missing before this".into(), "put a comma after each field".into()),
        E::ExpectedString | E::ExpectedStringEnd => {
            ("a text in double quotes is expected here".into(), "write it as \"text\"".into())
        }
        E::ExpectedFloat => {
            ("a number is expected here".into(), "write it as 0.5 or 1e-3, without unit".into())
        }
        E::ExpectedInteger | E::IntegerOutOfBounds | E::InvalidIntegerDigit { .. } => {
            ("a whole number, not negative, is expected here".into(), "write it as 128".into())
        }
        E::ExpectedStructLike | E::ExpectedNamedStructLike(_) | E::ExpectedStructLikeEnd => {
            ("fields in round brackets are expected here".into(), "write them as (name: value, …)".into())
        }
        E::ExpectedArray => {
            ("a list in square brackets is expected here".into(), "write it as [first, second]".into())
        }
        E::TrailingCharacters => (
            "there is more text after the end of the scene".into(),
            "remove what follows the last `)`".into(),
        ),
        other => {
            let text = other.to_string();
            let mut letters = text.chars();
            // The library's own words for the rest, in the middle of our sentence.
            let lower: String =
                letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
            (lower, "compare with a scene of the library (`natrarium scenes`)".into())
        }
    }
}

/// Names of types as a user knows them.
fn plain(type_name: &str) -> &str {
    match type_name {
        "SceneSpec" => "the scene",
        "LatticeSpec" => "lattice",
        "HostSpec" => "host",
        "UntilSpec" => "until",
        "CellSpec" => "cell",
        "StepSpec" => "protocol",
        "StepLimits" => "until of a protocol step",
        "TransportSpec" => "transport",
        "StartSpec" => "start",
        other => other,
    }
}
