use super::*;
use proptest::prelude::*;

#[test]
fn numbers_are_read_as_people_write_them() {
    for (words, value) in [
        ("0.5", 0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("0,5", 0.5),
        ("0,125", 0.125),
        ("1,25", 1.25),
        ("1234,567", 1234.567),
        ("−10", -10.0),
        ("- 3", -3.0),
        ("+3", 3.0),
        ("1e3", 1000.0),
        ("1E-3", 0.001),
        ("2×10⁻³", 0.002),
        ("2·10^4", 20_000.0),
        ("１２．５", 12.5),
        ("\u{feff} 7\u{a0}", 7.0),
    ] {
        assert_eq!(number(words), Ok(value), "{words}");
    }
    for (words, reason) in [
        ("1,000", "comma before three digits"),
        ("12,345", "comma before three digits"),
        ("1.000,5", "two points or commas"),
        ("1,000,000", "comma"),
        ("", "no number"),
        ("NaN", "does not begin with a finite number"),
        ("inf", "finite"),
        ("1e999", "finite"),
        ("five", "does not begin"),
        ("5 mA", "`mA` after the number"),
    ] {
        let message = number(words).unwrap_err();
        assert!(message.contains(reason), "{words}: {message}");
    }
}

#[test]
fn units_are_read_as_people_write_them() {
    use Measure::{ArealCapacity, CurrentDensity, Pressure, Sites, Temperature, Time, Voltage};
    let all = |spellings: &[&str], expected: Measure| {
        for words in spellings {
            assert_eq!(measure(words), Ok(expected), "{words}");
        }
    };
    all(
        &[
            "0.5mA/cm2",
            "0.5 mA cm⁻²",
            "0.5 mA·cm⁻²",
            "0.5 mA cm-2",
            "0.5 mA/cm^2",
            "0.5 mA cm^-2",
            "0.5 mA·cm^−2",
            "0.5 mA*cm-2",
            "0.5 mAcm-2",
            "0.5 mA per cm2",
            "0.5 mA/(cm²)",
            "0,5 ma/cm²",
            "5 A/m2",
            "5 A m⁻²",
            "500 µA/cm²",
            "500 μA cm-2",
            "500uA/cm2",
        ],
        CurrentDensity(0.5),
    );
    all(&["700 uA/cm2"], CurrentDensity(0.7));
    all(&["-1 mA/cm2", "−1\u{202f}mA\u{a0}cm⁻²"], CurrentDensity(-1.0));
    all(
        &["0.01 mAh cm⁻²", "10 μAh/cm2", "10 µAh cm-2", "0.036 C/cm2", "0.01 mA h cm-2", "360 C m-2"],
        ArealCapacity(0.01),
    );
    all(&["7200s", "120 min", "2h", "2 hours", "2 hr", "2 Hours", "120 minutes", "7200 sec"], Time(7200.0));
    all(&["30 days", "30d", "30 Days"], Time(2_592_000.0));
    all(&["10 ms", "10000 µs"], Time(0.01));
    all(&["-0.2 V", "−200 mV"], Voltage(-0.2));
    all(&["10MPa", "100 bar", "10000 kPa", "1e7 Pa"], Pressure(10.0));
    all(&["25 ℃", "25C", "25 °C", "298.15 K", "25 degC"], Temperature(25.0));
    all(&["−10 °C"], Temperature(-10.0));
    all(&["303 K"], Temperature(29.85));
    all(&["1e6sites", "1000000 Sites"], Sites(1e6));
    for words in [
        "0.01MAh/cm2",
        "10UAh/cm2",
        "1 mPa",
        "1 MA/cm2",
        "1 c/cm2",
        "5 parsecs",
        "5",
        "mA/cm2",
        "1 mA",
        "1 mA/cm3",
        "1 mA/cm",
        "1 mA//cm2",
        "1 mA/",
        "1 cm2",
        "1e13 s",
        "1 psi",
        "²",
        "ä",
        "1,000 s",
        "25 F",
    ] {
        assert!(measure(words).is_err(), "{words}: {:?}", measure(words));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn no_words_panic(words in ".{0,24}", tail in "[-0-9.,eE·^ /µmuMkAhCVPabrscdin²⁻]{0,16}") {
        let _ = (number(&words), measure(&words), measure(&format!("1{tail}")), number(&tail));
    }

    #[test]
    fn what_is_written_reads_back_as_the_same(value in -1e6..1e6f64, kind in 0..7usize) {
        let written = [
            Measure::CurrentDensity, Measure::ArealCapacity, Measure::Time, Measure::Voltage,
            Measure::Pressure, Measure::Temperature, Measure::Sites,
        ][kind](tidy(value));
        prop_assert_eq!(measure(&written.to_string()), Ok(written));
        prop_assert_eq!(number(&value.to_string()), Ok(value));
    }
}
