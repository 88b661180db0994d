//! Filaments: metal extruded through a crack, inserted at the root and pushed outwards.
//!
//! A filament is a path of slices across a persistent random walk. Metal enters at the root, so each new
//! slice shifts the material of all others outwards by one. Lattice slice k (counted from the root) holds the
//! material that entered k slices ago. Only the list of entry times shifts; the sites of the lattice stay,
//! and the filament gains one slice of sites at its far end. The tip is therefore the oldest metal and the
//! root the newest. Not modelled: bending under load. A filament that runs into something turns aside, or
//! stops.

use crate::electrochemistry::sei_laws::relaxed_share;
use crate::lattice::{FACES, Lattice, NONE_U32, Position, offset, standard_normal};
use crate::simulation::constants::Constants;
use crate::simulation::films::Film;
use bevy_ecs::prelude::*;
use rand::Rng;
use rand_distr::{Distribution, UnitSphere};
use std::collections::VecDeque;
use std::f64::consts::PI;
use std::sync::LazyLock;

/// When the material of a slice entered at the root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slice {
    /// Ordinal of its first site.
    pub ordinal: u32,
    /// Time, s.
    pub time_s: f64,
}

/// One filament.
#[derive(Component, Clone, Debug)]
pub(crate) struct Filament {
    pub number: u32,
    /// Patch whose film it wears.
    pub patch: u16,
    /// Filament on whose flank it grows, and the slice there; `None` when it stands on a patch.
    pub parent: Option<(u32, u32)>,
    /// Side branches: slice of this filament, number of the branch.
    pub branches: Vec<(u32, u32)>,
    /// Area of the cross-section, sites.
    pub section: f64,
    /// Persistence length of the path, sites.
    persistence: f64,
    direction: [f64; 3],
    /// Where the axis has got to, in lattice units, and the lattice site that follows it.
    axis: [f64; 3],
    centre: Position,
    /// Entry of the material in each slice, root first.
    slices: VecDeque<Slice>,
    /// Centre of each slice, root first.
    pub path: Vec<Position>,
    /// Steps from the centre of a slice to its sites, and sites of the outermost slice still to fill: nearest
    /// to the axis last.
    disc: Box<[Position]>,
    pending: Vec<Position>,
    /// False once its root has healed or it has nowhere to go.
    pub growing: bool,
    /// Time the last slices took to fill (running mean), s.
    slice_duration_s: f64,
    /// Strain that the film on the flank has taken up by thickening, when that was, s, and where it gives
    /// way.
    flank_strain: f64,
    strained_s: f64,
    flank_limit: f64,
    /// True when material has shifted since a viewer last looked.
    pub shifted: bool,
}

/// Cross-section of the thickest filament, sites.
const LARGEST_SECTION: f64 = 20.0;
/// Slices in a row that may have no free site: a filament that turns back passes through itself.
const MOST_FULL: usize = 16;
/// Attempts to turn aside before a filament counts as stuck.
const TURNS: usize = 12;

impl Filament {
    /// A filament that will grow from the solid `root` onto its open neighbour `first`.
    pub fn new(
        number: u32,
        patch: u16,
        root: Position,
        first: Position,
        now: Slice,
        film: &Film,
        constants: &Constants,
        random: &mut impl Rng,
    ) -> Self {
        let mut spread = |sigma: f64| libm::exp(sigma * standard_normal(random));
        let diameter = constants.filament_diameter_sites * spread(constants.filament_diameter_spread);
        let persistence =
            constants.filament_persistence_sites * spread(constants.filament_persistence_spread);
        let limit = film.fracture_strain * spread(0.5);
        let outward: [f64; 3] = std::array::from_fn(|k| f64::from(first[k] - root[k]).clamp(-1.0, 1.0));
        let section = (0.25 * PI * diameter * diameter).clamp(1.0, LARGEST_SECTION);
        let mut filament = Self {
            number,
            patch,
            parent: None,
            branches: Vec::new(),
            section,
            persistence: persistence.max(1.0),
            direction: outward,
            axis: first.map(|c| f64::from(c) + 0.5),
            centre: first,
            slices: VecDeque::new(),
            path: Vec::new(),
            disc: sites_within((section / PI).sqrt().max(0.6)),
            pending: Vec::new(),
            growing: true,
            slice_duration_s: 0.0,
            flank_strain: 0.0,
            strained_s: 0.0,
            flank_limit: limit,
            shifted: true,
        };
        // Leaves the surface at up to some 30 degrees from its normal.
        filament.turn(0.3, random);
        filament.open_slice(first, now);
        filament
    }

    /// Entry of the material that is now in slice `index`, counted from the root.
    pub fn slice(&self, index: u32) -> Slice {
        let last = self.slices.len().saturating_sub(1);
        self.slices.get((index as usize).min(last)).copied().unwrap_or(Slice { ordinal: 0, time_s: 0.0 })
    }

    /// Number of the outermost slice, counted from the root.
    pub fn last_slice(&self) -> u32 {
        self.slices.len().saturating_sub(1) as u32
    }

    /// How long metal stays at the root, s: until it has been pushed out by the width of the filament.
    pub fn residence_s(&self, now_s: f64) -> f64 {
        let width = 2.0 * (self.section / PI).sqrt();
        (now_s - self.slice(0).time_s).max(self.slice_duration_s) * width.max(1.0)
    }

    /// Takes the next electrolyte site at the far end, beginning a new slice where needed. `None`: no way on.
    pub fn extend(&mut self, lattice: &Lattice, now: Slice, random: &mut impl Rng) -> Option<Position> {
        for _ in 0..=MOST_FULL {
            while let Some(site) = self.pending.pop() {
                if lattice.contains_height(site[2]) && lattice.is_open(site) && self.holds(lattice, site) {
                    return Some(site);
                }
            }
            self.advance(lattice, now, random)?;
        }
        // Its end has gone.
        None
    }

    /// True for sites beside its own metal that has contact; at the root beside any.
    fn holds(&self, lattice: &Lattice, site: Position) -> bool {
        let beside = FACES.map(|face| offset(site, face));
        let conductors = beside.into_iter().filter(|beside| lattice.kind(*beside).conducts());
        let mine = |beside| lattice.solid(beside).is_some_and(|solid| solid.filament == self.number);
        if self.last_slice() == 0 { conductors.count() > 0 } else { conductors.into_iter().any(mine) }
    }

    /// Moves the axis on by one site and opens the slice there.
    fn advance(&mut self, lattice: &Lattice, now: Slice, random: &mut impl Rng) -> Option<()> {
        self.turn((1.0 / self.persistence).sqrt(), random);
        for turn in 0..TURNS {
            // One step of the lattice for a unit of path in the taxicab sense keeps site and axis together.
            let length: f64 = self.direction.iter().map(|c| c.abs()).sum();
            let axis: [f64; 3] = std::array::from_fn(|k| self.axis[k] + self.direction[k] / length);
            let away: [f64; 3] = std::array::from_fn(|k| axis[k] - 0.5 - f64::from(self.centre[k]));
            let k = (0..3).max_by(|a, b| away[*a].abs().total_cmp(&away[*b].abs()))?;
            let mut next = self.centre;
            next[k] += if away[k] < 0.0 { -1 } else { 1 };
            let own = lattice.solid(next).is_some_and(|solid| solid.filament == self.number);
            if lattice.contains_height(next[2]) && (own || lattice.is_open(next)) {
                self.axis = axis;
                self.centre = next;
                self.slice_duration_s = match self.slices.len() {
                    0 | 1 => now.time_s - self.slice(0).time_s,
                    _ => 0.7 * self.slice_duration_s + 0.3 * (now.time_s - self.slice(0).time_s),
                };
                self.open_slice(next, now);
                return Some(());
            }
            // Runs into something: turn aside, more sharply each time.
            self.turn(0.3 + 0.15 * turn as f64, random);
        }
        None
    }

    /// Opens the slice around `centre`: a new entry at the root, new sites at the far end.
    fn open_slice(&mut self, centre: Position, now: Slice) {
        self.slices.push_front(now);
        self.path.push(centre);
        self.shifted = true;
        self.pending.clear();
        self.pending.extend(self.disc.iter().map(|step| offset(centre, *step)));
    }

    /// Turns the direction by a random angle with standard deviation `angle` per transverse axis.
    fn turn(&mut self, angle: f64, random: &mut impl Rng) {
        let kick: [f64; 3] = UnitSphere.sample(random);
        let size = standard_normal(random);
        // A random unit vector has 1/√3 along each axis.
        let kick = kick.map(|c| c * size * angle * 3f64.sqrt());
        let turned: [f64; 3] = std::array::from_fn(|k| self.direction[k] + kick[k]);
        let norm = turned.iter().map(|c| c * c).sum::<f64>().sqrt();
        if norm > 1e-9 {
            self.direction = turned.map(|c| c / norm);
        }
    }

    /// Circumference, sites.
    fn perimeter(&self) -> f64 {
        2.0 * (PI * self.section).sqrt()
    }

    /// Stretches the film on the flank by the area of one more site, spread over that of a patch at least.
    /// True when it gives way.
    pub fn stretch_flank(&mut self, patch_area: f64, now_s: f64, relaxation_s: f64) -> bool {
        let left = self.flank_strain * (1.0 - relaxed_share(now_s - self.strained_s, relaxation_s));
        self.strained_s = now_s;
        self.flank_strain = left + 1.0 / self.flank_area().max(patch_area);
        let gives_way = self.flank_strain > self.flank_limit;
        if gives_way {
            self.flank_strain = 0.0;
        }
        gives_way
    }

    /// Area of the flank, sites.
    fn flank_area(&self) -> f64 {
        self.perimeter() * self.slices.len() as f64
    }

    /// Spots on the flank within a creep length of any of its sites.
    pub fn flank_spots(&self, creep_sites: f64) -> f64 {
        self.perimeter() * (2.0 * creep_sites).min(self.slices.len() as f64)
    }
}

/// Radius of the thickest filament, rounded up, sites.
const WIDEST: i32 = 3;

/// Steps to all sites of a ball, the nearest last.
fn sites_within(radius: f64) -> Box<[Position]> {
    fn squared(step: &Position) -> i32 {
        step.iter().map(|c| c * c).sum()
    }
    // Sorted once for all: filaments are many.
    static CUBE: LazyLock<Vec<Position>> = LazyLock::new(|| {
        let mut steps: Vec<Position> = Lattice::cube(WIDEST).collect();
        steps.sort_unstable_by_key(|step| (-squared(step), *step));
        steps
    });
    let first = CUBE.partition_point(|step| f64::from(squared(step)) > radius * radius);
    CUBE[first..].into()
}

/// Marks the bricks of shifted filaments as changed, so that viewers see the new ages.
pub(crate) fn mark_shifted<'a>(lattice: &mut Lattice, filaments: impl Iterator<Item = Mut<'a, Filament>>) {
    for mut filament in filaments {
        if filament.shifted {
            filament.bypass_change_detection().shifted = false;
            filament.path.iter().for_each(|centre| lattice.mark_changed(*centre));
        }
    }
}

/// True for a filament number that names a filament.
pub(crate) fn is_filament(number: u32) -> bool {
    number != NONE_U32
}
