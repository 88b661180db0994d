//! The applied current: which way it flows, and how strong it is. The one knob that acts at once.
//!
//! Does: plate, rest or strip at a press, ask for finite values, mark the limiting current on the slider. Say
//! what the value means and which step of the protocol is on.
//! Does not: follow the salt; that is the simulation's, and the readouts show it.
//! Accuracy: steady limiting current and Sand's law for the scene's electrolyte and gap; once current flows,
//! with the salt's diffusivity as the simulation has it.

use crate::electrochemistry::salt_transport::{limiting_current_density, sand_time};
use crate::quantity::Quantities;
use crate::scene::{Scene, SceneSpec};
use crate::style;
use crate::ui::facts::{Facts, Request};
use crate::ui::progress;
use crate::ui::widgets::format::with_unit;
use crate::ui::widgets::number::Number;
use crate::ui::widgets::{theme, typeset};
use crate::units;
use bevy_egui::egui;

/// Which way the current flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Metal is deposited.
    Plate,
    /// No current.
    Rest,
    /// Metal is dissolved.
    Strip,
}

impl Direction {
    /// All, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Plate, Self::Rest, Self::Strip];

    fn of(ma_cm2: f64) -> Self {
        match ma_cm2 {
            i if i > 0.0 => Self::Plate,
            i if i < 0.0 => Self::Strip,
            _ => Self::Rest,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Plate => "Plate",
            Self::Rest => "Rest",
            Self::Strip => "Strip",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Plate => "Deposit metal on the electrode (1)",
            Self::Rest => "No current (2)",
            Self::Strip => "Dissolve metal from the electrode (3)",
        }
    }

    /// A magnitude with the sign of the direction.
    fn signed(self, ma_cm2: f64) -> f64 {
        match self {
            Self::Plate => ma_cm2,
            Self::Rest => 0.0,
            Self::Strip => -ma_cm2,
        }
    }
}

/// State of the panel. Magnitudes are in mA cm⁻².
#[derive(Clone, Debug, Default)]
pub struct CurrentDensity {
    /// What the user set, until another scene is opened.
    chosen_ma_cm2: Option<f64>,
    /// What the user set in a step of the protocol, and the number of that step.
    by_hand: Option<(u64, f64)>,
}

impl CurrentDensity {
    /// Forgets what the user set.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Another run begins: what was set in a step of the last one does not hold.
    pub fn forget_step(&mut self) {
        self.by_hand = None;
    }

    /// What the user set, or what the scene says.
    pub fn ma_cm2(&self, opened: &SceneSpec) -> f64 {
        self.chosen_ma_cm2.unwrap_or(opened.current_density_ma_cm2)
    }

    /// What the slider shows: of a protocol, the current of the present step.
    fn shown_ma_cm2(&self, facts: &Facts) -> f64 {
        let Some(step) = facts.present_step else {
            // After the end of a protocol, the current that flowed last.
            let last = facts.metrics.current_density_ma_cm2.abs();
            let ran = facts.status.finished && facts.running.spec.protocol.is_some() && last > 0.0;
            return if ran { last } else { self.ma_cm2(facts.opened) };
        };
        let by_hand = self.by_hand.filter(|(number, _)| *number == step.number).map(|(_, value)| value);
        let asked = units::ma_cm2_from_a_m2(step.current_density_a_m2).abs();
        by_hand.or((asked > 0.0).then_some(asked)).unwrap_or(self.ma_cm2(facts.opened))
    }

    /// Turns the current, keeping its magnitude.
    pub fn turn(&mut self, direction: Direction, facts: &Facts, requests: &mut Vec<Request>) {
        let kept = [self.shown_ma_cm2(facts), facts.opened.current_density_ma_cm2, 1.0];
        let magnitude = kept.into_iter().find(|value| *value > 0.0).unwrap_or(1.0);
        self.keep(magnitude, facts);
        requests.push(Request::CurrentDensity { ma_cm2: direction.signed(magnitude) });
    }

    /// A step of a protocol passes; what was set in it is not for the steps after it, nor for the next run.
    fn keep(&mut self, ma_cm2: f64, facts: &Facts) {
        match facts.present_step {
            Some(step) => self.by_hand = Some((step.number, ma_cm2)),
            None => self.chosen_ma_cm2 = Some(ma_cm2),
        }
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts, requests: &mut Vec<Request>) {
        let now = Direction::of(facts.metrics.current_density_ma_cm2);
        let mut value = self.shown_ma_cm2(facts);
        theme::section(ui, "Current density", |ui| {
            self.buttons(ui, now, facts, requests);
            self.present_step(ui, facts);
            let applied = facts.opened.quantity("current_density_ma_cm2");
            let reset_to = facts.opened.current_density_ma_cm2;
            let field =
                Number { hint: "Acts at once", ..Number::of(applied, &applied.fixed_range(), reset_to) };
            let response = field.ui(ui, &mut value);
            if response.changed {
                self.keep(value, facts);
                // At rest it waits for one of the buttons.
                if now != Direction::Rest {
                    requests.push(Request::CurrentDensity { ma_cm2: now.signed(value) });
                }
            }
            let salt = SaltLimit::of(facts);
            if let Some(x) = field.position(response.slider, salt.limit_ma_cm2) {
                let stroke = egui::Stroke::new(2.0, theme::ALARM);
                ui.painter().vline(x, response.slider.y_range().shrink(2.0), stroke);
            }
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                ui.colored_label(theme::ALARM, "|");
                let limit = with_unit(salt.limit_ma_cm2, "mA cm⁻²");
                typeset::label(ui, &format!("limiting current i_lim = {limit}"));
            });
            let meaning = meaning(facts.running, now, value, &salt);
            ui.label(egui::RichText::new(meaning).color(theme::SECOND));
        });
    }

    fn buttons(&mut self, ui: &mut egui::Ui, now: Direction, facts: &Facts, requests: &mut Vec<Request>) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let size = egui::vec2((ui.available_width() - 12.0) / 3.0, 34.0);
            for direction in Direction::ALL {
                let on = direction == now;
                let text = egui::RichText::new(direction.label()).size(17.0);
                let mut button =
                    egui::Button::new(if on { text.color(theme::ACCENT).strong() } else { text });
                if on {
                    button = button.stroke(egui::Stroke::new(2.0, theme::ACCENT));
                }
                let shown = ui.add_enabled_ui(!facts.status.finished, |ui| ui.add_sized(size, button));
                if shown.inner.on_hover_text(direction.hint()).clicked() {
                    self.turn(direction, facts, requests);
                }
            }
        });
    }

    fn present_step(&self, ui: &mut egui::Ui, facts: &Facts) {
        let Some(step) = facts.present_step.filter(|_| !facts.status.finished) else { return };
        ui.label(progress::sentence(facts, &step));
        if step.by_hand && step.current_density_a_m2 == 0.0 {
            ui.colored_label(theme::ACCENT, "Held at rest by hand: the step waits for Plate or Strip.");
        } else if step.by_hand {
            ui.weak("Set by hand until this step ends.");
        }
        let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), 5.0), egui::Sense::hover());
        ui.painter().rect_filled(rect, 2.0, theme::PANEL);
        let done = egui::vec2(rect.width() * progress::share(&step) as f32, rect.height());
        ui.painter().rect_filled(egui::Rect::from_min_size(rect.min, done), 2.0, theme::ACCENT);
    }
}

/// What the salt can carry.
struct SaltLimit {
    limit_ma_cm2: f64,
    /// Diffusivity in the simulation over that of the parameter set, which holds for 25 °C and without a
    /// separator.
    diffusivity_ratio: f64,
}

impl SaltLimit {
    fn of(facts: &Facts) -> Self {
        let electrolyte = &facts.running.electrolyte;
        let plain = units::ma_cm2_from_a_m2(limiting_current_density(
            units::mol_m3_from_mol_l(electrolyte.concentration_mol_l.value),
            electrolyte.diffusivity_m2_s.value,
            electrolyte.transference_number.value,
            units::m_from_um(facts.running.spec.electrode_gap_um),
        ));
        // Before the first snapshot there is no figure yet.
        let known = facts.metrics.limiting_current_density_ma_cm2;
        let limit_ma_cm2 = if known > 0.0 { known } else { plain };
        Self { limit_ma_cm2, diffusivity_ratio: limit_ma_cm2 / plain }
    }
}

/// What a current does, in one sentence.
fn meaning(scene: &Scene, direction: Direction, ma_cm2: f64, salt: &SaltLimit) -> String {
    if direction == Direction::Rest || ma_cm2 <= 0.0 {
        return "Rest: no current flows.".into();
    }
    let stripping = direction == Direction::Strip;
    if ma_cm2 <= salt.limit_ma_cm2 {
        let side = if stripping { "the counter electrode" } else { "the electrode" };
        return format!("Below the limit: the salt at {side} never runs out.");
    }
    if stripping {
        return "Above the limit: the salt at the counter electrode runs out.".into();
    }
    let electrolyte = &scene.electrolyte;
    let time_s = sand_time(
        units::mol_m3_from_mol_l(electrolyte.concentration_mol_l.value),
        electrolyte.diffusivity_m2_s.value * salt.diffusivity_ratio,
        electrolyte.transference_number.value,
        units::a_m2_from_ma_cm2(ma_cm2),
    );
    format!("Above the limit: fresh electrolyte runs out of salt at Sand's time, {}.", style::time(time_s))
}
