//! The files of a run, made from a state that is written down here, and read back.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use natrarium::export::{OutputFolder, RunRecord, write_all};
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
    SiteView { kind, mode, patch, birth_mah_cm2: birth as f32, film_nm: fz as f32 }
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
    write_all(&record, &OutputFolder::prepare(place.path()).unwrap()).unwrap();
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

/// Reads the appended arrays back as VTK does: offsets from the XML, counted from the byte after `_`. There a
/// head of numbers of eight bytes (blocks, bytes of a block, bytes of a shorter last one, packed bytes of
/// each), then the blocks.
#[test]
fn the_state_reads_back_site_by_site() {
    let sites = [32, 16, 64];
    let (place, _) = written(sites);
    let bytes = std::fs::read(place.path().join("state.vti")).unwrap();
    let mark = b"<AppendedData encoding=\"raw\">\n_";
    let data = bytes.windows(mark.len()).position(|window| window == mark).unwrap() + mark.len();
    let xml = std::str::from_utf8(&bytes[..data]).unwrap();
    let highest = (0..sites[2])
        .rev()
        .find(|&z| (0..16).any(|y| (0..32).any(|x| site(x, y, z).kind.is_solid())))
        .unwrap();
    let layers = highest + 1;
    assert!(layers < sites[2], "the test wants some electrolyte to be cut");
    assert!(xml.contains(&format!("WholeExtent=\"0 32 0 16 0 {layers}\"")), "{xml}");
    assert!(xml.contains("Spacing=\"0.5 0.5 0.5\""), "{xml}");
    assert!(xml.contains("compressor=\"vtkZLibDataCompressor\""), "{xml}");
    let array = |name: &str, width: usize| -> Vec<Vec<u8>> {
        let line = xml.lines().find(|line| line.contains(&format!("Name=\"{name}\""))).unwrap();
        let offset = line.split("offset=\"").nth(1).unwrap().split('"').next().unwrap();
        let start = data + offset.parse::<usize>().unwrap();
        let number =
            |index: usize| u64::from_le_bytes(bytes[start + 8 * index..][..8].try_into().unwrap()) as usize;
        let (blocks, unpacked, shorter) = (number(0), number(1), number(2));
        assert_eq!(shorter, 0, "{name}");
        assert_eq!(blocks * unpacked, 32 * 16 * layers * width, "{name}");
        let mut at = start + 8 * (3 + blocks);
        let mut values = Vec::new();
        for block in 0..blocks {
            let packed = &bytes[at..at + number(3 + block)];
            let block = miniz_oxide::inflate::decompress_to_vec_zlib(packed).unwrap();
            assert_eq!(block.len(), unpacked, "{name}");
            values.extend(block.chunks(width).map(<[u8]>::to_vec));
            at += packed.len();
        }
        values
    };
    let (kind, mode, patch) = (array("kind", 1), array("growth_mode", 1), array("patch", 2));
    let (birth, film) = (array("birth_mah_cm2", 4), array("film_nm", 4));
    for (index, (x, y, z)) in
        (0..layers).flat_map(|z| (0..16).flat_map(move |y| (0..32).map(move |x| (x, y, z)))).enumerate()
    {
        let expected = site(x, y, z);
        assert_eq!(kind[index], [expected.kind as u8]);
        assert_eq!(mode[index], [expected.mode as u8]);
        assert_eq!(patch[index], expected.patch.to_le_bytes());
        assert_eq!(birth[index], expected.birth_mah_cm2.to_le_bytes());
        assert_eq!(film[index], expected.film_nm.to_le_bytes());
    }
    assert!(bytes.ends_with(b"\n  </AppendedData>\n</VTKFile>\n"));
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
