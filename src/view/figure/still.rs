//! Figures that stand still beside words: how a band is set up, how a wall test goes.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Scene;
use crate::app::App;
use crate::protocol::Test;
use crate::protocol::quantity::Length;
use crate::session::event::{Reading, Stage};
use crate::view::column::{Column, MEASURE};
use crate::view::cut::{self, Part};
use crate::view::theme;

/// The height of the person in the picture, in metres: what makes a toe distance a part of it.
const HEIGHT: f64 = 1.7;
/// The least room that a figure is worth drawing in: so many columns, or half as many rows.
const LEAST: u16 = 22;
/// Columns between words and figure.
const GAP: u16 = 3;

/// Draws `scene` on the right of `body` as large as the words of `column` leave room for, and returns the room for the
/// words. Where they need all of it, there is no figure: nobody must scroll for a picture.
pub fn beside(scene: Option<Scene>, column: &Column, frame: &mut Frame<'_>, body: Rect) -> Rect {
    let Some(scene) = scene else { return body };
    let widest = scene.columns_for(body.height).min(body.width * 2 / 5);
    let worth = |columns: u16| columns >= LEAST || scene.rows_for(columns) >= LEAST / 2;
    let fits = |columns: u16| {
        let words = body.width.saturating_sub(columns + GAP);
        column.lines(words).height() <= usize::from(body.height)
    };
    // The fewer columns a figure takes, the fewer rows the words do, so the largest that fits is found by halving.
    let worth: Vec<u16> = (1..=widest).filter(|columns| worth(*columns)).collect();
    let fitting = worth.partition_point(|columns| fits(*columns)).checked_sub(1).map(|last| worth[last]);
    let Some(columns) = fitting else { return body };
    let [words, figure] = cut::columns(body, GAP, [Part::Rest(MEASURE), Part::Just(columns)]);
    let height = scene.rows_for(columns).min(figure.height);
    frame.render_widget(&scene, Rect { height, ..figure });
    words
}

/// The figure of a wall test: before it, or, with a `reading`, at the point where the knee stops.
pub fn wall_test(app: &App, test: &Test, stage: Stage, reading: Option<Option<Reading>>) -> Option<Scene> {
    let figure = test.figure.as_ref()?;
    let (start, reach) = (figure.poses.get(&figure.start)?, figure.poses.get(&figure.reach)?);
    let part_of_body = |length: Length| length.metres() / HEIGHT;
    let (toes, gap) = match reading.flatten() {
        Some(Reading::Judged(gap) | Reading::Gap(gap)) => (test.toe_distance, gap),
        Some(Reading::Reach(distance)) => (distance, Length::ZERO),
        None => (test.toe_distance, Length::ZERO),
    };
    let pose = match reading {
        None => *start,
        Some(_) => {
            let wall = Scene::toes_of(start) + part_of_body(toes);
            let knee = wall - part_of_body(gap);
            // The knee goes forward all the way, so the pose in which it is there can be found by halving.
            let mut range = (0.0, 1.0);
            for _ in 0..20 {
                let middle = (range.0 + range.1) / 2.0;
                let beyond = Scene::knee_of(&start.towards(reach, middle)) > knee;
                range = if beyond { (range.0, middle) } else { (middle, range.1) };
            }
            start.towards(reach, range.0)
        }
    };
    // What was measured is told as everywhere else; the halves are for what is told by eye.
    let measured = |length: Length| length.display(app.notation());
    let by_eye = |length: Length| length.about(app.notation());
    let (toes_told, gap_told) = match reading.flatten() {
        Some(Reading::Gap(gap)) => (by_eye(toes), measured(gap)),
        Some(Reading::Reach(distance)) => (measured(distance), by_eye(gap)),
        Some(Reading::Judged(_)) | None => (by_eye(toes), by_eye(gap)),
    };
    let told = (gap > Length::ZERO).then_some(gap_told);
    let scene = Scene::new(&pose, [start, reach], stage.side, super::colour(theme::phase(crate::cue::Cue::Forward)));
    Some(scene.wall(part_of_body(toes), toes_told, told))
}
