//! Nothing runs that a file names, but for what the person's own configuration says.

use std::path::Path;
use std::process::{Command, Output};

use crate::tty::{APART, FAST, Home};

/// What a shell would make a file of.
const TRICKS: [&str; 5] = ["|touch ran", "$(touch ran)", "; touch ran", "`touch ran`", "x\ntouch ran"];

/// Runs dorsi in its home, and counts the programs that were started for it, itself among them.
fn traced(home: &Home, arguments: &[&str]) -> (Output, usize) {
    let trace = home.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-e", "trace=execve,execveat", "-e", "signal=none", "-o"]).arg(&trace);
    command.arg(env!("CARGO_BIN_EXE_dorsi")).args(arguments).args(home.arguments()).current_dir(home.path());
    let output = command.env_clear().env("HOME", home.path()).env("PATH", "/usr/bin:/bin").output().expect("strace");
    let trace = std::fs::read_to_string(trace).expect("a trace");
    (output, trace.lines().filter(|line| line.contains("execve") && !line.contains("resumed")).count())
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn write(home: &Home, name: &str, text: &str) {
    let path = home.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

fn nothing_ran(folder: &Path) {
    let names: Vec<_> = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().contains("ran")), "{names:?}");
}

#[test]
fn a_routine_or_a_language_that_names_a_command_is_refused_with_its_place() {
    let home = Home::new();
    write(&home, "protocols/gift.toml", "[voice]\non = true\ncommand = [\"/bin/touch\", \"ran\"]\n");
    for arguments in [&["start", "warm-up"][..], &["check"], &["check", "protocols/gift.toml"], &["list"]] {
        let (output, started) = traced(&home, arguments);
        let text = told(&output);
        assert!(text.contains("a command in a routine") && text.contains("gift.toml:3:11"), "{text}");
        assert_eq!((output.status.code(), started), (Some(if arguments[0] == "check" { 1 } else { 2 }), 1), "{text}");
    }
    std::fs::remove_file(home.path().join("protocols/gift.toml")).expect("it goes");
    write(&home, "languages/xx.toml", "[voice]\ncommand = [\"/bin/touch\", \"ran\"]\n");
    write(&home, "dorsi.toml", "[settings]\nlanguage = \"xx\"\n");
    let (output, started) = traced(&home, &["start", "warm-up"]);
    assert!(told(&output).contains("xx.toml:2:"), "{}", told(&output));
    assert_eq!((output.status.code(), started), (Some(2), 1));
    nothing_ran(home.path());
}

#[test]
fn a_sound_file_is_a_path_and_never_a_command() {
    for trick in TRICKS {
        let home = Home::new();
        write(&home, "dorsi.toml", &format!("[sound.forward]\nfile = {trick:?}\n"));
        let (output, started) = traced(&home, &["list"]);
        assert!(told(&output).contains("a sound that can't be played"), "{}", told(&output));
        assert_eq!((output.status.code(), started), (Some(2), 1));
        nothing_ran(home.path());
    }
}

#[test]
fn what_a_voice_says_is_one_argument_without_a_shell() {
    let home = Home::new();
    let title = TRICKS.map(|trick| trick.replace('\n', " ")).join(" ");
    let voice = "[voice]\non = true\ncommand = [\"/usr/bin/tee\", \"-a\", \"said\"]\n";
    let text = FAST.replace("[exercise.front-band]", &format!("[exercise.front-band]\ntitle = {title:?}"));
    write(&home, "dorsi.toml", &format!("{text}{voice}"));
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").rest(APART).keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("press Space").rest(200).keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
    let said = std::fs::read_to_string(home.path().join("said")).expect("what was said");
    assert!(said.contains(&title), "{said}");
    nothing_ran(home.path());
}

#[test]
fn what_is_imported_and_noted_starts_nothing() {
    let (here, there) = (Home::new(), Home::new());
    let mut tty = here.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("q").wait_for("Leave?");
    tty.keys("3").wait_for("Summary").rest(APART).keys("n").wait_for("A line for yourself");
    tty.keys("$(touch ran); `touch ran` |touch ran\r").wait_for("touch ran").keys("\x03");
    tty.end();
    let file = there.path().join("all.jsonl").display().to_string();
    for (home, arguments) in [
        (&here, &["export", &file][..]),
        (&there, &["import", &file]),
        (&there, &["history"]),
        (&there, &["report"]),
        (&there, &["config", "show"]),
    ] {
        let (output, started) = traced(home, arguments);
        assert_eq!((output.status.code(), started), (Some(0), 1), "{arguments:?}: {}", told(&output));
    }
    nothing_ran(here.path());
    nothing_ran(there.path());
}

#[test]
fn a_session_starts_no_program() {
    let home = Home::new();
    let trace = home.path().join("trace");
    let mut command = portable_pty::CommandBuilder::new("/usr/bin/strace");
    command.args(["-f", "-qq", "-e", "trace=execve,execveat", "-e", "signal=none", "-o"]);
    command.arg(&trace);
    command.args([env!("CARGO_BIN_EXE_dorsi"), "start", "warm-up"]);
    command.args(home.arguments());
    let mut tty = crate::tty::Tty::run(home.path(), command, (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").rest(APART).keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("press Space").close();
    tty.end();
    let trace = std::fs::read_to_string(trace).expect("a trace");
    assert_eq!(trace.matches("execve").count(), 1, "{trace}");
}

#[test]
fn the_editor_is_split_into_words_and_no_shell_sees_it() {
    let home = Home::new();
    let edit = |editor: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dorsi"));
        command.args(["config", "edit"]).args(home.arguments()).current_dir(home.path());
        command.env_clear().env("PATH", "/usr/bin:/bin").env("VISUAL", editor).output().expect("it runs")
    };
    assert_eq!(edit("touch 'a b' $HOME `c` ;").status.code(), Some(0));
    for name in ["a b", "$HOME", "`c`", ";"] {
        assert!(home.path().join(name).exists(), "{name} is a word");
    }
    // Who names a shell gets one.
    assert_eq!(edit("sh -c 'touch wanted'").status.code(), Some(0));
    assert!(home.path().join("wanted").exists());
    for (editor, code, text) in
        [("'open", 2, "a quote without its end"), ("/nowhere/vi", 1, "can't be started"), ("false", 1, "ended with")]
    {
        let output = edit(editor);
        assert_eq!(output.status.code(), Some(code), "{}", told(&output));
        assert!(told(&output).contains(text), "{}", told(&output));
    }
}
