//! Symbols with subscripts, as in print: "R_q" becomes R with a small, lowered q.
//!
//! Does: lay out one line of text.
//! Does not: understand formulas; an underscore lowers the letters, digits and signs that follow it up to the
//! next space, comma or slash.

use crate::notation::in_letters;
use bevy_egui::egui::{self, Align, Color32, FontId, text::LayoutJob, text::TextFormat};

/// Lays out text in which an underscore starts a subscript.
pub fn subscripts(text: &str, size: f32, color: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    let normal = TextFormat {
        font_id: FontId::proportional(size),
        color,
        valign: Align::BOTTOM,
        ..TextFormat::default()
    };
    let lowered = TextFormat { font_id: FontId::proportional(size * 0.76), ..normal.clone() };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('_') {
        job.append(before, 0.0, normal.clone());
        let end = after.find([' ', ',', '/', ')', '=']).unwrap_or(after.len());
        job.append(&after[..end], 0.0, lowered.clone());
        rest = &after[end..];
    }
    job.append(rest, 0.0, normal);
    job
}

/// Text of a user in letters that the fonts have; other scripts are written in Latin letters.
pub fn letters(context: &egui::Context, text: &str) -> String {
    let font = FontId::proportional(15.0);
    context.fonts_mut(|fonts| in_letters(text, |sign| sign.is_ascii() || fonts.has_glyph(&font, sign)))
}

/// A label with subscripts in the style of the body text.
pub fn label(ui: &mut egui::Ui, text: &str) -> egui::Response {
    let size = egui::TextStyle::Body.resolve(ui.style()).size;
    let color = ui.visuals().text_color();
    ui.label(subscripts(text, size, color))
}

/// The same in the colour of what is read second.
pub fn weak_label(ui: &mut egui::Ui, text: &str) -> egui::Response {
    let size = egui::TextStyle::Body.resolve(ui.style()).size;
    let color = ui.visuals().weak_text_color();
    ui.label(subscripts(text, size, color))
}
