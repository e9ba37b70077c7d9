//! Keys and what they do: one table, from which both the handling and the help are made.

mod context;
mod held;
mod key;
mod learn;
mod misbound;
mod one_button;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use context::{Context, Offer};
pub use held::HeldKey;
pub use key::Key;
pub use learn::{Learner, Taught, WANTED};
pub use misbound::Misbound;
pub use one_button::{OneButton, Press};
use tui_input::InputRequest;

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident $field:ident),* $(,)?) => {
        /// What a key can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])* $action,)*
            /// Choose the answer with this number, or type the digit.
            Digit(u8),
            /// Type a decimal point.
            Point,
            /// Leave at once; the session stays resumable.
            Leave,
            /// Give the terminal back to the shell for a while.
            Suspend,
            /// Draw the whole screen anew.
            Redraw,
            /// The one button, pressed twice.
            Twice,
        }

        /// The keys of each action.
        #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct Bindings {
            $($(#[$doc])* pub $field: Vec<Key>,)*
        }

        impl Bindings {
            /// The keys of `action`; `None` for one that can't be bound.
            pub fn keys_mut(&mut self, action: Action) -> Option<&mut Vec<Key>> {
                match action {
                    $(Action::$action => Some(&mut self.$field),)*
                    _ => None,
                }
            }

            /// Every action that can be bound, with its name in TOML and its keys.
            pub fn all(&self) -> Vec<(Action, &'static str, &[Key])> {
                vec![$((Action::$action, stringify!($field), self.$field.as_slice()),)*]
            }
        }
    };
}

actions! {
    /// Go on: the one key that is always right.
    Go go,
    /// Take back the last rep, or the last answer.
    Back back,
    /// To the next line of a list, and from the last to the first; where there is no list, take back. A presenter remote
    /// has one key beside the one that goes on.
    NextLine next_line,
    /// Up in a list.
    Up up,
    /// Down in a list.
    Down down,
    /// Less, or back where nothing can be less.
    Left left,
    /// More, or on where nothing can be more.
    Right right,
    /// Pause, or go on after a pause.
    Pause pause,
    /// Skip what is open.
    Skip skip,
    /// End the set here.
    EndSet end_set,
    /// It hurts, or pinches.
    Ouch ouch,
    /// Leave, after asking.
    Quit quit,
    /// Show the keys.
    Help help,
    /// Switch between cm and inches.
    Units units,
    /// Sound off, or on again.
    Mute mute,
    /// Louder.
    Louder louder,
    /// Quieter.
    Quieter quieter,
    /// Show what was done over weeks.
    History history,
    /// Read about it.
    Learn learn,
    /// Try the sounds.
    SoundCheck sound_check,
    /// Write a note on a session.
    Note note,
    /// Put the results of a session right.
    Correct correct,
    /// Remove a session.
    Remove remove,
    /// Go on with the configuration as it was edited meanwhile.
    TakeOver take_over,
    /// Only what must be read from afar, over the whole screen; or everything again.
    Distance distance,
}

impl Bindings {
    /// The name in TOML of `action`.
    pub fn name(&self, action: Action) -> String {
        let found = self.all().into_iter().find(|(other, ..)| *other == action);
        found.map_or_else(String::new, |(_, name, _)| name.replace('_', "-"))
    }
}

/// What a key does to a line of text that is being written; nothing where it is for the program.
pub fn text_input(event: crossterm::event::KeyEvent) -> Option<InputRequest> {
    use tui_input::backend::crossterm::to_input_request;
    let key = Key::from(event);
    if key == Key::ctrl('c') || key == Key::ctrl('z') || key == Key::ctrl('l') {
        return None;
    }
    to_input_request(&crossterm::event::Event::Key(event))
}
