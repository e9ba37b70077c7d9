//! What the program asks of the store.

use jiff::Zoned;

use crate::app::{App, Effect, Notice};
use crate::store::{Store, StoreError};

/// Puts on disk what has to be there before anything is shown, and returns what follows where that fails. `date` tells when
/// a session begins.
pub fn keep(app: &mut App, store: &mut Option<Store>, effects: &[Effect], date: impl Fn() -> Zoned) -> Vec<Effect> {
    let mut troubles = Vec::new();
    for effect in effects {
        let kept = |store: &mut Store| match effect {
            Effect::Begin(protocol) => store.begin(protocol, &date()),
            Effect::Rewrite(protocol) => store.rewrite(protocol),
            Effect::TakeUp(id) => {
                store.take_up(*id);
                Ok(())
            }
            // What another program kept from being written has a last chance.
            Effect::Close | Effect::Quit => store.flush(),
            Effect::Amend(id, events, digest) => store.amend(*id, events, digest),
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
        let failed = saved(app, store, |store| store.record(&events, digest));
        if store.as_ref().is_some_and(|store| !store.has_unsaved()) {
            app.not_saved = None;
        }
        troubles.extend(failed);
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
