//! The plan: what was found, and what will be done.

use ratatui::Frame;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::column::Column;
use super::parts;
use super::{theme, told};
use crate::app::draft::{PlanLine, plan_lines};
use crate::app::{App, Seen, Sitting};
use crate::progress;
use crate::protocol::{Side, Work};
use crate::session::Session;
use crate::session::event::{Answer, Pacing};
use crate::session::reading;
use crate::text::fill;

pub fn draw(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let session = &sitting.session;
    let words = &app.config.words.plan;
    let body = parts::around(app, frame, &words.title);
    let mut column = Column::new();
    if let Some(against) = parts::against_training(app) {
        column.text(against, theme::WARNING);
    }
    let mut before: Option<PlanLine> = None;
    for (index, line) in plan_lines(session).into_iter().enumerate() {
        let chosen = index == sitting.draft.cursor;
        if line.is_setting() && before.is_some_and(|before| !before.is_setting()) {
            column.roomy_gap(body);
        }
        match line {
            PlanLine::Finding(step, side) => {
                let ankle = parts::ankle_column(app, side);
                let named = matches!(before, Some(PlanLine::Finding(_, other)) if other == side);
                let mark = if named { " ".repeat(ankle.width()) } else { ankle };
                let (text, style) = finding(app, session, step, side).unwrap_or_default();
                column.item(mark, text, style);
            }
            PlanLine::Remark(index) => {
                let remark = &session.protocol().remarks[index];
                if body.height >= 24 && before.is_some() {
                    column.gap();
                }
                match remark.urgent {
                    true => column.item("! ", remark.text.clone(), theme::WARNING),
                    false => column.text(remark.text.clone(), theme::TEXT),
                };
            }
            line => {
                let (label, value) = setting(app, sitting, line);
                column.setting(&label, &value, chosen);
            }
        }
        if chosen {
            column.focus();
        }
        if let PlanLine::Rounds(step) = line
            && let Some(warning) = above_cap(app, sitting, step)
        {
            column.item("    ", warning, theme::WARNING);
        }
        before = Some(line);
    }
    column.roomy_gap(body).text(outlook(app, sitting), theme::TEXT);
    match sitting.draft.top {
        Some(top) => column.unfocused().draw(app, frame, body, top),
        None => column.draw(app, frame, body, 0),
    }
}

/// What a step brought to light about an ankle.
fn finding(app: &App, session: &Session, step: usize, side: Option<Side>) -> Option<(String, Style)> {
    match &session.protocol().steps[step].work {
        Work::Measure { test, .. } => {
            let reading = session.record().reading(step, side)?;
            let band = test.band_label(test.band_of(reading::gap(test, reading)));
            Some((format!("{} · {band}", told::reading(app, test, reading)), theme::STRONG))
        }
        Work::Ask { question, .. } => match session.record().answer(step, side)? {
            Answer::Option(id) => Some((question.option.get(id)?.meaning.clone()?, theme::TEXT)),
            Answer::Scale(_) => None,
        },
        _ => None,
    }
}

fn setting(app: &App, sitting: &Sitting, line: PlanLine) -> (String, String) {
    let words = &app.config.words;
    let choices = &sitting.draft.choices;
    match line {
        PlanLine::Finding(..) | PlanLine::Remark(_) => Default::default(),
        PlanLine::Sides => {
            let sides = match choices.only {
                None => words.common.both_ankles.clone(),
                only => fill(&words.plan.only, &[("side", parts::side_word(app, only))]),
            };
            (words.plan.sides.clone(), sides)
        }
        PlanLine::Pacing => {
            let pacing = match choices.pacing {
                Pacing::Counted => &words.plan.counted,
                Pacing::Paced => &words.plan.paced,
            };
            (words.plan.pacing.clone(), pacing.clone())
        }
        PlanLine::Rounds(step) => {
            let Some(exercise) = sitting.session.protocol().exercise(step) else { return Default::default() };
            let rounds = choices.rounds.get(&step).copied().unwrap_or(0);
            let reps = exercise.reps.to_string();
            let dose = match rounds {
                _ if is_for_the_other_ankle(sitting, step) => {
                    return (exercise.title.clone(), words.plan.left_out.clone());
                }
                0 => words.plan.left_out.clone(),
                rounds => {
                    let rounds = parts::counted(rounds.into(), &words.common.round_count, &words.common.rounds_count);
                    match exercise.reps.high() {
                        1 => rounds,
                        _ => fill(&words.plan.dose, &[("rounds", &rounds), ("reps", &reps)]),
                    }
                }
            };
            (exercise.title.clone(), dose + &sides_note(app, sitting, step))
        }
    }
}

/// A warning where more is chosen than the exercise's cap.
fn above_cap(app: &App, sitting: &Sitting, step: usize) -> Option<String> {
    let exercise = sitting.session.protocol().exercise(step)?;
    let rounds = sitting.draft.choices.rounds.get(&step).copied().unwrap_or(0);
    let cap = exercise.cap.filter(|_| progress::is_above_cap(exercise, rounds))?;
    let values = [("reps", cap.reps.to_string()), ("rounds", cap.rounds.to_string())];
    Some(fill(&app.config.words.plan.above_cap, &values))
}

/// Whether an exercise is called for only on the ankle that is not to be trained.
fn is_for_the_other_ankle(sitting: &Sitting, step: usize) -> bool {
    let only = sitting.draft.choices.only;
    let mut sides = sitting.session.plan().sides_that_apply(step);
    only.is_some() && sides.all(|side| side.is_some() && side != only)
}

/// Which ankle, where an exercise that is done on each is called for on one only.
fn sides_note(app: &App, sitting: &Sitting, step: usize) -> String {
    let sides: Vec<Option<Side>> = sitting.session.plan().sides_that_apply(step).collect();
    match sides[..] {
        [Some(side)] => {
            format!(", {}", fill(&app.config.words.plan.only, &[("side", parts::side_word(app, Some(side)))]))
        }
        _ => String::new(),
    }
}

fn outlook(app: &App, sitting: &Sitting) -> String {
    let words = &app.config.words;
    let plan = sitting.session.plan();
    let choices = &sitting.draft.choices;
    let minutes = plan.estimate(Some(choices)).div_ceil(60_000);
    let length = parts::counted(minutes, &words.common.minute, &words.common.minutes);
    let first = plan.begins_with(choices).filter(|_| choices.only.is_none());
    let template = if first.is_some() { &words.plan.outlook } else { &words.plan.outlook_one };
    let side = parts::side_word(app, first);
    fill(template, &[("length", length.as_str()), ("side", side)])
}
