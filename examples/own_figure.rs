//! A figure of one's own from a run: `cargo run --no-default-features --example own_figure`.
//!
//! Plots the roughness of a deposit against its charge into `out/roughness.png`.

use natrarium::observables::Metrics;
use natrarium::scene;
use natrarium::simulation::Simulation;
use plotters::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = ["lattice.sites=[48,48,64]", "until.areal_capacity_mah_cm2=0.2"].map(String::from);
    let scene = scene::load("carbonate_moss")?.with_settings(&settings)?;
    let mut simulation = Simulation::new(&scene, 7)?;
    let mut points = Vec::new();
    while !simulation.finished() {
        simulation.advance(8);
        let metrics = Metrics::measure(&simulation);
        let shape = metrics.shape.ok_or("`measure` looks at the shape")?;
        points.push((metrics.areal_capacity_mah_cm2, shape.rq_um));
    }
    let (charge, roughness) = points.last().copied().ok_or("the run has steps")?;

    // Without a font of the system, as everything here.
    plotters::style::register_font("sans-serif", FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT)
        .map_err(|_| "the font of the crate is a font")?;
    let (width, height) = (960, 540);
    let mut pixels = vec![0; 3 * (width * height) as usize];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption("Roughness of carbonate moss", ("sans-serif", 28))
            .margin(16)
            .x_label_area_size(48)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..charge, 0.0..1.1 * roughness)?;
        let labels = ("sans-serif", 18);
        chart.configure_mesh().x_desc("charge, mAh/cm²").y_desc("R_q, µm").label_style(labels).draw()?;
        chart.draw_series(LineSeries::new(points, BLUE.stroke_width(3)))?;
        area.present()?;
    }
    std::fs::create_dir_all("out")?;
    let mut encoder = png::Encoder::new(std::fs::File::create("out/roughness.png")?, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(&pixels)?;
    println!("{roughness:.2} µm at {charge:.3} mAh/cm²: out/roughness.png");
    Ok(())
}
