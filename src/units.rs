//! Physical constants and the conversions used at the edges of the program.
//!
//! Does: hold the exact constants of the SI (CODATA 2018). Turn the field's units (mA cm⁻², mAh cm⁻², µm, °C,
//! mol L⁻¹, Ω cm², S cm⁻¹) into SI and back.
//! Does not: check ranges; that is the scene's task.
//! Accuracy: the constants are exact by definition of the SI, conversions are one multiplication or addition.

/// Elementary charge, C (exact).
pub const ELEMENTARY_CHARGE: f64 = 1.602_176_634e-19;
/// Avogadro constant, mol⁻¹ (exact).
pub const AVOGADRO: f64 = 6.022_140_76e23;
/// Boltzmann constant, J K⁻¹ (exact).
pub const BOLTZMANN: f64 = 1.380_649e-23;
/// Faraday constant, C mol⁻¹: the product of two exact numbers, 96 485.332 12….
pub const FARADAY: f64 = ELEMENTARY_CHARGE * AVOGADRO;
/// Molar gas constant, J mol⁻¹ K⁻¹: the product of two exact numbers, 8.314 462 618….
pub const GAS_CONSTANT: f64 = BOLTZMANN * AVOGADRO;
/// 0 °C in K (exact).
pub const ZERO_CELSIUS_K: f64 = 273.15;
/// Temperature at which parameter sets are given, K (25 °C).
pub const REFERENCE_TEMPERATURE_K: f64 = 298.15;

/// mA cm⁻² → A m⁻².
pub const fn a_m2_from_ma_cm2(current_density_ma_cm2: f64) -> f64 {
    current_density_ma_cm2 * 10.0
}

/// A m⁻² → mA cm⁻².
pub const fn ma_cm2_from_a_m2(current_density_a_m2: f64) -> f64 {
    current_density_a_m2 / 10.0
}

/// mAh cm⁻² → C m⁻².
pub const fn c_m2_from_mah_cm2(areal_capacity_mah_cm2: f64) -> f64 {
    areal_capacity_mah_cm2 * 36_000.0
}

/// C m⁻² → mAh cm⁻².
pub const fn mah_cm2_from_c_m2(charge_density_c_m2: f64) -> f64 {
    charge_density_c_m2 / 36_000.0
}

/// °C → K.
pub const fn kelvin_from_celsius(temperature_c: f64) -> f64 {
    temperature_c + ZERO_CELSIUS_K
}

/// K → °C.
pub const fn celsius_from_kelvin(temperature_k: f64) -> f64 {
    temperature_k - ZERO_CELSIUS_K
}

/// µm → m.
pub const fn m_from_um(length_um: f64) -> f64 {
    length_um * 1e-6
}

/// m → µm.
pub const fn um_from_m(length_m: f64) -> f64 {
    length_m * 1e6
}

/// nm → m.
pub const fn m_from_nm(length_nm: f64) -> f64 {
    length_nm * 1e-9
}

/// m → nm.
pub const fn nm_from_m(length_m: f64) -> f64 {
    length_m * 1e9
}

/// mol L⁻¹ → mol m⁻³.
pub const fn mol_m3_from_mol_l(concentration_mol_l: f64) -> f64 {
    concentration_mol_l * 1e3
}

/// mol m⁻³ → mol L⁻¹.
pub const fn mol_l_from_mol_m3(concentration_mol_m3: f64) -> f64 {
    concentration_mol_m3 / 1e3
}

/// cm³ mol⁻¹ → m³ mol⁻¹.
pub const fn m3_mol_from_cm3_mol(molar_volume_cm3_mol: f64) -> f64 {
    molar_volume_cm3_mol * 1e-6
}

/// Ω cm² → Ω m².
pub const fn ohm_m2_from_ohm_cm2(area_resistance_ohm_cm2: f64) -> f64 {
    area_resistance_ohm_cm2 * 1e-4
}

/// Ω cm → Ω m.
pub const fn ohm_m_from_ohm_cm(resistivity_ohm_cm: f64) -> f64 {
    resistivity_ohm_cm * 1e-2
}

/// Ω m² → Ω cm².
pub const fn ohm_cm2_from_ohm_m2(area_resistance_ohm_m2: f64) -> f64 {
    area_resistance_ohm_m2 * 1e4
}

/// S cm⁻¹ → S m⁻¹.
pub const fn s_m_from_s_cm(conductivity_s_cm: f64) -> f64 {
    conductivity_s_cm * 100.0
}

/// kJ mol⁻¹ → J mol⁻¹.
pub const fn j_mol_from_kj_mol(energy_kj_mol: f64) -> f64 {
    energy_kj_mol * 1e3
}

/// V → mV.
pub const fn mv_from_v(voltage_v: f64) -> f64 {
    voltage_v * 1e3
}

/// mV → V.
pub const fn v_from_mv(voltage_mv: f64) -> f64 {
    voltage_mv * 1e-3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_agree_with_codata_2018() {
        // The printed CODATA values; the last digit shown there is truncated, hence one part in 10⁹.
        assert!((FARADAY / 96_485.332_12 - 1.0).abs() < 1e-9);
        assert!((GAS_CONSTANT / 8.314_462_618 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn one_milliampere_hour_of_sodium_is_8_86_micrometres() {
        // Shi et al. 2023 (10.20944/preprints202305.1544.v1), Sec. 2.3, prints 8.86 µm.
        let thickness_m = c_m2_from_mah_cm2(1.0) / FARADAY * m3_mol_from_cm3_mol(23.75);
        assert!((um_from_m(thickness_m) - 8.86).abs() < 0.005);
    }

    #[test]
    fn conversions_undo_each_other() {
        for x in [0.0, 0.37, 1.0, 96.5] {
            assert!((ma_cm2_from_a_m2(a_m2_from_ma_cm2(x)) - x).abs() < 1e-12);
            assert!((mah_cm2_from_c_m2(c_m2_from_mah_cm2(x)) - x).abs() < 1e-12);
            assert!((celsius_from_kelvin(kelvin_from_celsius(x)) - x).abs() < 1e-12);
            assert!((um_from_m(m_from_um(x)) - x).abs() < 1e-12);
            assert!((nm_from_m(m_from_nm(x)) - x).abs() < 1e-12);
            assert!((mol_l_from_mol_m3(mol_m3_from_mol_l(x)) - x).abs() < 1e-12);
            assert!((ohm_cm2_from_ohm_m2(ohm_m2_from_ohm_cm2(x)) - x).abs() < 1e-12);
            assert!((v_from_mv(mv_from_v(x)) - x).abs() < 1e-12);
        }
    }
}
