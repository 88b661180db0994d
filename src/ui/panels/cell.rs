//! The cell around the deposit: what stands across the gap, and the conditions it is kept at.
//!
//! Does: offer the kinds of cell with their metal, temperature, stack pressure, electrolyte and the cutoff
//! voltage.
//! Does not: act at once; another cell is another experiment, so it needs a restart.

use crate::quantity::Quantities;
use crate::scene::{CellSpec, SceneSpec};
use crate::ui::facts::Facts;
use crate::ui::widgets::number::Number;
use crate::ui::widgets::theme;
use bevy_egui::egui;

/// The conditions that the panel shows.
const SHOWN: [&str; 4] = ["temperature_c", "pressure_mpa", "electrolyte_ul_cm2", "cutoff_v"];

/// What the panel can change of a scene.
#[derive(Clone, Debug, PartialEq)]
struct Conditions {
    cell: CellSpec,
    /// Values of [`SHOWN`].
    numbers: Vec<f64>,
}

impl Conditions {
    fn of(spec: &SceneSpec) -> Self {
        Self { cell: spec.cell, numbers: SHOWN.iter().filter_map(|name| spec.value(name)).collect() }
    }
}

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct CellPanel {
    /// What the user made of it, until another scene is opened.
    edited: Option<Conditions>,
}

impl CellPanel {
    /// Forgets what the user changed.
    pub fn forget(&mut self) {
        self.edited = None;
    }

    /// Puts the changes into a scene.
    pub fn edit(&self, spec: &mut SceneSpec) {
        let Some(Conditions { cell, numbers }) = &self.edited else { return };
        spec.cell = *cell;
        let quantities = spec.quantities();
        for (quantity, value) in quantities.iter().zip(spec.values_mut()) {
            if let Some(at) = SHOWN.iter().position(|name| *name == quantity.name) {
                *value = numbers[at];
            }
        }
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let Self { edited } = self;
        let running = Conditions::of(&facts.running.spec);
        let mut conditions = edited.clone().unwrap_or(running);
        let before = conditions.clone();
        theme::section(ui, "Cell", |ui| {
            kind(ui, &mut conditions.cell);
            metal(ui, &mut conditions.cell, &facts.opened.cell);
            egui::CollapsingHeader::new("Conditions").show_unindented(ui, |ui| {
                numbers(ui, &mut conditions, facts.opened, facts.running.metal.melting_point_c.value);
            });
        });
        if conditions != before {
            *edited = Some(conditions);
        }
    }
}

fn kind(ui: &mut egui::Ui, cell: &mut CellSpec) {
    egui::ComboBox::from_id_salt("cell chooser")
        .selected_text(cell.kind().label)
        .width(ui.available_width())
        .show_ui(ui, |ui| {
            for kind in &CellSpec::KINDS {
                let chosen = kind.name == cell.kind().name;
                if ui.selectable_label(chosen, kind.label).on_hover_text(kind.help).clicked() && !chosen {
                    *cell = kind.usual();
                }
            }
        })
        .response
        .on_hover_text("Choose what stands across the gap; needs a restart");
}

fn metal(ui: &mut egui::Ui, cell: &mut CellSpec, opened: &CellSpec) {
    let kind = cell.kind();
    let same = kind.name == opened.kind().name;
    let reset_to = if same { opened.metal_mah_cm2() } else { kind.metal.usual };
    let mut value = cell.metal_mah_cm2();
    if Number::of(&kind.metal, &kind.metal.fixed_range(), reset_to).ui(ui, &mut value).changed {
        *cell = kind.with_metal(value);
    }
}

fn numbers(ui: &mut egui::Ui, conditions: &mut Conditions, opened: &SceneSpec, melting_point_c: f64) {
    for (name, value) in SHOWN.iter().zip(&mut conditions.numbers) {
        let quantity = opened.quantity(name);
        let reset_to = opened.value(name).unwrap_or(quantity.usual);
        let number = Number::of(quantity, &quantity.fixed_range(), reset_to);
        let slider = number.ui(ui, value).slider;
        let melts = if *name == "temperature_c" { number.position(slider, melting_point_c) } else { None };
        if let Some(x) = melts {
            let stroke = egui::Stroke::new(2.0, theme::ALARM);
            ui.painter().vline(x, slider.y_range().shrink(2.0), stroke);
        }
    }
}
