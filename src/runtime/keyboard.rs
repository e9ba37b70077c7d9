//! What the events of a keyboard do to the program.

use crossterm::event::{KeyEvent, KeyEventKind};

use crate::app::{App, Effect};
use crate::keymap::{self, Action, Context, HeldKey, Key, OneButton, Press};
use crate::logging::kind;

/// A keyboard, with what it takes to tell presses from a key that is held down.
#[derive(Clone, Debug, Default)]
pub struct Keyboard {
    held: HeldKey,
    button: OneButton,
}

impl Keyboard {
    /// Time has passed: what is due by `now`.
    pub fn wake(&mut self, app: &mut App, now: u64) -> Vec<Effect> {
        match self.button.wake(now) {
            true => app.press(now, Action::Twice),
            false => app.wake(now),
        }
    }

    /// The moment at which [`Keyboard::wake`] is due, in milliseconds of the program's clock.
    pub fn deadline(&self) -> Option<u64> {
        self.button.deadline()
    }

    /// For so many `millis` before now nobody read its events.
    pub fn was_deaf(&mut self, millis: u64) {
        self.held.was_deaf(millis);
    }

    /// What `event` does, which was read at `now`.
    pub fn event(&mut self, app: &mut App, event: KeyEvent, now: u64) -> Vec<Effect> {
        if app.context() == Context::Note
            && event.kind != KeyEventKind::Release
            && let Some(request) = keymap::text_input(event)
        {
            app.type_note(request);
            return Vec::new();
        }
        let key = Key::from(event);
        match event.kind {
            KeyEventKind::Press => self.press(app, key, now),
            KeyEventKind::Release => {
                self.held.release(key);
                Vec::new()
            }
            KeyEventKind::Repeat => Vec::new(),
        }
    }

    fn press(&mut self, app: &mut App, key: Key, now: u64) -> Vec<Effect> {
        let action = app.context().action(key, &app.config.keys);
        if action == Some(Action::Go) && app.config.settings.one_button {
            return match self.button.press(key, now, &mut self.held) {
                Press::Once => app.press(now, Action::Go),
                Press::Twice => app.press(now, Action::Twice),
                Press::Nothing => Vec::new(),
            };
        }
        let repeat = self.held.is_repeat(key, now);
        let Some(action) = action.filter(|action| !(repeat && app.context().counts_once(*action))) else {
            return Vec::new();
        };
        log::info!("key: {} in {}", kind(&action), kind(&app.context()));
        app.press(now, action)
    }
}
