//! SEI patches: what each is made of and how it is strained.
//!
//! Does not: crack patches (`fracture`) or say which others metal can creep to from them (`creep`).

use crate::lattice::{Mosaic, Position, Purpose, standard_normal, stream};
use crate::simulation::constants::Constants;
use crate::simulation::films::{FilmId, Films};
use crate::simulation::surface::PatchSkin;
use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};

/// One patch of the mosaic, a few µm across.
#[derive(Component, Clone, Debug)]
pub(crate) struct Patch {
    /// Centre at the start, in lattice units.
    pub centre: [f64; 3],
    /// Area at the start, sites.
    pub area: f64,
    /// Logarithms of conductivity and strength over their means, in units of the spread.
    deviates: [f64; 2],
    /// The film that lies on it.
    pub film: FilmId,
    /// When a layer of its coating broke last, s.
    pub breached_s: f64,
    /// Conductivity of its film over the mean.
    pub conductivity_ratio: f64,
    /// Strength relative to the mean patch.
    pub yield_factor: f64,
    /// Speed of chemical dissolution over the mean.
    pub corrosion_ratio: f64,
    /// Elastic strain at which it cracks; drawn anew after each crack.
    pub fracture_strain: f64,
    /// Sites that were reduced below it to creep, less those dissolved, since strain was looked at last.
    pub gained: i64,
    /// Expected height by which it has been lifted, sites.
    pub height: f64,
    /// Strain of the shape that it has been given, and the part that has not yet relaxed.
    pub geometric_strain: f64,
    pub elastic_strain: f64,
    /// Filament whose root is the crack in this patch, and where it is.
    pub root: Option<(u32, Position)>,
}

impl Patch {
    /// What the surface needs to know of its film.
    pub fn skin(&self) -> PatchSkin {
        let (conductivity_ratio, strength) = (self.conductivity_ratio, self.yield_factor);
        PatchSkin { film: self.film, conductivity_ratio, strength }
    }

    /// Takes on the film that forms now. Conductivity and strength are log-normal with mean 1 and spread σ†.
    pub fn wear(&mut self, films: &Films) {
        let film = films.forming(self.film);
        let [conductivity, strength] = std::array::from_fn(|k| {
            let sigma = [film.spread, film.strength_spread][k];
            libm::exp(sigma * self.deviates[k] - 0.5 * sigma * sigma)
        });
        self.conductivity_ratio = conductivity;
        self.yield_factor = strength;
    }

    /// Draws the next fracture strain: Weibull-distributed around the value of its film.
    pub fn draw_fracture_strain(&mut self, films: &Films, constants: &Constants, random: &mut impl Rng) {
        let u: f64 = random.random_range(f64::MIN_POSITIVE..1.0);
        let mean = films.forming(self.film).fracture_strain;
        self.fracture_strain = mean * libm::pow(-libm::log(u), 1.0 / constants.weibull_modulus);
    }
}

/// Makes the patches of a mosaic.
pub(crate) fn make_patches(mosaic: &Mosaic, films: &Films, constants: &Constants) -> Vec<Patch> {
    let mut random = stream(constants.seed, Purpose::Patches, 1, 0);
    let mut of_corrosion = stream(constants.seed, Purpose::Patches, 2, 0);
    let spread = constants.corrosion_spread;
    let mut patches = Vec::with_capacity(mosaic.centres.len());
    for (centre, area) in mosaic.centres.iter().zip(&mosaic.areas) {
        let deviates = std::array::from_fn(|_| standard_normal(&mut random));
        let mut patch = Patch {
            centre: *centre,
            area: f64::from(*area),
            deviates,
            film: films.unbroken,
            breached_s: 0.0,
            conductivity_ratio: 1.0,
            yield_factor: 1.0,
            corrosion_ratio: libm::exp(spread * (standard_normal(&mut of_corrosion) - 0.5 * spread)),
            fracture_strain: 0.0,
            gained: 0,
            height: 0.0,
            geometric_strain: 0.0,
            elastic_strain: 0.0,
            root: None,
        };
        patch.wear(films);
        patch.draw_fracture_strain(films, constants, &mut random);
        patches.push(patch);
    }
    patches
}
