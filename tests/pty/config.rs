//! A wrong configuration never starts a half-right session.

use std::process::Command;

use crate::tty::{Home, Tty};

fn write(home: &Home, text: &str) {
    std::fs::write(home.path().join("dorsi.toml"), text).expect("a config");
}

#[test]
fn a_wrong_file_is_refused_before_the_screen_opens_with_every_problem_and_its_place() {
    let home = Home::new();
    write(&home, "[exercise.front-band]\nrep = [8, 12]\nrounds = 99\n[settings]\npacing = \"pased\"\n");
    let mut tty = home.start(&["start"], (100, 60));
    assert_eq!(tty.end().exit_code(), 2);
    let text = tty.text();
    for part in [
        "dorsi.toml:2:1",
        "unknown key `rep`",
        "did you mean `reps`?",
        "dorsi.toml:3:10",
        "from 1 to 10",
        "dorsi.toml:5:10",
        "did you mean `paced`?",
        "3 problems; nothing was started",
    ] {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
    assert!(!String::from_utf8_lossy(&tty.raw()).contains("\x1b[?1049h"), "the screen was never taken");
}

#[test]
fn a_file_with_nothing_but_reps_is_a_whole_configuration() {
    let home = Home::new();
    write(&home, "[exercise.front-band]\nreps = [8, 12]\n");
    let mut tty: Tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply").keys("1").wait_for("Band in front      2 rounds of 8–12 reps");
    tty.wait_for("Band behind        2 rounds of 10–15 reps");
}

#[test]
fn without_a_terminal_it_says_so_and_ends() {
    let home = Home::new();
    let run =
        |command: &mut Command| command.args(home.arguments()).env("HOME", home.path()).output().expect("it runs");
    let piped = run(Command::new(env!("CARGO_BIN_EXE_dorsi")).stdin(std::process::Stdio::null()));
    assert_eq!(piped.status.code(), Some(2));
    let told = String::from_utf8_lossy(&piped.stderr).into_owned();
    assert!(told.contains("needs a terminal"), "{told}");
    assert!(piped.stdout.is_empty());
}

#[test]
fn a_file_that_is_not_there_a_wrong_protocol_and_a_wrong_flag_end_with_code_2() {
    for arguments in [&["--config", "/nowhere.toml"][..], &["start", "yoga"], &["--sped"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_dorsi")).args(arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(!output.stderr.is_empty());
    }
}
