//! The panels around the picture.
//!
//! Does: show what the simulation says, and turn clicks into [`Request`]s.
//! Does not: talk to the simulation, read files, or draw in 3D; the window hands [`Facts`] to the
//! [`Interface`] and acts on its requests. One panel is one file is one struct with a `ui` method. A panel is
//! a plain function of egui, so it is tested without a graphics adapter, by the names that a screen reader
//! would read.

mod apply;
mod curve;
mod facts;
mod history;
mod interface;
mod panels;
mod progress;
mod widgets;

pub use apply::resolve;
pub use facts::{Facts, Library, Request, RunStatus};
pub use history::History;
pub use interface::{Interface, Shown};
pub use panels::view::ViewSettings;
pub use progress::death;
pub use widgets::theme::apply as apply_theme;

#[cfg(test)]
mod tests;
