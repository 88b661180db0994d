//! What the colours mean.
//!
//! Does: turn a site of the lattice into a colour, and say in a legend what the colour means; pure functions.
//! Does not: light anything. Colours are linear RGB unless a name says sRGB.
//! Accuracy: the continuous map is monotone in lightness, so it survives a grey print. The discrete colours
//! are those of Okabe and Ito (2008, "Color Universal Design"), which colour-blind viewers tell apart.

use crate::lattice::{GrowthMode, SiteKind};
use crate::observables::SiteView;
use crate::style::{ColourBy, growth_mode_srgb};
use bevy::color::{ColorToComponents, LinearRgba, Srgba};

/// Linear RGB.
pub type Rgb = [f32; 3];

/// Linear RGB of an sRGB colour given in hexadecimal, `0xRRGGBB`.
pub fn srgb(hex: u32) -> Rgb {
    let part = |shift: u32| ((hex >> shift) & 0xff) as f32 / 255.0;
    LinearRgba::from(Srgba::rgb(part(16), part(8), part(0))).to_f32_array_no_alpha()
}

/// Polished sodium: silver with a breath of warmth.
pub const METAL_SRGB: u32 = 0xdfe0e3;
/// Metal that has lost its contact: a dark grey that no scale, tint or way of growth has.
pub const DEAD_SRGB: u32 = 0x4b4b4d;
/// Copper of the collector and of hosts.
pub const COPPER_SRGB: u32 = 0xc98a62;
/// A coating, laid over what is below it.
pub const COATING_SRGB: u32 = 0x2fa39a;
/// Share of it in the colour of what it covers.
const COATING_SHARE: f32 = 0.7;
/// Gold of seeds.
pub const GOLD_SRGB: u32 = 0xf2b63a;
/// Cracks and the roots of filaments.
pub const CRACK_SRGB: u32 = 0xff5a1f;
/// Na⁺.
pub const ION_SRGB: u32 = 0x5fd0ff;
/// Tints of the patches: the pale colours a thin film shows.
const PATCH_TINTS_SRGB: [u32; 8] =
    [0xe9e4da, 0xcfdde8, 0xdfd3e6, 0xd2e4dc, 0xeddcc9, 0xbccfe0, 0xe6e6ea, 0xcfc7dc];

/// Perceptually uniform map from dark violet (0) to yellow (1), as sRGB.
///
/// Polynomial fit of Matplotlib's *viridis* by Matt Zucker (2019, <https://www.shadertoy.com/view/WlfXRN>,
/// CC0).
pub fn viridis_srgb(value: f32) -> [f32; 3] {
    const COEFFICIENTS: [[f32; 3]; 7] = [
        [0.277_727_33, 0.005_407_344_5, 0.334_099_8],
        [0.105_093_04, 1.404_613_5, 1.384_590_2],
        [-0.330_861_84, 0.214_847_56, 0.095_095_16],
        [-4.634_230_6, -5.799_101, -19.332_441],
        [6.228_27, 14.179_934, 56.690_55],
        [4.776_385, -13.745_145, -65.353_035],
        [-5.435_456, 4.645_852_6, 26.312_435],
    ];
    let t = if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.0 };
    std::array::from_fn(|channel| {
        COEFFICIENTS.iter().rev().fold(0.0, |sum, row| sum * t + row[channel]).clamp(0.0, 1.0)
    })
}

/// The map of ages and thicknesses: viridis without its darkest tenth, which would drown in a dark
/// background.
pub fn scale_srgb(fraction: f32) -> [f32; 3] {
    let t = if fraction.is_finite() { fraction.clamp(0.0, 1.0) } else { 0.0 };
    viridis_srgb(0.12 + 0.88 * t)
}

/// Everything a colour depends on besides the site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// What the colour means.
    pub colour_by: ColourBy,
    /// Tint patches and darken their seams.
    pub mosaic: bool,
    /// Mark cracks and roots.
    pub cracks: bool,
    /// Upper end of the age scale, mAh cm⁻².
    pub age_end_mah_cm2: f32,
    /// Upper end of the film scale, nm.
    pub film_end_nm: f32,
}

impl Palette {
    /// What a user chose; the rest follows the deposit.
    pub fn choices(&self) -> (ColourBy, bool, bool) {
        (self.colour_by, self.mosaic, self.cracks)
    }
}

/// A number of patch as a fraction that differs between neighbours (Fibonacci hashing).
pub fn patch_fraction(patch: u16) -> f32 {
    (u32::from(patch).wrapping_mul(2_654_435_769) >> 8) as f32 / (1u32 << 24) as f32
}

/// Tint of a patch, to be multiplied with what lies under it.
pub fn patch_tint(patch: u16) -> Rgb {
    let fraction = patch_fraction(patch);
    let tint = srgb(PATCH_TINTS_SRGB[(fraction * PATCH_TINTS_SRGB.len() as f32) as usize % 8]);
    // A second digit of the hash varies the lightness, so that equal tints side by side still differ.
    let lightness = 0.78 + 0.34 * (fraction * 61.0).fract();
    tint.map(|channel| channel * lightness)
}

/// Base colour of a solid site.
pub fn site_colour(site: &SiteView, palette: &Palette) -> Rgb {
    let coated = |base: Rgb| {
        if !site.coated {
            return base;
        }
        let coating = srgb(COATING_SRGB);
        std::array::from_fn(|k| base[k] + COATING_SHARE * (coating[k] - base[k]))
    };
    let tinted = |base: Rgb| {
        let base = coated(base);
        if palette.mosaic && site.patch != u16::MAX {
            let tint = patch_tint(site.patch);
            std::array::from_fn(|channel| base[channel] * tint[channel])
        } else {
            base
        }
    };
    match site.kind {
        SiteKind::Electrolyte => srgb(COPPER_SRGB),
        SiteKind::Host => tinted(srgb(COPPER_SRGB)),
        SiteKind::Seed => srgb(GOLD_SRGB),
        // Dead metal has one colour in all colourings.
        SiteKind::DeadMetal => srgb(DEAD_SRGB),
        SiteKind::Metal => match palette.colour_by {
            ColourBy::Metal => tinted(srgb(METAL_SRGB)),
            ColourBy::Age => from_srgb(scale_srgb(site.birth_mah_cm2 / palette.age_end_mah_cm2)),
            ColourBy::FilmThickness => from_srgb(scale_srgb(site.film_nm / palette.film_end_nm)),
            ColourBy::GrowthMode => srgb(growth_mode_srgb(site.mode)),
        },
    }
}

fn from_srgb([red, green, blue]: [f32; 3]) -> Rgb {
    LinearRgba::from(Srgba::rgb(red, green, blue)).to_f32_array_no_alpha()
}

/// The smallest "round" number that is not below `value`: scales then change seldom and read well.
pub fn round_up(value: f32) -> f32 {
    if !value.is_finite() || value <= 0.0 {
        return 1.0;
    }
    let decade = 10f32.powf(value.log10().floor());
    // A hair of slack, so that 0.2 in single precision does not become 0.25.
    [1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|step| step * decade)
        .find(|end| *end >= value * 0.9999)
        .unwrap_or(10.0 * decade)
}

/// What the colours on screen mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Legend {
    /// Named colours (sRGB).
    Names(Vec<(&'static str, u32)>),
    /// A scale from zero.
    Scale {
        /// What is shown, with unit.
        title: &'static str,
        /// Upper end, in the unit of the title.
        end: f32,
        /// What the lower and upper ends mean in words.
        ends: [&'static str; 2],
        /// Named colours (sRGB) beside the scale.
        besides: Vec<(&'static str, u32)>,
    },
}

/// The legend that belongs to a palette; `dead` where there is dead metal to see, `seeds` where the collector
/// bears some, `coating` where it has one.
pub fn legend(
    palette: &Palette,
    (collector, seeds, coating): (bool, bool, bool),
    ions: bool,
    dead: bool,
) -> Legend {
    const DEAD: (&str, u32) = ("dead metal, without contact", DEAD_SRGB);
    let besides = || if dead { vec![DEAD] } else { Vec::new() };
    let mut names = match palette.colour_by {
        ColourBy::Age => {
            return Legend::Scale {
                title: "plated after (mAh/cm²)",
                end: palette.age_end_mah_cm2,
                ends: ["old", "new"],
                besides: besides(),
            };
        }
        ColourBy::FilmThickness => {
            return Legend::Scale {
                title: "SEI thickness (nm)",
                end: palette.film_end_nm,
                ends: ["thin", "thick"],
                besides: besides(),
            };
        }
        ColourBy::Metal if coating => {
            vec![("metal under its SEI", METAL_SRGB), ("whole coating", COATING_SRGB)]
        }
        ColourBy::Metal => vec![("metal under its SEI", METAL_SRGB)],
        ColourBy::GrowthMode => vec![
            ("grown at the tip", growth_mode_srgb(GrowthMode::Tip)),
            ("grown under the film", growth_mode_srgb(GrowthMode::Film)),
            ("grown from the base", growth_mode_srgb(GrowthMode::Base)),
        ],
    };
    names.extend(besides());
    if palette.cracks {
        names.push(("crack, root of a filament", CRACK_SRGB));
    }
    if collector {
        names.push(("collector, host", COPPER_SRGB));
    }
    if seeds {
        names.push(("gold seed", GOLD_SRGB));
    }
    if ions {
        names.push(("Na⁺", ION_SRGB));
    }
    Legend::Names(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CIE lightness L* of an sRGB colour (D65).
    fn lightness(rgb: [f32; 3]) -> f32 {
        let [red, green, blue] = from_srgb(rgb);
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        116.0 * luminance.cbrt() - 16.0
    }

    #[test]
    fn the_scale_grows_lighter_in_even_steps() {
        let steps: Vec<f32> = (0..10)
            .map(|i| lightness(scale_srgb((i + 1) as f32 / 10.0)) - lightness(scale_srgb(i as f32 / 10.0)))
            .collect();
        let mean = steps.iter().sum::<f32>() / 10.0;
        // Viridis is uniform in CAM02-UCS; in L* its steps stay within half of the mean.
        assert!(steps.iter().all(|step| (step - mean).abs() < 0.5 * mean), "{steps:?}");
    }

    #[test]
    fn viridis_has_the_published_ends() {
        // Matplotlib: #440154 and #fde725; the fit is good to two per cent.
        for (value, expected) in [(0.0, [0.267, 0.005, 0.329]), (1.0, [0.993, 0.906, 0.144])] {
            let rgb = viridis_srgb(value);
            assert!(rgb.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.02), "{rgb:?}");
        }
        assert_eq!(viridis_srgb(f32::NAN), viridis_srgb(0.0));
    }

    #[test]
    fn growth_modes_differ_in_lightness_and_hue() {
        let palette = Palette {
            colour_by: ColourBy::GrowthMode,
            mosaic: true,
            cracks: true,
            age_end_mah_cm2: 1.0,
            film_end_nm: 50.0,
        };
        let colour =
            |mode| site_colour(&SiteView { kind: SiteKind::Metal, mode, ..SiteView::default() }, &palette);
        let modes = [GrowthMode::Tip, GrowthMode::Film, GrowthMode::Base].map(colour);
        for (index, first) in modes.iter().enumerate() {
            for second in &modes[index + 1..] {
                let difference: f32 = first.iter().zip(second).map(|(a, b)| (a - b).abs()).sum();
                assert!(difference > 0.5, "{first:?} {second:?}");
            }
        }
    }

    #[test]
    fn dead_metal_is_darker_than_all_living_metal_in_every_colouring() {
        let site = |kind, mode, share: f32| SiteView {
            coated: false,
            kind,
            mode,
            birth_mah_cm2: share,
            film_nm: 50.0 * share,
            patch: u16::MAX,
        };
        let luminance = |[red, green, blue]: Rgb| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        for colour_by in ColourBy::ALL {
            let palette =
                Palette { colour_by, mosaic: true, cracks: true, age_end_mah_cm2: 1.0, film_end_nm: 50.0 };
            let dead = site_colour(&site(SiteKind::DeadMetal, GrowthMode::Film, 0.5), &palette);
            for mode in [GrowthMode::Tip, GrowthMode::Film, GrowthMode::Base] {
                for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
                    let living = site_colour(&site(SiteKind::Metal, mode, share), &palette);
                    let hue = living.iter().copied().fold(0.0, f32::max)
                        - living.iter().copied().fold(1.0, f32::min);
                    // Darker, or, at the dark end of a scale, the only one without a hue.
                    assert!(
                        luminance(living) > 2.0 * luminance(dead) || hue > 0.15,
                        "{colour_by:?} {mode:?} {share}: {living:?} {dead:?}"
                    );
                }
            }
            assert_eq!(dead, srgb(DEAD_SRGB));
            let with = |dead| format!("{:?}", legend(&palette, (true, false, false), true, dead));
            assert!(with(true).contains("dead metal") && !with(false).contains("dead metal"));
        }
    }

    #[test]
    fn every_colour_of_a_legend_is_told_from_the_others() {
        let palette = |colour_by| Palette {
            colour_by,
            mosaic: true,
            cracks: true,
            age_end_mah_cm2: 1.0,
            film_end_nm: 50.0,
        };
        for colour_by in [ColourBy::Metal, ColourBy::GrowthMode] {
            let Legend::Names(names) = legend(&palette(colour_by), (true, true, true), true, true) else {
                panic!()
            };
            assert!(names.contains(&("gold seed", GOLD_SRGB)));
            for (index, (name, hex)) in names.iter().enumerate() {
                for (other, other_hex) in &names[index + 1..] {
                    let apart: u32 = (0..3)
                        .map(|byte| (hex >> (8 * byte) & 0xff).abs_diff(other_hex >> (8 * byte) & 0xff))
                        .sum();
                    assert!(apart > 60, "{name} and {other}: {hex:06x} {other_hex:06x}");
                }
            }
        }
    }

    #[test]
    fn neighbouring_patch_numbers_get_different_tints() {
        let same = (0..999).filter(|&patch| patch_tint(patch) == patch_tint(patch + 1)).count();
        assert_eq!(same, 0);
        assert!((0..999).all(|patch| patch_tint(patch).iter().all(|channel| (0.2..=1.1).contains(channel))));
    }

    #[test]
    fn scales_end_at_round_numbers() {
        for (value, end) in [(0.2, 0.2), (0.21, 0.25), (0.9, 1.0), (17.0, 20.0), (0.0, 1.0), (f32::NAN, 1.0)]
        {
            assert!((round_up(value) - end).abs() < 1e-4 * end, "{value} {}", round_up(value));
        }
    }

    #[test]
    fn names_of_colourings_are_read_back() {
        for choice in ColourBy::ALL {
            assert_eq!(choice.key().parse(), Ok(choice));
        }
        assert!("colour".parse::<ColourBy>().unwrap_err().contains("growth-mode"));
    }
}
