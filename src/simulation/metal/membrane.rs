//! The film is one membrane: where it is lifted, heights go over from patch to patch.
//!
//! Does: spread what lifts a patch over the width of a patch.
//! Accuracy: across the face at which it comes out, where the surface is a layer; elsewhere not at all.

use crate::lattice::{Lattice, Position, SiteKind};
use crate::simulation::film::filament::is_filament;
use rand::{Rng, RngExt};

/// Sites that the surface may be higher or lower within half a patch.
const RISE: [i32; 5] = [0, 1, -1, 2, -2];

/// Open site on metal of a layer within half a patch of a face (metal, open neighbour), across the face.
/// `None` where the surface goes elsewhere.
pub(super) fn nearby(
    lattice: &Lattice,
    (metal, open): (Position, Position),
    patch_sites: f64,
    random: &mut impl Rng,
) -> Option<Position> {
    let out: Position = std::array::from_fn(|k| open[k] - metal[k]);
    let away =
        out.map(
            |along| {
                if along == 0 { ((random.random::<f64>() - 0.5) * patch_sites).round() as i32 } else { 0 }
            },
        );
    RISE.iter().find_map(|rise| {
        let site = lattice.wrap(std::array::from_fn(|k| open[k] + away[k] + rise * out[k]));
        let below = lattice.wrap(std::array::from_fn(|k| site[k] - out[k]));
        let layer = || lattice.solid(below).is_some_and(|solid| !is_filament(solid.filament));
        let fits = lattice.contains_height(site[2])
            && lattice.is_open(site)
            && lattice.kind(below) == SiteKind::Metal
            && layer();
        fits.then_some(site)
    })
}
