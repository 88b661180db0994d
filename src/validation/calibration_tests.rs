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
    let percent = plan.efficiency(&plan.rows[0], &[true_value], 1).expect("a good scene");
    plan.rows = vec![row(percent)];
    let found = calibrate(&plan, |_| {}).expect("good scenes");
    let (_, start, value, others) = &found.parameters[0];
    assert!(*start == 0.02 && others.is_empty());
    assert!((value / true_value).ln().abs() < 0.35, "{value}");
    assert!(found.score(|judged| Some(judged.fitted)) < found.score(|judged| Some(judged.before)));
    assert!(found.table().contains("1 rows, fitted on 1") && found.csv().lines().count() == 2);
}
