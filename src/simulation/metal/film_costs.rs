//! What the film costs: metal, electrolyte, additive, and the gas it gives; chemical dissolution.
//!
//! Does: integrate the charge that goes into films (new area at δ₀, growth at P/δ, cracks that heal) and dissolution, and
//! take whole sites of metal for it as the debt reaches a site. Area counts as new when the exposed faces of metal, dead or not, become more from one step to the
//! next: film that shrinks with its face is lost and not paid back. Films on dead metal go on growing.
//! Does not: thicken single films (that is the law of [`FilmLaw`](crate::electrochemistry::FilmLaw), read by age).
//! Accuracy: the debt is an integer, in 2⁻³² of a site; growth is explicit within a step.

use super::deposit::Deposit;
use crate::lattice::{Contact, Position, Purpose, SiteKind, stream};
use crate::scene::{Scene, StartSpec, TransportSpec};
use crate::simulation::course::clock::{SITE, sites_from_charge};
use crate::simulation::course::journal::{EventKind, event};
use crate::simulation::film::age::films;
use crate::simulation::film::roster::Parts;
use crate::simulation::rules::Rules;
use crate::simulation::surface::census::Matter;
use crate::units::{FARADAY, m_from_um, mol_m3_from_mol_l};
use bevy_ecs::prelude::*;
use rand::Rng;

/// Accounts of the film and what it lives on.
#[derive(Resource)]
pub(crate) struct FilmLife {
    /// Charge that has gone into films, and metal dissolved chemically, in 2⁻³² of a site.
    film: u64,
    corrosion: u64,
    /// Sites of metal taken for each.
    pub converted: u64,
    pub corroded: u64,
    /// Electrolyte left, and what fills the gap, m³ m⁻².
    electrolyte_m: f64,
    full_m: f64,
    /// Additive left, mol m⁻².
    additive_mol_m2: f64,
    initial_additive_mol_m2: f64,
    additive_use: f64,
    /// Gas made, mol m⁻².
    pub gas_mol_m2: f64,
    /// Faces of metal at the end of the last step.
    faces: u64,
    /// True once the film on the bare collector is paid for.
    collector_filmed: bool,
    /// Faces of film that cracked in this step.
    pub cracked_faces: f64,
    off: bool,
}

impl FilmLife {
    pub fn new(scene: &Scene) -> Self {
        let (spec, film, model) = (&scene.spec, &scene.electrolyte, &scene.model);
        // 1 µL cm⁻² is a layer of 10 µm.
        let electrolyte_m = spec.electrolyte_ul_cm2 * 1e-5;
        let additive = mol_m3_from_mol_l(film.additive_mol_l.value) * electrolyte_m;
        Self {
            film: 0,
            corrosion: 0,
            converted: 0,
            corroded: 0,
            electrolyte_m,
            full_m: m_from_um(spec.electrode_gap_um) * model.gap_porosity.value,
            additive_mol_m2: additive,
            initial_additive_mol_m2: additive,
            additive_use: model.additive_share.value / film.additive_electrons.value,
            gas_mol_m2: 0.0,
            faces: 0,
            collector_filmed: matches!(spec.cell, crate::scene::CellSpec::Symmetric { .. }),
            cracked_faces: 0.0,
            off: spec.start == StartSpec::PointSeed || spec.transport == TransportSpec::PerfectSticking,
        }
    }

    /// Share of the electrode that electrolyte wets, above 0.
    pub fn wetted(&self) -> f64 {
        (self.electrolyte_m / self.full_m).clamp(1e-3, 1.0)
    }

    /// Electrolyte left, m³ m⁻².
    pub fn electrolyte_m(&self) -> f64 {
        self.electrolyte_m
    }

    /// Share of the additive left; 1 where there never was any.
    pub fn additive_share(&self) -> f64 {
        if self.initial_additive_mol_m2 > 0.0 {
            self.additive_mol_m2 / self.initial_additive_mol_m2
        } else {
            1.0
        }
    }

    /// Charge in films, in sites.
    pub fn film_sites(&self) -> f64 {
        sites_from_charge(self.film)
    }

    /// Metal dissolved chemically, in sites.
    pub fn corrosion_sites(&self) -> f64 {
        sites_from_charge(self.corrosion)
    }

    /// Whole sites that are still owed.
    fn owed(&self) -> (u64, u64) {
        (self.film / SITE - self.converted, self.corrosion / SITE - self.corroded)
    }

    /// Takes electrolyte and additive for a charge, C m⁻², and gives the gas. True when the last of the additive went.
    fn consume(&mut self, charge_c_m2: f64, rules: &Rules) -> bool {
        let electrons = charge_c_m2 / FARADAY;
        self.electrolyte_m = (self.electrolyte_m - electrons * rules.film.electrolyte_use_m3_mol).max(0.0);
        self.gas_mol_m2 += electrons * rules.film.gas_yield;
        let had = self.additive_mol_m2 > 0.0;
        self.additive_mol_m2 = (self.additive_mol_m2 - electrons * self.additive_use).max(0.0);
        had && self.additive_mol_m2 == 0.0
    }
}

/// Lets the films of this step cost what they cost.
pub(crate) fn pay_for_films(mut deposit: Deposit, mut life: ResMut<FilmLife>) {
    if life.off {
        return;
    }
    let rules = &deposit.rules;
    let (surface, now_s) = (&deposit.surface, deposit.clock.time_s);
    let [metal, dead] = [Matter::Metal, Matter::Dead].map(|matter| surface.sums(matter, rules, now_s));
    let faces = metal.faces + dead.faces;
    let per_face_m2 = rules.edge_m * rules.edge_m;
    let film = &rules.film;
    let mut new_faces = faces.saturating_sub(life.faces) as f64 + life.cracked_faces;
    if !life.collector_filmed && deposit.clock.plating() {
        let host = surface.faces(Matter::Host) + surface.faces(Matter::Seed);
        new_faces += host as f64;
        life.collector_filmed = true;
    }
    life.cracked_faces = 0.0;
    let inverse = metal.inverse_thickness_per_m + dead.inverse_thickness_per_m;
    let volume_m3 =
        per_face_m2 * (new_faces * film.initial_m + film.growth_m2_s * inverse * deposit.clock.dt_s);
    let charge_c = volume_m3 * film.charge_c_m3;
    life.film += (charge_c / rules.site_charge_c * SITE as f64) as u64;
    let dissolved_m3 = per_face_m2 * faces as f64 * film.corrosion_m_s * deposit.clock.dt_s;
    life.corrosion += (dissolved_m3 / rules.edge_m.powi(3) * SITE as f64) as u64;
    let was_full = life.wetted() == 1.0;
    let spent = life.consume(charge_c / rules.projected_area_m2, rules);
    if was_full && life.wetted() < 1.0 {
        deposit.journal.note(event(EventKind::Dry, &deposit.clock, &deposit.rules, None));
    }
    if spent && deposit.rules.later_film.is_some() {
        deposit.journal.note(event(EventKind::AdditiveExhausted, &deposit.clock, &deposit.rules, None));
        let now_s = deposit.clock.time_s + deposit.clock.dt_s;
        deposit.rules.lose_additive(now_s);
        weaken_patches(&mut deposit);
    }
    collect(&mut deposit, &mut life);
    life.faces = deposit.surface.faces(Matter::Metal) + deposit.surface.faces(Matter::Dead);
}

/// Takes the metal that films and dissolution have used up.
fn collect(deposit: &mut Deposit, life: &mut FilmLife) {
    let mut random = stream(deposit.rules.seed, Purpose::Film, deposit.clock.step, 0);
    loop {
        let (film, corrosion) = life.owed();
        if film + corrosion == 0 {
            return;
        }
        let Some(position) = evenly(deposit, &mut random) else { return };
        deposit.take_away(position, &mut random);
        if film > 0 { life.converted += 1 } else { life.corroded += 1 }
    }
}

/// The metal that goes next. Films eat all faces evenly, a few nanometres of each: they thin a stalk and do not cut it. So the site
/// whose turn it is by that is one that nothing hangs on, if one is found in a few tries.
fn evenly(deposit: &Deposit, random: &mut impl Rng) -> Option<Position> {
    let mut position = deposit.surface.any_metal(&deposit.sites.0, random)?;
    for _ in 0..TRIES {
        position = deposit.loosest(position, random);
        let lattice = &deposit.sites.0;
        if lattice.kind(position) == SiteKind::DeadMetal || Contact::is_needless(lattice, position) {
            break;
        }
        position = deposit.surface.any_metal(&deposit.sites.0, random)?;
    }
    Some(position)
}

/// Sites tried before one goes that something hangs on.
const TRIES: usize = 12;

/// The patches take on what the film without additive is like.
fn weaken_patches(deposit: &mut Deposit) {
    let Deposit { sites, surface, interphase, rules, clock, .. } = deposit;
    let numbers = 0..interphase.roster.patches.len() as u16;
    for number in numbers.clone() {
        if let Some(patch) = interphase.patch_mut(number) {
            patch.wear(rules);
        }
    }
    let patches = numbers.filter_map(|number| interphase.patch(number));
    surface.change_films(&mut sites.0, patches, &films(rules, interphase, clock));
}
