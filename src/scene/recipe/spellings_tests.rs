//! Reading and writing.

use super::table::{Named, rules};
use super::*;
use proptest::prelude::*;

#[test]
fn many_spellings_are_one_recipe() {
    for (canonical, spellings) in [
        (
            "1 M NaPF₆ in EC/DEC",
            &[
                "1 M NaPF6 in EC/DEC",
                "1M NaPF6 in EC-DEC",
                "1.0 mol/L NAPF₆ in ec:dec (1:1)",
                "1 mol L⁻¹ NaPF6 in EC–DEC 1:1 v/v",
                "1,0 M NaPF6 in EC, DEC (50/50 vol%)",
                " 1000 mM napf6 EC0.5DEC0.5 ",
                "1 M NaPF6-ethylene carbonate/diethyl carbonate (1:1 by volume)",
            ][..],
        ),
        ("0.7 M NaPF₆ in EC/DEC", &["700 mM NaPF6 in EC/DEC"]),
        ("1 M NaTFSI in diglyme", &["1 M NaN(SO2CF3)2 in G2", "1 M NaN(SO₂CF₃)₂ in DEGDME"]),
        (
            "1 M NaOTf in tetraglyme",
            &["1 M NaSO3CF3 in TEGDME", "1 M NaCF₃SO₃ in g4", "1 M naotf in Tetraglyme"],
        ),
        ("4 M NaFSI in DME", &["4 M NaFSI in monoglyme", "4M NaFSI/glyme"]),
        ("2.1 M NaFSI in DME/BTFE (1:2 v)", &["2.1 M NaFSI in DME-BTFE (1 : 2)", "2.1 M NaFSI in DME1BTFE2"]),
        (
            "1 M NaPF₆ in EC/DEC/PC (4:4:2 v) + 5 % FEC",
            &["1 M NaPF6 in EC/DEC/PC (4:4:2 v) + 5% FEC", "1 M NaPF6 in EC/DEC/PC 4:4:2, 5 vol.% FEC"],
        ),
        (
            "1 M NaPF₆ in EC/DMC (1:1 w) + 2 wt% VC + 0.1 M KPF₆",
            &["1 M NaPF6 in EC/DMC (1:1 by weight) with 2wt% VC and 100 mM KPF6"],
        ),
        ("0.5 M NaClO₄ in PC/THF (2:1 mol)", &["0.5M NaClO4 in PC/THF [2:1 mol]"]),
        ("1 M NaPF₆ in FEC", &["1 M NaPF6 in FEC (1 w)"]),
        (
            "0.8 M NaPF₆ in EC/DEC (3:7 v)",
            &[
                "0.8 M NaPF6 in EC/DEC (v/v = 3:7)",
                "0.8 M NaPF6 in EC:DEC=3:7 Vol%",
                "0.8 M NaPF6 in EC and DEC (3:7)",
                "0.8 M NaPF6 in EC + DEC (3:7, v/v)",
                "0.8 M NaPF6 in EC/DEC (3:7 by vol.)",
                "0.8 M NaPF6 in EC/DEC (3:7) v/v",
                "0.8 M NaPF6 in EC/DEC (volume ratio 3:7)",
                "0.8 M NaPF6 in EC/DEC in a volume ratio of 3:7",
                "0.8 M NaPF6 dissolved in a mixture of EC and DEC (3:7 vol.%)",
                "0.8 M NaPF6 in ethylene carbonate (EC) and diethyl carbonate (DEC) (3:7 v:v)",
                "0.8 M sodium hexafluorophosphate in EC/DEC (3∶7, v∕v)",
                "０．８ M NaPF6 in EC／DEC （3：7）",
                "NaPF6 (0.8 M) in EC/DEC (3:7)",
                "\u{feff}0.8\u{a0}M NaPF6 in EC\u{200b}/DEC (3:7)",
                "0.8 mol per litre of NaPF6 in EC/DEC (3:7)",
                "0.8 mol dm⁻³ NaPF6 in EC/DEC (3:7)",
                "0,8 M NaPF₆ in EC/DEC 3/7 vol",
            ],
        ),
        (
            "1 M NaPF₆ in EC/DEC + 4 wt% FEC",
            &[
                "1 M NaPF6 in EC/DEC + FEC (4 wt%)",
                "1 M NaPF6 in EC/DEC containing 4 wt.% FEC",
                "1 M NaPF6 in EC/DEC with 4 wt% FEC additive",
                "1 M NaPF6 in EC/DEC with FEC 4 % by weight as an additive",
                "1 M NaPF6 in EC/DEC with an FEC additive (4 wt%)",
            ],
        ),
        ("1 M NaFSI in DME/BTFE", &["1 M NaFSI in DME + BTFE"]),
        ("2.1 M NaFSI in DME/BTFE (1:2 v)", &["2.1 M NaFSI in DME + BTFE (1:2)"]),
        (
            "0.8 M NaPF₆ + 0.2 M NaFSI in DME",
            &[
                "0.8 M NaPF6 + 0.2 M NaFSI in DME",
                "0.8 M NaPF6 and 200 mM NaFSI in G1",
                "0.8 M NaPF6 in DME + 0.2 M NaFSI",
            ],
        ),
        // 1 kg of DME is 1.15 L, and the salt adds 80 mL.
        ("0.8046 M NaPF₆ in DME", &["1 mol/kg NaPF6 in DME", "1 mol kg⁻¹ NaPF6 in 1,2-dimethoxyethane"]),
    ] {
        for text in spellings.iter().chain([&canonical]) {
            let recipe: Recipe = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(recipe.to_string(), canonical, "{text}");
        }
    }
}

#[test]
fn errors_point_at_the_word() {
    for (text, fragments) in [
        ("", &["concentration of the salt is missing", "column 1", "`1 M NaPF6 in EC/DEC`"][..]),
        ("NaPF6 in EC/DEC", &["concentration of the salt is missing", "column 1"]),
        ("1 NaPF6 in EC/DEC", &["`NaPF6` is no unit", "column 3", "mol/L"]),
        ("0.8 m NaPF6 in EC/DEC", &["given as m, mol per kilogram", "column 5", "give it as M", "mol/kg"]),
        ("1,000 mM NaPF6 in EC/DEC", &["comma before three digits", "column 2", "1.0"]),
        ("1 M NaPF6 in EC/DEC (1,000:1)", &["comma before three digits", "column 23"]),
        ("NaFSI:DME:BTFE = 1:1.5:2 (mol)", &["a ratio of moles", "column 1", "2.1 M NaFSI"]),
        ("1 M NaPF6 + 1 M NaPF6 in DME", &["NaPF6 is given twice", "column 13"]),
        ("6 M NaPF6 + 6 M NaFSI in DME", &["is 12 M, more than the largest"]),
        ("1 M NaPF6 in EC/DEC (3:7) + BTFE", &["BTFE is a solvent", "among the solvents"]),
        ("\u{feff}1 M NaPF6 in EC/DEK", &["unknown solvent `DEK`", "column 18"]),
        ("20 M NaPF6 in EC/DEC", &["is 20 M, more than the largest", "column 1", "0.001 to 10 M"]),
        ("1 M NaPF7 in EC/DEC", &["unknown salt `NaPF7`", "column 5", "did you mean `NaPF6`"]),
        ("1 M LiPF₆ in EC/DEC", &["unknown salt `LiPF₆`", "column 5", "did you mean `NaPF6`"]),
        ("1 M in EC/DEC", &["the salt is missing", "column 5", "`NaFSI`"]),
        ("1 M NaPF6", &["a solvent is missing", "column 10", "in EC/DEC"]),
        ("1 M NaPF6 in EC/", &["a solvent is missing", "column 17"]),
        ("1 M NaPF6 in EC/DEK", &["unknown solvent `DEK`", "column 17", "did you mean `DEC`"]),
        ("1 M NaPF6 in hexaglyme", &["unknown solvent `hexaglyme`", "column 14", "glyme`"]),
        ("1 M NaPF6 in ECDEC", &["unknown solvent `ECDEC`", "column 14"]),
        ("1 M NaPF6 in EC/EC", &["EC is given twice", "column 17"]),
        ("1 M NaPF6 in BTFE", &["diluent alone", "column 14", "DME/BTFE"]),
        ("1 M NaPF6 in EC/DEC (1:1:1)", &["3 parts for 2 solvents", "column 21", "(4:4:2 v)"]),
        ("1 M NaPF6 in EC0.5DEC", &["1 part for 2 solvents"]),
        ("1 M NaPF6 in EC/DEC (1:)", &["number of the ratio is missing", "column 24"]),
        ("1 M NaPF6 in EC/DEC (1:1", &["bracket of the ratio is not closed", "column 25"]),
        ("1 M NaPF6 in EC/DEC (1:0)", &["part of the ratio is 0", "column 24"]),
        ("1 M NaPF6 in EC/DEC 5% FEC", &["1 part for 2 solvents"]),
        ("1 M NaPF6 in EC/DEC nicely", &["`nicely` is not understood", "column 21", "+ 5% FEC"]),
        ("1 M NaPF6 in EC/DEC +", &["an additive is missing", "column 22", "`FEC`"]),
        ("1 M NaPF6 in EC/DEC + FEC", &["how much FEC is not said", "column 23", "+ 5% FEC"]),
        ("1 M NaPF6 in EC/DEC + 5 FEC", &["unit of the additive is missing", "column 25"]),
        ("1 M NaPF6 in EC/DEC + 5% FAC", &["unknown additive `FAC`", "column 26", "did you mean `FEC`"]),
        ("1 M NaPF6 in EC/DEC + 5% PC", &["PC is a solvent", "column 26", "among the solvents"]),
        ("1 M NaPF6 in EC/DEC + 50% FEC", &["is 50 %, more than the largest", "column 23"]),
        ("1 M NaPF6 in EC/DEC + 5% KPF6", &["how much KPF6 is not said in M", "+ 0.1 M KPF6"]),
        ("1 M NaPF6 in EC/DEC + 5% FEC + 1% FEC", &["FEC is given twice", "column 35"]),
        ("1 M NaPF6 in FEC/DEC + 5% FEC", &["FEC is given twice"]),
    ] {
        let message = text.parse::<Recipe>().expect_err(text).to_string();
        for fragment in fragments {
            assert!(message.contains(fragment), "`{fragment}` is not in: {message}");
        }
        assert!(!message.contains('\n'), "{message}");
    }
}

/// Any recipe, by its parts, in one of the spellings of each.
fn any_recipe() -> impl Strategy<Value = String> {
    let spelling = |names: Vec<String>| prop::sample::select(names);
    let all = |known: Vec<&'static str>| known.into_iter().map(String::from).collect::<Vec<_>>();
    let table = rules();
    let salts = all(table.salts.iter().flat_map(Named::spellings).collect());
    // One spelling each, so that none comes twice; BTFE is left out, as it must not be alone.
    let solvents: Vec<String> = table
        .solvents
        .iter()
        .filter(|solvent| !solvent.is_diluent())
        .map(|solvent| solvent.name.clone())
        .collect();
    let additives = prop::sample::select(vec![
        "".to_string(),
        " + 5 % FEC".into(),
        " + 0.7 wt% VC".into(),
        " + 0.05 M KPF6 + 0.3 M FEC".into(),
        " + 50 mM Sn(TFSI)2 + 0.01 M CsPF6".into(),
    ]);
    let basis = prop::sample::select(vec!["", "v", "w", "mol"]);
    let parts = prop::collection::vec(0.001..1000.0f64, 3);
    (0.001..10.0f64, spelling(salts), prop::sample::subsequence(solvents, 1..=3), parts, basis, additives)
        .prop_map(|(c, salt, solvents, parts, basis, additives)| {
            let parts: Vec<String> = parts.iter().take(solvents.len()).map(f64::to_string).collect();
            let both = solvents.iter().any(|name| additives.contains(name.as_str()));
            let additives = if both { "" } else { &additives };
            format!("{c} M {salt} in {} ({} {basis}){additives}", solvents.join("/"), parts.join(":"))
        })
}

/// A salt and a solvent in one, also where there is no such liquid.
fn any_solvate() -> impl Strategy<Value = String> {
    let salts = prop::sample::select(vec!["NaI", "NaBF4", "NaBH4", "NaAlCl4", "NaPF6"]);
    let joints = prop::sample::select(vec!["·", "*", ".", "-", " • "]);
    let moles = prop::sample::select(vec!["x", "", "2", "3.3", "40"]);
    let solvents = prop::sample::select(vec!["NH3", "SO₂", " ammonia", "DME"]);
    (salts, joints, moles, solvents)
        .prop_map(|(salt, joint, moles, solvent)| format!("{salt}{joint}{moles}{solvent}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_canonical_text_reads_back_as_the_same(text in any_recipe()) {
        let recipe: Recipe = match text.parse() {
            Ok(recipe) => recipe,
            Err(error) => {
                let message: String = SceneError::to_string(&error);
                prop_assert!(message.contains("does not dissolve"), "{}", message);
                return Ok(());
            }
        };
        prop_assert_eq!(&recipe.to_string().parse::<Recipe>().expect("canonical"), &recipe);
        for (name, parameter) in recipe.electrolyte().parameters() {
            let (low, high) = parameter.range;
            prop_assert!((low..=high).contains(&parameter.value), "{}: {} = {}", text, name, parameter.value);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = text.parse::<Recipe>();
    }

    #[test]
    fn no_damaged_recipe_panics(
        text in prop_oneof![3 => any_recipe(), 1 => any_solvate()], at in 0.0..1.0f64, length in 0usize..8,
        put in "[-+/:,;%.() 0-9MmECDFvwolNHSOx·*₆⁻é\\n]{0,5}"
    ) {
        let mut signs: Vec<char> = text.chars().collect();
        let start = (at * signs.len() as f64) as usize;
        let end = (start + length).min(signs.len());
        signs.splice(start..end, put.chars());
        let damaged: String = signs.into_iter().collect();
        match damaged.parse::<Recipe>() {
            Ok(recipe) => {
                let again = recipe.to_string();
                prop_assert_eq!(&again.parse::<Recipe>().expect("canonical"), &recipe);
            }
            Err(error) => prop_assert!(!error.to_string().contains('\n'), "{}", error),
        }
    }
}
