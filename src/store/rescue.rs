//! Damaged files: kept aside under a name of their own, with everything readable carried over into a new file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::{FILE, Lock, Store, StoreError, hold, numbers, place, rows, schema, wal};
use crate::kept::{Line, Notice, Past};
use crate::protocol::Protocol;
use crate::session::check;
use crate::session::digest::Digest;
use crate::session::event::Event;
use crate::session::plan::Plan;
use crate::session::record::Record;
use crate::session::time::SessionTime;

/// The most that the files of a damaged store may have, in bytes: six times what ten years take.
const MOST_TO_COPY: u64 = 256 << 20;

/// The folder beside the store in which a new file is filled.
const BESIDE: &str = "dorsi-rescue";

/// The file in it that has the name under which the damaged one is put aside, from just before that is done.
const ASIDE: &str = "aside";

/// A store that was opened, and what the start has to know of it.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// What is in it.
    pub past: Past,
    /// What the person has to be told.
    pub notice: Option<Notice>,
    /// Why nothing can be written to it now, if so.
    pub trouble: Option<String>,
}

impl Store {
    /// Opens the store in `folder`, and rescues it where it is damaged. `known` are the protocols of today, which stand in
    /// for one that can't be read where a session's digest proves them to be the same.
    ///
    /// # Errors
    /// When the folder can't be used, or the file is of a newer program.
    pub fn open_or_rescue(folder: &Path, known: &[Arc<Protocol>], now: Timestamp) -> Result<Opened, StoreError> {
        let with_past = |store| with_past(store, now);
        let opened = |(store, past): (Store, Past), notice| {
            let trouble = store.read_only().map(str::to_owned);
            Opened { store, past, notice, trouble }
        };
        // What can't be written may still be read.
        let to_read = |error: StoreError| {
            let found = Store::open_read_only(folder, &error).and_then(with_past);
            if error.is_busy() {
                let past = found.map(|(_, past)| past).unwrap_or_default();
                let trouble = Some(StoreError::Busy { path: folder.join(FILE) }.to_string());
                // The session left open can't be gone on with where it is not written to.
                let past = Past { unfinished: None, ..past };
                return Ok(Opened { store: Store::waiting(folder)?, past, notice: None, trouble });
            }
            found.map(|found| opened(found, None)).map_err(|_| error)
        };
        let (mut open, torn) = match before_opening(folder) {
            Ok(found) => found,
            // Without the copy, nothing may cut the end off; and what is no file is not to be opened.
            Err(error) => return to_read(error),
        };
        match Store::open(folder).and_then(with_past) {
            Ok((store, past)) if store.is_shared(false) => Ok(opened((store, past), Some(Notice::Shared))),
            Ok(found) => Ok(opened(found, torn)),
            // A file that another dorsi has open is not taken away under it.
            Err(error) if error.is_damage() && open.claim() => {
                // The damaged file itself goes aside; a copy of it made before opening would say nothing more.
                if let Some(Notice::TornEnd { aside }) = torn {
                    for file in files(&aside) {
                        let _ = std::fs::remove_file(file);
                    }
                }
                let (store, notice) = rescue(folder, known, open)?;
                Ok(opened(with_past(store)?, Some(notice)))
            }
            Err(error) => to_read(error),
        }
    }

    /// Reads the whole file, which takes a while where it is large.
    ///
    /// # Errors
    /// When something in it is damaged.
    pub fn verify(&self) -> Result<(), StoreError> {
        let found: Vec<String> = self.rows("PRAGMA quick_check(1)", |row| row.get(0))?;
        if let Some(problem) = found.first().filter(|found| *found != "ok") {
            return Err(self.damaged("the file", 0, problem));
        }
        for (id, text) in
            self.rows("SELECT id, text FROM protocol", |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?
        {
            rows::protocol(&text).map_err(|error| self.damaged("protocol", id, error))?;
        }
        // Most sessions have the protocol of the one before, and reading it takes longer than reading a session.
        let mut known: Option<(i64, Protocol)> = None;
        self.each_session(|Line { id, .. }| {
            let select = format!("SELECT protocol FROM session WHERE id = {id}");
            let number = self.rows(&select, |row| row.get::<_, i64>(0))?.into_iter().next().ok_or(StoreError::Gone)?;
            let protocol = match known.take() {
                Some((found, protocol)) if found == number => protocol,
                _ => self.protocol(number)?,
            };
            let events = self.events(id, &protocol)?.len() as i64;
            let select = format!("SELECT count(*), coalesce(max(number) + 1, 0) FROM event WHERE session = {id}");
            let numbers = self.rows(&select, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
            if numbers != [(events, events)] {
                return Err(self.damaged("session", id, "events are missing"));
            }
            known = Some((number, protocol));
            Ok(())
        })
    }

    /// Something that looks through the whole file in a thread of its own, and tells whether it is damaged.
    pub fn examination(&self) -> impl FnOnce() -> bool + Send + 'static {
        let path = self.path.clone();
        move || {
            let Ok(connection) = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY) else {
                return false;
            };
            // One look for all questions: meanwhile a session may be written.
            let _ = connection.busy_timeout(super::BUSY);
            if connection.execute_batch("BEGIN").is_err() {
                return false;
            }
            let reader = Store { read_only: Some(String::new()), ..Store::at(path, connection) };
            reader.verify().is_err_and(|error| error.is_damage())
        }
    }

    /// Puts the damaged file aside and carries over what can be read of it, and what is not on disk yet. Where that fails,
    /// the file is where it was, and what is not on disk yet is kept.
    ///
    /// # Errors
    /// When another dorsi has the file open, or the folder can't be written to.
    pub fn rescue(&mut self, known: &[Arc<Protocol>]) -> Result<Notice, StoreError> {
        let folder = self.path.parent().unwrap_or(Path::new(".")).to_owned();
        if !self.open.claim() {
            return Err(StoreError::UnderRepair { path: self.path.clone() });
        }
        let nothing = Connection::open_in_memory().map_err(|error| self.sqlite(error))?;
        let unsaved = self.take_unsaved();
        // The file is let go of: whatever SQLite does when it closes one must not come after the new one is in its place.
        drop(std::mem::replace(&mut self.connection, nothing));
        let rescued = rescue(&folder, known, std::mem::take(&mut self.open));
        let (store, told) = match rescued {
            Ok((store, notice)) => (Ok(store), Ok(notice)),
            Err(error) => (Store::open(&folder), Err(error)),
        };
        match store {
            Ok(store) => *self = store,
            Err(error) => (self.read_only, self.opened) = (Some(error.to_string()), None),
        }
        self.give_unsaved(unsaved);
        told
    }
}

/// The files that one database consists of, but for the index that SQLite makes anew.
fn files(path: &Path) -> [PathBuf; 2] {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    [path.to_owned(), PathBuf::from(log)]
}

/// A name in `folder` that is not taken.
fn free_name(folder: &Path) -> PathBuf {
    let name = |number: u32| folder.join(format!("dorsi-damaged-{number}.sqlite3"));
    (1..).map(name).find(|path| files(path).iter().all(|file| !file.exists())).unwrap_or_else(|| name(0))
}

/// What has to be done before the file in `folder` is opened: holds it, so that nobody puts another in its place, and keeps the
/// end of a write that SQLite would cut off.
fn before_opening(folder: &Path) -> Result<(Lock, Option<Notice>), StoreError> {
    place::look(folder)?;
    let open = hold(folder)?;
    put_back(folder)?;
    Ok((open, torn_end(folder)?))
}

/// The store with what is in it, as far as it lies before `now`.
fn with_past(store: Store, now: Timestamp) -> Result<(Store, Past), StoreError> {
    let past = store.past_at(now)?;
    Ok((store, past))
}

/// Whether the last write to the file at `path` is not whole.
fn is_torn(path: &Path) -> bool {
    wal::is_torn(&files(path)[1]) || has_half_a_page(path)
}

/// Keeps a copy of the files whose last write is not whole: SQLite is about to cut it off without a word.
fn torn_end(folder: &Path) -> Result<Option<Notice>, StoreError> {
    let path = folder.join(FILE);
    if !is_torn(&path) {
        return Ok(None);
    }
    can_be_copied(&path)?;
    let aside = free_name(folder);
    each_file(&path, &aside, |from, to| std::fs::copy(from, to).map(|_| ()))
        .map_err(|error| StoreError::Folder { path: folder.to_owned(), error })?;
    Ok(Some(Notice::TornEnd { aside }))
}

/// Puts a damaged file back where it was, where a rescue was stopped between putting it aside and putting the new one in its
/// place: it is rescued anew, and no empty one begins.
///
/// # Errors
/// When the folder can't be written to.
pub(super) fn put_back(folder: &Path) -> Result<(), StoreError> {
    let path = folder.join(FILE);
    let noted = folder.join(BESIDE).join(ASIDE);
    if path.exists() || !noted.exists() {
        return Ok(());
    }
    let io = |error| StoreError::Folder { path: folder.to_owned(), error };
    #[expect(clippy::disallowed_methods, reason = "a note of the store's own")]
    let aside = folder.join(std::fs::read_to_string(&noted).map_err(io)?);
    // The file itself last: until it is there, this is begun anew.
    let moves = files(&aside).into_iter().zip(files(&path)).rev();
    moves.filter(|(from, _)| from.exists()).try_for_each(|(from, to)| std::fs::rename(from, to)).map_err(io)?;
    // Who takes the file away to begin anew is not to get this one back.
    std::fs::remove_file(&noted).map_err(io)
}

/// Fills a new file with what can be read of the damaged one, then puts it in its place. Whoever is stopped on the way
/// finds the damaged file where it was, by [`put_back`] at the latest, and begins anew. `alone` is held until it is done.
fn rescue(folder: &Path, known: &[Arc<Protocol>], alone: Lock) -> Result<(Store, Notice), StoreError> {
    let path = folder.join(FILE);
    let io = |error| StoreError::Folder { path: folder.to_owned(), error };
    can_be_copied(&path)?;
    let beside = folder.join(BESIDE);
    let _ = std::fs::remove_dir_all(&beside);
    std::fs::create_dir(&beside).map_err(io)?;
    // SQLite may write to what it reads, so it reads a copy.
    let copy = beside.join("damaged.sqlite3");
    each_file(&path, &copy, |from, to| std::fs::copy(from, to).map(|_| ())).map_err(io)?;
    fill_last_page(&copy).map_err(io)?;
    let mut store = Store::open(&beside)?;
    let (sessions, damaged) = carry_over(&copy, known, &mut store)?;
    drop(store);
    let new = beside.join(FILE);
    new.metadata().map_err(io)?;

    let aside = free_name(folder);
    note_aside(&beside, &aside).map_err(io)?;
    let rename = |from: &Path, to: &Path| std::fs::rename(from, to);
    let placed = each_file(&path, &aside, rename).and_then(|()| {
        let _ = std::fs::remove_file(folder.join(format!("{FILE}-shm")));
        each_file(&new, &path, rename)
    });
    if let Err(error) = placed {
        put_back(folder)?;
        return Err(io(error));
    }
    let _ = std::fs::remove_file(beside.join(ASIDE));
    let _ = std::fs::remove_dir_all(&beside);
    drop(alone);
    Ok((Store::open(folder)?, Notice::Rescued { aside, sessions, damaged }))
}

/// Notes on disk, beside the new file, under which name the damaged one is put `aside`.
#[expect(clippy::disallowed_methods, reason = "a note of the store's own")]
fn note_aside(beside: &Path, aside: &Path) -> io::Result<()> {
    let name = aside.file_name().unwrap_or_default();
    let mut note = std::fs::File::create(beside.join(ASIDE))?;
    io::Write::write_all(&mut note, name.as_encoded_bytes())?;
    note.sync_all()
}

/// Refuses files that take too long to copy, and to go through, while somebody waits to train.
fn can_be_copied(path: &Path) -> Result<(), StoreError> {
    let bytes: u64 = files(path).iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
    match bytes > MOST_TO_COPY {
        true => Err(StoreError::TooLarge { path: path.to_owned(), megabytes: bytes >> 20 }),
        false => Ok(()),
    }
}

/// Does something with each file of the database at `from` that there is, and the one in its place of that at `to`.
fn each_file(from: &Path, to: &Path, act: impl Fn(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
    let (from, to) = (files(from), files(to));
    from.iter().zip(&to).filter(|(from, _)| from.exists()).try_for_each(|(from, to)| act(from, to))
}

/// Every row of `sql` that can be read; it may end early.
fn readable<T>(
    connection: &Connection,
    sql: &str,
    read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> (Vec<T>, bool) {
    let mut rows = Vec::new();
    let Ok(mut select) = connection.prepare(sql) else { return (rows, false) };
    let Ok(mut found) = select.query([]) else { return (rows, false) };
    let mut whole = true;
    loop {
        match found.next() {
            Ok(Some(row)) => match read(row) {
                Ok(value) => rows.push(value),
                Err(_) => whole = false,
            },
            Ok(None) => return (rows, whole),
            Err(_) => return (rows, false),
        }
    }
}

/// Whether the file at `path` ends in the middle of a page.
#[expect(clippy::disallowed_methods, reason = "the store's own file, before SQLite changes it")]
fn has_half_a_page(path: &Path) -> bool {
    let mut header = [0; 18];
    let read = std::fs::File::open(path).and_then(|mut file| {
        io::Read::read_exact(&mut file, &mut header)?;
        file.metadata()
    });
    read.is_ok_and(|metadata| metadata.len() % page_size(&header) as u64 != 0)
}

/// The size of a page, by the first bytes of a file; 1 stands for 65,536, which two bytes can't hold.
fn page_size(header: &[u8; 18]) -> usize {
    match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => usize::from(size.max(512)),
    }
}

/// Fills the last page of the file at `path` with zeros, so that the bytes that are left of it can be read.
fn fill_last_page(path: &Path) -> io::Result<()> {
    let mut file = std::fs::File::options().read(true).write(true).open(path)?;
    let mut header = [0; 18];
    match io::Read::read_exact(&mut file, &mut header) {
        Ok(()) => file.set_len(file.metadata()?.len().next_multiple_of(page_size(&header) as u64)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
        Err(error) => Err(error),
    }
}

/// A session of a damaged file, as far as it can be read.
struct Remains {
    id: i64,
    uid: String,
    began: String,
    note: String,
    protocol: i64,
    digest: Option<String>,
}

/// Copies what can be read of the file `from` into `store`: how many sessions, and how many of them are not whole.
fn carry_over(from: &Path, known: &[Arc<Protocol>], store: &mut Store) -> Result<(usize, usize), StoreError> {
    let Ok(connection) = Connection::open(from) else { return Ok((0, 0)) };
    place::limit(&connection).map_err(|error| store.sqlite(error))?;
    if schema::has_what_is_not_ours(&connection).unwrap_or(false) {
        return Err(StoreError::Foreign { path: from.to_owned() });
    }
    let (protocols, _) = readable(&connection, "SELECT id, text FROM protocol", |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    });
    let (sessions, listed) =
        readable(&connection, "SELECT id, uid, began, note, protocol, digest FROM session", |row| {
            Ok(Remains {
                id: row.get(0)?,
                uid: row.get(1)?,
                began: row.get(2)?,
                note: row.get(3).unwrap_or_default(),
                protocol: row.get(4)?,
                digest: row.get(5).unwrap_or_default(),
            })
        });
    let (mut kept, mut damaged) = (0, usize::from(!listed));
    for remains in sessions {
        let select =
            format!("SELECT number, at_millis, fact FROM event WHERE session = {} ORDER BY number", remains.id);
        let (rows, mut whole) = readable(&connection, &select, |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
        });
        let mut events = Vec::new();
        for (number, at, fact) in rows {
            // Facts build on each other: after a gap they would say something that was not so.
            let (true, Ok(fact)) = (number == events.len() as i64, serde_json::from_str(&fact)) else {
                whole = false;
                break;
            };
            events.push(Event { at: SessionTime::from_millis(at.max(0) as u64), fact });
        }
        let text = protocols.iter().find(|(number, _)| *number == remains.protocol).map(|(_, text)| text.as_str());
        let Some(protocol) = protocol_of(&remains, text, &events, known) else {
            damaged += 1;
            continue;
        };
        let fitting = events.iter().take_while(|event| check::fact(&protocol, &event.fact).is_ok()).count();
        whole &= fitting == events.len();
        events.truncate(fitting);
        match store.restore(&remains, &protocol, &events) {
            Ok(()) => kept += 1,
            // A row that contradicts another one keeps nothing else out.
            Err(StoreError::Sqlite { error, .. })
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) =>
            {
                whole = false;
            }
            Err(error) => return Err(error),
        }
        damaged += usize::from(!whole);
    }
    Ok((kept, damaged))
}

/// The protocol of a session: as it was kept, or else one of today's that makes the same of the events.
fn protocol_of(
    remains: &Remains,
    text: Option<&str>,
    events: &[Event],
    known: &[Arc<Protocol>],
) -> Option<Arc<Protocol>> {
    super::began::parse(&remains.began).ok()?;
    if let Some(protocol) = text.and_then(|text| rows::protocol(text).ok()) {
        return Some(Arc::new(protocol));
    }
    let digest = rows::digest(remains.digest.as_deref()?).ok()?;
    let record = Record::of(events);
    known.iter().find(|protocol| Digest::of(protocol, &record) == digest).cloned()
}

impl Store {
    /// Writes a session of another file into this one.
    fn restore(&mut self, remains: &Remains, protocol: &Protocol, events: &[Event]) -> Result<(), StoreError> {
        let text = serde_json::to_string(protocol)?;
        let record = Record::of(events);
        let digest = Digest::of(protocol, &record);
        let digest_text = serde_json::to_string(&digest)?;
        let passed_on = Plan { protocol, record: &record }.passed_on();
        // A session that had ended stays closed, even where its last events are gone.
        let is_closed = remains.digest.is_some() || record.ending().is_some();
        let facts = super::as_rows(events)?;
        self.write(|transaction| {
            let Remains { uid, began, note, .. } = remains;
            let session = numbers::add(transaction, Some(uid), began, note, &text)?;
            super::append(transaction, session, 0, &facts)?;
            super::answers::replace(transaction, session, &passed_on)?;
            if is_closed { super::close(transaction, session, &digest, &digest_text) } else { Ok(()) }
        })
    }
}
