//! Keys and what they do: one table, from which both the handling and the help are made.

use std::collections::HashMap;
use std::str::FromStr;

use crokey::KeyCombination;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::config::words::Keys as Labels;

/// A key with its modifiers, the same whichever way a terminal reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: KeyCode) -> Key {
        Key { code, modifiers: KeyModifiers::NONE }
    }

    /// A key with Ctrl.
    pub const fn ctrl(letter: char) -> Key {
        Key { code: KeyCode::Char(letter), modifiers: KeyModifiers::CONTROL }
    }

    fn normal(code: KeyCode, modifiers: KeyModifiers) -> Key {
        let modifiers = modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        match code {
            // A character says by itself whether Shift was held; caps lock must not turn a shortcut off.
            KeyCode::Char(c) => Key {
                code: KeyCode::Char(c.to_lowercase().next().unwrap_or(c)),
                modifiers: modifiers - KeyModifiers::SHIFT,
            },
            code => Key { code, modifiers },
        }
    }

    /// The digit that the key types, if it does.
    pub fn digit(self) -> Option<u8> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => c.to_digit(10).map(|digit| digit as u8),
            _ => None,
        }
    }

    /// Whether the key types a decimal point or comma.
    pub fn is_decimal_point(self) -> bool {
        self.modifiers.is_empty() && matches!(self.code, KeyCode::Char('.' | ','))
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Key {
        Key::normal(event.code, event.modifiers)
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(name: &str) -> Result<Key, String> {
        let mut chars = name.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Ok(Key::normal(KeyCode::Char(c), KeyModifiers::NONE));
        }
        let combination: KeyCombination = name.parse().map_err(|_| format!("{name:?} is no key"))?;
        match combination.codes {
            crokey::OneToThree::One(code) => Ok(Key::normal(code, combination.modifiers)),
            _ => Err(format!("{name:?} is more than one key")),
        }
    }
}

impl TryFrom<String> for Key {
    type Error = String;

    fn try_from(name: String) -> Result<Key, String> {
        name.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        KeyCombination::new(key.code, key.modifiers).to_string().to_lowercase()
    }
}

impl JsonSchema for Key {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Key".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "key", "examples": ["space", "pagedown", "ctrl-r", "p"] })
    }
}

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
        }

        /// The keys of each action.
        #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct Bindings {
            $($(#[$doc])* pub $field: Vec<Key>,)*
        }

        impl Bindings {
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
    /// Show the sessions so far.
    History history,
}

/// What is wrong with a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbound {
    /// The action has no key.
    None(Action),
    /// This key of the action, by its place in the list, always does something else.
    Reserved(Action, usize),
    /// This key of the action does the other one somewhere where both are offered.
    Taken(Action, usize, Action),
}

impl Bindings {
    /// The name in TOML of `action`.
    pub fn name(&self, action: Action) -> String {
        let found = self.all().into_iter().find(|(other, ..)| *other == action);
        found.map_or_else(String::new, |(_, name, _)| name.replace('_', "-"))
    }

    /// Everything that would leave an action without a key, or a key with two meanings.
    pub fn misbound(&self) -> Vec<Misbound> {
        let all = self.all();
        let mut wrong = Vec::new();
        for (action, _, keys) in &all {
            if keys.is_empty() {
                wrong.push(Misbound::None(*action));
            }
            let reserved = |key: &Key| key.digit().is_some() || ['c', 'z', 'l'].map(Key::ctrl).contains(key);
            let reserved = keys.iter().enumerate().filter(|(_, key)| reserved(key));
            wrong.extend(reserved.map(|(index, _)| Misbound::Reserved(*action, index)));
        }
        for (index, (one, _, keys)) in all.iter().enumerate() {
            for (other, _, other_keys) in &all[..index] {
                let both = |context: &Context| {
                    let offered = |action| context.offers().iter().any(|(offer, _)| *offer == action);
                    offered(*one) && offered(*other)
                };
                if Context::ALL.iter().any(both) {
                    let shared = keys.iter().enumerate().filter(|(_, key)| other_keys.contains(key));
                    wrong.extend(shared.map(|(at, _)| Misbound::Taken(*one, at, *other)));
                }
            }
        }
        wrong
    }
}

/// Where a key is pressed: what there is to do there decides what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The first screen.
    Home,
    /// The list of sessions so far.
    History,
    /// A question with options.
    Ask,
    /// A question with a scale.
    Scale,
    /// A test.
    Measure,
    /// Something to read or to get ready.
    Read,
    /// Advice instead of exercise.
    Advice,
    /// The plan.
    Plan,
    /// The countdown before a rep.
    Lead,
    /// A set counted at the keyboard.
    Counted,
    /// A set that the program leads, below the low end of its range.
    Paced,
    /// A set that the program leads, from the low end on.
    PacedEnough,
    /// A rest, or the time to change over.
    Timer,
    /// A paused session.
    Paused,
    /// A choice to be made before anything goes on.
    Choice,
    /// It hurts: only an answer goes on.
    Hurt,
    /// A question with more options than were on the screen so far.
    Unread,
    /// A rest that is a step of its own.
    Rest,
    /// The summary.
    Summary,
    /// The list of keys.
    Help,
}

/// An action as a context offers it, with the word that says what it does there.
pub type Offer = (Action, fn(&Labels) -> &str);

macro_rules! offers {
    ($($action:ident $label:ident),* $(,)?) => { &[$((Action::$action, |labels| &labels.$label),)*] };
}

impl Context {
    const ALL: [Context; 20] = [
        Context::Home,
        Context::History,
        Context::Ask,
        Context::Unread,
        Context::Scale,
        Context::Measure,
        Context::Read,
        Context::Advice,
        Context::Plan,
        Context::Lead,
        Context::Counted,
        Context::Paced,
        Context::PacedEnough,
        Context::Timer,
        Context::Rest,
        Context::Paused,
        Context::Choice,
        Context::Hurt,
        Context::Summary,
        Context::Help,
    ];

    /// What there is to do here, the most needed first.
    pub fn offers(self) -> &'static [Offer] {
        match self {
            Context::Home => offers![Go start, Up choose, Down choose, History history, Help help, Quit quit],
            Context::History => {
                offers![Go home, Up scroll, Down scroll, Help help, Back home, Pause home, Left home, Quit home]
            }
            Context::Ask => offers![
                Go take, Up choose, Down choose, Back back, Skip skip, Quit quit, Help help, Pause pause, Right take,
                Left back,
            ],
            Context::Scale => offers![
                Go take, Left change, Right change, Back back, Skip skip, Quit quit, Help help, Pause pause, Up change,
                Down change,
            ],
            Context::Measure => offers![
                Go take, Up choose, Down choose, Units units, Back back, Skip skip, Quit quit, Help help, Pause pause,
                Right take, Left back,
            ],
            Context::Read => offers![
                Go ready, Back back, Skip skip, Up scroll, Down scroll, Quit quit, Help help, Pause pause, Right ready,
                Left back,
            ],
            Context::Advice => {
                offers![Go end, Back mistake, Up scroll, Down scroll, Quit quit, Help help, Right end, Left mistake]
            }
            Context::Plan => offers![
                Go begin, Up choose, Down choose, Left change, Right change, Back back, Quit quit, Help help,
                Pause pause,
            ],
            Context::Lead => offers![
                Go now, Pause pause, Ouch ouch, Back undo, Skip skip, Quit quit, Help help, EndSet end_set, Mute mute,
                Louder louder, Quieter quieter, Right now, Left undo, Down end_set,
            ],
            Context::Timer => offers![
                Go now, Pause pause, Ouch ouch, Back undo, Skip skip, Quit quit, Help help, Mute mute, Louder louder,
                Quieter quieter, Right now, Left undo,
            ],
            Context::Rest => offers![
                Go now, Pause pause, Back back, Skip skip, Quit quit, Help help, Mute mute, Louder louder,
                Quieter quieter, Right now, Left back,
            ],
            Context::Unread => offers![
                Go more, Up choose, Down choose, Back back, Quit quit, Help help, Pause pause, Right more, Left back,
            ],
            Context::Hurt => offers![Go take, Up choose, Down choose, Right take, Quit quit, Help help],
            Context::Counted => offers![
                Go count, Ouch ouch, Pause pause, Back undo, EndSet end_set, Skip skip, Quit quit, Help help, Mute mute,
                Louder louder, Quieter quieter, Right count, Left undo, Down end_set,
            ],
            Context::Paced => offers![
                Go pause, Ouch ouch, Back undo, EndSet end_set, Skip skip, Quit quit, Help help, Pause pause, Mute mute,
                Louder louder, Quieter quieter, Right pause, Left undo, Down end_set,
            ],
            Context::PacedEnough => offers![
                Go end_set, Ouch ouch, Pause pause, Back undo, Skip skip, Quit quit, Help help, EndSet end_set, Mute mute,
                Louder louder, Quieter quieter, Right end_set, Left undo, Down end_set,
            ],
            Context::Paused => offers![
                Go take, Up choose, Down choose, Back undo, Pause go_on, EndSet end_set, Skip skip, Ouch ouch, Quit quit,
                Help help, Right take, Left go_on, Mute mute, Louder louder, Quieter quieter,
            ],
            Context::Choice => offers![
                Go take, Up choose, Down choose, Back go_on, Help help, Quit quit, Right take, Left go_on, Pause go_on,
            ],
            Context::Summary => offers![Go home, Up scroll, Down scroll, Help help, Quit home, Right home],
            Context::Help => offers![
                Go close, Up scroll, Down scroll, Back close, Help close, Quit close, Pause close, Left close,
                Right close,
            ],
        }
    }

    /// Whether digits choose or type something here.
    pub fn takes_digits(self) -> bool {
        matches!(
            self,
            Context::Home
                | Context::Ask
                | Context::Unread
                | Context::Scale
                | Context::Measure
                | Context::Paused
                | Context::Choice
                | Context::Hurt
        )
    }

    /// Whether `action` must not be repeated here by a key that is only held down.
    pub fn counts_once(self, action: Action) -> bool {
        match action {
            Action::Up | Action::Down | Action::Point | Action::Louder | Action::Quieter => false,
            // A digit that is typed may be typed twice; one that answers must not answer the next screen too.
            Action::Digit(_) => !matches!(self, Context::Measure | Context::Scale),
            Action::Left | Action::Right => !matches!(self, Context::Plan | Context::Scale),
            Action::Back => self != Context::Measure,
            _ => true,
        }
    }

    /// What `key` means here; `None` where it means nothing.
    pub fn action(self, key: Key, bindings: &Bindings) -> Option<Action> {
        match key {
            key if key == Key::ctrl('c') => return Some(Action::Leave),
            key if key == Key::ctrl('z') => return Some(Action::Suspend),
            key if key == Key::ctrl('l') => return Some(Action::Redraw),
            _ => {}
        }
        if self.takes_digits()
            && let Some(digit) = key.digit()
        {
            return Some(Action::Digit(digit));
        }
        if self == Context::Measure && key.is_decimal_point() {
            return Some(Action::Point);
        }
        let offered = |action: Action| self.offers().iter().any(|(offer, _)| *offer == action);
        bindings
            .all()
            .into_iter()
            .find(|(action, _, keys)| keys.contains(&key) && offered(*action))
            .map(|(action, ..)| action)
    }
}

/// Tells a key that is held down from one that is pressed again.
///
/// A terminal may report the release of a key, of some keys only, or of none, and may or may not mark repeats. So a key
/// whose release has been seen once is held until its next release; any other one is taken as held while it comes again
/// faster than a person would press it with a purpose: the first repeat of a keyboard comes after up to 0.66 s, the
/// others every few hundredths of a second, and nobody needs the same step twice within that time, in a lunge or reading.
#[derive(Clone, Debug, Default)]
pub struct HeldKey {
    pressed: Option<(Key, u64)>,
    seen: Option<(Key, u64)>,
    /// Keys whose release this terminal reports, and whether each is down.
    reported: HashMap<Key, bool>,
}

impl HeldKey {
    /// The longest that a held key's first repeat takes to come.
    const DELAY_MILLIS: u64 = 700;
    /// The longest between two repeats after that.
    const STREAM_MILLIS: u64 = 120;

    /// Notes that `key` arrived at `now` (milliseconds on any steady clock) and tells whether it is a repeat.
    pub fn is_repeat(&mut self, key: Key, now: u64) -> bool {
        let within = |before: Option<(Key, u64)>, millis| {
            before.is_some_and(|(other, at)| other == key && now.saturating_sub(at) < millis)
        };
        let repeat = match self.reported.get(&key) {
            // A release can get lost with the focus: after a while without a repeat the key is up all the same.
            Some(down) => *down && within(self.seen, Self::DELAY_MILLIS),
            None => within(self.seen, Self::STREAM_MILLIS) || within(self.pressed, Self::DELAY_MILLIS),
        };
        if let Some(down) = self.reported.get_mut(&key) {
            *down = true;
        }
        self.seen = Some((key, now));
        if !repeat {
            self.pressed = Some((key, now));
        }
        repeat
    }

    /// Notes that `key` was let go.
    pub fn release(&mut self, key: Key) {
        self.reported.insert(key, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_keys_are_read_and_written() {
        for (name, key) in [
            ("space", Key::plain(KeyCode::Char(' '))),
            ("?", Key::plain(KeyCode::Char('?'))),
            ("+", Key::plain(KeyCode::Char('+'))),
            ("-", Key::plain(KeyCode::Char('-'))),
            ("ö", Key::plain(KeyCode::Char('ö'))),
            ("pagedown", Key::plain(KeyCode::PageDown)),
            ("ctrl-r", Key::ctrl('r')),
        ] {
            assert_eq!(name.parse::<Key>().unwrap(), key, "{name}");
            assert_eq!(String::from(key).parse::<Key>().unwrap(), key, "{name}");
        }
        assert!("spacebar".parse::<Key>().is_err());
        assert!("a-b".parse::<Key>().is_err());
    }

    #[test]
    fn caps_lock_and_shift_do_not_hide_a_key() {
        let typed = KeyEvent::new(KeyCode::Char('P'), KeyModifiers::SHIFT);
        assert_eq!(Key::from(typed), "p".parse().unwrap());
    }

    #[test]
    fn a_held_key_counts_once_and_a_key_pressed_again_counts_again() {
        let space = Key::plain(KeyCode::Char(' '));
        let mut held = HeldKey::default();
        let stream = std::iter::once(0).chain((0..100).map(|n| 500 + 33 * n));
        let counted = stream.filter(|at| !held.is_repeat(space, *at)).count();
        assert_eq!(counted, 1);
        assert!(!held.is_repeat(space, 500 + 33 * 99 + 800));

        held.is_repeat(Key::ctrl('r'), 5_010);
        assert!(!held.is_repeat(space, 5_020), "a key in between means that this one was let go");

        let mut held = HeldKey::default();
        held.is_repeat(space, 0);
        held.release(space);
        assert!(!held.is_repeat(space, 100), "let go and pressed again");
        let stream = (0..60).map(|n| 600 + 33 * n).filter(|at| !held.is_repeat(space, *at)).count();
        assert_eq!(stream, 0, "held until its release, marked or not");

        let mut held = HeldKey::default();
        let mashed: Vec<u64> = (0..10).map(|n| n * 300).filter(|at| !held.is_repeat(space, *at)).collect();
        assert_eq!(mashed, [0, 900, 1800, 2700]);
    }
}
