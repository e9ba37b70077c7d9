//! What can be trained: tests, questions, exercises, and the protocols that put them in order.
//!
//! Every word and number here comes from TOML (see [`crate::config`]); nothing in this module names an exercise, a side's
//! dose or a sentence. A [`Protocol`] is self-contained: it holds the definitions of all it refers to, so that a session
//! can be stored together with the protocol as it was when the session began.

mod exercise;
pub mod figure;
pub mod named;
pub mod quantity;

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use exercise::{Cap, Exercise, Phase};
use figure::TestFigure;
use quantity::{Length, Seconds};

/// One of the two ankles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The left ankle.
    Left,
    /// The right ankle.
    Right,
}

impl Side {
    /// Both sides, in the order in which tests are taken.
    pub const BOTH: [Side; 2] = [Side::Left, Side::Right];

    /// As it is written in files.
    pub fn name(self) -> &'static str {
        match self {
            Side::Left => "left",
            Side::Right => "right",
        }
    }

    /// The one that is written as `name`.
    pub fn named(name: &str) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| side.name() == name)
    }
}

/// Whether a step is done once, or on each ankle in turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sides {
    /// Once, with both ankles or neither.
    #[default]
    Both,
    /// On one ankle, then on the other.
    Each,
}

/// A wall test (weight-bearing lunge test): how far short of the wall the knee stops, or how far the toes can stand from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Test {
    /// Heading of the test's screens.
    #[schemars(extend("translatable" = true))]
    pub title: String,
    /// What to do, step by step. `{toes}` stands for `toe-distance`.
    #[schemars(extend("translatable" = true))]
    pub setup: Vec<String>,
    /// The question that the answers answer.
    #[schemars(extend("translatable" = true))]
    pub ask: String,
    /// Toe-to-wall distance at which the one-key answers are given.
    pub toe_distance: Length,
    /// Bands of the gap between knee and wall, smallest first.
    pub band: IndexMap<String, Band>,
    /// Answers that one key gives.
    pub answer: IndexMap<String, QuickAnswer>,
    /// A change below this is no clear change; from here on it is a possible one.
    pub possible_change: Length,
    /// From this change on it is a real one (minimal detectable change).
    pub real_change: Length,
    /// From this difference between the ankles on, it is worth watching.
    pub watch_difference: Length,
    /// From this difference between the ankles on, they are called asymmetric.
    pub asymmetric_difference: Length,
    /// The figure beside the words; without it there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<TestFigure>,
}

/// One band of a test's results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Band {
    /// Name of the band.
    #[schemars(extend("translatable" = true))]
    pub label: String,
    /// Largest gap that still counts as this band; without it, any larger gap does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Length>,
}

/// An answer to a test that one key gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct QuickAnswer {
    /// The answer in words. `{gap}` stands for `gap` in the person's unit.
    #[schemars(extend("translatable" = true))]
    pub label: String,
    /// Gap between knee and wall that the answer means.
    pub gap: Length,
}

impl Test {
    /// The id of the band that a gap of `gap` falls into.
    pub fn band_of(&self, gap: Length) -> &str {
        self.band
            .iter()
            .find(|(_, band)| band.up_to.is_none_or(|edge| gap <= edge))
            .or(self.band.last())
            .map_or("", |(id, _)| id)
    }

    /// The words for the band `id`.
    pub fn band_label<'a>(&'a self, id: &'a str) -> &'a str {
        self.band.get(id).map_or(id, |band| &band.label)
    }
}

/// Something asked of the person: a choice of one, or a number on a scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Question {
    /// Heading of the screen.
    #[schemars(extend("translatable" = true))]
    pub title: String,
    /// The question itself.
    #[schemars(extend("translatable" = true))]
    pub ask: String,
    /// A line or two of explanation below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("translatable" = true))]
    pub hint: Option<String>,
    /// The answers to choose from; the first is the one that Space takes.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub option: IndexMap<String, Choice>,
    /// A scale of whole numbers instead of options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
}

/// One answer of a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Choice {
    /// The answer in words.
    #[schemars(extend("translatable" = true))]
    pub label: String,
    /// What the answer means, in two lines, shown with the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("translatable" = true))]
    pub meaning: Option<String>,
    /// Advice that ends the session: with this answer nothing is trained, or nothing more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("translatable" = true))]
    pub stop: Option<String>,
}

/// A scale of whole numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scale {
    /// Smallest number.
    #[schemars(range(max = 100))]
    pub low: u8,
    /// Largest number.
    #[schemars(range(max = 100))]
    pub high: u8,
    /// What the smallest number means.
    #[schemars(extend("translatable" = true))]
    pub low_label: String,
    /// What the largest number means.
    #[schemars(extend("translatable" = true))]
    pub high_label: String,
    /// A change of this much is worth showing.
    #[schemars(range(min = 1, max = 100))]
    pub notable_change: u8,
    /// From this number on the session ends with the advice in `stop`, unless the question repeats an earlier one and no
    /// exercise follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100))]
    pub stop_from: Option<u8>,
    /// Advice for a number of `stop-from` or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("translatable" = true))]
    pub stop: Option<String>,
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The answer to the step with this index, in this session.
    Step(usize),
    /// The latest answer to the question with this id, in an earlier session.
    Earlier(String),
}

/// What a condition demands of the answers it looks at. An answer's outcome is an option's id, or a band's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Demand {
    /// Some answer is one of these.
    Is(Vec<String>),
    /// No answer is one of these; no answer at all will do.
    Not(Vec<String>),
    /// There is an answer of every ankle that it is asked of, or that the step with the condition is for, and each is one of
    /// these.
    All(Vec<String>),
    /// Some answer on a scale is this or more.
    AtLeast(u8),
}

/// A condition on earlier answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// What it looks at.
    pub subject: Subject,
    /// What it demands.
    pub demand: Demand,
}

/// When a step or remark applies: every condition of `every`, and, unless empty, one of `any`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct When {
    /// All of these hold.
    pub every: Vec<Condition>,
    /// At least one of these holds.
    pub any: Vec<Condition>,
}

/// What a step of a protocol has the person do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Take a test.
    Measure {
        /// Id of the test, by which measurements of several sessions are put in a row.
        test_id: String,
        /// The test.
        test: Arc<Test>,
        /// The earlier step whose test this one repeats, on the sides that were tested there.
        repeats: Option<usize>,
    },
    /// Answer a question.
    Ask {
        /// Id of the question, by which later sessions find the answer.
        question_id: String,
        /// The question.
        question: Arc<Question>,
        /// The earlier step whose question this one repeats.
        repeats: Option<usize>,
        /// It can't be skipped.
        required: bool,
    },
    /// Get something ready; done when the person says so.
    Prepare {
        /// Heading.
        title: String,
        /// What to do, step by step.
        text: Vec<String>,
    },
    /// Train.
    Exercise {
        /// Id of the exercise.
        exercise_id: String,
        /// The exercise.
        exercise: Arc<Exercise>,
    },
    /// Rest for a while.
    Rest {
        /// Heading.
        title: String,
        /// How long.
        seconds: Seconds,
    },
    /// Read something.
    Note {
        /// Heading.
        title: String,
        /// The paragraphs.
        text: Vec<String>,
    },
}

/// One step of a protocol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The step's id, unique in its protocol.
    pub id: String,
    /// Once, or on each ankle.
    pub sides: Sides,
    /// When the step is done at all; evaluated for each side by itself where the step is per side.
    pub when: When,
    /// What is done.
    pub work: Work,
}

impl Step {
    /// Id of the question that it asks, if it does.
    pub fn asks(&self) -> Option<&str> {
        match &self.work {
            Work::Ask { question_id, .. } => Some(question_id),
            _ => None,
        }
    }
}

/// Where a remark is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// On the plan, before the first exercise.
    Plan,
    /// On the summary.
    Summary,
}

/// A piece of advice that is shown when its conditions hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// Where it is shown.
    pub place: Place,
    /// It warns, and stands above all else that is told there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// The advice.
    pub text: String,
    /// When it is shown.
    pub when: When,
}

/// A whole session: steps in order, with advice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Protocol {
    /// The protocol's id, by which the command line and the store know it.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it is, in a line.
    pub summary: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Advice for the plan and the summary.
    pub remarks: Vec<Remark>,
    /// When it is a good next thing to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
}

/// When a protocol is a good next thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Why, in a sentence.
    pub reason: String,
    /// When: conditions on earlier sessions.
    pub when: When,
}

impl Work {
    /// What the person calls it.
    pub fn title(&self) -> &str {
        match self {
            Work::Measure { test, .. } => &test.title,
            Work::Ask { question, .. } => &question.title,
            Work::Exercise { exercise, .. } => &exercise.title,
            Work::Prepare { title, .. } | Work::Rest { title, .. } | Work::Note { title, .. } => title,
        }
    }
}

impl Protocol {
    /// The exercise of step `step`, where that is an exercise.
    pub fn exercise(&self, step: usize) -> Option<&Exercise> {
        match &self.steps.get(step)?.work {
            Work::Exercise { exercise, .. } => Some(exercise),
            _ => None,
        }
    }

    /// The test of step `step`, where that is a test.
    pub fn test(&self, step: usize) -> Option<&Test> {
        match &self.steps.get(step)?.work {
            Work::Measure { test, .. } => Some(test),
            _ => None,
        }
    }

    /// The question of step `step`, where that is a question.
    pub fn question(&self, step: usize) -> Option<&Question> {
        match &self.steps.get(step)?.work {
            Work::Ask { question, .. } => Some(question),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test_with_edges(edges: &[(&str, Option<&str>)]) -> Test {
        let band = edges
            .iter()
            .map(|(id, edge)| {
                let up_to = edge.map(|text| text.parse().unwrap());
                (id.to_string(), Band { label: id.to_uppercase(), up_to })
            })
            .collect();
        Test {
            title: String::new(),
            setup: Vec::new(),
            ask: String::new(),
            toe_distance: "4 in".parse().unwrap(),
            band,
            answer: IndexMap::new(),
            possible_change: "1 cm".parse().unwrap(),
            real_change: "1.9 cm".parse().unwrap(),
            watch_difference: "1.5 cm".parse().unwrap(),
            asymmetric_difference: "2 cm".parse().unwrap(),
            figure: None,
        }
    }

    #[test]
    fn a_gap_on_the_edge_belongs_to_the_better_band() {
        let test = test_with_edges(&[("good", Some("0 in")), ("fair", Some("1 in")), ("poor", None)]);
        for (gap, band) in
            [("0 mm", "good"), ("0.1 mm", "fair"), ("25.4 mm", "fair"), ("25.5 mm", "poor"), ("1 m", "poor")]
        {
            let gap = gap.parse().unwrap_or(Length::MAX);
            assert_eq!(test.band_of(gap), band, "{gap:?}");
        }
    }
}
