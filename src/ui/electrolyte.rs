//! The electrolyte and the film it makes: a choice, and the numbers behind it.
//!
//! Does: offer the parameter sets, show every number with unit, source and † where it is an assumption of the
//! model. Does not: act at once; another electrolyte is another experiment, so it needs a restart.

use super::assumptions::{self, row};
use super::facts::{Facts, Request};
use super::theme;
use crate::scene::{Electrolyte, SceneSpec};
use bevy_egui::egui;

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct ElectrolytePanel {
    /// What the user chose, until another scene is opened.
    chosen: Option<String>,
}

impl ElectrolytePanel {
    /// Forgets what the user chose.
    pub fn forget(&mut self) {
        self.chosen = None;
    }

    /// Puts the choice into a scene. Numbers that the scene had replaced belong to the electrolyte it named, so they go.
    pub fn edit(&self, spec: &mut SceneSpec) {
        if let Some(chosen) = self.chosen.as_ref().filter(|chosen| **chosen != spec.electrolyte) {
            spec.electrolyte = chosen.clone();
            spec.overrides.retain(|path, _| !path.starts_with("electrolyte."));
        }
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts, requests: &mut Vec<Request>) {
        let Self { chosen } = self;
        let running = &facts.running.spec.electrolyte;
        let name = chosen.clone().unwrap_or_else(|| running.clone());
        let listed = facts.library.electrolytes.iter().find(|(listed, _)| *listed == name);
        // What runs is shown with the scene's own numbers.
        let shown = match listed {
            Some((_, electrolyte)) if name != *running => electrolyte,
            _ => &facts.running.electrolyte,
        };
        theme::section(ui, "Electrolyte", |ui| {
            egui::ComboBox::from_id_salt("electrolyte chooser")
                .selected_text(&shown.title)
                .width(ui.available_width())
                .truncate()
                .show_ui(ui, |ui| {
                    for (listed, electrolyte) in &facts.library.electrolytes {
                        let entry = ui.selectable_label(*listed == name, &electrolyte.title);
                        if entry.on_hover_text(&electrolyte.note).clicked() {
                            *chosen = Some(listed.clone());
                        }
                    }
                })
                .response
                .on_hover_text("Choose an electrolyte; needs a restart");
            if name != *running {
                restart_to_apply(ui, requests);
            }
            egui::CollapsingHeader::new("Parameters and sources").show_unindented(ui, |ui| {
                ui.label(egui::RichText::new(&shown.note).color(theme::SECOND));
                parameters(ui, shown);
            });
            egui::CollapsingHeader::new("Metal and model").show_unindented(ui, |ui| {
                assumptions::metal_and_model(ui, &facts.running.metal, &facts.running.model);
            });
        });
    }
}

/// The button of panels whose changes wait for a restart.
pub fn restart_to_apply(ui: &mut egui::Ui, requests: &mut Vec<Request>) {
    let text = egui::RichText::new("⟲ Restart to apply").color(theme::ACCENT);
    let button = egui::Button::new(text).stroke(egui::Stroke::new(1.0, theme::ACCENT));
    if ui
        .add_sized([ui.available_width(), 30.0], button)
        .on_hover_text("This change needs a new run")
        .clicked()
    {
        requests.push(Request::Restart { new_seed: false });
    }
}

fn parameters(ui: &mut egui::Ui, electrolyte: &Electrolyte) {
    let Electrolyte {
        title: _,
        note: _,
        concentration_mol_l,
        diffusivity_m2_s,
        transference_number,
        charge_transfer_resistance_ohm_cm2,
        film_initial_nm,
        film_growth_constant_m2_s,
        film_dissolution_nm_s,
        film_conductivity_s_cm,
        film_spread,
        film_fracture_strain,
        film_relaxation_s,
        film_reference_nm,
        yield_pressure_scale,
        patch_um,
        conductivity_ms_cm,
        film_charge_c_cm3,
        electrolyte_use_cm3_mol,
        gas_yield,
        corrosion_nm_s,
        additive_mol_l,
        additive_electrons,
    } = electrolyte;
    for (name, parameter) in [
        ("salt concentration c_0", concentration_mol_l),
        ("salt diffusivity D", diffusivity_m2_s),
        ("transference number t_+", transference_number),
        ("charge transfer R_ct", charge_transfer_resistance_ohm_cm2),
        ("film at once δ_0", film_initial_nm),
        ("film growth P", film_growth_constant_m2_s),
        ("film dissolution r", film_dissolution_nm_s),
        ("film conductivity κ", film_conductivity_s_cm),
        ("spread of patches σ", film_spread),
        ("fracture strain ε_c", film_fracture_strain),
        ("stress relaxation τ", film_relaxation_s),
        ("reference film δ_ref", film_reference_nm),
        ("yield pressure scale p_0", yield_pressure_scale),
        ("patch size", patch_um),
        ("conductivity of electrolyte", conductivity_ms_cm),
        ("charge of film", film_charge_c_cm3),
        ("electrolyte per electron", electrolyte_use_cm3_mol),
        ("gas per electron", gas_yield),
        ("corrosion", corrosion_nm_s),
        ("additive", additive_mol_l),
        ("electrons per additive", additive_electrons),
    ] {
        row(ui, name, parameter);
    }
    assumptions::dagger_note(ui);
}
