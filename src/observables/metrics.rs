//! The figures of one moment.
//!
//! Heights are counted from the upper face of the collector (top of lattice layer 0). Hosts count as part of
//! the electrode, only metal as deposit.
//! Does not: measure what is too dear for every row (`morphology`).
//! Accuracy: counts are exact, a height is a whole number of sites.

use crate::lattice::{GrowthMode, Lattice, SiteKind};
use crate::simulation::{PatchCondition, Regime, Simulation};
use crate::table::table;
use crate::units::{ma_cm2_from_a_m2, mol_l_from_mol_m3, mv_from_v, nm_from_m, um_from_m};

table! {
    /// The figures of one moment; keys carry their units.
    ///
    /// ```
    /// use natrarium::{observables::Metrics, scene, simulation::Simulation};
    /// let settings = ["lattice.sites=[32,32,32]".to_owned()];
    /// let mut simulation = Simulation::new(&scene::load("diglyme_film")?.with_settings(&settings)?, 7)?;
    /// simulation.advance(5 * 64);
    /// let metrics = Metrics::measure(&simulation);
    /// let shape = metrics.shape.expect("`measure` looks at the shape");
    /// assert!(shape.h_max_um >= shape.mean_height_um && shape.rq_um > 0.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Metrics {
        /// Simulation steps so far.
        pub step: u64,
        /// Physical time, s.
        pub time_s: f64,
        /// Step of the protocol that is on, as written, from 1, repeats counted once. Empty without a
        /// protocol.
        pub protocol_step: Option<u64>,
        /// Steps of the protocol that have begun, repeats written out. Empty without a protocol.
        pub protocol_pass: Option<u64>,
        /// Number of the present cycle, from 1.
        pub cycle: u64,
        /// Applied current density, mA cm⁻².
        pub current_density_ma_cm2: f64,
        /// Current density that flows, mA cm⁻²: the applied one, or what the salt carries of it.
        pub carried_current_density_ma_cm2: f64,
        /// Charge plated per projected area, mAh cm⁻².
        pub areal_capacity_mah_cm2: f64,
        /// Thickness that the metal in the box would have if it were dense, what is dead included, µm.
        pub dense_thickness_um: f64,
        /// Voltage of the electrode in the box against the counter electrode, mV: below 0 while plating,
        /// above while stripping.
        pub cell_voltage_mv: f64,
        /// Polarisation of the cell, how far it is from equilibrium: the sum of the parts below, mV.
        pub overpotential_mv: f64,
        /// Part across the SEI, mV.
        pub overpotential_sei_mv: f64,
        /// Part of charge transfer, mV.
        pub overpotential_charge_transfer_mv: f64,
        /// Part of the salt concentration, mV.
        pub overpotential_concentration_mv: f64,
        /// Part of nucleation on bare host, mV.
        pub overpotential_nucleation_mv: f64,
        /// Part of the electrolyte, mV.
        pub overpotential_ohmic_mv: f64,
        /// Part of the counter electrode, mV.
        pub overpotential_counter_mv: f64,
        /// Mean polarisation while plating in this cycle (by charge), mV.
        pub overpotential_plating_mv: f64,
        /// Mean polarisation while stripping in this cycle, or in the last, mV.
        pub overpotential_stripping_mv: f64,
        /// Salt concentration where the current lands on the electrode, mol L⁻¹.
        pub surface_concentration_mol_l: f64,
        /// Robin length (∂η/∂i)/ρ, µm; 0 where the salt has run out.
        pub robin_length_um: f64,
        /// The most that the salt can feed this deposit with in the steady state, mA cm⁻².
        pub limiting_current_density_ma_cm2: f64,
        /// Applied over steady limiting current density.
        pub i_over_i_lim: f64,
        /// Sand's time at the present current, s; infinite below the limiting current.
        pub sand_time_s: f64,
        /// Transport regime.
        pub regime: Regime,
        /// Applied over exchange current density of the metal.
        pub i_over_i0: f64,
        /// Sites plated.
        pub sites_deposited: u64,
        /// Sites stripped.
        pub sites_stripped: u64,
        /// Charge stripped per projected area, mAh cm⁻².
        pub stripped_mah_cm2: f64,
        /// Charge plated in the cycle that is not complete, mAh cm⁻².
        pub cycle_plated_mah_cm2: f64,
        /// Charge stripped in it, mAh cm⁻².
        pub cycle_stripped_mah_cm2: f64,
        /// Complete cycles.
        pub cycles_completed: u64,
        /// Coulombic efficiency of the last cycle that has one, percent; none before.
        pub ce_last_percent: Option<f64>,
        /// Charge stripped over charge plated over all cycles that have an efficiency, percent; none before.
        pub ce_mean_percent: Option<f64>,
        /// Sites of dead metal, over sites plated.
        pub dead_fraction: f64,
        /// Dead metal, on the lattice or carried off, mAh cm⁻².
        pub dead_mah_cm2: f64,
        /// Charge that has gone into the SEI, mAh cm⁻².
        pub sei_charge_mah_cm2: f64,
        /// Metal dissolved chemically, mAh cm⁻².
        pub corrosion_mah_cm2: f64,
        /// Electrolyte left, µL cm⁻².
        pub electrolyte_ul_cm2: f64,
        /// Share of the additive left; 1 where there never was any.
        pub additive_left: f64,
        /// Gas made, µmol cm⁻².
        pub gas_umol_cm2: f64,
        /// What of it has left the gap, µmol cm⁻².
        pub gas_gone_umol_cm2: f64,
        /// Share of the electrode under bubbles.
        pub under_bubbles_fraction: f64,
        /// Metal left in the counter electrode, mAh cm⁻².
        pub counter_mah_cm2: f64,
        /// Pieces of metal that have lost contact.
        pub pieces_cut_off: u64,
        /// Strands of metal through the separator.
        pub bridges: u64,
        /// Share of the current that these strands take.
        pub leak_fraction: f64,
        /// Fraction of the metal that accreted at the tip.
        pub tip_grown_fraction: f64,
        /// Fraction of the metal that was inserted at the roots of filaments.
        pub base_grown_fraction: f64,
        /// Mean film thickness on the exposed metal, nm.
        pub mean_film_nm: f64,
    }
    also
    /// The shape of the deposit, where it was measured.
    pub shape: Option<Shape>,
}

table! {
    /// The shape of the deposit and what its film does at one moment: figures that take a look at the whole
    /// lattice.
    pub struct Shape {
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
        /// Filaments that still grow.
        pub filaments_growing: u64,
        /// Filaments that have stopped.
        pub filaments_stopped: u64,
        /// Patches that are cracked or carry a root.
        pub cracked_patches: u64,
        /// Patches in which a layer of the coating is broken.
        pub breached_patches: u64,
    }
}

impl Metrics {
    /// Measures all figures.
    pub fn measure(simulation: &Simulation) -> Self {
        Self { shape: Some(Shape::measure(simulation)), ..Self::course(simulation) }
    }

    /// The figures that cost next to nothing, for curves over many moments: time, charge, voltage, losses,
    /// stores. The shape is left out.
    pub fn course(simulation: &Simulation) -> Self {
        let plated = simulation.sites_plated();
        let share =
            |mode| if plated == 0 { 0.0 } else { simulation.sites_by_mode(mode) as f64 / plated as f64 };
        let charge = simulation.charge_sites();
        let stripped = simulation.charge_stripped_sites();
        let lattice = simulation.lattice();
        let metal = (lattice.count(SiteKind::Metal) + lattice.count(SiteKind::DeadMetal)) as f64;
        let [across, along, _] = lattice.sites();
        let voltage = simulation.voltage();
        let stores = simulation.stores();
        let mah = |sites: f64| simulation.capacity_mah_cm2(sites);
        let cycles = simulation.cycles();
        let (plating_mv, stripping_mv) = simulation.cycle_polarisation_mv();
        let (cycle_plated, cycle_stripped) = simulation.present_cycle_sites();
        let place = simulation.protocol_place();
        let profile = simulation.salt_profile();
        let (film_m, ..) = simulation.film_on_metal();
        let current = simulation.current_density_a_m2();
        Self {
            step: simulation.step(),
            time_s: simulation.time_s(),
            protocol_step: place.map(|place| place.step),
            protocol_pass: place.map(|place| place.pass),
            cycle: simulation.present_cycle().into(),
            current_density_ma_cm2: ma_cm2_from_a_m2(current),
            carried_current_density_ma_cm2: ma_cm2_from_a_m2(simulation.carried_current_density_a_m2()),
            areal_capacity_mah_cm2: simulation.capacity_mah_cm2(charge),
            dense_thickness_um: um_from_m(metal / (across * along) as f64 * simulation.edge_m()),
            // Without current nothing has a direction.
            cell_voltage_mv: if current == 0.0 {
                0.0
            } else {
                -mv_from_v(voltage.total_v()).copysign(current)
            },
            overpotential_mv: mv_from_v(voltage.total_v()),
            overpotential_sei_mv: mv_from_v(voltage.sei_v),
            overpotential_charge_transfer_mv: mv_from_v(voltage.charge_transfer_v),
            overpotential_concentration_mv: mv_from_v(voltage.concentration_v),
            overpotential_nucleation_mv: mv_from_v(voltage.nucleation_v),
            overpotential_ohmic_mv: mv_from_v(voltage.ohmic_v),
            overpotential_counter_mv: mv_from_v(voltage.counter_v),
            overpotential_plating_mv: plating_mv,
            overpotential_stripping_mv: stripping_mv,
            surface_concentration_mol_l: mol_l_from_mol_m3(profile.surface_concentration()),
            robin_length_um: um_from_m(simulation.robin_length_m()),
            limiting_current_density_ma_cm2: ma_cm2_from_a_m2(profile.limiting_current_density()),
            i_over_i_lim: current.abs() / profile.limiting_current_density(),
            sand_time_s: simulation.sand_time_s(),
            regime: simulation.regime(),
            i_over_i0: current.abs() / simulation.exchange_current_density_a_m2(),
            sites_deposited: plated,
            sites_stripped: simulation.sites_stripped(),
            stripped_mah_cm2: mah(stripped),
            cycle_plated_mah_cm2: mah(cycle_plated),
            cycle_stripped_mah_cm2: mah(cycle_stripped),
            cycles_completed: cycles.len() as u64,
            ce_last_percent: cycles.iter().rev().find_map(|cycle| cycle.ce_percent),
            ce_mean_percent: simulation.mean_efficiency_percent(),
            dead_fraction: if plated == 0 { 0.0 } else { stores.balance.dead as f64 / plated as f64 },
            dead_mah_cm2: mah(stores.balance.dead as f64),
            sei_charge_mah_cm2: mah(stores.film_sites),
            corrosion_mah_cm2: mah(stores.corrosion_sites),
            electrolyte_ul_cm2: stores.electrolyte_m * 1e5,
            additive_left: stores.additive_share,
            gas_umol_cm2: stores.gas_mol_m2 * 1e2,
            gas_gone_umol_cm2: stores.gas_gone_mol_m2 * 1e2,
            under_bubbles_fraction: stores.under_bubbles,
            counter_mah_cm2: mah(stores.counter_sites as f64),
            pieces_cut_off: stores.pieces_cut_off,
            bridges: stores.bridges,
            leak_fraction: stores.leak_share,
            tip_grown_fraction: share(GrowthMode::Tip),
            base_grown_fraction: share(GrowthMode::Base),
            mean_film_nm: nm_from_m(film_m),
            shape: None,
        }
    }
}

/// Leaves half of the moments: of every four the two between which the voltage lies, so that pulses and
/// peaks keep their height.
pub fn thin_course(moments: &mut Vec<Metrics>) {
    let mut keep = vec![false; moments.len()];
    for (group, four) in moments.chunks(4).enumerate() {
        let by_voltage = |a: &usize, b: &usize| four[*a].cell_voltage_mv.total_cmp(&four[*b].cell_voltage_mv);
        let (low, high) = ((0..four.len()).min_by(by_voltage), (0..four.len()).max_by(by_voltage));
        let ends = match (low, high) {
            // Without a turn they stay even.
            (Some(low), Some(high)) if four[low].cell_voltage_mv < four[high].cell_voltage_mv => [low, high],
            _ => [0, 2],
        };
        ends.into_iter().filter(|place| *place < four.len()).for_each(|place| keep[4 * group + place] = true);
    }
    let mut kept = keep.into_iter();
    moments.retain(|_| kept.next().unwrap_or(false));
}

impl Shape {
    /// Looks at the shape.
    ///
    /// R_q = √⟨(h − ⟨h⟩)²⟩ and R_a = ⟨|h − ⟨h⟩|⟩ over the column heights h (ISO 4287). Porosity = 1 −
    /// metal/(room under the column tops that host and collector leave).
    pub fn measure(simulation: &Simulation) -> Self {
        let edge_m = simulation.edge_m();
        let (heights, hosts) = simulation.lattice().column_tops();
        let columns = heights.len() as f64;
        let mean = heights.iter().map(|h| f64::from(*h)).sum::<f64>() / columns;
        let moment = |power: i32| {
            heights.iter().map(|h| (f64::from(*h) - mean).abs().powi(power)).sum::<f64>() / columns
        };
        let um = |sites: f64| um_from_m(sites * edge_m);
        let (filaments_growing, filaments_stopped) = simulation.filament_counts();
        let all = simulation.patches();
        let patches = |is: fn(&PatchCondition) -> bool| all.iter().filter(|patch| is(patch)).count() as u64;
        Self {
            h_max_um: um(f64::from(heights.iter().copied().max().unwrap_or(0))),
            mean_height_um: um(mean),
            rq_um: um(moment(2).sqrt()),
            ra_um: um(moment(1)),
            porosity: porosity(simulation.lattice(), &heights, hosts),
            filaments_growing,
            filaments_stopped,
            cracked_patches: patches(|patch| patch.crack.is_some()),
            breached_patches: patches(|patch| patch.breached),
        }
    }
}

/// Void share of the room under the column tops, in which there are so many sites of host; 0 without a
/// deposit.
fn porosity(lattice: &Lattice, heights: &[u32], hosts: u64) -> f64 {
    let metal = lattice.count(SiteKind::Metal) + lattice.count(SiteKind::DeadMetal);
    let room = heights.iter().map(|h| u64::from(*h)).sum::<u64>().saturating_sub(hosts);
    if room == 0 { 0.0 } else { 1.0 - metal as f64 / room as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinned_moments_keep_the_height_of_pulses() {
        let moment =
            |step: u64, cell_voltage_mv: f64| Metrics { step, cell_voltage_mv, ..Metrics::default() };
        let mut pulses: Vec<Metrics> =
            (0..400).map(|step| moment(step, if step % 10 == 3 { -200.0 } else { 0.0 })).collect();
        pulses[321].cell_voltage_mv = 500.0;
        for _ in 0..3 {
            let before = pulses.len();
            thin_course(&mut pulses);
            assert_eq!(pulses.len(), before / 2);
            assert!(pulses.is_sorted_by(|a, b| a.step < b.step));
            let of = |voltage: f64| pulses.iter().any(|moment| moment.cell_voltage_mv == voltage);
            assert!(of(-200.0) && of(0.0) && of(500.0));
        }
        let mut even: Vec<Metrics> = (0..8).map(|step| moment(step, 1.0)).collect();
        thin_course(&mut even);
        assert_eq!(even.iter().map(|moment| moment.step).collect::<Vec<_>>(), [0, 2, 4, 6]);
    }
}
