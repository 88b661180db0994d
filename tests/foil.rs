//! Electrodes that begin with metal: a foil, or a filled host.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use common::scene;
use natrarium::lattice::SiteKind;
use natrarium::observables::Metrics;
use natrarium::scene::StartSpec;
use natrarium::simulation::Simulation;

const SMALL: &str = "lattice.sites=[32,32,64]";
const HOST: [&str; 2] = [SMALL, "host.PorousFoam.height_um=20"];
const FOIL: &str = "start=Foil(thickness_um: 12)";

fn stripping(settings: &[&str], mah_cm2: f64, seed: u64) -> Simulation {
    let settings = [&[SMALL, FOIL], settings].concat();
    let mut scene = scene("diglyme_film", &settings);
    let steps = natrarium::scene::WrittenProtocol::read(
        &format!("Strip at 1 mA/cm2 until {mah_cm2} mAh/cm2"),
        "test",
    );
    scene.spec = scene.spec.clone().with_protocol(steps.unwrap().steps);
    let scene = natrarium::scene::Scene::resolve(scene.spec).unwrap();
    let mut run = Simulation::new(&scene, seed).unwrap();
    while !run.finished() {
        run.advance(64);
    }
    run
}

/// 1 mAh/cm² of sodium is 8.86 µm (Shi2023, sec. 2.3): so much lower is the foil, dead metal and film apart.
#[test]
fn a_milliampere_hour_strips_its_thickness_of_foil() {
    let run = stripping(&["electrolyte.corrosion_nm_s=0"], 0.5, 1);
    let shape = Metrics::measure(&run).dense_thickness_um;
    let (layers, film) = (12.0 / 0.5, run.stores().balance.sei as f64 / (32.0 * 32.0));
    let expected = 0.5 * (layers - film) - 0.5 * 8.86;
    // A layer is half a micrometre, and the last one is not whole.
    assert!((shape - expected).abs() < 0.02 * 12.0, "{shape} for {expected} µm");
    assert_eq!(run.imbalance(), None);
}

/// Stripped further than there is metal, the run ends and says so.
#[test]
fn a_foil_ends() {
    let run = stripping(&[], 2.0, 1);
    assert!(run.lattice().count(SiteKind::Metal) < 32 * 32, "next to nothing is left");
    let metrics = Metrics::measure(&run);
    assert!(
        metrics.stripped_mah_cm2 < 1.37 && metrics.stripped_mah_cm2 > 1.0,
        "{}",
        metrics.stripped_mah_cm2
    );
}

/// Metal fills what the host leaves free, up to its level, and the books close over cycles.
#[test]
fn a_host_is_filled_to_its_level() {
    let free = |run: &Simulation| {
        let lattice = run.lattice();
        let [nx, ny, _] = lattice.sites().map(|n| n as i32);
        let at = |z: i32| (0..ny).flat_map(move |y| (0..nx).map(move |x| [x, y, z]));
        let top = lattice.top();
        (1..=top).map(|z| at(z).filter(|site| lattice.is_open(*site)).count()).collect::<Vec<_>>()
    };
    let bare = Simulation::new(&scene("porous_foam", &HOST), 1).unwrap();
    for level in [0.25, 1.0] {
        let start = format!("start=Infused(level: {level})");
        let scene = scene("porous_foam", &[&HOST[..], &[&start, "cell=Symmetric"]].concat());
        assert_eq!(scene.spec.start, StartSpec::Infused { level });
        let mut run = Simulation::new(&scene, 1).unwrap();
        let (before, after) = (free(&bare), free(&run));
        let filled = (level * before.len() as f64).round() as usize;
        assert!(after.iter().take(filled).all(|open| *open == 0));
        assert_eq!(after.get(filled..), before.get(filled..), "above the level nothing changes");
        let metal: usize = before[..filled].iter().sum();
        assert_eq!(run.lattice().count(SiteKind::Metal), metal as u64);
        run.advance(200);
        assert_eq!(run.imbalance(), None);
    }
}

/// The same seed gives the same run; a foil under a film of its own is no worse than one of bare collector.
#[test]
fn runs_on_foil_repeat_and_conserve() {
    let run = || {
        let settings = [SMALL, FOIL, "cell=Symmetric", "coating=nabr 500 nm"];
        let mut scene = scene("carbonate_moss", &settings);
        scene.spec = scene.spec.clone().with_cycles(2, 1.0, 0.2);
        let scene = natrarium::scene::Scene::resolve(scene.spec).unwrap();
        let mut run = Simulation::new(&scene, 9).unwrap();
        for _ in 0..400 {
            run.advance(4);
            assert_eq!(run.imbalance(), None);
        }
        run
    };
    assert_eq!(run().state_hash(), run().state_hash());
}
