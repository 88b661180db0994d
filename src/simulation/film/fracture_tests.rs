//! Tests of strain, cracking and retirement.

use super::*;
use crate::lattice::SiteKind;
use crate::simulation::{Simulation, small_run};
use bevy_ecs::system::RunSystemOnce;

/// Lifts all patches by one layer, patch 4 by `more` layers more, and strains them within a moment.
fn lifted(run: &mut Simulation, more: f64) {
    run.world.query::<&mut Patch>().iter_mut(&mut run.world).for_each(|mut patch| {
        (patch.gained, patch.height) = (0, 1.0);
    });
    let patch = run.world.resource::<Roster>().patches[4];
    if let Some(mut patch) = run.world.get_mut::<Patch>(patch) {
        patch.height += more;
    }
    let strain = |mut sites: ResMut<Sites>,
                  mut surface: ResMut<Surface>,
                  mut interphase: Interphase,
                  mut network: ResMut<CreepNetwork>,
                  (films, constants, clock): (Res<Films>, Res<Constants>, Res<Clock>),
                  mut book: ResMut<FilmBook>,
                  mut cracks: ResMut<Cracks>| {
        let (space, moment) = ((&mut *sites, &mut *surface), (&*films, &*constants, &*clock));
        strain_patches(space, &mut interphase, &mut network, moment, 1e-6, &mut book, &mut cracks);
    };
    run.world.run_system_once(strain).expect("all resources are there");
}

fn patches(run: &Simulation) -> Vec<Patch> {
    InterphaseView::new(&run.world).patches.into_iter().cloned().collect()
}

#[test]
fn only_unequal_lifting_strains_the_film() {
    let mut run = small_run("carbonate_moss", &["lattice.sites=[64,64,32]"]);
    lifted(&mut run, 0.0);
    assert!(patches(&run).iter().all(|patch| patch.geometric_strain == 0.0 && patch.elastic_strain == 0.0));
    lifted(&mut run, 1.0);
    let (network, constants) = (run.world.resource::<CreepNetwork>(), run.world.resource::<Constants>());
    let strains: Vec<f64> =
        network.touching(4, constants.patch_sites).map(|(_, distance)| 0.5 / (distance * distance)).collect();
    let expected = strains.iter().sum::<f64>() / strains.len() as f64;
    let strain = patches(&run)[4].geometric_strain;
    // Distances are kept to single precision.
    assert!(strains.len() > 2 && (strain / expected - 1.0).abs() < 1e-5, "{strain} {expected}");
}

#[test]
fn a_patch_cracks_beyond_its_fracture_strain_and_a_bare_crack_costs_film() {
    let mut run = small_run("carbonate_moss", &["lattice.sites=[64,64,32]"]);
    run.advance(30);
    let faces = |run: &Simulation| run.world.resource::<FilmBook>().cracked_faces;
    let limit = patches(&run)[4].fracture_strain;
    lifted(&mut run, 1000.0);
    let patch = &patches(&run)[4];
    assert!(patch.geometric_strain > limit, "so much lifting is beyond any limit");
    // The strain is released, the next limit is drawn anew, and the crack runs across the patch.
    assert!(patch.elastic_strain == 0.0 && patch.fracture_strain != limit);
    let width = run.world.resource::<Constants>().filament_diameter_sites;
    // A filament comes out of it: the film that begins there is that on the filament.
    assert_eq!(faces(&run), 0.0);
    run.world.resource_mut::<Clock>().current_density_a_m2 = -10.0;
    lifted(&mut run, 3000.0);
    assert!(faces(&run) >= 0.999 * patches(&run)[4].area.sqrt() * width);
}

#[test]
fn filaments_become_part_of_the_deposit_when_stripping_begins() {
    let mut run = small_run("carbonate_moss", &["lattice.sites=[48,48,64]"]);
    while run.sites_by_mode(crate::lattice::GrowthMode::Base) < 200 {
        run.advance(16);
    }
    let (growing, retired) = run.filament_counts();
    let metal = run.lattice().count(SiteKind::Metal);
    assert!(growing > 0);
    let of_filaments = |run: &Simulation| {
        run.lattice().iter_solids().filter(|(.., solid)| is_filament(solid.filament)).count()
    };
    assert!(of_filaments(&run) >= 200);
    retire_filaments(&mut run.world);
    assert_eq!(run.filament_counts(), (growing, retired), "nothing happens while metal is plated");
    run.world.resource_mut::<Clock>().current_density_a_m2 = -10.0;
    retire_filaments(&mut run.world);
    assert_eq!(run.filament_counts(), (0, growing + retired));
    assert_eq!((of_filaments(&run), run.lattice().count(SiteKind::Metal)), (0, metal));
    assert!(patches(&run).iter().all(|patch| patch.root.is_none()));
}

/// Metal is reduced at random under a film that is everywhere alike. Strain by counted sites would be that of
/// their scatter: with 20 layers of 36 sites ⟨(Δh/d)²⟩/2 = (2 · 20/36)/(2 · 6²) = 0.015, half of what cracks
/// a film.
#[test]
fn a_film_that_is_alike_everywhere_is_not_strained_by_the_scatter_of_sites() {
    let mut run = small_run("carbonate_moss", &["lattice.sites=[96,96,32]"]);
    let mut random = stream(3, Purpose::Fracture, 0, 0);
    let expected = |mut interphase: Interphase, mut network: ResMut<CreepNetwork>| {
        let count = interphase.roster.patches.len() as u16;
        (0..count).for_each(|number| {
            let area = interphase.patch(number).map_or(0.0, |patch| patch.area);
            network.set_whole(number, area);
        });
        network.forget_sums();
        expected_heights(&mut interphase, &mut network)
    };
    // Poisson counts by many trials.
    let layers = 20.0;
    run.world.query::<&mut Patch>().iter_mut(&mut run.world).for_each(|mut patch| {
        let mean = layers * patch.area;
        let scatter = crate::lattice::standard_normal(&mut random) * mean.sqrt();
        patch.gained = (mean + scatter).round() as i64;
    });
    let heights = run.world.run_system_once(expected).expect("all resources are there");
    let network = run.world.resource::<CreepNetwork>();
    let patch_sites = run.world.resource::<Constants>().patch_sites;
    let strain = |number: u16| {
        let near = network.touching(number, patch_sites);
        near.map(|(other, distance)| {
            let slope = (heights[usize::from(number)] - heights[usize::from(other)]) / distance;
            0.5 * slope * slope
        })
        .fold(0.0, f64::max)
    };
    let mean = heights.iter().sum::<f64>() / heights.len() as f64;
    assert!((mean / layers - 1.0).abs() < 0.05, "{mean}");
    let most = (0..heights.len() as u16).map(strain).fold(0.0, f64::max);
    // A hundredth of the fracture strain of the film.
    assert!(most < 3e-4, "{most}");
}
