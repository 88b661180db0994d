//! What the film costs: metal, electrolyte, additive, and the gas it gives; chemical dissolution.
//!
//! Does: book the charge of the film that there is more of, on metal, dead metal and collector: films that
//! new area bears, whatever their thickness, films that thicken, cracks that heal. Book dissolution, which
//! takes electrolyte and gives gas as films do. Take whole sites of metal as the debt reaches a site: evenly
//! for films, at each patch at its own speed for dissolution. Film that goes with its face is lost.
//! Does not: thicken single films (that is the law of [`FilmLaw`](crate::electrochemistry::FilmLaw), read by
//! age).
//! Accuracy: the debt is an integer, in 2⁻³² of a site; growth is that of the law, whatever the step. Film
//! that stripping loses in a step hides as much that begins in it.

use super::electrode::Electrode;
use crate::lattice::{Contact, NONE_U16, Position, Purpose, SiteKind, stream};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::{Clock, SITE};
use crate::simulation::course::film_book::FilmBook;
use crate::simulation::course::journal::{EventKind, Journal, event};
use crate::simulation::film::age::film_ages;
use crate::simulation::film::patch::Patch;
use crate::simulation::film::roster::{Interphase, Parts};
use crate::simulation::films::{FilmId, Films};
use crate::simulation::sites::Sites;
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::{FaceSums, Matter};
use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};

/// Charges the films of this step: charge, electrolyte, additive, gas, dissolved metal.
pub(crate) fn charge_films(
    surface: Res<Surface>,
    films: Res<Films>,
    constants: Res<Constants>,
    clock: Res<Clock>,
    mut book: ResMut<FilmBook>,
    mut journal: ResMut<Journal>,
) {
    if book.off {
        return;
    }
    book.let_gas_go(clock.dt_s);
    let (now_s, then_s) = (clock.time_s, clock.time_s + clock.dt_s);
    let per_face_m2 = constants.edge_m * constants.edge_m;
    let was_full = book.wetted() == 1.0;
    // A bare collector gets its film with the first current; foil has one from the start.
    let first = book.film_thickness_m.is_empty();
    book.collector_filmed |= clock.plating();
    let filmed = Matter::ALL
        .into_iter()
        .filter(|matter| book.collector_filmed || matches!(matter, Matter::Metal | Matter::Dead));
    let filmed: Vec<Matter> = filmed.collect();
    let all = |time_s: f64| {
        let mut sums = surface.sums(filmed[0], &films, time_s).collect::<Vec<FaceSums>>();
        for matter in &filmed[1..] {
            sums.iter_mut().zip(surface.sums(*matter, &films, time_s)).for_each(|(sum, more)| *sum += more);
        }
        sums
    };
    let metal: Vec<f64> = (surface.sums(Matter::Metal, &films, now_s))
        .zip(surface.sums(Matter::Dead, &films, now_s))
        .map(|(metal, dead)| (metal.faces + dead.faces) as f64)
        .collect();
    let cracked_m = std::mem::take(&mut book.cracked_faces) * films.of_electrolyte().initial_m;
    let before_m = std::mem::take(&mut book.film_thickness_m);
    let spare_m = std::mem::take(&mut book.spare_film_m);
    for (number, (now, then)) in all(now_s).into_iter().zip(all(then_s)).enumerate() {
        let film = films.forming(now.film);
        let before_m = before_m.get(number).copied().unwrap_or(0.0);
        // While metal is plated film that goes with one face is there for the next: the faces of a front come
        // and go.
        let spare_m = if clock.plating() { spare_m.get(number).copied().unwrap_or(0.0) } else { 0.0 };
        let more_m = now.thickness_m - before_m - spare_m;
        let begun_m = if first && book.foil { 0.0 } else { more_m.max(0.0) };
        book.spare_film_m.push((-more_m).max(0.0));
        let cracked_m = if now.film == FilmId::ELECTROLYTE { cracked_m } else { 0.0 };
        let grown_m = (then.thickness_m - now.thickness_m).max(0.0);
        let charge_c = per_face_m2 * (begun_m + cracked_m + grown_m) * film.charge_c_m3;
        book.film += (charge_c / constants.site_charge_c * SITE as f64) as u64;
        let dissolved_m3 = per_face_m2 * metal[number] * film.corrosion_m_s * clock.dt_s;
        let dissolved_sites = dissolved_m3 / constants.edge_m.powi(3);
        book.corrosion += (dissolved_sites * SITE as f64) as u64;
        // What dissolves reacts with the electrolyte as well.
        let reacted_c = charge_c + dissolved_sites * constants.site_charge_c;
        book.consume(reacted_c / constants.projected_area_m2, film);
        book.film_thickness_m.push(then.thickness_m);
    }
    if first {
        // The first film forms at once here; in a cell it takes longer, and its gas leaves meanwhile†.
        book.let_gas_go(f64::INFINITY);
    }
    if was_full && book.wetted() < 1.0 {
        journal.note(event(EventKind::Dry, &clock, &constants, None));
    }
}

/// Lets other films form as the additive goes. The patches take on what those are like.
pub(crate) fn lose_additive(
    mut sites: ResMut<Sites>,
    mut surface: ResMut<Surface>,
    mut interphase: Interphase,
    mut films: ResMut<Films>,
    mut journal: ResMut<Journal>,
    (book, clock, constants): (Res<FilmBook>, Res<Clock>, Res<Constants>),
) {
    let share = book.share_of_film();
    if !films.follows(share) {
        return;
    }
    while films.follows(share) {
        if films.succeed(clock.time_s + clock.dt_s) {
            journal.note(event(EventKind::AdditiveExhausted, &clock, &constants, None));
        }
    }
    let numbers = 0..interphase.roster.patches.len() as u16;
    for number in numbers.clone() {
        if let Some(patch) = interphase.patch_mut(number) {
            patch.wear(&films);
        }
    }
    let patches = numbers.filter_map(|number| interphase.patch(number)).map(Patch::skin);
    surface.change_films(&mut sites.0, patches, &film_ages(&films, &interphase, &clock));
}

/// Takes the metal that films and dissolution have used up.
pub(crate) fn collect(mut electrode: Electrode, clock: Res<Clock>) {
    if electrode.book.off {
        return;
    }
    let mut random = stream(electrode.constants.seed, Purpose::Film, clock.step, 0);
    loop {
        let (film, corrosion) = electrode.book.owed();
        if film + corrosion == 0 {
            break;
        }
        let next = if film > 0 {
            evenly(&electrode, &clock, &mut random)
        } else {
            by_patch(&electrode, &mut random)
        };
        let Some(position) = next else { break };
        electrode.take_away(position, &clock, &mut random);
        let taken = if film > 0 { &mut electrode.book.converted } else { &mut electrode.book.corroded };
        *taken += 1;
    }
}

/// The metal that goes next. Films eat all faces evenly, a few nanometres of each: they thin a stalk and do
/// not cut it. So the site whose turn it is by that is one that nothing hangs on, if one is found in a few
/// tries.
fn evenly(electrode: &Electrode, clock: &Clock, random: &mut impl Rng) -> Option<Position> {
    let mut position = electrode.surface.any_metal(&electrode.sites.0, random)?;
    for _ in 0..TRIES {
        position = electrode.loosest(position, clock, random);
        let lattice = &electrode.sites.0;
        if lattice.kind(position) == SiteKind::DeadMetal || Contact::is_needless(lattice, position) {
            break;
        }
        position = electrode.surface.any_metal(&electrode.sites.0, random)?;
    }
    Some(position)
}

/// Metal that dissolves next: on each patch at its own speed, so that pits form. A site goes that nothing
/// hangs on, if one is found in a few tries.
fn by_patch(electrode: &Electrode, random: &mut impl Rng) -> Option<Position> {
    let lattice = &electrode.sites.0;
    let mut position = electrode.surface.any_metal(lattice, random)?;
    let mut tries = 0;
    for _ in 0..MOST_DRAWS {
        position = electrode.surface.any_metal(lattice, random)?;
        let patch = lattice.slot(position).map_or(NONE_U16, |slot| lattice.exposed()[slot].patch);
        let ratio = electrode.interphase.patch(patch).map_or(1.0, |patch| patch.corrosion_ratio);
        if random.random::<f64>() * FASTEST_PATCH < ratio {
            let loose =
                lattice.kind(position) == SiteKind::DeadMetal || Contact::is_needless(lattice, position);
            tries += 1;
            if loose || tries == TRIES {
                break;
            }
        }
    }
    Some(position)
}

/// Sites tried before one goes that something hangs on.
const TRIES: usize = 12;
/// Draws after which any site goes: what is left may lie on slow patches only.
const MOST_DRAWS: usize = 512;
/// No patch dissolves faster than this many times the mean.
const FASTEST_PATCH: f64 = 8.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::{Simulation, small_run};
    use bevy_ecs::system::RunSystemOnce;

    #[test]
    fn the_film_of_new_area_is_paid_for_once_at_the_thickness_that_it_has() {
        let mut run =
            small_run("carbonate_moss", &["lattice.sites=[32,32,32]", "transport=KineticMonteCarlo"]);
        run.advance(100);
        run.world.resource_mut::<Films>().change(|film| film.corrosion_m_s = 0.0);
        // As if all film were new; no time passes, so that none grows.
        let mut book = run.world.resource_mut::<FilmBook>();
        (book.film_thickness_m, book.spare_film_m) = (vec![0.0], vec![0.0]);
        run.world.resource_mut::<Clock>().dt_s = 0.0;
        let pay = |run: &mut Simulation| {
            let before = run.world.resource::<FilmBook>().film;
            run.world.run_system_once(charge_films).expect("all resources are there");
            run.world.resource::<FilmBook>().film - before
        };
        let charge = pay(&mut run);
        let (constants, films) = (run.world.resource::<Constants>(), run.world.resource::<Films>());
        let surface = run.world.resource::<Surface>();
        let thickness_m: f64 = Matter::ALL
            .iter()
            .flat_map(|matter| surface.sums(*matter, films, run.time_s()))
            .map(|sums| sums.thickness_m)
            .sum();
        let volume_m3 = thickness_m * constants.edge_m.powi(2);
        let sites = volume_m3 * films.of_electrolyte().charge_c_m3 / constants.site_charge_c;
        assert!(sites > 10.0 && (charge as f64 / (sites * SITE as f64) - 1.0).abs() < 1e-9, "{charge}");
        // The same area once more costs nothing.
        assert_eq!(pay(&mut run), 0);
        // Whole sites of metal are taken for it; the rest is owed.
        run.world.run_system_once(collect).expect("all resources are there");
        let book = run.world.resource::<FilmBook>();
        assert_eq!((book.converted, book.corroded), (book.film / SITE, book.corrosion / SITE));
    }

    #[test]
    fn films_thicken_at_the_expense_of_electrolyte_in_proportion_to_charge() {
        let mut run = small_run("carbonate_moss", &["lattice.sites=[32,32,32]"]);
        let full_m = run.stores().electrolyte_m;
        run.advance(60);
        let (stores, constants) = (run.stores(), run.world.resource::<Constants>());
        let charge_c_m2 = (stores.film_sites + stores.corrosion_sites) * constants.site_charge_c
            / constants.projected_area_m2;
        let film = run.world.resource::<Films>().of_electrolyte();
        let used_m = charge_c_m2 / crate::units::FARADAY * film.electrolyte_use_m3_mol;
        assert!(used_m > 0.0);
        assert!(((full_m - stores.electrolyte_m) / used_m - 1.0).abs() < 1e-6);
    }

    #[test]
    fn metal_without_film_costs_nothing() {
        let mut run = small_run("carbonate_moss", &["lattice.sites=[32,32,32]", "transport=PerfectSticking"]);
        run.advance(30);
        assert_eq!((run.stores().film_sites, run.stores().corrosion_sites), (0.0, 0.0));
    }

    /// Roughness, sites, and the metal of each patch after a flat film of eight layers has lost some at rest.
    fn corroded(spread: f64) -> (f64, Vec<(f64, f64)>) {
        let spread = format!("model.corrosion_spread={spread}");
        let settings = [
            "lattice.sites=[64,64,32]",
            "metal.surface_diffusivity_m2_s=0",
            "transport=KineticMonteCarlo",
            &spread,
        ];
        let mut run = small_run("diglyme_film", &settings);
        run.advance(8 * 64);
        let by_patch = |run: &Simulation| {
            let mut metal = vec![0.0; run.patches().len()];
            for (_, kind, solid) in run.lattice().iter_solids() {
                if kind == SiteKind::Metal && usize::from(solid.patch) < metal.len() {
                    metal[usize::from(solid.patch)] += 1.0;
                }
            }
            metal
        };
        let before = by_patch(&run);
        run.world.resource_mut::<Films>().change(|film| film.corrosion_m_s = 1e-9);
        run.control(crate::simulation::Control::CurrentDensity { a_per_m2: 0.0 });
        run.advance(30);
        let (tops, _) = run.lattice().column_tops();
        let mean = tops.iter().map(|top| f64::from(*top)).sum::<f64>() / tops.len() as f64;
        let square = tops.iter().map(|top| (f64::from(*top) - mean).powi(2)).sum::<f64>() / tops.len() as f64;
        let ratios: Vec<f64> = (0..before.len() as u16)
            .map(|number| {
                let entity = run.world.resource::<crate::simulation::film::roster::Roster>().patches
                    [usize::from(number)];
                run.world.get::<Patch>(entity).expect("a patch").corrosion_ratio
            })
            .collect();
        let lost = before.iter().zip(by_patch(&run)).map(|(before, after)| before - after);
        (square.sqrt(), ratios.into_iter().zip(lost).collect())
    }

    #[test]
    fn dissolution_makes_pits_where_patches_dissolve_fast() {
        let ((even, _), (pitted, patches)) = (corroded(0.0), corroded(0.8));
        assert!(pitted > 1.2 * even, "{pitted} {even}");
        let lost = |fast: bool| {
            let these: Vec<f64> = patches
                .iter()
                .filter(|(ratio, _)| (*ratio > 1.5) == fast && (fast || *ratio < 0.7))
                .map(|(_, lost)| *lost)
                .collect();
            these.iter().sum::<f64>() / these.len() as f64
        };
        assert!(lost(true) > 1.8 * lost(false), "{} {}", lost(true), lost(false));
    }

    /// n moles over a square metre are n RT/p high. What is made and what has left differ by what covers.
    #[test]
    fn gas_covers_by_its_volume_and_leaves() {
        let mut run = small_run("half_cell", &["lattice.sites=[32,32,64]"]);
        run.advance(200);
        let stores = run.stores();
        let held_mol_m2 = stores.gas_mol_m2 - stores.gas_gone_mol_m2;
        let spec = &run.scene.spec;
        let layer_m = held_mol_m2 * 8.314_462_618 * (spec.temperature_c + 273.15) / 101_325.0;
        let bubbles = |layer_m: f64| layer_m / (1e-6 * run.scene.model.bubble_um.value);
        let covered = -libm::expm1(-bubbles(layer_m));
        assert!(stores.under_bubbles > 0.0 && stores.gas_gone_mol_m2 > 0.0);
        assert!((stores.under_bubbles / covered - 1.0).abs() < 1e-9, "{covered}");
        let later = -libm::expm1(-bubbles(layer_m * libm::exp(-1.0)));
        let mut book = run.world.resource_mut::<FilmBook>();
        let reached = book.reached();
        assert!((reached / (book.wetted() * (1.0 - covered)) - 1.0).abs() < 1e-9);
        book.let_gas_go(run.scene.model.gas_residence_s.value);
        let stores = run.stores();
        assert!((stores.under_bubbles / later - 1.0).abs() < 1e-9);
    }

    /// What is billed to the additive is the share of the film that it makes, and the film follows the
    /// concentration: the voltage has no jump as it goes.
    #[test]
    fn the_additive_goes_by_its_share_of_the_film_and_the_voltage_has_no_jump() {
        let mut run = small_run("fec_runs_out", &["lattice.sites=[32,32,64]"]);
        let (mut shares, mut last_v) = (Vec::new(), None::<f64>);
        let mut largest_jump: f64 = 0.0;
        while !run.finished() && shares.last() != Some(&0.0) {
            let before = (run.stores(), run.world.resource::<Films>().of_electrolyte().additive_share);
            run.advance(1);
            let after = run.stores();
            let constants = run.world.resource::<Constants>();
            let sites =
                (after.film_sites + after.corrosion_sites) - (before.0.film_sites + before.0.corrosion_sites);
            let electrons =
                sites * constants.site_charge_c / constants.projected_area_m2 / crate::units::FARADAY;
            let book = run.world.resource::<FilmBook>();
            let used = (before.0.additive_share - after.additive_share) * book.initial_additive_mol_m2;
            let expected = electrons * before.1 / run.scene.electrolyte.additive_electrons.value;
            assert!((used - expected).abs() < 1e-6 * expected + 1e-15, "{used} {expected}");
            let share = run.world.resource::<Films>().of_electrolyte().additive_share;
            // Half a level at most between the film and the concentration.
            assert!((share - book.share_of_film()).abs() <= 0.51 * book.first_share / 8.0);
            let volts = run.voltage().total_v();
            if shares.last().is_some_and(|before| *before != share)
                && let Some(last_v) = last_v
            {
                largest_jump = largest_jump.max((volts / last_v - 1.0).abs());
            }
            shares.push(share);
            last_v = Some(volts);
        }
        shares.dedup();
        assert_eq!(shares.len(), 9, "{shares:?}");
        assert!(run.events().iter().any(|event| event.kind == EventKind::AdditiveExhausted));
        assert!(largest_jump < 0.1, "{largest_jump}");
    }
}
