//! All that a store holds, as the program shows it.

use std::sync::Arc;

use dorsi::app::Screen;
use dorsi::config::Config;
use dorsi::kept::Past;
use dorsi::keymap::Action;
use dorsi::report::Report;
use dorsi::store::{Store, StoreError};

use crate::screens::{Desk, is_plain};

/// Looks through `store`: the lists, each session opened and put right, the one that was
/// left open taken up again, and the report.
///
/// # Errors
/// When something can't be read, which a program tells.
pub fn look_through(store: &Store, config: &Arc<Config>) -> Result<(), StoreError> {
    let history = store.history()?;
    let past = store.past()?;
    let today = history.first().map_or_else(Default::default, |line| line.began.clone());
    let mut desk = Desk::new(config.clone(), Past::default());
    desk.app.remember(past, None, today.clone());
    desk.look();
    desk.press(Action::History);
    desk.app.read(history.clone());
    for _ in 0..3 {
        desk.look();
        desk.press(Action::Right);
    }
    for line in history.iter().take(4) {
        desk.app.opened(store.session(line.id)?);
        desk.look();
        for action in [Action::Down, Action::Correct, Action::Right, Action::Down, Action::Left, Action::Go] {
            desk.press(action);
        }
    }
    desk.app.screen = Screen::Home { cursor: 0 };
    if desk.app.past.unfinished.is_some() {
        // The first line continues it, unless that was too long ago; then the last one files it.
        let lines = desk.app.home_lines().len();
        let is_stale = desk.app.past.unfinished.as_ref().is_some_and(|kept| kept.is_stale(&today));
        desk.app.screen = Screen::Home { cursor: if is_stale { lines - 1 } else { 0 } };
        desk.press(Action::Go);
        desk.train(60);
    }
    let protocols = store.protocols()?;
    let report = Report {
        words: &config.words,
        unit: config.settings.units,
        aims: &config.progress,
        today: today.date(),
        sessions: &history,
        left_out: 0,
        protocols: &protocols,
    };
    let page = report.html().expect("a report can always be drawn");
    assert!(is_plain(&page), "the report has a control character in it");
    Ok(())
}
