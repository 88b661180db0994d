//! Bytes and signs as editors leave them.
//!
//! Does: decode UTF-8 and UTF-16, make one kind of line end. Outside of texts and comments, take spaces of
//! all kinds for spaces and typographic quotes for quotes.
//! Does not: guess. Any other sign that RON does not know is named with its place and what to write.
//! Accuracy: lines keep their numbers, and signs their columns, but for signs without width inside a word.

use super::super::error::SceneError;
use crate::notation::plain;
use std::borrow::Cow;

/// The text of a file; an error is the reason and the cure.
pub(super) fn decode(bytes: &[u8]) -> Result<String, (String, String)> {
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => utf8(bytes)?.to_string(),
    };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn utf16(bytes: &[u8], of: fn([u8; 2]) -> u16) -> Result<String, (String, String)> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| of(*pair)).collect();
    String::from_utf16(&units).ok().filter(|_| odd.is_empty()).ok_or_else(|| {
        (
            "it is not a UTF-8 text; it begins like UTF-16, but goes on otherwise".into(),
            "save it as UTF-8".into(),
        )
    })
}

fn utf8(bytes: &[u8]) -> Result<&str, (String, String)> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = bytes[error.valid_up_to()];
        // In Latin-1 every byte from 0xA0 on is the sign of that number.
        let meant = match char::from(byte) {
            sign if byte >= 0xA0 => format!(" (in Latin-1 it is `{sign}`)"),
            _ => String::new(),
        };
        let what = format!("it is not a UTF-8 text: the byte 0x{byte:02X} in line {line}{meant}");
        (what, "name a scene file, or save it as UTF-8".into())
    })
}

/// Quotes that open a text, with those that may close it.
const QUOTES: [(char, &str); 6] =
    [('“', "”\""), ('„', "“”\""), ('‟', "”\""), ('”', "”\""), ('«', "»"), ('»', "«»")];

/// `text` in the signs of RON.
///
/// # Errors
/// Names the first sign that does not belong there.
pub(super) fn clean<'a>(text: &'a str, file: &str) -> Result<Cow<'a, str>, SceneError> {
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text));
    }
    let signs: Vec<char> = text.chars().collect();
    let mut cleaned = String::with_capacity(text.len());
    let mut at = 0;
    while at < signs.len() {
        let sign = signs[at];
        let end = after_text_or_comment(&signs, at);
        if end > at {
            cleaned.extend(&signs[at..end]);
            at = end;
        } else if let Some(close) = closing(&signs, at) {
            cleaned.push('"');
            cleaned.extend(&signs[at + 1..close]);
            cleaned.push('"');
            at = close + 1;
        } else {
            let in_word = |at: Option<&char>| at.is_some_and(|sign| sign.is_alphanumeric() || *sign == '_');
            match plain(sign) {
                _ if sign.is_ascii() => cleaned.push(sign),
                Some(' ') => cleaned.push(' '),
                None if at > 0 && in_word(signs.get(at - 1)) && in_word(signs.get(at + 1)) => {}
                None => cleaned.push(' '),
                found => return Err(foreign(&signs, at, found, file)),
            }
            at += 1;
        }
    }
    Ok(Cow::Owned(cleaned))
}

/// Where a text in quotes or a comment that begins here ends; `at` where none does.
fn after_text_or_comment(signs: &[char], at: usize) -> usize {
    let find = |from: usize, stop: &[char]| {
        let end = (from..signs.len()).find(|place| signs[*place..].starts_with(stop));
        end.map_or(signs.len(), |end| end + stop.len())
    };
    match (signs[at], signs.get(at + 1)) {
        ('/', Some('/')) => find(at, &['\n']),
        ('/', Some('*')) => find(at + 2, &['*', '/']),
        ('"', _) => {
            let mut end = at + 1;
            while end < signs.len() && signs[end] != '"' {
                end += if signs[end] == '\\' { 2 } else { 1 };
            }
            (end + 1).min(signs.len())
        }
        _ => at,
    }
}

/// Where the quote that opens here closes, on the same line and without another quote between.
fn closing(signs: &[char], at: usize) -> Option<usize> {
    let (_, closers) = QUOTES.iter().find(|(open, _)| *open == signs[at])?;
    let rest = signs[at + 1..].iter().position(|sign| closers.contains(*sign) || *sign == '\n')?;
    let close = at + 1 + rest;
    (signs[close] != '\n' && !signs[at + 1..close].contains(&'"')).then_some(close)
}

fn foreign(signs: &[char], at: usize, plain: Option<char>, file: &str) -> SceneError {
    let before = &signs[..at];
    let line = before.iter().filter(|sign| **sign == '\n').count() + 1;
    let column = before.iter().rev().take_while(|sign| **sign != '\n').count() + 1;
    let sign = signs[at];
    let instead = match (sign, plain) {
        ('\u{37E}', _) => Some(';'),
        (_, Some(plain)) if plain.is_ascii() => Some(plain),
        _ if QUOTES.iter().any(|(open, close)| sign == *open || close.contains(sign)) => Some('"'),
        _ => None,
    };
    SceneError::Content {
        place: format!("{file}:{line}:{column}"),
        what: format!("the sign `{sign}` (U+{:04X}) has no meaning here", sign as u32),
        cure: match instead {
            Some(instead) => format!("write `{instead}` instead"),
            None => "remove it, or put the text it belongs to into double quotes".into(),
        },
    }
}

/// A number with a decimal comma in a line: how it is written, and its column from 1.
pub(super) fn decimal_comma(line: &str) -> Option<(&str, usize)> {
    let digits = |text: &str| text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
    line.match_indices(',').find_map(|(comma, _)| {
        let start = line[..comma]
            .rfind(|sign: char| !sign.is_ascii_digit() && sign != '-')
            .map_or(0, |at| at + line[at..].chars().next().map_or(0, char::len_utf8));
        let after = digits(&line[comma + 1..]);
        let of_a_field = line[..start].trim_end().ends_with(':');
        (of_a_field && start < comma && after > 0)
            .then(|| (&line[start..comma + 1 + after], line[..start].chars().count() + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_and_comments_keep_their_signs() {
        let text = "(title: \"a − b “c”\u{200b}\", // − “\n /* − */ x:\u{a0}1)";
        assert_eq!(clean(text, "f").unwrap(), text.replace('\u{a0}', " "));
        assert_eq!(clean("x\u{200b}y: „a“, z: «b»", "f").unwrap(), "xy: \"a\", z: \"b\"");
    }

    #[test]
    fn decimal_commas_are_found_behind_a_field() {
        assert_eq!(decimal_comma("    edge_um: 0,5, sites: (1,2,3)"), Some(("0,5", 14)));
        assert_eq!(decimal_comma("x: -12,25"), Some(("-12,25", 4)));
        for line in ["sites: (32,32,64)", "x: 1, y: 2", "x: 1,", "5,5", "ä:,1"] {
            assert_eq!(decimal_comma(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_and_no_signs_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), text in "[-a1\"“„”« \\n/*\\\\\u{200b}é,:]{0,30}") {
            if let Ok(text) = decode(&bytes) {
                let _ = clean(&text, "f");
            }
            let _ = (clean(&text, "f"), decimal_comma(&text));
        }
    }
}
