//! Tests of `calibration.rs`.

use super::*;

#[test]
fn bounds_that_are_kept_are_no_deviation() {
    assert_eq!((Printed::Below(20.0).deviation(15.0), Printed::Above(99.0).deviation(99.5)), (0.0, 0.0));
    // ln(50/50) − ln(20/80) = ln 4.
    assert!((Printed::Below(20.0).deviation(50.0) - 4f64.ln()).abs() < 1e-12);
    assert!((Printed::Above(99.0).deviation(90.0) + 11f64.ln()).abs() < 1e-12);
    assert!(Printed::About(99.0).deviation(99.9) > 0.0);
}

#[test]
fn only_figures_that_say_so_are_in_an_order() {
    assert!(Printed::Below(20.0).is_less_than(Printed::About(99.9)));
    assert!(Printed::About(50.0).is_less_than(Printed::Above(99.0)));
    // Less than 10 % and less than 20 % may be equal; so may more than 99 % and 99.9 %.
    assert!(!Printed::Below(10.0).is_less_than(Printed::Below(20.0)));
    assert!(!Printed::Above(99.0).is_less_than(Printed::About(99.9)));
}

/// The efficiency of a carbonate is made known by a run with a corrosion eight times as fast. The search
/// finds that speed to a step.
#[test]
fn the_search_finds_a_parameter_that_made_the_figures() {
    let path = "recipe.films.organic.corrosion_nm_s";
    let row = |percent: f64| Row {
        electrolyte: "1 M NaPF6 in EC/DEC".into(),
        current_density_ma_cm2: 0.5,
        capacity_mah_cm2: 0.8,
        efficiency_percent: Printed::About(percent),
        paper: "this".into(),
        fit: true,
    };
    let mut plan = Plan {
        scene: "half_cell".into(),
        settings: vec!["lattice.sites=[32,32,128]".into()],
        cycles: 1,
        strip_to_v: 1.0,
        seeds: 2,
        parameters: vec![Fitted { path: path.into(), start: 0.02, range: (0.001, 1.0) }],
        rows: vec![row(50.0)],
    };
    let true_value = 0.16;
    let percent = |seed| plan.efficiency(&plan.rows[0], &[true_value], seed).expect("a good scene");
    let percent = 0.5 * (percent(1) + percent(2));
    plan.rows = vec![row(percent)];
    let found = calibrate(&plan, |_| {}).expect("good scenes");
    let (_, start, value, others) = &found.parameters[0];
    assert!(*start == 0.02 && others.is_empty());
    assert!((value / true_value).ln().abs() < 0.35, "{value}");
    assert!(found.score(|judged| Some(judged.fitted)) < found.score(|judged| Some(judged.before)));
    assert!(found.table().contains("1 rows, fitted on 1") && found.csv().lines().count() == 2);
}

#[test]
fn the_plan_of_the_project_is_read_and_what_makes_no_sense_is_refused() {
    let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/calibration.ron"));
    let plan = Plan::read(path).expect("our own plan");
    assert!(plan.rows.len() > 8 && plan.rows.iter().filter(|row| row.fit).count() < plan.rows.len());
    let text = std::fs::read_to_string(path).expect("it is there");
    let file = std::env::temp_dir().join(format!("natrarium-plan-{}.ron", std::process::id()));
    for (from, to, says) in [
        ("fit: true", "fit: false", "nothing to fit"),
        ("seeds: 2", "seeds: 0", "0 seeds"),
        ("Below(20.0)", "Below(120.0)", "120 %"),
        ("start: 0.03", "start: 3.0", "starts at 3"),
        ("cycles: 5", "cykles: 5", "cycles"),
    ] {
        assert!(text.contains(from), "{from}");
        std::fs::write(&file, text.replace(from, to)).expect("a temporary file");
        let error = Plan::read(&file).expect_err(to).to_string();
        assert!(error.contains(says), "{error}");
    }
    std::fs::remove_file(&file).expect("it was written");
    // A recipe that does not exist, and a parameter that does not.
    for (from, to, says) in [("NaTFSI", "NaTFSJ", "NaTFSJ"), ("corrosion_nm_s", "corosion", "corosion")] {
        let mut plan = Plan::read(path).expect("our own plan");
        plan.rows.iter_mut().for_each(|row| row.electrolyte = row.electrolyte.replace(from, to));
        plan.parameters.iter_mut().for_each(|of| of.path = of.path.replace(from, to));
        let error = calibrate(&plan, |_| {}).expect_err(to).to_string();
        assert!(error.contains(says), "{error}");
    }
}
