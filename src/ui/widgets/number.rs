//! One number: label, typed value with unit, slider below, double-click puts it back.
//!
//! Does: change a value only to finite numbers inside its range.
//! Does not: know what the number means.

use crate::quantity::Quantity;
use crate::ui::widgets::format::{significant, tick, typed_number};
use crate::ui::widgets::theme;
use bevy_egui::egui;
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::RangeInclusive;

/// What a number field shows and accepts.
pub struct Number<'a> {
    /// Name before the field, also its accessible name.
    pub label: &'a str,
    /// Unit after the field.
    pub unit: Cow<'a, str>,
    /// Ends of the slider.
    pub range: RangeInclusive<f64>,
    /// Smallest and largest typed value. They may lie beyond the ends of the slider.
    pub typed: RangeInclusive<f64>,
    /// Slider with a logarithmic scale.
    pub logarithmic: bool,
    /// What a double-click on the slider puts back.
    pub reset_to: f64,
    /// Explanation on hover.
    pub hint: &'a str,
}

/// A number among others in one row: no slider, its name only for screen readers and on hover.
pub struct Compact<'a> {
    /// Accessible name.
    pub name: &'a str,
    /// Unit behind the digits.
    pub unit: &'a str,
    /// Smallest and largest value.
    pub range: RangeInclusive<f64>,
    /// Only whole numbers.
    pub whole: bool,
}

impl<'a> Compact<'a> {
    /// The field of a described quantity that depends on nothing else. Where the range begins at 0, the field
    /// begins at the lower end of the slider.
    pub fn of(name: &'a str, unit: &'a str, quantity: &Quantity) -> Self {
        let range = quantity.fixed_range();
        let smallest = if *range.start() == 0.0 { quantity.slider.0 } else { *range.start() };
        Self { name, unit, range: smallest..=*range.end(), whole: false }
    }

    /// Shows the field and changes `value` as the user says.
    pub fn ui(&self, ui: &mut egui::Ui, value: &mut f64) {
        let Self { name, unit, range, whole } = self;
        let before = *value;
        let rounded = |value: f64| if *whole { value.round() } else { value };
        let complaint = Complaint::default();
        let suffix = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let mut field = egui::DragValue::new(value)
            .range(range.clone())
            .speed(before.abs().max(if *whole { 10.0 } else { 1e-3 }) / 100.0)
            .suffix(suffix)
            .update_while_editing(false)
            .custom_formatter(|value, _| tick(value))
            .custom_parser(|text| complaint.hear(typed_number(text, range, unit)).map(rounded));
        if *whole {
            field = field.max_decimals(0);
        }
        let response = ui.add(field).on_hover_text(*name);
        complaint.show(&response);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(*name));
        if !value.is_finite() {
            *value = before;
        }
    }
}

/// How long a complaint stays, s.
const COMPLAINT_S: f64 = 4.0;

/// Why what was typed was not taken: said beside the field for a while, so that nothing springs back without
/// a word.
#[derive(Default)]
struct Complaint(RefCell<Option<String>>);

impl Complaint {
    fn hear(&self, read: Result<f64, String>) -> Option<f64> {
        read.map_err(|what| *self.0.borrow_mut() = Some(what)).ok()
    }

    fn show(self, field: &egui::Response) {
        let (id, now) = (field.id.with("complaint"), field.ctx.input(|input| input.time));
        if let Some(what) = self.0.into_inner() {
            field.ctx.data_mut(|data| data.insert_temp(id, (what, now)));
        }
        let said = field.ctx.data(|data| data.get_temp::<(String, f64)>(id));
        if let Some((what, _)) = said.filter(|(_, at)| now < at + COMPLAINT_S) {
            egui::Tooltip::always_open(field.ctx.clone(), field.layer_id, id, field)
                .show(|ui| ui.colored_label(theme::ALARM, what));
            field.ctx.request_repaint_after_secs(0.5);
        }
    }
}

/// What happened in a number field.
pub struct NumberResponse {
    /// The value is another one than before.
    pub changed: bool,
    /// Where the slider is, for marks on it.
    pub slider: egui::Rect,
}

impl<'a> Number<'a> {
    /// The field of a described quantity with this range. Its slider stays inside the range.
    pub fn of(quantity: &'a Quantity, range: &RangeInclusive<f64>, reset_to: f64) -> Self {
        let (low, high) = quantity.slider;
        let slider = low.max(*range.start())..=high.min(*range.end());
        Self {
            label: quantity.label,
            unit: quantity.typeset_unit().into(),
            range: if slider.start() < slider.end() { slider } else { range.clone() },
            typed: range.clone(),
            logarithmic: quantity.logarithmic,
            reset_to,
            hint: quantity.help,
        }
    }

    /// Shows the field and changes `value` as the user says.
    pub fn ui(&self, ui: &mut egui::Ui, value: &mut f64) -> NumberResponse {
        let Self { label, unit, range, typed, logarithmic, reset_to, hint } = self;
        let before = *value;
        let complaint = Complaint::default();
        let mut name = None;
        ui.horizontal(|ui| {
            name = Some(ui.label(*label).on_hover_text(*hint).id);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if !unit.is_empty() {
                    ui.weak(unit.as_ref());
                }
                let field = egui::DragValue::new(value)
                    .range(typed.clone())
                    // A step of a pixel is a hundredth of the value, or of the range where the scale is
                    // linear.
                    .speed(if *logarithmic {
                        before.abs().max(1e-3) / 100.0
                    } else {
                        (range.end() - range.start()) / 300.0
                    })
                    .update_while_editing(false)
                    .custom_formatter(|value, _| significant(value))
                    .custom_parser(|text| complaint.hear(typed_number(text, typed, unit)));
                let field = ui.add_sized([72.0, ui.spacing().interact_size.y], field);
                complaint.show(&field);
                if let Some(name) = name {
                    field.labelled_by(name);
                }
            });
        });
        let slider = ui
            .scope(|ui| {
                ui.spacing_mut().slider_width = ui.available_width();
                ui.add(
                    egui::Slider::new(value, range.clone())
                        .logarithmic(*logarithmic)
                        .show_value(false)
                        .clamping(egui::SliderClamping::Edits),
                )
            })
            .inner
            .on_hover_text(format!(
                "Double-click: back to {}",
                crate::ui::widgets::format::with_unit(*reset_to, unit)
            ));
        let rect = slider.rect;
        // egui calls a double-click a triple one when another click, wherever it was, came shortly before.
        let primary = egui::PointerButton::Primary;
        let twice = ui.input(|input| {
            input.pointer.button_double_clicked(primary) || input.pointer.button_triple_clicked(primary)
        });
        if twice && slider.contains_pointer() {
            *value = *reset_to;
        }
        if let Some(name) = name {
            slider.labelled_by(name);
        }
        if !value.is_finite() {
            *value = before;
        }
        NumberResponse { changed: *value != before, slider: rect }
    }

    /// Where `value` lies on a slider that occupies `slider`; `None` when it lies beyond its ends.
    pub fn position(&self, slider: egui::Rect, value: f64) -> Option<f32> {
        let (low, high) = (*self.range.start(), *self.range.end());
        let share = if self.logarithmic {
            (value / low).ln() / (high / low).ln()
        } else {
            (value - low) / (high - low)
        };
        // The handle of an egui slider is a circle of this radius that stays inside the rail.
        let travel = slider.x_range().shrink(slider.height() / 2.5);
        (0.0..=1.0).contains(&share).then(|| egui::lerp(travel.min..=travel.max, share as f32))
    }
}
