//! The sessions so far.

use ratatui::Frame;

use super::parts::{self, Column};
use super::theme;
use crate::app::App;
use crate::session::event::{Ending, Part};
use crate::session::record::Record;

pub fn draw(app: &App, top: usize, frame: &mut Frame<'_>) {
    let words = &app.config.words;
    let body = parts::around(app, frame, &words.history.title);
    let mut column = Column::new();
    if app.past.sessions.is_empty() {
        column.text(words.history.empty.clone(), theme::TEXT);
    }
    for kept in &app.past.sessions {
        let record = Record::of(&kept.events);
        let steps = 0..kept.protocol.steps.len();
        let reps: u64 = steps
            .flat_map(|step| record.sets(step))
            .filter(|(stage, _)| stage.part == Part::Set)
            .map(|(_, (reps, _))| u64::from(reps))
            .sum();
        let ending = match record.ending() {
            Some(Ending::Finished) => &words.history.finished,
            Some(Ending::Advised) => &words.history.advised,
            Some(Ending::Pain) => &words.history.pain,
            Some(Ending::Early) => &words.history.early,
            None => &words.history.unfinished,
        };
        let date = kept.began.strftime("%Y-%m-%d %H:%M").to_string();
        let reps = parts::counted(reps, &words.common.rep_count, &words.common.reps_count);
        column.item(format!("{date}  "), format!("{} · {reps} · {ending}", kept.protocol.title), theme::TEXT);
    }
    column.draw(app, frame, body, top);
}
