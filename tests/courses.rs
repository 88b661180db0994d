//! Protocols of real laboratories: cycles by charge, held voltages, ramps, reversed pulses, ageing, and runs
//! that go on.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use common::scene;
use natrarium::observables::Metrics;
use natrarium::scene::{Scene, StepSpec, UntilSpec, WrittenProtocol};
use natrarium::simulation::{Control, Ending, Simulation};
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64;

const SMALL: &str = "lattice.sites=[32,32,64]";
/// Four times the area, and higher.
const WIDE: &str = "lattice.sites=[64,64,96]";
const DIGLYME: &str = "electrolyte=diglyme";

/// A scene with a protocol in place of its own.
fn with_protocol(name: &str, settings: &[&str], protocol: &str) -> Scene {
    let steps = WrittenProtocol::read(protocol, "protocol").unwrap().steps;
    Scene::resolve(scene(name, settings).spec.with_protocol(steps)).unwrap()
}

fn finished(scene: &Scene) -> Simulation {
    common::run(scene, 5)
}

fn half_cell(protocol: &str) -> Simulation {
    finished(&with_protocol("half_cell", &[DIGLYME, SMALL], protocol))
}

/// What is plated and stripped in all cycles and in the one that is not complete is what the run passed.
fn assert_that_cycles_add_up(run: &Simulation) {
    let (plated, stripped) = run.present_cycle_sites();
    let open = [run.capacity_mah_cm2(plated), run.capacity_mah_cm2(stripped)];
    let sums = run.cycles().iter().fold(open, |[plated, stripped], cycle| {
        [plated + cycle.plated_mah_cm2, stripped + cycle.stripped_mah_cm2]
    });
    let passed = [run.charge_sites(), run.charge_stripped_sites()].map(|sites| run.capacity_mah_cm2(sites));
    for (sum, passed) in sums.iter().zip(passed) {
        assert!((sum - passed).abs() <= 1e-9 * passed.max(1.0), "{sums:?} {passed:?} {:?}", run.cycles());
    }
}

#[test]
fn a_reservoir_that_is_cycled_in_part_is_evaluated_as_a_whole() {
    let run = half_cell("tests/cases/protocols/c01_reservoir.ron");
    assert_that_cycles_add_up(&run);
    let cycles = run.cycles();
    assert_eq!(cycles.len(), 7);
    let over: Vec<u32> = cycles.iter().map(|cycle| cycle.ce_over_cycles).collect();
    assert_eq!(over, [1, 0, 0, 0, 0, 0, 6]);
    assert!(cycles.iter().all(|cycle| cycle.ce_percent.is_some() == (cycle.ce_over_cycles > 0)));
    // (n Q_c + Q_s) / (n Q_c + Q_r), with what the last strip took as Q_s.
    let (n, shuttled, reservoir) = (5.0, 0.1, 0.4);
    let last = cycles[6].stripped_mah_cm2;
    let adams = 100.0 * (n * shuttled + last) / (n * shuttled + reservoir);
    assert!((cycles[6].ce_percent.unwrap() - adams).abs() < 1e-6, "{adams} {:?}", cycles[6]);
    let metrics = Metrics::measure(&run);
    let out_over_in = 100.0 * metrics.stripped_mah_cm2 / metrics.areal_capacity_mah_cm2;
    assert!((metrics.ce_mean_percent.unwrap() - out_over_in).abs() < 1e-9);
    assert!((99.0..100.0).contains(&out_over_in), "{out_over_in}");
}

#[test]
fn a_strip_in_two_stages_is_one_discharge() {
    let run = half_cell("tests/cases/protocols/c02_two_stage_strip.ron");
    assert_that_cycles_add_up(&run);
    assert_eq!((run.cycles().len(), run.ending()), (3, Some(Ending::Protocol)));
    for cycle in run.cycles() {
        assert!((98.0..=100.0).contains(&cycle.ce_percent.unwrap()), "{cycle:?}");
        let lost = cycle.dead_percent + cycle.sei_percent + cycle.corrosion_percent + cycle.left_percent;
        assert!((cycle.ce_percent.unwrap() + lost - 100.0).abs() < 1e-9, "{cycle:?}");
    }
}

/// Steps at random: plating, strips by charge, time or voltage, rests, repeats.
fn any_protocol(random: &mut impl Rng) -> String {
    let mut steps = String::from("[Plate(current_density_ma_cm2: 1, until: (capacity_mah_cm2: 0.05)), ");
    for _ in 0..random.random_range(3..9) {
        let (current, charge) = (random.random_range(0.2..3.0), random.random_range(0.005..0.06));
        steps += &match random.random_range(0..6) {
            0 | 1 => {
                format!("Plate(current_density_ma_cm2: {current}, until: (capacity_mah_cm2: {charge})), ")
            }
            2 => format!("Strip(current_density_ma_cm2: {current}, until: (capacity_mah_cm2: {charge})), "),
            3 => format!("Strip(current_density_ma_cm2: {current}, until: (time_s: {})), ", 1e3 * charge),
            4 => format!("Strip(current_density_ma_cm2: {current}, until: (voltage_v: 0.9)), "),
            _ => "Rest(time_s: 30), ".to_string(),
        };
    }
    steps + "]"
}

#[test]
fn charges_add_up_whatever_the_protocol() {
    let mut random = Pcg64::seed_from_u64(7);
    for cell in ["HalfCell", "Symmetric"] {
        for _ in 0..12 {
            let protocol = any_protocol(&mut random);
            let cell = format!("cell={cell}");
            let run = finished(&with_protocol(
                "half_cell",
                &[DIGLYME, "lattice.sites=[16,16,32]", &cell],
                &protocol,
            ));
            assert_that_cycles_add_up(&run);
            assert_eq!(run.imbalance(), None, "{protocol}");
            let numbers = run.cycles().iter().map(|cycle| cycle.number);
            assert!(numbers.eq(1..=run.cycles().len() as u32), "{protocol}");
            if cell.ends_with("HalfCell") {
                // Nothing comes back that was not plated.
                let efficient = run.cycles().iter().filter_map(|cycle| cycle.ce_percent);
                assert!(efficient.into_iter().all(|ce| ce <= 100.0 + 1e-9), "{protocol} {:?}", run.cycles());
            }
        }
    }
}

/// The voltage stays where it is held, and the current falls with what there is to strip, whatever the edge
/// of the lattice and the box. 2 % cover how far salt and films move within a step.
#[test]
fn a_hold_holds_its_voltage() {
    let mut plated = Vec::new();
    for (edge, sites) in [
        ("lattice.edge_um=0.25", SMALL),
        ("lattice.edge_um=0.5", SMALL),
        ("lattice.edge_um=0.5", WIDE),
        ("lattice.edge_um=1", SMALL),
    ] {
        let protocol = "[
            Plate(current_density_ma_cm2: 1, until: (capacity_mah_cm2: 0.1)),
            Hold(voltage_v: -0.04, until: (time_s: 300)),
            Hold(voltage_v: 0.05, until: (current_density_ma_cm2: 0.05)),
        ]";
        let scene = with_protocol("half_cell", &[DIGLYME, sites, edge], protocol);
        let mut run = Simulation::new(&scene, 1).unwrap();
        let mut last = 0.0;
        let mut steps = [0; 2];
        while !run.finished() {
            run.advance(1);
            let (step, current) = (run.protocol_place().unwrap().step, run.current_density_a_m2());
            let Some(wanted) = [0.04, 0.05].get(step as usize - 2) else { continue };
            let steps = &mut steps[step as usize - 2];
            *steps += 1;
            // The salt of the step before is still there in the first.
            let tolerance = if *steps < 3 { 0.3 } else { 0.02 };
            let volts = run.voltage().total_v();
            assert!((volts / wanted - 1.0).abs() < tolerance, "{edge}: {volts} V in step {steps} of {step}");
            assert_eq!(current > 0.0, step == 2);
            last = current;
        }
        assert!(steps[0] > 10 && steps[1] > 10, "{steps:?}");
        assert!(last.abs() <= 0.5, "{edge}: ended at {last} A/m²");
        // What a held voltage strips until its current has faded is a whole cycle.
        let efficiency = run.cycles()[0].ce_percent.unwrap();
        assert!((95.0..=100.0).contains(&efficiency), "{edge}: {efficiency} %");
        assert_eq!((run.ending(), run.imbalance()), (Some(Ending::Protocol), None));
        plated.push(run.capacity_mah_cm2(run.charge_sites()));
    }
    // The charge per area of a held voltage does not depend on the box: 3 % for the chance of where films
    // crack.
    assert!((plated[2] / plated[1] - 1.0).abs() < 0.03, "{plated:?}");
}

#[test]
fn a_hold_gives_no_more_than_the_instrument() {
    let run = half_cell(
        "[Hold(voltage_v: -0.01, until: (time_s: 60)), Hold(voltage_v: -0.5, largest_ma_cm2: 2, until: (time_s: 60))]",
    );
    // 10 mV do not nucleate; then 2 mA for 60 s.
    let plated = run.capacity_mah_cm2(run.charge_sites());
    assert!((plated / (2.0 * 60.0 / 3600.0) - 1.0).abs() < 0.01, "{plated}");
    assert_eq!(run.time_s(), 120.0);
}

/// A ramp passes the mean of its currents times its time. Its steps take the current of their middle: 0.1 %.
#[test]
fn a_ramp_passes_its_mean_current() {
    for (from, to) in [(0.0, 4.0), (3.0, 1.0)] {
        let edges =
            [("lattice.edge_um=0.25", SMALL), ("lattice.edge_um=1", SMALL), ("lattice.edge_um=1", WIDE)];
        for (edge, sites) in edges {
            let protocol = format!("[Ramp(from_ma_cm2: {from}, to_ma_cm2: {to}, time_s: 300)]");
            let run = finished(&with_protocol("half_cell", &[DIGLYME, sites, edge], &protocol));
            let (plated, mean) = (run.capacity_mah_cm2(run.charge_sites()), 0.5 * (from + to));
            assert!(
                (plated / (mean * 300.0 / 3600.0) - 1.0).abs() < 1e-3,
                "{from} to {to}, {edge}: {plated}"
            );
            assert!((run.current_density_a_m2() / 10.0 / to - 1.0).abs() < 0.01);
        }
    }
    // The critical current density: the ramp ends where the voltage does.
    let protocol = "[Ramp(from_ma_cm2: 0, to_ma_cm2: 50, time_s: 600, until: (voltage_v: 0.2))]";
    let run = half_cell(protocol);
    assert!(run.time_s() < 600.0 && run.voltage().total_v() >= 0.2);
}

#[test]
fn reversed_pulses_are_one_plating_and_pass_their_charges() {
    // 2 mA for 50 ms forth, 1 mA for 20 ms back, 30 ms off, 600 times.
    let pulse = "Pulse(current_density_ma_cm2: 2, on_s: 0.05, off_s: 0.03,
        reverse: (current_density_ma_cm2: 1, time_s: 0.02), until: (time_s: 60))";
    let start = "Plate(current_density_ma_cm2: 1, until: (capacity_mah_cm2: 0.02))";
    let strip = "Strip(current_density_ma_cm2: 1, until: (voltage_v: 0.9))";
    let run = half_cell(&format!("[{start}, {pulse}, {strip}]"));
    assert_that_cycles_add_up(&run);
    assert_eq!(run.cycles().len(), 1);
    let cycle = run.cycles()[0];
    let (forth, back) = (600.0 * 2.0 * 0.05 / 3600.0, 600.0 * 0.02 / 3600.0);
    assert!((cycle.plated_mah_cm2 - 0.02 - forth).abs() < 1e-3 * forth, "{cycle:?}");
    assert!(cycle.stripped_mah_cm2 > 0.9 * (0.02 + forth), "{cycle:?}");
    assert!(cycle.stripped_mah_cm2 > back);
    // Where the films take all metal of the first pulses, the reversals find none; the pulses go on.
    let run = half_cell(&format!("[{pulse}]"));
    assert_eq!((run.time_s(), run.ending()), (60.0, Some(Ending::Protocol)));
}

#[test]
fn milliseconds_for_an_hour_are_taken() {
    let steps = [
        StepSpec::Plate {
            current_density_ma_cm2: 1.0,
            until: natrarium::scene::StepLimits { time_s: Some(0.01), ..Default::default() },
        },
        StepSpec::Rest { time_s: 0.05 },
    ];
    let many = vec![StepSpec::Repeat { times: 60_000, steps: steps.to_vec() }];
    let spec = scene("half_cell", &[DIGLYME, "lattice.sites=[16,16,32]"]).spec.with_protocol(many);
    let run = finished(&Scene::resolve(spec).unwrap());
    assert!((run.time_s() / 3600.0 - 1.0).abs() < 1e-6);
    assert!((run.capacity_mah_cm2(run.charge_sites()) * 6.0 - 1.0).abs() < 1e-3);
    assert_eq!(run.protocol_place().unwrap().pass, 120_000);
}

#[test]
fn a_run_that_reached_its_limit_goes_on_and_replays() {
    let scene = scene("carbonate_moss", &[SMALL, "until.areal_capacity_mah_cm2=0.02"]);
    let mut run = finished(&scene);
    assert_eq!(run.ending(), Some(Ending::Capacity));
    let further = |mah_cm2| UntilSpec { areal_capacity_mah_cm2: Some(mah_cm2), ..UntilSpec::default() };
    let plated = |run: &Simulation| run.capacity_mah_cm2(run.charge_sites());
    run.control(Control::Until(further(0.05)));
    assert_eq!(run.ending(), None);
    run.advance(u64::MAX);
    assert!((plated(&run) - 0.05).abs() < 1e-9);
    // A limit that lies behind ends the run where it is.
    run.control(Control::Until(further(0.01)));
    assert!(run.finished() && (plated(&run) - 0.05).abs() < 1e-9);
    run.control(Control::Until(UntilSpec { time_s: Some(f64::NAN), ..UntilSpec::default() }));
    let time_s = run.time_s() + 5.0;
    run.control(Control::Until(UntilSpec { time_s: Some(time_s), ..UntilSpec::default() }));
    run.advance(u64::MAX);
    assert_eq!((run.time_s(), run.ending()), (time_s, Some(Ending::Time)));

    let mut replay = Simulation::new(&scene, 5).unwrap();
    for (step, control) in run.control_log() {
        replay.advance(step - replay.step());
        replay.control(*control);
    }
    replay.advance(u64::MAX);
    assert_eq!(replay.state_hash(), run.state_hash());
}

#[test]
fn a_cycle_that_the_end_of_a_run_completed_goes_on_with_it() {
    let cycle = "[Plate(current_density_ma_cm2: 1, until: (capacity_mah_cm2: 0.05)),
        Strip(current_density_ma_cm2: 1, until: (capacity_mah_cm2: 0.02)), Rest(time_s: 100),
        Strip(current_density_ma_cm2: 1, until: (voltage_v: 0.9))]";
    let mut scene = with_protocol("half_cell", &[DIGLYME, SMALL], cycle);
    // In the middle of the rest.
    scene.spec.until = Some(UntilSpec { time_s: Some(300.0), ..UntilSpec::default() });
    let mut run = finished(&scene);
    assert_eq!((run.ending(), run.cycles().len()), (Some(Ending::Time), 1));
    assert!(run.cycles()[0].ce_percent.is_none() && run.present_cycle() == 1);
    run.control(Control::Until(UntilSpec::default()));
    run.advance(u64::MAX);
    assert_eq!((run.ending(), run.cycles().len()), (Some(Ending::Protocol), 1));
    assert!(run.cycles()[0].ce_percent.is_some());
    assert_that_cycles_add_up(&run);
}

/// A tall narrow box is no reason for walkers: the way that ions find their place follows from the deposit
/// where the box is far higher. In a box of 8 × 8 × 4096 sites they took minutes of walks between refusals.
#[test]
fn a_thin_box_takes_the_transport_of_its_deposit() {
    use natrarium::simulation::Regime;
    let regime = |sites: &str, gap: &str| {
        let sites = format!("lattice.sites={sites}");
        let mut run = Simulation::new(&scene("short_circuit", &[&sites, gap]), 1).unwrap();
        run.advance(3);
        (run.regime(), run.robin_length_m())
    };
    let (thin, length_m) = regime("[8,8,4096]", "electrode_gap_um=3000");
    assert_eq!(thin, Regime::Reaction, "ℓ = {length_m} m");
    let (usual, _) = regime("[64,64,128]", "electrode_gap_um=3000");
    assert_eq!(usual, Regime::Reaction);
}
