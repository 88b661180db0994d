//! The shape of a deposit in figures: surface, density, paths, dimensions, pieces.
//!
//! Does: measure what is too dear for every step, from a copy of the occupied layers, at any moment. A run
//! does it at its end.
//! Does not: repeat what [`Metrics`](super::Metrics) holds (heights, R_q, porosity, counts of filaments).
//! Deposit means metal, in contact or dead, without host and collector.
//! Accuracy: counts are exact; each estimate states its own. Nothing here is random.

mod dimension;
mod dispersion;
mod grid;
mod pieces;
mod profile;
mod surface;
mod survey;
mod tortuosity;

pub use dimension::{Dimension, least_squares_slope};
pub use pieces::SizeClass;
pub use profile::ProfileLayer;
pub use survey::HostSurvey;

use super::{Event, EventKind};
use crate::lattice::{Lattice, SiteKind};
use crate::simulation::Simulation;
use crate::units::um_from_m;
use grid::Cells;
use serde::Serialize;

/// The shape of the deposit at one moment; keys carry their units.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Morphology {
    /// The host without the metal; none without a collector, and for a lattice alone.
    pub host: Option<HostSurvey>,
    /// Surface of the electrode (metal in contact, host, collector) that electrolyte wets, over projected
    /// area: 1 for a bare flat foil and for a dense flat film. Estimated from voxel faces and their normals,
    /// exact along the axes of the lattice, at most 4 % too large on tilted planes and spheres (Windreich,
    /// Kiryati, Lohmann, 10.1016/S0031-3203(03)00173-0).
    pub roughness_factor: f64,
    /// The part of it that is metal; below 1 where bare collector is left, cm² cm⁻².
    pub metal_surface_cm2_cm2: f64,
    /// Surface of the dead metal over projected area, cm² cm⁻².
    pub dead_surface_cm2_cm2: f64,
    /// Geodesic tortuosity of the electrolyte inside the deposit: Σ length of the shortest way up / Σ depth
    /// over all electrolyte sites below [`Self::tortuosity_height_um`] that can be reached. A direct
    /// geometric tortuosity (Holzer et al. 2023, ch. 2, 10.1007/978-3-031-30477-4_2); the one that slows
    /// diffusion is larger. None without electrolyte there.
    pub tortuosity: Option<f64>,
    /// Height that the ways lead up to, below which 95 % of the metal lie: lone needles above do not count,
    /// µm.
    pub tortuosity_height_um: f64,
    /// Box-count dimension of the metal, −d ln N/d ln b: N boxes of edge b hold metal (Mandelbrot, The
    /// Fractal Geometry of Nature, 1982). None below three sizes.
    pub box_count_dimension: Option<Dimension>,
    /// Mass dimension of the metal, d ln M/d ln b: M is the mean metal in a cube of edge b around a metal
    /// site (sandbox method, Tél, Fülöp, Vicsek, Physica A 1989, 159, 155). None below three sizes.
    pub mass_dimension: Option<Dimension>,
    /// Pieces of metal that stand on collector or host: metal sites in contact over a face, connected over
    /// faces, edges or corners. A closed film is one piece.
    pub nuclei: u64,
    /// The same per projected area, cm⁻².
    pub nuclei_per_cm2: f64,
    /// How many of them stand on how much; sizes double from class to class, empty classes are left out.
    pub nuclei_footprints: Vec<SizeClass>,
    /// Pieces of dead metal in the box, connected over faces.
    pub dead_pieces: u64,
    /// Mean volume of such a piece, µm³; none without one.
    pub dead_piece_mean_um3: Option<f64>,
    /// Volume of the largest, µm³; 0 without one.
    pub dead_piece_largest_um3: f64,
    /// Index of dispersion of the local thickness, variance over mean of metal volume per area over square
    /// cells, µm. Metal that lands anywhere, site by site, gives the volume of a site over the area of a cell
    /// (Poisson). None without metal.
    pub index_of_dispersion_um: Option<f64>,
    /// Edge of these cells: that of a patch of the SEI, fitted to the box, µm.
    pub dispersion_cell_um: f64,
    /// Time at which metal first came to the separator, s; none if it has not.
    pub time_to_separator_s: Option<f64>,
    /// Time at which a first strand reached through the separator, s; none if none has.
    pub time_to_short_s: Option<f64>,
    /// Time at which metal first came to the edge of the box, s; none if it has not.
    pub time_to_top_s: Option<f64>,
    /// Shares of each layer of sites, lowest first; written as `profile.csv`.
    #[serde(skip)]
    pub profile: Vec<ProfileLayer>,
}

impl Morphology {
    /// Measures a simulation as it stands.
    pub fn measure(simulation: &Simulation) -> Self {
        let patch_um = simulation.scene().electrolyte.patch_um.value;
        let edge_um = um_from_m(simulation.edge_m());
        let shape = Self::of(simulation.lattice(), edge_um, patch_um, simulation.events());
        Self { host: HostSurvey::measure(simulation), ..shape }
    }

    /// Measures a lattice of sites with `edge_um`, the local thickness in cells of about `cell_um`, the times
    /// from `events`.
    pub fn of(lattice: &Lattice, edge_um: f64, cell_um: f64, events: &[Event]) -> Self {
        let grid = Cells::of(lattice);
        let columns = lattice.columns() as f64;
        let surface = surface::surface(&grid).map(|faces| faces / columns);
        let of = |kind: SiteKind| surface[kind as usize];
        let tortuosity_top = tortuosity::top_of_deposit(&grid);
        // The longest two side by side.
        let (tortuosity, mass_dimension) = rayon::join(
            || tortuosity_top.and_then(|top| tortuosity::tortuosity(&grid, top)),
            || dimension::mass(&grid, edge_um),
        );
        let footprints = pieces::footprints(&grid);
        let dead = pieces::dead(&grid);
        let volume_um3 = |sites: usize| sites as f64 * edge_um.powi(3);
        let (index_of_dispersion, dispersion_cell) = dispersion::dispersion(&grid, cell_um / edge_um);
        let first = |kind| events.iter().find(|event| event.kind == kind).map(|event| event.time_s);
        Self {
            host: None,
            roughness_factor: of(SiteKind::Metal) + of(SiteKind::Host) + of(SiteKind::Seed),
            metal_surface_cm2_cm2: of(SiteKind::Metal),
            dead_surface_cm2_cm2: of(SiteKind::DeadMetal),
            tortuosity,
            tortuosity_height_um: tortuosity_top.unwrap_or(0) as f64 * edge_um,
            box_count_dimension: dimension::box_count(&grid, edge_um),
            mass_dimension,
            nuclei: footprints.len() as u64,
            // 1 cm² = 10⁸ µm².
            nuclei_per_cm2: footprints.len() as f64 * 1e8 / (columns * edge_um * edge_um),
            nuclei_footprints: pieces::histogram(&footprints, edge_um * edge_um),
            dead_pieces: dead.len() as u64,
            dead_piece_mean_um3: (!dead.is_empty())
                .then(|| volume_um3(dead.iter().sum::<usize>()) / dead.len() as f64),
            dead_piece_largest_um3: volume_um3(dead.iter().copied().max().unwrap_or(0)),
            index_of_dispersion_um: index_of_dispersion.map(|sites| sites * edge_um),
            dispersion_cell_um: dispersion_cell * edge_um,
            time_to_separator_s: first(EventKind::SeparatorTouched),
            time_to_short_s: first(EventKind::SoftShort),
            time_to_top_s: first(EventKind::TopReached),
            profile: profile::profile(lattice, edge_um),
        }
    }
}
