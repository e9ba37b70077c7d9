//! Files that are taken away or replaced while sessions are written to them, and things in their places that are no files.

use super::*;

/// A store in which a session is under way, with one event on disk, behind one that is over.
fn under_way(folder: &Path) -> Store {
    let mut store = Store::open(folder).unwrap();
    closed(&mut store, &["none"]);
    store.begin(&ankle(), &began()).unwrap();
    store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    store
}

/// The events of each session in the file that is at the place now.
fn on_disk(folder: &Path) -> Vec<Vec<Event>> {
    let store = Store::open(folder).unwrap();
    store.verify().unwrap();
    store.history().unwrap().iter().map(|line| store.session(line.id).unwrap().events).collect()
}

fn remove_files(folder: &Path) {
    for file in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_session_under_way_goes_on_whole_where_its_file_was_taken_away() {
    let (before, after) = (event(1, Fact::Resumed), event(2, Fact::Paused { why: PauseReason::Asked }));
    for takes_folder in [false, true] {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("data");
        let mut store = under_way(&folder);
        if takes_folder {
            std::fs::rename(&folder, outer.path().join("elsewhere")).unwrap();
        } else {
            remove_files(&folder);
        }
        store.record(&[&after], None).unwrap();
        assert_eq!(on_disk(&folder), [vec![before.clone(), after.clone()]], "and what was over went with the file");
        store.record(&[&event(3, Fact::Resumed)], None).unwrap();
        assert_eq!(on_disk(&folder)[0].len(), 3);
        drop(store);
        assert_eq!(on_disk(&folder)[0].len(), 3);
        if takes_folder {
            assert_eq!(on_disk(&outer.path().join("elsewhere")).len(), 2, "the other file is whole too");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_session_under_way_goes_on_in_a_file_that_was_put_in_the_place_of_its_own() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut theirs = Store::open(other.path()).unwrap();
    for _ in 0..3 {
        closed(&mut theirs, &["none"]);
    }
    drop(theirs);
    let mut store = under_way(folder.path());
    remove_files(folder.path());
    std::fs::copy(other.path().join(FILE), folder.path().join(FILE)).unwrap();
    // Here the number of the session that is over is that of another one.
    assert!(matches!(store.note(Some(1), "mine"), Err(StoreError::Moved { .. })));
    assert!(matches!(store.remove(1), Err(StoreError::Moved { .. })));
    store.record(&[&event(2, Fact::Paused { why: PauseReason::Asked })], None).unwrap();
    let lengths: Vec<_> = on_disk(folder.path()).iter().map(Vec::len).collect();
    assert_eq!(lengths, [2, 2, 2, 2]);
    assert_eq!(store.history().unwrap().len(), 4);
    assert!(!store.is_shared(false), "the lock is this program's");
}

#[cfg(unix)]
#[test]
fn an_older_copy_of_the_file_in_its_place_gets_what_it_lacks_of_the_session_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = under_way(folder.path());
    store.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let copy = std::fs::read(folder.path().join(FILE)).unwrap();
    store.record(&[&event(2, Fact::Paused { why: PauseReason::Asked })], None).unwrap();
    remove_files(folder.path());
    std::fs::write(folder.path().join(FILE), copy).unwrap();
    store.record(&[&event(3, Fact::Resumed)], None).unwrap();
    let lengths: Vec<_> = on_disk(folder.path()).iter().map(Vec::len).collect();
    assert_eq!(lengths, [3, 2]);
}

#[cfg(unix)]
#[test]
fn what_is_over_does_not_come_back_where_its_file_was_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    closed(&mut store, &["none"]);
    remove_files(folder.path());
    store.flush().unwrap();
    assert_eq!(store.history().unwrap(), []);
    store.note(None, "on nothing").unwrap();
    closed(&mut store, &["none"]);
    assert_eq!(on_disk(folder.path()).len(), 1);
}

#[cfg(unix)]
#[test]
fn where_the_file_was_taken_away_and_none_can_be_made_nothing_is_forgotten() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("data");
    let mut store = under_way(&folder);
    std::fs::rename(&folder, outer.path().join("elsewhere")).unwrap();
    std::fs::write(&folder, "in the way").unwrap();
    assert!(store.record(&[&event(2, Fact::Paused { why: PauseReason::Asked })], None).is_err());
    std::fs::remove_file(&folder).unwrap();
    store.record(&[&event(3, Fact::Resumed)], None).unwrap();
    assert_eq!(on_disk(&folder)[0].len(), 3);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_opened() {
    let pipe = |path: &Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
        assert!(made.success());
    };
    let folder_at = |path: &Path| std::fs::create_dir(path).unwrap();
    for name in [FILE, lock::OPEN, lock::TRAINING, "dorsi.sqlite3-wal", "dorsi.sqlite3-shm", "dorsi.sqlite3-journal"] {
        for make in [&pipe as &dyn Fn(&Path), &folder_at] {
            let folder = tempfile::tempdir().unwrap();
            let mut store = Store::open(folder.path()).unwrap();
            closed(&mut store, &["none"]);
            drop(store);
            let path = folder.path().join(name);
            let _ = std::fs::remove_file(&path);
            make(&path);
            let error = Store::open(folder.path()).unwrap_err();
            assert!(error.to_string().contains(&format!("{name}: this is no file")), "{error}");
            match Store::open_or_rescue(folder.path(), &[], jiff::Timestamp::MAX) {
                Ok(opened) => {
                    assert!(name != FILE && opened.store.read_only().is_some(), "{name}");
                    assert_eq!(opened.store.history().unwrap().len(), 1, "what is there can be read");
                }
                Err(_) => assert_eq!(name, FILE),
            }
        }
    }
}

#[test]
fn a_database_that_asks_questions_of_its_own_is_none_of_ours() {
    let endless = "WITH RECURSIVE more (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM more) SELECT";
    for forged in [
        format!(
            "DROP TABLE session; CREATE VIEW session AS {endless} x AS id, '' AS began, x AS began_millis, '' AS digest FROM more"
        ),
        format!("DROP TABLE protocol; CREATE VIEW protocol AS {endless} x AS id, '' AS text FROM more"),
        "CREATE TRIGGER gone AFTER INSERT ON event BEGIN DELETE FROM event; END".to_owned(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {forged}")).unwrap();
        drop(store);
        let before = std::fs::read(folder.path().join(FILE)).unwrap();
        let error = Store::open_or_rescue(folder.path(), &[], jiff::Timestamp::MAX).unwrap_err();
        assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
        assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), before);
    }
}

#[test]
fn a_damaged_file_that_would_take_long_to_copy_is_left_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let error = Store::open_or_rescue(folder.path(), &[], jiff::Timestamp::MAX).unwrap_err();
    assert!(matches!(error, StoreError::TooLarge { megabytes, .. } if megabytes == 1 << 20), "{error}");
    assert_eq!(path.metadata().unwrap().len(), 1 << 40);
    std::fs::remove_file(&path).unwrap();
    // A log of any size is not held in memory, and keeps nobody from what is in the file.
    let mut store = Store::open(folder.path()).unwrap();
    closed(&mut store, &["none"]);
    drop(store);
    let log = folder.path().join("dorsi.sqlite3-wal");
    std::fs::File::create(&log).unwrap().set_len(1 << 40).unwrap();
    let Opened { store, .. } = Store::open_or_rescue(folder.path(), &[], jiff::Timestamp::MAX).unwrap();
    assert!(store.read_only().is_some());
    assert_eq!((store.history().unwrap().len(), log.metadata().unwrap().len()), (1, 1 << 40));
}

#[test]
fn a_row_that_is_longer_than_any_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    closed(&mut store, &["none"]);
    let forger = Connection::open(folder.path().join(FILE)).unwrap();
    forger.execute("UPDATE session SET note = ?1", ["a".repeat(40 << 20)]).unwrap();
    let error = store.history().unwrap_err();
    assert!(error.is_damage(), "{error}");
}

#[test]
fn programs_that_start_at_the_same_time_on_a_new_or_an_older_file_all_have_it() {
    for version in [0, 1, 5] {
        let folder = tempfile::tempdir().unwrap();
        if version > 0 {
            schema::make(&mut Connection::open(folder.path().join(FILE)).unwrap(), version);
        }
        let at_once = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        at_once.wait();
                        Store::open(folder.path()).map(|store| store.history().unwrap().len())
                    })
                })
                .collect();
            for start in starts {
                assert_eq!(start.join().unwrap().map_err(|error| error.to_string()), Ok(0), "from version {version}");
            }
        });
    }
}
