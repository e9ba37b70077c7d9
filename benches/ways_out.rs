//! How long the program takes to end, in the middle of a set: less than 250 ms after a key or a signal, less than a second
//! after its terminal was closed.
#![expect(clippy::disallowed_methods, reason = "a real program is waited for on a real clock")]

#[path = "../tests/pty/tty.rs"]
#[expect(dead_code, reason = "the tests of the terminal need more of it")]
mod tty;

use std::time::{Duration, Instant};

use rustix::process::Signal;
use tty::{APART, Home, Tty};

/// How often each way is gone.
const TIMES: usize = 10;

const AFTER_A_WISH: Duration = Duration::from_millis(250);
const AFTER_ITS_TERMINAL: Duration = Duration::from_secs(1);

/// A program in the middle of a set.
fn training() -> (Home, Tty) {
    let home = Home::new();
    let mut tty = home.start(&["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1").wait_for("Today's plan").rest(APART).keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("press Space");
    (home, tty)
}

/// A terminal that has stopped to read, and is full.
fn stall(tty: &mut Tty) {
    tty.stall(true);
    for columns in 80..200 {
        tty.resize(columns, 60).rest(10);
    }
}

/// A way out, with what comes before it and the moment from which it counts.
type Way = (&'static str, Duration, fn(&mut Tty) -> Instant);

const WAYS: [Way; 8] = [
    ("q and yes", AFTER_A_WISH, |tty| {
        tty.keys("q").wait_for("Leave?").rest(APART);
        let now = Instant::now();
        tty.keys("2");
        now
    }),
    ("Ctrl-C", AFTER_A_WISH, |tty| {
        let now = Instant::now();
        tty.keys("\x03");
        now
    }),
    ("SIGTERM", AFTER_A_WISH, |tty| signalled(tty, Signal::TERM)),
    ("SIGINT", AFTER_A_WISH, |tty| signalled(tty, Signal::INT)),
    ("SIGHUP", AFTER_A_WISH, |tty| signalled(tty, Signal::HUP)),
    ("SIGQUIT", AFTER_A_WISH, |tty| signalled(tty, Signal::QUIT)),
    ("SIGTERM, terminal full", AFTER_A_WISH, |tty| {
        stall(tty);
        signalled(tty, Signal::TERM)
    }),
    ("terminal closed", AFTER_ITS_TERMINAL, |tty| {
        tty.close();
        Instant::now()
    }),
];

fn signalled(tty: &mut Tty, signal: Signal) -> Instant {
    let now = Instant::now();
    tty.signal(signal);
    now
}

/// How long the program takes to end after that.
fn time(way: fn(&mut Tty) -> Instant) -> Duration {
    let (_home, mut tty) = training();
    let asked = way(&mut tty);
    while tty.child.try_wait().expect("the program is known").is_none() {
        assert!(asked.elapsed() < tty::PATIENCE, "it does not end");
        std::thread::sleep(Duration::from_micros(500));
    }
    asked.elapsed()
}

fn main() {
    let mut too_long = false;
    for (name, bound, way) in WAYS {
        let mut times: Vec<Duration> = (0..TIMES).map(|_| time(way)).collect();
        times.sort();
        let (middle, longest) = (times[TIMES / 2], times[TIMES - 1]);
        println!("{name:<24} {middle:>8.1?} in the middle, {longest:>8.1?} at most, {bound:?} allowed");
        too_long |= longest > bound;
    }
    assert!(!too_long, "a way out takes too long");
}
