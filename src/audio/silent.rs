//! What stands in for sound in a program that was built without it.

use std::time::Instant;

use super::Status;
use crate::config::sound::{Recording, Sound};
use crate::cue::Cue;
use crate::protocol::Side;

/// Reads nothing: no sound will be heard.
///
/// # Errors
/// Never.
pub fn read(_path: &std::path::Path) -> Result<Recording, String> {
    Ok(Recording::silence())
}

/// No sound.
#[derive(Debug)]
pub struct Audio;

impl Audio {
    /// Starts nothing.
    pub fn start(_sounds: &Sound, _stereo: bool, _on_change: impl Fn() + Send + 'static) -> Audio {
        Audio
    }

    /// Opens nothing.
    pub fn open(&self) {}

    /// Closes nothing.
    pub fn close(&self) {}

    /// Plays nothing.
    pub fn play(&self, _cue: Cue, _side: Option<Side>, _at: Instant) {}

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
