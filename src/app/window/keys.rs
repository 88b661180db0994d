//! Keys in the order in which they are pressed.
//!
//! Does: turn keyboard messages into egui's events. Each key has the modifier keys of its own moment.
//! Does not: know what keys do.
//!
//! bevy_egui gives all keys of a frame the modifier keys at its end. In a frame of a tenth of a second,
//! Ctrl+A would be an "a".

use bevy::input::keyboard::{Key, KeyboardFocusLost, KeyboardInput};
use bevy::prelude::*;
use bevy_egui::helpers::{bevy_to_egui_key, bevy_to_egui_physical_key};
use bevy_egui::input::{EguiInputEvent, ModifierKeysState};
use bevy_egui::{EguiClipboard, EguiGlobalSettings, EguiInputSet, PrimaryEguiContext, egui};

/// Takes the keyboard over from bevy_egui, whose plugin must be there.
pub(super) fn plugin(app: &mut App) {
    let mut settings = app.world_mut().resource_mut::<EguiGlobalSettings>();
    settings.input_system_settings.run_write_keyboard_input_messages_system = false;
    app.add_systems(PreUpdate, translate.in_set(EguiInputSet::ReadBevyMessages));
}

fn translate(
    mut keys: MessageReader<KeyboardInput>,
    mut lost: MessageReader<KeyboardFocusLost>,
    mut held: Local<ModifierKeysState>,
    mut clipboard: ResMut<EguiClipboard>,
    contexts: Query<Entity, With<PrimaryEguiContext>>,
    mut events: MessageWriter<EguiInputEvent>,
) {
    if lost.read().count() > 0 {
        // Releases that follow go to another window.
        *held = ModifierKeysState::default();
    }
    for key in keys.read() {
        let translated = events_of(key, &mut held, || clipboard.get_text());
        for context in &contexts {
            let addressed = |event: &egui::Event| EguiInputEvent { context, event: event.clone() };
            events.write_batch(translated.iter().map(addressed));
        }
    }
}

/// What one key means to egui, `held` being the modifier keys before it.
fn events_of(
    key: &KeyboardInput,
    held: &mut ModifierKeysState,
    clipboard: impl FnOnce() -> Option<String>,
) -> Vec<egui::Event> {
    let pressed = key.state.is_pressed();
    match key.logical_key {
        Key::Shift => held.shift = pressed,
        Key::Control => held.ctrl = pressed,
        Key::Alt => held.alt = pressed,
        Key::Super | Key::Meta => held.win = pressed,
        _ => {}
    }
    let mut events = Vec::new();
    if pressed && held.text_input_is_allowed() {
        match &key.logical_key {
            Key::Character(text) if !text.contains(char::is_control) => {
                events.push(egui::Event::Text(text.to_string()));
            }
            Key::Space => events.push(egui::Event::Text(" ".into())),
            _ => {}
        }
    }
    let physical_key = bevy_to_egui_physical_key(&key.key_code);
    // A layout without Latin letters has the shortcuts of a US keyboard.
    let Some(meaning) = bevy_to_egui_key(&key.logical_key).or(physical_key) else { return events };
    let modifiers = held.to_egui_modifiers();
    events.push(egui::Event::Key { key: meaning, physical_key, pressed, repeat: false, modifiers });
    if pressed && modifiers.command {
        match meaning {
            egui::Key::C => events.push(egui::Event::Copy),
            egui::Key::X => events.push(egui::Event::Cut),
            egui::Key::V => events.extend(clipboard().map(egui::Event::Paste)),
            _ => {}
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::input::ButtonState;

    /// The events of keys pressed and released within one frame.
    fn events(keys: &[(Key, KeyCode, ButtonState)]) -> Vec<egui::Event> {
        let mut held = ModifierKeysState::default();
        let message = |(logical_key, key_code, state): &(Key, KeyCode, ButtonState)| KeyboardInput {
            key_code: *key_code,
            logical_key: logical_key.clone(),
            state: *state,
            text: None,
            repeat: false,
            window: Entity::PLACEHOLDER,
        };
        let keys = keys.iter().map(message);
        keys.flat_map(|key| events_of(&key, &mut held, || Some("pasted".into()))).collect()
    }

    fn chord(letter: &str, place: KeyCode) -> Vec<egui::Event> {
        use ButtonState::{Pressed, Released};
        let (control, letter) =
            ((Key::Control, KeyCode::ControlLeft), (Key::Character(letter.into()), place));
        events(&[
            (control.0.clone(), control.1, Pressed),
            (letter.0.clone(), letter.1, Pressed),
            (letter.0, letter.1, Released),
            (control.0, control.1, Released),
        ])
    }

    fn pressed_with_control(events: &[egui::Event]) -> Vec<egui::Key> {
        let key = |event: &egui::Event| match event {
            egui::Event::Key { key, pressed: true, modifiers, .. } if modifiers.ctrl => Some(*key),
            _ => None,
        };
        events.iter().filter_map(key).collect()
    }

    #[test]
    fn a_chord_within_one_frame_stays_a_chord() {
        let select_all = chord("a", KeyCode::KeyA);
        assert_eq!(pressed_with_control(&select_all), [egui::Key::A]);
        assert!(!select_all.iter().any(|event| matches!(event, egui::Event::Text(_))), "{select_all:?}");
        assert!(chord("c", KeyCode::KeyC).contains(&egui::Event::Copy));
        assert!(chord("v", KeyCode::KeyV).contains(&egui::Event::Paste("pasted".into())));
    }

    #[test]
    fn shortcuts_go_by_the_letter_on_the_key() {
        // Z of a German keyboard is Y of a US one; Dvorak has N at L; Cyrillic has no Latin letters.
        for (letter, place, key) in [
            ("z", KeyCode::KeyY, egui::Key::Z),
            ("n", KeyCode::KeyL, egui::Key::N),
            ("т", KeyCode::KeyN, egui::Key::N),
        ] {
            assert_eq!(pressed_with_control(&chord(letter, place)), [key], "{letter}");
        }
    }

    #[test]
    fn letters_alone_are_text() {
        let letter = (Key::Character("Ä".into()), KeyCode::Quote, ButtonState::Pressed);
        assert_eq!(events(&[letter])[0], egui::Event::Text("Ä".into()));
    }
}
