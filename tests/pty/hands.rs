//! Hands off: one button for a whole session, keys that are learnt, a voice that speaks.

use crate::tty::{APART, FAST, Home, PATIENCE, Tty};

/// A home with more in its configuration than a fast tempo.
fn home_with(more: &str) -> Home {
    let home = Home::new();
    std::fs::write(home.path().join("dorsi.toml"), format!("{FAST}{more}")).expect("a config");
    home
}

fn once(tty: &mut Tty) -> &mut Tty {
    tty.rest(APART).keys(" ")
}

fn twice(tty: &mut Tty) -> &mut Tty {
    once(tty).rest(200).keys(" ")
}

#[test]
fn one_button_is_enough_for_a_whole_session() {
    let home = Home::new();
    std::fs::write(home.path().join("dorsi.toml"), FAST.replace("[settings]", "[settings]\none-button = true"))
        .expect("a config");
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").wait_for("2×Space take it");
    once(&mut tty).wait_for("▸ 2  ");
    // Round all lines to the first again.
    while !tty.text().contains("▸ 1  ") {
        once(&mut tty).rest(50);
    }
    twice(&mut tty).wait_for("Today's plan");
    once(&mut tty).wait_for("Face away from it");
    once(&mut tty).wait_for("press Space").wait_for("2×Space pause");
    once(&mut tty).wait_for("Stay there").wait_for("press Space");
    once(&mut tty).wait_for("Stay there").wait_for("press Space");
    twice(&mut tty).wait_for("Paused").wait_for("2 of 2–3 reps done");
    once(&mut tty).wait_for("▸ 2  It hurts, or pinches");
    once(&mut tty).wait_for("▸ 3  Take the last rep back");
    twice(&mut tty).wait_for("1 of 2–3 reps done");
    while !tty.text().contains("▸ 1  ") {
        once(&mut tty).rest(50);
    }
    twice(&mut tty).wait_for("press Space");
    let end = std::time::Instant::now() + 4 * PATIENCE;
    while !tty.text().contains("Summary") {
        assert!(std::time::Instant::now() < end, "{}", tty.text());
        let text = tty.text();
        match text.contains("press Space") || text.contains("when you are ready") {
            true => once(&mut tty).rest(300),
            false => tty.rest(50),
        };
    }
}

#[test]
fn one_button_is_enough_to_leave() {
    let home = home_with("");
    let config = FAST.replace("[settings]", "[settings]\none-button = true");
    std::fs::write(home.path().join("dorsi.toml"), config).expect("a config");
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?");
    while !tty.text().contains("▸ 1  ") {
        once(&mut tty).rest(50);
    }
    twice(&mut tty).wait_for("Today's plan");
    tty.rest(APART).keys("q").wait_for("Leave");
    while !tty.text().lines().any(|line| line.contains('▸') && line.contains("continue later")) {
        once(&mut tty).rest(50);
    }
    twice(&mut tty);
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn a_voice_says_what_is_next_and_counts() {
    let home =
        home_with("[voice]\non = true\ncommand = [\"/bin/sh\", \"-c\", 'echo \"$1\" >> said', \"sh\", \"{text}\"]\n");
    // Enough time for every word, also on a busy machine: what is newer cuts off what is being said.
    let file = home.path().join("dorsi.toml");
    let text = std::fs::read_to_string(&file).expect("the config").replace("change-over = 0.4", "change-over = 3");
    std::fs::write(&file, text).expect("a config");
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r");
    for _ in 0..3 {
        tty.wait_for("press Space").rest(APART).keys(" ").wait_for("Stay there");
        tty.wait_until("the hold to be over", |screen| !screen.contains("Stay there"));
    }
    tty.wait_for("RIGHT ANKLE").wait_for("press Space").rest(200).keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
    let said = std::fs::read_to_string(home.path().join("said")).expect("what was said");
    let said: Vec<&str> = said.lines().collect();
    let expected = [
        "Left ankle. Band in front, 2 to 3 reps.",
        "1",
        "2",
        "3",
        "Change sides. Right ankle next.",
        "Right ankle. Band in front, 2 to 3 reps.",
    ];
    assert_eq!(said[..6], expected);
}

#[test]
fn a_voice_that_hangs_holds_nobody_up_and_ends_with_the_program() {
    // A number that no other program would sleep for.
    let seconds = format!("61.{}", std::process::id());
    let home = home_with(&format!("[voice]\non = true\ncommand = [\"/bin/sleep\", \"{seconds}\"]\n"));
    let speaks = || {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        processes
            .filter_map(|process| std::fs::read_to_string(process.path().join("cmdline")).ok())
            .filter(|line| line.contains("sleep") && line.contains(&seconds))
            .count()
    };
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("press Space");
    for _ in 0..2 {
        tty.wait_for("press Space").rest(APART).keys(" ").wait_for("Stay there");
        tty.wait_until("the hold to be over", |screen| !screen.contains("Stay there"));
        if cfg!(target_os = "linux") {
            assert!(speaks() <= 1, "it never speaks twice at a time");
        }
    }
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
    assert_eq!(speaks(), 0, "nothing is left behind");
}

#[test]
fn a_voice_that_is_not_there_is_told_in_a_word() {
    let home = home_with("[voice]\non = true\ncommand = [\"no-such-program\"]\n");
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("no voice").wait_for("press Space");
    tty.rest(APART).keys(" ").wait_for("Stay there");
}

#[test]
fn keys_are_learnt_into_the_persons_file_and_nothing_else_in_it_changes() {
    let home = home_with("# mine\n");
    let file = home.path().join("dorsi.toml");
    let before = std::fs::read_to_string(&file).expect("the config");
    let mut tty = home.start(&["keys", "learn"], (80, 24));
    let f9 = "\x1b[20~";
    tty.wait_for("go on (now: space, enter, pagedown)").rest(50).keys(f9).wait_for("    f9");
    tty.wait_for("next line, or back (now").rest(50).keys(f9).wait_for("f9 already does: go on").rest(50).keys("\t");
    for label in ["pause (now", "back (now: backspace", "end set (now", "it hurts (now"] {
        tty.wait_for(label).rest(50).keys("\t");
    }
    tty.wait_for("Written to");
    assert_eq!(tty.end().exit_code(), 0);
    let after = std::fs::read_to_string(&file).expect("the config");
    let learnt = "\n[keys]\ngo = [\"space\", \"enter\", \"pagedown\", \"f9\"]\n";
    assert_eq!(after.replace(learnt, ""), before, "{after}");

    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys(f9).wait_for("Today's plan");

    let mut tty = home.start(&["keys", "learn"], (80, 24));
    tty.wait_for("go on (now").rest(50).keys("\x1b[21~").wait_for("or back (now").rest(50).keys("\x03");
    tty.wait_for("Nothing was changed");
    assert_eq!(tty.end().exit_code(), 0);
    assert_eq!(std::fs::read_to_string(&file).expect("the config"), after);
}

#[test]
fn the_doctor_tells_what_is_there_and_what_is_missing() {
    let home = home_with("[voice]\non = true\ncommand = [\"no-such-program\"]\n");
    std::fs::create_dir(home.path().join("protocols")).expect("a folder");
    std::fs::write(home.path().join("protocols/mine.txt"), "").expect("a file");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_dorsi"))
        .arg("doctor")
        .args(home.arguments())
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", "/usr/bin:/bin")
        .output()
        .expect("the doctor");
    let [told, wrong] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    for line in [
        "output or input is a file or a pipe",
        "dorsi.toml, and nothing is wrong with it",
        "some files are not read for their names",
        "sessions   none yet",
        "voice      ! on, but there is no program no-such-program",
    ] {
        assert!(told.contains(line), "{line:?} is missing in:\n{told}");
    }
    assert_eq!((output.status.code(), wrong.as_str()), (Some(1), ""), "{told}");
}

#[test]
fn over_ssh_no_device_is_asked_the_screen_flashes_and_the_bell_rings_where_it_is_wanted() {
    let home = Home::new();
    let settings = FAST.replace("[settings]", "[settings]\nbell = \"without-sound\"");
    std::fs::write(home.path().join("dorsi.toml"), settings).expect("a config");
    let mut tty = home.start_with(&[("SSH_TTY", "/dev/pts/9")], &["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").wait_for("no sound over SSH").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    let bells = |tty: &Tty| {
        let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
        // The title of the window ends with a bell too.
        raw.matches('\x07').count() - raw.matches("\x1b]").count()
    };
    tty.wait_for("Face away from it");
    assert_eq!(bells(&tty), 0);
    let lit = |screen: &vt100::Screen, row| screen.cell(row, 79).is_some_and(vt100::Cell::inverse);
    // The upper edge alone: a whole screen takes thousands of bytes, there and back.
    let inverse = |screen: &vt100::Screen| lit(screen, 0) && !lit(screen, 23);
    tty.rest(APART).keys("\r").wait_until_screen("a flash", inverse);
    tty.wait_until_screen("the end of the flash", |screen| !inverse(screen)).wait_for("press Space");
    assert_eq!(bells(&tty), 1, "once for the go");
}

#[test]
fn a_key_that_comes_at_once_with_the_one_before_does_not_pass_what_was_not_on_the_screen_yet() {
    let home = Home::new();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?")
        .keys("1")
        .wait_for("Today's plan")
        .keys("q")
        .wait_for("Leave?")
        .keys("3");
    tty.wait_for("Summary").keys("\x03");
    tty.end();
    let mut tty = home.start(&["start", "warm-up"], (40, 12));
    tty.wait_for("Is there anything new").keys("1").wait_for("Today's plan").rest(APART).keys("\r ");
    // The set-up goes on below, so that the second key reads on.
    tty.wait_for("Band in front").rest(500);
    assert!(tty.text().contains("Check: the band"), "the set-up was passed:\n{}", tty.text());
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}
