//! Sessions on disk: every event in one SQLite file, committed before anything that follows from it is shown.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Zoned;
use rusqlite::{Connection, Row, params};

use crate::app::Kept;
use crate::protocol::Protocol;
use crate::session::event::Event;
use crate::session::time::SessionTime;

/// The file's name in the data folder.
const FILE: &str = "dorsi.sqlite3";

const SCHEMA: &str = "
    CREATE TABLE protocol (
        id INTEGER PRIMARY KEY,
        text TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE session (
        id INTEGER PRIMARY KEY,
        began TEXT NOT NULL,
        protocol INTEGER NOT NULL REFERENCES protocol (id)
    ) STRICT;
    CREATE TABLE event (
        session INTEGER NOT NULL REFERENCES session (id),
        number INTEGER NOT NULL,
        at_millis INTEGER NOT NULL,
        fact TEXT NOT NULL,
        PRIMARY KEY (session, number)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 1;
";

/// The schema that this program writes.
const VERSION: i64 = 1;

/// What went wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no place for it.
    #[error("no home folder was found to keep sessions in; give one with --data-dir")]
    NoPlace,
    /// The folder can't be made.
    #[error("{path}: {error}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's word.
        error: std::io::Error,
    },
    /// The file was written by a newer program.
    #[error("{path}: written by a newer dorsi (schema {found}, this one knows {VERSION}); please update dorsi")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
    },
    /// SQLite says no.
    #[error("{path}: {error}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's word.
        error: rusqlite::Error,
    },
    /// A row is not what this program writes.
    #[error("{path}: {what} {id} can't be read: {why}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What kind of row.
        what: &'static str,
        /// Its number.
        id: i64,
        /// What is wrong with it.
        why: String,
    },
    /// A value does not become text.
    #[error("an event can't be written: {0}")]
    Text(#[from] serde_json::Error),
}

/// The file with all sessions.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
    session: Option<(i64, i64)>,
}

/// The platform's folder for the program's data.
pub fn default_folder() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("", "", "dorsi")?.data_dir().to_owned())
}

impl Store {
    /// Opens the store in `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// When the folder or the file can't be used.
    pub fn open(folder: &Path) -> Result<Store, StoreError> {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Folder { path: folder.to_owned(), error })?;
        let path = folder.join(FILE);
        let sqlite = |error| StoreError::Sqlite { path: path.clone(), error };
        let mut connection = Connection::open(&path).map_err(sqlite)?;
        connection.busy_timeout(std::time::Duration::from_secs(2)).map_err(sqlite)?;
        // FULL: with NORMAL a commit is on disk only after the next checkpoint.
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
            .map_err(sqlite)?;
        let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(sqlite)?;
        match found {
            0 => {
                let create = connection.transaction().map_err(sqlite)?;
                create.execute_batch(SCHEMA).map_err(sqlite)?;
                create.commit().map_err(sqlite)?;
            }
            VERSION => {}
            found => return Err(StoreError::Newer { path, found }),
        }
        Ok(Store { path, connection, session: None })
    }

    /// Makes a place for a session that begins at `began`; the events that follow belong to it.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn begin(&mut self, protocol: &Protocol, began: &Zoned) -> Result<(), StoreError> {
        let text = serde_json::to_string(protocol)?;
        let begun = (|| {
            let transaction = self.connection.transaction()?;
            transaction.execute("INSERT OR IGNORE INTO protocol (text) VALUES (?1)", [&text])?;
            transaction.execute(
                "INSERT INTO session (began, protocol) SELECT ?1, id FROM protocol WHERE text = ?2",
                params![began.to_string(), text],
            )?;
            let id = transaction.last_insert_rowid();
            transaction.commit()?;
            Ok(id)
        })();
        self.session = Some((begun.map_err(|error| self.sqlite(error))?, 0));
        Ok(())
    }

    /// Has the events that follow belong to the session `id` again.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn take_up(&mut self, id: i64) -> Result<(), StoreError> {
        let next = self.connection.query_row(
            "SELECT coalesce(max(number) + 1, 0) FROM event WHERE session = ?1",
            [id],
            |row| row.get(0),
        );
        self.session = Some((id, next.map_err(|error| self.sqlite(error))?));
        Ok(())
    }

    /// Makes events durable, all or none of them: when this returns they are on disk.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn record(&mut self, events: &[&Event]) -> Result<(), StoreError> {
        let Some((session, next)) = self.session else { return Ok(()) };
        let facts = events.iter().map(|event| Ok((event.at.millis(), serde_json::to_string(&event.fact)?)));
        let facts: Vec<(u64, String)> = facts.collect::<Result<_, StoreError>>()?;
        let written = (|| {
            let transaction = self.connection.transaction()?;
            {
                let mut insert = transaction.prepare_cached("INSERT INTO event VALUES (?1, ?2, ?3, ?4)")?;
                for (number, (at, fact)) in (next..).zip(&facts) {
                    insert.execute(params![session, number, *at as i64, fact])?;
                }
            }
            transaction.commit()
        })();
        written.map_err(|error| self.sqlite(error))?;
        self.session = Some((session, next + facts.len() as i64));
        Ok(())
    }

    /// All sessions, latest first.
    ///
    /// # Errors
    /// When the file can't be read, or holds something that this program did not write.
    pub fn sessions(&self) -> Result<Vec<Kept>, StoreError> {
        let mut protocols = HashMap::new();
        for (id, text) in
            self.rows("SELECT id, text FROM protocol", |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?
        {
            let protocol: Protocol =
                serde_json::from_str(&text).map_err(|error| self.damaged("protocol", id, error))?;
            protocols.insert(id, Arc::new(protocol));
        }
        let mut events = HashMap::<i64, Vec<Event>>::new();
        for (session, at, fact) in self
            .rows("SELECT session, at_millis, fact FROM event ORDER BY session, number", |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
            })?
        {
            let fact = serde_json::from_str(&fact).map_err(|error| self.damaged("session", session, error))?;
            let at = SessionTime::from_millis(at.max(0) as u64);
            events.entry(session).or_default().push(Event { at, fact });
        }
        let rows = self.rows("SELECT id, began, protocol FROM session ORDER BY id DESC", |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
        })?;
        let kept = rows.into_iter().map(|(id, began, protocol)| {
            let began: Zoned = began.parse().map_err(|error| self.damaged("session", id, error))?;
            let protocol =
                protocols.get(&protocol).ok_or_else(|| self.damaged("session", id, "its protocol is missing"))?;
            let events = events.remove(&id).unwrap_or_default();
            Ok(Kept { id, began: began.datetime(), protocol: protocol.clone(), events })
        });
        kept.collect()
    }

    fn rows<T>(&self, sql: &str, read: impl Fn(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>, StoreError> {
        let rows = || self.connection.prepare(sql)?.query_map([], |row| read(row))?.collect::<rusqlite::Result<_>>();
        rows().map_err(|error| self.sqlite(error))
    }

    fn damaged(&self, what: &'static str, id: i64, why: impl ToString) -> StoreError {
        StoreError::Damaged { path: self.path.clone(), what, id, why: why.to_string() }
    }

    fn sqlite(&self, error: rusqlite::Error) -> StoreError {
        StoreError::Sqlite { path: self.path.clone(), error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::session::event::{Ending, Fact, PauseReason};

    fn began() -> Zoned {
        "2026-03-29T01:30:00+01:00[Europe/Berlin]".parse().unwrap()
    }

    fn event(at: u64, fact: Fact) -> Event {
        Event { at: SessionTime::from_millis(at), fact }
    }

    #[test]
    fn what_was_recorded_is_there_when_the_store_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let protocol = Config::built_in().protocols["ankle"].clone();
        let events = [event(5, Fact::Paused { why: PauseReason::Asked }), event(7, Fact::Resumed)];
        let late = event(9, Fact::Ended { ending: Ending::Early });
        {
            let mut store = Store::open(folder.path()).unwrap();
            store.begin(&protocol, &began()).unwrap();
            store.record(&events.iter().collect::<Vec<_>>()).unwrap();
        }
        let mut store = Store::open(folder.path()).unwrap();
        let kept = store.sessions().unwrap().remove(0);
        assert_eq!((kept.events.as_slice(), &*kept.protocol), (&events[..], &*protocol));
        store.take_up(kept.id).unwrap();
        store.record(&[&late]).unwrap();
        assert_eq!(store.sessions().unwrap()[0].events.last(), Some(&late));
    }

    #[test]
    fn a_row_that_cannot_be_read_is_told_and_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        store.begin(&Config::built_in().protocols["ankle"], &began()).unwrap();
        store.record(&[&event(1, Fact::Resumed)]).unwrap();
        store.connection.execute("UPDATE event SET fact = '{\"levitated\":1}'", []).unwrap();
        let error = store.sessions().unwrap_err().to_string();
        assert!(error.contains("session 1") && error.contains("levitated"), "{error}");
    }

    #[test]
    fn sessions_of_the_same_protocol_share_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let protocol = Config::built_in().protocols["ankle"].clone();
        let mut store = Store::open(folder.path()).unwrap();
        for _ in 0..3 {
            store.begin(&protocol, &began()).unwrap();
        }
        let texts: i64 = store.connection.query_row("SELECT count(*) FROM protocol", [], |row| row.get(0)).unwrap();
        assert_eq!((texts, store.sessions().unwrap().len()), (1, 3));
    }

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path()).unwrap());
        let path = folder.path().join(FILE);
        Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
        let error = Store::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("newer") && error.contains("99"), "{error}");
    }
}
