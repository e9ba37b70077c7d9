//! The first screen.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::column::Column;
use super::cut::{self, Part, REST};
use super::digits::{Big, Ink, Size};
use super::parts;
use super::theme;
use crate::app::{App, HomeLine, Seen};
use crate::config::words::Words;
use crate::kept::Kept;
use crate::protocol::Protocol;
use crate::session::event::Stage;
use crate::session::plan::Plan;
use crate::session::record::Record;
use crate::text::fill;

pub fn draw(app: &App, cursor: usize, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words;
    let page = parts::body(app, frame.area());
    let mut column = Column::new();
    if let Some(notice) = &app.notice {
        column.text(notice.clone(), theme::WARNING).roomy_gap(page);
    }
    // What speaks against training comes last before what there is to train.
    let warnings = [app.not_saved.clone(), parts::against_training(app)];
    let is_calm = app.notice.is_none() && warnings.iter().all(Option::is_none);
    for warning in warnings.into_iter().flatten() {
        column.text(warning, theme::WARNING).roomy_gap(page);
    }
    choices(app, cursor, &mut column, page);
    if app.weeks().sessions > 0 {
        column.text(parts::week_words(app, app.weeks()), theme::TEXT);
    }
    column.text(words.home.advice.clone(), theme::QUIET);

    let tagline = fill(&words.home.tagline, &[("go", parts::key_that_takes(app))]);
    // The name is large where that takes no room from anything else.
    let lines = column.lines(page.width);
    let rows = lines.height() + usize::from(Size::ROWS) + 1;
    let size = Size::fitting(Big::pixels(&words.home.title), page.width, Size::ROWS, Ink::of(app.look.is_ascii()));
    if let Some(size) = size.filter(|_| rows <= usize::from(page.height) && page.width >= 56) {
        let page = parts::around(app, frame, &tagline);
        let below = name(app, frame, page, size);
        return lines.draw(app, frame, below, 0);
    }
    if is_calm {
        column.headed(tagline, theme::QUIET, page);
    }
    let page = parts::around(app, frame, &words.home.title);
    column.draw(app, frame, page, 0)
}

/// The lines that can be chosen, each with a word on it.
fn choices(app: &App, cursor: usize, column: &mut Column, page: Rect) {
    let words = &app.config.words;
    for (index, line) in app.home_lines().into_iter().enumerate() {
        let chosen = index == cursor;
        match line {
            HomeLine::Continue(kept) => {
                column.choice(index + 1, words.home.unfinished.clone(), chosen);
                column.item("     ", where_it_stopped(app, kept), theme::QUIET);
            }
            HomeLine::File(kept) => {
                column.choice(index + 1, words.home.file.clone(), chosen);
                // Where it can be continued, the line above says where it stopped.
                if !app.home_lines().iter().any(|line| matches!(line, HomeLine::Continue(_))) {
                    column.item("     ", where_it_stopped(app, kept), theme::QUIET);
                }
            }
            HomeLine::Start(protocol) => {
                column.choice(index + 1, with_length(app, protocol), chosen);
                column.item("     ", protocol.summary.clone(), theme::QUIET);
            }
            HomeLine::Suggested(protocol, why) => {
                column.choice(index + 1, with_length(app, protocol), chosen);
                column.item("     ", fill(&words.home.suggested, &[("why", why)]), theme::TEXT);
            }
            HomeLine::Learn => {
                column.choice(index + 1, words.home.learn.clone(), chosen);
            }
            HomeLine::All => {
                column.choice(index + 1, words.home.all.clone(), chosen);
            }
        }
        column.roomy_gap(page);
    }
}

/// Every protocol there is.
pub fn routines(app: &App, cursor: usize, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.home;
    let body = parts::around(app, frame, &words.all);
    let suggested: Vec<_> = app.suggested().collect();
    let mut column = Column::new();
    for (index, protocol) in app.config.protocols.values().enumerate() {
        column.choice(index + 1, with_length(app, protocol), index == cursor);
        let why = suggested.iter().find(|(other, _)| other.id == protocol.id);
        let (text, style) = match why {
            Some((_, why)) => (fill(&words.suggested, &[("why", why)]), theme::TEXT),
            None => (protocol.summary.clone(), theme::QUIET),
        };
        column.item("     ", text, style).roomy_gap(body);
    }
    let count = app.config.protocols.len();
    column.choice(count + 1, words.first_screen.clone(), cursor == count);
    column.draw(app, frame, body, 0)
}

/// "Ankle session · about 20 minutes".
fn with_length(app: &App, protocol: &Protocol) -> String {
    let words = &app.config.words;
    let length = parts::counted(app.planned_minutes(protocol), &words.common.minute, &words.common.minutes);
    format!("{} · {}", protocol.title, fill(&words.home.planned, &[("length", &length)]))
}

/// The program's name, large, in `area`; returns the space below it.
fn name(app: &App, frame: &mut Frame<'_>, area: Rect, size: Size) -> Rect {
    let big = Big::new(&app.config.words.home.title, size, theme::ACCENT);
    let [large, _, below] = cut::rows(area, [Part::Just(size.rows()), Part::Just(1), REST]);
    frame.render_widget(&big, large);
    below
}

fn where_it_stopped(app: &App, kept: &Kept) -> String {
    let words = &app.config.words;
    let record = Record::of(&kept.events);
    let plan = Plan { protocol: &kept.protocol, record: &record };
    let date = words.moment(kept.began.datetime());
    let place = plan.current().map(|stage| place(words, &kept.protocol, &record, stage)).unwrap_or_default();
    fill(
        &words.home.unfinished_detail,
        &[("protocol", kept.protocol.title.as_str()), ("date", date.as_str()), ("place", place.as_str())],
    )
}

/// "left, round 2, rep 7 of 10–15", as far as the stage has these.
fn place(words: &Words, protocol: &Protocol, record: &Record, stage: Stage) -> String {
    let mut parts = Vec::new();
    if let Some(exercise) = protocol.exercise(stage.step) {
        parts.push(exercise.title.clone());
        parts.extend(stage.side.map(|side| words.common.side(Some(side)).to_owned()));
        if stage.round > 0 {
            parts.push(fill(&words.common.round, &[("n", &stage.round.to_string())]));
            let rep = (record.reps(stage) + 1).min(exercise.reps.high()).to_string();
            parts.push(fill(&words.train.rep_of, &[("rep", &rep), ("range", &exercise.reps.to_string())]));
        }
    } else if let Some(test) = protocol.test(stage.step) {
        parts.push(test.title.clone());
    } else if let Some(question) = protocol.question(stage.step) {
        parts.push(question.title.clone());
    }
    parts.join(", ")
}
