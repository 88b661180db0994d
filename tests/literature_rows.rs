//! Rows of the tables of the reviews as arguments of `natrarium run`: the files in `docs/rows`.
//!
//! Does: read every file, check that its rows are complete, and that every electrolyte resolves.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use natrarium::scene::{DEFAULT_SCENE, load};
use std::path::{Path, PathBuf};

const HEADER: [&str; 7] = ["row", "source", "where", "what", "status", "arguments", "reason"];

/// The files with their names.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rows");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Fields of a line of a CSV file; a quote inside quotes is doubled.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.next_if_eq(&'"').is_some() => fields.last_mut().unwrap().push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(sign),
        }
    }
    assert!(!quoted, "a quote is not closed: {line}");
    fields
}

/// Words as a shell splits them: at spaces outside of quotes.
fn words(arguments: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for sign in arguments.chars() {
        match (quote, sign) {
            (Some(open), sign) if sign == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(sign);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (_, sign) => word.get_or_insert_default().push(sign),
        }
    }
    assert_eq!(quote, None, "a quote is not closed: {arguments}");
    words.extend(word);
    words
}

#[test]
fn rows_are_complete_and_say_what_is_assumed() {
    for path in files() {
        let name = path.display();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        assert_eq!(fields(lines.next().unwrap()), HEADER, "{name}");
        let mut number = 0;
        for line in lines {
            number += 1;
            let row = fields(line);
            let [at, source, _, what, status, arguments, reason] = &row[..] else {
                panic!("{name}: row {number} has {} fields", row.len())
            };
            assert_eq!(at, &number.to_string(), "{name}: rows are numbered without a gap");
            assert!(!source.is_empty() && !what.is_empty(), "{name}, row {number}: source and content");
            assert!(!reason.trim().is_empty(), "{name}, row {number}: the reason is missing");
            match status.as_str() {
                "scene" => assert!(!arguments.is_empty(), "{name}, row {number}: the arguments are missing"),
                "out" => assert!(arguments.is_empty(), "{name}, row {number}: what is out has no arguments"),
                other => panic!("{name}, row {number}: status `{other}`"),
            }
        }
        assert!(number > 0, "{name} has no rows");
    }
}

#[test]
fn the_electrolyte_of_every_row_resolves() {
    let moss = load(DEFAULT_SCENE).unwrap();
    let mut tried = 0;
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        for row in text.lines().skip(1).map(fields).filter(|row| row[4] == "scene") {
            let words = words(&row[5]);
            let Some(at) = words.iter().position(|word| word == "--electrolyte") else { continue };
            let electrolyte = words.get(at + 1).expect("a value");
            let scene = moss.with_settings(&[format!("electrolyte={electrolyte}")]);
            assert!(scene.is_ok(), "{}, row {}: {}", path.display(), row[0], scene.unwrap_err());
            tried += 1;
        }
    }
    assert!(tried >= 50, "{tried}");
}

#[test]
fn lines_are_split_as_a_shell_and_a_spreadsheet_do() {
    assert_eq!(fields("1,\"a, \"\"b\"\"\",,c"), ["1", "a, \"b\"", "", "c"]);
    assert_eq!(
        words("run  --electrolyte \"1 M NaPF6 in EC\" --set 'a=(1, 2)' \"\""),
        ["run", "--electrolyte", "1 M NaPF6 in EC", "--set", "a=(1, 2)", ""]
    );
}
