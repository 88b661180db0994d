//! Hosts: what stands on the flat collector of layer 0, one file for each kind.
//!
//! Does: describe the dimensions of each kind, build it into an empty lattice, and name the usual ones.
//! A new kind is a file here and its name in the list `hosts!`.
//! Does not: bend, swell or dissolve a host; it only carries electrons.
//! Accuracy: every host follows from its dimensions and one random stream, and is periodic sideways like the
//! box.

mod grid;

use crate::lattice::{GrowthMode, Lattice, NONE_U16, Position, SiteKind, Solid};
use crate::quantity::{Quantities, Quantity};
use serde::{Deserialize, Serialize};

/// Declares the kinds of host: a module and a type in it for each.
macro_rules! hosts {
    ($($file:ident::$kind:ident,)+) => {
        $( mod $file; pub use $file::$kind; )+

        /// Geometry of the electrode. All hosts stand on a flat collector at z = 0.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum HostSpec {
            $( #[doc = concat!("See [`", stringify!($kind), "`].")] $kind($kind), )+
        }

        impl HostSpec {
            /// Names of the kinds, as a scene file gives them.
            pub const KINDS: &[&'static str] = &[$(stringify!($kind)),+];

            /// Usual hosts with a name for lists. The first one of each kind holds the values that
            /// `--set host=<kind>` takes.
            pub fn presets() -> Vec<(&'static str, Self)> {
                let mut all = Vec::new();
                $( all.extend($kind::presets().into_iter().map(|(name, host)| (name, Self::$kind(host)))); )+
                all
            }

            /// Name of its kind, as a scene file gives it.
            pub fn kind(&self) -> &'static str {
                match self { $( Self::$kind(_) => stringify!($kind), )+ }
            }

            fn any(&self) -> &dyn Host {
                match self { $( Self::$kind(host) => host, )+ }
            }

            fn any_mut(&mut self) -> &mut dyn Host {
                match self { $( Self::$kind(host) => host, )+ }
            }
        }
    };
}

hosts! {
    planar::Planar,
    porous_foam::PorousFoam,
    nanowires::Nanowires,
    seed_dots::SeedDots,
    channels::Channels,
}

/// One kind of host.
trait Host: Quantities {
    /// Usual hosts of this kind with a name for lists, the most usual first.
    fn presets() -> Vec<(&'static str, Self)>
    where
        Self: Sized;

    /// What the kind is called in lists.
    fn label(&self) -> &'static str;

    /// How hard it is for metal to nucleate on it.
    fn nucleation(&self) -> Nucleation;

    /// Places it on the collector.
    fn build(&self, collector: &mut Collector);
}

/// Overpotentials at which metal nucleates.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Nucleation {
    /// On collector and host, mV.
    pub host_mv: f64,
    /// On seeds, mV.
    pub seed_mv: f64,
}

/// A description for the nucleation overpotential of a part of a host, mV.
const fn nucleation_overpotential(label: &'static str, usual_mv: f64) -> Quantity {
    Quantity::new(label, "mV", usual_mv).between(0.0, 500.0).slider(0.0, 100.0)
}

/// Nucleation overpotential of a foil without seeds, mV.
const USUAL_NUCLEATION_MV: f64 = 30.0;

impl Default for HostSpec {
    fn default() -> Self {
        Self::Planar(Planar::default())
    }
}

impl HostSpec {
    /// What its kind is called in lists.
    pub fn label(&self) -> &'static str {
        self.any().label()
    }

    /// How hard it is for metal to nucleate on it.
    pub fn nucleation(&self) -> Nucleation {
        self.any().nucleation()
    }

    /// True where it bears seeds.
    pub fn has_seeds(&self) -> bool {
        matches!(self, Self::SeedDots(_))
    }

    /// Places collector and host into an empty lattice with sites of `edge_um`.
    pub fn build(&self, lattice: &mut Lattice, edge_um: f64, seed: u64) {
        let mut collector = Collector { lattice, edge_um, seed };
        let [nx, ny, _] = collector.lattice.sites();
        for y in 0..ny as i32 {
            for x in 0..nx as i32 {
                collector.put([x, y, 0], SiteKind::Host);
            }
        }
        self.any().build(&mut collector);
    }
}

impl Quantities for HostSpec {
    fn quantities(&self) -> &'static [Quantity] {
        self.any().quantities()
    }

    fn values(&self) -> Vec<f64> {
        self.any().values()
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        self.any_mut().values_mut()
    }
}

/// The flat collector that a host is built on.
struct Collector<'a> {
    lattice: &'a mut Lattice,
    /// Edge of one site, µm.
    edge_um: f64,
    /// Seed of the run.
    seed: u64,
}

impl Collector<'_> {
    /// Makes a free site above the collector solid. Places beyond the box are left out.
    fn put(&mut self, position: Position, kind: SiteKind) {
        if self.lattice.contains_height(position[2]) && !self.lattice.is_solid(position) {
            self.lattice.place(position, kind, Solid::new(0, 0.0, NONE_U16, GrowthMode::None));
        }
    }

    /// A length in sites.
    fn sites(&self, um: f64) -> f64 {
        um / self.edge_um
    }

    /// Extent of the collector, sites.
    fn extent(&self) -> [usize; 2] {
        let [nx, ny, _] = self.lattice.sites();
        [nx, ny]
    }

    /// Whole layers in a height, at least one, with room above them in the box.
    fn layers(&self, height_um: f64) -> usize {
        (self.sites(height_um).round() as usize).clamp(1, self.lattice.sites()[2] - 2)
    }

    /// Makes a share of the sites above the collector solid: those that `rated` rates lowest. It holds a
    /// rating and a number for each site of the layers from 1 on, numbered with x the fastest.
    fn put_lowest(&mut self, mut rated: Vec<(f64, usize)>, share: f64) {
        let [nx, ny] = self.extent();
        let solid = (share * rated.len() as f64).round() as usize;
        if solid < rated.len() {
            rated.select_nth_unstable_by(solid, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        let mut chosen: Vec<usize> = rated[..solid].iter().map(|(_, index)| *index).collect();
        chosen.sort_unstable();
        for index in chosen {
            let position = [index % nx, index / nx % ny, index / (nx * ny) + 1].map(|c| c as i32);
            self.put(position, SiteKind::Host);
        }
    }

    /// A round slice, one layer high, of at least one site. Lengths in sites.
    fn disc(&mut self, centre: [f64; 2], radius: f64, z: i32, kind: SiteKind) {
        let reach = radius.ceil() as i32;
        let middle = centre.map(|c| c.floor() as i32);
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let position = [middle[0] + dx, middle[1] + dy, z];
                let away =
                    [f64::from(position[0]) + 0.5 - centre[0], f64::from(position[1]) + 0.5 - centre[1]];
                if (dx, dy) == (0, 0) || libm::hypot(away[0], away[1]) <= radius {
                    self.put(position, kind);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Frame;

    /// Every host can be built at both ends of every range, and its usual values lie inside.
    #[test]
    fn every_field_of_every_host_is_described_and_can_be_built_at_its_limits() {
        let frame = Frame { edge_um: 1.0, width_um: 48.0, height_um: 48.0 };
        for (name, preset) in HostSpec::presets() {
            for (number, quantity) in preset.quantities().iter().enumerate() {
                let label = format!("{name}: {}", quantity.name);
                assert!(!quantity.label.is_empty() && quantity.help.ends_with('.'), "{label}");
                let ending = match quantity.unit {
                    "" => "",
                    "µm" => "_um",
                    "mV" => "_mv",
                    "°" => "_deg",
                    other => panic!("{label}: no host has had the unit {other} so far"),
                };
                assert!(quantity.name.ends_with(ending), "{label} does not end with its unit");
                assert!(quantity.slider.0 < quantity.slider.1, "{label}");
                let range = quantity.range(&frame, &preset);
                assert!(range.start() < range.end(), "{label}: {range:?}");
                assert!(range.contains(&preset.values()[number]), "{label}: the preset is outside {range:?}");
                for value in [*range.start(), *range.end()] {
                    let mut host = preset.clone();
                    *host.values_mut()[number] = value;
                    let mut lattice = Lattice::new([48, 48, 48]);
                    host.build(&mut lattice, frame.edge_um, 1);
                    assert!(lattice.is_solid([5, 5, 0]), "{label} = {value}: no collector");
                    assert!(!lattice.is_solid([5, 5, 47]), "{label} = {value}: the host fills the box");
                }
            }
        }
    }

    #[test]
    fn every_kind_has_a_preset_and_a_label() {
        let presets = HostSpec::presets();
        for kind in HostSpec::KINDS {
            assert!(presets.iter().any(|(_, host)| host.kind() == *kind), "{kind}");
        }
        // What is chosen from a list keeps its name.
        assert!(presets.iter().all(|(name, host)| !name.is_empty() && host.label() == *name));
    }
}
