//! Both morphologies from one model: what grows, where, in which order.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use common::{kolmogorov_smirnov_p, mean, run, scene};
use natrarium::lattice::{GrowthMode, SiteKind};
use natrarium::observables::{Metrics, Regime, Shape};
use natrarium::simulation::Simulation;
use rayon::prelude::*;

/// Heights (sites) of every twelfth column each way: far enough apart to be independent.
fn heights(simulation: &Simulation) -> Vec<f64> {
    let lattice = simulation.lattice();
    let [nx, ny, nz] = lattice.sites();
    let top = |x: usize, y: usize| {
        (1..nz as i32).rev().find(|z| lattice.kind([x as i32, y as i32, *z]) == SiteKind::Metal).unwrap_or(0)
    };
    (0..nx)
        .step_by(12)
        .flat_map(|x| (0..ny).step_by(12).map(move |y| (x, y)))
        .map(|(x, y)| f64::from(top(x, y)))
        .collect()
}

#[test]
fn walkers_and_kinetic_monte_carlo_agree_at_the_crossover() {
    // A thin gap, slow salt and a thin film bring the Robin length to the crossover, the box height (32 µm),
    // within minutes. How far a moss has come towards the other electrode differs by seed, and with it ℓ.
    let settings = |transport: &str| {
        [
            "lattice.sites=[48,48,64]".to_string(),
            "electrode_gap_um=80".into(),
            "electrolyte.diffusivity_m2_s=1e-11".into(),
            "current_density_ma_cm2=1.2".into(),
            "electrolyte.film_conductivity_s_cm=2.9e-7".into(),
            "until.areal_capacity_mah_cm2=0.35".into(),
            format!("transport={transport}"),
        ]
    };
    let sample = |transport: &str| -> (Vec<f64>, Vec<f64>) {
        let settings = settings(transport);
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let scene = scene("carbonate_moss", &settings);
        let runs: Vec<(Vec<f64>, f64, f64)> = (0..96u64)
            .into_par_iter()
            .map(|seed| {
                let simulation = run(&scene, seed);
                let expected = if transport == "Walkers" { Regime::Transport } else { Regime::Reaction };
                assert_eq!(simulation.regime(), expected);
                let length_um = simulation.robin_length_m() * 1e6;
                (heights(&simulation), Shape::measure(&simulation).rq_um, length_um)
            })
            .collect();
        let length_um = runs.iter().map(|(.., length_um)| length_um).sum::<f64>() / runs.len() as f64;
        assert!((length_um / 32.0 - 1.0).abs() < 0.05, "ℓ = {length_um} µm is the crossover");
        (runs.iter().flat_map(|(h, ..)| h.clone()).collect(), runs.iter().map(|(_, rq, _)| *rq).collect())
    };
    let (walkers, kinetic) = (sample("Walkers"), sample("KineticMonteCarlo"));
    let p = kolmogorov_smirnov_p(&walkers.0, &kinetic.0);
    assert!(p > 0.01, "column heights differ: p = {p}");
    let p = kolmogorov_smirnov_p(&walkers.1, &kinetic.1);
    assert!(p > 0.01, "roughness differs: p = {p}: {:?} {:?}", walkers.1, kinetic.1);
}

#[test]
fn base_grown_needles_are_oldest_at_the_tip() {
    let scene = scene("carbonate_moss", &["lattice.sites=[64,64,128]", "until.areal_capacity_mah_cm2=0.5"]);
    let simulation = run(&scene, 2);
    let long: Vec<Vec<u32>> =
        simulation.filament_ages().into_iter().filter(|ages| ages.len() >= 15).collect();
    assert!(long.len() >= 5, "{} long filaments", long.len());
    for ages in &long {
        assert!(
            ages.windows(2).all(|pair| pair[0] >= pair[1]) && ages[0] > ages[ages.len() - 1],
            "the root is the newest, the tip the oldest: {ages:?}"
        );
    }
    // The same on the lattice, as a picture coloured by age shows it: along each filament the metal gets
    // older outwards.
    let read = simulation.site_reader();
    let base = simulation.lattice().iter_solids().filter(|(_, _, solid)| solid.mode == GrowthMode::Base);
    let mut by_slice: Vec<(u32, u32, u32)> =
        base.map(|(_, _, solid)| (solid.filament, solid.birth, read(&solid).0)).collect();
    by_slice.sort_unstable();
    let along = by_slice.windows(2).filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1);
    let (right, all) =
        along.fold((0, 0), |(right, all), pair| (right + u32::from(pair[1].2 <= pair[0].2), all + 1));
    assert!(all > 200 && right == all, "{right} of {all} steps outwards lead to older metal");
}

#[test]
fn tip_grown_trees_are_newest_at_the_tip() {
    let scene = scene("sand_time", &["until.areal_capacity_mah_cm2=0.3"]);
    for seed in 0..5 {
        let simulation = run(&scene, seed);
        assert_eq!(simulation.regime(), Regime::Depleted);
        let read = simulation.site_reader();
        let mut tips: Vec<(i32, f64)> = simulation
            .lattice()
            .iter_solids()
            .filter(|(_, _, solid)| solid.mode == GrowthMode::Tip)
            .map(|(position, _, solid)| (position[2], f64::from(read(&solid).0)))
            .collect();
        tips.sort_by_key(|(z, _)| *z);
        let tenth = tips.len() / 10;
        let birth = |part: &[(i32, f64)]| mean(&part.iter().map(|(_, birth)| *birth).collect::<Vec<_>>()).0;
        let (low, high) = (birth(&tips[..tenth]), birth(&tips[tips.len() - tenth..]));
        // The top tenth was plated in the last part of the run, the bottom tenth in the first.
        let plated = simulation.sites_plated() as f64;
        assert!(high > 0.7 * plated && low < 0.4 * plated, "seed {seed}: {low} … {high} of {plated}");
        assert!(Metrics::measure(&simulation).tip_grown_fraction > 0.7);
    }
}

#[test]
fn a_diglyme_film_is_four_times_smoother_than_carbonate_moss() {
    for capacity in [0.2, 0.8] {
        let rq = |name: &str| -> Vec<f64> {
            let until = format!("until.areal_capacity_mah_cm2={capacity}");
            let scene = scene(name, &["lattice.sites=[64,64,160]", &until]);
            (0..6u64).into_par_iter().map(|seed| Shape::measure(&run(&scene, seed)).rq_um).collect()
        };
        let (moss, film) = (rq("carbonate_moss"), rq("diglyme_film"));
        // The roughest film against the smoothest moss, not only the means.
        let worst =
            film.iter().copied().fold(0.0, f64::max) / moss.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(worst < 0.25, "at {capacity} mAh cm⁻²: moss {moss:?}, film {film:?}");
    }
}

#[test]
fn moss_grows_from_the_base_while_salt_is_plentiful() {
    let scene = scene("carbonate_moss", &["lattice.sites=[64,64,128]", "until.areal_capacity_mah_cm2=0.5"]);
    let metrics = Metrics::measure(&run(&scene, 4));
    assert_eq!(metrics.regime, Regime::Reaction);
    assert!(metrics.i_over_i_lim < 0.2 && metrics.surface_concentration_mol_l > 0.8);
    assert!(metrics.base_grown_fraction > 0.1, "{}", metrics.base_grown_fraction);
    assert!(metrics.tip_grown_fraction < 0.01, "{}", metrics.tip_grown_fraction);
}

#[test]
fn seeds_and_hosts_draw_the_metal() {
    // Gold draws the first metal: in the first thin layer more sits beside and above seeds than their share
    // of the area.
    let scene = scene("gold_seeds", &["until.areal_capacity_mah_cm2=0.02"]);
    let simulation = run(&scene, 1);
    let lattice = simulation.lattice();
    let near = |position: [i32; 3]| {
        (-2..=2).any(|dy| {
            (-2..=2).any(|dx| {
                (0..=1).any(|z| lattice.kind([position[0] + dx, position[1] + dy, z]) == SiteKind::Seed)
            })
        })
    };
    let [nx, ny, _] = lattice.sites();
    let columns = (nx * ny) as f64;
    let area = (0..nx * ny).filter(|c| near([(c % nx) as i32, (c / nx) as i32, 0])).count() as f64 / columns;
    let metal: Vec<[i32; 3]> =
        lattice.iter_solids().filter(|(_, kind, _)| *kind == SiteKind::Metal).map(|(p, ..)| p).collect();
    let share = metal.iter().filter(|p| near(**p)).count() as f64 / metal.len() as f64;
    assert!(share > 1.5 * area, "{share} of the metal on {area} of the area");
}
