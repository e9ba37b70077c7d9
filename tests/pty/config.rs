//! A wrong configuration never starts a half-right session.

use std::process::Command;

use crate::tty::{APART, Home, Tty};

fn write(home: &Home, text: &str) {
    std::fs::write(home.path().join("dorsi.toml"), text).expect("a config");
}

#[test]
fn a_wrong_file_is_refused_before_the_screen_opens_with_its_problems_and_their_places() {
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
        "3 problems, the first of them above; `dorsi check` tells all; nothing was started",
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
    tty.wait_for("There is no sound now").wait_for("Space begins the session").keys("s");
    tty.wait_for("Does any of these apply").keys("1").wait_for("Band in front      2 rounds of 8–12 reps");
    tty.wait_for("Band behind        2 rounds of 10–15 reps");
}

#[test]
fn a_running_session_offers_an_edit_at_the_next_step_and_goes_on_when_it_is_wrong() {
    let home = Home::new();
    let settings = "[settings]\nsound-check = false\n";
    write(&home, settings);
    let mut tty: Tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply").keys("1").wait_for("10–15 reps");
    write(&home, &format!("{settings}[exercise.front-band]\nrep = [8, 12]\n"));
    // Told without a key.
    tty.wait_for("Wrong edit: unknown key `rep` (dorsi.toml:4)").keys("\r").wait_for("Face away from it");
    // As editors write: a new file in the place of the old one.
    let beside = home.path().join("dorsi.toml~");
    std::fs::write(&beside, format!("{settings}[exercise.front-band]\nreps = [8, 12]\n")).expect("a config");
    std::fs::rename(&beside, home.path().join("dorsi.toml")).expect("its place");
    tty.wait_for("r takes it over").rest(APART).keys("r").wait_for("Taken over");
    tty.rest(APART).keys("\r").wait_for("of 8–12 reps");
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
    tty = home.start(&[], (80, 24));
    tty.wait_for("Continue").keys("\r").wait_for("of 8–12 reps");
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

/// What the program says to these arguments, and its exit code.
fn dorsi(home: &Home, arguments: &[&str], environment: &[(&str, &str)]) -> (String, Option<i32>) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dorsi"));
    command.args(arguments).args(home.arguments()).env_clear().envs(environment.iter().copied());
    let output = command.output().expect("dorsi runs");
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8(said).expect("text"), output.status.code())
}

#[test]
fn a_routine_of_ones_own_is_made_checked_previewed_listed_and_trained() {
    let home = Home::new();
    let (said, code) = dorsi(&home, &["new", "my-stretch"], &[]);
    assert!(said.contains("my-stretch.toml") && code == Some(0), "{said}");
    assert_eq!(dorsi(&home, &["check"], &[]), ("2 files, no problems\n".to_owned(), Some(0)));
    assert!(dorsi(&home, &["list"], &[]).0.contains("my-stretch"));
    let (preview, code) = dorsi(&home, &["preview", "my-stretch", "--speed", "1000"], &[]);
    assert!(preview.contains("My exercise · left · round 1") && preview.contains("♪ hold"), "{preview}");
    assert_eq!(code, Some(0));
    assert_eq!(dorsi(&home, &["new", "my-stretch"], &[]).1, Some(2), "it is there already");
    assert_eq!(dorsi(&home, &["new", "calf-roll"], &[]).1, Some(2), "an exercise has this name");
    assert_eq!(dorsi(&home, &["new", "../x"], &[]).1, Some(2), "no name of a routine");
    assert!(dorsi(&home, &["preview", "my-strech"], &[]).0.contains("did you mean `my-stretch`?"));

    let mut tty = home.start(&[], (80, 24));
    tty.wait_for("3  My routine")
        .keys("3")
        .wait_for("Does any of these apply")
        .rest(APART)
        .keys("1")
        .wait_for("What to have at hand")
        .rest(APART)
        .keys("\r")
        .wait_for("Today's plan")
        .rest(800)
        .keys("\r");
    tty.wait_for("How to stand").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn a_wrong_file_is_told_to_people_and_to_editors() {
    let home = Home::new();
    let path = home.path().join("dorsi.toml");
    std::fs::write(&path, "[settings]\nvolum = 3\n").expect("a config");
    let (text, code) = dorsi(&home, &["check"], &[]);
    assert!(text.contains("did you mean `volume`?") && text.trim_end().ends_with("1 problem"), "{text}");
    assert_eq!(code, Some(1));
    let (json, code) = dorsi(&home, &["check", "--format", "json"], &[]);
    let problems: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((problems[0]["line"].as_u64(), code), (Some(2), Some(1)), "{json}");
    assert_eq!(dorsi(&home, &["check", "/nowhere/at-all.toml"], &[]).1, Some(2));
}

#[test]
fn a_routine_is_checked_as_one_from_wherever_it_is_named() {
    let home = Home::new();
    let folder = home.path().join("protocols");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("q.toml"), "[settings]\nvolume = 3\n").expect("a routine");
    let check = |name: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dorsi"));
        command.arg("check").arg(name).current_dir(&folder).output().expect("it runs").status.code()
    };
    assert_eq!((check("q.toml"), check("./q.toml"), check("../protocols/q.toml")), (Some(1), Some(1), Some(1)));
}

#[test]
fn what_can_be_read_is_checked_beside_what_cannot() {
    let home = Home::new();
    std::fs::write(home.path().join("wrong.toml"), "[settings]\nvolum = 3\n").expect("a config");
    std::fs::write(home.path().join("right.toml"), "[settings]\nvolume = 30\n").expect("a config");
    let (said, code) =
        dorsi(&home, &["check", "nowhere.toml", &home.path().join("right.toml").display().to_string()], &[]);
    assert!(said.contains("no problems by itself") && code == Some(2), "{said}");
    for format in [&[][..], &["--format", "json"]] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dorsi"));
        command.arg("check").args(format).args(["nowhere.toml", "wrong.toml"]).current_dir(home.path());
        let output = command.output().expect("it runs");
        let [out, err] = [output.stdout, output.stderr].map(|told| String::from_utf8(told).expect("text"));
        assert!(out.contains("wrong.toml") && out.contains("volum"), "{out}");
        assert!(err.contains("nowhere.toml") && output.status.code() == Some(2), "{err}");
    }
}

#[test]
fn the_configuration_is_made_edited_and_shown() {
    let home = Home::new();
    let path = home.path().join("dorsi.toml");
    std::fs::remove_file(&path).expect("the config");
    let (said, code) = dorsi(&home, &["config", "init"], &[]);
    assert!(said.contains("dorsi.toml") && code == Some(0), "{said}");
    assert!(home.path().join("config.schema.json").exists());
    assert_eq!(dorsi(&home, &["config", "init"], &[]).1, Some(1), "what is there is left as it is");
    let (said, code) =
        dorsi(&home, &["config", "edit"], &[("EDITOR", "/bin/sed -i 's/# reps/reps/; s/# .exercise/[exercise/'")]);
    assert_eq!((said.as_str(), code), ("1 file, no problems\n", Some(0)));
    let (shown, _) = dorsi(&home, &["config", "show", "exercise.front-band.reps"], &[]);
    assert!(shown.starts_with("exercise.front-band.reps = [8, 12]  # ") && shown.contains("dorsi.toml:"), "{shown}");
    let (none, code) = dorsi(&home, &["config", "show", "setings"], &[]);
    assert!(none.contains("did you mean `settings`?") && code == Some(1), "{none}");
    assert_eq!(dorsi(&home, &["config", "edit"], &[]).1, Some(2), "no editor is named");
    assert_eq!(dorsi(&home, &["config", "edit"], &[("EDITOR", "/nowhere/vi")]).1, Some(1));
}

#[test]
fn the_system_s_language_is_spoken_unless_the_configuration_asks_for_another() {
    let home = Home::new();
    let spoken = |locale: &[(&str, &str)], text: &str| {
        let mut tty = home.start_with(locale, &["start"], (80, 24));
        tty.wait_for(text).keys("q");
        assert_eq!(tty.end().exit_code(), 0);
    };
    spoken(&[("LANG", "de_DE.UTF-8")], "Schritt für Schritt");
    spoken(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C.UTF-8")], "step by step");
    spoken(&[("LANG", "C")], "step by step");
    write(&home, "[settings]\nlanguage = \"en\"\n");
    spoken(&[("LANG", "de_DE.UTF-8")], "step by step");
    write(&home, "[settings]\nlanguage = \"xx\"\n");
    std::fs::create_dir(home.path().join("languages")).expect("a folder");
    let own = home.path().join("languages/xx.toml");
    std::fs::write(&own, "[words.home]\ntagline = \"Pas à pas. {go}.\"\n").expect("a language");
    spoken(&[("LANG", "de_DE.UTF-8")], "Pas à pas. Space.");
    std::fs::write(&own, "[exercise.front-band]\nrounds = 1\n").expect("a language");
    let (said, code) = dorsi(&home, &["check"], &[]);
    assert!(said.contains("`rounds` is no text") && said.contains("xx.toml:2:10"), "{said}");
    assert_eq!(code, Some(1));
}
