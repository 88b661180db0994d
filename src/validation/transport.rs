//! Salt between the electrodes and the kinetics at the metal.

use super::{Bound, Effort, Law, Measured, ValidationError, over_seeds, scene};
use crate::electrochemistry::SaltProfile;
use crate::electrochemistry::salt_transport::sand_time;
use crate::simulation::{Control, Simulation, VoltageStack};
use crate::units::{FARADAY, GAS_CONSTANT};

pub(super) const LAWS: [Law; 7] = [
    Law {
        name: "steady salt",
        how: "c_s over c₀ (1 − i/i_lim) in `diglyme_film`, after five diffusion times of its gap.",
        bound: Bound::Near(1.0, 1e-3),
        because: "The steady profile is a straight line; five diffusion times leave e^−49 of the transient.",
        measure: steady_salt,
    },
    Law {
        name: "Sand's time",
        how: "Largest deviation of the time to depletion from τ_S, at 4 to 40 i_lim, as a share of it.",
        bound: Bound::AtMost(0.02),
        because: "Sand 1901, doi:10.1080/14786440109462590. At 4 i_lim the gap is a half-space to 10⁻⁸.",
        measure: sand,
    },
    Law {
        name: "height of fed tips",
        how: "Mean landing height in `sand_time` when the salt first carries all of the current again, over h* = L(1 − √(i_lim/i)).",
        bound: Bound::Near(1.0, 0.2),
        because: "Tips that leave no salt behind them: anions are conserved, so i_lim grows as (1 − h/L)⁻². The 20 % are chosen†.",
        measure: fed_tips,
    },
    Law {
        name: "salt overpotential",
        how: "Largest deviation from 2(1−t₊)(RT/F) ln((1+x)/(1−x)), x = i/i_lim, of a steady cell, at two t₊ and x = 0.2 to 0.8, as a share.",
        bound: Bound::AtMost(0.01),
        because: "A concentration cell with transference, and the straight line of the steady salt; 1 % for salt that still moves.",
        measure: |_| {
            steady_cell(
                |voltage| voltage.concentration_v,
                |x, t, _| 2.0 * (1.0 - t) * GAS_CONSTANT * 298.15 / FARADAY * ((1.0 + x) / (1.0 - x)).ln(),
            )
        },
    },
    Law {
        name: "ohmic drop",
        how: "Largest deviation of the ohmic drop from i (L/κ₀) ln((1+x)/(1−x))/(2x) of the same cells, as a share.",
        bound: Bound::AtMost(0.01),
        because: "The integral of dx/κ(c) along the straight line of the steady salt, κ ∝ c.",
        measure: |_| {
            steady_cell(
                |voltage| voltage.ohmic_v,
                |x, _, uniform_v| uniform_v * ((1.0 + x) / (1.0 - x)).ln() / (2.0 * x),
            )
        },
    },
    Law {
        name: "charge-transfer resistance",
        how: "Charge-transfer overpotential over RT i/(F i₀) on bare metal at 10⁻⁴ mA cm⁻².",
        bound: Bound::Near(1.0, 1e-3),
        because: "Butler–Volmer is linear there to 10⁻⁸.",
        measure: charge_transfer,
    },
    Law {
        name: "Tafel slope",
        how: "mV of charge-transfer overpotential per decade of current at 30 to 300 i₀, under a thin film.",
        bound: Bound::Near(118.3, 2.4),
        because: "2 RT ln 10/F at 25 °C for a symmetric barrier; 2 % for the back reaction.",
        measure: tafel,
    },
];

fn steady_salt(_: Effort) -> Result<Measured, ValidationError> {
    let film = scene("diglyme_film", &[])?;
    let simulation = Simulation::new(&film, 1)?;
    let mut salt = simulation.salt_profile().clone();
    let current = 10.0 * film.spec.current_density_ma_cm2;
    let gap_m = 1e-6 * film.spec.electrode_gap_um;
    let diffusion_s = gap_m * gap_m / film.electrolyte.diffusivity_m2_s.value;
    salt.advance(5.0 * diffusion_s, current);
    let line = simulation.initial_concentration_mol_m3() * (1.0 - current / salt.limiting_current_density());
    Ok(Measured::exact(salt.surface_concentration() / line))
}

fn sand(_: Effort) -> Result<Measured, ValidationError> {
    let (concentration, diffusivity, transference, gap_m) = (100.0, 1e-10, 0.4, 500e-6);
    let new = || SaltProfile::new(concentration, diffusivity, transference, gap_m);
    let limit = new().limiting_current_density();
    let mut most = 0.0f64;
    let (mut law, mut found) = (Vec::new(), Vec::new());
    for factor in [4.0, 6.3, 10.0, 15.8, 25.0, 40.0] {
        let expected_s = sand_time(concentration, diffusivity, transference, factor * limit);
        let mut salt = new();
        let mut time_s = 0.0;
        while !salt.depleted() && time_s < 2.0 * expected_s {
            salt.advance(expected_s / 1777.0, factor * limit);
            time_s += expected_s / 1777.0;
        }
        // It ran out within the last call.
        time_s -= 0.5 * expected_s / 1777.0;
        most = most.max((time_s / expected_s - 1.0).abs());
        law.push([factor, expected_s]);
        found.push([factor, time_s]);
    }
    let lines = vec![("Sand".to_owned(), law), ("found".to_owned(), found)];
    Ok(Measured::exact(most).with_figure(["i / i_lim", "time to depletion, s"], lines))
}

fn fed_tips(effort: Effort) -> Result<Measured, ValidationError> {
    let trees = scene("sand_time", &[])?;
    let flat = Simulation::new(&trees, 1)?.salt_profile().limiting_current_density();
    let gap_um = trees.spec.electrode_gap_um;
    let law_um = gap_um * (1.0 - (flat / (10.0 * trees.spec.current_density_ma_cm2)).sqrt());
    let heights = over_seeds(effort.choose(8, 32), |seed| {
        let mut simulation = Simulation::new(&trees, seed)?;
        let mut ran_out = false;
        while !simulation.finished() {
            simulation.advance(1);
            let depleted = simulation.salt_profile().depleted();
            let (flows, applied) =
                (simulation.carried_current_density_a_m2(), simulation.current_density_a_m2());
            if ran_out && !depleted && flows >= 0.999 * applied {
                break;
            }
            ran_out |= depleted;
        }
        Ok(1e6 * simulation.salt_profile().landing_height_m() / law_um)
    })?;
    Ok(Measured::mean_of(&heights))
}

/// Largest deviation of a part of the voltage of a steady cell from its law. The law is told x = i/i_lim, t₊
/// and the ohmic drop with uniform salt, V.
fn steady_cell(
    part: fn(&VoltageStack) -> f64,
    law: fn(f64, f64, f64) -> f64,
) -> Result<Measured, ValidationError> {
    let mut most = 0.0f64;
    for transference in [0.2, 0.5] {
        for share in [0.2, 0.5, 0.8] {
            let settings = [
                "lattice.sites=[16,16,64]".to_owned(),
                format!("electrolyte.transference_number={transference}"),
                // Dilute, so that the deposit hardly grows while the salt settles.
                "electrolyte.concentration_mol_l=0.1".to_owned(),
                "electrode_gap_um=100".to_owned(),
                "separator_um=0".to_owned(),
                "current_density_ma_cm2=1".to_owned(),
                "until={\"time_s\":1e6}".to_owned(),
            ];
            let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
            let film = scene("diglyme_film", &settings)?;
            let mut simulation = Simulation::new(&film, 1)?;
            let limit = simulation.salt_profile().limiting_current_density();
            simulation.control(Control::CurrentDensity { a_per_m2: share * limit });
            // Many diffusion times of the gap.
            let gap_m = 1e-6 * film.spec.electrode_gap_um;
            let steady_s = 2.0 * gap_m * gap_m / film.electrolyte.diffusivity_m2_s.value;
            while simulation.time_s() < steady_s && !simulation.finished() {
                simulation.advance(1);
            }
            let conductivity_s_m = 0.1 * film.electrolyte.conductivity_ms_cm.value;
            let uniform_v = share * limit * gap_m / conductivity_s_m;
            // The flat deposit has made the gap L narrower: i_lim ∝ L⁻², as the salt stays.
            let now = simulation.salt_profile().limiting_current_density();
            let expected = law(share * limit / now, transference, uniform_v * limit / now);
            most = most.max((part(&simulation.voltage()) / expected - 1.0).abs());
        }
    }
    Ok(Measured::exact(most))
}

/// Charge-transfer overpotential of a flat foil, V, at these multiples of its exchange current density.
fn charge_transfer_v(multiples: &[f64]) -> Result<Vec<[f64; 2]>, ValidationError> {
    let flat = [
        "lattice.sites=[16,16,32]",
        "protocol=null",
        "until={\"time_s\":1000.0}",
        "current_density_ma_cm2=0.0001",
        "electrolyte.film_conductivity_s_cm=0.001",
        "electrolyte.film_spread=0",
    ];
    let foil = scene("bare_sodium", &flat)?;
    let mut points = Vec::new();
    for multiple in multiples {
        // A new foil each time: metal that has been plated has more faces.
        let mut simulation = Simulation::new(&foil, 1)?;
        let exchange = simulation.exchange_current_density_a_m2();
        simulation.control(Control::CurrentDensity { a_per_m2: multiple * exchange });
        simulation.advance(1);
        points.push([multiple * exchange, simulation.voltage().charge_transfer_v]);
    }
    Ok(points)
}

fn charge_transfer(_: Effort) -> Result<Measured, ValidationError> {
    let bare = [
        "lattice.sites=[32,32,32]",
        "protocol=null",
        "current_density_ma_cm2=0.0001",
        "until={\"time_s\":1.0}",
    ];
    let mut simulation = Simulation::new(&scene("bare_sodium", &bare)?, 1)?;
    simulation.advance(1);
    let resistance =
        GAS_CONSTANT * simulation.temperature_k() / (FARADAY * simulation.exchange_current_density_a_m2());
    let expected_v = resistance * simulation.current_density_a_m2();
    Ok(Measured::exact(simulation.voltage().charge_transfer_v / expected_v))
}

fn tafel(_: Effort) -> Result<Measured, ValidationError> {
    let points = charge_transfer_v(&[30.0, 54.8, 100.0, 173.0, 300.0])?;
    let decades: Vec<(f64, f64)> = points.iter().map(|[i, volts]| (i.log10(), 1e3 * volts)).collect();
    let figure = vec![("found".to_owned(), points.iter().map(|[i, volts]| [*i, 1e3 * volts]).collect())];
    let slope = crate::observables::least_squares_slope(&decades);
    Ok(Measured::exact(slope).with_figure(["current density, A m⁻²", "overpotential, mV"], figure))
}
