//! How much of everything a recipe holds: concentrations, volumes, density.
//!
//! Does: convert the amounts of a recipe, as they are written, into mol L⁻¹ and shares of the volume.
//! Does not: know what the ingredients do (`rules`).
//! Accuracy: volumes are taken as additive; a dissolved salt takes 80 cm³ mol⁻¹ (†).

use super::table::{Common, Effect, FilmKind, Salt, Solvent, rules};
use super::{Additive, Amount, Basis, Recipe};
use crate::scene::parameters::Parameter;

/// Something that is consumed by the film that it makes.
pub(super) struct Consumed {
    pub film: Option<FilmKind>,
    /// Electrons that reduce one molecule.
    pub electrons: &'static Parameter,
    pub mol_l: f64,
}

impl Recipe {
    /// Concentration of all conducting salts together, mol L⁻¹.
    pub(super) fn concentration_mol_l(&self) -> f64 {
        self.salts.iter().map(|(_, mol_l)| mol_l).sum()
    }

    /// The same with its source.
    pub(super) fn concentration(&self, common: &Common) -> Parameter {
        let like = common.concentration_mol_l.clone();
        let value = self.concentration_mol_l();
        match self.solvate {
            None => Parameter { value, ..like },
            Some(_) => Parameter {
                value,
                source: "rule: 1 L over the volume of a mole of salt with its solvent".into(),
                assumption: true,
                ..like
            },
        }
    }

    /// A number of the salts, averaged by concentration.
    pub(super) fn of_salts(&self, pick: impl Fn(&Salt) -> f64) -> f64 {
        let sum: f64 = self.salts.iter().map(|(salt, mol_l)| pick(salt) * mol_l).sum();
        sum / self.concentration_mol_l()
    }

    /// Density of the solvents, g cm⁻³.
    pub(super) fn density_g_cm3(&self) -> f64 {
        self.volumes().iter().map(|(solvent, share)| share * solvent.density_g_cm3.value).sum()
    }

    /// Concentration of a salt of so many moles per kilogram of the solvents, mol L⁻¹.
    pub(super) fn mol_l_of_molal(&self, mol_kg: f64) -> f64 {
        let per_litre = mol_kg * self.density_g_cm3();
        per_litre / (1.0 + per_litre * salt_volume_l_mol())
    }

    /// Solvents with their share of the volume; the shares sum to 1.
    pub(super) fn volumes(&self) -> Vec<(&'static Solvent, f64)> {
        let volume = |solvent: &Solvent, part: f64| match self.basis {
            Basis::Volume => part,
            Basis::Mass => part / solvent.density_g_cm3.value,
            Basis::Mole => part / solvent.mol_l(),
        };
        let sum: f64 = self.solvents.iter().map(|(solvent, part)| volume(solvent, *part)).sum();
        self.solvents.iter().map(|(solvent, part)| (*solvent, volume(solvent, *part) / sum)).collect()
    }

    /// Consumed additives.
    pub(super) fn consumed(&self) -> Vec<Consumed> {
        let density = self.density_g_cm3();
        let former = |additive: &Additive| match *additive {
            Additive::Salt { what, mol_l } => match &what.effect {
                Effect::Shield { .. } => None,
                Effect::Alloy { reduced_first_electrons: electrons } => {
                    Some(Consumed { film: Some(FilmKind::Alloy), electrons, mol_l })
                }
            },
            Additive::FilmFormer { what, amount } => {
                let mol_l = match amount {
                    Amount::Molar(mol_l) => mol_l,
                    Amount::Volume(percent) => percent / 100.0 * what.mol_l(),
                    Amount::Mass(percent) => percent / 100.0 * 1000.0 * density / what.molar_mass_g_mol.value,
                };
                let electrons = what.reduced_first_electrons.as_ref()?;
                Some(Consumed { film: what.film, electrons, mol_l })
            }
        };
        self.additives.iter().filter_map(former).collect()
    }
}

/// Volume that a mole of dissolved salt takes, L mol⁻¹.
pub(super) fn salt_volume_l_mol() -> f64 {
    rules().common.salt_volume_cm3_mol.value / 1000.0
}
