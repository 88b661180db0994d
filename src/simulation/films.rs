//! The table of films: what each kind of film is, and which one forms where.
//!
//! A patch carries the number of its film. A film may have a successor: the film that forms in its place once
//! an additive is used up. Films that began to form before that go on by their own law. A coating would be
//! another entry.

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
    /// Mean conductivity, S/m.
    pub conductivity_s_m: f64,
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
        Self {
            law: FilmLaw::new(initial_m, growth_m2_s, dissolution_m_s),
            initial_m,
            conductivity_s_m,
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
        }
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
    /// The film of the electrolyte and, where it has an additive, the film without it.
    pub fn new(scene: &Scene) -> Self {
        let later = scene.without_additive.as_ref().map(|film| Film::new(film, scene));
        let successor = later.is_some().then_some(FilmId(1));
        let now = Film::new(&scene.electrolyte, scene);
        let mut entries = vec![Entry { film: now, until_s: f64::INFINITY, successor }];
        entries.extend(later.map(|film| Entry { film, until_s: f64::INFINITY, successor: None }));
        Self(entries)
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

    /// Thickness at `now_s` of a film that began to form at `formed_s`, m.
    #[inline]
    pub fn thickness_m(&self, id: FilmId, formed_s: f64, now_s: f64) -> f64 {
        let mut entry = &self.0[id.index()];
        while formed_s >= entry.until_s
            && let Some(next) = entry.successor
        {
            entry = &self.0[next.index()];
        }
        entry.film.law.thickness_m((now_s - formed_s).max(0.0))
    }

    /// The least thickness, m, that any film on a patch that carries `id` comes to, young or at the end of
    /// its growth.
    pub fn least_m(&self, id: FilmId) -> f64 {
        self.forming(id).initial_m.min(self.oldest_m(id))
    }

    /// The least thickness, m, that any film on a patch that carries `id` comes to at the end of its growth.
    pub fn oldest_m(&self, id: FilmId) -> f64 {
        let last = |entry: &Entry| entry.film.law.thickness_m(f64::INFINITY);
        self.so_far(id).map(last).fold(f64::INFINITY, f64::min)
    }

    /// From now on the successors of the films with an additive form. False when there are none.
    pub fn lose_additive(&mut self, now_s: f64) -> bool {
        let mut changed = false;
        for entry in &mut self.0 {
            if entry.successor.is_some() && entry.until_s == f64::INFINITY {
                (entry.until_s, changed) = (now_s, true);
            }
        }
        changed
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
        let laws = [0, 1].map(|k| films.0[k].film.law.clone());
        assert_ne!(laws[0].thickness_m(300.0), laws[1].thickness_m(300.0));
        assert_eq!(films.oldest_m(id), laws[0].thickness_m(f64::INFINITY));
        assert!(films.lose_additive(100.0));
        assert!(!films.lose_additive(200.0), "the additive goes once");
        assert_eq!(films.thickness_m(id, 99.0, 399.0), laws[0].thickness_m(300.0));
        assert_eq!(films.thickness_m(id, 100.0, 400.0), laws[1].thickness_m(300.0));
        assert_eq!(films.of_electrolyte().initial_m, films.0[1].film.initial_m);
        let ends = laws.map(|law| law.thickness_m(f64::INFINITY));
        assert_eq!(films.oldest_m(id), ends[0].min(ends[1]));
    }
}
