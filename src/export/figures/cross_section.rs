//! Vertical cut through the middle of the box, coloured by the way the metal grew and by its age.

use super::super::volume::{Volume, is_metal};
use super::super::{ExportError, RunRecord};
use super::canvas::{Canvas, Colour, INK, SOFT_INK, mix, swatch, text, text_to, tick};
use crate::lattice::{GrowthMode, SiteKind};
use crate::observables::SiteView;
use std::io::Write;

const ELECTROLYTE: Colour = [240, 245, 250];
const BEHIND: Colour = [190, 206, 222];
const HOST: Colour = [46, 49, 56];
const SEED: Colour = [242, 182, 58];
const DEAD: Colour = [120, 92, 110];
const FILM: Colour = [52, 40, 34];

/// How a way of growth is called and coloured: oldest and newest metal. The hues are those of the pictures in
/// 3D.
const MODES: [(GrowthMode, &str, [Colour; 2]); 3] = [
    (GrowthMode::Tip, "grown at the tip", [[10, 52, 84], [116, 200, 250]]),
    (GrowthMode::Film, "layer below the film", [[84, 88, 96], [206, 209, 214]]),
    (GrowthMode::Base, "pushed up from the root", [[112, 38, 4], [255, 150, 70]]),
];

/// Draws the cut as PNG.
pub fn write_cross_section(
    record: &RunRecord,
    volume: &Volume,
    sink: &mut dyn Write,
) -> Result<(), ExportError> {
    let [nx, ny, nz] = volume.sites;
    let cut = ny / 2;
    // Layer 0 is the collector; the axis begins at its upper face.
    let filled = volume.filled_layers().saturating_sub(1);
    let shown = (filled + filled / 6 + 4).max(2 * nx / 5).clamp(1, nz.max(2) - 1);
    let metrics = &record.snapshot.metrics;
    let newest = metrics.areal_capacity_mah_cm2.max(f64::MIN_POSITIVE) as f32;
    let mut canvas = Canvas::new([nx, shown], volume.edge_um, 400);

    let is_solid = |x: usize, z: usize| volume.at(x, cut, z).kind.is_solid();
    canvas.fill(|[x, above], part| {
        let z = above + 1;
        let site = volume.at(x, cut, z);
        if !site.kind.is_solid() {
            return behind(volume, x, cut, z);
        }
        // The film is a line along the faces between metal and electrolyte.
        let open = [
            (part[0] < 0.18 && !is_solid((x + nx - 1) % nx, z)),
            (part[0] > 0.82 && !is_solid((x + 1) % nx, z)),
            (part[1] > 0.82 && z + 1 < nz && !is_solid(x, z + 1)),
            (part[1] < 0.18 && z > 0 && !is_solid(x, z - 1)),
        ];
        if is_metal(site.kind) && open.contains(&true) { FILM } else { colour_of(&site, newest) }
    });
    let subtitle = format!(
        "Cross-section at y = {} µm · {} mAh/cm² at {} mA/cm²",
        tick(&(cut as f64 * volume.edge_um)),
        tick(&metrics.areal_capacity_mah_cm2),
        tick(&metrics.current_density_ma_cm2),
    );
    canvas.frame(&record.scene.spec.title, &subtitle, ["x, µm", "z, µm"])?;
    canvas.scale_bar(INK, ELECTROLYTE)?;
    draw_legend(&mut canvas, volume, newest)?;
    canvas.write(sink)
}

/// The colour of matter in the cut.
fn colour_of(site: &SiteView, newest: f32) -> Colour {
    match site.kind {
        SiteKind::Electrolyte => ELECTROLYTE,
        SiteKind::Host => HOST,
        SiteKind::Seed => SEED,
        SiteKind::DeadMetal => DEAD,
        SiteKind::Metal => MODES
            .iter()
            .find(|(mode, ..)| *mode == site.mode)
            .map_or(DEAD, |(_, _, [old, new])| mix(*old, *new, site.birth_mah_cm2 / newest)),
    }
}

/// What one sees through the electrolyte: the nearest matter behind the cut, paler with distance.
fn behind(volume: &Volume, x: usize, cut: usize, z: usize) -> Colour {
    let ny = volume.sites[1];
    let depth = ny / 2;
    let nearest = (1..=depth).find(|d| volume.at(x, (cut + d) % ny, z).kind.is_solid());
    nearest.map_or(ELECTROLYTE, |d| {
        let near = 1.0 - d as f32 / depth.max(1) as f32;
        mix(ELECTROLYTE, BEHIND, 0.25 + 0.75 * near)
    })
}

fn draw_legend(canvas: &mut Canvas, volume: &Volume, newest: f32) -> Result<(), ExportError> {
    let [nx, ny, _] = volume.sites;
    // The collector, layer 0, is not in the picture.
    let layers = 1..volume.filled_layers().max(1);
    let present = |kind: SiteKind| {
        layers.clone().any(|z| (0..ny).any(|y| (0..nx).any(|x| volume.at(x, y, z).kind == kind)))
    };
    let kinds: Vec<(Colour, &str)> = [
        (SiteKind::Host, HOST, "host"),
        (SiteKind::Seed, SEED, "sodiophilic seed"),
        (SiteKind::DeadMetal, DEAD, "dead metal"),
    ]
    .into_iter()
    .filter(|(kind, ..)| present(*kind))
    .map(|(_, colour, name)| (colour, name))
    .chain([(FILM, "surface of the metal"), (BEHIND, "behind the cut")])
    .collect();
    let (left, mut top) = canvas.legend_origin();
    canvas.draw(|root| {
        text(root, "colour: when it was plated", (left, top), 28, SOFT_INK)?;
        top += 44;
        for (_, name, [old, new]) in &MODES {
            text(root, name, (left, top), 30, INK)?;
            for column in 0..BAR {
                let part = column as f32 / (BAR - 1) as f32;
                swatch(root, (left + column, top + 36), (1, 26), mix(*old, *new, part))?;
            }
            top += 88;
        }
        text(root, "0", (left, top), 26, SOFT_INK)?;
        let last = tick(&(((newest * 1e3).round() / 1e3) as f64));
        text_to(root, &format!("{last} mAh/cm²"), (left + BAR, top), 26, SOFT_INK)?;
        top += 56;
        for (fill, name) in &kinds {
            swatch(root, (left, top - 3), (30, 24), *fill)?;
            text(root, name, (left + 44, top), 30, INK)?;
            top += 42;
        }
        Ok(())
    })
}

/// Length of a colour bar, pixels.
const BAR: i32 = 320;
