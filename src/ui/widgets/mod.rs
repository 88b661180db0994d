//! What panels are made of: colours, number fields, bars, words.

pub mod format;
pub mod marks;
pub mod number;
pub mod theme;
pub mod typeset;
