//! Tests of strain, cracking and retirement.

use super::*;
use crate::simulation::{Simulation, small_run};
use bevy_ecs::system::RunSystemOnce;

/// Lifts all patches by one layer, patch 4 by `more` layers more, and strains them within a moment.
fn lifted(run: &mut Simulation, more: u64) {
    run.world.query::<&mut Patch>().iter_mut(&mut run.world).for_each(|mut patch| {
        patch.lifted = patch.area as u64;
    });
    let patch = run.world.resource::<Roster>().patches[4];
    if let Some(mut patch) = run.world.get_mut::<Patch>(patch) {
        patch.lifted *= 1 + more;
    }
    let strain = |mut sites: ResMut<Sites>,
                  mut surface: ResMut<Surface>,
                  mut interphase: Interphase,
                  network: Res<CreepNetwork>,
                  (films, constants, clock): (Res<Films>, Res<Constants>, Res<Clock>),
                  mut book: ResMut<FilmBook>,
                  mut cracks: ResMut<Cracks>| {
        let (space, moment) = ((&mut *sites, &mut *surface), (&*films, &*constants, &*clock));
        strain_patches(space, &mut interphase, &network, moment, 1e-6, &mut book, &mut cracks);
    };
    run.world.run_system_once(strain).expect("all resources are there");
}

fn patches(run: &Simulation) -> Vec<Patch> {
    InterphaseView::new(&run.world).patches.into_iter().cloned().collect()
}

#[test]
fn only_unequal_lifting_strains_the_film() {
    let mut run = small_run("carbonate_moss", &["lattice.sites=[64,64,32]"]);
    lifted(&mut run, 0);
    assert!(patches(&run).iter().all(|patch| patch.geometric_strain == 0.0 && patch.elastic_strain == 0.0));
    lifted(&mut run, 1);
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
    lifted(&mut run, 1000);
    let patch = &patches(&run)[4];
    assert!(patch.geometric_strain > limit, "so much lifting is beyond any limit");
    // The strain is released, the next limit is drawn anew, and the crack runs across the patch.
    assert!(patch.elastic_strain == 0.0 && patch.fracture_strain != limit);
    let width = run.world.resource::<Constants>().filament_diameter_sites;
    // A filament comes out of it: the film that begins there is that on the filament.
    assert_eq!(faces(&run), 0.0);
    run.world.resource_mut::<Clock>().current_density_a_m2 = -10.0;
    lifted(&mut run, 3000);
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
