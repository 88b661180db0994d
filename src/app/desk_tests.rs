//! The desk with a session behind it.

use super::*;

fn desk() -> Desk {
    let mut scene = scene::load("carbonate_moss").unwrap();
    scene.spec.lattice.sites = (32, 32, 64);
    Desk::new(Session::start(crate::app::Share::All, || {}), scene, 7)
}

/// Collects until `enough` says so; the limit only keeps a broken session from hanging the test run.
fn collect_until(desk: &mut Desk, enough: impl Fn(&Desk) -> bool) {
    let started = Instant::now();
    while !enough(desk) {
        desk.collect();
        assert!(started.elapsed() < Duration::from_secs(60), "nothing came");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn it_plays_at_once_and_stops_when_asked() {
    // At the speed of the start: a run without pauses may be over before a busy machine looks at it.
    let mut desk = desk();
    collect_until(&mut desk, |desk| desk.metrics.step > 3 && desk.status.playing);
    desk.act(&Request::Pause);
    collect_until(&mut desk, |desk| !desk.status.playing);
}

#[test]
fn a_scene_that_is_not_there_is_a_message_and_the_run_stays() {
    let mut desk = desk();
    desk.act(&Request::Open("no_such_scene".into()));
    assert!(desk.status.message.as_ref().is_some_and(|text| text.contains("no_such_scene")));
    collect_until(&mut desk, |desk| desk.generation == 1);
    desk.act(&Request::DismissMessage);
    assert_eq!(desk.status.message, None);
    assert_eq!(desk.caption().0, scene::load("carbonate_moss").unwrap().spec.title);
}

#[test]
fn a_new_seed_is_the_next_number_and_forgets_the_old_figures() {
    let mut desk = desk();
    // Slowly enough that the run is not at its end when it is paused.
    collect_until(&mut desk, |desk| desk.history.samples().len() > 2);
    desk.act(&Request::Pause);
    desk.act(&Request::Restart { new_seed: true });
    collect_until(&mut desk, |desk| desk.generation == 2 && !desk.history.samples().is_empty());
    assert_eq!(desk.status.seed, 8);
    assert_eq!(desk.metrics.step, 0, "a paused run stays at its beginning");
    assert_eq!(desk.history.samples().len(), 1);
}

#[test]
fn a_discarded_run_comes_back_with_its_figures() {
    let mut desk = desk();
    collect_until(&mut desk, |desk| desk.history.samples().len() > 2 && desk.metrics.step > 10);
    desk.act(&Request::Pause);
    collect_until(&mut desk, |desk| !desk.status.playing);
    let (step, samples) = (desk.metrics.step, desk.history.samples().len());
    desk.act(&Request::Restart { new_seed: true });
    collect_until(&mut desk, |desk| desk.generation == 2 && desk.status.can_undo);
    desk.act(&Request::Undo);
    collect_until(&mut desk, |desk| desk.generation == 3 && desk.metrics.step >= step);
    assert_eq!(desk.status.seed, 7);
    assert!(desk.history.samples().len() >= samples);
    // Two slips in a row: the long run stays the one that is kept.
    desk.act(&Request::Undo);
    desk.act(&Request::Undo);
    collect_until(&mut desk, |desk| desk.generation == 5 && desk.metrics.step >= step);
    // And once more: the restarted run was not lost either.
    desk.act(&Request::Undo);
    collect_until(&mut desk, |desk| desk.generation == 6);
    assert_eq!(desk.status.seed, 8);
}

#[test]
fn two_slips_in_a_row_keep_the_long_run() {
    let mut desk = desk();
    collect_until(&mut desk, |desk| desk.metrics.step > 10);
    desk.act(&Request::Restart { new_seed: true });
    // Before or after the first figures of the second run: it is too young to be kept.
    desk.act(&Request::Restart { new_seed: true });
    collect_until(&mut desk, |desk| desk.generation == 3 && desk.metrics.time_s > 0.0);
    desk.act(&Request::Restart { new_seed: true });
    desk.act(&Request::Undo);
    collect_until(&mut desk, |desk| desk.generation == 5 && desk.metrics.step > 10);
    assert_eq!((desk.status.seed, desk.metrics.step > 10), (7, true));
}

#[test]
fn a_run_that_ended_says_why_and_goes_on() {
    let mut desk = desk();
    desk.act(&Request::Speed(None));
    desk.running.spec.until = Some(UntilSpec { sites: Some(300), ..UntilSpec::default() });
    desk.opened.until = desk.running.spec.until;
    desk.open_running(false);
    desk.act(&Request::Play);
    collect_until(&mut desk, |desk| desk.status.finished && desk.status.ending.is_some());
    assert_eq!(desk.status.ending, Some(crate::observables::Ending::Capacity));
    desk.act(&Request::Continue);
    collect_until(&mut desk, |desk| desk.status.finished && desk.metrics.sites_deposited >= 600);
}

#[test]
fn a_dragged_current_is_one_event_and_the_last_value_acts() {
    let mut desk = desk();
    desk.act(&Request::Pause);
    for ma_cm2 in [2.0, 3.0, 5.0] {
        desk.act(&Request::CurrentDensity { ma_cm2 });
    }
    collect_until(&mut desk, |desk| desk.metrics.current_density_ma_cm2 == 5.0);
    let changes = desk.events.iter().filter(|event| event.kind == EventKind::CurrentChanged).count();
    assert_eq!(changes, 1);
}

#[test]
fn a_place_on_the_lattice_is_a_place_in_the_picture() {
    let mut desk = desk();
    let edge_um = desk.running.spec.lattice.edge_um as f32;
    let place = desk.act(&Request::LookAt([10.0, 20.0, 2.0]));
    assert_eq!(place, Some([10.0 * edge_um, 20.0 * edge_um, 2.0 * edge_um]));
}
