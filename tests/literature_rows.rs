//! Rows of the tables of the reviews as arguments of `natrarium run`: the files in `docs/rows`.
//!
//! Does: read every file, check that its rows are complete, that the program takes the arguments of each, and
//! that the page of the docs says the same. `NATRARIUM_RENEW=1 cargo test --test literature_rows` writes it.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::path::{Path, PathBuf};
use std::process::Command;

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
fn the_program_takes_the_arguments_of_every_row() {
    let mut tried = 0;
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        for row in text.lines().skip(1).map(fields).filter(|row| row[4] == "scene") {
            let mut command = Command::new(env!("CARGO_BIN_EXE_natrarium"));
            let output = command.arg("run").args(words(&row[5])).arg("--dry-run").output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}, row {}: {said}", path.display(), row[0]);
            tried += 1;
        }
    }
    assert!(tried >= 130, "{tried}");
}

/// Rows of each table in all, and at least how many of them the program can set up.
const TABLES: [(&str, &str, usize, usize); 3] =
    [("coatings", "Coatings", 88, 80), ("hosts", "Hosts", 102, 85), ("electrolytes", "Electrolytes", 53, 50)];

#[test]
fn the_page_of_the_docs_lists_every_row() {
    let mut page = String::from(
        "# Rows of the reviews\n\nEvery row of the tables of the reviews, and how the program sets it up. The \
         arguments are those of `natrarium run`; the scenes that they begin with are in the gallery. The rows are \
         in `docs/rows`.\n",
    );
    for (name, title, all, at_least) in TABLES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/rows/{name}.csv"));
        let text = std::fs::read_to_string(&path).unwrap();
        let rows: Vec<Vec<String>> = text.lines().skip(1).map(fields).collect();
        let can = rows.iter().filter(|row| row[4] == "scene").count();
        assert_eq!(rows.len(), all, "{name}: a row is missing");
        assert!(can >= at_least, "{name}: only {can} can be set up");
        page += &format!("\n## {title}\n\n{can} of {all} rows can be set up.\n\n");
        page += "| row | source | what | arguments | assumed, or why not |\n|---|---|---|---|---|\n";
        for row in rows {
            let [number, source, place, what, _, arguments, reason] = &row[..] else { panic!("{row:?}") };
            let cell = |text: &str| text.replace('|', "\\|");
            let arguments =
                if arguments.is_empty() { "out".into() } else { format!("`{}`", cell(arguments)) };
            let (place, what, reason) = (cell(place), cell(what), cell(reason));
            page += &format!("| {number} | {source}, {place} | {what} | {arguments} | {reason} |\n");
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/rows.md");
    if std::env::var_os("NATRARIUM_RENEW").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    assert!(std::fs::read_to_string(&file).unwrap() == page, "write {} anew", file.display());
}

#[test]
fn lines_are_split_as_a_shell_and_a_spreadsheet_do() {
    assert_eq!(fields("1,\"a, \"\"b\"\"\",,c"), ["1", "a, \"b\"", "", "c"]);
    assert_eq!(
        words("run  --electrolyte \"1 M NaPF6 in EC\" --set 'a=(1, 2)' \"\""),
        ["run", "--electrolyte", "1 M NaPF6 in EC", "--set", "a=(1, 2)", ""]
    );
}
