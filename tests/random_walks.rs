//! Walks of ions: return probability, hitting law on a plane, Robin flux through a slab, and long jumps
//! against single steps.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use common::chi_squared_p;
use natrarium::lattice::walk::{Far, JumpTables, Walks};
use natrarium::lattice::{
    FACES, GrowthMode, LARGEST_RADIUS, Lattice, NONE_U16, Position, Purpose, SiteKind, Solid, offset, stream,
};
use rand::RngExt;
use rayon::prelude::*;
use std::f64::consts::TAU;

fn solid(lattice: &mut Lattice, position: Position) {
    if !lattice.is_solid(position) {
        lattice.place(position, SiteKind::Host, Solid::new(0, 0.0, NONE_U16, GrowthMode::None));
    }
}

fn floor(sites: [usize; 3]) -> Lattice {
    let mut lattice = Lattice::new(sites);
    for y in 0..sites[1] as i32 {
        for x in 0..sites[0] as i32 {
            solid(&mut lattice, [x, y, 0]);
        }
    }
    lattice
}

#[test]
fn a_walk_on_the_cubic_lattice_returns_with_polyas_probability() {
    // Pólya's constant 0.340537 (Watson 1939, DOI 10.1093/qmath/os-10.1.266). Walks that got farther than R
    // are cut off; of these a share 3/(2πR)/1.5164 would still return: 1.6×10⁻⁴ at R = 2000, counted in.
    let (far, trials) = (2000.0, 400_000u64);
    let tables = JumpTables::new([8, 8]);
    let returns = (0..trials)
        .into_par_iter()
        .filter(|index| {
            let mut random = stream(41, Purpose::Walk, 0, *index);
            let mut at: Position = [1, 0, 0];
            loop {
                let size = at.iter().map(|c| c.abs()).max().unwrap();
                if size == 0 {
                    return true;
                }
                if f64::from(size) > far {
                    return false;
                }
                // The largest cube around the walker with the origin not inside it.
                at = offset(at, tables.leave_cube(size.min(LARGEST_RADIUS), &mut random).0);
            }
        })
        .count() as f64;
    let probability = returns / trials as f64 + 0.66 * 1.6e-4;
    // Four standard deviations √(p(1−p)/n) = 7.5×10⁻⁴.
    assert!((probability - 0.340_537).abs() < 4.0 * 7.5e-4, "{probability}");
}

#[test]
fn ions_hit_a_plane_by_the_half_space_law() {
    // h/[2π(r² + h²)^{3/2}], wrapped around the periodic sides. At h = 40 the discrete law differs from it by
    // some 1/h² ≈ 6×10⁻⁴, far below the 1.6 % scatter of a bin.
    let (n, height, trials) = (128, 40, 1_000_000u64);
    let lattice = floor([n, n, 16]);
    let tables = JumpTables::new([n, n]);
    let walks = Walks { ground: lattice.ground().unwrap(), tables: &tables, far: Far::Above };
    let bin = |x: i32, y: i32| (x.rem_euclid(n as i32) / 8 + 16 * (y.rem_euclid(n as i32) / 8)) as usize;
    let landings: Vec<usize> = (0..trials)
        .into_par_iter()
        .map(|index| {
            let mut random = stream(5, Purpose::Walk, 0, index);
            let landing = walks.walk([64, 64, height], &mut random, |_, _| true).unwrap();
            assert_eq!(landing.onto[2], 0);
            bin(landing.onto[0], landing.onto[1])
        })
        .collect();
    let mut observed = vec![0.0; 256];
    landings.iter().for_each(|bin| observed[*bin] += 1.0);

    let h = f64::from(height);
    let images = 12;
    let mut expected = vec![0.0; 256];
    for y in 0..n as i32 {
        for x in 0..n as i32 {
            let mut density = 0.0;
            for v in -images..=images {
                for u in -images..=images {
                    let dx = f64::from(x - 64 + u * n as i32);
                    let dy = f64::from(y - 64 + v * n as i32);
                    density += h / TAU * (dx * dx + dy * dy + h * h).powf(-1.5);
                }
            }
            // Images beyond, as a continuum outside the square of half-width w: ∫ h/(2π r³) = h·√2·4/(2π w).
            let w = (f64::from(images) + 0.5) * n as f64;
            density += h * 4.0 * 2f64.sqrt() / (TAU * w) / (n * n) as f64;
            expected[bin(x, y)] += density;
        }
    }
    assert!((expected.iter().sum::<f64>() - 1.0).abs() < 1e-3, "the wrapped law is a distribution");
    let p = chi_squared_p(&observed, &expected);
    assert!(p > 0.001, "p = {p}");
}

#[test]
fn flux_through_a_slab_is_that_of_diffusion_and_reaction_in_series() {
    // From a source at distance L a fraction a/(L + D/k) of the ions that leave it by one site react: flux
    // kDc/(D + kL).
    let (length, trials) = (18, 400_000u64);
    let lattice = floor([16, 16, 8]);
    let tables = JumpTables::new([16, 16]);
    let walks =
        Walks { ground: lattice.ground().unwrap(), tables: &tables, far: Far::Sink { height: length } };
    for robin_length in [0.0f64, 3.0, 16.0, 60.0] {
        let sticking = 1.0 / (1.0 + robin_length);
        let stuck = (0..trials)
            .into_par_iter()
            .filter(|index| {
                let mut random = stream(9, Purpose::Walk, robin_length as u64, *index);
                let start = [random.random_range(0..16), random.random_range(0..16), length - 1];
                // Half of the refusals summed, half played out.
                let most = sticking.sqrt();
                let sticks = |_, random: &mut _| RngExt::random::<f64>(random) * most < sticking;
                walks.walk_reluctantly(start, &mut random, most, sticks).is_some()
            })
            .count() as f64;
        let expected = trials as f64 / (f64::from(length) + robin_length);
        // Four standard deviations of a count.
        assert!(
            (stuck - expected).abs() < 4.0 * expected.sqrt(),
            "ℓ = {robin_length}: {stuck}, law {expected}"
        );
    }
}

#[test]
fn long_jumps_land_where_single_steps_do() {
    // A rough landscape of posts; the same walk by single steps only, written out here, is the reference.
    let mut lattice = floor([32, 32, 32]);
    for (x, y, height) in [(4, 4, 9), (5, 4, 9), (20, 9, 14), (12, 25, 5), (27, 27, 11)] {
        (1..=height).for_each(|z| solid(&mut lattice, [x, y, z]));
    }
    let tables = JumpTables::new([32, 32]);
    let sink = 30;
    let walks = Walks { ground: lattice.ground().unwrap(), tables: &tables, far: Far::Sink { height: sink } };
    let trials = 100_000u64;
    let start = [14, 12, 12];
    // Bins: the sink, the five posts together by height, the floor by quadrant.
    let bin = |onto: Option<Position>| match onto {
        None => 0,
        Some([x, y, 0]) => 1 + (x / 8 + 4 * (y / 8)) as usize,
        Some([_, _, z]) => 17 + z as usize / 3,
    };
    let count = |bins: Vec<usize>| {
        let mut counts = vec![0.0f64; 22];
        bins.iter().for_each(|bin| counts[*bin] += 1.0);
        counts
    };
    let jumps = (0..trials).into_par_iter().map(|index| {
        let mut random = stream(1, Purpose::Walk, 0, index);
        bin(walks.walk(start, &mut random, |_, _| true).map(|landing| landing.onto))
    });
    let steps = (0..trials).into_par_iter().map(|index| {
        let mut random = stream(2, Purpose::Walk, 0, index);
        let mut at = start;
        loop {
            if at[2] >= sink {
                return bin(None);
            }
            let next = lattice.wrap(offset(at, FACES[random.random_range(0..6)]));
            if lattice.is_solid(next) {
                return bin(Some(next));
            }
            at = next;
        }
    });
    let (jumps, steps) = (count(jumps.collect()), count(steps.collect()));
    // Two samples of equal size: Σ (a − b)²/(a + b) is χ² with bins − 1 degrees of freedom.
    let filled: Vec<(f64, f64)> = jumps.into_iter().zip(steps).filter(|(a, b)| a + b > 20.0).collect();
    let half: Vec<f64> = filled.iter().map(|(a, b)| (a + b) / 2.0).collect();
    let shifted: Vec<f64> = filled.iter().map(|(a, b)| (a + b) / 2.0 + (a - b) / 2f64.sqrt()).collect();
    let p = chi_squared_p(&shifted, &half);
    assert!(p > 0.001, "p = {p}: {filled:?}");
}

#[test]
fn summed_refusals_leave_ions_where_refused_steps_do() {
    // Posts on a floor and a pore with a narrow mouth; sites that stick with different chances, and one post
    // that never does. Reference: single steps, every refusal played out.
    let mut lattice = floor([16, 16, 24]);
    for (x, y, height) in [(4, 4, 5), (5, 4, 5), (12, 9, 8), (11, 10, 3), (8, 8, 4)] {
        (1..=height).for_each(|z| solid(&mut lattice, [x, y, z]));
    }
    // A box of 5 × 5 × 4 around a hollow of 3 × 3 × 3, open by one site of its roof.
    for [x, y, z] in Lattice::cube(2).filter(|step| step.iter().any(|c| c.abs() == 2) && step[2] > -2) {
        if [x, y, z] != [0, 1, 2] {
            solid(&mut lattice, [x, y + 12, z + 2]);
        }
    }
    let (tables, sink, trials) = (JumpTables::new([16, 16]), 18, 30_000u64);
    let walks = Walks { ground: lattice.ground().unwrap(), tables: &tables, far: Far::Sink { height: sink } };
    // Bins: the sink, the floor by quadrant, everything else by height and half.
    let bin = |onto: Option<Position>| match onto {
        None => 0,
        Some([x, y, 0]) => 1 + (x / 4 + 4 * (y / 4)) as usize,
        Some([_, y, z]) => 17 + 2 * z as usize + usize::from(y > 7),
    };
    let count = |bins: Vec<usize>| {
        let mut counts = vec![0.0f64; 40];
        bins.iter().for_each(|bin| counts[*bin] += 1.0);
        counts
    };
    // In the pore, in its mouth, between the posts.
    for (case, (most, start)) in
        [(0.02, [0, 12, 2]), (0.1, [7, 7, 3]), (0.5, [0, 13, 4])].into_iter().enumerate()
    {
        let chance = |onto: Position| match onto {
            [8, 8, _] => 0.0,
            [_, _, 0] => 0.2 * most,
            [_, _, z] => 0.2 * most * f64::from(z).min(5.0),
        };
        let summed = (0..trials).into_par_iter().map(|index| {
            let mut random = stream(3, Purpose::Walk, case as u64, index);
            let sticks = |onto, random: &mut _| RngExt::random::<f64>(random) * most < chance(onto);
            bin(walks.walk_reluctantly(start, &mut random, most, sticks).map(|landing| landing.onto))
        });
        let played = (0..trials).into_par_iter().map(|index| {
            let mut random = stream(4, Purpose::Walk, case as u64, index);
            let mut at = start;
            loop {
                if at[2] >= sink {
                    return bin(None);
                }
                let next = lattice.wrap(offset(at, FACES[random.random_range(0..6)]));
                if !lattice.is_solid(next) {
                    at = next;
                } else if random.random::<f64>() < chance(next) {
                    return bin(Some(next));
                }
            }
        });
        let (summed, played) = (count(summed.collect()), count(played.collect()));
        // Two samples of equal size, as above.
        let filled: Vec<(f64, f64)> = summed.into_iter().zip(played).filter(|(a, b)| a + b > 20.0).collect();
        let half: Vec<f64> = filled.iter().map(|(a, b)| (a + b) / 2.0).collect();
        let shifted: Vec<f64> = filled.iter().map(|(a, b)| (a + b) / 2.0 + (a - b) / 2f64.sqrt()).collect();
        let p = chi_squared_p(&shifted, &half);
        assert!(p > 0.001, "most {most}: p = {p}: {filled:?}");
    }
}

#[test]
fn ions_in_a_closed_pore_land_by_the_exact_law() {
    // A pore of 22 sites across the sides of the box and borders of the blocks in which sites are stored.
    // Walls that stick with different chances. The expected visits v of a site solve v = δ + Σ v'/6 + v Σ (1
    // − c)/6 over its free and its solid neighbours, and an ion lands from it on a wall with chance v c/6.
    let sites = [24, 24, 32];
    let pore: Vec<Position> = Lattice::cube(1)
        .filter(|step| *step != [1, 1, 1] && (step[0] < 1 || step[1] == 0 || step[2] > 0))
        .map(|[x, y, z]| [(x + 16) % 24, (y + 24) % 24, z + 15])
        .collect();
    let mut lattice = Lattice::new(sites);
    for step in Lattice::cube(4) {
        let position = lattice.wrap(offset(step, [16, 0, 15]));
        if !pore.contains(&position) {
            solid(&mut lattice, position);
        }
    }
    let chance = |[x, y, z]: Position, most: f64| most * f64::from((x + 2 * y + z).rem_euclid(4)) / 3.0;
    let tables = JumpTables::new([24, 24]);
    let walks = Walks { ground: lattice.ground().unwrap(), tables: &tables, far: Far::Above };
    let trials = 200_000u64;
    for (case, most) in [0.03, 0.4, 1.0].into_iter().enumerate() {
        let start = pore[case];
        let mut visits = vec![0.0f64; pore.len()];
        let neighbours = |at: Position| FACES.map(|face| lattice.wrap(offset(at, face)));
        let place = |at: Position| pore.iter().position(|site| *site == at);
        // Relaxed until nothing changes: each turn lessens the error by at least the chance to land.
        for _ in 0..40_000 {
            for index in 0..pore.len() {
                let (mut inflow, mut refused) = (f64::from(pore[index] == start), 0.0);
                for neighbour in neighbours(pore[index]) {
                    match place(neighbour) {
                        Some(other) => inflow += visits[other] / 6.0,
                        None => refused += (1.0 - chance(neighbour, most)) / 6.0,
                    }
                }
                visits[index] = inflow / (1.0 - refused);
            }
        }
        let (mut observed, mut expected) = (vec![0.0; 6 * pore.len()], vec![0.0; 6 * pore.len()]);
        for (index, at) in pore.iter().enumerate() {
            for (face, neighbour) in neighbours(*at).into_iter().enumerate() {
                if place(neighbour).is_none() {
                    expected[6 * index + face] =
                        trials as f64 * visits[index] * chance(neighbour, most) / 6.0;
                }
            }
        }
        assert!((expected.iter().sum::<f64>() / trials as f64 - 1.0).abs() < 1e-9, "every ion lands");
        for index in 0..trials {
            let mut random = stream(8, Purpose::Walk, case as u64, index);
            let sticks = |onto, random: &mut _| RngExt::random::<f64>(random) * most < chance(onto, most);
            let landing = walks.walk_reluctantly(start, &mut random, most, sticks).unwrap();
            let face = neighbours(landing.site).iter().position(|site| *site == landing.onto).unwrap();
            observed[6 * place(landing.site).unwrap() + face] += 1.0;
        }
        let filled: (Vec<f64>, Vec<f64>) =
            observed.into_iter().zip(expected).filter(|(_, expected)| *expected > 5.0).unzip();
        let p = chi_squared_p(&filled.0, &filled.1);
        assert!(p > 0.001, "most {most}: p = {p}");
    }
}

#[test]
fn walkers_abreast_end_where_they_end_alone() {
    let mut lattice = floor([16, 16, 16]);
    (1..6).for_each(|z| solid(&mut lattice, [4, 9, z]));
    let tables = JumpTables::new([16, 16]);
    for far in [Far::Above, Far::Sink { height: 9 }] {
        let walks = Walks { ground: lattice.ground().unwrap(), tables: &tables, far };
        for most in [0.1, 1.0] {
            let stream = |index: usize| stream(6, Purpose::Walk, 0, index as u64);
            let sticks =
                |onto: Position, random: &mut _| RngExt::random::<f64>(random) < 0.2 * f64::from(onto[0] % 3);
            let mut abreast = vec![None; 50];
            walks.walk_abreast(most, stream, sticks, &mut abreast);
            let alone = |index| {
                let mut random = stream(index);
                let start = walks.release(&mut random);
                walks.walk_reluctantly(start, &mut random, most, sticks)
            };
            assert_eq!(abreast, (0..50).map(alone).collect::<Vec<_>>());
        }
    }
}

#[test]
fn walks_around_a_cluster_end_even_in_a_tight_box() {
    // Walkers may pass below and beside the box; none may be lost there.
    let mut lattice = Lattice::new([8, 8, 8]);
    solid(&mut lattice, [4, 4, 4]);
    let tables = JumpTables::new([8, 8]);
    let walks = Walks {
        ground: lattice.ground().unwrap(),
        tables: &tables,
        far: Far::Around { centre: [4, 4, 4], radius: 0.0 },
    };
    for index in 0..2000 {
        let mut random = stream(7, Purpose::Walk, 0, index);
        let start = walks.release(&mut random);
        let landing = walks.walk(start, &mut random, |_, _| true).unwrap();
        assert_eq!(landing.onto, [4, 4, 4]);
    }
}
