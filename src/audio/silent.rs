//! What stands in for sound in a program that was built without it.

use std::time::Instant;

use super::Status;
use crate::config::sound::Sound;
use crate::cue::Cue;

/// No sound.
#[derive(Debug)]
pub struct Audio;

impl Audio {
    /// Starts nothing.
    pub fn start(_sounds: &Sound, _on_change: impl Fn() + Send + 'static) -> Audio {
        Audio
    }

    /// Opens nothing.
    pub fn open(&self) {}

    /// Closes nothing.
    pub fn close(&self) {}

    /// Plays nothing.
    pub fn play(&self, _cue: Cue, _at: Instant) {}

    /// Withdraws nothing.
    pub fn silence(&self) {}

    /// Sets nothing.
    pub fn set_volume(&self, _percent: u8) {}

    /// That there is no sound.
    pub fn status(&self) -> Status {
        Status::Missing { why: "built without sound".to_owned() }
    }

    /// Ends nothing.
    pub fn quit(self) {}
}
