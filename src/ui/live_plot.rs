//! One figure over charge or time.

use super::facts::Facts;
use super::format::{significant, tick};
use super::theme;
use crate::observables::Metrics;
use bevy_egui::egui::{self, Color32};
use egui_plot::{AxisHints, GridInput, Line, LineStyle, Plot, PlotPoints, VLine, uniform_grid_spacer};

/// What is plotted upwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Quantity {
    #[default]
    Roughness,
    HighestPoint,
    Overpotential,
    RobinLength,
    SurfaceConcentration,
}

impl Quantity {
    const ALL: [Self; 5] = [
        Self::Roughness,
        Self::HighestPoint,
        Self::Overpotential,
        Self::RobinLength,
        Self::SurfaceConcentration,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Roughness => "Roughness, µm",
            Self::HighestPoint => "Highest point, µm",
            Self::Overpotential => "Overpotential, mV",
            Self::RobinLength => "Robin length, µm",
            Self::SurfaceConcentration => "Salt at electrode, mol L⁻¹",
        }
    }

    fn of(self, metrics: &Metrics) -> f64 {
        match self {
            Self::Roughness => metrics.rq_um,
            Self::HighestPoint => metrics.h_max_um,
            Self::Overpotential => metrics.overpotential_mv,
            Self::RobinLength => metrics.robin_length_um,
            Self::SurfaceConcentration => metrics.surface_concentration_mol_l,
        }
    }

    /// The Robin length falls over decades on its way to Sand's time.
    fn logarithmic(self) -> bool {
        self == Self::RobinLength
    }
}

/// What is plotted to the right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Abscissa {
    #[default]
    Charge,
    Time,
}

impl Abscissa {
    fn label(self) -> &'static str {
        match self {
            Self::Charge => "over charge",
            Self::Time => "over time",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Charge => "mAh cm⁻²",
            Self::Time => "s",
        }
    }
}

/// State of the panel.
#[derive(Clone, Copy, Debug, Default)]
pub struct LivePlot {
    quantity: Quantity,
    abscissa: Abscissa,
}

impl LivePlot {
    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let Self { quantity, abscissa } = self;
        theme::section(ui, "Plot", |ui| {
            ui.horizontal(|ui| {
                let gap = ui.spacing().item_spacing.x;
                egui::ComboBox::from_id_salt("plotted quantity")
                    .selected_text(quantity.label())
                    .width(ui.available_width() - 118.0 - gap)
                    .truncate()
                    .show_ui(ui, |ui| {
                        for choice in Quantity::ALL {
                            ui.selectable_value(quantity, choice, choice.label());
                        }
                    });
                egui::ComboBox::from_id_salt("plotted over")
                    .selected_text(abscissa.label())
                    .width(118.0)
                    .truncate()
                    .show_ui(ui, |ui| {
                        for choice in [Abscissa::Charge, Abscissa::Time] {
                            ui.selectable_value(abscissa, choice, choice.label());
                        }
                    });
            });
            plot(ui, facts, *quantity, *abscissa);
        });
    }
}

fn plot(ui: &mut egui::Ui, facts: &Facts, quantity: Quantity, abscissa: Abscissa) {
    let height = |metrics: &Metrics| {
        let value = quantity.of(metrics);
        if quantity.logarithmic() { value.log10() } else { value }
    };
    let across = |metrics: &Metrics| match abscissa {
        Abscissa::Charge => metrics.areal_capacity_mah_cm2,
        Abscissa::Time => metrics.time_s,
    };
    let points: PlotPoints<'_> = (facts.history.samples().iter())
        .map(|metrics| [across(metrics), height(metrics)])
        .filter(|point| point.iter().all(|value| value.is_finite()))
        .collect();
    let value_at = move |height: f64| if quantity.logarithmic() { 10f64.powf(height) } else { height };
    let unit = abscissa.unit();
    Plot::new("live plot")
        .height(150.0)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .show_background(false)
        .set_margin_fraction(egui::vec2(0.02, 0.08))
        .grid_spacing(8.0..=22.0)
        .x_grid_spacer(uniform_grid_spacer(|input| [step(input, 4.0); 3]))
        .y_grid_spacer(uniform_grid_spacer(|input| [step(input, 3.0); 3]))
        .grid_color(Color32::from_rgb(0x5a, 0x64, 0x70))
        .include_x(0.0)
        .custom_x_axes(vec![
            AxisHints::new_x()
                .label(egui::RichText::new(unit).size(14.0))
                .formatter(|mark, _| tick(mark.value))
                .label_spacing(24.0..=40.0),
        ])
        .y_axis_formatter(move |mark, _| tick(value_at(mark.value)))
        .label_formatter(move |hovered| {
            let position = match hovered {
                egui_plot::HoverPosition::NearDataPoint { position, .. } => position,
                egui_plot::HoverPosition::Elsewhere { position } => position,
            };
            Some(format!("{} {unit}\n{}", significant(position.x), significant(value_at(position.y))))
        })
        .show(ui, |plot| {
            for event in facts.events {
                let x = match abscissa {
                    Abscissa::Charge => event.areal_capacity_mah_cm2,
                    Abscissa::Time => event.time_s,
                };
                let line = VLine::new(event.kind.sentence(), x).color(Color32::from_gray(0x70));
                plot.vline(line.style(LineStyle::dashed_loose()).width(1.0));
            }
            plot.line(Line::new(quantity.label(), points).color(theme::ACCENT).width(2.0));
        });
}

/// Distance of the marks on an axis: 1, 2 or 5 times a power of ten, for at most about `marks` marks.
fn step(input: GridInput, marks: f64) -> f64 {
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
