//! Tests of coatings, by law.

use super::*;
use crate::scene::{Coating, Parameter, Scene, StepLimits, StepSpec};
use crate::simulation::Simulation;
use crate::simulation::course::journal::EventKind;
use crate::simulation::film::roster::InterphaseView;
use crate::units::m_from_nm;

fn number(value: f64) -> Parameter {
    Parameter { value, unit: "1".into(), range: (0.0, 1e12), source: "test".into(), assumption: true }
}

/// A layer that keeps nothing out, breaks at nothing, and resists 10 Ω cm².
fn inert() -> Coating {
    Coating {
        title: "layer".into(),
        family: "test".into(),
        aliases: Vec::new(),
        note: String::new(),
        thickness_nm: number(100.0),
        conductivity_s_cm: number(1e-6),
        modulus_gpa: number(10.0),
        fracture_strain: number(1e3),
        relaxation_s: number(1e9),
        barrier: number(1.0),
        spread: number(0.0),
        nucleation_mv: number(0.0),
        healing_s: number(0.0),
    }
}

fn scene(name: &str, settings: &[&str], coating: Vec<Coating>) -> Scene {
    let settings: Vec<String> = settings.iter().map(|setting| setting.to_string()).collect();
    let scene = crate::scene::load(name).expect("loads").with_settings(&settings).expect("settings hold");
    Scene { coating, ..scene }
}

fn run(scene: &Scene, steps: u64) -> Simulation {
    let mut run = Simulation::new(scene, 3).expect("fits");
    run.advance(steps);
    run
}

const EVEN: [&str; 3] = ["lattice.sites=[32,32,48]", "electrolyte.film_spread=0", "cell=Symmetric"];

/// Δη = i d/κ, i per area of the faces, whatever the field in the film.
#[test]
fn a_layer_costs_its_resistance_times_the_current() {
    let sei_mv = |current: f64, coating: Vec<Coating>| {
        let current = format!("current_density_ma_cm2={current}");
        let settings = [&EVEN[..], &[&current]].concat();
        let run = run(&scene("diglyme_film", &settings, coating), 2);
        let (_, faces, all) = run.film_on_metal();
        let per_face = 32.0 * 32.0 / (faces.max(all)) as f64;
        (run.voltage().sei_v * 1e3, per_face)
    };
    for (current, layers) in [(0.1, 1), (0.1, 3), (1.0, 1), (10.0, 2)] {
        let ((bare_mv, _), (with_mv, per_face)) =
            (sei_mv(current, Vec::new()), sei_mv(current, vec![inert(); layers]));
        // 10 Ω cm² each.
        let expected = current * per_face * 10.0 * layers as f64;
        let cost = with_mv - bare_mv;
        assert!(
            (cost / expected - 1.0).abs() < 0.06,
            "{layers} layers at {current}: {cost} for {expected} mV"
        );
    }
}

/// A coating that is a barrier lets the film grow by its share, so that the film takes that share of charge.
#[test]
fn the_film_takes_the_share_of_charge_that_the_barrier_lets_pass() {
    let charge = |share: f64| {
        let layer = Coating { barrier: number(share), ..inert() };
        let settings = [&EVEN[..], &["electrolyte.corrosion_nm_s=0", "until.time_s=1e4"]].concat();
        let run = run(&scene("diglyme_film", &settings, vec![layer]), 400);
        run.stores().film_sites / run.time_s().sqrt()
    };
    let whole = charge(1.0);
    for share in [0.5, 0.2, 0.05] {
        let ratio = charge(share) / whole;
        assert!((ratio / share - 1.0).abs() < 0.1, "{ratio} for {share}");
    }
}

/// The current at which the metal pushes through goes with the fifth power of the thickness.
#[test]
fn the_current_that_breaks_a_layer_goes_with_the_fifth_power_of_its_thickness() {
    let layer = |nm: f64| Coating {
        thickness_nm: number(nm),
        modulus_gpa: number(1.0),
        fracture_strain: number(0.1),
        ..inert()
    };
    let breaks_at = |nm: f64| {
        let mut run = run(&scene("diglyme_film", &EVEN, vec![layer(nm)]), 0);
        let patch = InterphaseView::new(&run.world).patches[2].clone();
        // By halving, in the logarithm of the current.
        let (mut low, mut high) = (-20.0f64, 30.0f64);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            run.world.resource_mut::<Clock>().current_density_a_m2 = middle.exp();
            let world = &run.world;
            let broken = broken(&patch, world.resource(), world.resource(), world.resource());
            (low, high) = if broken.is_some() { (low, middle) } else { (middle, high) };
        }
        low.exp()
    };
    let (thin, thick) = (breaks_at(10.0), breaks_at(20.0));
    assert!((thick / thin / 32.0 - 1.0).abs() < 1e-6, "{thin} and {thick} A/m²");
}

/// Below a brittle layer the first patch breaks soon, below a tough one never. What breaks is native film
/// from then on, and the event says so.
#[test]
fn brittle_layers_break_and_tough_ones_hold() {
    let with_strain = |fracture_strain: f64| {
        let layer = Coating { fracture_strain: number(fracture_strain), spread: number(0.05), ..inert() };
        run(&scene("diglyme_film", &["lattice.sites=[48,48,64]"], vec![layer]), 600)
    };
    let breached = |run: &Simulation| run.patches().iter().filter(|patch| patch.breached).count();
    let (brittle, tough) = (with_strain(1e-3), with_strain(1.0));
    assert!(breached(&brittle) > 0 && breached(&tough) == 0, "{} {}", breached(&brittle), breached(&tough));
    let told = |run: &Simulation| run.events().iter().any(|event| event.kind == EventKind::CoatingBreached);
    assert!(told(&brittle) && !told(&tough));
    assert!(brittle.patches().iter().all(|patch| patch.coated != patch.breached));
    // A whole coating has no root below it.
    assert!(brittle.patches().iter().all(|patch| !patch.coated || patch.crack.is_none()));
}

/// Of a stack the most brittle layer goes first, and the others stay.
#[test]
fn a_stack_breaks_layer_by_layer() {
    let brittle = Coating { fracture_strain: number(3e-4), ..inert() };
    let tough = Coating { fracture_strain: number(10.0), spread: number(0.05), ..inert() };
    let run = run(&scene("diglyme_film", &["lattice.sites=[48,48,64]"], vec![tough, brittle]), 400);
    let patches = run.patches();
    assert!(patches.iter().any(|patch| patch.breached && patch.coated));
    assert!(patches.iter().all(|patch| patch.coated), "the tough one holds everywhere");
}

/// A layer that heals closes the gaps that nothing grows out of; one that does not leaves them open.
#[test]
fn layers_that_heal_close_again() {
    let breached = |healing_s: f64| {
        let layer = Coating {
            fracture_strain: number(1e-3),
            spread: number(0.2),
            healing_s: number(healing_s),
            ..inert()
        };
        let mut scene = scene("carbonate_moss", &["lattice.sites=[48,48,64]"], vec![layer]);
        scene.spec = scene.spec.clone().with_protocol(vec![
            StepSpec::Plate {
                current_density_ma_cm2: 1.0,
                until: StepLimits { time_s: Some(900.0), ..StepLimits::default() },
            },
            StepSpec::Rest { time_s: 7200.0 },
        ]);
        let run = run(&scene, 100_000);
        run.patches().iter().filter(|patch| patch.breached).count()
    };
    let (never, heals) = (breached(0.0), breached(600.0));
    assert!(never > 0 && heals < never, "{never} stay open without, {heals} with healing");
}

/// Without a coating nothing is coated, and thickness comes back in metres as given.
#[test]
fn the_table_has_one_film_for_every_choice_of_whole_layers() {
    let films = Films::new(&scene("diglyme_film", &[], vec![inert(); 3]));
    assert_eq!(films.unbroken.index(), 7);
    let bare = Films::new(&scene("diglyme_film", &[], Vec::new()));
    assert_eq!(bare.unbroken, FilmId::ELECTROLYTE);
    for id in FilmId::up_to(films.unbroken) {
        let layers = id.index().count_ones() as f64;
        let cost = films.ohm_m2(id, 0.0, 50.0) - bare.ohm_m2(FilmId::ELECTROLYTE, 0.0, 50.0);
        let expected = layers * m_from_nm(100.0) / 1e-4;
        assert!((cost - expected).abs() < 1e-9 * expected.max(1e-9) + 1e-12, "{cost} {expected}");
    }
}
