//! Strain, cracking and healing of the film.
//!
//! Does: turn unequal lifting into strain, let it relax, crack patches. Open filaments in the cracks, close
//! roots whose film has caught up, retire all filaments when stripping begins. Patches are looked at every
//! sixteenth of a monolayer, roots twice as often.
//! Accuracy: strain is that of the expected heights of touching patches, (Δh/d)²/2 each; bending and the
//! shape inside a patch are not resolved. Heights are expected ones because a site is a large quantum.
//! Counted sites would strain the film by their scatter, the more the coarser the lattice.

use super::age::film_ages;
use super::coating;
use super::creep::CreepNetwork;
use super::filament::{Filament, Slice, is_filament};
use super::gap::{bare_crack, weak_spot};
use super::patch::Patch;
use super::roster::{Interphase, InterphaseView, Parts, Roster};
use super::worm::outward;
use crate::electrochemistry::sei_laws::{relaxed_share, relaxed_strain};
use crate::lattice::{Position, Purpose, Solid, stream};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::course::film_book::FilmBook;
use crate::simulation::course::journal::{EventKind, Journal, event};
use crate::simulation::course::ledger::Ledger;
use crate::simulation::films::{FilmId, Films};
use crate::simulation::sites::Sites;
use crate::simulation::surface::Surface;
use bevy_ecs::prelude::*;

/// Flanks whose film gave way: the filament, the solid on it, its open neighbour.
#[derive(Resource, Default)]
pub(crate) struct FlankCracks(pub Vec<(u32, Position, Position)>);

/// Cracks that opened in this step and wait for their filament.
#[derive(Resource, Default)]
pub(crate) struct Cracks {
    opened: Vec<Crack>,
    /// When the strain of the patches was looked at last, s.
    looked_s: f64,
}

/// Steps between two looks at what changes slowly in whole patches: a sixteenth of a monolayer.
const STEPS_PER_LOOK: u64 = 4;
/// Steps between two looks at a root: what comes out there is young, and so changes faster.
const STEPS_PER_ROOT: u64 = 2;

struct Crack {
    patch: u16,
    /// Filament and slice when it is a crack in a flank.
    parent: Option<(u32, u32)>,
    /// Metal under the crack, and the open site above it.
    root: Position,
    first: Position,
}

/// Lets films thicken: brings every weight and every chance to come out up to date, and heals roots.
pub(crate) fn grow_films(
    mut sites: ResMut<Sites>,
    mut surface: ResMut<Surface>,
    mut interphase: Interphase,
    mut network: ResMut<CreepNetwork>,
    films: Res<Films>,
    constants: Res<Constants>,
    clock: Res<Clock>,
) {
    if clock.plating() {
        network.set_creep(constants.creep_sites(clock.current_density_a_m2));
    }
    // The film of a patch is as old as the half-cycle: lifting stretches it, but does not renew it; stripping
    // does, and a breach in the coating over it.
    let whole_m = |film, breached_s: f64| {
        films.thickness_m(film, clock.half_cycle_since_s.max(breached_s), clock.time_s)
    };
    let mut growing = std::mem::take(&mut interphase.roster.growing);
    growing.retain(|number| {
        // Every other one is looked at, and what is new.
        let due = u64::from(*number) % STEPS_PER_ROOT == clock.step % STEPS_PER_ROOT;
        if !due && interphase.roster.openness(*number) > 0.0 {
            return true;
        }
        look_at_root(*number, &whole_m, &mut interphase, &mut network, (&films, &constants), clock.time_s)
    });
    interphase.roster.growing = growing;
    // Whole film changes slowly, but where a half-cycle begins.
    let usual_m = whole_m(FilmId::ELECTROLYTE, 0.0);
    let renewed = (usual_m - network.film_m).abs() > 0.05 * usual_m;
    if clock.step.is_multiple_of(STEPS_PER_LOOK) || renewed {
        network.film_m = usual_m;
        for number in 0..interphase.roster.patches.len() as u16 {
            if let Some(patch) = interphase.patch(number) {
                let film = films.forming(patch.film);
                let compliance = film.compliance(whole_m(patch.film, patch.breached_s), patch.yield_factor);
                let strained = film.yields_when_strained(patch.elastic_strain);
                network.set_whole(number, patch.area * compliance * strained);
            }
        }
    }
    network.forget_sums();
    surface.refresh(&mut sites.0, &film_ages(&films, &interphase, &clock));
}

/// Brings the root of a filament up to date; false when it has healed, or the filament has nowhere to go.
fn look_at_root(
    number: u32,
    whole_m: &impl Fn(FilmId, f64) -> f64,
    interphase: &mut Interphase,
    network: &mut CreepNetwork,
    (films, constants): (&Films, &Constants),
    now_s: f64,
) -> bool {
    let Some(filament) = interphase.filament(number) else { return false };
    let (patch, parent) = (filament.patch, filament.parent);
    let (id, breached_s, strength) = interphase
        .patch(patch)
        .map_or((FilmId::ELECTROLYTE, 0.0, 1.0), |patch| (patch.film, patch.breached_s, patch.yield_factor));
    let around_m =
        match filament.parent.and_then(|(parent, slice)| Some((interphase.filament(parent)?, slice))) {
            Some((parent, slice)) => films.thickness_m(id, parent.slice(slice).time_s, now_s),
            None => whole_m(id, breached_s),
        };
    let film = films.forming(id);
    let root_m = film.law.thickness_m(filament.residence_s(now_s));
    let alive = filament.growing && root_m < constants.healing_fraction * around_m;
    let openness = if alive {
        filament.section() * film.compliance(root_m, strength) * constants.extrusion_ease
    } else {
        0.0
    };
    if let Some(noted) = interphase.roster.openness.get_mut(number as usize) {
        *noted = openness as f32;
    }
    if parent.is_none() {
        network.set_root(patch, openness);
    }
    if alive {
        return true;
    }
    if let Some(filament) = interphase.filament_mut(number) {
        filament.growing = false;
    }
    match parent {
        Some((parent, _)) => {
            if let Some(parent) = interphase.filament_mut(parent) {
                parent.branches.retain(|(_, branch)| *branch != number);
            }
        }
        None => {
            if let Some(patch) = interphase.patch_mut(patch) {
                patch.root = None;
            }
        }
    }
    false
}

/// Strains the patches by this step's lifting and cracks those that have had enough.
pub(crate) fn strain_films(
    mut sites: ResMut<Sites>,
    mut surface: ResMut<Surface>,
    mut interphase: Interphase,
    mut network: ResMut<CreepNetwork>,
    films: Res<Films>,
    constants: Res<Constants>,
    clock: Res<Clock>,
    mut book: ResMut<FilmBook>,
    mut cracks: ResMut<Cracks>,
    mut flank_cracks: ResMut<FlankCracks>,
    mut journal: ResMut<Journal>,
) {
    if clock.step.is_multiple_of(STEPS_PER_LOOK) {
        let since_s = std::mem::replace(&mut cracks.looked_s, clock.time_s + clock.dt_s);
        let breaches = strain_patches(
            (&mut sites, &mut surface),
            &mut interphase,
            &mut network,
            (&films, &constants, &clock),
            clock.time_s + clock.dt_s - since_s,
            &mut book,
            &mut cracks,
        );
        let place = (&mut *sites, &mut *surface, &mut interphase);
        if coating::change(breaches, place, (&films, &constants, &clock)) {
            journal.note(event(EventKind::CoatingBreached, &clock, &constants, None));
        }
    }
    let lattice = &sites.0;
    for (parent, root, first) in flank_cracks.0.drain(..) {
        let slice = lattice.solid(root).filter(|solid| solid.filament == parent).map(|solid| solid.birth);
        let patch = interphase.filament(parent).map(|filament| filament.patch);
        let first = lattice.wrap(first);
        if let (Some(slice), Some(patch)) = (slice, patch)
            && lattice.is_open(first)
            && lattice.contains_height(first[2])
        {
            cracks.opened.push(Crack { patch, parent: Some((parent, slice)), root, first });
        }
    }
}

/// Strains the patches by the lifting of the last `duration_s` and cracks those that have had enough. Returns
/// the patches whose coating breaks, with the film that is left.
fn strain_patches(
    (sites, surface): (&mut Sites, &mut Surface),
    interphase: &mut Interphase,
    network: &mut CreepNetwork,
    (films, constants, clock): (&Films, &Constants, &Clock),
    duration_s: f64,
    book: &mut FilmBook,
    cracks: &mut Cracks,
) -> Vec<(u16, FilmId)> {
    let mut random = stream(constants.seed, Purpose::Fracture, clock.step, 0);
    let count = interphase.roster.patches.len() as u16;
    let heights = expected_heights(interphase, network);
    let mut breaches = Vec::new();
    for number in 0..count {
        let (mut strain, mut touching) = (0.0, 0);
        for (other, distance) in network.touching(number, constants.patch_sites) {
            let slope = (heights[number as usize] - heights[other as usize]) / distance;
            strain += 0.5 * slope * slope;
            touching += 1;
        }
        let strain = strain / f64::from(touching.max(1));
        let Some(patch) = interphase.patch_mut(number) else { continue };
        // Stripping bends the film back the other way; that strains it as well.
        let change = strain - patch.geometric_strain;
        let stretch = if clock.stripping() { change.abs() } else { change.max(0.0) };
        patch.geometric_strain = strain;
        if duration_s > 0.0 {
            let (rate, relaxation_s) = (stretch / duration_s, films.forming(patch.film).relaxation_s);
            let relaxed = relaxed_share(duration_s, relaxation_s);
            patch.elastic_strain = relaxed_strain(patch.elastic_strain, rate, relaxed, relaxation_s);
        }
        if patch.film.is_coated() {
            if let Some(film) = coating::broken(patch, films, constants, clock) {
                breaches.push((number, film));
            }
            continue;
        }
        if patch.root.is_none() && patch.elastic_strain > patch.fracture_strain {
            patch.elastic_strain = 0.0;
            patch.draw_fracture_strain(films, constants, &mut random);
            if clock.stripping() {
                // The crack runs across the patch, as wide as a filament. Where a filament comes out of it,
                // the film is that on the filament.
                book.cracked_faces += patch.area.sqrt() * constants.filament_diameter_sites;
                bare_crack(sites, surface, interphase, (films, constants, clock), number, &mut random);
                continue;
            }
            if let Some((root, first)) = weak_spot(sites, surface, number, &mut random) {
                cracks.opened.push(Crack { patch: number, parent: None, root, first });
            }
        }
    }
    breaches
}

/// Expected height of each patch, sites: what was reduced below the patches comes out in their reach.
fn expected_heights(interphase: &mut Interphase, network: &mut CreepNetwork) -> Vec<f64> {
    let count = interphase.roster.patches.len() as u16;
    let mut lifts = vec![0.0; usize::from(count)];
    for number in 0..count {
        let gained = interphase.patch_mut(number).map_or(0, |patch| std::mem::take(&mut patch.gained));
        if gained != 0 {
            network.spread(number, gained as f64, &mut lifts);
        }
    }
    for (number, lift) in (0..count).zip(&mut lifts) {
        if let Some(patch) = interphase.patch_mut(number) {
            patch.height += *lift / patch.area;
            *lift = patch.height;
        }
    }
    lifts
}

/// Opens a filament in every new crack.
pub(crate) fn open_filaments(world: &mut World) {
    let cracks = std::mem::take(&mut world.resource_mut::<Cracks>().opened);
    for (index, crack) in cracks.into_iter().enumerate() {
        let (clock, constants) = (world.resource::<Clock>(), world.resource::<Constants>());
        let now = Slice { ordinal: clock.plated as u32, time_s: clock.time_s };
        let mut random = stream(constants.seed, Purpose::Fracture, clock.step, 1 + index as u64);
        let number = world.resource::<Roster>().filaments.len() as u32;
        let patch = world.get::<Patch>(world.resource::<Roster>().patches[usize::from(crack.patch)]);
        let film = world.resource::<Films>().forming(patch.map_or(FilmId::ELECTROLYTE, |patch| patch.film));
        let direction = outward(&world.resource::<Sites>().0, crack.root, crack.first);
        let (owner, start) = ((number, crack.patch), (crack.first, direction));
        let mut filament = Filament::new(owner, start, now, film, constants, &mut random);
        filament.parent = crack.parent;
        let events = [EventKind::FirstCrack, EventKind::FirstFilament]
            .map(|kind| event(kind, clock, constants, Some(crack.first)));
        events.into_iter().for_each(|event| world.resource_mut::<Journal>().note(event));
        let entity = world.spawn(filament).id();
        let mut roster = world.resource_mut::<Roster>();
        roster.filaments.push(entity);
        roster.growing.push(number);
        roster.openness.push(0.0);
        match crack.parent {
            Some((parent, slice)) => {
                let parent = world.resource::<Roster>().filaments[parent as usize];
                if let Some(mut parent) = world.get_mut::<Filament>(parent) {
                    parent.branches.push((slice, number));
                }
            }
            None => {
                let patch = world.resource::<Roster>().patches[crack.patch as usize];
                if let Some(mut patch) = world.get_mut::<Patch>(patch) {
                    patch.root = Some((number, crack.first));
                }
            }
        }
    }
}

/// When stripping begins nothing is pushed out any more: the metal of all filaments becomes part of the
/// deposit, and roots close.
pub(crate) fn retire_filaments(world: &mut World) {
    if !world.resource::<Clock>().stripping() || world.resource::<Roster>().filaments.is_empty() {
        return;
    }
    let mut roster = world.resource_mut::<Roster>();
    roster.growing.clear();
    roster.openness.clear();
    let filaments = std::mem::take(&mut roster.filaments);
    world.resource_mut::<Ledger>().filaments_retired += filaments.len() as u64;
    world.resource_mut::<FlankCracks>().0.clear();
    let entries: Vec<Filament> =
        filaments.iter().filter_map(|entity| world.get::<Filament>(*entity).cloned()).collect();
    filaments.into_iter().for_each(|entity| {
        world.despawn(entity);
    });
    world.query::<&mut Patch>().iter_mut(world).for_each(|mut patch| patch.root = None);
    world.resource_mut::<CreepNetwork>().forget_roots();
    world.resource_scope(|world, mut sites: Mut<Sites>| {
        let lattice = &mut sites.0;
        let of_filaments: Vec<(Position, Solid)> = lattice
            .iter_solids()
            .filter(|(.., solid)| is_filament(solid.filament))
            .map(|(position, _, solid)| (position, solid))
            .collect();
        world.resource_scope(|world, mut surface: Mut<Surface>| {
            let view = InterphaseView::new(world);
            let ages = film_ages(world.resource(), &view, world.resource());
            for (position, solid) in of_filaments {
                let Some(filament) = entries.get(solid.filament as usize) else { continue };
                let entry = filament.slice(solid.birth);
                let film_time_s = entry.time_s as f32;
                let solid =
                    Solid { patch: filament.patch, ..Solid::new(entry.ordinal, film_time_s, 0, solid.mode) };
                surface.change(lattice, position, &ages, |lattice| lattice.set_solid(position, solid));
            }
        });
    });
}

#[cfg(test)]
#[path = "fracture_tests.rs"]
mod tests;
