//! The curves of one plot.
//!
//! Does: draw one line, the lines of all half-cycles, or the stacked parts of the overpotential; say what a
//! curve shows at the pointer.
//! Does not: draw axes or events.

use crate::observables::Metrics;
use crate::ui::curve::{Abscissa, Curve, half_cycles};
use crate::ui::facts::Facts;
use crate::ui::panels::overpotential::parts;
use crate::ui::widgets::format::{significant, with_unit};
use crate::ui::widgets::theme;
use bevy_egui::egui::Color32;
use egui_plot::{FilledArea, Line, PlotPoints, PlotUi};

/// The numbers of one plot, in the units of its axes.
pub(super) struct Series<'a> {
    pub samples: &'a [Metrics],
    pub quantity: Curve,
    pub abscissa: Abscissa,
    pub across: Vec<f64>,
    /// Name and unit of the horizontal axis.
    pub axis: &'static str,
    /// Unit of the vertical axis.
    pub unit: &'static str,
    pub axis_unit_size: f64,
    unit_size: f64,
    /// Largest value shown, in the unit of the figures.
    ceiling: f64,
}

/// What a curve shows somewhere.
pub(super) struct Reading {
    /// The place on the curve.
    pub at: [f64; 2],
    /// Its values with their units.
    pub text: String,
}

impl<'a> Series<'a> {
    pub fn new(facts: &Facts<'a>, quantity: Curve, abscissa: Abscissa) -> Self {
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

    /// Every point of every curve that can be drawn.
    fn places(&self) -> impl Iterator<Item = (usize, [f64; 2])> {
        self.places_in(0..self.samples.len())
    }

    fn places_in(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, [f64; 2])> {
        range
            .map(|index| (index, [self.across[index], self.height(&self.samples[index])]))
            // Half-cycles leave rests out.
            .filter(|(index, _)| {
                self.abscissa != Abscissa::HalfCycle || self.samples[*index].current_density_ma_cm2 != 0.0
            })
            .filter(|(_, point)| point.iter().all(|value| value.is_finite()))
    }

    /// What the axes must show, also where all values are the same: `[[left, right], [low, high]]`.
    pub fn bounds(&self) -> [[f64; 2]; 2] {
        let (mut right, mut low, mut high) = (0.0f64, f64::INFINITY, f64::NEG_INFINITY);
        for (_, [x, y]) in self.places() {
            (right, low, high) = (right.max(x), low.min(y), high.max(y));
        }
        if low > high {
            (low, high) = (0.0, 0.0);
        }
        if high - low <= 1e-9 * high.abs().max(low.abs()) {
            let room = if high == 0.0 { 1.0 } else { 0.5 * high.abs() };
            // A quantity that is never negative has no negative axis.
            (low, high) = (if high == 0.0 { 0.0 } else { low - room }, high + room);
        }
        [[0.0, if right > 0.0 { right } else { 1.0 }], [low, high]]
    }

    /// The value of the curve at the pointer: nearest sideways, on half-cycles nearest in both directions.
    pub fn read(&self, pointer: [f64; 2]) -> Option<Reading> {
        let [[left, right], [low, high]] = self.bounds();
        let sideways = if self.abscissa == Abscissa::HalfCycle { 1.0 } else { 1e3 };
        let distance = |[x, y]: [f64; 2]| {
            let (x, y) = ((x - pointer[0]) / (right - left), (y - pointer[1]) / (high - low));
            sideways * x * x + y * y
        };
        let nearest = self.places().min_by(|(_, a), (_, b)| distance(*a).total_cmp(&distance(*b)));
        let (index, at) = nearest?;
        let sample = &self.samples[index];
        let axis_unit = self.axis.rsplit(", ").next().unwrap_or_default();
        let mut lines = vec![with_unit(at[0], axis_unit)];
        if self.quantity == Curve::VoltageParts {
            lines.extend(parts(sample).into_iter().map(|(name, _, part)| {
                let value = with_unit(part / self.unit_size, self.unit);
                format!("{name} {value}")
            }));
        } else {
            // The axis ends at the cutoff; the value is the one measured.
            let value = self.quantity.of(sample) / self.unit_size;
            lines.push(format!("{} {}", significant(value), self.unit));
        }
        Some(Reading { at, text: lines.join("\n") })
    }

    pub fn draw(&self, plot: &mut PlotUi<'_>) {
        let line = |name: &str, range| {
            let points: PlotPoints<'_> = self.places_in(range).map(|(_, point)| point).collect();
            Line::new(name, points).width(2.0).allow_hover(false)
        };
        match (self.abscissa, self.quantity) {
            (Abscissa::HalfCycle, _) => {
                let halves = half_cycles(self.samples);
                let latest = halves.len().saturating_sub(2);
                for (number, half) in halves.into_iter().enumerate() {
                    // The present cycle stands out from those before it.
                    let color =
                        if number >= latest { theme::ACCENT } else { Color32::from_rgb(0x7d, 0x86, 0x92) };
                    plot.line(line(&format!("half-cycle {}", number + 1), half).color(color));
                }
            }
            (_, Curve::VoltageParts) => self.draw_parts(plot),
            _ => plot.line(line(self.quantity.label(), 0..self.samples.len()).color(theme::ACCENT)),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn series(samples: &[Metrics], quantity: Curve, abscissa: Abscissa) -> Series<'_> {
        Series {
            across: abscissa.of(samples),
            samples,
            quantity,
            abscissa,
            axis: abscissa.axis(1.0).0,
            unit: quantity.unit(1.0).0,
            unit_size: 1.0,
            axis_unit_size: 1.0,
            ceiling: f64::INFINITY,
        }
    }

    fn sample(time_s: f64, cell_voltage_mv: f64) -> Metrics {
        Metrics { time_s, cell_voltage_mv, current_density_ma_cm2: 1.0, ..Metrics::default() }
    }

    #[test]
    fn axes_have_room_at_the_first_moment_and_no_negative_side_that_means_nothing() {
        for (samples, bounds) in [
            (vec![], [[0.0, 1.0], [0.0, 1.0]]),
            (vec![sample(0.0, 0.0)], [[0.0, 1.0], [0.0, 1.0]]),
            (vec![sample(0.0, 40.0), sample(2.0, 40.0)], [[0.0, 2.0], [20.0, 60.0]]),
            (vec![sample(0.0, f64::NAN), sample(3.0, -10.0)], [[0.0, 3.0], [-15.0, -5.0]]),
            (vec![sample(0.0, 1.0), sample(4.0, 5.0)], [[0.0, 4.0], [1.0, 5.0]]),
        ] {
            assert_eq!(series(&samples, Curve::CellVoltage, Abscissa::Time).bounds(), bounds);
        }
    }

    #[test]
    fn the_pointer_reads_the_curve_and_not_its_own_place() {
        let samples = [sample(0.0, 10.0), sample(1.0, 20.0), sample(2.0, 10.0)];
        let curve = series(&samples, Curve::CellVoltage, Abscissa::Time);
        let reading = curve.read([1.2, 11.0]).expect("a point");
        assert_eq!((reading.at, reading.text.as_str()), ([1.0, 20.0], "1.00 s\n20.0 mV"));
        assert!(series(&[], Curve::CellVoltage, Abscissa::Time).read([0.0, 0.0]).is_none());
        let parts = series(&samples, Curve::VoltageParts, Abscissa::Time).read([0.0, 0.0]).expect("parts");
        assert_eq!(parts.text.lines().count(), 7, "the time and six parts: {}", parts.text);
    }
}
