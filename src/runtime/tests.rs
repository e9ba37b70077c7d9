//! A hundred thousand keys of a keyboard gone mad, on a line that cuts, in a window of any size: the bytes go the whole
//! way that a person's go, from the parser to the store on disk, on a clock that jumps from deadline to deadline.

use std::sync::Arc;

use jiff::Zoned;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::keeping;
use super::keyboard::Keyboard;
use crate::app::{App, Effect, Seen};
use crate::config::{Config, Source};
use crate::kept::Past;
use crate::session::check;
use crate::store::transfer::Reader;
use crate::store::{Imported, Opened, Store};
use crate::terminal::input::Parser;
use crate::view;

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}

/// Keys that do something somewhere.
const KEYS: [&str; 48] = [
    " ", " ", " ", " ", " ", " ", "\r", "\r", "\r", "1", "1", "1", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0",
    "p", "e", "s", "o", "u", "?", "i", "h", "t", "n", "c", "r", "d", "x", "+", "-", "\x7f", "\t", "\x0c", "\x1a", ".",
    "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~",
];

/// Beginnings of sequences whose end got lost.
const CUT: [&str; 12] = [
    "\x1b",
    "\x1b[",
    "\x1b[?",
    "\x1b[1;",
    "\x1bO",
    "\x1b]11;rgb:00",
    "\x1bP>|",
    "\x1b[[",
    "\x1b[M ",
    "\x1b[<0;1",
    "\u{e9}\x1b[",
    "\x1b[200~ q",
];

/// What the terminal sends next, and how long each byte or key of it takes, in milliseconds.
fn piece(chance: &mut Chance) -> (Vec<Vec<u8>>, u64) {
    let whole = |text: String| (vec![text.into_bytes()], 0);
    match chance.below(100) {
        0..25 => whole(" ".to_owned()),
        25..61 => whole(chance.one_of(&KEYS).to_owned()),
        61..63 => whole("q".to_owned()),
        63..70 => {
            let key = chance.one_of(&KEYS).as_bytes().to_vec();
            (vec![key; 2 + chance.below(30) as usize], 33)
        }
        70..76 => {
            let (code, kind) = (chance.one_of(&[32, 13, 49, 113, 57414, 57441]), chance.one_of(&[1, 2, 3]));
            whole(format!("\x1b[{code};{}:{kind}u", 1 + chance.below(16)))
        }
        76..80 => whole(format!("\x1b[200~q o \x03 {}\r\x1b[A\x1b[201~", chance.next())),
        80..84 => whole(format!("\x1b[<{};{};{}M\x1b[M !!", chance.below(70), chance.below(300), chance.below(300))),
        84..90 => whole(chance.one_of(&CUT).to_owned()),
        90..96 => (vec![(0..1 + chance.below(20)).map(|_| chance.next() as u8).filter(|byte| *byte != 3).collect()], 0),
        96..99 => whole(chance.one_of(&["ankle", "脚踝", "e\u{301}", "👨‍👩‍👧", "\u{202e}\u{7f}", "\u{9b}2J"]).to_owned()),
        _ if chance.below(4) == 0 => whole("\x03".to_owned()),
        _ => whole("\x1b".to_owned()),
    }
}

/// How long nothing happens after it, in milliseconds.
fn pause(chance: &mut Chance) -> u64 {
    match chance.below(100) {
        0..30 => 0,
        30..50 => chance.below(900),
        50..96 => 700 + chance.below(6_000),
        96..99 => chance.below(100_000),
        _ => chance.below(90_000_000),
    }
}

/// A size that no window is too strange for.
fn size(chance: &mut Chance) -> (u16, u16) {
    match chance.below(40) {
        0 => (500, 200),
        1..10 => {
            chance.one_of(&[(0, 0), (1, 1), (1, 200), (500, 1), (39, 12), (40, 11), (40, 12), (41, 13), (200, 60)])
        }
        _ => (1 + chance.below(140) as u16, 1 + chance.below(50) as u16),
    }
}

/// The program without a terminal and a loudspeaker.
struct Rig {
    app: App,
    store: Option<Store>,
    keyboard: Keyboard,
    parser: Parser,
    now: u64,
    keys: u64,
    has_quit: bool,
}

fn date() -> Zoned {
    "2026-11-24T08:00[Europe/Berlin]".parse().expect("a date")
}

impl Rig {
    /// The program as it starts.
    fn start(config: &Arc<Config>, folder: &std::path::Path) -> Rig {
        let Opened { store, notice, .. } = Store::open_or_rescue(folder, &[], jiff::Timestamp::MAX).expect("a store");
        assert_eq!(notice, None, "the store is whole");
        let mut app = App::new(config.clone(), Past::default());
        app.remember(store.past().expect("the past"), notice, date());
        let (keyboard, parser) = (Keyboard::default(), Parser::default());
        Rig { app, store: Some(store), keyboard, parser, now: 0, keys: 0, has_quit: false }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let troubles = keeping::keep(&mut self.app, &mut self.store, &effects, date);
        assert_eq!(troubles, [], "everything is kept");
        keeping::read(&mut self.app, self.store.as_ref(), &effects, date);
        assert_eq!(self.app.not_saved, None);
        self.has_quit |= effects.contains(&Effect::Quit);
    }

    fn send(&mut self, bytes: &[u8]) {
        for event in self.parser.feed(bytes) {
            self.keys += 1;
            if self.app.is_unseen() {
                self.draw((80, 24));
            }
            let effects = self.keyboard.event(&mut self.app, event, self.now);
            self.carry_out(effects);
        }
    }

    /// Lets time pass: each deadline is met, or all of them late.
    fn wait(&mut self, millis: u64, late: bool) {
        let end = self.now + millis;
        if self.parser.patience().is_some_and(|patience| u128::from(millis) > patience.as_millis()) {
            for event in self.parser.give_up() {
                let effects = self.keyboard.event(&mut self.app, event, self.now);
                self.carry_out(effects);
            }
        }
        let due = |rig: &Rig| [rig.app.deadline(), rig.keyboard.deadline()].into_iter().flatten().min();
        while let Some(due) = due(self).filter(|due| !late && *due <= end) {
            self.now = self.now.max(due);
            self.wake();
        }
        self.now = end;
        self.wake();
    }

    fn wake(&mut self) {
        let effects = self.keyboard.wake(&mut self.app, self.now);
        self.carry_out(effects);
        let next = [self.app.deadline(), view::next_change(&self.app)].into_iter().flatten().min();
        assert!(next.is_none_or(|next| next > self.now), "the loop would spin: {next:?} at {}", self.now);
    }

    fn draw(&mut self, (width, height): (u16, u16)) {
        let mut screen = Terminal::new(TestBackend::new(width, height)).expect("a screen");
        let mut seen = Seen::default();
        screen.draw(|frame| seen = view::draw(&self.app, frame)).expect("a picture");
        let cells = &screen.backend().buffer().content;
        assert!(cells.iter().all(|cell| !cell.symbol().contains(char::is_control)), "no control reaches the screen");
        let effects = self.app.was_seen(seen);
        self.carry_out(effects);
    }
}

/// Sends `keys` keys and everything between them; starts the program anew whenever it was left.
fn go_mad(seed: u64, keys: u64, toml: &str) {
    let file = Source { name: "test.toml".to_owned(), text: toml.to_owned() };
    let config = Arc::new(Config::load(vec![file]).unwrap_or_else(|refusal| panic!("{refusal}")));
    // In memory, where there is a folder for that: a disk would be synced for each of some ten thousand events.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
    let mut chance = Chance(seed);
    let (mut sent, mut starts) = (0, 0);
    while sent < keys {
        let mut rig = Rig::start(&config, folder.path());
        starts += 1;
        while !rig.has_quit && sent + rig.keys < keys {
            let (pieces, apart) = piece(&mut chance);
            for bytes in pieces {
                rig.send(&bytes);
                rig.wait(apart, false);
            }
            let late = chance.below(20) == 0;
            rig.wait(pause(&mut chance), late);
            if chance.below(40) == 0 {
                let size = size(&mut chance);
                rig.draw(size);
            }
        }
        sent += rig.keys;
        if !rig.has_quit {
            rig.wait(2_000, false);
            rig.send(b"\x03");
            assert!(rig.has_quit, "it quits when asked");
        }
    }
    assert!(starts > 3, "it was left now and then");
    look_into(folder.path());
}

/// The store is whole, and all that is in it could have been trained.
fn look_into(folder: &std::path::Path) {
    let store = Store::open(folder).expect("the store");
    store.verify().expect("it is whole");
    let history = store.history().expect("the sessions");
    assert!(history.len() > 10, "{} sessions", history.len());
    let mut reps = 0;
    for line in &history {
        let kept = store.session(line.id).expect("a session");
        assert_eq!(check::protocol(&kept.protocol), Ok(()));
        for event in &kept.events {
            assert_eq!(check::fact(&kept.protocol, &event.fact), Ok(()));
        }
        assert!(kept.events.is_sorted_by_key(|event| event.at), "time goes on");
        reps += line.digest.reps();
    }
    println!("{} sessions, {reps} reps", history.len());
    assert!(reps > 50, "{reps} reps");
    let mut carried = Vec::new();
    store.export(&mut carried).expect("a file of all sessions");
    let other = tempfile::tempdir().expect("a folder");
    let imported = Store::open(other.path())
        .expect("a store")
        .import(Reader::open(std::io::Cursor::new(&carried)).expect("the file"));
    assert_eq!(imported.expect("all of it"), Imported { added: history.len(), ..Imported::default() });
}

#[test]
fn a_hundred_thousand_random_keys_part_one() {
    go_mad(0x2545_f491_4f6c_dd1d, 25_000, "");
}

#[test]
fn a_hundred_thousand_random_keys_part_two_paced_and_in_ascii() {
    go_mad(0x9e37_79b9_7f4a_7c15, 25_000, "[settings]\npacing = \"paced\"\nglyphs = \"ascii\"\ntheme = \"light\"\n");
}

#[test]
fn a_hundred_thousand_random_keys_part_three_with_one_button() {
    go_mad(0x0123_4567_89ab_cdef, 30_000, "[settings]\none-button = true\n");
}

#[test]
fn a_hundred_thousand_random_keys_part_four_quick_and_in_german() {
    go_mad(0xfeed_beef_cafe_f00d, 25_000, "[settings]\nlanguage = \"de\"\npacing = \"paced\"\nlead-in = 0.2\n");
}
