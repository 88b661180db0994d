//! Draws follow the weights.

use super::*;
use crate::lattice::{Purpose, SiteKind, stream};
use crate::simulation::Simulation;
use std::collections::HashMap;

/// A tip of five neighbours is met by e^(−χ·12/26) of what a flat face of as much film is.
#[test]
fn a_shield_keeps_ions_from_what_protrudes() {
    let mut simulation = crate::simulation::small_run(
        "carbonate_moss",
        &["lattice.sites=[48,48,64]", "transport=KineticMonteCarlo"],
    );
    simulation.advance(400);
    let films = simulation.world.remove_resource::<Films>().expect("films");
    let now_s = simulation.time_s();
    simulation.world.resource_scope(|world, mut surface: Mut<Surface>| {
        let lattice = &mut world.resource_mut::<crate::simulation::sites::Sites>().0;
        let mut draws = |exponent: f64| {
            surface.set_shield(exponent);
            let mut random = stream(5, Purpose::Film, 0, 0);
            let mut by_bonds = [0.0; 27];
            for _ in 0..200_000 {
                let slot = surface.draw(lattice, &films, now_s, &mut random).expect("faces");
                by_bonds[lattice.bound(lattice.exposed()[slot].position()).1 as usize] += 1.0;
            }
            by_bonds
        };
        let (free, shielded) = (draws(0.0), draws(4.0));
        let all: f64 = (0..27).map(|n| free[n] * libm::exp(4.0 * n as f64 / 26.0)).sum();
        for bonds in 0..27 {
            let expected = 200_000.0 * free[bonds] * libm::exp(4.0 * bonds as f64 / 26.0) / all;
            // Six standard deviations of both counts.
            let most = 6.0 * (expected + expected * expected / free[bonds].max(1.0)).sqrt() + 6.0;
            assert!((shielded[bonds] - expected).abs() < most, "{bonds}: {} {expected}", shielded[bonds]);
        }
    });
}

/// Both where metal is rare among the exposed sites and where it is not.
#[test]
fn any_metal_is_drawn_as_often_as_it_has_faces() {
    let settings = ["lattice.sites=[48,48,64]", "transport=KineticMonteCarlo"].map(String::from);
    let scene = crate::scene::load("carbonate_moss").unwrap().with_settings(&settings).unwrap();
    let mut simulation = Simulation::new(&scene, 5).unwrap();
    let mut random = stream(5, Purpose::Film, 0, 0);
    for (steps, rare) in [(1, true), (400, false)] {
        simulation.advance(steps);
        let lattice = simulation.lattice();
        let surface = simulation.world.resource::<Surface>();
        let expected: HashMap<Position, f64> = Surface::exposed(lattice)
            .filter(|position| matches!(lattice.kind(*position), SiteKind::Metal | SiteKind::DeadMetal))
            .map(|position| (position, f64::from(lattice.exposed_faces(position))))
            .collect();
        let faces: f64 = expected.values().sum();
        assert_eq!(faces as u64, surface.faces(Matter::Metal) + surface.faces(Matter::Dead));
        assert_eq!(6.0 * f64::from(lattice.exposed().slots()) > MOST_TRIES as f64 * faces, rare);
        let trials = 20.0 * expected.len() as f64;
        let mut counts: HashMap<Position, f64> = HashMap::new();
        for _ in 0..trials as usize {
            *counts.entry(surface.any_metal(lattice, &mut random).unwrap()).or_default() += 1.0;
        }
        assert!(counts.keys().all(|position| expected.contains_key(position)));
        let chi2: f64 = (expected.iter())
            .map(|(position, here)| {
                let wanted = trials * here / faces;
                let count = counts.get(position).copied().unwrap_or(0.0);
                (count - wanted) * (count - wanted) / wanted
            })
            .sum();
        let freedom = expected.len() as f64 - 1.0;
        // At least 20/6 · faces/site expected for each: the tail of χ² is a little wider than that of its
        // limit.
        assert!(chi2 < freedom + 5.0 * (2.0 * freedom).sqrt(), "{rare}: χ² = {chi2} of {freedom}");
    }
}
