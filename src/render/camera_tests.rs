//! Tests of `camera.rs`.

use super::*;
use crate::observables::Snapshot;

fn empty_box() -> Mirror {
    let mut mirror = Mirror::default();
    mirror.apply(&Snapshot { generation: 1, sites: [128, 96, 160], edge_m: 0.5e-6, ..Snapshot::default() });
    mirror
}

/// Where a point appears, as shares of the visible half width and half height.
fn seen_at(orbit: &Orbit, point: Vec3, seen: Vec2) -> Vec2 {
    let rotation = orbit.rotation();
    let from_camera = rotation.inverse() * (point - orbit.focus) - Vec3::Z * orbit.distance;
    from_camera.xy() / -from_camera.z / (FIELD_OF_VIEW / 2.0).tan() / seen
}

#[test]
fn the_collector_fits_the_picture_from_every_side() {
    let mirror = empty_box();
    for aspect in [1280.0 / 720.0, 0.95] {
        let seen = Vec2::new(aspect, 1.0);
        for elevation in [0.0f32, 0.4, 0.9, 1.3] {
            let (focus, distance) = framing(&mirror, true, aspect, elevation);
            for azimuth in 0..12 {
                let azimuth = azimuth as f32 * 0.5;
                let orbit = Orbit {
                    focus,
                    azimuth,
                    elevation,
                    distance,
                    follows: true,
                    generation: None,
                    cursor: None,
                    flight: None,
                };
                for corner in [(0.0, 0.0), (64.0, 0.0), (64.0, 48.0), (0.0, 48.0)] {
                    let at = seen_at(&orbit, Vec3::new(corner.0, corner.1, 0.0), seen);
                    assert!(at.abs().max_element() < 1.0, "{elevation} {azimuth} {at}");
                }
            }
        }
    }
}

#[test]
fn a_tall_picture_is_filled_better_from_above() {
    let mirror = empty_box();
    let share_of_height = |view: StartView, aspect: f32| {
        let elevation = view.elevation_deg.to_radians();
        let (focus, distance) = framing(&mirror, true, aspect, elevation);
        let orbit = Orbit {
            focus,
            azimuth: view.azimuth_deg.to_radians(),
            elevation,
            distance,
            follows: true,
            generation: None,
            cursor: None,
            flight: None,
        };
        let heights = [(0.0, 0.0), (64.0, 0.0), (64.0, 48.0), (0.0, 48.0)]
            .map(|(x, y)| seen_at(&orbit, Vec3::new(x, y, 0.0), Vec2::new(aspect, 1.0)).y);
        let most = heights.into_iter().fold(f32::MIN, f32::max);
        (most - heights.into_iter().fold(f32::MAX, f32::min)) / 2.0
    };
    let size = (1080, 1920);
    let aspect = 1080.0 / 1920.0;
    let (usual, suited) = (StartView::default(), StartView::suited_to(size));
    assert!(share_of_height(suited, aspect) > 1.4 * share_of_height(usual, aspect));
    assert_eq!(StartView::suited_to((1280, 720)), usual);
}

#[test]
fn keys_go_by_the_sign_they_bear() {
    let pressed = |text: &str, key_code| {
        let logical_key = Key::Character(text.into());
        let state = bevy::input::ButtonState::Pressed;
        let window = Entity::PLACEHOLDER;
        sign(&KeyboardInput { key_code, logical_key, state, text: None, repeat: false, window })
    };
    // Dvorak has R where a US keyboard has O, German + where that has ].
    for (text, key_code, expected) in [
        ("r", KeyCode::KeyO, Some('r')),
        ("R", KeyCode::KeyR, Some('r')),
        ("p", KeyCode::KeyR, Some('p')),
        ("+", KeyCode::BracketRight, Some('+')),
        ("-", KeyCode::Slash, Some('-')),
        ("к", KeyCode::KeyR, Some('r')),
        ("к", KeyCode::KeyO, None),
    ] {
        assert_eq!(pressed(text, key_code), expected, "{text} {key_code:?}");
    }
}

#[test]
fn the_camera_looks_at_its_focus_with_the_vertical_upright() {
    let orbit = Orbit {
        focus: Vec3::ZERO,
        azimuth: 0.7,
        elevation: 0.4,
        distance: 10.0,
        follows: true,
        generation: None,
        cursor: None,
        flight: None,
    };
    let rotation = orbit.rotation();
    assert!((rotation * Vec3::X).z.abs() < 1e-5, "the horizon is level");
    assert!(((rotation * Vec3::Z).z - 0.4f32.sin()).abs() < 1e-5, "seen from above by the elevation");
    assert!(seen_at(&orbit, Vec3::ZERO, Vec2::ONE).length() < 1e-5);
}
