//! The applied current density: the one knob that acts at once.
//!
//! Does: ask for finite values from rest upwards, mark the limiting current on the slider and say at once what the
//! set value means. Does not: follow the salt; that is the simulation's, and the readouts show it.
//! Accuracy: steady limiting current and Sand's law for the scene's electrolyte and gap.

use super::facts::{Facts, Request};
use super::format::{duration, with_unit};
use super::number::Number;
use super::{theme, typeset};
use crate::electrochemistry::salt_transport::{limiting_current_density, sand_time};
use crate::scene::Scene;
use crate::units;
use bevy_egui::egui;

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct CurrentDensity {
    /// What the user set, until another scene is opened.
    chosen_ma_cm2: Option<f64>,
}

impl CurrentDensity {
    /// Forgets what the user set.
    pub fn forget(&mut self) {
        self.chosen_ma_cm2 = None;
    }

    /// What the user set, or what the scene says.
    pub fn ma_cm2(&self, opened: &crate::scene::SceneSpec) -> f64 {
        self.chosen_ma_cm2.unwrap_or(opened.current_density_ma_cm2)
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts, requests: &mut Vec<Request>) {
        let scene_value = facts.opened.current_density_ma_cm2;
        let mut value = self.ma_cm2(facts.opened);
        let Self { chosen_ma_cm2 } = self;
        theme::section(ui, "Current density", |ui| {
            let field = Number {
                label: "Applied",
                unit: "mA cm⁻²",
                range: 0.01..=100.0,
                smallest: 0.0,
                logarithmic: true,
                reset_to: scene_value,
                hint: "Acts at once",
            };
            let response = field.ui(ui, &mut value);
            if response.changed {
                *chosen_ma_cm2 = Some(value);
                requests.push(Request::CurrentDensity { ma_cm2: value });
            }
            let limit = limiting_ma_cm2(facts.running);
            if let Some(x) = field.position(response.slider, limit) {
                let stroke = egui::Stroke::new(2.0, theme::ALARM);
                ui.painter().vline(x, response.slider.y_range().shrink(2.0), stroke);
            }
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                ui.colored_label(theme::ALARM, "|");
                typeset::label(ui, &format!("limiting current i_lim = {}", with_unit(limit, "mA cm⁻²")));
            });
            ui.label(egui::RichText::new(meaning(facts.running, value, limit)).color(theme::SECOND));
        });
    }
}

fn limiting_ma_cm2(scene: &Scene) -> f64 {
    let electrolyte = &scene.electrolyte;
    units::ma_cm2_from_a_m2(limiting_current_density(
        units::mol_m3_from_mol_l(electrolyte.concentration_mol_l.value),
        electrolyte.diffusivity_m2_s.value,
        electrolyte.transference_number.value,
        units::m_from_um(scene.spec.electrode_gap_um),
    ))
}

/// What a current density does to the salt, in one sentence.
fn meaning(scene: &Scene, ma_cm2: f64, limit_ma_cm2: f64) -> String {
    if ma_cm2 <= 0.0 {
        return "Rest: no current flows.".into();
    }
    if ma_cm2 <= limit_ma_cm2 {
        return "Below the limit: the salt at the electrode never runs out.".into();
    }
    let electrolyte = &scene.electrolyte;
    let time_s = sand_time(
        units::mol_m3_from_mol_l(electrolyte.concentration_mol_l.value),
        electrolyte.diffusivity_m2_s.value,
        electrolyte.transference_number.value,
        units::a_m2_from_ma_cm2(ma_cm2),
    );
    format!("Above the limit: fresh electrolyte runs out of salt at Sand's time, {}.", duration(time_s))
}
