//! Cells, protocols and recipes in the panels.

use super::*;

/// A world whose cell is in the third of ten cycles.
pub fn cycling_world() -> World {
    let mut world = world();
    world.opened.protocol = Some(StepSpec::cycling(0.5, 0.25, 10, CellSpec::default(), 1.0));
    world.opened.until = None;
    world.running = Scene::resolve(world.opened.clone()).unwrap();
    world.metrics = Metrics {
        current_density_ma_cm2: -0.5,
        regime: Regime::Stripping,
        areal_capacity_mah_cm2: 0.75,
        stripped_mah_cm2: 0.6,
        sites_stripped: 5000,
        cycles_completed: 2,
        ce_last_percent: Some(91.0),
        ce_mean_percent: Some(88.5),
        dead_mah_cm2: 0.04,
        pieces_cut_off: 12,
        electrolyte_ul_cm2: 39.0,
        additive_left: 0.6,
        ..world.metrics
    };
    let cycle = |number, ce_percent: f64| Cycle {
        number,
        ce_percent: Some(ce_percent),
        dead_percent: 100.0 - ce_percent,
        ..Cycle::default()
    };
    world.cycles = vec![cycle(1, 86.0), cycle(2, 91.0)];
    world.present_step = Some(PresentStep {
        number: 6,
        current_density_a_m2: -5.0,
        by_hand: false,
        pulsed: false,
        held_v: None,
        capacity_mah_cm2: f64::INFINITY,
        passed_mah_cm2: 0.1,
        time_s: f64::INFINITY,
        passed_s: 720.0,
        voltage_v: 1.0,
    });
    world
}

#[test]
fn plate_rest_and_strip_act_at_once_and_keep_the_magnitude() {
    for (name, key, ma_cm2) in
        [("Plate", egui::Key::Num1, 2.0), ("Rest", egui::Key::Num2, 0.0), ("Strip", egui::Key::Num3, -2.0)]
    {
        let request = Request::CurrentDensity { ma_cm2 };
        assert_eq!(asked_by_clicking(name, world()), std::slice::from_ref(&request), "{name}");
        let mut harness = harness(world());
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().requests, [request], "{key:?}");
        let state = harness.state();
        let next = state.interface.edit(&state.opened).current_density_ma_cm2;
        assert_eq!(next, 2.0, "the next run begins by plating");
    }
}

#[test]
fn while_stripping_a_typed_magnitude_goes_on_stripping() {
    let mut world = world();
    world.metrics.current_density_ma_cm2 = -2.0;
    let mut harness = harness(world);
    type_into(&mut harness, "Applied", "7");
    assert_eq!(harness.state().requests, [Request::CurrentDensity { ma_cm2: -7.0 }]);
}

#[test]
fn the_present_step_is_told_and_a_current_set_in_it_is_not_for_the_next_run() {
    let mut harness = harness(cycling_world());
    harness.get_by_label("cycle 3 of 10 · stripping 0.5 mA cm⁻² · until 1 V");
    type_into(&mut harness, "Applied", "4");
    assert_eq!(harness.state().requests, [Request::CurrentDensity { ma_cm2: -4.0 }]);
    // As the simulation tells it then.
    harness.state_mut().present_step.as_mut().unwrap().by_hand = true;
    harness.run();
    harness.get_by_label("Set by hand until this step ends.");
    let state = harness.state();
    assert_eq!(state.interface.edit(&state.opened), state.opened);
    // With the next step the protocol has its own current again.
    let step = harness.state_mut().present_step.as_mut().unwrap();
    (step.number, step.current_density_a_m2, step.by_hand) = (7, 5.0, false);
    harness.run();
    assert!(harness.query_by_label("Set by hand until this step ends.").is_none());
}

/// Types into the recipe, in place of what stands there.
fn type_recipe(harness: &mut Harness<'static, World>, text: &str) {
    harness.get_by_label("Recipe").click();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.event(egui::Event::Text(text.into()));
    harness.run();
}

#[test]
fn nonsense_in_the_recipe_is_told_in_place_and_breaks_nothing() {
    for nonsense in [
        "1 M NaPF6 in EC/DECK",
        "salt and water",
        "1e999 M NaPF6 in EC",
        "1 M NaPF6 in",
        "🧪🧪",
        "(((",
        "nan M",
    ] {
        let mut harness = harness(world());
        type_recipe(&mut harness, nonsense);
        let told = harness.query_all_by_label_contains("at column").count();
        assert_eq!(told, 1, "{nonsense:?}");
        let state = harness.state();
        assert_eq!(state.interface.edit(&state.opened), state.opened, "{nonsense:?}");
        assert_eq!(state.requests, [], "{nonsense:?}");
    }
}

#[test]
fn a_recipe_waits_for_a_restart() {
    let mut harness = harness(world());
    type_recipe(&mut harness, "2 M NaFSI in DME/TEGDME (1:2)");
    harness.get_by_label("⟲ Restart to apply").click();
    harness.run();
    let state = harness.state();
    assert_eq!(state.requests, [Request::Restart { new_seed: false }]);
    let spec = state.interface.edit(&state.opened);
    assert!(Scene::resolve(spec.clone()).is_ok());
    assert_eq!(spec.electrolyte, "2 M NaFSI in DME/TEGDME (1:2)");
    // A recipe that has a name is that electrolyte.
    type_recipe(&mut harness, "1 M NaPF6 in diglyme");
    let state = harness.state();
    assert_eq!(state.interface.edit(&state.opened).electrolyte, "diglyme");
}

#[test]
fn simple_cycling_becomes_a_list_that_can_be_edited() {
    let mut harness = harness(world());
    harness.get_by_label("Cycling").click();
    harness.run();
    for (name, text) in [("Current", "0,5"), ("Capacity", "0.25"), ("Cycles", "4.4")] {
        type_into(&mut harness, name, text);
    }
    let spec = |harness: &Harness<'static, World>| {
        let state = harness.state();
        state.interface.edit(&state.opened)
    };
    let cycling = StepSpec::cycling(0.5, 0.25, 4, CellSpec::default(), 1.0);
    assert_eq!(spec(&harness).protocol.as_ref(), Some(&cycling));
    harness.get_by_label("Own list").click();
    harness.run();
    assert_eq!(spec(&harness).protocol, Some(cycling));
    type_into(&mut harness, "step 1 times", "7");
    type_into(&mut harness, "step 1.1 capacity", "nonsense");
    type_into(&mut harness, "step 1.1 current density", "-3");
    type_into(&mut harness, "step 1.2 voltage", "0.8");
    for button in ["+ Step in 1", "step 1.3: move up", "step 1.2: move up", "step 1.1: move up"] {
        harness.get_by_label(button).click();
        harness.run();
    }
    let protocol = spec(&harness).protocol.unwrap();
    let limit = |voltage_v| StepLimits { voltage_v: Some(voltage_v), ..StepLimits::default() };
    let strip = StepSpec::Strip { current_density_ma_cm2: 0.5, until: limit(0.8) };
    let plated = StepLimits { capacity_mah_cm2: Some(0.25), ..StepLimits::default() };
    let plate = StepSpec::Plate { current_density_ma_cm2: 0.5, until: plated };
    let repeat = StepSpec::Repeat { times: 7, steps: vec![plate, strip.clone()] };
    assert_eq!(protocol, [strip, repeat]);
    for _ in 0..2 {
        harness.get_by_label("step 1: remove").click();
        harness.run();
    }
    assert_eq!(spec(&harness).protocol, Some(vec![]));
    assert_eq!(harness.query_all_by_label_contains("the protocol has no steps").count(), 1);
    assert!(harness.query_by_label("⟲ Restart to apply").is_none());
    harness.get_by_label("+ Repeat").click();
    harness.run();
    assert!(harness.query_by_label("step 1.2 voltage").is_some());
    harness.get_by_label("⟲ Restart to apply").click();
    harness.run();
    assert_eq!(harness.state().requests, [Request::Restart { new_seed: false }]);
}

#[test]
fn molten_metal_is_refused_with_a_sentence_and_no_button() {
    let mut harness = harness(world());
    harness.get_by_label("Conditions").click();
    harness.run();
    type_into(&mut harness, "Temperature", "110");
    assert!(harness.query_all_by_label_contains("molten metal is not modelled").count() > 0);
    assert!(harness.query_by_label("⟲ Restart to apply").is_none());
    type_into(&mut harness, "Temperature", "-20");
    harness.get_by_label("⟲ Restart to apply");
    for (name, text, complaint) in [
        ("Stack pressure", "1e9", "at most 10.0 MPa"),
        ("Stack pressure", "5 bar", "`bar` after the number"),
        ("Electrolyte", "a5000", "finite number"),
        ("Cutoff voltage", "0", "at least 0.0100 V"),
    ] {
        type_into(&mut harness, name, text);
        // What is not taken is told beside the field.
        assert!(harness.query_all_by_label_contains(complaint).count() > 0, "{name} {text}");
    }
    let state = harness.state();
    let spec = state.interface.edit(&state.opened);
    assert_eq!((spec.temperature_c, spec.pressure_mpa), (-20.0, state.opened.pressure_mpa));
    assert_eq!(
        (spec.electrolyte_ul_cm2, spec.cutoff_v),
        (state.opened.electrolyte_ul_cm2, state.opened.cutoff_v)
    );
}

#[test]
fn every_kind_of_cell_can_be_chosen_and_waits_for_a_restart() {
    for name in ["Symmetric", "Anode-free"] {
        let mut harness = harness(world());
        let chooser = |node: &egui_kittest::Node<'_>| node.value().as_deref() == Some("Half cell");
        harness.get_all_by_role(Role::ComboBox).find(chooser).unwrap().click();
        harness.run();
        harness.get_by_label(name).click();
        harness.run();
        harness.get_by_label("⟲ Restart to apply");
        let state = harness.state();
        assert_ne!(state.interface.edit(&state.opened).cell, state.opened.cell, "{name}");
    }
}

#[test]
fn a_mark_in_the_plot_flies_the_camera_to_its_event() {
    let requests = asked_by_clicking("mark: first crack in the SEI", world());
    assert_eq!(requests, [Request::LookAt([1.0, 2.0, 3.0])]);
}

#[test]
fn the_life_of_a_cell_is_told() {
    let mut world = cycling_world();
    world.failure =
        Some(Failure { kind: FailureKind::SeiResistance, time_s: 1e4, throughput_mah_cm2: 2.0, cycles: 2 });
    let harness = harness(world);
    for text in [
        "Cycle 3 of 10",
        "91.0 %, all 88.5 %",
        "dead 5.3 %",
        "0.0400 mAh cm⁻²",
        "The cell died after 2 cycles: the voltage diverged: the SEI has become too resistive.",
    ] {
        harness.get_by_label(text);
    }
}

#[test]
fn a_key_that_comes_with_the_click_on_a_field_is_no_shortcut() {
    let mut harness = harness(world());
    let field = harness.get_by_role_and_label(Role::SpinButton, "Speed").rect().center();
    // All in one frame, as on a slow machine.
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
        harness.event(egui::Event::PointerMoved(field));
        harness.event(egui::Event::PointerButton { pos: field, button, pressed, modifiers });
    }
    harness.key_press(egui::Key::N);
    harness.run();
    assert_eq!(harness.state().requests, []);
}
