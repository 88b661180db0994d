//! Finds the line of a field in the text of a scene or parameter file, so that a message can name it.
//!
//! Does: follow a dotted path (`lattice.edge_um`, `protocol[0].Plate.until`) key by key, skipping comments
//! and strings.
//! Does not: parse RON; on text that RON accepts, a key is an identifier or string followed by a colon.
//! Accuracy: each key is looked for only within the value of the key before it.

use std::ops::Range;

/// Line and column (from 1) of the last part of `path` that the text contains, or `None` if not even the
/// first one is there.
pub(super) fn position_of(text: &str, path: &str) -> Option<(usize, usize)> {
    let tokens = tokens_of(text);
    let mut range = 0..tokens.len();
    let mut found = None;
    for segment in segments_of(path) {
        let whole = range.len() == tokens.len();
        let hit = match segment {
            Segment::Key(name) => key_in(&tokens, range, name, whole),
            Segment::Element(number) => element_of(&tokens, range, number),
        };
        let Some((at, inside)) = hit else { break };
        found = Some(at);
        range = inside;
    }
    found.map(|at| line_and_column(text, at))
}

/// One step of a path.
enum Segment<'a> {
    Key(&'a str),
    /// An element of a list, counted from 0.
    Element(usize),
}

fn segments_of(path: &str) -> Vec<Segment<'_>> {
    // The keys of an override contain dots themselves.
    if let Some(key) = path.strip_prefix("overrides.") {
        return vec![Segment::Key("overrides"), Segment::Key(key)];
    }
    let mut segments = Vec::new();
    for part in path.split('.') {
        let mut pieces = part.split('[');
        segments.extend(pieces.next().filter(|name| !name.is_empty()).map(Segment::Key));
        segments.extend(
            pieces.filter_map(|piece| piece.trim_end_matches(']').parse().ok()).map(Segment::Element),
        );
    }
    segments
}

/// What matters of a text: keys, brackets and commas.
struct Token<'a> {
    /// Byte offset.
    at: usize,
    /// Brackets open around it; a bracket does not count itself.
    depth: usize,
    /// A key, or one sign.
    text: &'a str,
}

impl Token<'_> {
    fn opens(&self) -> bool {
        matches!(self.text, "(" | "[" | "{")
    }

    fn closes(&self) -> bool {
        matches!(self.text, ")" | "]" | "}")
    }
}

/// Place and value of the outermost key of this name; in a `whole` text, only a field of the scene itself
/// will do.
fn key_in(tokens: &[Token], range: Range<usize>, name: &str, whole: bool) -> Option<(usize, Range<usize>)> {
    let (number, key) = range
        .clone()
        .map(|number| (number, &tokens[number]))
        .filter(|(_, token)| token.text == name && (!whole || token.depth <= 1))
        .min_by_key(|(_, token)| token.depth)?;
    let value = number + 1..range.end;
    let end = value.clone().find(|next| ends_value(&tokens[*next], key.depth)).unwrap_or(range.end);
    Some((key.at, value.start..end))
}

/// Place and content of an element of the first list.
fn element_of(tokens: &[Token], range: Range<usize>, number: usize) -> Option<(usize, Range<usize>)> {
    let list = range.clone().find(|at| tokens[*at].text == "[")?;
    let depth = tokens[list].depth + 1;
    let mut start = list + 1;
    for _ in 0..number {
        let comma = (start..range.end).find(|at| ends_value(&tokens[*at], depth))?;
        if tokens[comma].closes() {
            return None;
        }
        start = comma + 1;
    }
    let end = (start..range.end).find(|at| ends_value(&tokens[*at], depth)).unwrap_or(range.end);
    (start < end).then(|| (tokens[start].at, start..end))
}

/// True where the value of a key at `depth` is over.
fn ends_value(token: &Token, depth: usize) -> bool {
    token.text == "," && token.depth <= depth || token.closes() && token.depth < depth
}

/// Line and column (from 1; columns count characters) of a byte offset.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Keys are identifiers followed by `:` or `(` (a variant's name), and strings followed by `:`.
fn tokens_of(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut depth) = (0, 0usize);
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at = text[at..].find('\n').map_or(bytes.len(), |n| at + n);
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = text[at..].find("*/").map_or(bytes.len(), |n| at + n + 2);
            }
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let end = at.min(bytes.len());
                at += 1;
                if next_sign(bytes, at) == Some(b':') {
                    tokens.push(Token { at: start, depth, text: &text[start + 1..end] });
                }
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                    at += 1;
                }
                if matches!(next_sign(bytes, at), Some(b':' | b'(')) {
                    tokens.push(Token { at: start, depth, text: &text[start..at] });
                }
            }
            b'(' | b'[' | b'{' | b')' | b']' | b'}' | b',' => {
                at += 1;
                let mut token = Token { at: start, depth, text: &text[start..at] };
                if token.opens() {
                    depth += 1;
                } else if token.closes() {
                    depth = depth.saturating_sub(1);
                    token.depth = depth;
                }
                tokens.push(token);
            }
            _ => at += 1,
        }
    }
    tokens
}

/// First byte from `at` on that is not white space.
fn next_sign(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at..)?.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "// edge_um: no\n(\n  title: \"edge_um: \\\" no\",\n  lattice: (sites: (8, 8, 8),\n    edge_um: 0.5),\n  host: Planar(roughness_um: 1),\n  overrides: {\"electrolyte.film_spread\": 2},\n)";

    #[test]
    fn nested_keys_are_found_outside_comments_and_strings() {
        assert_eq!(position_of(TEXT, "lattice.edge_um"), Some((5, 5)));
        assert_eq!(position_of(TEXT, "title"), Some((3, 3)));
        assert_eq!(position_of(TEXT, "host.Planar.roughness_um"), Some((6, 16)));
        assert_eq!(position_of(TEXT, "overrides.electrolyte.film_spread"), Some((7, 15)));
    }

    const STEPS: &str = "(\n  protocol: [\n    Rest(time_s: 5),\n    Repeat(times: 2, steps: [\n      Rest(time_s: 6),\n      Plate(until: (time_s: 7)),\n    ]),\n  ],\n  seed: 1,\n)";

    #[test]
    fn elements_of_lists_are_counted() {
        assert_eq!(position_of(STEPS, "protocol[0].Rest.time_s"), Some((3, 10)));
        assert_eq!(position_of(STEPS, "protocol[1].Repeat.times"), Some((4, 12)));
        assert_eq!(position_of(STEPS, "protocol[1].Repeat.steps[1].Plate.until.time_s"), Some((6, 21)));
        // A list on its own.
        assert_eq!(position_of("[Rest(time_s: 1), Rest(time_s: 2)]", "[1].Rest.time_s"), Some((1, 24)));
    }

    #[test]
    fn what_a_list_lacks_is_not_found_elsewhere() {
        assert_eq!(position_of(STEPS, "protocol[0].Rest.until"), Some((3, 5)));
        assert_eq!(position_of(STEPS, "protocol[7].Rest.time_s"), Some((2, 3)));
        assert_eq!(position_of(STEPS, "until.time_s"), None);
        assert_eq!(position_of(STEPS, "time_s"), None);
    }

    #[test]
    fn a_missing_key_points_at_what_would_contain_it() {
        assert_eq!(position_of(TEXT, "host.Planar.scale_um"), Some((6, 9)));
        assert_eq!(position_of(TEXT, "seed"), None);
    }

    #[test]
    fn unfinished_text_is_survived() {
        for text in ["\"abc", "\"abc\\", "/* ", "a", "// x", "é: \"ü\\", "]]", "[[(", "[,"] {
            assert_eq!(position_of(text, "zz"), None);
            assert_eq!(position_of(text, "zz[3].a"), None);
            let _ = position_of(text, "[1].a");
        }
    }
}
