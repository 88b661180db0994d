//! What is conserved: charge, sites, salt, film.

use super::{Bound, Effort, Law, Measured, ValidationError, run, scene};
use crate::lattice::SiteKind;
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
        how: "Charge spent on films over the charge of the film that is there, in moss of 0.2 mAh cm⁻² without dissolution.",
        bound: Bound::Near(1.0, 0.05),
        because: "A face is charged for the film that it bears. The 5 % are chosen†; film on the collector is left out.",
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
    let still = [
        "lattice.sites=[64,64,96]",
        "until.areal_capacity_mah_cm2=0.2",
        "electrolyte.film_dissolution_nm_s=0",
        "electrolyte.corrosion_nm_s=0",
    ];
    let moss = scene("carbonate_moss", &still)?;
    let simulation = run(&moss, 1)?;
    let edge_m = simulation.edge_m();
    let reader = simulation.site_reader();
    let lattice = simulation.lattice();
    let volume_m3: f64 = lattice
        .iter_solids()
        .filter(|(_, kind, _)| matches!(kind, SiteKind::Metal | SiteKind::DeadMetal))
        .map(|(place, _, solid)| f64::from(lattice.exposed_faces(place)) * edge_m * edge_m * reader(&solid).1)
        .sum();
    let charge_c = simulation.stores().film_sites * simulation.site_charge_c();
    Ok(Measured::exact(charge_c / (volume_m3 * 1e6 * moss.electrolyte.film_charge_c_cm3.value)))
}
