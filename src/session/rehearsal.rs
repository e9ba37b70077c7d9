//! A session run through without a person: by somebody who does all that is asked and falls short in every test.
//!
//! It tells what a protocol amounts to at most, and what happens when.

use std::sync::Arc;

use super::earlier::Earlier;
use super::event::{Answer, Choices, Event, Pacing, Part, Reading, Stage};
use super::plan::takes;
use super::time::SessionTime;
use super::{Input, Output, Session};
use crate::cue::Cue;
use crate::protocol::quantity::{Length, Seconds};
use crate::protocol::{Protocol, Work};

/// The most inputs that a session can take before it is taken to be without an end.
const MOST_INPUTS: usize = 100_000;

/// What happened in a rehearsal.
#[derive(Clone, Debug, Default)]
pub struct Rehearsal {
    /// Each part of the session, with the time at which it was begun, and the one at which it was over.
    pub parts: Vec<(Stage, SessionTime, SessionTime)>,
    /// Every cue, with its time.
    pub cues: Vec<(SessionTime, Cue)>,
    /// Every event.
    pub events: Vec<Event>,
    /// Whether the session came to its end.
    pub ended: bool,
}

impl Rehearsal {
    /// Runs through `protocol`, with the program leading.
    pub fn of(protocol: &Arc<Protocol>) -> Rehearsal {
        let earlier = Earlier::default();
        let mut session = Session::begin(protocol.clone(), &earlier, Seconds::from_millis(0), Pacing::Paced);
        let mut rehearsal = Rehearsal::default();
        let mut now = SessionTime::ZERO;
        for _ in 0..MOST_INPUTS {
            let Some(stage) = session.stage() else {
                rehearsal.ended = true;
                break;
            };
            if rehearsal.parts.last().is_none_or(|(last, ..)| *last != stage) {
                rehearsal.parts.push((stage, now, now));
            }
            let input = match session.deadline() {
                Some(due) => {
                    now = now.max(due);
                    Input::Tick
                }
                None => {
                    now = now.plus_millis(takes(stage, protocol));
                    said(&session, stage)
                }
            };
            for output in session.step(now, input) {
                match output {
                    Output::Record(event) => rehearsal.events.push(event),
                    Output::Cue(at, cue, _) => rehearsal.cues.push((at, cue)),
                }
            }
            if let Some((.., end)) = rehearsal.parts.last_mut() {
                *end = now;
            }
        }
        rehearsal
    }

    /// How long it all took.
    pub fn length(&self) -> SessionTime {
        self.parts.last().map_or(SessionTime::ZERO, |(.., end)| *end)
    }
}

/// What the person says where the session waits for them.
fn said(session: &Session, stage: Stage) -> Input {
    if session.advice().is_some() {
        return Input::Go;
    }
    match (stage.part, &session.protocol().steps[stage.step].work) {
        (Part::Plan, _) => {
            let choices = session.plan().default_choices(Pacing::Paced);
            Input::Choose(Choices { pacing: Pacing::Paced, ..choices })
        }
        (Part::Whole, Work::Measure { test, .. }) => {
            let farthest = test.answer.values().map(|answer| answer.gap).max();
            Input::Measure(Reading::Judged(farthest.unwrap_or(Length::ZERO)))
        }
        (Part::Whole, Work::Ask { question, .. }) => match &question.scale {
            Some(scale) => Input::Answer(Answer::Scale(scale.low)),
            None => {
                let harmless = question.option.iter().find(|(_, option)| option.stop.is_none());
                let (id, _) = harmless.or(question.option.first()).unzip();
                Input::Answer(Answer::Option(id.cloned().unwrap_or_default()))
            }
        },
        _ => Input::Go,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Source};
    use crate::session::digest::Digest;
    use crate::session::event::{Ending, SetEnd};
    use crate::session::record::Record;

    #[test]
    fn every_built_in_protocol_runs_to_its_end_with_every_set_full() {
        let config = Config::built_in();
        assert!(config.protocols.len() >= 12, "the built-in routines");
        for protocol in config.protocols.values() {
            let rehearsal = Rehearsal::of(protocol);
            assert!(rehearsal.ended, "{} has no end", protocol.id);
            let digest = Digest::of(protocol, &Record::of(&rehearsal.events));
            assert_eq!(digest.ending, Some(Ending::Finished), "{}", protocol.id);
            for set in &digest.sets {
                assert_eq!((set.how, set.reps), (Some(SetEnd::Full), set.range.high()), "{}", protocol.id);
            }
            for (index, step) in protocol.steps.iter().enumerate() {
                let trained = digest.sets.iter().any(|set| match &step.work {
                    Work::Exercise { exercise_id, .. } => *exercise_id == set.exercise,
                    _ => true,
                });
                assert!(trained || digest.sets.is_empty(), "step {index} of {} was left out", protocol.id);
            }
        }
    }

    #[test]
    fn where_every_answer_calls_for_advice_a_rehearsal_ends_with_it() {
        let text = "[question.safety.option.none]\nstop = \"Rest today.\"\n".to_owned();
        let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
        let rehearsal = Rehearsal::of(&config.protocols["ankle"]);
        assert!(rehearsal.ended);
        assert_eq!(Record::of(&rehearsal.events).ending(), Some(Ending::Advised));
    }

    #[test]
    fn a_rehearsal_takes_what_its_parts_take() {
        let protocol = Config::built_in().protocols["wall-lean"].clone();
        let rehearsal = Rehearsal::of(&protocol);
        let set = rehearsal.parts.iter().find(|(stage, ..)| stage.part == Part::Set).unwrap();
        assert_eq!(set.2.millis() - set.1.millis(), 35_000, "five seconds to get ready and thirty to hold");
        let starts: Vec<u64> = rehearsal.parts.iter().map(|(_, start, _)| start.millis()).collect();
        assert!(starts.is_sorted());
    }
}
