//! The lamps around the deposit.
//!
//! Does: say once, for the maps that Bevy's materials reflect and for the shader of drafts, where light comes
//! from.
//! Does not: put it into the scene ([`super::light`] does).
//!
//! x points right, y up, z towards the camera: the studio turns with it.

use bevy::color::{Color, ColorToComponents, LinearRgba};
use bevy::math::Vec3;
use bevy::render::render_resource::ShaderType;

/// Luminance that one unit of radiance stands for, cd m⁻²: it exposes to 1 with Bevy's default exposure.
pub const UNIT_CD_PER_M2: f32 = 1000.0;
/// How strongly the studio is reflected, cd m⁻² per unit of radiance.
pub const INTENSITY_CD_PER_M2: f32 = 1.3 * UNIT_CD_PER_M2;
/// The key light.
pub const KEY_ILLUMINANCE_LUX: f32 = 6800.0;
/// Its colour.
pub const KEY_COLOUR: Color = Color::srgb(1.0, 0.965, 0.92);
/// Where it stands.
pub const KEY_TOWARDS: Vec3 = Vec3::new(-0.62, 0.95, 0.42);

/// A light without edges, brightest in its middle.
#[derive(Clone, Copy, Debug, Default, ShaderType)]
pub struct Lamp {
    towards: Vec3,
    sharpness: f32,
    /// Radiance in its middle, or lux of the key light.
    colour: Vec3,
}

/// The studio in numbers, as shaders read it.
#[derive(Clone, Copy, Debug, ShaderType)]
pub struct Studio {
    sky: Vec3,
    horizon: Vec3,
    ground: Vec3,
    /// Large warm box to the upper left, cool rim from behind on the right, low strip of fill in front.
    boxes: [Lamp; 3],
    intensity_cd_per_m2: f32,
    key: Lamp,
}

impl Default for Studio {
    fn default() -> Self {
        let lamp =
            |towards: Vec3, colour, sharpness| Lamp { towards: towards.normalize(), sharpness, colour };
        Self {
            sky: Vec3::new(0.62, 0.66, 0.72),
            horizon: Vec3::new(0.20, 0.22, 0.26),
            ground: Vec3::new(0.10, 0.09, 0.085),
            boxes: [
                lamp(Vec3::new(-0.65, 0.65, 0.4), Vec3::new(3.4, 3.2, 2.9), 9.0),
                lamp(Vec3::new(0.75, 0.35, -0.6), Vec3::new(1.7, 2.1, 2.8), 8.0),
                lamp(Vec3::new(0.55, 0.15, 0.8), Vec3::new(0.55, 0.6, 0.7), 5.0),
            ],
            intensity_cd_per_m2: INTENSITY_CD_PER_M2,
            key: lamp(KEY_TOWARDS, LinearRgba::from(KEY_COLOUR).to_vec3() * KEY_ILLUMINANCE_LUX, 0.0),
        }
    }
}

impl Studio {
    /// Radiance from a direction. `blur` goes from 0 (mirror) to 1 (matt). Written once more in `draft.wgsl`.
    pub fn radiance(&self, direction: Vec3, blur: f32) -> Vec3 {
        let far = if direction.y > 0.0 { self.sky } else { self.ground };
        let mut light = self.horizon.lerp(far, direction.y.abs());
        for Lamp { towards, sharpness, colour } in self.boxes {
            // Blurring widens a lobe and lowers it, so that its power stays about the same.
            let width = sharpness / (1.0 + blur * sharpness * 0.9);
            let lobe = ((direction.dot(towards) - 1.0) * width).exp() * (width / sharpness);
            light += colour * lobe;
        }
        light
    }
}
