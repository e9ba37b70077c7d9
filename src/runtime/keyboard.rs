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
            KeyEventKind::Repeat => self.repeat(app, key, now),
        }
    }

    /// What `event` does, which came before the picture that is on the screen now: what leaves in any case leaves.
    pub fn outdated(&mut self, app: &mut App, event: KeyEvent, now: u64) -> Vec<Effect> {
        let key = Key::from(event);
        let action = app.context().action(key, &app.config.keys);
        match (event.kind, action) {
            (KeyEventKind::Release, _) | (_, Some(Action::Leave | Action::Quit | Action::Suspend | Action::Redraw)) => {
                self.event(app, event, now)
            }
            _ => {
                // It may be held down.
                self.held.is_repeat(key, now);
                Vec::new()
            }
        }
    }

    /// A key that the terminal says is held down: it goes on from line to line, and answers nothing.
    fn repeat(&mut self, app: &mut App, key: Key, now: u64) -> Vec<Effect> {
        self.held.is_repeat(key, now);
        let action = app.context().action(key, &app.config.keys);
        let Some(action) = action.filter(|action| !app.context().counts_once(*action)) else { return Vec::new() };
        app.press(now, action)
    }

    fn press(&mut self, app: &mut App, key: Key, now: u64) -> Vec<Effect> {
        let action = app.context().action(key, &app.config.keys);
        if key.is_of_remote() || matches!(action, Some(Action::Go | Action::Back | Action::Up | Action::Down)) {
            app.presenter = key.is_of_remote();
        }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;
    use crate::config::Config;
    use crate::kept::Past;

    fn event(c: char, modifiers: KeyModifiers, kind: KeyEventKind) -> KeyEvent {
        KeyEvent::new_with_kind(KeyCode::Char(c), modifiers, kind)
    }

    #[test]
    fn a_key_that_the_terminal_says_is_held_down_goes_on_from_line_to_line_and_answers_nothing() {
        let mut app = App::new(Arc::new(Config::built_in()), Past::default());
        let mut keyboard = Keyboard::default();
        let arrow = |kind| KeyEvent::new_with_kind(KeyCode::Down, KeyModifiers::NONE, kind);
        let cursor = |app: &App| match app.screen {
            crate::app::Screen::Home { cursor } => cursor,
            _ => panic!("{:?}", app.screen),
        };
        keyboard.event(&mut app, arrow(KeyEventKind::Press), 0);
        for at in 1..=2 {
            keyboard.event(&mut app, arrow(KeyEventKind::Repeat), 500 + 33 * at);
        }
        assert_eq!(cursor(&app), 3);
        let space = event(' ', KeyModifiers::NONE, KeyEventKind::Repeat);
        assert_eq!((keyboard.event(&mut app, space, 900), cursor(&app)), (Vec::new(), 3));
    }

    #[test]
    fn a_key_that_came_before_the_picture_answers_nothing_and_leaves_all_the_same() {
        let mut app = App::new(Arc::new(Config::built_in()), Past::default());
        app.sounds_known = true;
        let mut keyboard = Keyboard::default();
        let space = event(' ', KeyModifiers::NONE, KeyEventKind::Press);
        assert_eq!(keyboard.outdated(&mut app, space, 0), []);
        assert_eq!(keyboard.event(&mut app, space, 500), [], "it is held down since");
        let leave = event('c', KeyModifiers::CONTROL, KeyEventKind::Press);
        assert_eq!(keyboard.outdated(&mut app, leave, 600), [Effect::Quit]);
        keyboard.outdated(&mut app, event(' ', KeyModifiers::NONE, KeyEventKind::Release), 700);
        assert!(!keyboard.event(&mut app, space, 800).is_empty(), "it was let go of");
    }
}
