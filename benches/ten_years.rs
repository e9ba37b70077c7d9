//! Ten years of daily sessions: what opening the program, reading the history and the file itself cost.
//!
//! It fails where a bound is not kept. `cargo bench --bench ten_years -- keep FOLDER DAYS` makes a store to look at instead.
#![expect(clippy::disallowed_methods, reason = "what is measured is real time")]

mod years;

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use dorsi::store::Store;
use jiff::Zoned;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const DAYS: i32 = 3_650;

/// Home may take this many times what it takes on an empty store.
const MOST_RATIO: f64 = 2.0;
/// Reading all of the history, in milliseconds.
const MOST_HISTORY: f64 = 100.0;
/// The file, in millions of bytes.
const MOST_SIZE: f64 = 60.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [keep, folder, days] = &arguments[..]
        && keep == "keep"
    {
        let events = years::fill(Path::new(folder), &Zoned::now(), days.parse().expect("a number of days"));
        println!("{days} sessions, {events} events in {folder}");
        return ExitCode::SUCCESS;
    }

    let empty = tempfile::tempdir().expect("a folder");
    drop(Store::open(empty.path()).expect("a store"));
    let full = tempfile::tempdir().expect("a folder");
    let last: Zoned = "2026-11-20T18:00[Europe/Berlin]".parse().expect("a date");
    let events = years::fill(full.path(), &last, DAYS);
    println!("{DAYS} sessions, {:.0} events each", events as f64 / f64::from(DAYS));

    let store = compared("store opened and past read", 41, empty.path(), full.path(), |folder| {
        Store::open(folder).and_then(|store| store.past()).expect("a past");
    });
    let home = compared("program started, home on the screen", 11, empty.path(), full.path(), first_picture);
    let store_of_years = Store::open(full.path()).expect("a store");
    let history = median(11, || {
        assert_eq!(store_of_years.history().expect("a history").len(), DAYS as usize);
    });
    println!("history read: {history:.1} ms");
    let size = std::fs::metadata(full.path().join("dorsi.sqlite3")).expect("the file").len() as f64 / 1e6;
    println!("file: {size:.1} MB");

    let bounds = [
        ("opening the store", store, MOST_RATIO, "times an empty one"),
        ("opening home", home, MOST_RATIO, "times an empty one"),
        ("reading the history", history, MOST_HISTORY, "ms"),
        ("the file", size, MOST_SIZE, "MB"),
    ];
    let mut code = ExitCode::SUCCESS;
    for (what, found, most, unit) in bounds {
        let is_kept = found < most;
        println!("{}: {what}: {found:.2} of at most {most} {unit}", if is_kept { "kept" } else { "BROKEN" });
        if !is_kept {
            code = ExitCode::FAILURE;
        }
    }
    code
}

/// How many times longer `run` takes on the folder `full` than on `empty`.
fn compared(what: &str, times: usize, empty: &Path, full: &Path, run: impl Fn(&Path)) -> f64 {
    let (few, many) = (median(times, || run(empty)), median(times, || run(full)));
    println!("{what}: {few:.2} ms empty, {many:.2} ms full");
    many / few
}

/// The median of `times` runs, in milliseconds, after one that warms up.
fn median(times: usize, mut run: impl FnMut()) -> f64 {
    run();
    let mut taken: Vec<f64> = (0..times)
        .map(|_| {
            let begin = Instant::now();
            run();
            begin.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    taken[times / 2]
}

/// Starts the real program on a terminal, and waits until its first screen is there.
fn first_picture(folder: &Path) {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_dorsi"));
    command.arg("--data-dir");
    command.arg(folder);
    command.env("TERM", "xterm-256color");
    command.env("XDG_CONFIG_HOME", folder);
    let mut child = pair.slave.spawn_command(command).expect("the program starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let (mut screen, mut bytes) = (String::new(), [0; 8192]);
    // The last line of the first screen.
    while !screen.contains("leave") {
        match reader.read(&mut bytes) {
            Ok(count @ 1..) => screen.push_str(&String::from_utf8_lossy(&bytes[..count])),
            _ => panic!("the program ended:\n{screen}"),
        }
    }
    child.kill().expect("the program ends");
    child.wait().expect("the program ends");
}
