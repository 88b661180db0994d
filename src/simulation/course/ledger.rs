//! Where plated metal is booked: by growth mode, and what has left the deposit.
//!
//! Does: hold the counts.
//! Does not: decide anything; the processes of `metal` and `film` write here.

use crate::lattice::Position;
use bevy_ecs::prelude::*;
use std::collections::HashMap;

/// Plated sites by growth mode, and how far a point cluster reaches.
#[derive(Resource, Default)]
pub(crate) struct Ledger {
    /// Sites of metal that stood in the box from the start.
    pub at_start: u64,
    /// Sites by [`GrowthMode`].
    pub by_mode: [u64; 4],
    /// Where the last sites of this step were plated.
    pub recent: Vec<Position>,
    /// Charges that crossed the surface since the salt was last told, by layer of the electrolyte before it.
    pub crossed: Vec<u32>,
    /// Radius of a point cluster, sites.
    pub radius: f64,
    /// Sites of metal that gas has carried off, and that were squeezed into the separator.
    pub carried_off: u64,
    pub in_separator: u64,
    /// Pieces that have lost contact so far.
    pub pieces_cut_off: u64,
    /// Filaments of earlier half-cycles.
    pub filaments_retired: u64,
    /// Sites in the separator in front of each spot of the box, and spots where they reach through.
    pub squeezed: HashMap<[i32; 2], u64>,
    pub bridges: Vec<Position>,
}

impl Ledger {
    /// Books that an ion was reduced or metal dissolved at a face to this layer.
    pub fn cross(&mut self, layer: i32) {
        let layer = layer.max(0) as usize;
        if self.crossed.len() <= layer {
            self.crossed.resize(layer + 1, 0);
        }
        self.crossed[layer] += 1;
    }
}
