//! The book of what films cost: charge, metal, electrolyte, additive, gas.
//!
//! Does: keep the accounts.
//! Does not: say what a step costs or take the metal (`metal::film_costs`).
//! Accuracy: charge is an integer, in 2⁻³² of a site.

use super::clock::{SITE, sites_from_charge};
use crate::scene::{CellSpec, Scene, StartSpec, TransportSpec};
use crate::simulation::films::Film;
use crate::units::{FARADAY, m_from_um, mol_m3_from_mol_l};
use bevy_ecs::prelude::*;

/// Accounts of the film and what it lives on.
#[derive(Resource)]
pub(crate) struct FilmBook {
    /// Charge that has gone into films, and metal dissolved chemically, in 2⁻³² of a site.
    pub film: u64,
    pub corrosion: u64,
    /// Sites of metal taken for each.
    pub converted: u64,
    pub corroded: u64,
    /// Electrolyte left, and what fills the gap, m³ m⁻².
    electrolyte_m: f64,
    full_m: f64,
    /// Additive left, mol m⁻².
    additive_mol_m2: f64,
    initial_additive_mol_m2: f64,
    additive_use: f64,
    /// Gas made, mol m⁻².
    pub gas_mol_m2: f64,
    /// Thickness of the film of all faces together at the end of the last step, m, for each film; empty
    /// before the first.
    pub film_thickness_m: Vec<f64>,
    /// Of it, what went with faces that closed in the present half-cycle, m, for each film.
    pub spare_film_m: Vec<f64>,
    /// True where the electrode is foil, which comes with a film.
    pub foil: bool,
    /// True once the film on the bare collector is paid for.
    pub collector_filmed: bool,
    /// Faces of film that cracked in this step.
    pub cracked_faces: f64,
    pub off: bool,
}

impl FilmBook {
    pub fn new(scene: &Scene) -> Self {
        let (spec, film, model) = (&scene.spec, &scene.electrolyte, &scene.model);
        // 1 µL cm⁻² is a layer of 10 µm.
        let electrolyte_m = spec.electrolyte_ul_cm2 * 1e-5;
        let foil = matches!(spec.cell, CellSpec::Symmetric { .. });
        let additive = mol_m3_from_mol_l(film.additive_mol_l.value) * electrolyte_m;
        Self {
            film: 0,
            corrosion: 0,
            converted: 0,
            corroded: 0,
            electrolyte_m,
            full_m: m_from_um(spec.electrode_gap_um) * model.gap_porosity.value,
            additive_mol_m2: additive,
            initial_additive_mol_m2: additive,
            additive_use: model.additive_share.value / film.additive_electrons.value,
            gas_mol_m2: 0.0,
            film_thickness_m: Vec::new(),
            spare_film_m: Vec::new(),
            foil,
            collector_filmed: foil,
            cracked_faces: 0.0,
            off: spec.start == StartSpec::PointSeed || spec.transport == TransportSpec::PerfectSticking,
        }
    }

    /// Share of the electrode that electrolyte wets, above 0.
    pub fn wetted(&self) -> f64 {
        (self.electrolyte_m / self.full_m).clamp(1e-3, 1.0)
    }

    /// Electrolyte left, m³ m⁻².
    pub fn electrolyte_m(&self) -> f64 {
        self.electrolyte_m
    }

    /// Share of the additive left; 1 where there never was any.
    pub fn additive_share(&self) -> f64 {
        if self.initial_additive_mol_m2 > 0.0 {
            self.additive_mol_m2 / self.initial_additive_mol_m2
        } else {
            1.0
        }
    }

    /// Charge in films, in sites.
    pub fn film_sites(&self) -> f64 {
        sites_from_charge(self.film)
    }

    /// Metal dissolved chemically, in sites.
    pub fn corrosion_sites(&self) -> f64 {
        sites_from_charge(self.corrosion)
    }

    /// Whole sites that are still owed.
    pub fn owed(&self) -> (u64, u64) {
        (self.film / SITE - self.converted, self.corrosion / SITE - self.corroded)
    }

    /// Takes electrolyte and additive for a charge, C m⁻², that goes into a film, and gives the gas. True
    /// when the last of the additive went.
    pub fn consume(&mut self, charge_c_m2: f64, film: &Film) -> bool {
        let electrons = charge_c_m2 / FARADAY;
        self.electrolyte_m = (self.electrolyte_m - electrons * film.electrolyte_use_m3_mol).max(0.0);
        self.gas_mol_m2 += electrons * film.gas_yield;
        let had = self.additive_mol_m2 > 0.0;
        self.additive_mol_m2 = (self.additive_mol_m2 - electrons * self.additive_use).max(0.0);
        had && self.additive_mol_m2 == 0.0
    }
}
