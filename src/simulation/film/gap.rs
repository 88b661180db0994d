//! Where the film of a patch gives way: a spot of metal with electrolyte in front of it.
//!
//! Does not: decide when (`fracture`).

use super::age::film_ages;
use super::roster::Interphase;
use crate::lattice::{Lattice, Position, SiteKind, Solid, offset};
use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::films::Films;
use crate::simulation::sites::Sites;
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::Matter;
use rand::{Rng, RngExt};

/// Metal of a patch with electrolyte in front of it, at random; of several tries the first on metal and not
/// on bare host.
pub(super) fn weak_spot(
    sites: &Sites,
    surface: &Surface,
    patch: u16,
    random: &mut impl Rng,
) -> Option<(Position, Position)> {
    let lattice = &sites.0;
    let count = surface.members(patch);
    for _ in 0..if count == 0 { 0 } else { 16 } {
        let entry = &lattice.exposed()[surface.member(patch, random.random_range(0..count))];
        if Surface::matter(entry) == Matter::Metal
            && let Some(first) = entry.open_neighbour(random)
            && lattice.contains_height(first[2])
        {
            return Some((entry.position(), lattice.wrap(first)));
        }
    }
    None
}

/// The film over receding metal gives way at one spot of a patch: what lies there begins a new film, and
/// dissolves the faster.
pub(super) fn bare_crack(
    sites: &mut Sites,
    surface: &mut Surface,
    interphase: &Interphase,
    (films, constants, clock): (&Films, &Constants, &Clock),
    patch: u16,
    random: &mut impl Rng,
) {
    let Some((centre, _)) = weak_spot(sites, surface, patch, random) else { return };
    let reach = (0.5 * constants.filament_diameter_sites).ceil() as i32;
    let ages = film_ages(films, interphase, clock);
    for step in Lattice::cube(reach) {
        let position = sites.0.wrap(offset(centre, step));
        if sites.0.kind(position) == SiteKind::Metal {
            surface.change(&mut sites.0, position, &ages, |lattice| {
                if let Some(solid) = lattice.solid(position) {
                    lattice.set_solid(position, Solid { film_time_s: clock.time_s as f32, ..solid });
                }
            });
        }
    }
}
