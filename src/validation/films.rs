//! Films: growth and temperature.

use super::{Bound, Effort, Law, Measured, ValidationError, over_seeds, run, scene};
use crate::electrochemistry::sei_laws::arrhenius_factor;
use crate::observables::least_squares_slope;
use crate::simulation::Simulation;

pub(super) const LAWS: [Law; 3] = [
    Law {
        name: "film growth",
        how: "Exponent of film thickness over time at rest, from an hour to four days.",
        bound: Bound::Near(0.5, 0.02),
        because: "Growth that its own film limits: δ² = δ₀² + 2 P t.",
        measure: film_growth,
    },
    Law {
        name: "Arrhenius",
        how: "Largest deviation of the activation energy that the limiting current shows from −20 to 60 °C, as a share of that of diffusion.",
        bound: Bound::AtMost(0.05),
        because: "i_lim is proportional to D, whose activation energy the parameters give.",
        measure: arrhenius,
    },
    Law {
        name: "strands in the plane",
        how: "Length of the strands of `carbonate_moss` within 22.5° of the lattice axes x and y over that within 22.5° of the diagonals, by their direction in the plane.",
        bound: Bound::Near(1.0, 0.1),
        because: "The lattice must not show in the direction of a strand. The 10 % are chosen†.",
        measure: strands_in_the_plane,
    },
];

fn film_growth(_: Effort) -> Result<Measured, ValidationError> {
    let protocol = r#"protocol=[{"Plate":{"current_density_ma_cm2":2.0,"until":{"capacity_mah_cm2":0.05}}},{"Rest":{"time_s":400000}}]"#;
    let still = [
        "lattice.sites=[32,32,32]",
        "electrolyte=carbonate_ec_dec",
        protocol,
        "electrolyte.film_dissolution_nm_s=0",
        "electrolyte.corrosion_nm_s=0",
        // Else the films of four days use up all of the metal.
        "electrolyte.film_charge_c_cm3=100",
        "metal.surface_diffusivity_m2_s=0",
    ];
    let mut simulation = Simulation::new(&scene("half_cell", &still)?, 1)?;
    let (mut points, mut shown) = (Vec::new(), Vec::new());
    while !simulation.finished() {
        simulation.advance(200);
        if simulation.time_s() > 5000.0 && !simulation.finished() {
            let (film_m, ..) = simulation.film_on_metal();
            points.push((simulation.time_s().ln(), film_m.ln()));
            shown.push([simulation.time_s() / 3600.0, 1e9 * film_m]);
        }
    }
    let lines = vec![("found".to_owned(), shown)];
    Ok(Measured::exact(least_squares_slope(&points)).with_figure(["time, h", "film, nm"], lines))
}

fn arrhenius(_: Effort) -> Result<Measured, ValidationError> {
    let mut points = Vec::new();
    let mut parameter = 0.0;
    for celsius in [-20.0, 0.0, 25.0, 45.0, 60.0] {
        let temperature = format!("temperature_c={celsius}");
        let cell = scene("half_cell", &["lattice.sites=[16,16,32]", &temperature])?;
        parameter = cell.model.diffusion_activation_kj_mol.value;
        let simulation = Simulation::new(&cell, 1)?;
        // ln of the factor that one J/mol gives, so that the slope is the energy in J/mol.
        let per_joule = arrhenius_factor(1.0, simulation.temperature_k()).ln();
        points.push((per_joule, simulation.salt_profile().diffusivity_m2_s().ln()));
    }
    Ok(Measured::exact((least_squares_slope(&points) / (1e3 * parameter) - 1.0).abs()))
}

fn strands_in_the_plane(effort: Effort) -> Result<Measured, ValidationError> {
    let seeds = effort.choose(16, 64);
    let moss =
        scene("carbonate_moss", &["lattice.sites=[64,64,128]", "until={\"areal_capacity_mah_cm2\":0.4}"])?;
    // Length along the axes and along the diagonals, for each seed.
    let lengths: Vec<Vec<f64>> = [true, false]
        .into_iter()
        .map(|axes| over_seeds(seeds, |seed| Ok(length_by_azimuth(&run(&moss, seed)?, axes))))
        .collect::<Result<_, _>>()?;
    Ok(Measured::jackknife(seeds as usize, |left_out| {
        let sum = |values: &[f64]| -> f64 {
            let kept = values.iter().enumerate().filter(|(seed, _)| Some(*seed) != left_out);
            kept.map(|(_, value)| value).sum()
        };
        sum(&lengths[0]) / sum(&lengths[1])
    }))
}

/// Length in the plane of the strands that run along its axes, or along its diagonals.
fn length_by_azimuth(simulation: &Simulation, along_axes: bool) -> f64 {
    let strands = simulation.filament_axes();
    let steps = strands.iter().flat_map(|points| points.windows(2));
    steps
        .map(|step| {
            let [x, y] = [0, 1].map(|k| f64::from(step[1][k] - step[0][k]));
            // cos 4φ > 0 within 22.5° of an axis.
            let axis = (4.0 * y.atan2(x)).cos() > 0.0;
            if axis == along_axes { x.hypot(y) } else { 0.0 }
        })
        .sum()
}
