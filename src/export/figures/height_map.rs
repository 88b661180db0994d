//! Map of the column heights, seen from the counter electrode.

use super::super::volume::Volume;
use super::super::{ExportError, RunRecord};
use super::canvas::{Canvas, Colour, INK, PAPER, mix, round_below, swatch, text, tick};
use std::io::Write;

/// Points of the colour map "viridis" (S. van der Walt, N. Smith, CC0): even steps of lightness, legible
/// without colour vision and in grey.
const VIRIDIS: [Colour; 9] = [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
];

/// Draws the map as PNG.
pub fn write_height_map(
    record: &RunRecord,
    volume: &Volume,
    sink: &mut dyn Write,
) -> Result<(), ExportError> {
    let [nx, ny, _] = volume.sites;
    let heights: Vec<f64> = (0..ny)
        .flat_map(|y| (0..nx).map(move |x| (x, y)))
        .map(|(x, y)| volume.column_height(x, y) as f64 * volume.edge_um)
        .collect();
    let highest = heights.iter().copied().fold(volume.edge_um, f64::max);
    let metrics = &record.snapshot.metrics;
    let mut canvas = Canvas::new([nx, ny], volume.edge_um, 240);
    canvas.fill(|[x, y], _| viridis((heights[x + nx * y] / highest) as f32));
    let subtitle = format!(
        "Height of the metal · {} mAh/cm² at {} mA/cm² · Rq = {:.2} µm",
        tick(&metrics.areal_capacity_mah_cm2),
        tick(&metrics.current_density_ma_cm2),
        metrics.shape.as_ref().map_or(f64::NAN, |shape| shape.rq_um),
    );
    canvas.frame(&record.scene.spec.title, &subtitle, ["x, µm", "y, µm"])?;
    canvas.scale_bar(PAPER, INK)?;
    draw_colour_bar(&mut canvas, highest)?;
    canvas.write(sink)
}

fn viridis(part: f32) -> Colour {
    let place = part.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f32;
    let index = (place as usize).min(VIRIDIS.len() - 2);
    mix(VIRIDIS[index], VIRIDIS[index + 1], place - index as f32)
}

fn draw_colour_bar(canvas: &mut Canvas, highest: f64) -> Result<(), ExportError> {
    let (left, top) = canvas.legend_origin();
    let height = canvas.plot_height().max(300) as i32 - 50;
    canvas.draw(|root| {
        text(root, "height, µm", (left, top), 30, INK)?;
        for row in 0..height {
            let part = 1.0 - row as f32 / (height - 1) as f32;
            swatch(root, (left, top + 50 + row), (44, 1), viridis(part))?;
        }
        let step = round_below(highest / 4.0);
        for number in 0..=(highest / step) as usize {
            let value = number as f64 * step;
            let place = top + 50 + ((1.0 - value / highest) * f64::from(height - 1)) as i32;
            swatch(root, (left + 44, place), (10, 2), INK)?;
            text(root, &tick(&value), (left + 62, place - 9), 28, INK)?;
        }
        Ok(())
    })
}
