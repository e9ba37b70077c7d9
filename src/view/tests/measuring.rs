//! Readings of a test, as they are typed and told.

use super::*;
use crate::protocol::quantity::Length;
use crate::session::event::Reading;

/// To the re-test of the left ankle, whose first test was typed.
fn to_typed_retest() -> Desk {
    let mut desk = Desk::new();
    desk.press("space 1 2 space space 4 5 space").press("space 3").press("2 2 3");
    desk.press("space s space").wait(5_000).press("space").wait(4_000);
    while desk.app.context() != Context::Read {
        desk.press("s");
    }
    desk
}

#[test]
fn where_digits_are_typed_none_stands_before_a_line() {
    let mut desk = to_typed_retest();
    desk.press("space");
    for size in SIZES {
        let shown = desk.picture(size);
        assert!(shown.contains("It touches the wall") && shown.contains("▸    "), "{shown}");
        assert!(!shown.contains("1  It") && !shown.contains("4  "), "a digit would be typed:\n{shown}");
    }
    desk.press("up");
    assert!(desk.picture((80, 24)).contains("▸ 3  About") && desk.picture((80, 24)).contains("1  It touches"));
    desk.press("1");
    let measured = desk.events.iter().rev().find_map(|event| match &event.fact {
        Fact::Measured { reading, .. } => Some(*reading),
        _ => None,
    });
    assert_eq!(measured, Some(Reading::Judged(Length::ZERO)));
}

#[test]
fn what_was_typed_is_told_alike_beside_the_figure_and_on_the_plan() {
    for (typed, unit, told) in [("3 . 4 5", "u", "3.4 in"), ("3 . 2", "u u", "3.2 cm")] {
        let mut desk = Desk::new();
        desk.press("space 1 2 space space 4").press(unit).press(typed);
        let shown = desk.picture((80, 24));
        let beside = shown.lines().any(|line| line.contains(told) && line.contains('⢸') && !line.contains("knee"));
        assert!(beside, "{shown}");
        desk.press("space space 3 2 2 3");
        let plan = desk.picture((80, 40));
        assert!(plan.contains(told), "{plan}");
    }
    let mut desk = Desk::new();
    desk.press("space 1 2 space space 5 1 2 . 2");
    let shown = desk.picture((80, 24));
    assert!(shown.contains("12.2 cm▔"), "{shown}");
}

#[test]
fn how_far_the_ankles_are_apart_is_told_by_the_readings_before_exercise_as_over_the_weeks() {
    let mut desk = Desk::new();
    desk.press("space 1 2 space space 4 3 space space 4 1 space").press("1 2 2 space s space");
    desk.wait(5_000).press("space").wait(4_000);
    while desk.app.context() != Context::Read {
        desk.press("s");
    }
    desk.press("space 2 space space 1 . 9 space").press("s");
    let shown = desk.picture((80, 40));
    assert!(shown.contains("3 cm short → 2 cm short") && shown.contains("1 cm short → 1.9 cm short"), "{shown}");
    assert!(shown.contains("Before the exercises: Left and right differ by 2 cm: asymmetric"), "{shown}");
}
