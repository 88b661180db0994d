//! The geometry of the electrode.
//!
//! Does: offer the kinds of host and their dimensions, as [`crate::host`] describes them.
//! Does not: act at once; a host is there before the first ion lands, so it needs a restart.

use crate::host::HostSpec;
use crate::quantity::Quantities;
use crate::scene::SceneSpec;
use crate::ui::facts::Facts;
use crate::ui::widgets::number::Number;
use crate::ui::widgets::theme;
use bevy_egui::egui;

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct HostPanel {
    /// What the user made of it, until another scene is opened.
    edited: Option<HostSpec>,
}

impl HostPanel {
    /// Forgets what the user changed.
    pub fn forget(&mut self) {
        self.edited = None;
    }

    /// Puts the changes into a scene.
    pub fn edit(&self, spec: &mut SceneSpec) {
        if let Some(host) = &self.edited {
            spec.host = host.clone();
        }
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let Self { edited } = self;
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
        });
        if host != before {
            *edited = Some(host);
        }
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
