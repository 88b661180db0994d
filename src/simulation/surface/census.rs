//! How many faces there are by what they are made of, how old their film is, and how well it conducts.
//!
//! A film's resistance is its thickness, which its age tells, over the conductivity of its patch. So faces
//! are counted by cohort (films that began to form at about the same time) and conductivity, in whole
//! numbers. As films grow no count changes, only the thickness of a cohort. Cohorts that have become alike, 5
//! % in thickness, are merged, so that there are some dozens however long a run is. On a filament that grows,
//! new metal passes every place at the same age. Such faces are counted by the age of their film, which
//! stays.
//! Accuracy: 5 % of a thickness and 5 % of a conductivity for a single face, the mean of many far better.

use super::currents::{NODES, node_of};
use crate::lattice::Exposed;
use crate::simulation::films::{Film, FilmId, Films};

/// What a face is made of, as the current sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Matter {
    Metal = 0,
    Host = 1,
    Seed = 2,
    /// Metal without contact: no electron reaches it.
    Dead = 3,
}

impl Matter {
    pub const ALL: [Self; 4] = [Self::Metal, Self::Host, Self::Seed, Self::Dead];
    pub const CONNECTED: [Self; 3] = [Self::Metal, Self::Host, Self::Seed];
}

/// Conductivities that are told apart: 10 % each, around the mean of the electrolyte.
pub(crate) const COLUMNS: usize = 64;
const COLUMN_WIDTH: f64 = 0.1;
/// Ratio of thickness at which two cohorts are still alike.
const ALIKE: f64 = 1.05;
/// Rows of films that keep their age: numbers of that many per octave of (age + 1 s), over 30 octaves.
const ROWS_LOG2: u32 = 3;
const STEADY_ROWS: usize = 30 << ROWS_LOG2;

/// The column of a conductivity that is `ratio` times the mean.
pub(crate) fn column_of(ratio: f64) -> u8 {
    let column = (libm::log(ratio) / COLUMN_WIDTH + 0.5 * COLUMNS as f64).round();
    column.clamp(0.0, (COLUMNS - 1) as f64) as u8
}

fn ratio_of(column: usize) -> f64 {
    libm::exp((column as f64 - 0.5 * COLUMNS as f64) * COLUMN_WIDTH)
}

/// When a film began to form, or, where metal passes under it, how old it stays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FilmAge {
    Since(f32),
    Steady(f32),
}

/// Film of an exposed site as it was noted when it was looked at last.
pub(crate) fn age_of(entry: &Exposed) -> FilmAge {
    if entry.steady { FilmAge::Steady(entry.film_time_s) } else { FilmAge::Since(entry.film_time_s) }
}

/// True for films that hardly differ.
pub(crate) fn alike(a: FilmAge, b: FilmAge) -> bool {
    match (a, b) {
        // Thickness goes with the square root of age: 5 %.
        (FilmAge::Steady(a), FilmAge::Steady(b)) => (a - b).abs() <= 0.1 * a,
        _ => a == b,
    }
}

/// Faces by conductivity.
#[derive(Clone, Copy, Debug)]
struct Row {
    faces: [u32; COLUMNS],
    all: u32,
    /// A bit for each column that ever held any.
    held: u64,
}

impl Row {
    const EMPTY: Self = Self { faces: [0; COLUMNS], all: 0, held: 0 };

    /// Columns that may hold faces, ascending.
    fn columns(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        let mut held = self.held;
        std::iter::from_fn(move || {
            let column = held.trailing_zeros() as usize;
            held &= held.checked_sub(1)?;
            Some((column, self.faces[column]))
        })
    }
}

/// Films that began to form at about the same time.
struct Cohort {
    /// When the last of them did, s.
    last_s: f32,
    faces: [Row; 4],
}

impl Cohort {
    /// Nobody yet, of this time.
    fn of(since_s: f32) -> Box<Self> {
        Box::new(Self { last_s: since_s, faces: [Row::EMPTY; 4] })
    }
}

/// Sums over the faces of one matter under one film and its successors.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FaceSums {
    pub film: FilmId,
    pub faces: u64,
    /// Σ δ, m.
    pub thickness_m: f64,
}

impl std::ops::AddAssign for FaceSums {
    fn add_assign(&mut self, more: Self) {
        self.faces += more.faces;
        self.thickness_m += more.thickness_m;
    }
}

/// Faces of about equal film resistance.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Alike {
    pub faces: f64,
    /// Their mean, Ω m².
    pub ohm_m2: f64,
}

/// The counts of the faces under one film and its successors.
pub(crate) struct Census {
    film: FilmId,
    /// When the first film of each cohort began to form, s, ascending.
    since_s: Vec<f32>,
    #[expect(
        clippy::vec_box,
        reason = "they come and go amid the others, every step, and have a kilobyte each"
    )]
    cohorts: Vec<Box<Cohort>>,
    /// Faces of metal on growing filaments, by the age of their film.
    steady: Vec<Row>,
    /// Rows of these that may hold any: the first, and the one after the last.
    steady_rows: (usize, usize),
    faces: [u64; 4],
    /// Conductivity of each column over the mean.
    ratios: [f64; COLUMNS],
}

impl Census {
    /// No faces yet, under this film.
    pub fn new(film: FilmId) -> Self {
        Self {
            film,
            since_s: vec![0.0],
            cohorts: vec![Cohort::of(0.0)],
            steady: vec![Row::EMPTY; STEADY_ROWS],
            steady_rows: (STEADY_ROWS, 0),
            faces: [0; 4],
            ratios: std::array::from_fn(ratio_of),
        }
    }

    /// The film whose faces it counts.
    pub fn film(&self) -> FilmId {
        self.film
    }

    /// Faces of a matter.
    pub fn faces(&self, matter: Matter) -> u64 {
        self.faces[matter as usize]
    }

    /// Counts `change` more faces, or fewer.
    #[inline]
    pub fn count(&mut self, matter: Matter, age: FilmAge, column: u8, change: i32) {
        let row = match age {
            FilmAge::Since(since_s) => {
                let last = self.since_s.len() - 1;
                // What comes to light is of the last one.
                let cohort = if self.since_s[last] <= since_s {
                    last
                } else {
                    self.since_s.partition_point(|begin_s| *begin_s <= since_s).saturating_sub(1)
                };
                &mut self.cohorts[cohort].faces[matter as usize]
            }
            FilmAge::Steady(age_s) => {
                let row = steady_row(age_s);
                self.steady_rows = (self.steady_rows.0.min(row), self.steady_rows.1.max(row + 1));
                &mut self.steady[row]
            }
        };
        let faces = &mut row.faces[usize::from(column)];
        *faces = faces.wrapping_add_signed(change);
        row.all = row.all.wrapping_add_signed(change);
        row.held |= 1 << column;
        let all = &mut self.faces[matter as usize];
        *all = all.wrapping_add_signed(i64::from(change));
    }

    /// Begins a cohort for the films of this step, and merges what has become alike.
    pub fn age(&mut self, films: &Films, now_s: f64) {
        let since_s = now_s as f32;
        if self.since_s.last().is_none_or(|last| *last < since_s) {
            self.since_s.push(since_s);
            self.cohorts.push(Cohort::of(since_s));
        }
        let mut first = 0;
        while first + 2 < self.cohorts.len() {
            let thickness = |time_s: f32| films.thickness_m(self.film, f64::from(time_s), now_s);
            let (oldest, youngest) =
                (thickness(self.since_s[first]), thickness(self.cohorts[first + 1].last_s));
            let film_of = |time_s: f32| films.formed_at(self.film, f64::from(time_s));
            // Films of different kinds are not alike.
            let kinds = std::ptr::eq(film_of(self.since_s[first]), film_of(self.since_s[first + 1]));
            if !kinds || oldest > ALIKE * youngest || youngest > ALIKE * oldest {
                first += 1;
                continue;
            }
            self.since_s.remove(first + 1);
            let merged = self.cohorts.remove(first + 1);
            let into = &mut self.cohorts[first];
            into.last_s = merged.last_s;
            for (row, more) in into.faces.iter_mut().zip(&merged.faces) {
                row.faces.iter_mut().zip(&more.faces).for_each(|(faces, more)| *faces += more);
                row.all += more.all;
                row.held |= more.held;
            }
        }
    }

    /// Visits every row of a matter that holds faces, with its film and the age of that, s.
    fn visit(&self, matter: Matter, films: &Films, now_s: f64, mut row: impl FnMut(&Film, f64, &Row)) {
        for (since_s, cohort) in self.since_s.iter().zip(&self.cohorts) {
            let since_s = 0.5 * (f64::from(*since_s) + f64::from(cohort.last_s));
            let faces = &cohort.faces[matter as usize];
            if faces.all > 0 {
                row(films.formed_at(self.film, since_s), (now_s - since_s).max(0.0), faces);
            }
        }
        if matter == Matter::Metal {
            let film = films.forming(self.film);
            for k in self.steady_rows.0..self.steady_rows.1 {
                if self.steady[k].all > 0 {
                    row(film, steady_age_s(k), &self.steady[k]);
                }
            }
        }
    }

    /// Sums over the faces of a matter.
    pub fn sums(&self, matter: Matter, films: &Films, now_s: f64) -> FaceSums {
        let mut sums = FaceSums { film: self.film, faces: self.faces(matter), ..FaceSums::default() };
        if sums.faces > 0 {
            self.visit(matter, films, now_s, |film, age_s, row| {
                sums.thickness_m += f64::from(row.all) * film.law.thickness_m(age_s);
            });
        }
        sums
    }

    /// Adds the faces of a matter to the nodes of [`currents`](super::currents) by film resistance.
    pub fn spread(&self, matter: Matter, films: &Films, now_s: f64, nodes: &mut [Alike; NODES]) {
        if self.faces(matter) == 0 {
            return;
        }
        let relative = self.ratios.map(|ratio| 1.0 / ratio);
        self.visit(matter, films, now_s, |film, age_s, row| {
            let mean_ohm_m2 = film.ohm_m2(age_s);
            for (column, faces) in row.columns() {
                let (ohm_m2, faces) = (mean_ohm_m2 * relative[column], f64::from(faces));
                let node = &mut nodes[node_of(ohm_m2)];
                node.faces += faces;
                node.ohm_m2 += faces * ohm_m2;
            }
        });
    }
}

fn steady_row(age_s: f32) -> usize {
    let bits = (1.0 + f64::from(age_s.max(0.0))).to_bits() - 1f64.to_bits();
    ((bits >> (52 - ROWS_LOG2)) as usize).min(STEADY_ROWS - 1)
}

/// Age in the middle of a row, s.
fn steady_age_s(row: usize) -> f64 {
    let edge = |row: usize| f64::from_bits(1f64.to_bits() + ((row as u64) << (52 - ROWS_LOG2)));
    0.5 * (edge(row) + edge(row + 1)) - 1.0
}
