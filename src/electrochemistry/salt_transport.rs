//! Salt between two electrodes: from the start of the current to its depletion.
//!
//! Does: solve ∂c/∂t = D ∂²c/∂x² for a binary 1:1 electrolyte with the flux D ∂c/∂x = (1−t₊) i/F at both
//! electrodes. Cells are finest at the electrodes. Once the salt at the deposit is used up it holds c = 0
//! there, until the salt can carry the current again.
//! Does not: convection, concentration-dependent D, the extended space charge, deposits that shorten the
//! path.
//!
//! Accuracy: implicit and second order in time (two-stage SDIRK, L-stable). Any time step is cut into
//! sub-steps in which the surface concentration moves by at most 1 % of the mean. Sand's time within 0.5 %,
//! steady profiles to rounding (they are linear, which finite volumes represent exactly), salt conserved to
//! rounding.

use crate::units::FARADAY;
use std::f64::consts::PI;

/// Number of cells across the gap.
const CELLS: usize = 240;
/// Strength β of the tanh grading: cells at the electrodes are about 270 times finer than in the middle.
const GRADING: f64 = 3.5;
/// Largest change of the surface concentration in one sub-step, in units of the mean.
const LARGEST_CHANGE: f64 = 0.01;
/// Largest relative change, in one sub-step, of the flux into an empty surface.
const LARGEST_FLUX_CHANGE: f64 = 0.05;
/// Sub-steps are not cut below this fraction of the diffusion time L²/D.
const SMALLEST_STEP: f64 = 1e-12;
/// Surface concentration that counts as none, in units of the mean.
const DEPLETED_BELOW: f64 = 1e-6;
/// Diagonal coefficient γ = 1 − 1/√2 of the two-stage SDIRK method of order 2.
const GAMMA: f64 = 1.0 - std::f64::consts::FRAC_1_SQRT_2;

/// Steady limiting current density i_lim = 2 F D c₀/((1−t₊) L), A m⁻². Infinite for t₊ = 1.
pub fn limiting_current_density(
    concentration_mol_m3: f64,
    diffusivity_m2_s: f64,
    transference_number: f64,
    gap_m: f64,
) -> f64 {
    2.0 * FARADAY * diffusivity_m2_s * concentration_mol_m3 / ((1.0 - transference_number) * gap_m)
}

/// Sand's time τ_S = π D (F c₀/(2 i (1−t₊)))², s.
///
/// The law of a half-space: the depletion must not feel the other electrode, which holds for currents above a
/// few limiting currents. Below the limiting current the salt never runs out; that comparison is the
/// caller's.
pub fn sand_time(
    concentration_mol_m3: f64,
    diffusivity_m2_s: f64,
    transference_number: f64,
    current_density_a_m2: f64,
) -> f64 {
    let ratio = FARADAY * concentration_mol_m3 / (2.0 * current_density_a_m2 * (1.0 - transference_number));
    PI * diffusivity_m2_s * ratio * ratio
}

/// Robin length ℓ = F D c_s/((1−t₊) i), m: how far an ion diffuses, in the mean, for one chance to react.
/// Infinite without current.
pub fn robin_length(
    surface_concentration_mol_m3: f64,
    diffusivity_m2_s: f64,
    transference_number: f64,
    current_density_a_m2: f64,
) -> f64 {
    let consumed = (1.0 - transference_number) * current_density_a_m2;
    if consumed > 0.0 {
        FARADAY * diffusivity_m2_s * surface_concentration_mol_m3 / consumed
    } else {
        f64::INFINITY
    }
}

/// Probability p = a/(a + ℓ) that a walker with unit steps of length a sticks at a contact. 1 is classical
/// diffusion-limited aggregation.
pub fn sticking_probability(edge_m: f64, robin_length_m: f64) -> f64 {
    edge_m / (edge_m + robin_length_m)
}

/// Salt concentration between the deposit (x = 0) and the counter electrode (x = L).
#[derive(Clone, Debug)]
pub struct SaltProfile {
    diffusivity: f64,
    transference_number: f64,
    mean: f64,
    gap: f64,
    /// Widths of the cells, m.
    widths: Box<[f64]>,
    /// D/distance across each inner face, m s⁻¹.
    exchange: Box<[f64]>,
    /// Mean concentration of each cell, mol m⁻³.
    cells: Box<[f64]>,
    /// Current density the salt carries at this moment, A m⁻².
    carried: f64,
    depleted: bool,
    /// Sub-step to try first, s.
    next_step: f64,
}

/// What holds at the deposit during a sub-step.
#[derive(Clone, Copy)]
enum Boundary {
    /// The salt carries this current density, A m⁻².
    Current(f64),
    /// No salt is left at the surface.
    Empty,
}

impl SaltProfile {
    /// Uniform salt at rest. `concentration_mol_m3`, `diffusivity_m2_s` (effective, in the separator) and
    /// `gap_m` positive, `transference_number` in 0 to 1.
    pub fn new(
        concentration_mol_m3: f64,
        diffusivity_m2_s: f64,
        transference_number: f64,
        gap_m: f64,
    ) -> Self {
        let face = |n: usize| {
            let position = (2.0 * n as f64 / CELLS as f64 - 1.0) * GRADING;
            0.5 * gap_m * (1.0 + libm::tanh(position) / libm::tanh(GRADING))
        };
        let widths: Box<[f64]> = (0..CELLS).map(|n| face(n + 1) - face(n)).collect();
        let exchange = widths.windows(2).map(|w| 2.0 * diffusivity_m2_s / (w[0] + w[1])).collect();
        Self {
            diffusivity: diffusivity_m2_s,
            transference_number,
            mean: concentration_mol_m3,
            gap: gap_m,
            widths,
            exchange,
            cells: vec![concentration_mol_m3; CELLS].into(),
            carried: 0.0,
            depleted: false,
            next_step: f64::INFINITY,
        }
    }

    /// Lets `duration_s` pass at `current_density_a_m2`: positive plates at x = 0 and dissolves at x = L,
    /// negative the other way round.
    ///
    /// The cells are graded alike at both ends, so that stripping is plating seen from the other side.
    pub fn advance(&mut self, duration_s: f64, current_density_a_m2: f64) {
        if current_density_a_m2 < 0.0 {
            self.cells.reverse();
            self.advance_plating(duration_s, -current_density_a_m2);
            self.cells.reverse();
            self.carried = -self.carried;
        } else {
            self.advance_plating(duration_s, current_density_a_m2);
        }
    }

    /// Once the surface is empty, the salt carries what diffusion brings there
    /// ([`Self::carried_current_density`]) and the counter electrode releases as much, so salt stays
    /// conserved.
    fn advance_plating(&mut self, duration_s: f64, current_density_a_m2: f64) {
        // After a hundred diffusion times L²/D what is left of a disturbance is e^(−100 π²): nothing.
        let diffusion_time = self.gap * self.gap / self.diffusivity;
        let mut remaining = duration_s.min(100.0 * diffusion_time);
        while remaining > 0.0 {
            // Longer sub-steps would gain nothing and lose digits: cells exchange salt 10⁷ times in L²/D.
            let step = self.next_step.min(remaining).min(diffusion_time);
            let before = self.surface_of(&self.cells, current_density_a_m2);
            let empty = before <= DEPLETED_BELOW * self.mean;
            let boundary = if empty { Boundary::Empty } else { Boundary::Current(current_density_a_m2) };
            let trial = self.solve(step, boundary);
            // Largest relative change that is resolved: of the salt at the surface, or, where there
            // is none, of the flux into it, which falls like 1/√t.
            let (change, allowed) = if empty {
                (
                    self.current_into_empty(&trial) / self.current_into_empty(&self.cells) - 1.0,
                    LARGEST_FLUX_CHANGE,
                )
            } else {
                let after = self.surface_of(&trial, current_density_a_m2);
                if after < -DEPLETED_BELOW * self.mean && step > SMALLEST_STEP * diffusion_time {
                    // The salt runs out within this sub-step: aim at that moment.
                    self.next_step = step * (before / (before - after)).clamp(0.1, 0.999);
                    continue;
                }
                ((after - before) / self.mean, LARGEST_CHANGE)
            };
            if change.abs() > allowed && step > SMALLEST_STEP * diffusion_time {
                self.next_step = 0.5 * step;
                continue;
            }
            self.cells = trial;
            self.restore_total();
            remaining -= step;
            // A step cut short by the end of the call says nothing about the next one.
            if change.abs() < 0.5 * allowed {
                self.next_step = self.next_step.max(2.0 * step);
            }
        }
        self.depleted = self.surface_of(&self.cells, current_density_a_m2) <= DEPLETED_BELOW * self.mean;
        self.carried =
            if self.depleted { self.current_into_empty(&self.cells) } else { current_density_a_m2 };
    }

    /// True while the salt cannot carry the current: at the electrode that is plated, Sand's time has passed.
    pub fn depleted(&self) -> bool {
        self.depleted
    }

    /// Concentration in the face of the deposit, mol m⁻³; 0 when depleted there.
    pub fn surface_concentration(&self) -> f64 {
        let empty = self.depleted && self.carried >= 0.0;
        if empty { 0.0 } else { self.surface_of(&self.cells, self.carried) }
    }

    /// Concentration in the face of the counter electrode, mol m⁻³; 0 when depleted there.
    pub fn counter_concentration(&self) -> f64 {
        let last = CELLS - 1;
        let empty = self.depleted && self.carried < 0.0;
        if empty { 0.0 } else { self.cells[last] + 0.5 * self.widths[last] * self.gradient(self.carried) }
    }

    /// Current density the salt carries, A m⁻², signed: the applied one, or less once depleted.
    pub fn carried_current_density(&self) -> f64 {
        self.carried
    }

    /// Mean concentration, mol m⁻³; constant.
    pub fn mean_concentration(&self) -> f64 {
        self.total(&self.cells) / self.gap
    }

    /// Cationic transference number t₊.
    pub fn transference_number(&self) -> f64 {
        self.transference_number
    }

    /// Resistance of the electrolyte over that with uniform salt: (1/L) ∫ c₀/c dx. With one diffusivity and
    /// one transference number for all concentrations, the conductivity is proportional to c†
    /// (Nernst–Einstein).
    pub fn resistance_ratio(&self) -> f64 {
        let least = DEPLETED_BELOW * self.mean;
        let sum: f64 = self.cells.iter().zip(&self.widths).map(|(c, width)| width / c.max(least)).sum();
        self.mean * sum / self.gap
    }

    /// Steady limiting current density, A m⁻².
    pub fn limiting_current_density(&self) -> f64 {
        limiting_current_density(self.mean, self.diffusivity, self.transference_number, self.gap)
    }

    /// Robin length, m, at `current_density_a_m2` with the present surface concentration.
    pub fn robin_length(&self, current_density_a_m2: f64) -> f64 {
        robin_length(
            self.surface_concentration(),
            self.diffusivity,
            self.transference_number,
            current_density_a_m2,
        )
    }

    /// The profile as (distance from the deposit, m; concentration, mol m⁻³): both faces and the cell
    /// centres.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let counter = self.counter_concentration();
        let mut face = 0.0;
        let centres = self.cells.iter().zip(&self.widths).map(move |(&concentration, &width)| {
            let centre = face + 0.5 * width;
            face += width;
            (centre, concentration)
        });
        std::iter::once((0.0, self.surface_concentration())).chain(centres).chain([(self.gap, counter)])
    }

    /// Concentration, mol m⁻³, at a distance from the deposit (clamped to the gap), linear between the
    /// points.
    pub fn at(&self, distance_m: f64) -> f64 {
        let mut previous = (0.0, self.surface_concentration());
        for point in self.points().skip(1) {
            if distance_m <= point.0 {
                let fraction = ((distance_m - previous.0) / (point.0 - previous.0)).max(0.0);
                return previous.1 + fraction * (point.1 - previous.1);
            }
            previous = point;
        }
        previous.1
    }

    /// Flux of salt towards the deposit, mol m⁻² s⁻¹, that belongs to a current density.
    fn flux(&self, current_density: f64) -> f64 {
        (1.0 - self.transference_number) * current_density / FARADAY
    }

    /// Concentration gradient at both electrodes, mol m⁻⁴.
    fn gradient(&self, current_density: f64) -> f64 {
        self.flux(current_density) / self.diffusivity
    }

    /// Face value at the deposit: the first cell's mean less the gradient over half the cell.
    fn surface_of(&self, cells: &[f64], current_density: f64) -> f64 {
        cells[0] - 0.5 * self.widths[0] * self.gradient(current_density)
    }

    /// Speed, m s⁻¹, with which the first cell feeds an empty face.
    fn speed_into_empty(&self) -> f64 {
        2.0 * self.diffusivity / self.widths[0]
    }

    fn current_into_empty(&self, cells: &[f64]) -> f64 {
        self.speed_into_empty() * cells[0] * FARADAY / (1.0 - self.transference_number)
    }

    fn total(&self, cells: &[f64]) -> f64 {
        cells.iter().zip(&self.widths).map(|(c, w)| c * w).sum()
    }

    /// The equations conserve salt; this takes out what rounding adds, so that it never builds up.
    fn restore_total(&mut self) {
        let correction = self.mean * self.gap / self.total(&self.cells);
        debug_assert!((correction - 1.0).abs() < 1e-9, "salt changed by the factor {correction}");
        self.cells.iter_mut().for_each(|c| *c *= correction);
    }

    /// One sub-step of the two-stage SDIRK method; stage two is the result (stiffly accurate).
    fn solve(&self, step: f64, boundary: Boundary) -> Box<[f64]> {
        let first = self.solve_stage(&self.cells, GAMMA * step, boundary);
        let carry = (1.0 - GAMMA) / GAMMA;
        let start: Box<[f64]> =
            self.cells.iter().zip(&first).map(|(c, stage)| c + carry * (stage - c)).collect();
        self.solve_stage(&start, GAMMA * step, boundary)
    }

    /// Solves (1 − h A) c = `start` + h b, where dc/dt = A c + b.
    fn solve_stage(&self, start: &[f64], h: f64, boundary: Boundary) -> Box<[f64]> {
        let last = CELLS - 1;
        let mut right: Box<[f64]> = start.iter().zip(&self.widths).map(|(c, w)| c * w).collect();
        match boundary {
            Boundary::Current(current) => {
                right[0] -= h * self.flux(current);
                right[last] += h * self.flux(current);
                self.solve_tridiagonal(h, 0.0, right)
            }
            Boundary::Empty => {
                // What leaves the first cell enters the last. c = y + s z with z the answer to a unit source
                // in the last cell and s = h·speed·c₀ (Sherman and Morrison). The unit either stays or
                // leaves, so that 1 − leave·z₀ is the total of z; that sum does not cancel.
                let leave = h * self.speed_into_empty();
                let mut unit = vec![0.0; CELLS].into_boxed_slice();
                unit[last] = 1.0;
                let z = self.solve_tridiagonal(h, leave, unit);
                let mut y = self.solve_tridiagonal(h, leave, right);
                let source = leave * y[0] / self.total(&z);
                y.iter_mut().zip(&z).for_each(|(y, z)| *y += source * z);
                y
            }
        }
    }

    /// Thomas algorithm for the diffusion matrix with rows multiplied by the cell widths; `leave` is added to
    /// the first diagonal element.
    fn solve_tridiagonal(&self, h: f64, leave: f64, mut right: Box<[f64]>) -> Box<[f64]> {
        let mut upper = [0.0; CELLS];
        let mut lower_exchange = 0.0;
        for n in 0..CELLS {
            let upper_exchange = self.exchange.get(n).map_or(0.0, |e| h * e);
            let mut diagonal = self.widths[n] + lower_exchange + upper_exchange;
            if n == 0 {
                diagonal += leave;
            } else {
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

#[cfg(test)]
#[path = "salt_transport_tests.rs"]
mod tests;
