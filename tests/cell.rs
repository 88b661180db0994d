//! The whole cell by its laws: voltage, cycling, dead metal, films, temperature, failure.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use common::{mean, run, scene};
use natrarium::observables::{EventKind, FailureKind, Metrics};
use natrarium::scene::Scene;
use natrarium::simulation::{Control, Simulation};
use natrarium::units::{FARADAY, GAS_CONSTANT};
use rayon::prelude::*;

/// A half cell of 48 × 48 × 96 sites with a protocol, written as in JSON.
fn cell(electrolyte: &str, protocol: &str, settings: &[&str]) -> Scene {
    let (electrolyte, protocol) = (format!("electrolyte={electrolyte}"), format!("protocol={protocol}"));
    let mut all = vec!["lattice.sites=[48,48,96]", &electrolyte, &protocol];
    all.extend(settings);
    scene("half_cell", &all)
}

/// Plate a capacity and strip it until a voltage, several times.
fn cycling(ma_cm2: f64, mah_cm2: f64, times: u32) -> String {
    cycling_to(1.0, ma_cm2, mah_cm2, times)
}

fn cycling_to(volts: f64, ma_cm2: f64, mah_cm2: f64, times: u32) -> String {
    format!(
        r#"[{{"Repeat":{{"times":{times},"steps":[
            {{"Plate":{{"current_density_ma_cm2":{ma_cm2},"until":{{"capacity_mah_cm2":{mah_cm2}}}}}}},
            {{"Strip":{{"current_density_ma_cm2":{ma_cm2},"until":{{"voltage_v":{volts}}}}}}}]}}}}]"#
    )
}

fn happened(simulation: &Simulation, kind: EventKind) -> bool {
    simulation.events().iter().any(|event| event.kind == kind)
}

/// Slope and intercept of the line of least squares.
fn line(points: &[(f64, f64)]) -> (f64, f64) {
    let n = points.len() as f64;
    let (x, y) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let slope = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>()
        / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>();
    (slope, y - slope * x)
}

/// Zhao2018, Table 1: 99.9 % in diglyme, below 20 % in EC/DEC, at 0.5 mA cm⁻² and 1 mAh cm⁻².
#[test]
fn the_same_rules_give_a_good_cell_in_diglyme_and_a_bad_one_in_carbonate() {
    let efficiency = |electrolyte: &str| -> Vec<f64> {
        let scene = cell(electrolyte, &cycling(0.5, 1.0, 2), &[]);
        let runs: Vec<Simulation> = (1..=2u64).into_par_iter().map(|seed| run(&scene, seed)).collect();
        for simulation in &runs {
            for cycle in simulation.cycles() {
                let lost = cycle.dead_percent + cycle.sei_percent + cycle.corrosion_percent;
                assert!(
                    (cycle.ce_percent.unwrap() + lost + cycle.left_percent - 100.0).abs() < 1e-9,
                    "all is accounted for"
                );
                assert!(cycle.left_percent.abs() < 2.0, "what is there can be stripped: {cycle:?}");
            }
        }
        runs.iter().flat_map(|simulation| simulation.cycles()).filter_map(|cycle| cycle.ce_percent).collect()
    };
    let (ether, carbonate) = (efficiency("1 M NaPF6 in diglyme"), efficiency("1 M NaPF6 in EC/DEC"));
    assert_eq!((ether.len(), carbonate.len()), (4, 4));
    assert!(mean(&ether).0 > 99.0, "{ether:?}");
    assert!(mean(&carbonate).0 < 60.0, "{carbonate:?}");
}

/// CaoBHNa, Fig. 3c: 170 mV at 1 and 294 mV at 5 mA cm⁻². The 35 % cover what a rate test of one cell leaves
/// open.
#[test]
fn bare_sodium_polarises_as_measured() {
    let millivolts: Vec<f64> = [1.0, 2.0, 5.0, 8.0]
        .into_par_iter()
        .map(|ma_cm2| {
            let limits =
                format!(r#"{{"current_density_ma_cm2":{ma_cm2},"until":{{"capacity_mah_cm2":1.0}}}}"#);
            let protocol = format!(r#"protocol=[{{"Plate":{limits}}},{{"Strip":{limits}}}]"#);
            let simulation = run(&scene("bare_sodium", &["lattice.sites=[48,48,96]", &protocol]), 1);
            let cycle = simulation.cycles()[0];
            assert!((cycle.ce_percent.unwrap() - 100.0).abs() < 1e-6, "a thick foil hides every loss");
            0.5 * (cycle.plating_mv + cycle.stripping_mv)
        })
        .collect();
    assert!(millivolts.is_sorted_by(|a, b| a < b), "{millivolts:?}");
    for (found, measured) in [(millivolts[0], 170.0), (millivolts[2], 294.0)] {
        assert!((found / measured - 1.0).abs() < 0.35, "{found} mV, {measured} mV were measured");
    }
}

#[test]
fn charge_and_sites_balance_over_twenty_cycles() {
    let mut simulation =
        Simulation::new(&cell("carbonate_ec_dec", &cycling(5.0, 0.1, 20), &["lattice.sites=[32,32,48]"]), 4)
            .unwrap();
    let mut throughput_c = 0.0;
    while !simulation.finished() {
        let before = (simulation.time_s(), simulation.charge_sites() + simulation.charge_stripped_sites());
        simulation.advance(1);
        assert_eq!(simulation.imbalance(), None);
        let current_a = simulation.carried_current_density_a_m2().abs() * simulation.projected_area_m2();
        throughput_c += current_a * (simulation.time_s() - before.0);
    }
    assert_eq!(simulation.cycles().len(), 20);
    let sites = simulation.charge_sites() + simulation.charge_stripped_sites();
    // Time is rounded in every step, charge never.
    assert!((throughput_c / simulation.site_charge_c() - sites).abs() < 1e-4, "{sites}");
    let plated: f64 = simulation.cycles().iter().map(|cycle| cycle.plated_mah_cm2).sum();
    assert!((plated - 2.0).abs() < 1e-6, "{plated}");
}

#[test]
fn the_voltage_is_the_sum_of_its_parts_and_linear_at_small_currents() {
    let scene = scene(
        "bare_sodium",
        &[
            "lattice.sites=[32,32,32]",
            "protocol=null",
            "current_density_ma_cm2=0.0001",
            "until={\"time_s\":1.0}",
        ],
    );
    let mut simulation = Simulation::new(&scene, 1).unwrap();
    simulation.advance(1);
    let stack = simulation.voltage();
    // R_ct = RT/(F i₀) of a flat foil; sinh differs from its argument by 10⁻⁸ here.
    let resistance = GAS_CONSTANT * 298.15 / (FARADAY * simulation.exchange_current_density_a_m2());
    let expected_v = resistance * simulation.current_density_a_m2();
    assert!((stack.charge_transfer_v / expected_v - 1.0).abs() < 1e-3, "{stack:?}, expected {expected_v}");
    for current in [30.0, -20.0, 0.0, 100.0, -400.0] {
        simulation.control(Control::CurrentDensity { a_per_m2: current });
        simulation.advance(3);
        let Metrics {
            overpotential_mv,
            overpotential_sei_mv,
            overpotential_charge_transfer_mv,
            overpotential_nucleation_mv,
            overpotential_concentration_mv,
            overpotential_ohmic_mv,
            overpotential_counter_mv,
            cell_voltage_mv,
            ..
        } = Metrics::measure(&simulation);
        let sum = overpotential_sei_mv
            + overpotential_charge_transfer_mv
            + overpotential_nucleation_mv
            + overpotential_concentration_mv
            + overpotential_ohmic_mv
            + overpotential_counter_mv;
        assert!((sum - overpotential_mv).abs() < 1e-9);
        assert_eq!(cell_voltage_mv, if current == 0.0 { 0.0 } else { -overpotential_mv.copysign(current) });
    }
}

/// δ = √(δ₀² + 2Pt): over an hour to two days the exponent is ½.
#[test]
fn films_grow_as_the_root_of_time_at_open_circuit() {
    let protocol = r#"[{"Plate":{"current_density_ma_cm2":2.0,"until":{"capacity_mah_cm2":0.05}}},{"Rest":{"time_s":400000}}]"#;
    let still = [
        "lattice.sites=[32,32,32]",
        "electrolyte.film_dissolution_nm_s=0",
        "electrolyte.corrosion_nm_s=0",
        // Else the films of four days use up all of the metal.
        "electrolyte.film_charge_c_cm3=100",
        "metal.surface_diffusivity_m2_s=0",
    ];
    let mut simulation = Simulation::new(&cell("carbonate_ec_dec", protocol, &still), 1).unwrap();
    let mut points = Vec::new();
    let mut charge = Vec::new();
    while !simulation.finished() {
        simulation.advance(200);
        if simulation.time_s() > 5000.0 && !simulation.finished() {
            let (film_m, ..) = simulation.film_on_metal();
            points.push((simulation.time_s().ln(), film_m.ln()));
            charge.push(simulation.stores().film_sites);
        }
    }
    let (exponent, _) = line(&points);
    assert!((exponent - 0.5).abs() < 0.02, "{exponent}");
    assert!(charge.is_sorted(), "a film only costs");
}

#[test]
fn arrhenius_slopes_are_recovered() {
    let temperatures = [-20.0, 0.0, 25.0, 45.0, 60.0];
    // What a user can read off: limiting current (D), exchange current density, growth constant from a film's
    // thickness, film conductance.
    let measured: Vec<[f64; 4]> = temperatures
        .iter()
        .map(|celsius| {
            let temperature = format!("temperature_c={celsius}");
            let scene = cell(
                "carbonate_ec_dec",
                r#"[{"Plate":{"current_density_ma_cm2":0.5,"until":{"capacity_mah_cm2":0.02}}},{"Rest":{"time_s":20000}},{"Plate":{"current_density_ma_cm2":0.001,"until":{"time_s":0.01}}}]"#,
                &[
                    "lattice.sites=[32,32,32]",
                    &temperature,
                    "electrolyte.film_dissolution_nm_s=0",
                    "electrolyte.corrosion_nm_s=0",
                    "electrolyte.film_charge_c_cm3=100",
                    "electrolyte.film_spread=0",
                ],
            );
            let simulation = run(&scene, 1);
            let (film_m, ..) = simulation.film_on_metal();
            let stack = simulation.voltage();
            // Both drops belong to the same current: their ratio is the film's resistance over that of charge
            // transfer.
            let film_over_transfer = stack.sei_v / stack.charge_transfer_v;
            let i0 = simulation.exchange_current_density_a_m2();
            let transfer = GAS_CONSTANT * simulation.temperature_k() / (FARADAY * i0);
            let conductivity = film_m / (film_over_transfer * transfer);
            let growth = (film_m.powi(2) - 25e-18) / (2.0 * 20_000.0);
            [simulation.salt_profile().diffusivity_m2_s(), i0, growth, conductivity]
        })
        .collect();
    // kJ/mol of assets/model.ron; film of uneven age and the voltage of a mixed surface leave a few per cent.
    for (quantity, (activation, tolerance)) in
        [(15.0, 1e-6), (45.0, 1e-6), (35.0, 0.05), (40.0, 0.05)].into_iter().enumerate()
    {
        let points: Vec<(f64, f64)> = temperatures
            .iter()
            .zip(&measured)
            .map(|(celsius, row)| (1.0 / (GAS_CONSTANT * (celsius + 273.15)), row[quantity].ln()))
            .collect();
        let (slope, _) = line(&points);
        let found = -slope / 1000.0;
        assert!(
            (found / activation - 1.0).abs() < tolerance,
            "quantity {quantity}: {found} kJ/mol, expected {activation}"
        );
    }
}

/// The same current, charge, electrolyte and stripping; only the diffusivity differs, and with it whether the
/// salt runs out. Ten seeds each: every tree loses less than every moss would by chance once in C(20,10) =
/// 184 756 times.
#[test]
fn trees_grown_at_the_tip_lose_less_than_moss_grown_from_the_base() {
    // A plating current of at most 1 mA/cm², so that the cell goes on when the salt has run out.
    let protocol = r#"[{"Hold":{"voltage_v":-9.0,"largest_ma_cm2":1.0,"until":{"capacity_mah_cm2":0.3}}},{"Strip":{"current_density_ma_cm2":1.0,"until":{"voltage_v":9.0}}}]"#;
    let dead = |diffusivity: &str| -> Vec<(f64, f64)> {
        let diffusivity = format!("electrolyte.diffusivity_m2_s={diffusivity}");
        let scene = cell("dilute_carbonate", protocol, &["cutoff_v=10", &diffusivity]);
        (1..=10u64)
            .into_par_iter()
            .map(|seed| {
                let simulation = run(&scene, seed);
                let metrics = Metrics::measure(&simulation);
                (simulation.cycles()[0].dead_percent, metrics.tip_grown_fraction)
            })
            .collect()
    };
    let (moss, trees) = (dead("2.5e-10"), dead("2.5e-11"));
    assert!(moss.iter().all(|run| run.1 < 0.05) && trees.iter().all(|run| run.1 > 0.8), "{moss:?} {trees:?}");
    // Mann and Whitney's U: pairs in which the tree lost more, of 100. One-sided p < 0.001 for U ≤ 10 with
    // ten against ten.
    let worse = trees.iter().flat_map(|tree| moss.iter().filter(move |moss| tree.0 >= moss.0)).count();
    assert!(worse <= 10, "{worse} of 100 pairs: moss {moss:?}, trees {trees:?}");
}

#[test]
fn sodium_dissolves_at_rest_and_lithium_does_not() {
    let protocol = r#"[{"Plate":{"current_density_ma_cm2":1.0,"until":{"capacity_mah_cm2":0.2}}},{"Rest":{"time_s":21600}}]"#;
    let left = |metal: &str| {
        let metal = format!("metal={metal}");
        let simulation = run(&cell("carbonate_ec_dec", protocol, &[&metal]), 1);
        let metrics = Metrics::measure(&simulation);
        1.0 - metrics.corrosion_mah_cm2 / metrics.areal_capacity_mah_cm2
    };
    let (sodium, lithium) = (left("sodium"), left("lithium"));
    assert!(sodium < 0.5, "a large portion is gone after six hours (Zhao2018, sec. 2.1): {sodium}");
    assert_eq!(lithium, 1.0);
}

#[test]
fn an_additive_runs_out_and_the_chemistry_falls_back() {
    let recipe = "1 M NaPF6 in EC/DEC + 1% FEC";
    let little = cell(recipe, &cycling(1.0, 0.5, 8), &["electrolyte_ul_cm2=6", "electrode_gap_um=100"]);
    let simulation = run(&little, 1);
    let spent = simulation.events().iter().find(|event| event.kind == EventKind::AdditiveExhausted).copied();
    let spent = spent.expect("1 % in 6 µL does not last eight cycles");
    let (with, without): (Vec<_>, Vec<_>) =
        simulation.cycles().iter().partition(|cycle| cycle.end_s < spent.time_s);
    let efficiency = |cycles: &[&natrarium::observables::Cycle]| {
        cycles.iter().filter_map(|cycle| cycle.ce_percent).sum::<f64>() / cycles.len() as f64
    };
    assert!(!with.is_empty() && without.len() > 1, "spent at {} s", spent.time_s);
    assert!(efficiency(&with) > efficiency(&without[1..]) + 5.0, "{:?}", simulation.cycles());
    // What is left makes less than a sixteenth of the first share of the film, which no longer shows.
    assert!(simulation.stores().additive_share < 0.0625);
}

#[test]
fn cells_die_as_in_the_literature_and_say_why() {
    let many = cycling(2.0, 0.5, 60);
    let cases = [
        (
            cell("carbonate_ec_dec", &many, &["electrolyte_ul_cm2=5", "electrode_gap_um=60", "cutoff_v=2"]),
            FailureKind::DryOut,
        ),
        (
            cell("carbonate_ec_dec", &many, &[r#"cell={"AnodeFree":{"inventory_mah_cm2":0.8}}"#]),
            FailureKind::SodiumExhausted,
        ),
        (
            cell("carbonate_ec_dec", &cycling_to(0.35, 2.0, 0.5, 60), &["cutoff_v=0.35"]),
            FailureKind::SeiResistance,
        ),
        (cell("dilute_carbonate", &cycling(20.0, 0.5, 3), &["cutoff_v=2.2"]), FailureKind::SaltDepletion),
        (
            cell(
                "carbonate_ec_dec",
                &many,
                &[
                    "lattice.sites=[48,48,24]",
                    "electrode_gap_um=14",
                    "separator_um=2",
                    "electrolyte_ul_cm2=100",
                ],
            ),
            FailureKind::HardShort,
        ),
    ];
    cases.into_par_iter().for_each(|(scene, expected)| {
        let simulation = run(&scene, 2);
        assert_eq!(simulation.imbalance(), None);
        let failure = simulation
            .failure()
            .unwrap_or_else(|| panic!("{expected:?}: it lived on, {:?}", simulation.events()));
        assert_eq!(failure.kind, expected, "{failure:?} {:?}", simulation.voltage());
        assert!(failure.time_s > 0.0 && failure.throughput_mah_cm2 > 0.0);
        assert!(happened(&simulation, EventKind::Failure(expected)));
        if expected == FailureKind::HardShort {
            assert!(
                happened(&simulation, EventKind::SeparatorTouched)
                    && happened(&simulation, EventKind::SoftShort)
            );
        }
    });
}

#[test]
fn odd_protocols_end_with_an_event() {
    let strip = r#"{"Strip":{"current_density_ma_cm2":1.0,"until":{"capacity_mah_cm2":0.5}}}"#;
    let plate = r#"{"Plate":{"current_density_ma_cm2":5.0,"until":{"capacity_mah_cm2":0.05}}}"#;
    // More is asked back than was plated, again and again.
    let greedy = format!(r#"[{{"Repeat":{{"times":3,"steps":[{plate},{strip},{strip}]}}}}]"#);
    let simulation = run(&cell("diglyme", &greedy, &["lattice.sites=[32,32,32]"]), 1);
    assert!(happened(&simulation, EventKind::MetalExhausted) || happened(&simulation, EventKind::Cutoff));
    assert_eq!(simulation.cycles().len(), 3);
    assert!(simulation.cycles().iter().all(|cycle| cycle.ce_percent.unwrap() <= 100.0));
    // A voltage that plating never reaches: the box fills up and says so.
    let never = r#"[{"Plate":{"current_density_ma_cm2":5.0,"until":{"voltage_v":9.0}}}]"#;
    let simulation = run(&cell("diglyme", never, &["lattice.sites=[16,16,16]", "cutoff_v=10"]), 1);
    assert!(happened(&simulation, EventKind::TopReached) && simulation.imbalance().is_none());
    // A user strips a bare collector by hand.
    let mut simulation = Simulation::new(&scene("diglyme_film", &["lattice.sites=[32,32,32]"]), 1).unwrap();
    simulation.control(Control::CurrentDensity { a_per_m2: -10.0 });
    simulation.advance(5);
    assert!(happened(&simulation, EventKind::MetalExhausted) && simulation.sites_stripped() == 0);
    simulation.control(Control::CurrentDensity { a_per_m2: 10.0 });
    simulation.advance(50);
    assert!(simulation.sites_plated() > 0, "and goes on plating");
}

#[test]
fn pulses_let_the_salt_recover() {
    let depleted = |protocol: &str| {
        let scene = cell("dilute_carbonate", protocol, &["lattice.sites=[32,32,64]", "cutoff_v=10"]);
        happened(&run(&scene, 1), EventKind::SandTime)
    };
    let until = r#""until":{"capacity_mah_cm2":0.05}"#;
    assert!(depleted(&format!(r#"[{{"Plate":{{"current_density_ma_cm2":20,{until}}}}}]"#)));
    // Sand's time is 1.3 s here; the pulses are shorter, and their mean current is below the limit.
    assert!(!depleted(&format!(
        r#"[{{"Pulse":{{"current_density_ma_cm2":20,"on_s":0.5,"off_s":4.5,{until}}}}}]"#
    )));
}

#[test]
fn stack_pressure_holds_the_film_together_and_the_metal_down() {
    let base_grown = |megapascal: f64| {
        let pressure = format!("pressure_mpa={megapascal}");
        let settings = ["lattice.sites=[48,48,96]", "until.areal_capacity_mah_cm2=0.3", &pressure];
        let scene = scene("carbonate_moss", &settings);
        let runs: Vec<f64> = (1..=6u64)
            .into_par_iter()
            .map(|seed| Metrics::measure(&run(&scene, seed)).base_grown_fraction)
            .collect();
        mean(&runs)
    };
    let (none, some, much) = (base_grown(0.0), base_grown(1.0), base_grown(5.0));
    // Four standard errors apart.
    assert!(none.0 - some.0 > 4.0 * none.1.hypot(some.1), "{none:?} {some:?}");
    assert!(some.0 > much.0 && much.0 < 0.02, "{some:?} {much:?}");
}
