//! One figure over charge or time, with the events of the run as marks.
//!
//! Does: draw the axes, the curves, the value under the pointer and the marks. A click on a mark flies the
//! camera there.
//! Does not: measure, or know the curves.

use super::series::Series;
use crate::observables::{Event, EventKind};
use crate::scene::SceneSpec;
use crate::style;
use crate::ui::curve::{Abscissa, Curve, at_time};
use crate::ui::facts::{Facts, Request};
use crate::ui::panels::efficiency_plot;
use crate::ui::panels::overpotential::parts;
use crate::ui::widgets::format::tick_of;
use crate::ui::widgets::marks::key;
use crate::ui::widgets::theme;
use bevy_egui::egui::{self, Color32};
use egui_plot::{
    AxisHints, GridInput, GridMark, LineStyle, Plot, PlotTransform, Points, VLine, uniform_grid_spacer,
};

/// Height of a plot.
const HEIGHT: f32 = 164.0;
/// Marks shown at most, the latest ones.
const MOST_MARKS: usize = 60;
/// Width of the head of a mark.
const HEAD_WIDTH: f32 = 11.0;

/// State of the panel.
#[derive(Clone, Copy, Debug, Default)]
pub struct LivePlot {
    quantity: Curve,
    abscissa: Abscissa,
}

impl LivePlot {
    /// What one wants to see first of a scene.
    pub fn suited_to(scene: &SceneSpec) -> Self {
        match scene.protocol {
            Some(_) => Self { quantity: Curve::CellVoltage, abscissa: Abscissa::Time },
            None => Self::default(),
        }
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts, requests: &mut Vec<Request>) {
        let Self { quantity, abscissa } = self;
        theme::section(ui, "Plot", |ui| {
            let series = Series::new(facts, *quantity, *abscissa);
            choosers(ui, quantity, abscissa);
            if *quantity == Curve::Efficiency {
                return efficiency_plot::ui(ui, facts.cycles);
            }
            plot(ui, facts, &series, requests);
            if *quantity == Curve::VoltageParts {
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    for (name, color, _) in parts(facts.metrics) {
                        key(ui, color, name);
                    }
                });
            }
        });
    }
}

/// From the right, so that the wider one takes what is left and no more.
fn choosers(ui: &mut egui::Ui, quantity: &mut Curve, abscissa: &mut Abscissa) {
    let height = ui.spacing().interact_size.y;
    let row = egui::vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(row, egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if *quantity == Curve::Efficiency {
            ui.weak("of each cycle");
        } else {
            egui::ComboBox::from_id_salt("plotted over")
                .selected_text(abscissa.label())
                .width(114.0)
                .show_ui(ui, |ui| {
                    for choice in Abscissa::ALL {
                        ui.selectable_value(abscissa, choice, choice.label());
                    }
                });
        }
        egui::ComboBox::from_id_salt("plotted quantity")
            .selected_text(quantity.label())
            .width(ui.available_width())
            .truncate()
            .show_ui(ui, |ui| {
                for choice in Curve::ALL {
                    ui.selectable_value(quantity, choice, choice.label());
                }
            });
    });
}

fn plot(ui: &mut egui::Ui, facts: &Facts, series: &Series<'_>, requests: &mut Vec<Request>) {
    let marks = marks(facts.events, series);
    let [[left, right], [low, high]] = series.bounds();
    let logarithmic = series.quantity.logarithmic();
    let shown = frame("live plot", series.axis, series.unit, logarithmic)
        .include_x(left)
        .include_x(right)
        .include_y(low)
        .include_y(high)
        .label_formatter(|hovered| Some(series.read(position(hovered))?.text))
        .show(ui, |plot| {
            for (event, x) in &marks {
                let line = VLine::new(event.kind.sentence(), *x).color(mark_color(event)).allow_hover(false);
                plot.vline(line.style(LineStyle::dashed_loose()).width(1.0));
            }
            series.draw(plot);
            let pointer = plot.pointer_coordinate().filter(|_| plot.response().hovered());
            if let Some(reading) = pointer.and_then(|at| series.read([at.x, at.y])) {
                let dot = Points::new("value under the pointer", vec![reading.at]);
                plot.points(dot.radius(4.5).color(Color32::WHITE).allow_hover(false));
            }
        });
    for (number, group) in side_by_side(&marks, &shown.transform).into_iter().enumerate() {
        mark(ui, &shown.transform, number, group, requests);
    }
}

/// Where the pointer is. Curves cannot be hovered, so that it is never moved to one.
pub(in crate::ui) fn position(hovered: &egui_plot::HoverPosition<'_>) -> [f64; 2] {
    match hovered {
        egui_plot::HoverPosition::NearDataPoint { position, .. }
        | egui_plot::HoverPosition::Elsewhere { position } => [position.x, position.y],
    }
}

/// A plot with axes that read well and that the mouse does not move. The vertical axis is in `unit`; on a
/// logarithmic one its values are powers of ten.
pub(in crate::ui) fn frame<'a>(name: &'a str, axis: &'a str, unit: &'a str, logarithmic: bool) -> Plot<'a> {
    let upwards = move |mark: GridMark| {
        if logarithmic {
            let value = 10f64.powf(mark.value);
            tick_of(value, value * (10f64.powf(mark.step_size) - 1.0))
        } else {
            tick_of(mark.value, mark.step_size)
        }
    };
    Plot::new(name)
        .height(HEIGHT)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .show_background(false)
        .set_margin_fraction(egui::vec2(0.02, 0.08))
        .grid_spacing(8.0..=22.0)
        .x_grid_spacer(uniform_grid_spacer(|input| [step(input, 4.0); 3]))
        .y_grid_spacer(uniform_grid_spacer(|input| [step(input, 4.0); 3]))
        .grid_color(Color32::from_rgb(0x5a, 0x64, 0x70))
        .custom_x_axes(vec![
            AxisHints::new_x()
                .label(egui::RichText::new(axis).size(14.0))
                .formatter(|mark, _| tick_of(mark.value, mark.step_size))
                .label_spacing(24.0..=40.0),
        ])
        .custom_y_axes(vec![
            AxisHints::new_y()
                .label(egui::RichText::new(unit).size(14.0))
                .formatter(move |mark, _| upwards(mark)),
        ])
}

/// Events with their place on the axis.
fn marks<'a>(events: &'a [Event], series: &Series<'_>) -> Vec<(&'a Event, f64)> {
    // Half-cycles lie over one another: a mark would belong to all of them.
    if series.abscissa == Abscissa::HalfCycle {
        return Vec::new();
    }
    let latest = &events[events.len().saturating_sub(MOST_MARKS)..];
    let across = |event: &Event| match series.abscissa {
        Abscissa::Time => Some(event.time_s / series.axis_unit_size),
        Abscissa::Charge | Abscissa::HalfCycle => at_time(series.samples, &series.across, event.time_s),
    };
    latest.iter().filter_map(|event| Some((event, across(event).filter(|x| x.is_finite())?))).collect()
}

fn mark_color(event: &Event) -> Color32 {
    match (event.kind, event.position) {
        (EventKind::Failure(_), _) => theme::ALARM,
        (_, Some(_)) => theme::TEXT,
        (_, None) => Color32::from_gray(0x90),
    }
}

/// Marks in groups of which one head can tell: they would lie over one another.
fn side_by_side<'a, 'e>(
    marks: &'a [(&'e Event, f64)],
    transform: &PlotTransform,
) -> Vec<&'a [(&'e Event, f64)]> {
    let apart = |a: f64, b: f64| {
        (transform.position_from_point_x(b) - transform.position_from_point_x(a)).abs() >= HEAD_WIDTH
    };
    let mut groups = Vec::new();
    let mut rest = marks;
    while let Some((_, first)) = rest.first() {
        let end = rest.iter().position(|(_, x)| apart(*first, *x)).unwrap_or(rest.len());
        let (group, others) = rest.split_at(end);
        groups.push(group);
        rest = others;
    }
    groups
}

/// The head of a mark, or of several at one place: says what happened, and leads there.
fn mark(
    ui: &mut egui::Ui,
    transform: &PlotTransform,
    number: usize,
    group: &[(&Event, f64)],
    requests: &mut Vec<Request>,
) {
    let Some((first, x)) = group.first() else { return };
    let (frame, at) = (transform.frame(), transform.position_from_point_x(*x));
    if !frame.x_range().expand(1.0).contains(at) {
        return;
    }
    let half = HEAD_WIDTH / 2.0;
    let head = [(-half, 0.0), (half, 0.0), (0.0, 9.0)];
    let head = head.map(|(right, down)| egui::pos2(at + right, frame.top() + down));
    let place = egui::Rect::from_x_y_ranges(at - half..=at + half, frame.top() - 4.0..=frame.top() + 14.0);
    let leads = group.iter().find_map(|(event, _)| event.position);
    let sense = if leads.is_some() { egui::Sense::click() } else { egui::Sense::hover() };
    let response = ui.interact(place, ui.id().with(("event mark", number)), sense);
    let sentences: Vec<_> = group.iter().map(|(event, _)| event.kind.sentence()).collect();
    let name = format!("mark: {}", sentences.join("; "));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, leads.is_some(), &name));
    let worst = group.iter().find(|(event, _)| matches!(event.kind, EventKind::Failure(_)));
    let color =
        if response.hovered() { theme::ACCENT } else { mark_color(worst.map_or(first, |(event, _)| event)) };
    ui.painter().add(egui::Shape::convex_polygon(head.to_vec(), color, egui::Stroke::NONE));
    let mut hint: Vec<String> = (group.iter())
        .map(|(event, _)| format!("{}  {}", style::time(event.time_s), event.kind.sentence()))
        .collect();
    if leads.is_some() {
        hint.push("Click: look at the place".into());
    }
    let response = response.on_hover_text(hint.join("\n"));
    if let Some(place) = leads.filter(|_| response.clicked()) {
        requests.push(Request::LookAt(place));
    }
}

/// Distance of the marks on an axis: 1, 2 or 5 times a power of ten, for at most about `marks` marks.
pub(in crate::ui) fn step(input: GridInput, marks: f64) -> f64 {
    let wanted = (input.bounds.1 - input.bounds.0) / marks;
    if !wanted.is_finite() {
        return f64::MAX;
    }
    if wanted <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(wanted.log10().floor());
    [1.0, 2.0, 5.0].into_iter().find(|mantissa| mantissa * power >= wanted).unwrap_or(10.0) * power
}
