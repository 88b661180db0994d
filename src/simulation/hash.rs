//! A fingerprint of the state: equal hashes, equal runs.

use super::Simulation;
use super::course::clock::Clock;
use super::course::protocol::Protocol;
use super::film::filament::Filament;
use super::film::roster::Roster;
use super::sites::Sites;
use xxhash_rust::xxh3::Xxh3;

impl Simulation {
    /// XXH3 (64 bits) over clock, every solid site with its details, and the entries of all filaments.
    pub fn state_hash(&self) -> u64 {
        let mut hash = Xxh3::new();
        let clock = self.world.resource::<Clock>();
        hash.update(&clock.step.to_le_bytes());
        hash.update(&clock.time_s.to_bits().to_le_bytes());
        hash.update(&clock.charge_sites().to_bits().to_le_bytes());
        hash.update(&clock.charge_stripped_sites().to_bits().to_le_bytes());
        hash.update(&self.world.resource::<Protocol>().instruction().to_le_bytes());
        let stores = self.stores();
        for amount in [stores.film_sites, stores.corrosion_sites, stores.electrolyte_m, stores.gas_mol_m2] {
            hash.update(&amount.to_bits().to_le_bytes());
        }
        for (position, kind, solid) in self.world.resource::<Sites>().0.iter_solids() {
            position.iter().for_each(|c| hash.update(&c.to_le_bytes()));
            hash.update(&[kind as u8, solid.mode as u8]);
            hash.update(&solid.birth.to_le_bytes());
            hash.update(&solid.film_time_s.to_bits().to_le_bytes());
            hash.update(&solid.filament.to_le_bytes());
            hash.update(&solid.patch.to_le_bytes());
        }
        for entity in &self.world.resource::<Roster>().filaments {
            if let Some(filament) = self.world.get::<Filament>(*entity) {
                for index in 0..=filament.last_slice() {
                    let entry = filament.slice(index);
                    hash.update(&entry.ordinal.to_le_bytes());
                    hash.update(&entry.time_s.to_bits().to_le_bytes());
                }
            }
        }
        hash.digest()
    }
}
