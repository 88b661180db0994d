//! The electrolyte and the film it makes: a choice or a recipe, and the numbers behind it.
//!
//! Does: offer the electrolytes that have a name, read any recipe as it is typed. Show every number with
//! unit, source and † where it is an assumption of the model.
//! Does not: act at once; another electrolyte is another experiment, so it needs a restart.

use crate::scene::{Electrolyte, Recipe, SceneError, SceneSpec};
use crate::ui::facts::Facts;
use crate::ui::panels::assumptions::{self, row};
use crate::ui::widgets::theme;
use bevy_egui::egui;

/// Height of the list of electrolytes: it scrolls, and fits the lowest window.
const LIST_HEIGHT: f32 = 300.0;

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct ElectrolytePanel {
    /// What the user chose or typed, until another scene is opened; always one that can be read.
    chosen: Option<String>,
    /// The recipe as it is being typed.
    typed: Option<String>,
    /// What the typed recipe makes, or why it cannot be read.
    mixed: Option<Result<Electrolyte, String>>,
}

impl ElectrolytePanel {
    /// Forgets what the user chose.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Puts the choice into a scene. Numbers that the scene had replaced belong to the electrolyte it named,
    /// so they go.
    pub fn edit(&self, spec: &mut SceneSpec) {
        if let Some(chosen) = self.chosen.as_ref().filter(|chosen| **chosen != spec.electrolyte) {
            spec.electrolyte = chosen.clone();
            spec.overrides
                .retain(|path, _| !["electrolyte.", "recipe."].iter().any(|of| path.starts_with(of)));
        }
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let running = &facts.running.spec.electrolyte;
        let name = self.chosen.clone().unwrap_or_else(|| running.clone());
        let listed = facts.library.electrolytes.iter().find(|(listed, _)| *listed == name);
        let mixed = self.mixed.as_ref().and_then(|mixed| mixed.as_ref().ok()).cloned();
        // What runs is shown with the scene's own numbers.
        let shown = match (listed, &mixed) {
            (Some((_, electrolyte)), _) if name != *running => electrolyte,
            (None, Some(electrolyte)) if name != *running => electrolyte,
            _ => &facts.running.electrolyte,
        };
        theme::section(ui, "Electrolyte", |ui| {
            self.chooser(ui, facts, &name, &shown.title);
            self.recipe(ui, facts, &shown.title);
            egui::CollapsingHeader::new("Parameters and sources").show_unindented(ui, |ui| {
                ui.label(egui::RichText::new(&shown.note).color(theme::SECOND));
                parameters(ui, shown);
            });
            egui::CollapsingHeader::new("Metal and model").show_unindented(ui, |ui| {
                assumptions::metal_and_model(ui, &facts.running.metal, &facts.running.model);
            });
        });
    }

    fn chooser(&mut self, ui: &mut egui::Ui, facts: &Facts, name: &str, title: &str) {
        egui::ComboBox::from_id_salt("electrolyte chooser")
            .selected_text(title)
            .width(ui.available_width())
            .height(LIST_HEIGHT)
            .truncate()
            .show_ui(ui, |ui| {
                for (listed, electrolyte) in &facts.library.electrolytes {
                    let entry = ui.selectable_label(listed == name, &electrolyte.title);
                    if entry.on_hover_text(&electrolyte.note).clicked() {
                        *self = Self { chosen: Some(listed.clone()), ..Self::default() };
                    }
                }
            })
            .response
            .on_hover_text("Choose an electrolyte; needs a restart");
    }

    fn recipe(&mut self, ui: &mut egui::Ui, facts: &Facts, title: &str) {
        let mut text = self.typed.clone().unwrap_or_else(|| title.to_owned());
        let field = egui::TextEdit::singleline(&mut text)
            .id_salt("recipe")
            .hint_text("1 M NaPF6 in EC/DEC + 5% FEC")
            .margin(egui::vec2(8.0, 5.0))
            .desired_width(f32::INFINITY);
        let field = ui.add(field).on_hover_text(
            "Any recipe: salt, solvents with their ratio, additives, as in 1 M NaPF6 in EC/DEC (1:1 v) + 5% FEC",
        );
        ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("Recipe"));
        if field.changed() {
            self.mixed = Some(match text.parse::<Recipe>() {
                Ok(recipe) => {
                    // A recipe that has a name is that electrolyte, with its note.
                    let known =
                        facts.library.electrolytes.iter().find(|(_, set)| set.title == recipe.to_string());
                    self.chosen =
                        Some(known.map_or_else(|| text.trim().to_owned(), |(name, _)| name.clone()));
                    Ok(recipe.electrolyte())
                }
                Err(error) => {
                    self.chosen = None;
                    Err(fault(&error))
                }
            });
            self.typed = Some(text);
        }
        if let Some(Err(fault)) = &self.mixed {
            ui.colored_label(theme::ALARM, fault);
        }
    }
}

/// The fault and the cure; which field it is one sees.
fn fault(error: &SceneError) -> String {
    match error {
        SceneError::Content { what, cure, .. } => {
            // The text stands right above.
            let what = what.split(" of the recipe \"").next().unwrap_or(what);
            format!("{what}; {cure}")
        }
        _ => error.to_string(),
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
        additive_share,
        shield_exponent,
        shield_limit_mv,
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
        ("film through additive", additive_share),
        ("exponent of the shield", shield_exponent),
        ("shield until", shield_limit_mv),
    ] {
        row(ui, name, parameter);
    }
    assumptions::dagger_note(ui);
}
