//! Tests of `step_list.rs`.

use super::*;

fn rest(time_s: f64) -> StepSpec {
    StepSpec::Rest { time_s }
}

fn again(steps: Vec<StepSpec>) -> StepSpec {
    StepSpec::Repeat { times: 2, steps }
}

/// "1 (2 3) 4" for a list of rests with a repeat.
fn written(steps: &[StepSpec]) -> String {
    let one = |step: &StepSpec| match step {
        StepSpec::Rest { time_s } => time_s.to_string(),
        StepSpec::Repeat { steps, .. } => format!("({})", written(steps)),
        _ => "?".into(),
    };
    steps.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn after(path: &[usize], act: Act) -> String {
    let mut steps = vec![rest(1.0), again(vec![rest(2.0), rest(3.0)]), rest(4.0)];
    apply(&mut steps, path, act);
    written(&steps)
}

#[test]
fn steps_move_into_and_out_of_repeats() {
    assert_eq!(after(&[0], Act::Down), "(1 2 3) 4");
    assert_eq!(after(&[2], Act::Up), "1 (2 3 4)");
    assert_eq!(after(&[1, 0], Act::Up), "1 2 (3) 4");
    assert_eq!(after(&[1, 1], Act::Down), "1 (2) 3 4");
    assert_eq!(after(&[1, 0], Act::Down), "1 (3 2) 4");
    assert_eq!(after(&[1], Act::Up), "(2 3) 1 4");
    assert_eq!(after(&[0], Act::Up), "1 (2 3) 4");
    assert_eq!(after(&[2], Act::Down), "1 (2 3) 4");
}

#[test]
fn steps_are_copied_removed_and_repeated() {
    assert_eq!(after(&[0], Act::Copy), "1 1 (2 3) 4");
    assert_eq!(after(&[1], Act::Remove), "1 4");
    assert_eq!(after(&[1, 1], Act::Remove), "1 (2) 4");
    assert_eq!(after(&[2], Act::Wrap), "1 (2 3) (4)");
    assert_eq!(after(&[1], Act::Unwrap), "1 2 3 4");
    assert_eq!(after(&[0], Act::Unwrap), "1 (2 3) 4");
}

#[test]
fn an_empty_repeat_goes_and_a_wrong_place_is_left_alone() {
    let mut steps = vec![again(vec![again(vec![rest(1.0)])])];
    apply(&mut steps, &[0, 0, 0], Act::Remove);
    assert_eq!(written(&steps), "");
    for path in [&[][..], &[7], &[0, 0], &[1, 9]] {
        assert_eq!(after(path, Act::Remove), "1 (2 3) 4");
        assert!(!after(path, Act::Down).is_empty());
    }
}

#[test]
fn a_pulse_is_chosen_typed_and_kept_inside_the_panel() {
    use egui_kittest::{Harness, kittest::Queryable};
    // What the panel leaves for the list at the width of the controls.
    const WIDTH: f32 = 282.0;
    let until = StepLimits { capacity_mah_cm2: Some(0.5), ..StepLimits::default() };
    let steps = vec![StepSpec::Plate { current_density_ma_cm2: 2.0, until: until.clone() }];
    let mut harness = Harness::builder().with_size([WIDTH, 400.0]).build_ui_state(
        |ui, steps: &mut Vec<StepSpec>| {
            crate::ui::apply_theme(ui.ctx());
            ui.set_max_width(WIDTH - 16.0);
            super::ui(ui, steps);
        },
        steps,
    );
    harness.run();
    harness.get_by_label("step 1 kind").click();
    harness.run();
    harness.get_by_label("Pulse").click();
    harness.run();
    for (name, text) in [("step 1 on", "0.25"), ("step 1 off", "4"), ("step 1 current density", "8")] {
        harness.get_by_label(name).click();
        harness.run();
        harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
        harness.event(egui::Event::Text(text.into()));
        harness.run();
        harness.key_press(egui::Key::Enter);
        harness.run();
    }
    let pulse = StepSpec::Pulse { current_density_ma_cm2: 8.0, on_s: 0.25, off_s: 4.0, reverse: None, until };
    assert_eq!(*harness.state(), [pulse]);
    for name in ["step 1 current density", "step 1 on", "step 1 off", "step 1 capacity", "step 1: remove"] {
        let place = harness.get_by_label(name).rect();
        assert!(place.left() >= 0.0 && place.right() <= WIDTH, "{name} is cut off: {place}");
    }
}
