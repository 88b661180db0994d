//! The panel of coatings, by the names that a screen reader would read.

use super::*;

/// A layer is added, found by a search, and taken off again. Nothing happens before a restart.
#[test]
fn a_coating_is_added_searched_for_and_taken_off() {
    let mut harness = harness(world());
    let layers = |harness: &Harness<'_, World>| {
        let state = harness.state();
        state.interface.edit(&state.opened).coating
    };
    harness.get_by_label("Add a coating").click();
    harness.run();
    let first = layers(&harness).remove(0);
    let title = |material: &str| {
        let known = Library::embedded().coatings.into_iter().find(|(name, _)| name == material);
        known.expect("is in the library").1.title
    };
    let chooser = |node: &egui_kittest::Node<'_>| node.value() == Some(title(&first.material));
    harness.get_all_by_role(Role::ComboBox).find(chooser).unwrap().click();
    harness.run();
    harness.get_by_label("Search coatings").click();
    harness.run();
    harness.get_by_label("Search coatings").type_text("bromopropane");
    harness.run();
    harness.get_by_label(&title("nabr")).click();
    harness.run();
    assert_eq!(layers(&harness)[0].material, "nabr");
    assert!(harness.query_by_label("Search coatings").is_none(), "the list is closed");
    assert_eq!(harness.state().requests, [], "nothing happens yet");
    assert!(harness.query_by_label("⟲ Restart to apply").is_some());
    harness.get_by_label("Take off layer 1").click();
    harness.run();
    assert!(layers(&harness).is_empty());
}
