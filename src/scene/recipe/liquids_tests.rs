//! Solvates, solubility, metal salts, shields, further solvents, transference numbers.

use super::table::{Named, Solubility, Solvate, rules};
use super::*;

fn read(text: &str) -> Recipe {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn made(text: &str) -> Electrolyte {
    read(text).electrolyte()
}

fn refused(text: &str, fragments: &[&str]) {
    let message = text.parse::<Recipe>().expect_err(text).to_string();
    for fragment in fragments {
        assert!(message.contains(fragment), "`{fragment}` is not in: {message}");
    }
    assert!(!message.contains('\n'), "{message}");
}

#[test]
fn solvates_are_read_as_chemists_type_them() {
    for (canonical, spellings) in [
        (
            "NaI·3.3NH₃",
            &[
                "NaI·3.3NH3",
                "NaI*3.3NH3",
                "NaI.3.3NH3",
                "NaI-3.3NH3",
                "NaI–3.3 NH₃",
                "NaI ⋅ 3,3 NH3",
                "nai·3.3nh3",
                "NaI·xNH3",
                "NaI • xNH₃",
                "sodium iodide·3.3 ammonia",
                "  NaI∙3.3NH3 ",
            ][..],
        ),
        ("NaBF₄·2.5NH₃", &["NaBF4·2.5NH3", "NaBF4-2.5NH3", "NaBF4.2.5NH3", "NaBF₄*2.5NH₃"]),
        ("NaBH₄·1.5NH₃", &["NaBH4·xNH3", "NaBH4*1.5NH3", "NaBH4·nNH3"]),
        (
            "NaAlCl₄·2SO₂",
            &["NaAlCl4·2SO2", "NaAlCl4*2SO2", "NaAlCl4.2SO2", "NaAlCl4-2SO2", "NaAlCl₄ · 2 SO₂"],
        ),
        ("NaI·4NH₃ + 0.1 M KPF₆", &["NaI·4NH3 + 0.1 M KPF6"]),
    ] {
        for text in spellings.iter().chain([&canonical]) {
            assert_eq!(read(text).to_string(), canonical, "{text}");
        }
    }
}

/// Lee2019, sec. 5: more than 7 M of Na⁺ and 0.1 S/cm, of which a separator of glass fibre leaves 0.85.
#[test]
fn ammoniates_are_concentrated_and_conduct_well() {
    for text in ["NaI·3.3NH3", "NaBF4·2.5NH3", "NaBH4·xNH3"] {
        let ammoniate = made(text);
        assert!((7.0..10.0).contains(&ammoniate.concentration_mol_l.value), "{text}");
        assert!((70.0..=100.0).contains(&ammoniate.conductivity_ms_cm.value), "{text}");
        assert!(ammoniate.concentration_mol_l.assumption);
    }
    let thinner = made("NaI·5NH3").concentration_mol_l.value;
    assert!(thinner < made("NaI·3.3NH3").concentration_mol_l.value);
    let chloroaluminate = made("NaAlCl4·2SO2");
    assert!((5.0..7.0).contains(&chloroaluminate.concentration_mol_l.value));
    // Its film is no carbonate's.
    assert!(chloroaluminate.film_spread.value < 0.2 * made("1 M NaPF6 in EC/DEC").film_spread.value);
}

#[test]
fn bad_solvates_are_refused_with_a_cure() {
    refused(
        "1 M NaI·3.3NH3",
        &["brings its own concentration", "column 1", "leave out the amount", "`NaI·3.3NH3`"],
    );
    refused("NaI·3.3NH3 in DME", &["`in` is not understood", "salt and solvent in one"]);
    refused("NaI·3.3NH3 + 1 M NaPF6", &["NaPF6 beside a solvate", "leave out the other salt"]);
    refused("NaI·30NH3", &["moles of NH3 per mole of NaI is 30", "1.3 to 6"]);
    refused("NaI·NH3", &["how many NH3", "is not said", "`NaI·3.3NH3`"]);
    refused("NaPF6·3NH3", &["no liquid of NaPF6 and NH3 is known", "`NaBF4·2.5NH3`"]);
    refused("NaI·2SO2", &["no liquid of NaI and SO2 is known", "`NaAlCl4·2SO2`"]);
    refused("1 M NaI in NH3", &["only as a part of a solvate", "column 12", "`NaI·3.3NH3`"]);
    refused("NaI·1,000NH3", &["comma before three digits"]);
    // Ordinary solvents have none.
    refused("NaFSI·2DME", &["concentration of the salt is missing"]);
}

#[test]
fn every_solvate_of_the_table_is_read_over_its_whole_range() {
    for Solvate { salt, solvent, moles, .. } in &rules().solvates {
        for x in [moles.range.0, moles.value, moles.range.1] {
            let recipe = read(&format!("{salt}·{x}{solvent}"));
            assert_eq!(read(&recipe.to_string()), recipe);
            for (name, parameter) in recipe.electrolyte().parameters() {
                let (low, high) = parameter.range;
                assert!((low..=high).contains(&parameter.value), "{recipe}: {name}");
            }
        }
    }
}

/// Yuan2022, sec. 5: −40 to 70 °C.
#[test]
fn a_solvate_is_refused_where_it_is_not_liquid() {
    let recipe = read("NaAlCl4·2SO2");
    for temperature_c in [-40.0, 25.0, 70.0] {
        assert!(recipe.check_temperature(temperature_c).is_ok());
    }
    for temperature_c in [-41.0, 71.0, f64::NAN] {
        let problem = recipe.check_temperature(temperature_c).unwrap_err();
        assert!(problem.what.contains("NaAlCl₄·2SO₂ is liquid from -40 to 70 °C"), "{}", problem.what);
    }
    assert!(read("1 M NaPF6 in EC/DEC").check_temperature(80.0).is_ok());
}

#[test]
fn what_does_not_dissolve_is_refused_with_the_most_that_does() {
    refused(
        "0.5 M NaF in EC/DEC",
        &["0.5 M NaF does not dissolve in EC/DEC", "column 1", "give at most 0.01 M"],
    );
    refused("1 M NaCl in DME", &["does not dissolve in DME", "at most 0.01 M"]);
    refused("1 M NaNO3 in diglyme", &["does not dissolve", "at most 0.5 M"]);
    refused("3 M NaPF6 in DME", &["does not dissolve in DME", "at most 2 M"]);
    refused("7 M NaFSI in DME", &["does not dissolve in DME", "at most 5.5 M"]);
    refused("1 M NaBOB in EC/DEC", &["does not dissolve", "at most 0.05 M"]);
    // The second salt is pointed at, also behind the solvents.
    refused("1 M NaPF6 + 0.2 M NaF in EC/DEC", &["0.2 M NaF", "column 13"]);
    refused("1 M NaPF6 in EC/DEC + 0.2 M NaF", &["0.2 M NaF", "column 2"]);
    // A diluent takes nothing.
    refused("1.5 M NaPF6 in DME/BTFE (1:4)", &["does not dissolve in DME/BTFE", "at most 0.4"]);
    // So little solvent that no amount helps.
    refused("1 M NaF in DME/BTFE (1:100)", &["does not dissolve", "give less of the diluent"]);
    for printed in [
        "5 M NaFSI in DME",
        "5.2 M NaFSI in DME",
        "2.1 M NaFSI in DME/BTFE (1:2)",
        "6 M NaFSI in EC/PC",
        "1.5 M NaPF6 in diglyme",
        "2 M NaPF6 in EC/DEC",
        "0.5 M NaBOB in TMP",
        "1 M NaPF6 in EC/DEC + 0.05 M NaNO3",
    ] {
        read(printed);
    }
}

/// What a message says is the most is taken, in every solvent and with any diluent.
#[test]
fn the_most_that_dissolves_is_taken() {
    let table = rules();
    for Solubility { salts, kinds, .. } in &table.solubilities {
        for solvent in table.solvents.iter().filter(|one| kinds.contains(&one.kind) && !one.is_diluent()) {
            for (salt, diluted) in
                salts.iter().flat_map(|salt| ["", "/TTE (1:2)", "/TTE (1:9)"].map(|d| (salt, d)))
            {
                let Err(error) = format!("9.9 M {salt} in {}{diluted}", solvent.name).parse::<Recipe>()
                else {
                    panic!("9.9 M {salt} in {}{diluted}", solvent.name)
                };
                let message = error.to_string();
                let most = message.split("at most ").nth(1).and_then(|rest| rest.split(" M").next());
                let most = most.unwrap_or_else(|| panic!("{message}"));
                read(&format!("{most} M {salt} in {}{diluted}", solvent.name));
            }
        }
    }
}

#[test]
fn all_spellings_of_added_salts_are_read() {
    let table = rules();
    for salt in &table.added_salts {
        for name in salt.spellings() {
            let text = format!("1 M NaPF6 in EC/DEC + 0.05 M {name}");
            let recipe = read(&text);
            assert_eq!(
                recipe.to_string(),
                format!("1 M NaPF₆ in EC/DEC + 0.05 M {}", subscripts(&salt.name)),
                "{text}"
            );
            let electrolyte = recipe.electrolyte();
            assert!(electrolyte.note.contains(&salt.forms), "{text}: {}", electrolyte.note);
            let shields = electrolyte.shield_exponent.value > 0.0;
            assert_eq!(shields, salt.forms.ends_with('⁺'), "{text}");
            assert_eq!(electrolyte.additive_mol_l.value, if shields { 0.0 } else { 0.05 });
        }
    }
}

#[test]
fn metal_salts_make_their_share_of_the_film_and_are_consumed() {
    let plain = made("1 M NaPF6 in EC/DEC");
    let tin = made("1 M NaPF6 in EC/DEC + 50 mM SnCl2");
    assert!(tin.film_growth_constant_m2_s.value < plain.film_growth_constant_m2_s.value);
    assert!(tin.film_spread.value < plain.film_spread.value);
    assert!(tin.charge_transfer_resistance_ohm_cm2.value < plain.charge_transfer_resistance_ohm_cm2.value);
    assert_eq!((tin.additive_mol_l.value, tin.additive_electrons.value), (0.05, 2.0));
    assert_eq!(tin.shield_exponent.value, 0.0);
    assert!(tin.note.contains("not modelled"), "{}", tin.note);
    let half = read("1 M NaPF6 in EC/DEC + 50 mM SnCl2 + 0.1 M KTFSI").with_film_formers_left(0.5);
    assert_eq!(half.to_string(), "1 M NaPF₆ in EC/DEC + 0.025 M SnCl₂ + 0.1 M KTFSI");
    assert_eq!(half.with_film_formers_left(0.0).to_string(), "1 M NaPF₆ in EC/DEC + 0.1 M KTFSI");
    // Two formers: electrons by their amounts.
    let two = made("1 M NaPF6 in EC/DEC + 0.1 M SnCl4 + 0.1 M AgOTf").additive_electrons.value;
    assert!((two - 2.5).abs() < 1e-9, "{two}");
    refused("1 M NaPF6 in EC/DEC + 5% SnCl2", &["how much SnCl2 is not said in M", "+ 50 mM SnCl2"]);
    refused("1 M NaPF6 in EC/DEC + 0.1 M AgTFSI + 0.1 M AgTFSI", &["AgTFSI is given twice"]);
}

/// Rb lies nearer to Na than K does, so its shield ends earlier; of two the first ends it.
#[test]
fn shields_end_where_their_metal_is_plated() {
    let limit = |text: &str| made(text).shield_limit_mv.value;
    let (k, rb) = (limit("1 M NaPF6 in PC + 0.1 M KPF6"), limit("1 M NaPF6 in PC + 0.1 M RbPF6"));
    assert!(rb < k);
    assert_eq!(limit("1 M NaPF6 in PC + 0.05 M KPF6 + 0.05 M RbPF6"), rb);
}

/// Lee2019, sec. 5 and Zhao2018, Table 1 hold for BTFE; the other fluorinated ethers are diluents as well.
#[test]
fn further_diluents_leave_the_film_of_the_concentrate() {
    let concentrated = made("4 M NaFSI in DME");
    for diluent in ["BTFE", "TTE", "TFTFE", "HFE"] {
        let diluted = made(&format!("2.1 M NaFSI in DME/{diluent} (1:2)"));
        assert_eq!(diluted.film_growth_constant_m2_s.value, concentrated.film_growth_constant_m2_s.value);
        assert!(diluted.diffusivity_m2_s.value > concentrated.diffusivity_m2_s.value, "{diluent}");
        refused(&format!("1 M NaFSI in {diluent}"), &["diluent alone"]);
    }
}

#[test]
fn phosphates_are_saved_by_concentration_and_carbonates_are_not() {
    let growth = |text: &str| made(text).film_growth_constant_m2_s.value;
    let dilute = growth("1 M NaFSI in TEP");
    assert_eq!(dilute, growth("1 M NaPF6 in EC/DEC"));
    for concentrated in
        ["4 M NaFSI in TEP", "1.5 M NaFSI in TEP/TTE (1:2)", "4 M NaFSI in TMP", "4 M NaFSI in DMSO"]
    {
        assert!(growth(concentrated) < 0.1 * dilute, "{concentrated}");
    }
    assert_eq!(growth("4 M NaFSI in PC"), dilute);
}

#[test]
fn transference_numbers_follow_concentration_anion_and_liquid() {
    let t = |text: &str| made(text).transference_number.value;
    for dilute in ["0.1 M NaPF6 in EC/DEC", "1 M NaPF6 in diglyme", "1.5 M NaTFSI in DME", "1 M NaFSI in TEP"]
    {
        assert_eq!(t(dilute), 0.4, "{dilute}");
    }
    assert!(t("2.5 M NaFSI in DME") > 0.4 && t("2.5 M NaFSI in DME") < t("4 M NaFSI in DME"));
    assert_eq!(t("4 M NaFSI in DME"), 0.6);
    assert_eq!(t("2.1 M NaFSI in DME/BTFE (1:2)"), 0.6);
    assert_eq!(t("0.5 M NaBPh4 in DME"), 0.5);
    assert!(t("1 M NaFSI in Pyr13FSI") < 0.2);
    let mixed = t("1 M NaFSI in Pyr13FSI/DME");
    assert!(t("1 M NaFSI in Pyr13FSI") < mixed && mixed < 0.4, "{mixed}");
    for text in ["NaI·3.3NH3", "1 M NaFSI in Pyr13FSI", "4 M NaFSI in DME", "1 M NaPF6 in EC/DEC"] {
        assert!(made(text).transference_number.source.len() > 10, "{text}");
    }
}

#[test]
fn further_solvents_have_their_usual_names() {
    for (name, spellings) in [
        ("triglyme", &["G3", "TrEGDME", "triethylene glycol dimethyl ether"][..]),
        ("tetraglyme", &["G4", "TEGDME"]),
        ("TMP", &["trimethyl phosphate"]),
        ("TEP", &["triethyl phosphate"]),
        ("acetonitrile", &["AN", "ACN", "MeCN"]),
        ("DMSO", &["dimethyl sulfoxide"]),
        ("sulfolane", &["SL", "tetramethylene sulfone"]),
        ("DOL/DME", &["dioxolane/monoglyme", "1,3-dioxolane + DME", "DOL:DME (1:1)"]),
        ("Pyr13FSI", &["PYR13FSI", "C3mpyrFSI"]),
        ("2-MeTHF", &["MeTHF", "2-methyltetrahydrofuran"]),
        ("EMImAlCl4", &["EMIC-AlCl3", "AlCl3/EMIC"]),
        ("TEP/TTE (1:2 v)", &["triethyl phosphate/HFE (1:2)"]),
    ] {
        for spelling in spellings.iter().chain([&name]) {
            let recipe = read(&format!("1 M NaFSI in {spelling}"));
            assert_eq!(recipe.to_string(), format!("1 M NaFSI in {name}"), "{spelling}");
        }
    }
}
