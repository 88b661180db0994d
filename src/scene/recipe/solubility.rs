//! Whether a salt dissolves to the amount that a recipe asks for.
//!
//! Does: refuse more than the limit of its kind of solvent, with the most that the mixture takes.
//! Does not: know every salt and solvent: where no limit is in the table nothing is refused.
//! Accuracy: the limits are assumptions (†) on the generous side, at 25 °C. A mixture takes what its solvents
//! take by volume. A diluent takes nothing, so that the salt stays with the rest.

use super::Recipe;
use super::amounts::salt_volume_l_mol;
use super::parse::Fault;
use super::table::{Salt, Solvent, rules};

/// Refuses the first salt that does not dissolve; `places` are those of the salts in the text.
pub(super) fn check(recipe: &Recipe, places: &[usize]) -> Result<(), Fault> {
    for ((salt, mol_l), at) in recipe.salts.iter().zip(places) {
        let Some(most) = recipe.most_mol_l(salt) else { continue };
        if *mol_l > most {
            let solvents: Vec<&str> =
                recipe.solvents.iter().map(|(solvent, _)| solvent.name.as_str()).collect();
            let cure = if most >= rules().common.concentration_mol_l.range.0 {
                format!("give at most {most} M")
            } else {
                "give less of the diluent, or another salt".into()
            };
            let what = format!("{mol_l} M {} does not dissolve in {}", salt.name, solvents.join("/"));
            return Err(Fault::new(*at, what, cure));
        }
    }
    Ok(())
}

impl Recipe {
    /// Largest concentration of a salt, mol L⁻¹; none where a solvent's limit is not known.
    fn most_mol_l(&self, salt: &Salt) -> Option<f64> {
        if self.solvate.is_some() {
            return None;
        }
        let volumes = self.volumes();
        let binding: f64 = volumes.iter().filter(|(solvent, _)| !solvent.is_diluent()).map(|(_, v)| v).sum();
        let mut limit = 0.0;
        for (solvent, volume) in volumes {
            if !solvent.is_diluent() {
                limit += volume / binding * limit_mol_l(salt, solvent)?;
            }
        }
        // With a diluent, a litre holds c moles in its share of the solvents and in the volume of the salt:
        // c = limit · (binding · (1 − c v) + c v).
        let of_diluent = limit * salt_volume_l_mol() * (1.0 - binding);
        // A mixture of so much diluent that its salt needs no solvent is none that the rule knows.
        let most = if of_diluent < 1.0 { limit * binding / (1.0 - of_diluent) } else { limit };
        // As a person would write it.
        Some(libm::floor(1000.0 * most + 1e-6) / 1000.0)
    }
}

fn limit_mol_l(salt: &Salt, solvent: &Solvent) -> Option<f64> {
    let of_both = |limit: &&super::table::Solubility| {
        limit.salts.contains(&salt.name) && limit.kinds.contains(&solvent.kind)
    };
    rules().solubilities.iter().find(of_both).map(|limit| limit.limit_mol_l.value)
}
