//! One figure over charge or time, with the events of the run as marks.
//!
//! Does: draw one line, the lines of all half-cycles, the stacked parts of the overpotential, or the
//! efficiency of each cycle. A click on a mark flies the camera there.
//! Does not: measure.

use crate::observables::{Event, EventKind, Metrics};
use crate::scene::SceneSpec;
use crate::style;
use crate::ui::curve::{Abscissa, Curve, at_time, half_cycles};
use crate::ui::facts::{Facts, Request};
use crate::ui::panels::efficiency_plot;
use crate::ui::panels::overpotential::parts;
use crate::ui::widgets::format::{significant, tick};
use crate::ui::widgets::marks::key;
use crate::ui::widgets::theme;
use bevy_egui::egui::{self, Color32};
use egui_plot::{
    AxisHints, FilledArea, GridInput, Line, LineStyle, Plot, PlotPoints, PlotTransform, PlotUi, VLine,
    uniform_grid_spacer,
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
            choosers(ui, quantity, abscissa, series.unit);
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
fn choosers(ui: &mut egui::Ui, quantity: &mut Curve, abscissa: &mut Abscissa, unit: &str) {
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
            .selected_text(format!("{}, {unit}", quantity.label()))
            .width(ui.available_width())
            .truncate()
            .show_ui(ui, |ui| {
                for choice in Curve::ALL {
                    ui.selectable_value(quantity, choice, choice.label());
                }
            });
    });
}

/// The numbers of one plot, in the units of its axes.
struct Series<'a> {
    samples: &'a [Metrics],
    quantity: Curve,
    abscissa: Abscissa,
    across: Vec<f64>,
    axis: &'static str,
    unit: &'static str,
    unit_size: f64,
    axis_unit_size: f64,
    /// Largest value shown, in the unit of the figures.
    ceiling: f64,
}

impl<'a> Series<'a> {
    fn new(facts: &Facts<'a>, quantity: Curve, abscissa: Abscissa) -> Self {
        let samples = if quantity.of_shape() { facts.history.samples() } else { facts.history.course() };
        let largest = |values: &mut dyn Iterator<Item = f64>| {
            values.filter(|value| value.is_finite()).fold(0.0, |most: f64, value| most.max(value.abs()))
        };
        let spec = &facts.running.spec;
        // Beyond its cutoff a protocol goes for the rest of one step: a spike of no meaning that would
        // squeeze the curve.
        let cut_off = quantity.is_voltage() && spec.protocol.is_some();
        let ceiling = if cut_off { 1000.0 * spec.cutoff_v } else { f64::INFINITY };
        let mut across = abscissa.of(samples);
        let (axis, axis_unit_size) = abscissa.axis(largest(&mut across.iter().copied()));
        across.iter_mut().for_each(|x| *x /= axis_unit_size);
        let (unit, unit_size) = quantity.unit(largest(&mut samples.iter().map(|sample| quantity.of(sample))));
        Self { samples, quantity, abscissa, across, axis, unit, unit_size, axis_unit_size, ceiling }
    }

    fn height(&self, metrics: &Metrics) -> f64 {
        let value = self.quantity.of(metrics).clamp(-self.ceiling, self.ceiling) / self.unit_size;
        if self.quantity.logarithmic() { value.log10() } else { value }
    }

    fn points(
        &self,
        range: std::ops::Range<usize>,
        wanted: impl Fn(&Metrics) -> bool,
    ) -> PlotPoints<'static> {
        range
            .filter(|index| wanted(&self.samples[*index]))
            .map(|index| [self.across[index], self.height(&self.samples[index])])
            .filter(|point| point.iter().all(|value| value.is_finite()))
            .collect()
    }

    fn draw(&self, plot: &mut PlotUi<'_>) {
        let line = |name: &str, points| Line::new(name, points).width(2.0);
        match (self.abscissa, self.quantity) {
            (Abscissa::HalfCycle, _) => {
                let halves = half_cycles(self.samples);
                let latest = halves.len().saturating_sub(2);
                for (number, half) in halves.into_iter().enumerate() {
                    // The present cycle stands out from those before it.
                    let color =
                        if number >= latest { theme::ACCENT } else { Color32::from_rgb(0x7d, 0x86, 0x92) };
                    let points = self.points(half, |sample| sample.current_density_ma_cm2 != 0.0);
                    plot.line(line(&format!("half-cycle {}", number + 1), points).color(color));
                }
            }
            (_, Curve::VoltageParts) => self.draw_parts(plot),
            _ => {
                let points = self.points(0..self.samples.len(), |_| true);
                plot.line(line(self.quantity.label(), points).color(theme::ACCENT));
            }
        }
    }

    /// Parts on top of one another; where salt relaxes against the current, its part counts as none.
    fn draw_parts(&self, plot: &mut PlotUi<'_>) {
        let finite = |sample: &Metrics| parts(sample).iter().all(|(_, _, part)| part.is_finite());
        let (xs, samples): (Vec<f64>, Vec<&Metrics>) = (self.across.iter().copied())
            .zip(self.samples)
            .filter(|(x, sample)| x.is_finite() && finite(sample))
            .unzip();
        let mut below = vec![0.0; xs.len()];
        for (number, (name, color, _)) in parts(&Metrics::default()).into_iter().enumerate() {
            let above: Vec<f64> = (below.iter().zip(&samples))
                .map(|(below, sample)| below + parts(sample)[number].2.max(0.0) / self.unit_size)
                .map(|above| above.min(self.ceiling / self.unit_size))
                .collect();
            plot.add(FilledArea::new(name, &xs, &below, &above).fill_color(color).allow_hover(false));
            below = above;
        }
    }
}

fn plot(ui: &mut egui::Ui, facts: &Facts, series: &Series<'_>, requests: &mut Vec<Request>) {
    let logarithmic = series.quantity.logarithmic();
    let value_at = move |height: f64| if logarithmic { 10f64.powf(height) } else { height };
    let (axis, unit) = (series.axis, series.unit);
    let marks = marks(facts.events, series);
    let shown = frame("live plot", axis)
        .include_x(0.0)
        .y_axis_formatter(move |mark, _| tick(value_at(mark.value)))
        .label_formatter(move |hovered| {
            let position = match hovered {
                egui_plot::HoverPosition::NearDataPoint { position, .. } => position,
                egui_plot::HoverPosition::Elsewhere { position } => position,
            };
            let axis_unit = axis.rsplit(", ").next().unwrap_or_default();
            let height = significant(value_at(position.y));
            Some(format!("{} {axis_unit}\n{height} {unit}", significant(position.x)))
        })
        .show(ui, |plot| {
            for (event, x) in &marks {
                let line = VLine::new(event.kind.sentence(), *x).color(mark_color(event)).allow_hover(false);
                plot.vline(line.style(LineStyle::dashed_loose()).width(1.0));
            }
            series.draw(plot);
        });
    for (number, group) in side_by_side(&marks, &shown.transform).into_iter().enumerate() {
        mark(ui, &shown.transform, number, group, requests);
    }
}

/// A plot with axes that read well and that the mouse does not move.
pub(in crate::ui) fn frame<'a>(name: &'a str, axis: &'a str) -> Plot<'a> {
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
                .formatter(|mark, _| tick(mark.value))
                .label_spacing(24.0..=40.0),
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
