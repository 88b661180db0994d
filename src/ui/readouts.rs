//! The figures of this moment.
//!
//! Does: show them in words, numbers and two bars. Does not: compute any; they come with the snapshot.

use super::facts::Facts;
use super::format::{duration, percent, with_unit};
use super::{theme, typeset};
use crate::observables::{Metrics, Regime};
use bevy_egui::egui::{self, Color32};

/// Growth at the tip: the colour that the picture uses.
const TIP: Color32 = Color32::from_rgb(0x56, 0xb4, 0xe9);
/// Growth of the layer under an unbroken film.
const FILM: Color32 = Color32::from_rgb(0xc9, 0xcc, 0xd2);
/// Growth from the base.
const BASE: Color32 = Color32::from_rgb(0xe8, 0x70, 0x1a);

/// The panel; it has no state.
#[derive(Clone, Copy, Debug, Default)]
pub struct Readouts;

impl Readouts {
    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let Self = self;
        let metrics = facts.metrics;
        theme::section(ui, regime_title(metrics.regime), |ui| {
            close_rows(ui);
            ui.label(egui::RichText::new(regime_sentence(metrics.regime)).color(theme::SECOND));
            row(
                ui,
                "Robin length ℓ",
                &with_unit(metrics.robin_length_um, "µm"),
                "How far an ion diffuses, in the mean, for one chance to react. Far above the deposit's height every site sees the same salt; near zero ions stick where they first arrive.",
            );
            row(
                ui,
                "current over limit i/i_lim",
                &with_unit(metrics.i_over_i_lim, ""),
                "Above 1 the salt at the electrode runs out at Sand's time.",
            );
            row(
                ui,
                "salt at the electrode c_s",
                &with_unit(metrics.surface_concentration_mol_l, "mol L⁻¹"),
                "Concentration at the metal",
            );
        });
        theme::section(ui, "Deposit", |ui| {
            close_rows(ui);
            row(ui, "time", &duration(metrics.time_s), "Physical time since the current began");
            row(
                ui,
                "charge",
                &with_unit(metrics.areal_capacity_mah_cm2, "mAh cm⁻²"),
                "Charge plated per projected area",
            );
            row(
                ui,
                "as dense metal",
                &with_unit(metrics.dense_thickness_um, "µm"),
                "Thickness of the same charge as a dense layer",
            );
            row(
                ui,
                "highest point h_max",
                &with_unit(metrics.h_max_um, "µm"),
                "Highest metal above the collector",
            );
            row(
                ui,
                "roughness R_q",
                &with_unit(metrics.rq_um, "µm"),
                "Root mean square of the column heights about their mean (ISO 4287)",
            );
            row(ui, "porosity", &percent(metrics.porosity), "Void fraction under the column tops");
            growth(ui, metrics);
        });
    }
}

/// The parts of the overpotential; no state either.
#[derive(Clone, Copy, Debug, Default)]
pub struct OverpotentialParts;

impl OverpotentialParts {
    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let Self = self;
        theme::section(ui, "Overpotential", |ui| {
            close_rows(ui);
            overpotential(ui, facts.metrics);
        });
    }
}

/// Rows of text need not be as high as rows of buttons.
fn close_rows(ui: &mut egui::Ui) {
    ui.spacing_mut().interact_size.y = 19.0;
    ui.spacing_mut().item_spacing.y = 4.0;
}

fn regime_title(regime: Regime) -> &'static str {
    match regime {
        Regime::Rest => "At rest",
        Regime::Reaction => "Reaction-limited",
        Regime::Transport => "Transport matters",
        Regime::Depleted => "Salt depleted",
        Regime::Stripping => "Stripping",
    }
}

fn regime_sentence(regime: Regime) -> &'static str {
    match regime {
        Regime::Rest => "No current flows.",
        Regime::Reaction => "Every site sees the same salt: the SEI decides where metal comes out.",
        Regime::Transport => "Protruding sites see more salt: tips begin to win.",
        Regime::Depleted => "Past Sand's time: ions stick where they first arrive, trees grow at their tips.",
        Regime::Stripping => {
            "Metal dissolves, first where its film is thin and young; what is cut off is dead."
        }
    }
}

/// A name on the left, a value on the right.
fn row(ui: &mut egui::Ui, name: &str, value: &str, hint: &str) {
    ui.horizontal(|ui| {
        typeset::weak_label(ui, name).on_hover_text(hint);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(egui::RichText::new(value).color(theme::TEXT)).on_hover_text(hint);
        });
    });
}

fn growth(ui: &mut egui::Ui, metrics: &Metrics) {
    let film = (1.0 - metrics.tip_grown_fraction - metrics.base_grown_fraction).clamp(0.0, 1.0);
    let parts = [
        ("tip", TIP, metrics.tip_grown_fraction),
        ("film", FILM, film),
        ("base", BASE, metrics.base_grown_fraction),
    ];
    let grown = metrics.sites_deposited > 0;
    bar(ui, "Where the metal grew", &parts.map(|(_, color, share)| (color, if grown { share } else { 0.0 })));
    ui.horizontal(|ui| {
        for (name, color, share) in parts {
            key(ui, color, &if grown { format!("{name} {}", percent(share)) } else { name.to_owned() });
        }
    });
    let filaments = format!("{} growing, {} stopped", metrics.filaments_growing, metrics.filaments_stopped);
    row(ui, "filaments", &filaments, "A filament is metal that comes out of one crack of the film");
}

fn overpotential(ui: &mut egui::Ui, metrics: &Metrics) {
    let parts = [
        ("SEI", Color32::from_rgb(0xff, 0xc1, 0x4d), metrics.overpotential_sei_mv),
        ("charge transfer", Color32::from_rgb(0x7f, 0xb8, 0x8f), metrics.overpotential_charge_transfer_mv),
        ("concentration", Color32::from_rgb(0x6f, 0xa8, 0xdc), metrics.overpotential_concentration_mv),
        ("nucleation", Color32::from_rgb(0xc6, 0x9a, 0xd6), metrics.overpotential_nucleation_mv),
        ("electrolyte", Color32::from_rgb(0x9a, 0xa4, 0xb0), metrics.overpotential_ohmic_mv),
        ("counter electrode", Color32::from_rgb(0xd9, 0x82, 0x6b), metrics.overpotential_counter_mv),
    ];
    row(
        ui,
        "η in total",
        &with_unit(metrics.overpotential_mv, "mV"),
        "Overpotential of the electrode: the sum of its parts",
    );
    let whole: f64 = parts.iter().map(|(_, _, part)| part.max(0.0)).sum();
    bar(ui, "Parts of the overpotential", &parts.map(|(_, color, part)| (color, part.max(0.0) / whole)));
    for (name, color, part) in parts {
        ui.horizontal(|ui| {
            key(ui, color, name);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(with_unit(part, "mV"));
            });
        });
    }
}

/// A coloured square and what it stands for.
fn key(ui: &mut egui::Ui, color: Color32, text: &str) {
    ui.spacing_mut().item_spacing.x = 5.0;
    let (rect, _) = ui.allocate_exact_size(egui::vec2(11.0, 11.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 2.0, color);
    ui.label(egui::RichText::new(text).color(theme::SECOND));
    ui.add_space(6.0);
}

/// Shares of one, side by side.
fn bar(ui: &mut egui::Ui, name: &str, parts: &[(Color32, f64)]) {
    let (rect, response) =
        ui.allocate_exact_size(egui::vec2(ui.available_width(), 12.0), egui::Sense::hover());
    response.on_hover_text(name);
    ui.painter().rect_filled(rect, 3.0, theme::PANEL);
    let mut left = rect.left();
    for &(color, share) in parts {
        // Shares of nothing are no numbers.
        let width = if share.is_finite() { rect.width() * share.clamp(0.0, 1.0) as f32 } else { 0.0 };
        let right = (left + width).min(rect.right());
        let part = egui::Rect::from_x_y_ranges(left..=right, rect.y_range());
        ui.painter().rect_filled(part, 0.0, color);
        left = right;
    }
}
