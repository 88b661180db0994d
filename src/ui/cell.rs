//! The cell around the deposit: what stands across the gap, and the conditions it is kept at.
//!
//! Does: offer the kinds of cell with their metal, temperature, stack pressure, electrolyte and the cutoff
//! voltage.
//! Does not: act at once; another cell is another experiment, so it needs a restart.

use super::apply::Verdict;
use super::facts::{Facts, Request};
use super::number::Number;
use super::theme;
use crate::scene::{CellSpec, SceneSpec};
use bevy_egui::egui;

/// What the panel can change of a scene.
#[derive(Clone, Debug, PartialEq)]
struct Conditions {
    cell: CellSpec,
    temperature_c: f64,
    pressure_mpa: f64,
    electrolyte_ul_cm2: f64,
    cutoff_v: f64,
}

impl Conditions {
    fn of(spec: &SceneSpec) -> Self {
        Self {
            cell: spec.cell,
            temperature_c: spec.temperature_c,
            pressure_mpa: spec.pressure_mpa,
            electrolyte_ul_cm2: spec.electrolyte_ul_cm2,
            cutoff_v: spec.cutoff_v,
        }
    }
}

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct CellPanel {
    /// What the user made of it, until another scene is opened.
    edited: Option<Conditions>,
}

/// Kinds with the metal they usually have, mAh cm⁻².
const KINDS: [(&str, &str, CellSpec); 3] = [
    ("Half cell", "A bare collector against sodium", CellSpec::HalfCell { counter_mah_cm2: 100.0 }),
    ("Symmetric", "Sodium against sodium", CellSpec::Symmetric { foil_mah_cm2: 100.0 }),
    (
        "Anode-free",
        "A bare collector; all metal comes from the cathode",
        CellSpec::AnodeFree { inventory_mah_cm2: 3.0 },
    ),
];

fn same_kind(a: &CellSpec, b: &CellSpec) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

impl CellPanel {
    /// Forgets what the user changed.
    pub fn forget(&mut self) {
        self.edited = None;
    }

    /// Puts the changes into a scene.
    pub fn edit(&self, spec: &mut SceneSpec) {
        let Some(Conditions { cell, temperature_c, pressure_mpa, electrolyte_ul_cm2, cutoff_v }) =
            self.edited.clone()
        else {
            return;
        };
        (spec.cell, spec.cutoff_v) = (cell, cutoff_v);
        (spec.temperature_c, spec.pressure_mpa) = (temperature_c, pressure_mpa);
        spec.electrolyte_ul_cm2 = electrolyte_ul_cm2;
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts, verdict: &Verdict, requests: &mut Vec<Request>) {
        let Self { edited } = self;
        let running = Conditions::of(&facts.running.spec);
        let mut conditions = edited.clone().unwrap_or_else(|| running.clone());
        let before = conditions.clone();
        theme::section(ui, "Cell", |ui| {
            kind(ui, &mut conditions.cell);
            metal(ui, &mut conditions.cell, &running.cell);
            if conditions != running {
                verdict.ui(ui, requests);
            }
            egui::CollapsingHeader::new("Conditions").show_unindented(ui, |ui| {
                numbers(ui, &mut conditions, &running, facts.running.metal.melting_point_c.value);
            });
        });
        if conditions != before {
            *edited = Some(conditions);
        }
    }
}

fn kind(ui: &mut egui::Ui, cell: &mut CellSpec) {
    let (name, ..) = KINDS.into_iter().find(|(_, _, usual)| same_kind(usual, cell)).unwrap_or(KINDS[0]);
    egui::ComboBox::from_id_salt("cell chooser")
        .selected_text(name)
        .width(ui.available_width())
        .show_ui(ui, |ui| {
            for (name, hint, usual) in KINDS {
                let chosen = same_kind(&usual, cell);
                if ui.selectable_label(chosen, name).on_hover_text(hint).clicked() && !chosen {
                    *cell = usual;
                }
            }
        })
        .response
        .on_hover_text("Choose what stands across the gap; needs a restart");
}

fn metal(ui: &mut egui::Ui, cell: &mut CellSpec, running: &CellSpec) {
    let usual = [*running].into_iter().chain(KINDS.map(|(_, _, usual)| usual));
    let usual = usual.into_iter().find(|usual| same_kind(usual, cell)).unwrap_or(*running);
    let (CellSpec::Symmetric { foil_mah_cm2: reset_to }
    | CellSpec::HalfCell { counter_mah_cm2: reset_to }
    | CellSpec::AnodeFree { inventory_mah_cm2: reset_to }) = usual;
    let (label, hint, value) = match cell {
        CellSpec::Symmetric { foil_mah_cm2 } => ("Metal in each foil", "On either side", foil_mah_cm2),
        CellSpec::HalfCell { counter_mah_cm2 } => {
            ("Metal opposite", "What the counter electrode can give", counter_mah_cm2)
        }
        CellSpec::AnodeFree { inventory_mah_cm2 } => {
            ("Metal in cathode", "All the metal that the cell has", inventory_mah_cm2)
        }
    };
    let unit = "mAh cm⁻²";
    Number { label, unit, range: 0.1..=1000.0, smallest: 0.001, logarithmic: true, reset_to, hint }
        .ui(ui, value);
}

fn numbers(ui: &mut egui::Ui, conditions: &mut Conditions, running: &Conditions, melting_point_c: f64) {
    let Conditions { cell: _, temperature_c, pressure_mpa, electrolyte_ul_cm2, cutoff_v } = conditions;
    let temperature = Number {
        label: "Temperature",
        unit: "°C",
        range: -20.0..=120.0,
        smallest: -20.0,
        logarithmic: false,
        reset_to: running.temperature_c,
        hint: "Acts on diffusion, reactions, the film and creep. The mark is the melting point; molten metal is not modelled.",
    };
    let slider = temperature.ui(ui, temperature_c).slider;
    if let Some(x) = temperature.position(slider, melting_point_c) {
        let stroke = egui::Stroke::new(2.0, theme::ALARM);
        ui.painter().vline(x, slider.y_range().shrink(2.0), stroke);
    }
    Number {
        label: "Stack pressure",
        unit: "MPa",
        range: 0.0..=10.0,
        smallest: 0.0,
        logarithmic: false,
        reset_to: running.pressure_mpa,
        hint: "Presses on the deposit and its film",
    }
    .ui(ui, pressure_mpa);
    Number {
        label: "Electrolyte",
        unit: "µL cm⁻²",
        range: 1.0..=1000.0,
        smallest: 0.1,
        logarithmic: true,
        reset_to: running.electrolyte_ul_cm2,
        hint: "Films use it up; when less is left than the gap needs, the cell runs dry",
    }
    .ui(ui, electrolyte_ul_cm2);
    Number {
        label: "Cutoff voltage",
        unit: "V",
        range: 0.05..=5.0,
        smallest: 0.01,
        logarithmic: true,
        reset_to: running.cutoff_v,
        hint: "Stripping ends there; a plating cell that gets there is dead",
    }
    .ui(ui, cutoff_v);
}
