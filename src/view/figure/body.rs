//! From joint angles to points: where every joint of a body is, seen from the side.

use crate::protocol::figure::Pose;

/// A point, in heights of the body: `x` before the place where the ball of the front foot stands, `y` above the floor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// The point `length` away, in the direction `degrees` from straight up, forward being positive.
    fn up(self, length: f64, degrees: f64) -> Point {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Point::new(self.x + length * sin, self.y + length * cos)
    }

    /// The point `length` away, in the direction `degrees` from straight down, forward being positive.
    fn down(self, length: f64, degrees: f64) -> Point {
        self.up(-length, -degrees)
    }

    /// The point that is `before` and `above` this one on something that is raised by `degrees` from the level.
    pub fn beside(self, before: f64, above: f64, degrees: f64) -> Point {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Point::new(self.x + before * cos - above * sin, self.y + before * sin + above * cos)
    }

    /// The point a part of the way to `other`.
    pub fn towards(self, other: Point, part: f64) -> Point {
        Point::new(self.x + (other.x - self.x) * part, self.y + (other.y - self.y) * part)
    }
}

// Lengths of the parts of a body, in its heights: Drillis and Contini 1966, as in Winter, Biomechanics and Motor Control
// of Human Movement. The place of the ankle above the foot, and of the ball on it, are read off a foot.
/// Knee to ankle.
pub const SHIN: f64 = 0.246;
/// Hip to knee.
pub const THIGH: f64 = 0.245;
/// Hip to shoulder.
pub const TRUNK: f64 = 0.288;
/// Shoulder to elbow.
pub const UPPER_ARM: f64 = 0.186;
/// Elbow to wrist.
pub const FOREARM: f64 = 0.146;
/// Wrist to finger tips.
pub const HAND: f64 = 0.108;
/// Chin to crown.
pub const HEAD: f64 = 0.130;
/// Heel to toes.
pub const FOOT: f64 = 0.152;
/// Ankle above the sole.
pub const ANKLE: f64 = 0.039;
/// Shoulder to the middle of the head, so that the whole is one height.
const NECK: f64 = 1.0 - ANKLE - SHIN - THIGH - TRUNK - HEAD / 2.0;
/// Heel to the point below the ankle.
const HEEL: f64 = 0.038;
/// Heel to the ball.
const BALL: f64 = 0.111;

/// A foot from its heel to its toes, which bend at the ball where the heel is up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foot {
    pub heel: Point,
    pub ball: Point,
    pub toes: Point,
}

impl Foot {
    /// The foot below `ankle` whose sole is raised by `degrees` at the toes.
    fn below(ankle: Point, degrees: f64) -> Foot {
        let at = |before: f64| ankle.beside(before - HEEL, -ANKLE, degrees);
        let ball = at(BALL);
        Foot { heel: at(0.0), ball, toes: ball.beside(FOOT - BALL, 0.0, degrees.max(0.0)) }
    }
}

/// A leg from the hip down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leg {
    pub knee: Point,
    pub ankle: Point,
    pub foot: Foot,
}

/// Where every joint is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    pub hip: Point,
    pub shoulder: Point,
    /// The middle of the head.
    pub head: Point,
    pub elbow: Point,
    /// The middle of the hand.
    pub hand: Point,
    /// The trained leg.
    pub front: Leg,
    /// The other leg.
    pub back: Leg,
}

impl Body {
    /// The body in this pose: built up from the front foot, whose ball stays where the pose has it.
    pub fn of(pose: &Pose) -> Body {
        let ball = Point::new(pose.forward / 100.0, pose.up / 100.0);
        let ankle = ball.beside(HEEL - BALL, ANKLE, -pose.foot);
        let shin = pose.foot + pose.ankle;
        let knee = ankle.up(SHIN, shin);
        let hip = knee.up(THIGH, shin - pose.knee);
        let front = Leg { knee, ankle, foot: Foot::below(ankle, -pose.foot) };

        let shoulder = hip.up(TRUNK, pose.trunk);
        let head = shoulder.up(NECK, pose.trunk + pose.neck);
        let arm = pose.shoulder - pose.trunk;
        let elbow = shoulder.down(UPPER_ARM, arm);
        let hand = elbow.down(FOREARM + HAND / 2.0, arm + pose.elbow);

        let thigh = pose.back_hip - pose.trunk;
        let knee = hip.down(THIGH, thigh);
        let shin = thigh - pose.back_knee;
        let ankle = knee.down(SHIN, shin);
        let back = Leg { knee, ankle, foot: Foot::below(ankle, shin + pose.back_ankle) };
        Body { hip, shoulder, head, elbow, hand, front, back }
    }

    /// Every point of the body that can touch something.
    pub fn points(&self) -> [Point; 16] {
        let Leg { knee, ankle, foot } = self.front;
        let back = self.back;
        let crown = self.head.towards(self.shoulder, -HEAD / 2.0 / NECK);
        let brow = Point::new(self.head.x + HEAD / 2.0, self.head.y);
        let nape = Point::new(self.head.x - HEAD / 2.0, self.head.y);
        let [foot, back_foot] = [foot, back.foot].map(|foot| [foot.heel, foot.ball, foot.toes]);
        [
            self.hip,
            self.shoulder,
            crown,
            brow,
            nape,
            self.elbow,
            self.hand,
            knee,
            ankle,
            foot[0],
            foot[1],
            foot[2],
            back.knee,
            back_foot[0],
            back_foot[1],
            back_foot[2],
        ]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::Config;
    use crate::protocol::figure::Shape;
    use crate::protocol::{Exercise, Sides};
    use crate::view::figure::tests::exercises;

    fn apart(one: Point, other: Point) -> f64 {
        (one.x - other.x).hypot(one.y - other.y)
    }

    /// On which side of the line from `from` to `to` the point lies: positive to the left.
    fn side(from: Point, to: Point, point: Point) -> f64 {
        (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x)
    }

    fn any_pose() -> impl Strategy<Value = Pose> {
        let numbers: Vec<_> = Pose::RANGES.iter().map(|(low, high)| *low..=*high).collect();
        numbers.prop_map(|numbers| Pose::of(&numbers))
    }

    #[test]
    fn somebody_who_stands_upright_is_one_height_tall_with_both_feet_flat_in_one_place() {
        let body = Body::of(&Pose::default());
        assert!((body.head.y + HEAD / 2.0 - 1.0).abs() < 1e-9, "{body:?}");
        for (one, other) in [
            (body.front.knee, body.back.knee),
            (body.front.foot.heel, body.back.foot.heel),
            (body.front.foot.toes, body.back.foot.toes),
        ] {
            assert!(apart(one, other) < 1e-9);
        }
        assert!(body.front.foot.heel.y.abs() < 1e-9 && body.front.foot.toes.y.abs() < 1e-9);
        assert!(body.front.foot.toes.x > body.front.foot.heel.x, "faces right");
    }

    proptest! {
        #[test]
        fn every_pose_keeps_human_proportions(pose in any_pose()) {
            let body = Body::of(&pose);
            for leg in [body.front, body.back] {
                prop_assert!((apart(body.hip, leg.knee) - THIGH).abs() < 1e-9);
                prop_assert!((apart(leg.knee, leg.ankle) - SHIN).abs() < 1e-9);
                prop_assert!((apart(leg.foot.heel, leg.foot.ball) - BALL).abs() < 1e-9);
                prop_assert!((apart(leg.foot.ball, leg.foot.toes) - (FOOT - BALL)).abs() < 1e-9);
            }
            prop_assert!((apart(body.hip, body.shoulder) - TRUNK).abs() < 1e-9);
            prop_assert!((apart(body.shoulder, body.elbow) - UPPER_ARM).abs() < 1e-9);
            prop_assert!((apart(body.elbow, body.hand) - FOREARM - HAND / 2.0).abs() < 1e-9);
        }

        #[test]
        fn knees_never_bend_backward_nor_elbows(pose in any_pose()) {
            let body = Body::of(&pose);
            for leg in [body.front, body.back] {
                // Seen along the leg from the hip to the ankle, facing right, the knee is to the left: in front.
                prop_assert!(side(body.hip, leg.ankle, leg.knee) >= -1e-9, "{body:?}");
            }
            prop_assert!(side(body.shoulder, body.hand, body.elbow) <= 1e-9, "{body:?}");
        }

        #[test]
        fn a_flat_foot_stays_where_it_is_whatever_the_rest_does(pose in any_pose()) {
            let flat = Pose { foot: 0.0, up: 0.0, forward: 0.0, ..pose };
            let foot = Body::of(&flat).front.foot;
            let standing = Body::of(&Pose::default()).front.foot;
            prop_assert!(apart(foot.heel, standing.heel) < 1e-9 && apart(foot.toes, standing.toes) < 1e-9);
        }

        #[test]
        fn a_raised_heel_turns_about_the_ball(angle in 0.0..80.0_f64) {
            let foot = Body::of(&Pose { foot: angle, ..Pose::default() }).front.foot;
            prop_assert!(apart(foot.ball, Point::default()) < 1e-9);
            prop_assert!(foot.heel.y >= 0.0 && foot.toes.y.abs() < 1e-9, "{foot:?}");
        }
    }

    /// Every pose of every built-in movement, with those in between.
    fn movements() -> impl Iterator<Item = (String, &'static Exercise, Vec<Pose>)> {
        exercises().iter().flat_map(|(id, exercise)| {
            let indexes = (0..exercise.phase.len()).flat_map(|index| [(index, false), (index, true)]);
            indexes.map(move |(index, again)| {
                let movement = exercise.movement(index, again).unwrap();
                let poses = (0..=20).map(|step| movement.pose(f64::from(step) / 20.0)).collect();
                (format!("{id}, phase {index}, again {again}"), exercise, poses)
            })
        })
    }

    /// How high the floor is, or the box on it.
    fn ground(exercise: &Exercise, x: f64) -> f64 {
        let boxes =
            exercise.figure.iter().flat_map(|figure| figure.prop.values()).filter(|prop| prop.shape == Shape::Box);
        let below = boxes.filter(|prop| (x * 100.0 - prop.at).abs() <= prop.width / 2.0);
        below.map(|prop| prop.height / 100.0).fold(0.0, f64::max)
    }

    #[test]
    fn nothing_of_a_built_in_movement_sinks_into_the_floor_or_a_box() {
        for (name, exercise, poses) in movements() {
            for pose in poses {
                let body = Body::of(&pose);
                let clear = body.points().into_iter().map(|point| point.y - ground(exercise, point.x));
                let least = clear.fold(f64::MAX, f64::min);
                assert!((-0.012..=0.012).contains(&least), "{name}: {least} above what it stands on, {body:?}");
            }
        }
    }

    #[test]
    fn the_other_foot_of_a_built_in_movement_stays_where_it_stands() {
        for (name, _, poses) in movements() {
            let first = Body::of(&poses[0]).back.foot.ball;
            for pose in poses {
                let ball = Body::of(&pose).back.foot.ball;
                assert!(apart(first, ball) < 0.02, "{name}: the foot slides from {first:?} to {ball:?}");
            }
        }
    }

    #[test]
    fn a_heel_that_is_said_to_stay_down_does() {
        let marked = |exercise: &Exercise| exercise.figure.as_ref().is_some_and(|figure| figure.heel_down);
        for (name, _, poses) in movements().filter(|(_, exercise, _)| marked(exercise)) {
            for pose in poses {
                let foot = Body::of(&pose).front.foot;
                assert!(foot.heel.y.abs() < 1e-9 && apart(foot.ball, Point::default()) < 1e-9, "{name}: {foot:?}");
            }
        }
    }

    #[test]
    fn both_legs_do_the_same_where_both_are_trained() {
        for (name, _, poses) in movements().filter(|(_, exercise, _)| exercise.sides == Sides::Both) {
            for pose in poses {
                let Body { front, back, .. } = Body::of(&pose);
                assert!(apart(front.knee, back.knee) < 1e-9, "{name}: {front:?}, {back:?}");
                assert!(apart(front.foot.heel, back.foot.heel) < 1e-9, "{name}: {front:?}, {back:?}");
            }
        }
    }

    #[test]
    fn a_squat_brings_the_hips_down_and_a_heel_lift_the_heels_up() {
        let ends = |wanted: &str| {
            let (_, exercise) = exercises().iter().find(|(id, _)| id == wanted).unwrap();
            let movement = exercise.movement(0, true).unwrap();
            (Body::of(movement.from), Body::of(movement.to))
        };
        for squat in ["goblet-squat", "box-squat"] {
            let (stand, sit) = ends(squat);
            assert!(stand.hip.y - sit.hip.y > 0.2 && sit.hip.x < sit.front.foot.heel.x, "{squat}: {sit:?}");
        }
        let (low, high) = ends("heel-lifts");
        assert!(low.front.foot.heel.y < low.front.foot.ball.y, "hangs below the edge: {low:?}");
        assert!(high.front.foot.heel.y > high.front.foot.ball.y + 0.05, "{high:?}");
    }

    #[test]
    fn a_stretched_calf_is_behind_with_the_knee_as_its_words_say() {
        for (name, _, poses) in movements() {
            let bent = match name.split(',').next() {
                Some("calf-stretch") => false,
                Some("wall-lean") => true,
                _ => continue,
            };
            for pose in poses {
                let body = Body::of(&pose);
                assert_eq!(pose.knee > 10.0, bent, "{name}: {pose:?}");
                assert!(body.front.foot.toes.x < body.back.foot.heel.x, "{name}: {body:?}");
            }
        }
    }

    #[test]
    fn at_the_end_of_the_lunge_the_knee_is_over_the_toes_and_the_heel_is_down() {
        let config = Config::built_in();
        let lunges = ["front-band", "behind-band"].map(|id| {
            let steps = &config.protocols["ankle"].steps;
            let index = steps.iter().position(|step| step.id == id).unwrap();
            config.protocols["ankle"].exercise(index).unwrap().clone()
        });
        for exercise in lunges {
            let movement = exercise.movement(0, false).unwrap();
            let (start, end) = (Body::of(movement.from).front, Body::of(movement.to).front);
            assert!(start.knee.x < start.foot.ball.x, "{start:?}");
            assert!(end.knee.x > end.foot.toes.x, "{end:?}");
            assert!(end.foot.heel.y.abs() < 1e-9);
        }
    }
}
