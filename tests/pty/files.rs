//! A wrong file is refused at once, in a few lines and with little memory; and nothing of a file disturbs the terminal.

use std::process::{Command, Output};

use crate::controls::{BAD, is_plain};
use crate::tty::Home;
use crate::wrong::{MB, forged_imports, noise, wrong_configs};

/// What one run may take: 200 MB of addresses, which is more than it has in memory, and seconds of a processor that is
/// several times as fast with the optimised program.
const MEMORY_KB: u64 = 200_000;
const SECONDS: u64 = 10;

/// The most lines that a wrong file is told in.
const MOST_LINES: usize = 20;

fn command(home: &Home, arguments: &[&str]) -> Command {
    let mut command = Command::new("/bin/sh");
    // The memory that a process has at most can't be limited, but the addresses that it asks for.
    let limits =
        if cfg!(target_os = "linux") { format!("ulimit -v {MEMORY_KB}; ulimit -t {SECONDS}") } else { String::new() };
    command.args(["-c", &format!("{limits}\nexec \"$@\""), "sh", env!("CARGO_BIN_EXE_dorsi")]);
    command.args(arguments).args(home.arguments()).current_dir(home.path());
    command.env_clear().env("HOME", home.path()).env("LANG", "C");
    command
}

/// Runs dorsi within its limits, without a terminal.
fn dorsi(home: &Home, arguments: &[&str]) -> Output {
    command(home, arguments).output().expect("it runs")
}

fn told(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8(bytes.clone()).expect("text")).concat()
}

/// That the program ended by itself, with this exit code, and told why in a few plain lines.
fn is_refused(output: &Output, code: i32, what: &str) {
    let text = told(output);
    assert_eq!(output.status.code(), Some(code), "{what}: {text}");
    assert!((1..=MOST_LINES).contains(&text.lines().count()), "{what}: {} lines:\n{text}", text.lines().count());
    assert!(text.lines().all(|line| line.chars().count() < 500), "{what}: a line without end");
    assert!(is_plain(&text), "{what}: {text:?}");
}

fn write(home: &Home, name: &str, bytes: impl AsRef<[u8]>) {
    let path = home.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, bytes).expect("a file");
}

#[test]
fn a_config_of_50_mb_is_refused_at_once() {
    let home = Home::new();
    let path = home.path().join("dorsi.toml");
    std::fs::write(&path, "# comment\n".repeat(5 * MB)).expect("a config");
    for arguments in [&["start"][..], &["list"], &["check"], &["config", "show"], &["doctor"]] {
        let refused = dorsi(&home, arguments);
        is_refused(&refused, 2, arguments[0]);
        assert!(told(&refused).contains("larger than 256 KB"), "{}", told(&refused));
    }
    // Nothing could read so much in the time that there is.
    std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .and_then(|file| file.set_len(1 << 40))
        .expect("room for nothing");
    is_refused(&dorsi(&home, &["list"]), 2, "a terabyte");
}

#[test]
fn any_wrong_config_is_refused_within_200_mb_in_20_lines() {
    let home = Home::new();
    for (what, text) in wrong_configs() {
        assert!(text.len() <= MB / 4, "{what} would be refused for its size");
        write(&home, "dorsi.toml", &text);
        is_refused(&dorsi(&home, &["list"]), 2, what);
    }
    write(&home, "dorsi.toml", noise(MB / 4));
    is_refused(&dorsi(&home, &["list"]), 2, "bytes at random");
}

#[test]
fn any_wrong_language_or_routine_is_refused_within_200_mb_in_20_lines() {
    let home = Home::new();
    write(&home, "dorsi.toml", "settings.language = \"xx\"");
    for (what, text) in wrong_configs() {
        for (name, other) in
            [("languages/xx.toml", "protocols/mine.toml"), ("protocols/mine.toml", "languages/xx.toml")]
        {
            write(&home, other, "");
            write(&home, name, &text);
            is_refused(&dorsi(&home, &["list"]), 2, &format!("{what} in {name}"));
        }
    }
}

#[test]
fn all_problems_of_a_wrong_config_are_told_by_check_within_200_mb() {
    let home = Home::new();
    for (what, text) in wrong_configs() {
        write(&home, "dorsi.toml", &text);
        for format in ["text", "json"] {
            let output = dorsi(&home, &["check", "--format", format]);
            assert_eq!(output.status.code(), Some(1), "{what}: {}", told(&output));
            assert!(is_plain(&told(&output)), "{what}");
        }
    }
}

#[test]
fn folders_pipes_devices_and_links_that_lead_nowhere_are_refused_as_configs() {
    let home = Home::new();
    let path = home.path().join("dorsi.toml");
    let made = |make: &dyn Fn() -> bool| {
        let _ = std::fs::remove_file(&path);
        assert!(make());
        is_refused(&dorsi(&home, &["list"]), 2, "no file");
    };
    made(&|| std::os::unix::fs::symlink("dorsi.toml", &path).is_ok());
    made(&|| std::os::unix::fs::symlink("/dev/zero", &path).is_ok());
    made(&|| std::os::unix::fs::symlink("/", &path).is_ok());
    made(&|| Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success()));
    std::fs::remove_file(&path).expect("the pipe");
    write(&home, "dorsi.toml", "");
    std::os::unix::fs::symlink("protocols", home.path().join("protocols")).expect("a link to itself");
    is_refused(&dorsi(&home, &["list"]), 1, "a folder that is a link to itself");
}

#[test]
fn thousands_of_routines_are_refused_together_where_they_are_too_much() {
    let home = Home::new();
    for number in 0..3_000 {
        write(&home, &format!("protocols/{number}.toml"), "# a comment\n".repeat(40));
    }
    is_refused(&dorsi(&home, &["list"]), 2, "a megabyte and a half in 3000 files");
    let _ = std::fs::remove_dir_all(home.path().join("protocols"));
    for number in 0..3_000 {
        write(&home, &format!("protocols/{number}.toml"), "");
    }
    assert_eq!(dorsi(&home, &["list"]).status.code(), Some(0), "empty files are many, and not wrong");
}

#[test]
fn any_wrong_import_is_refused_within_200_mb_in_a_line_and_nothing_is_kept() {
    let home = Home::new();
    assert_eq!(dorsi(&home, &["export", "whole.jsonl"]).status.code(), Some(0));
    let whole = std::fs::read(home.path().join("whole.jsonl")).expect("the export");
    let head = whole.split_inclusive(|byte| *byte == b'\n').next().expect("a first line");
    let long = |more: &[u8]| [head, &more.repeat(40 * MB / more.len())].concat();
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("noise", noise(MB)),
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("lists in lists", long(b"[")),
        ("lines", long(b"\n")),
        ("one line", long(b"a")),
        ("a config", "[settings]\n".repeat(5 * MB).into_bytes()),
        ("control characters", BAD.as_bytes().to_vec()),
    ]
    .into_iter()
    .chain(forged_imports(35 * MB))
    {
        write(&home, "wrong.jsonl", bytes);
        let refused = dorsi(&home, &["import", "wrong.jsonl"]);
        is_refused(&refused, 1, what);
        assert!(told(&refused).contains("Nothing was imported."), "{what}: {}", told(&refused));
    }
    for device in ["/dev/zero", "/dev/urandom", "/", "/nowhere"] {
        is_refused(&dorsi(&home, &["import", device]), 1, device);
    }
    let history = dorsi(&home, &["history", "--json"]);
    assert_eq!(told(&history), "[]\n");
}

#[test]
fn a_file_of_sessions_can_come_through_a_pipe() {
    let home = Home::new();
    let piped = format!("{0} export - {1} | {0} import - {1}", env!("CARGO_BIN_EXE_dorsi"), home.arguments().join(" "));
    let output = Command::new("/bin/sh").args(["-c", &piped]).env("HOME", home.path()).output().expect("it runs");
    assert_eq!(told(&output), "0 sessions imported\n");
}

#[test]
fn any_wrong_sound_is_refused_within_200_mb_in_20_lines() {
    let home = Home::new();
    write(&home, "dorsi.toml", "[sound.go]\nfile = \"mine.wav\"\n");
    let wav = |rate: u32, channels: u16, size: u32| {
        let mut bytes =
            [b"RIFF", &size.to_le_bytes()[..], b"WAVEfmt ", &16_u32.to_le_bytes(), &1_u16.to_le_bytes()].concat();
        bytes.extend([&channels.to_le_bytes()[..], &rate.to_le_bytes(), &u32::MAX.to_le_bytes()].concat());
        bytes.extend([&2_u16.to_le_bytes()[..], &16_u16.to_le_bytes(), b"data", &size.to_le_bytes()].concat());
        bytes
    };
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("noise", vec![0xa5; 4 * MB]),
        ("a sound of four billion samples", wav(8_000, 1, u32::MAX)),
        ("a sound of a rate beyond all bounds", wav(u32::MAX, u16::MAX, u32::MAX)),
        ("a sound without channels", wav(8_000, 0, 16)),
        ("a sound without a rate", wav(0, 1, 16)),
        ("too much", vec![0; 9 * MB]),
    ] {
        write(&home, "mine.wav", bytes);
        let refused = dorsi(&home, &["list"]);
        if cfg!(feature = "audio") {
            is_refused(&refused, 2, what);
        }
    }
}

#[test]
fn any_wrong_file_of_the_store_is_told_in_a_line_within_200_mb() {
    let noise = noise(MB);
    let real = include_bytes!("../stores/v2.sqlite3");
    let mut torn = real.to_vec();
    torn[100..].iter_mut().zip(&noise).for_each(|(byte, noise)| *byte ^= noise);
    for (what, bytes) in [
        ("noise", noise.clone()),
        ("noise behind the header", torn),
        ("half of it", real[..real.len() / 2].to_vec()),
        ("zeros", vec![0; 4 * MB]),
        ("text", BAD.repeat(1_000).into_bytes()),
    ] {
        let home = Home::new();
        write(&home, "data/dorsi.sqlite3", bytes);
        for arguments in [&["history"][..], &["export", "-"], &["report", "-"]] {
            is_refused(&dorsi(&home, arguments), 1, &format!("{what}, {}", arguments[0]));
        }
    }
}
