//! What a still and a film have in common: size, camera, colours, and the place of the file.

use super::values::{parse_angle, parse_place, parse_size};
use clap::Args;

/// How a picture looks.
#[derive(Args, Clone, Debug)]
pub struct PictureArguments {
    /// Width and height in pixels
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1280x720", value_parser = parse_size)]
    pub size: (u32, u32),
    /// Where the camera stands: degrees about the vertical, degrees above the horizon
    #[arg(long, value_name = "AROUND,ABOVE", value_parser = parse_angle, allow_hyphen_values = true)]
    pub angle: Option<(f32, f32)>,
    /// Distance of the camera, 1 just frames the deposit
    #[arg(long, value_name = "RATIO", default_value_t = 1.0)]
    pub distance: f32,
    /// Place that the camera looks at: µm along x, y and above the collector [default: the deposit's middle]
    ///
    /// With --distance 0.2 one stalk fills the picture.
    #[arg(long, value_name = "X,Y,Z", value_parser = parse_place, allow_hyphen_values = true)]
    pub look_at: Option<[f32; 3]>,
    /// Leave out parts of the picture, for example --hide captions,ions
    #[arg(long, value_name = "PARTS", value_delimiter = ',',
        value_parser = ["captions", "legend", "scale-bar", "box", "ions", "mosaic", "cracks"])]
    pub hide: Vec<String>,
    /// What lies behind the deposit: studio, black, white, a colour such as #1e2630, or transparent (stills)
    #[arg(long, value_name = "COLOUR", default_value = "studio")]
    pub background: String,
    /// What the colour of the metal means: metal, age, growth-mode or film-thickness
    #[arg(long, value_name = "WHAT", default_value = "metal")]
    pub colour_by: String,
}

#[cfg(feature = "gui")]
mod drawing {
    use super::PictureArguments;
    use crate::capture::PictureOptions;
    use crate::cli::CliError;
    use crate::export::OutputFolder;
    use crate::render::{RenderSettings, SceneCaption, StartView};
    use crate::scene::Scene;
    use crate::style::{Background, ColourBy, Quality};
    use std::path::Path;

    impl PictureArguments {
        /// The options of the recorder.
        pub fn options(&self, scene: &Scene, turntable_deg_per_s: f32) -> Result<PictureOptions, CliError> {
            if !(0.05..=20.0).contains(&self.distance) {
                return Err(CliError::Input(format!(
                    "--distance {} is not between 0.05 and 20",
                    self.distance
                )));
            }
            if !(-720.0..=720.0).contains(&turntable_deg_per_s) {
                return Err(CliError::Input(format!(
                    "--turntable {turntable_deg_per_s} is not between -720 and 720 degrees per second"
                )));
            }
            let standard = StartView::suited_to(self.size);
            let (azimuth_deg, elevation_deg) =
                self.angle.unwrap_or((standard.azimuth_deg, standard.elevation_deg));
            let shows = |part: &str| !self.hide.iter().any(|hidden| hidden == part);
            Ok(PictureOptions {
                size: self.size,
                settings: RenderSettings {
                    show_caption: shows("captions"),
                    show_legend: shows("legend"),
                    show_scale_bar: shows("scale-bar"),
                    show_box: shows("box"),
                    show_ions: shows("ions"),
                    show_film_mosaic: shows("mosaic"),
                    show_cracks: shows("cracks"),
                    background: self.background.parse::<Background>().map_err(CliError::Input)?,
                    colour_by: self.colour_by.parse::<ColourBy>().map_err(CliError::Input)?,
                    quality: Quality::High,
                    turntable_deg_per_s,
                },
                caption: SceneCaption {
                    title: scene.spec.title.clone(),
                    collector: scene.spec.start.is_electrode(),
                    seeds: scene.spec.host.has_seeds(),
                },
                view: StartView {
                    azimuth_deg,
                    elevation_deg,
                    distance_ratio: self.distance,
                    target_um: self.look_at,
                },
            })
        }
    }

    /// Finds out before anything is computed whether the file that an option names can be written.
    pub fn check_output(option: &str, path: &Path) -> Result<(), CliError> {
        if path.is_dir() || path.file_name().is_none() {
            let message = format!("{option} {} is a folder; give the name of a file", path.display());
            return Err(CliError::Input(message));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        OutputFolder::prepare(folder, &[])?;
        Ok(())
    }
}
#[cfg(feature = "gui")]
pub use drawing::check_output;
