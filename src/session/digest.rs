//! What a session amounts to: the row of the history, and what progress over weeks is made of.
//!
//! A digest is made from a session's events and protocol, and from nothing else; the store keeps it beside them so that
//! years of sessions can be listed without reading every event.

use serde::{Deserialize, Serialize};

use super::earlier::Chosen;
use super::event::{Answer, Ending, Part, Reading, SetEnd};
use super::plan::Plan;
use super::reading;
use super::record::Record;
use crate::protocol::quantity::{Length, RepRange};
use crate::protocol::{Place, Protocol, Side, Work};

/// What one session amounts to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// Id of the protocol.
    pub protocol: String,
    /// Name of the protocol, as it was.
    pub title: String,
    /// Why it ended; `None` while it is open.
    pub ending: Option<Ending>,
    /// From the beginning to the last event, in milliseconds.
    pub millis: u64,
    /// Every set that was begun or ended.
    pub sets: Vec<SetDone>,
    /// Every reading of a test.
    pub readings: Vec<Measured>,
    /// Every number given on a scale.
    pub scales: Vec<Rated>,
    /// Every option that was chosen.
    pub chosen: Vec<Chosen>,
    /// What was said speaks against more exercise: a number after it from which on, before it, its question lets nobody
    /// train, or an urgent remark of the summary.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub too_much: bool,
}

/// A set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetDone {
    /// Id of the exercise.
    pub exercise: String,
    /// Name of the exercise, as it was.
    pub title: String,
    /// The ankle.
    pub side: Option<Side>,
    /// The round, from 1.
    pub round: u8,
    /// Reps done.
    pub reps: u16,
    /// Reps asked for.
    pub range: RepRange,
    /// How it ended; `None` where the session was left in the middle of it.
    pub how: Option<SetEnd>,
    /// It hurt, and was gone on with in another position.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repositioned: bool,
}

/// A reading of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Id of the test.
    pub test: String,
    /// The ankle.
    pub side: Option<Side>,
    /// It was taken after exercise, or repeats one of this session.
    pub again: bool,
    /// The reading.
    pub reading: Reading,
    /// The largest toe-to-wall distance that it stands for.
    pub distance: Length,
}

/// A number on a scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rated {
    /// Id of the question.
    pub question: String,
    /// The ankle, where it was asked of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// It was asked after exercise, or repeats a question of this session.
    pub again: bool,
    /// The number.
    pub number: u8,
}

impl SetDone {
    /// Reps as people count them: none where the set is a single hold.
    pub fn counted_reps(&self) -> u16 {
        if self.range.high() > 1 { self.reps } else { 0 }
    }
}

impl Digest {
    /// What the session with this protocol and record amounts to.
    pub fn of(protocol: &Protocol, record: &Record) -> Digest {
        let mut digest = Digest {
            protocol: protocol.id.clone(),
            title: protocol.title.clone(),
            ending: record.ending(),
            millis: record.last().millis(),
            chosen: record.chosen(protocol).collect(),
            ..Digest::default()
        };
        for (index, step) in protocol.steps.iter().enumerate() {
            let trained = digest.reps() > 0;
            match &step.work {
                Work::Exercise { exercise_id, exercise } => {
                    let sets = record.sets(index).into_iter().filter(|(stage, _)| stage.part == Part::Set);
                    digest.sets.extend(sets.map(|(stage, (reps, how))| SetDone {
                        exercise: exercise_id.clone(),
                        title: exercise.title.clone(),
                        side: stage.side,
                        round: stage.round,
                        reps,
                        range: exercise.reps,
                        how,
                        repositioned: record.was_repositioned_in(stage),
                    }));
                }
                Work::Measure { test_id, test, repeats } => {
                    digest.readings.extend(record.readings(index).map(|(side, reading)| Measured {
                        test: test_id.clone(),
                        side,
                        again: trained || repeats.is_some(),
                        reading,
                        distance: reading::distance(test, reading),
                    }));
                }
                Work::Ask { question_id, question, repeats, .. } => {
                    let most = question.scale.as_ref().and_then(|scale| scale.stop_from);
                    for (side, answer) in record.answers(index) {
                        if let Answer::Scale(number) = answer {
                            digest.too_much |= repeats.is_some() && most.is_some_and(|most| *number >= most);
                            digest.scales.push(Rated {
                                question: question_id.clone(),
                                side,
                                again: trained || repeats.is_some(),
                                number: *number,
                            });
                        }
                    }
                }
                Work::Prepare { .. } | Work::Rest { .. } | Work::Note { .. } => {}
            }
        }
        let warned = Plan { protocol, record }.remarks(Place::Summary).any(|(_, remark)| remark.urgent);
        digest.too_much |= warned;
        digest
    }

    /// Sets in which something was done, be it one rep.
    pub fn sets_trained(&self) -> usize {
        self.sets.iter().filter(|set| set.reps > 0).count()
    }

    /// Whether something hurt in a set: it was stopped for that, or gone on with in another position.
    pub fn has_painful_set(&self) -> bool {
        self.sets.iter().any(|set| set.repositioned || set.how == Some(SetEnd::Pain))
    }

    /// Reps of all sets; a hold that is all of its set is one.
    pub fn reps(&self) -> u64 {
        self.sets.iter().map(|set| u64::from(set.reps)).sum()
    }

    /// Reps as people count them: of the sets that are no single hold.
    pub fn counted_reps(&self) -> u64 {
        self.sets.iter().map(|set| u64::from(set.counted_reps())).sum()
    }
}
