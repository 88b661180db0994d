//! The lists of exposed sites, kept up to date as metal comes and goes.
//!
//! Does: put a solid that comes to light on the lists of its patch and its class and into the census. Take
//! off what is covered or removed. Update films on growing filaments in turn.
//! Does not: draw.
//! Accuracy: exact; which class a site waits in while its film ages is explained in [`super`].

use super::census::{FilmAge, Matter, age_of, alike};
use super::currents::node_of;
use super::{
    CLASS_NODES_LOG2, DEAD, FilmReader, OF_MATTER, PatchSkin, Skin, Surface, faces_of_class, matter_of_class,
};
use crate::lattice::{
    Around, Exposed, FACES, Gap, Lattice, NONE_U16, NONE_U32, Position, SiteKind, Solid, each_face, offset,
};
use crate::simulation::films::{Film, Films};

/// Steps in which every site is looked at once: four monolayers.
const ROUND: u32 = 256;

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

impl Surface {
    /// Takes on another film in all patches: everything is sorted anew.
    pub fn change_films(
        &mut self,
        lattice: &mut Lattice,
        patches: impl Iterator<Item = PatchSkin>,
        films: &impl FilmReader,
    ) {
        let listed: Vec<u32> =
            (0..lattice.exposed().slots()).filter(|slot| lattice.exposed()[*slot].open > 0).collect();
        let open: Vec<u8> = listed.iter().map(|slot| self.unlist(lattice, *slot)).collect();
        self.take_skins(patches);
        for (slot, open) in listed.into_iter().zip(open) {
            let matter = matter_of_class(lattice.exposed()[slot].class);
            self.list(lattice, slot, (open, matter), films);
        }
    }

    /// Takes on another film in one patch. Where `renewed`, all that its film lies on begins a new one now.
    pub fn change_patch(
        &mut self,
        lattice: &mut Lattice,
        (number, patch): (u16, PatchSkin),
        renewed: bool,
        films: &impl FilmReader,
    ) {
        let mine = |slot: &u32| {
            let entry = &lattice.exposed()[*slot];
            entry.open > 0 && entry.patch == number
        };
        let listed: Vec<u32> = (0..lattice.exposed().slots()).filter(mine).collect();
        let open: Vec<u8> = listed.iter().map(|slot| self.unlist(lattice, *slot)).collect();
        self.skins[usize::from(number)] = super::skin(&patch);
        for (slot, open) in listed.into_iter().zip(open) {
            let matter = matter_of_class(lattice.exposed()[slot].class);
            let position = lattice.exposed()[slot].position();
            if let Some(solid) = lattice.solid(position).filter(|_| renewed) {
                lattice.set_solid(position, Solid { film_time_s: films.now_s() as f32, ..solid });
            }
            self.list(lattice, slot, (open, matter), films);
        }
    }

    /// Brings the lists up to date after a solid of this kind was placed at the wrapped `position` into a
    /// gap, whose film began to form at `film_time_s`.
    pub fn placed(
        &mut self,
        lattice: &mut Lattice,
        (position, gap): (Position, &Gap),
        kind: SiteKind,
        film_time_s: f32,
        films: &impl FilmReader,
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

    /// Brings the lists up to date after the solid at the wrapped `position` in the middle of others was
    /// removed: what comes to light has no film yet.
    pub fn removed(
        &mut self,
        lattice: &mut Lattice,
        (position, around): (Position, &Around),
        films: &impl FilmReader,
    ) {
        let slots = lattice.slots(around);
        for face in each_face(lattice.touching(around).solid) {
            let Some(slot) = slots[face] else {
                self.show(lattice, offset(position, FACES[face]), films.now_s() as f32, films);
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

    /// Brings the lists up to date when the exposed solid at `position` changes: its details, what it is made
    /// of, or its film.
    pub fn change(
        &mut self,
        lattice: &mut Lattice,
        position: Position,
        films: &impl FilmReader,
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
        films: &impl FilmReader,
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
        films: &impl FilmReader,
    ) {
        if open == 0 {
            return;
        }
        let Some(slot) = lattice.expose(position, film_time_s) else { return };
        let entry = lattice.exposed_mut(slot);
        if let Some(patch) = films.patch_of_filament(entry.filament) {
            entry.patch = patch;
        }
        self.list(lattice, slot, (open, matter), films);
    }

    fn list(
        &mut self,
        lattice: &mut Lattice,
        slot: u32,
        (open, matter): (u8, Matter),
        films: &impl FilmReader,
    ) {
        let entry = lattice.exposed_mut(slot);
        entry.open = open;
        (entry.film_time_s, entry.steady) = match films.of(entry) {
            FilmAge::Steady(age_s) if matter == Matter::Metal => (age_s, true),
            FilmAge::Steady(age_s) => (films.now_s() as f32 - age_s, false),
            FilmAge::Since(time_s) => (time_s, false),
        };
        entry.member = NONE_U32;
        if entry.patch != NONE_U16 && entry.filament == NONE_U32 && matter != Matter::Dead {
            let list = &mut self.members[entry.patch as usize];
            entry.member = list.len() as u32;
            list.push(slot);
        }
        let class = self.class(entry, matter, films.films(), films.now_s());
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
    fn class(&self, entry: &Exposed, matter: Matter, films: &Films, now_s: f64) -> usize {
        if matter == Matter::Dead {
            return DEAD;
        }
        // A film that will become thinner may carry more than it does now.
        let least_ohm_m2 = self.ohm_m2_by(entry, films, now_s, Film::least_ohm_m2);
        let resistance = node_of(least_ohm_m2) >> CLASS_NODES_LOG2;
        OF_MATTER * matter as usize + 6 * resistance + usize::from(entry.faces()) - 1
    }

    pub(super) fn reclass(&mut self, lattice: &mut Lattice, slot: u32, films: &Films, now_s: f64) {
        let entry = &lattice.exposed()[slot];
        let class = self.class(entry, matter_of_class(entry.class), films, now_s);
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
        let Skin { film, column, .. } = *self.skin(entry.patch);
        self.censuses[film.index()].count(matter, age_of(entry), column, change);
    }

    /// Lets films age, and looks at some of those that metal passes under.
    pub fn refresh(&mut self, lattice: &mut Lattice, films: &impl FilmReader) {
        self.censuses.iter_mut().for_each(|census| census.age(films.films(), films.now_s()));
        let slots = lattice.exposed().slots();
        for _ in 0..slots.div_ceil(ROUND) {
            self.turn = if self.turn + 1 < slots { self.turn + 1 } else { 0 };
            let entry = &lattice.exposed()[self.turn];
            if entry.open == 0 || entry.filament == NONE_U32 || alike(films.of(entry), age_of(entry)) {
                continue;
            }
            let matter = matter_of_class(entry.class);
            let open = self.unlist(lattice, self.turn);
            self.list(lattice, self.turn, (open, matter), films);
        }
    }
}
