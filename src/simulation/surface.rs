//! The exposed solid sites, and one of them drawn in proportion to the current of its faces.
//!
//! What a face carries depends on what it is made of and on the resistance of its film only. Sites are kept in classes of (matter, resistance in
//! half octaves, number of faces). A draw picks a class by what its members carry at most, one of its members, and accepts it with the share of that
//! which it does carry (composition and rejection; Slepoy, Thompson & Plimpton, J. Chem. Phys. 128, 205101 (2008), 10.1063/1.2919546).
//! So draws are exact, whatever class a site is in, as long as it carries no more than the class allows. Films thicken and faces get covered: both
//! take current away. A site is therefore not looked at until it is drawn and refused, and goes to the class where it belongs then; only what
//! gains current, a face laid bare or a film made new, moves at once. The mean resistances that the voltage needs come from the [`Census`].
//! Accuracy: exact, but on growing filaments, where films keep their age: those are looked at in turn.

use super::census::{Alike, Census, FaceSums, Film, Matter, column_of};
use super::classes::Classes;
use super::currents::{Currents, NODES, node_of};
use super::films::{Films, alike, film_of};
use super::interphase::Parts;
use super::patch::Patch;
use super::rules::Rules;
use crate::lattice::{
    Around, Exposed, FACES, Gap, Lattice, NONE_U16, NONE_U32, Position, SiteKind, each_face, offset,
};
use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};

/// The lattice, as a resource of the world.
#[derive(Resource)]
pub(super) struct Sites(pub Lattice);

/// Nodes of resistance in a class, as a power of two: half an octave.
const CLASS_NODES_LOG2: usize = 2;
/// Classes of a matter: resistances × faces.
const OF_MATTER: usize = (NODES >> CLASS_NODES_LOG2) * 6;
/// The class of metal without contact.
const DEAD: usize = Matter::CONNECTED.len() * OF_MATTER;
/// Steps in which every site is looked at once: four monolayers.
const ROUND: u32 = 256;

/// What the film of a patch is like.
#[derive(Clone, Copy)]
struct Skin {
    ohm_m: f64,
    /// Relative to the mean patch.
    strength: f32,
    column: u8,
}

/// All exposed solid sites.
#[derive(Resource)]
pub(super) struct Surface {
    /// Slots by class.
    classes: Classes,
    census: Census,
    /// Current of a face by its film resistance, for each matter that carries any.
    currents: [Currents; 3],
    /// Mean current of the faces, A m⁻².
    mean_current: f64,
    skins: Vec<Skin>,
    bare: Skin,
    /// The least thickness that a film may come to however old it is, m.
    oldest_m: f64,
    /// Slots of each patch that belong to no filament and are not dead.
    members: Vec<Vec<u32>>,
    /// Slot that is looked at next.
    turn: u32,
}

fn matter_of_class(class: u16) -> Matter {
    Matter::ALL[usize::from(class) / OF_MATTER]
}

fn matter_of(kind: SiteKind) -> Matter {
    match kind {
        SiteKind::Host => Matter::Host,
        SiteKind::Seed => Matter::Seed,
        SiteKind::DeadMetal => Matter::Dead,
        _ => Matter::Metal,
    }
}

/// The bit of the face with which the neighbour behind `face` borders on a site.
fn facing(face: usize) -> u8 {
    1 << (face ^ 1)
}

/// Most faces that the members of a class have.
fn faces_of_class(class: usize) -> u8 {
    (class % 6) as u8 + 1
}

impl Surface {
    /// An empty list for these patches.
    pub fn new<'a>(patches: impl ExactSizeIterator<Item = &'a Patch>, rules: &Rules) -> Self {
        let mut surface = Self {
            classes: Classes::new(DEAD + 1),
            census: Census::new(),
            currents: Default::default(),
            mean_current: 0.0,
            skins: Vec::new(),
            bare: Skin { ohm_m: 0.0, strength: 1.0, column: 0 },
            oldest_m: 0.0,
            members: vec![Vec::new(); patches.len()],
            turn: 0,
        };
        surface.take_skins(patches, rules);
        surface
    }

    fn take_skins<'a>(&mut self, patches: impl Iterator<Item = &'a Patch>, rules: &Rules) {
        let mean = rules.film.conductivity_s_m;
        let skin = |s_m: f64, strength: f64| Skin {
            ohm_m: 1.0 / s_m,
            strength: strength as f32,
            column: column_of(s_m / mean),
        };
        self.skins = patches.map(|patch| skin(patch.conductivity_s_m, patch.yield_factor)).collect();
        self.bare = skin(mean, 1.0);
        self.oldest_m = rules.oldest_film_m();
    }

    /// Takes on another film in all patches: everything is sorted anew.
    pub fn change_films<'a>(
        &mut self,
        lattice: &mut Lattice,
        patches: impl Iterator<Item = &'a Patch>,
        films: &Films<impl Parts>,
    ) {
        let listed: Vec<u32> =
            (0..lattice.exposed().slots()).filter(|slot| lattice.exposed()[*slot].open > 0).collect();
        let open: Vec<u8> = listed.iter().map(|slot| self.unlist(lattice, *slot)).collect();
        self.take_skins(patches, films.rules);
        for (slot, open) in listed.into_iter().zip(open) {
            let matter = matter_of_class(lattice.exposed()[slot].class);
            self.list(lattice, slot, (open, matter), films);
        }
    }

    /// Electrolyte faces of a matter.
    pub fn faces(&self, matter: Matter) -> u64 {
        self.census.faces(matter)
    }

    /// Sums over the faces of a matter.
    pub fn sums(&self, matter: Matter, rules: &Rules, now_s: f64) -> FaceSums {
        self.census.sums(matter, rules, now_s)
    }

    /// Faces of a matter by film resistance, ascending.
    pub fn spectrum(&self, matter: Matter, rules: &Rules, now_s: f64) -> Vec<Alike> {
        self.census.spectrum(matter, rules, now_s)
    }

    /// The least resistance that a film of the present step can have, Ω m².
    pub fn least_ohm_m2(&self, rules: &Rules) -> f64 {
        let least_ohm_m = self.skins.iter().map(|skin| skin.ohm_m).fold(self.bare.ohm_m, f64::min);
        least_ohm_m * rules.film.initial_m.min(self.oldest_m)
    }

    /// Sets what a face of each matter carries, and the mean over all faces (any unit).
    pub fn set_currents(&mut self, currents: [Currents; 3], mean_current: f64) {
        (self.currents, self.mean_current) = (currents, mean_current);
        // What a member carries at most.
        let most: Vec<f64> = (0..DEAD / 6).map(|group| self.most(6 * group)).collect();
        let weight = |class: usize| most[class / 6] * f64::from(faces_of_class(class));
        self.classes.weigh((0..DEAD).map(weight));
    }

    /// Slot of an exposed site drawn in proportion to the current of its faces.
    pub fn draw(
        &mut self,
        lattice: &mut Lattice,
        rules: &Rules,
        now_s: f64,
        random: &mut impl Rng,
    ) -> Option<u32> {
        loop {
            let (class, slot) = self.classes.draw(random)?;
            let entry = &lattice.exposed()[slot];
            let ohm_m2 = self.ohm_m2(entry, rules, now_s);
            let carries = self.currents[class / OF_MATTER].at(ohm_m2) * f64::from(entry.faces());
            if random.random::<f64>() * self.most(class) * f64::from(faces_of_class(class)) < carries {
                return Some(slot);
            }
            self.reclass(lattice, slot, rules, now_s);
        }
    }

    /// Current of a face of an exposed site over the mean of the surface; 0 for dead metal.
    pub fn relative_current(&self, entry: &Exposed, rules: &Rules, now_s: f64) -> f64 {
        if self.mean_current == 0.0 {
            return 1.0;
        }
        let Some(currents) = self.currents.get(usize::from(entry.class) / OF_MATTER) else { return 0.0 };
        currents.at(self.ohm_m2(entry, rules, now_s)) / self.mean_current
    }

    /// No face carries more than this over the mean of the surface.
    pub fn largest_relative_current(&self) -> f64 {
        let largest = self.largest_current();
        if self.mean_current > 0.0 { (largest / self.mean_current).max(1.0) } else { 1.0 }
    }

    fn largest_current(&self) -> f64 {
        self.currents.iter().map(Currents::largest).fold(0.0, f64::max)
    }

    /// Exposed sites of a patch that belong to no filament and are not dead.
    pub fn members(&self, patch: u16) -> usize {
        self.members.get(patch as usize).map_or(0, Vec::len)
    }

    /// Slot of one of the [`members`](Self::members) of a patch.
    pub fn member(&self, patch: u16, index: usize) -> u32 {
        self.members[patch as usize][index]
    }

    /// What an exposed site is made of.
    pub fn matter(entry: &Exposed) -> Matter {
        matter_of_class(entry.class)
    }

    /// One exposed site of metal, dead or alive, all faces alike; `None` when there is none.
    pub fn any_metal(&self, lattice: &Lattice, random: &mut impl Rng) -> Option<Position> {
        if self.faces(Matter::Metal) + self.faces(Matter::Dead) == 0 {
            return None;
        }
        let metal = |slot: u32| {
            let entry = &lattice.exposed()[slot];
            let metal = matches!(matter_of_class(entry.class), Matter::Metal | Matter::Dead);
            (metal && entry.open > 0).then_some((entry.faces(), entry.position()))
        };
        let slots = lattice.exposed().slots();
        // Any slot, as often as it has faces.
        for _ in 0..256 {
            let (slot, face) = (random.random_range(0..slots), random.random_range(0..6));
            if let Some((_, position)) = metal(slot).filter(|(faces, _)| face < *faces) {
                return Some(position);
            }
        }
        // There is little metal.
        let mut rest = random.random_range(0..self.faces(Matter::Metal) + self.faces(Matter::Dead));
        (0..slots).filter_map(metal).find_map(|(faces, position)| {
            let here = rest < u64::from(faces);
            rest = rest.saturating_sub(faces.into());
            here.then_some(position)
        })
    }

    /// Brings the lists up to date after a solid of this kind was placed at the wrapped `position` into a gap, whose film
    /// began to form at `film_time_s`.
    pub fn placed(
        &mut self,
        lattice: &mut Lattice,
        (position, gap): (Position, &Gap),
        kind: SiteKind,
        film_time_s: f32,
        films: &Films<impl Parts>,
    ) {
        let open = gap.touching.open(position[2]);
        self.show_open(lattice, position, (open, matter_of(kind)), film_time_s, films);
        // The new solid covered one face of each solid neighbour.
        for face in each_face(gap.touching.solid) {
            let Some(slot) = gap.slots[face] else { continue };
            let entry = lattice.exposed_mut(slot);
            let left = entry.open & !facing(face);
            if left == 0 {
                self.unlist(lattice, slot);
                lattice.bury(slot);
            } else if left != entry.open {
                entry.open = left;
                let entry = *entry;
                self.count(&entry, -1);
            }
        }
    }

    /// Brings the lists up to date before the solid in the middle of others is removed.
    pub fn removing(&mut self, lattice: &mut Lattice, around: &Around) {
        if let Some(slot) = lattice.slot_at(around.centre()) {
            self.unlist(lattice, slot);
        }
    }

    /// Brings the lists up to date after the solid at the wrapped `position` in the middle of others was removed: what comes to light has no film yet.
    pub fn removed(
        &mut self,
        lattice: &mut Lattice,
        (position, around): (Position, &Around),
        films: &Films<impl Parts>,
    ) {
        let slots = lattice.slots(around);
        for face in each_face(lattice.touching(around).solid) {
            let Some(slot) = slots[face] else {
                self.show(lattice, offset(position, FACES[face]), films.now_s as f32, films);
                continue;
            };
            let entry = lattice.exposed_mut(slot);
            entry.open |= facing(face);
            let entry = *entry;
            self.count(&entry, 1);
            if entry.faces() > faces_of_class(entry.class.into()) && entry.class != DEAD as u16 {
                // The class beside, of as much resistance.
                self.leave(lattice, slot);
                self.enter(lattice, slot, usize::from(entry.class) + 1);
            }
        }
    }

    /// Brings the lists up to date when the exposed solid at `position` changes: its details, what it is made of, or its film.
    pub fn change(
        &mut self,
        lattice: &mut Lattice,
        position: Position,
        films: &Films<impl Parts>,
        change: impl FnOnce(&mut Lattice),
    ) {
        let slot = lattice.slot(position);
        let open = slot.map_or(0, |slot| self.unlist(lattice, slot));
        change(lattice);
        if let Some(slot) = slot.filter(|_| open > 0) {
            let matter = matter_of(lattice.kind(position));
            self.list(lattice, slot, (open, matter), films);
        }
    }

    /// Puts a solid on the lists if it is exposed.
    pub fn show(
        &mut self,
        lattice: &mut Lattice,
        position: Position,
        film_time_s: f32,
        films: &Films<impl Parts>,
    ) {
        let position = lattice.wrap(position);
        let (open, matter) = (lattice.open_faces(position), matter_of(lattice.kind(position)));
        self.show_open(lattice, position, (open, matter), film_time_s, films);
    }

    /// The same for a solid of this matter with these open faces.
    fn show_open(
        &mut self,
        lattice: &mut Lattice,
        position: Position,
        (open, matter): (u8, Matter),
        film_time_s: f32,
        films: &Films<impl Parts>,
    ) {
        if open == 0 {
            return;
        }
        let Some(slot) = lattice.expose(position, film_time_s) else { return };
        let entry = lattice.exposed_mut(slot);
        if let Some(filament) = films.parts.filament(entry.filament) {
            entry.patch = filament.patch;
        }
        self.list(lattice, slot, (open, matter), films);
    }

    fn list(
        &mut self,
        lattice: &mut Lattice,
        slot: u32,
        (open, matter): (u8, Matter),
        films: &Films<impl Parts>,
    ) {
        let entry = lattice.exposed_mut(slot);
        entry.open = open;
        (entry.film_time_s, entry.steady) = match films.of(entry) {
            Film::Steady(age_s) if matter == Matter::Metal => (age_s, true),
            Film::Steady(age_s) => (films.now_s as f32 - age_s, false),
            Film::Since(time_s) => (time_s, false),
        };
        entry.member = NONE_U32;
        if entry.patch != NONE_U16 && entry.filament == NONE_U32 && matter != Matter::Dead {
            let list = &mut self.members[entry.patch as usize];
            entry.member = list.len() as u32;
            list.push(slot);
        }
        let class = self.class(entry, matter, films.rules, films.now_s);
        (entry.class, entry.place) = (class as u16, self.classes.enter(class, slot));
        let entry = *entry;
        self.count(&entry, entry.faces().into());
    }

    /// Takes a slot off all lists; returns the open faces it had, none if it was on no list.
    fn unlist(&mut self, lattice: &mut Lattice, slot: u32) -> u8 {
        let entry = lattice.exposed()[slot];
        if entry.open == 0 {
            return 0;
        }
        self.count(&entry, -i32::from(entry.faces()));
        self.leave(lattice, slot);
        if entry.member != NONE_U32 {
            let list = &mut self.members[entry.patch as usize];
            list.swap_remove(entry.member as usize);
            if let Some(moved) = list.get(entry.member as usize) {
                lattice.exposed_mut(*moved).member = entry.member;
            }
        }
        lattice.exposed_mut(slot).open = 0;
        entry.open
    }

    /// The class of a site as it is now.
    fn class(&self, entry: &Exposed, matter: Matter, rules: &Rules, now_s: f64) -> usize {
        if matter == Matter::Dead {
            return DEAD;
        }
        // A film that will become thinner may carry more than it does now.
        let least = self.thickness_m(entry, rules, now_s).min(self.oldest_m) * self.skin(entry.patch).ohm_m;
        let resistance = node_of(least) >> CLASS_NODES_LOG2;
        OF_MATTER * matter as usize + 6 * resistance + usize::from(entry.faces()) - 1
    }

    fn reclass(&mut self, lattice: &mut Lattice, slot: u32, rules: &Rules, now_s: f64) {
        let entry = &lattice.exposed()[slot];
        let class = self.class(entry, matter_of_class(entry.class), rules, now_s);
        if class != usize::from(entry.class) {
            self.leave(lattice, slot);
            self.enter(lattice, slot, class);
        }
    }

    fn enter(&mut self, lattice: &mut Lattice, slot: u32, class: usize) {
        let entry = lattice.exposed_mut(slot);
        (entry.class, entry.place) = (class as u16, self.classes.enter(class, slot));
    }

    fn leave(&mut self, lattice: &mut Lattice, slot: u32) {
        let entry = &lattice.exposed()[slot];
        let (class, place) = (usize::from(entry.class), entry.place);
        if let Some(moved) = self.classes.leave(class, place) {
            lattice.exposed_mut(moved).place = place;
        }
    }

    fn count(&mut self, entry: &Exposed, change: i32) {
        let matter = matter_of_class(entry.class);
        self.census.count(matter, film_of(entry), self.skin(entry.patch).column, change);
    }

    /// Strength of the film of a patch over that of the mean patch.
    pub fn strength(&self, patch: u16) -> f64 {
        self.skin(patch).strength.into()
    }

    #[inline]
    fn skin(&self, patch: u16) -> &Skin {
        self.skins.get(usize::from(patch)).unwrap_or(&self.bare)
    }

    fn thickness_m(&self, entry: &Exposed, rules: &Rules, now_s: f64) -> f64 {
        match film_of(entry) {
            Film::Since(time_s) => rules.film_thickness_m(f64::from(time_s), now_s),
            Film::Steady(age_s) => rules.film.law.thickness_m(f64::from(age_s)),
        }
    }

    fn ohm_m2(&self, entry: &Exposed, rules: &Rules, now_s: f64) -> f64 {
        self.thickness_m(entry, rules, now_s) * self.skin(entry.patch).ohm_m
    }

    /// What a face of the members of a class carries at most.
    fn most(&self, class: usize) -> f64 {
        let node = (class % OF_MATTER / 6) << CLASS_NODES_LOG2;
        self.currents[class / OF_MATTER].at_node(node)
    }

    /// Lets films age, and looks at some of those that metal passes under.
    pub fn refresh(&mut self, lattice: &mut Lattice, films: &Films<impl Parts>) {
        self.census.age(films.rules, films.now_s);
        let slots = lattice.exposed().slots();
        for _ in 0..slots.div_ceil(ROUND) {
            self.turn = if self.turn + 1 < slots { self.turn + 1 } else { 0 };
            let entry = &lattice.exposed()[self.turn];
            if entry.open == 0 || entry.filament == NONE_U32 || alike(films.of(entry), film_of(entry)) {
                continue;
            }
            let matter = matter_of_class(entry.class);
            let open = self.unlist(lattice, self.turn);
            self.list(lattice, self.turn, (open, matter), films);
        }
    }

    /// Positions of all exposed sites, in order of their slots.
    pub fn exposed(lattice: &Lattice) -> impl Iterator<Item = Position> + '_ {
        let entries = (0..lattice.exposed().slots()).map(|slot| &lattice.exposed()[slot]);
        entries.filter(|entry| entry.open > 0).map(Exposed::position)
    }
}
