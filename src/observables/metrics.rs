//! The figures of one moment.
use serde::Serialize;

/// Which picture of transport carries the current.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// No current.
    #[default]
    Rest,
    /// Robin length far above the deposit: kinetic Monte Carlo.
    Reaction,
    /// Robin length comparable with the deposit: walkers.
    Transport,
    /// Past Sand's time: every ion sticks where it first arrives.
    Depleted,
}

/// The figures of one moment; keys carry their units.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Metrics {
    /// Simulation steps so far.
    pub step: u64,
    /// Physical time, s.
    pub time_s: f64,
    /// Applied current density, mA cm⁻².
    pub current_density_ma_cm2: f64,
    /// Charge plated per projected area, mAh cm⁻².
    pub areal_capacity_mah_cm2: f64,
    /// Thickness of the same charge as dense metal, µm.
    pub dense_thickness_um: f64,
    /// Highest metal above the collector, µm.
    pub h_max_um: f64,
    /// Mean of the column heights, µm.
    pub mean_height_um: f64,
    /// Root mean square roughness of the column heights, µm (ISO 4287).
    pub rq_um: f64,
    /// Arithmetic mean roughness of the column heights, µm (ISO 4287).
    pub ra_um: f64,
    /// Void fraction under the column tops.
    pub porosity: f64,
    /// Overpotential of the electrode (sum of the parts below), mV.
    pub overpotential_mv: f64,
    /// Part across the SEI, mV.
    pub overpotential_sei_mv: f64,
    /// Part of charge transfer, mV.
    pub overpotential_charge_transfer_mv: f64,
    /// Part of the salt concentration, mV.
    pub overpotential_concentration_mv: f64,
    /// Part of nucleation on bare host, mV.
    pub overpotential_nucleation_mv: f64,
    /// Salt concentration at the electrode, mol L⁻¹.
    pub surface_concentration_mol_l: f64,
    /// Robin length D·c_s·F/((1−t₊)i), µm.
    pub robin_length_um: f64,
    /// Applied over steady limiting current density.
    pub i_over_i_lim: f64,
    /// Sand's time at the present current, s; infinite below the limiting current.
    pub sand_time_s: f64,
    /// Transport regime.
    pub regime: Regime,
    /// Sites plated.
    pub sites_deposited: u64,
    /// Fraction of the metal that accreted at the tip.
    pub tip_grown_fraction: f64,
    /// Fraction of the metal that was inserted at the roots of filaments.
    pub base_grown_fraction: f64,
    /// Filaments that still grow.
    pub filaments_growing: u64,
    /// Filaments that have stopped.
    pub filaments_stopped: u64,
    /// Patches that are cracked or carry a root.
    pub cracked_patches: u64,
    /// Mean film thickness on the exposed metal, nm.
    pub mean_film_nm: f64,
}
