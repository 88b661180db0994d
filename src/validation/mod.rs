//! The laws that the model must obey, each measured on the program as it is.
//!
//! Does: measure every law, judge it against its bound, report it with seeds and standard error.
//! Does not: fit parameters, or judge figures of papers that depend on fitted ones.
//! Accuracy: each law says its tolerance and why.

mod books;
pub mod calibration;
mod chance;
mod distribution;
mod films;
mod lattice_edge;
mod published;
mod report;
mod transport;

pub use calibration::calibrate;
pub use report::{csv, html, table};

use crate::scene::{self, Scene, SceneError};
use crate::simulation::{BuildError, Simulation};

/// Why a law could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum ValidationError {
    /// A scene of the library does not load.
    #[error(transparent)]
    Scene(#[from] SceneError),
    /// A box does not fit the memory.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// How much is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Fewer seeds and smaller clusters: less than a minute on two cores.
    Quick,
    /// More seeds and larger clusters: minutes.
    Full,
}

impl Effort {
    /// One of two numbers.
    fn choose<T>(self, quick: T, full: T) -> T {
        match self {
            Self::Quick => quick,
            Self::Full => full,
        }
    }
}

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// This number, and nothing else.
    Exactly(f64),
    /// This far from a number at most.
    Near(f64, f64),
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
    /// A number, or less or more by a factor at most.
    Factor(f64, f64),
}

impl Bound {
    /// True where the value keeps the bound; never for what is no number.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Exactly(wanted) => value == wanted,
            Self::Near(wanted, tolerance) => (value - wanted).abs() <= tolerance,
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
            Self::Factor(wanted, factor) => value * factor >= wanted && value <= wanted * factor,
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Exactly(wanted) => write!(f, "exactly {wanted}"),
            Self::Near(wanted, tolerance) => write!(f, "{wanted} ± {tolerance}"),
            Self::AtMost(most) => write!(f, "at most {most}"),
            Self::AtLeast(least) => write!(f, "at least {least}"),
            Self::Factor(wanted, factor) => write!(f, "{wanted} within a factor of {factor}"),
        }
    }
}

/// A law or a published number.
pub struct Law {
    /// Short name, unique.
    pub name: &'static str,
    /// What the value is, with its unit, and how it is measured.
    pub how: &'static str,
    /// What the value must be.
    pub bound: Bound,
    /// Why the tolerance is what it is, or where the number comes from.
    pub because: &'static str,
    measure: fn(Effort) -> Result<Measured, ValidationError>,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The value, or its mean over the seeds.
    pub value: f64,
    /// Standard error of the value; `None` where there is no chance.
    pub standard_error: Option<f64>,
    /// Runs with different random numbers behind it.
    pub seeds: usize,
    /// Points behind the value.
    pub figure: Option<Figure>,
}

impl Measured {
    /// A value without chance.
    fn exact(value: f64) -> Self {
        Self { value, standard_error: None, seeds: 1, figure: None }
    }

    /// The mean of one value for each seed.
    fn mean_of(values: &[f64]) -> Self {
        Self::jackknife(values.len(), |left_out| {
            let kept = || values.iter().enumerate().filter(|(seed, _)| Some(*seed) != left_out);
            kept().map(|(_, value)| value).sum::<f64>() / kept().count() as f64
        })
    }

    /// Any value that is computed from all seeds, with its standard error by leaving out one seed at a time
    /// (Quenouille and Tukey).
    fn jackknife(seeds: usize, value: impl Fn(Option<usize>) -> f64) -> Self {
        let without: Vec<f64> = (0..seeds).map(|seed| value(Some(seed))).collect();
        let middle = without.iter().sum::<f64>() / seeds as f64;
        let squares: f64 = without.iter().map(|value| (value - middle).powi(2)).sum();
        let error = (squares * (seeds as f64 - 1.0) / seeds as f64).sqrt();
        Self { value: value(None), standard_error: Some(error), seeds, figure: None }
    }

    fn with_figure(mut self, axes: [&'static str; 2], lines: Vec<(String, Vec<[f64; 2]>)>) -> Self {
        self.figure = Some(Figure { axes, lines });
        self
    }
}

/// Lines in a plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Names of the axes, with units.
    pub axes: [&'static str; 2],
    /// Name and points of each line.
    pub lines: Vec<(String, Vec<[f64; 2]>)>,
}

/// A law with what was found.
pub struct Finding {
    /// The law.
    pub law: &'static Law,
    /// What was measured.
    pub measured: Measured,
}

impl Finding {
    /// True where the law holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.law.bound.holds(self.measured.value)
    }
}

/// All laws, in the order of the chapters of the model.
pub const LAWS: [&[Law]; 7] = [
    &books::LAWS,
    &transport::LAWS,
    &distribution::LAWS,
    &films::LAWS,
    &published::LAWS,
    &chance::LAWS,
    &lattice_edge::LAWS,
];

/// Measures every law; `tell` hears of each one as it begins.
///
/// # Errors
/// A scene that does not load or a box that does not fit.
pub fn measure_all(effort: Effort, mut tell: impl FnMut(&Law)) -> Result<Vec<Finding>, ValidationError> {
    let mut findings = Vec::new();
    for law in LAWS.into_iter().flatten() {
        tell(law);
        findings.push(Finding { law, measured: (law.measure)(effort)? });
    }
    Ok(findings)
}

/// A library scene with settings applied.
fn scene(name: &str, settings: &[&str]) -> Result<Scene, SceneError> {
    let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
    scene::load(name)?.with_settings(&settings)
}

/// A scene run to its end.
fn run(scene: &Scene, seed: u64) -> Result<Simulation, BuildError> {
    let mut simulation = Simulation::new(scene, seed)?;
    while !simulation.finished() {
        simulation.advance(64);
    }
    Ok(simulation)
}

/// A figure of many seeds, on all cores.
fn over_seeds(
    seeds: u64,
    figure: impl Fn(u64) -> Result<f64, ValidationError> + Send + Sync,
) -> Result<Vec<f64>, ValidationError> {
    use rayon::prelude::*;
    (1..=seeds).into_par_iter().map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_every_law_says_how_and_why() {
        let laws: Vec<&Law> = LAWS.into_iter().flatten().collect();
        for (number, law) in laws.iter().enumerate() {
            assert!(laws[..number].iter().all(|other| other.name != law.name), "{}", law.name);
            assert!(!law.how.is_empty() && !law.because.is_empty(), "{}", law.name);
        }
    }

    #[test]
    fn bounds_judge_as_they_say() {
        for (bound, good, bad) in [
            (Bound::Exactly(0.0), 0.0, 1e-300),
            (Bound::Near(1.0, 0.1), 1.1 - 1e-9, 1.2),
            (Bound::AtMost(0.15), 0.15, 0.16),
            (Bound::AtLeast(0.5), 0.5, 0.49),
            (Bound::Factor(31.0, 2.0), 15.5, 62.1),
        ] {
            assert!(bound.holds(good) && !bound.holds(bad) && !bound.holds(f64::NAN), "{bound}");
        }
    }

    #[test]
    fn the_standard_error_is_that_of_the_mean() {
        let found = Measured::mean_of(&[1.0, 2.0, 3.0, 4.0]);
        assert!((found.value - 2.5).abs() < 1e-12 && found.seeds == 4);
        // √(5/3 / 4)
        assert!((found.standard_error.expect("chance") - 0.645_497).abs() < 1e-6);
        assert_eq!(Measured::exact(7.0).standard_error, None);
    }

    /// What takes no time is a test as well.
    #[test]
    fn laws_without_chance_hold() {
        let quick = ["charge and sites", "salt", "steady salt", "Sand's time", "charge-transfer resistance"];
        let quick = quick.into_iter().chain(["Tafel slope", "film growth", "Arrhenius"]);
        let quick = quick.chain(["salt overpotential", "ohmic drop"]);
        for name in quick {
            let law = LAWS.into_iter().flatten().find(|law| law.name == name).expect(name);
            let measured = (law.measure)(Effort::Quick).expect(name);
            assert!(law.bound.holds(measured.value), "{name}: {measured:?}");
        }
    }
}
