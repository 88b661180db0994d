//! What can be wrong with a scene, said once: where, what, and what to do about it.

/// Why a scene could not be used. The message names the place (`file:line:column` where there is a text), the
/// fault and a cure.
#[derive(Debug, thiserror::Error)]
pub enum SceneError {
    /// Neither a file nor a scene of the library.
    #[error("no scene `{name}`: there is no such file and no such library scene; {cure}")]
    NotFound {
        /// As asked for.
        name: String,
        /// What to do.
        cure: String,
    },
    /// The file is there but cannot be read.
    #[error("{path}: cannot be read ({reason}); {cure}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
        /// What to do.
        cure: String,
    },
    /// The content is wrong: syntax, an unknown field, a value that makes no sense.
    #[error("{place}: {what}; {cure}")]
    Content {
        /// `file:line:column`, or what stands in for it where there is no text.
        place: String,
        /// The fault.
        what: String,
        /// What to do.
        cure: String,
    },
    /// A `path=value` setting is wrong.
    #[error("--set {argument}: {what}; {cure}")]
    Setting {
        /// The argument as given.
        argument: String,
        /// The fault.
        what: String,
        /// What to do.
        cure: String,
    },
}

/// A value that makes no sense, with the dotted path of its field, before it is known which text it came
/// from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    pub field: String,
    pub what: String,
    pub cure: String,
}

impl Problem {
    pub fn new(field: impl Into<String>, what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { field: field.into(), what: crate::notation::printable(&what.into()), cure: cure.into() }
    }

    /// The error of a scene that has no text, for example one put together in the window.
    pub fn without_text(self) -> SceneError {
        SceneError::Content { place: format!("`{}`", self.field), what: self.what, cure: self.cure }
    }
}

/// Up to three of `known` that look like `word`, nearest first.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = word.to_lowercase();
    let mut close: Vec<(usize, &str)> = known
        .into_iter()
        .map(|candidate| {
            let other = candidate.to_lowercase();
            // A word that contains the other is near at any length: `carbonate` for `carbonate_ec_dec`.
            let contained = lower.len() >= 3 && (other.contains(&lower) || lower.contains(&other));
            (if contained { 1 } else { edit_distance(&lower, &other) }, candidate)
        })
        .filter(|(distance, _)| *distance <= 1 + word.len() / 3)
        .collect();
    close.sort();
    close.into_iter().map(|(_, candidate)| candidate).take(3).collect()
}

/// "did you mean `a` or `b`? There are: …" for an unknown name.
pub(super) fn choose_from(word: &str, known: &[&str]) -> String {
    let quoted = |names: &[&str], joint: &str| {
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(joint)
    };
    let near = nearest(word, known.iter().copied());
    let list = quoted(known, ", ");
    if near.is_empty() {
        format!("choose one of {list}")
    } else {
        format!("did you mean {}? There are {list}", quoted(&near, " or "))
    }
}

/// Levenshtein distance.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_edits() {
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("diglime", "diglyme"), 1);
        assert_eq!(edit_distance("sodum", "sodium"), 1);
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["diglyme", "carbonate_ec_dec", "carbonate_fec"];
        assert_eq!(nearest("diglime", known), ["diglyme"]);
        assert_eq!(nearest("Carbonate", known), ["carbonate_ec_dec", "carbonate_fec"]);
        assert!(nearest("water", known).is_empty());
        assert!(choose_from("water", &known).starts_with("choose one of `diglyme`"));
    }
}
