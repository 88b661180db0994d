//! The figures of this moment.
//!
//! Does: show them in words, numbers and a bar.
//! Does not: compute any; they come with the snapshot.

use crate::lattice::GrowthMode;
use crate::observables::{Metrics, Regime, Shape};
use crate::style::{self, growth_mode_srgb};
use crate::ui::facts::Facts;
use crate::ui::widgets::format::{percent, percentages, with_unit};
use crate::ui::widgets::marks::{bar, close_rows, key, row};
use crate::ui::widgets::theme::{self, srgb};
use bevy_egui::egui;

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
                "The way through the electrolyte that costs the current as much as film and charge transfer do. Above the deposit's height current reaches into its depth; near zero ions stick where they first arrive.",
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
    }
}

/// What the deposit looks like; no state either.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deposit;

impl Deposit {
    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let Self = self;
        let metrics = facts.metrics;
        theme::section(ui, "Deposit", |ui| {
            close_rows(ui);
            row(ui, "time", &style::time(metrics.time_s), "Physical time since the current began");
            row(
                ui,
                "charge plated",
                &with_unit(metrics.areal_capacity_mah_cm2, "mAh cm⁻²"),
                "Charge plated so far per projected area",
            );
            let (applied, carried) = (metrics.current_density_ma_cm2, metrics.carried_current_density_ma_cm2);
            if carried.abs() < 0.999 * applied.abs() {
                row(
                    ui,
                    "current that flows",
                    &with_unit(carried, "mA cm⁻²"),
                    "The salt cannot carry the current that is applied: the source is at its cutoff voltage",
                );
            }
            if metrics.stripped_mah_cm2 > 0.0 {
                row(
                    ui,
                    "charge stripped",
                    &with_unit(metrics.stripped_mah_cm2, "mAh cm⁻²"),
                    "Charge stripped so far per projected area",
                );
            }
            row(
                ui,
                "as dense metal",
                &with_unit(metrics.dense_thickness_um, "µm"),
                "Thickness that the metal in the box would have as a dense layer, what is dead included",
            );
            row(
                ui,
                "highest point h_max",
                &with_unit(of_shape(metrics, |shape| shape.h_max_um), "µm"),
                "Highest metal above the collector",
            );
            row(
                ui,
                "roughness R_q",
                &with_unit(of_shape(metrics, |shape| shape.rq_um), "µm"),
                "Root mean square of the column heights about their mean (ISO 4287)",
            );
            row(
                ui,
                "porosity",
                &percent(of_shape(metrics, |shape| shape.porosity)),
                "Void fraction under the column tops",
            );
            growth(ui, metrics);
        });
    }
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
        Regime::Reaction => "Salt reaches every site: the SEI decides where metal comes out.",
        Regime::Transport => "Protruding sites see more salt: tips begin to win.",
        Regime::Depleted => "Past Sand's time: ions stick where they first arrive, trees grow at their tips.",
        Regime::Stripping => {
            "Metal dissolves, first where its film is thin and young; what is cut off is dead."
        }
    }
}

/// A figure of the shape; not a number where the shape was not measured.
fn of_shape(metrics: &Metrics, figure: fn(&Shape) -> f64) -> f64 {
    metrics.shape.as_ref().map_or(f64::NAN, figure)
}

fn growth(ui: &mut egui::Ui, metrics: &Metrics) {
    let film = (1.0 - metrics.tip_grown_fraction - metrics.base_grown_fraction).clamp(0.0, 1.0);
    let parts = [
        ("tip", srgb(growth_mode_srgb(GrowthMode::Tip)), metrics.tip_grown_fraction),
        ("film", srgb(growth_mode_srgb(GrowthMode::Film)), film),
        ("base", srgb(growth_mode_srgb(GrowthMode::Base)), metrics.base_grown_fraction),
    ];
    let grown = metrics.sites_deposited > 0;
    bar(ui, "Where the metal grew", &parts.map(|(_, color, share)| (color, if grown { share } else { 0.0 })));
    let percentages = percentages(parts.map(|(_, _, share)| share), 0);
    ui.horizontal(|ui| {
        for ((name, color, _), percentage) in parts.into_iter().zip(percentages) {
            key(ui, color, &if grown { format!("{name} {percentage}") } else { name.to_owned() });
        }
    });
    let filaments = metrics.shape.as_ref().map_or("–".into(), |shape| {
        format!("{} growing, {} stopped so far", shape.filaments_growing, shape.filaments_stopped)
    });
    row(ui, "filaments", &filaments, "A filament is metal that comes out of one crack of the film");
}
