//! Bytes of a terminal → keys.
//!
//! A parser of our own, since one that waits for the end of a sequence that never comes is deaf to every later key, even
//! to Ctrl-C. Here every state ends: by its last byte, by a byte that can't belong to it, or by a silence
//! ([`Parser::patience`]). What is not understood is dropped; a paste is no key press, whatever letters it holds.

mod sequence;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use sequence::{application, sequence};

/// How long the rest of a sequence may take. An Esc key sends the byte with which every sequence begins, so it is known to
/// be one only after this.
const SEQUENCE: Duration = Duration::from_millis(20);

/// How long the rest of something that no key can be may take, over a slow line too: a paste, or a report that has begun.
const SLOW: Duration = Duration::from_millis(1_000);

/// What comes before a paste.
const PASTE_START: &[u8] = b"\x1b[200~";

/// What comes behind one.
const PASTE_END: &[u8] = b"\x1b[201~";

/// Ctrl-C, which is heard in the middle of anything.
const CTRL_C: u8 = 0x03;

/// The longest sequence that means anything, in bytes.
const LONGEST: usize = 64;

/// What the bytes so far are the beginning of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing.
    #[default]
    Ground,
    /// A character of several bytes.
    Utf8 { bytes: Vec<u8>, length: usize, alt: bool },
    /// Esc, or a sequence.
    Escape,
    /// `ESC [`, with what came after it.
    Csi(Vec<u8>),
    /// `ESC O`, with the modifiers that came after it.
    Ss3(Option<u8>),
    /// `ESC [ [`, which the Linux console sends for F1 to F5.
    Console,
    /// A report of the mouse, so many bytes of which are to come.
    Mouse(u8),
    /// A string that ends with `ESC \` or BEL: whether anything of it has come, and whether the last byte was that ESC.
    Text { has_begun: bool, escaped: bool },
    /// A paste, with the end of it as far as it was seen.
    Paste(Vec<u8>),
}

/// Reads keys out of bytes, in pieces of any size.
#[derive(Clone, Debug, Default)]
pub struct Parser {
    state: State,
    /// So much of the beginning of a paste was given up, and may go on late all the same: a paste that is taken for keys
    /// would press them all.
    given_up: usize,
    /// What came since and goes on with it so far.
    late: Vec<u8>,
}

impl Parser {
    /// The keys that `bytes` complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<KeyEvent> {
        let mut keys = Vec::new();
        // Alone it is pressed, and not pasted: the end of the paste was lost.
        if bytes == [CTRL_C] && matches!(self.state, State::Paste(_)) {
            self.state = State::Ground;
        }
        for byte in bytes {
            self.byte(*byte, &mut keys);
        }
        keys
    }

    /// How long to wait for more before [`Parser::give_up`]; `None` where nothing is expected.
    pub fn patience(&self) -> Option<Duration> {
        match &self.state {
            State::Ground if self.late.is_empty() => None,
            State::Paste(_) | State::Mouse(_) | State::Text { has_begun: true, .. } => Some(SLOW),
            State::Csi(bytes) if !bytes.is_empty() => Some(SLOW),
            _ => Some(SEQUENCE),
        }
    }

    /// Nothing more came: what was begun is over.
    pub fn give_up(&mut self) -> Vec<KeyEvent> {
        let mut keys = Vec::new();
        self.give_late_up(&mut keys);
        match std::mem::take(&mut self.state) {
            State::Escape => {
                keys.push(plain(KeyCode::Esc));
                self.given_up = 1;
            }
            State::Csi(bytes) if PASTE_START[2..].starts_with(&bytes) => self.given_up = 2 + bytes.len(),
            _ => {}
        }
        keys
    }

    /// What came late is no paste: it stands for itself.
    fn give_late_up(&mut self, keys: &mut Vec<KeyEvent>) {
        self.given_up = 0;
        for byte in std::mem::take(&mut self.late) {
            self.ground(byte, false, keys);
        }
    }

    /// Takes `byte` as part of a paste's beginning that was given up, where it is one.
    fn is_late(&mut self, byte: u8) -> bool {
        if self.given_up == 0 || PASTE_START[self.given_up + self.late.len()] != byte {
            return false;
        }
        self.late.push(byte);
        if self.given_up + self.late.len() == PASTE_START.len() {
            (self.given_up, self.late) = (0, Vec::new());
            self.state = State::Paste(Vec::new());
        }
        true
    }

    fn byte(&mut self, byte: u8, keys: &mut Vec<KeyEvent>) {
        match std::mem::take(&mut self.state) {
            State::Ground if self.is_late(byte) => {}
            State::Ground => {
                self.give_late_up(keys);
                self.ground(byte, false, keys);
            }
            State::Escape => self.escape(byte, keys),
            State::Utf8 { bytes, length, alt } => self.character(bytes, length, alt, byte, keys),
            State::Csi(bytes) => self.csi(bytes, byte, keys),
            State::Ss3(None) if matches!(byte, b'2'..=b'8') => self.state = State::Ss3(Some(byte - b'1')),
            State::Ss3(modifiers) => match application(byte, modifiers.unwrap_or(0)) {
                Some(key) => keys.push(key),
                None => self.ground(byte, false, keys),
            },
            State::Console => match byte {
                b'A'..=b'E' => keys.push(plain(KeyCode::F(byte - b'A' + 1))),
                byte => self.ground(byte, false, keys),
            },
            // A report has none of them: it was cut off.
            State::Mouse(_) if byte < b' ' => self.ground(byte, false, keys),
            State::Mouse(1) => {}
            State::Mouse(left) => self.state = State::Mouse(left - 1),
            State::Text { escaped, .. } => self.text(escaped, byte, keys),
            State::Paste(end) => self.paste(end, byte),
        }
    }

    /// The byte behind an Esc.
    fn escape(&mut self, byte: u8, keys: &mut Vec<KeyEvent>) {
        match byte {
            b'[' => self.state = State::Csi(Vec::new()),
            b'O' => self.state = State::Ss3(None),
            b']' | b'P' | b'_' | b'^' | b'X' => self.state = State::Text { has_begun: false, escaped: false },
            0x1b => {
                keys.push(plain(KeyCode::Esc));
                self.state = State::Escape;
            }
            // Whoever wants to leave leaves, whatever was cut off before.
            CTRL_C => self.ground(byte, false, keys),
            byte => self.ground(byte, true, keys),
        }
    }

    /// A further byte of a character that has `length` of them.
    fn character(&mut self, mut bytes: Vec<u8>, length: usize, alt: bool, byte: u8, keys: &mut Vec<KeyEvent>) {
        if byte & 0xc0 != 0x80 {
            return self.ground(byte, false, keys);
        }
        bytes.push(byte);
        if bytes.len() < length {
            self.state = State::Utf8 { bytes, length, alt };
        } else if let Some(c) = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            keys.push(typed(c, alt));
        }
    }

    /// A further byte behind `ESC [`.
    fn csi(&mut self, mut bytes: Vec<u8>, byte: u8, keys: &mut Vec<KeyEvent>) {
        match byte {
            b'[' if bytes.is_empty() => self.state = State::Console,
            b'M' if bytes.is_empty() => self.state = State::Mouse(3),
            0x20..=0x3f if bytes.len() < LONGEST => {
                bytes.push(byte);
                self.state = State::Csi(bytes);
            }
            b'~' if bytes == b"200" => self.state = State::Paste(Vec::new()),
            0x40..=0x7e => keys.extend(sequence(&bytes, byte)),
            // Whatever it was, it is over: the byte stands for itself.
            byte => self.ground(byte, false, keys),
        }
    }

    /// A byte of a string; whether the one before was an Esc.
    fn text(&mut self, escaped: bool, byte: u8, keys: &mut Vec<KeyEvent>) {
        match (escaped, byte) {
            (true, b'\\') | (_, 0x07 | 0x18 | 0x1a) => {}
            (_, 0x1b) => self.state = State::Text { has_begun: true, escaped: true },
            (true, byte) => self.escape(byte, keys),
            (false, CTRL_C) => self.ground(byte, false, keys),
            (false, _) => self.state = State::Text { has_begun: true, escaped: false },
        }
    }

    /// A byte of a paste, of whose end so much was seen.
    fn paste(&mut self, mut end: Vec<u8>, byte: u8) {
        end.push(byte);
        while !PASTE_END.starts_with(&end) {
            end.remove(0);
        }
        if end != PASTE_END {
            self.state = State::Paste(end);
        }
    }

    /// A byte that begins something.
    fn ground(&mut self, byte: u8, alt: bool, keys: &mut Vec<KeyEvent>) {
        let modifiers = if alt { KeyModifiers::ALT } else { KeyModifiers::NONE };
        let control = |c: u8| KeyEvent::new(KeyCode::Char(char::from(c)), modifiers | KeyModifiers::CONTROL);
        match byte {
            0x1b => self.state = State::Escape,
            // Foot pedals that play a keyboard end a line either way.
            b'\r' | b'\n' => keys.push(KeyEvent::new(KeyCode::Enter, modifiers)),
            b'\t' => keys.push(KeyEvent::new(KeyCode::Tab, modifiers)),
            0x7f | 0x08 => keys.push(KeyEvent::new(KeyCode::Backspace, modifiers)),
            0x00 => keys.push(control(b' ')),
            0x01..=0x1a => keys.push(control(byte - 1 + b'a')),
            0x1c..=0x1f => keys.push(control(byte - 0x1c + b'4')),
            0x20..=0x7e => keys.push(typed(char::from(byte), alt)),
            0xc2..=0xdf => self.state = State::Utf8 { bytes: vec![byte], length: 2, alt },
            0xe0..=0xef => self.state = State::Utf8 { bytes: vec![byte], length: 3, alt },
            0xf0..=0xf4 => self.state = State::Utf8 { bytes: vec![byte], length: 4, alt },
            // No character begins like that.
            _ => {}
        }
    }
}

fn plain(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn typed(c: char, alt: bool) -> KeyEvent {
    let shift = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    KeyEvent::new(KeyCode::Char(c), if alt { shift | KeyModifiers::ALT } else { shift })
}
