//! Who else is at the folder: locks that programs hold together, and that the system lets go of when one ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::{TRIES, TRY};

/// Held by every program that has the folder open, or by one that puts another file in the place of the sessions, alone.
pub const OPEN: &str = "dorsi.lock";

/// Held by every program in which a session is under way.
pub const TRAINING: &str = "dorsi-training.lock";

/// How often a lock that is not to be had is tried again, each time after [`TRY`]: a program that was just started holds for a
/// moment what the one that started it has open.
const TRIES_OF_LOCK: u32 = 3;

/// A file that is locked, by several programs or by one.
#[derive(Debug, Default)]
pub struct Lock {
    file: Option<File>,
    is_held: bool,
}

impl Lock {
    /// The lock with this name in `folder`, not held yet.
    #[expect(clippy::disallowed_methods, reason = "a lock is a file that is held open")]
    pub fn of(folder: &Path, name: &str) -> Lock {
        Lock { file: File::create(folder.join(name)).ok(), is_held: false }
    }

    /// Holds it beside others, and waits a moment for one that holds it alone; returns whether it is held.
    pub fn share(&mut self) -> bool {
        self.is_held = self.is_held || self.is_had(TRIES, File::try_lock_shared);
        self.is_held
    }

    /// Holds it alone; where others hold it, it is held beside them as before.
    pub fn claim(&mut self) -> bool {
        let was_held = self.is_held;
        self.release();
        self.is_held = self.is_had(TRIES_OF_LOCK, File::try_lock);
        let is_alone = self.is_held;
        if !is_alone && was_held {
            self.share();
        }
        is_alone
    }

    /// Whether this program holds it.
    pub fn is_held(&self) -> bool {
        self.is_held
    }

    /// Lets go of it.
    pub fn release(&mut self) {
        if let Some(file) = self.file.as_ref().filter(|_| self.is_held) {
            // What can't be let go of now is when the program ends.
            let _ = file.unlock();
        }
        self.is_held = false;
    }

    /// Whether other programs hold it. To whom it is `known` is not made to wait.
    pub fn is_taken(&self, known: bool) -> bool {
        let tries = if known { 1 } else { TRIES_OF_LOCK };
        let is_free = self.is_held || self.is_had(tries, File::try_lock);
        if let Some(file) = self.file.as_ref().filter(|_| !self.is_held && is_free) {
            let _ = file.unlock();
        }
        !is_free
    }

    /// Whether it can be had by `take`, after so many tries. Where the file system knows no locks, nobody is known to be there.
    #[expect(clippy::disallowed_methods, reason = "nobody tells when a lock is let go of")]
    fn is_had(&self, tries: u32, take: impl Fn(&File) -> Result<(), TryLockError>) -> bool {
        let Some(file) = &self.file else { return true };
        let is_free = || !matches!(take(file), Err(TryLockError::WouldBlock));
        (1..tries).any(|_| {
            let is_free = is_free();
            if !is_free {
                std::thread::sleep(TRY);
            }
            is_free
        }) || is_free()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_hold_it_together_or_one_alone() {
        let folder = tempfile::tempdir().unwrap();
        let [mut one, mut other, third] = [(); 3].map(|()| Lock::of(folder.path(), OPEN));
        assert!(!third.is_taken(true));
        assert!(one.share() && other.share(), "together");
        assert!(third.is_taken(true) && third.is_taken(false));
        assert!(!one.claim(), "not alone");
        other.release();
        assert!(third.is_taken(true), "it is still held by the one that could not have it alone");
        assert!(one.claim(), "alone");
        assert!(!other.share());
        one.release();
        assert!(other.share());
        assert!(third.is_taken(true));
        drop(other);
        assert!(!third.is_taken(true), "whoever ends lets go of it");
    }

    #[test]
    fn where_no_file_can_be_made_nobody_is_known_to_be_there() {
        let mut lock = Lock::of(Path::new("/nowhere/at/all"), OPEN);
        assert!(!lock.is_taken(false) && lock.share() && lock.claim());
    }
}
