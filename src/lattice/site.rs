//! What one lattice site can hold.

use serde::{Deserialize, Serialize};

/// Kind of matter on a site of the simple cubic lattice.
///
/// Only the first kinds are made by the present hosts and processes; the order is part of the state
/// hash and of exported files, so new kinds go to the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum SiteKind {
    /// Liquid electrolyte: ions walk here, metal can be plated here.
    #[default]
    Electrolyte = 0,
    /// Metal (sodium, or lithium in a twin scene) in electronic contact with the collector.
    Metal = 1,
    /// Metal without a path to the collector.
    DeadMetal = 2,
    /// Electronically conducting host or collector roughness.
    Host = 3,
    /// Sodiophilic seed: a host conductor with a low nucleation overpotential.
    Seed = 4,
}

impl SiteKind {
    /// All kinds, in the order of their codes.
    pub const ALL: [SiteKind; 5] = [Self::Electrolyte, Self::Metal, Self::DeadMetal, Self::Host, Self::Seed];

    /// True where neither ions nor new metal can be.
    #[inline]
    pub fn is_solid(self) -> bool {
        self != Self::Electrolyte
    }

    /// True for what leads electrons to the collector.
    #[inline]
    pub fn conducts(self) -> bool {
        matches!(self, Self::Metal | Self::Host | Self::Seed)
    }

    /// The kind with this code; codes past the last one are electrolyte.
    #[inline]
    pub fn from_code(code: u8) -> Self {
        Self::ALL.get(code as usize).copied().unwrap_or_default()
    }
}

/// How a metal site came to be where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum GrowthMode {
    /// Not metal, or not yet known.
    #[default]
    None = 0,
    /// Accreted where the ion arrived: growth at the tip.
    Tip = 1,
    /// Metal that lifted an unbroken film: growth of the layer from below.
    Film = 2,
    /// Inserted at the root of a filament: growth from the base.
    Base = 3,
}

impl GrowthMode {
    /// The mode with this code; unknown codes are [`GrowthMode::None`].
    pub fn from_code(code: u8) -> Self {
        [Self::None, Self::Tip, Self::Film, Self::Base].get(code as usize).copied().unwrap_or_default()
    }
}
