//! Control characters, escape sequences and bidi overrides of a file, a name or an argument never reach the terminal.

use std::path::Path;
use std::process::Command;

use crate::tty::{APART, FAST, Home};

/// What moves the cursor, colours, retitles, rings, deletes, or reorders what stands beside it.
pub const BAD: &str =
    "\x1b[31m\x1b]0;title\x07\x08\x7f\u{84}\u{9b}2J\u{202e}\u{202a}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}";

/// The same as a TOML text spells it.
fn escaped() -> String {
    BAD.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect()
}

/// Whether nothing in `text` disturbs a terminal.
pub fn is_plain(text: &str) -> bool {
    let disturbs = |c: char| match c {
        '\n' => false,
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    };
    !text.chars().any(disturbs)
}

/// What dorsi prints, which is plain whatever it is told.
fn dorsi(home: &Home, arguments: &[&str]) -> String {
    run(home, &arguments.iter().map(|argument| (*argument).to_owned()).chain(home.arguments()).collect::<Vec<_>>(), &[])
}

fn run(home: &Home, arguments: &[String], environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dorsi"));
    command.args(arguments).current_dir(home.path()).env_clear().env("HOME", home.path());
    let output = command.envs(environment.iter().copied()).output().expect("it runs");
    let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
    assert!(is_plain(&said), "{arguments:?}: {said:?}");
    said
}

fn write(home: &Home, name: &str, text: &str) {
    let path = home.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

/// A routine of one's own in which every text, and its name, is spoilt.
fn routine() -> String {
    let skeleton = include_str!("../../assets/skeleton.toml").replace("{name}", "mine");
    let spoilt: Vec<_> =
        skeleton.lines().map(|line| line.replace(" = \"My ", &format!(" = \"{}My ", escaped()))).collect();
    spoilt.join("\n")
}

#[test]
fn of_a_config_that_is_right_no_control_character_is_printed() {
    let home = Home::new();
    write(&home, "dorsi.toml", &format!("{FAST}# {BAD}\n[words.home]\ntagline = \"{}Now. {{go}}.\"\n", escaped()));
    write(&home, "protocols/mine.toml", &routine());
    // TOML itself takes no control character but the tab in a comment.
    assert!(dorsi(&home, &["check"]).contains("this is not TOML"));
    write(&home, "dorsi.toml", &format!("{FAST}[words.home]\ntagline = \"{}Now. {{go}}.\"\n", escaped()));
    assert!(dorsi(&home, &["list"]).contains("My routine"));
    assert!(dorsi(&home, &["preview", "mine"]).contains("My exercise"));
    assert!(dorsi(&home, &["config", "show", "protocol.mine"]).contains("My routine"));
    assert!(dorsi(&home, &["config", "show", "words.home"]).contains("Now. {go}."));
    assert!(dorsi(&home, &["check"]).contains("no problems"));
    assert!(dorsi(&home, &["history"]).contains("No sessions"));
    assert!(dorsi(&home, &["report", "-"]).contains("<html"));
}

#[test]
fn of_a_config_that_is_wrong_no_control_character_is_printed() {
    for text in [
        BAD.to_owned(),
        format!("[settings]\nunits = \"{}\"", escaped()),
        format!("[settings]\nunits = \"a{}b\"", escaped()),
        format!("[settings]\nunits = '{}'", "\u{9b}31m\u{202e}\u{200f}\u{61c}"),
        format!("[settings]\n\"volum{}\" = 1", escaped()),
        "[settings]\n\"\u{202e}volum\u{9b}31m\" = 1".to_owned(),
        format!("[settings]\nlanguage = \"x{}\"", escaped()),
        format!("[settings]\nprotocols = [\"x\u{202e}{}\"]", escaped()),
        format!("[exercise.\"a{0}b\"]\ntitle = \"{0}\"", escaped()),
        format!("[words.home]\ntagline = \"{{x\u{202e}}} {{{}}}\"", escaped()),
        format!("[sound.go]\nfile = \"{}.wav\"", escaped()),
        format!("x = 1{BAD}"),
    ] {
        let home = Home::new();
        write(&home, "dorsi.toml", &text);
        for arguments in [&["start"][..], &["list"], &["check"], &["check", "--format", "json"], &["config", "show"]] {
            let said = dorsi(&home, arguments);
            assert!(said.contains("dorsi.toml"), "{text:?}: {said}");
        }
        write(&home, "dorsi.toml", "settings.language = \"xx\"");
        write(&home, "languages/xx.toml", &text);
        assert!(dorsi(&home, &["check"]).contains("xx.toml"), "{text:?}");
    }
}

#[test]
fn of_the_name_of_a_file_no_control_character_is_printed() {
    let home = Home::new();
    // A slash would be a folder of its own.
    let name = format!("a{BAD}b");
    let place = |more: &str| home.path().join(format!("{name}{more}")).display().to_string();
    write(&home, &format!("{name}.toml"), "volum = 1");
    write(&home, &format!("languages/{name}.toml"), "");
    write(&home, &format!("protocols/{name}.toml"), "x = 1");
    write(&home, &format!("{name}.wav"), "");
    let run = |arguments: &[&str]| run(&home, &arguments.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(), &[]);
    let (config, data) = (place(".toml"), place(""));
    for arguments in [
        &["--config", &config, "list"][..],
        &["--config", &config, "check"],
        &["--config", &config, "check", "--format", "json"],
        &["check", &config],
        &["--config", &place(".none"), "check"],
        &["--config", &place(".new"), "config", "init"],
        &["--config", &place(".new"), "config", "init"],
        &["--config", &place("/x.toml"), "new", "mine"],
        &["--data-dir", &data, "history"],
        &["--data-dir", &config, "history"],
        &["--data-dir", &config, "import", &config],
        &["--data-dir", &data, "export", &place(".jsonl")],
        &["--data-dir", &data, "export", &place(".jsonl")],
        &["--data-dir", &data, "import", &place(".jsonl")],
        &["--data-dir", &data, "import", &place(".wav")],
        &["--data-dir", &data, "report", &place(".html")],
        &["--log", &place("/nowhere/log"), "list"],
        &["start", &name],
        &["preview", &name],
        &["new", &name],
        &["history", "--config", &name, &name],
        &["check", "--format", &name],
        &[name.as_str()],
    ] {
        assert!(!run(arguments).is_empty(), "{arguments:?}");
    }
    // An unknown language is told beside those that there are.
    write(&home, "dorsi.toml", "settings.language = \"ax\"");
    assert!(dorsi(&home, &["check"]).contains("there is no such language"));
}

#[test]
fn of_the_environment_no_control_character_is_printed() {
    let home = Home::new();
    let run = |arguments: &[&str], name: &str, value: &str| {
        let arguments: Vec<_> = arguments.iter().map(|it| (*it).to_owned()).chain(home.arguments()).collect();
        run(&home, &arguments, &[(name, value)])
    };
    for (name, value) in
        [("DORSI_LOG", format!("/nowhere/{BAD}")), ("LANG", BAD.to_owned()), ("LC_ALL", BAD.to_owned())]
    {
        assert!(!run(&["list"], name, &value).is_empty());
    }
    for editor in [BAD.to_owned(), format!("/nowhere/{BAD}"), format!("'{BAD}")] {
        assert!(run(&["config", "edit"], "EDITOR", &editor).contains("the editor"));
    }
}

/// A file of sessions with one of this note.
fn exported(home: &Home, note: &str) -> String {
    assert!(dorsi(home, &["export", "-"]).starts_with("{\"dorsi\""));
    let protocol = r#"{"id":"p","title":"P","summary":"p","steps":[],"remarks":[]}"#;
    let session = format!(
        r#"{{"uid":"a","began":"2026-11-20T18:30:00+01:00[Europe/Berlin]","note":{},"protocol":0,"closed":true,"events":[]}}"#,
        serde_json::Value::String(note.to_owned())
    );
    let bodies = [
        r#"{"dorsi":{"format":1,"by":"0.1.0"}"#.to_owned(),
        format!("{{\"protocol\":{protocol}"),
        format!("{{\"session\":{session}"),
        r#"{"end":{"sessions":1}"#.to_owned(),
    ];
    let mut file = String::new();
    for body in bodies {
        file.push_str(&body);
        file.push_str(&format!(",\"crc32\":\"{:08x}\"}}\n", crc32fast::hash(file.as_bytes())));
    }
    file
}

#[test]
fn of_a_note_that_was_imported_no_control_character_is_printed_or_drawn() {
    let home = Home::new();
    write(&home, "all.jsonl", &exported(&home, &format!("so{BAD}so")));
    assert_eq!(dorsi(&home, &["import", "all.jsonl"]), "1 session imported\n");
    assert!(dorsi(&home, &["history", "--json"]).contains("\"note\": \"so[31m]0;title2Jso\""));
    for arguments in [&["history"][..], &["history", "--csv"], &["report", "-"], &["export", "-"]] {
        dorsi(&home, arguments);
    }
    let mut tty = home.start(&[], (80, 24));
    tty.wait_for("Space start").keys("h").wait_for("This week").rest(APART).keys("\x1b[C");
    tty.wait_for("Training days").rest(APART).keys("\x1b[C");
    tty.wait_for("2026-11-20").rest(APART).keys("\r").wait_for("so[31m]0;title2Jso").keys("\x03");
    tty.end();
    never_reached(&tty.raw());
}

/// That none of the sequences in [`BAD`] is among the bytes that a terminal got.
fn never_reached(raw: &[u8]) {
    let raw = String::from_utf8_lossy(raw);
    let bad =
        ["\x1b]0;title", "\x08", "\x7f", "\u{84}", "\u{9b}", "\u{202e}", "\u{202a}", "\u{2066}", "\u{200f}", "\u{61c}"];
    for sequence in bad {
        assert!(!raw.contains(sequence), "{sequence:?} reached the terminal");
    }
}

#[test]
fn of_a_spoilt_routine_no_control_character_is_drawn_or_logged() {
    let home = Home::new();
    write(&home, "protocols/mine.toml", &routine());
    let log = home.path().join("log");
    let mut tty = home.start(&["--log", &log.display().to_string()], (80, 24));
    tty.wait_for("My routine").keys("3").wait_for("Does any of these apply").rest(APART).keys("1");
    tty.wait_for("at hand").rest(APART).keys("\r").wait_for("Today's plan").keys("\x03");
    tty.end();
    never_reached(&tty.raw());
    assert!(is_plain(&read(&log)), "{}", read(&log));
}

#[test]
fn of_a_config_that_is_wrong_nothing_but_colours_reaches_a_terminal() {
    let home = Home::new();
    write(&home, "dorsi.toml", &format!("[settings]\nunits = \"{}\" # {BAD}\n\"{}\" = 1", escaped(), escaped()));
    let mut tty = home.start(&["start"], (80, 24));
    assert_eq!(tty.end().exit_code(), 2);
    never_reached(&tty.raw());
    assert!(tty.text().contains("nothing was started"), "{}", tty.text());
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the log")
}
