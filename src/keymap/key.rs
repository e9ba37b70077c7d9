//! A key, whichever way a terminal reports it and a person writes it.

use std::str::FromStr;

use crokey::KeyCombination;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A key with its modifiers, the same whichever way a terminal reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    /// The names of the keys that are not called by the sign that they type, but for those from `f1` to `f35`.
    pub const NAMES: [&str; 16] = [
        "space",
        "enter",
        "tab",
        "backtab",
        "backspace",
        "esc",
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pageup",
        "pagedown",
        "insert",
        "delete",
    ];

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
            KeyCode::Char(c) => {
                let small = c.to_lowercase().next().unwrap_or(c);
                let c = if modifiers.contains(KeyModifiers::CONTROL) { same_control(small) } else { small };
                Key { code: KeyCode::Char(c), modifiers: modifiers - KeyModifiers::SHIFT }
            }
            // Terminals tell of Shift and Tab in two ways.
            KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => Key::normal(KeyCode::BackTab, modifiers),
            KeyCode::BackTab => Key { code, modifiers: modifiers - KeyModifiers::SHIFT },
            code => Key { code, modifiers },
        }
    }

    /// The key itself, without what is held with it.
    pub fn code(self) -> KeyCode {
        self.code
    }

    /// What is held with it: Ctrl, Alt, Shift.
    pub fn modifiers(self) -> KeyModifiers {
        self.modifiers
    }

    /// The digit that the key types, if it does.
    pub fn digit(self) -> Option<u8> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => c.to_digit(10).map(|digit| digit as u8),
            _ => None,
        }
    }

    /// The key that a plain terminal reports where this one is pressed: both are the same bytes.
    pub fn alike(self) -> Option<Key> {
        let (is_ctrl, is_alt) =
            (self.modifiers.contains(KeyModifiers::CONTROL), self.modifiers.contains(KeyModifiers::ALT));
        let without_ctrl = |code| Key { code, modifiers: self.modifiers - KeyModifiers::CONTROL };
        let other = match self.code {
            KeyCode::Char('m' | 'j') if is_ctrl => without_ctrl(KeyCode::Enter),
            KeyCode::Char('i') if is_ctrl => without_ctrl(KeyCode::Tab),
            KeyCode::Char('h' | '8' | '?') if is_ctrl => without_ctrl(KeyCode::Backspace),
            KeyCode::Char('[' | '3') if is_ctrl => Key::plain(KeyCode::Esc),
            KeyCode::Char('a'..='z' | ' ' | '\\' | ']' | '^' | '_') if is_ctrl => return None,
            KeyCode::Char(c) if is_ctrl => without_ctrl(KeyCode::Char(c)),
            // With Esc before it, each of them begins a sequence.
            KeyCode::Char('[' | ']' | '^' | '_') if is_alt => Key::plain(KeyCode::Esc),
            KeyCode::Esc => Key::plain(KeyCode::Esc),
            KeyCode::Enter | KeyCode::Tab | KeyCode::BackTab | KeyCode::Backspace => {
                Key { code: self.code, modifiers: self.modifiers & KeyModifiers::ALT }
            }
            _ => return None,
        };
        (other != self).then_some(other)
    }

    /// Whether presenter remotes send it to turn pages.
    pub fn is_of_remote(self) -> bool {
        matches!(self.code, KeyCode::PageUp | KeyCode::PageDown) && self.modifiers.is_empty()
    }

    /// Whether the key types a character.
    pub fn types(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && !self.modifiers.contains(KeyModifiers::CONTROL)
    }

    /// Whether the key types a decimal point or comma.
    pub fn is_decimal_point(self) -> bool {
        self.modifiers.is_empty() && matches!(self.code, KeyCode::Char('.' | ','))
    }
}

/// The name of the character that Ctrl makes of this one, where it makes the same of several.
fn same_control(c: char) -> char {
    match c {
        '2' | '@' => ' ',
        '4' => '\\',
        '5' => ']',
        '6' | '~' => '^',
        '7' | '/' => '_',
        c => c,
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
        let (last, modifiers) = without_modifiers(name);
        let mut chars = last.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Ok(Key::normal(KeyCode::Char(c), modifiers));
        }
        let number = last.strip_prefix(['f', 'F']).and_then(|number| number.parse().ok());
        if let Some(number @ 1..=35) = number {
            return Ok(Key::normal(KeyCode::F(number), modifiers));
        }
        let combination: KeyCombination = name.parse().map_err(|_| format!("{name:?} is no key"))?;
        match combination.codes {
            // No plain terminal tells of that modifier, and without it the key would be another one.
            _ if combination.modifiers.contains(KeyModifiers::SUPER) => {
                Err(format!("{name:?} is no key of a terminal"))
            }
            crokey::OneToThree::One(code) => Ok(Key::normal(code, combination.modifiers)),
            _ => Err(format!("{name:?} is more than one key")),
        }
    }
}

/// The name of the key itself, and the modifiers before it.
fn without_modifiers(name: &str) -> (&str, KeyModifiers) {
    let (mut last, mut modifiers) = (name, KeyModifiers::NONE);
    let known = [("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT), ("shift-", KeyModifiers::SHIFT)];
    let leads = |text: &str, prefix: &str| text.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix));
    while let Some((prefix, modifier)) = known.iter().find(|(prefix, _)| leads(last, prefix)) {
        (last, modifiers) = (&last[prefix.len()..], modifiers | *modifier);
    }
    (last, modifiers)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        name.parse().expect(name)
    }

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
        assert!(Key::NAMES.iter().all(|name| name.parse::<Key>().is_ok()));
        assert!("spacebar".parse::<Key>().is_err());
        assert!("a-b".parse::<Key>().is_err());
        assert!("cmd-p".parse::<Key>().is_err(), "it would be p");
    }

    #[test]
    fn every_key_that_a_terminal_sends_has_a_name_that_is_read_again() {
        let chars = "aß字öéд -_+.,;^\\[]'\"~1٣".chars().map(KeyCode::Char);
        let others = [KeyCode::Enter, KeyCode::Tab, KeyCode::BackTab, KeyCode::Esc, KeyCode::Insert, KeyCode::Delete];
        let codes: Vec<_> = chars.chain(others).chain((1..=35).map(KeyCode::F)).collect();
        for code in codes {
            for bits in 0..8 {
                let key = Key::from(KeyEvent::new(code, KeyModifiers::from_bits_truncate(bits)));
                assert_eq!(String::from(key).parse(), Ok(key), "{}", String::from(key));
            }
        }
    }

    #[test]
    fn keys_that_are_the_same_bytes_are_alike() {
        for (name, other) in [
            ("ctrl-m", "enter"),
            ("ctrl-j", "enter"),
            ("ctrl-i", "tab"),
            ("ctrl-h", "backspace"),
            ("ctrl-8", "backspace"),
            ("ctrl-?", "backspace"),
            ("ctrl-[", "esc"),
            ("ctrl-3", "esc"),
            ("ctrl-alt-m", "alt-enter"),
            ("ctrl-1", "1"),
            ("ctrl-.", "."),
            ("ctrl-ö", "ö"),
            ("ctrl-enter", "enter"),
            ("shift-enter", "enter"),
            ("ctrl-backspace", "backspace"),
            ("ctrl-tab", "tab"),
            ("alt-esc", "esc"),
            ("alt-[", "esc"),
            ("alt-]", "esc"),
        ] {
            let (key, other): (Key, Key) = (key(name), key(other));
            assert_eq!(key.alike(), Some(other), "{name}");
        }
        for name in
            ["m", "alt-m", "enter", "alt-enter", "ctrl-r", "ctrl-space", "ctrl-\\", "ctrl-]", "ctrl-left", "backtab"]
        {
            assert_eq!(key(name).alike(), None, "{name}");
        }
    }

    #[test]
    fn keys_of_one_name_are_heard_in_every_terminal() {
        let heard = |code, modifiers| Key::from(KeyEvent::new(code, modifiers));
        for (name, plain, modern) in [
            ("ctrl-\\", '4', '\\'),
            ("ctrl-]", '5', ']'),
            ("ctrl-^", '6', '^'),
            ("ctrl-_", '7', '_'),
            ("ctrl-/", '7', '/'),
            ("ctrl-7", '7', '7'),
            ("ctrl-space", ' ', ' '),
            ("ctrl-2", ' ', '2'),
        ] {
            for c in [plain, modern] {
                assert_eq!(heard(KeyCode::Char(c), KeyModifiers::CONTROL), key(name), "{name} as {c:?}");
            }
            assert_eq!(String::from(key(name)).parse(), Ok(key(name)), "{name}");
        }
        for name in ["shift-tab", "backtab"] {
            assert_eq!(heard(KeyCode::BackTab, KeyModifiers::NONE), key(name), "a plain terminal");
            assert_eq!(heard(KeyCode::Tab, KeyModifiers::SHIFT), key(name), "a modern one");
            assert_eq!(String::from(key(name)).parse(), Ok(key(name)), "{name}");
        }
    }

    #[test]
    fn caps_lock_and_shift_do_not_hide_a_key() {
        let typed = KeyEvent::new(KeyCode::Char('P'), KeyModifiers::SHIFT);
        assert_eq!(Key::from(typed), "p".parse().unwrap());
    }
}
