//! The facts of a session, in the past tense, and the places in it that they speak of.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::earlier::Earlier;
use super::time::SessionTime;
use crate::protocol::Side;
use crate::protocol::quantity::Length;

/// A place in a session: one part of one step, on one side, in one round.
///
/// It is written as `7.set.left.2`: step, part, side (`both` where there is none), round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Stage {
    /// Index of the step in the protocol.
    pub step: usize,
    /// The part of the step.
    pub part: Part,
    /// The ankle, where the part is done on one.
    pub side: Option<Side>,
    /// The round, counted from 1; 0 where there are no rounds.
    pub round: u8,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = Part::NAMES.iter().find(|(part, _)| *part == self.part).map_or("", |(_, name)| name);
        let side = self.side.map_or("both", Side::name);
        write!(f, "{}.{part}.{side}.{}", self.step, self.round)
    }
}

impl From<Stage> for String {
    fn from(stage: Stage) -> String {
        stage.to_string()
    }
}

impl TryFrom<String> for Stage {
    type Error = String;

    fn try_from(text: String) -> Result<Stage, String> {
        let read = || {
            let mut words = text.split('.');
            let step = words.next()?.parse().ok()?;
            let part = words.next()?;
            let part = Part::NAMES.iter().find(|(_, name)| *name == part)?.0;
            let side = match words.next()? {
                "both" => None,
                name => Some(Side::named(name)?),
            };
            let round = words.next()?.parse().ok()?;
            words.next().is_none().then_some(Stage { step, part, side, round })
        };
        read().ok_or_else(|| format!("{text:?} is no place in a session"))
    }
}

/// The parts that steps consist of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The whole of a step that is no exercise.
    Whole,
    /// The plan, shown before the first exercise.
    Plan,
    /// The set-up of an exercise.
    Setup,
    /// One set.
    Set,
    /// Moving the band to the other ankle.
    ChangeOver,
    /// The rest between two rounds.
    Rest,
}

impl Part {
    const NAMES: [(Part, &str); 6] = [
        (Part::Whole, "whole"),
        (Part::Plan, "plan"),
        (Part::Setup, "setup"),
        (Part::Set, "set"),
        (Part::ChangeOver, "change-over"),
        (Part::Rest, "rest"),
    ];

    /// Whether the part stands between two sets of an exercise.
    pub fn is_between_sets(self) -> bool {
        matches!(self, Part::ChangeOver | Part::Rest)
    }
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The option with this id.
    Option(String),
    /// A number on a scale.
    Scale(u8),
}

/// The result of one wall test on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// How far the knee stops short of the wall, judged by eye, with the toes at the test's distance; zero is a touch.
    Judged(Length),
    /// The same, measured.
    Gap(Length),
    /// The largest toe-to-wall distance at which the knee still touches, measured.
    Reach(Length),
}

/// Who leads through the reps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pacing {
    /// The person, with a key at the far end of each rep.
    #[default]
    Counted,
    /// The program, at the tempo of the exercise.
    Paced,
}

/// What the person chose on the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The only ankle to train; `None` for both.
    pub only: Option<Side>,
    /// Rounds of the exercise in the step with this index; 0 leaves it out.
    pub rounds: BTreeMap<usize, u8>,
    /// Who leads.
    pub pacing: Pacing,
}

/// How a set ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetEnd {
    /// The top of the range was reached.
    Full,
    /// The person ended it within the range.
    Enough,
    /// The person ended it below the range.
    Short,
    /// The person skipped it.
    Skipped,
    /// It was stopped because of pain.
    Pain,
}

/// Why a session was paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseReason {
    /// The person asked for it.
    Asked,
    /// The machine slept, or the program stood still, past a moment at which something was due.
    Slept,
    /// The session was left and taken up again.
    Returned,
    /// The person changes position because of pain.
    Repositioning,
}

/// What the person chose after reporting pain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relief {
    /// Change position and go on; offered once an exercise and side.
    Reposition,
    /// End this exercise on this side.
    EndExercise,
    /// End the session.
    EndSession,
    /// The key was pressed by mistake.
    Slip,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Every step was done or skipped.
    Finished,
    /// An answer called for advice instead of exercise, or of more of it.
    Advised,
    /// Pain.
    Pain,
    /// The person ended it early.
    Early,
}

/// What is put right in a session that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correction {
    /// The reps of a set, and how it ended with so many.
    Reps {
        /// The reps.
        reps: u16,
        /// How.
        how: SetEnd,
    },
    /// The result of a test.
    Reading(Reading),
    /// The number on a scale.
    Scale(u8),
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// What the person had answered in earlier sessions when this one began, as far as it decides what there is to do.
    Recalled {
        /// The answers.
        answers: Earlier,
    },
    /// A question was answered.
    Answered {
        /// Which question.
        stage: Stage,
        /// The answer.
        answer: Answer,
    },
    /// A test was taken.
    Measured {
        /// Which test.
        stage: Stage,
        /// Its result.
        reading: Reading,
    },
    /// The plan was accepted.
    Planned {
        /// Where the plan stands.
        stage: Stage,
        /// What was chosen.
        choices: Choices,
    },
    /// A part without a result of its own was done, or its time was over.
    Done {
        /// Which part.
        stage: Stage,
    },
    /// A part was skipped.
    StepSkipped {
        /// Which part.
        stage: Stage,
    },
    /// The first rep of a set began.
    SetStarted {
        /// Which set.
        stage: Stage,
    },
    /// A rep counted.
    RepCompleted {
        /// In which set.
        stage: Stage,
        /// Its number, from 1.
        rep: u16,
    },
    /// The last rep was taken back.
    RepUndone {
        /// In which set.
        stage: Stage,
        /// The number that it had.
        rep: u16,
    },
    /// A set ended.
    SetEnded {
        /// Which set.
        stage: Stage,
        /// How.
        how: SetEnd,
    },
    /// A part was taken up again: what was recorded as its result no longer holds.
    Reopened {
        /// Which part.
        stage: Stage,
    },
    /// The session was paused.
    Paused {
        /// Why.
        why: PauseReason,
    },
    /// It went on.
    Resumed,
    /// Pain or a pinch was reported.
    Hurt {
        /// Where.
        stage: Stage,
    },
    /// The person chose what to do about it.
    Relieved {
        /// Where.
        stage: Stage,
        /// What they chose.
        relief: Relief,
    },
    /// Something was recorded wrongly, and is put right afterwards.
    Corrected {
        /// Where.
        stage: Stage,
        /// What is so.
        to: Correction,
    },
    /// The session ended.
    Ended {
        /// Why.
        ending: Ending,
    },
}

impl Fact {
    /// The part of the session that it speaks of, where it speaks of one.
    pub fn stage(&self) -> Option<Stage> {
        match self {
            Fact::Answered { stage, .. }
            | Fact::Measured { stage, .. }
            | Fact::Planned { stage, .. }
            | Fact::Done { stage }
            | Fact::StepSkipped { stage }
            | Fact::SetStarted { stage }
            | Fact::RepCompleted { stage, .. }
            | Fact::RepUndone { stage, .. }
            | Fact::SetEnded { stage, .. }
            | Fact::Reopened { stage }
            | Fact::Hurt { stage }
            | Fact::Relieved { stage, .. }
            | Fact::Corrected { stage, .. } => Some(*stage),
            Fact::Recalled { .. } | Fact::Paused { .. } | Fact::Resumed | Fact::Ended { .. } => None,
        }
    }

    /// Whether the session is over with this fact.
    pub fn ends_session(&self) -> bool {
        matches!(self, Fact::Ended { .. })
    }
}

/// A fact and when it became true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Session time of the fact: the planned moment, not the one at which the program got to it.
    pub at: SessionTime,
    /// The fact.
    pub fact: Fact,
}
