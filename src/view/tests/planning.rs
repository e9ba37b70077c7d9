//! The plan: what was found, what will be done, and what of it can be changed.

use super::*;

#[test]
fn plans() {
    let mut desk = Desk::to_plan();
    desk.look("plan");
    while !desk.picture((80, 24)).contains("▸ Counting") {
        desk.press("down");
    }
    desk.press("right down right down left left").look("plan-changed");
}

#[test]
fn the_plan_names_the_ankle_that_its_first_set_is_for() {
    let mut desk = Desk::new();
    // The right ankle is stiffer; rolling comes first, and is for the tight left calf alone.
    desk.press("space 1 2 space").press("space 2 space 3").press("2 1 2");
    let first = |desk: &Desk| {
        let shown = desk.picture((80, 60));
        shown.lines().find(|line| line.contains("minutes")).unwrap_or_else(|| panic!("{shown}")).to_owned()
    };
    assert!(first(&desk).contains("left"), "{}", first(&desk));
    while !desk.picture((80, 24)).contains("▸ Calf") {
        desk.press("down");
    }
    desk.press("left left");
    assert!(first(&desk).contains("right"), "without rolling the stiffer one begins: {}", first(&desk));
}

#[test]
fn on_a_plan_that_is_seen_whole_the_mark_stays_on_what_can_be_changed() {
    let mut desk = Desk::to_plan();
    let press = |desk: &mut Desk, action, size| {
        desk.app.press(desk.now, action);
        desk.see(size);
        desk.picture(size)
    };
    let (large, small) = ((80, 40), (40, 12));
    desk.see(large);
    for _ in 0..3 {
        press(&mut desk, Action::Up, large);
    }
    let shown = press(&mut desk, Action::Right, large);
    assert!(shown.contains("▸ Ankles           ◂ left only ▸"), "{shown}");
    desk.see(small);
    for _ in 0..9 {
        press(&mut desk, Action::Up, small);
    }
    assert!(desk.picture(small).contains("Left ankle"), "where not all fits, it scrolls:\n{}", desk.picture(small));
    desk.see(large);
    assert!(desk.picture(large).contains("▸ Ankles"), "{}", desk.picture(large));
}

#[test]
fn a_long_title_leaves_room_for_its_dose_on_the_plan() {
    let title = "Slow lunges with the band in front of the ankle, knee over the toes";
    for length in [34, title.len()] {
        let config = mine(&format!("[exercise.front-band]\ntitle = \"{}\"\n", &title[..length]));
        let mut desk = Desk::of(config, Past::default());
        let protocol = desk.app.config.protocols["warm-up"].clone();
        desk.app.begin(protocol);
        desk.see((80, 24));
        desk.press("1 down down").look(&format!("plan-title-of-{length}"));
        assert!(desk.picture((40, 12)).contains("◂ 2 rounds"), "{}", desk.picture((40, 12)));
    }
}

#[test]
fn where_every_exercise_is_left_out_nothing_is_tested_again() {
    let mut desk = Desk::new();
    desk.press("space 1 space space 1 space 1 1");
    let before = desk.events.len();
    desk.press("down down left left down left left space");
    assert!(desk.app.context().is_summary(), "{}", desk.picture((80, 24)));
    assert!(desk.events[before..].iter().all(|event| !matches!(event.fact, Fact::Measured { .. })));
}

#[test]
fn plan_of_two_normal_ankles() {
    let mut desk = Desk::new();
    desk.press("space 1 space space 1 space 1 1").look("plan-normal");
}
