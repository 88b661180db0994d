//! Scene → world.

use super::cell::salt::Salt;
use super::constants::Constants;
use super::course::clock::Clock;
use super::course::cycles::Cycles;
use super::course::failure::Verdict;
use super::course::film_book::FilmBook;
use super::course::inventory::Inventory;
use super::course::ledger::Ledger;
use super::course::protocol::Protocol;
use super::film::age::film_ages;
use super::film::creep::CreepNetwork;
use super::film::patch::{Patch, make_patches};
use super::film::roster::{InterphaseView, Roster};
use super::films::Films;
use super::ions::spawn_ions;
use super::metal::electrode::Contacts;
use super::sites::Sites;
use super::surface::Surface;
use crate::electrochemistry::{SaltProfile, sei_laws::arrhenius_factor};
use crate::lattice::{
    Contact, GrowthMode, Lattice, Mosaic, NONE_U16, Position, SiteKind, Solid, lay_mosaic, touching_patches,
};
use crate::scene::{Scene, SceneSpec, StartSpec};
use crate::units::{a_m2_from_ma_cm2, j_mol_from_kj_mol, kelvin_from_celsius, m_from_um, mol_m3_from_mol_l};
use bevy_ecs::prelude::*;

/// Why a scene could not become a simulation.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The lattice would need more memory than there is.
    #[error(
        "a lattice of {sites} sites needs about {needed_mib} MiB, but only {available_mib} MiB can be had (what is \
         free, or a limit of the process or its group allows); choose fewer sites in `lattice.sites`"
    )]
    Memory {
        /// Sites asked for.
        sites: u64,
        /// Memory needed, MiB.
        needed_mib: u64,
        /// Memory free, MiB.
        available_mib: u64,
    },
}

/// Builds the world of a scene.
pub(super) fn world(scene: &Scene, seed: u64) -> Result<World, BuildError> {
    let spec = &scene.spec;
    let (nx, ny, nz) = spec.lattice.sites;
    check_memory([nx, ny, nz])?;
    let mut lattice = Lattice::new([nx, ny, nz]);
    let mosaic = if spec.start.is_electrode() {
        spec.host.build(&scene.host_data, &mut lattice, spec.lattice.edge_um, seed);
        fill(&mut lattice, spec);
        let size = scene.electrolyte.patch_um.value / spec.lattice.edge_um;
        let mosaic = lay_mosaic(&mut lattice, size, seed);
        if spec.start.has_metal() {
            number_below(&mut lattice);
        }
        mosaic
    } else {
        let centre = [nx, ny, nz].map(|n| n as i32 / 2);
        lattice.place(centre, SiteKind::Host, Solid::new(0, 0.0, NONE_U16, GrowthMode::None));
        Mosaic::default()
    };
    let ledger = Ledger { at_start: lattice.count(SiteKind::Metal), ..Ledger::default() };
    let constants = Constants::new(scene, seed);
    let current = a_m2_from_ma_cm2(spec.current_density_ma_cm2);
    let protocol = Protocol::new(spec, &constants);
    // What viewers read until the first step.
    let first = protocol.present(&constants).map_or(current, |step| step.current_density_a_m2);
    let clock = Clock::new(first, &spec.limits(), &constants);

    let mut world = World::new();
    let films = Films::new(scene);
    let patches = make_patches(&mosaic, &films, &constants);
    let mut surface = Surface::new(patches.iter().map(Patch::skin));
    let places = patches.iter().map(|patch| (patch.centre, patch.area)).unzip();
    let touching = touching_patches(&lattice, patches.len());
    let network = CreepNetwork::new(places, &touching, lattice.sites(), constants.creep_sites(current));
    let patches = patches.into_iter().map(|patch| world.spawn(patch).id()).collect();
    world.insert_resource(Roster { patches, ..Roster::default() });
    let exposed: Vec<Position> = lattice.iter_solids().map(|(position, ..)| position).collect();
    let view = InterphaseView::new(&world);
    for position in exposed {
        surface.show(&mut lattice, position, 0.0, &film_ages(&films, &view, &clock));
    }

    let initial_mol_m3 = mol_m3_from_mol_l(scene.electrolyte.concentration_mol_l.value);
    let profile = SaltProfile::new(
        initial_mol_m3,
        salt_diffusivity_m2_s(scene),
        scene.electrolyte.transference_number.value,
        m_from_um(spec.electrode_gap_um),
    );
    let mut salt = Salt::new(profile, initial_mol_m3);
    if spec.start.is_electrode() {
        salt.see(&lattice, &mut Ledger::default(), &constants);
        salt.profile.fill();
    }
    world.insert_resource(salt);
    world.insert_resource(Contacts(Contact::new(lattice.sites())));
    world.insert_resource(Inventory::new(scene, &constants));
    let foil = spec.on_metal();
    world.insert_resource(Cycles::new(foil));
    world.insert_resource(ledger);
    world.insert_resource(Verdict::new(spec.cutoff_v));
    world.insert_resource(protocol);
    world.insert_resource(FilmBook::new(scene));
    world.insert_resource(Sites(lattice));
    world.insert_resource(surface);
    world.insert_resource(network);
    world.insert_resource(films);
    world.insert_resource(constants);
    world.insert_resource(clock);
    spawn_ions(&mut world);
    Ok(world)
}

/// Puts the metal that is there from the start into all free sites up to its height.
fn fill(lattice: &mut Lattice, spec: &SceneSpec) {
    let layers = match spec.start {
        StartSpec::Foil { thickness_um } => thickness_um / spec.lattice.edge_um,
        StartSpec::Infused { level } => level * f64::from(lattice.top()),
        StartSpec::Electrode | StartSpec::PointSeed => return,
    };
    let [nx, ny, nz] = lattice.sites().map(|n| n as i32);
    for z in 1..=(layers.round() as i32).clamp(1, nz - 2) {
        for (y, x) in (0..ny).flat_map(|y| (0..nx).map(move |x| (y, x))) {
            if lattice.is_open([x, y, z]) {
                lattice.place([x, y, z], SiteKind::Metal, Solid::new(0, 0.0, NONE_U16, GrowthMode::None));
            }
        }
    }
}

/// Gives what lies below the surface the patch above it: it comes to light there when metal is stripped.
fn number_below(lattice: &mut Lattice) {
    let [nx, ny, _] = lattice.sites().map(|n| n as i32);
    for (y, x) in (0..ny).flat_map(|y| (0..nx).map(move |x| (y, x))) {
        let mut above = NONE_U16;
        for z in (0..=lattice.top()).rev() {
            let Some(solid) = lattice.solid([x, y, z]) else { continue };
            if solid.patch == NONE_U16 {
                lattice.set_solid([x, y, z], Solid { patch: above, ..solid });
            } else {
                above = solid.patch;
            }
        }
    }
}

/// Diffusivity of the salt at the temperature of the run, m² s⁻¹.
pub(super) fn salt_diffusivity_m2_s(scene: &Scene) -> f64 {
    let activation = j_mol_from_kj_mol(scene.model.diffusion_activation_kj_mol.value);
    scene.electrolyte.diffusivity_m2_s.value
        * arrhenius_factor(activation, kelvin_from_celsius(scene.spec.temperature_c))
}

/// Refuses a lattice that would not fit into the memory that can be had, half full of metal.
fn check_memory(sites: [usize; 3]) -> Result<(), BuildError> {
    let total: f64 = sites.iter().map(|n| *n as f64).product();
    let bytes = total * 0.5 * (Lattice::BYTES_PER_SITE_EMPTY + Lattice::BYTES_PER_SITE_FULL);
    let mib = |bytes: f64| (bytes / f64::from(1u32 << 20)).ceil() as u64;
    match super::memory::available_bytes() {
        Some(available) if bytes > available => Err(BuildError::Memory {
            sites: total as u64,
            needed_mib: mib(bytes),
            available_mib: mib(available),
        }),
        _ => Ok(()),
    }
}
