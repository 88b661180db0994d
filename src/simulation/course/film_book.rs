//! The book of what films cost: charge, metal, electrolyte, additive, gas.
//!
//! Does: keep the accounts.
//! Does not: say what a step costs or take the metal (`metal::film_costs`).
//! Accuracy: charge is an integer, in 2⁻³² of a site.

use super::clock::{SITE, sites_from_charge};
use crate::scene::{Scene, StartSpec, TransportSpec};
use crate::simulation::films::Film;
use crate::units::{FARADAY, GAS_CONSTANT, kelvin_from_celsius, m_from_um, mol_m3_from_mol_l};
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
    pub initial_additive_mol_m2: f64,
    additive_electrons: f64,
    /// Share of the film that the additive makes at first.
    pub first_share: f64,
    /// Gas made, and what of it is still between the electrodes, mol m⁻².
    pub gas_mol_m2: f64,
    held_gas_mol_m2: f64,
    /// Time after which e⁻¹ of a bubble's gas is still there, s.
    gas_residence_s: f64,
    /// Volume of a mole of gas, m³, and the height of a bubble, m.
    gas_m3_mol: f64,
    bubble_m: f64,
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

/// Pressure in the cell, Pa: one atmosphere†.
const ATMOSPHERE_PA: f64 = 101_325.0;

impl FilmBook {
    pub fn new(scene: &Scene) -> Self {
        let (spec, film, model) = (&scene.spec, &scene.electrolyte, &scene.model);
        // 1 µL cm⁻² is a layer of 10 µm.
        let electrolyte_m = spec.electrolyte_ul_cm2 * 1e-5;
        let foil = spec.on_metal();
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
            additive_electrons: film.additive_electrons.value,
            first_share: film.additive_share.value,
            gas_mol_m2: 0.0,
            held_gas_mol_m2: 0.0,
            gas_residence_s: model.gas_residence_s.value,
            gas_m3_mol: GAS_CONSTANT * kelvin_from_celsius(spec.temperature_c) / ATMOSPHERE_PA,
            bubble_m: m_from_um(model.bubble_um.value),
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

    /// Share of the electrode that bubbles cover: 1 − e^(−h/b) for a layer of gas h, by the ideal gas law at
    /// 1 atm, in bubbles of the height b† that sit anywhere.
    pub fn under_bubbles(&self) -> f64 {
        -libm::expm1(-self.held_gas_mol_m2 * self.gas_m3_mol / self.bubble_m)
    }

    /// Share of the electrode that current reaches.
    pub fn reached(&self) -> f64 {
        (self.wetted() * (1.0 - self.under_bubbles())).max(1e-3)
    }

    /// Adds gas to the gap, mol m⁻².
    pub fn make_gas(&mut self, gas_mol_m2: f64) {
        self.gas_mol_m2 += gas_mol_m2;
        self.held_gas_mol_m2 += gas_mol_m2;
    }

    /// Lets bubbles leave for a time, s.
    pub fn let_gas_go(&mut self, time_s: f64) {
        self.held_gas_mol_m2 *= libm::exp(-time_s / self.gas_residence_s);
    }

    /// Gas that has left, mol m⁻².
    pub fn gas_gone_mol_m2(&self) -> f64 {
        self.gas_mol_m2 - self.held_gas_mol_m2
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

    /// Share of the film that the additive makes at its present concentration: c/(c + c_½), with c_½ from the
    /// first share.
    pub fn share_of_film(&self) -> f64 {
        let (left, first) = (self.additive_share(), self.first_share);
        left * first / (1.0 - first + left * first).max(f64::MIN_POSITIVE)
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

    /// Takes electrolyte and additive for a charge, C m⁻², that goes into a film, and gives the gas.
    pub fn consume(&mut self, charge_c_m2: f64, film: &Film) {
        let electrons = charge_c_m2 / FARADAY;
        self.electrolyte_m = (self.electrolyte_m - electrons * film.electrolyte_use_m3_mol).max(0.0);
        self.make_gas(electrons * film.gas_yield);
        let additive_mol_m2 = electrons * film.additive_share / self.additive_electrons;
        self.additive_mol_m2 = (self.additive_mol_m2 - additive_mol_m2).max(0.0);
    }
}
