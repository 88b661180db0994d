//! What the picture shows.
//!
//! Does: hold the choices of the viewer. Does not: draw; whoever shows the panels hands the choices to the picture.

use super::theme;
use bevy_egui::egui;

/// What the colour of the metal means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourBy {
    /// Metal under the mosaic of its SEI.
    #[default]
    Metal,
    /// When it was plated.
    Age,
    /// Whether it grew at the tip, under the film or from the base.
    GrowthMode,
    /// Thickness of the SEI.
    FilmThickness,
}

impl ColourBy {
    const ALL: [Self; 4] = [Self::Metal, Self::Age, Self::GrowthMode, Self::FilmThickness];

    fn label(self) -> &'static str {
        match self {
            Self::Metal => "Metal and SEI",
            Self::Age => "Age of the metal",
            Self::GrowthMode => "Growth: tip or base",
            Self::FilmThickness => "SEI thickness",
        }
    }
}

/// How much the picture may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quality {
    /// For software adapters.
    Low,
    /// Shadow and smooth edges.
    #[default]
    Medium,
    /// Everything.
    High,
}

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
    /// Shows the panel; `projector` is the large type that all panels share.
    pub fn ui(&mut self, ui: &mut egui::Ui, projector: &mut bool) {
        let Self { settings } = self;
        let ViewSettings { colour_by, ions, mosaic, cracks, captions, turntable, quality } = settings;
        theme::section(ui, "View", |ui| {
            egui::ComboBox::from_id_salt("colour chooser")
                .selected_text(colour_by.label())
                .width(ui.available_width())
                .show_ui(ui, |ui| {
                    for choice in ColourBy::ALL {
                        ui.selectable_value(colour_by, choice, choice.label());
                    }
                })
                .response
                .on_hover_text("What the colour of the metal means");
            egui::Grid::new("view choices").num_columns(2).spacing([16.0, 4.0]).show(ui, |ui| {
                ui.checkbox(ions, "Na⁺ ions");
                ui.checkbox(mosaic, "SEI mosaic");
                ui.end_row();
                ui.checkbox(cracks, "Cracks");
                ui.checkbox(captions, "Captions");
                ui.end_row();
                ui.checkbox(turntable, "Turntable");
                ui.checkbox(projector, "Large type").on_hover_text("For a projector (P)");
                ui.end_row();
            });
            ui.horizontal(|ui| {
                ui.weak("Quality").on_hover_text("Low for computers without a graphics card");
                for (choice, name) in
                    [(Quality::Low, "Low"), (Quality::Medium, "Medium"), (Quality::High, "High")]
                {
                    ui.selectable_value(quality, choice, name);
                }
            });
        });
    }
}
