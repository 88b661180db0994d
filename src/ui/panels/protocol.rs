//! The protocol: none, simple cycling, or a list of steps of one's own.
//!
//! Does: hold a draft of the protocol until a restart applies it.
//! Does not: judge it (the scene does), or run it.

use super::step_list;
use crate::quantity::Quantity;
use crate::scene::{CellSpec, SceneSpec, StepSpec, limits};
use crate::ui::facts::Facts;
use crate::ui::widgets::number::Compact;
use crate::ui::widgets::theme;
use bevy_egui::egui;

/// How the protocol is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Off,
    Cycling,
    List,
}

/// A protocol in the making. What belongs to the other modes is kept while one of them is shown.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    mode: Mode,
    current_density_ma_cm2: f64,
    capacity_mah_cm2: f64,
    cycles: f64,
    steps: Vec<StepSpec>,
}

impl Draft {
    /// What a scene has.
    fn of(spec: &SceneSpec) -> Self {
        let mut draft = Self {
            mode: Mode::Off,
            current_density_ma_cm2: spec.current_density_ma_cm2.max(0.01),
            capacity_mah_cm2: spec.limits().areal_capacity_mah_cm2.unwrap_or(1.0),
            cycles: 10.0,
            steps: Vec::new(),
        };
        if let Some(steps) = &spec.protocol {
            draft.steps.clone_from(steps);
            draft.mode = Mode::List;
            if let Some((current, capacity, cycles)) = simple_cycling(steps) {
                let simple = Self {
                    mode: Mode::Cycling,
                    current_density_ma_cm2: current,
                    capacity_mah_cm2: capacity,
                    cycles: f64::from(cycles),
                    ..draft.clone()
                };
                if simple.protocol(spec.cell, spec.cutoff_v).as_ref() == Some(steps) {
                    draft = simple;
                }
            }
        }
        draft
    }

    fn protocol(&self, cell: CellSpec, cutoff_v: f64) -> Option<Vec<StepSpec>> {
        match self.mode {
            Mode::Off => None,
            Mode::Cycling => {
                let (current, capacity) = (self.current_density_ma_cm2, self.capacity_mah_cm2);
                Some(StepSpec::cycling(current, capacity, self.cycles as u32, cell, cutoff_v))
            }
            Mode::List => Some(self.steps.clone()),
        }
    }
}

/// Current density, capacity and cycles, if the protocol may be one of simple cycling.
fn simple_cycling(steps: &[StepSpec]) -> Option<(f64, f64, u32)> {
    let [StepSpec::Repeat { times, steps }] = steps else { return None };
    let StepSpec::Plate { current_density_ma_cm2, until } = steps.first()? else { return None };
    Some((*current_density_ma_cm2, until.capacity_mah_cm2?, *times))
}

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct ProtocolPanel {
    /// What the user made of it, until another scene is opened.
    edited: Option<Draft>,
}

impl ProtocolPanel {
    /// Forgets what the user changed.
    pub fn forget(&mut self) {
        self.edited = None;
    }

    /// Puts the changes into a scene that has its cell already. A limit of the run was meant for another
    /// course, so it goes.
    pub fn edit(&self, spec: &mut SceneSpec) {
        let Some(draft) = &self.edited else { return };
        let protocol = draft.protocol(spec.cell, spec.cutoff_v);
        if protocol == spec.protocol {
            return;
        }
        if protocol.is_some() {
            spec.until = None;
        }
        if draft.mode == Mode::Cycling {
            spec.current_density_ma_cm2 = draft.current_density_ma_cm2;
        }
        spec.protocol = protocol;
    }

    /// Shows the panel. `cell` and `cutoff_v` are those of the next run.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts, (cell, cutoff_v): (CellSpec, f64)) {
        let Self { edited } = self;
        let running = &facts.running.spec;
        let mut draft = edited.clone().unwrap_or_else(|| Draft::of(running));
        let before = draft.clone();
        theme::section(ui, "Protocol", |ui| {
            modes(ui, &mut draft, (cell, cutoff_v));
            match draft.mode {
                Mode::Off => {
                    ui.weak("The current above flows until the scene ends.");
                }
                Mode::Cycling => cycling(ui, &mut draft, (cell, cutoff_v)),
                Mode::List => step_list::ui(ui, &mut draft.steps),
            }
        });
        // Simple cycling follows the cell: another cutoff or kind of cell is another protocol.
        if draft != before || draft.protocol(cell, cutoff_v) != running.protocol {
            *edited = Some(draft);
        }
    }
}

fn modes(ui: &mut egui::Ui, draft: &mut Draft, (cell, cutoff_v): (CellSpec, f64)) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let size = egui::vec2((ui.available_width() - 8.0) / 3.0, 28.0);
        for (mode, name, hint) in [
            (Mode::Off, "Off", "One current until the scene ends"),
            (Mode::Cycling, "Cycling", "Plate and strip, over and over"),
            (Mode::List, "Own list", "Steps of your own"),
        ] {
            let button = egui::Button::selectable(draft.mode == mode, name).frame_when_inactive(true);
            if ui.add_sized(size, button).on_hover_text(hint).clicked() && draft.mode != mode {
                if mode == Mode::List && draft.steps.is_empty() {
                    // A list to begin with: what cycling would do.
                    draft.mode = Mode::Cycling;
                    draft.steps = draft.protocol(cell, cutoff_v).unwrap_or_default();
                }
                draft.mode = mode;
            }
        }
    });
}

fn cycling(ui: &mut egui::Ui, draft: &mut Draft, (cell, cutoff_v): (CellSpec, f64)) {
    let Draft { mode: _, current_density_ma_cm2, capacity_mah_cm2, cycles, steps: _ } = draft;
    let (current, capacity) = (&limits::STEP_CURRENT_DENSITY, &limits::STEP_CAPACITY);
    let units = [current, capacity].map(Quantity::typeset_unit);
    for (field, value) in [
        (Compact::of("Current", &units[0], current), current_density_ma_cm2),
        (Compact::of("Capacity", &units[1], capacity), capacity_mah_cm2),
        (Compact { name: "Cycles", unit: "", range: 1.0..=10_000.0, whole: true }, cycles),
    ] {
        ui.horizontal(|ui| {
            ui.label(field.name);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| field.ui(ui, value));
        });
    }
    ui.weak(match cell {
        CellSpec::Symmetric { .. } => "Strips as much as was plated.".into(),
        CellSpec::HalfCell { .. } | CellSpec::AnodeFree { .. } => {
            format!("Strips until the voltage reaches {} V.", crate::ui::widgets::format::tick(cutoff_v))
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::load;

    #[test]
    fn a_draft_gives_back_the_protocol_it_was_made_of() {
        let mut spec = load("carbonate_moss").unwrap().spec;
        assert_eq!(Draft::of(&spec).mode, Mode::Off);
        for cell in KINDS_OF_CELL {
            spec.cell = cell;
            spec.protocol = Some(StepSpec::cycling(0.5, 0.25, 7, cell, spec.cutoff_v));
            let draft = Draft::of(&spec);
            assert_eq!(draft.mode, Mode::Cycling);
            assert_eq!(draft.protocol(spec.cell, spec.cutoff_v), spec.protocol);
        }
        spec.protocol = Some(vec![StepSpec::Rest { time_s: 5.0 }]);
        let draft = Draft::of(&spec);
        assert_eq!(draft.mode, Mode::List);
        assert_eq!(draft.protocol(spec.cell, spec.cutoff_v), spec.protocol);
    }

    const KINDS_OF_CELL: [CellSpec; 2] =
        [CellSpec::Symmetric { foil_mah_cm2: 10.0 }, CellSpec::AnodeFree { inventory_mah_cm2: 3.0 }];

    #[test]
    fn a_new_protocol_takes_the_limits_of_the_old_course_with_it() {
        let mut spec = load("carbonate_moss").unwrap().spec;
        assert!(spec.until.is_some());
        let draft = Draft { mode: Mode::Cycling, current_density_ma_cm2: 3.0, ..Draft::of(&spec) };
        ProtocolPanel { edited: Some(draft) }.edit(&mut spec);
        assert!(spec.until.is_none() && spec.protocol.is_some());
        assert_eq!(spec.current_density_ma_cm2, 3.0);
    }
}
