//! Coulombic efficiency of each cycle, and above it what the rest was lost to.
//!
//! Does: draw a point per cycle and let its losses hang from 100 % down to it.
//! Does not: add anything up; the simulation balances each cycle.
//! Accuracy: a share below zero, as of dead metal that found contact again, is not drawn.

use crate::observables::Cycle;
use crate::ui::panels::cell_life::{CORROSION, DEAD, LEFT, SEI};
use crate::ui::panels::live_plot::{frame, position, step};
use crate::ui::widgets::marks::key;
use crate::ui::widgets::theme;
use bevy_egui::egui;
use egui_plot::{Bar, BarChart, Line, PlotPoints, Points, uniform_grid_spacer};

/// Shows the plot.
pub fn ui(ui: &mut egui::Ui, cycles: &[Cycle]) {
    if cycles.is_empty() {
        ui.weak("Efficiency is known once a cycle is complete.");
        return;
    }
    let (first, last) = (cycles[0].number, cycles[cycles.len() - 1].number);
    let cycle_at = |x: f64| cycles.iter().find(|cycle| f64::from(cycle.number) == x.round());
    frame("efficiency plot", "cycle", "%", false)
        .include_x(f64::from(first) - 0.6)
        .include_x(f64::from(last) + 0.6)
        .include_y(100.0)
        .x_grid_spacer(uniform_grid_spacer(|input| [step(input, 6.0).max(1.0); 3]))
        .label_formatter(|hovered| cycle_at(position(hovered)[0]).map(sentence))
        .show(ui, |plot| {
            for chart in losses(cycles) {
                plot.bar_chart(chart);
            }
            let points = || -> PlotPoints<'_> {
                cycles.iter().filter_map(|cycle| Some([f64::from(cycle.number), cycle.ce_percent?])).collect()
            };
            plot.line(Line::new("CE line", points()).color(EFFICIENCY).width(1.5).allow_hover(false));
            plot.points(Points::new("CE", points()).color(EFFICIENCY).radius(4.0).allow_hover(false));
        });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for (name, color) in
            [("CE", EFFICIENCY), ("dead", DEAD), ("SEI", SEI), ("corrosion", CORROSION), ("left", LEFT)]
        {
            key(ui, color, name);
        }
    });
}

/// Not the accent: that is the film's colour.
const EFFICIENCY: egui::Color32 = theme::TEXT;

fn losses(cycles: &[Cycle]) -> Vec<BarChart> {
    let parts: [(&str, egui::Color32, fn(&Cycle) -> f64); 4] = [
        ("left", LEFT, |cycle| cycle.left_percent),
        ("corrosion", CORROSION, |cycle| cycle.corrosion_percent),
        ("SEI", SEI, |cycle| cycle.sei_percent),
        ("dead", DEAD, |cycle| cycle.dead_percent),
    ];
    // Losses hang from an efficiency; a cycle that left metal by plan has none.
    let cycles: Vec<(&Cycle, f64)> =
        cycles.iter().filter_map(|cycle| Some((cycle, cycle.ce_percent?))).collect();
    let mut bases: Vec<f64> = cycles.iter().map(|(_, efficiency)| *efficiency).collect();
    parts
        .into_iter()
        .map(|(name, color, part)| {
            let bars = cycles.iter().zip(&mut bases).filter_map(|((cycle, _), base)| {
                let share = part(cycle).max(0.0);
                let bar = Bar::new(f64::from(cycle.number), share).base_offset(*base).fill(color);
                *base += share;
                (share.is_finite() && base.is_finite()).then(|| bar.width(0.7))
            });
            BarChart::new(name, bars.collect()).allow_hover(false)
        })
        .collect()
}

fn sentence(cycle: &Cycle) -> String {
    let Cycle {
        number,
        ce_percent,
        ce_measured_percent,
        ce_over_cycles,
        dead_percent,
        sei_percent,
        corrosion_percent,
        left_percent,
        ..
    } = cycle;
    // A hair below zero is zero.
    let share = |percent: &f64| format!("{:.1} %", (10.0 * percent).round() / 10.0 + 0.0);
    let mut efficiency = match ce_percent {
        Some(percent) if *ce_over_cycles > 1 => {
            format!("efficiency {} over {ce_over_cycles} cycles", share(percent))
        }
        Some(percent) => format!("efficiency {}", share(percent)),
        None => "metal was left by plan".into(),
    };
    if let (Some(own), Some(measured)) = (ce_percent, ce_measured_percent)
        && (own - measured).abs() >= 0.05
    {
        efficiency += &format!(" without the leak, {} as measured", share(measured));
    }
    format!(
        "cycle {number}: {efficiency}\ndead {}, SEI {}\ncorrosion {}, left {}",
        share(dead_percent),
        share(sei_percent),
        share(corrosion_percent),
        share(left_percent)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui_plot::PlotItem;

    #[test]
    fn losses_fill_the_room_between_the_efficiency_and_all() {
        let cycle = Cycle {
            number: 1,
            ce_percent: Some(90.0),
            dead_percent: 6.0,
            sei_percent: 2.5,
            corrosion_percent: 1.0,
            left_percent: 0.5,
            ..Cycle::default()
        };
        let charts = losses(&[cycle]);
        let top = charts.last().unwrap().bounds().max()[1];
        assert!((top - 100.0).abs() < 1e-9, "{top}");
        assert!(sentence(&cycle).contains("efficiency 90.0 %\n"));
        let leaky = Cycle { ce_measured_percent: Some(104.0), ..cycle };
        assert!(sentence(&leaky).contains("efficiency 90.0 % without the leak, 104.0 % as measured\n"));
    }

    #[test]
    fn a_cycle_that_left_metal_by_plan_has_no_point_and_says_so() {
        let cycle = Cycle { number: 2, left_percent: 75.0, ..Cycle::default() };
        assert!(losses(&[cycle]).iter().all(|chart| !chart.bounds().is_valid()));
        assert!(sentence(&cycle).starts_with("cycle 2: metal was left by plan"));
    }

    #[test]
    fn shares_that_are_no_numbers_are_left_out() {
        let cycle = Cycle { number: 1, ce_percent: Some(f64::NAN), dead_percent: -3.0, ..Cycle::default() };
        assert_eq!(losses(&[cycle]).len(), 4);
    }
}
