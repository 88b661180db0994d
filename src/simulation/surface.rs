//! The exposed solid sites, sorted into classes of equal current.
//!
//! What a face carries depends on what it is made of and on the resistance of its film only. So sites are kept in
//! classes of (matter, resistance in steps of 11 %, number of faces): all sites of a class are equally likely, a draw
//! picks a class and then any of its members, and a new overpotential changes the weights of some hundred classes
//! and of no site (composition and rejection-free sampling; Schulze, Phys. Rev. E 65, 036704 (2002), 10.1103/PhysRevE.65.036704).
//! Accuracy: a site has the mean resistance of its class, within 6 % of its own. A new site is right at once; then it is looked at
//! whenever its film has grown by 10 %, or after four monolayers: young films often, old ones seldom, so that a step costs
//! what grows in it and not what there is.

use super::interphase::Parts;
use super::rules::Rules;
use super::weights::Weights;
use crate::lattice::{FACES, Lattice, NONE_U16, NONE_U32, Position, SiteKind, Solid, offset};
use bevy_ecs::prelude::*;
use rand::{Rng, RngExt};

/// The lattice, as a resource of the world.
#[derive(Resource)]
pub(super) struct Sites(pub Lattice);

/// What a face is made of, as the current sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Matter {
    Metal = 0,
    Host = 1,
    Seed = 2,
    /// Metal without contact: no electron reaches it.
    Dead = 3,
}

impl Matter {
    pub const CONNECTED: [Self; 3] = [Self::Metal, Self::Host, Self::Seed];

    fn of(kind: SiteKind) -> Self {
        match kind {
            SiteKind::Host => Self::Host,
            SiteKind::Seed => Self::Seed,
            SiteKind::DeadMetal => Self::Dead,
            _ => Self::Metal,
        }
    }
}

/// Resistance bins of each matter: 6 decades up from [`LEAST_OHM_M2`], about 11 % each.
const BINS: usize = 128;
const LEAST_OHM_M2: f64 = 1e-5;
const BINS_PER_DECADE: f64 = BINS as f64 / 6.0;
/// Unit of the integer sums of resistance: 10⁻¹² Ω m².
const OHM_UNITS: f64 = 1e12;
/// Unit of the integer sums of film thickness: 10⁻¹⁵ m.
const THICKNESS_UNITS: f64 = 1e15;
/// Weight of the face that carries most.
const UNIT_WEIGHT: f64 = (1u64 << 24) as f64;
/// Relative growth of a film after which its site is looked at again: less than the width of a bin.
const GROWTH_BETWEEN_LOOKS: f64 = 0.1;
/// Longest time between two looks at a site, steps.
const LONGEST_WAIT: u64 = 255;

struct Slot {
    position: Position,
    patch: u16,
    /// Number of the class; meaningless for a free slot.
    class: u16,
    /// Electrolyte faces; 0 marks a free slot.
    faces: u8,
    /// Place in the list of its class.
    place: u32,
    /// Place in the list of its patch; [`NONE_U32`] for filament sites, dead metal and sites of no patch.
    member: u32,
    /// Step in which it will be looked at again.
    due: u64,
    resistance: u64,
    thickness: u64,
}

/// Sums over the faces of one matter.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FaceSums {
    pub faces: u64,
    /// Σ δ, in [`THICKNESS_UNITS`].
    thickness: u64,
    /// Σ 1/δ, m⁻¹.
    inverse_thickness: u64,
}

impl FaceSums {
    /// Σ δ over the faces, m.
    pub fn thickness_m(&self) -> f64 {
        self.thickness as f64 / THICKNESS_UNITS
    }

    /// Σ 1/δ over the faces, m⁻¹.
    pub fn inverse_thickness_per_m(&self) -> f64 {
        self.inverse_thickness as f64
    }
}

/// All exposed solid sites.
#[derive(Resource)]
pub(super) struct Surface {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Slots of each class; class = 6·(bin + [`BINS`]·matter) + faces − 1.
    classes: Vec<Vec<u32>>,
    /// Faces and Σ of resistances over them, for each bin of each matter.
    bins: Vec<(u64, u64)>,
    /// Weight of a face of each bin, in [`UNIT_WEIGHT`]s.
    face_weights: Vec<u64>,
    /// Weights of the classes: face weight × faces × members.
    weights: Weights,
    sums: [FaceSums; 4],
    /// Slots by the step in which they are due, modulo the length.
    calendar: Vec<Vec<u32>>,
    /// The present step and its duration, s.
    step: u64,
    dt_s: f64,
    /// Slots of each patch that belong to no filament.
    members: Vec<Vec<u32>>,
}

/// Film of the sites, read from patches and filaments.
pub(super) struct Films<'a, P> {
    pub rules: &'a Rules,
    pub parts: &'a P,
    pub now_s: f64,
}

impl<P: Parts> Films<'_, P> {
    /// Time at which the film of a site began to form, s.
    pub fn formed_s(&self, solid: &Solid) -> f64 {
        self.parts
            .filament(solid.filament)
            .map_or(f64::from(solid.film_time_s), |filament| filament.slice(solid.birth).time_s)
    }

    /// Film thickness of a site, m.
    pub fn thickness_m(&self, solid: &Solid) -> f64 {
        self.rules.film_thickness_m(self.formed_s(solid), self.now_s)
    }

    /// Conductivity of the film of a site, S m⁻¹.
    pub fn conductivity_s_m(&self, solid: &Solid) -> f64 {
        self.parts.patch(solid.patch).map_or(self.rules.film.conductivity_s_m, |patch| patch.conductivity_s_m)
    }
}

impl Surface {
    pub fn new(patches: usize) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            classes: vec![Vec::new(); 4 * BINS * 6],
            bins: vec![(0, 0); 4 * BINS],
            face_weights: vec![0; 4 * BINS],
            weights: Weights::new(4 * BINS * 6),
            sums: [FaceSums::default(); 4],
            calendar: vec![Vec::new(); LONGEST_WAIT as usize + 1],
            step: 0,
            dt_s: 1.0,
            members: vec![Vec::new(); patches],
        }
    }

    /// Number of exposed sites.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub fn sums(&self, matter: Matter) -> FaceSums {
        self.sums[matter as usize]
    }

    /// The bin that a film resistance, Ω m², falls into.
    pub fn bin_of(matter: Matter, ohm_m2: f64) -> usize {
        let bin = (ohm_m2 / LEAST_OHM_M2).log10() * BINS_PER_DECADE;
        bin.clamp(0.0, (BINS - 1) as f64) as usize + BINS * matter as usize
    }

    /// Faces and mean resistance of the film, Ω m², of all bins of a matter that hold any.
    pub fn resistances(&self, matter: Matter) -> impl Iterator<Item = (usize, u64, f64)> + '_ {
        let first = BINS * matter as usize;
        self.bins[first..first + BINS]
            .iter()
            .enumerate()
            .filter(|(_, (faces, _))| *faces > 0)
            .map(move |(bin, (faces, sum))| (first + bin, *faces, *sum as f64 / *faces as f64 / OHM_UNITS))
    }

    /// Sets what a face carries (any unit, ≥ 0), by bin; all bins that are not given carry nothing.
    pub fn set_currents(&mut self, currents: &[(usize, f64)]) {
        let largest = currents.iter().map(|(_, current)| *current).fold(f64::MIN_POSITIVE, f64::max);
        let mut weights = vec![0; 4 * BINS];
        for (bin, current) in currents {
            // At least 1, so that no face that carries current is out of reach for good.
            weights[*bin] =
                if *current > 0.0 { ((current / largest * UNIT_WEIGHT) as u64).max(1) } else { 0 };
        }
        for (bin, weight) in weights.iter().enumerate() {
            // Bins that fill up later in the step take the weight of what stands next to them.
            let weight = if *weight > 0 { *weight } else { neighbouring(&weights, bin) };
            self.face_weights[bin] = weight;
            for faces in 0..6 {
                self.weigh(6 * bin + faces);
            }
        }
    }

    /// An exposed site drawn in proportion to the current of its faces.
    pub fn draw(&self, random: &mut impl Rng) -> Option<Position> {
        let class = &self.classes[self.weights.draw(random)?];
        Some(self.slots[class[random.random_range(0..class.len())] as usize].position)
    }

    /// Current of a face of an exposed site over the mean of the surface; 0 for dead metal.
    pub fn relative_current(&self, lattice: &Lattice, position: Position) -> f64 {
        let Some(solid) = lattice.solid(position) else { return 1.0 };
        let Some(slot) = self.slots.get(solid.slot as usize) else { return 1.0 };
        let faces: u64 = Matter::CONNECTED.iter().map(|matter| self.sums(*matter).faces).sum();
        let mean = self.weights.total() as f64 / faces.max(1) as f64;
        if mean > 0.0 { self.face_weights[slot.class as usize / 6] as f64 / mean } else { 1.0 }
    }

    /// No face carries more than this over the mean of the surface.
    pub fn largest_relative_current(&self) -> f64 {
        let faces: u64 = Matter::CONNECTED.iter().map(|matter| self.sums(*matter).faces).sum();
        let mean = self.weights.total() as f64 / faces.max(1) as f64;
        if mean > 0.0 { (UNIT_WEIGHT / mean).max(1.0) } else { 1.0 }
    }

    /// Exposed sites of a patch that belong to no filament and are not dead.
    pub fn members(&self, patch: u16) -> impl ExactSizeIterator<Item = Position> + '_ {
        let list: &[u32] = self.members.get(patch as usize).map_or(&[], Vec::as_slice);
        list.iter().map(|slot| self.slots[*slot as usize].position)
    }

    /// One of the [`members`](Self::members) of a patch.
    pub fn member(&self, patch: u16, index: usize) -> Position {
        self.slots[self.members[patch as usize][index] as usize].position
    }

    /// One exposed site of metal, dead or alive, all faces alike; `None` when there is none.
    pub fn any_metal(&self, random: &mut impl Rng) -> Option<Position> {
        let faces = self.sums(Matter::Metal).faces + self.sums(Matter::Dead).faces;
        if faces == 0 {
            return None;
        }
        let mut rest = random.random_range(0..faces);
        for matter in [Matter::Metal, Matter::Dead] {
            let first = BINS * matter as usize;
            for bin in first..first + BINS {
                if rest >= self.bins[bin].0 {
                    rest -= self.bins[bin].0;
                    continue;
                }
                for faces in 0..6 {
                    let class = &self.classes[6 * bin + faces];
                    let here = (class.len() * (faces + 1)) as u64;
                    if rest < here {
                        return Some(self.slots[class[rest as usize / (faces + 1)] as usize].position);
                    }
                    rest -= here;
                }
            }
        }
        None
    }

    /// Brings the lists up to date after the solid at `position` was placed.
    pub fn placed(&mut self, lattice: &mut Lattice, position: Position, films: &Films<impl Parts>) {
        // The new solid covered one face of each solid neighbour.
        self.update(lattice, position, films);
        self.update_around(lattice, position, films);
    }

    /// Brings the lists up to date after the solid `was` at `position` was removed.
    pub fn removed(
        &mut self,
        lattice: &mut Lattice,
        position: Position,
        was: &Solid,
        films: &Films<impl Parts>,
    ) {
        self.hide(was.slot);
        self.update_around(lattice, position, films);
    }

    /// Brings the lists up to date after the solid at `position` was cut off or came back into contact.
    pub fn changed_kind(&mut self, lattice: &mut Lattice, position: Position, films: &Films<impl Parts>) {
        let Some(solid) = lattice.solid_mut(position) else { return };
        let slot = std::mem::replace(&mut solid.slot, NONE_U32);
        self.hide(slot);
        self.update(lattice, position, films);
    }

    fn update_around(&mut self, lattice: &mut Lattice, position: Position, films: &Films<impl Parts>) {
        for face in FACES {
            let neighbour = lattice.wrap(offset(position, face));
            let Some(slot) = lattice.solid(neighbour).map(|solid| solid.slot) else { continue };
            let faces = lattice.exposed_faces(neighbour) as u8;
            if slot == NONE_U32 || faces == 0 {
                self.update(lattice, neighbour, films);
            } else {
                // Its film is the same, only its faces are others.
                self.uncount(slot);
                let entry = &mut self.slots[slot as usize];
                entry.class = entry.class / 6 * 6 + u16::from(faces) - 1;
                entry.faces = faces;
                self.count(slot);
            }
        }
    }

    /// Finds the class of a solid site, putting it on the lists or taking it off as needed.
    pub fn update(&mut self, lattice: &mut Lattice, position: Position, films: &Films<impl Parts>) {
        let faces = lattice.exposed_faces(position) as u8;
        let Some(solid) = lattice.solid(position).copied() else { return };
        if faces == 0 {
            self.hide(solid.slot);
            if let Some(solid) = lattice.solid_mut(position) {
                solid.slot = NONE_U32;
            }
            return;
        }
        let matter = Matter::of(lattice.kind(position));
        let slot =
            if solid.slot == NONE_U32 { self.show(lattice, position, &solid, matter) } else { solid.slot };
        let thickness_m = films.thickness_m(&solid);
        let ohm_m2 = thickness_m / films.conductivity_s_m(&solid);
        let class = 6 * Self::bin_of(matter, ohm_m2) + usize::from(faces) - 1;
        self.uncount(slot);
        let entry = &mut self.slots[slot as usize];
        (entry.class, entry.faces) = (class as u16, faces);
        // Past the last bin the sum would only grow out of hand.
        entry.resistance = (ohm_m2.clamp(0.0, 1e3) * OHM_UNITS) as u64;
        entry.thickness = (thickness_m * THICKNESS_UNITS) as u64;
        // dδ/dt = P/δ at most.
        let patience_s = GROWTH_BETWEEN_LOOKS * thickness_m * thickness_m / films.rules.film.growth_m2_s;
        let wait = ((patience_s / self.dt_s) as u64).clamp(1, LONGEST_WAIT);
        let due = self.step + wait;
        if entry.due <= self.step || due < entry.due {
            entry.due = due;
            self.calendar[due as usize % (LONGEST_WAIT as usize + 1)].push(slot);
        }
        self.count(slot);
    }

    fn show(&mut self, lattice: &mut Lattice, position: Position, solid: &Solid, matter: Matter) -> u32 {
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        let mut member = NONE_U32;
        if solid.patch != NONE_U16 && solid.filament == NONE_U32 && matter != Matter::Dead {
            let list = &mut self.members[solid.patch as usize];
            member = list.len() as u32;
            list.push(slot);
        }
        let entry = Slot {
            position,
            patch: solid.patch,
            class: 0,
            faces: 0,
            place: 0,
            member,
            due: 0,
            resistance: 0,
            thickness: 0,
        };
        if slot as usize == self.slots.len() {
            self.slots.push(entry)
        } else {
            self.slots[slot as usize] = entry
        }
        if let Some(solid) = lattice.solid_mut(position) {
            solid.slot = slot;
        }
        slot
    }

    fn hide(&mut self, slot: u32) {
        if slot == NONE_U32 {
            return;
        }
        self.uncount(slot);
        let entry = &mut self.slots[slot as usize];
        entry.faces = 0;
        let (patch, member) = (entry.patch, entry.member);
        if member != NONE_U32 {
            let list = &mut self.members[patch as usize];
            list.swap_remove(member as usize);
            if let Some(moved) = list.get(member as usize) {
                self.slots[*moved as usize].member = member;
            }
        }
        self.free.push(slot);
    }

    /// Adds a slot to the lists and sums of its class.
    fn count(&mut self, slot: u32) {
        let entry = &mut self.slots[slot as usize];
        let (class, faces) = (entry.class as usize, u64::from(entry.faces));
        entry.place = self.classes[class].len() as u32;
        let bin = &mut self.bins[class / 6];
        *bin = (bin.0 + faces, bin.1 + faces * entry.resistance);
        let sums = &mut self.sums[class / (6 * BINS)];
        sums.faces += faces;
        sums.thickness += faces * entry.thickness;
        sums.inverse_thickness += faces * inverse(entry.thickness);
        self.classes[class].push(slot);
        self.weigh(class);
    }

    /// Takes a slot off the lists and sums of its class; nothing for one that is in none.
    fn uncount(&mut self, slot: u32) {
        let entry = &self.slots[slot as usize];
        let (class, place, faces) = (entry.class as usize, entry.place as usize, u64::from(entry.faces));
        if faces == 0 {
            return;
        }
        let bin = &mut self.bins[class / 6];
        *bin = (bin.0 - faces, bin.1 - faces * entry.resistance);
        let sums = &mut self.sums[class / (6 * BINS)];
        sums.faces -= faces;
        sums.thickness -= faces * entry.thickness;
        sums.inverse_thickness -= faces * inverse(entry.thickness);
        self.classes[class].swap_remove(place);
        if let Some(moved) = self.classes[class].get(place) {
            self.slots[*moved as usize].place = place as u32;
        }
        self.weigh(class);
    }

    fn weigh(&mut self, class: usize) {
        let faces = (class % 6 + 1) as u64;
        self.weights.set(class, self.face_weights[class / 6] * faces * self.classes[class].len() as u64);
    }

    /// Looks again at the sites that are due in this step.
    pub fn refresh(&mut self, lattice: &mut Lattice, films: &Films<impl Parts>, step: u64, dt_s: f64) {
        let slower = dt_s > 2.0 * self.dt_s;
        // Pulses and pauses take turns: the longer of them counts.
        (self.step, self.dt_s) = (step, dt_s.max(0.9 * self.dt_s).max(1e-9));
        if slower {
            // What was put off by steps would wait too long.
            for slot in 0..self.slots.len() {
                if self.slots[slot].faces > 0 {
                    self.update(lattice, self.slots[slot].position, films);
                }
            }
        }
        let mut due = std::mem::take(&mut self.calendar[step as usize % (LONGEST_WAIT as usize + 1)]);
        for slot in due.drain(..) {
            let entry = &self.slots[slot as usize];
            // Others have been looked at earlier, or are gone.
            if entry.due == step && entry.faces > 0 {
                self.update(lattice, entry.position, films);
            }
        }
        // The list goes back empty, with its memory; no wait is long enough to have put a slot on it meanwhile.
        self.calendar[step as usize % (LONGEST_WAIT as usize + 1)] = due;
    }

    /// Positions of all exposed sites, in order of their slots.
    pub fn exposed(&self) -> impl Iterator<Item = Position> + '_ {
        self.slots.iter().filter(|slot| slot.faces > 0).map(|slot| slot.position)
    }
}

/// 1/δ, m⁻¹, of a thickness in [`THICKNESS_UNITS`], for films of a tenth of a nanometre and more.
fn inverse(thickness: u64) -> u64 {
    (THICKNESS_UNITS / thickness.max(100_000) as f64) as u64
}

/// Weight of the nearest bin of the same matter that has any.
fn neighbouring(weights: &[u64], bin: usize) -> u64 {
    let matter = bin / BINS * BINS;
    let at = |bin: usize| weights[bin];
    let below = (matter..bin).rev().take(12).map(at).find(|weight| *weight > 0);
    below.or_else(|| (bin + 1..matter + BINS).take(12).map(at).find(|weight| *weight > 0)).unwrap_or(0)
}
