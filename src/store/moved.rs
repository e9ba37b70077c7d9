//! A file that is taken away, or replaced by another, while sessions are written to it.
//!
//! SQLite goes on writing to a file that nobody will find again. So each write looks whether the file is still in its place;
//! where not, what is under way goes on in the one that is there now.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Transaction, TransactionBehavior};

use super::transfer::Carried;
use super::writing::Writing;
use super::{Imported, Store, StoreError};

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    number: u64,
}

impl Identity {
    /// That of no file.
    pub const ELSEWHERE: Identity = Identity { device: 0, number: 0 };

    /// That of the file at `path`; `None` where there is none, or the system does not tell.
    #[cfg(unix)]
    pub fn of(path: &Path) -> Option<Identity> {
        use std::os::unix::fs::MetadataExt;
        let found = path.metadata().ok()?;
        Some(Identity { device: found.dev(), number: found.ino() })
    }

    /// Here the system does not tell, and keeps files that are open in their places.
    #[cfg(not(unix))]
    pub fn of(_path: &Path) -> Option<Identity> {
        None
    }
}

impl Store {
    /// Whether the file that is written to is no longer the one in its place.
    pub(super) fn has_moved(&self) -> bool {
        self.opened.is_some() && self.opened != Identity::of(&self.path)
    }

    /// Has sessions that are being written go on in the file that is in the place now, which is made where there is none.
    /// What of them is in the file that was there goes before it; sessions that were over went away with that.
    ///
    /// # Errors
    /// When the one file can't be read, or the other not be written to. Nothing has changed then.
    pub(super) fn follow(&mut self) -> Result<(), StoreError> {
        let folder = self.path.parent().unwrap_or(Path::new(".")).to_owned();
        let mut protocols = HashMap::new();
        let mut carried = Vec::new();
        for id in self.under_way() {
            let session = self.carried(id, &mut protocols)?;
            if !session.closed || self.is_unsaved(id) {
                carried.push((id, session));
            }
        }
        let next = Store::open(&folder)?;
        let numbers = next.take_over(carried)?;
        log::warn!("store: the file was replaced; what is under way goes on in the one that is in its place");
        let goes_on = |writing: Writing| writing.renumbered(&numbers);
        let writing = self.writing.take().and_then(goes_on);
        let unsaved = std::mem::take(&mut self.unsaved).into_iter().filter_map(goes_on).collect();
        let is_training = self.training.is_held();
        *self = Store { writing, unsaved, ..next };
        if is_training {
            self.training.share();
        }
        Ok(())
    }

    /// Takes sessions of another file over, all or none of them: the number of each here, by its number there.
    fn take_over(&self, sessions: Vec<(i64, Carried)>) -> Result<HashMap<i64, i64>, StoreError> {
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate);
        let transaction = transaction.map_err(|error| self.sqlite(error))?;
        let (mut protocols, mut imported) = (HashMap::new(), Imported::default());
        let mut numbers = HashMap::new();
        for (there, session) in sessions {
            let uid = session.uid.clone();
            self.take_in(&transaction, session, &mut protocols, &mut imported)?;
            let here = transaction.query_row("SELECT id FROM session WHERE uid = ?1", [uid], |row| row.get(0));
            numbers.insert(there, here.map_err(|error| self.sqlite(error))?);
        }
        // One that went on differently in the other file can't go on in it.
        if !imported.kept.is_empty() {
            return Err(StoreError::Moved { path: self.path.clone() });
        }
        transaction.commit().map_err(|error| self.sqlite(error))?;
        Ok(numbers)
    }
}
