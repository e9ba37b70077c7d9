//! Noise on the line: the real program in a real terminal, with keys, pastes, mouse, cut sequences, bytes that are no text,
//! and every size of window. The longer run, of a hundred thousand keys, is `runtime::tests`.

use rusqlite::Connection;

use crate::terminal::given_back;
use crate::tty::{Home, Tty};

const PIECES: [&[u8]; 24] = [
    b" ",
    b" ",
    b"\r",
    b"1",
    b"1",
    b"2",
    b"p",
    b"e",
    b"o",
    b"?",
    b"h",
    b"\x1b[A",
    b"\x1b[B",
    b"\x7f",
    b"\x0c",
    b"\x1b[",
    b"\x1bP",
    b"\x1b[200~ q \x03\x1b[201~",
    b"\x1b[<0;10;20M\x1b[M !!",
    b"\xff\xfe\xe5\xad",
    b"\x1b[?62;4c",
    b"\x1b[32;1:2u",
    b"\xf0\x9f",
    b"\x1b]11;rgb:00",
];

const SIZES: [(u16, u16); 8] = [(1, 1), (500, 200), (80, 24), (39, 11), (40, 12), (200, 60), (1, 200), (132, 50)];

fn go_mad(seed: u64) {
    let home = Home::new();
    let modes = {
        let mut idle = portable_pty::CommandBuilder::new("/bin/sleep");
        idle.arg("60");
        Tty::run(home.path(), idle, (80, 24)).modes()
    };
    let mut chance = seed;
    let mut below = |end: u64| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        ((chance >> 11) % end) as usize
    };
    let start = || {
        let mut tty = home.start(&["start", "warm-up"], (80, 24));
        tty.wait_until("the first question, or what was left open", |screen| {
            let first = ["apply to you?", "anything new", "Continue where you stopped"];
            first.iter().any(|words| screen.contains(words))
        });
        tty
    };
    let mut tty = start();
    for _ in 0..400 {
        for _ in 0..=below(8) {
            tty.bytes(PIECES[below(PIECES.len() as u64)]);
        }
        if below(12) == 0 {
            let (columns, rows) = SIZES[below(SIZES.len() as u64)];
            tty.resize(columns, rows);
        }
        tty.rest(if below(20) == 0 { 900 } else { 4 });
        // Noise too can find its way through a menu to the line that leaves.
        if let Some(status) = tty.child.try_wait().expect("the program is known") {
            assert_eq!(status.exit_code(), 0, "{status:?}");
            tty.rest(50);
            given_back(&tty, &modes);
            tty = start();
        }
    }
    // A paste without its end is over after a second of silence.
    tty.resize(80, 24).rest(1_200);
    if tty.child.try_wait().expect("the program is known").is_none() {
        tty.keys("\x03");
    }
    assert_eq!(tty.end().exit_code(), 0);
    given_back(&tty, &modes);
    let store = Connection::open(home.path().join("data/dorsi.sqlite3")).expect("the store");
    let whole: String = store.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
    assert_eq!(whole, "ok");
    let mut again = home.start(&[], (80, 24));
    again.wait_until("the first screen", |screen| screen.contains("Space ")).keys("\x03");
    assert_eq!(again.end().exit_code(), 0);
    assert!(!again.text().contains("damaged"), "{}", again.text());
}

#[test]
fn noise_of_every_kind_neither_stops_nor_spoils_the_program() {
    go_mad(0x2545_f491_4f6c_dd1d);
}

#[test]
fn noise_of_another_seed_neither_stops_nor_spoils_the_program() {
    go_mad(0x9e37_79b9_7f4a_7c15);
}

#[test]
fn a_window_without_rows_and_columns_is_only_one_that_shows_nothing() {
    let home = Home::new();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").vanish().rest(200).keys("?").rest(100).keys("1").rest(100);
    // No key answers what can't be seen, and the one that leaves does.
    tty.resize(80, 24).wait_for("Does any of these apply to you?").vanish().rest(200).keys("q");
    assert_eq!(tty.end().exit_code(), 0);
}
