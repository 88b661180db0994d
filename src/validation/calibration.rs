//! Parameters fitted on printed Coulombic efficiencies, and judged on others.
//!
//! Does: read a plan, find the parameters by compass search, judge all rows, and judge each paper by a fit
//! without its rows.
//! Does not: change a parameter file. What is found is printed; a person writes it down with its source.
//! Accuracy: parameters to a factor of 2^¼, at the least change that keeps the bounds. Rows are compared by
//! ln(CE/(100 % − CE)), so that 99 % and 99.9 % differ as much as 50 % and 91 %. A bound that is kept counts
//! as no deviation.

use super::{ValidationError, scene};
use crate::scene::{self as scenes, Scene, SceneError};
use crate::simulation::Simulation;
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

/// What is fitted on what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Scene of the library that is run with every row's electrolyte.
    scene: String,
    /// Settings of that scene, as for `--set`.
    settings: Vec<String>,
    /// Cycles of each run.
    cycles: u32,
    /// Voltage to which metal is stripped, V.
    strip_to_v: f64,
    /// Seeds of each row.
    seeds: u64,
    parameters: Vec<Fitted>,
    rows: Vec<Row>,
}

/// A parameter that is fitted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fitted {
    /// Its path, as for `--set`.
    path: String,
    /// Value at which the search begins.
    start: f64,
    /// Least and largest value.
    range: (f64, f64),
}

/// A printed efficiency.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    electrolyte: String,
    current_density_ma_cm2: f64,
    capacity_mah_cm2: f64,
    efficiency_percent: Printed,
    /// The paper that it comes from: rows of one paper are left out together.
    paper: String,
    /// True where parameters are fitted on it; else it is only judged.
    fit: bool,
}

/// An efficiency as it is printed, percent.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
enum Printed {
    Below(f64),
    Above(f64),
    About(f64),
}

/// ln(CE/(100 % − CE)), between 0.1 % and 99.99 %.
fn logit(percent: f64) -> f64 {
    let percent = percent.clamp(0.1, 99.99);
    (percent / (100.0 - percent)).ln()
}

impl Printed {
    fn percent(self) -> f64 {
        let (Self::Below(percent) | Self::Above(percent) | Self::About(percent)) = self;
        percent
    }

    /// How far an efficiency is off, in units of [`logit`]; 0 where a bound is kept.
    fn deviation(self, percent: f64) -> f64 {
        let off = logit(percent) - logit(self.percent());
        match self {
            Self::Below(_) => off.max(0.0),
            Self::Above(_) => off.min(0.0),
            Self::About(_) => off,
        }
    }

    /// True where this is printed as less than the other: bounds may not overlap.
    fn is_less_than(self, other: Self) -> bool {
        !matches!(self, Self::Above(_))
            && !matches!(other, Self::Below(_))
            && self.percent() < other.percent()
            // Two figures that are as good as equal have no order.
            && (logit(self.percent()) - logit(other.percent())).abs() > 0.5
    }
}

impl std::fmt::Display for Printed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Below(percent) => write!(f, "< {percent}"),
            Self::Above(percent) => write!(f, "> {percent}"),
            Self::About(percent) => write!(f, "{percent}"),
        }
    }
}

impl Plan {
    /// Reads a plan from the text of a file.
    ///
    /// # Errors
    /// Names file, line, fault and cure.
    pub fn read(path: &std::path::Path) -> Result<Self, SceneError> {
        let plan: Self = scenes::read_ron(path)?;
        let fault = |what: String, cure: &str| SceneError::Content {
            place: path.display().to_string(),
            what,
            cure: cure.into(),
        };
        for Fitted { path, start, range: (low, high) } in &plan.parameters {
            if !(*low > 0.0 && low <= start && start <= high && high.is_finite()) {
                let what = format!("`{path}` starts at {start}, with a range from {low} to {high}");
                return Err(fault(what, "give 0 < least ≤ start ≤ largest"));
            }
        }
        for row in &plan.rows {
            let percent = row.efficiency_percent.percent();
            if !(percent > 0.0 && percent < 100.0) {
                let what = format!("`{}` has an efficiency of {percent} %", row.electrolyte);
                return Err(fault(what, "give a number between 0 and 100"));
            }
        }
        if plan.rows.iter().all(|row| !row.fit) || plan.parameters.is_empty() {
            return Err(fault(
                "there is nothing to fit".into(),
                "give parameters, and `fit: true` to rows that they are fitted on",
            ));
        }
        if plan.cycles == 0 || plan.seeds == 0 {
            return Err(fault(format!("{} cycles and {} seeds", plan.cycles, plan.seeds), "give 1 or more"));
        }
        Ok(plan)
    }

    /// The half cell of a row.
    fn cell(&self, row: &Row, values: &[f64]) -> Result<Scene, SceneError> {
        let Row { current_density_ma_cm2: current, capacity_mah_cm2: capacity, .. } = row;
        let plate = format!(
            r#"{{"Plate":{{"current_density_ma_cm2":{current},"until":{{"capacity_mah_cm2":{capacity}}}}}}}"#
        );
        let strip = format!(
            r#"{{"Strip":{{"current_density_ma_cm2":{current},"until":{{"voltage_v":{}}}}}}}"#,
            self.strip_to_v
        );
        let cycles = self.cycles;
        let mut settings = self.settings.clone();
        settings.push(format!("electrolyte={}", row.electrolyte));
        settings.push(format!(r#"protocol=[{{"Repeat":{{"times":{cycles},"steps":[{plate},{strip}]}}}}]"#));
        settings.extend(self.parameters.iter().zip(values).map(|(p, value)| format!("{}={value:e}", p.path)));
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        scene(&self.scene, &settings)
    }

    /// Coulombic efficiency of a row over all its cycles, percent; 0 where no cycle came to an end.
    fn efficiency(&self, row: &Row, values: &[f64], seed: u64) -> Result<f64, ValidationError> {
        let mut run = Simulation::new(&self.cell(row, values)?, seed)?;
        while !run.finished() {
            run.advance(256);
        }
        Ok(run.mean_efficiency_percent().unwrap_or(0.0))
    }

    /// Compass search from the start values: steps of 2, √2 and 2^¼ in every direction, as long as they help.
    fn search(&self, rows: &[usize], known: &mut Known) -> Result<Vec<f64>, ValidationError> {
        let mut best: Vec<f64> = self.parameters.iter().map(|parameter| parameter.start).collect();
        let mut least = known.cost(self, &best, rows)?;
        for step in [2.0, std::f64::consts::SQRT_2, libm::sqrt(std::f64::consts::SQRT_2)] {
            loop {
                let mut better = None;
                for (index, Fitted { range, .. }) in self.parameters.iter().enumerate() {
                    for factor in [step, 1.0 / step] {
                        let mut next = best.clone();
                        next[index] = (next[index] * factor).clamp(range.0, range.1);
                        let cost = known.cost(self, &next, rows)?;
                        if cost < least - LEAST_GAIN {
                            (least, better) = (cost, Some(next));
                        }
                    }
                }
                match better {
                    Some(next) => best = next,
                    None => break,
                }
            }
        }
        Ok(best)
    }
}

/// A step that gains less is not made.
const LEAST_GAIN: f64 = 1e-3;
/// What it costs to change a parameter by a factor of e: bounds are kept by the least change that does.
const PRICE_OF_CHANGE: f64 = 0.02;

/// Efficiencies that have been computed, by row and values of the parameters.
#[derive(Default)]
struct Known(HashMap<(usize, Vec<u64>), f64>);

impl Known {
    /// Efficiencies of rows, percent.
    fn efficiencies(
        &mut self,
        plan: &Plan,
        values: &[f64],
        rows: &[usize],
    ) -> Result<Vec<f64>, ValidationError> {
        let bits: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
        let key = |row: usize| (row, bits.clone());
        let open = rows.iter().copied().filter(|row| !self.0.contains_key(&key(*row)));
        let runs: Vec<(usize, u64)> =
            open.flat_map(|row| (1..=plan.seeds).map(move |seed| (row, seed))).collect();
        let found: Result<Vec<f64>, ValidationError> =
            runs.par_iter().map(|(row, seed)| plan.efficiency(&plan.rows[*row], values, *seed)).collect();
        for ((row, _), percent) in runs.into_iter().zip(found?) {
            *self.0.entry(key(row)).or_insert(0.0) += percent / plan.seeds as f64;
        }
        Ok(rows.iter().map(|row| self.0[&key(*row)]).collect())
    }

    /// Root of the mean square of the deviations, and the price of the changes.
    fn cost(&mut self, plan: &Plan, values: &[f64], rows: &[usize]) -> Result<f64, ValidationError> {
        let found = self.efficiencies(plan, values, rows)?;
        let off = |(row, percent): (&usize, f64)| plan.rows[*row].efficiency_percent.deviation(percent);
        let changes = plan.parameters.iter().zip(values).map(|(of, value)| (value / of.start).ln().abs());
        Ok(root_mean_square(rows.iter().zip(found).map(off)) + PRICE_OF_CHANGE * changes.sum::<f64>())
    }
}

fn root_mean_square(deviations: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = deviations.fold((0.0, 0), |(sum, count), off| (sum + off * off, count + 1));
    (sum / f64::from(count.max(1))).sqrt()
}

/// What a calibration found.
#[derive(Debug)]
pub struct Calibration {
    /// Path, value at the start, fitted value, values without each paper.
    parameters: Vec<(String, f64, f64, Vec<f64>)>,
    rows: Vec<Judged>,
}

/// A row and the efficiencies of the model, percent.
#[derive(Debug)]
struct Judged {
    row: Row,
    before: f64,
    fitted: f64,
    /// By the parameters that were fitted without the rows of its paper; none where no other rows are fitted
    /// on.
    left_out: Option<f64>,
}

/// Fits the parameters and judges all rows; `tell` hears of each fit as it begins.
///
/// # Errors
/// A scene that does not load or a box that does not fit.
pub fn calibrate(plan: &Plan, mut tell: impl FnMut(&str)) -> Result<Calibration, ValidationError> {
    let start: Vec<f64> = plan.parameters.iter().map(|parameter| parameter.start).collect();
    // What cannot be run is found out before minutes are spent.
    for row in &plan.rows {
        plan.cell(row, &start)?;
    }
    let mut known = Known::default();
    let all: Vec<usize> = (0..plan.rows.len()).collect();
    let of_fit = |left_out: Option<&str>| -> Vec<usize> {
        let kept = |row: &Row| row.fit && Some(row.paper.as_str()) != left_out;
        all.iter().copied().filter(|row| kept(&plan.rows[*row])).collect()
    };
    tell("all rows to fit on");
    let fitted = plan.search(&of_fit(None), &mut known)?;
    let before = known.efficiencies(plan, &start, &all)?;
    let after = known.efficiencies(plan, &fitted, &all)?;
    let mut left_out = vec![None; plan.rows.len()];
    let mut others = vec![Vec::new(); plan.parameters.len()];
    let papers: BTreeSet<&str> = plan.rows.iter().map(|row| row.paper.as_str()).collect();
    for paper in papers {
        let rows = of_fit(Some(paper));
        if rows.is_empty() {
            continue;
        }
        tell(&format!("without {paper}"));
        let values = plan.search(&rows, &mut known)?;
        others.iter_mut().zip(&values).for_each(|(list, value)| list.push(*value));
        let mine: Vec<usize> = all.iter().copied().filter(|row| plan.rows[*row].paper == paper).collect();
        let found = known.efficiencies(plan, &values, &mine)?;
        mine.into_iter().zip(found).for_each(|(row, percent)| left_out[row] = Some(percent));
    }
    let parameters = (plan.parameters.iter().zip(fitted).zip(others))
        .map(|((parameter, value), others)| (parameter.path.clone(), parameter.start, value, others));
    let rows = (plan.rows.iter().zip(before).zip(after).zip(left_out))
        .map(|(((row, before), fitted), left_out)| Judged { row: row.clone(), before, fitted, left_out });
    Ok(Calibration { parameters: parameters.collect(), rows: rows.collect() })
}

impl Calibration {
    fn score(&self, of: impl Fn(&Judged) -> Option<f64>) -> f64 {
        let off = |judged: &Judged| Some(judged.row.efficiency_percent.deviation(of(judged)?));
        root_mean_square(self.rows.iter().filter_map(off))
    }

    /// Pairs of rows that are printed in an order, and how many of them the fitted model has in that order.
    fn ordered(&self) -> (usize, usize) {
        let pairs = self.rows.iter().flat_map(|a| self.rows.iter().map(move |b| (a, b)));
        let printed = pairs.filter(|(a, b)| a.row.efficiency_percent.is_less_than(b.row.efficiency_percent));
        printed.fold((0, 0), |(all, good), (a, b)| (all + 1, good + usize::from(a.fitted < b.fitted)))
    }

    /// A table for the terminal: parameters, then rows, the farthest off first.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = "parameter: start, fitted, and fitted without each paper in turn\n".to_owned();
        for (path, start, value, others) in &self.parameters {
            let others: Vec<String> = others.iter().map(|value| format!("{value:.3e}")).collect();
            let _ = writeln!(text, "  {path}: {start:.3e}, {value:.3e}; {}", others.join(", "));
        }
        let mut rows: Vec<&Judged> = self.rows.iter().collect();
        let off = |judged: &Judged| judged.row.efficiency_percent.deviation(judged.fitted).abs();
        rows.sort_by(|a, b| off(b).total_cmp(&off(a)));
        let name = |row: &Row| {
            let Row { electrolyte, current_density_ma_cm2: i, capacity_mah_cm2: q, .. } = row;
            format!("{electrolyte}, {i} mA/cm², {q} mAh/cm²")
        };
        let width = rows.iter().map(|judged| name(&judged.row).chars().count()).max().unwrap_or(0);
        let _ = writeln!(
            text,
            "\n{:width$}  printed %  before  fitted  without its paper  off by  fitted on",
            "Coulombic efficiency"
        );
        for judged in rows {
            let Judged { row, before, fitted, left_out } = judged;
            let left_out = left_out.map_or("-".to_owned(), |percent| format!("{percent:.2}"));
            let used = if row.fit { "yes" } else { "" };
            let line = format!(
                "{:width$}  {:>9}  {before:6.2}  {fitted:6.2}  {left_out:>17}  {:6.2}  {used}",
                name(row),
                row.efficiency_percent.to_string(),
                off(judged)
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
        let (all, good) = self.ordered();
        let _ = writeln!(
            text,
            "\nRoot mean square of ln(CE/(100 − CE)) against the print: {:.2} before, {:.2} fitted, {:.2} with each paper left out.\n{good} of {all} pairs in the printed order; {} rows, fitted on {}.",
            self.score(|judged| Some(judged.before)),
            self.score(|judged| Some(judged.fitted)),
            self.score(|judged| judged.left_out),
            self.rows.len(),
            self.rows.iter().filter(|judged| judged.row.fit).count(),
        );
        text
    }

    /// A table for other programs.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text =
            "electrolyte,current_density_ma_cm2,capacity_mah_cm2,printed_percent,paper,fitted_on,before_percent,fitted_percent,left_out_percent\n"
                .to_owned();
        for Judged { row, before, fitted, left_out } in &self.rows {
            let left_out = left_out.map(|percent| percent.to_string()).unwrap_or_default();
            let Row { electrolyte, current_density_ma_cm2, capacity_mah_cm2, efficiency_percent, paper, fit } =
                row;
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let _ = writeln!(
                text,
                "{},{current_density_ma_cm2},{capacity_mah_cm2},{efficiency_percent},{},{fit},{before},{fitted},{left_out}",
                quoted(electrolyte),
                quoted(paper),
            );
        }
        text
    }
}

#[cfg(test)]
#[path = "calibration_tests.rs"]
mod tests;
