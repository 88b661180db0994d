//! Patches and filaments, found by their number.
//!
//! They are entities; the lattice names them by number. This is the way from one to the other.

use super::filament::Filament;
use super::patch::Patch;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;

/// Entities by number.
#[derive(Resource, Default)]
pub(crate) struct Roster {
    pub patches: Vec<Entity>,
    pub filaments: Vec<Entity>,
    /// Numbers of the filaments that still grow, ascending.
    pub growing: Vec<u32>,
    /// Chance that metal comes out at the root of each filament, in spots.
    pub openness: Vec<f32>,
}

impl Roster {
    /// Chance that metal comes out at the root of a filament, in spots.
    #[inline]
    pub fn openness(&self, filament: u32) -> f64 {
        self.openness.get(filament as usize).copied().map_or(0.0, f64::from)
    }
}

/// Something that finds patches and filaments by number.
pub(crate) trait Parts {
    /// The patch with this number, if there is one.
    fn patch(&self, number: u16) -> Option<&Patch>;
    /// The filament with this number, if there is one.
    fn filament(&self, number: u32) -> Option<&Filament>;
}

/// All patches and filaments, to read and to change.
#[derive(SystemParam)]
pub(crate) struct Interphase<'w, 's> {
    pub roster: ResMut<'w, Roster>,
    pub patches: Query<'w, 's, &'static mut Patch>,
    pub filaments: Query<'w, 's, &'static mut Filament>,
}

impl Interphase<'_, '_> {
    pub fn patch_mut(&mut self, number: u16) -> Option<&mut Patch> {
        let entity = *self.roster.patches.get(number as usize)?;
        self.patches.get_mut(entity).ok().map(|patch| patch.into_inner())
    }

    pub fn filament_mut(&mut self, number: u32) -> Option<&mut Filament> {
        let entity = *self.roster.filaments.get(number as usize)?;
        self.filaments.get_mut(entity).ok().map(|filament| filament.into_inner())
    }
}

impl Parts for Interphase<'_, '_> {
    fn patch(&self, number: u16) -> Option<&Patch> {
        self.patches.get(*self.roster.patches.get(number as usize)?).ok()
    }

    fn filament(&self, number: u32) -> Option<&Filament> {
        self.filaments.get(*self.roster.filaments.get(number as usize)?).ok()
    }
}

/// All patches and filaments, to read, from outside the schedule.
pub(crate) struct InterphaseView<'w> {
    pub patches: Vec<&'w Patch>,
    pub filaments: Vec<&'w Filament>,
}

impl<'w> InterphaseView<'w> {
    pub fn new(world: &'w World) -> Self {
        let roster = world.resource::<Roster>();
        let patches = roster.patches.iter().filter_map(|entity| world.get::<Patch>(*entity));
        let filaments = roster.filaments.iter().filter_map(|entity| world.get::<Filament>(*entity));
        Self { patches: patches.collect(), filaments: filaments.collect() }
    }
}

impl Parts for InterphaseView<'_> {
    fn patch(&self, number: u16) -> Option<&Patch> {
        self.patches.get(number as usize).copied()
    }

    fn filament(&self, number: u32) -> Option<&Filament> {
        self.filaments.get(number as usize).copied()
    }
}
