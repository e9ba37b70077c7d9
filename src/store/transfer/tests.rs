//! A file is read as it was written, or not at all.

use proptest::prelude::*;

use super::examples::{ankle, example};
use super::*;
use crate::config::Config;
use crate::protocol::Side;
use crate::protocol::quantity::{Length, Seconds};
use crate::session::Session;
use crate::session::digest::Digest;
use crate::session::event::{Answer, Ending, Pacing, Part, PauseReason, Reading, SetEnd, Stage};
use crate::session::record::Record;

fn file(sessions: &[Carried]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = Writer::begin(&mut bytes).unwrap();
    for session in sessions {
        writer.session(session).unwrap();
    }
    assert_eq!(writer.end().unwrap(), sessions.len() as u64);
    bytes
}

fn read(bytes: &[u8]) -> Result<Vec<Carried>, Refused> {
    Reader::open(io::Cursor::new(bytes))?.collect()
}

/// A file of these lines, each with the check that belongs to it.
fn file_of(bodies: &[&str]) -> Vec<u8> {
    let mut crc = Hasher::new();
    let mut bytes = Vec::new();
    for body in bodies {
        let body = body.strip_suffix('}').unwrap_or(body);
        crc.update(body.as_bytes());
        let check = format!("{}{:08x}{}\n", CHECK.0, crc.clone().finalize(), CHECK.1);
        crc.update(check.as_bytes());
        bytes.extend_from_slice(body.as_bytes());
        bytes.extend_from_slice(check.as_bytes());
    }
    bytes
}

/// The lines of a file without their checks.
fn bodies(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.lines().map(|line| line[..line.len() - CHECK_LENGTH].to_owned() + "}").collect()
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let step = |id: &str| ankle().steps.iter().position(|step| step.id == id).unwrap();
    let (safety, wall, pain, band) = (step("safety"), step("wall"), step("pain-before"), step("front-band"));
    let side = prop_oneof![Just(None), Just(Some(Side::Left)), Just(Some(Side::Right))];
    let reading = (0..=1000).prop_map(Length::from_mm).prop_flat_map(|length| {
        prop_oneof![Just(Reading::Judged(length)), Just(Reading::Gap(length)), Just(Reading::Reach(length))]
    });
    let fact = (side, 0..=10_u8, 1..=100_u16, reading).prop_flat_map(move |(side, small, rep, reading)| {
        let at = |step, part| Stage { step, part, side, round: small };
        prop_oneof![
            Just(Fact::Answered { stage: at(pain, Part::Whole), answer: Answer::Scale(small) }),
            Just(Fact::Answered { stage: at(safety, Part::Whole), answer: Answer::Option("skin".to_owned()) }),
            Just(Fact::Measured { stage: at(wall, Part::Whole), reading }),
            Just(Fact::RepCompleted { stage: at(band, Part::Set), rep }),
            Just(Fact::RepUndone { stage: at(band, Part::Set), rep }),
            Just(Fact::SetEnded { stage: at(band, Part::Set), how: SetEnd::Pain }),
            Just(Fact::Reopened { stage: at(wall, Part::Whole) }),
            Just(Fact::Paused { why: PauseReason::Slept }),
            Just(Fact::Resumed),
            Just(Fact::Ended { ending: Ending::Finished }),
        ]
    });
    let event = (0..u64::MAX / 2, fact).prop_map(|(at, fact)| Event { at: SessionTime::from_millis(at), fact });
    proptest::collection::vec(event, 0..20)
}

fn sessions() -> impl Strategy<Value = Vec<Carried>> {
    let zone = prop_oneof![Just("Europe/Berlin"), Just("America/St_Johns"), Just("UTC")];
    let began = (0..4_000_000_000_000_i64, zone)
        .prop_map(|(at, zone)| jiff::Timestamp::from_millisecond(at).unwrap().in_tz(zone).unwrap());
    let protocol = prop_oneof![Just("ankle"), Just("warm-up")];
    let session = ("[0-9a-f]{32}", began, "\\PC{0,12}", protocol, any::<bool>(), events());
    let session = session.prop_map(|(uid, began, note, id, closed, events)| Carried {
        uid,
        began,
        note: text::clean(&note),
        protocol: ankle_or(id, &events),
        closed,
        events,
    });
    proptest::collection::vec(session, 0..4)
}

/// The protocol `id`, where the events are none of the ankle session's.
fn ankle_or(id: &str, events: &[Event]) -> Arc<Protocol> {
    let other = Config::built_in().protocols[id].clone();
    if events.iter().all(|event| check::fact(&other, &event.fact).is_ok()) { other } else { ankle() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(sessions in sessions()) {
        prop_assert_eq!(read(&file(&sessions)), Ok(sessions));
    }

    /// A file that somebody made on purpose, with every check right, is refused or harmless.
    #[test]
    fn a_forged_line_is_refused_or_leads_to_a_session_that_can_be_shown(
        line in 1..3_usize, place in 0.0..1.0_f64, forged in proptest::char::range(' ', '~'),
    ) {
        let mut bodies = bodies(&file(&[example()]));
        let mut chars: Vec<char> = bodies[line].chars().collect();
        let place = (place * chars.len() as f64) as usize;
        chars[place] = forged;
        bodies[line] = chars.into_iter().collect();
        let lines: Vec<&str> = bodies.iter().map(String::as_str).collect();
        for session in read(&file_of(&lines)).into_iter().flatten() {
            Digest::of(&session.protocol, &Record::of(&session.events));
            let lead_in = Seconds::from_millis(0);
            let session = Session::resume(session.protocol, lead_in, Pacing::Paced, &session.events);
            session.plan().stages();
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_refused_with_the_line() {
    let bytes = file(&[example()]);
    for end in 0..bytes.len() {
        let error = read(&bytes[..end]).unwrap_err();
        let line = bytes[..end].iter().filter(|byte| **byte == b'\n').count();
        let is_at = |told: usize| told == line + 1 || (bytes[..end].ends_with(b"\n") && told == line);
        assert!(matches!(error, Refused::Cut { line } if is_at(line)), "{end}: {error}");
    }
}

#[test]
fn a_file_with_any_byte_changed_is_refused_with_the_line() {
    let bytes = file(&[example()]);
    let mut changed = bytes.clone();
    for place in 0..bytes.len() {
        for flip in [0x01, 0x20, 0x80, 0xff] {
            changed[place] ^= flip;
            let error = read(&changed).unwrap_err();
            let line = bytes[..place].iter().filter(|byte| **byte == b'\n').count() + 1;
            let is_told = match error {
                Refused::Altered { line: told } => told == line,
                Refused::Cut { line: told } => told == line && place + 1 == bytes.len(),
                Refused::Foreign => place < 10,
                _ => false,
            };
            assert!(is_told, "{place}, {flip}: {error}");
            changed[place] ^= flip;
        }
    }
}

#[test]
fn a_line_that_is_missing_doubled_or_moved_is_noticed() {
    let bytes = file(&[example(), Carried { uid: "other".to_owned(), ..example() }]);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    for order in [&[0, 1, 3, 4][..], &[0, 1, 2, 2, 3, 4], &[0, 1, 3, 2, 4], &[0, 4], &[0, 1, 2, 3, 4, 4]] {
        let mixed: Vec<u8> = order.iter().flat_map(|line| lines[*line]).copied().collect();
        assert!(matches!(read(&mixed), Err(Refused::Altered { .. })), "{order:?}");
    }
}

#[test]
fn a_newer_format_is_refused_by_name_and_what_is_no_such_file_as_well() {
    let newer = file_of(&[r#"{"dorsi":{"format":2,"by":"9.1.0","more":true}}"#, "{\"sheep\":1}"]);
    assert_eq!(read(&newer), Err(Refused::Newer { found: 2, by: "9.1.0".to_owned() }));
    for foreign in ["session,protocol,exercise\n", "{\"dorsal\":1}\n", "\u{feff}{\"dorsi\":"] {
        assert_eq!(read(foreign.as_bytes()), Err(Refused::Foreign), "{foreign}");
    }
    assert_eq!(read(&file_of(&[r#"{"dorsi":{"format":0}}"#])), Err(Refused::Foreign));
}

#[test]
fn a_record_that_cannot_be_is_refused_with_its_line_and_what_is_wrong() {
    let good = bodies(&file(&[example()]));
    for (line, from, to, told) in [
        (2, "\"protocol\":0", "\"protocol\":7", "line 3: there is no protocol 7"),
        (2, "0123456789abcdef", "../../etc", "line 3: the session has no proper uid"),
        (2, "none", "never", "line 3: event 2: Answered"),
        (2, "[7,", "[18446744073709551615,", "line 3: event 1: its time"),
        (2, "\"closed\":true", "\"closed\":true,\"mood\":1", "line 3: unknown field `mood`"),
        (2, "2026-11-20T", "2026-13-40T", "line 3: "),
        (1, "Wall test", "Wall\\u001b[31m test", "line 2: the protocol has control characters"),
        (1, "Wall test", "Wall\u{202e} test", "line 2: the protocol has control characters"),
        (1, "\"step\":0", "\"step\":77", "line 2: the protocol has a condition on a step that is not there"),
        (3, "\"sessions\":1", "\"sessions\":2", "line 4: an end after 1 of its sessions"),
    ] {
        let mut bodies = good.clone();
        assert!(bodies[line].contains(from), "{from}");
        bodies[line] = bodies[line].replacen(from, to, 1);
        let lines: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let error = read(&file_of(&lines)).unwrap_err().to_string();
        assert!(error.starts_with(told), "{error}");
    }
}

#[test]
fn a_file_of_another_version_that_is_not_understood_hints_at_an_update() {
    let mut bodies = bodies(&file(&[example()]));
    bodies[0] = bodies[0].replace(env!("CARGO_PKG_VERSION"), "7.7.7");
    bodies[2] = bodies[2].replace("\"closed\"", "\"shut\"");
    let lines: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let error = read(&file_of(&lines)).unwrap_err().to_string();
    assert!(error.contains("written by dorsi 7.7.7"), "{error}");
}

#[test]
fn a_session_too_long_for_a_line_is_neither_written_nor_read() {
    let mut writer = Writer::begin(io::sink()).unwrap();
    let long = Carried { note: "x".repeat(MAX_LINE), ..example() };
    assert!(writer.session(&long).unwrap_err().to_string().contains("too long"));
    let mut bodies = bodies(&file(&[example()]));
    bodies[2] = bodies[2].replace("\"note\":\"", &format!("\"note\":\"{}", long.note));
    let lines: Vec<&str> = bodies.iter().map(String::as_str).collect();
    assert_eq!(read(&file_of(&lines)).unwrap_err().to_string(), "line 3: the line is too long");
}

#[test]
fn a_protocol_is_written_once_however_often_it_was_trained() {
    let bytes = file(&[example(), Carried { uid: "b".to_owned(), protocol: ankle(), ..example() }]);
    assert_eq!(bodies(&bytes).iter().filter(|body| body.starts_with("{\"protocol\"")).count(), 1);
}
