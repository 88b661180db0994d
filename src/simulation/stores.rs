//! What the cell lives on and where its metal is, to read.
//!
//! Does: gather the books of films, metal, gas and leak.
//! Does not: keep them (`course`).
//! Accuracy: that of the books.

use super::Simulation;
use super::course::clock::Clock;
use super::course::cycles::Balance;
use super::course::film_book::FilmBook;
use super::course::inventory::Inventory;
use super::course::ledger::Ledger;
use super::course::protocol;

/// Where the metal of the cell is, and what is left to live on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stores {
    /// Where metal that was plated has gone, sites.
    pub balance: Balance,
    /// Charge that has gone into films, sites.
    pub film_sites: f64,
    /// Metal dissolved chemically, sites.
    pub corrosion_sites: f64,
    /// Metal left in the counter electrode, sites.
    pub counter_sites: u64,
    /// Electrolyte left, m³ m⁻².
    pub electrolyte_m: f64,
    /// Share of the electrode that electrolyte wets.
    pub wetted: f64,
    /// Share of the additive left; 1 where there never was any.
    pub additive_share: f64,
    /// Gas made, mol m⁻².
    pub gas_mol_m2: f64,
    /// What of it has left the gap, mol m⁻².
    pub gas_gone_mol_m2: f64,
    /// Share of the electrode under bubbles.
    pub under_bubbles: f64,
    /// Pieces of metal that have lost contact.
    pub pieces_cut_off: u64,
    /// Strands of metal through the separator.
    pub bridges: u64,
    /// Share of the present current that they take.
    pub leak_share: f64,
    /// Charge that they have taken, sites.
    pub leaked_sites: f64,
}

impl Simulation {
    /// Where the metal is, and what is left to live on.
    pub fn stores(&self) -> Stores {
        let clock = self.world.resource::<Clock>();
        let (book, ledger) = (self.world.resource::<FilmBook>(), self.world.resource::<Ledger>());
        Stores {
            balance: protocol::balance(self.lattice(), ledger, book),
            film_sites: book.film_sites(),
            corrosion_sites: book.corrosion_sites(),
            counter_sites: self.world.resource::<Inventory>().counter_sites(clock),
            electrolyte_m: book.electrolyte_m(),
            wetted: book.wetted(),
            additive_share: book.additive_share(),
            gas_mol_m2: book.gas_mol_m2,
            gas_gone_mol_m2: book.gas_gone_mol_m2(),
            under_bubbles: book.under_bubbles(),
            pieces_cut_off: ledger.pieces_cut_off,
            bridges: ledger.bridges.len() as u64,
            leak_share: clock.leak_share,
            leaked_sites: clock.leaked_sites(),
        }
    }
}
