//! When layers of a coating break, and when they close again.
//!
//! Does: break the weakest layer of a patch that is strained too far, and all of them where the metal below
//! pushes harder than they bear. Renew the native film in the gap. Close layers that heal by themselves.
//! Does not: strain patches (`fracture`), or break a layer in part of a patch.
//! Accuracy: the metal pushes with its flow stress at the mean current†. A layer is clamped at the edge of
//! its patch and bears 4 E ε d over the width of that.

use super::age::film_ages;
use super::patch::Patch;
use super::roster::{Interphase, Parts};
use crate::lattice::{Purpose, stream};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::films::{FilmId, Films};
use crate::simulation::sites::Sites;
use crate::simulation::surface::Surface;

/// What is left of the coating of a patch, if some of it breaks now.
pub(super) fn broken(patch: &Patch, films: &Films, constants: &Constants, clock: &Clock) -> Option<FilmId> {
    let film = films.forming(patch.film);
    // What is weak against strain is weak against a load.
    let luck = patch.fracture_strain / film.fracture_strain;
    let width_m = patch.area.sqrt() * constants.edge_m;
    let bears_pa = film.bears_n_m / width_m * luck;
    if clock.plating() && constants.flow_stress_pa(clock.current_density_a_m2) > bears_pa {
        return Some(FilmId::ELECTROLYTE);
    }
    (patch.elastic_strain > patch.fracture_strain).then(|| patch.film.without(film.weakest))
}

/// Gives patches the films that are left to them, and closes what has healed. True where something broke.
pub(super) fn change(
    breaches: Vec<(u16, FilmId)>,
    (sites, surface, interphase): (&mut Sites, &mut Surface, &mut Interphase),
    (films, constants, clock): (&Films, &Constants, &Clock),
) -> bool {
    let any = !breaches.is_empty();
    let mut random = stream(constants.seed, Purpose::Fracture, clock.step, 1 << 32);
    let healed = healed(interphase, films, clock);
    let changes = breaches.into_iter().map(|(number, film)| (number, film, true));
    for (number, film, broke) in changes.chain(healed.into_iter().map(|(number, film)| (number, film, false)))
    {
        let Some(patch) = interphase.patch_mut(number) else { continue };
        patch.film = film;
        patch.elastic_strain = 0.0;
        if broke {
            patch.breached_s = clock.time_s;
        }
        patch.wear(films);
        patch.draw_fracture_strain(films, constants, &mut random);
        let skin = patch.skin();
        let ages = film_ages(films, &*interphase, clock);
        surface.change_patch(&mut sites.0, (number, skin), broke, &ages);
    }
    any
}

/// Patches in which a layer has had time to close, with what they carry then. A gap that a filament grows out
/// of stays open.
fn healed(interphase: &Interphase, films: &Films, clock: &Clock) -> Vec<(u16, FilmId)> {
    let mut healed = Vec::new();
    for (layer, time_s) in films.healing() {
        for number in 0..interphase.roster.patches.len() as u16 {
            let Some(patch) = interphase.patch(number) else { continue };
            let whole = patch.film.with(layer);
            if whole != patch.film && patch.root.is_none() && clock.time_s - patch.breached_s >= time_s {
                healed.push((number, whole));
            }
        }
    }
    healed
}

#[cfg(test)]
#[path = "coating_tests.rs"]
mod tests;
