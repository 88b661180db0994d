//! Figures of papers.

use super::{Bound, Effort, Law, Measured, ValidationError, over_seeds, run, scene};
use crate::simulation::{Balance, Simulation};

pub(super) const LAWS: [Law; 6] = [
    Law {
        name: "polarisation at 1 mA/cm²",
        how: "mV over the symmetric cell `bare_sodium` in the third cycle, half-way through plating.",
        bound: Bound::Near(170.0, 34.0),
        because: "Cao et al., Fig. 3c. The 20 % are chosen†. The resistances of the same cells set the film of FEC.",
        measure: |_| polarisation(1.0),
    },
    Law {
        name: "polarisation at 5 mA/cm²",
        how: "The same at 5 mA/cm².",
        bound: Bound::Near(294.0, 59.0),
        because: "As above.",
        measure: |_| polarisation(5.0),
    },
    Law {
        name: "film of sodium",
        how: "mV over the film of a sodium foil after an hour at rest in 1 M NaPF₆ in EC/DMC, at 0.1 mA/cm².",
        bound: Bound::Factor(31.0, 2.0),
        because: "Hess, arXiv:1705.06938. Age and liquid of those films are not known here, hence the factor of 2†.",
        measure: |_| film("sodium"),
    },
    Law {
        name: "film of lithium",
        how: "The same with lithium.",
        bound: Bound::Factor(3.3, 2.0),
        because: "3.3 ± 1 mV, as above.",
        measure: |_| film("lithium"),
    },
    Law {
        name: "sodium gone at rest",
        how: "Share of the metal in `rest_dissolve` that has dissolved or reacted after six hours.",
        bound: Bound::AtLeast(0.5),
        because: "\"A large portion\", Zhao 2018, sec. 2.1, doi:10.1039/c8ee01373j. The half is chosen†.",
        measure: |effort| gone_at_rest("sodium", effort),
    },
    Law {
        name: "lithium gone at rest",
        how: "The same with lithium.",
        bound: Bound::AtMost(0.05),
        because: "\"Almost no change\", Zhao 2018, sec. 2.1. The twentieth is chosen†.",
        measure: |effort| gone_at_rest("lithium", effort),
    },
];

fn polarisation(current_ma_cm2: f64) -> Result<Measured, ValidationError> {
    let carries = |direction: &str, capacity: f64| {
        format!(
            r#"{{"{direction}":{{"current_density_ma_cm2":{current_ma_cm2},"until":{{"capacity_mah_cm2":{capacity}}}}}}}"#
        )
    };
    let [plate, strip, half] = [carries("Plate", 1.0), carries("Strip", 1.0), carries("Plate", 0.5)];
    let protocol = format!(r#"protocol=[{{"Repeat":{{"times":2,"steps":[{plate},{strip}]}}}},{half}]"#);
    let cell = run(&scene("bare_sodium", &[&protocol])?, 1)?;
    Ok(Measured::exact(1e3 * cell.voltage().total_v()))
}

fn film(metal: &str) -> Result<Measured, ValidationError> {
    let protocol = r#"protocol=[{"Rest":{"time_s":3600}},{"Plate":{"current_density_ma_cm2":0.1,"until":{"time_s":60}}}]"#;
    let settings =
        ["lattice.sites=[32,32,32]", "electrolyte=1 M NaPF6 in EC/DMC", &format!("metal={metal}"), protocol];
    let mut foil = Simulation::new(&scene("bare_sodium", &settings)?, 1)?;
    while !foil.finished() && foil.current_density_a_m2() == 0.0 {
        foil.advance(1);
    }
    foil.advance(1);
    Ok(Measured::exact(1e3 * foil.voltage().sei_v))
}

fn gone_at_rest(metal: &str, effort: Effort) -> Result<Measured, ValidationError> {
    let scene = scene("rest_dissolve", &[&format!("metal={metal}")])?;
    let shares = over_seeds(effort.choose(2, 8), |seed| {
        let Balance { live, dead, sei, corroded } = run(&scene, seed)?.stores().balance;
        Ok((sei + corroded) as f64 / (live + dead + sei + corroded) as f64)
    })?;
    Ok(Measured::mean_of(&shares))
}
