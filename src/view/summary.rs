//! The summary: what was done, what changed, and what to do about it.

use ratatui::Frame;

use super::column::Column;
use super::parts;
use super::{theme, told, trends};
use crate::app::{App, Seen, Sitting};
use crate::progress::Trend;
use crate::protocol::{Place, Question, Side, Test, Work};
use crate::session::Session;
use crate::session::event::{Answer, Ending, Part, SetEnd, Stage};
use crate::session::reading;
use crate::session::record::Close;
use crate::text::fill;

pub fn draw(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let session = &sitting.session;
    let words = &app.config.words.summary;
    let body = parts::around(app, frame, &words.title);
    let mut column = Column::new();
    let ending = match session.record().ending() {
        Some(Ending::Advised) if session.was_trained() => Some(&words.advised_trained),
        Some(Ending::Advised) => Some(&words.advised),
        Some(Ending::Pain) => Some(&words.pain),
        Some(Ending::Early) => Some(&words.early),
        Some(Ending::Finished) | None => None,
    };
    if let Some(ending) = ending {
        column.text(ending.clone(), theme::STRONG);
    }
    if session.record().has_painful_set() && session.record().ending() != Some(Ending::Pain) {
        column.item("! ", words.pain_in_set.clone(), theme::WARNING);
    }
    if !sitting.note.is_empty() {
        column.item(format!("{}  ", app.config.words.opened.note), sitting.note.clone(), theme::TEXT);
    }
    if let Some(advice) = advice_given(session) {
        column.gap().text(advice.to_owned(), theme::TEXT);
    }
    if is_advice_alone(session) {
        // There is nothing to list; the advice is what to take home.
        return column.draw(app, frame, body, sitting.menu);
    }
    warnings(session, &mut column);
    changes(app, session, &mut column);
    sets(app, session, &mut column);
    if column.is_empty() {
        column.text(words.done.clone(), theme::TEXT);
    }
    over_weeks(app, session, &mut column);
    advice(app, session, &mut column);
    column.draw(app, frame, body, sitting.menu)
}

/// The advice that the session ended with, if it did.
fn advice_given(session: &Session) -> Option<&str> {
    let plan = session.plan();
    let is_advised = session.record().ending() == Some(Ending::Advised);
    plan.stages().into_iter().filter(|_| is_advised).find_map(|stage| plan.advice(stage))
}

/// Whether the session ended with advice before anything was trained.
fn is_advice_alone(session: &Session) -> bool {
    let mut steps = 0..session.protocol().steps.len();
    session.record().ending() == Some(Ending::Advised) && steps.all(|step| session.record().sets(step).is_empty())
}

/// Everything that a session led to: what warns, tests, sets, advice.
pub fn results(app: &App, session: &Session, column: &mut Column) {
    warnings(session, column);
    changes(app, session, column);
    sets(app, session, column);
    advice(app, session, column);
}

/// What must not be missed where there is more than fits on the screen.
fn warnings(session: &Session, column: &mut Column) {
    for (_, remark) in session.plan().remarks(Place::Summary).filter(|(_, remark)| remark.urgent) {
        column.item("! ", remark.text.clone(), theme::WARNING);
    }
}

fn advice(app: &App, session: &Session, column: &mut Column) {
    // Who stopped for pain is not told to train.
    if session.record().ending() == Some(Ending::Pain) {
        return;
    }
    let mut remarks = session.plan().remarks(Place::Summary).filter(|(_, remark)| !remark.urgent).peekable();
    if remarks.peek().is_some() {
        column.break_before(app.config.words.summary.advice.clone());
    }
    for (_, remark) in remarks {
        column.item("• ", remark.text.clone(), theme::TEXT);
    }
}

/// What became of the tests of this session since the first weeks.
fn over_weeks(app: &App, session: &Session, column: &mut Column) {
    let tested = |trend: &Trend| {
        session.protocol().steps.iter().enumerate().any(|(index, step)| match &step.work {
            Work::Measure { test_id, .. } => {
                *test_id == trend.test && session.record().reading(index, trend.side).is_some()
            }
            _ => false,
        })
    };
    let trends = app.overview.trends.iter().filter(|trend| trend.points.len() > 1 && tested(trend));
    let trends: Vec<&Trend> = trends.collect();
    for (index, trend) in trends.iter().enumerate() {
        if index == 0 {
            column.break_before(app.config.words.progress.over_weeks.clone());
        }
        let has_others = trends.iter().any(|other| other.test != trend.test);
        if has_others && trends[..index].iter().all(|other| other.test != trend.test) {
            column.text(trend.title.clone(), theme::TEXT);
        }
        trends::said(app, trend, column);
    }
}

/// Every set with its reps against the range; what was skipped or cut short is told as such.
fn sets(app: &App, session: &Session, column: &mut Column) {
    let words = &app.config.words.summary;
    if is_advice_alone(session) {
        return;
    }
    for (index, exercise) in session.plan().exercises() {
        let sets: Vec<_> = session
            .plan()
            .stages()
            .into_iter()
            .filter(|stage| stage.step == index && stage.part == Part::Set)
            .collect();
        column.break_before(exercise.title.clone());
        if sets.is_empty() {
            let skipped = session
                .plan()
                .stages()
                .iter()
                .any(|stage| stage.step == index && session.record().closed(*stage) == Some(Close::Skipped));
            let how = if skipped { &words.skipped } else { &words.left_out };
            column.item("  ", how.clone(), theme::QUIET);
        }
        for stage in sets {
            let reps = session.record().reps(stage).to_string();
            let how = match session.record().closed(stage) {
                Some(Close::Set(SetEnd::Full)) => &words.full,
                Some(Close::Set(SetEnd::Enough)) => &words.enough,
                Some(Close::Set(SetEnd::Short)) => &words.short,
                Some(Close::Set(SetEnd::Skipped)) | Some(Close::Skipped) => &words.skipped,
                Some(Close::Set(SetEnd::Pain)) => &words.stopped,
                // A session can be left in the middle of a set.
                None if session.record().reps(stage) > 0 || session.record().was_started(stage) => &words.short,
                Some(Close::Done) | None => &words.not_done,
            };
            let values = [("round", stage.round.to_string()), ("reps", reps), ("range", exercise.reps.to_string())];
            let style = match session.record().closed(stage) {
                Some(Close::Set(SetEnd::Full | SetEnd::Enough)) => theme::TEXT,
                _ => theme::QUIET,
            };
            let mark = format!("  {}", parts::ankle_column(app, stage.side));
            let begun = matches!(session.record().closed(stage), Some(Close::Set(how)) if how != SetEnd::Skipped);
            let untold = exercise.reps.high() == 1 || session.record().reps(stage) == 0 && !begun;
            let template = if untold { &words.hold_set } else { &words.set };
            let how = match session.record().was_repositioned_in(stage) {
                true => fill(&words.repositioned, &[("how", how)]),
                false => how.clone(),
            };
            let corrected = put_right(app, session, [stage]);
            column.item(mark, format!("{} · {how}{corrected}", fill(template, &values)), style);
        }
    }
}

/// Every test and scale that was taken, and the change where it was taken twice.
fn changes(app: &App, session: &Session, column: &mut Column) {
    let record = session.record();
    for (index, step) in session.protocol().steps.iter().enumerate() {
        match &step.work {
            Work::Measure { test, repeats: None, .. } if record.readings(index).next().is_some() => {
                let again = repeated(session, index);
                column.break_before(test.title.clone());
                for (side, _) in record.readings(index) {
                    test_line(app, session, test, index, again, side, column);
                }
                // By the readings before exercise, as over the weeks: what the session changed soon fades.
                difference(app, session, test, (index, again), column);
            }
            Work::Ask { question, repeats: None, .. } if question.scale.is_some() => {
                rated(app, session, question, index, column);
            }
            _ => {}
        }
    }
}

/// The step that repeats step `first`.
fn repeated(session: &Session, first: usize) -> Option<usize> {
    session.protocol().steps.iter().position(|step| match step.work {
        Work::Measure { repeats, .. } | Work::Ask { repeats, .. } => repeats == Some(first),
        _ => false,
    })
}

fn test_line(
    app: &App,
    session: &Session,
    test: &Test,
    first: usize,
    again: Option<usize>,
    side: Option<Side>,
    column: &mut Column,
) {
    let words = &app.config.words.summary;
    let Some(before) = session.record().reading(first, side) else { return };
    let mark = format!("  {}", parts::ankle_column(app, side));
    let text = match again.and_then(|again| session.record().reading(again, side)) {
        None => fill(&words.only_once, &[("before", &told::reading(app, test, before))]),
        Some(after) => {
            let change = reading::change(test, before, after);
            let values = [("before", told::reading(app, test, before)), ("after", told::reading(app, test, after))];
            format!("{} · {}", fill(&words.change, &values), told::verdict(app, &change))
        }
    };
    let corrected = put_right(app, session, [Some(first), again].into_iter().flatten().map(|step| whole(step, side)));
    column.item(mark, format!("{text}{corrected}"), theme::TEXT);
}

/// The step without parts, on this side.
fn whole(step: usize, side: Option<Side>) -> Stage {
    Stage { step, part: Part::Whole, side, round: 0 }
}

/// What stands behind something of which a part was put right afterwards.
fn put_right(app: &App, session: &Session, stages: impl IntoIterator<Item = Stage>) -> String {
    match stages.into_iter().any(|stage| session.record().was_corrected(stage)) {
        true => format!(" · {}", app.config.words.summary.put_right),
        false => String::new(),
    }
}

fn difference(app: &App, session: &Session, test: &Test, (first, again): (usize, Option<usize>), column: &mut Column) {
    let reading = |side| session.record().reading(first, Some(side));
    let (Some(left), Some(right)) = (reading(Side::Left), reading(Side::Right)) else { return };
    let Some(apart) = reading::difference(test, left, right) else { return };
    let apart = told::difference(app, apart);
    let is_repeated = again.is_some_and(|again| session.record().readings(again).next().is_some());
    let told = match is_repeated {
        true => fill(&app.config.words.summary.before_exercise, &[("told", apart)]),
        false => apart,
    };
    column.item("  ", told, theme::TEXT);
}

/// The numbers that were given on the scale of a question, by ankle, before and after the exercises or at one of both times.
fn rated(app: &App, session: &Session, question: &Question, first: usize, column: &mut Column) {
    let again = repeated(session, first);
    let number = |step, side| match session.record().answer(step, side) {
        Some(Answer::Scale(number)) => Some(*number),
        _ => None,
    };
    let late = session.was_trained_before(first);
    let told = |side| {
        let text = match (number(first, side), again.and_then(|again| number(again, side))) {
            (Some(before), Some(after)) => rated_twice(app, question, before, after),
            (Some(before), None) if !late => rated_once(&app.config.words.summary.scale_once, before),
            (Some(number), None) | (None, Some(number)) => rated_once(&app.config.words.summary.scale_after, number),
            (None, None) => return None,
        };
        let steps = [Some(first), again].into_iter().flatten();
        let corrected = put_right(app, session, steps.map(|step| whole(step, side)));
        Some((side, text + &corrected))
    };
    let sides = [None, Some(Side::Left), Some(Side::Right)];
    for (place, (side, text)) in sides.into_iter().filter_map(told).enumerate() {
        if place == 0 {
            column.break_before(question.title.clone());
        }
        let mark = side.map_or_else(|| "  ".to_owned(), |_| format!("  {}", parts::ankle_column(app, side)));
        column.item(mark, text, theme::TEXT);
    }
}

/// A number on a scale that was asked for once.
fn rated_once(template: &str, number: u8) -> String {
    fill(template, &["before", "after"].map(|word| (word, number.to_string())))
}

fn rated_twice(app: &App, question: &Question, before: u8, after: u8) -> String {
    let words = &app.config.words.summary;
    let notable = question.scale.as_ref().map_or(1, |scale| scale.notable_change);
    let template = match after.abs_diff(before) {
        change if change < notable => &words.scale_same,
        _ if after > before => &words.scale_more,
        _ => &words.scale_less,
    };
    fill(template, &[("before", before.to_string()), ("after", after.to_string())])
}
