//! Numbers that a user sets. Each is described once: name, unit, range, usual value, label and help.
//!
//! Checks of a scene, `--set`, panels and the tables of `natrarium fields` read these descriptions.
//! A group of numbers that belong together is a struct made by `quantities!`.

use std::ops::RangeInclusive;

/// One end of the range of a [`Quantity`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A fixed number, in the unit of the quantity.
    Number(f64),
    /// A multiple of the edge of a site. The quantity is a length in µm.
    Edges(f64),
    /// The shorter side of the box, µm.
    Width,
    /// A share of the height of the box, µm.
    Height(f64),
    /// The present value of another quantity of the same group.
    Field(&'static str),
}

/// The box that lengths are compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Edge of one site, µm.
    pub edge_um: f64,
    /// Shorter side of the box, µm.
    pub width_um: f64,
    /// Height of the box, µm.
    pub height_um: f64,
}

/// Description of a number that a user sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// Name of the field in a scene file. It ends with the unit.
    pub name: &'static str,
    /// Short name beside a slider.
    pub label: &'static str,
    /// Unit as in `mA/cm²`; empty for a pure number.
    pub unit: &'static str,
    /// Value where a scene does not give one.
    pub usual: f64,
    /// Smallest value that makes sense.
    pub low: Limit,
    /// Largest value that makes sense.
    pub high: Limit,
    /// Ends of the slider, inside the range.
    pub slider: (f64, f64),
    /// The slider has a logarithmic scale.
    pub logarithmic: bool,
    /// What the number is, in one or two sentences.
    pub help: &'static str,
}

impl Quantity {
    /// A quantity with a label, a unit and a usual value, so far without range, slider, name and help.
    pub const fn new(label: &'static str, unit: &'static str, usual: f64) -> Self {
        Self {
            name: "",
            label,
            unit,
            usual,
            low: Limit::Number(f64::NEG_INFINITY),
            high: Limit::Number(f64::INFINITY),
            slider: (0.0, 1.0),
            logarithmic: false,
            help: "",
        }
    }

    /// Makes sense from `low` to `high`, both included.
    pub const fn within(mut self, low: Limit, high: Limit) -> Self {
        (self.low, self.high) = (low, high);
        self
    }

    /// Makes sense from one number to another. The slider has the same ends.
    pub const fn between(mut self, low: f64, high: f64) -> Self {
        self.slider = (low, high);
        self.within(Limit::Number(low), Limit::Number(high))
    }

    /// The slider goes from `low` to `high`.
    pub const fn slider(mut self, low: f64, high: f64) -> Self {
        self.slider = (low, high);
        self
    }

    /// The slider has a logarithmic scale.
    pub const fn logarithmic(mut self) -> Self {
        self.logarithmic = true;
        self
    }

    /// Name and help, which `quantities!` takes from the field and its
    /// documentation.
    pub const fn named(mut self, name: &'static str, help: &'static str) -> Self {
        (self.name, self.help) = (name, help.trim_ascii());
        self
    }

    /// The range that makes sense in a box, beside the other values of the group.
    pub fn range(&self, frame: &Frame, group: &dyn Quantities) -> RangeInclusive<f64> {
        let number = |limit: Limit| match limit {
            Limit::Number(number) => number,
            Limit::Edges(edges) => edges * frame.edge_um,
            Limit::Width => frame.width_um,
            Limit::Height(share) => share * frame.height_um,
            Limit::Field(name) => group.value(name).unwrap_or(f64::NAN),
        };
        number(self.low)..=number(self.high)
    }

    /// The range where it depends on nothing else. A limit that does is infinite.
    pub const fn fixed_range(&self) -> RangeInclusive<f64> {
        let low = if let Limit::Number(low) = self.low { low } else { f64::NEG_INFINITY };
        let high = if let Limit::Number(high) = self.high { high } else { f64::INFINITY };
        low..=high
    }

    /// The unit as panels show it: `mA cm⁻²` for `mA/cm²`.
    pub fn typeset_unit(&self) -> String {
        self.unit.replace("/cm²", " cm⁻²")
    }
}

/// A group of described numbers.
pub trait Quantities {
    /// The descriptions, in the order in which they are shown and checked.
    fn quantities(&self) -> &'static [Quantity];

    /// The values, in the same order.
    fn values(&self) -> Vec<f64>;

    /// The values, in the same order, to be changed.
    fn values_mut(&mut self) -> Vec<&mut f64>;

    /// The description with this name.
    ///
    /// # Panics
    /// When the group has no such quantity.
    fn quantity(&self, name: &str) -> &'static Quantity {
        let found = self.quantities().iter().find(|quantity| quantity.name == name);
        found.unwrap_or_else(|| panic!("no quantity `{name}` is described here"))
    }

    /// The value of the quantity with this name.
    fn value(&self, name: &str) -> Option<f64> {
        let number = self.quantities().iter().position(|quantity| quantity.name == name)?;
        self.values().get(number).copied()
    }
}

/// Describes numbers. The first form makes a struct of them, which a scene file may give in part:
///
/// ```text
/// quantities! {
///     /// Flat foil.
///     pub struct Planar {
///         /// Height of the roughness, peak to valley.
///         roughness_um: Quantity::new("Roughness", "µm", 0.0).between(0.0, 10.0),
///     }
/// }
/// ```
///
/// The second form, `impl SceneSpec as usual { … }`, describes fields of a struct that holds other things as
/// well. It makes a module `usual` with one function per field, for the `default` of serde.
macro_rules! quantities {
    (
        $(#[$meta:meta])*
        pub struct $group:ident { $( $(#[doc = $help:literal])+ $field:ident: $quantity:expr, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $group { $( $(#[doc = $help])+ pub $field: f64, )+ }

        impl Default for $group {
            fn default() -> Self {
                Self { $( $field: $quantity.usual, )+ }
            }
        }

        $crate::quantity::quantities! { @describe $group { $( [$($help)+] $field: $quantity, )+ } }
    };
    (
        impl $group:ident as $usual:ident {
            $( $(#[doc = $help:literal])+ $field:ident: $quantity:expr, )+
        }
    ) => {
        pub(crate) mod $usual {
            use super::*;
            $( pub(crate) fn $field() -> f64 { $quantity.usual } )+
        }

        $crate::quantity::quantities! { @describe $group { $( [$($help)+] $field: $quantity, )+ } }
    };
    (@describe $group:ident { $( [$($help:literal)+] $field:ident: $quantity:expr, )+ }) => {
        impl $crate::quantity::Quantities for $group {
            fn quantities(&self) -> &'static [$crate::quantity::Quantity] {
                const ALL: &[$crate::quantity::Quantity] =
                    &[$( $quantity.named(stringify!($field), concat!($($help),+)) ),+];
                ALL
            }

            fn values(&self) -> Vec<f64> {
                vec![$( self.$field ),+]
            }

            fn values_mut(&mut self) -> Vec<&mut f64> {
                vec![$( &mut self.$field ),+]
            }
        }
    };
}
pub(crate) use quantities;

#[cfg(test)]
mod tests {
    use super::*;

    quantities! {
        /// A forest.
        pub struct Forest {
            /// Mean distance
            /// between trees.
            spacing_um: Quantity::new("Spacing", "µm", 8.0).within(Limit::Edges(2.0), Limit::Width),
            /// Diameter of a trunk.
            trunk_um: Quantity::new("Trunk", "µm", 1.0)
                .within(Limit::Edges(1.0), Limit::Field("spacing_um"))
                .slider(0.5, 4.0),
        }
    }

    #[test]
    fn limits_follow_the_box_and_the_other_values() {
        let forest = Forest { spacing_um: 5.0, ..Forest::default() };
        let frame = Frame { edge_um: 0.5, width_um: 32.0, height_um: 48.0 };
        let ranges: Vec<_> = forest.quantities().iter().map(|q| q.range(&frame, &forest)).collect();
        assert_eq!(ranges, [1.0..=32.0, 0.5..=5.0]);
        assert_eq!(forest.value("trunk_um"), Some(1.0));
        assert_eq!(forest.value("height_um"), None);
    }

    #[test]
    fn help_is_the_documentation_of_the_field() {
        let [spacing, trunk] = Forest::default().quantities() else { panic!("two quantities") };
        assert_eq!((spacing.name, spacing.help), ("spacing_um", "Mean distance between trees."));
        assert_eq!(trunk.slider, (0.5, 4.0));
        assert_eq!(Quantity::new("", "mA/cm²", 1.0).typeset_unit(), "mA cm⁻²");
    }
}
