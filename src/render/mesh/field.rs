//! Occupancy of a chunk and around it, sharp and blurred.
//!
//! Does: read a region once, blur it, answer for sites and points. Pure functions.
//! Does not: know of surfaces ([`crate::render::surface`]) or colours.

use crate::render::mesh::table::{REACH, Region};
use bevy::math::Vec3;

/// Share of the unblurred occupancy in the field. It keeps thin filaments: with the blur alone a row of
/// single sites has a field of 0.25 and a staircase of sites 0.2. A flat face reads 0.75 and 0.25 at its last
/// and next site.
const SHARP_SHARE: f32 = 0.25;
/// Occupancy of a region and its blurred forms, x fastest, with [`REACH`] sites around the chunk.
pub struct Field {
    dims: [usize; 3],
    occupied: Vec<f32>,
    level: Vec<f32>,
    soft: Vec<f32>,
}

impl Field {
    /// Reads and blurs a region.
    pub fn new(region: &Region) -> Self {
        let dims = region.size.map(|size| size + 2 * REACH);
        let mut occupied = Vec::with_capacity(dims.iter().product());
        for z in 0..dims[2] {
            for y in 0..dims[1] {
                for x in 0..dims[0] {
                    let place = [x, y, z].map(|position| position as isize - REACH as isize);
                    occupied.push(if region.site(place).kind.is_solid() { 1.0 } else { 0.0 });
                }
            }
        }
        let blurred = blur(&occupied, dims);
        let soft = blur(&blurred, dims);
        let level = occupied
            .iter()
            .zip(&blurred)
            .map(|(sharp, blurred)| SHARP_SHARE * sharp + (1.0 - SHARP_SHARE) * blurred)
            .collect();
        Self { dims, occupied, level, soft }
    }

    /// True when nothing, or everything, is occupied: then there is no surface.
    pub fn is_uniform(&self) -> bool {
        self.occupied.iter().all(|value| *value == self.occupied[0])
    }

    fn index(&self, place: [isize; 3]) -> usize {
        let [x, y, z]: [usize; 3] = std::array::from_fn(|axis| {
            (place[axis] + REACH as isize).clamp(0, self.dims[axis] as isize - 1) as usize
        });
        x + self.dims[0] * (y + self.dims[1] * z)
    }

    /// True where a site, relative to the chunk's first, is solid.
    pub fn is_occupied(&self, place: [isize; 3]) -> bool {
        self.occupied[self.index(place)] > 0.5
    }

    /// Sites of the field, those around the chunk included.
    pub fn sites(&self) -> usize {
        self.occupied.len()
    }

    /// Blurred occupancy at a place, without the softness that would lose thin filaments.
    pub fn level(&self, place: [isize; 3]) -> f32 {
        self.level[self.index(place)]
    }

    /// A number for a place that is solid, below [`Field::sites`]; `None` where it is not.
    pub fn solid_slot(&self, place: [isize; 3]) -> Option<usize> {
        Some(self.index(place)).filter(|index| self.occupied[*index] > 0.5)
    }

    /// Gradient of the twice blurred occupancy at a point in sites (site centres lie at half-integers).
    pub fn gradient(&self, point: Vec3) -> Vec3 {
        let corner = (point - 0.5).floor();
        let fraction = point - 0.5 - corner;
        // Along each axis the two sites beside the point and one more on each side, as parts of an index.
        let strides = [1, self.dims[0], self.dims[0] * self.dims[1]];
        let parts: [[usize; 4]; 3] = std::array::from_fn(|axis| {
            std::array::from_fn(|offset| {
                let place = corner[axis] as isize + offset as isize - 1 + REACH as isize;
                place.clamp(0, self.dims[axis] as isize - 1) as usize * strides[axis]
            })
        });
        let mut sum = Vec3::ZERO;
        for number in 0..8usize {
            let offset = [number & 1, number >> 1 & 1, number >> 2];
            let weight: f32 = (0..3)
                .map(|axis| if offset[axis] == 1 { fraction[axis] } else { 1.0 - fraction[axis] })
                .product();
            let here: usize = (0..3).map(|axis| parts[axis][offset[axis] + 1]).sum();
            sum += weight
                * Vec3::from_array(std::array::from_fn(|axis| {
                    let [below, at, above] = [0, 1, 2].map(|step| parts[axis][offset[axis] + step]);
                    self.soft[here - at + above] - self.soft[here - at + below]
                }));
        }
        sum
    }
}

/// Binomial blur (1 2 1)/4 along each axis; beyond the ends the last value goes on.
fn blur(values: &[f32], dims: [usize; 3]) -> Vec<f32> {
    let strides = [1, dims[0], dims[0] * dims[1]];
    let mut now = values.to_vec();
    let mut next = now.clone();
    for axis in 0..3 {
        let (stride, count) = (strides[axis], dims[axis]);
        let blocks = now.chunks_exact(stride * count).zip(next.chunks_exact_mut(stride * count));
        for (from, to) in blocks {
            // Row by row where the axis strides over rows, so that the inner loop runs along memory.
            for position in 0..count {
                let row = |position: usize| &from[position * stride..][..stride];
                let (below, above) = (row(position.saturating_sub(1)), row((position + 1).min(count - 1)));
                let beside = below.iter().zip(above).zip(row(position));
                for (value, ((below, above), here)) in
                    to[position * stride..][..stride].iter_mut().zip(beside)
                {
                    *value = 0.25 * below + 0.5 * here + 0.25 * above;
                }
            }
        }
        std::mem::swap(&mut now, &mut next);
    }
    now
}
