//! Another program that holds the file is waited for, and not more often than it has to be.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

static WAITS: AtomicUsize = AtomicUsize::new(0);

#[test]
fn another_program_is_waited_for_once_however_many_sessions_are_not_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let waits = |_| {
        WAITS.fetch_add(1, Ordering::SeqCst);
        false
    };
    store.connection.busy_handler(Some(waits)).unwrap();
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for _ in 0..5 {
        store.begin(&ankle(), &began()).unwrap();
        store.record(&[&event(1, Fact::Resumed)], None).unwrap_err();
    }
    WAITS.store(0, Ordering::SeqCst);
    store.record(&[&event(2, Fact::Resumed)], None).unwrap_err();
    assert_eq!(WAITS.load(Ordering::SeqCst), 1);
    other.execute_batch("ROLLBACK").unwrap();
    store.flush().unwrap();
    assert_eq!(store.history().unwrap().len(), 5, "and none of them is lost");
}

#[test]
fn another_program_does_not_write_between_what_is_read_and_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    closed(&mut store, &["none"]);
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other.busy_timeout(std::time::Duration::ZERO).unwrap();
    let written = store.write(|transaction| {
        let next = next_number(transaction, 1)?;
        let meanwhile = other.execute("UPDATE session SET note = 'theirs'", []);
        append(transaction, 1, next, &[(3, "{}".to_owned())])?;
        Ok(meanwhile.is_err())
    });
    assert!(written.unwrap(), "it waits for its turn");
}

#[test]
fn a_session_that_could_not_be_removed_keeps_what_is_not_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    closed(&mut store, &["none"]);
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.note(None, "mine").unwrap_err();
    store.remove(1).unwrap_err();
    other.execute_batch("ROLLBACK").unwrap();
    store.flush().unwrap();
    assert_eq!(store.history().unwrap()[0].note, "mine");
    store.remove(1).unwrap();
    store.flush().unwrap();
    assert_eq!(store.history().unwrap(), []);
}

#[test]
fn an_edited_protocol_and_a_note_that_could_not_be_written_are_kept_and_written_with_what_follows() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    closed(&mut store, &["none"]);
    store.begin(&ankle(), &began()).unwrap();
    store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let edited = Protocol { title: "Edited".to_owned(), ..Protocol::clone(&ankle()) };
    store.rewrite(&edited).unwrap_err();
    store.note(Some(1), "on an earlier one").unwrap_err();
    let notes =
        |store: &Store| store.history().unwrap().into_iter().map(|line| (line.id, line.note)).collect::<Vec<_>>();
    assert!(notes(&store).contains(&(1, "on an earlier one".to_owned())), "as the person left it");
    other.execute_batch("ROLLBACK").unwrap();
    store.record(&[&event(2, Fact::Resumed)], None).unwrap();
    assert!(!store.has_unsaved());
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.session(2).unwrap().protocol.title, "Edited");
    assert!(notes(&store).contains(&(1, "on an earlier one".to_owned())));
}

#[test]
fn a_file_that_another_program_holds_at_the_start_gets_what_was_trained_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    closed(&mut Store::open(folder.path()).unwrap(), &["none"]);
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE held (it); DROP TABLE held")
        .unwrap();
    let Opened { mut store, trouble, past, .. } =
        Store::open_or_rescue(folder.path(), &[ankle()], jiff::Timestamp::MAX).unwrap();
    assert!(trouble.unwrap().contains("as soon as that lets go") && past.unfinished.is_none());
    store.begin(&ankle(), &began()).unwrap();
    assert!(store.record(&[&event(1, Fact::Resumed)], None).is_err());
    assert!(store.has_unsaved());
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    store.record(&[&event(2, Fact::Paused { why: PauseReason::Asked })], None).unwrap();
    assert!(!store.has_unsaved());
    assert_eq!(store.history().unwrap().len(), 2, "what was there is there");
    let found = Store::open(folder.path()).unwrap();
    let newest = found.history().unwrap()[0].id;
    assert_eq!(found.session(newest).unwrap().events.len(), 2, "all of it");
}
