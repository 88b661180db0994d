//! Slots in classes of equal weight, and one of them drawn in proportion to the weights.
//!
//! Slots enter and leave all the time; weights change now and then. So the draw does not count the members.
//! It picks a class by a table of the room that the classes had when the table was made. It then picks a
//! place there, and begins anew where the place is empty. That is exact as long as no class has outgrown its
//! room; then the table is made anew. A change costs nothing but the list, a draw some tens of instructions,
//! however many classes there are.

use crate::lattice::walk::Alias;
use rand::{Rng, RngExt};

/// Members of every class.
pub(crate) struct Classes {
    members: Vec<Vec<u32>>,
    /// Weight of a member of each class.
    weights: Vec<f64>,
    /// Members in classes that weigh anything.
    weighty: usize,
    /// Places in each class that the table knows of.
    room: Vec<u32>,
    /// Classes that weigh anything, and the table over them; `None` once one has outgrown its room.
    chosen: Vec<u16>,
    table: Option<Alias>,
}

/// Places on that the table finds empty in a row before it is made anew: by then most of it is out of date.
const EMPTY_PLACES: usize = 64;

impl Classes {
    /// Empty classes without weight.
    pub fn new(classes: usize) -> Self {
        Self {
            members: vec![Vec::new(); classes],
            weights: vec![0.0; classes],
            weighty: 0,
            room: vec![0; classes],
            chosen: Vec::new(),
            table: None,
        }
    }

    /// Sets the weight of a member of each class, in their order; what is left out weighs nothing.
    pub fn weigh(&mut self, weights: impl Iterator<Item = f64>) {
        self.weights.fill(0.0);
        self.weights.iter_mut().zip(weights).for_each(|(weight, new)| *weight = new);
        let heavy = self.members.iter().zip(&self.weights).filter(|(_, weight)| **weight > 0.0);
        self.weighty = heavy.map(|(members, _)| members.len()).sum();
        self.table = None;
    }

    /// Puts a slot into a class; returns its place there.
    #[inline]
    pub fn enter(&mut self, class: usize, slot: u32) -> u32 {
        let members = &mut self.members[class];
        let place = members.len() as u32;
        members.push(slot);
        if self.weights[class] > 0.0 {
            self.weighty += 1;
            if place >= self.room[class] {
                self.table = None;
            }
        }
        place
    }

    /// Takes the slot at a place out of a class; returns the slot that has come to its place, if any.
    #[inline]
    pub fn leave(&mut self, class: usize, place: u32) -> Option<u32> {
        self.weighty -= usize::from(self.weights[class] > 0.0);
        let members = &mut self.members[class];
        members.swap_remove(place as usize);
        members.get(place as usize).copied()
    }

    /// Slots in a class.
    pub fn members(&self, class: usize) -> &[u32] {
        &self.members[class]
    }

    /// A slot drawn in proportion to the weights, and its class; `None` when nothing weighs anything.
    #[inline]
    pub fn draw(&mut self, random: &mut impl Rng) -> Option<(usize, u32)> {
        if self.weighty == 0 {
            return None;
        }
        loop {
            if self.table.is_none() {
                self.make_table();
            }
            let table = self.table.as_ref()?;
            for _ in 0..EMPTY_PLACES {
                let class = usize::from(self.chosen[table.draw(random)]);
                let place = random.random_range(0..self.room[class]);
                if let Some(slot) = self.members[class].get(place as usize) {
                    return Some((class, *slot));
                }
            }
            self.table = None;
        }
    }

    fn make_table(&mut self) {
        self.chosen.clear();
        let mut weights = Vec::new();
        for (class, members) in self.members.iter().enumerate() {
            self.room[class] = 0;
            if self.weights[class] > 0.0 && !members.is_empty() {
                // Some more than there are, so that it lasts for a while.
                self.room[class] = (members.len() + members.len() / 16 + 4) as u32;
                self.chosen.push(class as u16);
                weights.push(self.weights[class] * f64::from(self.room[class]));
            }
        }
        self.table = Some(Alias::new(&weights));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Purpose, stream};

    /// Slots come, go and change class; in between the draws follow the weights.
    #[test]
    fn draws_follow_the_weights_whatever_comes_and_goes() {
        let weights = [1.0, 0.0, 2.5, 40.0];
        let mut classes = Classes::new(4);
        classes.weigh(weights.into_iter());
        let mut random = stream(1, Purpose::Reduction, 0, 0);
        assert_eq!(classes.draw(&mut random), None);
        let mut places: Vec<Option<(usize, u32)>> = vec![None; 60];
        for round in 0..40 {
            for _ in 0..100 {
                let slot = random.random_range(0..places.len());
                if let Some((class, place)) = places[slot].take() {
                    if let Some(moved) = classes.leave(class, place) {
                        places[moved as usize] = Some((class, place));
                    }
                } else if random.random::<f64>() < 0.5 {
                    let class = random.random_range(0..4);
                    places[slot] = Some((class, classes.enter(class, slot as u32)));
                }
            }
            let weight_of = |slot: usize| places[slot].map_or(0.0, |(class, _)| weights[class]);
            let total: f64 = (0..places.len()).map(weight_of).sum();
            let n = 20_000;
            let mut hits = vec![0u32; places.len()];
            for _ in 0..n {
                let (class, slot) = classes.draw(&mut random).expect("some weigh something");
                assert_eq!(places[slot as usize].map(|(class, _)| class), Some(class));
                hits[slot as usize] += 1;
            }
            for (slot, hits) in hits.into_iter().enumerate() {
                let share = weight_of(slot) / total;
                let expected = f64::from(n) * share;
                // Six standard deviations of a binomial count: 2400 comparisons, one in 10⁵ of them would be
                // beyond by chance.
                let most = 6.0 * (expected * (1.0 - share)).sqrt();
                assert!((f64::from(hits) - expected).abs() <= most, "round {round}: {hits} of {expected}");
            }
        }
        // The last one is found however much room the table has.
        for slot in 1..places.len() {
            if let Some((class, place)) = places[slot].take()
                && let Some(moved) = classes.leave(class, place)
            {
                places[moved as usize] = Some((class, place));
            }
        }
        if places[0].is_none() {
            places[0] = Some((0, classes.enter(0, 0)));
        }
        let only = places[0].filter(|(class, _)| weights[*class] > 0.0).map(|(class, _)| (class, 0));
        assert_eq!(classes.draw(&mut random), only);
    }
}
