//! Sound: cues placed by time in one stream, on a device that may come and go.
//!
//! [`Audio`] only sends messages, so that no caller ever waits for a device. `control` is the thread that takes them: it
//! knows whether a session is open, and what to do when the device is lost. `device` finds and opens the device, each
//! time in a thread of its own, since a sound server that hangs takes half a minute to say so. `engine` is the source of
//! every sample; it runs in the device's own thread, where it begins each cue on the frame that belongs to its time.
//! `shared` is what all of them look at. `tone` renders the notes of the configuration to samples, `file` reads those that
//! stand in for notes.
//!
//! Without the feature `audio` there is nothing but [`Audio`], which then does nothing.

#[cfg(feature = "audio")]
#[cfg_attr(test, expect(clippy::disallowed_methods, reason = "a test needs some moment to begin at"))]
mod clock;
#[cfg(feature = "audio")]
#[expect(clippy::disallowed_methods, reason = "sound is placed, and a device watched, by the clock of its own threads")]
mod control;
#[cfg(feature = "audio")]
#[expect(clippy::disallowed_methods, reason = "sound is placed, and a device watched, by the clock of its own threads")]
mod device;
#[cfg(feature = "audio")]
#[expect(clippy::disallowed_methods, reason = "sound is placed by the clock of the thread that plays it")]
mod engine;
#[cfg(feature = "audio")]
mod file;
#[cfg(feature = "audio")]
mod handle;
#[cfg(feature = "audio")]
mod shared;
#[cfg(not(feature = "audio"))]
mod silent;
#[cfg(feature = "audio")]
mod tone;

#[cfg(feature = "audio")]
pub use file::read;
#[cfg(feature = "audio")]
pub use handle::Audio;
#[cfg(not(feature = "audio"))]
pub use silent::{Audio, read};

/// Whether there is sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// No session is open, and no device is held.
    Off,
    /// The device is being opened.
    Opening,
    /// Cues are heard.
    On {
        /// The name of the device.
        device: String,
    },
    /// There is no sound for now; while the session is open, the device is tried again and again.
    Missing {
        /// Why, in the words of the sound system.
        why: String,
    },
}
