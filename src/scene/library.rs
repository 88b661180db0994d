//! The scenes and parameter sets that come with the program, inside it: they work from any folder.
//!
//! A new scene is a file in `scenes/teaching`. Electrolytes are recipes with a name.

use super::embedded::{COATINGS, Embedded, METALS, MODEL, RECIPE_RULES, SCENES};
use super::parameters::Metal;
use super::{Recipe, SceneSpec, text};
use std::sync::OnceLock;

/// The scene that is opened when none is named.
pub const DEFAULT_SCENE: &str = "carbonate_moss";

/// The order in which scenes are best shown. A scene that is not named here comes after these.
const STORY: [&str; 28] = [
    "carbonate_moss",
    "diglyme_film",
    "sand_time",
    "lithium_twin",
    "gold_seeds",
    "porous_foam",
    "nanowires",
    "carbon_cloth",
    "graphene_sheets",
    "brittle_coating",
    "tough_coating",
    "graphene_layers",
    "sodiophilic_tin",
    "foil_symmetric",
    "half_cell",
    "bare_sodium",
    "dead_sodium",
    "rest_dissolve",
    "ten_cycles_carbonate",
    "ten_cycles_diglyme",
    "fec_runs_out",
    "dry_out",
    "short_circuit",
    "pulse_plating",
    "direct_plating",
    "cold_cell",
    "warm_cell",
    "pure_dla",
];

/// All scenes, in the order in which they are best shown.
fn scenes() -> &'static [Embedded] {
    static ORDERED: OnceLock<Vec<Embedded>> = OnceLock::new();
    ORDERED.get_or_init(|| {
        let mut scenes = SCENES.to_vec();
        scenes.sort_by_key(|(path, _)| {
            STORY.iter().position(|name| *name == stem(path)).unwrap_or(STORY.len())
        });
        scenes
    })
}

/// Name, recipe, note.
type NamedRecipe = (&'static str, &'static str, &'static str);

/// Electrolytes that are worth having in a chooser, the most telling first. Coulombic efficiencies are those
/// of sodium on copper.
const ELECTROLYTES: &[NamedRecipe] = &[
    (
        "carbonate_ec_dec",
        "1 M NaPF6 in EC/DEC",
        "A film that keeps growing and is uneven: moss and needles; Coulombic efficiency below 20 % (Zhao2018, Table 1).",
    ),
    (
        "carbonate_fec",
        "1 M NaPF6 in EC/DEC + 5% FEC",
        "Fluoroethylene carbonate makes the film more even, stiffer and harder to pass for ions; porosity is reduced, not cured (Zhao2018, sec. 2.2). It is consumed.",
    ),
    (
        "diglyme",
        "1 M NaPF6 in diglyme",
        "A thin, even, self-limiting film rich in NaF and Na₂O: flat deposits, Coulombic efficiency 99.9 % over 300 cycles (Zhao2018, Table 1).",
    ),
    (
        "concentrated_nafsi_dme",
        "4 M NaFSI in DME",
        "Nearly every solvent molecule is bound to an ion; the anion makes the film. Coulombic efficiency 99 % over 300 cycles at 1 mA/cm² (Zhao2018, Table 1).",
    ),
    (
        "dilute_carbonate",
        "0.1 M NaPF6 in EC/DEC",
        "A tenth of the usual salt: it runs out at moderate currents, and trees grow from the tips once it has (Sand's time). Bai et al. 2016 (10.1039/c6ee01674j) used low concentrations for lithium likewise.",
    ),
    (
        "monoglyme",
        "1 M NaPF6 in DME",
        "As diglyme, with a thinner liquid: Coulombic efficiency 99.9 % over 300 cycles (Zhao2018, Table 1).",
    ),
    (
        "naotf_diglyme",
        "1 M NaOTf in diglyme",
        "The anion matters: between NaPF₆ and NaFSI, Coulombic efficiency below 80 % over 125 cycles (Zhao2018, Table 1).",
    ),
    (
        "natfsi_diglyme",
        "1 M NaTFSI in diglyme",
        "The anion matters: in the solvent that is best with NaPF₆ the efficiency stays below 10 % (Zhao2018, Table 1).",
    ),
    (
        "nafsi_diglyme",
        "1 M NaFSI in diglyme",
        "The anion matters: in the solvent that is best with NaPF₆ the efficiency stays below 10 % (Zhao2018, Table 1); more salt cures it.",
    ),
    (
        "localized_hce",
        "2.1 M NaFSI in DME/BTFE (1:2)",
        "Concentrated where it counts: BTFE thins the liquid and binds no ion. Coulombic efficiency above 99 % over 400 cycles (Zhao2018, Table 1).",
    ),
    (
        "ec_pc_naclo4",
        "1 M NaClO4 in EC/PC",
        "Watched by in situ AFM: nucleation after 100 s, a rough layer after 1000 s, then dendrites and dead sodium (Zhao2018, sec. 2.2).",
    ),
    (
        "ec_dmc_fec",
        "1 M NaPF6 in EC/DMC + 3% FEC",
        "Lasted 600 h at 0.05 mA/cm² between two sodium electrodes (Zhao2018, Table 1); at higher currents the additive does not save it.",
    ),
    (
        "fec_dec",
        "1 M NaPF6 in FEC/DEC",
        "FEC as a solvent does not run out; deposits are porous still, with less gas and less loss (Zhao2018, sec. 2.2).",
    ),
    (
        "bare_sodium_reference",
        "1 M NaPF6 in EC/DEC/PC (4:4:2 v) + 5% FEC",
        "Bare sodium against itself: 170 mV at 1 mA/cm², short circuit after 89 h (CaoBHNa, Figs. 2 and 3), the reference that hosts are compared with.",
    ),
    (
        "ammoniate_nai",
        "NaI·3.3NH3",
        "Salt and ammonia in one liquid: more than 7 M of Na⁺ and 0.1 S/cm (Lee2019, sec. 5). Lasted 580 h at 10 mA/cm² on copper (Zhao2018, Table 1).",
    ),
    (
        "ammoniate_nabf4",
        "NaBF4·2.5NH3",
        "Salt and ammonia in one liquid: 100 cycles on copper with a voltage hysteresis of 4.5 mV (Lee2019, sec. 5).",
    ),
    (
        "sulfur_dioxide",
        "NaAlCl4·2SO2",
        "Salt and sulfur dioxide in one liquid, from −40 to 70 °C (Yuan2022, sec. 5): no dendrites (Zhao2018, sec. 3.1).",
    ),
];

/// One scene of the library, for lists.
#[derive(Clone, Debug, PartialEq)]
pub struct LibraryEntry {
    /// Name to load it by, for example `carbonate_moss`.
    pub name: &'static str,
    /// The scene's title.
    pub title: String,
    /// What a student should look at.
    pub notice: String,
    /// Where the phenomenon is described.
    pub reference: String,
}

/// One parameter set of the library, for lists.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSetEntry {
    /// Name to write into a scene, for example `diglyme`.
    pub name: &'static str,
    /// The set's title.
    pub title: String,
    /// One sentence on its behaviour; empty for metals.
    pub note: String,
}

/// All scenes, in the order in which they are best shown.
pub fn library() -> &'static [LibraryEntry] {
    static ENTRIES: OnceLock<Vec<LibraryEntry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        scenes()
            .iter()
            .map(|(path, text)| {
                let spec: SceneSpec = embedded_value(path, text);
                LibraryEntry {
                    name: stem(path),
                    title: spec.title,
                    notice: spec.notice,
                    reference: spec.reference,
                }
            })
            .collect()
    })
}

/// All electrolytes that have a name; any recipe is an electrolyte as well.
pub fn electrolytes() -> &'static [ParameterSetEntry] {
    static ENTRIES: OnceLock<Vec<ParameterSetEntry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        ELECTROLYTES
            .iter()
            .map(|(name, recipe, note)| {
                let recipe: Recipe = recipe.parse().expect("the test `scene_errors` resolves each recipe");
                ParameterSetEntry { name, title: recipe.to_string(), note: note.to_string() }
            })
            .collect()
    })
}

/// All metals.
pub fn metals() -> &'static [ParameterSetEntry] {
    static ENTRIES: OnceLock<Vec<ParameterSetEntry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        METALS
            .iter()
            .map(|(path, text)| {
                let set: Metal = embedded_value(path, text);
                ParameterSetEntry { name: stem(path), title: set.title, note: String::new() }
            })
            .collect()
    })
}

/// Paths of all embedded files, below the project's root.
pub fn embedded_files() -> impl Iterator<Item = &'static str> {
    SCENES.iter().chain(COATINGS).chain(METALS).chain([&MODEL, &RECIPE_RULES]).map(|(path, _)| *path)
}

/// Path and text of a library scene, by name or by its path below the project's root.
pub(super) fn scene_text(name_or_path: &str) -> Option<Embedded> {
    find(SCENES, name_or_path)
}

pub(super) fn scene_names() -> impl Iterator<Item = &'static str> {
    scenes().iter().map(|(path, _)| stem(path))
}

/// Recipe and note of an electrolyte with this name.
pub(super) fn named_recipe(name: &str) -> Option<(&'static str, &'static str)> {
    ELECTROLYTES.iter().find(|(known, ..)| *known == name).map(|(_, recipe, note)| (*recipe, *note))
}

pub(super) fn metal_text(name: &str) -> Option<Embedded> {
    find(METALS, name)
}

fn find(table: &[Embedded], name_or_path: &str) -> Option<Embedded> {
    table.iter().copied().find(|(path, _)| stem(path) == name_or_path || *path == name_or_path)
}

/// File name without folder and `.ron`.
fn stem(path: &'static str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".ron").unwrap_or(name)
}

fn embedded_value<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> T {
    text::parse_ron(text, path)
        .expect("embedded files are fixed at compile time and the test `scene_errors` loads each")
}
