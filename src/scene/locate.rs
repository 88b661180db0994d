//! Finds the line of a field in the text of a scene or parameter file, so that a message can name it.
//!
//! Does: follow a dotted path (`lattice.edge_um`) key by key, skipping comments and strings. Does not: parse RON; on
//! text that RON accepts, a key is an identifier or string followed by a colon. Accuracy: a key that
//! occurs twice on one level cannot happen in accepted text.

/// Line and column (from 1) of the last key of `path` that the text contains, or `None` if not even the first one is there.
pub(super) fn position_of(text: &str, path: &str) -> Option<(usize, usize)> {
    let keys = keys_of(text);
    let mut found = None;
    let mut from = 0;
    // The keys of an override contain dots themselves.
    let segments: Vec<&str> = match path.strip_prefix("overrides.") {
        Some(key) => vec!["overrides", key],
        None => path.split('.').collect(),
    };
    for segment in segments {
        let Some(offset) = keys[from..].iter().position(|(_, key)| *key == segment) else {
            break;
        };
        found = Some(keys[from + offset].0);
        from += offset + 1;
    }
    found.map(|at| line_and_column(text, at))
}

/// Line and column (from 1; columns count characters) of a byte offset.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Byte offset and text of every key: an identifier followed by `:` or `(` (a variant's name), or a string followed by `:`.
fn keys_of(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let mut keys = Vec::new();
    let mut at = 0;
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
                if at < bytes.len() && next_sign(bytes, at + 1) == Some(b':') {
                    keys.push((start, &text[start + 1..at]));
                }
                at += 1;
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                    at += 1;
                }
                if matches!(next_sign(bytes, at), Some(b':' | b'(')) {
                    keys.push((start, &text[start..at]));
                }
            }
            _ => at += 1,
        }
    }
    keys
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

    #[test]
    fn a_missing_key_points_at_what_would_contain_it() {
        assert_eq!(position_of(TEXT, "host.Planar.scale_um"), Some((6, 9)));
        assert_eq!(position_of(TEXT, "seed"), None);
    }

    #[test]
    fn unfinished_text_is_survived() {
        for text in ["\"abc", "\"abc\\", "/* ", "a", "// x", "é: \"ü\\"] {
            assert_eq!(position_of(text, "zz"), None);
        }
    }
}
