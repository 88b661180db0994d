//! Changes that wait for a restart: whether they can be had, and the button that applies them.
//!
//! Does: ask the scene whether what all panels show together makes sense, once per change. Say a problem in
//! the words of the panels.
//! Does not: know which panel is at fault; the sentence names the field, and the run goes on as it is.

use super::facts::Request;
use super::widgets::theme;
use crate::host::HostSpec;
use crate::quantity::{Quantities, Quantity};
use crate::scene::{CellSpec, Scene, SceneSpec, limits};
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
        self.problem = resolve(wanted.clone()).err();
        self.judged = Some(wanted);
        true
    }

    /// While the next run would be another one than `running`: the button that starts it, or why it cannot be
    /// had. It lies over the lower left of the picture, so that no field moves under the pointer.
    pub fn ui(
        &self,
        context: &egui::Context,
        area: egui::Rect,
        running: &SceneSpec,
        requests: &mut Vec<Request>,
    ) {
        let Some(wanted) = &self.judged else { return };
        // These two act at once.
        let at_once = |spec: &SceneSpec| SceneSpec {
            until: running.until,
            current_density_ma_cm2: running.current_density_ma_cm2,
            ..spec.clone()
        };
        if at_once(wanted) == *running {
            return;
        }
        let width = (area.width() - 60.0).clamp(160.0, 240.0);
        egui::Area::new(egui::Id::new("changes"))
            .pivot(egui::Align2::LEFT_BOTTOM)
            .fixed_pos(area.left_bottom() + egui::vec2(12.0, -12.0))
            .order(egui::Order::Middle)
            .show(context, |ui| {
                let colour = if self.problem.is_some() { theme::ALARM } else { theme::ACCENT };
                let frame = egui::Frame::window(ui.style()).stroke(egui::Stroke::new(1.0, colour));
                frame.show(ui, |ui| {
                    ui.set_width(width);
                    if let Some(problem) = &self.problem {
                        // A line must not begin with the unit of a number.
                        ui.colored_label(theme::ALARM, problem.replace(" °C", "\u{a0}°C"));
                        return;
                    }
                    ui.label("Changes wait for a new run.");
                    let text = egui::RichText::new("⟲ Restart to apply").color(theme::PANEL).strong();
                    let button = egui::Button::new(text).fill(theme::ACCENT);
                    if ui.add_sized([ui.available_width(), 32.0], button).clicked() {
                        requests.push(Request::Restart { new_seed: false });
                    }
                });
            });
    }
}

/// The scene of what the panels show.
///
/// # Errors
/// What makes no sense, in the words of the panels.
pub fn resolve(spec: SceneSpec) -> Result<Scene, String> {
    let numbers = spec.quantities();
    // As its row is numbered; elsewhere by its label.
    let place = |field: &str| step_name(field).or_else(|| label(field, numbers).map(str::to_owned));
    Scene::resolve_naming(spec, place).map_err(|error| plain(&error.to_string(), numbers))
}

/// The step that a field such as `protocol[0].Repeat.steps[1].Strip.until` belongs to.
fn step_name(field: &str) -> Option<String> {
    let steps = field.strip_prefix("protocol[")?.split('[');
    let numbers = steps.map(|part| part.split(']').next()?.parse::<usize>().ok().map(|index| index + 1));
    let numbers: Option<Vec<String>> =
        numbers.map(|number| number.map(|number| number.to_string())).collect();
    Some(format!("step {}", numbers?.join(".")))
}

/// A sentence about a scene file in the words of the panels: samples of such a file in parentheses are left
/// out, fields have their labels.
fn plain(sentence: &str, scene: &[Quantity]) -> String {
    let mut words = sentence.to_owned();
    for opening in [" (for example `", " (`"] {
        while let Some(start) = words.find(opening) {
            let Some(length) = words[start..].find("`)") else { break };
            words.replace_range(start..start + length + 2, "");
        }
    }
    while let Some((before, rest)) = words.split_once('`') {
        let Some((name, after)) = rest.split_once('`') else { break };
        words = match label(name, scene) {
            Some(label) => format!("{before}{label}{after}"),
            None => format!("{before}“{name}”{after}"),
        };
    }
    words
}

/// What the panels call a field, given by its dotted path. `scene` describes the numbers of the scene itself.
fn label(field: &str, scene: &[Quantity]) -> Option<&'static str> {
    let name = field.rsplit('.').next()?;
    // Fields without a description of their own.
    let others = [
        ("protocol", "the protocol"),
        ("cell", "the cell"),
        ("until", "the limits"),
        ("times", "number of repeats"),
        ("electrolyte", "electrolyte"),
        ("host", "host"),
        ("lattice.sites", "the box"),
    ];
    if let Some((_, label)) = others.iter().find(|(other, _)| *other == field) {
        return Some(label);
    }
    let find = |all: &[Quantity]| all.iter().find(|one| one.name == name).map(|one| one.label);
    let hosts = HostSpec::presets();
    find(scene)
        .or_else(|| hosts.iter().find_map(|(_, host)| find(host.quantities())))
        .or_else(|| CellSpec::KINDS.iter().find_map(|kind| find(&[kind.metal])))
        .or_else(|| find(&limits::STEPS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{StepLimits, StepSpec, load};

    #[test]
    fn steps_are_named_as_their_rows() {
        assert_eq!(step_name("protocol[2].Plate.until").as_deref(), Some("step 3"));
        assert_eq!(step_name("protocol[0].Repeat.steps[1].Strip").as_deref(), Some("step 1.2"));
        for other in ["protocol", "temperature_c", "protocol[x]"] {
            assert_eq!(step_name(other), None);
        }
    }

    #[test]
    fn samples_of_files_are_left_out_and_fields_have_their_labels() {
        for (file, window) in [
            ("begin (for example `Plate(until: (x: 1))`), or not", "begin, or not"),
            ("take a symmetric cell (`cell: Symmetric()`)", "take a symmetric cell"),
            ("raise `cutoff_v` (see below)", "raise Cutoff voltage (see below)"),
            ("unknown electrolyte `xyz`", "unknown electrolyte “xyz”"),
            ("a lone ` stays", "a lone ` stays"),
        ] {
            let numbers = load("half_cell").expect("a good scene").spec.quantities();
            assert_eq!(plain(file, numbers), window);
        }
    }

    /// Every problem that panels can make is told without the syntax of a file.
    #[test]
    fn problems_are_told_in_the_words_of_the_panels() {
        let strip = |until| StepSpec::Strip { current_density_ma_cm2: 1.0, until };
        let voltage = |voltage_v| StepLimits { voltage_v: Some(voltage_v), ..StepLimits::default() };
        let plate = |charge| StepSpec::Plate {
            current_density_ma_cm2: 1.0,
            until: StepLimits { capacity_mah_cm2: Some(charge), ..StepLimits::default() },
        };
        let hold = |voltage_v, until| StepSpec::Hold { voltage_v, largest_ma_cm2: 1.0, until };
        let changes: Vec<Box<dyn Fn(&mut SceneSpec)>> = vec![
            Box::new(|spec| spec.temperature_c = -100.0),
            Box::new(|spec| spec.pressure_mpa = f64::NAN),
            Box::new(|spec| spec.electrode_gap_um = 20.0),
            Box::new(|spec| spec.protocol = Some(vec![])),
            Box::new(move |spec| spec.protocol = Some(vec![strip(voltage(0.5))])),
            Box::new(|spec| spec.protocol = Some(vec![StepSpec::Rest { time_s: 5.0 }])),
            Box::new(move |spec| spec.protocol = Some(vec![plate(0.5), strip(StepLimits::default())])),
            Box::new(move |spec| spec.protocol = Some(vec![plate(0.5), strip(voltage(9.0))])),
            Box::new(move |spec| spec.protocol = Some(vec![plate(1e5)])),
            Box::new(move |spec| spec.protocol = Some(vec![hold(0.0, voltage(1.0))])),
            Box::new(move |spec| spec.protocol = Some(vec![hold(-0.1, voltage(1.0))])),
            Box::new(move |spec| {
                spec.protocol = Some(vec![StepSpec::Repeat { times: 0, steps: vec![plate(0.5)] }]);
            }),
        ];
        for change in changes {
            let mut spec = load("half_cell").expect("a good scene").spec;
            change(&mut spec);
            let problem = resolve(spec).expect_err("refused");
            for sign in ['`', '_', '(', '['] {
                assert!(!problem.contains(sign), "{problem}");
            }
        }
    }
}
