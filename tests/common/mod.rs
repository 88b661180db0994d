//! What several tests by law share.

#![allow(dead_code, reason = "each test binary uses its own part")]

use natrarium::scene::{self, Scene};
use natrarium::simulation::Simulation;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// A library scene with settings applied.
pub fn scene(name: &str, settings: &[&str]) -> Scene {
    let settings: Vec<String> = settings.iter().map(|s| s.to_string()).collect();
    scene::load(name).unwrap().with_settings(&settings).unwrap()
}

/// Runs a scene to its end.
pub fn run(scene: &Scene, seed: u64) -> Simulation {
    let mut simulation = Simulation::new(scene, seed).unwrap();
    while !simulation.finished() {
        simulation.advance(64);
    }
    simulation
}

/// Chance of a χ² at least this large if counts follow the expectation. No degree of freedom is lost to a
/// fit.
pub fn chi_squared_p(observed: &[f64], expected: &[f64]) -> f64 {
    let scale = observed.iter().sum::<f64>() / expected.iter().sum::<f64>();
    let chi2: f64 = observed.iter().zip(expected).map(|(o, e)| (o - e * scale).powi(2) / (e * scale)).sum();
    1.0 - ChiSquared::new(observed.len() as f64 - 1.0).unwrap().cdf(chi2)
}

/// Two-sample Kolmogorov–Smirnov test: chance of a distance at least this large between samples of one
/// distribution (asymptotic, with Stephens' small-sample correction; conservative for ties).
pub fn kolmogorov_smirnov_p(a: &[f64], b: &[f64]) -> f64 {
    let sorted = |x: &[f64]| {
        let mut x = x.to_vec();
        x.sort_by(f64::total_cmp);
        x
    };
    let (a, b) = (sorted(a), sorted(b));
    let below = |x: &[f64], value: f64| x.partition_point(|v| *v <= value) as f64 / x.len() as f64;
    let distance = a.iter().chain(&b).map(|v| (below(&a, *v) - below(&b, *v)).abs()).fold(0.0, f64::max);
    let n = (a.len() * b.len()) as f64 / (a.len() + b.len()) as f64;
    let lambda = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * distance;
    if lambda < 0.2 {
        return 1.0;
    }
    let series =
        |k: i32| f64::from(1 - 2 * ((k + 1) % 2)) * (-2.0 * f64::from(k * k) * lambda * lambda).exp();
    (2.0 * (1..=100).map(series).sum::<f64>()).clamp(0.0, 1.0)
}

/// Mean and its standard error.
pub fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}
