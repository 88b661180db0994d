//! Stacks of thin sheets: reduced graphene oxide, MXene, graphene aerogel.

use super::{Collector, Host, Nucleation, USUAL_NUCLEATION_MV, nucleation_overpotential};
use crate::lattice::{Purpose, SiteKind, stream};
use crate::quantity::{Limit, Quantity, quantities};
use rand::RngExt;

quantities! {
    /// Parallel sheets with round holes, level or leaning, as in reduced graphene oxide and MXene.
    pub struct Sheets {
        /// Distance from sheet to sheet. Real stacks have gaps of nanometres that sodium opens to
        /// micrometres†.
        spacing_um: Quantity::new("Spacing", "µm", 6.0)
            .within(Limit::Edges(2.0), Limit::Width).slider(2.0, 20.0),
        /// Thickness of a sheet. Sheets of a site stand for bundles of thinner ones†.
        thickness_um: Quantity::new("Thickness", "µm", 1.0)
            .within(Limit::Edges(1.0), Limit::Field("spacing_um")).slider(0.5, 4.0),
        /// Share of a sheet that is open.
        holes: Quantity::new("Open share", "", 0.1).between(0.0, 0.6),
        /// Diameter of a hole.
        hole_um: Quantity::new("Hole", "µm", 3.0)
            .within(Limit::Edges(1.0), Limit::Width).slider(1.0, 15.0),
        /// Angle of the sheets with the horizontal; 90 is upright. Sheets rise by whole spacings across the
        /// box, at least by one, so that each of them leads to the collector.
        lean_deg: Quantity::new("Lean", "°", 10.0).between(0.0, 90.0),
        /// Height of the stack above the collector.
        height_um: Quantity::new("Height", "µm", 35.0)
            .within(Limit::Field("spacing_um"), Limit::Height(0.9)).slider(5.0, 80.0),
        /// Overpotential at which metal nucleates on the sheets.
        nucleation_overpotential_mv: nucleation_overpotential("Nucleation", USUAL_NUCLEATION_MV),
    }
}

impl Host for Sheets {
    fn presets() -> Vec<(&'static str, Self)> {
        let graphene = Self::default();
        vec![
            ("Reduced graphene oxide", graphene),
            ("MXene", Self { spacing_um: 4.0, holes: 0.03, hole_um: 2.0, lean_deg: 0.0, ..graphene }),
            (
                "Graphene aerogel",
                Self { spacing_um: 14.0, holes: 0.35, hole_um: 6.0, lean_deg: 60.0, ..graphene },
            ),
        ]
    }

    fn label(&self) -> &'static str {
        Self::presets().into_iter().find(|(_, preset)| preset == self).map_or("Sheets", |(name, _)| name)
    }

    fn nucleation(&self) -> Nucleation {
        Nucleation { host_mv: self.nucleation_overpotential_mv, seed_mv: 0.0 }
    }

    /// A level sheet would float, and the liquid below a whole one would be closed off. Sheets therefore rise
    /// along x by one spacing or more: each begins at the collector, and a gap leads up beside it. What holes
    /// have cut out falls off.
    fn build(&self, collector: &mut Collector) {
        let [nx, ny] = collector.extent();
        let layers = collector.layers(self.height_um);
        let stack = Stack::new(self, collector);
        let place = |site: usize| [site % nx, site / nx % ny, site / (nx * ny)];
        let mut sheet: Vec<bool> = (0..nx * ny * layers).map(|site| stack.holds(place(site))).collect();
        let whole: Vec<usize> = (0..sheet.len()).filter(|site| sheet[*site]).collect();
        let mut remaining = whole.len();
        let left = ((1.0 - self.holes) * remaining as f64).round() as usize;
        let mut random = stream(collector.seed, Purpose::Host, 3, 0);
        let radius = 0.5 * collector.sites(self.hole_um);
        while remaining > left {
            let centre = place(whole[random.random_range(0..whole.len())]);
            stack.each_of_hole(centre, radius, [nx, ny, layers], |site| {
                remaining -= usize::from(std::mem::replace(&mut sheet[site], false));
            });
        }
        for site in whole.into_iter().filter(|site| sheet[*site]) {
            let [x, y, z] = place(site).map(|c| c as i32);
            collector.put([x, y, z + 1], SiteKind::Host);
        }
        collector.drop_loose();
    }
}

/// The planes of a stack. Lengths in sites.
struct Stack {
    /// How fast the number of the sheet grows along x and upwards.
    slope: [f64; 2],
    /// Sheets per site across them.
    per_site: f64,
    /// Share of the space that sheets fill.
    share: f64,
}

impl Stack {
    fn new(host: &Sheets, collector: &Collector) -> Self {
        let spacing = collector.sites(host.spacing_um);
        let width = collector.extent()[0] as f64;
        let lean = host.lean_deg.to_radians();
        // Whole spacings across the periodic box.
        let turns = (width * libm::sin(lean) / spacing).round().max(1.0);
        let slope = [turns / width, libm::cos(lean) / spacing];
        let per_site = libm::hypot(slope[0], slope[1]);
        // A plane of sites holds together over faces from a thickness of |n_x| + |n_z| (the standard plane of
        // discrete geometry).
        let thickness = collector.sites(host.thickness_um).max((slope[0] + slope[1]) / per_site);
        Self { slope, per_site, share: thickness * per_site }
    }

    /// Number of the sheet below a site, with a fraction.
    fn number(&self, [x, _, z]: [usize; 3]) -> f64 {
        self.slope[0] * (x as f64 + 0.5) + self.slope[1] * (z as f64 + 0.5)
    }

    fn holds(&self, site: [usize; 3]) -> bool {
        self.number(site).rem_euclid(1.0) >= 1.0 - self.share
    }

    /// Numbers of the sites of a round hole around a site, across the one sheet that this belongs to.
    fn each_of_hole(&self, centre: [usize; 3], radius: f64, sites: [usize; 3], mut cut: impl FnMut(usize)) {
        let reach = (radius + 1.0 / self.per_site).ceil() as i64;
        let [nx, ny, nz] = sites.map(|n| n as i64);
        let range = |n: i64| (-reach).max(-(n - 1) / 2)..=reach.min(n / 2);
        for dz in -reach..=reach {
            let z = centre[2] as i64 + dz;
            if !(0..nz).contains(&z) {
                continue;
            }
            for dy in range(ny) {
                for dx in range(nx) {
                    // In sheets from the middle of the hole.
                    let across = self.slope[0] * dx as f64 + self.slope[1] * dz as f64;
                    let away = across / self.per_site;
                    let square = (dx * dx + dy * dy + dz * dz) as f64 - away * away;
                    if across.abs() <= 0.5 && square <= radius * radius {
                        let x = (centre[0] as i64 + dx).rem_euclid(nx);
                        let y = (centre[1] as i64 + dy).rem_euclid(ny);
                        cut((x + nx * (y + ny * z)) as usize);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{HostData, HostSpec};
    use crate::lattice::Lattice;

    fn built(host: Sheets, edge_um: f64) -> Lattice {
        let n = (64.0 / edge_um) as usize;
        let mut lattice = Lattice::new([n, n, n]);
        HostSpec::Sheets(host).build(&HostData::None, &mut lattice, edge_um, 3);
        lattice
    }

    /// Thickness over spacing, less the holes, at several angles and two edges.
    #[test]
    fn sheets_fill_their_share() {
        for edge_um in [0.5, 0.25] {
            for lean_deg in [0.0, 30.0, 45.0, 90.0] {
                for holes in [0.0, 0.3] {
                    let host = Sheets {
                        spacing_um: 8.0,
                        thickness_um: 1.5,
                        height_um: 48.0,
                        hole_um: 4.0,
                        lean_deg,
                        holes,
                        ..Sheets::default()
                    };
                    let lattice = built(host, edge_um);
                    let n = lattice.columns() as f64;
                    let share = (lattice.count(SiteKind::Host) as f64 - n) / (n * 48.0 / edge_um);
                    let expected = 1.5 / 8.0 * (1.0 - holes);
                    let label = format!("{lean_deg}°, holes {holes}, edge {edge_um} µm");
                    println!("{label}: {share}, expected {expected}");
                    assert!((share / expected - 1.0).abs() < 0.08, "{label}: {share}, not {expected}");
                }
            }
        }
    }

    /// Upright sheets are the same at all heights; level ones repeat with their spacing.
    #[test]
    fn sheets_stand_and_lie_as_asked() {
        let upright = built(Sheets { lean_deg: 90.0, holes: 0.0, spacing_um: 8.0, ..Sheets::default() }, 0.5);
        for (x, z) in (0..128).flat_map(|x| (2..70).map(move |z| (x, z))) {
            assert_eq!(upright.is_solid([x, 5, z]), upright.is_solid([x, 5, 1]), "{x}, {z}");
        }
        let crossings = (0..128).filter(|x| upright.is_solid([*x, 5, 9]) && !upright.is_solid([x - 1, 5, 9]));
        assert_eq!(crossings.count(), 8);
        let level = built(Sheets { lean_deg: 0.0, holes: 0.0, spacing_um: 8.0, ..Sheets::default() }, 0.5);
        let tops = (1..70).filter(|z| level.is_solid([64, 5, *z]) && !level.is_solid([64, 5, z + 1]));
        assert_eq!(tops.count(), 4);
    }
}
