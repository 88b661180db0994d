//! What one lattice site can hold.

use serde::{Deserialize, Serialize};

/// Kind of matter on a site of the simple cubic lattice.
///
/// Only the first kinds are made by the present hosts and processes. The order is part of the state hash and
/// of exported files, so new kinds go to the end.
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
    pub const fn is_solid(self) -> bool {
        self as u8 != Self::Electrolyte as u8
    }

    /// True for what leads electrons to the collector.
    #[inline]
    pub const fn conducts(self) -> bool {
        // A bit for each code. A processor cannot predict a branch on what stands around.
        const CONDUCTORS: u8 =
            1 << SiteKind::Metal as u8 | 1 << SiteKind::Host as u8 | 1 << SiteKind::Seed as u8;
        CONDUCTORS >> (self as u8) & 1 == 1
    }

    /// The kind with this code; codes past the last one are electrolyte.
    #[inline]
    pub fn from_code(code: u8) -> Self {
        // Without a branch: what stands somewhere is not to be foreseen.
        const KINDS: [SiteKind; 8] = {
            let mut kinds = [SiteKind::Electrolyte; 8];
            let mut code = 0;
            while code < SiteKind::ALL.len() {
                kinds[code] = SiteKind::ALL[code];
                code += 1;
            }
            kinds
        };
        if code < 8 { KINDS[usize::from(code & 7)] } else { Self::Electrolyte }
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
