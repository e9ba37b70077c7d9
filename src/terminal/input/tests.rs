//! What terminals of all kinds send, and what comes of it.

use crossterm::event::KeyEventKind;
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
        (b"\x1b[27;5;99~", with(KeyCode::Char('c'), KeyModifiers::CONTROL)),
        (b"\x1b[27;2;13~", with(KeyCode::Enter, KeyModifiers::SHIFT)),
        (b"\x1bOq", char('1')),
        (b"\x1bOp", char('0')),
        (b"\x1bOy", char('9')),
        (b"\x1bOj", char('*')),
        (b"\x1bOk", char('+')),
        (b"\x1bOm", char('-')),
        (b"\x1bOn", char('.')),
        (b"\x1bOo", char('/')),
        (b"\x1bOM", plain(KeyCode::Enter)),
        (b"\x1bOb", with(KeyCode::Down, KeyModifiers::CONTROL)),
        (b"\x1b[b", with(KeyCode::Down, KeyModifiers::SHIFT)),
        (b"\x1bO5P", with(KeyCode::F(1), KeyModifiers::CONTROL)),
        (b"\x1bO2B", with(KeyCode::Down, KeyModifiers::SHIFT)),
    ] {
        assert_eq!(keys(bytes), [key], "{:?}", String::from_utf8_lossy(bytes));
        let mut parser = Parser::default();
        let slowly: Vec<_> = bytes.iter().flat_map(|byte| parser.feed(&[*byte])).collect();
        assert_eq!((slowly, parser.patience()), (vec![key], None), "byte by byte");
    }
}

#[test]
fn with_ctrl_a_letter_of_another_script_is_the_latin_one_on_its_key() {
    let ctrl = |c| vec![with(KeyCode::Char(c), KeyModifiers::CONTROL)];
    for (bytes, c) in [
        ("\x1b[1089::99;5u", 'c'),
        ("\x1b[1089:1057:99;5:1u", 'c'),
        ("\x1b[1103::122;5u", 'z'),
        // Where the terminal does not tell, nothing is known of it.
        ("\x1b[1089;5u", 'с'),
        // The layout decides which Latin letter it is, and keeps its own letters.
        ("\x1b[99::105;5u", 'c'),
        ("\x1b[246::59;5u", 'ö'),
    ] {
        assert_eq!(keys(bytes.as_bytes()), ctrl(c), "{bytes:?}");
    }
    assert_eq!(keys(b"\x1b[1089::99;3u"), [with(KeyCode::Char('с'), KeyModifiers::ALT)]);
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
        b"\x1b[111;9u",
        b"\x1b[32;17u",
        b"\x1b[27;33;32~",
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
        assert!(parser.patience().is_some_and(|patience| patience <= SLOW));
        assert_eq!(parser.give_up(), []);
        assert_eq!(parser.feed(b"q"), [plain(KeyCode::Char('q'))]);
        parser.feed(cut);
        assert_eq!(parser.feed(b"\x03"), [interrupt], "{:?}", String::from_utf8_lossy(cut));
    }
}

#[test]
fn a_report_that_comes_in_pieces_presses_no_key_and_what_may_be_a_key_is_not_waited_for() {
    let reports = [
        &b"\x1bP>|foot(1.16.2)\x1b\\"[..],
        b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
        b"\x1b[?62;4c",
        b"\x1b[<35;20;10M",
        b"\x1b[M  o",
        b"\x1b[200~o\x1b[201~",
    ];
    for report in reports {
        for cut in 3..report.len() {
            let mut parser = Parser::default();
            assert_eq!(parser.feed(&report[..cut]), [], "{report:?}");
            assert_eq!(parser.patience(), Some(SLOW), "{report:?} after {cut}");
            assert_eq!(parser.feed(&report[cut..]), [], "{report:?} after {cut}");
        }
    }
    for key in [&b"\x1b"[..], b"\x1b[", b"\x1b]", b"\x1bP", b"\x1bO"] {
        let mut parser = Parser::default();
        parser.feed(key);
        assert_eq!(parser.patience(), Some(SEQUENCE), "{key:?}");
    }
}

#[test]
fn ctrl_c_is_heard_behind_an_esc_in_a_report_of_the_mouse_and_in_a_paste_without_its_end() {
    let interrupt = with(KeyCode::Char('c'), KeyModifiers::CONTROL);
    for cut in [&b"\x1b"[..], b"\x1b[M", b"\x1b[M !", b"\x1b]0;title\x1b", b"\x1b[200~", b"\x1b[200~pasted\x1b["] {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(cut), []);
        assert_eq!(parser.feed(b"\x03"), [interrupt], "{:?}", String::from_utf8_lossy(cut));
        assert_eq!(parser.feed(b"q"), [plain(KeyCode::Char('q'))]);
    }
    assert_eq!(Parser::default().feed(b"\x1b[200~a\x03b\x1b[201~"), [], "in the middle of a paste it is pasted");
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
    assert_eq!(parser.patience(), Some(SLOW));
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
