//! The real program in a real pseudo-terminal.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "a real program is waited for on a real clock")]

mod config;
mod controls;
mod files;
mod hands;
mod logging;
mod looks;
mod session;
mod store;
mod terminal;
mod transfer;
#[expect(dead_code, reason = "the tests of the sound need more of it")]
mod tty;
#[path = "../wrong/mod.rs"]
mod wrong;
