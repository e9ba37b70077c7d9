//! What is seen from three metres.

use super::*;

#[test]
fn distance_view() {
    let mut desk = Desk::to_lunge();
    desk.press("d").look("distance-forward");
    desk.press("space").wait(700);
    desk.look("distance-hold");
    desk.press("e").look("distance-change-over");
    desk.press("space").wait(3_000);
    desk.press("p down").look("distance-paused");
    desk.press("up space").wait(3_000);
    desk.press("d");
    assert!(desk.picture((80, 24)).contains("keys"), "the key that shows it takes it away");
}

#[test]
fn from_afar_it_is_seen_that_a_set_may_end_and_what_is_amiss_hides_nothing() {
    let mut desk = Desk::to_lunge();
    desk.press("d");
    for reps in 1..=10 {
        assert!(!desk.picture((80, 24)).contains("enough"), "{reps}");
        desk.wait(2_000).press("space").wait(4_000);
    }
    desk.look("distance-enough");
    assert!(desk.picture((40, 12)).contains("enough; 15 at most"), "{}", desk.picture((40, 12)));
    desk.app.sound = Sound::Missing;
    desk.press("e");
    let shown = desk.picture((40, 12));
    assert!(shown.contains("Move the band to the left ankle") && shown.contains("no sound"), "{shown}");
}

#[test]
fn from_afar_a_pause_says_what_to_do_and_where_that_is_too_long_when_to_stop() {
    let long = "Move the band to the other ankle, and turn round so that the left foot is in front";
    for (tell, told) in [("Other ankle", "Other ankle"), (long, "Stop if it hurts.")] {
        let text = format!("[exercise.front-band]\nchange-over-tell = \"{tell}\"\n");
        let mut desk = Desk::of(mine(&text), Past::default());
        desk.press("space 1 2 space space 3 space 2 1 2 1 space s space").wait(5_000);
        desk.press("d space").wait(700).press("e");
        assert!(desk.picture((40, 12)).contains(told), "{}", desk.picture((40, 12)));
    }
}

/// The most rows one under the other that have ink of big digits in the left third of the screen.
fn tallest(picture: &str) -> usize {
    let has_ink = |line: &str| {
        let third = line.chars().count() / 3;
        line.chars().take(third).any(|c| ('▀'..='▟').contains(&c))
    };
    let mut rows = picture.lines().map(has_ink).collect::<Vec<_>>();
    rows.push(false);
    rows.split(|ink| !ink).map(<[bool]>::len).max().unwrap_or(0)
}

#[test]
fn from_afar_the_rep_is_at_least_eight_rows_tall_at_80_by_24_and_twenty_four_at_200_by_50() {
    let mut desk = Desk::to_lunge();
    for _ in 0..12 {
        desk.wait(2_000).press("space").wait(4_000);
    }
    let near = tallest(&desk.picture((80, 24)));
    desk.press("d");
    let far = tallest(&desk.picture((80, 24)));
    assert!(near >= 7 && far >= 8 && far > near, "{near} rows, from afar {far}\n{}", desk.picture((80, 24)));
    let wide = desk.picture((200, 50));
    assert!(tallest(&wide) >= 24, "{}\n{wide}", tallest(&wide));
    assert!(tallest(&desk.picture((40, 12))) >= 4, "{}", desk.picture((40, 12)));
}
