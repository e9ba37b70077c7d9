//! The sound as it leaves the program, recorded from a private sound server (`tests/rig`).

#![cfg(all(target_os = "linux", feature = "audio"))]
#![expect(clippy::disallowed_methods, reason = "sound is recorded on a real clock")]

mod engine;
mod rig;
#[path = "../pty/tty.rs"]
#[expect(dead_code, reason = "the tests of the terminal need more of it")]
mod tty;
mod whole;
