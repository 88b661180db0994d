//! Hosts: what stands on the flat collector of layer 0, one file for each kind.
//!
//! Does: describe the dimensions of each kind, build it into an empty lattice, and name the usual ones.
//! A new kind is a file here and its name in the list `hosts!`.
//! Does not: bend, swell or dissolve a host; it only carries electrons.
//! Accuracy: every host follows from its dimensions, its file if it has one, and one random stream. It is
//! periodic sideways like the box.

mod files;
mod grid;

pub use files::{FileFault, HostData};

use crate::lattice::{FACES, GrowthMode, Lattice, NONE_U16, Position, SiteKind, Solid};
use crate::quantity::{Frame, Quantities, Quantity};
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
    fibres::Fibres,
    sheets::Sheets,
    height_map::HeightMap,
    mesh::Mesh,
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

    /// The path of the file that gives its shape, where a kind has one.
    fn file(&mut self) -> Option<&mut String> {
        None
    }

    /// What that file may be, for the reference.
    fn file_help(&self) -> &'static str {
        ""
    }

    /// Reads that file, for a box of this size.
    fn read(&self, _: &Frame) -> Result<HostData, FileFault> {
        Ok(HostData::None)
    }

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

    /// The path of the file that gives its shape, where the kind has one. It is empty for the built-in
    /// sample.
    pub fn file(&mut self) -> Option<&mut String> {
        self.any_mut().file()
    }

    /// What that file may be. It is empty where the kind has none.
    pub fn file_help(&self) -> &'static str {
        self.any().file_help()
    }

    /// Reads the file that gives its shape, for a box of this size.
    ///
    /// # Errors
    /// What is wrong with the file, and a cure.
    pub fn read(&self, frame: &Frame) -> Result<HostData, FileFault> {
        self.any().read(frame)
    }

    /// Places collector and host into an empty lattice with sites of `edge_um`. `data` is what
    /// [`read`](Self::read) gave.
    pub fn build(&self, data: &HostData, lattice: &mut Lattice, edge_um: f64, seed: u64) {
        let mut collector = Collector { lattice, data, edge_um, seed };
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
    /// From the file of the host.
    data: &'a HostData,
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

    /// Takes away what has no way over faces of the host to the collector. No current would reach it.
    fn drop_loose(&mut self) {
        let [nx, ny] = self.extent();
        let layers = (self.lattice.top() + 1).max(0) as usize;
        let index = |[x, y, z]: Position| x as usize + nx * (y as usize + ny * z as usize);
        let mut joined = vec![false; nx * ny * layers];
        let mut open = Vec::new();
        for y in 0..ny as i32 {
            open.extend((0..nx as i32).map(|x| [x, y, 0]));
        }
        open.iter().for_each(|position| joined[index(*position)] = true);
        while let Some(position) = open.pop() {
            for step in FACES {
                let beside = self.lattice.wrap(std::array::from_fn(|k| position[k] + step[k]));
                if self.lattice.is_solid(beside) && !std::mem::replace(&mut joined[index(beside)], true) {
                    open.push(beside);
                }
            }
        }
        let solids = self.lattice.iter_solids().map(|(position, kind, _)| (position, kind));
        let (kept, loose): (Vec<_>, Vec<_>) = solids.partition(|(position, _)| joined[index(*position)]);
        if loose.is_empty() {
            return;
        }
        // From anew: the lattice remembers how high anything has stood.
        *self.lattice = Lattice::new(self.lattice.sites());
        for (position, kind) in kept {
            self.put(position, kind);
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
                    let data = host.read(&frame).expect("the built-in sample");
                    host.build(&data, &mut lattice, frame.edge_um, 1);
                    assert!(lattice.is_solid([5, 5, 0]), "{label} = {value}: no collector");
                    assert!(!lattice.is_solid([5, 5, 47]), "{label} = {value}: the host fills the box");
                }
            }
        }
    }

    /// Every solid site leads to the collector over faces, on coarse and fine lattices. Hosts made of many
    /// parts are tried at the limits of their ranges as well.
    #[test]
    fn no_part_of_a_host_floats() {
        for edge_um in [0.5, 1.0] {
            let frame = Frame { edge_um, width_um: 64.0 * edge_um, height_um: 64.0 * edge_um };
            for (name, preset) in HostSpec::presets() {
                let mut hosts = vec![preset.clone()];
                if matches!(preset, HostSpec::Fibres(_) | HostSpec::Sheets(_)) {
                    for (number, quantity) in preset.quantities().iter().enumerate() {
                        let range = quantity.range(&frame, &preset);
                        for value in [*range.start(), *range.end()] {
                            let mut host = preset.clone();
                            *host.values_mut()[number] = value;
                            hosts.push(host);
                        }
                    }
                }
                for host in hosts {
                    let data = host.read(&frame).expect("the built-in sample");
                    let mut lattice = Lattice::new([64, 64, 64]);
                    host.build(&data, &mut lattice, edge_um, 5);
                    let before = lattice.count(SiteKind::Host) + lattice.count(SiteKind::Seed);
                    Collector { lattice: &mut lattice, data: &data, edge_um, seed: 5 }.drop_loose();
                    let joined = lattice.count(SiteKind::Host) + lattice.count(SiteKind::Seed);
                    // The foam is chosen site by site, and a few hang over. Golden states hold it so.
                    let most = if preset.kind() == "PorousFoam" { before / 1000 } else { 0 };
                    let label = format!("{name}, edge {edge_um} µm: {host:?}");
                    assert!(before - joined <= most, "{} sites float: {label}", before - joined);
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
