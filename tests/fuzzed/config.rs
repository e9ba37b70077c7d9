//! Whatever stands in a person's file: it is refused in a few plain lines, or it is a configuration that can be trained
//! with.

use std::sync::{Arc, LazyLock};

use dorsi::config::report::Refusal;
use dorsi::config::sound::Recording;
use dorsi::config::{Config, Files, Source};
use dorsi::kept::Past;
use dorsi::keymap::Action;
use dorsi::protocol::{Protocol, Work};
use dorsi::session::digest::Digest;
use dorsi::session::record::Record;
use dorsi::session::rehearsal::Rehearsal;

use crate::screens::{Desk, is_plain};

static BUILT_IN: LazyLock<Config> = LazyLock::new(Config::built_in);

/// A file that begins with this line is not a configuration but a language, which is spoken.
const LANGUAGE: &str = "# language\n";

/// The most lines that a wrong file is told in.
const MOST_LINES: usize = 20;

/// After so many keys and deadlines a session is left.
const MOST_TURNS: usize = 24;

/// The most reps that a protocol is rehearsed with here; the simulator takes its time for each.
const MOST_REPS: usize = 2_000;

pub fn holds(bytes: &[u8]) {
    let source = match Source::of_bytes("mine.toml".to_owned(), bytes.to_vec()) {
        Ok(source) => source,
        Err(error) => return assert!(is_plain(&error.to_string()), "{error}"),
    };
    let files = match source.text.starts_with(LANGUAGE) {
        true => {
            let asks = Source { name: "mine.toml".to_owned(), text: "settings.language = \"xx\"".to_owned() };
            Files { languages: vec![("xx".to_owned(), source)], own: vec![asks], ..Files::default() }
        }
        false => Files::from(vec![source]),
    };
    let hear = |name: &str| match name.len() % 2 {
        0 => Ok(Recording::silence()),
        _ => Err(format!("{name} is not there")),
    };
    match Config::load_with(files.clone(), &hear) {
        Ok(config) => {
            Config::in_force(files).expect("what was taken once is taken again");
            can_be_trained(Arc::new(config));
        }
        Err(refusal) => is_told_in_plain_lines(&refusal),
    }
}

fn is_told_in_plain_lines(refusal: &Refusal) {
    let told = refusal.render(false);
    assert!(!refusal.problems.is_empty() && told.ends_with("; nothing was started"), "{told}");
    assert!(told.lines().count() <= MOST_LINES, "{} lines:\n{told}", told.lines().count());
    assert!(is_plain(&told), "{told:?}");
    assert!(is_plain(&refusal.report(false)), "{:?}", refusal.report(false));
    let without_colour = without_colour(&refusal.render(true));
    assert!(is_plain(&without_colour), "{without_colour:?}");
    for (file, from, to, problem) in refusal.places() {
        assert!(from <= to, "{file}:{from:?}–{to:?}");
        let told = [&problem.title, &problem.label].into_iter().chain(&problem.help);
        told.for_each(|text| assert!(is_plain(text) && !text.contains('\n'), "{text:?}"));
    }
}

/// `text` without the sequences that set a colour, and with all others.
fn without_colour(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(part.len());
        match part[end..].strip_prefix('m') {
            Some(rest) => told + rest,
            None => told + "\x1b[" + part,
        }
    })
}

fn can_be_trained(config: Arc<Config>) {
    let mut desk = Desk::new(config.clone(), Past::default());
    for action in [Action::Down, Action::Help, Action::Down, Action::Quit, Action::Learn, Action::Right] {
        desk.press(action);
    }
    let is_changed = |protocol: &&Arc<Protocol>| BUILT_IN.protocols.get(&protocol.id) != Some(protocol);
    for protocol in config.protocols.values().filter(is_changed).take(2) {
        if reps(protocol) <= MOST_REPS {
            has_an_end(protocol);
        }
        desk.app.begin(protocol.clone());
        desk.look();
        desk.train(MOST_TURNS);
        desk.app.overlay = None;
    }
}

/// The reps that `protocol` amounts to at most.
fn reps(protocol: &Protocol) -> usize {
    let of = |work: &Work| match work {
        Work::Exercise { exercise, .. } => {
            usize::from(exercise.reps.high()) * usize::from(exercise.rounds) * 2 * exercise.phase.len()
        }
        _ => 1,
    };
    protocol.steps.iter().map(|step| of(&step.work)).sum()
}

fn has_an_end(protocol: &Arc<Protocol>) {
    let rehearsal = Rehearsal::of(protocol);
    assert!(rehearsal.ended, "{} has no end", protocol.id);
    let record = Record::of(&rehearsal.events);
    assert!(record.ending().is_some(), "{} was not ended", protocol.id);
    assert_eq!(Digest::of(protocol, &record).millis, record.last().millis());
}
