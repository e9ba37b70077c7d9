//! The list of sessions so far.

use ratatui::Frame;

use super::column::Column;
use super::parts;
use super::theme;
use crate::app::{App, Seen};
use crate::config::words::History;
use crate::kept::Line;
use crate::phrase;
use crate::text::shortened;

pub fn draw(app: &App, cursor: usize, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.history;
    let body = parts::around(app, frame, &words.title);
    let mut column = Column::new();
    if app.history.is_empty() {
        column.text(words.empty.clone(), theme::TEXT);
    }
    // Years of sessions are not set in type for the dozen that is seen.
    let height = usize::from(body.height) + 1;
    let shown = cursor.saturating_sub(height)..(cursor + height).min(app.history.len());
    for (index, line) in app.history.iter().enumerate().take(shown.end).skip(shown.start) {
        let chosen = index == cursor;
        let pointer = if chosen { "▸ " } else { "  " };
        let date = app.config.words.moment(line.began.datetime());
        let style = if chosen { theme::ACCENT } else { theme::TEXT };
        column.item(format!("{pointer}{date}  "), told(app, words, line), style);
        if chosen {
            column.focus();
        }
    }
    column.draw(app, frame, body, 0)
}

fn told(app: &App, words: &History, line: &Line) -> String {
    let common = &app.config.words.common;
    let reps = match line.digest.counted_reps() {
        0 => String::new(),
        reps => parts::counted(reps, &common.rep_count, &common.reps_count),
    };
    let ending = phrase::ended(words, line.digest.ending, line.digest.has_painful_set());
    // The whole note stands on the page of the session.
    let note = shortened(&line.note, 60);
    let told = [line.digest.title.as_str(), &reps, &ending, &note];
    told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
