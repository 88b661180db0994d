//! What every vertex of the surface looks like.
//!
//! Does: give colour, gloss, shade of nearby metal, and the glow of cracks, from the sites around a vertex.
//! Pure functions.
//! Does not: light (the adapter does).
//! Accuracy: the shade sees what lies within [`REACH`] sites; colours blend over one and a half sites.

use crate::lattice::SiteKind;
use crate::observables::{PatchState, PatchView, SiteView};
use crate::render::colour::{METAL_SRGB, Palette, Rgb, patch_fraction, site_colour, srgb};
use crate::render::mesh::field::Field;
use crate::render::mesh::side::breathe;
use crate::render::mesh::surface::SurfaceMesh;
use crate::render::mesh::table::{REACH, Region};
use crate::style::ColourBy;
use bevy::math::{Vec2, Vec3, Vec3Swizzles};
use std::sync::LazyLock;

/// Sites farther than this from a vertex have no say in its colour.
const COLOUR_REACH: f32 = 1.6;
/// Brightness of a section through the metal beside its surface.
const SECTION_SHADE: f32 = 0.62;
/// How much darker the seam between two patches is.
const SEAM_DEPTH: f32 = 0.72;
/// How far a crack runs from its centre, sites.
const CRACK_LENGTH: f32 = 4.5;
/// Half width of a crack, sites: as thin as the mesh can show.
const CRACK_WIDTH: f32 = 0.45;
/// Radius of the hot spot at the root of a filament, sites.
const ROOT_RADIUS: f32 = 2.2;

/// How a vertex looks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VertexLook {
    /// Linear base colour.
    pub colour: Rgb,
    /// How metallic it is, 0 to 1.
    pub metallic: f32,
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
    /// Share of the sky it sees, 0 to 1.
    pub openness: f32,
    /// Strength of its own light, 0 to 1.
    pub glow: f32,
}

/// Vertices that take a fraction of a millisecond.
const VERTICES_A_BREATH: usize = 128;

/// Looks of all vertices of a surface.
pub fn looks(region: &Region, field: &Field, surface: &SurfaceMesh, palette: &Palette) -> Vec<VertexLook> {
    let mut sites = SiteLooks::new(region, field, palette);
    surface
        .positions
        .iter()
        .zip(&surface.normals)
        .enumerate()
        .map(|(number, (&position, &normal))| {
            if number.is_multiple_of(VERTICES_A_BREATH) {
                breathe();
            }
            look(region, field, &mut sites, palette, position, normal)
        })
        .collect()
}

/// How a site looks.
#[derive(Clone, Copy)]
struct SiteLook {
    colour: Vec3,
    metallic: f32,
    roughness: f32,
    patch: u16,
}

/// Looks of the solid sites around vertices, found once: each is seen by some seventeen vertices.
struct SiteLooks<'a> {
    region: &'a Region,
    palette: &'a Palette,
    floor: FloorPatches,
    /// Place in `known` plus one, or 0, for every site of the field.
    places: Vec<u32>,
    known: Vec<SiteLook>,
}

impl<'a> SiteLooks<'a> {
    fn new(region: &'a Region, field: &Field, palette: &'a Palette) -> Self {
        let (floor, places) = (FloorPatches::new(region), vec![0; field.sites()]);
        Self { region, palette, floor, places, known: Vec::new() }
    }

    fn of(&mut self, slot: usize, place: [isize; 3]) -> SiteLook {
        if self.places[slot] == 0 {
            self.known.push(self.find(place, self.palette));
            self.places[slot] = self.known.len() as u32;
        }
        self.known[self.places[slot] as usize - 1]
    }

    fn find(&self, place: [isize; 3], palette: &Palette) -> SiteLook {
        let mut site = self.region.site(place);
        if site.kind == SiteKind::Host && site.patch == u16::MAX {
            site.patch = self.floor.patch(place);
        }
        let (metallic, roughness) = gloss(&site, palette);
        let colour = Vec3::from_array(site_colour(&site, palette));
        SiteLook { colour, metallic, roughness, patch: site.patch }
    }
}

fn look(
    region: &Region,
    field: &Field,
    sites: &mut SiteLooks,
    palette: &Palette,
    position: Vec3,
    normal: Vec3,
) -> VertexLook {
    // Where the box is cut, what shows is the inside of the metal, without film.
    let section = Palette { mosaic: false, cracks: false, ..*palette };
    let cut = region.is_on_side(position);
    let palette = if cut { &section } else { palette };
    let base = site_at(position - 0.5);
    let mut total = 0.0;
    let mut colour = Vec3::ZERO;
    let (mut metallic, mut roughness) = (0.0, 0.0);
    let mut patches = PatchWeights::default();
    for number in 0..64isize {
        let place = [base[0] + number % 4 - 1, base[1] + number / 4 % 4 - 1, base[2] + number / 16 - 1];
        let centre = Vec3::new(place[0] as f32, place[1] as f32, place[2] as f32) + 0.5;
        let distance_squared = centre.distance_squared(position);
        if distance_squared >= COLOUR_REACH * COLOUR_REACH {
            continue;
        }
        let Some(slot) = field.solid_slot(place) else { continue };
        let site = if cut { sites.find(place, palette) } else { sites.of(slot, place) };
        let weight = (1.0 - distance_squared.sqrt() / COLOUR_REACH).powi(2);
        total += weight;
        colour += weight * site.colour;
        metallic += weight * site.metallic;
        roughness += weight * site.roughness;
        patches.add(site.patch, weight);
    }
    if total <= 0.0 {
        // Relaxation can carry a vertex off the last site it could see; it then looks like plain metal.
        (colour, metallic, roughness, total) = (Vec3::from_array(srgb(METAL_SRGB)), 0.7, 0.4, 1.0);
    }
    colour /= total;
    metallic /= total;
    roughness /= total;
    if cut && palette.colour_by == ColourBy::Metal {
        // Matt and darker, as a polished section looks beside a grown surface.
        (colour, metallic, roughness) = (colour * SECTION_SHADE, 0.2, 0.65);
    }
    let mut glow = 0.0;
    if palette.mosaic && palette.colour_by == ColourBy::Metal {
        colour *= 1.0 - SEAM_DEPTH * patches.seam();
    }
    if palette.cracks
        && let Some(patch) = region.patches.get(usize::from(patches.heaviest()))
    {
        glow = crack_glow(region, patches.heaviest(), patch, position);
        // A crack is dark around its glow.
        colour *= 1.0 - 0.85 * glow.sqrt();
    }
    VertexLook {
        colour: colour.to_array(),
        metallic,
        roughness,
        openness: openness(region, field, position, normal),
        glow,
    }
}

/// Metallic and roughness of a site. Colours that carry meaning are painted matt, so that no reflection
/// falsifies them.
fn gloss(site: &SiteView, palette: &Palette) -> (f32, f32) {
    match site.kind {
        SiteKind::Electrolyte | SiteKind::Host => (0.55, 0.5),
        SiteKind::Seed => (0.9, 0.35),
        SiteKind::DeadMetal => (0.0, 0.95),
        _ if palette.colour_by != ColourBy::Metal => (0.0, 0.6),
        SiteKind::Metal => (0.65, 0.38),
    }
}

/// Weights of the few patches around a vertex.
#[derive(Default)]
struct PatchWeights {
    entries: [(u16, f32); 6],
    count: usize,
}

impl PatchWeights {
    fn add(&mut self, patch: u16, weight: f32) {
        match self.entries[..self.count].iter().position(|entry| entry.0 == patch) {
            Some(known) => self.entries[known].1 += weight,
            None if self.count < self.entries.len() => {
                self.entries[self.count] = (patch, weight);
                self.count += 1;
            }
            None => {}
        }
    }

    fn heaviest(&self) -> u16 {
        let found = &self.entries[..self.count];
        found.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(u16::MAX, |entry| entry.0)
    }

    /// 0 inside a patch, 1 where two share evenly.
    fn seam(&self) -> f32 {
        let found = &self.entries[..self.count];
        let total: f32 = found.iter().map(|entry| entry.1).sum();
        let most = found.iter().map(|entry| entry.1).fold(0.0, f32::max);
        if total > 0.0 { (2.0 * (1.0 - most / total)).min(1.0).powi(2) } else { 0.0 }
    }
}

/// How brightly a point of a patch glows: jagged lines that run from the crack, and a hot spot where a
/// filament has its root.
fn crack_glow(region: &Region, number: u16, patch: &PatchView, position: Vec3) -> f32 {
    let Some(crack) = patch.crack else { return 0.0 };
    if patch.state == PatchState::Whole {
        return 0.0;
    }
    let mut away = position - Vec3::from_array(crack);
    for axis in 0..3 {
        away[axis] += region.first[axis] as f32;
        if axis < 2 {
            let period = region.box_sites[axis] as f32;
            away[axis] -= period * (away[axis] / period).round();
        }
    }
    let distance = away.length();
    let spot = if patch.state == PatchState::Root { fall_off(distance / ROOT_RADIUS) } else { 0.0 };
    if distance > CRACK_LENGTH {
        return spot;
    }
    let turn = std::f32::consts::TAU * patch_fraction(number);
    let lines = (0..3)
        .map(|branch| {
            let angle = turn + branch as f32 * 2.2;
            let direction = Vec2::from_angle(angle);
            let along = away.xy().dot(direction);
            let wobble = 0.5 * (along * 1.3 + turn * 5.0).sin();
            let beside = away.xy().perp_dot(direction) + wobble * (along / CRACK_LENGTH);
            let ahead = if along > -0.5 { 1.0 } else { 0.0 };
            ahead * fall_off(beside / (2.0 * CRACK_WIDTH)) * (1.0 - distance / CRACK_LENGTH).sqrt()
        })
        .fold(0.0, f32::max);
    spot.max(lines)
}

/// 1 at zero, smoothly to 0 at one.
fn fall_off(distance: f32) -> f32 {
    let inside = (1.0 - distance * distance).max(0.0);
    inside * inside
}

/// Directions in which a vertex looks for the sky: the corners and face centres of a cube and its edges.
static DIRECTIONS: LazyLock<Vec<Vec3>> = LazyLock::new(|| {
    (0..27i32)
        .map(|number| {
            Vec3::new((number % 3 - 1) as f32, (number / 3 % 3 - 1) as f32, (number / 9 - 1) as f32)
        })
        .filter(|direction| *direction != Vec3::ZERO)
        .map(Vec3::normalize)
        .collect()
});

/// The site that a point lies in. Rounding down without a call: not every processor has an instruction for
/// it.
fn site_at(point: Vec3) -> [isize; 3] {
    point.to_array().map(|position| {
        let towards_zero = position as i32;
        (towards_zero - i32::from((towards_zero as f32) > position)) as isize
    })
}

/// Share of the directions around the normal in which nothing stands close by, near things counting more.
fn openness(region: &Region, field: &Field, position: Vec3, normal: Vec3) -> f32 {
    let (mut seen, mut all) = (0.0, 0.0);
    for direction in DIRECTIONS.iter() {
        let weight = direction.dot(normal);
        if weight < 0.15 {
            continue;
        }
        all += weight;
        let hit = [1.6, 2.6, 3.8, 5.2, 6.8].into_iter().find(|step| {
            let place = site_at(position + *direction * *step + normal * 0.4);
            field.is_occupied(place) && region.is_in_box(place)
        });
        seen += weight * hit.map_or(1.0, |step: f32| step / REACH as f32 * 0.6);
    }
    if all > 0.0 { seen / all } else { 1.0 }
}

/// Which patch covers each spot of the bare collector: the one whose centre is nearest.
struct FloorPatches {
    width: isize,
    patches: Vec<u16>,
}

impl FloorPatches {
    /// Margin around the chunk in which vertices look for sites.
    const MARGIN: isize = 4;

    fn new(region: &Region) -> Self {
        let low: Vec<(u16, Vec2)> = region
            .patches
            .iter()
            .enumerate()
            .filter(|(number, patch)| patch.centre[2] < 4.0 && *number < usize::from(u16::MAX))
            .map(|(number, patch)| (number as u16, Vec2::new(patch.centre[0], patch.centre[1])))
            .collect();
        let width = region.size[0] as isize + 2 * Self::MARGIN;
        if !region.collector || region.first[2] != 0 || low.is_empty() {
            return Self { width, patches: Vec::new() };
        }
        let depth = region.size[1] as isize + 2 * Self::MARGIN;
        let period = Vec2::new(region.box_sites[0] as f32, region.box_sites[1] as f32);
        let first = Vec2::new(region.first[0] as f32, region.first[1] as f32);
        let patches = (0..width * depth)
            .map(|index| {
                let place = [index % width - Self::MARGIN, index / width - Self::MARGIN];
                // The electrolyte above bare collector may know its patch; else the nearest centre does.
                let above = region.site([place[0], place[1], 0]);
                if above.patch != u16::MAX {
                    return above.patch;
                }
                let spot = first + Vec2::new(place[0] as f32, place[1] as f32) + 0.5;
                low.iter()
                    .map(|(number, centre)| {
                        let away = spot - *centre;
                        (*number, (away - period * (away / period).round()).length_squared())
                    })
                    .min_by(|a, b| a.1.total_cmp(&b.1))
                    .map_or(u16::MAX, |nearest| nearest.0)
            })
            .collect();
        Self { width, patches }
    }

    fn patch(&self, place: [isize; 3]) -> u16 {
        let (x, y) = (place[0] + Self::MARGIN, place[1] + Self::MARGIN);
        if place[2] >= 0 || x < 0 || y < 0 || x >= self.width {
            return u16::MAX;
        }
        self.patches.get((x + self.width * y) as usize).copied().unwrap_or(u16::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_lies_in_the_site_below_it_on_both_sides_of_zero() {
        for (at, site) in [(0.0, 0), (0.999, 0), (1.0, 1), (-0.001, -1), (-1.0, -1), (-7.5, -8)] {
            assert_eq!(site_at(Vec3::splat(at)), [site; 3], "{at}");
        }
    }

    #[test]
    fn a_seam_is_darkest_where_two_patches_share_evenly() {
        let weights = |first: f32, second: f32| {
            let mut weights = PatchWeights::default();
            weights.add(1, first);
            weights.add(2, second);
            weights.seam()
        };
        assert_eq!(weights(1.0, 0.0), 0.0);
        assert!(weights(1.0, 1.0) > 0.99);
        assert!(weights(3.0, 1.0) < weights(2.0, 1.0));
    }
}
