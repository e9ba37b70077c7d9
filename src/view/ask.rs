//! Questions, tests, and the advice that an answer may call for.

use ratatui::Frame;

use super::column::Column;
use super::figure::still;
use super::parts;
use super::theme;
use crate::app::draft::{LONGEST_GAP, LONGEST_REACH};
use crate::app::{App, Seen, Sitting};
use crate::keymap::Context;
use crate::protocol::{Scale, Test};
use crate::session::event::Reading;
use crate::text::fill;

/// A question with options.
pub fn options(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let (Some(stage), Some(question)) = (sitting.session.stage(), sitting.session.question()) else {
        return Seen::default();
    };
    let body = parts::around(app, frame, &parts::titled(app, &question.title, stage.side));
    let mut column = Column::new();
    column.text(question.ask.clone(), theme::STRONG);
    if let Some(hint) = &question.hint {
        column.text(hint.clone(), theme::QUIET);
    }
    column.roomy_gap(body);
    for (index, option) in question.option.values().enumerate() {
        let (number, is_here) = ((index + 1) % 10, index == sitting.draft.cursor);
        // A mark would say that this is the answer, while the key only goes through the list.
        match sitting.context() {
            Context::Unread => column.choice_to_read(number, option.label.clone(), is_here),
            _ => column.choice(number, option.label.clone(), is_here),
        };
    }
    column.draw(app, frame, body, 0)
}

/// A question with a scale.
pub fn scale(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let (Some(stage), Some(question)) = (sitting.session.stage(), sitting.session.question()) else {
        return Seen::default();
    };
    let Some(scale) = &question.scale else { return Seen::default() };
    let body = parts::around(app, frame, &parts::titled(app, &question.title, stage.side));
    let chosen = scale.low + (sitting.draft.cursor as u8).min(scale.high - scale.low);
    let mut column = Column::new();
    column.text(question.ask.clone(), theme::STRONG);
    if let Some(hint) = &question.hint {
        column.text(hint.clone(), theme::QUIET);
    }
    column.gap().text(ladder(scale, chosen, body.width), theme::ACCENT);
    column.text(format!("{} = {}", scale.low, scale.low_label), theme::QUIET);
    column.text(format!("{} = {}", scale.high, scale.high_label), theme::QUIET);
    column.draw(app, frame, body, 0)
}

/// The numbers of the scale with the chosen one in brackets; where they do not fit, the chosen one alone.
fn ladder(scale: &Scale, chosen: u8, width: u16) -> String {
    let cells = (scale.low..=scale.high)
        .map(|number| if number == chosen { format!("[{number}]") } else { format!(" {number} ") });
    let line: String = cells.collect();
    if line.len() <= usize::from(width) { line } else { format!("◂ [{chosen}] ▸") }
}

/// A wall test.
pub fn measure(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let session = &sitting.session;
    let Some(stage) = session.stage() else { return Seen::default() };
    let Some(test) = session.protocol().test(stage.step) else { return Seen::default() };
    let body = parts::around(app, frame, &parts::titled(app, &test.title, stage.side));
    let mut column = Column::new();
    column.text(test.ask.clone(), theme::STRONG).roomy_gap(body);
    for (index, line) in measure_lines(app, sitting, test).into_iter().enumerate() {
        let chosen = index == sitting.draft.cursor;
        match sitting.draft.is_typing(test) {
            // A digit is typed there, so none may stand before a line as if it chose it.
            true => column.choice_without_digit(line, chosen),
            false => column.choice(index + 1, line, chosen),
        };
    }
    let judged = |index| test.answer.get_index(index).map(|(_, answer)| Reading::Judged(answer.gap));
    let reading = judged(sitting.draft.cursor).or_else(|| sitting.draft.typed_reading(test, app.unit));
    let body = still::beside(still::wall_test(app, test, stage, Some(reading)), &column, frame, body);
    column.draw(app, frame, body, 0)
}

/// The answers of one key, and the two lines to type on.
fn measure_lines(app: &App, sitting: &Sitting, test: &Test) -> Vec<String> {
    let words = &app.config.words.ask;
    let answers = test.answer.values();
    let answers = answers.map(|answer| fill(&answer.label, &[("gap", &answer.gap.about(app.notation()))]));
    let typed = [&words.type_gap, &words.type_reach].into_iter().zip(test.answer.len()..);
    answers.chain(typed.map(|(label, index)| typing(app, sitting, test, label, index))).collect()
}

fn typing(app: &App, sitting: &Sitting, test: &Test, label: &str, index: usize) -> String {
    let sign = app.unit.sign();
    if index != sitting.draft.cursor {
        return label.to_owned();
    }
    let words = &app.config.words.ask;
    let typed = sitting.draft.typed.replace('.', &app.notation().decimal.to_string());
    let most = if index == test.answer.len() { LONGEST_GAP } else { LONGEST_REACH };
    let hint = match sitting.draft.typed_reading(test, app.unit) {
        Some(_) => String::new(),
        None if typed.is_empty() => words.typed_empty.clone(),
        None => fill(&words.typed_wrong, &[("most", &most.display(app.notation()))]),
    };
    format!("{label}: {typed}_ {sign} {hint}")
}

/// Advice instead of exercise.
pub fn advice(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let Some(advice) = sitting.session.advice() else { return Seen::default() };
    let words = &app.config.words.ask;
    let (title, end) = match (sitting.session.was_trained(), app.config.settings.one_button) {
        (false, false) => (&words.stop_title, &words.stop_end),
        (false, true) => (&words.stop_title, &words.stop_one_button),
        (true, false) => (&words.stop_title_trained, &words.stop_end_trained),
        (true, true) => (&words.stop_title_trained, &words.stop_one_button_trained),
    };
    let body = parts::around(app, frame, title);
    let mut column = Column::new();
    column.text(advice.to_owned(), theme::STRONG).gap().text(parts::with_keys(app, end), theme::TEXT);
    column.draw(app, frame, body, sitting.menu)
}
