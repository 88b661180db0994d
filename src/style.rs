//! What all views share: colourings, qualities, colours of growth modes, and how times are written.
//!
//! Does: give names for menus and for the command line, and colours as sRGB.
//! Does not: draw. The picture, the panels and the command line use these names.

use crate::lattice::GrowthMode;
use std::str::FromStr;

/// What the colour of the metal means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColourBy {
    /// Silver metal under the mosaic of its SEI.
    #[default]
    Metal,
    /// When the metal was plated.
    Age,
    /// Whether it grew at the tip, under the film, or from the base.
    GrowthMode,
    /// Thickness of the SEI.
    FilmThickness,
}

impl ColourBy {
    /// All choices, in the order of menus.
    pub const ALL: [Self; 4] = [Self::Metal, Self::Age, Self::GrowthMode, Self::FilmThickness];

    /// Name for menus.
    pub fn label(self) -> &'static str {
        match self {
            Self::Metal => "Metal and SEI",
            Self::Age => "Age of the metal",
            Self::GrowthMode => "Growth: tip or base",
            Self::FilmThickness => "SEI thickness",
        }
    }

    /// Name for the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Metal => "metal",
            Self::Age => "age",
            Self::GrowthMode => "growth-mode",
            Self::FilmThickness => "film-thickness",
        }
    }
}

impl FromStr for ColourBy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        choose(text, Self::ALL, Self::key).ok_or_else(|| unknown("colouring", text, Self::ALL.map(Self::key)))
    }
}

/// How much the picture may cost. Each level adds to the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Quality {
    /// As low, lit at the vertices, drawn with a quarter of the pixels, or fewer where there are very many
    /// triangles, and scaled up. Panels, captions and labels keep their full sharpness. For software
    /// adapters.
    Draft,
    /// No shadow, no bloom, no edge smoothing: for old notebooks.
    Low,
    /// A shadow of the key light and smoothed edges.
    #[default]
    Medium,
    /// Also bloom around cracks and ions: for stills, films and dedicated adapters.
    High,
}

impl Quality {
    /// All levels, cheapest first.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Low, Self::Medium, Self::High];

    /// Name for menus.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }

    /// Name for the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// What it is for.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Draft => "A quarter of the pixels: for computers without a graphics card",
            Self::Low => "No shadow, hard edges",
            Self::Medium => "A shadow and smooth edges",
            Self::High => "Also a glow around cracks and ions",
        }
    }

    /// Pixels along an edge of the 3D view over those of the screen below it.
    pub fn render_scale(self) -> f32 {
        match self {
            Self::Draft => 0.5,
            Self::Low | Self::Medium | Self::High => 1.0,
        }
    }
}

impl FromStr for Quality {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        choose(text, Self::ALL, Self::key).ok_or_else(|| unknown("quality", text, Self::ALL.map(Self::key)))
    }
}

fn choose<T: Copy>(text: &str, all: [T; 4], key: fn(T) -> &'static str) -> Option<T> {
    all.into_iter().find(|choice| key(*choice) == text)
}

fn unknown(what: &str, text: &str, known: [&str; 4]) -> String {
    format!("unknown {what} `{text}`; choose one of {}", known.join(", "))
}

/// What lies behind the deposit in a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Background {
    /// A dark backdrop with a pool of light behind the deposit.
    #[default]
    Studio,
    /// One colour: red, green and blue, sRGB.
    Colour([u8; 3]),
    /// Nothing: pixels without a deposit are transparent.
    Transparent,
}

impl Background {
    /// True where writing and lines must be dark.
    pub fn is_light(self) -> bool {
        matches!(self, Self::Colour([red, green, blue])
            if 0.3 * f32::from(red) + 0.6 * f32::from(green) + 0.1 * f32::from(blue) > 140.0)
    }
}

impl FromStr for Background {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "studio" => return Ok(Self::Studio),
            "black" => return Ok(Self::Colour([0; 3])),
            "white" => return Ok(Self::Colour([255; 3])),
            "transparent" => return Ok(Self::Transparent),
            _ => {}
        }
        text.strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .map(|number| Self::Colour([number >> 16, number >> 8, number].map(|channel| channel as u8)))
            .ok_or_else(|| {
                format!("unknown background `{text}`; choose studio, black, white, transparent or a colour such as #1e2630")
            })
    }
}

/// Frames of a film per second, exactly: a whole number, a decimal, or one of the rates of television.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameRate {
    /// Ticks of the film's clock per second, and per frame.
    clock: (u32, u32),
}

impl FrameRate {
    /// A whole number of frames per second.
    pub fn of(per_s: u32) -> Self {
        Self { clock: (per_s.saturating_mul(1000), 1000) }
    }

    /// Frames per second.
    pub fn per_s(self) -> f64 {
        f64::from(self.clock.0) / f64::from(self.clock.1)
    }

    /// Ticks of the film's clock per second, and per frame.
    pub fn clock(self) -> (u32, u32) {
        self.clock
    }
}

impl FromStr for FrameRate {
    type Err = String;

    /// Reads `25`, `12.5`, `30000/1001` or what is usually written for it, `29.97`.
    fn from_str(text: &str) -> Result<Self, String> {
        let refused =
            || "give 1 to 240 frames per second, for example 30, 12.5, 29.97 or 30000/1001".to_owned();
        let clock = match text.split_once('/') {
            Some((frames, seconds)) => {
                let number = |text: &str| text.trim().parse::<u32>().map_err(|_| refused());
                (number(frames)?, number(seconds)?)
            }
            None => {
                let per_s: f64 = text.trim().parse().map_err(|_| refused())?;
                // Television counts 1000 frames in 1001 thousandths; 29.97 and 23.976 are short for that.
                let whole = (per_s * 1.001).round();
                if per_s.fract() != 0.0 && (whole / 1.001 - per_s).abs() < 0.0051 {
                    (whole as u32 * 1000, 1001)
                } else {
                    ((per_s * 1000.0).round() as u32, 1000)
                }
            }
        };
        let rate = Self { clock };
        if clock.1 > 0 && (1.0..=240.0).contains(&rate.per_s()) { Ok(rate) } else { Err(refused()) }
    }
}

/// Colour of metal by how it grew, as sRGB: bluish green at the tip and orange from the base. Colour-blind
/// viewers tell them apart (Okabe and Ito 2008, "Color Universal Design").
pub fn growth_mode_srgb(mode: GrowthMode) -> u32 {
    match mode {
        // A little lighter than in the source, to stand on dark ground. Blue is the colour of the ions.
        GrowthMode::Tip => 0x1fc79a,
        GrowthMode::Base => 0xe69f00,
        GrowthMode::Film | GrowthMode::None => 0xc9ccd2,
    }
}

/// A time in the unit that suits it: ms, s, min, h or days. "∞" for infinity, "–" for no number.
pub fn time(seconds: f64) -> String {
    match seconds {
        s if s.is_nan() => "–".into(),
        s if s.is_infinite() => "∞".into(),
        s if s <= 0.0 => "0 s".into(),
        s if s < 1.0 => format!("{:.0} ms", s * 1e3),
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.1} min", s / 60.0),
        s if s < 259_200.0 => format!("{:.2} h", s / 3600.0),
        s if s < 8.64e9 => format!("{:.1} d", s / 86_400.0),
        s => format!("{:.1e} d", s / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_unit_people_use() {
        for (seconds, text) in [
            (0.0, "0 s"),
            (0.25, "250 ms"),
            (59.0, "59.0 s"),
            (600.0, "10.0 min"),
            (9000.0, "2.50 h"),
            (864_000.0, "10.0 d"),
            (1e300, "1.2e295 d"),
            (f64::INFINITY, "∞"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(time(seconds), text);
        }
    }

    #[test]
    fn backgrounds_are_names_or_colours() {
        assert_eq!("#1e2630".parse(), Ok(Background::Colour([0x1e, 0x26, 0x30])));
        assert_eq!("white".parse(), Ok(Background::Colour([255; 3])));
        assert_eq!("transparent".parse(), Ok(Background::Transparent));
        assert!(
            Background::Colour([255; 3]).is_light() && !Background::Colour([0x1e, 0x26, 0x30]).is_light()
        );
        for text in ["", "#", "#12345", "#1234567", "#12345g", "#+12345", "red", "#ä1234"] {
            assert!(text.parse::<Background>().unwrap_err().contains("transparent"), "{text}");
        }
    }

    #[test]
    fn rates_of_films_are_exact() {
        for (text, clock) in [
            ("30", (30_000, 1000)),
            ("1", (1000, 1000)),
            ("240.0", (240_000, 1000)),
            ("12.5", (12_500, 1000)),
            ("29.97", (30_000, 1001)),
            ("23.976", (24_000, 1001)),
            ("23.98", (24_000, 1001)),
            ("59.94", (60_000, 1001)),
            ("119.88", (120_000, 1001)),
            (" 30000/1001", (30_000, 1001)),
            ("29.9", (29_900, 1000)),
        ] {
            assert_eq!(text.parse::<FrameRate>().map(FrameRate::clock), Ok(clock), "{text}");
        }
        for text in
            ["", "0", "-5", "NaN", "inf", "241", "0.5", "30/0", "30/", "1e9", "30 fps", "99999999999/1"]
        {
            assert!(text.parse::<FrameRate>().unwrap_err().contains("29.97"), "{text}");
        }
    }

    #[test]
    fn names_of_the_command_line_are_read_back() {
        assert!(ColourBy::ALL.iter().all(|choice| choice.key().parse() == Ok(*choice)));
        assert!(Quality::ALL.iter().all(|choice| choice.key().parse() == Ok(*choice)));
        let refused = "best".parse::<Quality>().unwrap_err();
        assert!(refused.contains("`best`") && refused.contains("draft, low, medium, high"), "{refused}");
    }
}
