//! How old the film of a site is, read from the site or from its filament.
//!
//! On a filament that grows, metal passes every place at the same age: its film there stays as thick as it
//! is. On all else it ages.

use super::roster::Parts;
use crate::lattice::{Exposed, Solid};
use crate::simulation::course::clock::Clock;
use crate::simulation::films::{FilmId, Films};
use crate::simulation::surface::FilmReader;
use crate::simulation::surface::census::FilmAge;

/// Ages of the films of the sites, read from patches and filaments.
pub(crate) struct FilmAges<'a, P> {
    pub films: &'a Films,
    pub parts: &'a P,
    pub now_s: f64,
}

impl<P: Parts> FilmAges<'_, P> {
    /// Time at which the film of a site began to form, s.
    pub fn formed_s(&self, solid: &Solid) -> f64 {
        self.parts
            .filament(solid.filament)
            .map_or(f64::from(solid.film_time_s), |filament| filament.slice(solid.birth).time_s)
    }

    /// Film thickness of a site, m.
    pub fn thickness_m(&self, solid: &Solid) -> f64 {
        let patch = self.parts.filament(solid.filament).map_or(solid.patch, |filament| filament.patch);
        let film = self.parts.patch(patch).map_or(FilmId::ELECTROLYTE, |patch| patch.film);
        self.films.thickness_m(film, self.formed_s(solid), self.now_s)
    }
}

impl<P: Parts> FilmReader for FilmAges<'_, P> {
    fn films(&self) -> &Films {
        self.films
    }

    fn now_s(&self) -> f64 {
        self.now_s
    }

    /// That of a growing filament keeps its age.
    fn of(&self, entry: &Exposed) -> FilmAge {
        match self.parts.filament(entry.filament) {
            None => FilmAge::Since(entry.film_time_s),
            Some(filament) => {
                let formed_s = filament.slice(entry.birth()).time_s;
                if filament.growing {
                    FilmAge::Steady((self.now_s - formed_s) as f32)
                } else {
                    FilmAge::Since(formed_s as f32)
                }
            }
        }
    }

    fn patch_of_filament(&self, filament: u32) -> Option<u16> {
        self.parts.filament(filament).map(|filament| filament.patch)
    }
}

/// The films as of the present step.
pub(crate) fn film_ages<'a, P: Parts>(films: &'a Films, parts: &'a P, clock: &Clock) -> FilmAges<'a, P> {
    FilmAges { films, parts, now_s: clock.time_s }
}
