//! Sessions on disk: every event in one SQLite file, committed before anything that follows from it is shown.

mod answers;
mod began;
mod carry;
mod error;
mod lock;
mod moved;
mod numbers;
mod past;
mod place;
mod rescue;
mod rows;
mod schema;
pub mod transfer;
mod wal;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use crate::kept::{Amendment, Kept, Line};
use crate::protocol::Protocol;
use crate::session::digest::Digest;
use crate::session::event::Event;
use crate::session::record::Record;
use crate::session::time::SessionTime;
use crate::text;
pub use carry::Imported;
pub use error::StoreError;
use lock::Lock;
use moved::Identity;
pub use rescue::Opened;
use writing::{Writing, next_number};

/// The file's name in the data folder.
const FILE: &str = "dorsi.sqlite3";

/// How long another process that writes is waited for.
const BUSY: Duration = Duration::from_millis(500);

/// How often the file is tried to be opened while another process is at it, and how long each time. SQLite gives up at once
/// where two of them want to make something of a new file.
const TRIES: u32 = 25;
const TRY: Duration = Duration::from_millis(20);

/// The file with all sessions.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    /// The file at the path when it was opened to be written to.
    opened: Option<Identity>,
    connection: Connection,
    /// The session that events belong to.
    writing: Option<Writing>,
    /// Earlier ones of which something is not on disk: normally none.
    unsaved: Vec<Writing>,
    /// Why nothing can be written, if so: the store is there to be read only.
    read_only: Option<String>,
    /// Held while this program runs, so that no other puts another file in the place of this one.
    open: Lock,
    /// Held while a session is under way, so that other programs know of it.
    training: Lock,
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
    #[expect(clippy::disallowed_methods, reason = "SQLite does not wait everywhere, and it would do nothing else")]
    pub fn open(folder: &Path) -> Result<Store, StoreError> {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Folder { path: folder.to_owned(), error })?;
        place::look(folder)?;
        let open = hold(folder)?;
        rescue::put_back(folder)?;
        for _ in 1..TRIES {
            match Store::try_to_open(folder) {
                Err(error) if error.is_busy() => std::thread::sleep(TRY),
                opened => return Ok(Store { open, ..opened? }),
            }
        }
        Ok(Store { open, ..Store::try_to_open(folder)? })
    }

    /// Opens it, with locks that nobody holds.
    fn try_to_open(folder: &Path) -> Result<Store, StoreError> {
        let path = folder.join(FILE);
        let sqlite = |error| StoreError::of(&path, error);
        let mut connection = Connection::open(&path).map_err(sqlite)?;
        connection.busy_timeout(TRY).and_then(|()| place::limit(&connection)).map_err(sqlite)?;
        if schema::has_what_is_not_ours(&connection).map_err(sqlite)? {
            return Err(StoreError::Foreign { path });
        }
        // FULL: with NORMAL a commit is on disk only after the next checkpoint.
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
            .map_err(sqlite)?;
        let found = schema::version(&connection).map_err(sqlite)?;
        if found > schema::VERSION {
            return Err(StoreError::Newer { path, found });
        }
        if found < schema::VERSION {
            schema::migrate(&mut connection).map_err(sqlite)?;
        }
        connection.busy_timeout(BUSY).map_err(sqlite)?;
        // SQLite opens what can't be written to be read, and says so only when it is.
        let read_only = connection
            .is_readonly("main")
            .map_err(sqlite)?
            .then(|| format!("{}: the file can't be written to", path.display()));
        let (opened, training) = (Identity::of(&path), Lock::of(folder, lock::TRAINING));
        Ok(Store { opened, training, read_only, ..Store::at(path, connection) })
    }

    /// The store at `path`, in which nobody trains.
    fn at(path: PathBuf, connection: Connection) -> Store {
        let (open, training) = Default::default();
        Store { path, opened: None, connection, writing: None, unsaved: Vec::new(), read_only: None, open, training }
    }

    /// Opens the store in `folder` to be read only, as it was at the last clean end of the program; `why` is what each
    /// attempt to write answers.
    ///
    /// # Errors
    /// When it can't be read either.
    pub fn open_read_only(folder: &Path, why: &StoreError) -> Result<Store, StoreError> {
        let path = folder.join(FILE);
        let sqlite = |error| StoreError::of(&path, error);
        if !place::is_file_or_missing(&path) {
            return Err(StoreError::ReadOnly(why.to_string()));
        }
        // A log can't be read without being written to; "immutable" has SQLite read the file alone.
        let uri = format!("file:{}?immutable=1", escaped(&path));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(uri, flags).map_err(sqlite)?;
        place::limit(&connection).map_err(sqlite)?;
        if schema::has_what_is_not_ours(&connection).map_err(sqlite)? {
            return Err(StoreError::Foreign { path });
        }
        let found = schema::version(&connection).map_err(sqlite)?;
        match found.cmp(&schema::VERSION) {
            std::cmp::Ordering::Greater => return Err(StoreError::Newer { path, found }),
            // An older file has to be brought up to date first, which is what can't be done.
            std::cmp::Ordering::Less => return Err(StoreError::ReadOnly(why.to_string())),
            std::cmp::Ordering::Equal => {}
        }
        Ok(Store { read_only: Some(why.to_string()), ..Store::at(path, connection) })
    }

    /// The store in `folder` while another program holds its file: what is trained goes into that as soon as it can be opened.
    ///
    /// # Errors
    /// When there is no memory for it.
    fn waiting(folder: &Path) -> Result<Store, StoreError> {
        let path = folder.join(FILE);
        let connection = Connection::open_in_memory().and_then(|mut connection| {
            schema::migrate(&mut connection)?;
            Ok(connection)
        });
        let connection = connection.map_err(|error| StoreError::Sqlite { path: path.clone(), error })?;
        let (opened, training) = (Some(Identity::ELSEWHERE), Lock::of(folder, lock::TRAINING));
        Ok(Store { opened, training, ..Store::at(path, connection) })
    }

    /// Why nothing can be written, if so.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// Whether `path` leads to one of the files that the store consists of.
    pub fn is_kept_in(&self, path: &Path) -> bool {
        let is_there = |end: &str, path: &Path| {
            let mut name = self.path.as_os_str().to_owned();
            name.push(end);
            Path::new(&name).canonicalize().is_ok_and(|own| own == path)
        };
        path.canonicalize().is_ok_and(|path| ["", "-wal", "-shm"].iter().any(|end| is_there(end, &path)))
    }

    /// Whether a session is under way in another dorsi, so that one left open may be that. To whom it is `known` is not made to
    /// wait.
    pub fn is_shared(&self, known: bool) -> bool {
        self.read_only.is_none() && self.training.is_taken(known)
    }

    /// Adds to a session that nobody is in; all of it, or nothing.
    ///
    /// # Errors
    /// When they can't be written, or the session has gone on since it was read, or may be under way in another window.
    pub fn amend(&mut self, amendment: &Amendment) -> Result<(), StoreError> {
        let Amendment { session: id, known, ref events, ref digest } = *amendment;
        self.is_nobodys(id)?;
        let facts = as_rows(events)?;
        let text = serde_json::to_string(digest)?;
        // What is not on disk yet comes before what follows from it.
        if self.is_unsaved(id) {
            self.flush()?;
        }
        let goes_on = self.write(|transaction| {
            let next = next_number(transaction, id)?;
            if next != known as i64 {
                return Ok(true);
            }
            append(transaction, id, next, &facts)?;
            close(transaction, id, digest, &text)?;
            answers::file(transaction, id)?;
            Ok(false)
        })?;
        if goes_on {
            return Err(StoreError::GoneOn);
        }
        self.leave(id);
        Ok(())
    }

    /// Removes session `id` with all its events.
    ///
    /// # Errors
    /// When the file can't be written, or the session may be under way in another window.
    pub fn remove(&mut self, id: i64) -> Result<(), StoreError> {
        self.is_nobodys(id)?;
        self.write(|transaction| {
            transaction.execute("DELETE FROM session WHERE id = ?1", [id])?;
            transaction.execute("DELETE FROM protocol WHERE id NOT IN (SELECT protocol FROM session)", [])
        })?;
        self.leave(id);
        Ok(())
    }

    /// Whether session `id` was left open, if there is such a one.
    fn is_left_open(&self, id: i64) -> Result<Option<bool>, StoreError> {
        let is_open = "SELECT digest IS NULL FROM session WHERE id = ?1";
        self.connection.query_row(is_open, [id], |row| row.get(0)).optional().map_err(|error| self.sqlite(error))
    }

    /// Refuses session `id` where it was left open, and may be under way in another window.
    fn is_nobodys(&self, id: i64) -> Result<(), StoreError> {
        match self.is_left_open(id)? {
            Some(true) if self.is_shared(false) => Err(StoreError::InUse),
            Some(_) => Ok(()),
            None => Err(StoreError::Gone),
        }
    }

    /// One session, whole.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn session(&self, id: i64) -> Result<Kept, StoreError> {
        let select =
            "SELECT began, text FROM session JOIN protocol ON protocol.id = session.protocol WHERE session.id = ?1";
        let found =
            self.connection.query_row(select, [id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
        let (began, protocol) = found.optional().map_err(|error| self.sqlite(error))?.ok_or(StoreError::Gone)?;
        // Its zone is not asked for: to know that, jiff would look through all zones that there are.
        let began = began::by_its_offset(&began).map_err(|error| self.damaged("session", id, error))?;
        let protocol = rows::protocol(&protocol).map_err(|error| self.damaged("session", id, error))?;
        let events = self.events(id, &protocol)?;
        Ok(Kept { id, began, protocol: Arc::new(protocol), events })
    }

    /// The events of the session `id`, which has this protocol.
    fn events(&self, id: i64, protocol: &Protocol) -> Result<Vec<Event>, StoreError> {
        let select = format!("SELECT at_millis, fact FROM event WHERE session = {id} ORDER BY number");
        let events = self.rows(&select, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
        let events = events.into_iter().map(|(at, fact)| {
            let fact = rows::fact(&fact, protocol).map_err(|error| self.damaged("session", id, error))?;
            Ok(Event { at: SessionTime::from_millis(at.max(0) as u64), fact })
        });
        events.collect()
    }

    /// Every protocol that was trained, each as it was, the one that was trained last behind the others.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn protocols(&self) -> Result<Vec<Protocol>, StoreError> {
        let select = "SELECT protocol FROM session GROUP BY protocol ORDER BY max(began_millis), max(id)";
        let numbers = self.rows(select, |row| row.get(0))?;
        numbers.into_iter().map(|number| self.protocol(number)).collect()
    }

    /// The protocol with this number.
    fn protocol(&self, number: i64) -> Result<Protocol, StoreError> {
        let select = "SELECT text FROM protocol WHERE id = ?1";
        let text = self.connection.query_row(select, [number], |row| row.get::<_, String>(0));
        let text = text.map_err(|error| self.sqlite(error))?;
        rows::protocol(&text).map_err(|error| self.damaged("protocol", number, error))
    }

    /// Every session, latest first.
    ///
    /// # Errors
    /// When the file can't be read, or holds something that this program did not write.
    pub fn history(&self) -> Result<Vec<Line>, StoreError> {
        let mut lines = Vec::new();
        self.each_session(|line| {
            lines.push(line);
            Ok(())
        })?;
        Ok(lines)
    }

    /// Hands over one session after the other, latest first, and keeps none of them.
    fn each_session(&self, mut take: impl FnMut(Line) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let select = "SELECT id, began, note, digest FROM session ORDER BY began_millis DESC, id DESC";
        let sqlite = |error| self.sqlite(error);
        let mut statement = self.connection.prepare(select).map_err(sqlite)?;
        let mut rows = statement.query([]).map_err(sqlite)?;
        let mut moments = began::Moments::default();
        while let Some(row) = rows.next().map_err(sqlite)? {
            let id = row.get(0).map_err(sqlite)?;
            let began: String = row.get(1).map_err(sqlite)?;
            let note: String = row.get(2).map_err(sqlite)?;
            let began = moments.parse(&began).map_err(|error| self.damaged("session", id, error))?;
            let digest = match row.get::<_, Option<String>>(3).map_err(sqlite)? {
                Some(digest) => rows::digest(&digest).map_err(|error| self.damaged("session", id, error))?,
                // Left open: its events say what there is.
                None => {
                    let kept = self.session(id)?;
                    Digest::of(&kept.protocol, &Record::of(&kept.events))
                }
            };
            let note = text::clean(self.unsaved_note(id).unwrap_or(&note));
            take(Line { id, began, note, digest })?;
        }
        Ok(())
    }

    /// One transaction: all of it is on disk when this returns, or nothing.
    fn write<T>(&mut self, write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        if let Some(why) = &self.read_only {
            return Err(StoreError::ReadOnly(why.clone()));
        }
        // A number stands for another session there.
        if self.has_moved() {
            return Err(StoreError::Moved { path: self.path.clone() });
        }
        let written = || {
            // One that reads first and writes then would fail at once where another program wrote in between.
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = write(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        let written = written();
        written.map_err(|error| self.sqlite(error))
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

/// A path as it stands in a URI, byte by byte: it need be no text.
fn escaped(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/.-_".contains(byte);
    bytes.map(|byte| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02x}") }).collect()
}

/// Holds the file of `folder` beside other programs, so that none puts another in its place.
fn hold(folder: &Path) -> Result<Lock, StoreError> {
    let mut open = Lock::of(folder, lock::OPEN);
    if open.share() { Ok(open) } else { Err(StoreError::UnderRepair { path: folder.join(FILE) }) }
}

/// The times of `events`, in milliseconds, and their facts as they are kept.
fn as_rows(events: &[Event]) -> Result<Vec<(u64, String)>, StoreError> {
    events.iter().map(|event| Ok((event.at.millis(), serde_json::to_string(&event.fact)?))).collect()
}

/// Adds facts with their times to a session, from this number on.
fn append(transaction: &Transaction<'_>, session: i64, next: i64, facts: &[(u64, String)]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached("INSERT INTO event VALUES (?1, ?2, ?3, ?4)")?;
    for (number, (at, fact)) in (next..).zip(facts) {
        insert.execute(params![session, number, *at as i64, fact])?;
    }
    // A session that is left open was training all the same; what closes it counts anew.
    let count = |name: &str| facts.iter().filter(|(_, fact)| fact.starts_with(name)).count() as i64;
    let more = count(rows::REP) - count(rows::REP_UNDONE);
    if more != 0 {
        let update = "UPDATE session SET reps = max(reps + ?2, 0) WHERE id = ?1 AND digest IS NULL";
        transaction.prepare_cached(update)?.execute(params![session, more])?;
    }
    Ok(())
}

/// Files what a session amounts to beside its events.
fn close(transaction: &Transaction<'_>, session: i64, digest: &Digest, text: &str) -> rusqlite::Result<()> {
    let reps = i64::try_from(digest.reps()).unwrap_or(i64::MAX);
    transaction.execute("UPDATE session SET digest = ?2, reps = ?3 WHERE id = ?1", params![session, text, reps])?;
    Ok(())
}

#[cfg(test)]
mod tests;
