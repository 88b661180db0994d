//! What has happened so far; a click flies the camera there.

use crate::style;
use crate::ui::facts::{Facts, Request};
use crate::ui::widgets::theme;
use bevy_egui::egui;

/// The panel; it has no state.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventList;

impl EventList {
    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts, requests: &mut Vec<Request>) {
        let Self = self;
        theme::section(ui, "Events", |ui| {
            if facts.events.is_empty() {
                ui.weak("Nothing yet.");
            }
            // Latest first, so that it is seen without scrolling.
            for event in facts.events.iter().rev() {
                let text = format!("{}  {}", style::time(event.time_s), event.kind.sentence());
                match event.position {
                    Some(place) => {
                        let button = egui::Button::new(egui::RichText::new(text).color(theme::TEXT)).wrap();
                        if ui.add(button).on_hover_text("Look at the place").clicked() {
                            requests.push(Request::LookAt(place));
                        }
                    }
                    None => {
                        ui.weak(text);
                    }
                }
            }
        });
    }
}
