//! An edit of the person's files ends a wait, so that it is told of without a key. Where the system does not tell of edits,
//! the next key finds them.
#![cfg_attr(not(any(target_os = "linux", target_os = "android")), allow(dead_code, reason = "nothing is told there"))]

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;

/// Files and folders that are watched.
#[derive(Debug)]
pub struct Watch {
    told: OwnedFd,
    places: Vec<PathBuf>,
}

impl Watch {
    /// Watches `places`, as far as they are there.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn of(places: &[PathBuf]) -> Option<Watch> {
        use rustix::fs::inotify::{CreateFlags, init};
        let told = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
        let watch = Watch { told, places: places.to_owned() };
        watch.look();
        Some(watch)
    }

    /// Here nothing tells of edits.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub fn of(_places: &[PathBuf]) -> Option<Watch> {
        None
    }

    /// What becomes readable with an edit.
    pub fn file(&self) -> BorrowedFd<'_> {
        self.told.as_fd()
    }

    /// Takes note of what was told, whatever it was of. An editor may have put a new file in the place of one.
    pub fn note(&self) {
        let mut told = [0; 4096];
        while rustix::io::read(&self.told, &mut told).is_ok_and(|count| count > 0) {}
        self.look();
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn look(&self) {
        use rustix::fs::inotify::{WatchFlags, add_watch};
        // Of a file that was replaced, its number of names changes.
        let edits =
            WatchFlags::CLOSE_WRITE | WatchFlags::ATTRIB | WatchFlags::MOVE | WatchFlags::CREATE | WatchFlags::DELETE;
        for place in &self.places {
            // What is not there can't be watched; the next key finds it.
            let _ = add_watch(&self.told, place.as_path(), edits);
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn look(&self) {}
}
