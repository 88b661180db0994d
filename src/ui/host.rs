//! The geometry of the electrode.
//!
//! Does: offer the kinds of host and their dimensions, inside ranges that make a sensible host.
//! Does not: act at once; a host is there before the first ion lands, so it needs a restart.

use super::apply::Verdict;
use super::facts::{Facts, Request};
use super::number::Number;
use super::theme;
use crate::scene::{HostSpec, SceneSpec};
use bevy_egui::egui;
use std::ops::RangeInclusive;

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct HostPanel {
    /// What the user made of it, until another scene is opened.
    edited: Option<HostSpec>,
}

fn kind_name(host: &HostSpec) -> &'static str {
    match host {
        HostSpec::Planar { roughness_um, .. } if *roughness_um > 0.0 => "Rough foil",
        HostSpec::Planar { .. } => "Flat foil",
        HostSpec::PorousFoam { .. } => "Metal foam",
        HostSpec::Nanowires { .. } => "Nanowire forest",
        HostSpec::SeedDots { .. } => "Seed dots on foil",
    }
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
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts, verdict: &Verdict, requests: &mut Vec<Request>) {
        let Self { edited } = self;
        let mut host = edited.clone().unwrap_or_else(|| facts.running.spec.host.clone());
        let before = host.clone();
        theme::section(ui, "Host", |ui| {
            egui::ComboBox::from_id_salt("host chooser")
                .selected_text(kind_name(&host))
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
            if host != facts.running.spec.host {
                verdict.ui(ui, requests);
            }
            egui::CollapsingHeader::new("Dimensions").show_unindented(ui, |ui| {
                dimensions(ui, &mut host, &facts.running.spec.host);
            });
        });
        if host != before {
            *edited = Some(host);
        }
    }
}

/// Sliders for one kind; a double-click goes back to what runs, or to the preset of another kind.
fn dimensions(ui: &mut egui::Ui, host: &mut HostSpec, running: &HostSpec) {
    let same_kind = |other: &HostSpec| std::mem::discriminant(other) == std::mem::discriminant(host);
    let presets = HostSpec::presets().map(|(_, preset)| preset);
    let usual =
        std::iter::once(running).chain(&presets).find(|other| same_kind(other)).cloned().unwrap_or_default();
    let mut slider = |label, unit, range, value: &mut f64, reset_to| {
        dimension(ui, label, unit, range, value, reset_to);
    };
    const NUCLEATION: RangeInclusive<f64> = 0.0..=100.0;
    match (host, usual) {
        (
            HostSpec::Planar { roughness_um, scale_um, nucleation_overpotential_mv },
            HostSpec::Planar {
                roughness_um: roughness,
                scale_um: scale,
                nucleation_overpotential_mv: nucleation,
            },
        ) => {
            slider("Roughness", "µm", 0.0..=10.0, roughness_um, roughness);
            slider("Scale", "µm", 1.0..=30.0, scale_um, scale);
            slider("Nucleation", "mV", NUCLEATION, nucleation_overpotential_mv, nucleation);
        }
        (
            HostSpec::PorousFoam { pore_um, porosity, height_um, nucleation_overpotential_mv },
            HostSpec::PorousFoam {
                pore_um: pore,
                porosity: void,
                height_um: height,
                nucleation_overpotential_mv: nucleation,
            },
        ) => {
            slider("Pore size", "µm", 5.0..=40.0, pore_um, pore);
            slider("Void fraction", "", 0.5..=0.97, porosity, void);
            slider("Height", "µm", 5.0..=80.0, height_um, height);
            slider("Nucleation", "mV", NUCLEATION, nucleation_overpotential_mv, nucleation);
        }
        (
            HostSpec::Nanowires { spacing_um, diameter_um, height_um, lean_deg, nucleation_overpotential_mv },
            HostSpec::Nanowires {
                spacing_um: spacing,
                diameter_um: diameter,
                height_um: height,
                lean_deg: lean,
                nucleation_overpotential_mv: nucleation,
            },
        ) => {
            slider("Spacing", "µm", 3.0..=30.0, spacing_um, spacing);
            slider("Diameter", "µm", 0.5..=8.0, diameter_um, diameter);
            slider("Height", "µm", 2.0..=80.0, height_um, height);
            slider("Lean", "°", 0.0..=30.0, lean_deg, lean);
            slider("Nucleation", "mV", NUCLEATION, nucleation_overpotential_mv, nucleation);
        }
        (
            HostSpec::SeedDots {
                spacing_um,
                diameter_um,
                nucleation_overpotential_mv,
                foil_nucleation_overpotential_mv,
            },
            HostSpec::SeedDots {
                spacing_um: spacing,
                diameter_um: diameter,
                nucleation_overpotential_mv: dots,
                foil_nucleation_overpotential_mv: foil,
            },
        ) => {
            slider("Spacing", "µm", 4.0..=40.0, spacing_um, spacing);
            slider("Diameter", "µm", 0.5..=15.0, diameter_um, diameter);
            slider("Nucleation on dots", "mV", NUCLEATION, nucleation_overpotential_mv, dots);
            slider("Nucleation on foil", "mV", NUCLEATION, foil_nucleation_overpotential_mv, foil);
        }
        // `usual` was chosen to be of the same kind.
        (
            HostSpec::Planar { .. }
            | HostSpec::PorousFoam { .. }
            | HostSpec::Nanowires { .. }
            | HostSpec::SeedDots { .. },
            _,
        ) => {}
    }
}

fn dimension(
    ui: &mut egui::Ui,
    label: &str,
    unit: &str,
    range: RangeInclusive<f64>,
    value: &mut f64,
    reset_to: f64,
) {
    let smallest = *range.start();
    Number { label, unit, range, smallest, logarithmic: false, reset_to, hint: "Needs a restart" }
        .ui(ui, value);
}
