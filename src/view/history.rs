//! The sessions so far.

use ratatui::Frame;

use super::parts::{self, Column};
use super::theme;
use crate::app::{App, Seen};
use crate::session::event::Ending;

pub fn draw(app: &App, top: usize, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words;
    let body = parts::around(app, frame, &words.history.title);
    let mut column = Column::new();
    if app.history.is_empty() {
        column.text(words.history.empty.clone(), theme::TEXT);
    }
    for line in &app.history {
        let ending = match line.digest.ending {
            Some(Ending::Finished) => &words.history.finished,
            Some(Ending::Advised) => &words.history.advised,
            Some(Ending::Pain) => &words.history.pain,
            Some(Ending::Early) => &words.history.early,
            None => &words.history.unfinished,
        };
        let reps = match line.digest.reps() {
            0 => String::new(),
            reps => parts::counted(reps, &words.common.rep_count, &words.common.reps_count),
        };
        let date = line.began.strftime("%Y-%m-%d %H:%M").to_string();
        column.item(
            format!("{date}  "),
            [line.digest.title.clone(), reps, ending.clone()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            theme::TEXT,
        );
    }
    column.draw(app, frame, body, top)
}
