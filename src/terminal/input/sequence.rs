//! What a sequence that is whole stands for.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// The key of a whole `ESC [` sequence.
pub fn sequence(parameters: &[u8], last: u8) -> Option<KeyEvent> {
    let text = std::str::from_utf8(parameters).ok()?;
    // Replies and reports, none of which was asked for.
    if text.starts_with(['?', '<', '=', '>']) || text.bytes().any(|byte| (0x20..0x30).contains(&byte)) {
        return None;
    }
    let number = |field: usize, part: usize| -> Option<u32> {
        text.split(';').nth(field)?.split(':').nth(part).and_then(|number| number.parse().ok())
    };
    let modifiers = modifiers(number(1, 0).unwrap_or(1).saturating_sub(1));
    // What is held with these is for the desktop.
    if modifiers.intersects(KeyModifiers::SUPER | KeyModifiers::HYPER | KeyModifiers::META) {
        return None;
    }
    let kind = match number(1, 1) {
        Some(2) => KeyEventKind::Repeat,
        Some(3) => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    };
    let code = match (last, number(0, 0)) {
        (b'u', first) => of_every_layout(unicode(first?)?, modifiers, number(0, 2)),
        // xterm's form of a key that has none of its own.
        (b'~', Some(27)) => unicode(number(2, 0)?)?,
        (b'~', first) => numbered(first?)?,
        // Two numbers before an R, the first not 1, are the cursor's place and not F3.
        (b'A'..=b'Z', None | Some(1)) => letter(last)?,
        (b'a'..=b'd', None) => return Some(KeyEvent::new(letter(last.to_ascii_uppercase())?, KeyModifiers::SHIFT)),
        _ => return None,
    };
    Some(KeyEvent::new_with_kind(code, modifiers, kind))
}

/// The key of `ESC O` and this byte: arrows and the keypad, where a program before has left them in their other mode, and
/// arrows with Ctrl as rxvt sends them.
pub fn application(byte: u8, bits: u8) -> Option<KeyEvent> {
    let code = match byte {
        b'M' => KeyCode::Enter,
        b'I' => KeyCode::Tab,
        b'X' => KeyCode::Char('='),
        b'A'..=b'Z' => letter(byte)?,
        b'a'..=b'd' => return Some(KeyEvent::new(letter(byte.to_ascii_uppercase())?, KeyModifiers::CONTROL)),
        b'j'..=b'o' => KeyCode::Char(char::from(byte - b'j' + b'*')),
        b'p'..=b'y' => KeyCode::Char(char::from(byte - b'p' + b'0')),
        b' ' => KeyCode::Char(' '),
        _ => return None,
    };
    Some(KeyEvent::new(code, modifiers(u32::from(bits))))
}

/// `code`, or with Ctrl and a letter of another script the Latin letter on the same key, `base`: where Cyrillic is typed,
/// Ctrl-C is no other key.
fn of_every_layout(code: KeyCode, modifiers: KeyModifiers, base: Option<u32>) -> KeyCode {
    let base = base.and_then(char::from_u32).filter(char::is_ascii_lowercase);
    match (code, base) {
        (KeyCode::Char(c), Some(base)) if !c.is_ascii() && modifiers.contains(KeyModifiers::CONTROL) => {
            KeyCode::Char(base)
        }
        _ => code,
    }
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
