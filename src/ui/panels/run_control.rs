//! Choosing a scene and running it.

use crate::observables::Ending;
use crate::scene::{Scene, SceneSpec};
use crate::ui::facts::{Facts, Request};
use crate::ui::widgets::format::significant;
use crate::ui::widgets::number::Number;
use crate::ui::widgets::theme;
use crate::ui::widgets::typeset::letters;
use bevy_egui::egui;

/// State of the panel.
#[derive(Clone, Debug)]
pub struct RunControl {
    /// The path field.
    path: String,
    /// Last finite speed, kept while "as fast as possible" is ticked.
    speed: f64,
    /// The speed that suits the scene.
    usual: f64,
}

impl Default for RunControl {
    fn default() -> Self {
        Self { path: String::new(), speed: 60.0, usual: 60.0 }
    }
}

impl RunControl {
    /// Another scene was opened: returns the speed that suits it.
    pub fn suit(&mut self, opened: &SceneSpec) -> f64 {
        self.usual = usual_speed(opened);
        self.usual
    }

    /// Shows the panel. Where the user has `changed` the scene, its words are about what it was.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts, changed: bool, requests: &mut Vec<Request>) {
        let Self { path, speed, usual } = self;
        theme::section(ui, "Scene", |ui| {
            scene_chooser(ui, facts, path, requests);
            let notice = letters(ui.ctx(), facts.opened.notice.trim());
            if !notice.is_empty() {
                if changed {
                    ui.colored_label(theme::ACCENT, "You have changed this scene. About the original:");
                }
                ui.label(egui::RichText::new(notice).color(theme::SECOND));
            }
        });
        theme::section(ui, "Run", |ui| {
            buttons(ui, facts, requests);
            speed_control(ui, facts, (speed, *usual), requests);
        });
    }
}

fn scene_chooser(ui: &mut egui::Ui, facts: &Facts, path: &mut String, requests: &mut Vec<Request>) {
    egui::ComboBox::from_id_salt("scene chooser")
        // A click on the path field is not a choice.
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .selected_text(letters(ui.ctx(), &facts.opened.title))
        .width(ui.available_width())
        .truncate()
        // As many scenes as the window has room for; the bar at the side tells of more.
        .height(0.75 * ui.ctx().viewport_rect().height())
        .show_ui(ui, |ui| {
            ui.weak("A scene file of your own:");
            ui.horizontal(|ui| {
                let field = ui.add(
                    egui::TextEdit::singleline(path).hint_text("path/to/scene.ron").desired_width(205.0),
                );
                ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("Path of a scene file"));
                let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                if (ui.button("Open").clicked() || entered) && !path.trim().is_empty() {
                    requests.push(Request::Open(path.trim().to_owned()));
                    ui.close();
                }
            });
            ui.separator();
            for scene in &facts.library.scenes {
                let chosen = scene.title == facts.opened.title;
                if ui.selectable_label(chosen, &scene.title).on_hover_text(&scene.notice).clicked() {
                    requests.push(Request::Open(scene.name.to_owned()));
                    ui.close();
                }
            }
        })
        .response
        .on_hover_text("Choose a scene");
}

fn buttons(ui: &mut egui::Ui, facts: &Facts, requests: &mut Vec<Request>) {
    let status = facts.status;
    let half = egui::vec2((ui.available_width() - ui.spacing().item_spacing.x) / 2.0, 32.0);
    ui.horizontal(|ui| {
        let (text, request, hint) = if status.playing {
            ("⏸ Pause", Request::Pause, "Space")
        } else if status.finished {
            ("▶ Continue", Request::Continue, "Goes on beyond the limit, as far again (Space)")
        } else {
            ("▶ Play", Request::Play, "Space")
        };
        let ended = status.finished && !status.ending.is_some_and(Ending::can_go_on);
        let play =
            egui::Button::new(egui::RichText::new(text).color(theme::PANEL).strong()).fill(theme::ACCENT);
        let play = ui.add_enabled_ui(!ended, |ui| ui.add_sized(half, play)).inner;
        if play.on_hover_text(hint).on_disabled_hover_text("The run has ended").clicked() {
            requests.push(request);
        }
        let step = ui.add_enabled_ui(!status.finished, |ui| ui.add_sized(half, egui::Button::new("Step")));
        if step.inner.on_hover_text("One step: a sixty-fourth of a layer of metal ( . )").clicked() {
            requests.push(Request::Step);
        }
    });
    let third = egui::vec2((ui.available_width() - 2.0 * ui.spacing().item_spacing.x) / 3.0, 32.0);
    ui.horizontal(|ui| {
        let again = ui.add_sized(third, egui::Button::new("Restart"));
        if again
            .on_hover_text(format!("From the beginning with the same seed, {} (Backspace)", status.seed))
            .clicked()
        {
            requests.push(Request::Restart { new_seed: false });
        }
        let other = ui.add_sized(third, egui::Button::new("New seed"));
        if other.on_hover_text("From the beginning with other random numbers (N)").clicked() {
            requests.push(Request::Restart { new_seed: true });
        }
        let undo =
            ui.add_enabled_ui(status.can_undo, |ui| ui.add_sized(third, egui::Button::new("Undo"))).inner;
        let hint = "Brings back the run before the last restart, new seed or other scene (Ctrl+Z)";
        if undo.on_hover_text(hint).on_disabled_hover_text("No run has been discarded").clicked() {
            requests.push(Request::Undo);
        }
    });
    // The line is always there, so that nothing moves under the pointer when a run ends.
    let ending = status.ending.filter(|_| status.finished);
    let words = ending.map_or(" ".to_string(), |ending| format!("Ended: {}.", ending.sentence()));
    ui.label(egui::RichText::new(words).color(theme::ACCENT));
}

fn speed_control(
    ui: &mut egui::Ui,
    facts: &Facts,
    (speed, usual): (&mut f64, f64),
    requests: &mut Vec<Request>,
) {
    let status = facts.status;
    if let Some(asked) = status.speed {
        *speed = asked;
    }
    let field = Number {
        label: "Speed",
        unit: "× real time".into(),
        range: 0.1..=1e5,
        typed: 0.1..=1e5,
        logarithmic: true,
        reset_to: usual,
        hint: "Simulated seconds per second",
    };
    if field.ui(ui, speed).changed {
        requests.push(Request::Speed(Some(*speed)));
    }
    let mut fastest = status.speed.is_none();
    ui.horizontal(|ui| {
        if ui.checkbox(&mut fastest, "As fast as possible").changed() {
            requests.push(Request::Speed(if fastest { None } else { Some(*speed) }));
        }
        if status.playing && status.pace > 0.0 {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.weak(format!("now ×{}", significant(status.pace)))
                    .on_hover_text("What the machine achieves: simulated seconds per second");
            });
        }
    });
}

/// The speed at which a scene lasts about a minute, rounded to 1, 2 or 5 times a power of ten.
fn usual_speed(opened: &SceneSpec) -> f64 {
    let seconds = Scene::resolve(opened.clone()).ok().and_then(|scene| scene.nominal_duration_s());
    let wanted = seconds.map_or(60.0, |seconds| (seconds / 60.0).clamp(0.1, 1e5));
    let power = 10f64.powf(wanted.log10().floor());
    let mantissa =
        [1.0, 2.0, 5.0, 10.0].into_iter().find(|mantissa| wanted <= mantissa * power * 1.01).unwrap_or(10.0);
    (mantissa * power).min(1e5)
}
