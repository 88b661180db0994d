//! Filaments: metal extruded through a crack, inserted at the root and pushed outwards.
//!
//! A filament is a row of slices along a [`Worm`], each as long as the lattice edge. Metal enters at the
//! root, so each new slice shifts the material of all others outwards by one. Slice k, counted from the
//! root, holds the material that entered k slices ago. Only the list of entry times shifts; the sites of
//! the lattice stay, and the filament gains one slice of sites at its far end. The tip is therefore the
//! oldest metal and the root the newest. Not modelled: bending under load. A filament that runs into
//! something turns aside, or stops.

use super::worm::Worm;
use crate::electrochemistry::sei_laws::relaxed_share;
use crate::lattice::{FACES, Lattice, NONE_U32, Position, offset, standard_normal};
use crate::simulation::constants::Constants;
use crate::simulation::films::Film;
use bevy_ecs::prelude::*;
use rand::Rng;
use std::collections::VecDeque;
use std::f64::consts::PI;

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
    worm: Worm,
    /// Entry of the material in each slice, root first.
    slices: VecDeque<Slice>,
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

/// Slices in a row that may have no free site: a filament that turns back passes through itself.
const MOST_FULL: usize = 16;

impl Filament {
    /// A filament that will grow from the open site `first` in a direction.
    pub fn new(
        (number, patch): (u32, u16),
        (first, direction): (Position, [f64; 3]),
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
        let mut worm = Worm::new(first, direction, 0.25 * PI * diameter * diameter, persistence);
        // Leaves the surface at up to some 30 degrees from its normal.
        worm.turn(0.3, random);
        Self {
            number,
            patch,
            parent: None,
            branches: Vec::new(),
            worm,
            slices: VecDeque::from([now]),
            growing: true,
            slice_duration_s: 0.0,
            flank_strain: 0.0,
            strained_s: 0.0,
            flank_limit: limit,
            shifted: true,
        }
    }

    /// Area of the cross-section, sites.
    pub fn section(&self) -> f64 {
        self.worm.section
    }

    /// Points of the axis, a lattice edge apart, root first, lattice units.
    pub fn axis(&self) -> &[[f32; 3]] {
        self.worm.points()
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
        let width = 2.0 * (self.section() / PI).sqrt();
        (now_s - self.slice(0).time_s).max(self.slice_duration_s) * width.max(1.0)
    }

    /// Takes the next electrolyte site at the far end, beginning a new slice where needed. `None`: no way on.
    pub fn extend(&mut self, lattice: &Lattice, now: Slice, random: &mut impl Rng) -> Option<Position> {
        let (number, start) = (self.number, self.last_slice() == 0);
        // Beside its own metal that has contact; at the root beside any.
        let holds = |site: Position| {
            FACES.into_iter().map(|face| offset(site, face)).any(|beside| {
                lattice.kind(beside).conducts()
                    && (start || lattice.solid(beside).is_some_and(|solid| solid.filament == number))
            })
        };
        let takes = |site: Position| lattice.contains_height(site[2]) && lattice.is_open(site) && holds(site);
        let free = |site: Position| {
            let own = || lattice.solid(site).is_some_and(|solid| solid.filament == number);
            lattice.contains_height(site[2]) && (lattice.is_open(site) || own())
        };
        for steps in 0..=MOST_FULL {
            if let Some(site) = self.worm.next_site(takes) {
                (0..steps).for_each(|_| self.open_slice(now));
                return Some(site);
            }
            self.worm.advance(free, random)?;
        }
        // Its end has gone.
        None
    }

    /// Opens a slice at the far end: the material of all others moves on by one.
    fn open_slice(&mut self, now: Slice) {
        let lasted_s = now.time_s - self.slice(0).time_s;
        self.slice_duration_s = match self.slices.len() {
            1 => lasted_s,
            _ => 0.7 * self.slice_duration_s + 0.3 * lasted_s,
        };
        self.slices.push_front(now);
        self.shifted = true;
    }

    /// Circumference, sites.
    fn perimeter(&self) -> f64 {
        2.0 * (PI * self.section()).sqrt()
    }

    /// Stretches the film on the flank by one more site, ΔV/(2V) of a cylinder, as long as a patch at least.
    /// True when it gives way.
    pub fn stretch_flank(&mut self, patch_sites: f64, now_s: f64, relaxation_s: f64) -> bool {
        let left = self.flank_strain * (1.0 - relaxed_share(now_s - self.strained_s, relaxation_s));
        self.strained_s = now_s;
        self.flank_strain = left + 0.5 / (self.section() * patch_sites.max(self.slices.len() as f64));
        let gives_way = self.flank_strain > self.flank_limit;
        if gives_way {
            self.flank_strain = 0.0;
        }
        gives_way
    }

    /// Spots on the flank within a creep length of any of its sites.
    pub fn flank_spots(&self, creep_sites: f64) -> f64 {
        self.perimeter() * (2.0 * creep_sites).min(self.slices.len() as f64)
    }
}

/// Marks the bricks of shifted filaments as changed, so that viewers see the new ages.
pub(crate) fn mark_shifted<'a>(lattice: &mut Lattice, filaments: impl Iterator<Item = Mut<'a, Filament>>) {
    for mut filament in filaments {
        if filament.shifted {
            filament.bypass_change_detection().shifted = false;
            filament.axis().iter().for_each(|point| lattice.mark_changed(point.map(|c| c.floor() as i32)));
        }
    }
}

/// True for a filament number that names a filament.
pub(crate) fn is_filament(number: u32) -> bool {
    number != NONE_U32
}
