//! The panels around the picture.
//!
//! Does: show what the simulation says, and turn clicks into [`Request`]s.
//! Does not: talk to the simulation, read files, or draw in 3D; whoever shows the [`Interface`] hands it
//! [`Facts`] and acts on its requests. One panel is one file is one struct with a `ui` method; a panel is a
//! plain function of egui, so it is tested without a graphics adapter, by the names that a screen reader
//! would read.

mod apply;
mod assumptions;
mod cell;
mod cell_life;
mod current_density;
mod efficiency_plot;
mod electrolyte;
mod event_list;
mod facts;
mod format;
mod help;
mod history;
mod host;
mod interface;
mod live_plot;
mod marks;
mod number;
mod overpotential;
mod progress;
mod protocol;
mod quantity;
mod readouts;
mod run_control;
mod step_list;
mod theme;
mod typeset;
mod view;

pub use facts::{Facts, Library, Request, RunStatus};
pub use history::History;
pub use interface::{Interface, Shown};
pub use progress::death;
pub use theme::apply as apply_theme;
pub use view::ViewSettings;

#[cfg(test)]
mod tests;
