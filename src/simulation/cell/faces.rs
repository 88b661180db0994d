//! The faces that can carry current, and the overpotential at which they carry what is asked of them.
//!
//! Does: list the faces of the surface by matter and film resistance, and sum what they carry: Butler–Volmer
//! behind a film that conducts by hops. Nucleation is an offset: a bare face carries what the overpotential
//! above η_n drives, and nothing below it.
//! Does not: know the rest of the cell (`voltage`, `source`).
//! Accuracy: 10⁻⁹ of the total current; film resistances are those of the census.

use crate::electrochemistry::kinetics::{Interface, TRANSFER_COEFFICIENT, thermal_voltage};
use crate::simulation::constants::Constants;
use crate::simulation::films::Films;
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::{Alike, Matter};

/// What drives the faces of one matter.
pub(super) struct Drive {
    pub matter: Matter,
    /// Overpotential below which nothing happens, V.
    pub offset_v: f64,
}

/// Faces that can carry current in a direction, by matter and resistance.
pub(super) fn spectra(
    surface: &Surface,
    plating: bool,
    foil: bool,
    (films, constants): (&Films, &Constants),
    time_s: f64,
) -> Vec<(Drive, Vec<Alike>)> {
    let drives: Vec<Drive> = if plating {
        vec![
            Drive { matter: Matter::Metal, offset_v: 0.0 },
            Drive { matter: Matter::Host, offset_v: constants.nucleation_host_v },
            Drive { matter: Matter::Seed, offset_v: constants.nucleation_seed_v },
        ]
    } else {
        let mut drives = vec![Drive { matter: Matter::Metal, offset_v: 0.0 }];
        if foil {
            drives.push(Drive { matter: Matter::Host, offset_v: 0.0 });
        }
        drives
    };
    (drives.into_iter())
        .map(|drive| {
            let spectrum = surface.spectrum(drive.matter, films, time_s);
            (drive, spectrum)
        })
        .collect()
}

pub(super) fn faces(spectra: &[(Drive, Vec<Alike>)]) -> Vec<Faces> {
    (spectra.iter())
        .flat_map(|(drive, spectrum)| {
            let offset_v = drive.offset_v;
            spectrum.iter().map(move |alike| Faces { faces: alike.faces, ohm_m2: alike.ohm_m2, offset_v })
        })
        .collect()
}

/// Faces that carry equal currents.
pub(super) struct Faces {
    pub faces: f64,
    /// Resistance of the film at low fields, Ω m².
    pub ohm_m2: f64,
    /// Overpotential below which nothing flows, V.
    pub offset_v: f64,
}

/// What the faces carry together.
pub(super) struct Law(pub Interface);

impl Law {
    /// Current density of a face at an overpotential, A m⁻².
    pub fn current(&self, class: &Faces, eta: f64) -> f64 {
        self.0.current(class.ohm_m2, (eta - class.offset_v).max(0.0))
    }

    /// What faces carry together at an overpotential, A m⁻² × faces.
    pub fn total(&self, faces: &[Faces], eta: f64) -> f64 {
        faces.iter().map(|class| class.faces * self.current(class, eta)).sum()
    }

    /// Change of the current of a face with the overpotential, S m⁻².
    pub fn conductance(&self, class: &Faces, current: f64) -> f64 {
        if current > 0.0 { self.0.conductance(class.ohm_m2, current) } else { 0.0 }
    }

    /// Overpotential, V, at which the faces together carry `wanted` (A m⁻² × faces), and what each carries;
    /// `None` without faces.
    ///
    /// Newton's method from `start`, kept within a bracket that shrinks: the total grows with the
    /// overpotential. From one step of the run to the next it changes little. Once a turn moves it by less
    /// than 3×10⁻⁵ of the Tafel slope the currents follow their tangents, to 10⁻⁹ of themselves. One or two
    /// turns are enough.
    pub fn overpotential(&self, faces: &[Faces], wanted: f64, start: f64) -> Option<(f64, Vec<f64>)> {
        if faces.is_empty() {
            return None;
        }
        let (mut low, mut high) = (0.0, f64::INFINITY);
        let mut eta = start.max(1e-3);
        let mut carried = vec![0.0; faces.len()];
        let near_v = 3e-5 * thermal_voltage(self.0.temperature_k) / TRANSFER_COEFFICIENT;
        for _ in 0..200 {
            let (mut total, mut slope) = (0.0, 0.0);
            for (class, carried) in faces.iter().zip(&mut carried) {
                *carried = self.current(class, eta);
                total += class.faces * *carried;
                slope += class.faces * self.conductance(class, *carried);
            }
            let change = (wanted - total) / slope;
            if change.abs() < near_v {
                for (class, carried) in faces.iter().zip(&mut carried) {
                    *carried += change * self.conductance(class, *carried);
                }
                eta += change;
                break;
            }
            if total < wanted {
                low = eta
            } else {
                high = eta
            }
            let next = eta + change;
            // Far above the solution the current is exponential, and Newton's method creeps.
            eta = if next > low && next < high && total < 10.0 * wanted {
                next
            } else if high.is_finite() {
                0.5 * (low + high)
            } else {
                2.0 * eta
            };
        }
        Some((eta, carried))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overpotential_drives_the_current_through_any_mix_of_faces() {
        let law = Law(Interface { exchange_a_m2: 3.0, high_field_a_m2: 100.0, temperature_k: 298.15 });
        let mix = |metal: f64| {
            vec![
                Faces { faces: metal, ohm_m2: 25e-4, offset_v: 0.0 },
                Faces { faces: 50.0, ohm_m2: 300e-4, offset_v: 0.0 },
                Faces { faces: 4000.0, ohm_m2: 25e-4, offset_v: 0.03 },
            ]
        };
        let mut last = f64::INFINITY;
        for metal in [1.0, 100.0, 1000.0, 1e5] {
            for wanted in [1.0, 1e4, 1e7] {
                let faces = mix(metal);
                let (eta, _) = law.overpotential(&faces, wanted, 0.0).expect("there are faces");
                let total = law.total(&faces, eta);
                assert!((total / wanted - 1.0).abs() < 1e-9, "{metal} {wanted}");
            }
            // The more metal, the lower the overpotential: the dip of nucleation and the plateau behind it.
            let (eta, _) = law.overpotential(&mix(metal), 1e4, 0.0).expect("there are faces");
            assert!(eta < last);
            last = eta;
        }
        assert_eq!(law.overpotential(&[], 1.0, 0.0), None);
    }
}
