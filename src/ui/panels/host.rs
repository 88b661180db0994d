//! The geometry of the electrode.
//!
//! Does: offer the kinds of host and their dimensions, as [`crate::host`] describes them.
//! Does not: act at once; a host is there before the first ion lands, so it needs a restart.

use crate::host::HostSpec;
use crate::quantity::Quantities;
use crate::scene::{SceneSpec, StartSpec, limits};
use crate::ui::facts::Facts;
use crate::ui::widgets::number::Number;
use crate::ui::widgets::theme;
use bevy_egui::egui;

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct HostPanel {
    /// What the user made of it, until another scene is opened.
    edited: Option<HostSpec>,
    /// The same for the metal that is there from the start.
    start: Option<StartSpec>,
}

impl HostPanel {
    /// Forgets what the user changed.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Puts the changes into a scene.
    pub fn edit(&self, spec: &mut SceneSpec) {
        if let Some(host) = &self.edited {
            spec.host = host.clone();
        }
        if let Some(start) = self.start {
            spec.start = start;
        }
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let Self { edited, start } = self;
        let mut begins = start.unwrap_or(facts.running.spec.start);
        let began = begins;
        let mut host = edited.clone().unwrap_or_else(|| facts.running.spec.host.clone());
        let before = host.clone();
        theme::section(ui, "Host", |ui| {
            egui::ComboBox::from_id_salt("host chooser")
                .selected_text(host.label())
                .width(ui.available_width())
                .show_ui(ui, |ui| {
                    for (name, preset) in HostSpec::presets() {
                        if ui.selectable_label(preset == host, name).clicked() {
                            host = preset;
                        }
                    }
                })
                .response
                .on_hover_text("Choose what the metal grows on; needs a restart");
            egui::CollapsingHeader::new("Dimensions").show_unindented(ui, |ui| {
                dimensions(ui, &mut host, facts.opened);
            });
            metal(ui, &mut begins, facts.opened);
        });
        if begins != began {
            *start = Some(begins);
        }
        if host != before {
            *edited = Some(host);
        }
    }
}

/// What the electrode begins with: nothing, a foil, or the metal that a host was filled with.
fn metal(ui: &mut egui::Ui, start: &mut StartSpec, opened: &SceneSpec) {
    if !start.is_electrode() {
        return;
    }
    let choices = [
        ("bare", "Nothing is plated yet; a symmetric cell has its foil below the box.", StartSpec::Electrode),
        ("a foil", "Metal stands on the collector.", StartSpec::Foil { thickness_um: limits::FOIL.usual }),
        ("a filled host", "The pores hold metal.", StartSpec::Infused { level: limits::LEVEL.usual }),
    ];
    ui.label("Begins with").on_hover_text("Metal in the box before the first step; needs a restart");
    ui.horizontal(|ui| {
        for (label, help, choice) in choices {
            let chosen = std::mem::discriminant(start) == std::mem::discriminant(&choice);
            if ui.selectable_label(chosen, label).on_hover_text(help).clicked() && !chosen {
                *start = choice;
            }
        }
    });
    match start {
        StartSpec::Foil { thickness_um } => {
            let frame = opened.lattice.frame();
            let range = frame.edge_um..=(frame.height_um - 8.0 * frame.edge_um).max(2.0 * frame.edge_um);
            Number::of(&limits::FOIL, &range, limits::FOIL.usual.min(*range.end())).ui(ui, thickness_um);
        }
        StartSpec::Infused { level } => {
            Number::of(&limits::LEVEL, &limits::LEVEL.fixed_range(), limits::LEVEL.usual).ui(ui, level);
        }
        StartSpec::Electrode | StartSpec::PointSeed => {}
    }
}

/// A slider for each dimension. A double-click goes back to the scene as it was opened, or to the preset of
/// another kind.
fn dimensions(ui: &mut egui::Ui, host: &mut HostSpec, opened: &SceneSpec) {
    let presets = HostSpec::presets();
    let usual = std::iter::once(&opened.host).chain(presets.iter().map(|(_, preset)| preset));
    let usual = usual.into_iter().find(|usual| usual.kind() == host.kind()).unwrap_or(&opened.host).values();
    let before = host.clone();
    let frame = opened.lattice.frame();
    let values = host.values_mut().into_iter().zip(usual);
    for (quantity, (value, reset_to)) in before.quantities().iter().zip(values) {
        let range = quantity.range(&frame, &before);
        let hint = format!("{} Needs a restart.", quantity.help);
        Number { hint: &hint, ..Number::of(quantity, &range, reset_to) }.ui(ui, value);
    }
}
