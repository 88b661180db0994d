//! A picture with a plot in it: pixels, text, axes, scale bar, PNG.

use super::super::ExportError;
use crate::notation::in_letters;
use ab_glyph::{Font, FontRef};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::io::Write;
use std::ops::Range;
use std::sync::{LazyLock, Once};

/// Red, green, blue.
pub type Colour = [u8; 3];

/// Area that plotters draws into.
pub type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// Background of figures.
pub const PAPER: Colour = [255, 255, 255];
/// Text and axes.
pub const INK: Colour = [33, 37, 41];
/// Less important text.
pub const SOFT_INK: Colour = [95, 103, 112];

const LEFT: u32 = 150;
const TOP: u32 = 150;
const BOTTOM: u32 = 130;
/// Room for ticks and names of the axes; the rest of [`LEFT`] and [`BOTTOM`] stays empty.
const LABELS: u32 = 100;
const FONT: &str = "natrarium";

/// What plotters says when it cannot draw.
pub fn failed(error: impl std::fmt::Display) -> ExportError {
    ExportError::Figure(error.to_string())
}

/// Pixels a site may be wide so that the plot fits a slide.
pub fn pixels_per_site(sites: [usize; 2]) -> usize {
    (1100 / sites[0]).min(1000 / sites[1]).max(1)
}

/// A picture with a plot of `sites` squares of equal size and a column for the legend at its right.
pub struct Canvas {
    size: (u32, u32),
    pixels: Vec<u8>,
    plot: [Range<usize>; 2],
    pixels_per_site: usize,
    edge_um: f64,
}

impl Canvas {
    /// An empty picture; `legend` is the width of the column at the right, in pixels.
    pub fn new(sites: [usize; 2], edge_um: f64, legend: u32) -> Self {
        let pixels_per_site = pixels_per_site(sites);
        let [across, up] = sites.map(|n| n * pixels_per_site);
        // The title needs some width even over a slender plot.
        let width = (LEFT + across as u32 + 40 + legend).max(1000);
        let height = (TOP + up as u32 + BOTTOM).max(700);
        let (left, top) = (LEFT as usize, TOP as usize);
        let pixels = PAPER.repeat((width * height) as usize);
        Self {
            size: (width, height),
            pixels,
            plot: [left..left + across, top..top + up],
            pixels_per_site,
            edge_um,
        }
    }

    /// Left edge of the legend and top edge of the plot.
    pub fn legend_origin(&self) -> (i32, i32) {
        (self.plot[0].end as i32 + 40, self.plot[1].start as i32)
    }

    /// Height of the plot in pixels.
    pub fn plot_height(&self) -> usize {
        self.plot[1].len()
    }

    /// Draws with plotters.
    pub fn draw(
        &mut self,
        drawing: impl FnOnce(&Area) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        register_font()?;
        let area = BitMapBackend::with_buffer(&mut self.pixels, self.size).into_drawing_area();
        drawing(&area)?;
        area.present().map_err(failed)
    }

    /// Colours every pixel of the plot; `colour` gets the site (across, up) and where in it the pixel lies, 0
    /// to 1.
    pub fn fill(&mut self, colour: impl Fn([usize; 2], [f32; 2]) -> Colour) {
        let scale = self.pixels_per_site;
        let [across, down] = self.plot.clone();
        let place = |pixel: usize| (pixel / scale, ((pixel % scale) as f32 + 0.5) / scale as f32);
        for row in down.clone() {
            let (up, part_up) = place(down.end - 1 - row);
            for column in across.clone() {
                let (right, part_right) = place(column - across.start);
                let start = 3 * (row * self.size.0 as usize + column);
                self.pixels[start..start + 3].copy_from_slice(&colour([right, up], [part_right, part_up]));
            }
        }
    }

    /// Title, subtitle and axes with their units.
    pub fn frame(&mut self, title: &str, subtitle: &str, axes: [&str; 2]) -> Result<(), ExportError> {
        let scale = self.pixels_per_site as f64;
        let [across_um, up_um] =
            [self.plot[0].len(), self.plot[1].len()].map(|n| n as f64 / scale * self.edge_um);
        let (left, top) = (self.plot[0].start as i32, self.plot[1].start);
        let (right, bottom) = (self.plot[0].end, self.plot[1].end);
        let size = self.size;
        self.draw(|root| {
            let room = size.0 as i32 - left - 30;
            fitted(root, title, (left, 30), 46, INK, room)?;
            fitted(root, subtitle, (left, 92), 30, SOFT_INK, room)?;
            let labels = LABELS as i32;
            let plot = root.margin(
                top as i32,
                size.1 as i32 - bottom as i32 - labels,
                left - labels,
                size.0 as i32 - right as i32,
            );
            let mut chart = ChartBuilder::on(&plot)
                .set_label_area_size(LabelAreaPosition::Left, LABELS)
                .set_label_area_size(LabelAreaPosition::Bottom, LABELS)
                .build_cartesian_2d(0.0..across_um, 0.0..up_um)
                .map_err(failed)?;
            let style = |size: i32| (FONT, size).into_font().color(&colour(INK));
            chart
                .configure_mesh()
                .disable_mesh()
                .axis_style(colour(INK).stroke_width(2))
                .x_labels(7)
                .y_labels(6)
                .x_desc(axes[0])
                .y_desc(axes[1])
                .x_label_formatter(&tick)
                .y_label_formatter(&tick)
                .label_style(style(28))
                .axis_desc_style(style(32))
                .draw()
                .map_err(failed)
        })
    }

    /// A bar of a round length on a plate in a corner of the plot.
    pub fn scale_bar(&mut self, ink: Colour, plate: Colour) -> Result<(), ExportError> {
        let across = self.plot[0].len() as f64;
        let pixels_per_um = self.pixels_per_site as f64 / self.edge_um;
        let length_um = round_below(0.25 * across / pixels_per_um);
        let length = (length_um * pixels_per_um).round() as i32;
        let (right, top) = (self.plot[0].end as i32 - 30, self.plot[1].start as i32 + 24);
        self.draw(|root| {
            let plate_size = (length + 40, 84);
            swatch(root, (right - length - 20, top - 16), plate_size, plate)?;
            let bar = [(right - length, top), (right, top + 8)];
            root.draw(&Rectangle::new(bar, colour(ink).filled())).map_err(failed)?;
            let label = format!("{} µm", tick(&length_um));
            let centre = Pos::new(HPos::Center, VPos::Top);
            let style = (FONT, 30).into_font().color(&colour(ink)).pos(centre);
            root.draw(&Text::new(label, (right - length / 2, top + 22), style)).map_err(failed)
        })
    }

    /// Writes the picture as PNG.
    pub fn write(&self, sink: &mut dyn Write) -> Result<(), ExportError> {
        let mut encoder = png::Encoder::new(sink, self.size.0, self.size.1);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&self.pixels).map_err(failed)?;
        writer.finish().map_err(failed)
    }
}

/// Text with its upper left corner at `place`.
pub fn text(root: &Area, words: &str, place: (i32, i32), size: i32, ink: Colour) -> Result<(), ExportError> {
    let style = (FONT, size).into_font().color(&colour(ink));
    root.draw(&Text::new(writable(words), place, style)).map_err(failed)
}

/// Text that ends at `place`.
pub fn text_to(
    root: &Area,
    words: &str,
    place: (i32, i32),
    size: i32,
    ink: Colour,
) -> Result<(), ExportError> {
    let end = Pos::new(HPos::Right, VPos::Top);
    let style = (FONT, size).into_font().color(&colour(ink)).pos(end);
    root.draw(&Text::new(writable(words), place, style)).map_err(failed)
}

/// The words in letters that the font has.
fn writable(words: &str) -> String {
    static LETTERS: LazyLock<Option<FontRef<'_>>> =
        LazyLock::new(|| FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT).ok());
    let has = |sign| LETTERS.as_ref().is_none_or(|font| font.glyph_id(sign).0 != 0);
    in_letters(words, has)
}

/// Text made smaller until it fits `room` pixels, then cut.
fn fitted(
    root: &Area,
    words: &str,
    place: (i32, i32),
    size: i32,
    ink: Colour,
    room: i32,
) -> Result<(), ExportError> {
    let width = |words: &str, size: i32| -> Result<i32, ExportError> {
        let ((x0, _), (x1, _)) = (FONT, size).into_font().layout_box(words).map_err(failed)?;
        Ok(x1 - x0)
    };
    let (words, mut size) = (writable(words), size);
    while size > 24 && width(&words, size)? > room {
        size -= 2;
    }
    let mut shown = words;
    while !shown.is_empty() && width(&shown, size)? > room {
        shown.pop();
    }
    text(root, &shown, place, size, ink)
}

/// A filled rectangle with its upper left corner at `place`.
pub fn swatch(root: &Area, place: (i32, i32), size: (i32, i32), fill: Colour) -> Result<(), ExportError> {
    let corners = [place, (place.0 + size.0, place.1 + size.1)];
    root.draw(&Rectangle::new(corners, colour(fill).filled())).map_err(failed)
}

/// Plotters' colour.
pub fn colour([r, g, b]: Colour) -> RGBColor {
    RGBColor(r, g, b)
}

/// A mixture: 0 is `a`, 1 is `b`.
pub fn mix(a: Colour, b: Colour, part: f32) -> Colour {
    let part = part.clamp(0.0, 1.0);
    std::array::from_fn(|i| (a[i] as f32 + (b[i] as f32 - a[i] as f32) * part).round() as u8)
}

/// The largest of 1, 2, 5 times a power of ten that is not above `value`.
pub fn round_below(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    [5.0, 2.0, 1.0].map(|m| m * power).into_iter().find(|&r| r <= value * 1.000_001).unwrap_or(power)
}

/// A number on an axis, without noise behind the point.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "plotters wants a function of a reference")]
pub fn tick(value: &f64) -> String {
    format!("{}", (value * 1e4).round() / 1e4)
}

fn register_font() -> Result<(), ExportError> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An unreadable font shows itself as "font unavailable" at the first text.
        let _ = plotters::style::register_font(FONT, FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT);
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn titles_in_other_scripts_are_written_in_letters_of_the_font() {
        assert_eq!(super::writable("Größe in µm, плёнка"), "Größe in µm, плёнка");
        let title = super::writable("钠枝晶 ナトリウム צומח");
        assert!(title.is_ascii() && title.len() > 12 && !title.contains('?'), "{title}");
    }

    use super::*;

    #[test]
    fn scale_bars_have_round_lengths() {
        for (room, bar) in [(16.0, 10.0), (5.0, 5.0), (4.9, 2.0), (0.3, 0.2), (100.0, 100.0)] {
            assert!((round_below(room) - bar).abs() < 1e-9 * bar, "{room}");
        }
    }

    #[test]
    fn sites_are_whole_squares_and_the_plot_fits_a_slide() {
        assert_eq!(pixels_per_site([128, 64]), 8);
        assert_eq!(pixels_per_site([128, 192]), 5);
        assert_eq!(pixels_per_site([5000, 8]), 1);
    }
}
