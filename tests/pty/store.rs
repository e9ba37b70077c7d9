//! Nothing counted is ever lost, whatever happens to the program, the folder or the disk.

use std::path::Path;
use std::process::Command;

use portable_pty::CommandBuilder;
use rusqlite::Connection;

use crate::tty::{APART, Home, Tty, big_count};

const FILE: &str = "dorsi.sqlite3";

/// A home whose session is paced and quick: a rep takes 0.3 s and a set has a hundred.
fn racing() -> Home {
    let home = Home::new();
    let config = "
[settings]
sound-check = false
pacing = \"paced\"
lead-in = 0.1
[exercise.front-band]
reps = [1, 100]
get-ready = 0.1
[exercise.front-band.phase.forward]
seconds = 0.1
[exercise.front-band.phase.hold]
seconds = 0.1
[exercise.front-band.phase.back]
seconds = 0.1
";
    std::fs::write(home.path().join("dorsi.toml"), config).expect("a config");
    home
}

/// Runs dorsi in a mount namespace of its own, after the shell commands `prepare`, which see the data folder as `$DATA`.
fn mounted(home: &Home, prepare: &str, arguments: &str) -> Tty {
    let data = home.path().join("data");
    let dorsi = format!("{} {arguments} {}", env!("CARGO_BIN_EXE_dorsi"), home.arguments().join(" "));
    let script = format!("DATA={} && {prepare} && exec {dorsi}", data.display());
    let mut command = CommandBuilder::new("/usr/bin/unshare");
    command.args(["--map-root-user", "--mount", "/bin/sh", "-c", &script]);
    Tty::run(home.path(), command, (80, 24))
}

/// Whether this machine lets a test mount something.
pub fn can_mount() -> bool {
    let tried = Command::new("unshare")
        .args(["--map-root-user", "--mount", "/bin/mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .status();
    let can = tried.is_ok_and(|status| status.success());
    assert!(can || std::env::var_os("CI").is_none(), "a full disk can't be tried: this machine allows no mounts");
    if !can {
        eprintln!("not tried: this machine allows no mounts");
    }
    can
}

/// To the first set of a warm-up that the program leads.
fn to_first_set(tty: &mut Tty) {
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").keys("\x1b[C");
}

/// The reps of the first set that are on disk, each once, in order.
fn reps_on_disk(data: &Path) -> Vec<u64> {
    let connection = Connection::open(data.join(FILE)).expect("a database");
    let mut select = connection.prepare("SELECT fact FROM event ORDER BY session, number").expect("a table of events");
    let facts = select.query_map([], |row| row.get::<_, String>(0)).expect("events");
    let reps = facts.filter_map(|fact| {
        let fact: serde_json::Value = serde_json::from_str(&fact.expect("a row")).expect("a fact");
        fact["rep-completed"]["rep"].as_u64()
    });
    reps.collect()
}

#[test]
fn killed_at_a_hundred_random_moments_nothing_shown_is_missing_and_nothing_counts_twice() {
    let home = racing();
    let data = home.path().join("data");
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    let mut most_shown = 0;
    for kill in 0..100 {
        let mut tty = home.start(if kill == 0 { &["start", "warm-up"] } else { &[] }, (80, 24));
        if kill == 0 {
            to_first_set(&mut tty);
        } else {
            tty.wait_for("Continue where you stopped").keys(" ");
            tty.wait_for(&format!("{} of 1–100 reps done", reps_on_disk(&data).len())).keys("\r");
        }
        tty.wait_for("LEFT ANKLE");
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        tty.rest(chance % 350);
        tty.signal(rustix::process::Signal::KILL);
        tty.end();
        let shown = tty.screen(big_count).unwrap_or(0);
        most_shown = shown.max(most_shown);
        let reps = reps_on_disk(&data);
        assert_eq!(reps, (1..=reps.len() as u64).collect::<Vec<_>>(), "kill {kill}: each rep once, in order");
        assert!(reps.len() as u64 >= most_shown, "kill {kill}: {most_shown} on the screen, {} on disk", reps.len());
    }
    assert!(most_shown > 10, "the session went on from kill to kill: {most_shown}");
}

#[test]
fn no_rep_is_on_the_screen_before_its_commit_was_synced() {
    let home = racing();
    let trace = home.path().join("trace");
    let mut command = CommandBuilder::new("/usr/bin/strace");
    command.args(["-f", "-xx", "-s", "1000000", "-e", "trace=fdatasync,fsync,write,pwrite64", "-o"]);
    command.arg(&trace);
    command.arg(env!("CARGO_BIN_EXE_dorsi"));
    command.args(["start", "warm-up"]);
    command.args(home.arguments());
    let mut tty = Tty::run(home.path(), command, (80, 24));
    to_first_set(&mut tty);
    tty.wait_until_screen("eight reps", |screen| big_count(screen) >= Some(8));
    tty.keys("\x03");
    tty.end();

    // The trace is played again: what reached the disk, and what the screen showed at that moment.
    let trace = std::fs::read_to_string(trace).expect("a trace");
    let mut screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
    let (mut written, mut synced, mut shown) = (0, 0, 0);
    // The program opens the terminal once more; the file that takes the alternate screen is it.
    let taken = trace.lines().find(|line| String::from_utf8_lossy(&bytes_of(line)).contains("\x1b[?1049h"));
    let (call, _) = taken.and_then(|line| line.split_once(',')).expect("the screen is taken");
    let to_screen = format!("{},", call.split_once(' ').expect("a call").1.trim_start());
    for line in trace.lines() {
        if line.contains("fdatasync(") || line.contains("fsync(") {
            synced = written;
        } else if line.contains("pwrite64(") {
            let page = String::from_utf8_lossy(&bytes_of(line)).into_owned();
            while page.contains(&format!("\"rep\":{}}}", written + 1)) {
                written += 1;
            }
        } else if line.contains(&to_screen) {
            screen.process(&bytes_of(line));
            shown = big_count(screen.screen()).unwrap_or(shown);
            assert!(shown <= synced, "rep {shown} is on the screen, {synced} are on disk");
        }
    }
    assert!(shown >= 8, "the trace shows {shown} reps, {synced} on disk");
}

/// The bytes of a traced call, which stand as `\x41\x42` between quotes.
fn bytes_of(line: &str) -> Vec<u8> {
    let text = line.split('"').nth(1).unwrap_or("");
    text.split("\\x").filter_map(|hex| u8::from_str_radix(hex, 16).ok()).collect()
}

#[test]
fn a_full_disk_asks_whether_to_go_on_without_saving_and_saves_again_when_it_can() {
    if !can_mount() {
        return;
    }
    let home = Home::new();
    // Just enough room for the file, and none for what follows.
    let fill = "mkdir -p $DATA && mount -t tmpfs -o size=400k tmpfs $DATA \
        && head -c 320000 /dev/zero > $DATA/ballast";
    let mut tty = mounted(&home, fill, "start warm-up");
    tty.wait_until("the disk to be full", |screen| {
        screen.contains("Nothing can be saved") || screen.contains("Does any of these apply")
    });
    for keys in ["1", "\r", "\x1b[C"] {
        if tty.text().contains("Nothing can be saved") {
            break;
        }
        tty.keys(keys).rest(APART);
    }
    tty.wait_for("Nothing can be saved").wait_for("full").keys("1").wait_for("not saved");
    // Room is made, in the program's own view of the disk.
    let data = home.path().join("data").display().to_string();
    let inside = format!("/proc/{}/root{data}", tty.pid());
    std::fs::remove_file(format!("{inside}/ballast")).expect("the ballast");
    for keys in ["1", "\r", "\r", "\x1b[C"] {
        tty.rest(APART).keys(keys).rest(APART);
        if !tty.text().contains("not saved") {
            break;
        }
    }
    tty.wait_until("all of it to be saved", |screen| !screen.contains("not saved"));
    let copy = home.path().join("copy.sqlite3");
    for more in ["", "-wal"] {
        std::fs::copy(format!("{inside}/{FILE}{more}"), format!("{}{more}", copy.display())).expect("a copy");
    }
    let store = Connection::open(copy).expect("a database");
    let events: i64 = store.query_row("SELECT count(*) FROM event", [], |row| row.get(0)).expect("the events");
    assert!(events > 0);
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn a_folder_that_cannot_be_written_to_still_lets_the_person_train() {
    if !can_mount() {
        return;
    }
    let home = Home::new();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("\x03");
    tty.end();
    let mut tty = mounted(&home, "mount --bind $DATA $DATA && mount -o remount,bind,ro $DATA", "");
    tty.wait_for("Nothing can be saved").keys("1").wait_for("not saved");
    tty.keys("h").wait_for("Space next page").keys("\x1b[D").wait_for("Warm-up · left open").keys("q");
    tty.wait_for("Warm-up").keys("3").wait_for("Is there anything new").rest(APART).keys("1");
    tty.wait_for("Today's plan");
    tty.wait_for("not saved").keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn a_folder_that_is_a_file_and_a_newer_store_are_told_with_their_place() {
    let home = Home::new();
    std::fs::write(home.path().join("data"), "not a folder").expect("a file");
    let mut tty = home.start(&[], (80, 24));
    tty.wait_for("Nothing can be saved").wait_for("/data: ").keys("2");
    assert_eq!(tty.end().exit_code(), 0);
    assert_eq!(std::fs::read_to_string(home.path().join("data")).expect("the file"), "not a folder");

    let home = Home::new();
    let data = home.path().join("data");
    let mut tty = home.start(&[], (80, 24));
    tty.wait_for("Space start").keys("q");
    tty.end();
    Connection::open(data.join(FILE))
        .expect("a database")
        .execute_batch("PRAGMA user_version = 77")
        .expect("a version");
    let before = std::fs::read(data.join(FILE)).expect("the file");
    let mut tty = home.start(&[], (80, 24));
    tty.wait_for("Nothing can be saved").wait_for("newer dorsi").keys("2");
    tty.end();
    assert_eq!(std::fs::read(data.join(FILE)).expect("the file"), before, "it is left as it was");
}

#[test]
fn damaged_files_are_kept_aside_and_the_name_is_told() {
    let home = Home::new();
    let data = home.path().join("data");
    std::fs::create_dir(&data).expect("a folder");
    let noise: Vec<u8> = (0..9_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    std::fs::write(data.join(FILE), &noise).expect("a file");
    let mut tty = home.start(&[], (80, 24));
    tty.wait_for("was damaged").wait_for("damaged-").keys("q");
    tty.end();
    assert_eq!(std::fs::read(data.join("dorsi-damaged-1.sqlite3")).expect("the damaged file"), noise);
}

#[test]
fn damage_that_only_a_thorough_look_finds_is_told_on_the_first_screen() {
    let home = Home::new();
    let data = home.path().join("data");
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").keys("q").wait_for("Leave?");
    tty.keys("3").wait_for("Summary").rest(APART).keys("q").wait_for("Space start").rest(APART).keys("q");
    tty.end();
    Connection::open(data.join(FILE))
        .and_then(|connection| connection.execute("UPDATE event SET fact = '{\"levitated\":1}' WHERE number = 0", []))
        .expect("a damaged row");
    let mut tty = home.start(&[], (80, 24));
    tty.wait_for("was damaged").wait_for("damaged-");
    assert!(data.join("dorsi-damaged-1.sqlite3").exists());
}

#[test]
fn without_a_home_folder_variable_it_starts() {
    let home = Home::new();
    let mut command = CommandBuilder::new("/usr/bin/env");
    command.args(["-u", "HOME", "-u", "XDG_DATA_HOME", env!("CARGO_BIN_EXE_dorsi")]);
    command.args(home.arguments());
    let mut tty = Tty::run(home.path(), command, (80, 24));
    tty.wait_for("Space start").keys("q");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn windows_on_one_folder_know_of_a_session_that_is_under_way_in_one_of_them() {
    let home = Home::new();
    let mut first = home.start(&[], (80, 24));
    first.wait_for("Space start");
    let mut second = home.start(&["start", "warm-up"], (80, 24));
    second.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan");
    // It was open before: the first key tells of the session, and does nothing else.
    first.keys(" ").wait_for("under way in another window");
    assert!(!first.text().contains("Continue"), "{}", first.text());
    first.keys("h").wait_for("Space next page").keys("\x1b[D").wait_for("Warm-up · left open");
    first.rest(APART).keys("\r").wait_for("n note");
    assert!(!first.text().contains("r remove") && !first.text().contains("e as stopped early"), "{}", first.text());
    second.keys("\r").wait_for("Face away from it");
    // A third one is opened after.
    let mut third = home.start(&[], (80, 24));
    third.wait_for("under way in another window");
    assert!(!third.text().contains("Continue"), "{}", third.text());

    second.keys("\x03");
    second.end();
    third.keys(" ").wait_for("Continue where you stopped");
    first.rest(APART).keys("q").rest(APART).keys("q").wait_for("Continue where you stopped");
}
