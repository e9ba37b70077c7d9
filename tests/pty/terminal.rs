//! The terminal is given back on every way out, and keys are what they seem.

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use crate::tty::{APART, Home, Tty};

/// Whether the terminal is as a shell wants it.
pub fn given_back(tty: &Tty, modes: &str) {
    tty.screen(|screen| {
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is there");
        assert!(!screen.bracketed_paste(), "pastes are as before");
    });
    assert_eq!(tty.modes(), modes, "raw mode is left");
    let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
    let count = |sequence: &str| raw.matches(sequence).count();
    assert_eq!(count("\x1b[>7u"), count("\x1b[<1u"), "as many keyboard flags are popped as were pushed");
    assert_eq!(count("\x1b[22;2t"), count("\x1b[23;2t"), "the title is back");
}

/// A program in the middle of a set, and the terminal's modes before it.
pub fn training() -> (Home, Tty, String) {
    let home = Home::new();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    let modes = {
        // A terminal of the same kind that no program has touched yet.
        let mut idle = CommandBuilder::new("/bin/sleep");
        idle.arg("60");
        Tty::run(home.path(), idle, (80, 24)).modes()
    };
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("press Space");
    assert!(tty.screen(|screen| screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste()));
    assert_ne!(tty.modes(), modes);
    (home, tty, modes)
}

#[test]
fn q_asks_first_and_gives_the_terminal_back() {
    let (_home, mut tty, modes) = training();
    tty.keys("q").wait_for("Leave?").keys("1").wait_for("Paused").keys("q").wait_for("Leave?").keys("2");
    assert_eq!(tty.end().exit_code(), 0);
    given_back(&tty, &modes);
}

#[test]
fn esc_never_leaves() {
    let (_home, mut tty, _) = training();
    for _ in 0..5 {
        tty.keys("\x1b").rest(100);
    }
    tty.wait_for("Band in front");
    assert!(tty.child.try_wait().unwrap().is_none());
}

#[test]
fn signals_and_ctrl_c_give_the_terminal_back() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::HUP, 129),
        (Signal::QUIT, 131),
        (Signal::ALARM, 142),
        (Signal::USR1, 138),
        (Signal::USR2, 140),
        (Signal::XCPU, 152),
        (Signal::PROF, 155),
        (Signal::VTALARM, 154),
        #[cfg(target_os = "linux")]
        (Signal::IO, 157),
        #[cfg(target_os = "linux")]
        (Signal::POWER, 158),
        #[cfg(target_os = "linux")]
        (Signal::STKFLT, 144),
    ] {
        let (_home, mut tty, modes) = training();
        tty.signal(signal);
        assert_eq!(tty.end().exit_code(), code);
        given_back(&tty, &modes);
    }
    let (_home, mut tty, modes) = training();
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
    given_back(&tty, &modes);
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_reported() {
    let home = Home::new();
    for (child, code) in [("terminal::panics_on_the_main_thread", 101), ("terminal::panics_on_another_thread", 101)] {
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args([child, "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
        let mut tty = Tty::run(home.path(), command, (80, 24));
        let modes = tty.modes();
        assert_eq!(tty.end().exit_code(), code);
        given_back(&tty, &modes);
        tty.wait_for("a part came loose");
    }
}

#[test]
#[ignore = "runs as the child of another test"]
fn panics_on_the_main_thread() {
    let _terminal = dorsi::terminal::Terminal::take().unwrap();
    panic!("a part came loose");
}

#[test]
#[ignore = "runs as the child of another test"]
fn panics_on_another_thread() {
    let _terminal = dorsi::terminal::Terminal::take().unwrap();
    std::thread::spawn(|| panic!("a part came loose")).join().unwrap_err();
}

#[test]
fn the_screen_is_cleared_before_the_first_picture() {
    // A killed program leaves its alternate screen behind, and a terminal that is on it already clears nothing.
    let home = Home::new();
    let mut tty = home.start(&[], (80, 24));
    tty.wait_for("Space start");
    let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
    let (_, after) = raw.split_once("\x1b[?1049h").expect("the alternate screen is taken");
    let (before_picture, _) = after.split_once("Warm-up").expect("a picture");
    assert!(before_picture.contains("\x1b[2J"), "{before_picture:?}");
}

#[test]
fn nothing_is_asked_of_the_terminal() {
    // A reply that never comes would cost seconds, and one that comes late would be read as keys.
    let (_home, mut tty, _) = training();
    tty.keys("\x0c").resize(100, 30).rest(100).keys("\x1a").wait_for("Paused").keys("\x03");
    tty.end();
    let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
    for query in ["\x1b[6n", "\x1b[c", "\x1b[0c", "\x1b[>c", "\x1b[?u", "\x1b[5n", "\x1b]11;?", "\x1bP+q", "\x1b[18t"] {
        assert!(!raw.contains(query), "{query:?}");
    }
}

#[test]
fn the_window_can_take_any_size_at_any_time() {
    let (_home, mut tty, _) = training();
    tty.resize(39, 11).wait_for("40 × 12");
    // Nobody saw what went on, so nothing did.
    tty.resize(1, 1).rest(50).resize(200, 60).wait_for("Paused").rest(APART).keys(" ");
    tty.wait_for("LEFT ANKLE").wait_for("press Space");
    tty.resize(40, 12).wait_for("LEFT ANKLE");
}

#[test]
fn a_held_key_counts_once() {
    let (_home, mut tty, _) = training();
    // Half a second until the first repeat, then thirty a second, as a keyboard does.
    tty.keys(" ").rest(500);
    for _ in 0..60 {
        tty.keys(" ").rest(33);
    }
    tty.wait_for("press Space").keys("p").wait_for("1 of 2–3 reps done");
}

#[test]
fn a_key_held_while_the_disk_is_slow_counts_once() {
    let home = Home::new();
    let mut command = CommandBuilder::new("/usr/bin/strace");
    command.args(["-f", "-o", "/dev/null", "-e", "inject=fdatasync:delay_enter=900000"]);
    command.args([env!("CARGO_BIN_EXE_dorsi"), "start", "warm-up"]);
    command.args(home.arguments());
    let mut tty = Tty::run(home.path(), command, (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").rest(APART).keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("press Space").rest(APART).keys(" ");
    for _ in 0..90 {
        tty.rest(33).keys(" ");
    }
    tty.rest(1_500).wait_for("press Space").keys("p").wait_for("1 of 2–3 reps done");
}

#[test]
fn key_repeats_and_releases_of_a_modern_terminal_never_count() {
    let (_home, mut tty, _) = training();
    tty.keys("\x1b[32;1:1u").rest(50);
    for _ in 0..20 {
        tty.keys("\x1b[32;1:2u").rest(33);
    }
    tty.keys("\x1b[32;1:3u").wait_for("press Space").keys("p").wait_for("1 of 2–3 reps done");
}

#[test]
fn a_held_key_counts_once_where_only_its_release_is_reported() {
    let (_home, mut tty, _) = training();
    // With event types but without "all keys as escape codes", text keys come as text, repeats too, and only their
    // release as a sequence.
    tty.keys(" ").rest(60).keys("\x1b[32;1:3u").wait_for("Stay there").wait_for("press Space");
    tty.keys(" ").rest(500);
    for _ in 0..60 {
        tty.keys(" ").rest(33);
    }
    tty.keys("\x1b[32;1:3u").wait_for("press Space").keys("p").wait_for("2 of 2–3 reps done");
}

#[test]
fn a_held_digit_answers_one_screen_only() {
    let home = Home::new();
    let mut tty = home.start(&["start"], (80, 24));
    tty.wait_for("Space start").keys("1").rest(500);
    for _ in 0..30 {
        tty.keys("1").rest(33);
    }
    tty.wait_for("Does any of these apply to you?");
}

#[test]
fn a_paste_is_no_key() {
    let (_home, mut tty, _) = training();
    tty.keys("\x1b[200~ q o s e\x03\x1b[201~").rest(300).wait_for("press Space");
    tty.keys("p").wait_for("0 of 2–3 reps done");
}
