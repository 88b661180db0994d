//! A solid from an STL file.
//!
//! Accuracy: a site is solid when its middle lies inside the mesh. Rays along z through the middles of sites
//! count the triangles they meet; triangles that share an edge divide the rays between them without a gap, so
//! the count of a closed mesh is always even.

use super::files::Triangles;
use super::{Collector, FileFault, Host, HostData, Nucleation, USUAL_NUCLEATION_MV, nucleation_overpotential};
use crate::lattice::SiteKind;
use crate::quantity::{Frame, Limit, Quantity, quantities};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A solid from an STL file, for example of a tomogram or a design program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mesh {
    /// A mesh ending in .stl. Empty for a sample.
    #[serde(default)]
    pub file: String,
    /// Micrometres per unit of the file.
    #[serde(default = "usual::um_per_unit")]
    pub um_per_unit: f64,
    /// Overpotential at which metal nucleates on the solid, mV.
    #[serde(default = "usual::nucleation_overpotential_mv")]
    pub nucleation_overpotential_mv: f64,
}

quantities! {
    impl Mesh as usual {
        /// Micrometres per unit of the file. As many copies as fit side by side stand on the collector; what
        /// is larger than the box is cut at its sides and below its top.
        um_per_unit: Quantity::new("µm per unit", "", 1.0)
            .within(Limit::Number(1e-6), Limit::Number(1e6)).slider(0.01, 100.0).logarithmic(),
        /// Overpotential at which metal nucleates on the solid.
        nucleation_overpotential_mv: nucleation_overpotential("Nucleation", USUAL_NUCLEATION_MV),
    }
}

impl Default for Mesh {
    fn default() -> Self {
        Self {
            file: String::new(),
            um_per_unit: usual::um_per_unit(),
            nucleation_overpotential_mv: usual::nucleation_overpotential_mv(),
        }
    }
}

impl Host for Mesh {
    fn presets() -> Vec<(&'static str, Self)> {
        vec![("Mesh", Self::default())]
    }

    fn label(&self) -> &'static str {
        "Mesh"
    }

    fn nucleation(&self) -> Nucleation {
        Nucleation { host_mv: self.nucleation_overpotential_mv, seed_mv: 0.0 }
    }

    fn file(&mut self) -> Option<&mut String> {
        Some(&mut self.file)
    }

    fn file_help(&self) -> &'static str {
        "a closed STL mesh (binary or ASCII, z upwards, up to 2 million triangles). Its path starts from the \
         folder of the scene file, with `--set` from the working folder. Parts without contact with the \
         collector are left out. Without a file a sample is built."
    }

    fn read(&self, _: &Frame) -> Result<HostData, FileFault> {
        Ok(HostData::Triangles(Arc::new(Triangles::read(&self.file)?)))
    }

    fn build(&self, collector: &mut Collector) {
        let HostData::Triangles(mesh) = collector.data else { return };
        let [nx, ny] = collector.extent();
        let scale = collector.sites(self.um_per_unit);
        let most = [nx, ny, collector.lattice.sites()[2] - 2];
        // As a float it cannot overflow before the smaller one is taken.
        let size: [usize; 3] =
            std::array::from_fn(|k| (mesh.extent[k] * scale).ceil().clamp(1.0, most[k] as f64) as usize);
        let stamp = Stamp::of(mesh, scale, size);
        let copies = [nx / size[0], ny / size[1]];
        for copy in 0..copies[0] * copies[1] {
            let number = [copy % copies[0], copy / copies[0]];
            let corner = [0, 1].map(|k| (number[k] * most[k]) / copies[k]);
            for (site, _) in stamp.solid.iter().enumerate().filter(|(_, solid)| **solid) {
                let [x, y, z] = [site / size[2] % size[0], site / (size[2] * size[0]), site % size[2]];
                collector.put([corner[0] + x, corner[1] + y, z + 1].map(|c| c as i32), SiteKind::Host);
            }
        }
        collector.drop_loose();
    }
}

/// The sites of one copy, z the fastest, then x.
struct Stamp {
    solid: Vec<bool>,
    size: [usize; 3],
}

impl Stamp {
    /// What is inside a mesh, `scale` sites per unit. Of a larger one it is the middle.
    fn of(mesh: &Triangles, scale: f64, size: [usize; 3]) -> Self {
        let shift = [0, 1].map(|k| 0.5 * (size[k] as f64 - mesh.extent[k] * scale));
        let mut stamp = Self { solid: vec![false; size.iter().product()], size };
        for triangle in &mesh.corners {
            stamp.flip_above(triangle.map(|[x, y, z]| {
                [x * scale + shift[0], y * scale + shift[1], z * scale]
            }));
        }
        for column in stamp.solid.chunks_mut(size[2]) {
            let mut inside = false;
            for site in column {
                inside ^= *site;
                *site = inside;
            }
        }
        stamp
    }

    /// Marks the lowest site above a triangle in each column: from there on inside is outside.
    fn flip_above(&mut self, corners: [[f64; 3]; 3]) {
        let range = |k: usize| {
            let along = corners.map(|corner| corner[k]);
            let low = along.into_iter().fold(f64::INFINITY, f64::min);
            let high = along.into_iter().fold(f64::NEG_INFINITY, f64::max);
            let n = self.size[k] as f64;
            (low - 0.5).ceil().clamp(0.0, n) as usize..((high - 0.5).floor() + 1.0).clamp(0.0, n) as usize
        };
        let [columns, rows] = [range(0), range(1)];
        for y in rows {
            for x in columns.clone() {
                let place = [x as f64 + 0.5, y as f64 + 0.5];
                if !covers(&corners, place) {
                    continue;
                }
                let first = (height(&corners, place) - 0.5).ceil().clamp(0.0, self.size[2] as f64) as usize;
                if first < self.size[2] {
                    self.solid[(y * self.size[0] + x) * self.size[2] + first] ^= true;
                }
            }
        }
    }
}

/// True when a ray along z meets the triangle: an odd number of its edges lie to the right of the place. An
/// edge counts the same for both its triangles, whichever way they go round.
fn covers(corners: &[[f64; 3]; 3], [x, y]: [f64; 2]) -> bool {
    let right = |a: [f64; 3], b: [f64; 3]| {
        let (low, high) = if (a[1], a[0]) < (b[1], b[0]) { (a, b) } else { (b, a) };
        let spans = low[1] <= y && y < high[1];
        spans && low[0] + (y - low[1]) / (high[1] - low[1]) * (high[0] - low[0]) > x
    };
    let [a, b, c] = *corners;
    right(a, b) ^ right(b, c) ^ right(c, a)
}

/// Height of the plane of a triangle at a place; its mean height where it stands upright.
fn height(corners: &[[f64; 3]; 3], [x, y]: [f64; 2]) -> f64 {
    let [a, b, c] = *corners;
    let area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
    let (u, v) = (x - a[0], y - a[1]);
    let along_b = (u * (c[1] - a[1]) - v * (c[0] - a[0])) / area;
    let along_c = (v * (b[0] - a[0]) - u * (b[1] - a[1])) / area;
    let height = a[2] + along_b * (b[2] - a[2]) + along_c * (c[2] - a[2]);
    let [low, high] = [f64::min, f64::max].map(|pick: fn(f64, f64) -> f64| pick(pick(a[2], b[2]), c[2]));
    if height.is_finite() { height.clamp(low, high) } else { (a[2] + b[2] + c[2]) / 3.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::HostSpec;
    use crate::lattice::Lattice;
    use crate::quantity::Frame;
    use std::f64::consts::PI;
    use std::path::{Path, PathBuf};

    const FRAME: Frame = Frame { edge_um: 0.5, width_um: 32.0, height_um: 32.0 };

    type Corners = [[f32; 3]; 3];

    /// A ball around a centre, of triangles between circles of latitude.
    fn ball(radius: f64, centre: [f64; 3]) -> Vec<Corners> {
        let (circles, points) = (48, 96);
        let place = |circle: usize, point: usize| -> [f32; 3] {
            let polar = PI * circle as f64 / circles as f64;
            let turn = 2.0 * PI * (point % points) as f64 / points as f64;
            // The poles are one place each.
            let ring = if [0, circles].contains(&circle) { 0.0 } else { polar.sin() };
            let unit = [ring * turn.cos(), ring * turn.sin(), polar.cos()];
            std::array::from_fn(|k| (centre[k] + radius * unit[k]) as f32)
        };
        let patch = |(circle, point): (usize, usize)| {
            let [a, b] = [place(circle, point), place(circle, point + 1)];
            let [c, d] = [place(circle + 1, point), place(circle + 1, point + 1)];
            [[a, c, d], [a, d, b]]
        };
        (0..circles).flat_map(|circle| (0..points).map(move |point| (circle, point))).flat_map(patch).collect()
    }

    fn block([lx, ly, lz]: [f32; 3]) -> Vec<Corners> {
        let corner = |bits: usize| [lx * (bits & 1) as f32, ly * (bits >> 1 & 1) as f32, lz * (bits >> 2) as f32];
        let sides = [[0, 1, 3, 2], [4, 5, 7, 6], [0, 1, 5, 4], [2, 3, 7, 6], [0, 2, 6, 4], [1, 3, 7, 5]];
        sides.iter().flat_map(|[a, b, c, d]| [[*a, *b, *c], [*a, *c, *d]]).map(|face| face.map(corner)).collect()
    }

    fn binary(triangles: &[Corners]) -> Vec<u8> {
        let mut bytes = b"solid by a program that does not care".to_vec();
        bytes.resize(80, b' ');
        bytes.extend((triangles.len() as u32).to_le_bytes());
        for triangle in triangles {
            bytes.extend([0; 12]);
            bytes.extend(triangle.iter().flatten().flat_map(|c| c.to_le_bytes()));
            bytes.extend([0; 2]);
        }
        bytes
    }

    fn ascii(triangles: &[Corners]) -> Vec<u8> {
        let mut text = String::from("solid thing\n");
        for triangle in triangles {
            text += "facet normal 0 0 0\nouter loop\n";
            for [x, y, z] in triangle {
                text += &format!("vertex {x} {y} {z}\n");
            }
            text += "endloop\nendfacet\n";
        }
        (text + "endsolid thing\n").into_bytes()
    }

    fn written(folder: &Path, bytes: &[u8]) -> PathBuf {
        let path = folder.join("mesh.stl");
        std::fs::write(&path, bytes).expect("writable");
        path
    }

    fn read(bytes: &[u8]) -> Result<Triangles, FileFault> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Triangles::read(&written(folder.path(), bytes).to_string_lossy())
    }

    /// Sites above the collector.
    fn built(triangles: &[Corners], um_per_unit: f64) -> (Lattice, u64) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = written(folder.path(), &binary(triangles)).to_string_lossy().into_owned();
        let host = HostSpec::Mesh(Mesh { file, um_per_unit, ..Mesh::default() });
        let mut lattice = Lattice::new([64, 64, 64]);
        host.build(&host.read(&FRAME).expect("good"), &mut lattice, 0.5, 1);
        let above = lattice.count(SiteKind::Host) - 64 * 64;
        (lattice, above)
    }

    /// Blocks are exact, also where triangles share the middles of sites; a ball has its volume. As many
    /// copies as fit stand side by side.
    #[test]
    fn solids_have_their_volume() {
        assert_eq!(built(&block([32.0, 32.0, 8.0]), 1.0).1, 64 * 64 * 16);
        // 20.5 × 18.5 sites hold the middles of 21 × 19.
        assert_eq!(built(&block([10.25, 9.25, 8.0]), 1.0).1, 3 * 3 * 21 * 19 * 16);
        assert_eq!(built(&block([1.0, 1.0, 1.0]), 1e5).1, 64 * 64 * 62, "cut below the top of the box");
        let (_, sites) = built(&ball(10.0, [50.0, -3.0, 7.0]), 1.0);
        let expected = 4.0 / 3.0 * PI * 20f64.powi(3);
        assert!((sites as f64 / expected - 1.0).abs() < 0.01, "{sites}, not {expected}");
        // Another body inside is a hollow.
        let hollow = [ball(10.0, [0.0; 3]), ball(7.0, [0.0; 3])].concat();
        let expected = expected * (1.0 - 0.7f64.powi(3));
        let (_, sites) = built(&hollow, 1.0);
        assert!((sites as f64 / expected - 1.0).abs() < 0.01, "{sites}, not {expected}");
        // One beside that touches nothing is left out.
        let two = [ball(6.0, [0.0; 3]), ball(2.0, [0.0, 0.0, 12.0])].concat();
        let (lattice, _) = built(&two, 1.0);
        assert!(lattice.top() <= 25, "{}", lattice.top());
    }

    /// One pyramid fits a box of 32 µm.
    #[test]
    fn the_sample_stands_on_the_collector() {
        let host = HostSpec::Mesh(Mesh::default());
        let mut lattice = Lattice::new([64, 64, 64]);
        host.build(&host.read(&FRAME).expect("the sample"), &mut lattice, 0.5, 1);
        let sites = lattice.count(SiteKind::Host) as f64 - 64.0 * 64.0;
        assert!((sites / (40.0 * 40.0 * 32.0 / 3.0) - 1.0).abs() < 0.02, "{sites}");
    }

    #[test]
    fn text_and_binary_files_are_the_same() {
        let mesh = ball(10.0, [0.0; 3]);
        let [text, bits] = [ascii(&mesh), binary(&mesh)].map(|bytes| read(&bytes).expect("good"));
        assert_eq!(text.corners, bits.corners);
        // A solid without a name.
        let nameless = String::from_utf8(ascii(&mesh)).expect("text").replace("solid thing", "solid");
        assert_eq!(read(nameless.as_bytes()).expect("good"), text);
        assert!((bits.extent[2] - 20.0).abs() < 1e-6);
    }

    #[test]
    fn bad_meshes_are_refused_with_the_reason() {
        let good = binary(&block([1.0; 3]));
        let mut nan = good.clone();
        nan[84 + 12..84 + 16].copy_from_slice(&f32::NAN.to_le_bytes());
        let mut huge = good.clone();
        huge[80..84].copy_from_slice(&3_000_000u32.to_le_bytes());
        huge.resize(84 + 50 * 3_000_000, 0);
        let text = ascii(&block([1.0; 3]));
        let deep: Vec<Corners> = (0..1000).flat_map(|_| block([1.0; 3])).collect();
        for (bytes, fragment) in [
            (Vec::new(), "is no STL mesh"),
            (vec![7; 300], "is no STL mesh, or is cut short"),
            (good[..good.len() - 1].to_vec(), "damaged one"),
            (binary(&block([1.0; 3])[..11]), "has holes: 3 edges"),
            (binary(&[]), "holds no triangles"),
            (binary(&block([1.0, 1.0, 0.0])), "is flat"),
            (nan, "no finite numbers"),
            (text[..text.len() / 2].to_vec(), "damaged one"),
            (ascii(&block([f32::NAN, 1.0, 1.0])), "damaged one"),
            (text.repeat(2), "more than one solid"),
            ([&b"solid x\nfacet "[..], &b"y ".repeat(10_000)].concat(), "damaged one"),
            (huge, "more than 2000000 triangles"),
            (binary(&deep.repeat(6)), "surfaces above one another"),
        ] {
            let fault = read(&bytes).expect_err(fragment);
            assert!(fault.what.contains(fragment) && fault.what.contains("mesh.stl"), "{fault:?}");
            assert!(fault.field == "file" && !fault.cure.is_empty() && fault.what.len() < 400, "{fault:?}");
        }
    }
}
