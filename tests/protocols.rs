//! Protocols: what is refused, what a wish of the laboratory changes, and how long a run will take.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use natrarium::scene::{
    self, CellSpec, ReversePulse, Scene, SceneSpec, StepLimits, StepSpec, UntilSpec, WrittenProtocol,
};
use proptest::prelude::*;

fn capacity(mah_cm2: f64) -> StepLimits {
    StepLimits { capacity_mah_cm2: Some(mah_cm2), ..StepLimits::default() }
}

fn voltage(volt: f64) -> StepLimits {
    StepLimits { voltage_v: Some(volt), ..StepLimits::default() }
}

fn plate(current_density_ma_cm2: f64, until: StepLimits) -> StepSpec {
    StepSpec::Plate { current_density_ma_cm2, until }
}

fn strip(current_density_ma_cm2: f64, until: StepLimits) -> StepSpec {
    StepSpec::Strip { current_density_ma_cm2, until }
}

fn half_cell() -> SceneSpec {
    scene::load("half_cell").unwrap().spec
}

fn resolved(steps: Vec<StepSpec>) -> Scene {
    Scene::resolve(half_cell().with_protocol(steps)).unwrap()
}

/// Hours of the run as planned.
fn hours(scene: &Scene) -> Option<f64> {
    scene.nominal_duration_s().map(|seconds| (seconds / 3600.0 * 1e9).round() / 1e9)
}

#[test]
fn a_plan_adds_up_charges_and_times() {
    let rest = StepSpec::Rest { time_s: 1800.0 };
    // 1 mAh at 0.5 mA takes 2 h; a voltage-limited strip at the double current half of it.
    let once = vec![plate(0.5, capacity(1.0)), rest, strip(1.0, voltage(1.0))];
    assert_eq!(hours(&resolved(once.clone())), Some(3.5));
    let many = resolved(vec![StepSpec::Repeat { times: 4, steps: once }]);
    assert_eq!(hours(&many), Some(14.0));
    // The first limit counts, in a step and in the run.
    let until = StepLimits { time_s: Some(3600.0), ..capacity(1.0) };
    assert_eq!(hours(&resolved(vec![plate(0.5, until)])), Some(1.0));
    let cut = |until| Scene::resolve(SceneSpec { until: Some(until), ..many.spec.clone() }).unwrap();
    assert_eq!(hours(&cut(UntilSpec { time_s: Some(7200.0), ..UntilSpec::default() })), Some(2.0));
    let plated = |limit| UntilSpec { areal_capacity_mah_cm2: Some(limit), ..UntilSpec::default() };
    // 1.5 mAh plated are reached an hour into the second cycle.
    assert_eq!(hours(&cut(plated(1.5))), Some(4.5));
    assert_eq!(hours(&cut(plated(100.0))), Some(14.0));
}

#[test]
fn pauses_of_pulses_count() {
    // 0.25 mAh at 1 mA are 900 s of current: nine pulses of 100 s with eight pauses of 300 s between them.
    let pulse = StepSpec::Pulse {
        current_density_ma_cm2: 1.0,
        on_s: 100.0,
        off_s: 300.0,
        reverse: None,
        until: capacity(0.25),
    };
    let run = resolved(vec![pulse]).nominal_run().unwrap();
    assert!((run.duration_s - 3300.0).abs() < 1e-6, "{run:?}");
    // A layer of 0.5 µm is 0.0564 mAh/cm², a step 1/64 of it: 32 steps per pulse; 30 steps of 10 s per pause.
    assert_eq!(run.steps, 9.0 * 32.0 + 8.0 * 30.0);
}

#[test]
fn what_cannot_be_foreseen_is_not_guessed() {
    let scene = resolved(vec![plate(0.5, voltage(0.5))]);
    assert_eq!(hours(&scene), None);
    let until = Some(UntilSpec { time_s: Some(3600.0), ..UntilSpec::default() });
    assert_eq!(hours(&Scene::resolve(SceneSpec { until, ..scene.spec }).unwrap()), Some(1.0));
    // The foil of a symmetric cell gives metal until a voltage says otherwise.
    let symmetric = |steps| {
        let cell = CellSpec::Symmetric { foil_mah_cm2: 100.0 };
        Scene::resolve(SceneSpec { cell, ..half_cell() }.with_protocol(steps)).unwrap()
    };
    assert_eq!(hours(&symmetric(vec![strip(1.0, voltage(0.5))])), None);
    assert_eq!(hours(&symmetric(vec![strip(1.0, capacity(2.0))])), Some(2.0));
}

#[test]
fn a_scene_without_protocol_ends_at_its_limits() {
    let moss = scene::load("carbonate_moss").unwrap();
    assert_eq!(hours(&moss), Some(1.0));
    let set = |setting: &str| moss.with_settings(&[setting.to_string()]).unwrap();
    assert_eq!(hours(&set("until.time_s=360")), Some(0.1));
    let run = set("until.sites=9216").nominal_run().unwrap();
    // 96 × 96 sites are one layer.
    assert_eq!(run.steps, 64.0);
    let rest = moss.with_settings(&["until.time_s=600".into(), "current_density_ma_cm2=0".into()]).unwrap();
    assert_eq!(rest.nominal_run().unwrap().steps, 60.0);
}

#[test]
fn ramps_reversals_and_holds_are_planned() {
    // 0 to 2 mA/cm² in an hour is 1 mAh/cm².
    let ramp = |until| StepSpec::Ramp { from_ma_cm2: 0.0, to_ma_cm2: 2.0, time_s: 3600.0, until };
    let stripped = strip(1.0, voltage(1.0));
    assert_eq!(hours(&resolved(vec![ramp(StepLimits::default()), stripped.clone()])), Some(2.0));
    // 9 s of 1 mA forth, 1 s of 1 mA back, 10 s off: 8/3600 mAh/cm² in each of 180 periods.
    let reverse = Some(ReversePulse { current_density_ma_cm2: 1.0, time_s: 1.0 });
    let until = StepLimits { time_s: Some(3600.0), ..StepLimits::default() };
    let pulse = StepSpec::Pulse { current_density_ma_cm2: 1.0, on_s: 9.0, off_s: 10.0, reverse, until };
    assert_eq!(hours(&resolved(vec![pulse, stripped])), Some(1.4));
    // A hold that only a current ends is not foreseen; a time ends it at the latest.
    let hold = |time_s| {
        let until = StepLimits { time_s, current_density_ma_cm2: Some(0.01), ..StepLimits::default() };
        resolved(vec![StepSpec::Hold { voltage_v: -0.05, largest_ma_cm2: 1.0, until }])
    };
    assert_eq!((hours(&hold(None)), hours(&hold(Some(7200.0)))), (None, Some(2.0)));
}

/// Sixty thousand repeats of milliseconds, and repeats inside repeats, are planned as if written out.
#[test]
fn very_many_repeats_are_planned_in_no_time() {
    let pulse = |time_s| plate(1.0, StepLimits { time_s: Some(time_s), ..StepLimits::default() });
    let many = |times, steps| StepSpec::Repeat { times, steps };
    let run = resolved(vec![many(60_000, vec![pulse(0.01), StepSpec::Rest { time_s: 0.05 }])]);
    let plan = run.nominal_run().unwrap();
    assert!((plan.duration_s - 3600.0).abs() < 1e-3 && plan.steps == 120_000.0, "{plan:?}");
    let inner = many(1000, vec![pulse(0.01), StepSpec::Rest { time_s: 0.01 }]);
    let plan = resolved(vec![many(1000, vec![inner, StepSpec::Rest { time_s: 5.0 }])]).nominal_run().unwrap();
    assert!((plan.duration_s - 25_000.0).abs() < 1e-2, "{plan:?}");
    // The limit of the run falls into the middle of a multiplied turn.
    let until = Some(UntilSpec { time_s: Some(1000.005), ..UntilSpec::default() });
    let cut = Scene::resolve(SceneSpec { until, ..run.spec }).unwrap().nominal_run().unwrap();
    assert!((cut.duration_s - 1000.005).abs() < 1e-9, "{cut:?}");
}

#[test]
fn wishes_reach_every_step_they_are_meant_for() {
    let steps = vec![
        plate(0.5, capacity(1.0)),
        StepSpec::Repeat { times: 2, steps: vec![plate(0.2, capacity(0.1)), strip(0.2, voltage(1.0))] },
    ];
    let spec = half_cell().with_protocol(steps);
    let changed = spec.clone().with_current_density(2.0).with_capacity(0.3);
    let expected = vec![
        plate(2.0, capacity(0.3)),
        StepSpec::Repeat { times: 2, steps: vec![plate(2.0, capacity(0.3)), strip(2.0, voltage(1.0))] },
    ];
    assert_eq!(changed.protocol, Some(expected));
    assert_eq!(spec.plating(), (0.5, 1.0));
    assert_eq!(changed.plating(), (2.0, 0.3));
    assert!(spec.has_capacity() && !spec.with_protocol(vec![strip(1.0, voltage(0.5))]).has_capacity());

    let moss = scene::load("carbonate_moss").unwrap().spec.with_current_density(3.0).with_capacity(0.2);
    assert_eq!(
        (moss.plating(), moss.limits().areal_capacity_mah_cm2, moss.protocol),
        ((3.0, 0.2), Some(0.2), None)
    );
}

#[test]
fn the_half_cell_of_the_library_is_the_usual_test() {
    let spec = half_cell();
    assert_eq!(spec.clone().with_cycles(3, 0.5, 1.0), spec);
    assert_eq!(hours(&Scene::resolve(spec).unwrap()), Some(12.0));
}

#[test]
fn a_written_protocol_names_its_lines() {
    let fault = |text: &str| WrittenProtocol::read(text, "--protocol").unwrap_err().to_string();
    for (text, fragments) in [
        ("", ["--protocol:1:1", "list"]),
        ("Rest(time_s: 5)", ["--protocol:1:1", "list"]),
        ("[Plate(current: 0.5)]", ["--protocol:1:8: unknown field `current`", "`current_density_ma_cm2`"]),
        ("[Rest(time_s: 5)", ["the text ends too early", "close every"]),
        ("nowhere.ron", ["nowhere.ron: cannot be read", "check the path"]),
    ] {
        let message = fault(text);
        for fragment in fragments {
            assert!(message.contains(fragment), "{text}: {message}");
        }
    }
    let written = WrittenProtocol::read("[Rest(time_s: 5),\n Rest(time_s: 6)]", "steps").unwrap();
    assert_eq!(written.place_of("protocol[1].Rest.time_s"), "steps:2:7");
    assert_eq!(written.place_of("protocol"), "steps");
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), Just(0.0), Just(f64::NAN), Just(f64::MIN_POSITIVE), 1e-4..1e4f64, 0.01..1.0f64,]
}

fn any_limits() -> impl Strategy<Value = StepLimits> {
    let maybe = || proptest::option::of(any_number());
    (maybe(), maybe(), maybe(), proptest::option::of(any::<u64>())).prop_map(
        |(capacity_mah_cm2, time_s, voltage_v, sites)| StepLimits {
            capacity_mah_cm2,
            time_s,
            voltage_v,
            sites,
            current_density_ma_cm2: None,
        },
    )
}

fn any_step() -> impl Strategy<Value = StepSpec> {
    let leaf = prop_oneof![
        (any_number(), any_limits()).prop_map(|(current, until)| plate(current, until)),
        (any_number(), any_limits()).prop_map(|(current, until)| strip(current, until)),
        (0.01..10.0f64, 0.1..2.0f64).prop_map(|(current, charge)| plate(current, capacity(charge))),
        (0.01..10.0f64, 0.1..1.0f64).prop_map(|(current, volt)| strip(current, voltage(volt))),
        any_number().prop_map(|time_s| StepSpec::Rest { time_s }),
        (any_number(), any_number(), any_number(), any_limits()).prop_map(|(i, on_s, off_s, until)| {
            StepSpec::Pulse { current_density_ma_cm2: i, on_s, off_s, reverse: None, until }
        }),
        (0.01..10.0f64, 0.1..1e4f64, 0.1..1e4f64, 0.1..10.0f64, any_limits()).prop_map(
            |(i, on_s, off_s, back, until)| {
                let reverse = Some(ReversePulse { current_density_ma_cm2: back, time_s: 0.1 * on_s });
                StepSpec::Pulse { current_density_ma_cm2: i, on_s, off_s, reverse, until }
            }
        ),
        (any_number(), any_number(), any_number(), any_limits()).prop_map(
            |(from_ma_cm2, to_ma_cm2, time_s, until)| {
                StepSpec::Ramp { from_ma_cm2, to_ma_cm2, time_s, until }
            }
        ),
        (any_number(), any_number(), any_limits(), proptest::option::of(any_number())).prop_map(
            |(voltage_v, largest_ma_cm2, until, current_density_ma_cm2)| StepSpec::Hold {
                voltage_v,
                largest_ma_cm2,
                until: StepLimits { current_density_ma_cm2, ..until },
            }
        ),
    ];
    leaf.prop_recursive(10, 40, 3, |inner| {
        let times = prop_oneof![0u32..5, any::<u32>()];
        (times, prop::collection::vec(inner, 0..3))
            .prop_map(|(times, steps)| StepSpec::Repeat { times, steps })
    })
}

fn any_cell() -> impl Strategy<Value = CellSpec> {
    let metal = || prop_oneof![any_number(), 1.0..100.0f64];
    prop_oneof![
        metal().prop_map(|foil_mah_cm2| CellSpec::Symmetric { foil_mah_cm2 }),
        metal().prop_map(|counter_mah_cm2| CellSpec::HalfCell { counter_mah_cm2 }),
        metal().prop_map(|inventory_mah_cm2| CellSpec::AnodeFree { inventory_mah_cm2 }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    /// Whatever a protocol holds, it is refused in one line, or it has a plan and reads the same when written
    /// out.
    #[test]
    fn no_protocol_panics_the_check(steps in prop::collection::vec(any_step(), 0..4), cell in any_cell()) {
        let spec = SceneSpec { cell, ..half_cell() }.with_protocol(steps);
        match Scene::resolve(spec.clone().with_capacity(0.5).with_current_density(1.0)) {
            Ok(scene) => { scene.nominal_run(); }
            Err(error) => prop_assert!(!error.to_string().contains('\n')),
        }
        match Scene::resolve(spec) {
            Ok(scene) => {
                if let Some(run) = scene.nominal_run() {
                    prop_assert!(run.duration_s >= 0.0 && run.steps >= 0.0, "{run:?}");
                }
                prop_assert_eq!(scene::parse(&scene.to_ron(), "written").unwrap(), scene);
            }
            Err(error) => {
                let message = error.to_string();
                prop_assert!(message.starts_with('`') && !message.contains('\n'), "{message}");
            }
        }
    }
}
