//! The sheet that the 3D view is drawn on, and the screen that shows it.
//!
//! Does: keep an image as large as the visible part of the screen, or smaller where fewer pixels are to be
//! drawn. Give the screen a camera of its own for panels and captions, so that these stay sharp.
//! Does not: draw the deposit, or lay the sheet on the screen ([`super::instruments`] does).
//! Accuracy: at full scale one pixel of the sheet is one pixel of the screen. Below it the picture is
//! stretched by at most half a pixel of the sheet.

use super::{RenderSettings, SurfaceWork, ViewArea};
use crate::style::{Background, Quality};
use bevy::asset::RenderAssetUsages;
use bevy::camera::RenderTarget;
use bevy::core_pipeline::tonemapping::{DebandDither, Tonemapping};
use bevy::image::{ImageSampler, ImageSamplerDescriptor};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat, TextureUsages};
use bevy::render::view::Msaa;
use bevy_egui::{EguiTextureHandle, EguiUserTextures, PrimaryEguiContext, egui};

/// Least side of the sheet, pixels: smaller ones break effects that halve the picture several times.
const LEAST_SIDE: u32 = 16;

/// Triangles down to which a draft stays, and from which on it is, drawn with the fewest pixels.
const SPARING_TRIANGLES: (usize, usize) = (180_000, 220_000);
const SPARING_SCALE: f32 = 0.375;

/// Show the picture on this image instead of a window. Insert it before the app starts.
#[derive(Clone, Debug, Resource)]
pub struct CaptureTarget(pub Handle<Image>);

/// The image that the 3D view is drawn on.
#[derive(Debug, Resource)]
pub(super) struct Sheet {
    image: Handle<Image>,
    texture: egui::TextureId,
    /// Where it lies on the screen, logical pixels.
    place: Rect,
    /// A draft with still fewer pixels.
    sparing: bool,
}

impl Sheet {
    /// The image.
    pub fn image(&self) -> &Handle<Image> {
        &self.image
    }
    /// The same for egui.
    pub fn texture(&self) -> egui::TextureId {
        self.texture
    }
    /// Where it lies on the screen, logical pixels.
    pub fn place(&self) -> Rect {
        self.place
    }
    /// Width over height.
    pub fn aspect(&self) -> f32 {
        self.place.width() / self.place.height()
    }
}

/// Marks the camera of panels and writing.
#[derive(Component)]
pub(super) struct ScreenCamera;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PreStartup, spawn).add_systems(Update, fit);
}

fn spawn(
    mut commands: Commands,
    mut images: ResMut<Assets<Image>>,
    mut textures: ResMut<EguiUserTextures>,
    settings: Res<RenderSettings>,
    target: Option<Res<CaptureTarget>>,
) {
    let clear_color = match settings.background {
        Background::Studio => ClearColorConfig::Default,
        Background::Colour([red, green, blue]) => ClearColorConfig::Custom(Color::srgb_u8(red, green, blue)),
        Background::Transparent => ClearColorConfig::Custom(Color::NONE),
    };
    let side = Extent3d { width: LEAST_SIDE, height: LEAST_SIDE, depth_or_array_layers: 1 };
    let format = TextureFormat::Rgba8UnormSrgb;
    let mut image = Image::new_uninit(side, TextureDimension::D2, format, RenderAssetUsages::default());
    image.texture_descriptor.usage = TextureUsages::TEXTURE_BINDING | TextureUsages::RENDER_ATTACHMENT;
    image.sampler = ImageSampler::Descriptor(ImageSamplerDescriptor::linear());
    let image = images.add(image);
    let texture = textures.add_image(EguiTextureHandle::Weak(image.id()));
    let place = Rect::from_corners(Vec2::ZERO, Vec2::splat(LEAST_SIDE as f32));
    commands.insert_resource(Sheet { image, texture, place, sparing: false });
    let mut screen = commands.spawn((
        ScreenCamera,
        PrimaryEguiContext,
        Camera2d,
        Camera { clear_color, ..default() },
        Msaa::Off,
        Tonemapping::None,
        DebandDither::Disabled,
    ));
    if let Some(target) = target {
        screen.insert(RenderTarget::Image(target.0.clone().into()));
    }
}

/// Fits the sheet to the visible part of the screen.
pub(super) fn fit(
    settings: Res<RenderSettings>,
    area: Res<ViewArea>,
    work: Res<SurfaceWork>,
    screen: Query<&Camera, With<ScreenCamera>>,
    mut sheet: ResMut<Sheet>,
    mut images: ResMut<Assets<Image>>,
) {
    let Ok(screen) = screen.single() else { return };
    let (Some(size), Some(factor)) = (screen.logical_target_size(), screen.target_scaling_factor()) else {
        return;
    };
    let scale = scale(settings.quality, work.triangles, sheet.sparing);
    sheet.bypass_change_detection().sparing = scale < settings.quality.render_scale();
    let (place, pixels) = lay(area.seen(size), factor, scale);
    if sheet.place != place {
        sheet.place = place;
    }
    if images.get(&sheet.image).is_some_and(|image| image.size() != pixels)
        && let Some(mut image) = images.get_mut(&sheet.image)
    {
        image.resize(Extent3d { width: pixels.x, height: pixels.y, depth_or_array_layers: 1 });
    }
}

/// Pixels along an edge of the sheet over those of the screen below it. A draft of very many triangles is
/// drawn with fewer pixels. It goes back to more only with clearly fewer triangles. The picture then does not
/// swing between the two.
fn scale(quality: Quality, triangles: usize, sparing: bool) -> f32 {
    let many = triangles > if sparing { SPARING_TRIANGLES.0 } else { SPARING_TRIANGLES.1 };
    if quality == Quality::Draft && many { SPARING_SCALE } else { quality.render_scale() }
}

/// Where the sheet lies, on whole pixels of the screen, and how many pixels it has.
fn lay(seen: Rect, pixels_per_logical: f32, scale: f32) -> (Rect, UVec2) {
    let on_screen = Rect {
        min: (seen.min * pixels_per_logical).round(),
        max: (seen.max * pixels_per_logical).round().max((seen.min * pixels_per_logical).round() + 1.0),
    };
    let pixels = (on_screen.size() * scale).round().as_uvec2().max(UVec2::splat(LEAST_SIDE));
    let place = Rect { min: on_screen.min / pixels_per_logical, max: on_screen.max / pixels_per_logical };
    (place, pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_full_scale_a_pixel_of_the_sheet_is_a_pixel_of_the_screen() {
        for factor in [1.0, 1.25, 2.0] {
            let (place, pixels) = lay(Rect::new(306.3, 0.0, 957.8, 679.6), factor, 1.0);
            assert!((place.size() * factor - pixels.as_vec2()).abs().max_element() < 1e-3, "{factor}");
            let corner = place.min * factor;
            assert!((corner - corner.round()).abs().max_element() < 1e-3, "on whole pixels");
        }
    }

    #[test]
    fn a_draft_covers_the_same_place_with_a_quarter_of_the_pixels() {
        let seen = Rect::new(306.0, 0.0, 958.0, 680.0);
        let (full, pixels) = lay(seen, 1.0, Quality::Low.render_scale());
        let (draft, fewer) = lay(seen, 1.0, Quality::Draft.render_scale());
        assert_eq!((full, pixels), (seen, UVec2::new(652, 680)));
        assert_eq!((draft, fewer), (seen, UVec2::new(326, 340)));
    }

    #[test]
    fn only_a_draft_of_very_many_triangles_spares_pixels_and_it_does_not_swing() {
        let draft = |triangles, sparing| scale(Quality::Draft, triangles, sparing);
        assert_eq!((draft(0, false), draft(200_000, false), draft(250_000, false)), (0.5, 0.5, 0.375));
        assert_eq!((draft(250_000, true), draft(200_000, true), draft(150_000, true)), (0.375, 0.375, 0.5));
        assert!(
            [Quality::Low, Quality::Medium, Quality::High].iter().all(|q| scale(*q, 9_000_000, true) == 1.0)
        );
    }

    #[test]
    fn nothing_left_between_the_panels_is_no_reason_to_fail() {
        let area = ViewArea { rectangle: Some(Rect::new(900.0, 0.0, 900.0, 10.0)), ..ViewArea::default() };
        assert_eq!(area.seen(Vec2::new(640.0, 360.0)), Rect::new(0.0, 0.0, 640.0, 360.0));
        let (_, pixels) = lay(Rect::new(5.0, 5.0, 5.0, 5.0), 1.0, 0.5);
        assert_eq!(pixels, UVec2::splat(LEAST_SIDE));
    }
}
