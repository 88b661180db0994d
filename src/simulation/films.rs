//! The table of films: what each kind of film is, and which one forms where.
//!
//! A patch carries the number of its film: which layers of the coating are whole over it. A film may have
//! successors: the films that form in its place as an additive goes, by steps. Films that began to form
//! before that go on by their own law, with their own conductivity.

use crate::electrochemistry::{FilmLaw, kinetics, sei_laws};
use crate::scene::{CellSpec, Coating, Electrolyte, Parameter, Scene};
use crate::units::{
    REFERENCE_TEMPERATURE_K, j_mol_from_kj_mol, kelvin_from_celsius, m_from_nm, m3_mol_from_cm3_mol,
    ohm_m2_from_ohm_cm2, s_m_from_s_cm,
};
use bevy_ecs::prelude::*;

/// Constants of one film, at the temperature and pressure of the run.
#[derive(Clone)]
pub(crate) struct Film {
    pub law: FilmLaw,
    pub initial_m: f64,
    /// Resistance of the layers over it, and what that counts as at the present current, Ω m².
    ohmic_ohm_m2: f64,
    layers_ohm_m2: f64,
    /// By how much they raise the exponent of the chance to yield.
    stiffness: f64,
    /// Load per width that they bear, N m⁻¹.
    pub bears_n_m: f64,
    /// The one that breaks first.
    pub weakest: u8,
    /// Thickness at the end of its growth, m.
    oldest_m: f64,
    /// Mean resistivity, Ω m.
    pub ohm_m: f64,
    /// Current density at which its conduction turns from linear to exponential in the field, A m⁻².
    pub high_field_a_m2: f64,
    /// Film thickness over which the chance to yield falls by e for a mean patch, m.
    pub yield_scale_m: f64,
    /// Log-normal spread between patches: of what it conducts, and of its strength.
    pub spread: f64,
    pub strength_spread: f64,
    pub fracture_strain: f64,
    pub relaxation_s: f64,
    /// Exchange current density of the metal under it, A m⁻².
    pub exchange_a_m2: f64,
    /// Charge of the film per volume, C m⁻³.
    pub charge_c_m3: f64,
    /// Electrolyte used per mole of electrons, m³ mol⁻¹.
    pub electrolyte_use_m3_mol: f64,
    pub gas_yield: f64,
    /// Chemical dissolution of the metal, m s⁻¹.
    pub corrosion_m_s: f64,
    /// Share of its charge that the additive takes.
    pub additive_share: f64,
}

impl Film {
    /// What forms from the electrolyte `film` under whole layers, each with its number.
    fn new(film: &Electrolyte, layers: &[(u8, &Coating)], scene: &Scene) -> Self {
        let (spec, metal, model) = (&scene.spec, &scene.metal, &scene.model);
        let temperature_k = kelvin_from_celsius(spec.temperature_c);
        let hotter = |activation: &Parameter| {
            sei_laws::arrhenius_factor(j_mol_from_kj_mol(activation.value), temperature_k)
        };
        let growth_factor = hotter(&model.film_growth_activation_kj_mol);
        // With P times its square and r times the barrier, the thickness is the barrier times that of a film
        // without a coating, at any age.
        let barrier: f64 = layers.iter().map(|(_, layer)| layer.barrier.value).product();
        let growth_m2_s = film.film_growth_constant_m2_s.value
            * metal.film_growth_factor.value
            * growth_factor
            * (barrier * barrier);
        let dissolution_m_s = m_from_nm(film.film_dissolution_nm_s.value)
            * metal.film_dissolution_factor.value
            * growth_factor
            * barrier;
        let initial_m = m_from_nm(film.film_initial_nm.value) * barrier;
        let conducts_better = hotter(&model.film_conduction_activation_kj_mol);
        let conductivity_s_m = s_m_from_s_cm(film.film_conductivity_s_cm.value) * conducts_better;
        let layer_ohm_m2 = |layer: &Coating| {
            m_from_nm(layer.thickness_nm.value)
                / (s_m_from_s_cm(layer.conductivity_s_cm.value) * conducts_better)
        };
        let layers_ohm_m2: f64 = layers.iter().map(|(_, layer)| layer_ohm_m2(layer)).sum();
        let yield_scale_m = m_from_nm(film.film_reference_nm.value * film.yield_pressure_scale.value);
        // Over that of a native film of mean thickness.
        let stiffness_of = |layer: &Coating| {
            layer.modulus_gpa.value * m_from_nm(layer.thickness_nm.value)
                / (model.film_modulus_gpa.value * yield_scale_m)
        };
        // Spots differ by what resists more, current or lifting.
        let native_ohm_m2 = m_from_nm(film.film_reference_nm.value) / conductivity_s_m;
        let spread = mixed(film.film_spread.value, native_ohm_m2, layers, layer_ohm_m2);
        let strength_spread = mixed(film.film_spread.value, 1.0, layers, stiffness_of);
        let stiffness: f64 = layers.iter().map(|(_, layer)| stiffness_of(layer)).sum();
        let strain = |layer: &Coating| layer.fracture_strain.value;
        let weakest = layers.iter().min_by(|(_, a), (_, b)| strain(a).total_cmp(&strain(b)));
        let breaks_at = weakest.map_or(film.film_fracture_strain.value, |(_, layer)| strain(layer));
        let film_relaxation_s = film.film_relaxation_s.value / growth_factor;
        let jump_m = m_from_nm(model.film_jump_nm.value);
        let transfer_ohm_m2 = ohm_m2_from_ohm_cm2(film.charge_transfer_resistance_ohm_cm2.value);
        let law = FilmLaw::new(initial_m, growth_m2_s, dissolution_m_s);
        Self {
            oldest_m: law.thickness_m(f64::INFINITY),
            law,
            initial_m,
            ohmic_ohm_m2: layers_ohm_m2,
            layers_ohm_m2,
            stiffness: stiffness.min(model.coating_stiffness_limit.value),
            bears_n_m: layers.iter().map(|(_, layer)| layer.bears_n_m()).sum(),
            weakest: weakest.map_or(0, |(number, _)| *number),
            ohm_m: 1.0 / conductivity_s_m,
            high_field_a_m2: kinetics::high_field_current_density(conductivity_s_m, jump_m, temperature_k),
            yield_scale_m,
            spread,
            strength_spread,
            fracture_strain: breaks_at * (1.0 + spec.pressure_mpa / model.pressure_fracture_mpa.value),
            relaxation_s: weakest.map_or(film_relaxation_s, |(_, layer)| layer.relaxation_s.value),
            exchange_a_m2: kinetics::exchange_current_density(transfer_ohm_m2, REFERENCE_TEMPERATURE_K)
                * hotter(&model.charge_transfer_activation_kj_mol),
            charge_c_m3: film.film_charge_c_cm3.value * 1e6,
            electrolyte_use_m3_mol: m3_mol_from_cm3_mol(film.electrolyte_use_cm3_mol.value),
            gas_yield: film.gas_yield.value,
            corrosion_m_s: m_from_nm(film.corrosion_nm_s.value)
                * metal.corrosion_factor.value
                * growth_factor
                * barrier,
            additive_share: film.additive_share.value,
        }
    }

    /// Mean resistance of a film of this age and of the layers over it, Ω m².
    #[inline]
    pub fn ohm_m2(&self, age_s: f64) -> f64 {
        self.law.thickness_m(age_s) * self.ohm_m + self.layers_ohm_m2
    }

    /// The least that this comes to from this age on: films may become thinner.
    pub fn least_ohm_m2(&self, age_s: f64) -> f64 {
        self.law.thickness_m(age_s).min(self.oldest_m) * self.ohm_m + self.layers_ohm_m2
    }

    /// Chance of a spot to yield under a film of this thickness and the layers over it: exp(−p_y/p₀). The
    /// strength is relative to the mean patch.
    pub fn compliance(&self, thickness_m: f64, strength: f64) -> f64 {
        libm::exp(-strength * thickness_m / self.yield_scale_m - strength * self.stiffness)
    }

    /// Factor of that chance where the layers are strained: as they come to their limit they push back with
    /// as much again†. Without layers 1.
    pub fn yields_when_strained(&self, elastic_strain: f64) -> f64 {
        if self.stiffness == 0.0 {
            return 1.0;
        }
        libm::exp(-self.stiffness * elastic_strain / self.fracture_strain)
    }
}

/// Mean of the spreads of a film and of the layers over it, each with its weight.
fn mixed(spread: f64, weight: f64, layers: &[(u8, &Coating)], of: impl Fn(&Coating) -> f64) -> f64 {
    if layers.is_empty() {
        return spread;
    }
    let (sum, all) = layers.iter().fold((spread * weight, weight), |(sum, all), (_, layer)| {
        (sum + layer.spread.value * of(layer), all + of(layer))
    });
    sum / all
}

/// Number of a film in the table: a bit for each layer of the coating that is whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FilmId(u8);

impl FilmId {
    /// The film that the electrolyte forms on bare metal.
    pub const ELECTROLYTE: Self = Self(0);

    /// All numbers up to the last one.
    pub fn up_to(last: Self) -> impl Iterator<Item = Self> {
        (0..=last.0).map(Self)
    }

    /// Its place in a list with one entry for each film.
    #[inline]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// True where a layer of the coating is whole.
    pub fn is_coated(self) -> bool {
        self.0 != 0
    }

    /// The same with a layer broken.
    pub fn without(self, layer: u8) -> Self {
        Self(self.0 & !(1 << layer))
    }

    /// The same with a layer whole.
    pub fn with(self, layer: u8) -> Self {
        Self(self.0 | 1 << layer)
    }
}

/// All films of a run.
#[derive(Resource)]
pub(crate) struct Films {
    /// For each number the film of the electrolyte as it is at first, and those that form as its additive
    /// goes.
    films: Vec<Film>,
    /// How many these are.
    levels: usize,
    /// Until when each but the last one formed, s, as far as that has come.
    until_s: Vec<f64>,
    /// Time after which a breach of each layer has closed, s; 0: never.
    healing_s: Vec<f64>,
    /// What the resistance of layers is multiplied with: films conduct better at high fields, layers do not.
    layers_count_as: f64,
    /// The film where all layers are whole.
    pub unbroken: FilmId,
    /// The film of the counter electrode: coated likewise in a symmetric cell.
    pub counter: FilmId,
}

impl Films {
    /// The films of the electrolyte below every choice of whole layers.
    pub fn new(scene: &Scene) -> Self {
        let sets: Vec<&Electrolyte> =
            [&scene.electrolyte].into_iter().chain(&scene.as_additive_goes).collect();
        let below = |whole: u8| {
            let numbered = (0..).zip(&scene.coating);
            let layers: Vec<(u8, &Coating)> =
                numbered.filter(|(number, _)| whole & 1 << number != 0).collect();
            sets.iter().map(move |set| Film::new(set, &layers, scene)).collect::<Vec<Film>>()
        };
        let unbroken = FilmId(((1u32 << scene.coating.len()) - 1) as u8);
        let alike = matches!(scene.spec.cell, CellSpec::Symmetric { .. });
        Self {
            counter: if alike { unbroken } else { FilmId::ELECTROLYTE },
            unbroken,
            layers_count_as: 1.0,
            films: (0..1 << scene.coating.len()).flat_map(below).collect(),
            levels: sets.len(),
            until_s: Vec::new(),
            healing_s: scene.coating.iter().map(|layer| layer.healing_s.value).collect(),
        }
    }

    /// What the resistance of layers is multiplied with.
    pub fn layers_count_as(&self) -> f64 {
        self.layers_count_as
    }

    /// Multiplies the resistance of layers by this.
    pub fn let_layers_count_as(&mut self, factor: f64) {
        self.layers_count_as = factor;
        self.films.iter_mut().for_each(|film| film.layers_ohm_m2 = factor * film.ohmic_ohm_m2);
    }

    /// Layers that close again by themselves, with the time that takes, s.
    pub fn healing(&self) -> impl Iterator<Item = (u8, f64)> {
        (0..).zip(&self.healing_s).map(|(layer, time_s)| (layer, *time_s)).filter(|(_, time_s)| *time_s > 0.0)
    }

    /// The films that have formed where a patch carries `id`, in their order. The last one forms now.
    #[inline]
    fn so_far(&self, id: FilmId) -> &[Film] {
        let first = id.index() * self.levels;
        &self.films[first..=first + self.until_s.len()]
    }

    /// The film that forms now on a patch that carries `id`.
    #[inline]
    pub fn forming(&self, id: FilmId) -> &Film {
        &self.films[id.index() * self.levels + self.until_s.len()]
    }

    /// The film that the electrolyte forms now on bare metal.
    pub fn of_electrolyte(&self) -> &Film {
        self.forming(FilmId::ELECTROLYTE)
    }

    /// The film that began to form at `formed_s` where a patch carries `id`.
    #[inline]
    pub fn formed_at(&self, id: FilmId, formed_s: f64) -> &Film {
        let mut level = 0;
        while level < self.until_s.len() && formed_s >= self.until_s[level] {
            level += 1;
        }
        &self.films[id.index() * self.levels + level]
    }

    /// Thickness at `now_s` of a film that began to form at `formed_s`, m.
    #[inline]
    pub fn thickness_m(&self, id: FilmId, formed_s: f64, now_s: f64) -> f64 {
        self.formed_at(id, formed_s).law.thickness_m((now_s - formed_s).max(0.0))
    }

    /// Its mean resistance and that of the layers over it, Ω m².
    #[inline]
    pub fn ohm_m2(&self, id: FilmId, formed_s: f64, now_s: f64) -> f64 {
        self.formed_at(id, formed_s).ohm_m2((now_s - formed_s).max(0.0))
    }

    /// The least mean resistance, Ω m², that any film on a patch that carries `id` comes to, young or at the
    /// end of its growth.
    pub fn least_ohm_m2(&self, id: FilmId) -> f64 {
        let least = |film: &Film| film.least_ohm_m2(0.0);
        self.so_far(id).iter().map(least).fold(f64::INFINITY, f64::min)
    }

    /// True when another film of the electrolyte is to form, where the additive makes so small a share of it:
    /// half-way to the next one, or less.
    pub fn follows(&self, additive_share: f64) -> bool {
        let forming = self.until_s.len();
        let share = |level: usize| self.films[level].additive_share;
        forming + 1 < self.levels && additive_share <= 0.5 * (share(forming) + share(forming + 1))
    }

    /// From now on the next film of the electrolyte forms. True when it is the last one.
    pub fn succeed(&mut self, now_s: f64) -> bool {
        self.until_s.push(now_s);
        self.until_s.len() + 1 == self.levels
    }

    /// Changes the constants of the film that the electrolyte forms now, for a test.
    #[cfg(test)]
    pub fn change(&mut self, change: impl FnOnce(&mut Film)) {
        change(&mut self.films[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn films_go_on_by_the_law_that_held_when_they_began() {
        let scene = crate::scene::load("fec_runs_out").expect("loads");
        let mut films = Films::new(&scene);
        let id = FilmId::ELECTROLYTE;
        let first = films.films[0].additive_share;
        assert!(!films.follows(first) && films.follows(0.93 * first));
        let (mut now_s, mut levels) = (100.0, 1);
        while films.follows(0.0) {
            let last = films.succeed(now_s);
            let [before, after] = [levels - 1, levels].map(|k| films.films[k].clone());
            assert_eq!(films.ohm_m2(id, now_s - 1.0, now_s + 299.0), before.ohm_m2(300.0));
            assert_eq!(films.ohm_m2(id, now_s, now_s + 300.0), after.ohm_m2(300.0));
            assert_eq!(films.of_electrolyte().additive_share, after.additive_share);
            (now_s, levels) = (now_s + 100.0, levels + 1);
            assert_eq!(last, levels == films.levels);
        }
        assert_eq!(levels, 9);
        let ends = films.films.iter().map(|film| film.least_ohm_m2(0.0));
        assert_eq!(films.least_ohm_m2(id), ends.fold(f64::INFINITY, f64::min));
    }
}
