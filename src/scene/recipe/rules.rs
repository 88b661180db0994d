//! What a recipe makes: the rules (†) from ingredients to the numbers of an electrolyte.
//!
//! The film is a mixture of pure films, and all rules are about its shares:
//! 1. *Solvents*: each makes the film of its kind (carbonates, glymes, cyclic ethers, …), by volume. Inert
//!    diluents make none.
//! 2. *Salt*: in an ether the anion decides; of several, each by its concentration. With a salt that spoils
//!    it, that share of the film is as loose and organic as a carbonate's. A carbonate's own film is that
//!    already, whatever the salt.
//! 3. *Concentration*: where nearly every ether molecule is bound to Na⁺ the anion is reduced instead, and
//!    the film becomes the anion's. What counts is the concentration in the solvent that binds, without the
//!    diluent. It begins at 1.5 M and is complete at 3.5 M. Carbonates are not rescued by concentration
//!    (Lee2019, sec. 5: 6 M NaFSI in EC/PC fails); phosphates and other strong donors are.
//! 4. *Film formers* (FEC, VC, salts of metals that alloy) are reduced before the rest, as additive or as
//!    solvent: their share is c/(c + c_½). It is taken last, so it also harms good films (Lee2019, sec. 5:
//!    FEC in concentrated NaFSI/DME only adds resistance).
//!
//! Salts of K⁺, Rb⁺ and Cs⁺ change no film. Their shield is χ·c/(c + c_½), and void above the overpotential
//! at which the ion is plated: the distance of the standard potentials and (RT/F) ln of the ratio of
//! concentrations.
//!
//! The transference number rises from 0.4 to that of concentrates as rule 3 binds the solvent. Salts and
//! solvents with a number of their own add their distance from 0.4, by concentration and by volume.
//!
//! Numbers that span decades (R_ct, P, r, κ) are averaged geometrically over the shares, the others
//! arithmetically. An exchange current density goes with √c up to 1 M (α = ½), so R_ct ∝ 1/√c; above, the
//! ions are no more active. The liquid: D and conductivity go with 1/(viscosity × drag), the viscosity of a
//! mixture is the geometric mean by volume, and both fall with exp(−(c − 1 M)/c_v) above 1 M. Conductivity is
//! c times that, also below: proportional to the salt where there is little of it. Results are rounded to
//! four digits.
//!
//! The rules were set on the two calibrated electrolytes (1 M NaPF₆ in EC/DEC and in diglyme), the order of
//! the salts in diglyme, and the resistances of CaoBHNa for FEC. They were not set on single rows of the
//! table of Coulombic efficiencies.

use super::amounts::Consumed;
use super::table::{Effect, FILMS, FilmKind, RecipeFilm, RecipeRules, Solvent};
use super::{Additive, Recipe};
use crate::electrochemistry::kinetics::thermal_voltage;
use crate::scene::parameters::{Electrolyte, Parameter};
use crate::units::{REFERENCE_TEMPERATURE_K, mv_from_v};

/// Shares of the pure films, in the order of [`FilmKind`]; they sum to 1. And the share of the film that
/// consumed additives make.
fn film_shares(recipe: &Recipe, table: &RecipeRules) -> ([f64; FILMS], f64) {
    let volumes = recipe.volumes();
    let consumed = recipe.consumed();
    let of_anion = bound(recipe, table) * recipe.of_salts(|salt| salt.anion_film.value);
    let spoilt = recipe.of_salts(|salt| salt.spoils.value);

    let mut shares = [0.0; FILMS];
    let mut formers: Vec<(FilmKind, f64)> =
        consumed.iter().filter_map(|former| Some((former.film?, former.mol_l))).collect();
    let mut base = 0.0;
    for (solvent, volume) in volumes {
        let Some(kind) = solvent.film else { continue };
        if solvent.reduced_first_electrons.is_some() {
            formers.push((kind, volume * solvent.mol_l()));
            continue;
        }
        base += volume;
        if !solvent.film_depends_on_salt() {
            shares[kind as usize] += volume;
        } else {
            shares[FilmKind::Anion as usize] += volume * of_anion;
            shares[FilmKind::Organic as usize] += volume * (1.0 - of_anion) * spoilt;
            shares[kind as usize] += volume * (1.0 - of_anion) * (1.0 - spoilt);
        }
    }
    let former_mol_l: f64 = formers.iter().map(|(_, mol_l)| mol_l).sum();
    let of_formers = match (base > 0.0, former_mol_l > 0.0) {
        (true, true) => former_mol_l / (former_mol_l + table.common.film_former_half_mol_l.value),
        (true, false) => 0.0,
        (false, _) => 1.0,
    };
    if base > 0.0 {
        shares.iter_mut().for_each(|share| *share *= (1.0 - of_formers) / base);
    }
    for (kind, mol_l) in formers {
        shares[kind as usize] += of_formers * mol_l / former_mol_l;
    }
    let added_mol_l: f64 = consumed.iter().map(|former| former.mol_l).sum();
    (shares, if added_mol_l > 0.0 { of_formers * added_mol_l / former_mol_l } else { 0.0 })
}

/// Share of the binding solvents that is bound to Na⁺, from where it begins to matter.
fn bound(recipe: &Recipe, table: &RecipeRules) -> f64 {
    let volumes = recipe.volumes();
    let binding: f64 = volumes.iter().filter(|(solvent, _)| !solvent.is_diluent()).map(|(_, v)| v).sum();
    let local_mol_l = recipe.concentration_mol_l() / binding;
    let (begins, complete) =
        (table.common.anion_film_begins_mol_l.value, table.common.anion_film_complete_mol_l.value);
    ((local_mol_l - begins) / (complete - begins)).clamp(0.0, 1.0)
}

/// Transference number of Na⁺.
fn transference_number(recipe: &Recipe, table: &RecipeRules) -> Parameter {
    let (usual, concentrated) = (&table.common.transference_number, &table.common.transference_concentrated);
    let of_bound = bound(recipe, table) * (concentrated.value - usual.value);
    let above = |own: &Option<Parameter>| own.as_ref().map(|own| own.value - usual.value);
    let of_solvents: f64 = recipe
        .volumes()
        .iter()
        .map(|(solvent, share)| share * above(&solvent.transference_number).unwrap_or(of_bound))
        .sum();
    let of_salts = recipe.of_salts(|salt| above(&salt.transference_number).unwrap_or(0.0));
    let value = usual.value + of_solvents + of_salts;
    if value == usual.value {
        return usual.clone();
    }
    let own = recipe.salts.iter().filter_map(|(salt, _)| salt.transference_number.as_ref());
    let own =
        own.chain(recipe.solvents.iter().filter_map(|(solvent, _)| solvent.transference_number.as_ref()));
    let mut sources: Vec<&str> = own.map(|own| own.source.as_str()).collect();
    if of_bound != 0.0 {
        sources.push(&concentrated.source);
    }
    derived(usual, value, format!("rule: {}", sources.join("; ")))
}

/// How numbers are averaged over shares.
#[derive(Clone, Copy, PartialEq)]
enum Mean {
    Arithmetic,
    Geometric,
}

impl Mean {
    fn of(self, values: impl Iterator<Item = (f64, f64)>) -> f64 {
        match self {
            Self::Arithmetic => values.map(|(value, share)| value * share).sum(),
            Self::Geometric => values.map(|(value, share)| libm::pow(value, share)).product(),
        }
    }
}

/// The films of a recipe, to be averaged.
struct Mixture<'a> {
    films: [&'a RecipeFilm; FILMS],
    shares: [f64; FILMS],
}

impl Mixture<'_> {
    /// Films that are there, with per cent.
    fn parts(&self) -> impl Iterator<Item = (&RecipeFilm, f64)> {
        self.films.iter().copied().zip(self.shares).filter(|(_, share)| *share > 5e-4)
    }

    fn words(&self) -> String {
        let mut parts: Vec<(&RecipeFilm, f64)> = self.parts().collect();
        parts.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let words: Vec<String> =
            parts.iter().map(|(film, share)| format!("{:.0} % {}", 100.0 * share, film.title)).collect();
        words.join(" + ")
    }

    /// One number of the film, times a factor of the recipe.
    fn number(&self, mean: Mean, factor: f64, pick: fn(&RecipeFilm) -> &Parameter) -> Parameter {
        let value =
            mean.of(self.films.iter().zip(self.shares).map(|(film, share)| (pick(film).value, share)));
        let mut parts = self.parts();
        let source = match (parts.next(), parts.next()) {
            (Some((only, _)), None) => pick(only).source.clone(),
            _ => format!("rule of mixture: {}", self.words()),
        };
        derived(pick(self.films[0]), value * factor, source)
    }
}

/// A number that follows from a rule: four digits, inside the range of its kind.
fn derived(like: &Parameter, value: f64, source: String) -> Parameter {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    let value = rounded.clamp(like.range.0, like.range.1);
    Parameter { value, source, assumption: true, ..like.clone() }
}

/// The parameter set of a recipe by the rules of a table.
pub(super) fn electrolyte(recipe: &Recipe, table: &RecipeRules) -> Electrolyte {
    let common = &table.common;
    let (shares, of_additives) = film_shares(recipe, table);
    let mixture = Mixture { films: table.films.all(), shares };
    let geometric = |pick| mixture.number(Mean::Geometric, 1.0, pick);
    let arithmetic = |pick| mixture.number(Mean::Arithmetic, 1.0, pick);

    let c = recipe.concentration_mol_l();
    let activity = c.min(1.0).sqrt();
    let mut charge_transfer =
        mixture.number(Mean::Geometric, 1.0 / activity, |film| &film.charge_transfer_resistance_ohm_cm2);
    if activity < 1.0 {
        charge_transfer.source += "; times 1/√c, since i₀ ∝ c^½ for α = ½";
    }

    let volumes = recipe.volumes();
    let mean_of = |pick: fn(&Solvent) -> &Parameter| {
        Mean::Geometric.of(volumes.iter().map(|(solvent, share)| (pick(solvent).value, *share)))
    };
    let viscosity = mean_of(|solvent| &solvent.viscosity_mpa_s);
    let mobility = common.viscosity_mpa_s.value / (viscosity * mean_of(|solvent| &solvent.drag));
    let thickens = &common.viscosity_concentration_mol_l;
    // Relative to the common one, so that solvents without their own leave it as it is.
    let relative = |solvent: &Solvent| {
        solvent.viscosity_concentration_mol_l.as_ref().map_or(1.0, |own| own.value / thickens.value)
    };
    let thickens_mol_l = thickens.value
        * Mean::Geometric.of(volumes.iter().map(|(solvent, share)| (relative(solvent), *share)));
    let thinning = |above: f64| libm::exp(-above / thickens_mol_l);
    let diffusivity = common.diffusivity_m2_s.value * mobility * thinning((c - 1.0).max(0.0));
    let conductivity = common.conductivity_ms_cm.value
        * mobility
        * mean_of(|solvent| &solvent.dissociation)
        * c
        * thinning(c - 1.0);
    let liquid = |like: &Parameter, value: f64| {
        let source = if value == like.value {
            like.source.clone()
        } else {
            format!("rule: solvent of {viscosity:.2} mPa s and {c} M of salt, relative to: {}", like.source)
        };
        derived(like, value, source)
    };

    let consumed = recipe.consumed();
    let additive_mol_l: f64 = consumed.iter().map(|former| former.mol_l).sum();
    let mut additive_electrons = common.additive_electrons.clone();
    if additive_mol_l > 0.0 {
        let electrons = |former: &Consumed| former.electrons.value * former.mol_l;
        let value = consumed.iter().map(electrons).sum::<f64>() / additive_mol_l;
        let sources: Vec<&str> = consumed.iter().map(|former| former.electrons.source.as_str()).collect();
        additive_electrons = derived(&common.additive_electrons, value, sources.join("; "));
    }

    let mut note = format!("By rule (†), the film is {}.", mixture.words());
    let mut shield_mol_l = 0.0;
    let mut shield_limit: Option<&Parameter> = None;
    for additive in &recipe.additives {
        let Additive::Salt { what, mol_l } = additive else { continue };
        let (name, forms) = (&what.name, &what.forms);
        match &what.effect {
            Effect::Shield { limit_mv } => {
                shield_mol_l += mol_l;
                // Of several ions the first that is plated ends the shield.
                let limit = limit_mv.as_ref().unwrap_or(&common.shield_limit_mv);
                if shield_limit.is_none_or(|lowest| limit.value < lowest.value) {
                    shield_limit = Some(limit);
                }
                note += &format!(" {name} shields protrusions, as long as {forms} is not plated itself.");
            }
            Effect::Alloy { .. } => {
                note += &format!(
                    " {name} is reduced to {forms} at once and makes its share of the film. The seeds that {forms} \
                     leaves on the collector are not modelled: set the host's nucleation overpotential for them."
                );
            }
        }
    }
    let shield_limit = shield_limit.unwrap_or(&common.shield_limit_mv);
    let shield = shield_mol_l / (shield_mol_l + common.shield_half_mol_l.value);
    // Nernst: the foreign metal lies the lower the less of it there is.
    let dilution_mv = if shield_mol_l > 0.0 {
        mv_from_v(thermal_voltage(REFERENCE_TEMPERATURE_K)) * libm::log(c / shield_mol_l)
    } else {
        0.0
    };
    Electrolyte {
        title: recipe.to_string(),
        note,
        concentration_mol_l: recipe.concentration(common),
        diffusivity_m2_s: liquid(&common.diffusivity_m2_s, diffusivity),
        transference_number: transference_number(recipe, table),
        charge_transfer_resistance_ohm_cm2: charge_transfer,
        film_initial_nm: common.film_initial_nm.clone(),
        film_growth_constant_m2_s: geometric(|film| &film.film_growth_constant_m2_s),
        film_dissolution_nm_s: geometric(|film| &film.film_dissolution_nm_s),
        film_conductivity_s_cm: geometric(|film| &film.film_conductivity_s_cm),
        film_spread: arithmetic(|film| &film.film_spread),
        film_fracture_strain: arithmetic(|film| &film.film_fracture_strain),
        film_relaxation_s: common.film_relaxation_s.clone(),
        film_reference_nm: common.film_reference_nm.clone(),
        yield_pressure_scale: common.yield_pressure_scale.clone(),
        patch_um: common.patch_um.clone(),
        conductivity_ms_cm: liquid(&common.conductivity_ms_cm, conductivity),
        film_charge_c_cm3: common.film_charge_c_cm3.clone(),
        electrolyte_use_cm3_mol: common.electrolyte_use_cm3_mol.clone(),
        gas_yield: arithmetic(|film| &film.gas_yield),
        corrosion_nm_s: arithmetic(|film| &film.corrosion_nm_s),
        additive_mol_l: {
            let source = common.additive_mol_l.source.clone();
            Parameter { assumption: false, ..derived(&common.additive_mol_l, additive_mol_l, source) }
        },
        additive_electrons,
        shield_exponent: {
            let source = common.shield_exponent.source.clone();
            derived(&common.shield_exponent, shield * common.shield_exponent.value, source)
        },
        shield_limit_mv: {
            let source = shield_limit.source.clone();
            derived(&common.shield_limit_mv, shield_limit.value + dilution_mv, source)
        },
        additive_share: {
            let half = &common.film_former_half_mol_l;
            let like = Parameter { range: (0.0, 1.0), unit: "1".into(), ..half.clone() };
            derived(&like, of_additives, format!("rule: c/(c + {} M); {}", half.value, half.source))
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::rules;
    use super::*;

    #[test]
    fn shares_of_films_sum_to_one() {
        for text in [
            "1 M NaPF6 in EC/DEC",
            "2 M NaFSI in DME/EC/BTFE (3:1:2) + 5% FEC + 2% VC",
            "1 M NaTFSI in FEC",
            "2.5 M NaOTf in THF/diglyme + 1 wt% VC",
            "1 M NaClO4 in FEC/VC/PC",
            "NaI·3.3NH3",
            "3 M NaFSI in TEP/Pyr13FSI/TTE + 50 mM SnCl2 + 2% FEC",
        ] {
            let (shares, of_additives) = film_shares(&text.parse().unwrap(), rules());
            assert_eq!(of_additives > 0.0, text.contains('+'), "{text}");
            assert!(of_additives < 1.0);
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{text}: {shares:?}");
            assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{text}: {shares:?}");
        }
    }
}
