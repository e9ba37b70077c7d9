//! An exercise: how it is set up, what one rep is made of, and how much of it is done.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sides;
use super::figure::{Figure, Movement, Pose};
use super::quantity::{RepRange, Seconds};
use crate::cue::Cue;

/// An exercise: a set-up, phases that make one rep, and a dose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Exercise {
    /// Name of the exercise.
    #[schemars(extend("translatable" = true))]
    pub title: String,
    /// What it is for, in one line.
    #[schemars(extend("translatable" = true))]
    pub goal: String,
    /// Set-up, step by step.
    #[schemars(extend("translatable" = true))]
    pub setup: Vec<String>,
    /// A tip that is shown while training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("translatable" = true))]
    pub tip: Option<String>,
    /// One ankle at a time, or both at once.
    pub sides: Sides,
    /// Reps in a set: the first number is enough, at the second the set ends.
    pub reps: RepRange,
    /// Rounds; one round is one set on each side that is trained.
    #[schemars(range(min = 1, max = 10))]
    pub rounds: u8,
    /// The most rounds that can be chosen before a session: more is not better.
    #[schemars(range(min = 1, max = 10))]
    pub most_rounds: u8,
    /// What a session should not exceed on a side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cap>,
    /// Countdown before the first rep of a set.
    pub get_ready: Seconds,
    /// Time to move the band to the other ankle.
    #[serde(default)]
    pub change_over: Seconds,
    /// What to do in that time. `{side}` stands for the other ankle.
    #[serde(default)]
    #[schemars(extend("translatable" = true))]
    pub change_over_tell: String,
    /// Rest between two rounds.
    pub rest: Seconds,
    /// The figure that shows the movement; without it there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
    /// The phases of one rep, in order.
    pub phase: IndexMap<String, Phase>,
}

/// What a session should not exceed on a side; above it, the plan warns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Cap {
    /// Reps in a set.
    #[schemars(range(min = 1, max = 100))]
    pub reps: u16,
    /// Rounds.
    #[schemars(range(min = 1, max = 10))]
    pub rounds: u8,
}

/// One phase of a rep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Phase {
    /// Name of the phase, read from three metres: one short word.
    #[schemars(extend("translatable" = true))]
    pub name: String,
    /// What to do in it, in a few words.
    #[schemars(extend("translatable" = true))]
    pub tell: String,
    /// How long it lasts.
    #[schemars(range(min = 0.1, max = 600))]
    pub seconds: Seconds,
    /// A position to stay in rather than a movement: its time is shown in tenths and no key ends it.
    #[serde(default)]
    pub hold: bool,
    /// When the person counts by key, this phase lasts until the key.
    #[serde(default)]
    pub wait: bool,
    /// The rep counts when this phase has ended. Without any, it counts at the end of the last phase.
    #[serde(default)]
    pub counts: bool,
    /// The sound at its start.
    pub cue: Cue,
    /// Name of the pose that the figure reaches at its end; without one the figure stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pose: Option<String>,
    /// The figure goes to the pose and back over and over, once in this time, instead of once in the whole phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.5, max = 60))]
    pub to_and_fro: Option<Seconds>,
}

impl Exercise {
    /// Index of the phase at whose end the rep counts.
    pub fn counting_phase(&self) -> usize {
        let last = self.phase.len().saturating_sub(1);
        self.phase.values().position(|phase| phase.counts).unwrap_or(last)
    }

    /// The phase with this index.
    pub fn phase_at(&self, index: usize) -> Option<&Phase> {
        self.phase.get_index(index).map(|(_, phase)| phase)
    }

    /// How the figure moves in the phase with this index; `again` for every rep of a set but its first.
    pub fn movement(&self, index: usize, again: bool) -> Option<Movement<'_>> {
        let phase = self.phase_at(index)?;
        let from = self.pose_before(index, again)?;
        let to = phase.pose.as_deref().and_then(|name| self.figure.as_ref()?.poses.get(name));
        Some(Movement { from, to: to.unwrap_or(from), to_and_fro: phase.to_and_fro })
    }

    /// The pose that the phase with this index starts from: the one before it has ended in that pose.
    fn pose_before(&self, index: usize, again: bool) -> Option<&Pose> {
        let figure = self.figure.as_ref()?;
        // What goes to and fro ends where it began.
        let lasting = |phase: &&Phase| phase.to_and_fro.is_none() && phase.pose.is_some();
        let before = self.phase.values().take(index).rfind(lasting);
        let last = || self.phase.values().rfind(lasting).filter(|_| again);
        let name = before.or_else(last).and_then(|phase| phase.pose.as_deref()).unwrap_or(&figure.start);
        figure.poses.get(name)
    }

    /// The pose in which the person stands before a rep; `again` for every rep of a set but its first.
    pub fn pose_at_rest(&self, again: bool) -> Option<&Pose> {
        self.pose_before(0, again)
    }

    /// Every pose that the figure takes.
    pub fn poses(&self) -> impl Iterator<Item = &Pose> {
        self.figure.iter().flat_map(|figure| figure.poses.values())
    }

    /// How long one rep takes at the tempo of its phases, in milliseconds.
    pub fn rep_millis(&self) -> u64 {
        self.phase.values().map(|phase| phase.seconds.millis()).sum()
    }
}
