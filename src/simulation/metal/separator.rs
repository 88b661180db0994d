//! Metal that comes to the edge of the box: the end of the run, a wall, or the separator.
//!
//! Does: end a run without a protocol. In cycling press the metal out elsewhere, or, where the box ends at
//! the separator, squeeze it in, strand by strand, until one reaches through.
//! Does not: resolve the separator.
//! Accuracy: one strand for each square of a few µm (`strand_spacing_um`†), as thick as a filament; what is
//! in the separator stays there.

use super::electrode::Plating;
use crate::lattice::{GrowthMode, Lattice, Position};
use crate::simulation::course::clock::Ending;
use crate::simulation::course::journal::{EventKind, event};
use rand::Rng;

/// True for sites that the box has no room for: metal stays one layer below its top.
pub(crate) fn at_edge(lattice: &Lattice, site: Position) -> bool {
    site[2] + 1 >= lattice.sites()[2] as i32
}

impl Plating<'_, '_> {
    /// Metal has come to the edge of the box: the separator, a wall in cycling, else the end of the run.
    pub fn reach_edge(&mut self, site: Position) {
        let constants = &self.electrode.constants;
        let kind = if constants.separator_sites.is_some() {
            EventKind::SeparatorTouched
        } else {
            EventKind::TopReached
        };
        if !constants.walled {
            self.clock.cut();
            self.clock.end(Ending::BoxFull);
        }
        self.electrode.journal.note(event(kind, &self.clock, constants, Some(site)));
    }

    /// Metal that would leave the box at `site`: squeezed into the separator, or, at a wall, pressed out
    /// elsewhere. Returns where it comes out then, if anywhere.
    pub fn press(&mut self, site: Position, random: &mut impl Rng) -> Option<Position> {
        let site = self.electrode.sites.0.wrap(site);
        if let Some(depth) = self.electrode.constants.separator_sites {
            let spacing = self.electrode.constants.strand_spacing_sites;
            let spot = [site[0] / spacing, site[1] / spacing];
            let squeezed = self.electrode.ledger.squeezed.entry(spot).or_default();
            *squeezed += 1;
            let through = *squeezed == depth;
            self.clock.plated += 1;
            self.clock.due -= 1;
            self.electrode.ledger.by_mode[GrowthMode::Tip as usize] += 1;
            self.electrode.ledger.in_separator += 1;
            if through {
                self.electrode.ledger.bridges.push(site);
                self.electrode.journal.note(event(
                    EventKind::SoftShort,
                    &self.clock,
                    &self.electrode.constants,
                    Some(site),
                ));
            }
            return None;
        }
        for _ in 0..64 {
            let onto = self.draw(random);
            let other = onto.and_then(|slot| self.electrode.sites.0.exposed()[slot].open_neighbour(random));
            if let Some(other) = other.filter(|other| !at_edge(&self.electrode.sites.0, *other)) {
                return Some(other);
            }
        }
        // The box is full.
        self.clock.cut();
        self.clock.end(Ending::BoxFull);
        self.electrode.journal.note(event(
            EventKind::TopReached,
            &self.clock,
            &self.electrode.constants,
            Some(site),
        ));
        None
    }
}
