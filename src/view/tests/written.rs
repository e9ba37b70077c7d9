//! How much a session writes to the terminal: over SSH, all of it goes through the wire.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::*;
use crate::terminal::pen::Pen;
use crate::theme::terminal::Ability;

/// Counts what is written.
#[derive(Default)]
struct Counter(Rc<Cell<usize>>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// So long is trained, in milliseconds.
const HALF_AN_HOUR: u64 = 30 * 60 * 1_000;

/// Bytes that half an hour of training writes on a terminal of 80 × 24 with 256 colours, by somebody who presses the key that
/// goes on after a second wherever the program waits; the session begins anew as often as it ends.
fn half_an_hour(pacing: &str, remote: bool) -> usize {
    let config = mine(&format!("[settings]\npacing = \"{pacing}\"\n"));
    let mut desk = Desk::of(config, Past::default());
    desk.app.remote = remote;
    if remote {
        desk.app.sound = Sound::Remote;
    }
    let ability = Ability::of(|name| (name == "TERM").then(|| "xterm-256color".to_owned()));
    desk.app.look = desk.app.config.look(ability);
    let written = Rc::new(Cell::new(0));
    let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, 80, 24)) };
    let mut screen = Terminal::with_options(Pen::new(Counter(written.clone())), options).unwrap();
    while desk.now < HALF_AN_HOUR {
        let mut seen = Seen::default();
        screen.draw(|frame| seen = super::super::draw(&desk.app, frame)).unwrap();
        screen.backend_mut().show().unwrap();
        let effects = desk.app.was_seen(seen);
        desk.take(effects);
        let next = [desk.app.deadline(), super::super::next_change(&desk.app)].into_iter().flatten().min();
        match next {
            Some(next) => {
                desk.wait(next.saturating_sub(desk.now).max(1));
            }
            None => {
                desk.now += 1_000;
                let keys = match desk.app.context() {
                    Context::Ask => "1",
                    Context::Measure => "3",
                    _ => "space",
                };
                let key: Key = keys.parse().unwrap();
                let action = desk.app.context().action(key, &desk.app.config.keys).unwrap();
                let effects = desk.app.press(desk.now, action);
                desk.take(effects);
            }
        }
    }
    written.get()
}

#[test]
fn half_an_hour_over_ssh_writes_less_than_a_megabyte_and_a_half() {
    for pacing in ["counted", "paced"] {
        let written = half_an_hour(pacing, true);
        assert!((500_000..1_500_000).contains(&written), "{pacing}: {written} bytes");
    }
}

#[test]
fn half_an_hour_here_writes_less_than_three_and_a_half_megabytes() {
    for pacing in ["counted", "paced"] {
        let written = half_an_hour(pacing, false);
        assert!((1_000_000..3_500_000).contains(&written), "{pacing}: {written} bytes");
    }
}
