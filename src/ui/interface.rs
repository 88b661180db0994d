//! All panels in their places.
//!
//! Does: lay them out, read the keys, say where the picture goes.
//! Does not: know the picture.

use super::apply::Verdict;
use super::facts::{Facts, Request};
use super::panels::cell::CellPanel;
use super::panels::cell_life::CellLife;
use super::panels::coating::CoatingPanel;
use super::panels::current_density::{CurrentDensity, Direction};
use super::panels::electrolyte::ElectrolytePanel;
use super::panels::event_list::EventList;
use super::panels::help::Help;
use super::panels::host::HostPanel;
use super::panels::live_plot::LivePlot;
use super::panels::overpotential::OverpotentialParts;
use super::panels::protocol::ProtocolPanel;
use super::panels::readouts::{Deposit, Readouts};
use super::panels::run_control::RunControl;
use super::panels::view::{ViewPanel, ViewSettings};
use super::widgets::theme;
use super::widgets::typeset::letters;
use crate::observables::Ending;
use crate::scene::SceneSpec;
use bevy_egui::egui::{self, Key};

/// Width of the controls, points.
const LEFT: f32 = 306.0;
/// Width of the figures, points.
const RIGHT: f32 = 322.0;
/// Width of the picture below which one panel gives way, points.
const LEAST_PICTURE: f32 = 480.0;

/// The panels and their state.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    run_control: RunControl,
    current_density: CurrentDensity,
    electrolyte: ElectrolytePanel,
    coating: CoatingPanel,
    cell: CellPanel,
    protocol: ProtocolPanel,
    host: HostPanel,
    verdict: Verdict,
    view: ViewPanel,
    readouts: Readouts,
    cell_life: CellLife,
    deposit: Deposit,
    overpotential: OverpotentialParts,
    live_plot: LivePlot,
    event_list: EventList,
    help: Help,
    hidden: bool,
    projector: bool,
    /// The tab that a narrow window shows.
    shows_figures: bool,
}

/// What one showing of the interface tells its host.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What the user asked for, in order.
    pub requests: Vec<Request>,
    /// Where the picture is not covered by panels, points.
    pub view: egui::Rect,
    /// True when the pointer belongs to the interface.
    pub pointer_taken: bool,
    /// True when the keyboard belongs to the interface.
    pub keyboard_taken: bool,
}

impl Interface {
    /// Shows everything on a screen-filling `ui`.
    pub fn show(&mut self, ui: &mut egui::Ui, facts: &Facts) -> Shown {
        let mut requests = Vec::new();
        // A key belongs to a field that has the focus when the frame begins or when it ends. In a slow frame
        // the click on the field and the key come together.
        let busy = ui.ctx().egui_wants_keyboard_input() || egui::Popup::is_any_open(ui.ctx());
        let next = self.edit(facts.opened);
        let conditions = (next.cell, next.cutoff_v);
        let changed = next.current_density_ma_cm2 != facts.opened.current_density_ma_cm2
            || SceneSpec { until: facts.opened.until, ..facts.running.spec.clone() } != *facts.opened;
        if self.verdict.judge(next) {
            // What was typed in this frame is judged in the next one.
            ui.ctx().request_repaint();
        }
        let Self {
            run_control,
            current_density,
            electrolyte,
            coating,
            cell,
            protocol,
            host,
            verdict: _,
            view,
            readouts,
            cell_life,
            deposit,
            overpotential,
            live_plot,
            event_list,
            help,
            hidden,
            projector,
            shows_figures,
        } = self;
        if !*hidden {
            let mut controls = |ui: &mut egui::Ui, requests: &mut Vec<Request>| {
                run_control.ui(ui, facts, changed, requests);
                current_density.ui(ui, facts, requests);
                electrolyte.ui(ui, facts);
                coating.ui(ui, facts);
                cell.ui(ui, facts);
                protocol.ui(ui, facts, conditions);
                host.ui(ui, facts);
            };
            let mut figures = |ui: &mut egui::Ui, requests: &mut Vec<Request>| {
                readouts.ui(ui, facts);
                // What one looks for first comes first: the shape of a deposit, or the life of a cell.
                let cycling = CellLife::is_due(facts);
                if cycling {
                    cell_life.ui(ui, facts);
                } else {
                    deposit.ui(ui, facts);
                }
                live_plot.ui(ui, facts, requests);
                if cycling {
                    deposit.ui(ui, facts);
                }
                overpotential.ui(ui, facts);
                event_list.ui(ui, facts, requests);
            };
            let narrow = ui.available_width() < LEFT + RIGHT + LEAST_PICTURE;
            if narrow {
                // One panel at a time, so that the picture has room.
                side(egui::Panel::left("one panel").exact_size(RIGHT), ui, |ui| {
                    tabs(ui, shows_figures);
                    if *shows_figures { figures(ui, &mut requests) } else { controls(ui, &mut requests) }
                });
            } else {
                side(egui::Panel::left("controls").exact_size(LEFT), ui, |ui| controls(ui, &mut requests));
                side(egui::Panel::right("figures").exact_size(RIGHT), ui, |ui| figures(ui, &mut requests));
            }
            let frame = egui::Frame::new().fill(theme::PANEL).inner_margin(egui::Margin::symmetric(10, 6));
            let bar = egui::Panel::bottom("view").resizable(false).show_separator_line(false).frame(frame);
            bar.show(ui, |ui| {
                // Two rows where the window is narrow for the type.
                ui.horizontal_wrapped(|ui| {
                    view.ui(ui, projector);
                    if ui.button("Help").on_hover_text("F1").clicked() {
                        help.open = !help.open;
                    }
                });
            });
        }
        let context = ui.ctx().clone();
        let area = ui.available_rect_before_wrap();
        if !busy && !context.egui_wants_keyboard_input() && !egui::Popup::is_any_open(&context) {
            self.keys(&context, facts, &mut requests);
        }
        let Self { help, projector, verdict, hidden, .. } = self;
        if !*hidden {
            verdict.ui(&context, area, &facts.running.spec, &mut requests);
        }
        message(&context, area, facts, &mut requests);
        help.ui(&context);
        let zoom = if *projector { theme::PROJECTOR_ZOOM } else { 1.0 };
        if context.zoom_factor() != zoom {
            context.set_zoom_factor(zoom);
        }
        let over_picture = context
            .input(|input| input.pointer.latest_pos())
            .is_some_and(|position| area.contains(position) && over_background(&context, position));
        Shown {
            requests,
            view: area,
            pointer_taken: !over_picture || context.egui_is_using_pointer(),
            keyboard_taken: context.egui_wants_keyboard_input(),
        }
    }

    /// Puts what the panels show into a scene that is about to start.
    pub fn edit(&self, opened: &SceneSpec) -> SceneSpec {
        let mut spec = opened.clone();
        self.electrolyte.edit(&mut spec);
        self.coating.edit(&mut spec);
        self.host.edit(&mut spec);
        self.cell.edit(&mut spec);
        spec.current_density_ma_cm2 = self.current_density.ma_cm2(opened);
        // Last: it follows cell and current.
        self.protocol.edit(&mut spec);
        spec
    }

    /// Another scene was opened: what the user set in the last one no longer holds. Returns the speed that
    /// suits it.
    pub fn forget_edits(&mut self, opened: &SceneSpec) -> f64 {
        self.electrolyte.forget();
        self.coating.forget();
        self.host.forget();
        self.cell.forget();
        self.protocol.forget();
        self.current_density.forget();
        self.live_plot = LivePlot::suited_to(opened);
        self.run_control.suit(opened)
    }

    /// Another run of the same scene begins.
    pub fn forget_run(&mut self) {
        self.current_density.forget_step();
    }

    /// An earlier run comes back with what was set for it; how one looks at a run is not part of it.
    pub fn bring_back(&mut self, former: Self) {
        let Self { view, hidden, projector, shows_figures, .. } = std::mem::take(self);
        *self = Self { view, hidden, projector, shows_figures, ..former };
    }

    /// What the picture should show.
    pub fn view_settings(&self) -> ViewSettings {
        self.view.settings
    }

    /// Changes what the picture should show, for a host that knows the machine.
    pub fn set_view_settings(&mut self, settings: ViewSettings) {
        self.view.settings = settings;
    }

    fn keys(&mut self, context: &egui::Context, facts: &Facts, requests: &mut Vec<Request>) {
        let pressed = |key| {
            let pressed = context.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
            if pressed {
                // The panels of this frame have been shown already.
                context.request_repaint();
            }
            pressed
        };
        if pressed(Key::Space) {
            let can_go_on = facts.status.ending.is_some_and(Ending::can_go_on);
            match (facts.status.playing, facts.status.finished) {
                (true, _) => requests.push(Request::Pause),
                (false, false) => requests.push(Request::Play),
                (false, true) if can_go_on => requests.push(Request::Continue),
                // What has ended stays as it is.
                (false, true) => {}
            }
        }
        let undo = context.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, Key::Z));
        if undo && facts.status.can_undo {
            requests.push(Request::Undo);
        }
        if pressed(Key::Period) && !facts.status.finished {
            requests.push(Request::Step);
        }
        for (key, direction) in [Key::Num1, Key::Num2, Key::Num3].into_iter().zip(Direction::ALL) {
            if pressed(key) && !facts.status.finished {
                self.current_density.turn(direction, facts, requests);
            }
        }
        if pressed(Key::Backspace) {
            requests.push(Request::Restart { new_seed: false });
        }
        if pressed(Key::N) {
            requests.push(Request::Restart { new_seed: true });
        }
        if pressed(Key::H) {
            self.hidden = !self.hidden;
        }
        if pressed(Key::P) {
            self.projector = !self.projector;
        }
        if pressed(Key::F1) || context.input(|input| input.key_pressed(Key::Questionmark)) {
            self.help.open = !self.help.open;
        }
        if pressed(Key::Escape) {
            self.help.open = false;
            self.hidden = false;
        }
    }
}

/// Chooses what the one panel of a narrow window shows.
fn tabs(ui: &mut egui::Ui, shows_figures: &mut bool) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let size = egui::vec2((ui.available_width() - 4.0) / 2.0, 28.0);
        for (figures, name) in [(false, "Controls"), (true, "Figures")] {
            let button = egui::Button::selectable(*shows_figures == figures, name).frame_when_inactive(true);
            if ui.add_sized(size, button).clicked() {
                *shows_figures = figures;
            }
        }
    });
}

/// A side panel that scrolls when the window is low.
fn side(panel: egui::Panel, ui: &mut egui::Ui, contents: impl FnOnce(&mut egui::Ui)) {
    let frame = egui::Frame::new().fill(theme::PANEL).inner_margin(8);
    panel.resizable(false).show_separator_line(false).frame(frame).show(ui, |ui| {
        egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, contents);
    });
}

/// True where no window, menu or message lies over the picture.
fn over_background(context: &egui::Context, position: egui::Pos2) -> bool {
    context.layer_id_at(position).is_none_or(|layer| layer.order == egui::Order::Background)
}

/// A sentence that the user must read, over the picture, clear of caption, scale bar and legend.
fn message(context: &egui::Context, area: egui::Rect, facts: &Facts, requests: &mut Vec<Request>) {
    let Some(text) = &facts.status.message else { return };
    let width = (area.width() - 40.0).clamp(200.0, 640.0);
    egui::Area::new(egui::Id::new("message"))
        .pivot(egui::Align2::CENTER_TOP)
        .fixed_pos(egui::pos2(area.center().x, area.top() + 80.0))
        .order(egui::Order::Foreground)
        .show(context, |ui| {
            let frame = egui::Frame::window(ui.style()).stroke(egui::Stroke::new(1.0, theme::ALARM));
            frame.show(ui, |ui| {
                ui.set_width(width);
                ui.label(letters(context, text));
                if ui.button("Close").clicked() {
                    requests.push(Request::DismissMessage);
                }
            });
        });
}
