//! One session in full, and what can be done with it: put right, noted on, removed.

use ratatui::Frame;
use unicode_width::UnicodeWidthStr;

use super::column::{Column, MEASURE};
use super::parts;
use super::{summary, theme, told};
use crate::app::{App, Correcting, Note, Opened, Recorded, Seen};
use crate::phrase;
use crate::protocol::Work;
use crate::session::Session;
use crate::session::event::{Answer, Correction};
use crate::text::{clean, fill, wrap};

/// Columns that a result takes beside what it is of.
const VALUE: usize = 34;

pub fn draw(app: &App, opened: &Opened, frame: &mut Frame<'_>) -> Seen {
    if let Some(correcting) = &opened.correcting {
        return correct(app, opened, correcting, frame);
    }
    let words = &app.config.words.opened;
    let session = &opened.session;
    let date = app.config.words.moment(opened.began);
    let body = parts::around(app, frame, &format!("{} · {date}", session.protocol().title));
    let mut column = Column::new();
    let minutes = session.record().last().millis().div_ceil(60_000);
    let length = parts::counted(minutes, &app.config.words.common.minute, &app.config.words.common.minutes);
    let (record, words_of_endings) = (session.record(), &app.config.words.history);
    let ending = phrase::ended(words_of_endings, record.ending(), record.has_painful_set());
    if let Some(refused) = &opened.refused {
        column.text(refused.clone(), theme::WARNING).roomy_gap(body);
    }
    column.text(format!("{ending} · {length}"), theme::STRONG);
    if !opened.note.is_empty() {
        column.item(format!("{}  ", words.note), opened.note.clone(), theme::TEXT);
    }
    summary::results(app, session, &mut column);
    answers(app, session, &mut column);
    column.draw(app, frame, body, opened.top)
}

/// What was answered, question by question.
fn answers(app: &App, session: &Session, column: &mut Column) {
    let mut answers = Vec::new();
    for (index, step) in session.protocol().steps.iter().enumerate() {
        let Work::Ask { question, .. } = &step.work else { continue };
        for (side, answer) in session.record().answers(index) {
            if let Answer::Option(id) = answer
                && let Some(option) = question.option.get(id)
            {
                let ankle = side.map(|side| format!(" ({})", parts::side_word(app, Some(side)))).unwrap_or_default();
                answers.push(format!("{}{ankle}: {}", question.title, option.label));
            }
        }
    }
    if !answers.is_empty() {
        column.break_before(app.config.words.opened.answers.clone());
    }
    for answer in answers {
        column.item("  ", answer, theme::TEXT);
    }
}

fn correct(app: &App, opened: &Opened, correcting: &Correcting, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.opened;
    let session = &opened.session;
    let body = parts::around(app, frame, &words.correct_title);
    let mut column = Column::new();
    if let Some(refused) = &opened.refused {
        column.text(refused.clone(), theme::WARNING).roomy_gap(body);
    }
    column.text(words.correct_text.clone(), theme::QUIET).roomy_gap(body);
    let results: Vec<_> = correcting.results.iter().map(|result| result_words(app, session, result)).collect();
    let widest = results.iter().map(|(what, _)| what.width()).max().unwrap_or(0);
    let fits = usize::from(body.width) >= widest + VALUE;
    for (index, (result, (what, value))) in correcting.results.iter().zip(&results).enumerate() {
        let chosen = index == correcting.cursor;
        let (pointer, style) = if chosen { ("▸ ", theme::ACCENT) } else { ("  ", theme::TEXT) };
        let value = if chosen { format!("◂ {value} ▸") } else { format!("  {value}") };
        let changed = if result.now == result.was { "" } else { " *" };
        if fits {
            let gap = " ".repeat(widest - what.width() + 2);
            column.item(format!("{pointer}{what}{gap}"), format!("{value}{changed}"), style);
        } else {
            column.item(pointer, what.clone(), style);
            column.item("  ", format!("{value}{changed}"), style);
        }
        if chosen {
            column.focus();
        }
    }
    column.draw(app, frame, body, 0)
}

/// What a result is of, and the result.
fn result_words(app: &App, session: &Session, result: &Recorded) -> (String, String) {
    let step = result.stage.step;
    let protocol = session.protocol();
    let ankle = result.stage.side.map(|side| format!(" · {}", parts::ankle(app, Some(side)))).unwrap_or_default();
    let again = match protocol.steps.get(step).map(|step| &step.work) {
        Some(Work::Measure { repeats: Some(_), .. } | Work::Ask { repeats: Some(_), .. }) => {
            format!(" · {}", app.config.words.opened.again)
        }
        _ => String::new(),
    };
    match result.now {
        Correction::Reps { reps, .. } => {
            let round = fill(&app.config.words.common.round, &[("n", &result.stage.round.to_string())]);
            let title = protocol.exercise(step).map(|exercise| exercise.title.clone()).unwrap_or_default();
            let common = &app.config.words.common;
            (format!("{title}{ankle} · {round}"), parts::counted(reps.into(), &common.rep_count, &common.reps_count))
        }
        Correction::Reading(reading) => match protocol.test(step) {
            Some(test) => (format!("{}{ankle}{again}", test.title), told::reading(app, test, reading)),
            None => Default::default(),
        },
        Correction::Scale(number) => {
            let title = protocol.question(step).map(|question| question.title.clone()).unwrap_or_default();
            (format!("{title}{ankle}{again}"), number.to_string())
        }
    }
}

/// Where the next letter of a note goes.
const CARET: char = '▏';

/// The note that is being written.
pub fn note(app: &App, note: &Note, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.opened;
    let body = parts::around(app, frame, &words.note_title);
    let mut column = Column::new();
    column.text(words.note_text.clone(), theme::QUIET).roomy_gap(body);
    let (before, after) = split_at_char(note.line.value(), note.line.cursor());
    // Line by line, so that the one that is written on is seen in the smallest window.
    for line in wrap(&clean(&format!("{before}{CARET}{after}")), usize::from(body.width.min(MEASURE))) {
        column.text(line.clone(), theme::STRONG);
        if line.contains(CARET) {
            column.focus();
        }
    }
    column.draw(app, frame, body, 0)
}

fn split_at_char(text: &str, index: usize) -> (&str, &str) {
    text.split_at(text.char_indices().nth(index).map_or(text.len(), |(at, _)| at))
}
