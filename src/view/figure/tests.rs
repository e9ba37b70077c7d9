//! Pictures of every built-in movement, what their colours mean, and that no size breaks them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::style::Color;

use super::*;
use crate::config::Config;
use crate::protocol::{Exercise, Sides, Work};

const SIZE: Rect = Rect { x: 0, y: 0, width: 44, height: 17 };

/// Every exercise of every built-in protocol, once, with its name.
pub fn exercises() -> &'static [(String, Exercise)] {
    static EXERCISES: LazyLock<Vec<(String, Exercise)>> = LazyLock::new(built_in);
    &EXERCISES
}

fn built_in() -> Vec<(String, Exercise)> {
    let config = Config::built_in();
    let mut exercises = BTreeMap::new();
    for step in config.protocols.values().flat_map(|protocol| &protocol.steps) {
        if let Work::Exercise { exercise_id, exercise } = &step.work {
            exercises.insert(exercise_id.clone(), Exercise::clone(exercise));
        }
    }
    exercises.into_iter().collect()
}

/// The sides on which an exercise is seen: what trains both ankles at once faces one way only.
fn sides(exercise: &Exercise) -> &'static [Side] {
    if exercise.sides == Sides::Both { &[Side::Right] } else { &Side::BOTH }
}

fn scene(exercise: &Exercise, pose: &Pose, side: Side) -> Scene {
    let figure = exercise.figure.as_ref().unwrap();
    let scene = Scene::new(pose, exercise.poses(), Some(side), Color::Green);
    let scene = scene.props(figure.prop.values().copied()).band(figure.band);
    if figure.heel_down { scene.heel(vec!["this heel stays down".to_owned()]) } else { scene }
}

fn drawn(scene: &Scene, area: Rect) -> Buffer {
    let mut buffer = Buffer::empty(area);
    scene.render(area, &mut buffer);
    buffer
}

fn text(buffer: &Buffer) -> String {
    let line = |row: Rect| row.columns().map(|cell| buffer[(cell.x, cell.y)].symbol().to_owned()).collect::<String>();
    buffer.area.rows().map(|row| line(row).trim_end().to_owned() + "\n").collect()
}

#[test]
fn a_figure_that_was_kept_is_the_one_that_is_drawn_anew_wherever_it_stands() {
    let (here, there) = (SIZE, Rect { x: 7, y: 3, ..SIZE });
    let larger = Rect { height: 21, ..SIZE };
    for (id, exercise) in exercises() {
        for pose in exercise.poses() {
            let scene = scene(exercise, pose, Side::Left);
            let mut was_drawn = Vec::new();
            for area in [here, there, larger, here] {
                let [mut kept, mut anew] = [area; 2].map(Buffer::empty);
                let mut is_drawn = false;
                drawn::render(&scene, area, &mut kept, |buffer| {
                    is_drawn = true;
                    scene.paint(area, buffer);
                });
                scene.paint(area, &mut anew);
                assert_eq!(kept, anew, "{id}");
                was_drawn.push(is_drawn);
            }
            assert_eq!(was_drawn[1..], [false, true, false], "{id}: only the larger one had to be drawn");
        }
    }
}

#[test]
fn every_exercise_has_a_figure_that_moves() {
    for (id, exercise) in exercises() {
        let moves = |index| exercise.movement(index, true).is_some_and(|movement| movement.from != movement.to);
        assert!((0..exercise.phase.len()).any(moves), "{id}");
    }
}

#[test]
fn five_points_of_every_movement_on_both_sides() {
    for (id, exercise) in exercises() {
        for side in sides(exercise) {
            for (index, name) in exercise.phase.keys().enumerate() {
                let movement = exercise.movement(index, true).unwrap();
                if movement.from == movement.to {
                    continue;
                }
                let points = [0, 25, 50, 75, 100].map(|percent| {
                    let pose = movement.pose(f64::from(percent) / 100.0);
                    format!("{percent} %\n{}", text(&drawn(&scene(exercise, &pose, *side), SIZE)))
                });
                insta::assert_snapshot!(format!("{id}-{name}-{side:?}").to_lowercase(), points.concat());
            }
        }
    }
}

/// The columns of the cells with this colour.
fn columns_of(buffer: &Buffer, colour: Color) -> Vec<u16> {
    buffer.area.positions().filter(|at| buffer[*at].fg == colour).map(|at| at.x).collect()
}

fn middle(columns: &[u16]) -> f64 {
    columns.iter().map(|column| f64::from(*column)).sum::<f64>() / columns.len() as f64
}

#[test]
fn the_band_leaves_the_ankle_backward_where_it_lies_in_front_and_forward_where_it_lies_behind() {
    for (id, exercise) in exercises() {
        let Some(anchor) = exercise.figure.as_ref().unwrap().band.and_then(|band| band.anchor) else { continue };
        for side in Side::BOTH {
            let picture = drawn(&scene(exercise, exercise.pose_at_rest(false).unwrap(), side), SIZE);
            let [band_at, leg_at] = [theme::BAND, Color::Green].map(|colour| middle(&columns_of(&picture, colour)));
            let pulls_right = (anchor > 0.0) == (side == Side::Right);
            assert_eq!(band_at > leg_at, pulls_right, "{id} {side:?}\n{}", text(&picture));
        }
    }
}

#[test]
fn a_band_without_an_anchor_runs_from_the_foot_up_to_the_hands() {
    let held = |exercise: &Exercise| exercise.figure.as_ref().unwrap().band.is_some_and(|band| band.anchor.is_none());
    let (id, exercise) = exercises().iter().find(|(_, exercise)| held(exercise)).unwrap();
    let pose = exercise.pose_at_rest(false).unwrap();
    let Body { front, hand, .. } = Body::of(pose);
    let scene = scene(exercise, pose, Side::Right);
    let picture = drawn(&scene, SIZE);
    let [left, right] = [columns_of(&picture, theme::BAND), columns_of(&picture, Color::Green)]
        .map(|columns| (*columns.iter().min().unwrap(), *columns.iter().max().unwrap()))
        .map(|(left, right)| f64::from(right - left));
    let legs = front.foot.toes.x - Body::of(pose).hip.x;
    let expected = (front.foot.ball.x - hand.x) / legs;
    assert!((left / right - expected).abs() < 0.15, "{id}: {left} of {right} columns\n{}", text(&picture));
}

#[test]
fn the_trained_leg_has_the_colour_of_the_phase_and_the_other_one_is_faint() {
    for (id, exercise) in exercises() {
        let picture = drawn(&scene(exercise, exercise.pose_at_rest(false).unwrap(), Side::Right), SIZE);
        let [leg, other] = [Color::Green, theme::FAINT].map(|colour| columns_of(&picture, colour));
        // Of two legs that do the same, the nearer one hides the other.
        let both_seen = other.len() > 20 || exercise.sides == Sides::Both;
        assert!(leg.len() > 20 && both_seen, "{id}\n{}", text(&picture));
    }
}

#[test]
fn a_left_ankle_is_the_mirror_image_of_a_right_one() {
    for (id, exercise) in exercises() {
        let pose = exercise.pose_at_rest(false).unwrap();
        let cells = |side| {
            let picture = drawn(&scene(exercise, pose, side), SIZE);
            (0..SIZE.height - 1)
                .map(|y| (0..SIZE.width).map(|x| picture[(x, y)].symbol() != " ").collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        let (left, right) = (cells(Side::Left), cells(Side::Right));
        let pairs = left.iter().zip(&right).flat_map(|(left, right)| left.iter().rev().zip(right));
        let differ = pairs.filter(|(one, other)| one != other).count();
        // A point halfway between two cells may fall into either.
        assert!(differ < 12, "{id}: {differ} cells differ");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_size_is_drawn_and_nothing_outside_of_it(
        width in 0..60_u16, height in 0..40_u16, x in 0..4_u16, y in 0..4_u16, part in 0.0..1.0_f64, left in any::<bool>(),
    ) {
        for (_, exercise) in exercises() {
            let side = if left { Side::Left } else { Side::Right };
            let pose = exercise.movement(0, false).unwrap().pose(part);
            let mut buffer = Buffer::empty(Rect::new(0, 0, width + 8, height + 8));
            let area = Rect::new(x, y, width, height);
            scene(exercise, &pose, side).render(area, &mut buffer);
            for at in buffer.area.positions() {
                prop_assert!(area.contains(at) || buffer[at].symbol() == " ", "{at} is outside of {area}");
            }
        }
    }

    #[test]
    fn any_pose_at_all_is_drawn(numbers in Pose::RANGES.iter().map(|(low, high)| *low..=*high).collect::<Vec<_>>()) {
        let pose = Pose::of(&numbers);
        for area in [Rect::new(0, 0, 1, 1), Rect::new(0, 0, 1, 2), SIZE] {
            let picture = drawn(&Scene::new(&pose, [], None, Color::Green), area);
            prop_assert!(area != SIZE || !columns_of(&picture, Color::Green).is_empty(), "{}", text(&picture));
        }
    }
}

#[test]
fn the_mark_of_the_heel_points_at_a_foot() {
    let mut pointed = 0;
    for (id, exercise) in exercises().iter().filter(|(_, it)| it.figure.as_ref().is_some_and(|it| it.heel_down)) {
        for (side, width) in [Side::Left, Side::Right].into_iter().flat_map(|side| (16..60).map(move |at| (side, at))) {
            let pose = exercise.pose_at_rest(false).unwrap();
            let picture = drawn(&scene(exercise, pose, side), Rect::new(0, 0, width, 14));
            let Some(x) = (0..width).find(|x| picture[(*x, 13)].symbol() == theme::HERE.to_string()) else { continue };
            let above = x.saturating_sub(2)..=(x + 2).min(width - 1);
            let foot = above.into_iter().any(|x| picture[(x, 12)].symbol() != " ");
            assert!(foot, "{id}, {side:?}, {width} columns\n{}", text(&picture));
            pointed += 1;
        }
    }
    assert!(pointed > 300, "{pointed}");
}

#[test]
fn the_largest_terminal_is_no_trouble() {
    let picture = drawn(&Scene::new(&Pose::default(), [], None, Color::Green), Rect::new(0, 0, 500, 200));
    assert!(columns_of(&picture, Color::Green).len() > 100, "{}", text(&picture));
}

#[test]
fn a_movement_begins_where_the_one_before_it_ends() {
    for (id, exercise) in exercises() {
        let ends_at = |index: usize, again| {
            let movement = exercise.movement(index, again).unwrap();
            // What goes to and fro comes to its end where it began.
            *if movement.to_and_fro.is_some() { movement.from } else { movement.to }
        };
        let last = exercise.phase.len() - 1;
        assert_eq!(exercise.movement(0, false).unwrap().from, exercise.pose_at_rest(false).unwrap(), "{id}");
        assert_eq!(*exercise.movement(0, true).unwrap().from, ends_at(last, true), "{id}");
        for index in 0..last {
            for again in [false, true] {
                assert_eq!(ends_at(index, again), *exercise.movement(index + 1, again).unwrap().from, "{id}, {index}");
            }
        }
    }
}
