//! A surface from a picture or a table of heights.

use super::files::Heights;
use super::{Collector, FileFault, Host, HostData, Nucleation, USUAL_NUCLEATION_MV, nucleation_overpotential};
use crate::lattice::SiteKind;
use crate::quantity::{Frame, Limit, Quantity, quantities};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Share of the height of the box that a surface may take.
const MOST_OF_BOX: f64 = 0.9;

/// A surface from a picture or a table of heights, for example of a microscope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeightMap {
    /// A picture ending in .png, or a table ending in .csv. Empty for a sample.
    #[serde(default)]
    pub file: String,
    /// Width of one copy of the picture, µm.
    #[serde(default = "usual::width_um")]
    pub width_um: f64,
    /// Height of white, or µm per unit of a table.
    #[serde(default = "usual::height_um")]
    pub height_um: f64,
    /// Overpotential at which metal nucleates on the surface, mV.
    #[serde(default = "usual::nucleation_overpotential_mv")]
    pub nucleation_overpotential_mv: f64,
}

quantities! {
    impl HeightMap as usual {
        /// Width of the picture or table. It is repeated across the box and stretched until a whole number of
        /// copies fits.
        width_um: Quantity::new("Width", "µm", 32.0)
            .within(Limit::Edges(2.0), Limit::Width).slider(8.0, 128.0),
        /// Height of white in a picture, black is 0. For a table: µm per unit of its numbers, the lowest of
        /// which lies on the collector.
        height_um: Quantity::new("Height", "µm", 10.0)
            .within(Limit::Number(0.0), Limit::Height(MOST_OF_BOX)).slider(0.0, 40.0),
        /// Overpotential at which metal nucleates on the surface.
        nucleation_overpotential_mv: nucleation_overpotential("Nucleation", USUAL_NUCLEATION_MV),
    }
}

impl Default for HeightMap {
    fn default() -> Self {
        Self {
            file: String::new(),
            width_um: usual::width_um(),
            height_um: usual::height_um(),
            nucleation_overpotential_mv: usual::nucleation_overpotential_mv(),
        }
    }
}

impl Host for HeightMap {
    fn presets() -> Vec<(&'static str, Self)> {
        vec![("Height map", Self::default())]
    }

    fn label(&self) -> &'static str {
        "Height map"
    }

    fn nucleation(&self) -> Nucleation {
        Nucleation { host_mv: self.nucleation_overpotential_mv, seed_mv: 0.0 }
    }

    fn file(&mut self) -> Option<&mut String> {
        Some(&mut self.file)
    }

    fn file_help(&self) -> &'static str {
        "a PNG picture (8 or 16 bit, colours by their luminance, up to 4096 × 4096) or a CSV table of numbers \
         (up to 10⁷). Its path starts from the folder of the scene file, with `--set` from the working \
         folder. Without a file a sample is built."
    }

    fn read(&self, frame: &Frame) -> Result<HostData, FileFault> {
        let heights = Heights::read(&self.file)?;
        let (height, most) = (heights.highest() * self.height_um, MOST_OF_BOX * frame.height_um);
        // A picture with white has this number already inside its range.
        if height > most * (1.0 + 1e-6) {
            return Err(FileFault {
                field: "height_um",
                what: format!("the surface of `{}` is {height} µm high, more than {most} µm", self.file),
                cure: "give fewer µm per unit, or a higher box".into(),
            });
        }
        Ok(HostData::Heights(Arc::new(heights)))
    }

    fn build(&self, collector: &mut Collector) {
        let HostData::Heights(heights) = collector.data else { return };
        let most = collector.lattice.sites()[2] as i32 - 2;
        let extent = collector.extent();
        let width = collector.sites(self.width_um);
        // Whole copies across the periodic box.
        let copies = [0, 1].map(|k| {
            let length = if k == 0 { width } else { width * heights.aspect() };
            (extent[k] as f64 / length).round().clamp(1.0, extent[k] as f64)
        });
        for y in 0..extent[1] {
            for x in 0..extent[0] {
                let place = |at: usize, k: usize| ((at as f64 + 0.5) * copies[k] / extent[k] as f64).fract();
                let height = collector.sites(self.height_um * heights.at([place(x, 0), place(y, 1)]));
                for z in 1..=(height.round() as i32).min(most) {
                    collector.put([x as i32, y as i32, z], SiteKind::Host);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::HostSpec;
    use crate::lattice::Lattice;
    use png::{BitDepth, ColorType};

    const FRAME: Frame = Frame { edge_um: 1.0, width_um: 32.0, height_um: 32.0 };

    fn png(width: u32, height: u32, colour: ColorType, depth: BitDepth, data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        let mut writer = encoder.write_header().expect("a good head");
        if !data.is_empty() {
            writer.write_image_data(data).expect("as much as the head says");
        }
        drop(writer);
        bytes
    }

    fn read(name: &str, bytes: &[u8]) -> Result<HostData, FileFault> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("writable");
        let file = path.to_string_lossy().into_owned();
        HeightMap { file, height_um: 2.0, ..HeightMap::default() }.read(&FRAME)
    }

    fn heights(name: &str, bytes: &[u8]) -> Arc<Heights> {
        match read(name, bytes) {
            Ok(HostData::Heights(heights)) => heights,
            other => panic!("{other:?}"),
        }
    }

    /// The middles of the pixels of 2 × 2 heights: upper left, upper right, lower left, lower right.
    fn corners(heights: &Heights) -> [f64; 4] {
        [[0.25, 0.75], [0.75, 0.75], [0.25, 0.25], [0.75, 0.25]].map(|place| heights.at(place))
    }

    #[test]
    fn pictures_of_all_kinds_and_tables_give_their_heights() {
        let grey = png(2, 2, ColorType::Grayscale, BitDepth::Eight, &[0, 51, 255, 102]);
        let fine = png(2, 2, ColorType::Grayscale, BitDepth::Sixteen, &[0, 0, 0x33, 0x33, 255, 255, 0x66, 0x66]);
        let colours: Vec<u8> = [0, 51, 255, 102].into_iter().flat_map(|v| [v, v, v, 9]).collect();
        let colour = png(2, 2, ColorType::Rgba, BitDepth::Eight, &colours);
        for (name, bytes) in [
            ("a.png", grey),
            ("a.PNG", fine),
            ("a.png", colour),
            ("a.csv", b"# \xc2\xb5m\n-1,-0.8\n\n0,-0.6,\n".to_vec()),
            ("a.csv", b"\xef\xbb\xbf0;0.2\r\n1;0.4\r\n".to_vec()),
            ("a.txt", b"0 0.2\n1  4e-1".to_vec()),
        ] {
            for (height, expected) in corners(&heights(name, &bytes)).into_iter().zip([0.0, 0.2, 1.0, 0.4]) {
                assert!((height - expected).abs() < 1e-6, "{name}: {height}, not {expected}");
            }
        }
        let green = png(2, 2, ColorType::Rgb, BitDepth::Eight, &[0, 255, 0].repeat(4));
        assert!((corners(&heights("a.png", &green))[0] - 0.7152).abs() < 1e-4);
    }

    /// Copies fit the box, and the volume is the mean height.
    #[test]
    fn the_surface_has_the_asked_height_and_width() {
        let host = HostSpec::HeightMap(HeightMap { width_um: 30.0, height_um: 12.0, ..HeightMap::default() });
        let mut lattice = Lattice::new([128, 128, 64]);
        host.build(&host.read(&FRAME).expect("the sample"), &mut lattice, 0.5, 1);
        assert_eq!(lattice.top(), 24);
        // Two copies of two bumps each way; the mean of the bumps is a quarter of their height.
        let mean = lattice.count(SiteKind::Host) as f64 / (128.0 * 128.0) - 1.0;
        assert!((mean - 6.0).abs() < 0.1, "{mean}");
        for position in [[5, 9, 3], [40, 90, 7]] {
            let [x, y, z] = position;
            assert_eq!(lattice.is_solid(position), lattice.is_solid([x + 64, y + 64, z]));
        }
    }

    #[test]
    fn bad_files_are_refused_with_the_reason() {
        let good = png(2, 2, ColorType::Grayscale, BitDepth::Eight, &[0, 51, 255, 102]);
        let empty_head = |side| png(side, side, ColorType::Grayscale, BitDepth::Eight, &[]);
        let long = "1,2,3,4,5,6,7,8\n".repeat(1_250_001);
        for (name, bytes, fragment) in [
            ("a.png", b"no picture".to_vec(), "is no PNG picture"),
            ("a.png", Vec::new(), "is no PNG picture"),
            ("a.png", good[..good.len() - 20].to_vec(), "a damaged one"),
            ("a.png", png(1, 1, ColorType::Grayscale, BitDepth::Eight, &[9]), "1 × 1 heights, too few"),
            ("a.png", empty_head(20_000), "has 20000 × 20000 pixels, more than 4096"),
            ("a.png", empty_head(4096), "a damaged one"),
            ("a.csv", b"1,2\n3\n".to_vec(), "has 1 numbers in line 2, but 2 in the first row"),
            ("a.csv", b"1,2\n3,four\n".to_vec(), "“four” in line 2"),
            ("a.csv", b"1,2\n3,NaN\n".to_vec(), "“NaN” in line 2"),
            ("a.csv", b"1,2\n3,1e99\n".to_vec(), "“1e99” in line 2"),
            ("a.csv", b"1,2\n3,\n".to_vec(), "has 1 numbers in line 2"),
            ("a.csv", b"1,,2\n".to_vec(), "“” in line 1"),
            ("a.csv", b"# nothing\n\n".to_vec(), "holds no numbers"),
            ("a.csv", Vec::new(), "holds no numbers"),
            ("a.csv", b"1,2\n".to_vec(), "2 × 1 heights, too few"),
            ("a.csv", vec![0xff, 0xfe], "is not a text"),
            ("a.csv", long.into_bytes(), "more than 10000000 numbers"),
            ("a.csv", b"0,0\n0,30\n".to_vec(), "is 60 µm high, more than 28.8 µm"),
            ("a.jpg", good.clone(), "neither a PNG picture nor a CSV table"),
        ] {
            let fault = read(name, &bytes).expect_err(fragment);
            assert!(fault.what.contains(fragment) && fault.what.contains(name), "{fault:?}");
            assert!(!fault.cure.is_empty());
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, fragment) in [("missing.png", "cannot be read"), ("folder.csv", "is not a file")] {
            std::fs::create_dir_all(folder.path().join("folder.csv")).expect("writable");
            let file = folder.path().join(path).to_string_lossy().into_owned();
            let fault = HeightMap { file, ..HeightMap::default() }.read(&FRAME).expect_err(path);
            assert!(fault.what.contains(fragment) && fault.cure.contains("folder"), "{fault:?}");
        }
    }
}
