//! Tests of `creep.rs`.

use super::*;
use crate::lattice::{Purpose, stream};
use crate::simulation::small_run;

#[test]
fn on_a_plane_the_network_finds_every_patch_in_reach_once() {
    let mut random = stream(2, Purpose::Patches, 0, 0);
    for sites in [[16, 24, 32], [96, 64, 32]] {
        let mut place =
            || [random.random_range(0.0..sites[0] as f64), random.random_range(0.0..sites[1] as f64), 0.5];
        let centres: Vec<[f64; 3]> = (0..150).map(|_| place()).collect();
        let network = CreepNetwork::new((centres.clone(), vec![1.0; centres.len()]), &[], sites, 4.0);
        let columns = [sites[0] as f64, sites[1] as f64];
        for (centre, found) in centres.iter().zip(&network.reaches) {
            let near = |other: &usize| distance(*centre, centres[*other], columns) <= 16.0;
            let expected: Vec<usize> = (0..150).filter(near).collect();
            let mut found: Vec<usize> = found.patches.iter().map(|patch| usize::from(*patch)).collect();
            found.sort_unstable();
            assert_eq!(found, expected);
        }
    }
}

/// Two walls, 6 sites apart, of patches that touch along each wall, and a floor that joins them.
#[test]
fn metal_creeps_along_the_surface_and_does_not_jump_a_gap() {
    // Down one wall, over the floor, up the other.
    let heights = || (0..10).map(|k| 3.0 * f64::from(k) + 0.5);
    let mut centres: Vec<[f64; 3]> = heights().rev().map(|z| [2.0, 5.0, z]).collect();
    centres.push([5.0, 5.0, 0.5]);
    centres.extend(heights().map(|z| [8.0, 5.0, z]));
    let last = centres.len() - 1;
    let touching: Vec<Vec<u16>> = (0..=last as u16)
        .map(|patch| {
            let beside = [patch.checked_sub(1), Some(patch + 1)].into_iter().flatten();
            beside.filter(|other| usize::from(*other) <= last).collect()
        })
        .collect();
    let network = CreepNetwork::new((centres, vec![1.0; last + 1]), &touching, [64, 64, 64], 6.0);
    let Reaches { patches, distances, .. } = &network.reaches[0];
    // The tops of the walls are 6 apart straight and 60 along the surface, beyond 4 × 6.
    assert_eq!(patches.len(), 9);
    for (patch, length) in patches.iter().zip(distances) {
        assert!((f64::from(*length) - 3.0 * f64::from(*patch)).abs() < 1e-5, "{patch}: {length}");
    }
}

/// Over two patches at a time the way along a surface is hardly longer than the straight one.
#[test]
fn along_a_plane_the_way_over_patches_is_nearly_straight() {
    let run = small_run("carbonate_moss", &["lattice.sites=[96,96,32]"]);
    let (lattice, network) = (run.lattice(), run.world.resource::<CreepNetwork>());
    let touching = crate::lattice::touching_patches(lattice, network.centres.len());
    let links = links(&network.centres, &touching, lattice.sites());
    let (mut sum, mut count, mut most) = (0.0, 0, 0.0f64);
    for (from, found) in along_surface(&links, 36.0).into_iter().enumerate() {
        for (length, patch) in found.into_iter().filter(|(length, _)| *length > 0.0) {
            let straight = distance(network.centres[from], network.centres[usize::from(patch)], [96.0, 96.0]);
            (sum, count, most) = (sum + length / straight, count + 1, most.max(length / straight));
        }
    }
    let mean = sum / f64::from(count);
    assert!(mean < 1.05 && most < 1.5, "{mean} {most}");
}
