//! What the program asks of the store.

use jiff::Zoned;

use crate::app::{App, Effect};
use crate::kept::{Notice, Past};
use crate::store::{Store, StoreError};

/// Puts on disk what has to be there before anything is shown, and returns what follows where that fails. `date` tells when
/// a session begins.
pub fn keep(app: &mut App, store: &mut Option<Store>, effects: &[Effect], date: impl Fn() -> Zoned) -> Vec<Effect> {
    let Some(store) = store else { return Vec::new() };
    let mut troubles = Vec::new();
    let was_unsaved = store.has_unsaved();
    for effect in effects {
        let kept = match effect {
            Effect::Begin(protocol) => store.begin(protocol, &date()),
            Effect::Rewrite(protocol) => store.rewrite(protocol),
            Effect::TakeUp(id) => {
                store.take_up(*id);
                Ok(())
            }
            Effect::Close => {
                store.rest();
                store.flush()
            }
            // What another program kept from being written has another chance: what is read then is whole, or the last one.
            Effect::Quit | Effect::Open(_) | Effect::LookBack => store.flush(),
            Effect::Amend(amendment) => {
                let written = store.amend(amendment);
                refuse(app, store, amendment.session, written)
            }
            Effect::Remove(id) => {
                let written = store.remove(*id);
                refuse(app, store, *id, written)
            }
            Effect::Note(id, note) => {
                let written = store.note(*id, note);
                match (id, &written) {
                    // One on a session that may not be in the file is not kept.
                    (Some(id), Err(StoreError::Moved { .. } | StoreError::Gone)) => refuse(app, store, *id, written),
                    _ => written,
                }
            }
            _ => Ok(()),
        };
        troubles.extend(tell(app, kept));
    }
    let events: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Record(event) => Some(event),
            _ => None,
        })
        .collect();
    let digest = effects.iter().find_map(|effect| match effect {
        Effect::Settle(digest) => Some(&**digest),
        _ => None,
    });
    if !events.is_empty() {
        troubles.extend(tell(app, store.record(&events, digest)));
    }
    if !store.has_unsaved() && (was_unsaved || !events.is_empty()) {
        app.not_saved = None;
    }
    troubles
}

/// Where something could not be written, asks whether to go on without saving; it is written as soon as something else can.
fn tell(app: &mut App, written: Result<(), StoreError>) -> Vec<Effect> {
    match written {
        Ok(()) => Vec::new(),
        Err(error) => {
            log::error!("store: {error}");
            app.cannot_save(crate::text::clean(&error.to_string()))
        }
    }
}

/// Where a change of session `id` could not be written, it is not made: the session is shown as it is on disk, and why; one that
/// was removed in another window is not shown any more.
fn refuse(app: &mut App, store: &Store, id: i64, written: Result<(), StoreError>) -> Result<(), StoreError> {
    let Err(error) = written else { return Ok(()) };
    log::error!("store: {error}");
    match store.session(id) {
        Err(StoreError::Gone) => {
            app.close_opened();
            app.read(store.history()?);
        }
        kept => app.refused(kept?, &crate::text::clean(&error.to_string())),
    }
    Ok(())
}

/// Reads what `effects` ask for. `date` is the person's date and time.
pub fn read(app: &mut App, store: Option<&Store>, effects: &[Effect], date: impl Fn() -> Zoned) {
    for effect in effects {
        let read = match (effect, store) {
            (Effect::LookBack, Some(store)) => {
                let now = date();
                store.past_at(now.timestamp()).map(|past| {
                    let shared = store.is_shared(app.shared).then_some(Notice::Shared);
                    app.remember(past, shared, now);
                })
            }
            // Without a file of sessions another day has begun all the same.
            (Effect::LookBack, None) => {
                app.remember(Past::default(), None, date());
                Ok(())
            }
            (Effect::ReadHistory, Some(store)) => store.history().map(|history| app.read(history)),
            (Effect::Open(id), Some(store)) => match store.session(*id) {
                // It was removed in another window, and is in no list any more.
                Err(StoreError::Gone) => store.history().map(|history| app.read(history)),
                kept => kept.map(|kept| app.opened(kept)),
            },
            _ => Ok(()),
        };
        if let Err(error) = read {
            log::error!("store: {error}");
            app.notice = Some(crate::text::clean(&error.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rusqlite::Connection;

    use super::*;
    use crate::app::Screen;
    use crate::config::Config;
    use crate::keymap::Action;
    use crate::session::event::{Event, Fact, Part, Stage};
    use crate::session::time::SessionTime;

    fn date() -> Zoned {
        "2026-11-20T18:30:00+01:00[Europe/Berlin]".parse().unwrap()
    }

    /// Begins a session, and leaves it after its first step.
    fn leave_open(app: &mut App, store: &mut Option<Store>) {
        let stage = Stage { step: 0, part: Part::Whole, side: None, round: 0 };
        let begun = [
            Effect::Begin(app.config.protocols["warm-up"].clone()),
            Effect::Record(Event { at: SessionTime::from_millis(1), fact: Fact::StepSkipped { stage } }),
        ];
        keep(app, store, &begun, date);
        keep(app, store, &[Effect::Close], date);
    }

    #[test]
    fn what_is_written_at_the_end_after_all_is_not_called_unsaved() {
        let folder = tempfile::tempdir().unwrap();
        let mut app = App::new(Arc::new(Config::built_in()), Past::default());
        let mut store = Some(Store::open(folder.path()).unwrap());
        let other = Connection::open(folder.path().join("dorsi.sqlite3")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let event = Event { at: SessionTime::from_millis(1), fact: Fact::Resumed };
        let begun = [Effect::Begin(app.config.protocols["ankle"].clone()), Effect::Record(event)];
        keep(&mut app, &mut store, &begun, date);
        assert!(app.not_saved.is_some());
        keep(&mut app, &mut store, &[Effect::Redraw], date);
        assert!(app.not_saved.is_some(), "nothing was written");
        other.execute_batch("ROLLBACK").unwrap();
        keep(&mut app, &mut store, &[Effect::Close], date);
        assert_eq!((app.not_saved, store.unwrap().history().unwrap().len()), (None, 1));
    }

    #[test]
    fn what_could_not_be_put_right_is_shown_as_it_is_on_disk_and_can_be_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut app = App::new(Arc::new(Config::built_in()), Past::default());
        let mut store = Some(Store::open(folder.path()).unwrap());
        leave_open(&mut app, &mut store);
        read(&mut app, store.as_ref(), &[Effect::ReadHistory, Effect::Open(1)], date);
        let is_open = |app: &App| matches!(&app.screen, Screen::Opened(opened) if opened.is_open());
        let refused = |app: &App| matches!(&app.screen, Screen::Opened(opened) if opened.refused.is_some());
        let other = Connection::open(folder.path().join("dorsi.sqlite3")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut file = |app: &mut App| {
            let effects = app.press(0, Action::EndSet);
            assert!(!is_open(app), "it would be over");
            keep(app, &mut store, &effects, date);
            read(app, store.as_ref(), &effects, date);
        };
        file(&mut app);
        assert_eq!((is_open(&app), refused(&app), &app.not_saved), (true, true, &None));
        other.execute_batch("ROLLBACK").unwrap();
        file(&mut app);
        assert_eq!((is_open(&app), refused(&app)), (false, false));
        assert!(store.unwrap().history().unwrap()[0].digest.ending.is_some());
    }

    #[test]
    fn a_session_that_was_removed_in_another_window_is_left_for_the_list_and_nothing_is_called_unsaved() {
        let folder = tempfile::tempdir().unwrap();
        let mut app = App::new(Arc::new(Config::built_in()), Past::default());
        let mut store = Some(Store::open(folder.path()).unwrap());
        for _ in 0..3 {
            leave_open(&mut app, &mut store);
        }
        let mut other = Store::open(folder.path()).unwrap();
        let ways = [&[Action::EndSet][..], &[Action::Remove, Action::Down, Action::Go], &[Action::Note, Action::Go]];
        for (id, way) in (1..).zip(ways) {
            read(&mut app, store.as_ref(), &[Effect::ReadHistory, Effect::Open(id)], date);
            other.remove(id).unwrap();
            let effects: Vec<Effect> = way.iter().flat_map(|action| app.press(0, *action)).collect();
            assert!(!effects.is_empty(), "{id}");
            assert_eq!(keep(&mut app, &mut store, &effects, date), [], "{id}");
            read(&mut app, store.as_ref(), &effects, date);
            assert!(matches!(app.screen, Screen::LookBack { .. }), "{id}: {:?}", app.screen);
            assert!(app.history.iter().all(|line| line.id != id) && app.not_saved.is_none(), "{id}");
        }
        read(&mut app, store.as_ref(), &[Effect::Open(1)], date);
        assert!(matches!(app.screen, Screen::LookBack { .. }), "it is not there to be opened");
    }

    #[test]
    fn without_a_file_of_sessions_there_is_a_day_all_the_same() {
        let mut app = App::new(Arc::new(Config::built_in()), Past::default());
        read(&mut app, None, &[Effect::LookBack, Effect::ReadHistory], date);
        assert_eq!(app.today, date());
    }
}
