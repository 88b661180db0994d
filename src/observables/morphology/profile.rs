//! Density profile: what each layer of sites consists of.

use crate::lattice::{Lattice, SiteKind};
use crate::table::table;

table! {
    /// Shares of one layer of sites. They add up to 1; exact.
    #[derive(Copy)]
    pub struct ProfileLayer {
        /// Height of the middle of the layer above the upper face of the collector, µm.
        pub z_um: f64,
        /// Share of metal in contact.
        pub metal_fraction: f64,
        /// Share of dead metal.
        pub dead_fraction: f64,
        /// Share of host and seeds.
        pub host_fraction: f64,
        /// Share of electrolyte.
        pub electrolyte_fraction: f64,
    }
}

/// All layers of the box above the collector, which is layer 0.
pub(super) fn profile(lattice: &Lattice, edge_um: f64) -> Vec<ProfileLayer> {
    let mut counts = vec![[0u64; SiteKind::ALL.len()]; lattice.sites()[2]];
    lattice.for_each_solid(|position, kind| counts[position[2] as usize][kind as usize] += 1);
    let columns = lattice.columns() as u64;
    let layer = |(z, counts): (usize, &[u64; SiteKind::ALL.len()])| {
        let share = |sites: u64| sites as f64 / columns as f64;
        let of = |kind: SiteKind| counts[kind as usize];
        ProfileLayer {
            z_um: (z as f64 - 0.5) * edge_um,
            metal_fraction: share(of(SiteKind::Metal)),
            dead_fraction: share(of(SiteKind::DeadMetal)),
            host_fraction: share(of(SiteKind::Host) + of(SiteKind::Seed)),
            electrolyte_fraction: share(columns - counts.iter().sum::<u64>()),
        }
    };
    counts.iter().enumerate().skip(1).map(layer).collect()
}

#[cfg(test)]
mod tests {
    use super::super::grid::drawn;
    use super::*;

    #[test]
    fn the_shares_are_those_of_each_layer() {
        // A quarter host, a quarter metal up to layer 4, a dead layer 6.
        let lattice = drawn::lattice([16, 16, 24], |[x, y, z]| match (x / 8, y / 8) {
            _ if z == 6 => SiteKind::DeadMetal,
            (0, 0) if z <= 4 => SiteKind::Host,
            (1, 0) if z <= 4 => SiteKind::Metal,
            _ => SiteKind::Electrolyte,
        });
        let layers = profile(&lattice, 0.5);
        assert_eq!(layers.len(), 23);
        let of = |layer: &ProfileLayer| {
            let ProfileLayer { z_um, metal_fraction, dead_fraction, host_fraction, electrolyte_fraction } =
                *layer;
            [z_um, metal_fraction, dead_fraction, host_fraction, electrolyte_fraction]
        };
        assert_eq!(of(&layers[0]), [0.25, 0.25, 0.0, 0.25, 0.5]);
        assert_eq!(of(&layers[3]), [1.75, 0.25, 0.0, 0.25, 0.5]);
        assert_eq!(of(&layers[4]), [2.25, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(of(&layers[5]), [2.75, 0.0, 1.0, 0.0, 0.0]);
    }
}
