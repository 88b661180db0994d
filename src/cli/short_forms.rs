//! Short forms of what a laboratory changes first: current, capacity, cycles, temperature, pressure, cell,
//! protocol.
//!
//! Does: apply them to a scene after `--set`, and say which option is at fault when the outcome makes no
//! sense.
//! Does not: check; that is the scene's task.

use super::CliError;
use super::values::{
    parse_capacity, parse_cell, parse_coating, parse_current, parse_foil, parse_pressure, parse_temperature,
};
use crate::scene::{CellSpec, LayerSpec, SceneSpec, StartSpec, WrittenProtocol};
use clap::Args;

/// Short forms of changes to a scene.
#[derive(Args, Clone, Debug, Default)]
pub struct ShortForms {
    /// Current density: 0.5mA/cm2, 500uA/cm2 or 5A/m2
    ///
    /// Of the run, or of every step of the protocol that carries current.
    #[arg(long, value_name = "CURRENT", value_parser = parse_current, allow_hyphen_values = true)]
    pub current: Option<f64>,
    /// Capacity: 1mAh/cm2, 1000uAh/cm2 or 3.6C/cm2
    ///
    /// After which the run ends, or every step of the protocol that ends at a capacity.
    #[arg(long, value_name = "CHARGE", value_parser = parse_capacity, allow_hyphen_values = true)]
    pub capacity: Option<f64>,
    /// Plate and strip so many times
    ///
    /// With the current and the capacity of the scene, unless --current and --capacity give others. A
    /// symmetric cell strips as much as it plated; the others strip until the voltage reaches the cutoff of
    /// the scene. Replaces its protocol and its limits; --until still ends the whole run.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub cycles: Option<u32>,
    /// Temperature: 25C or 298K
    #[arg(long, value_name = "TEMPERATURE", value_parser = parse_temperature, allow_hyphen_values = true)]
    pub temperature: Option<f64>,
    /// Stack pressure: 0.5MPa, 500kPa or 5bar
    #[arg(long, value_name = "PRESSURE", value_parser = parse_pressure, allow_hyphen_values = true)]
    pub pressure: Option<f64>,
    /// What stands across the gap: symmetric, half-cell or anode-free, and its metal if you like, as in
    /// anode-free:3mAh/cm2
    #[arg(long, value_name = "CELL[:CHARGE]", value_parser = parse_cell)]
    pub cell: Option<CellSpec>,
    /// Layers on the electrode, from the metal outwards: NaBr, "NaBr 1um" or "Sn 100nm + PVDF"; none for a
    /// bare one
    #[arg(long, value_name = "LAYERS", value_parser = parse_coating)]
    pub coating: Option<std::vec::Vec<LayerSpec>>,
    /// Begin with a foil of the metal on the collector: 20um
    #[arg(long, value_name = "THICKNESS", value_parser = parse_foil, allow_hyphen_values = true)]
    pub foil: Option<f64>,
    /// Steps of charge, discharge and rest, as a list, as the name of a file that holds one, or - for
    /// standard input
    ///
    /// In sentences, for example --protocol '(Plate at 0.5 mA/cm2 until 1 mAh/cm2, Rest for 10 min, Strip at
    /// 0.5 mA/cm2 until 1 V) * 10', or as in a scene file, '[Plate(current_density_ma_cm2: 0.5, until:
    /// (capacity_mah_cm2: 1.0)), Rest(time_s: 600)]'. There are Plate, Strip, Rest, Hold, Ramp, Pulse and
    /// Repeat.
    /// Replaces the protocol and the limits of the scene.
    #[arg(long, value_name = "STEPS", conflicts_with = "cycles")]
    pub protocol: Option<String>,
}

/// Short forms with their protocol read.
pub struct ReadForms<'a> {
    forms: &'a ShortForms,
    protocol: Option<WrittenProtocol>,
}

impl ShortForms {
    /// Reads the protocol, if there is one.
    pub fn read(&self) -> Result<ReadForms<'_>, CliError> {
        let read = |words: &String| WrittenProtocol::read(words, "--protocol");
        Ok(ReadForms { forms: self, protocol: self.protocol.as_ref().map(read).transpose()? })
    }
}

impl ReadForms<'_> {
    /// Changes a scene; nothing is checked yet.
    pub fn apply_to(&self, mut spec: SceneSpec) -> Result<SceneSpec, CliError> {
        let ShortForms { current, capacity, cycles, temperature, pressure, cell, coating, foil, protocol: _ } =
            self.forms;
        if let Some(thickness_um) = *foil {
            spec.start = StartSpec::Foil { thickness_um };
        }
        if let Some(layers) = coating {
            spec.coating = layers.clone();
        }
        spec.temperature_c = temperature.unwrap_or(spec.temperature_c);
        spec.pressure_mpa = pressure.unwrap_or(spec.pressure_mpa);
        spec.cell = cell.unwrap_or(spec.cell);
        if let Some(cycles) = *cycles {
            let (own_current, own_capacity) = spec.plating();
            let (current, capacity) = (current.unwrap_or(own_current), capacity.unwrap_or(own_capacity));
            return Ok(spec.with_cycles(cycles, current, capacity));
        }
        if let Some(written) = &self.protocol {
            spec = spec.with_protocol(written.steps.clone());
        }
        if let Some(current) = *current {
            spec = spec.with_current_density(current);
        }
        match *capacity {
            Some(_) if !spec.has_capacity() => Err(CliError::Input(
                "--capacity: no step of the protocol ends at a capacity; give --cycles, or a --protocol that does"
                    .into(),
            )),
            Some(capacity) => Ok(spec.with_capacity(capacity)),
            None => Ok(spec),
        }
    }

    /// The option that gave a field of the scene its value, with line and column in the text of a protocol.
    pub fn place_of(&self, field: &str) -> Option<String> {
        let ShortForms { current, capacity, cycles, temperature, pressure, cell, coating, foil, protocol: _ } =
            self.forms;
        let given = [
            ("--current", current.is_some()),
            ("--capacity", capacity.is_some()),
            ("--protocol", self.protocol.is_some()),
            ("--cycles", cycles.is_some()),
            ("--cell", cell.is_some()),
            ("--coating", coating.is_some()),
            ("--foil", foil.is_some()),
            ("--temperature", temperature.is_some()),
            ("--pressure", pressure.is_some()),
        ];
        let given: Vec<&str> = given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
        // In the order in which they decide.
        let name = field.rsplit('.').next().unwrap_or(field);
        let decisive: &[&str] = match name {
            "temperature_c" => &["--temperature"],
            "pressure_mpa" => &["--pressure"],
            "current_density_ma_cm2" => &["--current", "--protocol", "--cycles"],
            "capacity_mah_cm2" | "areal_capacity_mah_cm2" => {
                &["--capacity", "--protocol", "--cell", "--cycles"]
            }
            _ if field.starts_with("cell") => &["--cell"],
            _ if field.starts_with("start") => &["--foil"],
            _ if field.starts_with("coating") => &["--coating"],
            _ if field.starts_with("protocol") => &["--protocol", "--cycles", "--cell"],
            _ => &[],
        };
        // The scene was sound before: with one option, it is that one.
        let sole = if let [sole] = given[..] { Some(sole) } else { None };
        let guilty = decisive.iter().copied().find(|name| given.contains(name)).or(sole)?;
        match &self.protocol {
            Some(written) if guilty == "--protocol" => Some(written.place_of(field)),
            _ => Some(guilty.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::cli::selection::Changes;
    use crate::scene::{CellSpec, SceneSpec, StepLimits, StepSpec};
    use clap::Parser;

    #[derive(Parser)]
    struct Probe {
        #[command(flatten)]
        changes: Changes,
    }

    /// The scene that a command selects, or what is said instead.
    fn selected(scene: &str, options: &[&str]) -> Result<SceneSpec, String> {
        let words = ["probe"].into_iter().chain(options.iter().copied());
        let probe = Probe::try_parse_from(words).map_err(|error| error.to_string())?;
        let selection = probe.changes.apply_to(scene).map_err(|error| error.to_string())?;
        Ok(selection.scene.spec)
    }

    fn capacity(mah_cm2: f64) -> StepLimits {
        StepLimits { capacity_mah_cm2: Some(mah_cm2), ..StepLimits::default() }
    }

    #[test]
    fn cycles_take_current_and_capacity_from_options_or_scene() {
        let half_cell = selected("half_cell", &[]).unwrap();
        let cell = half_cell.cell;
        let cycling = |current, capacity, cycles| {
            Some(StepSpec::cycling(current, capacity, cycles, cell, half_cell.cutoff_v))
        };
        for (scene, options, expected) in [
            ("half_cell", "--current 0.5mA/cm2 --capacity 1mAh/cm2 --cycles 10", cycling(0.5, 1.0, 10)),
            ("scenes/teaching/half_cell.ron", "--cycles 7", cycling(0.5, 1.0, 7)),
            ("carbonate_moss", "--cycles 2", cycling(1.0, 1.0, 2)),
            ("diglyme_film", "--cycles 2 --current 2mA/cm2", cycling(2.0, 1.0, 2)),
            ("carbonate_moss", "--set current_density_ma_cm2=3 --cycles 2", cycling(3.0, 1.0, 2)),
        ] {
            let options: Vec<&str> = options.split(' ').collect();
            let spec = selected(scene, &options).unwrap();
            assert_eq!((spec.protocol, spec.until), (expected, None), "{scene} {options:?}");
        }
        let recipe = ["--electrolyte", "1 M NaPF6 in diglyme", "--current", "0.5mA/cm2", "--cycles", "10"];
        let spec = selected("scenes/teaching/half_cell.ron", &recipe).unwrap();
        assert_eq!((spec.electrolyte.as_str(), spec.protocol), (recipe[1], cycling(0.5, 1.0, 10)));
        // As much is stripped as was plated where there is metal on both sides.
        let spec = selected("carbonate_moss", &["--cycles", "2", "--cell", "symmetric"]).unwrap();
        let symmetric = CellSpec::Symmetric { foil_mah_cm2: 100.0 };
        assert_eq!(spec.protocol, Some(StepSpec::cycling(1.0, 1.0, 2, symmetric, 1.0)));
        let limited = selected("half_cell", &["--cycles", "2", "--until", "600s"]).unwrap();
        assert_eq!(limited.limits().time_s, Some(600.0));
    }

    #[test]
    fn current_and_capacity_change_the_steps_of_a_protocol_or_the_run() {
        let spec =
            selected("half_cell", &["--current", "2mA/cm2", "--capacity", "3.6C/cm2", "--pressure", "5bar"]);
        let spec = spec.unwrap();
        let voltage = StepLimits { voltage_v: Some(1.0), ..StepLimits::default() };
        let steps = vec![
            StepSpec::Plate { current_density_ma_cm2: 2.0, until: capacity(1.0) },
            StepSpec::Strip { current_density_ma_cm2: 2.0, until: voltage },
        ];
        assert_eq!(spec.protocol, Some(vec![StepSpec::Repeat { times: 3, steps }]));
        assert_eq!(spec.pressure_mpa, 0.5);

        let options = ["--current", "20A/m2", "--capacity", "0.2mAh/cm2", "--temperature", "313.15K"];
        let spec = selected("carbonate_moss", &options).unwrap();
        assert_eq!((spec.current_density_ma_cm2, spec.limits().areal_capacity_mah_cm2), (2.0, Some(0.2)));
        assert!((spec.temperature_c - 40.0).abs() < 1e-9 && spec.protocol.is_none());
    }

    #[test]
    fn a_protocol_comes_from_the_command_line_or_from_a_file() {
        let steps = "[Plate(current_density_ma_cm2: 0.5, until: (capacity_mah_cm2: 1.0)), Rest(time_s: 600)]";
        let expected = vec![
            StepSpec::Plate { current_density_ma_cm2: 0.5, until: capacity(1.0) },
            StepSpec::Rest { time_s: 600.0 },
        ];
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("steps.ron");
        std::fs::write(&file, format!("// Mine.\n{steps}\n")).unwrap();
        for words in [steps, &file.to_string_lossy()] {
            let spec = selected("carbonate_moss", &["--protocol", words]).unwrap();
            // The limit of the scene was for another course.
            assert_eq!((spec.protocol.as_ref(), spec.until), (Some(&expected), None));
        }
        let spec = selected("half_cell", &["--protocol", steps, "--current", "1mA/cm2"]).unwrap();
        assert_eq!(spec.plating(), (1.0, 1.0));

        std::fs::write(&file, "[\n    Rest(time_s: 60),\n    Rest(time_s: -1),\n]").unwrap();
        let message = selected("half_cell", &["--protocol", &file.to_string_lossy()]).unwrap_err();
        assert!(message.contains("steps.ron:3:10: ") && message.contains("is -1 s"), "{message}");
    }

    #[test]
    fn the_option_at_fault_is_named() {
        for (options, fragments) in [
            (&["--current", "0mA/cm2"][..], ["--current: no current flows", "use a rest"]),
            (&["--current", "-1mA/cm2"], ["--current: ", "from 0 to 1000 mA/cm²"]),
            (
                &["--current", "5A/m2", "--capacity", "200mAh/cm2"],
                ["--capacity: the step plates 200", "only 100"],
            ),
            (&["--cycles", "0"], ["--cycles: the steps are repeated 0 times", "1 or more"]),
            (&["--cycles", "60000000"], ["--cycles: the protocol is longer than 100000000", "repeat less"]),
            (&["--cell", "anode-free:0.5mAh/cm2"], ["--cell: the step plates 1 mAh/cm²", "only 0.5"]),
            (&["--cell", "half-cell:0mAh/cm2"], ["--cell: ", "from 0.001 to 10000"]),
            (&["--temperature", "99C", "--cycles", "3"], ["--temperature: sodium melts", "below 97.8"]),
            (&["--temperature", "300C"], ["--temperature: ", "from -20 to 120"]),
            (&["--pressure", "-1bar"], ["--pressure: ", "from 0 to 10 MPa"]),
            (&["--until", "5000mAh/cm2"], ["--until: ", "from 0.000001 to 1000"]),
            (&["--set", "cutoff_v=0.5"], ["--set cutoff_v=0.5: the step ends at 1 V", "cut off at 0.5 V"]),
            (&["--protocol", "[Rest(time_s: 0)]"], ["--protocol:1:7: ", "is 0 s"]),
            (&["--protocol", "[]"], ["--protocol: the protocol has no steps", "Plate("]),
            (&["--protocol", "Rest"], ["--protocol:1:1: how long", "`Rest for 20 minutes`"]),
            (&["--protocol", "none.ron"], ["none.ron: cannot be read", "check the path"]),
            (&["--protocol", "[Rest(time_s: 5)]", "--cycles", "3"], ["--cycles", "cannot be used with"]),
            (
                &[
                    "--protocol",
                    "[Plate(current_density_ma_cm2: 1, until: (time_s: 60))]",
                    "--capacity",
                    "1mAh/cm2",
                ],
                ["--capacity: no step of the protocol ends at a capacity", "--cycles"],
            ),
            (&["--cycles", "some"], ["--cycles", "invalid digit"]),
            (&["--cell", "coin"], ["--cell", "anode-free:3mAh/cm2"]),
            (&["--current", "0.5"], ["--current", "0.5mA/cm2"]),
        ] {
            let message = selected("half_cell", options).unwrap_err();
            for fragment in fragments {
                assert!(message.contains(fragment), "{options:?}: {message}");
            }
        }
    }
}
