//! What cycling does to the cell: efficiency, where the metal went, what is left to live on, how it died.
//!
//! Does: show it in numbers, a bar of losses and two gauges.
//! Does not: compute any; they come with the snapshot.

use crate::observables::Metrics;
use crate::ui::facts::Facts;
use crate::ui::progress;
use crate::ui::widgets::format::{percent, percentages, tick, with_unit};
use crate::ui::widgets::marks::{bar, close_rows, gauge, key, row};
use crate::ui::widgets::theme;
use bevy_egui::egui::{self, Color32};

/// Metal that came back.
pub const STRIPPED: Color32 = Color32::from_rgb(0x7f, 0xb8, 0x8f);
/// Metal without contact. Lighter than in the picture, to stand out from the panel.
pub const DEAD: Color32 = Color32::from_rgb(0x8c, 0x8c, 0x90);
/// Charge in the film.
pub const SEI: Color32 = Color32::from_rgb(0xff, 0xc1, 0x4d);
/// Metal dissolved chemically.
pub const CORROSION: Color32 = Color32::from_rgb(0xd9, 0x82, 0x6b);
/// Metal that is still there, in contact.
pub const LEFT: Color32 = Color32::from_rgb(0x6f, 0xa8, 0xdc);

/// The panel; it has no state.
#[derive(Clone, Copy, Debug, Default)]
pub struct CellLife;

impl CellLife {
    /// True when there is something to tell.
    pub fn is_due(facts: &Facts) -> bool {
        facts.running.spec.protocol.is_some() || facts.metrics.sites_stripped > 0 || facts.failure.is_some()
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let Self = self;
        let metrics = facts.metrics;
        let title = match progress::cycle(facts) {
            Some((present, all)) => format!("Cycle {present} of {all}"),
            None => "Cell".into(),
        };
        theme::section(ui, &title, |ui| {
            close_rows(ui);
            if let Some(failure) = &facts.failure {
                ui.colored_label(theme::ALARM, progress::death(failure));
            }
            efficiency(ui, metrics);
            losses(ui, metrics);
            row(
                ui,
                "dead sodium",
                &with_unit(metrics.dead_mah_cm2, "mAh cm⁻²"),
                &format!(
                    "Metal that has lost its contact, {} times so far: dark grey in the picture",
                    metrics.pieces_cut_off
                ),
            );
            stores(ui, facts);
        });
    }
}

fn efficiency(ui: &mut egui::Ui, metrics: &Metrics) {
    let hint = "Coulombic efficiency: charge stripped over charge plated, of the last cycle that was stripped to its end \
                and of all such cycles together. The bar below counts all metal instead, of all cycles and of this one.";
    let text = match (metrics.ce_last_percent, metrics.ce_mean_percent) {
        (Some(last), Some(all)) => format!("{last:.1} %, all {all:.1} %"),
        _ => "once stripped to the end".into(),
    };
    row(ui, "CE, last cycle", &text, hint);
}

/// Where the plated metal is now.
fn losses(ui: &mut egui::Ui, metrics: &Metrics) {
    let plated = metrics.areal_capacity_mah_cm2;
    let share = |part: f64| if plated > 0.0 { part / plated } else { 0.0 };
    let (stripped, dead) = (share(metrics.stripped_mah_cm2), share(metrics.dead_mah_cm2));
    let corrosion = share(metrics.corrosion_mah_cm2);
    // The first film takes more charge than has been plated yet.
    let sei = share(metrics.sei_charge_mah_cm2).min((1.0 - stripped - dead - corrosion).max(0.0));
    let left = if plated > 0.0 { (1.0 - stripped - dead - sei - corrosion).max(0.0) } else { 0.0 };
    let parts = [
        ("stripped", STRIPPED, stripped),
        ("dead", DEAD, dead),
        ("SEI", SEI, sei),
        ("corrosion", CORROSION, corrosion),
        ("left", LEFT, left),
    ];
    bar(ui, "Where all the metal that was plated has gone", &parts.map(|(_, color, share)| (color, share)));
    // Losses are small, so they have a decimal.
    let percentages = percentages(parts.map(|(_, _, share)| share), 1);
    ui.horizontal_wrapped(|ui| {
        for ((name, color, _), percentage) in parts.into_iter().zip(percentages) {
            key(ui, color, &format!("{name} {percentage}"));
        }
    });
}

fn stores(ui: &mut egui::Ui, facts: &Facts) {
    let (metrics, scene) = (facts.metrics, facts.running);
    let all = scene.spec.electrolyte_ul_cm2;
    gauge(
        ui,
        "electrolyte left",
        metrics.electrolyte_ul_cm2 / all,
        &with_unit(metrics.electrolyte_ul_cm2, "µL cm⁻²"),
        &format!(
            "Of {} µL cm⁻². Films use it up; when less is left than the gap needs, the cell runs dry",
            tick(all)
        ),
    );
    gauge(
        ui,
        "under gas bubbles",
        metrics.under_bubbles_fraction,
        &percent(metrics.under_bubbles_fraction),
        "Films and dissolution make gas. Where a bubble sits no current flows, and the rest of the electrode carries more",
    );
    if scene.electrolyte.additive_mol_l.value > 0.0 {
        gauge(
            ui,
            "additive left",
            metrics.additive_left,
            &percent(metrics.additive_left),
            "It makes its film before the solvents do, and is consumed by it",
        );
    }
}
