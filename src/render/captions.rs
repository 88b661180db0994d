//! What is written over the picture: title, time and charge, length of the scale bar, legend.
//!
//! Does: draw with egui's painter, in the window and offscreen alike, in letters that a lecture room can
//! read.
//! Does not: take input.

use super::camera::ViewCamera;
use super::colour::{Legend, legend, scale_srgb};
use super::electrode::ScaleBar;
use super::mesh::chunks::palette;
use super::sheet::Sheet;
use super::{CaptureTarget, Mirror, RenderSettings, SceneCaption, ViewArea};
use crate::notation::in_letters;
use crate::style;
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPrimaryContextPass, egui};

/// What is to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OverlayInfo {
    /// Title, empty for none.
    pub title: String,
    /// Line under the title, empty for none.
    pub figures: String,
    /// Line under the figures, empty for none.
    pub course: String,
    /// Dark letters, for a light background.
    pub dark: bool,
    /// Length of the scale bar and the spot below it, logical pixels.
    pub scale_bar: Option<(String, egui::Pos2)>,
    /// Legend.
    pub legend: Option<Legend>,
    /// The part of the screen to keep inside; `None` is all.
    pub area: Option<egui::Rect>,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(EguiPrimaryContextPass, draw);
}

fn draw(
    mut contexts: EguiContexts,
    settings: Res<RenderSettings>,
    caption: Res<SceneCaption>,
    mirror: Res<Mirror>,
    area: Res<ViewArea>,
    sheet: Res<Sheet>,
    bar: Res<ScaleBar>,
    camera: Query<(&Camera, &Transform), With<ViewCamera>>,
    offscreen: Option<Res<CaptureTarget>>,
) -> Result {
    let context = contexts.ctx_mut()?;
    if offscreen.is_some() {
        // One picture per letter, independent of its place: see `NUMBERS`.
        context.all_styles_mut(|style| style.visuals.text_options.subpixel_binning = false);
    }
    // Positions come in logical pixels, egui counts in points.
    let zoom = context.zoom_factor();
    let points = |seen: Rect| {
        egui::Rect::from_min_max(egui::pos2(seen.min.x, seen.min.y), egui::pos2(seen.max.x, seen.max.y))
            / zoom
    };
    let picture = points(sheet.place());
    let whole = egui::Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
    context.layer_painter(layer()).image(sheet.texture(), picture, whole, egui::Color32::WHITE);
    if mirror.generation().is_none() {
        return Ok(());
    }
    let scale_bar = camera.single().ok().filter(|_| bar.length_um > 0.0).and_then(|(camera, transform)| {
        let view = GlobalTransform::from(*transform);
        let [left, right] = [-0.5, 0.5].map(|share| bar.middle + share * bar.along);
        let (left, right) = (camera.world_to_ndc(&view, left)?, camera.world_to_ndc(&view, right)?);
        // From -1…1 with y up to where the sheet lies on the screen.
        let spot = egui::vec2(0.5 + 0.25 * (left.x + right.x), 0.5 - 0.5 * left.y.min(right.y));
        Some((format!("{} µm", bar.length_um), picture.min + spot * picture.size()))
    });
    let mut palette = palette(&settings, &mirror);
    // Without a film there is nothing to crack.
    palette.cracks &= !mirror.patches().is_empty();
    let coating = mirror.patches().iter().any(|patch| patch.coated || patch.breached);
    let legend = (settings.show_legend).then(|| {
        legend(&palette, (caption.collector, caption.seeds, coating), settings.show_ions, mirror.dead())
    });
    let (title, figures, course) = if settings.show_caption {
        let figures = figures(mirror.time_s(), mirror.areal_capacity_mah_cm2());
        (caption.title.clone(), figures, mirror.course().map(course).unwrap_or_default())
    } else {
        Default::default()
    };
    let area = area.rectangle.map(points);
    let dark = settings.background.is_light();
    overlay(context, &OverlayInfo { title, figures, course, dark, scale_bar, legend, area });
    Ok(())
}

/// Time and charge in the units people say them in.
fn figures(time_s: f64, areal_capacity_mah_cm2: f64) -> String {
    format!("{}   ·   {areal_capacity_mah_cm2:.3} mAh/cm² plated", style::time(time_s))
}

/// Where a protocol is: cycle, step as written, and what the current does.
fn course((cycle, step, current_ma_cm2): (u64, u64, f64)) -> String {
    let size = current_ma_cm2.abs();
    let size = if size < 0.1 { format!("{size:.4}") } else { format!("{size:.2}") };
    let doing = match current_ma_cm2 {
        plating if plating > 0.0 => format!("plating {size} mA/cm²"),
        stripping if stripping < 0.0 => format!("stripping {size} mA/cm²"),
        _ => "at rest".into(),
    };
    format!("cycle {cycle}   ·   step {step}   ·   {doing}")
}

/// Size of what is written over the picture of a window, at least; 1 is for a picture 720 points high.
const LEAST_IN_WINDOW: f32 = 0.75;

const WHITE: egui::Color32 = egui::Color32::from_rgb(240, 244, 250);
const GREY: egui::Color32 = egui::Color32::from_rgb(186, 198, 214);

fn colour(rgb: [f32; 3]) -> egui::Color32 {
    let [red, green, blue] = rgb.map(|channel| (channel * 255.0).round() as u8);
    egui::Color32::from_rgb(red, green, blue)
}

/// All that the changing figures, and the name of dead metal in the legend, are written with. A letter that
/// is new to the font's texture shows one frame late, and a film would keep that frame. So these are laid
/// out, unseen, from the first frame on.
const NUMBERS: &str = "0123456789. ·mshind/Ahc²µplatedwou,cyrgb";

/// Where the picture and what is written over it lie: below all panels.
fn layer() -> egui::LayerId {
    egui::LayerId::new(egui::Order::Background, egui::Id::new("picture captions"))
}

/// Writes everything over the picture.
pub fn overlay(context: &egui::Context, info: &OverlayInfo) {
    let area = info.area.unwrap_or_else(|| context.content_rect());
    let painter = context.layer_painter(layer()).with_clip_rect(area);
    // Sizes follow the picture, so that a small still and a wall look alike.
    // A tall picture is read from nearer than its width tells.
    let share = 0.7 + 0.2 * (area.height() / area.width() - 1.0).clamp(0.0, 1.0);
    let unit = (area.height().min(area.width() * share) / 720.0).clamp(0.4, 4.0);
    // Between panels the picture is small, but as far away as they are.
    let unit = if info.area.is_some() { unit.max(LEAST_IN_WINDOW) } else { unit };
    let margin = 22.0 * unit;
    // On a light background dark takes the place of bright, and bright that of dark.
    let bright = |bright: egui::Color32| {
        let turned = |channel: u8| (255 - channel) / 2;
        let [red, green, blue, _] = bright.to_array().map(turned);
        if info.dark { egui::Color32::from_rgb(red, green, blue) } else { bright }
    };
    let dim = |alpha: u8| {
        if info.dark {
            egui::Color32::from_white_alpha(alpha)
        } else {
            egui::Color32::from_black_alpha(alpha)
        }
    };
    let (white, grey) = (bright(WHITE), bright(GREY));
    let text = |at: egui::Pos2, align: egui::Align2, words: &str, size: f32, colour: egui::Color32| {
        let font = egui::FontId::proportional(size * unit);
        let _laid_out = painter.layout_no_wrap(NUMBERS.into(), font.clone(), colour);
        let words = context.fonts_mut(|fonts| in_letters(words, |letter| fonts.has_glyph(&font, letter)));
        // A line that is too long for the picture is written smaller.
        let long = painter.layout_no_wrap(words.clone(), font.clone(), colour).size().x;
        let room = area.width() - 2.0 * margin;
        let font = if long > room { egui::FontId::proportional(font.size * room / long) } else { font };
        // A dark copy behind keeps letters legible over bright metal.
        let shade = dim(190);
        painter.text(at + egui::vec2(1.5, 1.5) * unit, align, &words, font.clone(), shade);
        painter.text(at, align, &words, font, colour)
    };
    // A dim sheet behind a block of text, laid once its size is known.
    let sheet = |place: egui::layers::ShapeIdx, block: egui::Rect| {
        let sheet =
            egui::Shape::rect_filled(block.expand2(egui::vec2(10.0, 6.0) * unit), 6.0 * unit, dim(105));
        painter.set(place, sheet);
    };
    let behind_title = painter.add(egui::Shape::Noop);
    let behind_legend = painter.add(egui::Shape::Noop);
    let mut block = egui::Rect::NOTHING;
    let mut cursor = area.min + egui::vec2(margin, margin * 0.7);
    if !info.title.is_empty() {
        let written = text(cursor, egui::Align2::LEFT_TOP, &info.title, 29.0, white);
        block = block.union(written);
        cursor.y = written.bottom() + 3.0 * unit;
    }
    if !info.figures.is_empty() {
        let written = text(cursor, egui::Align2::LEFT_TOP, &info.figures, 22.0, grey);
        block = block.union(written);
        cursor.y = written.bottom() + 3.0 * unit;
    }
    if !info.course.is_empty() {
        block = block.union(text(cursor, egui::Align2::LEFT_TOP, &info.course, 22.0, grey));
    }
    if block.is_positive() {
        sheet(behind_title, block);
    }
    if let Some((words, spot)) = &info.scale_bar {
        text(*spot + egui::vec2(0.0, 12.0 * unit), egui::Align2::CENTER_TOP, words, 25.0, white);
    }
    // Names of colours, the last one lowest and with its lower right corner at `spot`.
    let names_above = |mut spot: egui::Pos2, names: &[(&str, u32)]| {
        let mut block = egui::Rect::NOTHING;
        for (words, hex) in names.iter().rev() {
            let [_, red, green, blue] = hex.to_be_bytes();
            let written = text(spot, egui::Align2::RIGHT_BOTTOM, words, 20.0, white);
            let swatch = egui::Rect::from_center_size(
                egui::pos2(written.left() - 18.0 * unit, written.center().y),
                egui::vec2(18.0, 18.0) * unit,
            );
            painter.rect_filled(swatch, 4.0 * unit, egui::Color32::from_rgb(red, green, blue));
            // Dark colours show on dark ground only by their edge.
            let edge = egui::Stroke::new(1.0 * unit, egui::Color32::from_gray(0x90));
            painter.rect_stroke(swatch, 4.0 * unit, edge, egui::StrokeKind::Inside);
            block = block.union(written).union(swatch);
            spot.y = written.top() - 5.0 * unit;
        }
        block
    };
    match &info.legend {
        Some(Legend::Names(names)) => {
            let corner = egui::pos2(area.right() - margin, area.bottom() - margin);
            let block = names_above(corner, names);
            if block.is_positive() {
                sheet(behind_legend, block);
            }
        }
        Some(Legend::Scale { title, end, ends, besides }) => {
            let size = egui::vec2(26.0, 200.0) * unit;
            let numbers = [0.0, 0.5 * end, *end].map(|number| tick(number.into()));
            // The bar stands so far from the edge that its longest number fits.
            let font = egui::FontId::proportional(20.0 * unit);
            let widths = numbers
                .iter()
                .map(|number| painter.layout_no_wrap(number.clone(), font.clone(), white).size().x);
            let beside = 9.0 * unit + widths.fold(60.0 * unit, f32::max);
            let bar = egui::Rect::from_min_size(
                egui::pos2(
                    area.right() - margin - beside - size.x,
                    area.bottom() - margin - size.y - 6.0 * unit,
                ),
                size,
            );
            let steps = 64;
            for step in 0..steps {
                let fraction = |number: i32| number as f32 / steps as f32;
                let strip = egui::Rect::from_min_max(
                    egui::pos2(bar.left(), bar.bottom() - size.y * fraction(step + 1)),
                    egui::pos2(bar.right(), bar.bottom() - size.y * fraction(step)),
                );
                painter.rect_filled(strip, 0.0, colour(scale_srgb(fraction(step) + 0.5 / steps as f32)));
            }
            for (share, words) in [0.0, 0.5, 1.0].into_iter().zip(&numbers) {
                let at = egui::pos2(bar.right() + 9.0 * unit, bar.bottom() - size.y * share);
                text(at, egui::Align2::LEFT_CENTER, words, 20.0, white);
            }
            let beside = |share: f32, words: &str| {
                let at = egui::pos2(bar.left() - 9.0 * unit, bar.bottom() - size.y * share);
                text(at, egui::Align2::RIGHT_CENTER, words, 18.0, grey);
            };
            beside(0.0, ends[0]);
            beside(1.0, ends[1]);
            let above = egui::pos2(area.right() - margin, bar.top() - 18.0 * unit);
            let heading = text(above, egui::Align2::RIGHT_BOTTOM, title, 20.0, white);
            let higher = egui::pos2(area.right() - margin, heading.top() - 7.0 * unit);
            let block = heading.union(bar).union(names_above(higher, besides));
            let right = egui::pos2(area.right() - margin, bar.bottom() + 10.0 * unit);
            sheet(behind_legend, block.union(egui::Rect::from_min_max(bar.max, right)));
        }
        None => {}
    }
}

/// A number beside the colour bar: at most three digits that say something.
fn tick(number: f64) -> String {
    let rounded: f64 = format!("{number:.2e}").parse().unwrap_or(number);
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_colour_bar_are_short() {
        for (number, text) in [(0.0, "0"), (0.5 * 0.020_123_f64, "0.0101"), (1.5, "1.5"), (12_345.0, "12300")]
        {
            assert_eq!(tick(number), text);
        }
    }

    #[test]
    fn a_protocol_is_told_by_cycle_step_and_current_in_letters_that_are_laid_out() {
        assert_eq!(course((3, 2, -0.5)), "cycle 3   ·   step 2   ·   stripping 0.50 mA/cm²");
        assert_eq!(course((1, 1, 0.005)), "cycle 1   ·   step 1   ·   plating 0.0050 mA/cm²");
        for current in [1.0, -1.0, 0.0] {
            let line = course((12, 34, current));
            assert!(line.chars().all(|letter| NUMBERS.contains(letter)), "{line}");
        }
    }

    #[test]
    fn the_line_below_the_title_tells_time_and_charge() {
        assert_eq!(figures(9000.0, 2.5), "2.50 h   ·   2.500 mAh/cm² plated");
    }
}
