//! The parts of the overpotential at this moment.

use crate::observables::Metrics;
use crate::ui::facts::Facts;
use crate::ui::widgets::format::with_unit;
use crate::ui::widgets::marks::{bar, close_rows, key, row};
use crate::ui::widgets::theme;
use bevy_egui::egui::{self, Color32};

/// Name, colour and value (mV) of each part, in the order in which they are stacked.
pub fn parts(metrics: &Metrics) -> [(&'static str, Color32, f64); 6] {
    [
        ("SEI", Color32::from_rgb(0xff, 0xc1, 0x4d), metrics.overpotential_sei_mv),
        ("charge transfer", Color32::from_rgb(0x7f, 0xb8, 0x8f), metrics.overpotential_charge_transfer_mv),
        ("concentration", Color32::from_rgb(0x6f, 0xa8, 0xdc), metrics.overpotential_concentration_mv),
        ("nucleation", Color32::from_rgb(0xc6, 0x9a, 0xd6), metrics.overpotential_nucleation_mv),
        ("electrolyte", Color32::from_rgb(0x9a, 0xa4, 0xb0), metrics.overpotential_ohmic_mv),
        ("counter electrode", Color32::from_rgb(0xd9, 0x82, 0x6b), metrics.overpotential_counter_mv),
    ]
}

/// The panel; it has no state.
#[derive(Clone, Copy, Debug, Default)]
pub struct OverpotentialParts;

impl OverpotentialParts {
    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let Self = self;
        theme::section(ui, "Overpotential", |ui| {
            close_rows(ui);
            let parts = parts(facts.metrics);
            row(
                ui,
                "η in total",
                &with_unit(facts.metrics.overpotential_mv, "mV"),
                "How far the cell is from equilibrium: the sum of its parts",
            );
            let whole: f64 = parts.iter().map(|(_, _, part)| part.max(0.0)).sum();
            bar(
                ui,
                "Parts of the overpotential",
                &parts.map(|(_, color, part)| (color, part.max(0.0) / whole)),
            );
            for (name, color, part) in parts {
                ui.horizontal(|ui| {
                    key(ui, color, name);
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        ui.label(with_unit(part, "mV"));
                    });
                });
            }
        });
    }
}
