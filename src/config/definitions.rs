//! Protocols as they are written in TOML, before their names are resolved.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::protocol::quantity::Seconds;
use crate::protocol::{Place, Sides};

/// A protocol: steps in the order in which they are written.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProtocolDef {
    /// Its name.
    #[schemars(extend("translatable" = true))]
    pub title: String,
    /// What it is, in a line.
    #[schemars(extend("translatable" = true))]
    pub summary: String,
    /// Why it is a good next thing to do, where `suggest-when` holds.
    #[schemars(extend("translatable" = true))]
    pub suggest: Option<String>,
    /// Conditions on answers of earlier sessions that must all hold for it to be suggested.
    #[serde(default)]
    pub suggest_when: Vec<ConditionDef>,
    /// Its steps.
    pub step: IndexMap<String, StepDef>,
    /// Advice for the plan and the summary.
    #[serde(default)]
    pub remark: IndexMap<String, RemarkDef>,
}

/// The kinds of steps there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Take a test.
    Measure,
    /// Answer a question.
    Ask,
    /// Get something ready.
    Prepare,
    /// Train.
    Exercise,
    /// Rest.
    Rest,
    /// Read something.
    Note,
}

/// A step. Which keys it takes beside `kind` and the conditions depends on its kind.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StepDef {
    /// What is done in the step.
    pub kind: Kind,
    /// For `measure`: the test.
    pub test: Option<String>,
    /// For `ask`: the question.
    pub question: Option<String>,
    /// For `exercise`: the exercise.
    pub exercise: Option<String>,
    /// For `prepare`, `rest` and `note`: the heading.
    #[schemars(extend("translatable" = true))]
    pub title: Option<String>,
    /// For `prepare` and `note`: the paragraphs.
    #[schemars(extend("translatable" = true))]
    pub text: Option<Vec<String>>,
    /// For `rest`: how long.
    pub seconds: Option<Seconds>,
    /// For `measure` and `ask`: once, or for each ankle.
    pub sides: Option<Sides>,
    /// For `measure` and `ask`: the earlier step that this one repeats, to tell the change.
    pub repeats: Option<String>,
    /// For `ask`: it can't be skipped.
    pub required: Option<bool>,
    /// Conditions that must all hold.
    #[serde(default)]
    pub when: Vec<ConditionDef>,
    /// Conditions of which one must hold.
    #[serde(default)]
    pub when_any: Vec<ConditionDef>,
}

/// A remark.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RemarkDef {
    /// Where it is shown.
    pub place: Place,
    /// It warns, and stands above all else that is told there.
    #[serde(default)]
    pub urgent: bool,
    /// The advice.
    #[schemars(extend("translatable" = true))]
    pub text: String,
    /// Conditions that must all hold.
    #[serde(default)]
    pub when: Vec<ConditionDef>,
    /// Conditions of which one must hold.
    #[serde(default)]
    pub when_any: Vec<ConditionDef>,
}

/// A condition: one of `step` and `earlier`, with one of `is`, `not`, `all` and `at-least`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ConditionDef {
    /// The answer to this earlier step of the session.
    pub step: Option<String>,
    /// The latest answer to this question in an earlier session.
    pub earlier: Option<String>,
    /// Some answer is one of these.
    pub is: Option<Vec<String>>,
    /// No answer is one of these.
    pub not: Option<Vec<String>>,
    /// Every side has an answer, and each is one of these.
    pub all: Option<Vec<String>>,
    /// Some answer on a scale is this or more.
    #[schemars(range(max = 100))]
    pub at_least: Option<u8>,
}
