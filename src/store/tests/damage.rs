//! Damage is told, and what can be read is carried over.

use super::*;

#[test]
fn a_row_that_cannot_be_read_is_told_and_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    store.begin(&ankle(), &began()).unwrap();
    store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    store.connection.execute("UPDATE event SET fact = '{\"levitated\":1}'", []).unwrap();
    let error = store.past().unwrap_err();
    assert!(error.is_damage());
    assert!(error.to_string().contains("session 1") && error.to_string().contains("levitated"), "{error}");
}

/// A store with a session left open, of which `spoil` changes the rows.
fn spoilt(spoil: &str) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    store.begin(&ankle(), &began()).unwrap();
    store.record(&[&event(1, Fact::Resumed), &event(2, Fact::Resumed)], None).unwrap();
    store.connection.execute_batch(spoil).unwrap();
    (folder, store)
}

#[test]
fn a_row_that_can_be_read_and_still_not_be_is_told_as_damage_and_what_is_before_it_carried_over() {
    let fact = |fact: &str| format!("UPDATE event SET fact = '{fact}' WHERE number = 1");
    for spoil in [
        fact("{\"done\":{\"stage\":\"99.whole.both.0\"}}"),
        fact("{\"rep-completed\":{\"stage\":\"0.set.left.1\",\"rep\":1}}"),
        fact("{\"answered\":{\"stage\":\"1.whole.both.0\",\"answer\":{\"option\":\"\u{1b}[31m\"}}}"),
    ] {
        let (folder, store) = spoilt(&spoil);
        assert!(store.past().unwrap_err().is_damage() && store.verify().unwrap_err().is_damage(), "{spoil}");
        drop(store);
        let Opened { store, notice, .. } =
            Store::open_or_rescue(folder.path(), &[ankle()], jiff::Timestamp::MAX).unwrap();
        assert!(matches!(notice, Some(Notice::Rescued { sessions: 1, damaged: 1, .. })), "{spoil}: {notice:?}");
        assert_eq!(store.past().unwrap().unfinished.unwrap().events, [event(1, Fact::Resumed)]);
        store.verify().unwrap();
    }
    for spoil in [
        "UPDATE protocol SET text = replace(text, '{\"step\":0}', '{\"step\":99}')",
        "UPDATE protocol SET text = replace(text, 'Ankle session', 'Ankle \u{202e}session')",
        "UPDATE protocol SET text = replace(text, 'Ankle session', 'Ankle \\u001b[31msession')",
        "UPDATE session SET digest = '{\"protocol\":\"\u{9b}\"}'",
    ] {
        let (_folder, store) = spoilt(spoil);
        assert!(store.verify().unwrap_err().is_damage(), "{spoil}");
        assert!(store.history().is_err_and(|error| crate::text::is_clean(&error.to_string())), "{spoil}");
    }
    let (_folder, store) = spoilt("UPDATE session SET note = 'a\u{1b}[2J\u{202e}b'");
    assert_eq!(store.history().unwrap()[0].note, "a[2Jb");
}

#[test]
fn each_session_is_examined_by_the_protocol_that_it_was_trained_with() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let mut longer = Protocol::clone(&ankle());
    longer.steps.extend(longer.steps.last().cloned());
    let stage = Stage { step: ankle().steps.len(), part: Part::Whole, side: None, round: 0 };
    let last = Fact::Done { stage };
    for (day, protocol) in [&longer, &*ankle(), &longer].into_iter().enumerate() {
        store.begin(protocol, &format!("2026-11-0{}T18:00[Europe/Berlin]", day + 1).parse().unwrap()).unwrap();
        let fact = if *protocol == longer { last.clone() } else { Fact::Resumed };
        let events = [event(1, fact), event(2, Fact::Ended { ending: Ending::Early })];
        let digest = Digest::of(protocol, &Record::of(&events));
        store.record(&[&events[0], &events[1]], Some(&digest)).unwrap();
    }
    store.verify().unwrap();
    // By the protocol of its neighbours, the one between them would be whole.
    let fact = "UPDATE event SET fact = (SELECT fact FROM event WHERE session = 1 AND number = 0) WHERE session = 2 AND number = 0";
    store.connection.execute(fact, []).unwrap();
    let error = store.verify().unwrap_err();
    assert!(error.is_damage() && error.to_string().contains("session 2"), "{error}");
}

/// A store with three closed sessions and one left open, closed cleanly or, if `killed`, with everything in its log.
fn filled(folder: &Path, killed: bool) {
    let mut store = Store::open(folder).unwrap();
    if killed {
        store.connection.execute_batch("PRAGMA wal_autocheckpoint = 0").unwrap();
    }
    for _ in 0..3 {
        closed(&mut store, &["none"]);
    }
    store.begin(&ankle(), &began()).unwrap();
    for at in 0..20 {
        store.record(&[&event(at, Fact::Paused { why: PauseReason::Asked })], None).unwrap();
    }
    if killed {
        // What a killed program leaves behind is what is on disk while it runs.
        let away = folder.join("away");
        std::fs::create_dir(&away).unwrap();
        for name in [FILE.to_owned(), format!("{FILE}-wal")] {
            std::fs::copy(folder.join(&name), away.join(&name)).unwrap();
        }
        drop(store);
        for name in [FILE.to_owned(), format!("{FILE}-wal")] {
            std::fs::rename(away.join(&name), folder.join(&name)).unwrap();
        }
    }
}

/// Opens the store as the program does: at once, and then with the thorough look.
fn opened(folder: &Path) -> (Store, Option<Notice>) {
    let Opened { store, notice, .. } = Store::open_or_rescue(folder, &[ankle()], jiff::Timestamp::MAX).unwrap();
    match store.verify() {
        Ok(()) => (store, notice),
        Err(error) => {
            assert!(error.is_damage(), "{error}");
            let mut store = store;
            let notice = store.rescue(&[ankle()]).unwrap();
            store.verify().unwrap();
            (store, Some(notice))
        }
    }
}

fn aside(notice: &Notice) -> &Path {
    match notice {
        Notice::TornEnd { aside } | Notice::Rescued { aside, .. } => aside,
        Notice::Shared => panic!("nobody else is there"),
    }
}

#[test]
fn an_undamaged_store_is_opened_without_a_word() {
    for killed in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), killed);
        let (store, notice) = opened(folder.path());
        assert_eq!(notice, None);
        assert_eq!(store.history().unwrap().len(), 4);
        assert_eq!(store.past().unwrap().unfinished.unwrap().events.len(), 20);
    }
}

#[test]
fn what_is_not_on_disk_when_a_damaged_file_is_rescued_is_written_to_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), false);
    let (mut store, left) = with_unsaved(folder.path());
    let notice = store.rescue(&[ankle()]).unwrap();
    assert!(matches!(notice, Notice::Rescued { sessions: 4, damaged: 0, .. }), "{notice:?}");
    store.verify().unwrap();
    assert!(!store.has_unsaved());
    let events = lengths(&store);
    assert_eq!(events.len(), 5);
    assert!(events.contains(&(left + 1)) && events.contains(&1), "{events:?}");
}

#[test]
fn what_is_not_on_disk_when_a_rescue_fails_is_written_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), false);
    let (mut store, left) = with_unsaved(folder.path());
    let beside = folder.path().join("dorsi-rescue");
    std::fs::write(&beside, "").unwrap();
    store.rescue(&[ankle()]).unwrap_err();
    std::fs::remove_file(&beside).unwrap();
    let notice = store.rescue(&[ankle()]).unwrap();
    assert!(matches!(notice, Notice::Rescued { sessions: 5, .. }), "written to the file that was still there");
    let events = lengths(&store);
    assert!(events.contains(&(left + 1)) && events.contains(&1), "{events:?}");
}

#[test]
fn facts_that_build_on_lost_ones_are_left_and_the_note_is_not() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), false);
    let (mut store, _) = with_unsaved(folder.path());
    let id = store.history().unwrap().iter().find(|line| line.digest.ending.is_none()).unwrap().id;
    let file = Connection::open(folder.path().join(FILE)).unwrap();
    file.execute("DELETE FROM event WHERE session = ?1 AND number = 5", [id]).unwrap();
    drop(file);
    let notice = store.rescue(&[ankle()]).unwrap();
    assert!(matches!(notice, Notice::Rescued { sessions: 4, damaged: 1, .. }), "{notice:?}");
    store.verify().unwrap();
    let history = store.history().unwrap();
    let noted = history.iter().find(|line| line.note == "to be told").unwrap();
    assert_eq!((store.session(noted.id).unwrap().events.len(), noted.digest.ending), (5, None));
}

/// How many events each session has.
fn lengths(store: &Store) -> Vec<usize> {
    store.history().unwrap().iter().map(|line| store.session(line.id).unwrap().events.len()).collect()
}

/// The store in `folder` with events of two sessions, and a note, that another program keeps from the disk; and how many
/// events of the first are on it.
fn with_unsaved(folder: &Path) -> (Store, usize) {
    let (mut store, _) = opened(folder);
    let left = store.past().unwrap().unfinished.unwrap();
    // Another program keeps both from the disk.
    let other = Connection::open(folder.join(FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.take_up(left.id);
    store.note(None, "to be told").unwrap_err();
    let over = event(30, Fact::Ended { ending: Ending::Early });
    let ended: Vec<Event> = left.events.iter().chain([&over]).cloned().collect();
    let digest = Digest::of(&ankle(), &Record::of(&ended));
    store.record(&[&over], Some(&digest)).unwrap_err();
    store.begin(&ankle(), &began()).unwrap();
    store.record(&[&event(1, Fact::Resumed)], None).unwrap_err();
    other.execute_batch("ROLLBACK").unwrap();
    (store, left.events.len())
}

/// Every cut or zeroed tail of 1 to 64 bytes of the file `name` is noticed, kept, and costs no session that was whole.
fn damage_every_tail(name: &str, killed: bool) {
    for count in 1..=64 {
        for zeroed in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            filled(folder.path(), killed);
            let path = folder.path().join(name);
            let whole = std::fs::read(&path).unwrap();
            let mut bytes = whole.clone();
            let tail = bytes.len() - count;
            if zeroed {
                bytes[tail..].fill(0);
            } else {
                bytes.truncate(tail);
            }
            std::fs::write(&path, &bytes).unwrap();
            let (store, notice) = opened(folder.path());
            let what = format!("{name}, {count} bytes, zeroed: {zeroed}, {notice:?}");
            if bytes == whole {
                assert_eq!(notice, None, "{what}");
                continue;
            }
            let notice = notice.unwrap_or_else(|| panic!("nothing was said: {what}"));
            let kept =
                std::fs::read(folder.path().join(aside(&notice).to_str().unwrap().to_owned() + &name[FILE.len()..]))
                    .unwrap();
            assert_eq!(kept, bytes, "the damaged bytes are kept: {what}");
            assert!(store.history().unwrap().len() >= 3, "{what}");
        }
    }
}

#[test]
fn a_damaged_tail_of_the_file_is_told_and_kept() {
    damage_every_tail(FILE, false);
}

#[test]
fn a_damaged_tail_of_the_log_is_told_and_kept() {
    damage_every_tail("dorsi.sqlite3-wal", true);
}

#[test]
fn random_bytes_are_put_aside_and_a_new_file_begins() {
    let folder = tempfile::tempdir().unwrap();
    let noise: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    std::fs::write(folder.path().join(FILE), &noise).unwrap();
    let (mut store, notice) = opened(folder.path());
    let notice = notice.unwrap();
    assert!(matches!(notice, Notice::Rescued { sessions: 0, .. }), "{notice:?}");
    assert_eq!(std::fs::read(aside(&notice)).unwrap(), noise);
    closed(&mut store, &["none"]);
    assert_eq!(store.history().unwrap().len(), 1);
}

#[test]
fn a_rescue_that_was_stopped_while_the_files_changed_places_is_begun_anew() {
    for moved in [&[""][..], &["", "-wal"]] {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), true);
        let path = folder.path().join(FILE);
        let aside = folder.path().join("dorsi-damaged-1.sqlite3");
        let name = |path: &Path, end: &str| std::path::PathBuf::from(format!("{}{end}", path.display()));
        // As it is just before the new file gets its place.
        let beside = folder.path().join("dorsi-rescue");
        std::fs::create_dir(&beside).unwrap();
        std::fs::write(beside.join(FILE), "new").unwrap();
        let note = || std::fs::write(beside.join("aside"), "dorsi-damaged-1.sqlite3").unwrap();
        note();
        for end in moved {
            std::fs::rename(name(&path, end), name(&aside, end)).unwrap();
        }
        let (store, notice) = opened(folder.path());
        assert!(notice.is_none(), "{notice:?}");
        assert_eq!(store.history().unwrap().len(), 4, "{moved:?}");
        // By whatever it is opened.
        drop(store);
        note();
        std::fs::rename(&path, &aside).unwrap();
        assert_eq!(Store::open(folder.path()).unwrap().history().unwrap().len(), 4);
        // Who takes it away to begin anew does not get it back.
        std::fs::rename(&path, &aside).unwrap();
        assert_eq!(Store::open(folder.path()).unwrap().history().unwrap().len(), 0);
    }
}

#[test]
fn nobody_opens_or_rescues_a_file_that_another_program_is_putting_in_place() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), false);
    let mut alone = Lock::of(folder.path(), lock::OPEN);
    assert!(alone.claim());
    assert!(matches!(Store::open(folder.path()), Err(StoreError::UnderRepair { .. })));
    let found = Store::open_or_rescue(folder.path(), &[ankle()], jiff::Timestamp::MAX).unwrap();
    assert!(found.store.read_only().unwrap().contains("repaired"), "what is there can be looked at");
    assert_eq!(found.store.history().unwrap().len(), 4);
    alone.release();

    let (mut one, _) = opened(folder.path());
    let (other, _) = opened(folder.path());
    assert!(matches!(one.rescue(&[ankle()]), Err(StoreError::UnderRepair { .. })));
    assert_eq!(one.history().unwrap(), other.history().unwrap(), "both go on with it");
    drop(other);
    assert!(one.rescue(&[ankle()]).is_ok());
}

#[test]
fn a_rescue_that_fails_leaves_the_damaged_file_where_it_is_and_the_next_one_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), false);
    let path = folder.path().join(FILE);
    let spoil = "UPDATE protocol SET text = '{'";
    Connection::open(&path).unwrap().execute_batch(spoil).unwrap();
    let before = std::fs::read(&path).unwrap();
    // A file where the new one is to be made.
    let beside = folder.path().join("dorsi-rescue");
    std::fs::write(&beside, "").unwrap();
    let error = Store::open_or_rescue(folder.path(), &[ankle()], jiff::Timestamp::MAX).unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::remove_file(&beside).unwrap();
    // What a rescue that was cut off has left is in nobody's way.
    std::fs::create_dir(&beside).unwrap();
    std::fs::write(beside.join(FILE), "half").unwrap();
    let (store, notice) = opened(folder.path());
    assert_eq!(std::fs::read(aside(&notice.unwrap())).unwrap(), before);
    assert_eq!(store.history().unwrap().len(), 3, "those whose digest proves what was trained");
    assert!(!beside.exists());
}
