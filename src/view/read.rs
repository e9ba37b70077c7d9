//! Things to read or to get ready: the set-up of an exercise, a note.

use ratatui::Frame;

use super::column::Column;
use super::figure::still;
use super::parts;
use super::{theme, train};
use crate::app::{App, Seen, Sitting};
use crate::protocol::Work;
use crate::session::event::Pacing;
use crate::text::fill;

pub fn draw(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let session = &sitting.session;
    let Some(stage) = session.stage() else { return Seen::default() };
    let mut column = Column::new();
    let words = &app.config.words.read;
    let body = match &session.protocol().steps[stage.step].work {
        Work::Exercise { exercise, .. } => {
            let body = parts::around(app, frame, &parts::titled(app, &exercise.title, stage.side));
            column.text(exercise.goal.clone(), theme::QUIET).roomy_gap(body);
            let side = parts::side_word(app, stage.side);
            for (index, line) in exercise.setup.iter().enumerate() {
                column.item(format!("{}. ", index + 1), fill(line, &[("side", side)]), theme::TEXT);
            }
            // All of them are said before anything can hurt; from then on they stand between the sets.
            let words_of_sets = &app.config.words.train;
            let rules = if session.was_trained() { &words_of_sets.stop_short } else { &words_of_sets.stop_rules };
            column.roomy_gap(body).text(rules.clone(), theme::QUIET);
            let then = match (session.pacing(), exercise.phase.values().any(|phase| phase.wait)) {
                (Pacing::Counted, true) => &words.then_counted,
                _ => &words.then_paced,
            };
            column.roomy_gap(body).text(parts::with_keys(app, then), theme::STRONG);
            still::beside(train::at_rest(app, exercise, stage), &column, frame, body)
        }
        Work::Measure { test, .. } => {
            let body = parts::around(app, frame, &parts::titled(app, &test.title, stage.side));
            let toes = test.toe_distance.about(app.notation());
            for (index, line) in test.setup.iter().enumerate() {
                column.item(format!("{}. ", index + 1), fill(line, &[("toes", &toes)]), theme::TEXT);
            }
            column.roomy_gap(body).text(parts::with_keys(app, &words.then_measured), theme::STRONG);
            still::beside(still::wall_test(app, test, stage, None), &column, frame, body)
        }
        Work::Prepare { title, text } => {
            let body = parts::around(app, frame, title);
            for (index, line) in text.iter().enumerate() {
                column.item(format!("{}. ", index + 1), line.clone(), theme::TEXT);
            }
            body
        }
        Work::Note { title, text } => {
            let body = parts::around(app, frame, title);
            for paragraph in text {
                column.text(paragraph.clone(), theme::TEXT).roomy_gap(body);
            }
            body
        }
        // Questions, tests and rests have screens of their own.
        Work::Ask { .. } | Work::Rest { .. } => return Seen::default(),
    };
    column.draw(app, frame, body, sitting.draft.cursor)
}
