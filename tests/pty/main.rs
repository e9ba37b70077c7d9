//! The real program in a real pseudo-terminal.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "a real program is waited for on a real clock")]

mod clocks;
mod commands;
mod config;
mod controls;
mod files;
mod hands;
mod logging;
mod looks;
mod noise;
mod session;
mod store;
mod surroundings;
mod terminal;
mod transfer;
#[expect(dead_code, reason = "the tests of the sound need more of it")]
mod tty;
mod ways_out;
#[path = "../wrong/mod.rs"]
mod wrong;
