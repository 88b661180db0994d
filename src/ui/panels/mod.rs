//! The panels, one file each.
//!
//! A panel is a struct with the state that the user changes and a `ui` method that shows it.

pub mod assumptions;
pub mod cell;
pub mod cell_life;
pub mod coating;
pub mod current_density;
pub mod efficiency_plot;
pub mod electrolyte;
pub mod event_list;
pub mod help;
pub mod host;
pub mod live_plot;
pub mod overpotential;
pub mod protocol;
pub mod readouts;
pub mod run_control;
mod series;
mod step_kind;
pub mod step_list;
pub mod view;
