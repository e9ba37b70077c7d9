//! The sound check.

use ratatui::Frame;

use super::column::Column;
use super::parts;
use crate::app::{App, Seen, Sound, SoundCheck};
use crate::text::fill;
use crate::theme;

pub fn draw(app: &App, check: &SoundCheck, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.sound_check;
    let body = parts::around(app, frame, &words.title);
    let mut column = Column::new();
    if check.unheard {
        // On a small screen nothing else has room beside it.
        column.text(words.unheard.clone(), theme::STRONG);
        return column.draw(app, frame, body, 0);
    }
    let device = |template: &str| fill(template, &[("device", app.device.trim_end_matches('.'))]);
    match app.sound {
        Sound::Missing => column.text(words.missing.clone(), theme::WARNING),
        Sound::Remote => column.text(words.remote.clone(), theme::WARNING),
        Sound::Fine if app.device.is_empty() => &mut column,
        Sound::Fine => column.text(device(&words.device), theme::QUIET),
    }
    .roomy_gap(body);
    let ends = parts::with_keys(app, if check.before.is_some() { &words.to_session } else { &words.to_home });
    match app.checked_cue(check) {
        _ if app.sound != Sound::Fine => {
            column.text(ends, theme::STRONG);
        }
        None => {
            column.text(parts::with_keys(app, &words.all_heard), theme::TEXT).text(ends, theme::STRONG);
        }
        Some(_) if !check.played => {
            let begin = if check.before.is_some() { &words.before } else { &words.begin };
            column.text(parts::with_keys(app, begin), theme::STRONG);
        }
        Some(cue) => {
            let all = app.config.sound.tones().len();
            let number = [("n", (check.at + 1).to_string()), ("all", all.to_string())];
            column.text(fill(&words.number, &number), theme::QUIET);
            column.text(app.config.words.cues.of(cue), theme::ACCENT).roomy_gap(body);
            column.text(parts::with_keys(app, &words.asked), theme::TEXT);
        }
    }
    column.draw(app, frame, body, 0)
}
