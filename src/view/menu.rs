//! Menus over a session that stands still, and the list of keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::column::Column;
use super::cut::Part::Just;
use super::cut::REST;
use super::digits::{Big, Ink, Size};
use super::{cut, parts, theme};
use crate::app::{App, MenuLine, Screen, Seen, Sitting};
use crate::keymap::{Context, Key};
use crate::session::Run;
use crate::session::event::{Part, PauseReason, Relief};
use crate::text::{clip, fill, pad};

/// The least rows in which a line stands in large letters above its list.
const LEAST_ROWS: u16 = 14;

/// The least columns that keys take in their list.
const LEAST_KEYS: usize = 14;

/// Paused, or stopped because of pain.
pub fn standing_still(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let session = &sitting.session;
    let words = &app.config.words.train;
    let begun = session.stage().is_some_and(|stage| stage.part == Part::Set && session.record().was_started(stage));
    let (title, text, style) = match session.run() {
        Run::Hurt => {
            let again = !app.menu_lines().contains(&MenuLine::Relief(Relief::Reposition));
            (&words.hurt_title, if again { &words.hurt_again } else { &words.hurt }, theme::WARNING)
        }
        Run::Paused { why: PauseReason::Slept, .. } => (&words.paused, &words.slept, theme::STRONG),
        Run::Paused { why: PauseReason::Returned, .. } => (&words.paused, &words.returned, theme::STRONG),
        Run::Paused { why: PauseReason::Repositioning, .. } => (&words.paused, &words.repositioning, theme::STRONG),
        Run::Paused { left: Some(_), .. } if begun => (&words.paused, &words.paused_hold, theme::STRONG),
        _ if begun => (&words.paused, &words.paused_why, theme::STRONG),
        _ => (&words.paused, &words.paused_still, theme::STRONG),
    };
    let body = parts::around(app, frame, title);
    let body = chosen_from_afar(app, sitting.menu, frame, body);
    let mut column = Column::new();
    column.text(text.clone(), style);
    let place = session.record().hurting().or(session.stage());
    if let (Some(stage), Some(exercise)) = (place, session.exercise()) {
        let ankle = parts::ankle(app, stage.side);
        let reps = session.record().reps(stage).to_string();
        let range = exercise.reps.to_string();
        let place = match stage.part {
            // A hold that is one rep is not counted.
            Part::Set if exercise.reps.high() > 1 => {
                fill(&words.paused_at, &[("ankle", ankle), ("reps", reps.as_str()), ("range", range.as_str())])
            }
            _ => ankle.to_owned(),
        };
        column.text(format!("{}, {place}", exercise.title), theme::QUIET);
    }
    column.roomy_gap(body);
    lines(app, sitting.menu, &mut column);
    if *session.run() == Run::Hurt {
        column.roomy_gap(body).text(words.stop_rules.clone(), theme::QUIET);
    }
    column.draw(app, frame, body, 0)
}

/// Where the session is looked at from afar, the line that is chosen in large letters, as far as there is room; returns the rest
/// of `body`.
fn chosen_from_afar(app: &App, cursor: usize, frame: &mut Frame<'_>, body: Rect) -> Rect {
    if !app.distant || body.height < LEAST_ROWS {
        return body;
    }
    let [large, rest] = cut::rows(body, [Just(Size::ROWS + 1), REST]);
    let line = app.menu_lines().get(cursor).map(|line| line_words(app, *line)).unwrap_or_default();
    let ink = Ink::of(app.look.is_ascii());
    if let Some(size) = Size::fitting(Big::pixels(&line), large.width, Size::ROWS, ink) {
        frame.render_widget(&Big::new(&line, size, theme::ACCENT), large);
    }
    rest
}

/// "Leave?"
pub fn leave(app: &App, cursor: usize, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.menu;
    let body = parts::around(app, frame, &words.quit_title);
    let body = chosen_from_afar(app, cursor, frame, body);
    let mut column = Column::new();
    let text = if app.not_saved.is_some() { &words.quit_text_unsaved } else { &words.quit_text };
    column.text(text.clone(), theme::TEXT).roomy_gap(body);
    lines(app, cursor, &mut column);
    column.draw(app, frame, body, 0)
}

/// "Remove this session?"
pub fn remove(app: &App, cursor: usize, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.opened;
    let body = parts::around(app, frame, &words.remove_title);
    let mut column = Column::new();
    column.text(words.remove_text.clone(), theme::TEXT).roomy_gap(body);
    lines(app, cursor, &mut column);
    column.draw(app, frame, body, 0)
}

/// "Nothing can be saved."
pub fn trouble(app: &App, cursor: usize, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.menu;
    let body = parts::around(app, frame, &words.trouble_title);
    let mut column = Column::new();
    column.text(words.trouble_text.clone(), theme::TEXT);
    column.text(app.not_saved.clone().unwrap_or_default(), theme::WARNING).roomy_gap(body);
    lines(app, cursor, &mut column);
    column.draw(app, frame, body, 0)
}

fn lines(app: &App, cursor: usize, column: &mut Column) {
    for (index, line) in app.menu_lines().into_iter().enumerate() {
        column.choice(index + 1, line_words(app, line), index == cursor);
    }
}

fn line_words(app: &App, line: MenuLine) -> String {
    let words = &app.config.words.menu;
    let side = match &app.screen {
        Screen::Session(sitting) => sitting.session.record().hurting().and_then(|stage| stage.side),
        _ => None,
    };
    let template = match line {
        MenuLine::Resume => &words.resume,
        MenuLine::Undo => &words.undo,
        MenuLine::EndSet => &words.end_set,
        MenuLine::Skip => &words.skip,
        MenuLine::Hurts => &words.hurts,
        MenuLine::Leave => &words.leave,
        MenuLine::Stay => &words.quit_stay,
        MenuLine::TakeBack => &words.take_back,
        MenuLine::KeepForLater if app.not_saved.is_some() => &words.quit_lose,
        MenuLine::KeepForLater => &words.quit_keep,
        MenuLine::EndHere => &words.quit_end,
        MenuLine::Keep => &app.config.words.opened.keep,
        MenuLine::Remove => &app.config.words.opened.remove,
        MenuLine::Unsaved => &words.trouble_go_on,
        MenuLine::Quit => &words.trouble_leave,
        MenuLine::Relief(Relief::Reposition) => &words.reposition,
        MenuLine::Relief(Relief::EndExercise) => &words.end_exercise,
        MenuLine::Relief(Relief::EndSession) => &words.end_session,
        MenuLine::Relief(Relief::Slip) => &words.slip,
    };
    fill(template, &[("ankle", parts::ankle(app, side))])
}

/// Every key of the screen that the help is `about`, and those that work everywhere.
pub fn help(app: &App, top: usize, about: Context, must: bool, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words;
    let body = parts::around(app, frame, &words.help.title);
    let mut here: Vec<(String, String)> =
        parts::key_help(app, app.offers_in(about, must)).into_iter().map(|help| (help.keys, help.label)).collect();
    if about == Context::Measure {
        here.push((format!("0–9 {}", app.notation().decimal), words.keys.digits_typed.clone()));
        here.push((parts::first_key(app, &app.config.keys.back), words.keys.delete_typed.clone()));
    } else if about.takes_digits() {
        here.push(("0–9".to_owned(), words.keys.digits.clone()));
    }
    let fixed = [('c', &words.keys.leave), ('z', &words.keys.suspend), ('l', &words.keys.redraw)];
    // Where an action has so many keys that what it does would have no room, the first of them are told.
    let widest = here.iter().map(|(keys, _)| keys.width()).max().unwrap_or(0);
    let width = widest.min(usize::from(body.width) * 3 / 5).max(LEAST_KEYS);
    let key_column = |keys: &str| pad(&clip(keys, width), width) + "  ";
    let mut column = Column::new();
    for (keys, label) in here {
        column.item(key_column(&keys), label, theme::TEXT);
    }
    column.roomy_gap(body).text(words.help.everywhere.clone(), theme::STRONG);
    for (letter, label) in fixed {
        let key = parts::key_name(&words.key_names, Key::ctrl(letter));
        column.item(key_column(&key), label.clone(), theme::TEXT);
    }
    column.draw(app, frame, body, top)
}

/// A page to learn from.
pub fn learn(app: &App, page: usize, top: usize, frame: &mut Frame<'_>) -> Seen {
    let Some((_, shown)) = app.config.learn.get_index(page) else { return Seen::default() };
    let body = parts::around(app, frame, &format!("{} · {}/{}", shown.title, page + 1, app.config.learn.len()));
    let mut column = Column::new();
    for paragraph in &shown.text {
        column.text(paragraph.clone(), theme::TEXT).gap();
    }
    column.text(fill(&app.config.words.home.source, &[("source", &shown.source)]), theme::QUIET);
    column.draw(app, frame, body, top)
}
