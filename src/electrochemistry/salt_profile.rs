//! Salt between a deposit and a counter electrode: from the start of the current to its depletion.
//!
//! Does: solve ε ∂c/∂t = ∂/∂x (D ε^1.5 ∂c/∂x) − (1−t₊) i(x)/F for a binary 1:1 electrolyte. ε(x) is the open
//! share of a layer, i(x) the current that lands there, and the source is at the counter electrode. Where the
//! salt cannot deliver, current that would land deepest lands higher up, up to half of it. Then the current
//! falls to what the salt carries: the most at which no concentration is below 0.
//! Does not: convection, concentration-dependent D, the extended space charge.
//! Assumed†: Bruggeman's exponent 1.5 in the deposit; liquid that metal displaces leaves its salt in the gap.
//!
//! Accuracy: implicit. Second order in time (two-stage SDIRK, L-stable) while the salt carries the current,
//! first order and positive (Euler) while it does not. Any time step is cut into sub-steps in which the
//! concentration at the deposit moves by at most 1 % of the initial one, the carried current by 5 %. Sand's
//! time within 0.5 %, steady profiles to rounding, salt conserved to rounding.

use super::salt_transport::uneven_resistivity;
use crate::units::FARADAY;

/// Number of cells across the gap.
const CELLS: usize = 240;
/// Strength β of the tanh grading: cells at the electrodes are about 270 times finer than in the middle.
const GRADING: f64 = 3.5;
/// Largest change of the concentration at the deposit in one sub-step, in units of the initial one.
const LARGEST_CHANGE: f64 = 0.01;
/// Largest relative change of the carried current from one sub-step to the next.
const LARGEST_CURRENT_CHANGE: f64 = 0.05;
/// Sub-steps are not cut below this fraction of the diffusion time L²/D.
const SMALLEST_STEP: f64 = 1e-12;
/// Concentration that counts as none, in units of the initial one.
const DEPLETED_BELOW: f64 = 1e-6;
/// Diagonal coefficient γ = 1 − 1/√2 of the two-stage SDIRK method of order 2.
const GAMMA: f64 = 1.0 - std::f64::consts::FRAC_1_SQRT_2;
/// Concentration, in units of the initial one, below which the conductivity is taken as there: the deposit
/// spreads its current where salt is, which one dimension cannot show.
const CONDUCTS_ABOVE: f64 = 0.01;
/// Share of the landing current that may be led up to where there is salt. Beyond it the salt has run out.
const LED_UP: f64 = 0.5;
/// Open share of a layer below which its pores count as closed: nothing lands in them.
const CLOSED_BELOW: f64 = 0.02;

/// Salt concentration between the deposit (x = 0) and the counter electrode (x = L).
#[derive(Clone, Debug)]
pub struct SaltProfile {
    diffusivity: f64,
    transference_number: f64,
    /// Concentration before any current, mol m⁻³, and salt per area, mol m⁻².
    initial: f64,
    salt: f64,
    gap: f64,
    /// Widths of the cells, m, and the share of each that is open to the electrolyte.
    widths: Box<[f64]>,
    open: Box<[f64]>,
    /// Share of the current that lands in each cell.
    landing: Box<[f64]>,
    /// D ε^1.5 over the distance, across each inner face, m s⁻¹.
    exchange: Box<[f64]>,
    /// Mean concentration of each cell, mol m⁻³.
    cells: Box<[f64]>,
    /// Current density the salt carries at this moment, A m⁻².
    carried: f64,
    depleted: bool,
    /// Sub-step to try first, s.
    next_step: f64,
}

/// What has passed through the salt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passed {
    /// How long it took, s.
    pub duration_s: f64,
    /// Charge, C m⁻², without sign.
    pub charge_c_m2: f64,
}

impl SaltProfile {
    /// Uniform salt at rest before a flat electrode. `concentration_mol_m3`, `diffusivity_m2_s` (effective,
    /// in the separator) and `gap_m` positive, `transference_number` in 0 to 1.
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
        let mut profile = Self {
            diffusivity: diffusivity_m2_s,
            transference_number,
            initial: concentration_mol_m3,
            salt: concentration_mol_m3 * gap_m,
            gap: gap_m,
            widths,
            open: vec![1.0; CELLS].into(),
            landing: vec![0.0; CELLS].into(),
            exchange: vec![0.0; CELLS - 1].into(),
            cells: vec![concentration_mol_m3; CELLS].into(),
            carried: 0.0,
            depleted: false,
            next_step: f64::INFINITY,
        };
        profile.set_deposit(0.0, &[], &[]);
        profile
    }

    /// Fills what is open with salt at the initial concentration: the state before any current.
    pub fn fill(&mut self) {
        self.cells.fill(self.initial);
        self.salt = self.total(&self.cells);
    }

    /// Lets `duration_s` pass at `current_density_a_m2`, or at what the salt carries of it: positive plates
    /// at the deposit and dissolves at x = L, negative the other way round.
    pub fn advance(&mut self, duration_s: f64, current_density_a_m2: f64) {
        self.pass(current_density_a_m2, duration_s, duration_s);
    }

    /// Passes the charge of `duration_s` at `current_density_a_m2`. Where the salt cannot carry this, it
    /// takes longer, at most `longest_s`; less charge has passed then.
    pub fn pass(&mut self, current_density_a_m2: f64, duration_s: f64, longest_s: f64) -> Passed {
        let diffusion_time = self.gap * self.gap / self.diffusivity;
        let asked = current_density_a_m2.abs();
        let sign = if current_density_a_m2 < 0.0 { -1.0 } else { 1.0 };
        let whole = asked * duration_s;
        let mut passed = Passed { duration_s: 0.0, charge_c_m2: 0.0 };
        // What the salt carried in the last sub-step of this call.
        let mut carried = asked;
        loop {
            let left_c_m2 = whole - passed.charge_c_m2;
            let left_s = match (asked > 0.0, carried > 0.0) {
                (true, true) => (left_c_m2 / carried).min(longest_s - passed.duration_s),
                (true, false) => longest_s - passed.duration_s,
                (false, _) => duration_s - passed.duration_s,
            };
            if left_s <= 1e-12 * duration_s {
                break;
            }
            // After a hundred diffusion times what is left of a disturbance is e^(−100 π²): nothing.
            if passed.duration_s >= 100.0 * diffusion_time {
                passed.duration_s += left_s;
                passed.charge_c_m2 += carried * left_s;
                break;
            }
            // Longer sub-steps would gain nothing and lose digits: cells exchange salt 10⁷ times in L²/D.
            let step = self.next_step.min(left_s).min(diffusion_time);
            let may_shrink = step > SMALLEST_STEP * diffusion_time;
            // No more than what is left of the charge.
            let wanted = asked.min(left_c_m2 / step);
            let mut now = wanted;
            let mut trial = self.solve(step, sign * now);
            let before = self.lowest(&self.cells, sign * now);
            let after = self.lowest(&trial, sign * now);
            let too_coarse = if after >= -1e-12 * self.initial {
                let side = |cells| self.deposit_side(cells, sign * now);
                let change = (side(&trial) - side(&self.cells)) / self.initial;
                change / LARGEST_CHANGE
            } else if before > DEPLETED_BELOW * self.initial && may_shrink {
                // The salt runs out within this sub-step: aim at that moment.
                self.next_step = step * (before / (before - after)).clamp(0.1, 0.999);
                continue;
            } else {
                (trial, now) = self.solve_at_most(step, sign, wanted);
                // Between two calls the deposit has changed, and what the salt carries with it.
                let first = passed.duration_s == 0.0 || carried == 0.0;
                if first { 0.75 } else { (now / carried - 1.0) / LARGEST_CURRENT_CHANGE }
            };
            if too_coarse.abs() > 1.0 && may_shrink {
                self.next_step = 0.5 * step;
                continue;
            }
            self.cells = trial;
            // The equations conserve salt; this takes out what rounding adds.
            let correction = self.restore_total();
            debug_assert!((correction - 1.0).abs() < 1e-9, "salt changed by the factor {correction}");
            passed.duration_s += step;
            passed.charge_c_m2 += now * step;
            carried = now;
            // A step cut short by the end of the call says nothing about the next one.
            if too_coarse.abs() < 0.5 {
                self.next_step = self.next_step.max(2.0 * step);
            }
        }
        self.carried = sign * carried;
        self.depleted = carried < asked * (1.0 - 1e-9)
            || self.deposit_side(&self.cells, self.carried) <= DEPLETED_BELOW * self.initial;
        passed
    }

    /// True while the salt cannot carry the current to the electrode that is plated.
    pub fn depleted(&self) -> bool {
        self.depleted
    }

    /// Concentration where the current lands on the deposit, its mean, mol m⁻³; 0 when depleted there.
    pub fn surface_concentration(&self) -> f64 {
        self.snap(self.at_landing(&self.cells, self.carried))
    }

    /// Concentration in the face of the counter electrode, mol m⁻³; 0 when depleted there.
    pub fn counter_concentration(&self) -> f64 {
        self.snap(self.at_face(CELLS - 1, &self.cells, self.carried))
    }

    /// Current density the salt carries, A m⁻², signed: the asked one, or less once depleted.
    pub fn carried_current_density(&self) -> f64 {
        self.carried
    }

    /// Mean height at which the current lands, m from the foot of the deposit, to a cell of the profile.
    pub fn landing_height_m(&self) -> f64 {
        let mut low = 0.0;
        let mut height = 0.0;
        for (share, width) in self.landing.iter().zip(&self.widths) {
            height += share * (low + 0.5 * width);
            low += width;
        }
        height
    }

    /// Salt per area, mol m⁻²; constant.
    pub fn salt_mol_m2(&self) -> f64 {
        self.total(&self.cells)
    }

    /// Mean concentration of the gap, what is open of it and what is not, mol m⁻³; constant.
    pub fn mean_concentration(&self) -> f64 {
        self.salt_mol_m2() / self.gap
    }

    /// Cationic transference number t₊.
    pub fn transference_number(&self) -> f64 {
        self.transference_number
    }

    /// Resistance of the electrolyte over that with uniform salt and no deposit: ∫ c₀/(c ε^1.5) di, the path
    /// of each part of the current from where it lands. With one diffusivity and one transference number for
    /// all concentrations, the conductivity is proportional to c† (Nernst–Einstein).
    pub fn resistance_ratio(&self) -> f64 {
        let least = CONDUCTS_ABOVE * self.initial;
        let (mut below, mut sum) = (0.0, 0.0);
        for n in 0..CELLS {
            let here = below + 0.5 * self.landing[n];
            // Where all lands at x = 0 the current passes the whole cell.
            let through = if n == 0 { below + self.landing[0] } else { here };
            below += self.landing[n];
            let open = self.open[n] * self.open[n].sqrt();
            sum += through * self.widths[n] / (self.cells[n].max(least) * open);
        }
        self.initial * sum / self.gap
    }

    /// The most that this deposit can be fed with in the steady state, A m⁻²: i at which the salt is just
    /// used up where the current lands deepest. Before a flat electrode 2 F D c₀/((1−t₊) L).
    pub fn limiting_current_density(&self) -> f64 {
        let unit = self.flux(1.0);
        let mut concentration = -self.face_drop(0);
        let (mut below, mut held) = (0.0, 0.0);
        for n in 0..CELLS {
            held += concentration * self.open[n] * self.widths[n];
            below += self.landing[n];
            if n + 1 < CELLS {
                concentration += unit * below / self.exchange[n];
            }
        }
        self.salt / held
    }

    /// What an uneven current has to overcome in the salt where it lands, Ω m ([`uneven_resistivity`]), with
    /// a conductivity that goes with the concentration; `conductivity_s_m` is that before any current.
    pub fn uneven_resistivity(&self, conductivity_s_m: f64, kinetic_order: f64, temperature_k: f64) -> f64 {
        let concentration = self.surface_concentration();
        uneven_resistivity(
            concentration,
            self.diffusivity,
            self.transference_number,
            conductivity_s_m * concentration / self.initial,
            kinetic_order,
            temperature_k,
        )
    }

    /// Diffusivity, m² s⁻¹.
    pub fn diffusivity_m2_s(&self) -> f64 {
        self.diffusivity
    }

    /// The profile as (distance from the deposit's foot, m; concentration, mol m⁻³): both faces and the cell
    /// centres.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let (foot, counter) =
            (self.snap(self.at_face(0, &self.cells, self.carried)), self.counter_concentration());
        let mut face = 0.0;
        let centres = self.cells.iter().zip(&self.widths).map(move |(&concentration, &width)| {
            let centre = face + 0.5 * width;
            face += width;
            (centre, concentration)
        });
        std::iter::once((0.0, foot)).chain(centres).chain([(self.gap, counter)])
    }

    /// Concentration, mol m⁻³, at a distance from the deposit's foot (clamped to the gap), linear between the
    /// points.
    pub fn at(&self, distance_m: f64) -> f64 {
        let mut points = self.points();
        let Some(mut previous) = points.next() else { return self.initial };
        for point in points {
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

    /// What unit current adds to the concentration in the outer face of an end cell over its mean.
    fn face_drop(&self, cell: usize) -> f64 {
        let toward = match cell {
            0 => -self.landing[0],
            _ if cell == CELLS - 1 => 1.0,
            _ => return 0.0,
        };
        let open = self.open[cell] * self.open[cell].sqrt();
        toward * 0.5 * self.widths[cell] * self.flux(1.0) / (self.diffusivity * open)
    }

    /// Concentration where salt leaves or enters a cell: in the face of the end cells.
    fn at_face(&self, cell: usize, cells: &[f64], current: f64) -> f64 {
        cells[cell] + current * self.face_drop(cell)
    }

    /// Mean concentration where the current lands on the deposit.
    fn at_landing(&self, cells: &[f64], current: f64) -> f64 {
        let landing = self.landing.iter().enumerate().filter(|(_, share)| **share > 0.0);
        landing.map(|(cell, share)| share * self.at_face(cell, cells, current)).sum()
    }

    /// The same at the electrode that is plated.
    fn deposit_side(&self, cells: &[f64], current: f64) -> f64 {
        if current < 0.0 { self.at_face(CELLS - 1, cells, current) } else { self.at_landing(cells, current) }
    }

    /// The lowest concentration anywhere.
    fn lowest(&self, cells: &[f64], current: f64) -> f64 {
        (0..CELLS).map(|cell| self.at_face(cell, cells, current)).fold(f64::INFINITY, f64::min)
    }

    /// What rounding leaves of nothing is nothing.
    fn snap(&self, concentration: f64) -> f64 {
        if concentration < 1e-9 * self.initial { 0.0 } else { concentration }
    }

    fn total(&self, cells: &[f64]) -> f64 {
        cells.iter().zip(&self.widths).zip(&self.open).map(|((c, width), open)| c * width * open).sum()
    }

    /// Brings the salt back to its amount: liquid that metal displaces leaves its salt behind. Returns the
    /// factor.
    fn restore_total(&mut self) -> f64 {
        let correction = self.salt / self.total(&self.cells);
        self.cells.iter_mut().for_each(|c| *c *= correction);
        correction
    }
}

#[path = "salt_solver.rs"]
mod solver;

#[cfg(test)]
#[path = "salt_profile_tests.rs"]
mod tests;
