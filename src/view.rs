//! How the state looks. Drawing reads the [`App`] and changes nothing.

mod ask;
mod chart;
mod column;
mod cut;
mod days;
mod digits;
mod figure;
mod history;
mod home;
mod line;
mod menu;
mod opened;
mod parts;
mod plan;
mod read;
mod sound_check;
mod summary;
#[cfg(test)]
mod tests;
mod told;
mod train;
mod trends;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use self::line::put;
use crate::app::{App, Overlay, Page, Screen, Seen, Sitting};
use crate::config::Occasion;
use crate::keymap::Context;
use crate::text::{fill, wrap};
use crate::theme;

/// The smallest terminal that everything is usable on, in columns and rows.
pub const SMALLEST: (u16, u16) = (40, 12);

/// Draws the screen that is open, and tells how much of it could be seen.
pub fn draw(app: &App, frame: &mut Frame<'_>) -> Seen {
    let seen = screen(app, frame);
    if let (Some(cue), None) = (app.flashing(), app.overlay) {
        // The words are there in it as they are without. Through a wire it is the upper edge alone, unless it was asked for.
        let all = !app.remote || app.config.settings.flash == Occasion::Always;
        let area = frame.area();
        let lit = if all { area } else { Rect { height: area.height.min(1), ..area } };
        frame.buffer_mut().set_style(lit, theme::phase(cue).add_modifier(Modifier::REVERSED));
    }
    app.look.dress(frame.buffer_mut());
    seen
}

fn screen(app: &App, frame: &mut Frame<'_>) -> Seen {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(app, frame, area);
        return Seen { nothing: true, ..Seen::default() };
    }
    if let (None, Some(note)) = (app.overlay, &app.note) {
        return opened::note(app, note, frame);
    }
    match (&app.overlay, &app.screen) {
        (Some(Overlay::Help { top, about, must }), _) => menu::help(app, *top, *about, *must, frame),
        (Some(Overlay::Learn { page, top, .. }), _) => menu::learn(app, *page, *top, frame),
        (Some(Overlay::Leave { cursor }), _) => menu::leave(app, *cursor, frame),
        (Some(Overlay::Remove { cursor }), _) => menu::remove(app, *cursor, frame),
        (Some(Overlay::Trouble { cursor }), _) => menu::trouble(app, *cursor, frame),
        (None, Screen::Home { cursor }) => home::draw(app, *cursor, frame),
        (None, Screen::Routines { cursor }) => home::routines(app, *cursor, frame),
        (None, Screen::LookBack { page: Page::Trends, top, .. }) => trends::draw(app, *top, frame),
        (None, Screen::LookBack { page: Page::Days, top, .. }) => days::draw(app, *top, frame),
        (None, Screen::LookBack { page: Page::Sessions, cursor, .. }) => history::draw(app, *cursor, frame),
        (None, Screen::Opened(opened)) => opened::draw(app, opened, frame),
        (None, Screen::SoundCheck(check)) => sound_check::draw(app, check, frame),
        (None, Screen::Session(sitting)) => session(app, sitting, frame),
    }
}

fn session(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    match sitting.context() {
        Context::Ask | Context::Unread => ask::options(app, sitting, frame),
        Context::Scale => ask::scale(app, sitting, frame),
        Context::Measure => ask::measure(app, sitting, frame),
        Context::Advice => ask::advice(app, sitting, frame),
        Context::Plan => plan::draw(app, sitting, frame),
        Context::ReadOn if sitting.is_at_plan() => plan::draw(app, sitting, frame),
        context if context.is_seen_from_afar() => train::draw(app, sitting, frame),
        Context::Paused | Context::Hurt => menu::standing_still(app, sitting, frame),
        Context::Summary | Context::SummaryOn => summary::draw(app, sitting, frame),
        _ => read::draw(app, sitting, frame),
    }
}

fn too_small(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let (width, height) = SMALLEST;
    let size = [("width", width.to_string()), ("height", height.to_string())];
    let text = fill(&app.config.words.common.too_small, &size);
    let wrapped = wrap(&text, usize::from(area.width));
    for (line, row) in wrapped.into_iter().zip(area.rows()) {
        put(frame, line, row);
    }
}

/// The moment at which the picture changes by itself, in milliseconds of the program's clock; `None` while it stands.
pub fn next_change(app: &App) -> Option<u64> {
    let (None, Screen::Session(sitting)) = (app.overlay, &app.screen) else { return None };
    [train::next_change(app, sitting), app.flash_ends()].into_iter().flatten().min()
}
