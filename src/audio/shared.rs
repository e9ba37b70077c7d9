//! What every thread of the sound and the program look at.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Status;

/// What the program and the threads of the sound both see.
#[derive(Debug)]
pub struct Shared {
    status: Mutex<Status>,
    volume: AtomicU8,
}

impl Shared {
    /// No device, full volume.
    pub fn new() -> Shared {
        Shared { status: Mutex::new(Status::Off), volume: AtomicU8::new(100) }
    }

    /// Whether there is sound.
    pub fn status(&self) -> Status {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether `status` differs from the one before.
    pub fn set_status(&self, status: Status) -> bool {
        let mut current = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = *current != status;
        *current = status;
        changed
    }

    /// Sets the overall volume in percent.
    pub fn set_percent(&self, percent: u8) {
        self.volume.store(percent.min(100), Ordering::Relaxed);
    }

    /// The overall volume as a factor: squared, so that equal steps in percent are heard as roughly equal steps.
    pub fn gain(&self) -> f32 {
        let part = f32::from(self.volume.load(Ordering::Relaxed)) / 100.0;
        part * part
    }
}
