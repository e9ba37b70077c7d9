//! Whatever stands in the rows of a session in the store: it can be looked at and trained on from, or the file is put
//! aside and what can be read of it carried over.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use dorsi::config::Config;
use dorsi::protocol::Protocol;
use dorsi::protocol::quantity::Seconds;
use dorsi::session::Session;
use dorsi::session::digest::Digest;
use dorsi::session::event::Pacing;
use dorsi::session::record::Record;
use dorsi::store::{Opened, Store};
use rusqlite::{Connection, params};

use crate::screens::is_plain;
use crate::shelf::look_through;

static BUILT_IN: LazyLock<Arc<Config>> = LazyLock::new(|| Arc::new(Config::built_in()));

/// The rows as lines of text: the protocol, as it is stored or as the id of a built-in one; the date; the digest, or
/// nothing; and the events, each with its time, a space, and its fact.
pub fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    drop(Store::open(folder.path()).expect("a new store"));
    if fill(folder.path(), text).is_err() {
        // SQLite itself refuses such rows.
        return;
    }
    let known: Vec<Arc<Protocol>> = BUILT_IN.protocols.values().cloned().collect();
    let Opened { store, .. } = Store::open_or_rescue(folder.path(), &known, jiff::Timestamp::MAX)
        .expect("a store that is whole, or was rescued");
    if let Err(error) = store.history().and_then(|_| look_through(&store, &BUILT_IN)) {
        assert!(error.is_damage() && is_plain(&error.to_string()), "{error:?}");
    }
    let store = match store.verify() {
        Ok(()) => store,
        Err(error) => {
            assert!(error.is_damage(), "{error:?}");
            let mut store = store;
            store.rescue(&known).expect("a rescue");
            store.verify().expect("what was rescued is whole");
            store
        }
    };
    look_through(&store, &BUILT_IN).expect("a whole store can be looked at");
    for line in store.history().expect("a history") {
        folds_into_one_record(&store, line.id);
    }
}

/// Puts the rows into the file of the store, as nobody but a fault would.
fn fill(folder: &Path, text: &str) -> rusqlite::Result<()> {
    let mut connection = Connection::open(folder.join("dorsi.sqlite3"))?;
    let transaction = connection.transaction()?;
    let mut lines = text.split('\n');
    let [protocol, began, digest] = [(); 3].map(|()| lines.next().unwrap_or_default());
    let protocol = match BUILT_IN.protocols.get(protocol) {
        Some(known) => serde_json::to_string(&**known).expect("a protocol as text"),
        None => protocol.to_owned(),
    };
    transaction.execute("INSERT INTO protocol (id, text) VALUES (1, ?1)", [protocol])?;
    let digest = Some(digest).filter(|digest| !digest.is_empty());
    let session = "INSERT INTO session (id, began, protocol, digest, reps) VALUES (1, ?1, 1, ?2, 1)";
    transaction.execute(session, params![began, digest])?;
    for (number, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        let (at, fact) = line.split_once(' ').unwrap_or(("0", line));
        let at: i64 = at.parse().unwrap_or(0);
        transaction.execute("INSERT INTO event VALUES (1, ?1, ?2, ?3)", params![number as i64, at, fact])?;
    }
    transaction.commit()
}

/// The events of session `id` make one record, however they are taken in.
fn folds_into_one_record(store: &Store, id: i64) {
    let kept = store.session(id).expect("a session");
    let record = Record::of(&kept.events);
    let (early, late) = kept.events.split_at(kept.events.len() / 2);
    let mut pieces = Record::of(early);
    late.iter().for_each(|event| pieces.apply(event));
    assert_eq!(pieces, record);
    let lead_in = Seconds::from_millis(3_000);
    let resumed = Session::resume(kept.protocol.clone(), lead_in, Pacing::Counted, &kept.events);
    assert_eq!(*resumed.record(), record);
    let digest = Digest::of(&kept.protocol, &record);
    let text = serde_json::to_string(&digest).expect("a digest as text");
    assert_eq!(serde_json::from_str::<Digest>(&text).expect("a digest"), digest);
}
