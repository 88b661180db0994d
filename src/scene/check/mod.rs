//! Which scenes make sense.
//!
//! Does: check every number of a scene against the range in which the model means something, and the geometry
//! against the box.
//! Does not: look up names (that is [`super::Scene::resolve`]) or measure the machine's memory (that is the
//! simulation's task when it is built).

mod protocol;
pub(super) mod range;

use super::error::Problem;
use super::spec::{LatticeSpec, SCENE_VERSION, SceneSpec, StartSpec, limits};
use range::{check_all, check_one, within};

/// Most sites a scene may ask for: 1024³. Memory is only touched where something stands or walks; whether
/// there is enough is asked when the scene is built.
pub const MOST_SITES: u64 = 1 << 30;
/// Longest side of the box, in sites.
pub const LONGEST_SIDE: usize = 4096;

/// First thing that is wrong with `spec`, if any.
pub(super) fn check(spec: &SceneSpec) -> Result<(), Problem> {
    if spec.version != SCENE_VERSION {
        return Err(Problem::new(
            "version",
            format!("version {} of the scene format is not known", spec.version),
            format!(
                "this program reads version {SCENE_VERSION}: write `version: {SCENE_VERSION}` and check the fields against a library scene"
            ),
        ));
    }
    if spec.title.trim().is_empty() {
        return Err(Problem::new("title", "the title is empty", "say in a few words what the scene shows"));
    }
    check_lattice(&spec.lattice)?;
    let frame = spec.lattice.frame();
    check_all("", spec, &frame)?;
    if spec.start.is_electrode() {
        let height_um = spec.lattice.sites.2 as f64 * spec.lattice.edge_um;
        if height_um > spec.electrode_gap_um {
            return Err(Problem::new(
                "electrode_gap_um",
                format!(
                    "the box is {height_um} µm high, the electrodes are only {} µm apart",
                    spec.electrode_gap_um
                ),
                format!(
                    "set `electrode_gap_um` to {height_um} or more, or take fewer sites along z in `lattice.sites`"
                ),
            ));
        }
        check_all(&format!("host.{}.", spec.host.kind()), &spec.host, &frame)?;
        check_metal(spec, height_um)?;
    }
    protocol::check(spec)?;
    check_until(spec)
}

/// Metal that is there from the start has a layer or more, and leaves room above it.
fn check_metal(spec: &SceneSpec, height_um: f64) -> Result<(), Problem> {
    match spec.start {
        StartSpec::Foil { thickness_um } => {
            let most_um = height_um - 8.0 * spec.lattice.edge_um;
            within("start.Foil.thickness_um", thickness_um, spec.lattice.edge_um, most_um.max(0.0), "µm")
        }
        StartSpec::Infused { level } => check_one("start.Infused", &limits::LEVEL, level),
        StartSpec::Electrode | StartSpec::PointSeed => Ok(()),
    }
}

fn check_lattice(lattice: &LatticeSpec) -> Result<(), Problem> {
    let field = "lattice.sites";
    let (x, y, z) = lattice.sites;
    for (name, side) in [("x", x), ("y", y), ("z", z)] {
        if side == 0 || side % 8 != 0 {
            let below = (side / 8 * 8).max(8);
            return Err(Problem::new(
                field,
                format!("{side} sites along {name} are not a positive multiple of 8"),
                format!("take {below} or {}", below + 8),
            ));
        }
        if side > LONGEST_SIDE {
            return Err(Problem::new(
                field,
                format!("{side} sites along {name} are more than the {LONGEST_SIDE} a side may have"),
                "take a smaller box; 128 × 128 × 192 is usual, 512 × 512 × 512 is large",
            ));
        }
    }
    let total = x as u64 * y as u64 * z as u64;
    if total > MOST_SITES {
        return Err(Problem::new(
            field,
            format!("{x} × {y} × {z} are {total} sites, more than the {MOST_SITES} a scene may have"),
            "take a smaller box; 128 × 128 × 192 is usual, 512 × 512 × 512 is large",
        ));
    }
    check_all("lattice.", lattice, &lattice.frame())
}

fn check_until(spec: &SceneSpec) -> Result<(), Problem> {
    let until = spec.limits();
    if let Some(capacity) = until.areal_capacity_mah_cm2 {
        check_one("until", &limits::RUN_CAPACITY, capacity)?;
    }
    if let Some(time) = until.time_s {
        check_one("until", &limits::RUN_TIME, time)?;
    }
    if until.sites == Some(0) {
        return Err(Problem::new("until.sites", "no site would be plated", "ask for one site or more"));
    }
    if spec.protocol.is_some() {
        return Ok(());
    }
    let nothing_grows = spec.current_density_ma_cm2 == 0.0;
    let no_end = until.time_s.is_none()
        && (nothing_grows || until.areal_capacity_mah_cm2.is_none() && until.sites.is_none());
    if no_end {
        let reason = if nothing_grows { " at zero current density" } else { "" };
        return Err(Problem::new(
            "until",
            format!("the run would never end{reason}"),
            "give at least one limit (for example `until: (time_s: 3600)`)",
        ));
    }
    Ok(())
}
