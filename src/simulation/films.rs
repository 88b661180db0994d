//! The table of films: what each kind of film is, and which one forms where.
//!
//! A patch carries the number of its film. A film may have a successor: the film that forms in its place when
//! an additive has gone down by a step. Films that began to form before that go on by their own law, with
//! their own conductivity. A coating would be another entry.

use crate::electrochemistry::{FilmLaw, kinetics, sei_laws};
use crate::scene::{Electrolyte, Parameter, Scene};
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
    /// Thickness at the end of its growth, m.
    oldest_m: f64,
    /// Mean resistivity, Ω m.
    pub ohm_m: f64,
    /// Current density at which its conduction turns from linear to exponential in the field, A m⁻².
    pub high_field_a_m2: f64,
    /// Film thickness over which the chance to yield falls by e for a mean patch, m.
    pub yield_scale_m: f64,
    pub spread: f64,
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
    fn new(film: &Electrolyte, scene: &Scene) -> Self {
        let (spec, metal, model) = (&scene.spec, &scene.metal, &scene.model);
        let temperature_k = kelvin_from_celsius(spec.temperature_c);
        let hotter = |activation: &Parameter| {
            sei_laws::arrhenius_factor(j_mol_from_kj_mol(activation.value), temperature_k)
        };
        let growth_factor = hotter(&model.film_growth_activation_kj_mol);
        let growth_m2_s =
            film.film_growth_constant_m2_s.value * metal.film_growth_factor.value * growth_factor;
        let dissolution_m_s =
            m_from_nm(film.film_dissolution_nm_s.value) * metal.film_dissolution_factor.value * growth_factor;
        let initial_m = m_from_nm(film.film_initial_nm.value);
        let conductivity_s_m = s_m_from_s_cm(film.film_conductivity_s_cm.value)
            * hotter(&model.film_conduction_activation_kj_mol);
        let jump_m = m_from_nm(model.film_jump_nm.value);
        let transfer_ohm_m2 = ohm_m2_from_ohm_cm2(film.charge_transfer_resistance_ohm_cm2.value);
        let law = FilmLaw::new(initial_m, growth_m2_s, dissolution_m_s);
        Self {
            oldest_m: law.thickness_m(f64::INFINITY),
            law,
            initial_m,
            ohm_m: 1.0 / conductivity_s_m,
            high_field_a_m2: kinetics::high_field_current_density(conductivity_s_m, jump_m, temperature_k),
            yield_scale_m: m_from_nm(film.film_reference_nm.value * film.yield_pressure_scale.value),
            spread: film.film_spread.value,
            fracture_strain: film.film_fracture_strain.value
                * (1.0 + spec.pressure_mpa / model.pressure_fracture_mpa.value),
            relaxation_s: film.film_relaxation_s.value / growth_factor,
            exchange_a_m2: kinetics::exchange_current_density(transfer_ohm_m2, REFERENCE_TEMPERATURE_K)
                * hotter(&model.charge_transfer_activation_kj_mol),
            charge_c_m3: film.film_charge_c_cm3.value * 1e6,
            electrolyte_use_m3_mol: m3_mol_from_cm3_mol(film.electrolyte_use_cm3_mol.value),
            gas_yield: film.gas_yield.value,
            corrosion_m_s: m_from_nm(film.corrosion_nm_s.value)
                * metal.corrosion_factor.value
                * growth_factor,
            additive_share: film.additive_share.value,
        }
    }

    /// Mean resistance of a film of this age, Ω m².
    #[inline]
    pub fn ohm_m2(&self, age_s: f64) -> f64 {
        self.law.thickness_m(age_s) * self.ohm_m
    }

    /// The least that this comes to from this age on: films may become thinner.
    pub fn least_ohm_m2(&self, age_s: f64) -> f64 {
        self.law.thickness_m(age_s).min(self.oldest_m) * self.ohm_m
    }

    /// Chance of a spot to yield under a film of this thickness: exp(−p_y/p₀). The strength is relative to
    /// the mean patch.
    pub fn compliance(&self, thickness_m: f64, strength: f64) -> f64 {
        libm::exp(-strength * thickness_m / self.yield_scale_m)
    }
}

/// Number of a film in the table.
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
}

/// One film of the table.
struct Entry {
    film: Film,
    /// Until when it forms, s; infinite as long as it does.
    until_s: f64,
    /// The film that forms in its place afterwards.
    successor: Option<FilmId>,
}

/// All films of a run.
#[derive(Resource)]
pub(crate) struct Films(Vec<Entry>);

impl Films {
    /// The film of the electrolyte and, where it has an additive, those that form as that goes.
    pub fn new(scene: &Scene) -> Self {
        let sets = [&scene.electrolyte].into_iter().chain(&scene.as_additive_goes);
        let last = scene.as_additive_goes.len();
        let entry = |(number, set): (usize, &Electrolyte)| Entry {
            film: Film::new(set, scene),
            until_s: f64::INFINITY,
            successor: (number < last).then_some(FilmId(number as u8 + 1)),
        };
        Self(sets.enumerate().map(entry).collect())
    }

    /// The entries that have formed where a patch carries `id`, in their order. The last one forms now.
    #[inline]
    fn so_far(&self, id: FilmId) -> impl Iterator<Item = &Entry> {
        std::iter::successors(Some(&self.0[id.index()]), |entry| {
            let over = entry.until_s < f64::INFINITY;
            entry.successor.filter(|_| over).map(|next| &self.0[next.index()])
        })
    }

    /// The film that forms now on a patch that carries `id`.
    #[inline]
    pub fn forming(&self, id: FilmId) -> &Film {
        let mut entry = &self.0[id.index()];
        while entry.until_s < f64::INFINITY
            && let Some(next) = entry.successor
        {
            entry = &self.0[next.index()];
        }
        &entry.film
    }

    /// The film that the electrolyte forms now on bare metal.
    pub fn of_electrolyte(&self) -> &Film {
        self.forming(FilmId::ELECTROLYTE)
    }

    /// The film that began to form at `formed_s` where a patch carries `id`.
    #[inline]
    pub fn formed_at(&self, id: FilmId, formed_s: f64) -> &Film {
        let mut entry = &self.0[id.index()];
        while formed_s >= entry.until_s
            && let Some(next) = entry.successor
        {
            entry = &self.0[next.index()];
        }
        &entry.film
    }

    /// Thickness at `now_s` of a film that began to form at `formed_s`, m.
    #[inline]
    pub fn thickness_m(&self, id: FilmId, formed_s: f64, now_s: f64) -> f64 {
        self.formed_at(id, formed_s).law.thickness_m((now_s - formed_s).max(0.0))
    }

    /// Its mean resistance, Ω m².
    #[inline]
    pub fn ohm_m2(&self, id: FilmId, formed_s: f64, now_s: f64) -> f64 {
        self.formed_at(id, formed_s).ohm_m2((now_s - formed_s).max(0.0))
    }

    /// The least mean resistance, Ω m², that any film on a patch that carries `id` comes to, young or at the
    /// end of its growth.
    pub fn least_ohm_m2(&self, id: FilmId) -> f64 {
        let least = |entry: &Entry| entry.film.least_ohm_m2(0.0);
        self.so_far(id).map(least).fold(f64::INFINITY, f64::min)
    }

    /// True when another film of the electrolyte is to form, where the additive makes so small a share of it:
    /// half-way to the next one, or less.
    pub fn follows(&self, additive_share: f64) -> bool {
        let forming = self.so_far(FilmId::ELECTROLYTE).last();
        forming.is_some_and(|forming| {
            forming.successor.is_some_and(|next| {
                let middle = 0.5 * (forming.film.additive_share + self.0[next.index()].film.additive_share);
                additive_share <= middle
            })
        })
    }

    /// From now on the successor of the electrolyte's film forms. True when it is the last one.
    pub fn succeed(&mut self, now_s: f64) -> bool {
        let forming = self.so_far(FilmId::ELECTROLYTE).count() - 1;
        self.0[forming].until_s = now_s;
        self.0[forming + 1].successor.is_none()
    }

    /// Changes the constants of the film that the electrolyte forms now, for a test.
    #[cfg(test)]
    pub fn change(&mut self, change: impl FnOnce(&mut Film)) {
        change(&mut self.0[0].film);
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
        let first = films.0[0].film.additive_share;
        assert!(!films.follows(first) && films.follows(0.93 * first));
        let (mut now_s, mut levels) = (100.0, 1);
        while films.follows(0.0) {
            let last = films.succeed(now_s);
            let [before, after] = [levels - 1, levels].map(|k| films.0[k].film.clone());
            assert_eq!(films.ohm_m2(id, now_s - 1.0, now_s + 299.0), before.ohm_m2(300.0));
            assert_eq!(films.ohm_m2(id, now_s, now_s + 300.0), after.ohm_m2(300.0));
            assert_eq!(films.of_electrolyte().additive_share, after.additive_share);
            (now_s, levels) = (now_s + 100.0, levels + 1);
            assert_eq!(last, levels == films.0.len());
        }
        assert_eq!(levels, 9);
        let ends = films.0.iter().map(|entry| entry.film.least_ohm_m2(0.0));
        assert_eq!(films.least_ohm_m2(id), ends.fold(f64::INFINITY, f64::min));
    }
}
