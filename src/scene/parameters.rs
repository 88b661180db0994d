//! Parameter sets: numbers with unit, range and source, read from `assets/`.

use serde::{Deserialize, Serialize};

/// One number of a parameter set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The number, in `unit`.
    pub value: f64,
    /// Unit, as in the name of the field it stands in.
    pub unit: String,
    /// Smallest and largest sensible value.
    pub range: (f64, f64),
    /// Where the number comes from (source key of the reference tables, DOI, or the reasoning).
    pub source: String,
    /// True for an assumption of this model (†).
    #[serde(default)]
    pub assumption: bool,
}

/// An electrolyte and the SEI it makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Electrolyte {
    /// As chemists write it, for example "1 M NaPF₆ in EC/DEC".
    pub title: String,
    /// One sentence on its behaviour, with source.
    pub note: String,
    /// Salt concentration, mol L⁻¹.
    pub concentration_mol_l: Parameter,
    /// Salt diffusivity in the separator, m² s⁻¹ (already corrected for porosity and tortuosity).
    pub diffusivity_m2_s: Parameter,
    /// Transference number of the cation.
    pub transference_number: Parameter,
    /// Charge-transfer resistance R_ct = RT/(F i₀) of bare metal, Ω cm².
    pub charge_transfer_resistance_ohm_cm2: Parameter,
    /// Thickness of the film that forms at once, nm.
    pub film_initial_nm: Parameter,
    /// Parabolic growth constant P in dδ/dt = P/δ − r, m² s⁻¹.
    pub film_growth_constant_m2_s: Parameter,
    /// Dissolution rate r of the film, nm s⁻¹.
    pub film_dissolution_nm_s: Parameter,
    /// Mean ionic conductivity κ of the film, S cm⁻¹.
    pub film_conductivity_s_cm: Parameter,
    /// Log-normal spread σ of conductivity and yield factor between patches.
    pub film_spread: Parameter,
    /// Fracture strain ε_c of the film.
    pub film_fracture_strain: Parameter,
    /// Relaxation time of film stress (Maxwell), s.
    pub film_relaxation_s: Parameter,
    /// Film thickness at which a patch of yield factor 1 resists with the unit yield pressure, nm.
    pub film_reference_nm: Parameter,
    /// Yield pressure scale p₀ of the emergence rule, in units of the yield pressure of a mean patch at
    /// `film_reference_nm`.
    pub yield_pressure_scale: Parameter,
    /// Mean size of a patch, µm.
    pub patch_um: Parameter,
    /// Ionic conductivity of the electrolyte in the separator, mS cm⁻¹ (already corrected for porosity and
    /// tortuosity).
    pub conductivity_ms_cm: Parameter,
    /// Charge that a cubic centimetre of film has taken from the metal, C cm⁻³.
    pub film_charge_c_cm3: Parameter,
    /// Electrolyte used up per mole of electrons that go into the film, cm³ mol⁻¹.
    pub electrolyte_use_cm3_mol: Parameter,
    /// Gas made per mole of electrons that go into the film, mol mol⁻¹.
    pub gas_yield: Parameter,
    /// Speed at which the electrolyte dissolves sodium chemically, through the film, nm s⁻¹.
    pub corrosion_nm_s: Parameter,
    /// Concentration of the film-forming additive, mol L⁻¹; 0 without one.
    pub additive_mol_l: Parameter,
    /// Electrons that reduce one molecule of the additive.
    pub additive_electrons: Parameter,
    /// Share of the film's charge that goes through the additive at its first concentration.
    #[serde(default = "share_of_an_unnamed_additive")]
    pub additive_share: Parameter,
    /// Electrostatic shield: exponent χ of the weight e^(−χ·empty/26) of a site with so many empty
    /// neighbours; 0 without one.
    #[serde(default = "no_shield")]
    pub shield_exponent: Parameter,
    /// Overpotential at which the ions of the shield are plated themselves, mV: from there on it is void.
    #[serde(default = "no_limit_of_a_shield")]
    pub shield_limit_mv: Parameter,
}

/// For parameter files that know of no shield.
fn no_shield() -> Parameter {
    Parameter {
        value: 0.0,
        unit: "1".into(),
        range: (0.0, 50.0),
        source: "no ions that stay unreduced on protrusions".into(),
        assumption: false,
    }
}

/// The same.
fn no_limit_of_a_shield() -> Parameter {
    Parameter { unit: "mV".into(), range: (0.0, 2000.0), ..no_shield() }
}

/// For parameter files that do not say.
fn share_of_an_unnamed_additive() -> Parameter {
    Parameter {
        value: 0.8,
        unit: "1".into(),
        range: (0.0, 1.0),
        source: "as 5 % of FEC: film formers are reduced before the solvents (Zhao2018, sec. 3.1)".into(),
        assumption: true,
    }
}

/// A metal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metal {
    /// Name, for example "sodium".
    pub title: String,
    /// Molar volume, cm³ mol⁻¹.
    pub molar_volume_cm3_mol: Parameter,
    /// Melting point, °C.
    pub melting_point_c: Parameter,
    /// Electrical resistivity at 25 °C, Ω cm.
    pub resistivity_ohm_cm: Parameter,
    /// Surface self-diffusion coefficient at 25 °C, m² s⁻¹.
    pub surface_diffusivity_m2_s: Parameter,
    /// Activation energy of surface diffusion, kJ mol⁻¹.
    pub surface_diffusion_activation_kj_mol: Parameter,
    /// Creep length λ_c along the metal–film interface at 25 °C and 1 mA cm⁻², µm.
    pub creep_length_um: Parameter,
    /// Exponent m of the creep length with current: λ_c ∝ (i / 1 mA cm⁻²)^−m.
    pub creep_length_current_exponent: Parameter,
    /// Activation energy of the creep length, kJ mol⁻¹.
    pub creep_activation_kj_mol: Parameter,
    /// Film growth relative to sodium in the same electrolyte.
    pub film_growth_factor: Parameter,
    /// Dissolution of the film relative to sodium.
    pub film_dissolution_factor: Parameter,
    /// Chemical dissolution by the electrolyte relative to sodium.
    pub corrosion_factor: Parameter,
    /// Mean diameter of a filament, µm.
    pub filament_diameter_um: Parameter,
    /// Persistence length of a filament's path, µm: long is a needle, short is moss.
    pub filament_persistence_um: Parameter,
}

/// A layer on the electrode that was there before the cell was built: an artificial SEI.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coating {
    /// As chemists write it, for example "NaBr".
    pub title: String,
    /// What it is a kind of, for lists.
    pub family: String,
    /// Other usual names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One sentence on what it does, with source.
    pub note: String,
    /// Thickness, nm.
    pub thickness_nm: Parameter,
    /// Conductivity for ions of the metal, S cm⁻¹.
    pub conductivity_s_cm: Parameter,
    /// Young's modulus, GPa.
    pub modulus_gpa: Parameter,
    /// Strain at which it breaks.
    pub fracture_strain: Parameter,
    /// Time in which its strain relaxes, s.
    pub relaxation_s: Parameter,
    /// Share of the growth of the native film that goes on below it while it is whole.
    pub barrier: Parameter,
    /// Log-normal spread of its thickness between patches.
    pub spread: Parameter,
    /// Overpotential at which metal nucleates below it on a bare collector, mV.
    pub nucleation_mv: Parameter,
    /// Time after which a breach has closed again, s; 0: never.
    pub healing_s: Parameter,
}

/// Assumptions of the model that belong to no material.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Box heights: walkers carry the ions when the Robin length is below this many. In a box higher than
    /// 200 µm the height of the deposit counts, if not below 200 µm.
    pub walker_box_heights: Parameter,
    /// Weibull modulus of the fracture strain of patches.
    pub weibull_modulus: Parameter,
    /// A root heals when its film reaches this fraction of the film around it.
    pub healing_fraction: Parameter,
    /// Log-normal spread of the diameter of filaments.
    pub filament_diameter_spread: Parameter,
    /// Log-normal spread of the persistence length of filaments.
    pub filament_persistence_spread: Parameter,
    /// Simulated time of one step at rest, s.
    pub rest_step_s: Parameter,
    /// Activation energy of salt diffusivity and electrolyte conductivity, kJ mol⁻¹.
    pub diffusion_activation_kj_mol: Parameter,
    /// Activation energy of the exchange current density, kJ mol⁻¹.
    pub charge_transfer_activation_kj_mol: Parameter,
    /// Full jump a_h of an ion in the film, nm: high fields.
    pub film_jump_nm: Parameter,
    /// Activation energy of conduction through the film, kJ mol⁻¹.
    pub film_conduction_activation_kj_mol: Parameter,
    /// Activation energy of film growth, film dissolution and corrosion, kJ mol⁻¹.
    pub film_growth_activation_kj_mol: Parameter,
    /// Stack pressure that raises the fracture strain of the film by its own value, MPa.
    pub pressure_fracture_mpa: Parameter,
    /// Stack pressure that lowers the chance of metal to come out at a root by e, MPa.
    pub pressure_extrusion_mpa: Parameter,
    /// Stack pressure that leaves e⁻¹ of the contacts between filmed pieces of metal without contact, MPa.
    pub pressure_contact_mpa: Parameter,
    /// Speed at which film forms on bare metal, nm s⁻¹: metal that grows faster is not covered.
    pub film_formation_nm_s: Parameter,
    /// Young's modulus of a native film of mean strength, GPa: the measure for that of a coating.
    pub film_modulus_gpa: Parameter,
    /// Most by which coatings raise the exponent of the chance that metal comes out below them.
    pub coating_stiffness_limit: Parameter,
    /// Flow stress of the metal below a coating at 1 mA cm⁻², MPa.
    pub flow_stress_mpa: Parameter,
    /// Its exponent with current.
    pub flow_stress_current_exponent: Parameter,
    /// Void fraction of the gap that electrolyte must fill.
    pub gap_porosity: Parameter,
    /// Log-normal spread of chemical dissolution between patches.
    pub corrosion_spread: Parameter,
    /// Time after which e⁻¹ of the gas is still between the electrodes, s.
    pub gas_residence_s: Parameter,
    /// Height of a bubble on the electrode, µm.
    pub bubble_um: Parameter,
    /// Distance between the strands that may come through the separator, µm.
    pub strand_spacing_um: Parameter,
    /// Resistance of the film at the end of a bridge through the separator, times its section, Ω cm².
    pub bridge_contact_ohm_cm2: Parameter,
    /// Share of the current through bridges at which a soft short becomes a hard one.
    pub hard_short_share: Parameter,
}
