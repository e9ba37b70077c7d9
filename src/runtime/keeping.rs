//! What the program asks of the store.

use jiff::Zoned;

use crate::app::{App, Effect, Notice};
use crate::store::{Store, StoreError};

/// Puts on disk what has to be there before anything is shown, and returns what follows where that fails. `date` tells when
/// a session begins.
pub fn keep(app: &mut App, store: &mut Option<Store>, effects: &[Effect], date: impl Fn() -> Zoned) -> Vec<Effect> {
    let mut troubles = Vec::new();
    let was_unsaved = store.as_ref().is_some_and(Store::has_unsaved);
    for effect in effects {
        let kept = |store: &mut Store| match effect {
            Effect::Begin(protocol) => store.begin(protocol, &date()),
            Effect::Rewrite(protocol) => store.rewrite(protocol),
            Effect::TakeUp(id) => {
                store.take_up(*id);
                Ok(())
            }
            // What another program kept from being written has another chance: what is read then is whole, or the last one.
            Effect::Close | Effect::Quit | Effect::Open(_) | Effect::LookBack => store.flush(),
            Effect::Amend(amendment) => store.amend(amendment),
            Effect::Note(id, note) => store.note(*id, note),
            Effect::Remove(id) => store.remove(*id),
            _ => Ok(()),
        };
        troubles.extend(saved(app, store, kept));
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
        troubles.extend(saved(app, store, |store| store.record(&events, digest)));
    }
    let is_saved = store.as_ref().is_some_and(|store| !store.has_unsaved());
    if is_saved && (was_unsaved || !events.is_empty()) {
        app.not_saved = None;
    }
    troubles
}

/// Does something with the store; where that fails, asks whether to go on without saving. What could not be written is
/// written as soon as something else can.
fn saved(
    app: &mut App,
    store: &mut Option<Store>,
    write: impl FnOnce(&mut Store) -> Result<(), StoreError>,
) -> Vec<Effect> {
    let Some(store) = store else { return Vec::new() };
    match write(store) {
        Ok(()) => Vec::new(),
        Err(error) => {
            log::error!("store: {error}");
            app.cannot_save(crate::text::clean(&error.to_string()))
        }
    }
}

/// Reads what `effects` ask for. `date` is the person's date and time.
pub fn read(app: &mut App, store: Option<&Store>, effects: &[Effect], date: impl Fn() -> Zoned) {
    let Some(store) = store else { return };
    for effect in effects {
        let read = match effect {
            Effect::LookBack => {
                let now = date();
                store.past_at(now.timestamp()).map(|past| {
                    let shared = store.is_shared().then_some(Notice::Shared);
                    app.remember(past, shared, now.datetime());
                })
            }
            Effect::ReadHistory => store.history().map(|history| app.read(history)),
            Effect::Open(id) => store.session(*id).map(|kept| app.opened(kept)),
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
    use crate::app::Past;
    use crate::config::Config;
    use crate::session::event::{Event, Fact};
    use crate::session::time::SessionTime;

    #[test]
    fn what_is_written_at_the_end_after_all_is_not_called_unsaved() {
        let folder = tempfile::tempdir().unwrap();
        let mut app = App::new(Arc::new(Config::built_in()), Past::default());
        let mut store = Some(Store::open(folder.path()).unwrap());
        let date = || "2026-11-20T18:30:00+01:00[Europe/Berlin]".parse().unwrap();
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
}
