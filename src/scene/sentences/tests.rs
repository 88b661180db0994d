use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Vec<StepSpec> {
    steps(text, "steps").unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn in_ron(text: &str) -> Vec<StepSpec> {
    parse_ron(text, "steps").unwrap()
}

#[test]
fn sentences_are_the_steps_they_say() {
    for (sentence, step) in [
        (
            "Plate at 0.5 mA/cm2 for 2 hours or until -0.2 V",
            "Plate(current_density_ma_cm2: 0.5, until: (time_s: 7200, voltage_v: 0.2))",
        ),
        (
            "plate at 500 µA cm⁻² until 1 mAh cm⁻²",
            "Plate(current_density_ma_cm2: 0.5, until: (capacity_mah_cm2: 1))",
        ),
        ("Rest for 20 minutes", "Rest(time_s: 1200)"),
        ("Rest for 2 hours 30 minutes.", "Rest(time_s: 9000)"),
        ("Strip at 1 mA/cm2 until 1 V", "Strip(current_density_ma_cm2: 1, until: (voltage_v: 1))"),
        (
            "Strip at 1 mA/cm2 until 1 V or 2 h or 1000 sites",
            "Strip(current_density_ma_cm2: 1, until: (voltage_v: 1, time_s: 7200, sites: 1000))",
        ),
        ("Hold at 0.05 V until 10 uA/cm2", "Hold(voltage_v: 0.05, until: (current_density_ma_cm2: 0.01))"),
        (
            "Hold at −50 mV for 1 h or until 0.1 mA/cm2 at most 5 mA/cm2",
            "Hold(voltage_v: -0.05, largest_ma_cm2: 5, until: (time_s: 3600, current_density_ma_cm2: 0.1))",
        ),
        (
            "Ramp from 0.1 mA/cm2 to 5 mA/cm2 in 1 hour until -0.5 V",
            "Ramp(from_ma_cm2: 0.1, to_ma_cm2: 5, time_s: 3600, until: (voltage_v: 0.5))",
        ),
        ("Ramp from 0 to 5 mA/cm2 over 600 s", "Ramp(from_ma_cm2: 0, to_ma_cm2: 5, time_s: 600)"),
        (
            "Pulse at 2 mA/cm2, 10 ms on, 50 ms off, for 1 hour",
            "Pulse(current_density_ma_cm2: 2, on_s: 0.01, off_s: 0.05, until: (time_s: 3600))",
        ),
        (
            "Pulse at 2 mA/cm2 10 ms on and 50 ms off with reverse at 1 mA/cm2 for 2 ms until 0.5 mAh/cm2",
            "Pulse(current_density_ma_cm2: 2, on_s: 0.01, off_s: 0.05, reverse: (current_density_ma_cm2: 1, \
             time_s: 0.002), until: (capacity_mah_cm2: 0.5))",
        ),
        ("Plate at 0,5 mA/cm2 for 60 s", "Plate(current_density_ma_cm2: 0.5, until: (time_s: 60))"),
    ] {
        assert_eq!(read(&format!("[\"{sentence}\"]")), in_ron(&format!("[{step}]")), "{sentence}");
        assert_eq!(read(sentence), in_ron(&format!("[{step}]")), "{sentence}");
    }
}

#[test]
fn lists_lines_brackets_and_steps_of_a_scene_go_together() {
    let expected = in_ron(
        "[Rest(time_s: 1), Repeat(times: 10, steps: [Plate(current_density_ma_cm2: 1, until: (time_s: 60)), \
         Strip(current_density_ma_cm2: 1, until: (voltage_v: 1))]), Rest(time_s: 2)]",
    );
    for text in [
        "[\"Rest for 1 s\", (\"Plate at 1 mA/cm2 for 1 min\", \"Strip at 1 mA/cm2 until 1 V\") * 10, \"Rest for 2 s\"]",
        "Rest for 1 s\n# Ten times:\n(\n  Plate at 1 mA/cm2 for 1 min\n  Strip at 1 mA/cm2 until 1 V\n) * 10\nRest for 2 s\n",
        "Rest for 1 s, (Plate at 1 mA/cm2 for 1 min, Strip at 1 mA/cm2 until 1 V) × 10, Rest for 2 s",
        "[Rest(time_s: 1), (\"Plate at 1 mA/cm2 for 1 min\", \"Strip at 1 mA/cm2 until 1 V\") * 10, Rest(time_s: 2)]",
        "[Rest(time_s: 1), Repeat(times: 10, steps: [\"Plate at 1 mA/cm2 for 1 min\", \"Strip at 1 mA/cm2 until 1 V\"]), \"Rest for 2 s\"]",
        "[“Rest for 1 s”, [“Plate at 1 mA/cm2 for 1 min”, “Strip at 1 mA/cm2 until 1 V”] * 10, “Rest for 2 s”]",
        "['Rest for 1 s', ('Plate at 1 mA/cm2 for 1 min', 'Strip at 1 mA/cm2 until 1 V')*10, 'Rest for 2 s']",
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    let once = in_ron("[Rest(time_s: 1), Rest(time_s: 2)]");
    assert_eq!(read("[(\"Rest for 1 s\", \"Rest for 2 s\")]"), once);
}

#[test]
fn what_is_no_step_is_named_with_its_place() {
    for (text, fragments) in [
        ("[\"Plate at C/10 for 2 hours\"]", &["steps:1:2", "C-rate", "0.5 mA/cm2"][..]),
        ("Plate at 1C for 2 hours", &["C-rate"]),
        ("Rest for 1 s\nDischarge at 1 mA/cm2 for 1 h", &["steps:2:1", "`Plate`", "`Strip`"]),
        ("Plate at 1 mA/cm2", &["never end", "for 2 hours"]),
        ("Plate for 2 hours", &["stands where the current should"]),
        ("Plate at 0.1 V for 2 hours", &["is a voltage", "Hold"]),
        ("Plate at -1 mA/cm2 for 1 h", &["has a sign"]),
        ("Strip at 1 mA/cm2 until -1 V", &["above 0", "without the minus"]),
        ("Rest for 20 parsecs", &["no time", "20 minutes"]),
        ("Rest", &["how long"]),
        ("Rest for 1 h (5 minute period)", &["--rows"]),
        ("Fly at 1 mA/cm2 for 1 h", &["`Fly` begins no step", "Plate at"]),
        ("(Rest for 1 s", &["steps:1:1", "not closed"]),
        ("Rest for 1 s)", &["steps:1:13", "closes nothing"]),
        ("(Rest for 1 s) * many", &["number of repeats"]),
        ("Plate at 1,000 mA/cm2 for 1 s", &["comma before three digits"]),
        ("Hold at 1 mA/cm2 for 1 h", &["where the voltage should"]),
        ("Ramp from 1 mA/cm2 to 2 mA/cm2", &["two currents and a time"]),
        ("Pulse at 1 mA/cm2 for 1 h", &["time on and a time off"]),
        // As in a scene file, faults are named as there.
        ("[Rest(time: 5)]", &["steps:1:7", "unknown field `time`"]),
    ] {
        let message = steps(text, "steps").expect_err(text).to_string();
        for fragment in fragments {
            assert!(message.contains(fragment), "{text}: `{fragment}` is not in {message}");
        }
        assert!(!message.contains('\n'), "{message}");
    }
}

#[test]
fn a_scene_takes_sentences_as_its_protocol() {
    let scene = |protocol: &str| {
        format!("(version: 1, title: \"a [b]\", electrolyte: \"diglyme\", protocol: {protocol}, seed: 7)")
    };
    let plain =
        crate::scene::parse(&scene("[Plate(current_density_ma_cm2: 1, until: (time_s: 60))]"), "x").unwrap();
    for protocol in ["[\"Plate at 1 mA/cm2 for 1 min\"]", "Some([\"Plate at 1 mA/cm2 for 60 s\"])"] {
        assert_eq!(crate::scene::parse(&scene(protocol), "x").unwrap(), plain);
    }
    let message = crate::scene::parse(&scene("[\"Plate at 1C for 1 min\"]"), "x").unwrap_err().to_string();
    assert!(message.starts_with("x:1:") && message.contains("C-rate"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn no_text_panics(
        text in ".{0,40}",
        words in prop::collection::vec("Plate|Rest|Hold|Ramp|Pulse|at|for|until|or|from|to|on|off|reverse|[-0-9.,]{1,4}|mA/cm2|V|s|\"|\\(|\\)|\\[|\\]|\\*|\n", 0..16),
    ) {
        for text in [text, words.join(" ")] {
            if let Err(error) = steps(&text, "steps") {
                prop_assert!(!error.to_string().contains('\n'), "{}", error);
            }
            let _ = crate::scene::parse(&format!("(protocol: [{text}])"), "x");
        }
    }
}
