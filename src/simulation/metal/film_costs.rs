//! What the film costs: metal, electrolyte, additive, and the gas it gives; chemical dissolution.
//!
//! Does: integrate the charge that goes into films (new area at δ₀, growth at P/δ, cracks that heal) and
//! dissolution, and take whole sites of metal for it as the debt reaches a site. Area counts as new when the
//! exposed faces of metal, dead or not, become more from one step to the next: film that shrinks with its
//! face is lost and not paid back. Films on dead metal go on growing.
//! Does not: thicken single films (that is the law of [`FilmLaw`](crate::electrochemistry::FilmLaw), read by
//! age).
//! Accuracy: the debt is an integer, in 2⁻³² of a site; growth is explicit within a step.

use super::deposit::Deposit;
use crate::lattice::{Contact, Position, Purpose, SiteKind, stream};
use crate::simulation::course::clock::SITE;
use crate::simulation::course::film_book::FilmBook;
use crate::simulation::course::journal::{EventKind, event};
use crate::simulation::film::age::films;
use crate::simulation::film::patch::Patch;
use crate::simulation::film::roster::Parts;
use crate::simulation::surface::census::Matter;
use bevy_ecs::prelude::*;
use rand::Rng;

/// Lets the films of this step cost what they cost.
pub(crate) fn pay_for_films(mut deposit: Deposit, mut book: ResMut<FilmBook>) {
    if book.off {
        return;
    }
    let rules = &deposit.rules;
    let (surface, now_s) = (&deposit.surface, deposit.clock.time_s);
    let [metal, dead] = [Matter::Metal, Matter::Dead].map(|matter| surface.sums(matter, rules, now_s));
    let faces = metal.faces + dead.faces;
    let per_face_m2 = rules.edge_m * rules.edge_m;
    let film = &rules.film;
    let mut new_faces = faces.saturating_sub(book.faces) as f64 + book.cracked_faces;
    if !book.collector_filmed && deposit.clock.plating() {
        let host = surface.faces(Matter::Host) + surface.faces(Matter::Seed);
        new_faces += host as f64;
        book.collector_filmed = true;
    }
    book.cracked_faces = 0.0;
    let inverse = metal.inverse_thickness_per_m + dead.inverse_thickness_per_m;
    let volume_m3 =
        per_face_m2 * (new_faces * film.initial_m + film.growth_m2_s * inverse * deposit.clock.dt_s);
    let charge_c = volume_m3 * film.charge_c_m3;
    book.film += (charge_c / rules.site_charge_c * SITE as f64) as u64;
    let dissolved_m3 = per_face_m2 * faces as f64 * film.corrosion_m_s * deposit.clock.dt_s;
    book.corrosion += (dissolved_m3 / rules.edge_m.powi(3) * SITE as f64) as u64;
    let was_full = book.wetted() == 1.0;
    let spent = book.consume(charge_c / rules.projected_area_m2, rules);
    if was_full && book.wetted() < 1.0 {
        deposit.journal.note(event(EventKind::Dry, &deposit.clock, &deposit.rules, None));
    }
    if spent && deposit.rules.later_film.is_some() {
        deposit.journal.note(event(EventKind::AdditiveExhausted, &deposit.clock, &deposit.rules, None));
        let now_s = deposit.clock.time_s + deposit.clock.dt_s;
        deposit.rules.lose_additive(now_s);
        weaken_patches(&mut deposit);
    }
    collect(&mut deposit, &mut book);
    book.faces = deposit.surface.faces(Matter::Metal) + deposit.surface.faces(Matter::Dead);
}

/// Takes the metal that films and dissolution have used up.
fn collect(deposit: &mut Deposit, book: &mut FilmBook) {
    let mut random = stream(deposit.rules.seed, Purpose::Film, deposit.clock.step, 0);
    loop {
        let (film, corrosion) = book.owed();
        if film + corrosion == 0 {
            return;
        }
        let Some(position) = evenly(deposit, &mut random) else { return };
        deposit.take_away(position, &mut random);
        if film > 0 { book.converted += 1 } else { book.corroded += 1 }
    }
}

/// The metal that goes next. Films eat all faces evenly, a few nanometres of each: they thin a stalk and do
/// not cut it. So the site whose turn it is by that is one that nothing hangs on, if one is found in a few
/// tries.
fn evenly(deposit: &Deposit, random: &mut impl Rng) -> Option<Position> {
    let mut position = deposit.surface.any_metal(&deposit.sites.0, random)?;
    for _ in 0..TRIES {
        position = deposit.loosest(position, random);
        let lattice = &deposit.sites.0;
        if lattice.kind(position) == SiteKind::DeadMetal || Contact::is_needless(lattice, position) {
            break;
        }
        position = deposit.surface.any_metal(&deposit.sites.0, random)?;
    }
    Some(position)
}

/// Sites tried before one goes that something hangs on.
const TRIES: usize = 12;

/// The patches take on what the film without additive is like.
fn weaken_patches(deposit: &mut Deposit) {
    let Deposit { sites, surface, interphase, rules, clock, .. } = deposit;
    let numbers = 0..interphase.roster.patches.len() as u16;
    for number in numbers.clone() {
        if let Some(patch) = interphase.patch_mut(number) {
            patch.wear(rules);
        }
    }
    let patches = numbers.filter_map(|number| interphase.patch(number)).map(Patch::skin);
    surface.change_films(&mut sites.0, patches, &films(rules, interphase, clock));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::rules::Rules;
    use crate::simulation::surface::Surface;
    use crate::simulation::{Simulation, small_run};
    use bevy_ecs::system::RunSystemOnce;

    /// A run with some metal, in which films cost what new area costs and nothing else.
    fn without_growth() -> Simulation {
        let settings = ["lattice.sites=[32,32,32]", "transport=KineticMonteCarlo"];
        let mut run = small_run("carbonate_moss", &settings);
        run.advance(100);
        let mut rules = run.world.resource_mut::<Rules>();
        (rules.film.growth_m2_s, rules.film.corrosion_m_s) = (0.0, 0.0);
        run.world.resource_mut::<FilmBook>().faces = 0;
        run
    }

    fn pay(run: &mut Simulation) -> u64 {
        let before = run.world.resource::<FilmBook>().film;
        run.world.run_system_once(pay_for_films).expect("all resources are there");
        run.world.resource::<FilmBook>().film - before
    }

    #[test]
    fn new_area_costs_the_charge_of_its_first_film_once() {
        let mut run = without_growth();
        let surface = run.world.resource::<Surface>();
        let faces = surface.faces(Matter::Metal) + surface.faces(Matter::Dead);
        let cracked_faces = run.world.resource::<FilmBook>().cracked_faces;
        let rules = run.world.resource::<Rules>();
        let volume_m3 = (faces as f64 + cracked_faces) * rules.edge_m.powi(2) * rules.film.initial_m;
        let sites = volume_m3 * rules.film.charge_c_m3 / rules.site_charge_c;
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
        let (stores, rules) = (run.stores(), run.world.resource::<Rules>());
        let charge_c_m2 = stores.film_sites * rules.site_charge_c / rules.projected_area_m2;
        let used_m = charge_c_m2 / crate::units::FARADAY * rules.film.electrolyte_use_m3_mol;
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
            let rules = world.resource::<Rules>();
            assert!(!book.consume(1.0, rules) && book.additive_share() < 1.0);
            assert!(book.consume(1e9, rules) && book.additive_share() == 0.0);
            assert!(!book.consume(1.0, rules));
        });
    }
}
