//! The exposed solid sites, and one of them drawn in proportion to the current of its faces.
//!
//! What a face carries depends on what it is made of and on the resistance of its film only. Sites are kept
//! in classes of (matter, resistance in half octaves, number of faces). A draw picks a class by what its
//! members carry at most, one of its members, and accepts it with the share of that which it does carry
//! (composition and rejection; Slepoy, Thompson & Plimpton, J. Chem. Phys. 128, 205101 (2008),
//! 10.1063/1.2919546). So draws are exact in any class that allows at least what the site carries. Films
//! thicken and faces get covered: both take current away. A site is therefore not looked at until it is drawn
//! and refused, and goes to the class where it belongs then. Only what gains current, a face laid bare or a
//! film made new, moves at once (`upkeep`). The mean resistances that the voltage needs come from the
//! [`Census`].
//! Accuracy: exact, but on growing filaments, where films keep their age: those are looked at in turn.

pub mod census;
mod classes;
pub mod currents;
mod upkeep;

use crate::lattice::{Exposed, Lattice, Position};
use crate::simulation::films::{Film, FilmId, Films};
use bevy_ecs::prelude::*;
use census::{Alike, Census, FaceSums, FilmAge, Matter, age_of, column_of};
use classes::Classes;
use currents::{Currents, NODES};
use rand::{Rng, RngExt};

/// Nodes of resistance in a class, as a power of two: half an octave.
const CLASS_NODES_LOG2: usize = 2;
/// Classes of a matter: resistances × faces.
const OF_MATTER: usize = (NODES >> CLASS_NODES_LOG2) * 6;
/// Neighbours of a site, and how many of them are solid on a flat face.
const NEIGHBOURS: usize = 26;
const FLAT: f64 = 17.0;
/// The class of metal without contact.
const DEAD: usize = Matter::CONNECTED.len() * OF_MATTER;

/// What the surface asks of the films on it.
pub(crate) trait FilmReader {
    /// The table of films.
    fn films(&self) -> &Films;
    /// The time, s.
    fn now_s(&self) -> f64;
    /// Age of the film of an exposed site.
    fn of(&self, entry: &Exposed) -> FilmAge;
    /// The patch whose film a filament wears.
    fn patch_of_filament(&self, filament: u32) -> Option<u16>;
}

/// The film of a patch: its number, and its conductivity and strength relative to the mean patch.
pub(crate) struct PatchSkin {
    pub film: FilmId,
    pub conductivity_ratio: f64,
    pub strength: f64,
}

/// The same as it is needed for every draw.
#[derive(Clone, Copy)]
struct Skin {
    /// Resistance and strength relative to the mean patch.
    resistance: f64,
    strength: f32,
    column: u8,
    film: FilmId,
}

/// All exposed solid sites.
#[derive(Resource)]
pub(crate) struct Surface {
    /// Slots by class.
    classes: Classes,
    /// Faces under each film of the table.
    censuses: Vec<Census>,
    /// Current of a face by its film resistance, for each matter that carries any.
    currents: [Currents; 3],
    /// Mean current of the faces, A m⁻².
    mean_current: f64,
    skins: Vec<Skin>,
    bare: Skin,
    /// Weight of a site by its solid neighbours over that of a flat face; `None` without a shield.
    shield: Option<Box<[f64; 27]>>,
    /// Slots of each patch that belong to no filament and are not dead.
    members: Vec<Vec<u32>>,
    /// Slot that is looked at next.
    turn: u32,
}

fn skin(patch: &PatchSkin) -> Skin {
    Skin {
        resistance: 1.0 / patch.conductivity_ratio,
        strength: patch.strength as f32,
        column: column_of(patch.conductivity_ratio),
        film: patch.film,
    }
}

fn matter_of_class(class: u16) -> Matter {
    Matter::ALL[usize::from(class) / OF_MATTER]
}

/// Most faces that the members of a class of what carries current have.
fn faces_of_class(class: usize) -> u8 {
    (class % 6) as u8 + 1
}

/// Most faces that the members of any class have.
fn most_faces(class: usize) -> u8 {
    if class == DEAD { 6 } else { faces_of_class(class) }
}

/// Slots that may be looked at on the way to one of metal; where it takes more, metal is looked for by its
/// classes.
const MOST_TRIES: u64 = 64;

impl Surface {
    /// An empty list for these patches.
    pub fn new(patches: impl ExactSizeIterator<Item = PatchSkin>) -> Self {
        let mut surface = Self {
            classes: Classes::new(DEAD + 1),
            censuses: vec![Census::new(FilmId::ELECTROLYTE)],
            currents: Default::default(),
            mean_current: 0.0,
            skins: Vec::new(),
            bare: skin(&PatchSkin { film: FilmId::ELECTROLYTE, conductivity_ratio: 1.0, strength: 1.0 }),
            shield: None,
            members: vec![Vec::new(); patches.len()],
            turn: 0,
        };
        surface.take_skins(patches);
        surface
    }

    fn take_skins(&mut self, patches: impl Iterator<Item = PatchSkin>) {
        self.skins = patches.map(|patch| skin(&patch)).collect();
        // The first film of the table has its census from the start.
        let last = self.skins.iter().map(|skin| skin.film).max_by_key(|film| film.index());
        for film in FilmId::up_to(last.unwrap_or_default()).skip(self.censuses.len()) {
            self.censuses.push(Census::new(film));
        }
    }

    /// Electrolyte faces of a matter.
    pub fn faces(&self, matter: Matter) -> u64 {
        self.censuses.iter().map(|census| census.faces(matter)).sum()
    }

    /// Sums over the faces of a matter, for each film of the table.
    pub fn sums(&self, matter: Matter, films: &Films, now_s: f64) -> impl Iterator<Item = FaceSums> {
        self.censuses.iter().map(move |census| census.sums(matter, films, now_s))
    }

    /// Faces of a matter by film resistance, ascending, those of one node of [`currents`] together.
    pub fn spectrum(&self, matter: Matter, films: &Films, now_s: f64) -> Vec<Alike> {
        let mut nodes = [Alike::default(); NODES];
        self.censuses.iter().for_each(|census| census.spread(matter, films, now_s, &mut nodes));
        let held = nodes.into_iter().filter(|node| node.faces > 0.0);
        held.map(|node| Alike { ohm_m2: node.ohm_m2 / node.faces, ..node }).collect()
    }

    /// The least resistance that a film of the present step can have, Ω m².
    pub fn least_ohm_m2(&self, films: &Films) -> f64 {
        let of_film = |film: FilmId| {
            let skins = self.skins.iter().chain([&self.bare]).filter(|skin| skin.film == film);
            skins.map(|skin| skin.resistance).fold(f64::INFINITY, f64::min) * films.least_ohm_m2(film)
        };
        self.censuses.iter().map(|census| of_film(census.film())).fold(f64::INFINITY, f64::min)
    }

    /// Sets what a face of each matter carries, and the mean over all faces, A m⁻².
    pub fn set_currents(&mut self, currents: [Currents; 3], mean_current: f64) {
        (self.currents, self.mean_current) = (currents, mean_current);
        // What a member carries at most.
        let most: Vec<f64> = (0..DEAD / 6).map(|group| self.most(6 * group)).collect();
        let weight = |class: usize| most[class / 6] * f64::from(faces_of_class(class));
        self.classes.weigh((0..DEAD).map(weight));
    }

    /// Sets the electrostatic shield: ions of another metal sit on what protrudes and keep ions away, by
    /// e^(−χ·empty/26) of a site with so many empty neighbours†. 0 takes it away.
    pub fn set_shield(&mut self, exponent: f64) {
        let weight = |bonds: usize| {
            let emptier = FLAT - bonds as f64;
            libm::exp(-exponent * emptier / NEIGHBOURS as f64)
        };
        self.shield = (exponent > 0.0).then(|| Box::new(std::array::from_fn(weight)));
    }

    /// Weight of a site under the shield, over that of a flat face.
    #[inline]
    fn shielded(&self, lattice: &Lattice, entry: &Exposed) -> f64 {
        let weights = self.shield.as_ref();
        weights.map_or(1.0, |weights| weights[lattice.bound(entry.position()).1 as usize])
    }

    /// The largest of these weights.
    fn least_shielded(&self) -> f64 {
        self.shield.as_ref().map_or(1.0, |weights| weights[NEIGHBOURS])
    }

    /// Slot of an exposed site drawn in proportion to the current of its faces.
    pub fn draw(
        &mut self,
        lattice: &mut Lattice,
        films: &Films,
        now_s: f64,
        random: &mut impl Rng,
    ) -> Option<u32> {
        loop {
            let (class, slot) = self.classes.draw(random)?;
            let entry = &lattice.exposed()[slot];
            let ohm_m2 = self.ohm_m2(entry, films, now_s);
            let carries = self.currents[class / OF_MATTER].at(ohm_m2)
                * f64::from(entry.faces())
                * (self.shielded(lattice, entry) / self.least_shielded());
            if random.random::<f64>() * self.most(class) * f64::from(faces_of_class(class)) < carries {
                return Some(slot);
            }
            self.reclass(lattice, slot, films, now_s);
        }
    }

    /// Current of a face of an exposed site over the mean of the surface; 0 for dead metal.
    pub fn relative_current(&self, lattice: &Lattice, entry: &Exposed, films: &Films, now_s: f64) -> f64 {
        if self.mean_current == 0.0 {
            return 1.0;
        }
        let Some(currents) = self.currents.get(usize::from(entry.class) / OF_MATTER) else { return 0.0 };
        currents.at(self.ohm_m2(entry, films, now_s)) / self.mean_current * self.shielded(lattice, entry)
    }

    /// Mean current density of a face, A m⁻².
    pub fn mean_current_a_m2(&self) -> f64 {
        self.mean_current
    }

    /// No face carries more than this over the mean of the surface.
    pub fn largest_relative_current(&self) -> f64 {
        let largest = self.largest_current() * self.least_shielded();
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
        let faces = self.faces(Matter::Metal) + self.faces(Matter::Dead);
        if faces == 0 {
            return None;
        }
        let metal = |slot: u32| {
            let entry = &lattice.exposed()[slot];
            let metal = matches!(matter_of_class(entry.class), Matter::Metal | Matter::Dead);
            (metal && entry.open > 0).then_some((u64::from(entry.faces()), entry.position()))
        };
        let slots = lattice.exposed().slots();
        // Any slot, as often as it has faces.
        while 6 * u64::from(slots) < MOST_TRIES * faces {
            let (slot, face) = (random.random_range(0..slots), random.random_range(0..6));
            if let Some((_, position)) = metal(slot).filter(|(faces, _)| face < *faces) {
                return Some(position);
            }
        }
        // There is little metal: only that, by what its classes have at most.
        let classes = || (0..OF_MATTER).chain([DEAD]);
        let room = |class: usize| self.classes.members(class).len() as u64 * u64::from(most_faces(class));
        let all: u64 = classes().map(room).sum();
        loop {
            let mut rest = random.random_range(0..all);
            let class = classes().find(|class| {
                let here = rest < room(*class);
                rest -= if here { 0 } else { room(*class) };
                here
            })?;
            let (member, face) = (rest / u64::from(most_faces(class)), rest % u64::from(most_faces(class)));
            let slot = self.classes.members(class)[member as usize];
            if let Some((_, position)) = metal(slot).filter(|(faces, _)| face < *faces) {
                return Some(position);
            }
        }
    }

    /// Strength of the film of a patch over that of the mean patch.
    pub fn strength(&self, patch: u16) -> f64 {
        self.skin(patch).strength.into()
    }

    #[inline]
    fn skin(&self, patch: u16) -> &Skin {
        self.skins.get(usize::from(patch)).unwrap_or(&self.bare)
    }

    /// Resistance of the film of a site, or what `of` says of the film at its age, Ω m².
    #[inline]
    fn ohm_m2_by(
        &self,
        entry: &Exposed,
        films: &Films,
        now_s: f64,
        of: impl FnOnce(&Film, f64) -> f64,
    ) -> f64 {
        let skin = self.skin(entry.patch);
        skin.resistance
            * match age_of(entry) {
                FilmAge::Since(time_s) => {
                    let formed_s = f64::from(time_s);
                    of(films.formed_at(skin.film, formed_s), (now_s - formed_s).max(0.0))
                }
                FilmAge::Steady(age_s) => of(films.forming(skin.film), f64::from(age_s)),
            }
    }

    #[inline]
    fn ohm_m2(&self, entry: &Exposed, films: &Films, now_s: f64) -> f64 {
        self.ohm_m2_by(entry, films, now_s, Film::ohm_m2)
    }

    /// What a face of the members of a class carries at most.
    fn most(&self, class: usize) -> f64 {
        let node = (class % OF_MATTER / 6) << CLASS_NODES_LOG2;
        self.currents[class / OF_MATTER].at_node(node)
    }

    /// Positions of all exposed sites, in order of their slots.
    pub fn exposed(lattice: &Lattice) -> impl Iterator<Item = Position> + '_ {
        let entries = (0..lattice.exposed().slots()).map(|slot| &lattice.exposed()[slot]);
        entries.filter(|entry| entry.open > 0).map(Exposed::position)
    }
}

#[cfg(test)]
mod tests;
