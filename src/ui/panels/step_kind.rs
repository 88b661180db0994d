//! The kind of one step of a protocol.
//!
//! Does: change a step into one of another kind. Current and limits are kept, also those that the kinds in
//! between do not have.
//! Does not: judge the step.

use crate::scene::{StepLimits, StepSpec, limits};
use bevy_egui::egui;

/// Current density and limits of a row, while it is of a kind that lacks some of them.
type Kept = (f64, StepLimits);

/// Forgets what is kept for all rows.
pub fn forget(ui: &egui::Ui) {
    ui.data_mut(|data| data.remove_by_type::<Kept>());
}

/// Shows the chooser.
pub fn ui(ui: &mut egui::Ui, step: &mut StepSpec, name: &str) {
    let id = ui.id().with("kept");
    let kept = ui.data(|data| data.get_temp::<Kept>(id));
    let (current, until) = match step.clone() {
        StepSpec::Plate { current_density_ma_cm2, until }
        | StepSpec::Strip { current_density_ma_cm2, until }
        | StepSpec::Pulse { current_density_ma_cm2, until, .. } => (current_density_ma_cm2, until),
        StepSpec::Rest { time_s } => {
            kept.unwrap_or((1.0, StepLimits { time_s: Some(time_s), ..StepLimits::default() }))
        }
        StepSpec::Ramp { to_ma_cm2, time_s, until, .. } => {
            (to_ma_cm2, StepLimits { time_s: Some(time_s), ..until })
        }
        StepSpec::Hold { largest_ma_cm2, until, .. } => {
            let voltage_v = kept.and_then(|(_, until)| until.voltage_v);
            (largest_ma_cm2, StepLimits { current_density_ma_cm2: None, voltage_v, ..until })
        }
        StepSpec::Repeat { .. } => return,
    };
    let choices = [
        ("Plate", StepSpec::Plate { current_density_ma_cm2: current, until: until.clone() }),
        ("Strip", StepSpec::Strip { current_density_ma_cm2: current, until: until.clone() }),
        ("Rest", StepSpec::Rest { time_s: until.time_s.unwrap_or(60.0) }),
        (
            "Pulse",
            StepSpec::Pulse {
                current_density_ma_cm2: current,
                on_s: 1.0,
                off_s: 1.0,
                reverse: None,
                until: until.clone(),
            },
        ),
        (
            "Ramp",
            StepSpec::Ramp {
                from_ma_cm2: 0.1 * current,
                to_ma_cm2: current,
                time_s: until.time_s.unwrap_or(3600.0),
                until: StepLimits { time_s: None, ..until.clone() },
            },
        ),
        (
            "Hold",
            StepSpec::Hold {
                voltage_v: limits::HOLD_VOLTAGE.usual,
                largest_ma_cm2: current,
                until: StepLimits {
                    voltage_v: None,
                    current_density_ma_cm2: Some(limits::END_CURRENT.usual),
                    ..until.clone()
                },
            },
        ),
    ];
    let same = |a: &StepSpec, b: &StepSpec| std::mem::discriminant(a) == std::mem::discriminant(b);
    let present = choices.iter().find(|(_, choice)| same(choice, step)).map_or("", |(label, _)| label);
    let chooser = egui::ComboBox::from_id_salt("kind").selected_text(present).width(72.0).show_ui(ui, |ui| {
        for (label, choice) in choices {
            let chosen = same(&choice, step);
            if ui.selectable_label(chosen, label).clicked() && !chosen {
                ui.data_mut(|data| data.insert_temp::<Kept>(id, (current, until.clone())));
                *step = choice;
            }
        }
    });
    ui.ctx().accesskit_node_builder(chooser.response.id, |node| node.set_label(format!("{name} kind")));
}
