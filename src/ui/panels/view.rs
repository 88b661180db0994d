//! What the picture shows.
//!
//! Does: hold the choices of the viewer.
//! Does not: draw; the window hands the choices to the picture.

use crate::style::{ColourBy, Quality};
use bevy_egui::egui;

/// The choices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewSettings {
    /// What the colour of the metal means.
    pub colour_by: ColourBy,
    /// Draw the Na⁺ ions.
    pub ions: bool,
    /// Tint the patches of the SEI.
    pub mosaic: bool,
    /// Let cracks and roots glow.
    pub cracks: bool,
    /// Write title, time and legend into the picture.
    pub captions: bool,
    /// Let the deposit turn.
    pub turntable: bool,
    /// How much the picture may cost.
    pub quality: Quality,
}

impl Default for ViewSettings {
    fn default() -> Self {
        Self {
            colour_by: ColourBy::default(),
            ions: true,
            mosaic: true,
            cracks: true,
            captions: true,
            turntable: false,
            quality: Quality::default(),
        }
    }
}

/// State of the panel.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewPanel {
    /// What was chosen.
    pub settings: ViewSettings,
}

impl ViewPanel {
    /// Shows the panel as one row; `projector` is the large type that all panels share.
    pub fn ui(&mut self, ui: &mut egui::Ui, projector: &mut bool) {
        let Self { settings } = self;
        let ViewSettings { colour_by, ions, mosaic, cracks, captions, turntable, quality } = settings;
        ui.weak("Colour");
        egui::ComboBox::from_id_salt("colour chooser")
            .selected_text(colour_by.label())
            .width(170.0)
            .show_ui(ui, |ui| {
                for choice in ColourBy::ALL {
                    ui.selectable_value(colour_by, choice, choice.label());
                }
            })
            .response
            .on_hover_text("What the colour of the metal means");
        ui.checkbox(ions, "Na⁺ ions");
        ui.checkbox(turntable, "Turntable");
        let close = egui::PopupCloseBehavior::CloseOnClickOutside;
        let more = egui::containers::menu::MenuButton::new("More");
        more.config(egui::containers::menu::MenuConfig::new().close_behavior(close)).ui(ui, |ui| {
            ui.checkbox(mosaic, "SEI mosaic");
            ui.checkbox(cracks, "Cracks");
            ui.checkbox(captions, "Captions");
            ui.checkbox(projector, "Large type").on_hover_text("For a projector (P)");
            ui.separator();
            ui.weak("Quality");
            for choice in Quality::ALL {
                ui.radio_value(quality, choice, choice.label()).on_hover_text(choice.hint());
            }
        });
    }
}
