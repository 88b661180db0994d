//! Metal that joins the deposit, leaves it, or loses contact with the collector.
//!
//! Does: keep contact, surface and patches up to date when a site of metal is placed or taken, and say what is dead, what comes back, what
//! a bubble carries off. Does not: choose the site (`emergence`, `stripping`, `film_life`, `surface_diffusion`).
//! Accuracy: contact is exact ([`Contact`]); a piece leaves with gas whole or not at all.

use super::deposit::Deposit;
use super::surface_diffusion::loosest;
use crate::electrochemistry::sei_laws;
use crate::lattice::{FACES, Gap, GrowthMode, Position, SiteKind, Solid, each_face, offset};
use crate::simulation::course::journal::{EventKind, event};
use crate::simulation::film::age::films;
use crate::simulation::film::filament::is_filament;
use rand::{Rng, RngExt};

impl Deposit<'_, '_> {
    /// Places metal at the wrapped `site`, a gap, and brings contact and surface up to date.
    pub fn join(&mut self, site: Position, gap: &Gap, solid: Solid) {
        let Self { sites, surface, interphase, rules, clock, contacts, .. } = self;
        let lattice = &mut sites.0;
        let films = films(rules, interphase, clock);
        let in_contact = gap.touching.conducts != 0;
        let kind = if in_contact { SiteKind::Metal } else { SiteKind::DeadMetal };
        lattice.place_amid(&gap.around, site, kind, solid);
        if in_contact {
            for neighbour in each_face(gap.touching.dead).map(|face| offset(site, FACES[face])) {
                if lattice.kind(neighbour) == SiteKind::DeadMetal {
                    for found in contacts.0.dead_piece(lattice, neighbour) {
                        surface.change(lattice, found, &films, |lattice| {
                            lattice.set_kind(found, SiteKind::Metal)
                        });
                    }
                }
            }
        }
        surface.placed(lattice, (site, gap), kind, solid.film_time_s, &films);
    }

    /// Takes the metal at `position` off the lattice; what loses contact by that is dead, or carried off by gas.
    pub fn take_away(&mut self, position: Position, random: &mut impl Rng) -> Option<Solid> {
        let (kind, solid) = self.lift_off(position)?;
        if kind == SiteKind::Metal {
            self.cut_off(position, random);
        }
        Some(solid)
    }

    /// Takes the metal at `position` off the lattice and leaves the rest as it is.
    fn lift_off(&mut self, position: Position) -> Option<(SiteKind, Solid)> {
        let Self { sites, surface, interphase, rules, clock, .. } = self;
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
        surface.removed(lattice, (position, &around), &films(rules, interphase, clock));
        Some((kind, solid))
    }

    /// Finds what lost contact when the conductor at `position` went.
    fn cut_off(&mut self, position: Position, random: &mut impl Rng) {
        for piece in self.contacts.0.cut_off(&self.sites.0, position) {
            let place = piece[piece.len() / 2];
            self.ledger.pieces_cut_off += 1;
            self.journal.note(event(EventKind::DeadMetal, &self.clock, &self.rules, Some(place)));
            if random.random::<f64>() < self.rules.film.gas_yield {
                // A bubble takes the whole piece along.
                self.ledger.carried_off += piece.len() as u64;
                for site in piece {
                    self.lift_off(site);
                }
                continue;
            }
            let Self { sites, surface, interphase, rules, clock, .. } = self;
            for site in piece {
                let films = films(rules, interphase, clock);
                surface.change(&mut sites.0, site, &films, |lattice| {
                    lattice.set_kind(site, SiteKind::DeadMetal)
                });
            }
        }
    }

    /// The most loosely bound metal that surface diffusion would take instead of that at `position`.
    pub fn loosest(&self, position: Position, random: &mut impl Rng) -> Position {
        let current = self.clock.current_density_a_m2.abs().max(sei_laws::CREEP_REFERENCE_CURRENT_A_M2);
        loosest(&self.sites.0, position, self.rules.hops(current), random)
    }
}
