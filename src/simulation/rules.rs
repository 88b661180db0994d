//! The numbers of a scene in SI units and in sites, as the processes use them.

use crate::electrochemistry::{FilmLaw, kinetics, sei_laws};
use crate::lattice::HostShape;
use crate::scene::{Scene, StartSpec, TransportSpec};
use crate::units::{
    self, FARADAY, j_mol_from_kj_mol, kelvin_from_celsius, m_from_nm, m_from_um, m3_mol_from_cm3_mol,
    ohm_m2_from_ohm_cm2, s_m_from_s_cm,
};
use bevy_ecs::prelude::*;

/// Constants of one run.
#[derive(Resource)]
pub(super) struct Rules {
    pub seed: u64,
    pub transport: TransportSpec,
    pub start: StartSpec,
    pub edge_m: f64,
    pub columns: usize,
    pub height: usize,
    pub projected_area_m2: f64,
    /// Charge of one site, C.
    pub site_charge_c: f64,
    pub temperature_k: f64,
    pub molar_volume_m3_mol: f64,
    pub charge_transfer_ohm_m2: f64,
    /// Mean conductivity of the film, S/m.
    pub conductivity_s_m: f64,
    /// Propensity of bare collector and host, and of seeds, relative to metal.
    pub nucleation_host: f64,
    pub nucleation_seed: f64,
    pub nucleation_host_v: f64,
    pub film: FilmLaw,
    /// Film thickness over which the chance to yield falls by e for a mean patch, m.
    pub yield_scale_m: f64,
    pub film_spread: f64,
    pub fracture_strain: f64,
    pub relaxation_s: f64,
    pub patch_sites: f64,
    pub weibull_modulus: f64,
    pub healing_fraction: f64,
    pub filament_diameter_sites: f64,
    pub filament_diameter_spread: f64,
    pub filament_persistence_sites: f64,
    pub filament_persistence_spread: f64,
    pub walker_reach_m: f64,
    pub rest_step_s: f64,
    creep_length_m: f64,
    creep_exponent: f64,
    creep_activation_j_mol: f64,
    /// At the temperature of the run.
    surface_diffusivity_m2_s: f64,
}

impl Rules {
    pub fn new(scene: &Scene, host: HostShape, seed: u64) -> Self {
        let (spec, film, metal, model) = (&scene.spec, &scene.electrolyte, &scene.metal, &scene.model);
        let edge_m = m_from_um(spec.lattice.edge_um);
        let (nx, ny, nz) = spec.lattice.sites;
        let columns = nx * ny;
        let temperature_k = kelvin_from_celsius(spec.temperature_c);
        let molar_volume_m3_mol = m3_mol_from_cm3_mol(metal.molar_volume_cm3_mol.value);
        let sites = |um: f64| um / spec.lattice.edge_um;
        let growth = film.film_growth_constant_m2_s.value * metal.film_growth_factor.value;
        let dissolution = m_from_nm(film.film_dissolution_nm_s.value) * metal.film_dissolution_factor.value;
        let activation = j_mol_from_kj_mol(metal.surface_diffusion_activation_kj_mol.value);
        Self {
            seed,
            transport: spec.transport,
            start: spec.start,
            edge_m,
            columns,
            height: nz,
            projected_area_m2: columns as f64 * edge_m * edge_m,
            site_charge_c: FARADAY * edge_m.powi(3) / molar_volume_m3_mol,
            temperature_k,
            molar_volume_m3_mol,
            charge_transfer_ohm_m2: ohm_m2_from_ohm_cm2(film.charge_transfer_resistance_ohm_cm2.value),
            conductivity_s_m: s_m_from_s_cm(film.film_conductivity_s_cm.value),
            nucleation_host: kinetics::nucleation_factor(host.nucleation_host_v, temperature_k),
            nucleation_seed: kinetics::nucleation_factor(host.nucleation_seed_v, temperature_k),
            nucleation_host_v: host.nucleation_host_v,
            film: FilmLaw::new(m_from_nm(film.film_initial_nm.value), growth, dissolution),
            yield_scale_m: m_from_nm(film.film_reference_nm.value * film.yield_pressure_scale.value),
            film_spread: film.film_spread.value,
            fracture_strain: film.film_fracture_strain.value,
            relaxation_s: film.film_relaxation_s.value,
            patch_sites: sites(film.patch_um.value),
            weibull_modulus: model.weibull_modulus.value,
            healing_fraction: model.healing_fraction.value,
            filament_diameter_sites: sites(metal.filament_diameter_um.value),
            filament_diameter_spread: model.filament_diameter_spread.value,
            filament_persistence_sites: sites(metal.filament_persistence_um.value),
            filament_persistence_spread: model.filament_persistence_spread.value,
            walker_reach_m: model.walker_box_heights.value * nz as f64 * edge_m,
            rest_step_s: model.rest_step_s.value,
            creep_length_m: m_from_um(metal.creep_length_um.value),
            creep_exponent: metal.creep_length_current_exponent.value,
            creep_activation_j_mol: j_mol_from_kj_mol(metal.creep_activation_kj_mol.value),
            surface_diffusivity_m2_s: metal.surface_diffusivity_m2_s.value
                * sei_laws::arrhenius_factor(activation, temperature_k),
        }
    }

    /// Conductance of a film of `thickness_m` and `conductivity_s_m` with charge transfer behind it, S m⁻².
    pub fn conductance(&self, thickness_m: f64, conductivity_s_m: f64) -> f64 {
        1.0 / (self.charge_transfer_ohm_m2 + thickness_m / conductivity_s_m)
    }

    /// Chance of a spot to yield: exp(−p_y/p₀).
    pub fn compliance(&self, thickness_m: f64, yield_factor: f64) -> f64 {
        (-yield_factor * thickness_m / self.yield_scale_m).exp()
    }

    /// Creep length at a current density, in sites.
    pub fn creep_sites(&self, current_density_a_m2: f64) -> f64 {
        sei_laws::creep_length(
            self.creep_length_m,
            self.creep_exponent,
            self.creep_activation_j_mol,
            current_density_a_m2,
            self.temperature_k,
        ) / self.edge_m
    }

    /// Hops that landed metal makes along the surface before it is buried.
    pub fn hops(&self, current_density_a_m2: f64) -> u32 {
        let layer_s = sei_laws::layer_time(self.edge_m, self.molar_volume_m3_mol, current_density_a_m2);
        self.hops_in(layer_s) as u32
    }

    /// Mean number of hops along the surface in a time, at most 64: farther than that a spot is flat anyway.
    pub fn hops_in(&self, time_s: f64) -> f64 {
        sei_laws::surface_hops(self.surface_diffusivity_m2_s, time_s, self.edge_m).min(64.0)
    }

    /// Areal capacity of a number of sites, mAh cm⁻².
    pub fn capacity_mah_cm2(&self, sites: f64) -> f64 {
        units::mah_cm2_from_c_m2(sites * self.site_charge_c / self.projected_area_m2)
    }
}
