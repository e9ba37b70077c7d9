//! What can go wrong with the store, and what it means for whoever asked.

use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};

use super::{schema, transfer};

/// What went wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no place for it.
    #[error("no home folder was found to keep sessions in; give one with --data-dir")]
    NoPlace,
    /// The folder, or the file in it, can't be made or used.
    #[error("{path}: {error}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// The system's word.
        error: std::io::Error,
    },
    /// The file was written by a newer program.
    #[error(
        "{path}: written by a newer dorsi (schema {found}, this one knows {}); please update dorsi",
        schema::VERSION
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
    },
    /// The store can only be read.
    #[error("{0}")]
    ReadOnly(String),
    /// SQLite says no.
    #[error("{path}: {error}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's word.
        error: rusqlite::Error,
    },
    /// The file holds what no dorsi writes.
    #[error("{path}: this is a database, and not one of dorsi")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged, and too large to be rescued.
    #[error("{path}: damaged, and with {megabytes} MB too large to be rescued; put it elsewhere to begin anew")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        megabytes: u64,
    },
    /// Another program holds the file.
    #[error("{path}: another program holds it; what you train is written to it as soon as that lets go")]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The file was replaced meanwhile.
    #[error("{path}: another file is in the place of the one that was opened")]
    Moved {
        /// The file.
        path: PathBuf,
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
    /// Sessions can't be taken out of the store.
    #[error("the sessions can't be exported: {0}")]
    Export(std::io::Error),
    /// A file of sessions can't be used.
    #[error(transparent)]
    Refused(#[from] transfer::Refused),
    /// The session is not what was shown of it.
    #[error("this session has gone on since it was opened; open it again")]
    GoneOn,
    /// The session was removed.
    #[error("this session was removed in another window")]
    Gone,
    /// Another dorsi is in the middle of a session.
    #[error("a session is under way in another window; leave it there first")]
    InUse,
    /// Another dorsi has the file open, or is about to put another in its place.
    #[error("{path}: damaged, or being repaired by dorsi in another window; leave it there, and start again")]
    UnderRepair {
        /// The file.
        path: PathBuf,
    },
}

impl StoreError {
    /// SQLite's word on the file at `path`, or the system's, which tells why, where SQLite only says that it can't open it.
    #[expect(clippy::disallowed_methods, reason = "what the system says of the file of sessions")]
    pub(super) fn of(path: &Path, error: rusqlite::Error) -> StoreError {
        let path = path.to_owned();
        let is_closed = error.sqlite_error_code() == Some(ErrorCode::CannotOpen);
        match is_closed.then(|| std::fs::File::open(&path)) {
            Some(Err(error)) => StoreError::Folder { path, error },
            _ => StoreError::Sqlite { path, error },
        }
    }

    /// Whether another program holds the file.
    pub(super) fn is_busy(&self) -> bool {
        let StoreError::Sqlite { error, .. } = self else { return false };
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// Whether the file itself is broken, rather than out of reach.
    pub fn is_damage(&self) -> bool {
        match self {
            StoreError::Damaged { .. } => true,
            StoreError::Sqlite { error, .. } => {
                // A file that ends in the middle of a page is an input error to SQLite.
                let short =
                    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_IOERR_SHORT_READ);
                let code = error.sqlite_error_code();
                short || matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TooBig))
            }
            _ => false,
        }
    }
}
