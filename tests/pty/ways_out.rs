//! Ways out that a shell, a window or a line takes part in.

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};

use crate::terminal::{given_back, training};
use crate::tty::{APART, Home, PATIENCE, Tty};

/// A shell with jobs, as people have it, and the terminal's modes while it waits for a command.
fn shell(home: &Home) -> (Tty, String) {
    let mut shell = CommandBuilder::new("/bin/bash");
    shell.args(["--norc", "--noprofile", "--noediting", "-i"]);
    let mut tty = Tty::run(home.path(), shell, (80, 24));
    // In two parts, so that the command itself is not taken for its answer.
    tty.wait_for("bash").keys("PS1='gy''m> '; set -b\n").wait_for("gym>");
    let modes = tty.modes();
    (tty, modes)
}

/// Starts dorsi in the shell, up to the first question; its process.
fn dorsi_in(tty: &mut Tty, home: &Home) -> Pid {
    tty.keys(&format!("{} start warm-up {}\n", env!("CARGO_BIN_EXE_dorsi"), home.arguments().join(" ")));
    tty.wait_for("Does any of these apply to you?");
    let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", tty.pid())).expect("children");
    let child = children.split_whitespace().next().and_then(|child| child.parse().ok()).and_then(Pid::from_raw);
    child.expect("the shell has a child")
}

/// Waits until the shell has said so, on its own screen.
fn told(tty: &mut Tty, text: &str) {
    tty.wait_until(&format!("the shell to say {text:?}"), |screen| {
        screen.contains(text) && !screen.contains("Warm-up")
    });
    tty.screen(|screen| assert!(!screen.alternate_screen() && !screen.hide_cursor()));
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let home = Home::new();
    let (mut tty, modes) = shell(&home);
    dorsi_in(&mut tty, &home);
    for _ in 0..2 {
        tty.rest(APART).keys("\x1a");
        told(&mut tty, "Stopped");
        given_back(&tty, &modes);
        tty.keys("clear; echo still $((40 + 2))\n").wait_for("still 42");
        tty.keys("fg\n").wait_for("Does any of these apply to you?");
        tty.screen(|screen| assert!(screen.alternate_screen() && screen.hide_cursor()));
    }
    tty.keys("1").wait_for("Today's plan").keys("\x03");
    tty.wait_until("the shell's prompt", |screen| screen.trim_end().ends_with("gym>"));
    given_back(&tty, &modes);
}

#[test]
fn what_came_with_the_last_key_does_not_reach_the_shell() {
    let home = Home::new();
    let (mut tty, modes) = shell(&home);
    dorsi_in(&mut tty, &home);
    // Reports of a mouse, a late reply, a held key.
    tty.keys("\x03\x1b[<0;10;20M\x1b[?62;4c  echo leaked\n").wait_for("gym>").rest(200);
    tty.keys("echo it is $((20 + 1))\n").wait_for("it is 21");
    assert!(!tty.text().contains("leaked") && !tty.text().contains("62;4c"), "{}", tty.text());
    given_back(&tty, &modes);
}

#[test]
fn bg_leaves_the_shell_its_terminal_and_fg_goes_on() {
    let home = Home::new();
    let (mut tty, modes) = shell(&home);
    dorsi_in(&mut tty, &home);
    tty.keys("\x1a");
    told(&mut tty, "Stopped");
    tty.keys("clear; bg; sleep 0.5; jobs; echo it is $((20 + 1))\n").wait_for("it is 21");
    told(&mut tty, "Stopped");
    given_back(&tty, &modes);
    tty.keys("fg\n").wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan");
}

#[test]
fn a_signal_ends_a_stopped_program_without_taking_the_terminal_from_the_shell() {
    let home = Home::new();
    for mode in ["stty -tostop", "stty tostop"] {
        let (mut tty, _) = shell(&home);
        tty.keys(&format!("{mode}\n"));
        dorsi_in(&mut tty, &home);
        tty.keys("\x1a");
        told(&mut tty, "Stopped");
        // The shell sends SIGTERM, and SIGCONT so that it is seen.
        tty.keys("clear; kill %1\n");
        told(&mut tty, "Exit 143");
        tty.keys("clear; echo it is $((20 + 1))\n").wait_for("it is 21");
    }
}

#[test]
fn a_program_that_was_stopped_with_its_screen_goes_on_and_ends_as_one_that_was_asked() {
    let home = Home::new();
    let (mut tty, modes) = shell(&home);
    let dorsi = dorsi_in(&mut tty, &home);
    kill_process(dorsi, Signal::STOP).expect("the signal is sent");
    tty.wait_for("Stopped").keys("fg\n").wait_for("Does any of these apply to you?");
    tty.wait_until("the whole picture", |screen| !screen.contains("Stopped"));
    kill_process(dorsi, Signal::STOP).expect("the signal is sent");
    tty.wait_for("Stopped").keys("kill %1\n");
    told(&mut tty, "Exit 143");
    given_back(&tty, &modes);
}

#[test]
fn where_no_shell_waits_ctrl_z_does_not_stop_the_program() {
    let (_home, mut tty, _) = training();
    tty.keys("\x1a").wait_for("Paused").rest(APART).keys(" ").wait_for("press Space");
    assert!(tty.screen(|screen| screen.alternate_screen() && screen.hide_cursor()));
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", tty.pid())).expect("it runs");
    assert!(!stat.contains(") T "), "{stat}");
}

/// Waits until the process is no more.
fn is_over(pid: impl std::fmt::Display) {
    let end = std::time::Instant::now() + PATIENCE;
    let is_running = || {
        let state = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        state.is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or("").trim_start().starts_with('Z'))
    };
    while is_running() {
        assert!(std::time::Instant::now() < end, "the program outlives its terminal");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn a_closed_terminal_ends_the_program_on_every_kind_of_screen() {
    let ways: [&[(&str, &str)]; 6] = [
        &[("Space start", "")],
        &[("Space start", "t"), ("Try the sounds", "")],
        &[("Space start", "?"), ("Keys", "")],
        &[("Space start", "h"), ("Space next page", "")],
        &[("Space start", " "), ("Does any of these", "1"), ("How much", "q"), ("Leave?", "")],
        &[("Space start", "2"), ("Does any of these", "1"), ("Today's plan", "")],
    ];
    for way in ways {
        let home = Home::new();
        let mut tty = home.start(&[], (80, 24));
        for (text, keys) in way {
            tty.wait_for(text).rest(50).keys(keys);
        }
        tty.close();
        assert_eq!(tty.end().exit_code(), 129, "{way:?}");
    }
}

#[test]
fn a_closed_terminal_ends_a_set_and_keeps_it() {
    let (home, mut tty, _) = training();
    tty.close();
    assert_eq!(tty.end().exit_code(), 129);
    home.start(&[], (80, 24)).wait_for("Continue where you stopped").wait_for("Band in front, left, round 1");
}

#[test]
fn a_closed_terminal_ends_a_program_that_was_started_deaf_to_its_signal() {
    let home = Home::new();
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(["-c", "trap '' HUP; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_dorsi"), "start", "warm-up"]);
    command.args(home.arguments());
    let mut tty = Tty::run(home.path(), command, (80, 24));
    tty.wait_for("Does any of these apply to you?").close();
    assert_eq!(tty.end().exit_code(), 129);
}

#[test]
fn a_closed_terminal_ends_a_program_that_is_stopped_and_one_whose_shell_was_killed() {
    let home = Home::new();
    let (mut tty, _) = shell(&home);
    let dorsi = dorsi_in(&mut tty, &home);
    tty.keys("\x1a");
    told(&mut tty, "Stopped");
    tty.end_reading().keys("\n").close();
    is_over(dorsi.as_raw_pid());

    let (mut tty, _) = shell(&home);
    let dorsi = dorsi_in(&mut tty, &home);
    tty.signal(Signal::KILL);
    is_over(dorsi.as_raw_pid());
}

/// A program whose terminal has stopped to read, and is full.
fn stalled() -> (Home, Tty, String) {
    let (home, mut tty, modes) = training();
    tty.stall(true);
    let written = |pid: i32| {
        let io = std::fs::read_to_string(format!("/proc/{pid}/io")).expect("it runs");
        io.lines().find_map(|line| line.strip_prefix("wchar: ")?.parse::<u64>().ok()).expect("a count")
    };
    let (mut before, mut same) = (0, 0);
    // Every size is drawn anew, until nothing more is taken.
    for columns in (80..200).cycle() {
        tty.resize(columns, 60).rest(20);
        let now = written(tty.pid());
        same = if now == before { same + 1 } else { 0 };
        before = now;
        if same > 10 {
            return (home, tty, modes);
        }
    }
    unreachable!("the cycle does not end")
}

#[test]
fn a_terminal_that_does_not_read_holds_up_no_key_no_signal_and_no_end() {
    let (_home, mut tty, _) = stalled();
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0, "by key");

    let (_home, mut tty, _) = stalled();
    tty.signal(Signal::TERM);
    assert_eq!(tty.end().exit_code(), 143, "by signal");

    let (_home, mut tty, _) = stalled();
    tty.close();
    assert_eq!(tty.end().exit_code(), 129, "by the window");
}

#[test]
fn a_terminal_that_reads_on_shows_what_is_so_by_then_and_is_given_back() {
    let (_home, mut tty, modes) = stalled();
    tty.resize(80, 24).keys("p").rest(200).stall(false).wait_for("Paused");
    tty.signal(Signal::TERM);
    assert_eq!(tty.end().exit_code(), 143);
    given_back(&tty, &modes);

    // The last picture is lost, the way back is not.
    let (_home, mut tty, modes) = stalled();
    tty.signal(Signal::TERM);
    assert_eq!(tty.end().exit_code(), 143);
    tty.stall(false).rest(100);
    given_back(&tty, &modes);
}

#[test]
fn learning_keys_gives_the_terminal_back_on_every_way_out() {
    let start = || {
        let home = Home::new();
        let mut idle = CommandBuilder::new("/bin/sleep");
        idle.arg("60");
        let modes = Tty::run(home.path(), idle, (80, 24)).modes();
        let mut tty = home.start(&["keys", "learn"], (80, 24));
        tty.wait_for("go on (now");
        assert_ne!(tty.modes(), modes);
        (home, tty, modes)
    };
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let (home, mut tty, modes) = start();
        tty.signal(signal);
        assert_eq!(tty.end().exit_code(), code);
        tty.wait_for("Nothing was changed.");
        given_back(&tty, &modes);
        drop(home);
    }
    // A cut sequence makes it deaf to nothing.
    let (_home, mut tty, modes) = start();
    tty.keys("\x1b[?").rest(100).keys("\x03").wait_for("Nothing was changed.");
    assert_eq!(tty.end().exit_code(), 0);
    given_back(&tty, &modes);
    let (_home, mut tty, _) = start();
    tty.end_reading().keys("\x1b[20~").close();
    assert_eq!(tty.end().exit_code(), 129);
}

#[test]
fn a_program_that_is_given_so_much_time_in_the_background_ends_with_it() {
    let home = Home::new();
    let (mut tty, modes) = shell(&home);
    let command = format!("timeout 1 {} {}; echo ended $?\n", env!("CARGO_BIN_EXE_dorsi"), home.arguments().join(" "));
    tty.keys(&command).wait_for("ended 124");
    given_back(&tty, &modes);
}

#[test]
fn a_program_that_was_started_in_the_background_can_be_ended_and_brought_to_the_front() {
    let home = Home::new();
    let (mut tty, modes) = shell(&home);
    let command = format!("{} start warm-up {} &\n", env!("CARGO_BIN_EXE_dorsi"), home.arguments().join(" "));
    tty.keys(&command).wait_for("Stopped");
    tty.keys("kill %1\n").wait_for("Exit 143");
    given_back(&tty, &modes);
    tty.keys("clear\n").wait_until("an empty screen", |screen| !screen.contains("Exit")).keys(&command);
    tty.wait_for("Stopped").keys("fg\n").wait_for("Does any of these apply to you?").keys("\x03");
    tty.wait_until("the shell's prompt", |screen| screen.trim_end().ends_with("gym>"));
    given_back(&tty, &modes);
}

#[test]
fn learning_keys_takes_no_paste_for_keys_and_can_be_stopped_and_gone_on_with() {
    let home = Home::new();
    let (mut tty, modes) = shell(&home);
    let command = format!("{} keys learn {}\n", env!("CARGO_BIN_EXE_dorsi"), home.arguments().join(" "));
    tty.keys(&command).wait_for("go on (now");
    tty.screen(|screen| assert!(screen.bracketed_paste()));
    tty.keys("\x1b[200~yzvwj\x1b[201~").rest(100).keys("\x1a").wait_for("Stopped");
    given_back(&tty, &modes);
    tty.keys("fg\n").rest(300).keys("\x03").wait_for("Nothing was changed.");
    tty.wait_until("the shell's prompt", |screen| screen.trim_end().ends_with("gym>"));
    tty.screen(|screen| assert!(!screen.bracketed_paste()));
    given_back(&tty, &modes);
}

#[test]
fn ctrl_c_in_the_editor_is_the_editors() {
    let home = Home::new();
    let (mut tty, _) = shell(&home);
    let editor = home.path().join("editor");
    std::fs::write(
        &editor,
        "#!/bin/bash\ntrap 'echo heard' INT\necho edits; read -r line; read -r line; echo \"got $line\"\n",
    )
    .expect("an editor");
    let dorsi = env!("CARGO_BIN_EXE_dorsi");
    tty.keys(&format!("EDITOR='/bin/bash {}' {dorsi} config edit {}\n", editor.display(), home.arguments().join(" ")));
    tty.wait_for("edits").keys("\x03").wait_for("heard").keys("\nkept\n").wait_for("got kept").wait_for("no problems");
}
