//! What coatings and hosts do to a cell: orders of the reviews, each over eight seeds. They are judged by the
//! one-sided test of Mann and Whitney at 1 %: of the 64 pairs at least 55 must be in the order.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use common::scene;
use natrarium::observables::{EventKind, Metrics, Morphology};
use natrarium::simulation::Simulation;
use rayon::prelude::*;

const SEEDS: std::ops::Range<u64> = 1..9;
const SMALL: &str = "lattice.sites=(48,48,80)";

/// A scene with a coating at a current density, mA/cm².
fn coated(name: &str, coating: &str, current: f64, seed: u64) -> Simulation {
    let (coating, current) = (format!("coating={coating}"), format!("current_density_ma_cm2={current}"));
    Simulation::new(&scene(name, &[SMALL, &coating, &current]), seed).unwrap()
}

/// Charge, mAh/cm², at which the first filament grows, or the voltage comes to its limit of 1 V.
fn life(coating: &str, current: f64, seed: u64) -> f64 {
    let mut run = coated("graphene_layers", coating, current, seed);
    while !run.finished() {
        run.advance(8);
        let filament = run.events().iter().find(|event| event.kind == EventKind::FirstFilament);
        if let Some(filament) = filament {
            return filament.areal_capacity_mah_cm2;
        }
        if run.voltage().total_v() > 0.99 {
            return run.capacity_mah_cm2(run.charge_sites());
        }
    }
    run.capacity_mah_cm2(run.charge_sites())
}

fn lives(coating: &str, current: f64) -> Vec<f64> {
    SEEDS.into_par_iter().map(|seed| life(coating, current, seed)).collect()
}

/// True where the first values are larger: Mann and Whitney's U of two times eight, ties by half.
fn larger(a: &[f64], b: &[f64]) -> bool {
    assert_eq!((a.len(), b.len()), (8, 8), "the critical value is that of two times eight");
    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
    let u: f64 = pairs.map(|(a, b)| if a > b { 1.0 } else { 0.5 * f64::from(u8::from(a == b)) }).sum();
    u >= 55.0
}

/// A layer whose critical current lies between the two outlives bare foil at the low one and not at the high
/// one (Zhao2018, sec. 3.2: graphene).
#[test]
fn a_coated_foil_outlives_a_bare_one_below_its_critical_current_only() {
    for (current, outlives) in [(0.25, true), (5.0, false)] {
        let (coated, bare) = (lives("graphene 2 nm", current), lives("none", current));
        let (first, second) = if outlives { (&coated, &bare) } else { (&bare, &coated) };
        assert!(larger(first, second), "{current} mA/cm²: {coated:?} {bare:?}");
        let model = scene("graphene_layers", &["coating=graphene 2 nm"]);
        let chance = model.model.breach_chance(&model.coating, 3.0, current);
        assert_eq!(chance < 0.2, outlives, "the panel says so: {chance}");
    }
}

/// Thin layers break, thick ones cost voltage: the longest life lies between, and the thickness that still
/// carries the current falls with it.
#[test]
fn the_best_thickness_lies_between_and_moves_with_the_current() {
    let [thin, middle, thick] =
        ["graphene 1 nm", "graphene 5 nm", "graphene 50 nm"].map(|stack| lives(stack, 2.0));
    assert!(larger(&middle, &thin) && larger(&middle, &thick), "{thin:?} {middle:?} {thick:?}");
    // At an eighth of the current 50 nm carry it, and outlive 1 nm.
    let (thin, thick) = (lives("graphene 1 nm", 0.25), lives("graphene 50 nm", 0.25));
    assert!(larger(&thick, &thin), "{thin:?} {thick:?}");
}

/// The barrier for ions falls from NaF over NaCl and NaI, which are alike, to NaBr (Shi2023, Fig. 4a).
#[test]
fn ions_cross_halides_in_the_order_of_the_reviews() {
    let cost = |salt: &str, seed: u64| {
        let mut run = coated("graphene_layers", &format!("{salt} 1 µm"), 0.5, seed);
        run.advance(2);
        run.voltage().sei_v
    };
    for seed in SEEDS {
        let [naf, nacl, nai, nabr] = ["NaF", "NaCl", "NaI", "NaBr"].map(|salt| cost(salt, seed));
        assert!(naf > nacl && nacl > nabr && (nacl / nai - 1.0).abs() < 0.1, "{naf} {nacl} {nai} {nabr}");
    }
}

/// More nuclei on gold than on copper, at the same charge.
#[test]
fn gold_nucleates_more_densely_than_copper() {
    let nuclei = |coating: &str, seed: u64| {
        let mut run = coated("half_cell", coating, 0.5, seed);
        while run.sites_plated() < 48 * 48 / 20 {
            run.advance(1);
        }
        Morphology::measure(&run).nuclei as f64
    };
    let all = |coating: &str| SEEDS.into_par_iter().map(|seed| nuclei(coating, seed)).collect::<Vec<f64>>();
    let (gold, copper) = (all("Au 20 nm"), all("none"));
    assert!(larger(&gold, &copper), "{gold:?} {copper:?}");
}

/// The host of a cloth keeps what grows on it lower above itself than a foil does, at equal charge.
#[test]
fn metal_stands_lower_above_a_cloth_than_above_a_foil() {
    let above = |host: &str, top_um: f64, seed: u64| {
        let settings = ["lattice.sites=(64,64,128)", host, "until.areal_capacity_mah_cm2=0.3"];
        let run = common::run(&scene("carbon_cloth", &settings), seed);
        Metrics::measure(&run).shape.unwrap().h_max_um - top_um
    };
    let cloth = "host=Fibres(diameter_um: 7.0, porosity: 0.8, height_um: 35.0, layering: 1.0, nucleation_overpotential_mv: 5.0)";
    let foil = "host=Planar(nucleation_overpotential_mv: 5.0)";
    let all = |host: &str, top_um: f64| -> Vec<f64> {
        SEEDS.into_par_iter().map(|seed| above(host, top_um, seed)).collect()
    };
    let (cloth, foil) = (all(cloth, 35.0), all(foil, 0.0));
    assert!(larger(&foil, &cloth), "{cloth:?} {foil:?}");
}

/// The charge at which the first patch breaks is that of the coating, not of the lattice: with sites of half
/// the edge it is the same within a quarter, four seeds each.
#[test]
fn the_first_breach_does_not_depend_on_the_lattice_edge() {
    let first = |edge_um: f64, sites: usize, seed: u64| {
        let lattice = format!("lattice.sites=({sites},{sites},{})", 2 * sites);
        let settings = [lattice, format!("lattice.edge_um={edge_um}")];
        let scene = natrarium::scene::load("brittle_coating").unwrap().with_settings(&settings).unwrap();
        let mut run = Simulation::new(&scene, seed).unwrap();
        loop {
            run.advance(16);
            let breach = run.events().iter().find(|event| event.kind == EventKind::CoatingBreached);
            if let Some(breach) = breach {
                return breach.areal_capacity_mah_cm2;
            }
            assert!(!run.finished(), "it breaks before the end");
        }
    };
    let mean = |edge_um: f64, sites: usize| {
        (1..5u64).into_par_iter().map(|seed| first(edge_um, sites, seed)).sum::<f64>() / 4.0
    };
    let (fine, coarse) = (mean(0.25, 96), mean(0.5, 48));
    assert!((fine / coarse - 1.0).abs() < 0.25, "{fine} and {coarse} mAh/cm²");
}
