//! The panels, found by the names that a screen reader would read; no graphics adapter.

use super::*;
use crate::observables::{
    Cycle, Event, EventKind, Failure, FailureKind, Metrics, PresentStep, Regime, Shape,
};
use crate::scene::{CellSpec, Scene, SceneSpec, StepLimits, StepSpec, load};
use bevy_egui::egui::{self, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable};

/// Everything the panels need, and all they asked for.
struct World {
    interface: Interface,
    library: Library,
    opened: SceneSpec,
    running: Scene,
    status: RunStatus,
    metrics: Metrics,
    history: History,
    events: Vec<Event>,
    cycles: Vec<Cycle>,
    present_step: Option<PresentStep>,
    failure: Option<Failure>,
    requests: Vec<Request>,
    view: egui::Rect,
}

fn world() -> World {
    let mut opened = load("carbonate_moss").unwrap().spec;
    opened.current_density_ma_cm2 = 2.0;
    opened.overrides =
        [("electrolyte.patch_um".to_owned(), 4.0), ("metal.creep_length_um".to_owned(), 5.0)].into();
    let running = Scene::resolve(opened.clone()).unwrap();
    let metrics = Metrics {
        step: 640,
        time_s: 754.0,
        current_density_ma_cm2: 2.0,
        areal_capacity_mah_cm2: 0.42,
        dense_thickness_um: 3.7,
        overpotential_mv: 120.0,
        overpotential_sei_mv: 60.0,
        overpotential_charge_transfer_mv: 40.0,
        overpotential_concentration_mv: 20.0,
        surface_concentration_mol_l: 0.81,
        robin_length_um: 4806.0,
        i_over_i_lim: 0.2,
        sand_time_s: f64::INFINITY,
        regime: Regime::Reaction,
        sites_deposited: 9000,
        tip_grown_fraction: 0.05,
        base_grown_fraction: 0.35,
        limiting_current_density_ma_cm2: 9.6,
        shape: Some(Shape {
            h_max_um: 21.5,
            rq_um: 6.3,
            porosity: 0.63,
            filaments_growing: 12,
            filaments_stopped: 7,
            ..Shape::default()
        }),
        ..Metrics::default()
    };
    let mut history = History::default();
    for step in 0..=640 {
        let share = step as f64 / 640.0;
        history.push(&Metrics {
            step,
            areal_capacity_mah_cm2: 0.42 * share,
            time_s: 754.0 * share,
            shape: Some(Shape { rq_um: 6.3 * share * share, ..Shape::default() }),
            ..Metrics::default()
        });
    }
    World {
        interface: Interface::default(),
        library: Library::embedded(),
        opened,
        running,
        status: RunStatus { seed: 7, speed: Some(60.0), ..RunStatus::default() },
        metrics,
        history,
        events: vec![Event {
            kind: EventKind::FirstCrack,
            time_s: 100.0,
            areal_capacity_mah_cm2: 0.05,
            position: Some([1.0, 2.0, 3.0]),
        }],
        cycles: Vec::new(),
        present_step: None,
        failure: None,
        requests: Vec::new(),
        view: egui::Rect::NOTHING,
    }
}

fn show(ui: &mut egui::Ui, world: &mut World) {
    let facts = Facts {
        library: &world.library,
        opened: &world.opened,
        running: &world.running,
        status: &world.status,
        metrics: &world.metrics,
        history: &world.history,
        events: &world.events,
        cycles: &world.cycles,
        present_step: world.present_step,
        failure: world.failure,
    };
    let shown = world.interface.show(ui, &facts);
    world.requests.extend(shown.requests);
    world.view = shown.view;
}

/// A tall window, so that every panel is in sight without scrolling.
fn harness(world: World) -> Harness<'static, World> {
    let mut harness = Harness::builder().with_size([1280.0, 1900.0]).with_step_dt(0.02).build_ui_state(
        |ui, world: &mut World| {
            apply_theme_once(ui.ctx());
            show(ui, world);
        },
        world,
    );
    harness.run();
    harness
}

fn apply_theme_once(context: &egui::Context) {
    let id = egui::Id::new("theme applied");
    if !context.data(|data| data.get_temp::<bool>(id).unwrap_or(false)) {
        context.data_mut(|data| data.insert_temp(id, true));
        apply_theme(context);
    }
}

fn asked_by_clicking(name: &str, world: World) -> Vec<Request> {
    let mut harness = harness(world);
    harness.get_by_label(name).click();
    harness.run();
    std::mem::take(&mut harness.state_mut().requests)
}

#[test]
fn buttons_ask_for_what_they_say() {
    for (name, request) in [
        ("▶ Play", Request::Play),
        ("Step", Request::Step),
        ("Restart", Request::Restart { new_seed: false }),
        ("New seed", Request::Restart { new_seed: true }),
        ("As fast as possible", Request::Speed(None)),
    ] {
        assert_eq!(asked_by_clicking(name, world()), [request], "{name}");
    }
    let mut playing = world();
    playing.status.playing = true;
    assert_eq!(asked_by_clicking("⏸ Pause", playing), [Request::Pause]);
    let mut finished = world();
    finished.status.finished = true;
    assert_eq!(asked_by_clicking("⟲ Run again", finished), [Request::Restart { new_seed: false }]);
}

#[test]
fn keys_ask_for_the_same() {
    for (key, request) in [
        (egui::Key::Space, Request::Play),
        (egui::Key::Period, Request::Step),
        (egui::Key::Backspace, Request::Restart { new_seed: false }),
        (egui::Key::N, Request::Restart { new_seed: true }),
    ] {
        let mut harness = harness(world());
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().requests, [request], "{key:?}");
    }
}

#[test]
fn an_event_with_a_place_flies_the_camera_there() {
    let requests = asked_by_clicking("100.0 s  first crack in the SEI", world());
    assert_eq!(requests, [Request::LookAt([1.0, 2.0, 3.0])]);
}

/// Types into the number field called `name`, as a user does: click, type, Enter.
fn type_into(harness: &mut Harness<'static, World>, name: &str, text: &str) {
    harness.get_by_role_and_label(Role::SpinButton, name).click();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.event(egui::Event::Text(text.into()));
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
}

#[test]
fn a_typed_current_density_is_asked_for_and_nonsense_is_not() {
    for nonsense in ["nan", "inf", "1e400", "-5", "−5", "a lot", "", "1;2"] {
        let mut harness = harness(world());
        type_into(&mut harness, "Applied", nonsense);
        assert_eq!(harness.state().requests, [], "{nonsense:?}");
    }
    for (text, ma_cm2) in [("5", 5.0), ("0,25", 0.25), ("0", 0.0), ("1e300", 1000.0)] {
        let mut harness = harness(world());
        type_into(&mut harness, "Applied", text);
        assert_eq!(harness.state().requests, [Request::CurrentDensity { ma_cm2 }], "{text:?}");
        let state = harness.state();
        assert_eq!(
            state.interface.edit(&state.opened).current_density_ma_cm2,
            ma_cm2,
            "the next run starts with it"
        );
    }
}

#[test]
fn a_double_click_puts_the_current_density_of_the_scene_back() {
    let mut harness = harness(world());
    type_into(&mut harness, "Applied", "50");
    let middle = harness.get_by_role_and_label(Role::Slider, "Applied").rect().center();
    for pressed in [true, false, true, false] {
        harness.event(egui::Event::PointerMoved(middle));
        harness.event(egui::Event::PointerButton {
            pos: middle,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        });
        harness.step();
    }
    harness.run();
    assert_eq!(harness.state().requests.last(), Some(&Request::CurrentDensity { ma_cm2: 2.0 }));
}

#[test]
fn another_electrolyte_waits_for_a_restart_and_drops_the_numbers_of_the_old_one() {
    let mut harness = harness(world());
    assert!(harness.query_by_label("⟲ Restart to apply").is_none());
    harness
        .get_all_by_role(Role::ComboBox)
        .find(|node| node.value().is_some_and(|value| value == world().running.electrolyte.title))
        .unwrap()
        .click();
    harness.run();
    let diglyme = Library::embedded().electrolytes.into_iter().find(|(name, _)| name == "diglyme").unwrap().1;
    harness.get_by_label(&diglyme.title).click();
    harness.run();
    assert_eq!(harness.state().requests, [], "nothing happens yet");
    harness.get_by_label("⟲ Restart to apply").click();
    harness.run();
    let state = harness.state();
    assert_eq!(state.requests, [Request::Restart { new_seed: false }]);
    let spec = state.interface.edit(&state.opened);
    assert_eq!(spec.electrolyte, "diglyme");
    assert_eq!(spec.overrides.keys().collect::<Vec<_>>(), ["metal.creep_length_um"]);
}

#[test]
fn every_kind_of_host_can_be_chosen_and_waits_for_a_restart() {
    for name in ["Rough foil", "Metal foam", "Nanowire forest", "Gold seeds"] {
        let mut harness = harness(world());
        let chooser = |node: &egui_kittest::Node<'_>| node.value().as_deref() == Some("Flat foil");
        harness.get_all_by_role(Role::ComboBox).find(chooser).unwrap().click();
        harness.run();
        harness.get_by_label(name).click();
        harness.run();
        harness.get_by_label("Dimensions").click();
        harness.run();
        assert!(harness.query_by_label("⟲ Restart to apply").is_some(), "{name}");
        let state = harness.state();
        assert_ne!(state.interface.edit(&state.opened).host, state.opened.host);
        let mut interface = state.interface.clone();
        interface.forget_edits(&state.opened);
        assert_eq!(interface.edit(&state.opened), state.opened, "opening a scene forgets the changes");
    }
}

/// A world whose cell is in the third of ten cycles.
fn cycling_world() -> World {
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
        ce_percent,
        dead_percent: 100.0 - ce_percent,
        ..Cycle::default()
    };
    world.cycles = vec![cycle(1, 86.0), cycle(2, 91.0)];
    world.present_step = Some(PresentStep {
        number: 6,
        current_density_a_m2: -5.0,
        pulsed: false,
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
    harness.get_by_label("Set by hand until this step ends.");
    let state = harness.state();
    assert_eq!(state.interface.edit(&state.opened), state.opened);
    // With the next step the protocol has its own current again.
    let step = harness.state_mut().present_step.as_mut().unwrap();
    (step.number, step.current_density_a_m2) = (7, 5.0);
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
    for (name, text) in [("Stack pressure", "1e9"), ("Electrolyte", "nan"), ("Cutoff voltage", "0")] {
        type_into(&mut harness, name, text);
    }
    let state = harness.state();
    let spec = state.interface.edit(&state.opened);
    assert_eq!((spec.temperature_c, spec.pressure_mpa), (-20.0, 10.0));
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
        "91.0 %, mean 88.5 %",
        "dead 5.3 %",
        "0.0400 mAh cm⁻²",
        "The cell died after 2 cycles: the voltage diverged: the SEI has become too resistive.",
    ] {
        harness.get_by_label(text);
    }
}

#[test]
fn every_quantity_can_be_plotted() {
    for name in [
        "Highest point",
        "Parts of voltage",
        "Efficiency",
        "Dead fraction",
        "Charge in SEI",
        "Electrolyte left",
        "Salt at electrode",
    ] {
        let mut harness = harness(cycling_world());
        harness.state_mut().interface.forget_edits(&cycling_world().opened);
        harness.run();
        let chooser = |node: &egui_kittest::Node<'_>| {
            node.value().is_some_and(|value| value.starts_with("Cell voltage, "))
        };
        harness.get_all_by_role(Role::ComboBox).find(chooser).unwrap().click();
        harness.run();
        harness.get_by_label(name).click();
        harness.run();
    }
}

#[test]
fn a_message_is_read_and_closed() {
    let mut world = world();
    world.status.message = Some("no scene called `mos`".into());
    assert_eq!(asked_by_clicking("Close", world), [Request::DismissMessage]);
}

#[test]
fn h_gives_the_whole_window_to_the_picture() {
    let mut harness = harness(world());
    assert!(harness.state().view.width() < 1280.0 - 500.0);
    harness.key_press(egui::Key::H);
    harness.run();
    // The test harness keeps a margin of its own.
    assert!(harness.state().view.width() > 1280.0 - 20.0);
    assert!(harness.query_by_label("▶ Play").is_none());
}

#[test]
fn figures_that_are_no_numbers_are_shown_without_a_panic() {
    let mut world = world();
    let nan = f64::NAN;
    world.metrics = Metrics {
        time_s: nan,
        current_density_ma_cm2: 0.0,
        i_over_i_lim: nan,
        robin_length_um: f64::INFINITY,
        overpotential_mv: nan,
        overpotential_sei_mv: nan,
        tip_grown_fraction: nan,
        sites_deposited: 1,
        ..Metrics::default()
    };
    for (step, value) in [(641, nan), (642, f64::INFINITY), (643, 1e308), (644, -1e308)] {
        world.history.push(&Metrics {
            step,
            time_s: value,
            shape: Some(Shape { rq_um: value, ..Shape::default() }),
            areal_capacity_mah_cm2: value,
            ..Metrics::default()
        });
    }
    let _ = harness(world);
}

#[test]
fn every_sign_that_panels_show_is_in_the_fonts() {
    let context = egui::Context::default();
    apply_theme(&context);
    let mut missing = String::new();
    let output = context.run_ui(egui::RawInput::default(), |ui| {
        ui.ctx().fonts_mut(|fonts| {
            // Not ▶ ⬆ ⬇ ✖: egui does not see signs of the font that also holds its replacement sign.
            let font = egui::FontId::proportional(15.0);
            missing = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺₀₁₂₃₄₅₆₇₈₉₊₋µΩℓητδκεσχ†×·°∞–−→≥≤…⏸⟲"
                .chars()
                .filter(|&sign| !fonts.has_glyph(&font, sign))
                .collect();
        });
    });
    let mut textures = output.textures_delta;
    textures.clear();
    assert_eq!(missing, "");
}
