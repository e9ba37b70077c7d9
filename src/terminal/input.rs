//! Bytes of a terminal → keys.
//!
//! A parser of our own, since one that waits for the end of a sequence that never comes is deaf to every later key, even
//! to Ctrl-C. Here every state ends: by its last byte, by a byte that can't belong to it, or by a silence
//! ([`Parser::patience`]). What is not understood is dropped; a paste is no key press, whatever letters it holds.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// How long the rest of a sequence may take. An Esc key sends the byte with which every sequence begins, so it is known to
/// be one only after this.
const SEQUENCE: Duration = Duration::from_millis(20);

/// How long a paste may pause, over a slow line too.
const PASTE: Duration = Duration::from_millis(1_000);

/// What comes before a paste.
const PASTE_START: &[u8] = b"\x1b[200~";

/// The longest sequence that means anything, in bytes.
const LONGEST: usize = 64;

/// A key that a sequence stands for, with how it was pressed.
type Found = Option<KeyEvent>;

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
    /// `ESC O`.
    Ss3,
    /// `ESC [ [`, which the Linux console sends for F1 to F5.
    Console,
    /// A report of the mouse, so many bytes of which are to come.
    Mouse(u8),
    /// A string that ends with `ESC \` or BEL; whether the last byte was that ESC.
    Text(bool),
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
        for byte in bytes {
            self.byte(*byte, &mut keys);
        }
        keys
    }

    /// How long to wait for more before [`Parser::give_up`]; `None` where nothing is expected.
    pub fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground if self.late.is_empty() => None,
            State::Paste(_) => Some(PASTE),
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
            State::Escape => match byte {
                b'[' => self.state = State::Csi(Vec::new()),
                b'O' => self.state = State::Ss3,
                b']' | b'P' | b'_' | b'^' | b'X' => self.state = State::Text(false),
                0x1b => {
                    keys.push(plain(KeyCode::Esc));
                    self.state = State::Escape;
                }
                byte => self.ground(byte, true, keys),
            },
            State::Utf8 { mut bytes, length, alt } => {
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
            State::Csi(mut bytes) => match byte {
                b'[' if bytes.is_empty() => self.state = State::Console,
                b'M' if bytes.is_empty() => self.state = State::Mouse(3),
                0x20..=0x3f if bytes.len() < LONGEST => {
                    bytes.push(byte);
                    self.state = State::Csi(bytes);
                }
                0x40..=0x7e if bytes == b"200" && byte == b'~' => self.state = State::Paste(Vec::new()),
                0x40..=0x7e => keys.extend(sequence(&bytes, byte)),
                // Whatever it was, it is over: the byte stands for itself.
                byte => self.ground(byte, false, keys),
            },
            State::Ss3 => match byte {
                b'M' => keys.push(plain(KeyCode::Enter)),
                b'A'..=b'Z' => keys.extend(letter(byte).map(plain)),
                byte => self.ground(byte, false, keys),
            },
            State::Console => match byte {
                b'A'..=b'E' => keys.push(plain(KeyCode::F(byte - b'A' + 1))),
                byte => self.ground(byte, false, keys),
            },
            State::Mouse(left) => {
                if left > 1 {
                    self.state = State::Mouse(left - 1);
                }
            }
            State::Text(escaped) => match (escaped, byte) {
                (true, b'\\') | (_, 0x07 | 0x18 | 0x1a) => {}
                (true, 0x1b) | (false, 0x1b) => self.state = State::Text(true),
                (true, byte) => {
                    self.state = State::Escape;
                    self.byte(byte, keys);
                }
                (false, 0x03) => self.ground(byte, false, keys),
                (false, _) => self.state = State::Text(false),
            },
            State::Paste(mut end) => {
                const END: &[u8] = b"\x1b[201~";
                end.push(byte);
                while !END.starts_with(&end) {
                    end.remove(0);
                }
                if end != END {
                    self.state = State::Paste(end);
                }
            }
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

/// The key of a whole `ESC [` sequence.
fn sequence(parameters: &[u8], last: u8) -> Found {
    let text = std::str::from_utf8(parameters).ok()?;
    // Replies and reports, none of which was asked for.
    if text.starts_with(['?', '<', '=', '>']) || text.bytes().any(|byte| (0x20..0x30).contains(&byte)) {
        return None;
    }
    let mut fields = text.split(';').map(|field| field.split(':').map(|number| number.parse::<u32>().ok()));
    let first = fields.next().and_then(|mut numbers| numbers.next()).flatten();
    let mut pressed = fields.next();
    let bits = pressed.as_mut().and_then(|numbers| numbers.next()).flatten().unwrap_or(1).saturating_sub(1);
    let kind = match pressed.and_then(|mut numbers| numbers.next()).flatten() {
        Some(2) => KeyEventKind::Repeat,
        Some(3) => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    };
    let modifiers = modifiers(bits);
    let code = match last {
        b'u' => unicode(first?)?,
        b'~' => numbered(first?)?,
        // Two numbers before an R are the cursor's place, not F3.
        b'R' if first.is_some_and(|first| first != 1) => return None,
        b'A'..=b'Z' if first.is_none_or(|first| first == 1) => letter(last)?,
        _ => return None,
    };
    Some(KeyEvent::new_with_kind(code, modifiers, kind))
}

/// Modifiers as the terminal numbers them: Shift 1, Alt 2, Ctrl 4, Super 8.
fn modifiers(bits: u32) -> KeyModifiers {
    let all = [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ];
    all.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, modifier)| modifier).collect()
}

fn letter(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        b'Z' => KeyCode::BackTab,
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F((number - 10) as u8),
        17..=21 => KeyCode::F((number - 11) as u8),
        23..=26 => KeyCode::F((number - 12) as u8),
        28 | 29 => KeyCode::F((number - 13) as u8),
        31..=34 => KeyCode::F((number - 14) as u8),
        _ => return None,
    })
}

/// A key by its number in the kitty protocol: the character itself, or one from its private range.
fn unicode(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 | 57414 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        57376..=57398 => KeyCode::F((number - 57376 + 13) as u8),
        57399..=57408 => KeyCode::Char(char::from_digit(number - 57399, 10)?),
        57409 => KeyCode::Char('.'),
        57410 => KeyCode::Char('/'),
        57411 => KeyCode::Char('*'),
        57412 => KeyCode::Char('-'),
        57413 => KeyCode::Char('+'),
        57415 => KeyCode::Char('='),
        57416 => KeyCode::Char(','),
        57417 => KeyCode::Left,
        57418 => KeyCode::Right,
        57419 => KeyCode::Up,
        57420 => KeyCode::Down,
        57421 => KeyCode::PageUp,
        57422 => KeyCode::PageDown,
        57423 => KeyCode::Home,
        57424 => KeyCode::End,
        57425 => KeyCode::Insert,
        57426 => KeyCode::Delete,
        // Locks, media keys, and modifiers alone.
        57344..=63743 => return None,
        number => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(bytes: &[u8]) -> Vec<KeyEvent> {
        Parser::default().feed(bytes)
    }

    fn with(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    #[test]
    fn keys_of_all_kinds_of_terminals() {
        let char = |c| plain(KeyCode::Char(c));
        for (bytes, key) in [
            (&b" "[..], char(' ')),
            (b"q", char('q')),
            ("ö".as_bytes(), char('ö')),
            ("字".as_bytes(), char('字')),
            (b"\r", plain(KeyCode::Enter)),
            (b"\n", plain(KeyCode::Enter)),
            (b"\x7f", plain(KeyCode::Backspace)),
            (b"\x03", with(KeyCode::Char('c'), KeyModifiers::CONTROL)),
            (b"\x1bx", with(KeyCode::Char('x'), KeyModifiers::ALT)),
            (b"\x1b[A", plain(KeyCode::Up)),
            (b"\x1bOA", plain(KeyCode::Up)),
            (b"\x1b[1;5C", with(KeyCode::Right, KeyModifiers::CONTROL)),
            (b"\x1b[5~", plain(KeyCode::PageUp)),
            (b"\x1b[6~", plain(KeyCode::PageDown)),
            (b"\x1b[3;2~", with(KeyCode::Delete, KeyModifiers::SHIFT)),
            (b"\x1b[15~", plain(KeyCode::F(5))),
            (b"\x1bOP", plain(KeyCode::F(1))),
            (b"\x1b[[E", plain(KeyCode::F(5))),
            (b"\x1b[24~", plain(KeyCode::F(12))),
            (b"\x1b[1;2P", with(KeyCode::F(1), KeyModifiers::SHIFT)),
            (b"\x1b[32u", char(' ')),
            (b"\x1b[27u", plain(KeyCode::Esc)),
            (b"\x1b[57414u", plain(KeyCode::Enter)),
            (b"\x1b[57400u", char('1')),
            (b"\x1b[99;5u", with(KeyCode::Char('c'), KeyModifiers::CONTROL)),
            (b"\x1b[32;1:3u", KeyEvent::new_with_kind(KeyCode::Char(' '), KeyModifiers::NONE, KeyEventKind::Release)),
            (b"\x1b[1;1:2A", KeyEvent::new_with_kind(KeyCode::Up, KeyModifiers::NONE, KeyEventKind::Repeat)),
            (b"\x1b[13;1:1u", plain(KeyCode::Enter)),
        ] {
            assert_eq!(keys(bytes), [key], "{:?}", String::from_utf8_lossy(bytes));
            let mut parser = Parser::default();
            let slowly: Vec<_> = bytes.iter().flat_map(|byte| parser.feed(&[*byte])).collect();
            assert_eq!((slowly, parser.patience()), (vec![key], None), "byte by byte");
        }
    }

    #[test]
    fn what_is_no_key_is_dropped() {
        for bytes in [
            &b"\x1b[?62;4c"[..],
            b"\x1b[?1u",
            b"\x1b[<0;10;20M",
            b"\x1b[M !!",
            b"\x1b[I",
            b"\x1b[12;40R",
            b"\x1b]11;rgb:0000/0000/0000\x1b\\",
            b"\x1b]11;rgb:0000/0000/0000\x07",
            b"\x1bP>|term 1.0\x1b\\",
            b"\x1b[57441;1u",
            b"\xff\xfe\x80",
            b"\x1b[200~q q\r\x03 \x1b[A text\x1b[201~",
        ] {
            let mut parser = Parser::default();
            assert_eq!(parser.feed(bytes), [], "{:?}", String::from_utf8_lossy(bytes));
            assert_eq!(parser.feed(b"q"), [plain(KeyCode::Char('q'))], "after {:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_cut_sequence_is_over_after_a_silence_and_ctrl_c_is_heard_in_the_middle_of_it() {
        let interrupt = with(KeyCode::Char('c'), KeyModifiers::CONTROL);
        for cut in
            [&b"\x1b[?"[..], b"\x1b[", b"\x1b[1;", b"\x1bO", b"\x1b]11;", b"\x1bP", b"\x1b[[", b"\xe5\xad", b"\x1b[9"]
        {
            let mut parser = Parser::default();
            parser.feed(cut);
            assert!(parser.patience().is_some_and(|patience| patience <= SEQUENCE));
            assert_eq!(parser.give_up(), []);
            assert_eq!(parser.feed(b"q"), [plain(KeyCode::Char('q'))]);
            parser.feed(cut);
            assert_eq!(parser.feed(b"\x03"), [interrupt], "{:?}", String::from_utf8_lossy(cut));
        }
    }

    #[test]
    fn esc_alone_is_the_key_after_a_silence_and_twice_is_twice() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"\x1b"), []);
        assert_eq!((parser.give_up(), parser.patience()), (vec![plain(KeyCode::Esc)], None));
        assert_eq!(parser.feed(b"\x1b\x1b"), [plain(KeyCode::Esc)]);
        assert_eq!(parser.give_up(), [plain(KeyCode::Esc)]);
    }

    #[test]
    fn a_paste_that_stalls_in_its_beginning_is_one_all_the_same() {
        let paste = b"\x1b[200~q \x03\x1b[201~";
        for cut in 1..PASTE_START.len() {
            let mut parser = Parser::default();
            let mut keys = parser.feed(&paste[..cut]);
            keys.extend(parser.give_up());
            keys.extend(parser.feed(&paste[cut..]));
            let esc = if cut == 1 { vec![plain(KeyCode::Esc)] } else { Vec::new() };
            assert_eq!((keys, parser.feed(b"q")), (esc, vec![plain(KeyCode::Char('q'))]), "cut after {cut}");
        }
        // What only looks like it is typed.
        let mut parser = Parser::default();
        parser.feed(b"\x1b[");
        parser.give_up();
        assert_eq!(parser.feed(b"20"), []);
        let typed = |text: &str| text.chars().map(|c| plain(KeyCode::Char(c))).collect::<Vec<_>>();
        assert_eq!((parser.give_up(), parser.patience(), parser.feed(b"20")), (typed("20"), None, typed("20")));
        parser.feed(b"\x1b");
        assert_eq!(parser.give_up(), [plain(KeyCode::Esc)]);
        assert_eq!(parser.feed(b"[p"), typed("[p"));
    }

    #[test]
    fn a_paste_without_its_end_is_over_after_a_longer_silence() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"\x1b[200~   \x1b[20"), []);
        assert_eq!(parser.patience(), Some(PASTE));
        parser.give_up();
        assert_eq!(parser.feed(b" "), [plain(KeyCode::Char(' '))]);
    }

    proptest! {
        #[test]
        fn whatever_came_before_a_key_is_heard_after_a_silence(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut parser = Parser::default();
            parser.feed(&bytes);
            parser.give_up();
            prop_assert_eq!(parser.patience(), None);
            prop_assert_eq!(parser.feed(b"q"), vec![plain(KeyCode::Char('q'))]);
        }

        #[test]
        fn pieces_of_any_size_give_the_same_keys(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0..200_usize) {
            let (one, other) = bytes.split_at(cut.min(bytes.len()));
            let mut parser = Parser::default();
            let mut pieces = parser.feed(one);
            pieces.extend(parser.feed(other));
            prop_assert_eq!(pieces, keys(&bytes));
        }
    }
}
