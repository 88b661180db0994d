//! Where new metal comes out: where its ion was reduced, under the film nearby, or at the root of a filament.
//!
//! Does: the emergence rule. Metal by which a face outgrows its film is left where it was reduced (free
//! surface, tip growth). All other metal is under the film and creeps. It comes out at a spot within a few
//! creep lengths with probability ∝ exp(−d/λ_c) · exp(−p_y/p₀). A spot is a place under whole film, the root
//! of a filament, or the flank of the filament on which the ion was reduced.
//! Does not: decide where ions are reduced (`reduction`), crack films (`fracture`), know what lies at the
//! edge of the box (`separator`).
//! Accuracy: distances between patches are those of the `creep` network; distances on a filament are counted
//! along it.

use super::contact::Under;
use super::electrode::{Electrode, Plating};
use super::membrane::nearby;
use super::separator::at_edge;
use super::surface_diffusion::settle;
use crate::lattice::walk::Landing;
use crate::lattice::{Exposed, Gap, GrowthMode, NONE_U16, NONE_U32, Position, SiteKind, Solid};
use crate::scene::{StartSpec, TransportSpec};
use crate::simulation::film::filament::is_filament;
use crate::simulation::film::roster::Parts;
use crate::simulation::films::FilmId;
use crate::simulation::surface::Surface;
use crate::simulation::surface::census::Matter;
use rand::{Rng, RngExt};

/// Where a piece of metal comes out.
enum Spot {
    /// Where it was reduced.
    Here,
    /// Under the whole film of a patch.
    Under(u16),
    /// At the root of a filament.
    Root(u32),
}

/// What a new site takes over from the solid it sits on.
#[derive(Clone, Copy)]
struct Cover {
    patch: u16,
    film_time_s: f32,
    filament: u32,
    slice: u32,
}

impl Plating<'_, '_> {
    /// Brings out the metal of one ion that was reduced at `landing`; `stays` is the chance that it stays
    /// there.
    pub fn emerge(&mut self, landing: Landing, stays: f64, random: &mut impl Rng) {
        let lattice = &self.electrode.sites.0;
        let kind = lattice.kind(landing.onto);
        if !kind.conducts() {
            return;
        }
        // Around a point seed there are no patches, and nothing needs to be known of what the ion came to.
        if self.electrode.constants.start == StartSpec::PointSeed {
            return self.accrete(landing.site, GrowthMode::Tip, random);
        }
        let Some(solid) = lattice.solid(landing.onto) else { return };
        self.emerge_from(landing, &solid, kind == SiteKind::Metal, stays, random);
    }

    /// The same on the exposed site with this slot, at one of its faces.
    pub fn emerge_at(&mut self, slot: u32, stays: f64, random: &mut impl Rng) {
        let lattice = &self.electrode.sites.0;
        let entry = &lattice.exposed()[slot];
        let (solid, metal) = (entry.solid(slot), Surface::matter(entry) == Matter::Metal);
        let onto = entry.position();
        // Whatever has a slot that can be drawn has an open face.
        let Some(site) = entry.open_neighbour(random) else { return };
        self.emerge_from(Landing { site: lattice.wrap(site), onto }, &solid, metal, stays, random);
    }

    /// The same for what the ion was reduced on: its details, and whether it is metal.
    fn emerge_from(
        &mut self,
        landing: Landing,
        solid: &Solid,
        metal: bool,
        stays: f64,
        random: &mut impl Rng,
    ) {
        self.electrode.ledger.cross(landing.site[2]);
        let bare = solid.patch == NONE_U16;
        if bare || random.random::<f64>() < stays {
            self.accrete(landing.site, GrowthMode::Tip, random);
            return;
        }
        if !metal {
            // The first metal under the film of a bare host: a nucleus, where it was reduced.
            self.accrete(landing.site, GrowthMode::Film, random);
            return;
        }
        let spot = if is_filament(solid.filament) {
            self.spot_on_filament(solid, random)
        } else {
            self.spot_under(solid.patch, random)
        };
        match spot {
            Spot::Here => self.thicken(landing, solid, random),
            Spot::Under(patch) => self.lift(patch, landing.site, random),
            Spot::Root(filament) => self.extrude(filament, landing.site, random),
        }
    }

    /// Draws a spot for metal reduced under a patch.
    fn spot_under(&mut self, patch: u16, random: &mut impl Rng) -> Spot {
        if let Some(patch) = self.electrode.interphase.patch_mut(patch) {
            patch.gained += 1;
        }
        let chosen = self.network.draw(patch, random);
        // Within the patch: whole film or root.
        let root = self.network.root(chosen);
        if root > 0.0
            && random.random::<f64>() * self.network.openness(chosen) < root
            && let Some((number, _)) = self.electrode.interphase.patch(chosen).and_then(|patch| patch.root)
        {
            return Spot::Root(number);
        }
        Spot::Under(chosen)
    }

    /// Draws a spot for metal reduced on the flank of a filament.
    fn spot_on_filament(&mut self, solid: &Solid, random: &mut impl Rng) -> Spot {
        let Some(filament) = self.electrode.interphase.filament(solid.filament) else { return Spot::Here };
        let network = &mut self.network;
        let strength = self.electrode.surface.strength(filament.patch);
        let formed_s = filament.slice(solid.birth).time_s;
        let film =
            self.electrode.interphase.patch(filament.patch).map_or(FilmId::ELECTROLYTE, |patch| patch.film);
        let films = &self.electrode.films;
        let thickness_m = films.thickness_m(film, formed_s, self.clock.time_s);
        let local = filament.flank_spots(network.creep_sites())
            * films.forming(film).compliance(thickness_m, strength);
        // Down to the root, and from there, on a patch, along the film around it.
        let below = network.along(solid.birth)
            * match filament.parent {
                None => network.openness_around(filament.patch),
                Some(_) => self.electrode.interphase.roster.openness(filament.number),
            };
        let along = |from: u32, to: u32| network.along(from.abs_diff(to));
        let branch = |slice: u32, number: u32| {
            along(solid.birth, slice) * self.electrode.interphase.roster.openness(number)
        };
        let branches: f64 = filament.branches.iter().map(|(slice, number)| branch(*slice, *number)).sum();
        let mut rest = random.random::<f64>() * (local + below + branches);
        rest -= local;
        if rest < 0.0 {
            return Spot::Here;
        }
        rest -= below;
        if rest < 0.0 {
            return match filament.parent {
                None => {
                    let patch = filament.patch;
                    self.spot_under(patch, random)
                }
                Some(_) => Spot::Root(filament.number),
            };
        }
        for (slice, number) in &filament.branches {
            rest -= branch(*slice, *number);
            if rest < 0.0 {
                return Spot::Root(*number);
            }
        }
        Spot::Here
    }

    /// Lifts the whole film of a patch at one of its sites, or within half a patch of it: the film is one
    /// membrane, so heights go over from patch to patch.
    fn lift(&mut self, patch: u16, otherwise: Position, random: &mut impl Rng) {
        let Electrode { sites, surface, films, constants, .. } = &self.electrode;
        let lattice = &sites.0;
        let count = surface.members(patch);
        let member =
            (count > 0).then(|| &lattice.exposed()[surface.member(patch, random.random_range(0..count))]);
        // Metal under film spreads onto bare host only as readily as ions are reduced there; else it stays
        // where it was reduced.
        let willing = |member: &&Exposed| {
            Surface::matter(member) == Matter::Metal
                || random.random::<f64>()
                    < surface.relative_current(lattice, member, films, self.clock.time_s)
        };
        let member = member.filter(willing);
        let site = match member.and_then(|member| Some((member.position(), member.open_neighbour(random)?))) {
            Some((metal, open)) => {
                nearby(lattice, (metal, open), constants.patch_sites, random).unwrap_or(open)
            }
            None => otherwise,
        };
        self.accrete(site, GrowthMode::Film, random);
    }

    /// Pushes a filament out by one site from its root.
    fn extrude(&mut self, number: u32, otherwise: Position, random: &mut impl Rng) {
        let now = self.now();
        let lattice = &self.electrode.sites.0;
        if let Some(filament) = self.electrode.interphase.filament_mut(number) {
            match filament.extend(lattice, now, random) {
                Some(site) if !at_edge(lattice, site) => {
                    let (patch, slice) = (filament.patch, filament.last_slice());
                    let mut solid = Solid::new(slice, 0.0, patch, GrowthMode::Base);
                    solid.filament = number;
                    let site = lattice.wrap(site);
                    let gap = lattice.gap(lattice.around(site));
                    self.place((site, &gap), Under::Filament { number, slice }, solid, random);
                    return;
                }
                // It pierces the separator.
                Some(site) if self.electrode.constants.separator_sites.is_some() => {
                    return self.press_out(site, random);
                }
                // Stuck: the root closes at the next look.
                _ => filament.growing = false,
            }
        }
        self.accrete(otherwise, GrowthMode::Film, random);
    }

    /// Lets metal come out on the flank where it was reduced; the stretched film may give way there.
    fn thicken(&mut self, landing: Landing, solid: &Solid, random: &mut impl Rng) {
        let patch_sites = self.electrode.constants.patch_sites;
        let (now_s, relaxation_s) = (self.clock.time_s, self.electrode.films.of_electrolyte().relaxation_s);
        if let Some(filament) = self.electrode.interphase.filament_mut(solid.filament)
            && filament.stretch_flank(patch_sites, now_s, relaxation_s)
        {
            let beyond = std::array::from_fn(|k| 2 * landing.site[k] - landing.onto[k]);
            self.flank_cracks.0.push((solid.filament, landing.site, beyond));
        }
        self.accrete(landing.site, GrowthMode::Film, random);
    }

    /// Presses metal that would leave the box into the separator, or out elsewhere.
    fn press_out(&mut self, site: Position, random: &mut impl Rng) {
        if let Some(elsewhere) = self.press(site, random) {
            self.accrete(elsewhere, GrowthMode::Film, random);
        }
    }

    /// Puts metal onto the open `site`, or onto a better bound one that surface diffusion finds.
    pub fn accrete(&mut self, site: Position, mode: GrowthMode, random: &mut impl Rng) {
        if at_edge(&self.electrode.sites.0, site) {
            return self.press_out(site, random);
        }
        let constants = &self.electrode.constants;
        let hops = match (constants.start, constants.transport) {
            (StartSpec::PointSeed, _) | (_, TransportSpec::PerfectSticking) => 0,
            _ => constants.hops(self.clock.current_density_a_m2, random),
        };
        let (site, around) = settle(&self.electrode.sites.0, site, hops, random);
        let gap = self.electrode.sites.0.gap(around);
        let cover = self.cover_at(&gap);
        let now = self.now();
        let on_filament = is_filament(cover.filament) && mode == GrowthMode::Film;
        // Tip-grown metal meets the electrolyte bare: its film begins now. Lifted metal comes out under the
        // old one.
        let film_time_s = if mode == GrowthMode::Tip { now.time_s as f32 } else { cover.film_time_s };
        let birth = if on_filament { cover.slice } else { now.ordinal };
        let mut solid = Solid::new(birth, film_time_s, cover.patch, mode);
        if on_filament {
            solid.filament = cover.filament;
        }
        let under = match mode {
            GrowthMode::Tip => Under::Nothing,
            _ if on_filament => Under::Filament { number: cover.filament, slice: cover.slice },
            _ => Under::Film,
        };
        self.place((site, &gap), under, solid, random);
    }

    /// Patch, film and filament in a gap, from the solid it sits on: the one below if there is one.
    fn cover_at(&self, gap: &Gap) -> Cover {
        let bare = Cover { patch: NONE_U16, film_time_s: 0.0, filament: NONE_U32, slice: 0 };
        if self.electrode.constants.start == StartSpec::PointSeed {
            return bare;
        }
        self.electrode.stands_on(gap).map_or(bare, |(slot, entry)| Cover {
            patch: entry.patch,
            film_time_s: self.film_ages().formed_s(&entry.solid(slot)) as f32,
            filament: entry.filament,
            slice: entry.birth(),
        })
    }

    /// Places one site of metal, at the wrapped `site`, a gap, and keeps all accounts.
    fn place(&mut self, (site, gap): (Position, &Gap), under: Under, solid: Solid, random: &mut impl Rng) {
        self.electrode.join((site, gap), under, solid, &self.clock, random);
        self.clock.plated += 1;
        self.clock.due -= 1;
        self.electrode.ledger.by_mode[solid.mode as usize] += 1;
        self.electrode.ledger.recent.push(site);
        let (lattice, ledger) = (&self.electrode.sites.0, &mut self.electrode.ledger);
        let full = match self.electrode.constants.start {
            StartSpec::PointSeed => {
                let half = lattice.sites().map(|n| n as f64 / 2.0);
                let away: [f64; 3] = std::array::from_fn(|k| f64::from(site[k]) + 0.5 - half[k]);
                ledger.radius = ledger.radius.max(away.iter().map(|d| d * d).sum::<f64>().sqrt());
                ledger.radius + 10.0 > half.into_iter().fold(f64::INFINITY, f64::min)
            }
            _ => site[2] + 2 >= self.electrode.constants.height as i32,
        };
        if full {
            self.reach_edge(site);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::{Purpose, stream};
    use crate::simulation::small_run;
    use bevy_ecs::system::SystemState;

    /// Metal does not hop along the surface in this scene: it is found where it came out.
    const SETTINGS: [&str; 2] = ["lattice.sites=[32,32,32]", "transport=PerfectSticking"];

    #[test]
    fn metal_comes_out_where_its_ion_arrived_free_or_as_a_nucleus_under_film() {
        for (stays, mode) in [(1.0, GrowthMode::Tip), (0.0, GrowthMode::Film)] {
            let mut run = small_run("carbonate_moss", &SETTINGS);
            let mut state = SystemState::<Plating>::new(&mut run.world);
            let mut plating = state.get_mut(&mut run.world).expect("all resources are there");
            plating.clock.due = 1;
            let landing = Landing { site: [5, 7, 1], onto: [5, 7, 0] };
            plating.emerge(landing, stays, &mut stream(1, Purpose::Emergence, 0, 0));
            let solid = plating.electrode.sites.0.solid(landing.site).expect("metal");
            assert_eq!(solid.mode, mode);
            assert_eq!(plating.electrode.sites.0.kind(landing.site), SiteKind::Metal);
            assert_eq!((plating.clock.plated, plating.clock.due), (1, 0));
            assert_eq!(plating.electrode.ledger.by_mode[mode as usize], 1);
        }
    }

    /// Two patches are open; the chance of the farther one falls by exp(−d/λ).
    #[test]
    fn metal_under_film_comes_out_by_openness_and_distance() {
        let mut run = small_run("carbonate_moss", &["lattice.sites=[64,64,32]"]);
        let patches = run.patches().len() as u16;
        let mut state = SystemState::<Plating>::new(&mut run.world);
        let mut plating = state.get_mut(&mut run.world).expect("all resources are there");
        let patch_sites = plating.electrode.constants.patch_sites;
        let (other, distance) =
            plating.network.touching(3, patch_sites).next().expect("a mosaic has neighbours");
        (0..patches).for_each(|patch| plating.network.set_whole(patch, 0.0));
        plating.network.set_whole(3, 1.0);
        plating.network.set_whole(other, 2.0);
        plating.network.forget_sums();
        let weight = 2.0 * (-distance / plating.network.creep_sites()).exp();
        let mut random = stream(1, Purpose::Emergence, 0, 0);
        let n = 40_000;
        let mut there = 0;
        for _ in 0..n {
            match plating.spot_under(3, &mut random) {
                Spot::Under(patch) if patch == other => there += 1,
                Spot::Under(patch) => assert_eq!(patch, 3),
                Spot::Here | Spot::Root(_) => panic!("there are no filaments yet"),
            }
        }
        let share = weight / (1.0 + weight);
        let deviation = (f64::from(n) * share * (1.0 - share)).sqrt();
        // Five standard deviations of a binomial count.
        let expected = f64::from(n) * share;
        assert!((f64::from(there) - expected).abs() < 5.0 * deviation, "{there} of {expected}");
    }

    #[test]
    fn a_filament_takes_metal_at_its_root_and_keeps_the_entries_in_order() {
        let mut run = small_run("carbonate_moss", &["lattice.sites=[48,48,64]"]);
        while run.sites_by_mode(GrowthMode::Base) < 500 {
            run.advance(16);
        }
        // The newest metal is at the root of every filament.
        for ages in run.filament_ages() {
            assert!(ages.is_sorted_by(|root, tip| root >= tip), "{ages:?}");
        }
    }
}
