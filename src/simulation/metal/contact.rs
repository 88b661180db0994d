//! Metal that joins the deposit, leaves it, or loses contact with the collector.
//!
//! Does: keep contact, surface and patches up to date when a site of metal is placed or taken. Say what is
//! dead, what comes back, what a bubble carries off.
//! Does not: choose the site (`emergence`, `stripping`, `film_costs`, `rounding`).
//! Accuracy: contact is exact ([`Contact`]); a piece leaves with gas whole or not at all.

use super::electrode::Electrode;
use super::surface_diffusion::loosest;
use crate::electrochemistry::sei_laws;
use crate::lattice::{FACES, Gap, GrowthMode, Position, SiteKind, Solid, each_face, offset};
use crate::simulation::course::clock::Clock;
use crate::simulation::course::journal::{EventKind, event};
use crate::simulation::film::age::film_ages;
use crate::simulation::film::filament::is_filament;
use rand::{Rng, RngExt};

impl Electrode<'_, '_> {
    /// Places metal at the wrapped `site`, a gap, and brings contact and surface up to date.
    pub fn join(&mut self, site: Position, gap: &Gap, solid: Solid, clock: &Clock) {
        let Self { sites, surface, interphase, films, contacts, .. } = self;
        let lattice = &mut sites.0;
        let ages = film_ages(films, interphase, clock);
        let in_contact = gap.touching.conducts != 0;
        let kind = if in_contact { SiteKind::Metal } else { SiteKind::DeadMetal };
        lattice.place_amid(&gap.around, site, kind, solid);
        if in_contact {
            for neighbour in each_face(gap.touching.dead).map(|face| offset(site, FACES[face])) {
                if lattice.kind(neighbour) == SiteKind::DeadMetal {
                    for found in contacts.0.dead_piece(lattice, neighbour) {
                        surface.change(lattice, found, &ages, |lattice| {
                            lattice.set_kind(found, SiteKind::Metal)
                        });
                    }
                }
            }
        }
        surface.placed(lattice, (site, gap), kind, solid.film_time_s, &ages);
    }

    /// Takes the metal at `position` off the lattice; what loses contact by that is dead, or carried off by
    /// gas.
    pub fn take_away(&mut self, position: Position, clock: &Clock, random: &mut impl Rng) -> Option<Solid> {
        let (kind, solid) = self.lift_off(position, clock)?;
        if kind == SiteKind::Metal {
            self.cut_off(position, clock, random);
        }
        Some(solid)
    }

    /// Takes the metal at `position` off the lattice and leaves the rest as it is.
    fn lift_off(&mut self, position: Position, clock: &Clock) -> Option<(SiteKind, Solid)> {
        let Self { sites, surface, interphase, films, .. } = self;
        let lattice = &mut sites.0;
        let position = lattice.wrap(position);
        let around = lattice.around(position);
        surface.removing(lattice, &around);
        let (kind, solid) = lattice.remove_amid(&around, position)?;
        if solid.mode == GrowthMode::Film
            && !is_filament(solid.filament)
            && let Some(patch) = interphase.patch_mut(solid.patch)
        {
            patch.lifted = patch.lifted.saturating_sub(1);
        }
        surface.removed(lattice, (position, &around), &film_ages(films, interphase, clock));
        Some((kind, solid))
    }

    /// Finds what lost contact when the conductor at `position` went.
    fn cut_off(&mut self, position: Position, clock: &Clock, random: &mut impl Rng) {
        for piece in self.contacts.0.cut_off(&self.sites.0, position) {
            let place = piece[piece.len() / 2];
            self.ledger.pieces_cut_off += 1;
            self.journal.note(event(EventKind::DeadMetal, clock, &self.constants, Some(place)));
            if random.random::<f64>() < self.films.of_electrolyte().gas_yield {
                // A bubble takes the whole piece along.
                self.ledger.carried_off += piece.len() as u64;
                for site in piece {
                    self.lift_off(site, clock);
                }
                continue;
            }
            let Self { sites, surface, interphase, films, .. } = self;
            for site in piece {
                let ages = film_ages(films, interphase, clock);
                surface
                    .change(&mut sites.0, site, &ages, |lattice| lattice.set_kind(site, SiteKind::DeadMetal));
            }
        }
    }

    /// The most loosely bound metal that surface diffusion would take instead of that at `position`.
    pub fn loosest(&self, position: Position, clock: &Clock, random: &mut impl Rng) -> Position {
        let current = clock.current_density_a_m2.abs().max(sei_laws::CREEP_REFERENCE_CURRENT_A_M2);
        let hops = self.constants.hops(current, random);
        loosest(&self.sites.0, position, hops, random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{NONE_U16, Purpose, stream};
    use crate::simulation::films::Films;
    use crate::simulation::{Simulation, small_run};
    use bevy_ecs::prelude::*;
    use bevy_ecs::system::SystemState;

    /// Lets `act` work on a run with a tower of five sites of metal at column (5, 5).
    fn with_tower(gas_yield: f64, act: impl FnOnce(&mut Electrode, &Clock)) -> Simulation {
        let mut run = small_run("carbonate_moss", &["lattice.sites=[32,32,32]"]);
        run.world.resource_mut::<Films>().change(|film| film.gas_yield = gas_yield);
        let mut state = SystemState::<(Electrode, Res<Clock>)>::new(&mut run.world);
        let (mut electrode, clock) = state.get_mut(&mut run.world).expect("all resources are there");
        (1..=5).for_each(|z| put(&mut electrode, [5, 5, z], &clock));
        assert_eq!(counts(&electrode), (5, 0));
        act(&mut electrode, &clock);
        run
    }

    fn put(electrode: &mut Electrode, site: Position, clock: &Clock) {
        let gap = electrode.sites.0.gap(electrode.sites.0.around(site));
        electrode.join(site, &gap, Solid::new(1, 0.0, NONE_U16, GrowthMode::Tip), clock);
    }

    fn counts(electrode: &Electrode) -> (u64, u64) {
        let lattice = &electrode.sites.0;
        (lattice.count(SiteKind::Metal), lattice.count(SiteKind::DeadMetal))
    }

    #[test]
    fn what_stood_on_the_metal_taken_away_is_dead_until_metal_joins_it_again() {
        let run = with_tower(0.0, |electrode, clock| {
            let mut random = stream(1, Purpose::Stripping, 0, 0);
            assert!(electrode.take_away([5, 5, 2], clock, &mut random).is_some());
            assert_eq!(counts(electrode), (1, 3));
            assert_eq!((electrode.ledger.pieces_cut_off, electrode.ledger.carried_off), (1, 0));
            // Metal beside the dead piece only is dead as well.
            put(electrode, [6, 5, 4], clock);
            assert_eq!(counts(electrode), (1, 4));
            put(electrode, [5, 5, 2], clock);
            assert_eq!(counts(electrode), (6, 0));
        });
        let dead = run.events().iter().filter(|event| event.kind == EventKind::DeadMetal);
        assert_eq!(dead.count(), 1);
    }

    #[test]
    fn a_bubble_carries_off_the_whole_piece() {
        with_tower(1.0, |electrode, clock| {
            electrode.take_away([5, 5, 3], clock, &mut stream(1, Purpose::Stripping, 0, 0));
            assert_eq!((counts(electrode), electrode.ledger.carried_off), ((2, 0), 2));
        });
    }

    #[test]
    fn the_end_of_a_tower_goes_alone() {
        with_tower(0.0, |electrode, clock| {
            electrode.take_away([5, 5, 5], clock, &mut stream(1, Purpose::Stripping, 0, 0));
            assert_eq!((counts(electrode), electrode.ledger.pieces_cut_off), ((4, 0), 0));
        });
    }
}
