//! How fast the engine is, in one table: `cargo bench --bench engine --no-default-features [-- long] [--
//! WORD]`.
//!
//! | figure | what it stands for | what bounds it |
//! |---|---|---|
//! | walkers from a point | sites a second of a cluster that sticks at first contact, everything included, one core | jumps of walkers (about 75 a site, half of them far off, some 170 instructions each), then placing |
//! | walkers onto a plane | the same on a periodic plane, with films and patches | lists of exposed sites |
//! | two cores | one core's time over two cores' | cache lines that go to and fro, then placing, which is one after the other |
//! | two runs at once | sites a second of two such runs at the same time, one core each, over one alone: the most that two cores can give | memory and clock, which cores share |
//! | partial sticking | time a site at p = 0.01 over that at p = 1, walks alone | single steps between run-ins: some 700 a site, and 90 jumps instead of 50 |
//! | kinetic Monte Carlo | events a second of the carbonate scene on 128², with films, strain and filaments | updates of exposed sites |
//! | the same by size | time an event on 512² (about 10⁶ exposed sites) over that on 128² (10⁵); `long`: 1024² | reads that miss |
//! | stripping | events a second while 1 mAh/cm² of moss on 128² is stripped, contact and films kept | the same, and walks to the collector |
//! | cycling | seconds that 100 cycles of 1 mAh/cm² on 128 × 128 × 192 take, from the mean of the first three, everything on | all of the above |
//! | memory | resident memory that a run has added, over the sites of its box, while a box of 256² × 64 fills up with dense metal; opening 512³ | a byte for kind and neighbours, eight of details, 32 an exposed site |
//! | start | seconds from the name of the default scene to the end of its first step | borders of patches |
//!
//! The yardstick is dependent random reads a second over an array as large as the lattice of the first row,
//! measured before and after. Figures of two machines compare by their ratio to it. Every figure is wall time
//! of one run; the machine should be idle. `long` adds the largest cluster and surface; a word takes only the
//! rows that hold it (`-- kinetic`). The table is also written to `engine.json` in the target folder.

use natrarium::lattice::walk::{Far, JumpTables, Walks};
use natrarium::lattice::{GrowthMode, Lattice, NONE_U16, Purpose, SiteKind, Solid, stream};
use natrarium::scene::{self, Scene};
use natrarium::simulation::Simulation;
use rand::RngExt;
use serde_json::json;
use std::path::PathBuf;
use std::time::Instant;

/// One row of the table.
struct Row {
    figure: String,
    bound: &'static str,
    /// What is asked for, in the unit of the figure.
    limit: f64,
    measured: f64,
    /// True when less is better.
    cost: bool,
}

fn scene(name: &str, settings: &[String]) -> Scene {
    scene::load(name)
        .and_then(|scene| scene.with_settings(settings))
        .expect("the library scene takes these settings")
}

/// Sites per second of a run to its end, on some threads.
fn rate(scene: &Scene, threads: usize) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| {
        let start = Instant::now();
        let mut simulation = Simulation::new(scene, 1).expect("the bench fits into memory");
        while !simulation.finished() {
            simulation.advance(1);
        }
        simulation.sites_plated() as f64 / start.elapsed().as_secs_f64()
    })
}

/// Sites per second of two runs at the same time that have nothing to do with each other, each on one thread.
fn rate_of_two(scene: &Scene) -> f64 {
    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| rate(scene, 1));
        (rate(scene, 1), second.join().expect("a run ends"))
    });
    // Whoever is slower sets the time of both.
    2.0 * first.min(second)
}

/// Resident memory, bytes, as Linux tells it; nothing on other systems.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?;
    Some(kib.parse::<f64>().ok()? * 1024.0)
}

/// A box of 256² × 64 that dense metal fills.
fn full_box() -> Scene {
    let until = "until={\"areal_capacity_mah_cm2\":null,\"time_s\":null,\"sites\":4060000}";
    scene("diglyme_film", &["lattice.sites=[256,256,64]".to_owned(), until.to_owned()])
}

fn box_of_512() -> Scene {
    scene("carbonate_moss", &["electrode_gap_um=512", "lattice.sites=[512,512,512]"].map(String::from))
}

/// Prints the most resident memory, bytes, that a run of a scene adds in up to `steps` steps.
fn print_memory(scene: &Scene, steps: u64) {
    let Some(before) = resident() else { return };
    let mut simulation = Simulation::new(scene, 1).expect("the bench fits into memory");
    let mut most = before;
    while !simulation.finished() && simulation.step() < steps {
        simulation.advance(64);
        most = resident().map_or(most, |now| most.max(now));
    }
    println!("{}", most - before);
}

/// What [`print_memory`] prints in a process of its own: what one run has freed would hide what another
/// takes.
fn memory_of(which: &str) -> Option<f64> {
    let output = std::process::Command::new(std::env::current_exe().ok()?).arg(which).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Seconds from the name of the default scene to the end of its first step.
fn start_s() -> f64 {
    let start = Instant::now();
    let mut simulation =
        Simulation::new(&scene(scene::DEFAULT_SCENE, &[]), 1).expect("the bench fits into memory");
    simulation.advance(1);
    start.elapsed().as_secs_f64()
}

/// Events a second of kinetic Monte Carlo in the carbonate scene, to a charge.
fn kinetic(edge: usize, mah_cm2: f64) -> f64 {
    let settings = [
        format!("lattice.sites=[{edge},{edge},256]"),
        "transport=KineticMonteCarlo".to_owned(),
        format!("until.areal_capacity_mah_cm2={mah_cm2}"),
    ];
    rate(&scene("carbonate_moss", &settings), 1)
}

/// Sites stripped per second of the first stripping, and seconds for a hundred cycles by the mean of three.
fn cycling() -> (f64, f64) {
    let settings = ["lattice.sites=[128,128,192]"].map(String::from);
    let spec = scene("half_cell", &settings).spec.with_cycles(3, 1.0, 1.0);
    let scene = Scene::resolve(spec).expect("a half cell cycles");
    let mut simulation = Simulation::new(&scene, 1).expect("the bench fits into memory");
    let start = Instant::now();
    let (mut first, mut stripped) = (None, None);
    while !simulation.finished() {
        let before = Instant::now();
        simulation.advance(1);
        if simulation.cycles().is_empty() && simulation.current_density_a_m2() < 0.0 {
            first.get_or_insert(before);
        }
        if let (Some(first), None, 1) = (first, stripped, simulation.cycles().len()) {
            stripped = Some(simulation.sites_stripped() as f64 / first.elapsed().as_secs_f64());
        }
    }
    let cycles = simulation.cycles().len().max(1) as f64;
    (stripped.unwrap_or(0.0), 100.0 * start.elapsed().as_secs_f64() / cycles)
}

fn cluster(sites: u64, edge: usize) -> Scene {
    scene("pure_dla", &[format!("lattice.sites=[{edge},{edge},{edge}]"), format!("until.sites={sites}")])
}

fn plane(sites: u64) -> Scene {
    let until = format!("until={{\"areal_capacity_mah_cm2\":null,\"time_s\":null,\"sites\":{sites}}}");
    let settings =
        ["electrode_gap_um=1000", "lattice.sites=[256,256,512]", "transport=PerfectSticking", &until];
    scene("carbonate_moss", &settings.map(String::from))
}

/// Seconds per site of walks alone, in batches, onto a plane of 128², where every run-in sticks with chance
/// `p`.
fn walk_cost_s(p: f64, sites: u64) -> f64 {
    let mut lattice = Lattice::new([128, 128, 256]);
    let solid = Solid::new(0, 0.0, NONE_U16, GrowthMode::None);
    for column in 0..128 * 128 {
        lattice.place([column % 128, column / 128, 0], SiteKind::Host, solid);
    }
    let tables = JumpTables::new([128, 128]);
    let start = Instant::now();
    let mut landings = [None; 16];
    for batch in 0..sites / 16 {
        let walks = Walks {
            ground: lattice.ground().expect("a new lattice is open to walkers"),
            tables: &tables,
            far: Far::Above,
        };
        let stream = |index| stream(1, Purpose::Walk, batch, index as u64);
        walks.walk_abreast(p, stream, |_, _| true, &mut landings);
        for landing in landings.iter().flatten() {
            if !lattice.is_solid(landing.site) {
                lattice.place(landing.site, SiteKind::Metal, solid);
            }
        }
    }
    start.elapsed().as_secs_f64() / sites as f64
}

/// Dependent random reads per second over as many bytes as the lattice of 10⁶ sites has sites.
fn yardstick() -> f64 {
    let words = 640usize.pow(3) / 4;
    let mut random = stream(1, Purpose::Walk, 0, 0);
    let table: Vec<u32> = (0..words).map(|_| random.random::<u32>()).collect();
    let (reads, start) = (4_000_000u32, Instant::now());
    // The number of the read is added, so that the path never runs into a short loop.
    let last = (0..reads).fold(0u32, |at, read| {
        let next = u64::from(table[at as usize].wrapping_add(read.wrapping_mul(0x9E37_79B9)));
        ((next * words as u64) >> 32) as u32
    });
    std::hint::black_box(last);
    let seconds = start.elapsed().as_secs_f64();
    f64::from(reads) / seconds
}

/// Rows of the table, measured as they are asked for.
struct Table {
    rows: Vec<Row>,
    /// Rows that hold this word only.
    word: Option<String>,
}

impl Table {
    fn wants(&self, figures: &[&str]) -> bool {
        self.word.as_ref().is_none_or(|word| figures.iter().any(|figure| figure.contains(word)))
    }

    fn row(&mut self, figure: &str, bound: &'static str, limit: f64, measured: f64) {
        println!("{figure}: {measured:.4}");
        // Rates are to be large; times, ratios of costs and memory small.
        let cost = !figure.ends_with("/s") && !figure.ends_with("over one");
        self.rows.push(Row { figure: figure.to_owned(), bound, limit, measured, cost });
    }
}

fn memory(table: &mut Table) {
    if table.wants(&["memory"])
        && let (Some(full), Some(opened)) = (memory_of(FULL), memory_of(OPENED))
    {
        let sites = 256 * 256 * 64;
        table.row(
            "memory, box full of metal, bytes a site",
            "records of solids",
            12.0,
            full / f64::from(sites),
        );
        let mib = opened / f64::from(1u32 << 20);
        table.row("memory, 512³ and a monolayer, MiB", "collector and its patches", 2048.0, mib);
    }
}

fn walkers(table: &mut Table, long: bool) {
    if table.wants(&["walkers, point seed", "two cores over one"]) {
        let (small, scene) = (rate(&cluster(100_000, 320), 1), cluster(1_000_000, 640));
        let large = rate(&scene, 1);
        table.row("walkers, point seed, 10⁵ sites, 1/s", "jumps, then placing", 166_000.0, small);
        table.row("walkers, point seed, 10⁶ sites, 1/s", "jumps, then placing", 166_000.0, large);
        table.row("  cost a site, 10⁶ over 10⁵", "reads that miss", 1.4, small / large);
        table.row("  two cores over one", "shared lines, placing", 1.7, rate(&scene, 2) / large);
        // Not asked for, but what the machine makes of two cores: two must not be slower than one.
        table.row("  two runs at once over one", "memory, clock", 1.0, rate_of_two(&scene) / large);
        if long {
            let largest = rate(&cluster(4_000_000, 960), 1);
            table.row("  cost a site, 4×10⁶ over 10⁵", "reads that miss", 1.4, small / largest);
        }
    }
    if table.wants(&["walkers, plane"]) {
        let rate = rate(&plane(1_000_000), 1);
        table.row("walkers, plane 256², 10⁶ sites, 1/s", "jumps, then placing", 166_000.0, rate);
        let (certain, reluctant) = (walk_cost_s(1.0, 100_000), walk_cost_s(0.01, 100_000));
        let ratio = reluctant / certain;
        table.row("  cost of walks, p = 0.01 over p = 1", "steps between run-ins", 4.0, ratio);
    }
}

fn engine(table: &mut Table, long: bool) {
    if table.wants(&["kinetic Monte Carlo"]) {
        let small = kinetic(128, 2.0);
        table.row("kinetic Monte Carlo, 128², 1/s", "instructions, misses", 3e6, small);
        let (early, large) = (kinetic(128, 0.5), kinetic(512, 0.5));
        table.row("  cost an event, 512² over 128²", "reads that miss", 1.4, early / large);
        if long {
            table.row("  cost an event, 1024² over 128²", "reads that miss", 1.4, early / kinetic(1024, 0.5));
        }
    }
    if table.wants(&["stripping", "cycles"]) {
        let (stripping, cycles_s) = cycling();
        table.row("stripping with contact, 128², 1/s", "instructions, misses", 1e6, stripping);
        table.row("100 cycles of 1 mAh/cm², 128²×192, s", "both of the above", 60.0, cycles_s);
    }
    if table.wants(&["start"]) {
        table.row("start, default scene to its first step, s", "borders of patches", 0.2, start_s());
    }
}

/// Arguments of the processes that measure memory.
const FULL: &str = "--memory-of-a-full-box";
const OPENED: &str = "--memory-of-512";

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some(FULL) => return print_memory(&full_box(), u64::MAX),
        Some(OPENED) => return print_memory(&box_of_512(), 64),
        _ => {}
    }
    // Cargo adds an option of its own.
    let mut words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let long = words.iter().position(|word| word == "long").map(|place| words.remove(place)).is_some();
    let before = yardstick();
    let mut table = Table { rows: Vec::new(), word: words.pop() };
    memory(&mut table);
    walkers(&mut table, long);
    engine(&mut table, long);
    let rows = table.rows;
    let yardstick = 0.5 * (before + yardstick());

    println!("\n{:<42} {:<24} {:>10} {:>11} {:>9}", "figure", "bound by", "limit", "measured", "ratio");
    let mut figures = Vec::new();
    for Row { figure, bound, limit, measured, cost } in rows {
        let rate = figure.ends_with("/s");
        let ratio = rate.then(|| measured / yardstick);
        let met = if cost { measured <= limit } else { measured >= limit };
        println!(
            "{figure:<42} {bound:<24} {limit:>10.1} {measured:>11.2} {:>9} {}",
            ratio.map_or(String::new(), |ratio| format!("{ratio:.5}")),
            if met { "met" } else { "not met" }
        );
        figures.push(json!({
            "figure": figure.trim(), "bound": bound, "limit": limit, "measured": measured,
            "less_is_better": cost, "ratio_to_yardstick": ratio, "met": met,
        }));
    }
    println!("yardstick: {yardstick:.3e} dependent random reads a second ({before:.3e} before)");
    let report = json!({ "yardstick_reads_per_s": yardstick, "figures": figures });
    let path = target_folder().join("engine.json");
    match std::fs::write(&path, format!("{report:#}\n")) {
        Ok(()) => println!("written to {}", path.display()),
        Err(error) => eprintln!("{} could not be written: {error}", path.display()),
    }
}

/// The target folder: the bench itself lies in `release/deps` below it.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.ancestors().nth(3).map_or_else(|| PathBuf::from("target"), PathBuf::from)
}
