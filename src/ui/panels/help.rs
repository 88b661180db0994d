//! A page of help.

use crate::ui::widgets::theme;
use bevy_egui::egui;

/// State of the page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Help {
    /// True while it is shown.
    pub open: bool,
}

const KEYS: [(&str, &str); 12] = [
    ("Space", "play, pause"),
    (".", "one step"),
    ("1  2  3", "plate, rest, strip"),
    ("Backspace", "restart with the same seed"),
    ("N", "restart with a new seed"),
    ("Ctrl+Z", "bring the last run back that was discarded"),
    ("H", "hide or show all panels"),
    ("P", "large type for a projector"),
    ("drag", "turn the deposit; right button moves it, wheel zooms"),
    ("R", "put the whole deposit back into the picture"),
    ("double-click", "on a slider: back to the scene's value"),
    ("F1 or ?", "this page"),
];

impl Help {
    /// Shows the page while it is open.
    pub fn ui(&mut self, context: &egui::Context) {
        let Self { open } = self;
        egui::Window::new("Help")
            .open(open)
            .collapsible(false)
            .resizable(false)
            .anchor(egui::Align2::CENTER_CENTER, [0.0, 0.0])
            .default_width(520.0)
            .show(context, |ui| {
                ui.label(
                    "Sodium plates onto the electrode, ion by ion. Raise the current above its limit and the salt runs out: trees \
                     grow at their tips. Stay below and the SEI decides: where it cracks, metal is pushed out from the base.",
                );
                ui.label(
                    "Reverse the current and it strips: what loses its contact is dead and stays behind, dark grey. A protocol cycles \
                     the cell by itself until it is done, or dead.",
                );
                ui.add_space(6.0);
                egui::Grid::new("keys").num_columns(2).spacing([18.0, 5.0]).show(ui, |ui| {
                    for (key, effect) in KEYS {
                        ui.label(egui::RichText::new(key).color(theme::ACCENT));
                        ui.label(effect);
                        ui.end_row();
                    }
                });
                ui.add_space(6.0);
                ui.weak("† marks an assumption of the model. Hover over a name to read what it means.");
            });
    }
}
