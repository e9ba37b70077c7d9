//! Screens in German, whose words are longer than the English ones, in the two sizes that are tight.

use super::lookback::{desk_of, weeks};
use super::*;
use crate::config::Files;

const TIGHT: [(u16, u16); 2] = [(80, 24), (40, 12)];

pub(super) fn german() -> Config {
    let files = Files { locale: Some("de_DE.UTF-8".to_owned()), ..Files::default() };
    Config::load(files).unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn desk() -> Desk {
    Desk::of(german(), Past::default())
}

fn look(desk: &Desk, name: &str) {
    for size in TIGHT {
        insta::assert_snapshot!(format!("de-{name}@{}x{}", size.0, size.1), desk.picture(size));
    }
}

#[test]
fn a_session_from_home_into_its_first_exercise() {
    let mut desk = desk();
    look(&desk, "home");
    desk.press("space");
    look(&desk, "safety");
    desk.press("1 2 space");
    look(&desk, "wall-set-up");
    desk.press("space");
    look(&desk, "wall");
    desk.press("2 space 3 2 2");
    look(&desk, "feel");
    desk.press("3");
    look(&desk, "plan");
    desk.press("space s");
    look(&desk, "set-up");
    desk.press("space").wait(2_500);
    look(&desk, "get-ready");
    desk.wait(2_500);
    look(&desk, "forward");
    desk.press("space").wait(700);
    look(&desk, "hold");
    desk.wait(1_300).wait(1_000);
    look(&desk, "back");
    desk.press("p");
    look(&desk, "paused");
    desk.press("space").wait(3_000).press("o");
    look(&desk, "hurt");
}

#[test]
fn the_summary_of_a_session() {
    let mut desk = desk();
    desk.press("space 1 2 space").press("space 2 space 3").press("2 2 3").press("space s space").wait(5_000);
    for _ in 0..15 {
        desk.wait(2_000).press("space").wait(4_000);
    }
    look(&desk, "change-over");
    desk.press("space").wait(5_000);
    for _ in 0..11 {
        desk.wait(2_000).press("space").wait(4_000);
    }
    desk.press("e space").wait(5_000).press("s space s space").wait(5_000).press("e space s space s space s");
    desk.press("space 5 8 . 5 space space 4 3 . 2 space 1 space");
    assert!(matches!(&desk.app.screen, Screen::Session(sitting) if sitting.ending().is_some()));
    look(&desk, "summary");
    desk.press("?");
    look(&desk, "help");
}

#[test]
fn weeks_of_sessions() {
    let mut desk = desk_of(desk(), weeks());
    look(&desk, "home-again");
    desk.press("h");
    look(&desk, "progress");
    desk.press("right");
    look(&desk, "days");
    desk.press("right");
    look(&desk, "sessions");
}
