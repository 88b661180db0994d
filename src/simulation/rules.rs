//! The numbers of a scene in SI units and in sites, as the processes use them.

use crate::electrochemistry::{FilmLaw, kinetics, sei_laws};
use crate::host::Nucleation;
use crate::scene::{CellSpec, Electrolyte, Parameter, Scene, StartSpec, TransportSpec};
use crate::units::{
    self, FARADAY, REFERENCE_TEMPERATURE_K, j_mol_from_kj_mol, kelvin_from_celsius, m_from_nm, m_from_um,
    m3_mol_from_cm3_mol, ohm_m2_from_ohm_cm2, s_m_from_s_cm,
};
use bevy_ecs::prelude::*;

/// One millivolt, V.
const MILLI: f64 = 1e-3;

/// What one electrolyte makes of the film, at the temperature and pressure of the run.
#[derive(Clone)]
pub(crate) struct FilmRules {
    pub law: FilmLaw,
    pub initial_m: f64,
    /// Growth constant P, m² s⁻¹.
    pub growth_m2_s: f64,
    /// Mean conductivity, S/m.
    pub conductivity_s_m: f64,
    /// Film thickness over which the chance to yield falls by e for a mean patch, m.
    pub yield_scale_m: f64,
    pub spread: f64,
    pub fracture_strain: f64,
    pub relaxation_s: f64,
    /// Exchange current density of the metal, A m⁻².
    pub exchange_a_m2: f64,
    /// Charge of the film per volume, C m⁻³.
    pub charge_c_m3: f64,
    /// Electrolyte used per mole of electrons, m³ mol⁻¹.
    pub electrolyte_use_m3_mol: f64,
    pub gas_yield: f64,
    /// Chemical dissolution of the metal, m s⁻¹.
    pub corrosion_m_s: f64,
}

impl FilmRules {
    fn new(film: &Electrolyte, scene: &Scene, temperature_k: f64) -> Self {
        let (spec, metal, model) = (&scene.spec, &scene.metal, &scene.model);
        let hotter = |activation: &Parameter| {
            sei_laws::arrhenius_factor(j_mol_from_kj_mol(activation.value), temperature_k)
        };
        let growth_factor = hotter(&model.film_growth_activation_kj_mol);
        let growth_m2_s =
            film.film_growth_constant_m2_s.value * metal.film_growth_factor.value * growth_factor;
        let dissolution_m_s =
            m_from_nm(film.film_dissolution_nm_s.value) * metal.film_dissolution_factor.value * growth_factor;
        let initial_m = m_from_nm(film.film_initial_nm.value);
        let transfer_ohm_m2 = ohm_m2_from_ohm_cm2(film.charge_transfer_resistance_ohm_cm2.value);
        Self {
            law: FilmLaw::new(initial_m, growth_m2_s, dissolution_m_s),
            initial_m,
            growth_m2_s,
            conductivity_s_m: s_m_from_s_cm(film.film_conductivity_s_cm.value)
                * hotter(&model.film_conduction_activation_kj_mol),
            yield_scale_m: m_from_nm(film.film_reference_nm.value * film.yield_pressure_scale.value),
            spread: film.film_spread.value,
            fracture_strain: film.film_fracture_strain.value
                * (1.0 + spec.pressure_mpa / model.pressure_fracture_mpa.value),
            relaxation_s: film.film_relaxation_s.value / growth_factor,
            exchange_a_m2: kinetics::exchange_current_density(transfer_ohm_m2, REFERENCE_TEMPERATURE_K)
                * hotter(&model.charge_transfer_activation_kj_mol),
            charge_c_m3: film.film_charge_c_cm3.value * 1e6,
            electrolyte_use_m3_mol: m3_mol_from_cm3_mol(film.electrolyte_use_cm3_mol.value),
            gas_yield: film.gas_yield.value,
            corrosion_m_s: m_from_nm(film.corrosion_nm_s.value)
                * metal.corrosion_factor.value
                * growth_factor,
        }
    }
}

/// Constants of one run. Only the film changes, once, when an additive is used up.
#[derive(Resource)]
pub(crate) struct Rules {
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
    /// Nucleation overpotential of bare collector and host, and of seeds, V.
    pub nucleation_host_v: f64,
    pub nucleation_seed_v: f64,
    /// The film that forms now.
    pub film: FilmRules,
    /// The film without the additive, until that is used up.
    pub later_film: Option<FilmRules>,
    /// Films that began before this time follow the law that held then.
    earlier_law: Option<(f64, FilmLaw)>,
    pub patch_sites: f64,
    pub weibull_modulus: f64,
    pub healing_fraction: f64,
    /// Share of the chance to come out at a root that the stack pressure leaves.
    pub extrusion_ease: f64,
    pub filament_diameter_sites: f64,
    pub filament_diameter_spread: f64,
    pub filament_persistence_sites: f64,
    pub filament_persistence_spread: f64,
    pub walker_reach_m: f64,
    pub rest_step_s: f64,
    /// Metal that a strand needs to reach through the separator, sites; `None` when the box ends in free
    /// electrolyte.
    pub separator_sites: Option<u64>,
    /// True when metal that comes to the edge of the box does not end the run.
    pub walled: bool,
    /// Resistance of one bridge times the area of the box, Ω m².
    pub bridge_ohm_m2: f64,
    pub hard_short_bridges: f64,
    /// Ohmic resistance of the electrolyte in the gap while it is full, Ω m².
    pub ohmic_ohm_m2: f64,
    creep_length_m: f64,
    creep_exponent: f64,
    creep_activation_j_mol: f64,
    /// At the temperature of the run.
    surface_diffusivity_m2_s: f64,
}

impl Rules {
    pub fn new(scene: &Scene, seed: u64) -> Self {
        let (spec, metal, model) = (&scene.spec, &scene.metal, &scene.model);
        let edge_m = m_from_um(spec.lattice.edge_um);
        let (nx, ny, nz) = spec.lattice.sites;
        let columns = nx * ny;
        let temperature_k = kelvin_from_celsius(spec.temperature_c);
        let molar_volume_m3_mol = m3_mol_from_cm3_mol(metal.molar_volume_cm3_mol.value);
        let sites = |um: f64| um / spec.lattice.edge_um;
        let activation = j_mol_from_kj_mol(metal.surface_diffusion_activation_kj_mol.value);
        let diffusion = j_mol_from_kj_mol(model.diffusion_activation_kj_mol.value);
        let conductivity_s_m = 0.1
            * scene.electrolyte.conductivity_ms_cm.value
            * sei_laws::arrhenius_factor(diffusion, temperature_k);
        let box_um = nz as f64 * spec.lattice.edge_um;
        let at_separator = spec.start == StartSpec::Electrode
            && spec.separator_um > 0.0
            && box_um + spec.separator_um >= spec.electrode_gap_um;
        // Cross-section of a strand: that of a filament.
        let strand = (0.25 * std::f64::consts::PI * sites(metal.filament_diameter_um.value).powi(2)).max(1.0);
        // The foil of a symmetric cell is metal: nothing has to nucleate on it.
        let bare = spec.start == StartSpec::Electrode && !matches!(spec.cell, CellSpec::Symmetric { .. });
        let nucleation = if bare { spec.host.nucleation() } else { Nucleation::default() };
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
            nucleation_host_v: nucleation.host_mv * MILLI,
            nucleation_seed_v: nucleation.seed_mv * MILLI,
            film: FilmRules::new(&scene.electrolyte, scene, temperature_k),
            later_film: (scene.without_additive.as_ref())
                .map(|film| FilmRules::new(film, scene, temperature_k)),
            earlier_law: None,
            patch_sites: sites(scene.electrolyte.patch_um.value),
            weibull_modulus: model.weibull_modulus.value,
            healing_fraction: model.healing_fraction.value,
            extrusion_ease: libm::exp(-spec.pressure_mpa / model.pressure_extrusion_mpa.value),
            filament_diameter_sites: sites(metal.filament_diameter_um.value),
            filament_diameter_spread: model.filament_diameter_spread.value,
            filament_persistence_sites: sites(metal.filament_persistence_um.value),
            filament_persistence_spread: model.filament_persistence_spread.value,
            walker_reach_m: model.walker_box_heights.value * nz as f64 * edge_m,
            rest_step_s: model.rest_step_s.value,
            separator_sites: at_separator.then(|| (sites(spec.separator_um) * strand).ceil().max(1.0) as u64),
            walled: spec.start == StartSpec::Electrode && (at_separator || spec.protocol.is_some()),
            bridge_ohm_m2: ohm_m2_from_ohm_cm2(model.bridge_resistance_ohm_cm2.value),
            hard_short_bridges: model.hard_short_bridges.value,
            ohmic_ohm_m2: m_from_um(spec.electrode_gap_um) / conductivity_s_m,
            creep_length_m: m_from_um(metal.creep_length_um.value),
            creep_exponent: metal.creep_length_current_exponent.value,
            creep_activation_j_mol: j_mol_from_kj_mol(metal.creep_activation_kj_mol.value),
            surface_diffusivity_m2_s: metal.surface_diffusivity_m2_s.value
                * sei_laws::arrhenius_factor(activation, temperature_k),
        }
    }

    /// Thickness at `now_s` of a film that began to form at `formed_s`, m.
    pub fn film_thickness_m(&self, formed_s: f64, now_s: f64) -> f64 {
        let law = match &self.earlier_law {
            Some((until_s, law)) if formed_s < *until_s => law,
            _ => &self.film.law,
        };
        law.thickness_m((now_s - formed_s).max(0.0))
    }

    /// The least thickness, m, that any film comes to at the end of its growth.
    pub fn oldest_film_m(&self) -> f64 {
        let last = |law: &FilmLaw| law.thickness_m(f64::INFINITY);
        self.earlier_law.iter().map(|(_, law)| last(law)).fold(last(&self.film.law), f64::min)
    }

    /// From now on films form without the additive.
    pub fn lose_additive(&mut self, now_s: f64) {
        if let Some(later) = self.later_film.take() {
            let film = std::mem::replace(&mut self.film, later);
            self.earlier_law = Some((now_s, film.law));
        }
    }

    /// Chance of a spot to yield: exp(−p_y/p₀).
    pub fn compliance(&self, thickness_m: f64, yield_factor: f64) -> f64 {
        libm::exp(-yield_factor * thickness_m / self.film.yield_scale_m)
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
        let layer_s = sei_laws::layer_time(self.edge_m, self.molar_volume_m3_mol, current_density_a_m2.abs());
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
