//! What is conserved: charge, sites, salt, film.

use super::{Bound, Effort, Law, Measured, ValidationError, run, scene};
use crate::scene::library;
use crate::simulation::Simulation;

pub(super) const LAWS: [Law; 3] = [
    Law {
        name: "charge and sites",
        how: "Steps of all library scenes, in small boxes, after which a site or a charge is missing.",
        bound: Bound::Exactly(0.0),
        because: "Sites are whole, and the fraction of a site is carried over.",
        measure: charge_and_sites,
    },
    Law {
        name: "salt",
        how: "Largest change of the salt per area over all library scenes, as a share of it.",
        bound: Bound::AtMost(1e-9),
        because: "The cell neither makes nor takes salt; rounding of 10⁴ steps stays below 10⁻⁹.",
        measure: salt,
    },
    Law {
        name: "film charge",
        how: "Charge spent on films over the charge of the film that is there, without dissolution: the worst of moss at 0.3, 1 and 4 mA cm⁻² and a film in ether.",
        bound: Bound::Near(1.0, 0.05),
        because: "A face is charged for the film that it bears, on metal and on the collector. What goes with a face is lost: the 5 % are chosen†.",
        measure: film_charge,
    },
];

/// Every scene of the library, small, after some steps.
fn small_scenes(mut look: impl FnMut(&Simulation)) -> Result<(), ValidationError> {
    for entry in library() {
        let small = scene(entry.name, &["lattice.sites=[32,32,64]"]).or_else(|_| scene(entry.name, &[]))?;
        let mut simulation = Simulation::new(&small, 3)?;
        for _ in 0..200 {
            simulation.advance(1);
            look(&simulation);
        }
    }
    Ok(())
}

fn charge_and_sites(_: Effort) -> Result<Measured, ValidationError> {
    let mut faults = 0u64;
    small_scenes(|simulation| {
        let whole = simulation.sites_plated() == simulation.charge_sites().floor() as u64;
        faults += u64::from(simulation.imbalance().is_some() || !whole);
    })?;
    Ok(Measured::exact(faults as f64))
}

fn salt(_: Effort) -> Result<Measured, ValidationError> {
    let (mut most, mut first) = (0.0f64, 0.0);
    small_scenes(|simulation| {
        let now = simulation.salt_profile().salt_mol_m2();
        if simulation.step() == 1 {
            first = now;
        }
        most = most.max((now / first - 1.0).abs());
    })?;
    Ok(Measured::exact(most))
}

fn film_charge(_: Effort) -> Result<Measured, ValidationError> {
    let mut worst = 1.0f64;
    for (name, ma_cm2, mah_cm2) in [
        ("carbonate_moss", 0.3, 0.1),
        ("carbonate_moss", 1.0, 0.4),
        ("carbonate_moss", 4.0, 0.4),
        ("diglyme_film", 1.0, 0.3),
    ] {
        let current = format!("current_density_ma_cm2={ma_cm2}");
        let until = format!("until.areal_capacity_mah_cm2={mah_cm2}");
        let still = ["electrolyte.film_dissolution_nm_s=0", "electrolyte.corrosion_nm_s=0"];
        let deposit = scene(name, &["lattice.sites=[64,64,128]", &current, &until, still[0], still[1]])?;
        let simulation = run(&deposit, 1)?;
        let edge_m = simulation.edge_m();
        let reader = simulation.site_reader();
        let lattice = simulation.lattice();
        let volume_m3: f64 = lattice
            .iter_solids()
            .map(|(place, _, solid)| {
                f64::from(lattice.exposed_faces(place)) * edge_m * edge_m * reader(&solid).1
            })
            .sum();
        let charge_c = simulation.stores().film_sites * simulation.site_charge_c();
        let ratio = charge_c / (volume_m3 * 1e6 * deposit.electrolyte.film_charge_c_cm3.value);
        if (ratio - 1.0).abs() > (worst - 1.0).abs() {
            worst = ratio;
        }
    }
    Ok(Measured::exact(worst))
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn films_cost_the_charge_that_they_hold() {
        let found = film_charge(Effort::Quick).expect("sound scenes").value;
        let bound = LAWS[2].bound;
        assert!(bound.holds(found), "{found}");
    }
}
