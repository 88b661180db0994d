//! A protocol as an editable list of steps.
//!
//! Does: show each step in two lines with its numbers and limits; add, remove, copy, move and repeat steps. A
//! step that moves past the end of a repeat enters or leaves it, as in an outline.
//! Does not: judge what comes out.

use super::step_kind;
use crate::quantity::Quantity;
use crate::scene::{ReversePulse, StepLimits, StepSpec, limits};
use crate::ui::widgets::number::Compact;
use crate::ui::widgets::theme;
use bevy_egui::egui;

/// Rows beyond this are not for the mouse.
const MOST_ROWS: usize = 200;

/// What can be done with one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Up,
    Down,
    Remove,
    Copy,
    /// Put it into a repeat.
    Wrap,
    /// Put the steps of a repeat in its place.
    Unwrap,
}

/// Shows and edits the list.
pub fn ui(ui: &mut egui::Ui, steps: &mut Vec<StepSpec>) {
    let rows = rows(steps);
    if rows > MOST_ROWS {
        ui.label(format!("{rows} steps: edit them in the scene file."));
        return;
    }
    let mut asked = None;
    ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
    ui.spacing_mut().button_padding.x = 6.0;
    list(ui, steps, &mut Vec::new(), &mut asked);
    if let Some((path, act)) = asked {
        // Rows change their places, and what is kept for them does not.
        step_kind::forget(ui);
        apply(steps, &path, act);
    }
}

fn rows(steps: &[StepSpec]) -> usize {
    let inner = |step: &StepSpec| if let StepSpec::Repeat { steps, .. } = step { rows(steps) } else { 0 };
    steps.iter().map(|step| 1 + inner(step)).sum()
}

type Asked = Option<(Vec<usize>, Act)>;

fn list(ui: &mut egui::Ui, steps: &mut Vec<StepSpec>, path: &mut Vec<usize>, asked: &mut Asked) {
    for (index, step) in steps.iter_mut().enumerate() {
        path.push(index);
        ui.push_id(index, |ui| row(ui, step, path, asked));
        path.pop();
    }
    ui.horizontal(|ui| {
        let place = if path.is_empty() { String::new() } else { format!(" in {}", number(path)) };
        for (name, new) in [("+ Step", plate as fn() -> StepSpec), ("+ Repeat", repeat)] {
            let button = ui.button(name);
            ui.ctx().accesskit_node_builder(button.id, |node| node.set_label(format!("{name}{place}")));
            if button.clicked() {
                // Another step is most often like the last one.
                let like_last = steps.last().filter(|last| !is_repeat(last) && name == "+ Step").cloned();
                steps.push(like_last.unwrap_or_else(new));
            }
        }
    });
}

fn plate() -> StepSpec {
    let until = StepLimits { capacity_mah_cm2: Some(0.5), ..StepLimits::default() };
    StepSpec::Plate { current_density_ma_cm2: 1.0, until }
}

fn repeat() -> StepSpec {
    let until = StepLimits { voltage_v: Some(1.0), ..StepLimits::default() };
    StepSpec::Repeat {
        times: 10,
        steps: vec![plate(), StepSpec::Strip { current_density_ma_cm2: 1.0, until }],
    }
}

fn is_repeat(step: &StepSpec) -> bool {
    matches!(step, StepSpec::Repeat { .. })
}

/// "2.1" for the first step in the second one.
fn number(path: &[usize]) -> String {
    path.iter().map(|index| (index + 1).to_string()).collect::<Vec<_>>().join(".")
}

fn row(ui: &mut egui::Ui, step: &mut StepSpec, path: &mut Vec<usize>, asked: &mut Asked) {
    let name = format!("step {}", number(path));
    ui.horizontal(|ui| {
        ui.weak(number(path));
        match step {
            StepSpec::Repeat { times, .. } => {
                ui.label("Repeat");
                let mut value = f64::from(*times);
                let name = format!("{name} times");
                Compact { name: &name, unit: "×", range: 1.0..=10_000_000.0, whole: true }.ui(ui, &mut value);
                *times = value as u32;
            }
            _ => step_kind::ui(ui, step, &name),
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().button_padding.x = 3.0;
            for (sign, what, act) in
                [("✖", "remove", Act::Remove), ("⬇", "move down", Act::Down), ("⬆", "move up", Act::Up)]
            {
                let label = format!("{name}: {what}");
                let button = egui::Button::new(sign).frame(false).min_size(egui::vec2(20.0, 24.0));
                let button = ui.add(button).on_hover_text(&label);
                ui.ctx().accesskit_node_builder(button.id, |node| node.set_label(label));
                if button.clicked() {
                    *asked = Some((path.clone(), act));
                }
            }
            more(ui, step, &name, path, asked);
        });
    });
    if let StepSpec::Repeat { steps, .. } = step {
        let frame = egui::Frame::new().inner_margin(egui::Margin { left: 10, ..Default::default() });
        let shown = frame.show(ui, |ui| list(ui, steps, path, asked)).response.rect;
        ui.painter().vline(shown.left() + 3.0, shown.y_range(), egui::Stroke::new(2.0, theme::ACCENT));
    } else {
        ui.horizontal_wrapped(|ui| numbers(ui, step, &name));
    }
}

/// Currents, times and limits of one step.
fn numbers(ui: &mut egui::Ui, step: &mut StepSpec, name: &str) {
    let field = |ui: &mut egui::Ui, what: &str, quantity: &Quantity, value: &mut f64| {
        let name = format!("{name} {what}");
        Compact::of(&name, &quantity.typeset_unit(), quantity).ui(ui, value);
    };
    let until = match step {
        StepSpec::Plate { current_density_ma_cm2, until }
        | StepSpec::Strip { current_density_ma_cm2, until } => {
            field(ui, "current density", &limits::STEP_CURRENT_DENSITY, current_density_ma_cm2);
            until
        }
        StepSpec::Pulse { current_density_ma_cm2, on_s, off_s, reverse, until } => {
            field(ui, "current density", &limits::STEP_CURRENT_DENSITY, current_density_ma_cm2);
            ui.weak("on");
            field(ui, "on", &limits::PULSE, on_s);
            if let Some(ReversePulse { current_density_ma_cm2, time_s }) = reverse {
                ui.weak("back");
                field(ui, "reverse current density", &limits::STEP_CURRENT_DENSITY, current_density_ma_cm2);
                field(ui, "reversal", &limits::REVERSAL, time_s);
            }
            ui.weak("off");
            field(ui, "off", &limits::PAUSE, off_s);
            until
        }
        StepSpec::Ramp { from_ma_cm2, to_ma_cm2, time_s, until } => {
            field(ui, "from", &limits::RAMP_FROM, from_ma_cm2);
            ui.weak("to");
            field(ui, "to", &limits::RAMP_TO, to_ma_cm2);
            ui.weak("in");
            field(ui, "duration", &limits::STEP_TIME, time_s);
            if *until == StepLimits::default() {
                return;
            }
            until
        }
        StepSpec::Hold { voltage_v, largest_ma_cm2, until } => {
            field(ui, "held voltage", &limits::HOLD_VOLTAGE, voltage_v);
            ui.weak("at most");
            field(ui, "largest current density", &limits::HOLD_CURRENT, largest_ma_cm2);
            until
        }
        StepSpec::Rest { time_s } => {
            ui.weak("for");
            return field(ui, "time", &limits::STEP_TIME, time_s);
        }
        StepSpec::Repeat { .. } => return,
    };
    let StepLimits { capacity_mah_cm2, time_s, voltage_v, sites, current_density_ma_cm2 } = until;
    // As high as the fields, so that it stands level with them where it begins a line.
    let height = ui.spacing().interact_size.y;
    ui.add_sized([34.0, height], egui::Label::new(egui::RichText::new("until").weak()));
    if let Some(capacity) = capacity_mah_cm2 {
        field(ui, "capacity", &limits::STEP_CAPACITY, capacity);
    }
    if let Some(time) = time_s {
        field(ui, "time", &limits::STEP_TIME, time);
    }
    if let Some(voltage) = voltage_v {
        field(ui, "voltage", &limits::STEP_VOLTAGE, voltage);
    }
    if let Some(current) = current_density_ma_cm2 {
        field(ui, "end current density", &limits::END_CURRENT, current);
    }
    if let Some(sites) = sites {
        let mut value = *sites as f64;
        let name = format!("{name} sites");
        Compact { name: &name, unit: "sites", range: 1.0..=1e12, whole: true }.ui(ui, &mut value);
        *sites = value as u64;
    }
}

/// What is needed less often: which limits a step has, copies and repeats.
fn more(ui: &mut egui::Ui, step: &mut StepSpec, name: &str, path: &[usize], asked: &mut Asked) {
    let close = egui::PopupCloseBehavior::CloseOnClickOutside;
    let button = egui::Button::new("…").min_size(egui::vec2(24.0, 24.0));
    let menu = egui::containers::menu::MenuButton::from_button(button)
        .config(egui::containers::menu::MenuConfig::new().close_behavior(close));
    let (button, _) = menu.ui(ui, |ui| {
        let held = matches!(step, StepSpec::Hold { .. });
        if let StepSpec::Plate { until, .. }
        | StepSpec::Strip { until, .. }
        | StepSpec::Pulse { until, .. }
        | StepSpec::Ramp { until, .. }
        | StepSpec::Hold { until, .. } = step
        {
            ui.weak("Ends at the first of");
            let last = match held {
                true => ("a current", &mut until.current_density_ma_cm2, limits::END_CURRENT.usual),
                false => ("a voltage", &mut until.voltage_v, 1.0),
            };
            for (label, limit, usual) in
                [("a charge", &mut until.capacity_mah_cm2, 0.5), ("a time", &mut until.time_s, 600.0), last]
            {
                let mut on = limit.is_some();
                if ui.checkbox(&mut on, label).changed() {
                    *limit = on.then_some(usual);
                }
            }
            ui.separator();
        }
        if let StepSpec::Pulse { reverse, current_density_ma_cm2, .. } = step {
            let mut on = reverse.is_some();
            if ui.checkbox(&mut on, "a reversal after each pulse").changed() {
                let back = ReversePulse {
                    current_density_ma_cm2: *current_density_ma_cm2,
                    time_s: limits::REVERSAL.usual,
                };
                *reverse = on.then_some(back);
            }
            ui.separator();
        }
        let wrap = if is_repeat(step) { ("Without the repeat", Act::Unwrap) } else { ("Repeat", Act::Wrap) };
        for (label, act) in [wrap, ("Copy", Act::Copy)] {
            if ui.button(label).clicked() {
                *asked = Some((path.to_vec(), act));
                ui.close();
            }
        }
    });
    let label = format!("{name}: more");
    ui.ctx().accesskit_node_builder(button.id, |node| node.set_label(label));
    button.on_hover_text("Limits, repeat, copy");
}

/// The list that holds the step at `path`, and its place in it.
fn holder<'a>(steps: &'a mut Vec<StepSpec>, path: &[usize]) -> Option<(&'a mut Vec<StepSpec>, usize)> {
    match path {
        [] => None,
        [index] => (*index < steps.len()).then_some((steps, *index)),
        [first, rest @ ..] => match steps.get_mut(*first)? {
            StepSpec::Repeat { steps, .. } => holder(steps, rest),
            _ => None,
        },
    }
}

/// Does what was asked; a path that leads nowhere does nothing.
fn apply(steps: &mut Vec<StepSpec>, path: &[usize], act: Act) {
    let Some((list, index)) = holder(steps, path) else { return };
    match act {
        Act::Remove => {
            list.remove(index);
        }
        Act::Copy => list.insert(index, list[index].clone()),
        Act::Wrap => {
            let step = list.remove(index);
            list.insert(index, StepSpec::Repeat { times: 2, steps: vec![step] });
        }
        Act::Unwrap => {
            if let StepSpec::Repeat { steps: inner, .. } = &list[index] {
                let inner = inner.clone();
                list.splice(index..=index, inner);
            }
        }
        Act::Up | Act::Down => return shift(steps, path, act == Act::Up),
    }
    drop_empty(steps);
}

/// Moves a step by one place, into a repeat that is there, or out of the one it is in.
fn shift(steps: &mut Vec<StepSpec>, path: &[usize], up: bool) {
    let Some((list, index)) = holder(steps, path) else { return };
    let neighbour = if up { index.checked_sub(1) } else { Some(index + 1).filter(|next| *next < list.len()) };
    if let Some(neighbour) = neighbour {
        if is_repeat(&list[neighbour]) && !is_repeat(&list[index]) {
            let step = list.remove(index);
            let neighbour = if up { neighbour } else { index };
            if let StepSpec::Repeat { steps: inner, .. } = &mut list[neighbour] {
                inner.insert(if up { inner.len() } else { 0 }, step);
            }
        } else {
            list.swap(index, neighbour);
        }
    } else if path.len() > 1 {
        let step = list.remove(index);
        let repeat = &path[..path.len() - 1];
        if let Some((outer, place)) = holder(steps, repeat) {
            outer.insert(if up { place } else { place + 1 }, step);
        }
    }
    drop_empty(steps);
}

/// A repeat whose last step has gone goes too.
fn drop_empty(steps: &mut Vec<StepSpec>) {
    steps.retain_mut(|step| match step {
        StepSpec::Repeat { steps, .. } => {
            drop_empty(steps);
            !steps.is_empty()
        }
        _ => true,
    });
}

#[cfg(test)]
#[path = "step_list_tests.rs"]
mod tests;
