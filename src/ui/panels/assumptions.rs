//! The numbers behind a run: one row each, with unit, source and † where it is an assumption of the model.
//!
//! Does: show parameters; those of the metal and of the model itself are listed here, those of the
//! electrolyte in its panel.
//! Does not: change them; that is done in parameter files and scenes.

use crate::scene::{Metal, Model, Parameter};
use crate::ui::widgets::format::{significant, with_unit};
use crate::ui::widgets::typeset;
use bevy_egui::egui;

/// Lists the numbers of the metal and of the model.
pub fn metal_and_model(ui: &mut egui::Ui, metal: &Metal, model: &Model) {
    let Metal {
        title,
        molar_volume_cm3_mol,
        melting_point_c,
        resistivity_ohm_cm,
        surface_diffusivity_m2_s,
        surface_diffusion_activation_kj_mol,
        creep_length_um,
        creep_length_current_exponent,
        creep_activation_kj_mol,
        film_growth_factor,
        film_dissolution_factor,
        corrosion_factor,
        filament_diameter_um,
        filament_persistence_um,
    } = metal;
    let Model {
        walker_box_heights,
        weibull_modulus,
        healing_fraction,
        filament_diameter_spread,
        filament_persistence_spread,
        rest_step_s,
        diffusion_activation_kj_mol,
        charge_transfer_activation_kj_mol,
        film_jump_nm,
        film_conduction_activation_kj_mol,
        film_growth_activation_kj_mol,
        pressure_fracture_mpa,
        pressure_extrusion_mpa,
        pressure_contact_mpa,
        film_formation_nm_s,
        film_modulus_gpa,
        coating_stiffness_limit,
        flow_stress_mpa,
        flow_stress_current_exponent,
        gap_porosity,
        corrosion_spread,
        gas_residence_s,
        bubble_um,
        strand_spacing_um,
        bridge_contact_ohm_cm2,
        hard_short_share,
    } = model;
    ui.label(title);
    for (name, parameter) in [
        ("molar volume V_m", molar_volume_cm3_mol),
        ("melting point", melting_point_c),
        ("resistivity", resistivity_ohm_cm),
        ("surface diffusivity D_s", surface_diffusivity_m2_s),
        ("its activation energy", surface_diffusion_activation_kj_mol),
        ("creep length λ_c", creep_length_um),
        ("its current exponent", creep_length_current_exponent),
        ("its activation energy", creep_activation_kj_mol),
        ("film growth factor", film_growth_factor),
        ("film dissolution factor", film_dissolution_factor),
        ("corrosion factor", corrosion_factor),
        ("filament diameter", filament_diameter_um),
        ("filament persistence", filament_persistence_um),
    ] {
        row(ui, name, parameter);
    }
    ui.label("Model");
    for (name, parameter) in [
        ("walkers below ℓ of", walker_box_heights),
        ("Weibull modulus", weibull_modulus),
        ("healing fraction", healing_fraction),
        ("spread of diameters", filament_diameter_spread),
        ("spread of persistence", filament_persistence_spread),
        ("step at rest", rest_step_s),
        ("E_a of diffusion", diffusion_activation_kj_mol),
        ("E_a of charge transfer", charge_transfer_activation_kj_mol),
        ("Ion jump in the film", film_jump_nm),
        ("E_a of film conduction", film_conduction_activation_kj_mol),
        ("E_a of film growth", film_growth_activation_kj_mol),
        ("pressure against cracks", pressure_fracture_mpa),
        ("pressure against roots", pressure_extrusion_mpa),
        ("pressure against films", pressure_contact_mpa),
        ("film forms at", film_formation_nm_s),
        ("modulus of the native film", film_modulus_gpa),
        ("most stiffness of a coating", coating_stiffness_limit),
        ("flow stress under a coating", flow_stress_mpa),
        ("its current exponent", flow_stress_current_exponent),
        ("porosity of the gap", gap_porosity),
        ("spread of corrosion", corrosion_spread),
        ("time that gas stays", gas_residence_s),
        ("height of a bubble", bubble_um),
        ("distance of strands", strand_spacing_um),
        ("film on a bridge", bridge_contact_ohm_cm2),
        ("leak of a hard short", hard_short_share),
    ] {
        row(ui, name, parameter);
    }
    dagger_note(ui);
}

/// What the dagger means.
pub fn dagger_note(ui: &mut egui::Ui) {
    ui.weak("† assumption of this model");
}

/// One number.
pub fn row(ui: &mut egui::Ui, name: &str, parameter: &Parameter) {
    let Parameter { value, unit, range, source, assumption } = parameter;
    // The parameter files write 1 for a number without a unit.
    let unit = if unit == "1" { "" } else { unit.as_str() };
    let hint = format!(
        "{}sensible from {} to {} {unit}\n{source}",
        if *assumption { "† Assumption of this model; " } else { "" },
        significant(range.0),
        significant(range.1),
    );
    ui.horizontal(|ui| {
        typeset::weak_label(ui, name).on_hover_text(&hint);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let dagger = if *assumption { " †" } else { "" };
            ui.label(format!("{}{dagger}", with_unit(*value, unit))).on_hover_text(&hint);
        });
    });
}
