//! Metal that joins the deposit, leaves it, or loses contact with the collector.
//!
//! Does: keep contact, surface and patches up to date when a site of metal is placed or taken. Say where
//! films part metal that touches, what is dead, what comes back, what a bubble carries off.
//!
//! Two pieces of metal that come to touch have a film each, and no electron passes two films†. So a stalk
//! has contact through its root only. Metal that meets the electrolyte bare has none yet, and joins all that
//! it touches. Stack pressure breaks films at some of the contacts†.
//! Does not: choose the site (`emergence`, `stripping`, `film_costs`, `rounding`).
//! Accuracy: contact is exact ([`Contact`](crate::lattice::Contact)); a piece leaves with gas whole or not at
//! all.

use super::electrode::Electrode;
use super::surface_diffusion::loosest;
use crate::electrochemistry::sei_laws;
use crate::lattice::{Exposed, FACES, Gap, GrowthMode, Position, SiteKind, Solid, each_face, offset};
use crate::simulation::course::clock::Clock;
use crate::simulation::course::journal::{EventKind, event};
use crate::simulation::film::age::film_ages;
use crate::simulation::film::filament::is_filament;
use rand::{Rng, RngExt};

/// What covers metal when it comes to its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Under {
    /// Nothing yet: it was reduced where it is.
    Nothing,
    /// The film of the deposit.
    Film,
    /// The film of a filament, at this slice.
    Filament { number: u32, slice: u32 },
}

impl Under {
    /// The film of an exposed site.
    fn film_of(entry: &Exposed) -> Self {
        if is_filament(entry.filament) {
            Self::Filament { number: entry.filament, slice: entry.birth() }
        } else {
            Self::Film
        }
    }

    /// Whether metal under this film and metal under the `other` are one piece: parts of one filament, of the
    /// deposit, or of a root and what it stands on.
    pub fn is_one_with(self, other: Self, root_slices: u32) -> bool {
        let root = |under| matches!(under, Self::Filament { slice, .. } if slice <= root_slices);
        match (self, other) {
            (Self::Nothing, _) | (_, Self::Nothing) | (Self::Film, Self::Film) => true,
            (Self::Filament { number: a, .. }, Self::Filament { number: b, .. }) if a == b => true,
            _ => root(self) || root(other),
        }
    }
}

impl Electrode<'_, '_> {
    /// The exposed site that metal in a gap stands on: the one below if it conducts, else one of the deposit
    /// rather than of a filament.
    pub fn stands_on(&self, gap: &Gap) -> Option<(u32, &Exposed)> {
        const BELOW: u8 = 1 << 5;
        let conducts = gap.touching.conducts;
        let below = (conducts & BELOW != 0).then_some(5);
        let mut chosen = None;
        for face in below.into_iter().chain(each_face(conducts & !BELOW)) {
            // Whatever touches a gap is exposed.
            let Some(slot) = gap.slots[face] else { continue };
            let entry = &self.sites.0.exposed()[slot];
            // What stands on a patch itself comes before a filament.
            if !is_filament(entry.filament) {
                return Some((slot, entry));
            }
            chosen = chosen.or(Some((slot, entry)));
        }
        chosen
    }

    /// The film that metal comes to lie under in a gap.
    pub fn film_in(&self, gap: &Gap) -> Under {
        self.stands_on(gap).map_or(Under::Film, |(_, entry)| Under::film_of(entry))
    }

    /// Faces at which metal in a gap touches other metal across two films.
    fn seams(&self, gap: &Gap, under: Under, random: &mut impl Rng) -> u8 {
        if under == Under::Nothing {
            return 0;
        }
        let mut closed = 0;
        for face in each_face(gap.touching.conducts | gap.touching.dead) {
            let Some(slot) = gap.slots[face] else { continue };
            let beside = Under::film_of(&self.sites.0.exposed()[slot]);
            let dead = gap.touching.dead >> face & 1 == 1;
            let parted = dead || !under.is_one_with(beside, self.constants.root_slices);
            // Without pressure no random number is drawn.
            let pressed = self.constants.pressed_share;
            if parted && !(pressed > 0.0 && random.random::<f64>() < pressed) {
                closed |= 1 << face;
            }
        }
        closed
    }

    /// Places metal at the wrapped `site`, a gap, and brings contact and surface up to date.
    pub fn join(
        &mut self,
        (site, gap): (Position, &Gap),
        under: Under,
        solid: Solid,
        clock: &Clock,
        random: &mut impl Rng,
    ) {
        let closed = self.seams(gap, under, random);
        let Self { sites, surface, interphase, films, contacts, .. } = self;
        let lattice = &mut sites.0;
        let ages = film_ages(films, interphase, clock);
        let in_contact = gap.touching.conducts & !closed != 0;
        let kind = if in_contact { SiteKind::Metal } else { SiteKind::DeadMetal };
        lattice.place_amid(&gap.around, site, kind, solid);
        lattice.set_seams(&gap.around, closed);
        if in_contact {
            for neighbour in each_face(gap.touching.dead & !closed).map(|face| offset(site, FACES[face])) {
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
            patch.gained -= 1;
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
            if random.random::<f64>() < self.book.under_bubbles() {
                // A bubble sits there and takes the whole piece along.
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
    use crate::simulation::course::film_book::FilmBook;
    use crate::simulation::{Simulation, small_run};
    use bevy_ecs::prelude::*;
    use bevy_ecs::system::SystemState;

    /// Lets `act` work on a run with a tower of five sites of metal at column (5, 5).
    fn with_tower(gas_mol_m2: f64, act: impl FnOnce(&mut Electrode, &Clock)) -> Simulation {
        let mut run = small_run("carbonate_moss", &["lattice.sites=[32,32,32]"]);
        run.world.resource_mut::<FilmBook>().make_gas(gas_mol_m2);
        let mut state = SystemState::<(Electrode, Res<Clock>)>::new(&mut run.world);
        let (mut electrode, clock) = state.get_mut(&mut run.world).expect("all resources are there");
        (1..=5).for_each(|z| put(&mut electrode, [5, 5, z], &clock));
        assert_eq!(counts(&electrode), (5, 0));
        act(&mut electrode, &clock);
        run
    }

    fn put(electrode: &mut Electrode, site: Position, clock: &Clock) {
        let gap = electrode.sites.0.gap(electrode.sites.0.around(site));
        let solid = Solid::new(1, 0.0, NONE_U16, GrowthMode::Tip);
        electrode.join((site, &gap), Under::Nothing, solid, clock, &mut stream(1, Purpose::Film, 0, 0));
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
        // So much gas covers all of the electrode.
        with_tower(1e9, |electrode, clock| {
            electrode.take_away([5, 5, 3], clock, &mut stream(1, Purpose::Stripping, 0, 0));
            assert_eq!((counts(electrode), electrode.ledger.carried_off), ((2, 0), 2));
        });
    }

    /// A tower that leans on another one, and what of it is dead once its root has gone.
    fn dead_of_leaning(under: Under, settings: &[&str]) -> u64 {
        let mut run = small_run("carbonate_moss", &[&["lattice.sites=[32,32,32]"], settings].concat());
        let mut state = SystemState::<(Electrode, Res<Clock>)>::new(&mut run.world);
        let (mut electrode, clock) = state.get_mut(&mut run.world).expect("all resources are there");
        (1..=5).for_each(|z| put(&mut electrode, [5, 5, z], &clock));
        let mut random = stream(1, Purpose::Film, 0, 0);
        for z in 1..=5 {
            let gap = electrode.sites.0.gap(electrode.sites.0.around([6, 5, z]));
            let mut solid = Solid::new(z as u32, 0.0, NONE_U16, GrowthMode::Base);
            let under = match under {
                Under::Filament { number, slice } => {
                    let slice = if z == 1 { 0 } else { slice };
                    (solid.filament, solid.birth) = (number, slice);
                    Under::Filament { number, slice }
                }
                other => other,
            };
            electrode.join(([6, 5, z], &gap), under, solid, &clock, &mut random);
        }
        assert_eq!(counts(&electrode), (10, 0));
        electrode.take_away([6, 5, 1], &clock, &mut random);
        counts(&electrode).1
    }

    #[test]
    fn a_stalk_that_leans_on_another_has_contact_through_its_root_only() {
        let far = Under::Filament { number: 7, slice: 1000 };
        assert_eq!(dead_of_leaning(far, &[]), 4, "two films part them");
        assert_eq!(dead_of_leaning(Under::Film, &[]), 0, "one deposit");
        assert_eq!(dead_of_leaning(Under::Nothing, &[]), 0, "bare metal");
        assert_eq!(dead_of_leaning(Under::Filament { number: 7, slice: 0 }, &[]), 0, "a root");
        assert_eq!(dead_of_leaning(far, &["pressure_mpa=10"]), 0, "films give way to pressure");
    }

    #[test]
    fn metal_under_film_leaves_the_dead_metal_beside_it_dead() {
        for (under, live) in [(Under::Film, 2), (Under::Nothing, 5)] {
            with_tower(0.0, |electrode, clock| {
                let mut random = stream(1, Purpose::Stripping, 0, 0);
                electrode.take_away([5, 5, 2], clock, &mut random);
                assert_eq!(counts(electrode), (1, 3));
                let gap = electrode.sites.0.gap(electrode.sites.0.around([5, 5, 2]));
                let solid = Solid::new(9, 0.0, NONE_U16, GrowthMode::Film);
                electrode.join(([5, 5, 2], &gap), under, solid, clock, &mut random);
                assert_eq!(counts(electrode), (live, 5 - live));
            });
        }
    }

    #[test]
    fn the_end_of_a_tower_goes_alone() {
        with_tower(0.0, |electrode, clock| {
            electrode.take_away([5, 5, 5], clock, &mut stream(1, Purpose::Stripping, 0, 0));
            assert_eq!((counts(electrode), electrode.ledger.pieces_cut_off), ((4, 0), 0));
        });
    }
}
