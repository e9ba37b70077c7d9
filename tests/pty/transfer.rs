//! Sessions go from one machine to another, and onto paper.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::tty::{APART, Home};

/// A home with a warm-up that was ended early.
fn trained() -> Home {
    let home = Home::new();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("q").wait_for("Leave?");
    tty.keys("3").wait_for("Summary").rest(APART).keys("q").wait_for("Space start").rest(APART).keys("q");
    tty.end();
    home
}

/// Runs dorsi in a home's folder, without a terminal.
fn dorsi(home: &Home, arguments: &[&str]) -> Output {
    command(home, arguments).output().expect("it runs")
}

fn command(home: &Home, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dorsi"));
    command.args(arguments).args(home.arguments()).env("HOME", home.path()).current_dir(home.path());
    command
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn exported_here_and_imported_there_is_the_same_history_and_again_changes_nothing() {
    let (here, there) = (trained(), Home::new());
    let exported = dorsi(&here, &["export", "all.jsonl"]);
    assert_eq!(told(&exported), "1 session in all.jsonl\n");
    let file = here.path().join("all.jsonl").display().to_string();
    assert_eq!(told(&dorsi(&there, &["import", &file])), "1 session imported\n");
    assert_eq!(told(&dorsi(&there, &["import", &file])), "0 sessions imported\n1 session here already\n");
    let history = |home| told(&dorsi(home, &["history", "--json"]));
    assert_eq!(history(&there), history(&here));
    assert!(history(&there).contains("\"ending\": \"early\""), "{}", history(&there));
    assert_eq!(dorsi(&there, &["export", "-"]).stdout, std::fs::read(&file).expect("the file"));

    let again = dorsi(&here, &["export", "all.jsonl"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(told(&again).contains("all.jsonl exists already"), "{}", told(&again));
    assert_eq!(dorsi(&here, &["export", "all.jsonl", "--force"]).status.code(), Some(0));
    let names = names(here.path());
    assert!(names.iter().all(|name| !name.starts_with(".dorsi")), "no half file stays behind: {names:?}");
}

#[test]
fn a_file_that_was_cut_imports_nothing_and_says_where_and_what_to_do() {
    let (here, there) = (trained(), Home::new());
    let whole = dorsi(&here, &["export", "-"]).stdout;
    let path = there.path().join("cut.jsonl");
    std::fs::write(&path, &whole[..whole.len() - 20]).expect("a file");
    let output = dorsi(&there, &["import", "cut.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    let text = told(&output);
    assert!(text.starts_with("cut.jsonl: the file was cut off in line 4; copy it again"), "{text}");
    assert!(text.ends_with("Nothing was imported.\n"), "{text}");
    assert_eq!(told(&dorsi(&there, &["history", "--json"])), "[]\n");

    std::fs::write(&path, &whole).expect("a file");
    let pipe = std::fs::File::open(&path).expect("the file");
    let output = command(&there, &["import", "-"]).stdin(Stdio::from(pipe)).output().expect("it runs");
    assert_eq!(told(&output), "1 session imported\n");
}

#[test]
fn nothing_is_imported_while_a_session_is_under_way() {
    let (here, there) = (trained(), Home::new());
    dorsi(&here, &["export", "all.jsonl"]);
    let file = here.path().join("all.jsonl").display().to_string();
    let mut tty = there.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan");
    let output = dorsi(&there, &["import", &file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("a session is under way in another window"), "{}", told(&output));
    tty.keys("\x03");
    tty.end();
    assert_eq!(told(&dorsi(&there, &["import", &file])), "1 session imported\n");
}

#[test]
fn the_report_is_one_page_of_html_that_is_never_written_over_another() {
    let home = trained();
    let output = dorsi(&home, &["report"]);
    assert_eq!(told(&output), "dorsi-report.html\n");
    let page = std::fs::read_to_string(home.path().join("dorsi-report.html")).expect("the page");
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"), "{page}");
    assert!(page.contains("ended early") && page.contains("Warm-up"), "{page}");
    assert_eq!(dorsi(&home, &["report"]).status.code(), Some(1));
    assert_eq!(dorsi(&home, &["report", "-"]).stdout, page.into_bytes());
}

#[test]
fn the_history_is_a_table_for_people() {
    let home = trained();
    let text = told(&dorsi(&home, &["history"]));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[0].starts_with("Date") && lines[1].contains("Warm-up") && lines[1].ends_with("ended early"),
        "{text}"
    );
}

#[test]
fn nothing_is_written_over_the_file_of_sessions_itself() {
    let home = trained();
    let kept = home.path().join("data/dorsi.sqlite3");
    let before = std::fs::read(&kept).expect("the sessions");
    for command in ["export", "report"] {
        let output = dorsi(&home, &[command, &kept.display().to_string(), "--force"]);
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert!(told(&output).contains("is where the sessions are kept"), "{}", told(&output));
    }
    assert_eq!(std::fs::read(&kept).expect("the sessions"), before);
}
