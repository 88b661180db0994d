//! `natrarium validate laws` as a user runs it.

use super::{names_in, outcome, words};

#[test]
fn laws_are_judged_and_the_exit_code_says_so() {
    let place = tempfile::tempdir().unwrap();
    let output = outcome(place.path(), &["validate", "laws", "--quick", "--out", "laws"]);
    let table = words(&output.stdout);
    let verdicts: Vec<&str> = table.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let missed = verdicts.iter().filter(|word| **word == "MISSED").count();
    let held = verdicts.iter().filter(|word| **word == "holds").count();
    assert!(held > 5, "{table}");
    assert!(table.contains(&format!("{held} of {} laws hold.", held + missed)), "{table}");
    assert_eq!(output.status.code(), Some(i32::from(missed > 0)), "{table}");
    assert_eq!(names_in(&place.path().join("laws")), ["laws.csv", "laws.html"]);
    let csv = std::fs::read_to_string(place.path().join("laws/laws.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + held + missed);
    // A place that cannot be written is told before anything is measured.
    std::fs::write(place.path().join("file"), "").unwrap();
    let refused = outcome(place.path(), &["validate", "laws", "--quick", "--out", "file"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(words(&refused.stderr).lines().count(), 1, "{}", words(&refused.stderr));
}
