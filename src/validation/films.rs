//! Films: growth and temperature.

use super::{Bound, Effort, Law, Measured, ValidationError, scene};
use crate::electrochemistry::sei_laws::arrhenius_factor;
use crate::observables::least_squares_slope;
use crate::simulation::Simulation;

pub(super) const LAWS: [Law; 2] = [
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
