//! A log is written where one is asked for, and only there.

use portable_pty::CommandBuilder;

use crate::tty::{APART, Home, Tty};

/// The names of all files below `folder`, without SQLite's and what sound libraries hide there.
fn files(folder: &std::path::Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        match entry.file_type().unwrap().is_dir() {
            _ if name.starts_with('.') => {}
            true => names.extend(files(&entry.path())),
            false if name.contains("sqlite3") || name.ends_with("lock") => {}
            false => names.push(name),
        }
    }
    names.sort();
    names
}

/// A rep, an end, a note, and out.
fn train(tty: &mut Tty) {
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("press Space").rest(APART).keys(" ");
    // Hold and way back take less than that.
    tty.wait_for("Stay there").rest(APART).keys("q").wait_for("Leave?").keys("3");
    tty.wait_for("Summary").rest(APART).keys("n").wait_for("A line for yourself").keys("ankle-of-a-spy\r");
    tty.wait_for("Summary").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn nothing_is_logged_unless_asked_for() {
    let home = Home::new();
    let mut command = CommandBuilder::new("/usr/bin/env");
    command.args(["DORSI_LOG=", env!("CARGO_BIN_EXE_dorsi"), "start", "warm-up"]);
    command.args(home.arguments());
    train(&mut Tty::run(home.path(), command, (80, 24)));
    assert_eq!(files(home.path()), ["dorsi.toml"]);
}

#[test]
fn the_log_tells_a_session_and_neither_notes_nor_the_home_folder() {
    let home = Home::new();
    let path = home.path().join("log").display().to_string();
    train(&mut home.start(&["start", "warm-up", "--log", &path], (80, 24)));
    let log = std::fs::read_to_string(&path).unwrap();
    let told = [
        "INFO dorsi 0.",
        "INFO store: open, shared=false read-only=false",
        "INFO terminal: TERM=xterm-256color",
        "INFO effect: Begin",
        "INFO window: 80x24",
        "INFO key: Go in",
        "INFO event: SetStarted 2.set.left.1 at ",
        "INFO event: RepCompleted 2.set.left.1 at ",
        "INFO event: Ended at ",
        "INFO effect: Note",
        "INFO ends: Left",
    ];
    let mut rest = log.as_str();
    for line in told {
        let Some(at) = rest.find(line) else { panic!("{line:?} is not told, or not in its turn, in:\n{log}") };
        rest = &rest[at..];
    }
    for line in log.lines().filter(|line| line.contains("INFO")) {
        let words: Vec<&str> = line.split(' ').collect();
        assert!(words[0].parse::<u64>().is_ok() && words[1] == "ms", "{line}");
        assert!(words[2].parse::<jiff::Timestamp>().is_ok(), "{line}");
    }
    assert!(!log.contains("spy"), "{log}");
    assert!(!log.contains(&*home.path().to_string_lossy()), "{log}");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "only the owner can read it");
    }
}

#[test]
fn the_environment_names_the_log_too_and_a_wrong_place_is_told() {
    let home = Home::new();
    let run = |log: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dorsi"));
        command.args(["list"]).args(home.arguments()).env("DORSI_LOG", log).output().unwrap()
    };
    let path = home.path().join("here.log");
    assert!(run(&path.display().to_string()).status.success());
    assert!(std::fs::read_to_string(&path).unwrap().contains("INFO dorsi 0."));
    let refused = run("/nowhere/at/all.log");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("/nowhere/at/all.log can't be written"));
    // Nobody reads from this pipe.
    let pipe = home.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert_eq!(run(&pipe.display().to_string()).status.code(), Some(1));
}

#[test]
fn a_terminal_is_no_file_for_a_log() {
    let home = Home::new();
    let mut tty = home.start(&["--log", "/dev/tty"], (80, 24));
    tty.wait_for("it is a terminal; a log there would stand");
    assert_eq!(tty.end().exit_code(), 1);
}
