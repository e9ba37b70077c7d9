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

    /// The key that a plain terminal reports where this one is pressed: both are the same byte.
    pub fn alike(self) -> Option<Key> {
        let KeyCode::Char(c) = self.code else { return None };
        let code = match c {
            'm' | 'j' => KeyCode::Enter,
            'i' => KeyCode::Tab,
            'h' | '8' => KeyCode::Backspace,
            '[' | '3' => KeyCode::Esc,
            _ => return None,
        };
        let is_ctrl = self.modifiers.contains(KeyModifiers::CONTROL);
        is_ctrl.then_some(Key { code, modifiers: self.modifiers - KeyModifiers::CONTROL })
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
    fn keys_that_are_the_same_byte_are_alike() {
        for (name, other) in [
            ("ctrl-m", "enter"),
            ("ctrl-j", "enter"),
            ("ctrl-i", "tab"),
            ("ctrl-h", "backspace"),
            ("ctrl-[", "esc"),
            ("ctrl-alt-m", "alt-enter"),
        ] {
            let (key, other): (Key, Key) = (name.parse().unwrap(), other.parse().unwrap());
            assert_eq!(key.alike(), Some(other), "{name}");
        }
        for name in ["m", "alt-m", "enter", "ctrl-r", "ctrl-space"] {
            assert_eq!(name.parse::<Key>().unwrap().alike(), None, "{name}");
        }
    }

    #[test]
    fn caps_lock_and_shift_do_not_hide_a_key() {
        let typed = KeyEvent::new(KeyCode::Char('P'), KeyModifiers::SHIFT);
        assert_eq!(Key::from(typed), "p".parse().unwrap());
    }
}
