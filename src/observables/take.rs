//! Copies out of a simulation what a viewer needs.

use super::{BRICK_EDGE, BrickView, Metrics, PatchState, PatchView, SiteView, Snapshot};
use crate::lattice::NONE_U16;
use crate::simulation::Simulation;
use crate::units::{mol_l_from_mol_m3, nm_from_m, um_from_m};

/// Copies what changed since the last call, with all events of the run. With `everything`, all bricks that
/// hold a solid.
///
/// `generation` is passed through: the caller counts restarts. The events are all of the run; a viewer that
/// keeps its own list replaces it.
pub fn take_snapshot(simulation: &mut Simulation, generation: u64, everything: bool) -> Snapshot {
    let bricks = simulation.take_changed_bricks(everything);
    let lattice = simulation.lattice();
    let read = simulation.site_reader();
    let coated = simulation.coating_reader();
    let n = BRICK_EDGE;
    let bricks = bricks
        .into_iter()
        .map(|brick| {
            let mut sites = Vec::with_capacity(n * n * n);
            for local in 0..n * n * n {
                let position =
                    [brick[0] * n + local % n, brick[1] * n + local / n % n, brick[2] * n + local / (n * n)];
                let position = position.map(|c| c as i32);
                let solid = lattice.solid(position);
                sites.push(solid.map_or_else(
                    || SiteView { patch: NONE_U16, ..SiteView::default() },
                    |solid| {
                        let (birth, film_m) = read(&solid);
                        SiteView {
                            kind: lattice.kind(position),
                            mode: solid.mode,
                            patch: solid.patch,
                            birth_mah_cm2: simulation.capacity_mah_cm2(f64::from(birth)) as f32,
                            film_nm: nm_from_m(film_m) as f32,
                            coated: coated(&solid) && lattice.exposed_faces(position) > 0,
                        }
                    },
                ));
            }
            BrickView { brick, sites: sites.into_boxed_slice() }
        })
        .collect();
    let patches = simulation
        .patches()
        .into_iter()
        .map(|patch| PatchView {
            centre: patch.centre.map(|c| c as f32),
            state: match (patch.crack, patch.extruding) {
                (None, _) => PatchState::Whole,
                (Some(_), false) => PatchState::Cracked,
                (Some(_), true) => PatchState::Root,
            },
            strain_ratio: patch.strain_ratio as f32,
            conductivity_ratio: patch.conductivity_ratio as f32,
            crack: patch.crack.map(|site| site.map(|c| c as f32 + 0.5)),
            coated: patch.coated,
            breached: patch.breached,
        })
        .collect();
    let point = |(distance_m, concentration): (f64, f64)| {
        [um_from_m(distance_m) as f32, mol_l_from_mol_m3(concentration) as f32]
    };
    Snapshot {
        generation,
        sites: lattice.sites(),
        edge_m: simulation.edge_m(),
        bricks,
        patches,
        ions: simulation.ions(),
        salt_profile: simulation.salt_profile().points().map(point).collect(),
        metrics: Metrics::measure(simulation),
        course: Vec::new(),
        events: simulation.events().to_vec(),
        cycles: simulation.cycles().to_vec(),
        present_step: simulation.present_step(),
        failure: simulation.failure(),
        ending: simulation.ending(),
    }
}
