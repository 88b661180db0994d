//! Rows of tables: each figure is declared once, with what it is, and becomes a column of its table.
//!
//! Does: give names, descriptions and values of the columns of a row.
//! Does not: write files; how a number looks in one is for `export` to say.

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in the table, which ends with the unit.
    pub name: &'static str,
    /// What it holds.
    pub help: &'static str,
}

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// A whole number.
    Count(u64),
    /// One of a few words.
    Word(&'static str),
    /// Not measured.
    Missing,
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<Option<f64>> for Cell {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Missing, Self::Number)
    }
}

impl From<Option<u64>> for Cell {
    fn from(count: Option<u64>) -> Self {
        count.map_or(Self::Missing, Self::Count)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<u32> for Cell {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
    }
}

/// A row of a table.
pub trait Row {
    /// The columns, in their order.
    fn columns() -> Vec<Column>;

    /// The values, in the same order.
    fn cells(&self) -> Vec<Cell>;
}

/// Declares a struct whose fields are the columns of a table. Their documentation describes the columns.
/// A part that is not always measured may follow as `also part: Option<Part>`.
macro_rules! table {
    (
        $(#[$meta:meta])*
        pub struct $row:ident {
            $( $(#[doc = $help:literal])+ pub $field:ident: $type:ty, )+
        }
        $( also $(#[doc = $part_help:literal])+ pub $part:ident: Option<$part_type:ty>, )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        pub struct $row {
            $( $(#[doc = $help])+ pub $field: $type, )+
            $( $(#[doc = $part_help])+ #[serde(flatten)] pub $part: Option<$part_type>, )?
        }

        impl $crate::table::Row for $row {
            fn columns() -> Vec<$crate::table::Column> {
                #[allow(unused_mut, reason = "only rows with a further part add to it")]
                let mut columns = vec![$(
                    $crate::table::Column {
                        name: stringify!($field),
                        help: concat!($($help),+).trim_ascii(),
                    }
                ),+];
                $( columns.extend(<$part_type as $crate::table::Row>::columns()); )?
                columns
            }

            fn cells(&self) -> Vec<$crate::table::Cell> {
                #[allow(unused_mut, reason = "only rows with a further part add to it")]
                let mut cells = vec![$( $crate::table::Cell::from(self.$field) ),+];
                $( match &self.$part {
                    Some(part) => cells.extend($crate::table::Row::cells(part)),
                    None => {
                        let missing = <$part_type as $crate::table::Row>::columns();
                        cells.extend(missing.iter().map(|_| $crate::table::Cell::Missing));
                    }
                } )?
                cells
            }
        }
    };
}
pub(crate) use table;

#[cfg(test)]
mod tests {
    use super::*;

    table! {
        /// A part.
        pub struct Part {
            /// Height, µm.
            pub height_um: f64,
        }
    }

    table! {
        /// A moment.
        pub struct Moment {
            /// Steps
            /// so far.
            pub step: u64,
            /// Efficiency, percent.
            pub percent: Option<f64>,
        }
        also
        /// The part.
        pub part: Option<Part>,
    }

    #[test]
    fn a_part_that_was_not_measured_has_empty_cells() {
        let names: Vec<&str> = Moment::columns().iter().map(|column| column.name).collect();
        assert_eq!(names, ["step", "percent", "height_um"]);
        assert_eq!(Moment::columns()[0].help, "Steps so far.");
        let moment = Moment { step: 3, percent: None, part: None };
        assert_eq!(moment.cells(), [Cell::Count(3), Cell::Missing, Cell::Missing]);
        let measured = Moment { percent: Some(99.0), part: Some(Part { height_um: 2.0 }), ..moment };
        assert_eq!(measured.cells(), [Cell::Count(3), Cell::Number(99.0), Cell::Number(2.0)]);
    }
}
