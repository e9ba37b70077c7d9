//! What lies in the place of the store's files, looked at before SQLite opens it.

use std::io;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::limits::Limit;

use super::{FILE, StoreError, lock};

/// The longest text that a row may hold, in bytes: twice the longest line of a file of sessions.
const LONGEST: i32 = 32 << 20;

/// Refuses whatever is no file: opening a pipe would wait without end for somebody at its other one.
///
/// # Errors
/// When something else than a file has the name of one of them.
pub fn look(folder: &Path) -> Result<(), StoreError> {
    let beside = ["-wal", "-shm", "-journal"].map(|end| format!("{FILE}{end}"));
    for name in [FILE, lock::OPEN, lock::TRAINING].into_iter().chain(beside.iter().map(String::as_str)) {
        let path = folder.join(name);
        if !is_file_or_missing(&path) {
            return Err(StoreError::Folder { path, error: io::Error::other("this is no file") });
        }
    }
    Ok(())
}

/// Whether there is a file at `path`, or nothing.
pub fn is_file_or_missing(path: &Path) -> bool {
    path.metadata().map_or(true, |found| found.is_file())
}

/// Has `connection` refuse rows that nobody wrote by training.
///
/// # Errors
/// When SQLite says no.
pub fn limit(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST).map(|_| ())
}
