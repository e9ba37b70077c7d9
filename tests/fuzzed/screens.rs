//! The screens of a program that was handed odd things, each looked at.

use std::sync::Arc;

use dorsi::app::{App, Seen};
use dorsi::config::Config;
use dorsi::kept::Past;
use dorsi::keymap::{Action, Context};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// The sizes that are looked at in turn.
const SIZES: [(u16, u16); 2] = [(80, 24), (40, 12)];

/// What a person who is in no hurry might press, again and again.
const PRESSES: [Action; 12] = [
    Action::Go,
    Action::Digit(1),
    Action::Go,
    Action::Go,
    Action::Pause,
    Action::Go,
    Action::Down,
    Action::Back,
    Action::Go,
    Action::Ouch,
    Action::Digit(2),
    Action::Go,
];

/// Whether `text` is free of all that can disturb a terminal, but for the ends of its lines.
pub fn is_plain(text: &str) -> bool {
    let disturbs = |c: char| match c {
        '\n' => false,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    };
    !text.chars().any(disturbs)
}

/// A person at the keyboard, with a clock that jumps.
pub struct Desk {
    pub app: App,
    looks: usize,
}

impl Desk {
    pub fn new(config: Arc<Config>, past: Past) -> Desk {
        Desk { app: App::new(config, past), looks: 0 }
    }

    /// Looks at the screen: nothing on it can disturb the terminal.
    pub fn look(&mut self) {
        let (width, height) = SIZES[self.looks % SIZES.len()];
        self.looks += 1;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
        let mut seen = Seen::default();
        terminal.draw(|frame| seen = dorsi::view::draw(&self.app, frame)).expect("a picture");
        for cell in terminal.backend().buffer().content() {
            assert!(is_plain(cell.symbol()) && cell.symbol() != "\n", "{:?} is on the screen", cell.symbol());
        }
        self.app.was_seen(seen);
    }

    /// Presses a key, and looks at what it leads to.
    pub fn press(&mut self, action: Action) {
        self.app.press(self.app.now, action);
        self.look();
    }

    /// Goes on with the session that is open, for at most so many keys and deadlines.
    pub fn train(&mut self, most: usize) {
        for turn in 0..most {
            match (self.app.context(), self.app.deadline()) {
                (Context::Summary | Context::Home, _) => return,
                // Deadlines and keys take turns, so that neither keeps the other away.
                (_, Some(due)) if turn % 3 > 0 => {
                    self.app.wake(due.max(self.app.now));
                    self.app.now = self.app.now.max(due);
                    self.look();
                }
                _ => {
                    self.press(PRESSES[turn % PRESSES.len()]);
                }
            }
        }
    }
}
