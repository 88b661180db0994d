//! What the film costs: metal, electrolyte, additive, and the gas it gives; chemical dissolution.
//!
//! Does: integrate the charge that goes into films (new area at δ₀, growth at P/δ, cracks that heal) and
//! dissolution. Take whole sites of metal for it as the debt reaches a site. Area counts as new when the
//! exposed faces of metal, dead or not, become more from one step to the next. Film that shrinks with its
//! face is lost. Films on dead metal go on growing.
//! Does not: thicken single films (that is the law of [`FilmLaw`](crate::electrochemistry::FilmLaw), read by
//! age).
//! Accuracy: the debt is an integer, in 2⁻³² of a site; growth is explicit within a step.

use super::electrode::Electrode;
use crate::lattice::{Contact, Position, Purpose, SiteKind, stream};
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
use crate::simulation::surface::census::Matter;
use bevy_ecs::prelude::*;
use rand::Rng;

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
    let now_s = clock.time_s;
    let per_face_m2 = constants.edge_m * constants.edge_m;
    let new_film = films.of_electrolyte();
    let faces = surface.faces(Matter::Metal) + surface.faces(Matter::Dead);
    let mut new_faces = faces.saturating_sub(book.faces) as f64 + book.cracked_faces;
    if !book.collector_filmed && clock.plating() {
        let host = surface.faces(Matter::Host) + surface.faces(Matter::Seed);
        new_faces += host as f64;
        book.collector_filmed = true;
    }
    book.cracked_faces = 0.0;
    let was_full = book.wetted() == 1.0;
    let metal = surface.sums(Matter::Metal, &films, now_s);
    let dead = surface.sums(Matter::Dead, &films, now_s);
    for (metal, dead) in metal.zip(dead) {
        let film = films.forming(metal.film);
        // New area meets the electrolyte: it gets the film of that.
        let begun_m = if metal.film == FilmId::ELECTROLYTE { new_faces * new_film.initial_m } else { 0.0 };
        let inverse = metal.inverse_thickness_per_m + dead.inverse_thickness_per_m;
        let volume_m3 = per_face_m2 * (begun_m + film.growth_m2_s * inverse * clock.dt_s);
        let charge_c = volume_m3 * film.charge_c_m3;
        book.film += (charge_c / constants.site_charge_c * SITE as f64) as u64;
        let faces = metal.faces + dead.faces;
        let dissolved_m3 = per_face_m2 * faces as f64 * film.corrosion_m_s * clock.dt_s;
        book.corrosion += (dissolved_m3 / constants.edge_m.powi(3) * SITE as f64) as u64;
        book.consume(charge_c / constants.projected_area_m2, film);
    }
    if was_full && book.wetted() < 1.0 {
        journal.note(event(EventKind::Dry, &clock, &constants, None));
    }
}

/// Lets other films form once the last of the additive is used up. The patches take on what those are like.
pub(crate) fn lose_additive(
    mut sites: ResMut<Sites>,
    mut surface: ResMut<Surface>,
    mut interphase: Interphase,
    mut films: ResMut<Films>,
    mut journal: ResMut<Journal>,
    (book, clock, constants): (Res<FilmBook>, Res<Clock>, Res<Constants>),
) {
    if book.additive_share() > 0.0 || !films.lose_additive(clock.time_s + clock.dt_s) {
        return;
    }
    journal.note(event(EventKind::AdditiveExhausted, &clock, &constants, None));
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
pub(crate) fn collect(mut electrode: Electrode, clock: Res<Clock>, mut book: ResMut<FilmBook>) {
    if book.off {
        return;
    }
    let mut random = stream(electrode.constants.seed, Purpose::Film, clock.step, 0);
    loop {
        let (film, corrosion) = book.owed();
        if film + corrosion == 0 {
            break;
        }
        let Some(position) = evenly(&electrode, &clock, &mut random) else { break };
        electrode.take_away(position, &clock, &mut random);
        if film > 0 { book.converted += 1 } else { book.corroded += 1 }
    }
    book.faces = electrode.surface.faces(Matter::Metal) + electrode.surface.faces(Matter::Dead);
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

/// Sites tried before one goes that something hangs on.
const TRIES: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::{Simulation, small_run};
    use bevy_ecs::system::RunSystemOnce;

    /// A run with some metal, in which films cost what new area costs and nothing else.
    fn without_growth() -> Simulation {
        let settings = ["lattice.sites=[32,32,32]", "transport=KineticMonteCarlo"];
        let mut run = small_run("carbonate_moss", &settings);
        run.advance(100);
        run.world.resource_mut::<Films>().change(|film| (film.growth_m2_s, film.corrosion_m_s) = (0.0, 0.0));
        run.world.resource_mut::<FilmBook>().faces = 0;
        run
    }

    fn pay(run: &mut Simulation) -> u64 {
        let before = run.world.resource::<FilmBook>().film;
        run.world.run_system_once(charge_films).expect("all resources are there");
        run.world.run_system_once(collect).expect("all resources are there");
        run.world.resource::<FilmBook>().film - before
    }

    #[test]
    fn new_area_costs_the_charge_of_its_first_film_once() {
        let mut run = without_growth();
        let surface = run.world.resource::<Surface>();
        let faces = surface.faces(Matter::Metal) + surface.faces(Matter::Dead);
        let cracked_faces = run.world.resource::<FilmBook>().cracked_faces;
        let (constants, film) =
            (run.world.resource::<Constants>(), run.world.resource::<Films>().of_electrolyte().clone());
        let volume_m3 = (faces as f64 + cracked_faces) * constants.edge_m.powi(2) * film.initial_m;
        let sites = volume_m3 * film.charge_c_m3 / constants.site_charge_c;
        let charge = pay(&mut run);
        assert!(faces > 1000 && (charge as f64 / (sites * SITE as f64) - 1.0).abs() < 1e-9, "{charge}");
        let book = run.world.resource::<FilmBook>();
        // Whole sites of metal have been taken for it; the rest is owed.
        assert_eq!((book.converted, book.corroded), (book.film / SITE, book.corrosion / SITE));
        // The same area once more costs nothing.
        assert_eq!(pay(&mut run), 0);
    }

    #[test]
    fn films_thicken_at_the_expense_of_electrolyte_in_proportion_to_charge() {
        let mut run = small_run("carbonate_moss", &["lattice.sites=[32,32,32]"]);
        let full_m = run.stores().electrolyte_m;
        run.advance(60);
        let (stores, constants) = (run.stores(), run.world.resource::<Constants>());
        let charge_c_m2 = stores.film_sites * constants.site_charge_c / constants.projected_area_m2;
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

    #[test]
    fn the_last_of_the_additive_goes_once() {
        let mut run = small_run("fec_runs_out", &["lattice.sites=[32,32,32]"]);
        run.world.resource_scope(|world, mut book: Mut<FilmBook>| {
            let film = world.resource::<Films>().of_electrolyte();
            assert!(!book.consume(1.0, film) && book.additive_share() < 1.0);
            assert!(book.consume(1e9, film) && book.additive_share() == 0.0);
            assert!(!book.consume(1.0, film));
        });
    }
}
