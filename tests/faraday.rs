//! Faraday's law and conservation: plated sites × their charge = ∫ I dt, and every site is accounted for
//! after every step.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use common::scene;
use natrarium::scene::library;
use natrarium::simulation::{Control, Simulation};
use natrarium::units::FARADAY;

#[test]
fn plated_charge_is_the_integral_of_the_current() {
    let scene = scene("carbonate_moss", &["lattice.sites=[48,48,160]", "until.areal_capacity_mah_cm2=0.3"]);
    let mut simulation = Simulation::new(&scene, 3).unwrap();
    let mut integral_c = 0.0;
    let currents = [10.0, 3.0, 55.5, 0.0, 20.0];
    let mut step = 0;
    while !simulation.finished() {
        if step % 40 == 0 {
            simulation.control(Control::CurrentDensity { a_per_m2: currents[step / 40 % currents.len()] });
        }
        let before = simulation.time_s();
        simulation.advance(1);
        let current_a = simulation.carried_current_density_a_m2() * simulation.projected_area_m2();
        integral_c += current_a * (simulation.time_s() - before);
        // Whole sites are plated, the fraction of a site is carried over.
        let charge_sites = integral_c / simulation.site_charge_c();
        assert!((charge_sites - simulation.charge_sites()).abs() < 1e-6, "only rounding of the time differs");
        assert_eq!(simulation.sites_plated(), simulation.charge_sites().floor() as u64);
        step += 1;
    }
    // The run ends at the asked charge to the site: 0.3 mAh cm⁻² = 10.8 C cm⁻² = 10 800 C m⁻².
    let wanted = 10_800.0 * simulation.projected_area_m2() / simulation.site_charge_c();
    assert!((simulation.charge_sites() - wanted).abs() < 1e-6);
    // q = F a³/V_m: 5.1×10⁻¹⁰ C for half a micrometre of sodium.
    let q = FARADAY * 0.5e-6f64.powi(3) / 23.75e-6;
    assert!((simulation.site_charge_c() / q - 1.0).abs() < 1e-3);
}

#[test]
fn sites_are_conserved_in_every_step_of_every_scene() {
    for entry in library() {
        let scene = scene(entry.name, &[]);
        let mut simulation = Simulation::new(&scene, 11).unwrap();
        for _ in 0..150 {
            simulation.advance(1);
            assert_eq!(simulation.imbalance(), None, "{} at step {}", entry.name, simulation.step());
        }
        assert!(simulation.sites_plated() + simulation.sites_stripped() > 0);
    }
}

#[test]
fn a_run_that_reaches_the_edge_of_the_box_stops_balanced() {
    let scene = scene("sand_time", &["lattice.sites=[32,32,24]"]);
    let simulation = common::run(&scene, 1);
    assert_eq!(simulation.imbalance(), None);
    assert!(simulation.charge_sites() >= simulation.sites_plated() as f64);
    assert!(simulation.lattice().top() < 24);
}

#[test]
fn at_rest_nothing_is_plated_and_rounding_conserves_the_metal() {
    let scene = scene("carbonate_moss", &["lattice.sites=[48,48,96]"]);
    let mut simulation = Simulation::new(&scene, 5).unwrap();
    simulation.advance(500);
    let plated = simulation.sites_plated();
    let rough = |simulation: &Simulation| {
        let lattice = simulation.lattice();
        lattice.iter_solids().map(|(p, ..)| u64::from(lattice.exposed_faces(p))).sum::<u64>()
    };
    let faces = rough(&simulation);
    simulation.control(Control::CurrentDensity { a_per_m2: 0.0 });
    for _ in 0..200 {
        simulation.advance(1);
        assert_eq!(simulation.imbalance(), None);
    }
    assert_eq!(simulation.sites_plated(), plated);
    assert!(
        rough(&simulation) < faces,
        "a deposit at rest rounds off: {} of {faces} faces left",
        rough(&simulation)
    );
}
