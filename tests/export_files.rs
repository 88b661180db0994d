//! The files of a run, made from a state that is written down here, and read back.

use natrarium::export::{OutputFolder, RunRecord, write_all};
use natrarium::lattice::{BRICK_EDGE, GrowthMode, SiteKind};
use natrarium::observables::{BrickView, Event, EventKind, Metrics, SiteView, Snapshot};
use natrarium::scene::{Electrolyte, Metal, Parameter, Scene, SceneSpec};
use natrarium::simulation::Control;

fn parameter(value: f64) -> Parameter {
    Parameter { value, unit: "mol/L".into(), range: (0.1, 5.0), source: "a table".into(), assumption: true }
}

fn scene() -> Scene {
    let p = parameter;
    let spec: SceneSpec =
        ron::from_str(r#"(version: 1, title: "Moss under a carbonate film", electrolyte: "carbonate")"#)
            .unwrap();
    let electrolyte = Electrolyte {
        title: "1 M NaPF₆ in EC/DEC".into(),
        note: "moss".into(),
        concentration_mol_l: p(1.0),
        diffusivity_m2_s: p(5e-19),
        transference_number: p(0.4),
        charge_transfer_resistance_ohm_cm2: p(40.0),
        film_initial_nm: p(5.0),
        film_growth_constant_m2_s: p(5e-19),
        film_dissolution_nm_s: p(0.0),
        film_conductivity_s_cm: p(2e-8),
        film_spread: p(1.0),
        film_fracture_strain: p(0.02),
        film_relaxation_s: p(100.0),
        film_reference_nm: p(10.0),
        yield_pressure_scale: p(1.0),
        patch_um: p(3.0),
    };
    let metal = Metal {
        title: "sodium".into(),
        molar_volume_cm3_mol: p(23.75),
        melting_point_c: p(97.8),
        surface_diffusivity_m2_s: p(1e-14),
        surface_diffusion_activation_kj_mol: p(20.0),
        creep_length_um: p(6.0),
        creep_length_current_exponent: p(0.2),
        creep_activation_kj_mol: p(20.0),
        film_growth_factor: p(1.0),
        film_dissolution_factor: p(1.0),
        filament_diameter_um: p(1.5),
        filament_persistence_um: p(3.0),
    };
    Scene { spec, electrolyte, metal }
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
        rq_um: 3.25,
        sand_time_s: f64::INFINITY,
        ..Metrics::default()
    };
    Snapshot {
        generation: 0,
        sites,
        edge_m: 0.5e-6,
        bricks,
        patches: Vec::new(),
        ions: Vec::new(),
        salt_profile: Vec::new(),
        metrics,
        events: Vec::new(),
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
        events: &[event],
        control_log: &[(3, Control::CurrentDensity { a_per_m2: 20.0 })],
        state_hash: 0xabc,
        snapshot: &snapshot,
    };
    write_all(&record, &OutputFolder::prepare(place.path()).unwrap()).unwrap();
    (place, snapshot)
}

#[test]
fn look() {
    let (place, _) = written([128, 128, 192]);
    let _ = place.keep();
}
