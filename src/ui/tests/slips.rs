//! Slips of the keys.

use super::*;
use crate::quantity::Quantities;

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

/// Chooses an entry of the list whose present value is `now`.
fn choose(harness: &mut Harness<'static, World>, now: &str, entry: &str) {
    let chooser = |node: &egui_kittest::Node<'_>| node.value().as_deref() == Some(now);
    harness.get_all_by_role(Role::ComboBox).find(chooser).expect(now).click();
    harness.run();
    // The list lies above the panels, which may have a button of the same name.
    harness.get_all_by_label(entry).last().expect(entry).click();
    harness.run();
}

#[test]
fn a_step_keeps_its_current_and_limits_through_other_kinds() {
    let mut harness = harness(world());
    harness.get_by_label("Own list").click();
    harness.run();
    harness.get_by_label("step 1.2: remove").click();
    harness.run();
    type_into(&mut harness, "step 1.1 capacity", "0.75");
    type_into(&mut harness, "step 1.1 current density", "3");
    choose(&mut harness, "Plate", "Rest");
    choose(&mut harness, "Rest", "Pulse");
    let state = harness.state();
    let protocol = state.interface.edit(&state.opened).protocol.expect("a protocol");
    let until = StepLimits { capacity_mah_cm2: Some(0.75), ..StepLimits::default() };
    let StepSpec::Repeat { steps, .. } = &protocol[0] else { panic!("{protocol:?}") };
    let pulse = StepSpec::Pulse { current_density_ma_cm2: 3.0, on_s: 1.0, off_s: 1.0, reverse: None, until };
    assert_eq!(steps, &[pulse]);
}

#[test]
fn changes_that_wait_move_nothing_under_the_pointer() {
    let mut harness = harness(world());
    let places = |harness: &Harness<'static, World>| {
        ["Dimensions", "Conditions", "Recipe", "Cycling"].map(|name| harness.get_by_label(name).rect())
    };
    let before = places(&harness);
    choose(&mut harness, "Flat foil", "Metal foam");
    harness.get_by_label("⟲ Restart to apply");
    assert_eq!(places(&harness), before);
}

#[test]
fn a_double_click_goes_back_to_the_scene_and_not_to_what_runs() {
    let mut restarted = world();
    let presets = crate::host::HostSpec::presets();
    restarted.opened.host = presets.into_iter().find(|(name, _)| *name == "Rough foil").expect("there").1;
    restarted.running = Scene::resolve(restarted.opened.clone()).expect("a good scene");
    // What runs has been made rougher than the scene was.
    let rougher = 8.0;
    for value in restarted.running.spec.host.values_mut().into_iter().take(1) {
        *value = rougher;
    }
    let own = restarted.opened.host.values()[0];
    let mut harness = harness(restarted);
    harness.get_by_label("Dimensions").click();
    harness.run();
    let label = harness.state().opened.host.quantities()[0].label;
    let slider = harness.get_by_role_and_label(Role::Slider, label).rect().center();
    for pressed in [true, false, true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
        harness.event(egui::Event::PointerMoved(slider));
        harness.event(egui::Event::PointerButton { pos: slider, button, pressed, modifiers });
        harness.step();
    }
    harness.run();
    let state = harness.state();
    assert_eq!(state.interface.edit(&state.opened).host.values()[0], own);
}

#[test]
fn the_words_of_a_scene_are_marked_once_it_is_changed() {
    const MARK: &str = "You have changed this scene. About the original:";
    let mut harness = harness(world());
    assert!(harness.query_by_label(MARK).is_none());
    type_into(&mut harness, "Applied", "50");
    harness.get_by_label(MARK);
}

#[test]
fn a_narrow_window_shows_one_panel_and_leaves_room_for_the_picture() {
    let mut narrow = Harness::builder().with_size([985.0, 900.0]).with_step_dt(0.02).build_ui_state(
        |ui, world: &mut World| {
            apply_theme_once(ui.ctx());
            show(ui, world);
        },
        world(),
    );
    narrow.run();
    assert!(narrow.state().view.width() > 600.0, "{}", narrow.state().view.width());
    assert!(narrow.query_by_label("▶ Play").is_some() && narrow.query_by_label("Deposit").is_none());
    narrow.get_by_label("Figures").click();
    narrow.run();
    assert!(narrow.query_by_label("▶ Play").is_none() && narrow.query_by_label("Deposit").is_some());
    // Large type on a usual screen makes the window narrow.
    let mut harness = harness(world());
    harness.key_press(egui::Key::P);
    harness.run();
    harness.get_by_label("Controls");
}
