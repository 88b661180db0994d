//! What the film costs: metal, electrolyte, additive, and the gas it gives; chemical dissolution.
//!
//! Does: integrate the charge that goes into films (new area at δ₀, growth at P/δ, cracks that heal) and dissolution, and
//! take whole sites of metal for it as the debt reaches a site. Area counts as new when the exposed faces of metal, dead or not, become more from one step to the
//! next: film that shrinks with its face is lost and not paid back. Films on dead metal go on growing.
//! Does not: thicken single films (that is the law of [`FilmLaw`](crate::electrochemistry::FilmLaw), read by age).
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

/// The metal that goes next. Films eat all faces evenly, a few nanometres of each: they thin a stalk and do not cut it. So the site
/// whose turn it is by that is one that nothing hangs on, if one is found in a few tries.
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
