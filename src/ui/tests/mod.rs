//! The panels, found by the names that a screen reader would read; no graphics adapter.

mod coating;
mod cycling;
mod slips;

use cycling::cycling_world;

use super::*;
use crate::observables::{
    Cycle, Ending, Event, EventKind, Failure, FailureKind, Metrics, PresentStep, Regime, Shape,
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
    finished.status.ending = Some(Ending::Capacity);
    assert_eq!(asked_by_clicking("▶ Continue", finished), [Request::Continue]);
    let mut discarded = world();
    discarded.status.can_undo = true;
    assert_eq!(asked_by_clicking("Undo", discarded), [Request::Undo]);
    assert_eq!(asked_by_clicking("Undo", world()), []);
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
    for nonsense in ["nan", "inf", "1e400", "-5", "−5", "a lot", "", "1;2", "1e300", "5000", "1,000"] {
        let mut harness = harness(world());
        type_into(&mut harness, "Applied", nonsense);
        assert_eq!(harness.state().requests, [], "{nonsense:?}");
    }
    for (text, ma_cm2) in [("5", 5.0), ("0,25", 0.25), ("0", 0.0), ("1000", 1000.0)] {
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
        let chooser =
            |node: &egui_kittest::Node<'_>| node.value().is_some_and(|value| value == "Cell voltage");
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
            missing = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺₀₁₂₃₄₅₆₇₈₉₊₋µΩℓητδκεσχ†×·°∞–−→≥≤…⏸⟲плёнкаΓεια钠枝晶鈉ナトリウム"
                .chars()
                .filter(|&sign| !fonts.has_glyph(&font, sign))
                .collect();
        });
    });
    let mut textures = output.textures_delta;
    textures.clear();
    assert_eq!(missing, "");
}
