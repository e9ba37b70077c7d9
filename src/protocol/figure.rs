//! The figure that shows a movement: poses by joint angles, and the things around the person.
//!
//! A person is seen from the side and faces right. Every angle is one between two parts of the body, 0 where a person
//! stands upright with arms hanging down, and positive the way a joint bends most; only the trunk leans from the upright
//! and the foot from the floor. Lengths are in percent of the body's height. The *front* leg is the one that is trained.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quantity::Seconds;

fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

macro_rules! pose {
    ($($(#[doc = $doc:literal])* $angle:ident: $low:literal to $high:literal $unit:literal,)*) => {
        /// A pose of the whole body, seen from the side. What is left out is 0.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct Pose {
            $(
                $(#[doc = $doc])*
                #[serde(default, skip_serializing_if = "is_zero")]
                #[schemars(range(min = $low, max = $high), title = $unit)]
                pub $angle: f64,
            )*
        }

        impl Pose {
            /// The pose a part of the way, from 0 to 1, from this one to `other`.
            pub fn towards(&self, other: &Pose, part: f64) -> Pose {
                let between = |from: f64, to: f64| from + (to - from) * part;
                Pose { $($angle: between(self.$angle, other.$angle),)* }
            }

            #[cfg(test)]
            /// The lowest and the highest value of each number, in the order of the fields.
            pub const RANGES: &'static [(f64, f64)] = &[$(($low as f64, $high as f64),)*];

            #[cfg(test)]
            /// The pose with these numbers, in the order of the fields; those that are missing are 0.
            pub fn of(numbers: &[f64]) -> Pose {
                let mut numbers = numbers.iter().copied();
                Pose { $($angle: numbers.next().unwrap_or(0.0),)* }
            }
        }
    };
}

pose! {
    /// How far the ball of the front foot is moved forward, in percent of the body's height.
    forward: -100 to 100 "percent",
    /// How high the ball of the front foot is above the floor, in percent of the body's height.
    up: 0 to 100 "percent",
    /// Front foot: 0 is flat, more lifts the heel, less lifts the toes.
    foot: -90 to 80 "degrees",
    /// Front ankle: more brings the shin forward over the foot (dorsiflexion), less points the toes (plantarflexion).
    ankle: -60 to 60 "degrees",
    /// Front knee: 0 is straight, more is bent.
    knee: 0 to 160 "degrees",
    /// Trunk: 0 is upright, more leans forward.
    trunk: -90 to 110 "degrees",
    /// Head: 0 is in line with the trunk, more nods.
    neck: -60 to 60 "degrees",
    /// Arms: 0 hangs along the trunk, more lifts the arm forward.
    shoulder: -70 to 190 "degrees",
    /// Elbows: 0 is straight, more is bent.
    elbow: 0 to 160 "degrees",
    /// Hip of the other leg: 0 is in line with the trunk, more brings the thigh forward.
    back_hip: -60 to 140 "degrees",
    /// Knee of the other leg: 0 is straight, more is bent.
    back_knee: 0 to 160 "degrees",
    /// Ankle of the other leg: more brings the toes up to the shin, less points them.
    back_ankle: -60 to 60 "degrees",
}

/// What is seen of an exercise beside its words: where a rep starts, and what stands around the person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Figure {
    /// Name of the pose before the first rep. A later rep starts from the pose in which the one before it ended.
    pub start: String,
    /// A band round the trained ankle or foot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    /// The heel of the trained foot stays on the floor, and a mark says so.
    #[serde(default)]
    pub heel_down: bool,
    /// Things around the person.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub prop: IndexMap<String, Prop>,
    /// The poses that are named here and by the phases, as they were when the configuration was read.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(skip)]
    pub poses: IndexMap<String, Pose>,
}

/// A taut band round the trained ankle or foot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Band {
    /// Where it is tied, in percent of the body's height from the joint: in front of the person, or, negative, behind.
    /// The band lies round the other side of the joint. Without it the person holds both ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -150, max = 150), title = "percent")]
    pub anchor: Option<f64>,
    /// What it lies round.
    #[serde(default)]
    pub at: Joint,
}

/// What a band lies round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Joint {
    /// The ankle, level with the joint.
    #[default]
    Ankle,
    /// The ball of the foot: its sole where the band is held, its top where it is tied.
    Ball,
}

/// A thing beside the person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Prop {
    /// What it looks like.
    pub shape: Shape,
    /// Its middle, or the near face of a wall, in percent of the body's height before the ball of the front foot, or,
    /// for a weight, before the hands.
    #[schemars(range(min = -150, max = 150), title = "percent")]
    pub at: f64,
    /// Its height, in percent of the body's height.
    #[schemars(range(min = 1, max = 120), title = "percent")]
    pub height: f64,
    /// Its width, in percent of the body's height; a roll is as wide as it is high.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0, max = 150), title = "percent")]
    pub width: f64,
}

/// What a thing looks like from the side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// A wall, whose near face is where it is.
    Wall,
    /// A box, a step or a seat.
    Box,
    /// A roller or a ball.
    Roll,
    /// A weight in the hands.
    Weight,
}

/// What is seen of a wall test beside its words. The wall stands at the test's own distance from the toes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TestFigure {
    /// Name of the pose in which the test starts.
    pub start: String,
    /// Name of the pose in which the knee is at the wall, or beyond it.
    pub reach: String,
    /// The poses that are named here, as they were when the configuration was read.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(skip)]
    pub poses: IndexMap<String, Pose>,
}

/// How a phase moves the figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Movement<'a> {
    /// The pose at its start.
    pub from: &'a Pose,
    /// The pose that it leads to.
    pub to: &'a Pose,
    /// Where it goes there and back over and over: how long one way and back take.
    pub to_and_fro: Option<Seconds>,
}

impl Movement<'_> {
    /// How far the movement has come `elapsed` milliseconds after the start of a phase that lasts `whole`: from 0 to 1,
    /// slow at both ends, in so many `steps`: between them the picture stands.
    pub fn part(&self, elapsed: u64, whole: u64, steps: u16) -> f64 {
        let ratio = match self.to_and_fro.map(Seconds::millis).filter(|round| *round > 0) {
            Some(round) => 1.0 - (1.0 - (elapsed.min(whole) % round) as f64 / round as f64 * 2.0).abs(),
            None => elapsed.min(whole) as f64 / whole.max(1) as f64,
        };
        let eased = ratio * ratio * (3.0 - 2.0 * ratio);
        let steps = f64::from(steps.max(1));
        (eased * steps).round() / steps
    }

    /// The pose at `part` of the way.
    pub fn pose(&self, part: f64) -> Pose {
        self.from.towards(self.to, part)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn movement(to_and_fro: Option<u32>) -> Movement<'static> {
        const FROM: Pose = Pose { ankle: -10.0, ..ZERO };
        const TO: Pose = Pose { ankle: 30.0, ..ZERO };
        const ZERO: Pose = Pose {
            forward: 0.0,
            up: 0.0,
            foot: 0.0,
            ankle: 0.0,
            knee: 0.0,
            trunk: 0.0,
            neck: 0.0,
            shoulder: 0.0,
            elbow: 0.0,
            back_hip: 0.0,
            back_knee: 0.0,
            back_ankle: 0.0,
        };
        Movement { from: &FROM, to: &TO, to_and_fro: to_and_fro.map(Seconds::from_millis) }
    }

    #[test]
    fn a_movement_begins_and_ends_in_its_poses_and_is_slow_there() {
        let movement = movement(None);
        assert_eq!(movement.pose(movement.part(0, 2_000, 48)).ankle, -10.0);
        assert_eq!(movement.pose(movement.part(1_000, 2_000, 48)).ankle, 10.0);
        assert_eq!(movement.pose(movement.part(2_000, 2_000, 48)).ankle, 30.0);
        assert_eq!(movement.part(9_999, 2_000, 48), 1.0, "it waits at its end");
        assert!(movement.part(200, 2_000, 48) < 0.1 && movement.part(1_800, 2_000, 48) > 0.9);
    }

    #[test]
    fn to_and_fro_goes_there_and_back() {
        let movement = movement(Some(4_000));
        let parts = [0, 2_000, 4_000, 6_000].map(|elapsed| movement.part(elapsed, 60_000, 48));
        assert_eq!(parts, [0.0, 1.0, 0.0, 1.0]);
    }

    proptest! {
        #[test]
        fn one_way_never_turns_back(whole in 1..600_000_u64, one in 0..600_000_u64, other in 0..600_000_u64) {
            let movement = movement(None);
            let (early, late) = (one.min(other), one.max(other));
            prop_assert!(movement.part(early, whole, 48) <= movement.part(late, whole, 48));
        }
    }
}
