//! What a voice says: what is next, which ankle, and some of the counts.

use super::{App, Effect, Screen};
use crate::config::words::Words;
use crate::protocol::quantity::RepRange;
use crate::session::Session;
use crate::session::event::{Ending, Event, Fact, Part, Stage};
use crate::text::fill;

/// Every rep with a number that this divides is counted aloud.
const EVERY: u16 = 5;

/// So many reps before the end of a set are all counted aloud.
const LAST: u16 = 3;

impl App {
    /// What there is to say of `effects`, which have just come about: of several things the last.
    pub fn spoken(&self, effects: &[Effect]) -> Option<String> {
        let Screen::Session(sitting) = &self.screen else { return None };
        let facts = effects.iter().filter_map(|effect| match effect {
            Effect::Record(Event { fact, .. }) => Some(fact),
            _ => None,
        });
        facts.rev().find_map(|fact| of_fact(&self.config.words, &sitting.session, fact))
    }
}

fn of_fact(words: &Words, session: &Session, fact: &Fact) -> Option<String> {
    match fact {
        Fact::RepCompleted { stage, rep } => {
            let high = session.protocol().exercise(stage.step)?.reps.high();
            let near_the_end = rep + LAST > high;
            let told = high > 1 && (rep % EVERY == 0 || near_the_end);
            told.then(|| fill(&words.voice.rep, &[("rep", rep.to_string())]))
        }
        // At the keyboard nobody needs to be read to; away from it, what follows a set or a countdown is news.
        Fact::SetEnded { .. } => next(words, session),
        Fact::Done { stage } | Fact::StepSkipped { stage }
            if stage.part != Part::Whole || session.ends_by_itself(*stage) =>
        {
            next(words, session)
        }
        Fact::Paused { .. } => Some(words.voice.paused.clone()),
        Fact::Ended { ending: Ending::Finished } => Some(words.voice.finished.clone()),
        _ => None,
    }
}

/// What the session is at now.
fn next(words: &Words, session: &Session) -> Option<String> {
    let stage = session.stage()?;
    let voice = &words.voice;
    let ankle = words.common.ankle(stage.side);
    let exercise = session.exercise();
    let template = match stage.part {
        Part::ChangeOver => &voice.change_sides,
        Part::Rest => &voice.rest,
        Part::Set => match (is_last_set(session, stage), exercise.is_some_and(|exercise| exercise.reps.high() == 1)) {
            (false, false) => &voice.set,
            (true, false) => &voice.last_set,
            (false, true) => &voice.hold_set,
            (true, true) => &voice.last_hold_set,
        },
        Part::Setup | Part::Whole | Part::Plan => &voice.next,
    };
    let title = session.protocol().steps.get(stage.step)?.work.title();
    let reps = exercise.map(|exercise| range(words, exercise.reps)).unwrap_or_default();
    Some(fill(template, &[("title", title), ("ankle", ankle), ("reps", reps.as_str())]))
}

/// A dash between two numbers is not spoken.
fn range(words: &Words, reps: RepRange) -> String {
    let (low, high) = (reps.low().to_string(), reps.high().to_string());
    if low == high { high } else { fill(&words.voice.range, &[("low", low), ("high", high)]) }
}

/// Whether the ankle has no other set of this exercise after `stage`, though it had one before.
fn is_last_set(session: &Session, stage: Stage) -> bool {
    let stages = session.plan().stages();
    let of_it = |other: &&Stage| other.part == Part::Set && (other.step, other.side) == (stage.step, stage.side);
    stage.round > 1 && stages.iter().rfind(of_it) == Some(&stage)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::{Config, Source};
    use crate::kept::Past;
    use crate::keymap::Action;

    /// A warm-up that the program leads, as far as its first set-up.
    fn warm_up() -> App {
        let text = "[settings]\npacing = \"paced\"\n".to_owned();
        let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
        let mut app = App::new(Arc::new(config), Past::default());
        let protocol = app.config.protocols["warm-up"].clone();
        app.begin(protocol);
        app.was_seen(crate::app::Seen { all: true, ..Default::default() });
        app.press(0, Action::Digit(1));
        app.press(0, Action::Go);
        app
    }

    /// What is said until `end`, on a clock that jumps from deadline to deadline.
    fn listen(app: &mut App, end: u64) -> Vec<String> {
        let mut said = Vec::new();
        while let Some(due) = app.deadline().filter(|due| *due <= end) {
            let effects = app.wake(due);
            said.extend(app.spoken(&effects));
        }
        said
    }

    #[test]
    fn a_round_is_told_to_somebody_who_does_not_look() {
        let mut app = warm_up();
        let effects = app.press(1_000, Action::Go);
        assert_eq!(app.spoken(&effects).as_deref(), Some("Left ankle. Band in front, 10 to 15 reps."));
        let said = listen(&mut app, 400_000);
        let expected = [
            "5",
            "10",
            "13",
            "14",
            "15",
            "Change sides. Right ankle next.",
            "Right ankle. Band in front, 10 to 15 reps.",
            "5",
            "10",
            "13",
            "14",
            "15",
            "Rest. Left ankle next.",
            "Last set. Left ankle. Band in front, 10 to 15 reps.",
        ];
        assert!(said.starts_with(&expected.map(str::to_owned)), "{said:#?}");
    }

    #[test]
    fn a_pause_is_told_and_what_is_done_at_the_keyboard_is_not() {
        let mut app = warm_up();
        let effects = app.press(0, Action::Back);
        assert_eq!(app.spoken(&effects), None, "an answer taken back");
        app.press(0, Action::Go);
        app.press(0, Action::Go);
        let effects = app.press(2_000, Action::Pause);
        assert_eq!(app.spoken(&effects).as_deref(), Some("Paused."));
        let effects = app.press(3_000, Action::Pause);
        assert_eq!(app.spoken(&effects), None);
    }

    #[test]
    fn a_hold_is_not_counted_and_the_end_is_told() {
        let text = "[exercise.wall-lean]\nrounds = 1\n".to_owned();
        let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
        let mut app = App::new(Arc::new(config), Past::default());
        let protocol = app.config.protocols["wall-lean"].clone();
        app.begin(protocol);
        app.was_seen(crate::app::Seen { all: true, ..Default::default() });
        app.press(0, Action::Digit(1));
        let mut said = Vec::new();
        for _ in 0..2 {
            let effects = app.press(0, Action::Go);
            said.extend(app.spoken(&effects));
        }
        said.extend(listen(&mut app, 600_000));
        assert!(said[0].starts_with("Left ankle. Wall lean"), "once is no last time: {said:?}");
        assert_eq!(said[1], "Change sides. Right ankle next.", "what was held is not counted");
        assert_eq!(said.last().map(String::as_str), Some("Session done. Well done."));
        assert_eq!(said.len(), 4, "{said:?}");
    }

    #[test]
    fn what_was_read_at_the_keyboard_is_followed_by_no_word_and_a_rest_by_one() {
        let text = "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
             [protocol.own.step.word]\nkind = \"note\"\ntitle = \"A word\"\ntext = [\"t\"]\n\
             [protocol.own.step.breath]\nkind = \"rest\"\ntitle = \"Breathe\"\nseconds = 20\n\
             [protocol.own.step.last]\nkind = \"note\"\ntitle = \"Last\"\ntext = [\"t\"]\n";
        let source = Source { name: "mine.toml".to_owned(), text: text.to_owned() };
        let mut app = App::new(Arc::new(Config::load(vec![source]).unwrap()), Past::default());
        let protocol = app.config.protocols["own"].clone();
        app.begin(protocol);
        let effects = app.press(0, Action::Go);
        assert!(!effects.is_empty());
        assert_eq!(app.spoken(&effects), None);
        assert_eq!(listen(&mut app, 30_000), ["Next: Last."]);
    }
}
