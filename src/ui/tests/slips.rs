//! Slips of the keys.

use super::*;

/// Slips of the keys destroy nothing: what has ended stays, and what is typed into a field is text.
#[test]
fn keys_discard_nothing_by_a_slip() {
    for (ending, expected) in [
        (Ending::Capacity, vec![Request::Continue]),
        (Ending::Protocol, vec![]),
        (Ending::Failure, vec![]),
        (Ending::BoxFull, vec![]),
    ] {
        let mut ended = world();
        (ended.status.finished, ended.status.ending) = (true, Some(ending));
        let mut harness = harness(ended);
        harness.get_by_label(&format!("Ended: {}.", ending.sentence()));
        harness.key_press(egui::Key::Space);
        harness.run();
        assert_eq!(harness.state().requests, expected, "{ending:?}");
    }
    let mut harness = harness(world());
    harness.get_all_by_role(Role::ComboBox).next().expect("the list of scenes").click();
    harness.run();
    // The list is open: letters are no shortcuts, not even before the field is clicked.
    harness.key_press(egui::Key::N);
    harness.run();
    harness.get_by_label("Path of a scene file").click();
    harness.run();
    harness.event(egui::Event::Text("/nope.ron".into()));
    harness.key_press(egui::Key::N);
    harness.key_press(egui::Key::P);
    harness.run();
    assert_eq!(harness.state().requests, [], "the list is open, and the field has the keys");
    harness.get_by_label("Open").click();
    harness.run();
    assert_eq!(harness.state().requests, [Request::Open("/nope.ron".into())]);
}

#[test]
fn escape_closes_an_open_list_first() {
    let mut harness = harness(world());
    harness.get_all_by_role(Role::ComboBox).next().expect("the list of scenes").click();
    harness.run();
    assert!(harness.query_by_label("Path of a scene file").is_some());
    harness.key_press(egui::Key::Escape);
    harness.run();
    harness.run();
    assert!(harness.query_by_label("Path of a scene file").is_none());
}
