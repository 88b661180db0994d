//! Pictures and films: these draw, so they need a Vulkan adapter (Mesa's software one is enough).
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]
#![cfg(feature = "gpu_tests")]

use natrarium::capture::{FilmOptions, Frame, Offscreen, PictureOptions, check_adapter, record, shot};
use natrarium::lattice::{GrowthMode, SiteKind};
use natrarium::observables::{BRICK_EDGE, BrickView, Metrics, PatchState, PatchView, SiteView, Snapshot};
use natrarium::render::{RenderSettings, SceneCaption};
use natrarium::style::{Background, ColourBy, FrameRate, Quality};

const SITES: [usize; 3] = [64, 64, 64];
const PATCH: usize = 8;

/// A made-up deposit of the given height: a wavy film with a few leaning filaments, one patch cracked, one a
/// root.
fn deposit(height: f32) -> Snapshot {
    let metal = |[x, y, z]: [usize; 3]| {
        let film = height * (0.7 + 0.3 * (x as f32 * 0.3).sin() * (y as f32 * 0.25).cos());
        let filament = (1..5usize).any(|number| {
            let (root_x, root_y) = (13 * number, (17 * number) % 60);
            let lean = (z as f32 * 0.2 * number as f32).sin() * 3.0;
            let (away_x, away_y) = (x as f32 - root_x as f32 - lean, y as f32 - root_y as f32);
            (z as f32) < 3.0 * height && away_x * away_x + away_y * away_y < 3.5
        });
        (z as f32) < film || (height > 0.0 && filament)
    };
    let count = SITES.map(|sites| sites / BRICK_EDGE);
    let bricks = (0..count.iter().product::<usize>())
        .map(|index| {
            let brick = [index % count[0], index / count[0] % count[1], index / count[0] / count[1]];
            let sites = (0..BRICK_EDGE.pow(3))
                .map(|site| {
                    let local =
                        [site % BRICK_EDGE, site / BRICK_EDGE % BRICK_EDGE, site / BRICK_EDGE / BRICK_EDGE];
                    let place: [usize; 3] =
                        std::array::from_fn(|axis| brick[axis] * BRICK_EDGE + local[axis]);
                    if !metal(place) {
                        return SiteView { patch: u16::MAX, ..SiteView::default() };
                    }
                    SiteView {
                        coated: false,
                        kind: SiteKind::Metal,
                        mode: if place[2] as f32 > height { GrowthMode::Base } else { GrowthMode::Film },
                        patch: (place[0] / PATCH + SITES[0] / PATCH * (place[1] / PATCH)) as u16,
                        birth_mah_cm2: 0.5 * place[2] as f32 / SITES[2] as f32,
                        film_nm: 5.0 + place[2] as f32 * 0.4,
                    }
                })
                .collect();
            BrickView { brick, sites }
        })
        .collect();
    let patches = (0..(SITES[0] / PATCH) * (SITES[1] / PATCH))
        .map(|number| {
            let side = SITES[0] / PATCH;
            let middle = |position: usize| (position * PATCH + PATCH / 2) as f32;
            let centre = [middle(number % side), middle(number / side), 0.0];
            let state = match number % 7 {
                2 => PatchState::Cracked,
                5 => PatchState::Root,
                _ => PatchState::Whole,
            };
            let crack = (state != PatchState::Whole).then_some([centre[0], centre[1], height * 0.8]);
            PatchView {
                centre,
                state,
                strain_ratio: 0.5,
                conductivity_ratio: 1.0,
                crack,
                ..PatchView::default()
            }
        })
        .collect();
    let ions = (0..600u32)
        .map(|number| {
            let spread = |factor: u32, most: f32| {
                (number.wrapping_mul(factor) >> 8) as f32 / (1u32 << 24) as f32 * most
            };
            [spread(2_654_435_769, 64.0), spread(40_503 * 65_537, 64.0), 20.0 + spread(1_597_334_677, 44.0)]
        })
        .collect();
    Snapshot {
        generation: 1,
        sites: SITES,
        edge_m: 0.5e-6,
        bricks,
        patches,
        ions,
        metrics: Metrics { time_s: 600.0, areal_capacity_mah_cm2: 0.4, ..Metrics::default() },
        ..Snapshot::default()
    }
}

fn options(width: u32, height: u32, settings: RenderSettings) -> PictureOptions {
    PictureOptions {
        size: (width, height),
        settings,
        caption: SceneCaption { title: "test deposit".into(), collector: true, seeds: false },
        ..PictureOptions::default()
    }
}

fn plain() -> RenderSettings {
    RenderSettings {
        show_ions: false,
        show_cracks: false,
        show_box: false,
        show_scale_bar: false,
        show_caption: false,
        show_legend: false,
        quality: Quality::Low,
        ..RenderSettings::default()
    }
}

/// Share of the pixels for which `wanted(red, green, blue)` holds.
fn share(frame: &Frame, wanted: impl Fn(i32, i32, i32) -> bool) -> f64 {
    let pixels = frame.rgba.chunks_exact(4);
    let all = pixels.len();
    let found = pixels.filter(|pixel| wanted(pixel[0].into(), pixel[1].into(), pixel[2].into())).count();
    found as f64 / all as f64
}

fn draw(settings: RenderSettings, snapshot: Snapshot) -> Frame {
    check_adapter().expect("these tests need an adapter");
    Offscreen::new(&options(320, 180, settings), 0.0).unwrap().draw(snapshot).unwrap()
}

#[test]
fn metal_is_bright_and_grey_before_a_dark_ground() {
    let frame = draw(plain(), deposit(8.0));
    let metal = share(&frame, |r, g, b| r > 90 && (r - g).abs() < 40 && (g - b).abs() < 40);
    let ground = share(&frame, |r, g, b| r.max(g).max(b) < 80);
    assert!(metal > 0.1, "{metal}");
    assert!(ground > 0.2, "{ground}");
}

#[test]
fn a_bare_collector_is_copper() {
    let settings = RenderSettings { show_film_mosaic: false, ..plain() };
    let copper = |r: i32, g: i32, b: i32| r > 70 && r > g + 15 && g >= b;
    let bare = share(&draw(settings.clone(), deposit(0.0)), copper);
    let covered = share(&draw(settings, deposit(8.0)), copper);
    assert!(bare > 0.1 && bare > 3.0 * covered, "{bare} {covered}");
}

#[test]
fn cracks_glow_orange_ions_are_blue_and_the_bar_is_white() {
    let orange = |r: i32, g: i32, b: i32| r > 200 && r > g + 60 && r > b + 60;
    let blue = |r: i32, _: i32, b: i32| b > 150 && b > r + 50;
    let without = draw(plain(), deposit(8.0));
    let cracks = draw(RenderSettings { show_cracks: true, ..plain() }, deposit(8.0));
    assert!(share(&cracks, orange) > share(&without, orange) + 0.001);
    let ions = draw(RenderSettings { show_ions: true, ..plain() }, deposit(8.0));
    assert!(share(&ions, blue) > share(&without, blue) + 0.002);
    // The bar: white pixels where without it there is dark ground.
    let bar = draw(RenderSettings { show_scale_bar: true, ..plain() }, deposit(8.0));
    let pairs = bar.rgba.chunks_exact(4).zip(without.rgba.chunks_exact(4));
    let drawn =
        pairs.filter(|(with, without)| with[..3].iter().all(|c| *c > 215) && without[0] < 120).count();
    assert!(drawn > 40, "{drawn}");
}

#[test]
fn growth_modes_show_as_different_colours() {
    let frame = draw(RenderSettings { colour_by: ColourBy::GrowthMode, ..plain() }, deposit(8.0));
    let vermilion = share(&frame, |r, g, b| r > 120 && r > g + 30 && g > b);
    let grey = share(&frame, |r, _, b| r > 80 && (r - b).abs() < 40);
    assert!(vermilion > 0.01 && grey > 0.05, "{vermilion} {grey}");
}

#[test]
fn a_film_has_the_asked_size_rate_and_length_and_moves() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let film = FilmOptions {
        picture: options(160, 96, RenderSettings { turntable_deg_per_s: 90.0, ..plain() }),
        seconds: 0.5,
        rate: FrameRate::of(20),
        megabits_per_s: None,
    };
    let mut asked = Vec::new();
    let mut told = Vec::new();
    let snapshot = |frame: u32| {
        asked.push(frame);
        Some(deposit(4.0 + frame as f32))
    };
    record(&path, &film, snapshot, |done, all| told.push((done, all))).unwrap();
    assert_eq!(asked, (0..10).collect::<Vec<_>>());
    assert_eq!(told.last(), Some(&(10, 10)));
    let file = std::fs::File::open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    let reader = mp4::Mp4Reader::read_header(std::io::BufReader::new(file), length).unwrap();
    let track = &reader.tracks()[&1];
    assert_eq!((track.width(), track.height(), track.sample_count()), (160, 96, 10));
    assert!((track.frame_rate() - 20.0).abs() < 1e-9);
    assert!((reader.duration().as_secs_f64() - 0.5).abs() < 1e-9);
}

/// Places of the pixels that are nearly white.
fn white(frame: &Frame) -> Vec<(u32, u32)> {
    let pixels = frame.rgba.chunks_exact(4).enumerate();
    let found = pixels.filter(|(_, pixel)| pixel[..3].iter().all(|channel| *channel > 225));
    found.map(|(index, _)| (index as u32 % frame.size.0, index as u32 / frame.size.0)).collect()
}

#[test]
fn a_draft_is_as_large_shows_the_same_and_keeps_its_writing_sharp() {
    let at = |quality| draw(RenderSettings { quality, ..plain() }, deposit(8.0));
    let (draft, low) = (at(Quality::Draft), at(Quality::Low));
    assert_eq!((draft.size, draft.rgba.len()), (low.size, low.rgba.len()));
    let pairs = draft.rgba.iter().zip(&low.rgba).map(|(a, b)| f64::from(a.abs_diff(*b)));
    let difference = pairs.sum::<f64>() / low.rgba.len() as f64;
    assert!(difference > 0.2, "a draft has fewer pixels: {difference}");
    assert!(difference < 12.0, "and shows the same: {difference}");
    let at = |quality| draw(RenderSettings { quality, show_caption: true, ..plain() }, deposit(0.0));
    let (draft, low) = (white(&at(Quality::Draft)), white(&at(Quality::Low)));
    assert!(draft.len() > 50, "{}", draft.len());
    assert_eq!(draft, low, "letters are written at full resolution");
}

/// Mean colours of squares of ten pixels.
fn tiles(frame: &Frame) -> Vec<[f64; 3]> {
    let (width, height) = (frame.size.0 as usize, frame.size.1 as usize);
    let mut sums = vec![[0.0; 3]; (width / 10) * (height / 10)];
    for (index, pixel) in frame.rgba.chunks_exact(4).enumerate() {
        let tile = &mut sums[index % width / 10 + width / 10 * (index / width / 10)];
        for (sum, channel) in tile.iter_mut().zip(pixel) {
            *sum += f64::from(*channel) / 100.0;
        }
    }
    sums
}

#[test]
fn a_draft_is_lit_like_the_other_levels() {
    // Its light is worked out at the vertices by a shader of its own: key light, reflections, shade of nearby
    // metal, glow.
    for (colour_by, cracks) in [(ColourBy::Metal, true), (ColourBy::Metal, false), (ColourBy::Age, false)] {
        let at = |quality| {
            let settings = RenderSettings { quality, colour_by, show_cracks: cracks, ..plain() };
            tiles(&draw(settings, deposit(8.0)))
        };
        let (draft, low) = (at(Quality::Draft), at(Quality::Low));
        let lit = draft.iter().zip(&low).filter(|(_, low)| low.iter().sum::<f64>() > 150.0);
        let differences: Vec<[f64; 3]> =
            lit.map(|(draft, low)| std::array::from_fn(|channel| draft[channel] - low[channel])).collect();
        assert!(differences.len() > 60, "{}", differences.len());
        for channel in 0..3 {
            let mean = differences.iter().map(|tile| tile[channel]).sum::<f64>() / differences.len() as f64;
            let worst = differences.iter().map(|tile| tile[channel].abs()).fold(0.0, f64::max);
            assert!(mean.abs() < 3.0, "{colour_by:?}, channel {channel}: {mean}");
            assert!(worst < 25.0, "{colour_by:?}, channel {channel}: {worst}");
        }
    }
}

#[test]
fn the_bar_lies_at_the_same_place_in_a_draft() {
    let at = |quality| {
        let bar = draw(RenderSettings { quality, show_scale_bar: true, ..plain() }, deposit(0.0));
        let places = white(&bar);
        let mean = |of: fn(&(u32, u32)) -> u32| {
            places.iter().map(|place| f64::from(of(place))).sum::<f64>() / places.len() as f64
        };
        [mean(|place| place.0), mean(|place| place.1)]
    };
    let (draft, low) = (at(Quality::Draft), at(Quality::Low));
    for axis in 0..2 {
        assert!((draft[axis] - low[axis]).abs() < 2.0, "{draft:?} {low:?}");
    }
}

#[test]
fn the_same_snapshots_make_the_same_pictures() {
    let settings = RenderSettings { turntable_deg_per_s: 30.0, ..plain() };
    let film = || {
        let mut stage = Offscreen::new(&options(160, 90, settings.clone()), 0.1).unwrap();
        (0..3).map(|frame| stage.draw(deposit(3.0 + frame as f32)).unwrap()).collect::<Vec<_>>()
    };
    let (first, second) = (film(), film());
    assert!(first == second);
    assert!(first[0] != first[2], "the turntable turns");
}

#[test]
fn an_unwritable_place_is_a_message() {
    let error =
        shot("no/such/folder/still.png".as_ref(), &options(64, 64, plain()), deposit(2.0)).unwrap_err();
    assert!(error.to_string().contains("no/such/folder"), "{error}");
}

#[test]
fn behind_the_deposit_lies_what_was_asked_for() {
    let on = |background| draw(RenderSettings { background, ..plain() }, deposit(8.0));
    // A dull colour, which tone mapping would change.
    let colour = [200, 120, 40];
    let frame = on(Background::Colour(colour));
    let alike = |r: i32, g: i32, b: i32| (r - 200).abs() <= 1 && (g - 120).abs() <= 1 && (b - 40).abs() <= 1;
    let behind = share(&frame, alike);
    assert!((0.2..0.9).contains(&behind), "{behind}");

    let frame = on(Background::Transparent);
    let alphas = |wanted: u8| {
        let found = frame.rgba.chunks_exact(4).filter(|pixel| pixel[3] == wanted).count();
        found as f64 / (frame.rgba.len() / 4) as f64
    };
    assert!((alphas(0) - behind).abs() < 0.02, "{} and {behind}", alphas(0));
    assert!(alphas(255) > 0.1, "the deposit is opaque");
    assert!(share(&on(Background::Studio), alike) < 0.01);
    assert_eq!(
        on(Background::Studio).rgba.iter().skip(3).step_by(4).filter(|alpha| **alpha < 255).count(),
        0
    );
}

#[test]
fn the_camera_looks_at_the_place_it_is_given() {
    check_adapter().expect("these tests need an adapter");
    let look = |target_um: Option<[f32; 3]>| {
        let mut options = options(320, 180, plain());
        options.view.distance_ratio = 0.3;
        options.view.target_um = target_um;
        Offscreen::new(&options, 0.0).unwrap().draw(deposit(8.0)).unwrap()
    };
    // Far above the deposit there is nothing but the backdrop.
    let bright = |frame: &Frame| share(frame, |r, g, b| r + g + b > 200);
    assert!(bright(&look(None)) > 0.2);
    assert!(bright(&look(Some([16.0, 16.0, 3.0]))) > 0.2);
    assert!(bright(&look(Some([16.0, 16.0, 500.0]))) < 0.01);
}

#[test]
fn a_cycling_film_says_cycle_step_and_current() {
    let with = |protocol_step| {
        let mut snapshot = deposit(8.0);
        snapshot.metrics.protocol_step = protocol_step;
        snapshot.metrics.cycle = 3;
        draw(RenderSettings { show_caption: true, ..plain() }, snapshot)
    };
    let light = |frame: &Frame| share(frame, |r, g, b| r > 150 && g > 150 && b > 150);
    assert!(light(&with(Some(2))) > light(&with(None)), "a line more is written");
}
