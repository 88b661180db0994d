//! The cells of the salt: how they lie in a deposit, and one sub-step of them, implicit in time, three
//! diagonals in space.
//!
//! Does not: choose the length of a sub-step ([`SaltProfile::pass`]).
//! Accuracy: the height of a landing is kept to a layer of the lattice, in the mean of two cells.

use super::{CELLS, CLOSED_BELOW, GAMMA, LED_UP, SaltProfile};

impl SaltProfile {
    /// Tells the salt of the deposit: layers of `layer_m` from x = 0 upwards, the share of each that is open
    /// (0 to 1), and the current that lands in it, in any unit. It lands at the lower face of an open layer,
    /// at the upper one of a layer that is half full or more. Salt is conserved. Without a landing in open
    /// layers all lands at x = 0.
    pub fn set_deposit(&mut self, layer_m: f64, open: &[f64], landing: &[f64]) {
        self.landing.fill(0.0);
        let (mut low, mut total) = (0.0, 0.0);
        for cell in 0..CELLS {
            let (high, centre) = (low + self.widths[cell], low + 0.5 * self.widths[cell]);
            let within = |x: f64| ((x / layer_m).max(0.0) as usize).min(open.len());
            let mut closed = 0.0;
            let first = within(low - layer_m);
            for (layer, &open) in open.iter().enumerate().skip(first) {
                let from = layer as f64 * layer_m;
                if from >= high {
                    break;
                }
                closed += (1.0 - open) * ((from + layer_m).min(high) - from.max(low)).max(0.0);
                let landed = landing.get(layer).copied().unwrap_or(0.0) * open;
                // Metal that fills a layer is landed on from above.
                let landing_at = from + layer_m * (2.0 * (1.0 - open)).min(1.0);
                if landing_at < low || landing_at >= high || open <= CLOSED_BELOW || landed == 0.0 {
                    continue;
                }
                total += landed;
                // Shared with the cell below, so that the height is kept, where that has open pores too.
                let apart = if cell > 0 { 0.5 * (self.widths[cell - 1] + self.widths[cell]) } else { 1.0 };
                let below =
                    if cell > 0 && self.open[cell - 1] > 0.5 { (centre - landing_at) / apart } else { 0.0 };
                // What lies above the centre is shared with the next cell.
                let beyond = 0.5 * (self.widths[cell] + self.widths.get(cell + 1).unwrap_or(&0.0));
                let above = if cell + 1 < CELLS { ((landing_at - centre) / beyond).max(0.0) } else { 0.0 };
                let below = below.max(0.0);
                self.landing[cell] += landed * (1.0 - below - above);
                if below > 0.0 {
                    self.landing[cell - 1] += landed * below;
                }
                if above > 0.0 {
                    self.landing[cell + 1] += landed * above;
                }
            }
            self.open[cell] = (1.0 - closed / self.widths[cell]).max(CLOSED_BELOW);
            low = high;
        }
        if total > 0.0 {
            self.landing.iter_mut().for_each(|share| *share /= total);
        } else {
            self.landing[0] = 1.0;
        }
        let resistance: Box<[f64]> =
            (self.widths.iter().zip(&self.open)).map(|(width, open)| width / (open * open.sqrt())).collect();
        for (exchange, pair) in self.exchange.iter_mut().zip(resistance.windows(2)) {
            *exchange = 2.0 * self.diffusivity / (pair[0] + pair[1]);
        }
        self.restore_total();
    }

    /// One sub-step of the two-stage SDIRK method; stage two is the result (stiffly accurate).
    pub(super) fn solve(&self, step: f64, current: f64) -> Box<[f64]> {
        let first = self.solve_stage(&self.cells, GAMMA * step, current);
        let carry = (1.0 - GAMMA) / GAMMA;
        let start: Box<[f64]> =
            self.cells.iter().zip(&first).map(|(c, stage)| c + carry * (stage - c)).collect();
        self.solve_stage(&start, GAMMA * step, current)
    }

    /// One sub-step at the largest current up to `most` (A m⁻², in the direction of `sign`) at which no
    /// concentration falls below 0, and that current. Current that would land where no salt is left lands in
    /// the next layer above instead, as long as that is no more than [`LED_UP`] of it.
    ///
    /// The concentrations are linear in the current: c = y + i z. Euler's method keeps y at or above 0.
    pub(super) fn solve_at_most(&mut self, step: f64, sign: f64, most: f64) -> (Box<[f64]>, f64) {
        let mut without = self.solve_stage(&self.cells, step, 0.0);
        loop {
            let unit = self.solve_stage(&[0.0; CELLS], step, sign);
            let (mut current, mut empty) = (most, None);
            for (cell, salt) in without.iter().enumerate() {
                // Only where current lands is salt taken out.
                let takes = if sign > 0.0 { self.landing[cell] > 0.0 } else { cell == CELLS - 1 };
                if !takes {
                    continue;
                }
                let falls = -self.at_face(cell, &unit, sign);
                if falls > 0.0 && salt.max(0.0) / falls < current {
                    (current, empty) = (salt.max(0.0) / falls, Some(cell));
                }
            }
            if sign > 0.0 && empty.is_some_and(|cell| self.lead_up(cell)) {
                continue;
            }
            without.iter_mut().zip(&unit).for_each(|(c, unit)| *c = (*c + current * unit).max(0.0));
            return (without, current);
        }
    }

    /// Lets what lands up to this cell land in the next one that metal takes current in; false where there is
    /// none, or where it would be more than [`LED_UP`].
    fn lead_up(&mut self, cell: usize) -> bool {
        let share: f64 = self.landing[..=cell].iter().sum();
        let above = (cell + 1..CELLS).find(|above| self.landing[*above] > 0.0);
        let Some(above) = above.filter(|_| share > 0.0 && share <= LED_UP) else { return false };
        self.landing[..=cell].fill(0.0);
        self.landing[above] += share;
        true
    }

    /// Solves (1 − h A) c = `start` + h b, where dc/dt = A c + b and b are the sinks and the source.
    fn solve_stage(&self, start: &[f64], h: f64, current: f64) -> Box<[f64]> {
        let flux = h * self.flux(current);
        let mut right: Box<[f64]> =
            (0..CELLS).map(|n| start[n] * self.widths[n] * self.open[n] - flux * self.landing[n]).collect();
        right[CELLS - 1] += flux;
        self.solve_tridiagonal(h, right)
    }

    /// Thomas algorithm for the diffusion matrix with rows multiplied by the open widths of the cells.
    fn solve_tridiagonal(&self, h: f64, mut right: Box<[f64]>) -> Box<[f64]> {
        let mut upper = [0.0; CELLS];
        let mut lower_exchange = 0.0;
        for n in 0..CELLS {
            let upper_exchange = self.exchange.get(n).map_or(0.0, |e| h * e);
            let mut diagonal = self.widths[n] * self.open[n] + lower_exchange + upper_exchange;
            if n > 0 {
                diagonal -= lower_exchange * upper[n - 1];
                right[n] += lower_exchange * right[n - 1];
            }
            upper[n] = upper_exchange / diagonal;
            right[n] /= diagonal;
            lower_exchange = upper_exchange;
        }
        for n in (0..CELLS - 1).rev() {
            right[n] += upper[n] * right[n + 1];
        }
        right
    }
}
