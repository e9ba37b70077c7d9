//! Whatever the machine has or lacks: variables, terminals of all kinds, names that are no text, folders that can't be written,
//! outputs that take nothing.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;

use crate::store::can_mount;
use crate::terminal::given_back;
use crate::tty::{APART, Home, PATIENCE, Tty};

const DORSI: &str = env!("CARGO_BIN_EXE_dorsi");

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn every_kind_of_terminal_gets_a_picture_and_is_given_back() {
    for term in ["dumb", "", "linux", "vt100", "screen", "tmux-256color", "no-such-terminal"] {
        let home = Home::new();
        let mut tty = home.start_with(&[("TERM", term), ("LANG", "C.UTF-8")], &[], (80, 24));
        tty.wait_for("Space start").keys("q");
        assert_eq!(tty.end().exit_code(), 0, "{term}");
        tty.screen(|screen| assert!(!screen.alternate_screen() && !screen.hide_cursor(), "{term}"));
        let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
        if term == "dumb" {
            assert!(
                raw.is_ascii() && !raw.contains("\x1b[38;") && !raw.contains("\x1b[48;"),
                "no colours, no other signs"
            );
        }
    }
}

#[test]
fn without_any_variable_it_starts_and_trains() {
    let home = Home::new();
    let mut command = CommandBuilder::new("/usr/bin/env");
    command.args(["-i", DORSI, "start", "warm-up"]);
    command.args(home.arguments());
    let mut tty = Tty::run(home.path(), command, (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn somebody_without_a_home_folder_is_told_and_can_train_without_saving() {
    if !can_mount() {
        return;
    }
    // A user that the system does not know.
    let home = Home::new();
    let mut command = CommandBuilder::new("/usr/bin/unshare");
    command.args([
        "--map-user=54321",
        "--map-group=54321",
        "/usr/bin/env",
        "-i",
        "TERM=xterm",
        DORSI,
        "start",
        "warm-up",
    ]);
    let mut tty = Tty::run(home.path(), command, (80, 24));
    tty.wait_for("Nothing can be saved").wait_for("no home folder was found").wait_for("--data-dir").keys("1");
    tty.wait_for("Try the sounds")
        .keys("s")
        .wait_for("Does any of these apply to you?")
        .wait_for("not saved")
        .keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn everything_read_only_still_lets_the_person_train() {
    if !can_mount() {
        return;
    }
    let home = Home::new();
    let data = home.path().join("data").display().to_string();
    let dorsi = format!("{DORSI} start warm-up {}", home.arguments().join(" "));
    let script =
        format!("mkdir {data} && mount -t tmpfs -o ro none {data} && mount -o remount,bind,ro / && exec {dorsi}");
    let mut command = CommandBuilder::new("/usr/bin/unshare");
    command.args(["--map-root-user", "--mount", "/bin/sh", "-c", &script]);
    let mut tty = Tty::run(home.path(), command, (80, 24));
    tty.wait_for("Nothing can be saved").keys("1").wait_for("Does any of these apply to you?").rest(APART).keys("1");
    tty.wait_for("Today's plan").wait_for("not saved").rest(APART).keys(" ");
    tty.wait_for("Face away from it").rest(APART).keys(" ").wait_for("press Space").rest(APART).keys(" ");
    tty.wait_for("Stay there").wait_for("press Space").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

/// A folder whose name is no text in any encoding that is read as one.
fn strange(home: &Home) -> PathBuf {
    let folder = home.path().join(OsStr::from_bytes(b"caf\xe9 \xff%3f #1"));
    std::fs::create_dir(&folder).expect("a folder");
    folder
}

#[test]
fn names_that_are_no_utf_8_are_names() {
    let home = Home::new();
    let folder = strange(&home);
    std::fs::copy(home.path().join("dorsi.toml"), folder.join("dorsi.toml")).expect("a config");
    let with = |option: &str, name: &str| [OsString::from(option), folder.join(name).into_os_string()];
    let places = [with("--config", "dorsi.toml"), with("--data-dir", "data"), with("--log", "log")].concat();
    let mut command = CommandBuilder::new(DORSI);
    command.args(["start", "warm-up"]);
    command.args(&places);
    let mut tty = Tty::run(home.path(), command, (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
    assert!(folder.join("data/dorsi.sqlite3").exists() && folder.join("log").exists());
    let run = |arguments: &[&OsStr]| {
        let output =
            Command::new(DORSI).args(arguments).args(&places).env("HOME", home.path()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", told(&output));
        told(&output)
    };
    let file = folder.join(OsStr::from_bytes(b"all\xfe.jsonl"));
    run(&["export".as_ref(), file.as_os_str()]);
    assert!(run(&["import".as_ref(), file.as_os_str()]).contains('1'));
    run(&["report".as_ref(), folder.join("report\u{e9}.html").as_os_str()]);
    run(&["new".as_ref(), "my-stretch".as_ref()]);
    run(&["check".as_ref()]);
    assert!(run(&["history".as_ref()]).contains("Warm-up"));
}

#[test]
fn home_and_xdg_folders_that_are_no_utf_8_are_used() {
    let home = Home::new();
    let folder = strange(&home);
    for variables in [
        vec![("HOME", folder.clone())],
        vec![
            ("HOME", home.path().to_owned()),
            ("XDG_DATA_HOME", folder.join("d")),
            ("XDG_CONFIG_HOME", folder.join("c")),
        ],
    ] {
        let mut command = CommandBuilder::new("/usr/bin/env");
        for (name, value) in &variables {
            let mut set = OsString::from(format!("{name}="));
            set.push(value);
            command.arg(set);
        }
        command.args([DORSI, "start", "warm-up"]);
        let mut tty = Tty::run(home.path(), command, (80, 24));
        tty.wait_for("Try the sounds")
            .keys("s")
            .wait_for("Does any of these apply to you?")
            .keys("1")
            .wait_for("Today's plan")
            .keys("\x03");
        assert_eq!(tty.end().exit_code(), 0);
    }
    assert!(folder.join(".local/share/dorsi/dorsi.sqlite3").exists());
    assert!(folder.join("d/dorsi/dorsi.sqlite3").exists());
}

#[test]
fn a_read_only_folder_whose_name_is_no_utf_8_shows_its_history() {
    if !can_mount() {
        return;
    }
    let home = Home::new();
    let folder = strange(&home);
    let dorsi = |script: &str| {
        let mut command = CommandBuilder::new("/usr/bin/unshare");
        command.args(["--map-root-user", "--mount", "/bin/sh", "-c", script, "sh"]);
        command.arg(&folder);
        command.args([DORSI, "--config", &home.arguments()[1], "--data-dir"]);
        command.arg(&folder);
        Tty::run(home.path(), command, (80, 24))
    };
    let mut tty = dorsi("shift; exec \"$@\" start warm-up");
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("\x03");
    tty.end();
    let mut tty = dorsi("mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && shift && exec \"$@\"");
    tty.wait_for("Nothing can be saved").keys("1").wait_for("not saved");
    tty.keys("h").wait_for("Space next page").keys("\x1b[D").wait_for("Warm-up · left open").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn without_a_terminal_on_either_side_it_says_so_with_code_2_and_leaves_everything_as_it_was() {
    for (script, text) in [
        ("\"$@\" | cat", "its output is a file or a pipe"),
        ("\"$@\" > out", "its output is a file or a pipe"),
        ("\"$@\" >&-", "its output is a file or a pipe"),
        ("\"$@\" < /dev/null", "its input is a file or a pipe"),
        ("\"$@\" <&-", "its input is a file or a pipe"),
        ("echo 1 | \"$@\"", "its input is a file or a pipe"),
    ] {
        let home = Home::new();
        let mut command = CommandBuilder::new("/bin/bash");
        command.args(["-c", &format!("set -o pipefail; {script}; echo ended with $?"), "sh", DORSI, "start"]);
        command.args(home.arguments());
        let mut tty = Tty::run(home.path(), command, (80, 24));
        let modes = tty.modes();
        tty.wait_for("ended with 2").wait_until("the reason", |screen| screen.replace('\n', " ").contains(text));
        tty.end();
        given_back(&tty, &modes);
        assert!(!String::from_utf8_lossy(&tty.raw()).contains("\x1b["), "{script}");
    }
}

#[test]
fn a_full_or_closed_output_is_told_or_left_alone_and_never_a_panic() {
    let home = Home::new();
    let commands: [&[&str]; 8] = [
        &["list"],
        &["history"],
        &["history", "--json"],
        &["config", "default"],
        &["man"],
        &["preview", "warm-up"],
        // It would last a quarter of an hour.
        &["preview", "warm-up", "--speed", "1"],
        &["export", "-"],
    ];
    for arguments in commands {
        let run = |to: Stdio| {
            let mut command = Command::new(DORSI);
            command.args(arguments).args(home.arguments()).env("HOME", home.path()).stdout(to).stderr(Stdio::piped());
            command.output().expect("it runs")
        };
        let full = run(std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full").into());
        assert_eq!(full.status.code(), Some(1), "{arguments:?}: {}", told(&full));
        assert!(told(&full).contains("space"), "{arguments:?}: {}", told(&full));
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let closed = run(writer.into());
        assert!(closed.status.code().is_some_and(|code| code <= 1), "{arguments:?}: {}", told(&closed));
        assert!(!told(&closed).contains("panic"), "{}", told(&closed));
    }
}

#[test]
fn where_no_more_files_can_be_opened_it_says_so_or_does_without_and_gives_the_terminal_back() {
    let home = Home::new();
    let modes = {
        let mut idle = CommandBuilder::new("/bin/sleep");
        idle.arg("60");
        Tty::run(home.path(), idle, (80, 24)).modes()
    };
    for most in 10..26 {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", &format!("ulimit -n {most}; exec {DORSI} {}", home.arguments().join(" "))]);
        let mut tty = Tty::run(home.path(), command, (80, 24));
        tty.wait_until("an answer", |screen| screen.contains("Too many open files") || screen.contains("Space "));
        tty.keys("\x03");
        let code = tty.end().exit_code();
        assert!([0, 2].contains(&code), "with {most} files: {code}\n{}", tty.text());
        given_back(&tty, &modes);
    }
}

#[test]
fn a_folder_for_configurations_that_is_none_holds_none_and_a_file_in_the_place_of_routines_is_told() {
    let home = Home::new();
    let list = |folder: &Path| {
        let mut list = Command::new(DORSI);
        list.arg("list").env_clear().env("HOME", home.path()).env("XDG_CONFIG_HOME", folder).output().expect("it runs")
    };
    let none = list(Path::new("/dev/null"));
    assert!(none.status.success(), "{}", told(&none));
    let folder = home.path().join("dorsi");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("protocols"), "").expect("a file");
    let wrong = list(home.path());
    assert!(!wrong.status.success() && told(&wrong).contains("protocols: "), "{}", told(&wrong));
}

/// A program that keeps terminals of its own, with dorsi in one of them.
struct Keeper {
    program: &'static str,
    folder: tempfile::TempDir,
}

impl Keeper {
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(self.program);
        command
            .args(arguments)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("TERM", "xterm-256color")
            .env("LANG", "C.UTF-8");
        command
            .env("HOME", self.folder.path())
            .env("SCREENDIR", self.folder.path())
            .env("TMUX_TMPDIR", self.folder.path());
        command
            .env("SHELL", "/bin/sh")
            .env("PS1", "gym> ")
            .current_dir(self.folder.path())
            .output()
            .expect("it is installed")
    }

    /// Waits until what `look` sees has this in it.
    fn wait(&self, what: &str, look: impl Fn() -> String) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let seen = look();
            if seen.contains(what) {
                return seen;
            }
            assert!(Instant::now() < end, "waited in vain for {what:?} in {}:\n{seen}", self.program);
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn keeper(program: &'static str) -> Option<Keeper> {
    let is_there = Path::new("/usr/bin").join(program).exists();
    assert!(is_there || std::env::var_os("CI").is_none(), "scripts/deps --test installs {program}");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("a mode");
    is_there.then_some(Keeper { program, folder })
}

/// From the shell to the plan, away and back, in a window that changes its size, and out.
fn train_in(keeper: &Keeper, keys: impl Fn(&str), look: impl Fn() -> String + Copy, resize: impl Fn()) {
    let home = Home::new();
    keeper.wait("gym>", look);
    keys(&format!("clear; {DORSI} start warm-up {}\r", home.arguments().join(" ")));
    keeper.wait("Does any of these apply to you?", look);
    resize();
    keys("1");
    let plan = keeper.wait("Today's plan", look);
    assert!(plan.contains("Band in front"), "{plan}");
    std::thread::sleep(Duration::from_millis(APART));
    keys("q");
    keeper.wait("Leave?", look);
    std::thread::sleep(Duration::from_millis(APART));
    keys("2");
    // Nothing is left of it, and nothing that was sent to a terminal was taken for text.
    let after = keeper.wait("gym>", look);
    assert_eq!(after.trim(), "gym>", "{after}");
}

#[test]
fn in_tmux_it_trains_and_leaves_nothing_behind() {
    let Some(keeper) = keeper("tmux") else { return };
    let tmux = |arguments: &[&str]| keeper.run(&[&["-L", "dorsi-test", "-f", "/dev/null"], arguments].concat());
    let started = tmux(&["new-session", "-d", "-x", "80", "-y", "24", "/bin/sh"]);
    assert!(started.status.success(), "{}", told(&started));
    let keys = |text: &str| drop(tmux(&["send-keys", "-l", text]));
    let look = || told(&tmux(&["capture-pane", "-p", "-J"]));
    train_in(&keeper, keys, look, || drop(tmux(&["resize-window", "-x", "100", "-y", "30"])));
    tmux(&["kill-server"]);
}

#[test]
fn in_screen_it_trains_and_leaves_nothing_behind() {
    let Some(keeper) = keeper("screen") else { return };
    let started = keeper.run(&["-U", "-c", "/dev/null", "-S", "dorsi-test", "-d", "-m", "/bin/sh"]);
    assert!(started.status.success(), "{}", told(&started));
    let command = |arguments: &[&str]| keeper.run(&[&["-S", "dorsi-test", "-p", "0", "-X"], arguments].concat());
    command(&["altscreen", "on"]);
    let keys = |text: &str| drop(command(&["stuff", text]));
    let picture = keeper.folder.path().join("picture");
    let look = || {
        command(&["hardcopy", &picture.display().to_string()]);
        String::from_utf8_lossy(&std::fs::read(&picture).unwrap_or_default()).into_owned()
    };
    train_in(&keeper, keys, look, || ());
    command(&["quit"]);
}

#[test]
fn a_limit_for_the_size_of_files_is_told_and_ends_neither_program_nor_session() {
    for blocks in [20, 100, 200] {
        let home = Home::new();
        let mut command = CommandBuilder::new("/bin/sh");
        command.args([
            "-c",
            "ulimit -f \"$1\"; shift; exec \"$@\"",
            "sh",
            &blocks.to_string(),
            DORSI,
            "start",
            "warm-up",
        ]);
        command.args(home.arguments());
        let mut tty = Tty::run(home.path(), command, (80, 24));
        let modes = tty.modes();
        let is_told = |screen: &str| screen.contains("Nothing can be saved");
        tty.wait_until("a screen", |screen| is_told(screen) || screen.contains("Does any of these"));
        let end = Instant::now() + PATIENCE;
        while !is_told(&tty.text()) && !tty.text().contains("press Space") {
            assert!(Instant::now() < end, "{}", tty.text());
            let key = if tty.text().contains("Does any of these") { "1" } else { "\r" };
            tty.rest(APART).keys(key).rest(200);
        }
        assert!(is_told(&tty.text()), "{blocks} blocks are too many to see anything:\n{}", tty.text());
        tty.rest(APART).keys("1").wait_for("not saved").keys("\x03");
        assert_eq!(tty.end().exit_code(), 0);
        given_back(&tty, &modes);
    }
}
