//! Whole sessions, as a person trains them: at the keyboard, from the first screen to the summary.

use crate::tty::{APART, Home, Tty};

/// From the home screen through the questions to the plan, with both ankles short of the wall.
fn answer_everything(tty: &mut Tty) {
    tty.wait_for("Space start").keys(" ");
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("How much does the worse ankle hurt").keys("2\r");
    tty.wait_for("Wall test · Left ankle").wait_for("Toes straight ahead").keys(" ");
    tty.wait_for("How close does the knee get").keys("2");
    tty.wait_for("Wall test · Right ankle").rest(APART).keys(" ");
    tty.wait_for("How close does the knee get").keys("44.5\r");
    tty.wait_for("Squat check").keys("2");
    tty.wait_for("What stops the knee? · Left ankle").rest(APART).keys("2");
    tty.wait_for("What stops the knee? · Right ankle").keys("1");
    tty.wait_for("Today's plan").wait_for("The right ankle goes first.");
    tty.wait_for("4.5 cm short").wait_for("roll the calf");
}

/// Counts `reps` reps by key, and waits for each to be on the screen.
fn lunge(tty: &mut Tty, reps: u16) {
    for _ in 0..reps {
        tty.wait_for("press Space").rest(APART).keys(" ").wait_for("Stay there");
        tty.wait_until("the hold to be over", |screen| !screen.contains("Stay there"));
    }
}

#[test]
fn the_bar_says_what_the_key_does_from_the_first_picture_of_a_list_on() {
    let home = Home::new();
    std::fs::write(home.path().join("dorsi.toml"), "[settings]\nsound-check = false\n").expect("a config");
    let mut tty = home.start(&["start"], (80, 24));
    tty.wait_for("Space start").keys(" ");
    tty.wait_for("Does any of these apply to you?").wait_for("Space take it").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn a_whole_session_counted_by_key_and_then_paced_from_the_first_screen_to_the_summary() {
    let home = Home::new();
    let mut tty = home.start(&["start"], (80, 24));
    answer_everything(&mut tty);
    tty.rest(APART).keys("\r");

    tty.wait_for("Calf rolling · Right ankle").rest(APART).keys(" ");
    tty.wait_for("Band in front · Right ankle").wait_for("Face away from it").rest(APART).keys(" ");
    tty.wait_for("RIGHT ANKLE");
    lunge(&mut tty, 3);
    tty.wait_for("Move the band to the left ankle").wait_for("LEFT ANKLE");
    lunge(&mut tty, 2);
    tty.wait_for("enough; 3 at most").wait_for("press Space").keys("e");

    tty.wait_for("Band behind · Right ankle").wait_for("Face it").rest(APART).keys(" ");
    lunge(&mut tty, 2);
    tty.wait_for("Move the band to the left ankle");
    lunge(&mut tty, 2);
    tty.wait_for("round 2 of 2").wait_for("RIGHT ANKLE");
    lunge(&mut tty, 1);
    tty.wait_for("press Space").keys("s");
    tty.wait_for("LEFT ANKLE · round 2 of 2");
    lunge(&mut tty, 2);

    tty.wait_for("Wall test · Left ankle").rest(APART).keys(" ");
    tty.wait_for("How close does the knee get").keys("1");
    tty.wait_for("Wall test · Right ankle").rest(APART).keys(" ");
    tty.wait_for("How close does the knee get").keys("2.5\r");
    tty.wait_for("How much does the worse ankle hurt").keys("0\r");

    tty.wait_for("Summary");
    tty.wait_for("4.5 cm short → 2.5 cm short · +2 cm: more range");
    tty.wait_for("2 → 0: less than before");
    let mut seen = tty.text();
    seen.push_str(&summary(&mut tty));
    for line in [
        "round 1: 3 of 2–3 reps · full",
        "round 1: 2 of 2–3 reps · enough",
        "round 1: 2 of 2 reps · full",
        "round 2: 1 of 2 reps · cut short",
        "goblet squat",
        "a program can't tell",
        "heel lifts",
    ] {
        assert!(seen.contains(line), "{line:?} is missing in:\n{seen}");
    }
    tty.rest(APART).keys(" ");
    tty.wait_for("Ankle session").keys("h").wait_for("This week: 1 of 3 days").keys("\x1b[D");
    tty.wait_for("Ankle session · 12 reps · finished").rest(APART).keys("\r");
    tty.wait_for("Pain").wait_for("2 → 0: less than before").keys("q");
    tty.wait_for("Sessions so far").rest(APART).keys("q");
    tty.wait_for("Space start").rest(APART).keys("q");
    assert_eq!(tty.end().exit_code(), 0);

    // The same once more, hands off, and without the whole safety screen.
    let mut tty = home.start(&["start", "ankle"], (80, 24));
    tty.wait_for("Is there anything new").keys("1");
    tty.wait_for("How much does the worse ankle hurt").keys("\r");
    tty.wait_for("Wall test · Left ankle").rest(APART).keys("\r");
    tty.wait_for("How close does the knee get").keys("3");
    tty.wait_for("Wall test · Right ankle").rest(APART).keys("\r");
    tty.wait_for("How close does the knee get").keys("3");
    tty.wait_for("Squat check").keys("1");
    tty.wait_for("What stops the knee? · Left ankle").keys("2");
    tty.wait_for("What stops the knee? · Right ankle").keys("4");
    tty.wait_for("Today's plan");
    while !tty.text().contains("▸ Counting") {
        tty.keys("\x1b[B").rest(50);
    }
    tty.keys("\x1b[C").wait_for("the program leads").rest(APART).keys("\r");
    // Where nothing tells what stops the knee, both are done.
    tty.wait_for("Calf rolling · Right ankle").rest(APART).keys("\r");
    tty.wait_for("Band in front · Left ankle").rest(APART).keys("\r");
    tty.wait_for("LEFT ANKLE").wait_for("RIGHT ANKLE");
    tty.wait_for("Band behind · Left ankle").rest(APART).keys("\r");
    tty.wait_for("LEFT ANKLE · round 2 of 2").wait_for("RIGHT ANKLE · round 2 of 2");
    tty.wait_for("Wall test · Left ankle").rest(APART).keys("\r");
    tty.wait_for("How close does the knee get").keys("3");
    tty.wait_for("Wall test · Right ankle").rest(APART).keys("\r");
    tty.wait_for("How close does the knee get").keys("3");
    tty.wait_for("How much does the worse ankle hurt").keys("\r");
    tty.wait_for("Summary").wait_for("same by eye; measure");
    let seen = summary(&mut tty);
    let full = |line: &str| seen.lines().any(|shown| shown.contains(line));
    for line in ["round 1: 3 of 2–3 reps · full", "round 1: 2 of 2 reps · full", "round 2: 2 of 2 reps · full"] {
        assert!(full(line), "{line:?} is missing in:\n{seen}");
    }
    assert!(!seen.contains("skipped") && !seen.contains("enough"), "{seen}");
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

/// All of a summary, from where it is scrolled to, as the pictures on the way to its end.
fn summary(tty: &mut Tty) -> String {
    (0..30).map(|_| tty.keys("\x1b[B").rest(20).text()).collect()
}

#[test]
fn one_remote_with_two_buttons_is_enough_for_a_warm_up() {
    let home = Home::new();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    let forward = "\x1b[6~";
    tty.wait_for("Does any of these apply to you?").rest(APART).keys(forward);
    tty.wait_for("Today's plan").rest(APART).keys(forward);
    tty.wait_for("Band in front").wait_for("Face away from it").rest(APART).keys(forward);
    for _ in 0..3 {
        tty.wait_for("press PageDown").rest(APART).keys(forward).wait_for("Stay there");
        tty.wait_until("the hold to be over", |screen| !screen.contains("Stay there"));
    }
    tty.wait_for("LEFT ANKLE").wait_for("press PageDown");
    tty.rest(APART).keys("\x1b[5~").wait_for("Band in front");
}

#[test]
fn a_session_is_noted_on_put_right_and_removed() {
    let home = Home::new();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r");
    lunge(&mut tty, 1);
    tty.wait_for("of 2–3 reps").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);

    // Not continued, but kept: explicitly, and as what it is.
    let mut tty = home.start(&["start", "goblet-squat"], (80, 24));
    tty.wait_for("Keep what was done")
        .wait_for("3  Goblet squat")
        .keys("2")
        .wait_for("ended early")
        .wait_for("1 of 2–3 reps");
    tty.keys("n").wait_for("A line for yourself").keys("Slept badly: Q").wait_for("Slept badly: Q").keys("\r");
    tty.wait_for("Note  Slept badly: Q").keys("c").wait_for("1 rep ").keys("\x1b[C").wait_for("2 reps ▸ *").rest(APART);
    tty.keys("\r").wait_for("2 of 2–3 reps · enough").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);

    let mut tty = home.start(&[], (80, 24));
    tty.wait_for("1 session").keys("h").wait_for("No wall test yet").keys("\x1b[D");
    tty.wait_for("Warm-up · 2 reps · ended early · Slept badly: Q").keys("\r").wait_for("2 of 2–3 reps · enough");
    tty.keys("r").wait_for("Remove?").keys("2").wait_for("No sessions yet").rest(APART).keys("q");
    tty.wait_for("Space start").rest(APART).keys("q");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn a_session_that_was_left_goes_on_where_it_was() {
    let home = Home::new();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r");
    lunge(&mut tty, 1);
    tty.wait_for("of 2–3 reps").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);

    // Whoever asks for another one by name is offered this one all the same.
    let mut tty = home.start(&["start", "ankle"], (80, 24));
    tty.wait_for("Continue where you stopped").wait_for("Band in front, left, round 1, rep 2 of 2–3").keys(" ");
    tty.wait_for("Paused").wait_for("1 of 2–3 reps done").rest(APART).keys(" ");
    lunge(&mut tty, 2);
    tty.wait_for("Move the band to the right ankle");
}
