//! The numbers of a scene in SI units and in sites, as the processes use them.

use crate::electrochemistry::sei_laws;
use crate::host::Nucleation;
use crate::scene::{CellSpec, Scene, StartSpec, TransportSpec};
use crate::units::{
    self, FARADAY, j_mol_from_kj_mol, kelvin_from_celsius, m_from_um, m3_mol_from_cm3_mol, ohm_m_from_ohm_cm,
    ohm_m2_from_ohm_cm2,
};
use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};

/// One millivolt, V, and one nanometre, m.
const MILLI: f64 = 1e-3;
const NANO: f64 = 1e-9;

/// Constants of one run.
#[derive(Resource)]
pub(crate) struct Constants {
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
    pub patch_sites: f64,
    pub weibull_modulus: f64,
    pub healing_fraction: f64,
    pub corrosion_spread: f64,
    /// Share of the chance to come out at a root that the stack pressure leaves.
    pub extrusion_ease: f64,
    /// Share of the contacts across two films at which the stack pressure breaks them.
    pub pressed_share: f64,
    /// Slices of a filament, counted from its root, that have contact with what it stands on.
    pub root_slices: u32,
    pub filament_diameter_sites: f64,
    pub filament_diameter_spread: f64,
    pub filament_persistence_sites: f64,
    pub filament_persistence_spread: f64,
    /// Walkers carry the ions while the Robin length is below this many heights.
    pub walker_heights: f64,
    pub rest_step_s: f64,
    /// Metal that a strand needs to reach through the separator, sites; `None` when the box ends in free
    /// electrolyte.
    pub separator_sites: Option<u64>,
    /// True when metal that comes to the edge of the box does not end the run.
    pub walled: bool,
    /// Exponent of the electrostatic shield, and the overpotential from which on it is void, V.
    pub shield_exponent: f64,
    pub shield_limit_v: f64,
    /// Side of the square of the separator that one squeezed-in strand takes up, sites.
    pub strand_spacing_sites: i32,
    /// Resistance of one bridge, Ω: the strand, its constriction and its film.
    pub bridge_ohm: f64,
    /// Share of the current that bridges take in a hard short.
    pub hard_short_share: f64,
    /// Conductivity of the electrolyte in the separator before any current, S m⁻¹.
    pub conductivity_s_m: f64,
    /// Ohmic resistance of the electrolyte in the gap while it is full, Ω m².
    pub ohmic_ohm_m2: f64,
    /// Speed at which film forms on bare metal, m s⁻¹.
    film_formation_m_s: f64,
    /// Flow stress of the metal at 1 mA cm⁻², Pa, and its exponent with current.
    flow_stress_pa: f64,
    flow_exponent: f64,
    creep_length_m: f64,
    creep_exponent: f64,
    creep_activation_j_mol: f64,
    /// At the temperature of the run.
    surface_diffusivity_m2_s: f64,
}

impl Constants {
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
        let at_separator = spec.start.is_electrode()
            && spec.separator_um > 0.0
            && box_um + spec.separator_um >= spec.electrode_gap_um;
        // Cross-section of a strand: that of a filament.
        let strand = (0.25 * std::f64::consts::PI * sites(metal.filament_diameter_um.value).powi(2)).max(1.0);
        // The foil of a symmetric cell is metal: nothing has to nucleate on it.
        let on_foil = matches!(spec.cell, CellSpec::Symmetric { .. }) && !spec.start.has_metal();
        let bare = spec.start.is_electrode() && !on_foil;
        let mut nucleation = if bare { spec.host.nucleation() } else { Nucleation::default() };
        if let Some(innermost) = scene.coating.first().filter(|_| bare) {
            nucleation.host_mv = innermost.nucleation_mv.value;
        }
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
            patch_sites: sites(scene.electrolyte.patch_um.value),
            weibull_modulus: model.weibull_modulus.value,
            corrosion_spread: model.corrosion_spread.value,
            healing_fraction: model.healing_fraction.value,
            extrusion_ease: libm::exp(-spec.pressure_mpa / model.pressure_extrusion_mpa.value),
            pressed_share: -libm::expm1(-spec.pressure_mpa / model.pressure_contact_mpa.value),
            root_slices: sites(metal.filament_diameter_um.value).ceil() as u32,
            filament_diameter_sites: sites(metal.filament_diameter_um.value),
            filament_diameter_spread: model.filament_diameter_spread.value,
            filament_persistence_sites: sites(metal.filament_persistence_um.value),
            filament_persistence_spread: model.filament_persistence_spread.value,
            walker_heights: model.walker_box_heights.value,
            rest_step_s: model.rest_step_s.value,
            separator_sites: at_separator.then(|| (sites(spec.separator_um) * strand).ceil().max(1.0) as u64),
            walled: spec.start.is_electrode() && (at_separator || spec.protocol.is_some()),
            shield_exponent: scene.electrolyte.shield_exponent.value,
            shield_limit_v: MILLI * scene.electrolyte.shield_limit_mv.value,
            strand_spacing_sites: sites(model.strand_spacing_um.value).round().max(1.0) as i32,
            bridge_ohm: bridge_ohm(scene),
            hard_short_share: model.hard_short_share.value,
            conductivity_s_m,
            ohmic_ohm_m2: m_from_um(spec.electrode_gap_um) / conductivity_s_m,
            film_formation_m_s: NANO * model.film_formation_nm_s.value,
            flow_stress_pa: 1e6 * model.flow_stress_mpa.value,
            flow_exponent: model.flow_stress_current_exponent.value,
            creep_length_m: m_from_um(metal.creep_length_um.value),
            creep_exponent: metal.creep_length_current_exponent.value,
            creep_activation_j_mol: j_mol_from_kj_mol(metal.creep_activation_kj_mol.value),
            surface_diffusivity_m2_s: metal.surface_diffusivity_m2_s.value
                * sei_laws::arrhenius_factor(activation, temperature_k),
        }
    }

    /// Stress at which the metal flows below a coating at this current density, A m⁻²; Pa.
    pub fn flow_stress_pa(&self, current_density_a_m2: f64) -> f64 {
        sei_laws::flow_stress(self.flow_stress_pa, self.flow_exponent, current_density_a_m2)
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

    /// Chance that metal meets the electrolyte bare where it was reduced: it grows over the face before film
    /// has formed there. v/(v + v₀) with v = V_m i/F, the speed at which the face grows.
    pub fn bare_share(&self, face_current_a_m2: f64) -> f64 {
        let speed_m_s = self.molar_volume_m3_mol * face_current_a_m2 / FARADAY;
        speed_m_s / (speed_m_s + self.film_formation_m_s)
    }

    /// Hops that landed metal makes along the surface before it is buried: rounded at random, so that their
    /// mean is kept where it is below one.
    pub fn hops(&self, current_density_a_m2: f64, random: &mut impl Rng) -> u32 {
        let layer_s = sei_laws::layer_time(self.edge_m, self.molar_volume_m3_mol, current_density_a_m2.abs());
        let hops = self.hops_in(layer_s);
        hops as u32 + u32::from(random.random::<f64>() < hops.fract())
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

/// Resistance of a strand of metal through the separator, Ω: ρL/A of the wire, ρ/d where the current spreads
/// from it into the electrode (Holm), and the film at its end.
fn bridge_ohm(scene: &Scene) -> f64 {
    let (metal, model) = (&scene.metal, &scene.model);
    let diameter_m = m_from_um(metal.filament_diameter_um.value);
    let section_m2 = 0.25 * std::f64::consts::PI * diameter_m * diameter_m;
    let ohm_m = ohm_m_from_ohm_cm(metal.resistivity_ohm_cm.value);
    let film_ohm_m2 = ohm_m2_from_ohm_cm2(model.bridge_contact_ohm_cm2.value);
    ohm_m * (m_from_um(scene.spec.separator_um) / section_m2 + 1.0 / diameter_m) + film_ohm_m2 / section_m2
}
