//! Tests of `bricks.rs`.

use super::*;
use crate::lattice::GrowthMode;

#[test]
fn placing_and_removing_balances_the_counts() {
    let mut lattice = Lattice::new([16, 8, 24]);
    let total = 16 * 8 * 24;
    let solid = Solid::new(7, 1.5, 3, GrowthMode::Tip);
    lattice.place([17, -1, 9], SiteKind::Metal, solid);
    assert_eq!(lattice.solid([1, 7, 9]), Some(Solid { film_time_s: 0.0, ..solid }));
    let slot = lattice.expose([1, 7, 9], 1.5);
    assert_eq!(slot, Some(0));
    let solid = Solid { slot: 0, ..solid };
    assert_eq!(lattice.solid([1, 7, 9]), Some(solid));
    assert_eq!(lattice.count(SiteKind::Electrolyte), total - 1);
    assert_eq!(
        lattice.iter_solids().map(|(p, k, _)| (p, k)).collect::<Vec<_>>(),
        [([1, 7, 9], SiteKind::Metal)]
    );
    assert_eq!(lattice.take_changed(false), [[0, 0, 1]]);
    assert!(lattice.take_changed(false).is_empty());
    assert_eq!(lattice.remove([1, 7, 9]), Some((SiteKind::Metal, solid)));
    assert_eq!(lattice.remove([1, 7, 9]), None);
    assert_eq!(lattice.count(SiteKind::Electrolyte), total);
}
