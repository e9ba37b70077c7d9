//! How often the picture changes.

use super::*;
use crate::view::next_change;

/// The pictures that are drawn in the next second, if nobody presses a key.
fn pictures_in_a_second(desk: &mut Desk, size: (u16, u16)) -> usize {
    desk.see(size);
    let end = desk.now + 1_000;
    let mut pictures = 0;
    while let Some(change) = next_change(&desk.app).filter(|change| *change <= end) {
        desk.wait(change - desk.now);
        pictures += 1;
    }
    desk.wait(end - desk.now);
    pictures
}

#[test]
fn at_most_thirty_pictures_a_second_while_it_moves_ten_in_a_hold_and_none_while_it_waits() {
    let (small, large) = ((80, 24), (200, 60));
    let mut desk = Desk::to_lunge();
    desk.wait(500);
    let moving = pictures_in_a_second(&mut desk, large);
    assert!((10..=30).contains(&moving), "{moving} while the figure goes forward");
    desk.wait(500);
    assert_eq!(pictures_in_a_second(&mut desk, large), 0, "the figure waits for the key");
    desk.press("space");
    assert!((5..=10).contains(&pictures_in_a_second(&mut desk, large)), "a hold");
    desk.wait(1_000);
    let mut less = desk.app.clone();
    let back = pictures_in_a_second(&mut desk, large);
    assert!((10..=30).contains(&back), "{back} while the figure goes back");
    std::mem::swap(&mut desk.app, &mut less);
    desk.now = desk.app.now;
    let back_small = pictures_in_a_second(&mut desk, small);
    assert!((4..back).contains(&back_small), "{back_small} of a small figure, {back} of a large one");
    let mut desk = Desk::to_plan();
    desk.press("space space").wait(5_000 + 3_000);
    assert!(pictures_in_a_second(&mut desk, large) <= 30, "rolling to and fro");
}

#[test]
fn with_reduced_motion_the_figure_steps_from_pose_to_pose() {
    let mut desk = Desk::of(mine("[settings]\nreduced-motion = true\n"), Past::default());
    desk.press("space 1 2 space").press("space 2 space 3").press("2 2 3").press("space s space").wait(5_000);
    let began = desk.picture((80, 24));
    assert_eq!(next_change(&desk.app), None, "nothing moves while it waits for the key");
    assert_eq!(desk.wait(2_000).picture((80, 24)), began, "the figure is at the end of the lunge from the start");
    desk.press("space");
    assert!(pictures_in_a_second(&mut desk, (80, 24)) <= 10);
}

#[test]
fn the_picture_changes_when_it_says_that_it_does_and_not_before() {
    let mut desk = Desk::to_plan();
    desk.press("space s space");
    for _ in 0..200 {
        let before = desk.picture((80, 24));
        let Some(change) = next_change(&desk.app) else { break };
        assert!(change > desk.now, "a wake-up must be ahead");
        let step = change - desk.now;
        desk.wait(step - 1);
        assert_eq!(desk.picture((80, 24)), before, "nothing to draw before {change}");
        desk.wait(1);
        assert_ne!(desk.picture((80, 24)), before, "something to draw at {change}");
    }
    assert_eq!(next_change(&desk.app), None, "a lunge that waits for the key needs no wake-up");
}
