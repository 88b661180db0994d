//! Colours, sizes and the frame that all panels share.
//!
//! Does: set egui's style once.
//! Does not: touch the 3D picture. Dark, because the picture is. One accent, the yellow of the sodium line at
//! 589 nm. Text of at least 14 points, so that it reads from the back of a room.

use bevy_egui::egui::{
    self, Color32, CornerRadius, FontFamily, FontId, Margin, RichText, Stroke, TextStyle, Visuals, vec2,
};

/// A colour given as `0xRRGGBB`.
pub fn srgb(hex: u32) -> Color32 {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

/// The one accent colour: sodium light.
pub const ACCENT: Color32 = Color32::from_rgb(0xff, 0xc1, 0x4d);
/// Something went wrong, or metal went where it should not.
pub const ALARM: Color32 = Color32::from_rgb(0xff, 0x7a, 0x66);
/// Background of the panels.
pub const PANEL: Color32 = Color32::from_rgb(0x14, 0x17, 0x1c);
/// Background of one section.
pub const SECTION: Color32 = Color32::from_rgb(0x1d, 0x21, 0x28);
/// Text.
pub const TEXT: Color32 = Color32::from_rgb(0xe9, 0xec, 0xef);
/// Units, explanations, and all that is read second.
pub const SECOND: Color32 = Color32::from_rgb(0xa9, 0xb2, 0xbc);

/// Magnification of the interface for a projector.
pub const PROJECTOR_ZOOM: f32 = 1.3;

/// Sets fonts and style. Call once for a context.
pub fn apply(context: &egui::Context) {
    context.set_fonts(fonts());
    context.set_theme(egui::Theme::Dark);
    // Two clicks may fall into two slow frames.
    context.options_mut(|options| options.input_options.max_double_click_delay = 0.5);
    context.all_styles_mut(|style| {
        for (name, size) in [
            (TextStyle::Heading, 19.0),
            (TextStyle::Body, 15.0),
            (TextStyle::Button, 15.0),
            (TextStyle::Small, 14.0),
        ] {
            style.text_styles.insert(name, FontId::proportional(size));
        }
        style.text_styles.insert(TextStyle::Monospace, FontId::monospace(14.0));
        style.spacing.item_spacing = vec2(8.0, 6.0);
        style.spacing.button_padding = vec2(9.0, 5.0);
        style.spacing.interact_size = vec2(40.0, 26.0);
        style.spacing.combo_height = 420.0;
        // A list that is longer than shown has a bar, also while the pointer is elsewhere.
        style.spacing.scroll.dormant_background_opacity = 0.4;
        style.spacing.scroll.dormant_handle_opacity = 0.6;
        style.spacing.tooltip_width = 360.0;
        style.interaction.tooltip_delay = 0.4;
        style.interaction.selectable_labels = false;
        // Frames take a fifth of a second on a software adapter: an animation would be a stutter.
        style.animation_time = 0.0;
        style.visuals = visuals();
    });
}

/// Chinese and Japanese signs.
static EAST_ASIAN: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/DroidSansFallbackFull.ttf"));

/// The default fonts. Signs that the text font lacks (⁺ ⁻ → ▶) come from the monospaced one, those of East
/// Asia from a third.
fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::default();
    let name = "East Asian".to_string();
    fonts.font_data.insert(name.clone(), egui::FontData::from_static(EAST_ASIAN).into());
    fonts.families.entry(FontFamily::Proportional).or_default().extend(["Hack".into(), name.clone()]);
    fonts.families.entry(FontFamily::Monospace).or_default().push(name);
    fonts
}

fn visuals() -> Visuals {
    let mut visuals = Visuals::dark();
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(SECOND);
    visuals.panel_fill = PANEL;
    visuals.window_fill = SECTION;
    visuals.extreme_bg_color = Color32::from_rgb(0x0e, 0x10, 0x14);
    visuals.faint_bg_color = SECTION;
    visuals.hyperlink_color = ACCENT;
    visuals.warn_fg_color = ACCENT;
    visuals.error_fg_color = ALARM;
    visuals.selection.bg_fill = Color32::from_rgb(0x6b, 0x4e, 0x16);
    visuals.selection.stroke = Stroke::new(1.0, ACCENT);
    visuals.slider_trailing_fill = true;
    visuals.window_stroke = Stroke::new(1.0, Color32::from_rgb(0x3a, 0x41, 0x4b));
    let widgets = &mut visuals.widgets;
    for (state, fill, text) in [
        (&mut widgets.noninteractive, SECTION, TEXT),
        (&mut widgets.inactive, Color32::from_rgb(0x32, 0x38, 0x42), TEXT),
        (&mut widgets.hovered, Color32::from_rgb(0x41, 0x49, 0x55), Color32::WHITE),
        (&mut widgets.active, Color32::from_rgb(0x50, 0x5a, 0x68), Color32::WHITE),
        (&mut widgets.open, Color32::from_rgb(0x3a, 0x41, 0x4c), TEXT),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.fg_stroke = Stroke::new(1.0, text);
        state.corner_radius = CornerRadius::same(5);
        state.expansion = 0.0;
    }
    // Empty tick boxes must show.
    widgets.inactive.bg_stroke = Stroke::new(1.0, Color32::from_rgb(0x4c, 0x55, 0x61));
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, Color32::from_rgb(0x31, 0x37, 0x40));
    visuals
}

/// One titled section of a side panel.
pub fn section<R>(ui: &mut egui::Ui, title: &str, contents: impl FnOnce(&mut egui::Ui) -> R) -> R {
    egui::Frame::new()
        .fill(SECTION)
        .corner_radius(6)
        .inner_margin(Margin::symmetric(10, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new(title).size(16.0).color(ACCENT));
            contents(ui)
        })
        .inner
}
