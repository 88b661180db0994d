//! The resistance of a coating beside a film that conducts the better the higher the field.
//!
//! Does: express the ohmic drop in the layers as that of a film, at the mean current of the faces.
//! Accuracy: exact for faces that carry the mean current, to 5 % of the drop in the layers. Faces that carry
//! less lose less than they should, those that carry more lose more.

use crate::simulation::constants::Constants;
use crate::simulation::course::clock::Clock;
use crate::simulation::film::age::film_ages;
use crate::simulation::film::patch::Patch;
use crate::simulation::film::roster::{Interphase, Parts};
use crate::simulation::films::{FilmId, Films};
use crate::simulation::sites::Sites;
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::Matter;
use bevy_ecs::prelude::*;

/// The layers are looked at anew when their drop has changed by this share.
const NOTABLE: f64 = 0.05;

/// Brings what the layers count as up to date with the current. A film of the resistance R drops R i_h
/// asinh(i/i_h): layers that drop R i count as R (i/i_h)/asinh(i/i_h).
pub(crate) fn fit_layers(
    mut films: ResMut<Films>,
    mut surface: ResMut<Surface>,
    mut sites: ResMut<Sites>,
    interphase: Interphase,
    clock: Res<Clock>,
    constants: Res<Constants>,
) {
    if films.unbroken == FilmId::ELECTROLYTE || clock.current_density_a_m2 == 0.0 {
        return;
    }
    let faces: u64 = Matter::CONNECTED.map(|matter| surface.faces(matter)).iter().sum();
    let per_face = clock.current_density_a_m2.abs() * constants.columns as f64 / faces.max(1) as f64;
    let field = per_face / films.of_electrolyte().high_field_a_m2;
    let counts_as = if field < 1e-4 { 1.0 } else { field / libm::asinh(field) };
    if (counts_as / films.layers_count_as() - 1.0).abs() > NOTABLE {
        films.let_layers_count_as(counts_as);
        let numbers = 0..interphase.roster.patches.len() as u16;
        let patches = numbers.filter_map(|number| interphase.patch(number)).map(Patch::skin);
        surface.change_films(&mut sites.0, patches, &film_ages(&films, &interphase, &clock));
    }
}
