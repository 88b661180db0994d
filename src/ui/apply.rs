//! Changes that wait for a restart: whether they can be had, and the button that applies them.
//!
//! Does: ask the scene whether what all panels show together makes sense, once per change.
//! Does not: know which panel is at fault; the sentence names the field, and the run goes on as it is.

use super::facts::Request;
use super::widgets::theme;
use crate::scene::{Scene, SceneSpec};
use bevy_egui::egui;

/// What the scene says to the changes.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    judged: Option<SceneSpec>,
    problem: Option<String>,
}

impl Verdict {
    /// Judges what the next run would be. Returns true when it is another one than last time.
    pub fn judge(&mut self, wanted: SceneSpec) -> bool {
        if self.judged.as_ref() == Some(&wanted) {
            return false;
        }
        let judged = Scene::resolve_naming(wanted.clone(), step_name);
        self.problem = judged.err().map(|error| error.to_string());
        self.judged = Some(wanted);
        true
    }

    /// The button of a panel with changes, or why they cannot be had.
    pub fn ui(&self, ui: &mut egui::Ui, requests: &mut Vec<Request>) {
        if let Some(problem) = &self.problem {
            // A line must not begin with the unit of a number.
            ui.colored_label(theme::ALARM, problem.replace(" °C", "\u{a0}°C"));
            return;
        }
        let text = egui::RichText::new("⟲ Restart to apply").color(theme::ACCENT);
        let button = egui::Button::new(text).stroke(egui::Stroke::new(1.0, theme::ACCENT));
        let size = [ui.available_width(), 30.0];
        if ui.add_sized(size, button).on_hover_text("This change needs a new run").clicked() {
            requests.push(Request::Restart { new_seed: false });
        }
    }
}

/// "step 1.2" for a field of the protocol, as its rows are numbered:
/// `protocol[0].Repeat.steps[1].Strip.until`.
fn step_name(field: &str) -> Option<String> {
    let steps = field.strip_prefix("protocol[")?.split('[');
    let numbers = steps.map(|part| part.split(']').next()?.parse::<usize>().ok().map(|index| index + 1));
    let numbers: Option<Vec<String>> =
        numbers.map(|number| number.map(|number| number.to_string())).collect();
    Some(format!("step {}", numbers?.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_named_as_their_rows() {
        assert_eq!(step_name("protocol[2].Plate.until").as_deref(), Some("step 3"));
        assert_eq!(step_name("protocol[0].Repeat.steps[1].Strip").as_deref(), Some("step 1.2"));
        for other in ["protocol", "temperature_c", "protocol[x]"] {
            assert_eq!(step_name(other), None);
        }
    }
}
