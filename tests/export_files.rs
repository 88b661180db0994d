//! The files of a run, made from a state that is written down here, and read back.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use natrarium::export::{Forms, OutputFolder, RunRecord, Series, StateFormat, write_all};
use natrarium::lattice::{BRICK_EDGE, GrowthMode, SiteKind};
use natrarium::observables::{
    BrickView, Dimension, Event, EventKind, Metrics, Morphology, ProfileLayer, Shape, SiteView, Snapshot,
};
use natrarium::scene::Scene;
use natrarium::simulation::Control;

fn scene() -> Scene {
    natrarium::scene::load("carbonate_moss").unwrap()
}

/// A film of uneven thickness, and a curl of base-grown metal on it.
fn site(x: usize, y: usize, z: usize) -> SiteView {
    let (fx, fy, fz) = (x as f64, y as f64, z as f64);
    let film = 6.0 + 2.5 * (fx * 0.15).sin() * (fy * 0.11).cos();
    let centre = (60.0 + 14.0 * (fz * 0.12).sin(), 62.0 + 9.0 * (fz * 0.2).cos());
    let from_curl = (fx - centre.0).hypot(fy - centre.1);
    let tree = (fx - 100.0).hypot(fy - 64.0) < 3.0 + 2.0 * (fz * 0.9).sin() && fz < 30.0;
    let (kind, mode, birth) = if fz < film {
        (SiteKind::Metal, GrowthMode::Film, 0.2 * (1.0 - fz / film))
    } else if fz < 58.0 && from_curl < 4.0 {
        (SiteKind::Metal, GrowthMode::Base, 0.2 * (1.0 - fz / 58.0))
    } else if tree {
        (SiteKind::Metal, GrowthMode::Tip, 0.2 * fz / 30.0)
    } else if (fx - 20.0).hypot(fy - 64.0) < 3.0 && fz < 20.0 {
        (SiteKind::Host, GrowthMode::None, 0.0)
    } else {
        (SiteKind::Electrolyte, GrowthMode::None, 0.0)
    };
    let patch = if kind == SiteKind::Metal { (x / 8) as u16 } else { u16::MAX };
    SiteView { kind, mode, patch, birth_mah_cm2: birth as f32, film_nm: fz as f32, coated: false }
}

fn snapshot(sites: [usize; 3]) -> Snapshot {
    let along = sites.map(|n| n / BRICK_EDGE);
    let mut bricks = Vec::new();
    for (bz, by, bx) in
        (0..along[2]).flat_map(|z| (0..along[1]).flat_map(move |y| (0..along[0]).map(move |x| (z, y, x))))
    {
        let corner = [bx, by, bz].map(|b| b * BRICK_EDGE);
        let inside = |i: usize| {
            let (x, y, z) = (i % BRICK_EDGE, i / BRICK_EDGE % BRICK_EDGE, i / BRICK_EDGE / BRICK_EDGE);
            site(corner[0] + x, corner[1] + y, corner[2] + z)
        };
        let sites = (0..BRICK_EDGE.pow(3)).map(inside).collect();
        bricks.push(BrickView { brick: [bx, by, bz], sites });
    }
    let metrics = Metrics {
        areal_capacity_mah_cm2: 0.2,
        current_density_ma_cm2: 1.0,
        sand_time_s: f64::INFINITY,
        shape: Some(Shape { rq_um: 3.25, ..Shape::default() }),
        ..Metrics::default()
    };
    Snapshot { sites, edge_m: 0.5e-6, bricks, metrics, ..Snapshot::default() }
}

fn morphology() -> Morphology {
    let dimension = Dimension { value: 2.5, range_low_um: 1.0, range_high_um: 16.0 };
    let layer =
        |z_um| ProfileLayer { z_um, metal_fraction: 0.25, electrolyte_fraction: 0.75, ..Default::default() };
    Morphology {
        roughness_factor: 3.5,
        tortuosity: Some(f64::NAN),
        box_count_dimension: Some(dimension),
        time_to_short_s: None,
        profile: vec![layer(0.25), layer(0.75)],
        ..Default::default()
    }
}

/// Writes all files into a new folder.
fn written(sites: [usize; 3]) -> (tempfile::TempDir, Snapshot) {
    written_as(sites, Forms::default(), 0)
}

/// The same in other forms, with a series of so many states.
fn written_as(sites: [usize; 3], forms: Forms, states: usize) -> (tempfile::TempDir, Snapshot) {
    let place = tempfile::tempdir().unwrap();
    let (scene, snapshot) = (scene(), snapshot(sites));
    let event = Event {
        kind: EventKind::FirstCrack,
        time_s: 12.0,
        areal_capacity_mah_cm2: 0.01,
        position: Some([1.0, 2.0, 3.0]),
    };
    let record = RunRecord {
        scene: &scene,
        scene_name: "moss",
        seed: 7,
        rows: &[Metrics::default(), snapshot.metrics.clone()],
        morphology: &morphology(),
        events: &[event],
        control_log: &[(3, Control::CurrentDensity { a_per_m2: 20.0 })],
        state_hash: 0xabc,
        snapshot: &snapshot,
    };
    let mut series = Series::new(place.path().to_owned(), forms.state, record.seed);
    (0..states).for_each(|_| series.push(&snapshot).unwrap());
    let series = (states > 0).then_some(&series);
    write_all(&record, forms, series, &OutputFolder::prepare(place.path(), &[]).unwrap()).unwrap();
    (place, snapshot)
}

fn text(place: &tempfile::TempDir, name: &str) -> String {
    std::fs::read_to_string(place.path().join(name)).unwrap()
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let (one, _) = written([32, 16, 64]);
    let (two, _) = written([32, 16, 64]);
    let mut names: Vec<_> =
        std::fs::read_dir(one.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "cross_section.png",
            "cycles.csv",
            "height_map.png",
            "metrics.csv",
            "profile.csv",
            "state.vti",
            "summary.json"
        ]
    );
    for name in names {
        let bytes = |place: &tempfile::TempDir| std::fs::read(place.path().join(&name)).unwrap();
        assert!(bytes(&one) == bytes(&two), "{name:?} differs");
    }
}

#[test]
fn the_table_says_where_its_numbers_come_from() {
    let (place, _) = written([32, 16, 64]);
    let table = text(&place, "metrics.csv");
    let head: Vec<&str> = table.lines().take_while(|line| line.starts_with('#')).collect();
    let scene = scene();
    let said = |start: &str| {
        head.iter().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no {start:?} in {head:?}"))
    };
    assert_eq!(*said("# scene:"), format!("# scene: {} (moss)", scene.spec.title));
    assert_eq!(*said("# seed:"), "# seed: 7");
    said("#     current_density_ma_cm2: ");
    let sets = [
        ("electrolyte", scene.electrolyte.parameters()),
        ("metal", scene.metal.parameters()),
        ("model", scene.model.parameters()),
    ];
    for (set, parameters) in sets {
        assert!(parameters.len() > 3, "{set}");
        for (name, parameter) in parameters {
            let line = said(&format!("# {set}.{name} = "));
            assert!(line.contains(&parameter.source), "{line}");
            assert!(parameter.unit == "1" || line.contains(&parameter.unit), "{line}");
            assert_eq!(line.contains('†'), parameter.assumption, "{line}");
        }
    }
    let body: Vec<Vec<&str>> = table.lines().skip(head.len()).map(|line| line.split(',').collect()).collect();
    assert_eq!(body.len(), 3, "column names and two rows");
    let column = |name: &str| body[0].iter().position(|cell| *cell == name).unwrap();
    assert_eq!(body[2][column("rq_um")], "3.25");
    assert_eq!(body[2][column("sand_time_s")], "inf");
    assert_eq!(body[1][column("regime")], "rest");
}

#[test]
fn the_summary_has_the_agreed_keys() {
    let (place, _) = written([32, 16, 64]);
    let summary: serde_json::Value = serde_json::from_str(&text(&place, "summary.json")).unwrap();
    for key in [
        "time_s",
        "areal_capacity_mah_cm2",
        "h_max_um",
        "mean_height_um",
        "rq_um",
        "porosity",
        "overpotential_mv",
        "robin_length_um",
        "i_over_i_lim",
        "tip_grown_fraction",
        "base_grown_fraction",
        "sites_deposited",
    ] {
        assert!(summary[key].is_number(), "{key} is {}", summary[key]);
    }
    assert_eq!(summary["rq_um"], 3.25);
    assert_eq!(summary["sand_time_s"], serde_json::Value::Null, "JSON has no infinity");
    assert_eq!(summary["state_hash"], "0000000000000abc");
    assert_eq!(summary["events"][0]["kind"], "first_crack");
    assert_eq!(summary["control_log"][0]["step"], 3);
    assert_eq!(summary["scene"]["electrolyte"], scene().spec.electrolyte);
}

#[test]
fn the_shape_of_the_deposit_stands_in_the_summary_and_its_profile_in_a_table() {
    let (place, _) = written([32, 16, 64]);
    let summary: serde_json::Value = serde_json::from_str(&text(&place, "summary.json")).unwrap();
    let shape = &summary["morphology"];
    assert_eq!(shape["roughness_factor"], 3.5);
    assert_eq!(shape["box_count_dimension"]["range_high_um"], 16.0);
    for key in ["tortuosity", "mass_dimension", "time_to_short_s", "profile"] {
        assert_eq!(shape[key], serde_json::Value::Null, "{key}");
    }
    let table = text(&place, "profile.csv");
    let body: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        body,
        [
            "z_um,metal_fraction,dead_fraction,host_fraction,electrolyte_fraction",
            "0.25,0.25,0,0,0.75",
            "0.75,0.25,0,0,0.75"
        ]
    );
}

/// A VTK file: its head, and its appended arrays as VTK reads them back. Offsets from the head are counted
/// from the byte after `_`. There lies a table of numbers of eight bytes: blocks, bytes of a block, bytes of
/// a shorter last one, packed bytes of each. The blocks follow.
struct VtkFile {
    bytes: Vec<u8>,
    head: usize,
}

impl VtkFile {
    fn read(place: &tempfile::TempDir, name: &str) -> Self {
        let bytes = std::fs::read(place.path().join(name)).unwrap();
        let mark = b"<AppendedData encoding=\"raw\">\n_";
        let head = bytes.windows(mark.len()).position(|window| window == mark).unwrap() + mark.len();
        assert!(bytes.ends_with(b"\n  </AppendedData>\n</VTKFile>\n"));
        Self { bytes, head }
    }

    fn xml(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.head]).unwrap()
    }

    /// Values of an array, so many bytes each.
    fn array<const WIDTH: usize>(&self, name: &str) -> Vec<[u8; WIDTH]> {
        let line = self.xml().lines().find(|line| line.contains(&format!("Name=\"{name}\""))).unwrap();
        let offset = line.split("offset=\"").nth(1).unwrap().split('"').next().unwrap();
        let start = self.head + offset.parse::<usize>().unwrap();
        let number = |index: usize| {
            u64::from_le_bytes(self.bytes[start + 8 * index..][..8].try_into().unwrap()) as usize
        };
        let (blocks, unpacked, shorter) = (number(0), number(1), number(2));
        let mut at = start + 8 * (3 + blocks);
        let mut values = Vec::new();
        for block in 0..blocks {
            let packed = &self.bytes[at..at + number(3 + block)];
            let bytes = miniz_oxide::inflate::decompress_to_vec_zlib(packed).unwrap();
            let last = block + 1 == blocks && shorter > 0;
            assert_eq!(bytes.len(), if last { shorter } else { unpacked }, "{name}");
            values.extend_from_slice(&bytes);
            at += packed.len();
        }
        values.as_chunks().0.to_vec()
    }
}

const SITES: [usize; 3] = [32, 16, 64];

/// Layers up to the highest matter.
fn filled_layers() -> usize {
    let solid = |z| (0..16).any(|y| (0..32).any(|x| site(x, y, z).kind.is_solid()));
    (0..SITES[2]).rev().find(|z| solid(*z)).unwrap() + 1
}

fn places() -> impl Iterator<Item = [usize; 3]> {
    let layers = filled_layers();
    (0..layers).flat_map(|z| (0..16).flat_map(move |y| (0..32).map(move |x| [x, y, z])))
}

#[test]
fn the_state_reads_back_site_by_site() {
    let (place, _) = written(SITES);
    let file = VtkFile::read(&place, "state.vti");
    let (xml, layers) = (file.xml(), filled_layers());
    assert!(layers < SITES[2], "the test wants some electrolyte to be cut");
    assert!(xml.contains(&format!("WholeExtent=\"0 32 0 16 0 {layers}\"")), "{xml}");
    assert!(xml.contains("Spacing=\"0.5 0.5 0.5\""), "{xml}");
    assert!(xml.contains("compressor=\"vtkZLibDataCompressor\""), "{xml}");
    let (kind, mode, patch) = (file.array("kind"), file.array("growth_mode"), file.array("patch"));
    let (birth, film) = (file.array("birth_mah_cm2"), file.array("film_nm"));
    assert_eq!(kind.len(), 32 * 16 * layers);
    for (index, [x, y, z]) in places().enumerate() {
        let expected = site(x, y, z);
        assert_eq!(kind[index], [expected.kind as u8]);
        assert_eq!(mode[index], [expected.mode as u8]);
        assert_eq!(patch[index], expected.patch.to_le_bytes());
        assert_eq!(birth[index], expected.birth_mah_cm2.to_le_bytes());
        assert_eq!(film[index], expected.film_nm.to_le_bytes());
    }
}

#[test]
fn the_state_by_hexahedra_holds_each_solid_site_where_it_is() {
    let (place, _) = written_as(SITES, Forms { state: StateFormat::Vtu, ..Forms::default() }, 0);
    assert!(!place.path().join("state.vti").exists());
    let file = VtkFile::read(&place, "state.vtu");
    let points: Vec<[f32; 3]> = file
        .array::<12>("Points")
        .iter()
        .map(|bytes| std::array::from_fn(|k| f32::from_le_bytes(bytes[4 * k..][..4].try_into().unwrap())))
        .collect();
    let mut sorted: Vec<[u32; 3]> = points.iter().map(|point| point.map(f32::to_bits)).collect();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), points.len(), "sites share their corners");
    let corners: Vec<i64> = file.array("connectivity").into_iter().map(i64::from_le_bytes).collect();
    let (kind, birth) = (file.array("kind"), file.array("birth_mah_cm2"));
    let solid: Vec<[usize; 3]> = places().filter(|[x, y, z]| site(*x, *y, *z).kind.is_solid()).collect();
    assert_eq!((kind.len(), corners.len()), (solid.len(), 8 * solid.len()));
    assert!(file.xml().contains(&format!(
        "NumberOfPoints=\"{}\" NumberOfCells=\"{}\"",
        points.len(),
        solid.len()
    )));
    let ends = file.array("offsets").into_iter().map(i64::from_le_bytes);
    assert!(ends.eq((1..=solid.len() as i64).map(|cell| 8 * cell)));
    assert!(file.array("types").iter().all(|number| *number == [12]));
    for (cell, [x, y, z]) in solid.into_iter().enumerate() {
        let expected = site(x, y, z);
        assert_eq!(kind[cell], [expected.kind as u8]);
        assert_eq!(birth[cell], expected.birth_mah_cm2.to_le_bytes());
        let of_cell: Vec<[f32; 3]> =
            corners[8 * cell..][..8].iter().map(|point| points[*point as usize]).collect();
        // Layer 0 lies below z = 0. The order is that of VTK: around the lower face, then the upper one.
        let low = [x as f32 * 0.5, y as f32 * 0.5, z as f32 * 0.5 - 0.5];
        let square = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5], [0.0, 0.5]];
        for (number, point) in of_cell.iter().enumerate() {
            let [dx, dy] = square[number % 4];
            let dz = if number < 4 { 0.0 } else { 0.5 };
            assert_eq!(*point, [low[0] + dx, low[1] + dy, low[2] + dz]);
        }
    }
}

#[test]
fn a_series_lists_its_states_with_their_times() {
    let (place, snapshot) = written_as(SITES, Forms::default(), 3);
    let list = text(&place, "states.pvd");
    let line = |number: usize| {
        let time_s = snapshot.metrics.time_s;
        format!("<DataSet timestep=\"{time_s}\" part=\"0\" file=\"state_000{number}.vti\"/>")
    };
    assert!((1..=3).all(|number| list.contains(&line(number))) && !list.contains("0004"), "{list}");
    let state = std::fs::read(place.path().join("state.vti")).unwrap();
    for number in 1..=3 {
        let one = std::fs::read(place.path().join(format!("state_000{number}.vti"))).unwrap();
        assert!(one == state, "the {number}. state");
    }
    let names = std::fs::read_dir(place.path()).unwrap().count();
    assert_eq!(names, 7 + 3 + 1, "no other file is left");
}

#[test]
fn plain_tables_are_the_same_without_their_head() {
    let (with_head, _) = written(SITES);
    let (plain, _) = written_as(SITES, Forms { plain_tables: true, ..Forms::default() }, 0);
    for name in ["metrics.csv", "cycles.csv", "profile.csv"] {
        let table = text(&plain, name);
        let body: String =
            text(&with_head, name).split_inclusive('\n').filter(|line| !line.starts_with('#')).collect();
        assert_eq!(table, body, "{name}");
        assert!(table.is_ascii(), "{name}: Excel reads other letters wrongly");
    }
}

/// Pixels of a colour in a picture of a run.
fn pixels(place: &tempfile::TempDir, name: &str, wanted: impl Fn([u8; 3]) -> bool) -> usize {
    let file = std::io::BufReader::new(std::fs::File::open(place.path().join(name)).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut buffer).unwrap();
    buffer.as_chunks::<3>().0.iter().filter(|pixel| wanted(**pixel)).count()
}

#[test]
fn the_figures_show_what_is_there() {
    let (place, _) = written([128, 128, 96]);
    let vermilion = |[r, g, b]: [u8; 3]| r > 90 && r > g.saturating_add(50) && g > b.saturating_add(20);
    let dark = |[r, g, b]: [u8; 3]| r < 60 && g < 60 && b < 60;
    let yellow = |[r, g, b]: [u8; 3]| r > 240 && g > 220 && b < 60;
    // The base-grown curl crosses the cut with some 150 sites of 64 pixels.
    assert!(pixels(&place, "cross_section.png", vermilion) > 5_000);
    // Title, axes and legend: some thousand dark pixels at least, where there is no text there are few.
    assert!(pixels(&place, "cross_section.png", dark) > 5_000);
    // The highest columns are yellow in the map; its bar alone has some hundred such pixels.
    assert!(pixels(&place, "height_map.png", yellow) > 1_500);
}
