//! Layers on the electrode: what they are, how thick, what they cost and what they bear.
//!
//! Does: offer the coatings of the library by family, with a search, and up to three layers with their
//! thickness. Show the voltage that they cost at the present current, and the share of patches on which they
//! break at once.
//! Does not: act at once; a coating is there before the cell is built, so it needs a restart.

use crate::quantity::Quantity;
use crate::scene::{Coating, LayerSpec, MOST_LAYERS, SceneSpec};
use crate::ui::facts::Facts;
use crate::ui::panels::assumptions::row;
use crate::ui::widgets::format::{percent, with_unit};
use crate::ui::widgets::marks;
use crate::ui::widgets::number::Number;
use crate::ui::widgets::theme;
use bevy_egui::egui;

/// Height of the list: it scrolls, and fits the lowest window.
const LIST_HEIGHT: f32 = 300.0;

/// The thickness of a layer; its range is that of the material.
const THICKNESS: Quantity = Quantity::new("Thickness", "nm", 100.0)
    .between(0.1, 100_000.0)
    .slider(0.5, 20_000.0)
    .logarithmic()
    .named("thickness_nm", "Thickness of the layer. Needs a restart.");

/// State of the panel.
#[derive(Clone, Debug, Default)]
pub struct CoatingPanel {
    /// What the user made of it, until another scene is opened.
    edited: Option<Vec<LayerSpec>>,
    /// What the list is searched for.
    search: String,
}

impl CoatingPanel {
    /// Forgets what the user changed.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Puts the changes into a scene. Numbers that the scene had replaced belong to the layers it named.
    pub fn edit(&self, spec: &mut SceneSpec) {
        if let Some(layers) = self.edited.as_ref().filter(|layers| **layers != spec.coating) {
            spec.coating = layers.clone();
            let kept = |path: &str| {
                let of_layer = |layer: &LayerSpec| path.starts_with(&format!("coating.{}.", layer.material));
                !path.starts_with("coating.") || layers.iter().any(of_layer)
            };
            spec.overrides.retain(|path, _| kept(path));
        }
    }

    /// Shows the panel.
    pub fn ui(&mut self, ui: &mut egui::Ui, facts: &Facts) {
        let mut layers = self.edited.clone().unwrap_or_else(|| facts.running.spec.coating.clone());
        let before = layers.clone();
        theme::section(ui, "Coating", |ui| {
            if layers.is_empty() {
                ui.label(egui::RichText::new("none: the electrolyte makes the film").color(theme::SECOND));
            }
            let mut removed = None;
            for (number, layer) in layers.iter_mut().enumerate() {
                ui.push_id(number, |ui| {
                    if self.layer(ui, facts, (number, layer)) {
                        removed = Some(number);
                    }
                });
            }
            if let Some(number) = removed {
                layers.remove(number);
            }
            if layers.len() < MOST_LAYERS {
                let label = if layers.is_empty() { "Add a coating" } else { "Add a layer on top" };
                if ui.button(label).on_hover_text("Needs a restart").clicked()
                    && let Some((name, _)) = facts.library.coatings.first()
                {
                    layers.push(LayerSpec { material: name.clone(), thickness_nm: None });
                }
            }
            costs(ui, facts, &layers);
        });
        if layers != before {
            self.edited = Some(layers);
        }
    }

    /// One layer; true when it is to go.
    fn layer(&mut self, ui: &mut egui::Ui, facts: &Facts, (number, layer): (usize, &mut LayerSpec)) -> bool {
        let known = resolved(facts, layer);
        let title = known.as_ref().map_or(layer.material.clone(), |coating| coating.title.clone());
        let mut gone = false;
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let remove = ui.button("×").on_hover_text("Take this layer off");
                let name = format!("Take off layer {}", number + 1);
                ui.ctx().accesskit_node_builder(remove.id, |node| node.set_label(name));
                gone = remove.clicked();
                let chooser = egui::ComboBox::from_id_salt("coating chooser")
                    .selected_text(title)
                    .width(ui.available_width())
                    .height(LIST_HEIGHT)
                    .truncate()
                    // A click into the search leaves the list open.
                    .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
                    .show_ui(ui, |ui| self.list(ui, facts, layer));
                chooser.response.on_hover_text("Choose a material; needs a restart");
            });
        });
        if let Some(coating) = known {
            let parameter = &coating.thickness_nm;
            let mut thickness_nm = parameter.value;
            let range = parameter.range.0..=parameter.range.1;
            let usual = facts.library.coatings.iter().find(|(name, _)| *name == layer.material);
            let reset_to = usual.map_or(thickness_nm, |(_, usual)| usual.thickness_nm.value);
            if Number::of(&THICKNESS, &range, reset_to).ui(ui, &mut thickness_nm).changed {
                layer.thickness_nm = Some(thickness_nm);
            }
            egui::CollapsingHeader::new("Numbers and sources").show_unindented(ui, |ui| {
                ui.label(egui::RichText::new(&coating.note).color(theme::SECOND));
                numbers(ui, &coating);
            });
        }
        gone
    }

    fn list(&mut self, ui: &mut egui::Ui, facts: &Facts, layer: &mut LayerSpec) {
        let field = ui.add(
            egui::TextEdit::singleline(&mut self.search)
                .hint_text("search: name, family, effect")
                .desired_width(f32::INFINITY),
        );
        ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("Search coatings"));
        let words: Vec<String> = self.search.split_whitespace().map(str::to_lowercase).collect();
        let mut found: Vec<&(String, Coating)> = (facts.library.coatings.iter())
            .filter(|(name, coating)| {
                let Coating { title, family, aliases, note, .. } = coating;
                let all = format!("{name} {title} {family} {} {note}", aliases.join(" ")).to_lowercase();
                words.iter().all(|word| all.contains(word))
            })
            .collect();
        found.sort_by_key(|(_, coating)| &coating.family);
        let mut family = "";
        for (name, coating) in &found {
            if coating.family != family {
                family = &coating.family;
                ui.label(egui::RichText::new(family).color(theme::SECOND));
            }
            let entry = ui.selectable_label(*name == layer.material, &coating.title);
            if entry.on_hover_text(&coating.note).clicked() {
                *layer = LayerSpec { material: name.clone(), thickness_nm: None };
                self.search.clear();
                ui.close();
            }
        }
        if found.is_empty() {
            ui.label("nothing of that name");
        }
    }
}

/// What a layer is made of, as thick as it is: that of the run where it is the same.
fn resolved(facts: &Facts, layer: &LayerSpec) -> Option<Coating> {
    let mut runs = facts.running.spec.coating.iter().zip(&facts.running.coating);
    if let Some((_, coating)) = runs.find(|(running, _)| *running == layer) {
        return Some(coating.clone());
    }
    let (_, coating) = facts.library.coatings.iter().find(|(name, coating)| {
        *name == layer.material
            || coating.title == layer.material
            || coating.aliases.contains(&layer.material)
    })?;
    let mut coating = coating.clone();
    coating.thickness_nm.value = layer.thickness_nm.unwrap_or(coating.thickness_nm.value);
    Some(coating)
}

/// What the layers cost and bear at the present current.
fn costs(ui: &mut egui::Ui, facts: &Facts, layers: &[LayerSpec]) {
    let coatings: Vec<Coating> = layers.iter().filter_map(|layer| resolved(facts, layer)).collect();
    if coatings.is_empty() {
        return;
    }
    let current = facts.metrics.current_density_ma_cm2.abs();
    let current = if current > 0.0 { current } else { facts.opened.current_density_ma_cm2 };
    let ohm_cm2: f64 = coatings.iter().map(Coating::ohm_cm2).sum();
    let at = with_unit(current, "mA/cm²");
    marks::row(
        ui,
        "Costs",
        &format!("{} at {at}", with_unit(current * ohm_cm2, "mV")),
        "Voltage across the layers at 25 °C: current density times thickness over conductivity",
    );
    let barrier: f64 = coatings.iter().map(|coating| coating.barrier.value).product();
    marks::row(
        ui,
        "Film below it",
        &percent(barrier),
        "Share of the growth of the native film that goes on below the whole coating †",
    );
    let (patch_um, model) = (facts.running.electrolyte.patch_um.value, &facts.running.model);
    marks::row(
        ui,
        "Breaks at once",
        &percent(model.breach_chance(&coatings, patch_um, current)),
        "Share of the patches on which the metal pushes harder than the layers bear, 4 E ε d over the patch †. Strain breaks more of them later.",
    );
}

fn numbers(ui: &mut egui::Ui, coating: &Coating) {
    let Coating {
        title: _,
        family: _,
        aliases: _,
        note: _,
        thickness_nm: _,
        conductivity_s_cm,
        modulus_gpa,
        fracture_strain,
        relaxation_s,
        barrier,
        spread,
        nucleation_mv,
        healing_s,
    } = coating;
    for (name, parameter) in [
        ("conductivity κ", conductivity_s_cm),
        ("Young's modulus E", modulus_gpa),
        ("fracture strain ε", fracture_strain),
        ("strain relaxes in", relaxation_s),
        ("film growth below it", barrier),
        ("spread of thickness", spread),
        ("nucleation", nucleation_mv),
        ("a breach closes in", healing_s),
    ] {
        row(ui, name, parameter);
    }
}
