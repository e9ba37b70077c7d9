//! The machine sleeps, the wall clock is set, the zone changes: a session goes on, or pauses and says so.

use rustix::process::Signal;

use crate::tty::{APART, Home, Tty};

/// A home whose sessions are led by the program, in phases of two seconds.
fn paced() -> Home {
    let home = Home::new();
    let config = "
[settings]
pacing = \"paced\"
sound-check = false
lead-in = 0.3
[exercise.front-band]
reps = [2, 9]
get-ready = 0.3
[exercise.front-band.phase.forward]
seconds = 2
[exercise.front-band.phase.hold]
seconds = 2
[exercise.front-band.phase.back]
seconds = 2
";
    std::fs::write(home.path().join("dorsi.toml"), config).expect("a config");
    home
}

fn to_first_set(tty: &mut Tty) {
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").rest(APART).keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("LEFT ANKLE").wait_for("Stay there");
}

#[test]
fn a_sleep_in_the_middle_of_a_set_pauses_it_without_a_burst_of_sounds() {
    let home = paced();
    let log = home.path().join("log");
    let mut tty = home.start(&["start", "warm-up", "--log", &log.display().to_string()], (80, 24));
    let cues = || std::fs::read_to_string(&log).expect("the log").matches(" cue: ").count();
    to_first_set(&mut tty);
    tty.rest(300);
    let before = cues();
    // Longer than a whole rep, and three sounds of its phases.
    tty.signal(Signal::STOP);
    tty.rest(7_500).signal(Signal::CONT);
    tty.wait_for("Paused").wait_for("The computer slept").wait_for("0 of 2–9 reps done").rest(300);
    assert!(cues() <= before + 1, "{} sounds after {before}: one may tell of the pause", cues());
    tty.keys(" ").wait_for("LEFT ANKLE").wait_for("Stay there");
}

#[test]
fn a_wait_ends_when_the_machine_wakes_however_much_of_it_was_left() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let home = paced();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    to_first_set(&mut tty);
    // The kernel tells of a timer its clock (7 is CLOCK_BOOTTIME, which goes on while the machine sleeps) and what is left
    // of it, which is nothing only between two waits.
    let pid = tty.pid();
    let timer = || {
        let files = std::fs::read_dir(format!("/proc/{pid}/fdinfo")).expect("its files");
        let mut told = files.flatten().filter_map(|file| std::fs::read_to_string(file.path()).ok());
        told.find(|told| told.contains("clockid:")).expect("a timer")
    };
    assert!(timer().contains("clockid: 7"), "{}", timer());
    let is_set = || !timer().contains("it_value: (0, 0)");
    let mut waits = 0;
    while !is_set() {
        waits += 1;
        assert!(waits < 500, "{}", timer());
        tty.rest(10);
    }
}

/// The library that has a program take its wall clock from a file, where it is installed.
fn library() -> Option<String> {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|folder| folder.path());
    let found = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|library| library.exists());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "scripts/deps --test installs faketime");
    if found.is_none() {
        eprintln!("not tried: there is no faketime here");
    }
    found.map(|library| library.display().to_string())
}

/// dorsi in this zone, with its wall clock in the file `clock`.
fn faked(home: &Home, library: &str, zone: &str, arguments: &[&str]) -> Tty {
    let clock = home.path().join("clock").display().to_string();
    let environment = [
        ("LD_PRELOAD", library),
        ("FAKETIME_TIMESTAMP_FILE", &clock),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("TZ", zone),
    ];
    home.start_with(&environment, arguments, (80, 24))
}

/// Begins a first session in this zone, and leaves it at the plan.
fn leave_at_the_plan(home: &Home, library: &str, zone: &str) {
    let mut tty = faked(home, library, zone, &["start", "warm-up"]);
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("\x03");
    tty.end();
}

/// Sets the wall clock, which goes on from there.
fn set(home: &Home, time: &str) {
    std::fs::write(home.path().join("clock"), format!("@{time}\n")).expect("a clock");
}

#[test]
fn the_wall_clock_can_be_set_while_a_session_is_under_way() {
    let Some(library) = library() else { return };
    let home = Home::new();
    set(&home, "2026-11-24 12:00:00");
    let mut tty = faked(&home, &library, "UTC", &["start", "warm-up"]);
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").rest(APART).keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("press Space").rest(APART).keys(" ");
    // Two hours back, thirty years forward, before 1970: no countdown takes note.
    for (time, text) in [("2026-11-24 10:00:00", "Stay there"), ("2056-01-01 00:00:00", "press Space")] {
        set(&home, time);
        tty.wait_for(text);
    }
    tty.rest(APART).keys(" ").wait_for("Stay there");
    set(&home, "1969-07-20 20:17:00");
    let counted = |screen: &str| screen.contains("of 2–3 reps done") && !screen.contains(" 0 of 2–3");
    tty.wait_for("press Space").keys("p").wait_until("what was counted", counted);
    set(&home, "2026-11-24 10:30:00");
    tty.keys("q")
        .wait_for("Leave?")
        .rest(APART)
        .keys("3")
        .wait_for("Summary")
        .rest(APART)
        .keys("q")
        .wait_for("1 session");
    tty.keys("h").wait_for("This week: 1 of 3 days").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn at_midnight_the_day_and_the_week_are_those_that_begin() {
    let Some(library) = library() else { return };
    let home = paced();
    set(&home, "2026-11-22 23:30:00");
    let mut tty = faked(&home, &library, "UTC", &["start", "warm-up"]);
    to_first_set(&mut tty);
    tty.rest(5_000).keys("p").wait_for(" 1 of 2–9 reps done").keys("q").wait_for("Leave?").rest(APART).keys("3");
    tty.wait_for("Summary").keys("\x03");
    tty.end();
    // A Sunday.
    set(&home, "2026-11-22 23:59:54");
    let mut tty = faked(&home, &library, "UTC", &[]);
    tty.keys("h").wait_for("This week: 1 of 3 days").wait_for("This week: 0 of 3 days").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
    // With a session opened it makes no difference, until another page follows.
    set(&home, "2026-11-22 23:59:54");
    let mut tty = faked(&home, &library, "UTC", &[]);
    tty.wait_for("This week: 1 of 3 days").keys("h").wait_for("Space next page").keys("\x1b[D").wait_for("Space open");
    tty.rest(APART).keys("\r").wait_for("Space to the list").rest(7_000).keys("\x7f").wait_for("Space open");
    tty.rest(APART).keys("\x7f").wait_for("This week: 0 of 3 days").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn a_session_before_the_clock_was_set_back_does_not_keep_the_next_from_being_continued() {
    let Some(library) = library() else { return };
    let home = Home::new();
    set(&home, "2026-11-24 12:00:00");
    let mut tty = faked(&home, &library, "UTC", &["start", "warm-up"]);
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("q").wait_for("Leave?");
    tty.keys("3").wait_for("Summary").keys("\x03");
    tty.end();
    set(&home, "2026-11-24 10:00:00");
    let mut tty = faked(&home, &library, "UTC", &["start", "warm-up"]);
    tty.wait_for("Is there anything new").keys("1").wait_for("Today's plan").keys("\x03");
    tty.end();
    set(&home, "2026-11-24 10:20:00");
    faked(&home, &library, "UTC", &[]).wait_for("Continue where you stopped");
}

#[test]
fn a_change_of_zone_between_leaving_and_going_on_changes_nothing_of_a_session() {
    let Some(library) = library() else { return };
    let home = Home::new();
    // Left at 23:50 in Berlin, before the night in which summer time ends; gone on with in Honolulu, where it is noon.
    set(&home, "2026-10-24 23:50:00");
    leave_at_the_plan(&home, &library, "Europe/Berlin");
    set(&home, "2026-10-24 12:10:00");
    let mut tty = faked(&home, &library, "Pacific/Honolulu", &[]);
    tty.wait_for("Continue where you stopped")
        .keys(" ")
        .wait_for("Today's plan")
        .keys("q")
        .wait_for("Leave?")
        .keys("3");
    tty.wait_for("Summary").keys("\x03");
    tty.end();
    let told = std::process::Command::new(env!("CARGO_BIN_EXE_dorsi"))
        .args(["history", "--json"])
        .args(home.arguments())
        .env("TZ", "Asia/Kathmandu")
        .output()
        .expect("the history");
    let told = String::from_utf8(told.stdout).expect("text");
    assert!(told.contains("2026-10-24T23:50"), "{told}");
}

#[test]
fn a_session_can_be_gone_on_with_for_half_a_day_wherever_the_person_has_flown() {
    let Some(library) = library() else { return };
    let home = Home::new();
    set(&home, "2026-11-24 20:00:00");
    leave_at_the_plan(&home, &library, "Europe/Berlin");
    // Ten hours later, where the clock shows twenty-two more; and thirteen hours later, where it shows four.
    set(&home, "2026-11-25 18:00:00");
    let mut tty = faked(&home, &library, "Pacific/Auckland", &[]);
    tty.wait_for("Continue where you stopped").keys("\x03");
    tty.end();
    set(&home, "2026-11-25 00:00:00");
    let mut tty = faked(&home, &library, "America/Los_Angeles", &[]);
    tty.wait_for("Keep what was done");
    assert!(!tty.text().contains("Continue where"), "{}", tty.text());
    tty.keys("\x03");
    tty.end();
}
