//! Small things that panels draw: rows, bars, keys.
//!
//! Does: draw.
//! Does not: know what the numbers mean.

use super::{theme, typeset};
use bevy_egui::egui::{self, Color32};

/// Rows of text need not be as high as rows of buttons.
pub fn close_rows(ui: &mut egui::Ui) {
    ui.spacing_mut().interact_size.y = 19.0;
    ui.spacing_mut().item_spacing.y = 4.0;
}

/// A name on the left, a value on the right.
pub fn row(ui: &mut egui::Ui, name: &str, value: &str, hint: &str) {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let width = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), theme::TEXT).size().x;
    // A value that would run into its name goes below it.
    if width(name) + width(value) + ui.spacing().item_spacing.x > ui.available_width() {
        typeset::weak_label(ui, name).on_hover_text(hint);
        ui.with_layout(egui::Layout::top_down(egui::Align::Max), |ui| {
            ui.label(egui::RichText::new(value).color(theme::TEXT)).on_hover_text(hint);
        });
        return;
    }
    ui.horizontal(|ui| {
        typeset::weak_label(ui, name).on_hover_text(hint);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(egui::RichText::new(value).color(theme::TEXT)).on_hover_text(hint);
        });
    });
}

/// A coloured square and what it stands for, as one piece that never breaks over two lines.
pub fn key(ui: &mut egui::Ui, color: Color32, text: &str) {
    const SQUARE: f32 = 10.0;
    const GAP: f32 = 4.0;
    ui.spacing_mut().item_spacing.x = 7.0;
    let font = egui::TextStyle::Body.resolve(ui.style());
    let words = ui.painter().layout_no_wrap(text.to_owned(), font, theme::SECOND);
    let size = egui::vec2(SQUARE + GAP + words.size().x, words.size().y);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, text));
    let square = egui::Rect::from_center_size(
        rect.left_center() + egui::vec2(SQUARE / 2.0, 0.0),
        egui::Vec2::splat(SQUARE),
    );
    ui.painter().rect_filled(square, 2.0, color);
    ui.painter().galley(rect.min + egui::vec2(SQUARE + GAP, 0.0), words, theme::SECOND);
}

/// Shares of one, side by side.
pub fn bar(ui: &mut egui::Ui, name: &str, parts: &[(Color32, f64)]) {
    let (rect, response) =
        ui.allocate_exact_size(egui::vec2(ui.available_width(), 12.0), egui::Sense::hover());
    response.on_hover_text(name);
    ui.painter().rect_filled(rect, 3.0, theme::PANEL);
    let mut left = rect.left();
    for &(color, share) in parts {
        // Shares of nothing are no numbers.
        let width = if share.is_finite() { rect.width() * share.clamp(0.0, 1.0) as f32 } else { 0.0 };
        let right = (left + width).min(rect.right());
        let part = egui::Rect::from_x_y_ranges(left..=right, rect.y_range());
        ui.painter().rect_filled(part, 0.0, color);
        left = right;
    }
}

/// A name, how full something is, and the number.
pub fn gauge(ui: &mut egui::Ui, name: &str, share: f64, value: &str, hint: &str) {
    const LOW: f64 = 0.2;
    ui.horizontal(|ui| {
        typeset::weak_label(ui, name).on_hover_text(hint);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            // As wide for every number, so that gauges stand below one another.
            let number = egui::Label::new(egui::RichText::new(value).color(theme::TEXT));
            let size = egui::vec2(92.0, ui.spacing().interact_size.y);
            let right = egui::Layout::right_to_left(egui::Align::Center);
            ui.allocate_ui_with_layout(size, right, |ui| {
                ui.set_min_size(size);
                ui.add(number).on_hover_text(hint);
            });
            let (rect, _) = ui.allocate_exact_size(egui::vec2(64.0, 10.0), egui::Sense::hover());
            ui.painter().rect_filled(rect, 3.0, theme::PANEL);
            let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
            let size = egui::vec2(rect.width() * share as f32, rect.height());
            let color = if share < LOW { theme::ALARM } else { Color32::from_rgb(0x6f, 0xa8, 0xdc) };
            ui.painter().rect_filled(egui::Rect::from_min_size(rect.min, size), 3.0, color);
        });
    });
}
