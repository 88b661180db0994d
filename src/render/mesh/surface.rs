//! From occupied sites to a smooth closed surface.
//!
//! Does: extract the surface of one chunk from its [`Field`] by surface nets, cap it where the periodic box
//! ends, give it unit normals. Pure functions: they run on any thread and in tests.
//! Does not: colour it ([`crate::render::shading`]).
//! Accuracy: a flat face lies a quarter of a site outside its last layer of sites. A straight row of single
//! sites, 0.5 µm thick, stays one connected tube about one site thick.

use crate::render::mesh::field::Field;
use crate::render::mesh::side::breathe;
use crate::render::mesh::table::{REACH, Region};
use bevy::math::Vec3;
use fast_surface_nets::ndshape::{RuntimeShape, Shape};
use fast_surface_nets::{SurfaceNetsBuffer, surface_nets};

/// Level of the surface. Rows and staircases of single sites lie above (0.40 to 0.44), the empty site beside
/// a flat face (0.19) and the one beside a row (0.09) below.
const LEVEL: f32 = 0.30;
/// Shares by which a vertex moves towards the middle of its neighbours, step by step. They take out the
/// stairs that the lattice leaves on slopes; the negative steps keep thin filaments from shrinking (Taubin,
/// 1995, doi:10.1145/218380.218473).
const RELAXATION: [f32; 4] = [0.5, -0.53, 0.5, -0.53];
/// Sites around a chunk that take part in its mesh, so that relaxed vertices on a seam agree on both sides.
const MARGIN: usize = RELAXATION.len() + 1;

/// One chunk's surface; positions in sites relative to the chunk's first site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SurfaceMesh {
    /// Vertices.
    pub positions: Vec<Vec3>,
    /// Unit normals, pointing out of the solid.
    pub normals: Vec<Vec3>,
    /// Three per triangle, counter-clockwise from outside.
    pub indices: Vec<u32>,
}

/// Extracts the surface that belongs to one chunk. Chunks side by side fit without seams.
pub fn extract(region: &Region, field: &Field) -> SurfaceMesh {
    // Samples run from `MARGIN` sites before the chunk to `MARGIN` sites after it, but one past the sides of
    // the box at most. Those outer samples close the surface there.
    let low: [isize; 3] = std::array::from_fn(|axis| {
        let to_side = region.first[axis] as isize + 1;
        -(MARGIN as isize + 1).min(to_side)
    });
    let high: [isize; 3] = std::array::from_fn(|axis| {
        let to_side = (region.box_sites[axis] - region.first[axis]) as isize;
        (region.size[axis] as isize + MARGIN as isize).min(to_side)
    });
    // One more layer beyond the last sample: surface nets leave the faces of their domain open there.
    let dims: [u32; 3] = std::array::from_fn(|axis| (high[axis] - low[axis] + 2) as u32);
    let shape = RuntimeShape::<u32, 3>::new(dims);
    let mut distances = Vec::with_capacity(shape.size() as usize);
    let [along_x, along_y, along_z] =
        [0, 1, 2].map(|axis| (0..dims[axis]).map(move |local| low[axis] + local as isize));
    for z in along_z {
        for y in along_y.clone() {
            distances.extend(along_x.clone().map(|x| signed_distance(region, field, [x, y, z])));
        }
        breathe();
    }
    let mut nets = SurfaceNetsBuffer::default();
    surface_nets(&distances, &shape, [0; 3], dims.map(|dim| dim - 1), &mut nets);
    breathe();
    // Sample `low` lies at the centre of its site.
    let origin = Vec3::from_array(low.map(|low| low as f32 + 0.5));
    let mut positions: Vec<Vec3> = nets.positions.iter().map(|at| Vec3::from_array(*at) + origin).collect();
    let cells: Vec<[isize; 3]> = nets
        .surface_points
        .iter()
        .map(|cell| std::array::from_fn(|axis| low[axis] + cell[axis] as isize))
        .collect();
    let fixed: Vec<[bool; 3]> = cells.iter().map(|cell| on_side(region, *cell)).collect();
    relax(&mut positions, &nets.indices, &fixed);
    breathe();
    keep_own(region, field, &positions, &cells, &fixed, &nets.indices)
}

/// Negative inside the solid. Beyond the sides of the box the value mirrors with its sign turned to
/// "outside", so that solid is cut exactly at the side.
fn signed_distance(region: &Region, field: &Field, place: [isize; 3]) -> f32 {
    let inside: [isize; 3] = std::array::from_fn(|axis| {
        let first = region.first[axis] as isize;
        let lowest = if axis == 2 && region.collector { -(REACH as isize) } else { -first };
        place[axis].clamp(lowest, region.box_sites[axis] as isize - first - 1)
    });
    let distance = LEVEL - field.level(inside);
    if inside == place { distance } else { distance.abs() }
}

/// For each axis, whether a cell between samples straddles a side of the box.
fn on_side(region: &Region, cell: [isize; 3]) -> [bool; 3] {
    std::array::from_fn(|axis| {
        let place = region.first[axis] as isize + cell[axis];
        let below = place == -1 && !(axis == 2 && region.collector);
        below || place == region.box_sites[axis] as isize - 1
    })
}

/// Moves vertices towards the middle of their neighbours. Vertices at the sides of the box stay in them.
fn relax(positions: &mut [Vec3], indices: &[u32], fixed: &[[bool; 3]]) {
    for share in RELAXATION {
        let mut sums = vec![(Vec3::ZERO, 0.0f32); positions.len()];
        for triangle in indices.chunks_exact(3) {
            for corner in 0..3 {
                let (from, to) = (triangle[corner] as usize, triangle[(corner + 1) % 3] as usize);
                sums[from].0 += positions[to];
                sums[from].1 += 1.0;
                sums[to].0 += positions[from];
                sums[to].1 += 1.0;
            }
        }
        for ((position, (sum, count)), fixed) in positions.iter_mut().zip(sums).zip(fixed) {
            if count > 0.0 && !fixed.contains(&true) {
                *position = *position + (sum / count - *position) * share;
            }
        }
    }
}

/// Keeps the triangles of the chunk itself and gives the vertices their normals.
fn keep_own(
    region: &Region,
    field: &Field,
    positions: &[Vec3],
    cells: &[[isize; 3]],
    fixed: &[[bool; 3]],
    indices: &[u32],
) -> SurfaceMesh {
    // A quad, two triangles in a row, belongs to the chunk that holds its greatest cell. A cell is held by
    // the chunk of its lower sample, cells below the first sample by the first chunk.
    let own = |cell: [isize; 3]| {
        (0..3).all(|axis| {
            let lowest = if region.first[axis] == 0 { isize::MIN } else { 0 };
            (lowest..region.size[axis] as isize).contains(&cell[axis])
        })
    };
    let mut quads: Vec<(u32, &[u32])> = Vec::with_capacity(indices.len() / 6);
    for quad in indices.chunks_exact(6) {
        let greatest: [isize; 3] = std::array::from_fn(|axis| {
            quad.iter().map(|&index| cells[index as usize][axis]).max().unwrap_or(0)
        });
        if own(greatest) {
            quads.push((place_on_curve(greatest), quad));
        }
    }
    // Neighbours in space stay neighbours in the list, so that an adapter finds most corners among those it
    // has just seen.
    quads.sort_by_key(|(place, _)| *place);
    let mut surface = SurfaceMesh::default();
    let mut renumbered = vec![u32::MAX; positions.len()];
    for (_, quad) in quads {
        for &index in quad {
            let old = index as usize;
            if renumbered[old] == u32::MAX {
                renumbered[old] = surface.positions.len() as u32;
                surface.positions.push(positions[old]);
                surface.normals.push(normal(region, field, positions[old], fixed[old]));
            }
            surface.indices.push(renumbered[old]);
        }
    }
    surface
}

/// Place of a cell on a curve that fills space cube by cube (Morton's order: the bits of x, y and z by
/// turns).
fn place_on_curve(cell: [isize; 3]) -> u32 {
    let mut place = 0;
    for (axis, position) in cell.into_iter().enumerate() {
        // Cells begin one below the chunk's first site.
        let position = (position + 1).max(0) as u32;
        place |= (0..8).map(|bit| (position >> bit & 1) << (3 * bit + axis as u32)).sum::<u32>();
    }
    place
}

fn normal(region: &Region, field: &Field, position: Vec3, fixed: [bool; 3]) -> Vec3 {
    // A cut face is flat; where it meets the surface the cut wins, which draws its edge crisply.
    if let Some(axis) = fixed.iter().position(|&fixed| fixed) {
        let middle = region.box_sites[axis] as f32 / 2.0 - region.first[axis] as f32;
        return Vec3::AXES[axis] * (position[axis] - middle).signum();
    }
    (-field.gradient(position)).try_normalize().unwrap_or(Vec3::Z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::SiteKind;
    use crate::observables::{BRICK_EDGE, BrickView, SiteView, Snapshot};
    use crate::render::Mirror;
    use std::collections::HashMap;

    /// A mirror of a box in which the sites that `solid` names are metal.
    fn mirror(sites: [usize; 3], solid: impl Fn([usize; 3]) -> bool) -> Mirror {
        let mut bricks = Vec::new();
        for index in 0..sites.iter().product::<usize>() / BRICK_EDGE.pow(3) {
            let count = sites.map(|sites| sites / BRICK_EDGE);
            let brick = [index % count[0], index / count[0] % count[1], index / count[0] / count[1]];
            let views = (0..BRICK_EDGE.pow(3)).map(|site| {
                let local =
                    [site % BRICK_EDGE, site / BRICK_EDGE % BRICK_EDGE, site / BRICK_EDGE / BRICK_EDGE];
                let place = std::array::from_fn(|axis| brick[axis] * BRICK_EDGE + local[axis]);
                let kind = if solid(place) { SiteKind::Metal } else { SiteKind::Electrolyte };
                SiteView { kind, patch: u16::MAX, ..SiteView::default() }
            });
            bricks.push(BrickView { brick, sites: views.collect() });
        }
        let mut mirror = Mirror::default();
        mirror.apply(&Snapshot { generation: 1, sites, edge_m: 0.5e-6, bricks, ..Snapshot::default() });
        mirror
    }

    /// Gives places that agree within a thousandth of a site one common place, in millionths of a site.
    #[derive(Default)]
    struct Weld(HashMap<[i64; 3], Vec<Vec3>>);

    impl Weld {
        fn weld(&mut self, at: Vec3) -> [i64; 3] {
            let cell = (at * 4.0).floor().to_array().map(|value| value as i64);
            let near = (0..27).map(|n| [cell[0] + n % 3 - 1, cell[1] + n / 3 % 3 - 1, cell[2] + n / 9 - 1]);
            let known = near
                .filter_map(|cell| self.0.get(&cell))
                .flatten()
                .find(|known| known.distance(at) < 1e-3)
                .copied();
            let place = known.unwrap_or_else(|| {
                self.0.entry(cell).or_default().push(at);
                at
            });
            place.to_array().map(|value| (f64::from(value) * 1e6).round() as i64)
        }
    }

    /// All triangles of all chunks, with common corners.
    fn welded(mirror: &mut Mirror, collector: bool) -> Vec<[[i64; 3]; 3]> {
        let (mut triangles, mut weld) = (Vec::new(), Weld::default());
        for chunk in mirror.take_dirty() {
            let Some(region) = mirror.table().region(chunk, collector) else { continue };
            let surface = extract(&region, &Field::new(&region));
            let first = Vec3::from_array(region.first.map(|first| first as f32));
            for triangle in surface.indices.chunks_exact(3) {
                triangles.push(std::array::from_fn(|corner| {
                    weld.weld(surface.positions[triangle[corner] as usize] + first)
                }));
            }
        }
        triangles
    }

    /// In a closed surface whose triangles all face outwards, every edge is passed once in each direction.
    fn open_edges(triangles: &[[[i64; 3]; 3]]) -> usize {
        let mut passed: HashMap<([i64; 3], [i64; 3]), i32> = HashMap::new();
        for triangle in triangles {
            for corner in 0..3 {
                let (from, to) = (triangle[corner], triangle[(corner + 1) % 3]);
                if from == to {
                    continue;
                }
                *passed.entry((from.min(to), from.max(to))).or_default() += if from < to { 1 } else { -1 };
            }
        }
        passed.values().filter(|balance| **balance != 0).count()
    }

    /// Enclosed volume, sites (divergence theorem).
    fn volume(triangles: &[[[i64; 3]; 3]]) -> f64 {
        let vector = |at: [i64; 3]| bevy::math::DVec3::from_array(at.map(|value| value as f64 / 1e6));
        triangles.iter().map(|[a, b, c]| vector(*a).dot(vector(*b).cross(vector(*c))) / 6.0).sum()
    }

    fn ball(centre: [f32; 3], radius: f32) -> impl Fn([usize; 3]) -> bool {
        move |place| {
            let away = Vec3::from_array(place.map(|value| value as f32 + 0.5)) - Vec3::from_array(centre);
            away.length() < radius
        }
    }

    #[test]
    fn a_ball_inside_one_chunk_is_closed() {
        let mut mirror = mirror([32, 32, 32], ball([16.0, 16.0, 16.0], 9.0));
        let triangles = welded(&mut mirror, false);
        assert!(triangles.len() > 500);
        assert_eq!(open_edges(&triangles), 0);
        // The surface lies about a quarter of a site outside the sites, so the volume is that of radius 9.0
        // to 9.5.
        let expected = 4.0 / 3.0 * std::f64::consts::PI;
        let radius = (volume(&triangles) / expected).cbrt();
        assert!((9.0..9.5).contains(&radius), "{radius}");
    }

    #[test]
    fn a_ball_across_eight_chunks_is_closed() {
        let mut mirror = mirror([64, 64, 64], ball([32.3, 31.6, 32.1], 12.0));
        let triangles = welded(&mut mirror, false);
        assert_eq!(open_edges(&triangles), 0);
    }

    #[test]
    fn metal_is_capped_at_every_side_of_the_box() {
        // The ball reaches through the side x = 0, comes in again at the other side, and touches bottom and
        // top.
        let through = |place: [usize; 3]| {
            ball([0.0, 20.0, 20.0], 10.0)(place)
                || ball([40.0, 20.0, 20.0], 10.0)(place)
                || ball([20.0, 20.0, 0.0], 6.0)(place)
                || ball([20.0, 20.0, 40.0], 6.0)(place)
        };
        let mut mirror = mirror([40, 40, 40], through);
        let triangles = welded(&mut mirror, false);
        assert_eq!(open_edges(&triangles), 0);
        let sides = triangles.iter().flatten().map(|corner| corner[0]);
        assert_eq!(sides.clone().min(), Some(0), "cut exactly at the side");
        assert_eq!(sides.max(), Some(40_000_000));
    }

    #[test]
    fn a_filament_of_single_sites_stays_one_tube() {
        // A staircase of single sites in all three directions: the thinnest thing that is connected by faces.
        let on_path = |place: [usize; 3]| {
            let step = (place[0] + place[1] + place[2]).checked_sub(12);
            step.is_some_and(|step| {
                step < 45 && place == [4 + step.div_ceil(3), 4 + (step + 1) / 3, 4 + step / 3]
            })
        };
        let mut mirror = mirror([32, 32, 32], on_path);
        let triangles = welded(&mut mirror, false);
        assert_eq!(open_edges(&triangles), 0);
        // One piece: every triangle is reached from the first over shared corners.
        let mut reached: std::collections::HashSet<[i64; 3]> = triangles[0].into_iter().collect();
        loop {
            let before = reached.len();
            for triangle in &triangles {
                if triangle.iter().any(|corner| reached.contains(corner)) {
                    reached.extend(triangle);
                }
            }
            if reached.len() == before {
                break;
            }
        }
        assert!(triangles.iter().flatten().all(|corner| reached.contains(corner)));
        let sites = (0..32usize.pow(3)).filter(|i| on_path([i % 32, i / 32 % 32, i / 1024])).count();
        // The path runs along the diagonal, 1/√3 of a site per site; a tube one site thick then holds π/4/√3
        // = 0.45.
        let per_site = volume(&triangles) / sites as f64;
        assert!((0.22..0.9).contains(&per_site), "neither a thread nor a sausage: {per_site}");
    }

    #[test]
    fn normals_are_unit_and_point_outwards() {
        let mirror = mirror([32, 32, 32], ball([16.0, 16.0, 16.0], 9.0));
        let region = mirror.table().region([0, 0, 0], false).unwrap();
        let surface = extract(&region, &Field::new(&region));
        for (position, normal) in surface.positions.iter().zip(&surface.normals) {
            assert!((normal.length() - 1.0).abs() < 1e-4);
            let outwards = (*position - 16.0).normalize();
            // Stairs of the lattice tilt the normals of a ball of nine sites by less than 30 degrees.
            assert!(normal.dot(outwards) > 0.86, "{position} {normal}");
        }
    }

    #[test]
    fn a_bare_collector_is_a_flat_floor() {
        let mirror = mirror([32, 32, 32], |_| false);
        assert!(mirror.table().region([0, 0, 0], false).is_none(), "no collector, nothing to see");
        let region = mirror.table().region([0, 0, 0], true).unwrap();
        let surface = extract(&region, &Field::new(&region));
        let inside = |at: &&Vec3| at.x > 1.0 && at.x < 31.0 && at.y > 1.0 && at.y < 31.0;
        let heights: Vec<f32> = surface.positions.iter().filter(inside).map(|at| at.z).collect();
        assert!(heights.len() > 500);
        // The stated quarter of a site outside the last layer.
        assert!(heights.iter().all(|height| (0.1..0.4).contains(height)), "{:?}", heights.first());
    }
}
